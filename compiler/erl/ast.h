/* compiler/erl/ast.h
 * The syntax tree of one Erlang module, after the preprocessor and before anything is checked.
 *
 * It follows the Erlang abstract format (erts user's guide, "The Abstract Format") node by node, so
 * that conversion to and from terms (abstract.h) is mechanical and loses nothing that has meaning.
 * Three things differ, for speed and bounded depth:
 *   - a list [A, B | T] is one NODE_LIST with an array, not a chain of conses;
 *   - variables are small numbers: equal names have equal ids within a unit (ErlUnit);
 *   - positions carry their file, so that no -file attribute has to be looked for.
 *
 * All of it lies in the unit's arena and lives as long as the unit; atoms and integers are Terms,
 * big integers and attribute values in the unit's Space. Nodes are shared by nobody: a pass may
 * change them in place.
 *
 * Depth: no tree is higher than AST_HEIGHT_MAX (the parser and abstract_to_ast refuse it: "nested
 * too deeply"), so a pass may recurse over it, on a stack made for that: see ast_run_deep. */
#ifndef MUSTER_COMPILER_ERL_AST_H
#define MUSTER_COMPILER_ERL_AST_H

#include "compiler/erl/arena.h"
#include "runtime/term/atom.h"
#include "runtime/term/space.h"

/* Longest path from a form to a leaf. Chains of operators count one level each. */
enum { AST_HEIGHT_MAX = 20000 };
/* Runs `function(argument)` on a stack of AST_STACK_BYTES, and returns when it has: directly when
 * the caller is on such a stack already, else on a thread of its own, waited for. A recursion over
 * a tree may use AST_STACK_BYTES / AST_HEIGHT_MAX (26 KiB) a level. */
#define AST_STACK_BYTES ((size_t) 512 << 20)
void ast_run_deep(void (*function)(void *argument), void *argument);
/* For trees of at most AST_HEIGHT_LOW, where a thread would cost more than the work does: runs it
 * on the caller's stack, which has AST_STACK_BYTES / AST_HEIGHT_MAX for each level, and so do all
 * calls of ast_run_deep inside it. */
enum { AST_HEIGHT_LOW = 60 };
void ast_run_low(void (*function)(void *argument), void *argument);

/* ---- positions ---- */

enum { ANNO_GENERATED = 1, ANNO_RECORD = 2 }; /* as erl_anno's `generated` and `record` */

/* Where something stands: what OTP's annotation says (an operator's position is that of the
 * operator's token, a call's that of its function …). Lines and columns count from 1, columns in
 * code points. Line 0: unknown. Column 0: only the line is known. */
typedef struct Location {
    uint32_t line, column;
    uint16_t file;       /* index in ErlUnit.files */
    uint16_t anno_flags; /* ANNO_* */
} Location;

/* ---- nodes ---- */

/* NODE(name, member): member is the part of Node's union that is used, or none. */
#define NODE_KINDS(NODE) \
    /* values */ \
    NODE(ATOM, value) \
    NODE(INTEGER, value) \
    NODE(CHAR, value) /* a small: the code point */ \
    NODE(FLOAT, float_value) \
    NODE(STRING, string) \
    NODE(VAR, var) \
    /* structures; the same in patterns */ \
    NODE(LIST, list) /* [a, b | tail]; [] has no elements and no tail */ \
    NODE(TUPLE, nodes) \
    NODE(BIN, nodes) /* of NODE_BIN_ELEMENT */ \
    NODE(BIN_ELEMENT, bin_element) \
    NODE(MAP, map)              /* #{…} or, with a map, Map#{…} */ \
    NODE(MAP_FIELD_ASSOC, pair) /* left => right */ \
    NODE(MAP_FIELD_EXACT, pair) /* left := right */ \
    NODE(RECORD, record)        /* #name{…} or, with an expr, Expr#name{…} */ \
    NODE(RECORD_FIELD, pair)    /* in NODE_RECORD: left is NODE_ATOM, or NODE_VAR '_'; = right */ \
    NODE(RECORD_INDEX, record_access)  /* #name.field */ \
    NODE(RECORD_ACCESS, record_access) /* Expr#name.field */ \
    /* expressions */ \
    NODE(MATCH, pair)       /* left = right */ \
    NODE(MAYBE_MATCH, pair) /* left ?= right; only directly in a NODE_MAYBE's body */ \
    NODE(UNARY, unary)      /* op */ \
    NODE(BINARY, pair)      /* op; andalso, orelse and ! among them */ \
    NODE(CALL, call) \
    NODE(REMOTE, pair) /* left:right, as the function of a call or alone (an error then) */ \
    NODE(CATCH, unary) \
    NODE(BLOCK, nodes) \
    NODE(IF, clauses) /* no patterns */ \
    NODE(CASE, of)    /* expr, clauses of one pattern */ \
    NODE(RECEIVE, receive) \
    NODE(TRY, try_) \
    NODE(MAYBE, maybe) \
    NODE(ELSE, clauses) /* only as NODE_MAYBE's `else_` */ \
    NODE(FUN, clauses) \
    NODE(NAMED_FUN, named_fun) \
    NODE(FUN_LOCAL, fun_ref)     /* fun name/arity */ \
    NODE(FUN_REMOTE, fun_remote) /* fun Module:Name/Arity, each any of atom, var (integer, var) */ \
    NODE(LIST_COMPREHENSION, comprehension) \
    NODE(BIN_COMPREHENSION, comprehension) \
    NODE(MAP_COMPREHENSION, comprehension) /* the result is a NODE_MAP_FIELD_ASSOC */ \
    /* qualifiers; any other node there is a filter */ \
    NODE(GENERATE, pair)   /* left <- right */ \
    NODE(B_GENERATE, pair) /* left <= right; left is a NODE_BIN, or another pattern (an error) */ \
    NODE(M_GENERATE, pair) /* left (a NODE_MAP_FIELD_EXACT) <- right */ \
    NODE(GENERATE_STRICT, pair) /* <:- ; OTP 28 */ \
    NODE(B_GENERATE_STRICT, pair) \
    NODE(M_GENERATE_STRICT, pair) \
    NODE(ZIP, nodes) /* generators joined by &&; OTP 28 */ \
    /* types; NODE_ATOM, INTEGER, CHAR, VAR, UNARY, BINARY (of integers) are types as well */ \
    NODE(TYPE, type)          /* a built-in or structural type; name and args as in the abstract \
                               * format: union, tuple, list, map, fun, product, range, record … */ \
    NODE(TYPE_ANY_ARGS, type) /* as TYPE, where the format has `any` for the arguments: tuple(), \
                               * map(); named `any`, as first argument of fun: `(...) ->` */ \
    NODE(USER_TYPE, type) \
    NODE(REMOTE_TYPE, remote_type) \
    NODE(ANN_TYPE, pair)           /* Var :: Type */ \
    NODE(TYPE_CONSTRAINT, pair)    /* Var :: Type after `when`; `is_subtype` */ \
    NODE(BOUNDED_FUN, bounded_fun) /* fun type `when` constraints; only in a spec */

typedef enum NodeKind {
#define NODE(name, member) NODE_##name,
    NODE_KINDS(NODE)
#undef NODE
        NODE_KIND_COUNT
} NodeKind;
extern const char *const node_kind_names[NODE_KIND_COUNT]; /* "ATOM"; for messages of bugs */

/* OP(name, text); binary operators first */
/* clang-format off */
#define OPERATORS(OP) \
    OP(ADD, "+") OP(SUBTRACT, "-") OP(MULTIPLY, "*") OP(DIVIDE, "/") OP(DIV, "div") OP(REM, "rem") \
    OP(BAND, "band") OP(BOR, "bor") OP(BXOR, "bxor") OP(BSL, "bsl") OP(BSR, "bsr") \
    OP(AND, "and") OP(OR, "or") OP(XOR, "xor") OP(ANDALSO, "andalso") OP(ORELSE, "orelse") \
    OP(EQ, "==") OP(NE, "/=") OP(LE, "=<") OP(LT, "<") OP(GE, ">=") OP(GT, ">") \
    OP(EXACT_EQ, "=:=") OP(EXACT_NE, "=/=") OP(APPEND, "++") OP(LIST_SUBTRACT, "--") OP(SEND, "!") \
    OP(PLUS, "+") OP(MINUS, "-") OP(NOT, "not") OP(BNOT, "bnot") /* unary */
/* clang-format on */

typedef enum Operator {
#define OP(name, text) OP_##name,
    OPERATORS(OP)
#undef OP
        OPERATOR_COUNT,
    OP_FIRST_UNARY = OP_PLUS
} Operator;
extern const char *const operator_names[OPERATOR_COUNT]; /* "+", "andalso" … */
Term operator_atom(Operator op);

typedef struct Node Node;
typedef struct Clause Clause;

typedef struct NodeList {
    Node **items;
    uint32_t count;
} NodeList;
typedef struct ClauseList {
    Clause **items;
    uint32_t count;
} ClauseList;

/* One clause of a function, fun, case, if, receive, try or maybe-else. */
struct Clause {
    Location at;
    NodeList patterns; /* none in `if`; one in case, receive, else and try … of; the arguments in
                        * functions; in `catch` one NODE_TUPLE of three: class, reason, stack trace
                        * (a var '_' where none is written) */
    NodeList *guards;  /* alternatives (;), each a conjunction (,) of tests; none: no guard */
    uint32_t guard_count;
    uint32_t height; /* of the highest node in it, plus one */
    NodeList body;   /* at least one */
};

/* One name of a bit type list: `integer`, or `unit:8`. */
typedef struct BitType {
    Term name;  /* atom, as written: it may be unknown */
    Term value; /* an integer after ':', else TERM_NONE */
} BitType;

struct Node {
    Location at;
    uint8_t kind;    /* NodeKind */
    uint8_t op;      /* Operator, of UNARY and BINARY */
    uint16_t height; /* 1 for a leaf; at most AST_HEIGHT_MAX */
    union {
        Term value;
        double float_value;
        struct {
            const uint32_t *characters; /* code points */
            uint32_t count;
        } string;
        uint32_t var; /* VAR_ANONYMOUS is `_`; see ErlUnit.variables */
        NodeList nodes;
        struct {
            NodeList elements;
            Node *tail;                    /* NULL: []; never an empty list itself */
            uint32_t end_line, end_column; /* the closing bracket: where OTP puts the {nil} */
        } list;
        struct {
            Node *value;
            Node *size;     /* NULL: default */
            BitType *types; /* NULL: default */
            uint32_t type_count;
        } bin_element;
        struct {
            Node *map; /* NULL: a new map */
            NodeList fields;
        } map;
        struct {
            Node *expr; /* NULL: a new record, or a pattern */
            Term name;
            NodeList fields; /* of NODE_RECORD_FIELD */
        } record;
        struct {
            Node *expr; /* NULL in RECORD_INDEX */
            Term name;
            Node *field; /* NODE_ATOM; a transform may put another here */
        } record_access;
        struct {
            Node *left, *right;
        } pair;
        struct {
            Node *operand;
        } unary;
        struct {
            Node *function; /* NODE_REMOTE for a remote call, NODE_ATOM for a local one, else any */
            NodeList args;
        } call;
        ClauseList clauses;
        struct {
            Node *expr;
            ClauseList clauses;
        } of;
        struct ReceiveParts {
            ClauseList clauses; /* may be none when there is a timeout */
            Node *timeout;      /* NULL: no `after` */
            NodeList after_body;
        } * receive;
        struct TryParts {
            NodeList body;
            ClauseList of_clauses;
            ClauseList catch_clauses;
            NodeList after_body;
        } * try_;
        struct {
            NodeList body;
            Node *else_; /* NODE_ELSE, or NULL */
        } maybe;
        struct {
            uint32_t var;
            ClauseList clauses;
        } named_fun;
        struct {
            Term name;  /* atom */
            Term arity; /* integer, as written */
        } fun_ref;
        struct {
            Node *module, *name, *arity;
        } fun_remote;
        struct {
            Node *result;
            NodeList qualifiers;
        } comprehension;
        struct {
            Term name; /* atom */
            NodeList args;
        } type;
        struct {
            Node *module, *name; /* NODE_ATOM */
            NodeList args;
        } remote_type;
        struct {
            Node *fun;
            NodeList constraints; /* of NODE_TYPE_CONSTRAINT */
        } bounded_fun;
    };
};
static_assert(sizeof(Node) == 48, "nodes are many: keep them small");

/* ---- forms ---- */

typedef enum FormKind {
    FORM_ATTRIBUTE, /* -name(value), all that have no kind below: module, export, compile, file … */
    FORM_RECORD,    /* -record(name, {fields}) */
    FORM_TYPE,      /* -type, -opaque, -nominal */
    FORM_SPEC,      /* -spec, -callback */
    FORM_FUNCTION,
    FORM_ERROR,   /* a form that could not be read; its Diagnostic has been reported */
    FORM_WARNING, /* from -warning */
    FORM_EOF      /* always the last */
} FormKind;

typedef struct RecordField {
    Location at;
    Location name_at;
    Term name;
    Node *value; /* NULL: undefined */
    Node *type;  /* NULL: none given */
} RecordField;

typedef struct Form {
    FormKind kind;
    Location at;
    union {
        struct {
            Term name;
            /* As the abstract format has it: -export([f/1]) is [{f,1}], -import(m, [f/1]) is
             * {m,[{f,1}]}, -file("x", 1) is {"x",1}, -foo(1) is 1, -ifdef and its like never
             * come here. */
            Term value;
        } attribute;
        struct {
            Term name;
            RecordField *fields;
            uint32_t field_count;
        } record;
        struct {
            Term attribute; /* atom: type, opaque, nominal */
            Term name;
            Node *type;
            NodeList parameters; /* NODE_VAR */
        } type;
        struct {
            Term attribute; /* atom: spec, callback */
            Term module;    /* -spec m:f(…), else TERM_NONE */
            Term name;
            uint32_t arity;
            NodeList types; /* one a clause: NODE_TYPE `fun`, or NODE_BOUNDED_FUN */
        } spec;
        struct {
            Term name;
            uint32_t arity;
            ClauseList clauses;
        } function;
        Term error; /* {Location, Module, Descriptor}, as OTP's {error,_} and {warning,_} */
    };
} Form;

/* ---- a unit ---- */

enum { VAR_ANONYMOUS = 0 };

/* All that was read from one source text. Owns everything reachable from it. */
typedef struct ErlUnit {
    Arena arena;
    ArenaSpace *space; /* of Terms in the tree */
    Form **forms;
    uint32_t form_count;
    Term *variables; /* names, as atoms, by id; [0] is '_' */
    uint32_t variable_count;
    const char **files; /* names as ?FILE gives them, by Location.file; [0] is the main file */
    uint32_t file_count;
    uint32_t *var_slots, var_slot_count; /* hash of variable names */
    uint32_t form_capacity, variable_capacity, file_capacity;
    uint32_t fresh_count; /* where to look for the next fresh name */
    Term module;          /* from -module, or TERM_NONE */
    /* -feature: names switched on at the end of the text (maybe_expr is on unless switched off). */
    bool feature_maybe;
} ErlUnit;

ErlUnit *erl_unit_create(void);
void erl_unit_destroy(ErlUnit *unit); /* NULL is allowed */
static inline Space *erl_unit_space(ErlUnit *unit)
{
    return arena_space(unit->space);
}

/* The id of the variable of that name (an atom); new ones are added. */
uint32_t erl_unit_variable(ErlUnit *unit, Term name);
/* A variable that occurs nowhere else, named PREFIX followed by a number, such as "rec0". The name
 * has no upper-case first letter, so no program can write it. */
uint32_t erl_unit_fresh_variable(ErlUnit *unit, const char *prefix);
static inline Term erl_unit_variable_name(const ErlUnit *unit, uint32_t var)
{
    ASSERT(var < unit->variable_count);
    return unit->variables[var];
}
/* Index of a file name; known names keep their index. */
uint16_t erl_unit_file(ErlUnit *unit, const char *name);
void erl_unit_add_form(ErlUnit *unit, Form *form);

/* ---- making nodes ----
 * Heights are computed from the children, which must be complete. A tree that grows over
 * AST_HEIGHT_MAX is the maker's to refuse: check `node_height_fits` (parser, abstract_to_ast);
 * passes that add a level or two on a checked tree need not (there is slack up to 65,535). */
Node *node_create(ErlUnit *unit, NodeKind kind, Location at); /* zeroed; height 1 */
Node *node_atom(ErlUnit *unit, Location at, Term atom);
Node *node_integer(ErlUnit *unit, Location at, int64_t value);
Node *node_var(ErlUnit *unit, Location at, uint32_t var);
Node *node_pair(ErlUnit *unit, NodeKind kind, Location at, Node *left, Node *right);
Node *node_binary(ErlUnit *unit, Location at, Operator op, Node *left, Node *right);
Node *node_unary(ErlUnit *unit, Location at, Operator op, Node *operand);
Node *node_nil(ErlUnit *unit, Location at);
Node *node_list(ErlUnit *unit, Location at, NodeList elements, Node *tail);
Node *node_tuple(ErlUnit *unit, Location at, NodeList elements);
Node *node_call(ErlUnit *unit, Location at, Node *function, NodeList args);
/* module:function(args), both atoms */
Node *node_remote_call(ErlUnit *unit, Location at, Term module, Term function, NodeList args);
NodeList node_list_of(ErlUnit *unit, Node *const items[], size_t count); /* copies */
Clause *clause_create(ErlUnit *unit, Location at);
/* Recomputes node->height from all children (of any kind of node): after filling in a node by
 * hand. clause_update_height likewise, and returns the height. */
void node_update_height(Node *node);
uint32_t clause_update_height(Clause *clause);

/* Calls `visit` for each child, in the order of the text; those in clauses are children too. */
void node_each_child(const Node *node, void (*visit)(Node *child, void *context), void *context);

/* The position of what is leftmost in an expression: of `A + B`, that of A. */
Location node_leftmost_location(const Node *node);
/* The least and the greatest position in an expression; the least is another than the leftmost only
 * where a macro has put its arguments into another order. */
Location node_first_location(const Node *node);
Location node_last_location(const Node *node);

#endif
