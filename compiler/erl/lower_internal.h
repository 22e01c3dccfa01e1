/* compiler/erl/lower_internal.h
 * What the files of the lowering share.
 *
 * Scopes. A variable of Erlang is bound once on each path, and may be used after the construct in
 * whose branches it was bound. Core wants such variables declared by a CORE_BODY around. So each
 * binding remembers the Scope it was made in; a use that finds that scope closed declares the
 * variable in the body of the nearest scope still open (scope_use). A branch of a case, a body and
 * the operands of an expression each are a scope. */
#ifndef MUSTER_COMPILER_ERL_LOWER_INTERNAL_H
#define MUSTER_COMPILER_ERL_LOWER_INTERNAL_H

#include "compiler/erl/lower.h"

typedef struct Scope {
    struct Scope *parent;
    Core *body; /* CORE_BODY that can hold declared variables, or NULL */
    bool is_closed;
} Scope;

typedef struct Binding { /* of a variable id */
    CoreVar *var;        /* NULL: unbound */
    CoreFunction *named; /* the name of this named fun, inside it (var is then not NULL) */
    Scope *scope;
    uint32_t stamp; /* when it was bound */
    bool is_unsafe; /* by some alternatives only: another operand may bind it anew */
} Binding;

typedef struct BindingChange {
    uint32_t id;
    Binding before;
} BindingChange;

typedef struct BoundInside { /* by an alternative */
    uint32_t id, alternative;
    Binding binding;
} BoundInside;

typedef struct Declaration {
    CoreVar *var;
    Scope *scope;
    struct Declaration *next, *of_same; /* of the clause; of the variable */
} Declaration;

typedef struct NameEntry { /* a function name in scope */
    Term name;
    uint32_t arity;
    CoreFunction *function; /* defined here */
    Term imported_from;     /* else: by -import, or TERM_NONE */
    bool is_not_auto_imported;
} NameEntry;

typedef struct NameTable {
    NameEntry *entries; /* open addressing; name 0: free */
    uint32_t count, capacity;
} NameTable;

/* The operands of one expression: what those to the left of the one at hand have bound, by stamp.
 * Funs in that one do not see it, as in OTP: a variable of that name is a new one there. */
typedef struct Siblings {
    uint32_t from, to;
} Siblings;

typedef struct Lower {
    ErlUnit *unit;
    Module *module;
    Diagnostics *diagnostics;
    Arena *arena;
    CoreModule *core;
    uint32_t *files; /* module file by unit file */
    Form **records;  /* open addressing by name */
    uint32_t record_capacity;
    NameTable names;
    bool no_auto_import;                            /* of anything */
    bool record_tests_are_settled, no_record_tests; /* when a field is read */
    uint32_t error_count;

    /* of the function at hand */
    CoreFunction *top, *function;
    uint32_t name_count;   /* numbers of funs and comprehensions, as erlc's */
    uint32_t lifted_count; /* numbers of lifted comprehensions and named funs */
    Binding *bindings;     /* by variable id */
    Binding *known;        /* CoreVar last made for the id */
    struct Tally {
        uint32_t count, latest;
    } * tallies; /* by variable id: in how many alternatives it was bound */
    uint32_t binding_count;
    BindingChange *trail;
    uint32_t trail_count, trail_capacity;
    BindingChange *known_trail;
    uint32_t known_count, known_capacity;
    uint32_t stamp;
    uint32_t clause_stamp; /* bindings from here on belong to the clause at hand */
    uint32_t fresh_stamp;  /* in the head of a fun or generator: older bindings are shadowed */
    uint32_t binary_stamp; /* in a binary pattern: where it begins */
    uint32_t hidden_from, hidden_to; /* bindings of a head that its keys and sizes do not see */
    Siblings *siblings;              /* of the expressions around, outermost first */
    uint32_t sibling_count, sibling_capacity;
    uint32_t sibling_hidden; /* so many of them stand around the function at hand */
    Scope *scope;
    Declaration *declarations;
    bool in_guard;
    bool in_pattern;
    bool is_forward;    /* operands from left to right: one binds what another uses */
    bool needs_forward; /* and that was seen too late: once more, from the start */
} Lower;

static inline CoreAt lower_at(const Lower *l, Location at)
{
    return (CoreAt){at.line, l->files[at.file]};
}
COLD void lower_error(Lower *l, Location at, const char *format, ...) PRINTF_LIKE(3, 4);

/* ---- names (lower.c) ---- */
NameEntry *known_name(const Lower *l, Term name, uint32_t arity); /* or NULL */
Form *record_find(const Lower *l, Term name);                     /* or NULL */

/* ---- scopes (lower_scope.c) ---- */
Scope *scope_open(Lower *l, Core *body);
void scope_close(Lower *l, Scope *scope);
/* The variable for a use of `id`, in the function at hand; NULL: unbound. */
CoreVar *scope_use(Lower *l, uint32_t id);
bool scope_is_bound(const Lower *l, uint32_t id);
CoreVar *scope_bind(Lower *l, uint32_t id);
/* The binding counts as made now: what hides older ones lets it be seen. */
void scope_touch(Lower *l, uint32_t id);
CoreVar *scope_temporary(Lower *l);
/* Around operands that are lowered from left to right, and before each but the first of them. */
void siblings_start(Lower *l);
void siblings_next(Lower *l);
void siblings_end(Lower *l);
/* The named fun that `id` names here, or NULL. */
CoreFunction *scope_named(const Lower *l, uint32_t id);
void scope_bind_name(Lower *l, uint32_t id, CoreFunction *function);
uint32_t scope_mark(Lower *l);
/* Forgets the bindings since `mark`. */
void scope_undo(Lower *l, uint32_t mark);
/* Alternatives: after each, undone but kept in mind; after all, what any bound is bound. */
typedef struct Alternatives {
    uint32_t mark, alternative_count;
    BoundInside *bound;
    uint32_t count, capacity;
} Alternatives;
void alternatives_start(Lower *l, Alternatives *alternatives);
void alternatives_next(Lower *l, Alternatives *alternatives);
void alternatives_end(Lower *l, Alternatives *alternatives);
void scope_declare_all(Lower *l); /* at the end of a top-level clause */

/* A function inside the one at hand: what it binds is forgotten at its end. */
typedef struct Inner {
    CoreFunction *outer;
    uint32_t mark, known_mark, clause_stamp, sibling_hidden;
    Scope *scope;
    bool in_guard;
} Inner;
CoreFunction *inner_start(Lower *l, Inner *inner, uint32_t arity);
void inner_end(Lower *l, Inner *inner);
/* Around the patterns of a head, whose variables are new whatever is bound outside. */
void head_start(Lower *l);
void head_end(Lower *l);
/* "-f/1-fun-0-" and its kin. */
Term fun_name(Lower *l, const char *kind, uint32_t number);

/* ---- expressions (lower_expr.c) ---- */
/* Whether anybody asks for the value of an expression: where nobody does, a list comprehension
 * makes no list and loops without a stack. */
typedef enum Want { WANT_VALUE, WANT_NO_VALUE } Want;
Core *lower_expr(Lower *l, const Node *node); /* where it stands bindings are seen later */
Core *lower_as(Lower *l, const Node *node, Want want);
/* An operand: what it binds lives in a scope of its own. */
Core *lower_operand(Lower *l, const Node *node);
Core *lower_body(Lower *l, NodeList nodes); /* a CORE_BODY with a scope of its own */
Core *lower_body_as(Lower *l, NodeList nodes, Want want);
/* As lower_body_as, in a scope that is open; `body` is its. */
void lower_statements(Lower *l, Core *body, NodeList nodes, Want want);
Core *lower_guard(Lower *l, const NodeList guards[], uint32_t count); /* NULL: none */
Core *lower_guard_expr(Lower *l, const Node *node);
bool is_guard_expr(const Lower *l, const Node *node);
Core **lower_operands(Lower *l, NodeList nodes);
/* A value inside a pattern: a bound variable, a key, a size. */
Core *lower_in_pattern(Lower *l, const Node *node);
/* Two operands, the first of which is evaluated first; `first` or `second` may be NULL. */
void lower_two(Lower *l, const Node *first, const Node *second, Core **first_out,
               Core **second_out);
Core *lower_match(Lower *l, const Node *node); /* MATCH where a statement stands */
/* Evaluated once, into a statement of `body` (which has room for it): for a value that is used
 * later than it stands, or more than once. */
Core *lower_keep(Lower *l, Core *body, Core *value);
Core *literal_atom(Lower *l, CoreAt at, Term atom);
Core *lower_boolean_guard_case(Lower *l, CoreAt at, Core *guard, Core *yes, Core *no);

/* ---- the rest ---- */
Core *lower_call(Lower *l, const Node *node);
Core *lower_fun(Lower *l, const Node *node);
Core *lower_fun_local(Lower *l, const Node *node);
Core *lower_fun_remote(Lower *l, const Node *node);
Core *lower_operator(Lower *l, const Node *node);
/* op(a, b) by name, where erlang has that operator: for erlang:'+'(A, B). NULL: it is none. */
Core *operator_call(Lower *l, CoreAt at, Term name, Core **args, uint32_t count);
Core *lower_comprehension(Lower *l, const Node *node,
                          Want want); /* for lists only without a value */
/* [E || …] ++ more */
Core *lower_comprehension_onto(Lower *l, const Node *node, Core *more);
Core *lower_record(Lower *l, const Node *node);
Core *lower_record_access(Lower *l, const Node *node);
Core *lower_record_test(Lower *l, CoreAt at, Core *expr, const Node *name, const Node *arity);
Core *lower_binary(Lower *l, const Node *node);

CorePattern *lower_pattern(Lower *l, const Node *node);
CorePattern *lower_binary_pattern(Lower *l, const Node *node);
CorePattern *lower_record_pattern(Lower *l, const Node *node);
/* Clauses of a case and its like: alternatives, each a scope. `patterns` as the clause has. */
CoreClause **lower_clauses(Lower *l, ClauseList clauses, Want want);
/* One clause in the scopes at hand; bindings stay. */
CoreClause *lower_clause(Lower *l, const Clause *clause, Want want);

/* A constant expression as a pattern or size has it; TERM_NONE: it is none. */
Term fold_constant(Lower *l, const Node *node);
/* The result of an operator on two literals; TERM_NONE: leave it to the program. */
Term fold_operator(Lower *l, Opcode op, Term a, Term b);
/* What a bit type list says; false: reported. */
typedef struct BitSpec {
    SegmentType type;
    uint32_t unit, flags;
    bool has_unit;
} BitSpec;
bool lower_bit_spec(Lower *l, const Node *element, BitSpec *out);
Term string_term(Lower *l, const Node *node);

#endif
