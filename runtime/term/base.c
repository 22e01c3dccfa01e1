/* runtime/term/base.c
 * How the machine ends when it must: a failed CHECK (a bug) aborts, so that a debugger or a core
 * file shows where; a lack of resources exits with a message and status 1. */
#include "runtime/term/base.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void (*check_failed_hook)(void);

void check_failed(const char *file, int line, const char *condition)
{
    /* The hook may fail a CHECK itself; only the first one counts. */
    static void (*volatile hook)(void);
    static volatile int depth;

    fflush(stdout);
    fprintf(stderr, "muster: internal error: %s:%d: %s\n", file, line, condition);
    fflush(stderr);
    hook = check_failed_hook;
    if (hook != NULL && depth++ == 0) {
        hook();
    }
    abort();
}

void machine_stop(const char *format, ...)
{
    va_list arguments;
    fflush(stdout);
    fputs("muster: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    fflush(stderr);
    /* Not exit: other threads run, and handlers at exit would race with them. */
    _Exit(1);
}
