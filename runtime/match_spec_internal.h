/* runtime/match_spec_internal.h
 * Private to match_spec*.c: the compiled form.
 *
 * A head is a program in preorder. Its machine has a stack of terms still to be looked at; each
 * instruction pops one and pushes what is inside it, so that depth is no matter. */
#ifndef MUSTER_RUNTIME_MATCH_SPEC_INTERNAL_H
#define MUSTER_RUNTIME_MATCH_SPEC_INTERNAL_H

#include "runtime/bif_data.h"
#include "runtime/match_spec.h"

typedef enum HeadOp {
    HEAD_ANY,
    HEAD_BIND,  /* n: slot */
    HEAD_SAME,  /* n: slot, already bound */
    HEAD_CONST, /* term */
    HEAD_TUPLE, /* n: arity */
    HEAD_CONS,
    HEAD_MAP, /* n: keys; term: the pattern, whose keys in order of the walk are looked up */
} HeadOp;

typedef struct HeadStep {
    HeadOp op;
    uint32_t n;
    uint32_t size; /* steps of the whole subpattern, this one included */
    bool constant; /* the whole subpattern is */
    Term term;     /* the subpattern */
} HeadStep;

typedef enum ExprKind {
    EXPR_CONST,
    EXPR_SLOT,
    EXPR_OBJECT,    /* '$_' */
    EXPR_VARIABLES, /* '$$' */
    EXPR_TUPLE,
    EXPR_CONS,
    EXPR_MAP, /* arguments: key, value … */
    EXPR_CALL,
    EXPR_ACTION, /* which: a small integer in `term` */
    EXPR_AND,
    EXPR_OR,
    EXPR_ANDALSO,
    EXPR_ORELSE,
} ExprKind;

typedef struct Expr {
    ExprKind kind;
    uint32_t count; /* arguments, or the slot */
    uint32_t first; /* index of the first argument in spec->arguments */
    Term term;      /* a constant; for calls the name */
    BifFunction function;
} Expr;

typedef struct Clause {
    HeadStep *head;
    size_t head_count;
    uint32_t *guards, *body; /* indices of expressions */
    size_t guard_count, body_count;
    uint32_t slot_count;
    uint32_t *slots; /* variable numbers, by slot */
} Clause;

struct MatchSpec {
    Magic magic; /* first */
    ArenaSpace *arena;
    Term term;
    Clause *clauses;
    size_t clause_count;
    Expr *exprs;
    size_t expr_count, expr_capacity;
    uint32_t *arguments;
    size_t argument_count, argument_capacity;
    size_t most_slots, most_stack; /* that a run needs */
    bool may_act;                  /* what is being compiled is the body of a trace's */
    bool is_trace;
};

/* N of '$N'; false: not such an atom. */
bool match_variable(Term t, uint32_t *number);

#endif
