/* compiler/compile.h
 * The entry to the compiler: Erlang source, a syntax tree or an expression to a Module.
 *
 * Every function returns a complete module (digest set, ready to be written or loaded), or NULL
 * when `diagnostics` holds an error; warnings may be added in either case. The module is the
 * caller's (module_destroy) and needs nothing of what it was made from. Any thread may call; none
 * of it needs a scheduler or a process. Input of any size and depth is safe. */
#ifndef MUSTER_COMPILER_COMPILE_H
#define MUSTER_COMPILER_COMPILE_H

#include "compiler/bytecode/module.h"
#include "compiler/erl/diagnostic.h"
#include "compiler/erl/parse.h"

typedef struct CompileOptions {
    const char *path; /* the file; with `text`, the name that stands for it */
    const char *text; /* NULL: the file is read */
    size_t text_bytes;
    const ErlParseOptions *parse; /* NULL: defaults */
    const char *source;           /* for module_info(compile); NULL: not told */
    /* As compile:file/2 has them; a list Term, or 0: none. export_all counts here; the rest is for
     * the checks. */
    Term options;
    Term info_options;     /* those that module_info(compile) tells; likewise */
    Term more_info;        /* what it tells besides; likewise */
    bool is_deterministic; /* it tells neither options nor source */
    bool has_no_checks;    /* the tree was checked before, or is to be taken as it is */
    /* Called with the tree before it is checked: parse transforms. It may return another tree and
     * destroy the one given, or return NULL with an error added. NULL: none. */
    ErlUnit *(*transform)(void *context, ErlUnit *unit, Diagnostics *diagnostics);
    /* Callbacks of a behaviour: see LintOptions. */
    Term (*behaviour_info)(void *context, Term module, Term *optional);
    void *context;
    /* An escript or expression: the module's name where the text has no -module. TERM_NONE or 0:
     * that is an error. */
    Term default_name;
} CompileOptions;

Module *compile_source(const CompileOptions *options, Diagnostics *diagnostics);
/* The tree stays the caller's. `options` may be NULL; its path and text are not used. */
Module *compile_unit(ErlUnit *unit, const CompileOptions *options, Diagnostics *diagnostics);
/* `Expr, Expr …`: a module of that name that exports run/0, whose value is the last one's. `name`
 * is what messages call the text. */
Module *compile_expression(Term module_name, const char *name, const char *text, size_t text_bytes,
                           Diagnostics *diagnostics);

#endif
