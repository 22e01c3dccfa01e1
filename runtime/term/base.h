/* runtime/term/base.h
 * What every file needs: fixed-size integers, assertions, and hints to the compiler.
 *
 * ASSERT states what only a bug could break and is compiled out of release builds. CHECK stays on
 * and is for rare paths. Both end the machine with file, line and the failed condition: they are
 * for bugs of Muster, never for mistakes of an Erlang program or bad input. */
#ifndef MUSTER_TERM_BASE_H
#define MUSTER_TERM_BASE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define LIKELY(condition) __builtin_expect(!!(condition), 1)
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#define NORETURN __attribute__((noreturn))
#define COLD __attribute__((cold, noinline))
#define PRINTF_LIKE(at, first) __attribute__((format(printf, at, first)))
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Prints `muster: internal error: FILE:LINE: CONDITION` to stderr and aborts. A hook (below) may
 * add what the machine knows, such as the last events of each scheduler. */
NORETURN COLD void check_failed(const char *file, int line, const char *condition);

/* Called once by check_failed before it aborts. NULL: none. Set at start, by one thread. */
extern void (*check_failed_hook)(void);

/* The machine cannot go on, through no bug: no memory for a control structure, say. Prints
 * `muster: MESSAGE` to stderr and exits with status 1. */
NORETURN COLD void machine_stop(const char *format, ...) PRINTF_LIKE(1, 2);

#define CHECK(condition) \
    (LIKELY(condition) ? (void) 0 : check_failed(__FILE__, __LINE__, #condition))
#ifdef MUSTER_ASSERTS
#define ASSERT(condition) CHECK(condition)
#else
#define ASSERT(condition) ((void) sizeof(!(condition)))
#endif

#endif
