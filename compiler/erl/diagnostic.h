/* compiler/erl/diagnostic.h
 * Errors and warnings about source text, collected over a whole compilation and reported together,
 * in the words and the layout of erlc. */
#ifndef MUSTER_COMPILER_ERL_DIAGNOSTIC_H
#define MUSTER_COMPILER_ERL_DIAGNOSTIC_H

#include "compiler/erl/ast.h"
#include "runtime/term/print.h"

typedef enum Severity { SEVERITY_WARNING, SEVERITY_ERROR } Severity;

typedef struct Diagnostic {
    Severity severity;
    const char *file;      /* name as erlc prints it */
    uint32_t line, column; /* 0: none */
    const char *text;      /* UTF-8, without position or newline; may have several lines */
    /* What OTP's error tuple {Location, Module, Descriptor} holds, where there is one: an atom and
     * a term of the unit's Space (so valid while the unit is); else both TERM_NONE. */
    Term module, descriptor;
    /* From scanner, preprocessor or parser: stands before what the checks found. */
    bool is_from_reading;
    uint32_t order, file_order; /* of arrival; the sort's own */
} Diagnostic;

/* Zero-initialise, or diagnostics_init; texts and file names are copied in. */
typedef struct Diagnostics {
    Arena arena;
    Diagnostic *items;
    uint32_t count, capacity;
    uint32_t error_count, warning_count;
} Diagnostics;

void diagnostics_init(Diagnostics *diagnostics);
void diagnostics_finish(Diagnostics *diagnostics);

/* Adds one; `text` is printf-like. The result may be completed (module, descriptor) at once. */
Diagnostic *diagnostic_add(Diagnostics *diagnostics, Severity severity, const char *file,
                           uint32_t line, uint32_t column, const char *format, ...)
    PRINTF_LIKE(6, 7);
/* The same with a position of a unit. */
Diagnostic *diagnostic_at(Diagnostics *diagnostics, Severity severity, const ErlUnit *unit,
                          Location at, const char *format, ...) PRINTF_LIKE(5, 6);

/* As erlc reports: errors before warnings; among errors, those from reading the text first, as they
 * came; the rest by file (in order of first arrival), line, column; at one place errors as they
 * came, warnings by text. Equal ones (same place, text and severity) are kept once. */
void diagnostics_sort(Diagnostics *diagnostics);
/* All of them, sorted, as erlc prints them:
 *
 *   file.erl:3:5: syntax error before: ')'
 *   %    3| foo(
 *   %     |     ^
 *   (an empty line)
 *
 * and `Warning: ` before the text of warnings. The source lines come from the files as named;
 * where a file cannot be read (or `source` is given for `source_name`: text that is no file), that
 * text is used, or the excerpt is left out. Appends to `out`. */
void diagnostics_print(Diagnostics *diagnostics, const char *source_name, const char *source,
                       size_t source_size_bytes, Text *out);

#endif
