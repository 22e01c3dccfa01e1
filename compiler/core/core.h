/* compiler/core/core.h
 * Core: the small functional language that all high-level front ends lower to, and that generate.h
 * turns into bytecode. A front end resolves names: a use of a variable points to its CoreVar, a
 * call to its CoreFunction; patterns are still patterns (the generator makes decision trees).
 *
 * A variable is bound once on each path. Where it is bound decides how it is kept:
 *   - by a pattern of a clause, or by a CORE_MATCH that stands directly in a CORE_BODY (or is what
 *     a CORE_CASE looks at): it is there until the clause or body ends;
 *   - anywhere else, or when it is used after the clause that binds it: it must be `declared` by a
 *     CORE_BODY around all of that (core_declare), which keeps a place for it.
 *
 * Functions nest: a CoreFunction made inside another (parent) may use its variables through
 * core_capture; captured values become its last parameters. core_finish completes the calls.
 *
 * All of it lies in one Arena. Nodes must form a tree: nothing is shared but variables, functions.
 */
#ifndef MUSTER_COMPILER_CORE_CORE_H
#define MUSTER_COMPILER_CORE_CORE_H

#include "compiler/bytecode/module.h"
#include "compiler/erl/arena.h"

typedef struct Core Core;
typedef struct CoreVar CoreVar;
typedef struct CoreFunction CoreFunction;
typedef struct CorePattern CorePattern;
typedef struct CoreClause CoreClause;
typedef struct CoreModule CoreModule;

enum { CORE_NO_SLOT = UINT32_MAX };

/* A function inside the owner of a variable that captures it, and as what. */
typedef struct CoreCaptured {
    CoreFunction *function;
    CoreVar *inner;
    struct CoreCaptured *next;
} CoreCaptured;

struct CoreVar {
    CoreFunction *owner;
    CoreCaptured *captured; /* latest first */
    uint32_t uses;          /* reads */
    bool is_used_early; /* read by a guard, a size or a comparison inside the pattern that binds */
    bool is_small;      /* holds nothing worth dropping early: operand of arithmetic and the like */
    void *note;         /* of the front end */
    /* of the generator */
    bool is_live; /* of live.c */
    bool is_dead;
    bool has_place; /* the place of a CORE_BODY around is `slot` */
    uint32_t slot;
    uint32_t mark; /* of live.c */
};

typedef struct CoreAt {  /* line 0: unknown */
    uint32_t line, file; /* file: as module_file numbered it */
} CoreAt;

/* ---- patterns ---- */

typedef enum CorePatternKind {
    PATTERN_ANY,
    PATTERN_VAR,     /* binds var */
    PATTERN_EQUAL,   /* =:= value, a variable bound before (or earlier in the same pattern) */
    PATTERN_LITERAL, /* =:= literal; no map or bitstring */
    PATTERN_CONS,
    PATTERN_TUPLE,
    PATTERN_MAP,
    PATTERN_BINARY,
    PATTERN_BOTH, /* left and right */
} CorePatternKind;

typedef struct CorePatternSegment {
    SegmentType type; /* not SEGMENT_LITERAL */
    uint32_t unit, flags;
    Core *size; /* NULL: the rest (SEGMENT_BITS), or a UTF type */
    CorePattern *value;
} CorePatternSegment;

struct CorePattern {
    CorePatternKind kind;
    union {
        CoreVar *var;
        Core *value;
        Term literal;
        struct {
            CorePattern *left, *right; /* CONS: head, tail */
        } pair;
        struct {
            CorePattern **items;
            uint32_t count;
        } tuple;
        struct {
            Core **keys;
            CorePattern **values;
            uint32_t count;
        } map;
        struct {
            CorePatternSegment *segments;
            uint32_t count;
        } binary;
    };
};

/* ---- expressions ---- */

typedef enum CoreKind {
    CORE_LITERAL,      /* literal */
    CORE_VAR,          /* var */
    CORE_LIST,         /* list: items and a tail */
    CORE_TUPLE,        /* items */
    CORE_MAP,          /* map */
    CORE_BINARY,       /* binary */
    CORE_FUN,          /* call.function: a closure of it, or `fun f/a` (captures nothing) */
    CORE_OPERATOR,     /* items: an instruction that takes values and gives one (op; `g` operand or
                        * none) */
    CORE_TEST,         /* items[0]: a type test (op test_integer … test_reference); a boolean */
    CORE_RECORD_TEST,  /* record: expr is a tuple of `arity` whose first element is `name` */
    CORE_BIF,          /* remote: a guard built-in of erlang */
    CORE_CALL,         /* call */
    CORE_CALL_REMOTE,  /* remote */
    CORE_CALL_FUN,     /* items: the fun, then arguments */
    CORE_CALL_DYNAMIC, /* items: module, function name, then arguments */
    CORE_ANDALSO,      /* items, two or more; the last need not be a boolean */
    CORE_ORELSE,       /* the same */
    CORE_ALTERNATIVES, /* only as a guard: items, true if any is; one that fails is false */
    CORE_BODY,         /* items, in order; the value is the last one's */
    CORE_MATCH,        /* match: pattern = value, badmatch otherwise; the value is `value` */
    CORE_CASE,         /* case */
    CORE_RECEIVE,      /* receive */
    CORE_TRY,          /* try */
    CORE_CATCH,        /* items[0] */
    CORE_RECORD_GET,   /* record: element `index` of expr, else {badrecord, expr} */
    CORE_RECORD_SET,   /* record: expr with other elements, else {badrecord, expr} */
    CORE_FAIL,  /* remote.function is the reason: raises error reason, or {reason, items[0]} */
    CORE_MAYBE, /* maybe */
    CORE_MAYBE_MATCH, /* match: where it fails, the value is that of the CORE_MAYBE around */
} CoreKind;

typedef struct CoreSegment {
    SegmentType type;
    uint32_t unit, flags; /* SEGMENT_SIZED when there is a size */
    Core *value;          /* SEGMENT_LITERAL: a CORE_LITERAL */
    Core *size;
} CoreSegment;

struct Core {
    uint8_t kind;     /* CoreKind */
    uint8_t op;       /* Opcode, of CORE_OPERATOR and CORE_TEST */
    bool is_last_use; /* set by live.c: CORE_VAR */
    uint16_t file;
    uint32_t line;
    union {
        Term literal;
        CoreVar *var;
        struct {
            Core **items;
            uint32_t count;
            union {
                Core *tail;       /* CORE_LIST */
                CoreVar **places; /* CORE_BODY: variables declared here */
            };
            uint32_t place_count;
        };
        struct {
            Core *base;   /* NULL: a new map */
            Core **pairs; /* key, value, … */
            uint32_t count;
            bool is_exact; /* := for all, else => for all */
        } map;
        struct {
            CoreSegment *segments;
            uint32_t count;
        } binary;
        struct {
            Core **args; /* core_finish adds what the function captures */
            uint32_t count;
            CoreFunction *function;
        } call;
        struct {
            Core **args;
            uint32_t count;
            Term module, function; /* atoms */
        } remote;
        struct {
            CorePattern *pattern;
            Core *value;
        } match;
        struct {
            Core *value; /* NULL: the clauses have guards only (`if`) */
            CoreClause **clauses;
            uint32_t count;
            Term reason; /* raised when none matches: {reason, value}, or reason when no value */
            struct CoreDeaths *deaths; /* of live.c; NULL: nothing */
        } choice;
        struct {
            CoreClause **clauses; /* one pattern each */
            uint32_t count;
            Core *timeout, *after; /* NULL: none */
            struct CoreDeaths *deaths;
            CoreVar *from; /* of live.c: its value is in every message that matches, or NULL */
        } * receive;
        struct CoreTry {
            Core *body;
            CoreClause **of; /* one pattern each; none: the value is the body's */
            uint32_t of_count;
            CoreClause **handlers; /* two patterns: class, reason; and `trace` */
            uint32_t handler_count;
            Core *after;                           /* NULL: none */
            struct CoreDeaths *of_deaths, *deaths; /* of the `of` clauses; of the handlers */
        } * try_;
        struct {
            Core *expr;
            Term name;
            uint32_t arity, index;
            struct CoreSet {
                uint32_t count;
                uint32_t *indices; /* ascending */
                Core **values;
            } * set;
        } record;
        struct {
            Core *body;
            CoreClause **clauses; /* else; none: what did not match is the value */
            uint32_t count;
            struct CoreDeaths *deaths;
        } maybe;
    };
};

struct CoreClause {
    CorePattern **patterns;
    uint32_t pattern_count;
    Core *guard; /* NULL: none. A boolean expression without side effects; failing is false */
    Core *body;
    CoreVar *trace; /* in CoreTry.handlers: bound to the stack trace, or NULL */
    uint32_t line;
};

/* Made by live.c: what dies with alternatives. */
typedef struct CoreVarList {
    CoreVar **vars;
    uint32_t count;
} CoreVarList;
typedef struct CoreDeaths {
    CoreVarList all;      /* bound before, read in some alternative and not after: dead then */
    CoreVarList *entries; /* of those, for each clause: not read in its body; NULL: not known */
} CoreDeaths;

typedef struct CoreCapture {
    CoreVar *outer, *inner; /* of the parent; of this function */
    uint32_t id;            /* the front end's */
} CoreCapture;

struct CoreFunction {
    Term name;
    uint32_t arity; /* parameters, without captured values */
    CoreClause **clauses;
    uint32_t clause_count; /* one pattern a parameter; function_clause when none matches */
    CoreAt at;
    bool is_exported, is_lifted;
    CoreFunction *parent;                     /* inside which it stands; NULL: top level */
    CoreFunction *first_child, *next_sibling; /* latest first */
    CoreCapture *captures;
    uint32_t capture_count, capture_capacity;
    uint32_t index; /* in the Module */
    bool is_declared;
};

/* A call or closure of a function that captures, to be completed. */
typedef struct CorePending {
    Core *node;
    CoreFunction *in;
    struct CorePending *next;
} CorePending;

struct CoreModule {
    Arena *arena;
    Space *space; /* of literals */
    Term name;
    CoreFunction **functions; /* top level, in order */
    uint32_t function_count, function_capacity;
    CorePending *pending;
};

/* ---- making it ---- */

CoreModule *core_module(Arena *arena, Space *space, Term name);
Core *core_node(CoreModule *module, CoreKind kind, CoreAt at);
Core *core_literal(CoreModule *module, CoreAt at, Term literal);
Core *core_items(CoreModule *module, CoreKind kind, CoreAt at, Core *const items[],
                 uint32_t count); /* copies `items` */
Core *core_operator(CoreModule *module, CoreAt at, Opcode op, Core *a, Core *b /* or NULL */);
Core *core_remote(CoreModule *module, CoreKind kind, CoreAt at, Term mod, Term function,
                  Core *const args[], uint32_t count);
Core *core_fail(CoreModule *module, CoreAt at, Term reason, Core *value /* or NULL */);
CoreVar *core_var(CoreModule *module, CoreFunction *owner);
/* Reads a variable of the function it is in (capture first). */
Core *core_use(CoreModule *module, CoreAt at, CoreVar *var);
/* A top-level function (parent NULL) or one inside another. */
CoreFunction *core_function(CoreModule *module, CoreFunction *parent, Term name, uint32_t arity);
/* The variable of `function` that holds `outer`, a variable of an enclosing function. */
CoreVar *core_capture(CoreModule *module, CoreFunction *function, CoreVar *outer, uint32_t id);
/* A call (CORE_CALL) or closure (CORE_FUN) in `in`. `args` are copied. */
Core *core_call(CoreModule *module, CoreKind kind, CoreAt at, CoreFunction *in,
                CoreFunction *function, Core *const args[], uint32_t count);
/* `var` gets a place in `body`, a CORE_BODY around all that binds and reads it. */
void core_declare(CoreModule *module, Core *body, CoreVar *var);
CorePattern *core_pattern(CoreModule *module, CorePatternKind kind);
CorePattern *core_pattern_var(CoreModule *module, CoreVar *var); /* NULL: any */
CorePattern *core_pattern_literal(CoreModule *module, Term literal);
CoreClause *core_clause(CoreModule *module, uint32_t pattern_count);
/* All functions are there: gives each call of a capturing function its captured values. */
void core_finish(CoreModule *module);

/* Tuples, lists and maps whose parts are literals become literals; `core` itself otherwise. */
Core *core_fold(CoreModule *module, Core *core);
static inline bool core_is_literal(const Core *core)
{
    return core->kind == CORE_LITERAL;
}

#endif
