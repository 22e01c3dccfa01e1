/* tests/c/jit/plain/cmocka.h
 * What the tests of native code use of cmocka, for processors for which it is not installed: the
 * programs run under an emulator (make check-arm64). The first failure ends the program. */
#ifndef MUSTER_TESTS_PLAIN_CMOCKA_H
#define MUSTER_TESTS_PLAIN_CMOCKA_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct CMUnitTest {
    const char *name;
    void (*test)(void **state);
    void *setup, *teardown, *initial;
};

#define fail() (printf("%s:%d: failed\n", __FILE__, __LINE__), exit(1))
#define assert_true(condition) ((condition) ? (void) 0 : fail())
#define assert_false(condition) assert_true(!(condition))
#define assert_int_equal(a, b) assert_true((unsigned long long) (a) == (unsigned long long) (b))
#define assert_ptr_equal(a, b) assert_true((const void *) (a) == (const void *) (b))
#define assert_null(a) assert_true((a) == NULL)
#define assert_non_null(a) assert_true((a) != NULL)
#define assert_string_equal(a, b) assert_true(strcmp((a), (b)) == 0)
#define assert_memory_equal(a, b, size) assert_true(memcmp((a), (b), (size)) == 0)

static inline int _cmocka_run_group_tests(const char *name, const struct CMUnitTest tests[],
                                          size_t count, void *setup, void *teardown)
{
    (void) setup;
    (void) teardown;
    for (size_t i = 0; i < count; i++) {
        printf("[ RUN      ] %s\n", tests[i].name);
        fflush(stdout);
        tests[i].test(NULL);
        printf("[       OK ] %s\n", tests[i].name);
    }
    printf("[  PASSED  ] %zu test(s) of %s.\n", count, name);
    return 0;
}

#endif
