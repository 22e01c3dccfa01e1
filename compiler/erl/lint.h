/* compiler/erl/lint.h
 * The checks and warnings of erlc on a syntax tree: what OTP's erl_lint says (in its words, at its
 * places), and, when there is no error, what OTP's later passes say of code that cannot do what it
 * seems to: clauses that cannot match, terms built for nothing, calls that must fail.
 *
 * Records, macros and the like need not have been expanded; nothing is changed. Any thread may call
 * it; it needs no scheduler and runs on a deep stack of its own (ast_run_deep). */
#ifndef MUSTER_COMPILER_ERL_LINT_H
#define MUSTER_COMPILER_ERL_LINT_H

#include "compiler/erl/ast.h"
#include "compiler/erl/diagnostic.h"

typedef struct LintOptions {
    bool has_no_later_passes; /* only what erl_lint says */
    bool module_is_given;     /* the text need not say -module: an escript */
    /* As given to compile:file/2: {nowarn_unused_function, …}, warn_export_vars, nowarn_…; what is
     * not about checks is passed over. -compile attributes come after these. 0 or nil: none. */
    Term compile_options;
    /* The callbacks of a behaviour module: a list of {Name, Arity}, and in `*optional` those that
     * may be missing; TERM_NONE when there is no such module. Asked for behaviours that are not
     * OTP's own. NULL: none is known. */
    Term (*behaviour_info)(void *context, Term module, Term *optional);
    void *context;
} LintOptions;

/* The text of a descriptor of module erl_lint or sys_core_fold, appended; false: it is none of
 * those that the checks make. */
bool lint_message_text(Term descriptor, Text *out);

/* Are the callbacks of that behaviour known without asking its module? */
bool lint_knows_behaviour(Term module);

/* Is it a built-in function that is called without its module? One that a guard may call? */
bool name_is_bif(Term name, uint32_t arity);
bool name_is_guard_bif(Term name, uint32_t arity);

/* Adds errors and warnings to `diagnostics`. `options` may be NULL. */
void erl_lint(ErlUnit *unit, const LintOptions *options, Diagnostics *diagnostics);

#endif
