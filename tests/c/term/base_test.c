/* tests/c/term/base_test.c
 * How the machine ends when it must, seen from outside; and the promises of memory blocks. */
#include "runtime/term/base.h"

#include "runtime/term/mem.h"
#include "tests/c/test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs `end` in a process of its own; returns its status, and what it wrote to stderr. */
static int run_apart(void (*end)(void), char *text, size_t size)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        signal(SIGABRT, SIG_DFL);
        end();
        _exit(0);
    }
    close(ends[1]);
    size_t used = 0;
    ssize_t count;
    while ((count = read(ends[0], text + used, size - 1 - used)) > 0) {
        used += (size_t) count;
    }
    text[used] = 0;
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    return status;
}

static void hook_that_fails(void)
{
    fprintf(stderr, "last words\n");
    CHECK(1 == 2);
}

static void fail_a_check(void)
{
    check_failed_hook = hook_that_fails;
    CHECK(2 + 2 == 5);
}

TEST(a_failed_check_says_where_and_aborts)
{
    char text[1024];
    int status = run_apart(fail_a_check, text, sizeof text);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
    assert_non_null(strstr(text, "muster: internal error: tests/c/term/base_test.c:"));
    assert_non_null(strstr(text, "2 + 2 == 5"));
    assert_non_null(strstr(text, "last words"));
    assert_non_null(strstr(text, "1 == 2")); /* the hook's own failure does not call it again */
}

static void stop_the_machine(void)
{
    machine_stop("no room for %d things", 3);
}

TEST(a_machine_that_stops_says_why_and_exits)
{
    char text[1024];
    int status = run_apart(stop_the_machine, text, sizeof text);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 1);
    assert_string_equal(text, "muster: no room for 3 things\n");
}

static void ask_for_too_much(void)
{
    mem_alloc((size_t) 1 << 47);
}

TEST(a_small_need_that_cannot_be_met_stops_the_machine)
{
    char text[1024];
    int status = run_apart(ask_for_too_much, text, sizeof text);
    assert_int_equal(WEXITSTATUS(status), 1);
    assert_non_null(strstr(text, "out of memory"));
}

TEST(blocks_are_aligned_and_limited)
{
    for (size_t size = 0; size < 200; size++) {
        uint8_t *block = mem_alloc(size);
        assert_int_equal((uintptr_t) block % 16, 0);
        memset(block, 1, size);
        block = mem_realloc(block, 2 * size);
        assert_int_equal((uintptr_t) block % 16, 0);
        mem_free_sized(block, 2 * size);
        block = mem_alloc_zero(size);
        for (size_t i = 0; i < size; i++) {
            assert_int_equal(block[i], 0);
        }
        mem_free(block);
    }
    mem_free(NULL);
    mem_free_sized(NULL, 5);
    assert_null(mem_try_alloc(((size_t) 1 << 46) + 1));
    void *block = mem_try_alloc(100);
    assert_null(mem_try_realloc(block, SIZE_MAX));
    mem_free(block);
    char *copy = mem_copy_string("text");
    assert_string_equal(copy, "text");
    mem_free(copy);
}
