/* tests/c/test.h
 * TEST(name_that_is_a_sentence) { … } defines a test and adds it to the program's list, so that a
 * test is added in one place. One test file is one program; this header gives it its main. */
#ifndef MUSTER_TESTS_TEST_H
#define MUSTER_TESTS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { TESTS_MAX = 512 };
static struct CMUnitTest test_list[TESTS_MAX];
static size_t test_count;

#define TEST(name) \
    static void name(void **state); \
    __attribute__((constructor)) static void name##_register(void) \
    { \
        test_list[test_count++] = (struct CMUnitTest){#name, name, NULL, NULL, NULL}; \
    } \
    static void name(void **state)

int main(void)
{
    return _cmocka_run_group_tests(__FILE__, test_list, test_count, NULL, NULL) == 0 ? 0 : 1;
}

/* ThreadSanitizer remembers at most 65,535 calls within each other. */
static inline void skip_where_recursion_is_bounded(void)
{
#ifdef __SANITIZE_THREAD__
    skip();
#endif
}

/* A small generator, so that a failure can be had again: every run is the same. */
static inline uint64_t test_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

#endif
