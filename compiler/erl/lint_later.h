/* compiler/erl/lint_later.h
 * What the files share that say what erlc's later passes say.
 *
 *   lint_later.c    the walk, and values that nobody takes
 *   lint_clauses.c  clauses that cannot match      lint_failure.c  what must fail
 *   lint_constant.c constants, and guards on them */
#ifndef MUSTER_COMPILER_ERL_LINT_LATER_H
#define MUSTER_COMPILER_ERL_LINT_LATER_H

#include "compiler/erl/lint_internal.h"

typedef enum Truth { NEVER, MAYBE, ALWAYS } Truth;

/* What is written out in full; TERM_NONE: something has to be evaluated, or it is too large. */
Term lint_constant(Linter *linter, const Node *node);
bool lint_is_boolean(Term t);
/* Of a clause's guards; none: ALWAYS. */
Truth lint_guard_truth(Linter *linter, const Clause *clause);

/* Does the pattern match what the expression makes, as far as their forms show it? */
Truth lint_matches(Linter *linter, const Node *pattern, const Node *value);

typedef struct ClauseContext {
    const Form *function; /* NULL: not of a function */
    const Node *value;    /* what is matched, where it is written; else NULL */
    Location at;          /* of the whole */
    bool may_fall_through;
} ClauseContext;

/* Tells of each that cannot match, and when none can. */
void lint_check_clauses(Linter *linter, ClauseList clauses, ClauseContext context);

/* The module and name of a call, where they are known: a built-in function's module is erlang. */
bool lint_called_function(const Linter *linter, const Node *call, Term *module, Term *name);
/* These tell of what must fail. */
void lint_check_operator(Linter *linter, const Node *node);
void lint_check_call(Linter *linter, const Node *node);
/* A field of a binary that is made; true: it was said that it cannot be. */
bool lint_check_field(Linter *linter, const Node *node, const Node *field);

#endif
