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
    static volatile bool failing; /* the hook may fail a CHECK itself: it is called once */

    fflush(stdout);
    fprintf(stderr, "muster: internal error: %s:%d: %s\n", file, line, condition);
    fflush(stderr);
    if (check_failed_hook != NULL && !failing) {
        failing = true;
        check_failed_hook();
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
