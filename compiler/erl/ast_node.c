/* compiler/erl/ast_node.c
 * Making nodes and keeping their heights. */
#include "compiler/erl/ast.h"

/* ---- children ---- */

#define ALWAYS_INLINE static inline __attribute__((always_inline))

typedef void (*Visitor)(Node *child, void *context);

ALWAYS_INLINE void visit_one(Node *node, Visitor visit, void *context)
{
    if (node != NULL) {
        visit(node, context);
    }
}

ALWAYS_INLINE void visit_list(NodeList list, Visitor visit, void *context)
{
    for (uint32_t i = 0; i < list.count; i++) {
        visit(list.items[i], context);
    }
}

ALWAYS_INLINE void visit_clause(const Clause *clause, Visitor visit, void *context)
{
    visit_list(clause->patterns, visit, context);
    for (uint32_t i = 0; i < clause->guard_count; i++) {
        visit_list(clause->guards[i], visit, context);
    }
    visit_list(clause->body, visit, context);
}

ALWAYS_INLINE void visit_clauses(ClauseList list, Visitor visit, void *context)
{
    for (uint32_t i = 0; i < list.count; i++) {
        visit_clause(list.items[i], visit, context);
    }
}

/* In the order of the text. */
ALWAYS_INLINE void visit_children(const Node *node, Visitor visit, void *context)
{
    switch ((NodeKind) node->kind) {
    case NODE_ATOM:
    case NODE_INTEGER:
    case NODE_CHAR:
    case NODE_FLOAT:
    case NODE_STRING:
    case NODE_VAR:
    case NODE_FUN_LOCAL:
    case NODE_KIND_COUNT:
        break;
    case NODE_LIST:
        visit_list(node->list.elements, visit, context);
        visit_one(node->list.tail, visit, context);
        break;
    case NODE_TUPLE:
    case NODE_BIN:
    case NODE_BLOCK:
    case NODE_ZIP:
        visit_list(node->nodes, visit, context);
        break;
    case NODE_BIN_ELEMENT:
        visit_one(node->bin_element.value, visit, context);
        visit_one(node->bin_element.size, visit, context);
        break;
    case NODE_MAP:
        visit_one(node->map.map, visit, context);
        visit_list(node->map.fields, visit, context);
        break;
    case NODE_RECORD:
        visit_one(node->record.expr, visit, context);
        visit_list(node->record.fields, visit, context);
        break;
    case NODE_RECORD_INDEX:
    case NODE_RECORD_ACCESS:
        visit_one(node->record_access.expr, visit, context);
        visit_one(node->record_access.field, visit, context);
        break;
    case NODE_MAP_FIELD_ASSOC:
    case NODE_MAP_FIELD_EXACT:
    case NODE_RECORD_FIELD:
    case NODE_MATCH:
    case NODE_MAYBE_MATCH:
    case NODE_BINARY:
    case NODE_REMOTE:
    case NODE_GENERATE:
    case NODE_B_GENERATE:
    case NODE_M_GENERATE:
    case NODE_GENERATE_STRICT:
    case NODE_B_GENERATE_STRICT:
    case NODE_M_GENERATE_STRICT:
    case NODE_ANN_TYPE:
    case NODE_TYPE_CONSTRAINT:
        visit_one(node->pair.left, visit, context);
        visit_one(node->pair.right, visit, context);
        break;
    case NODE_UNARY:
    case NODE_CATCH:
        visit_one(node->unary.operand, visit, context);
        break;
    case NODE_CALL:
        visit_one(node->call.function, visit, context);
        visit_list(node->call.args, visit, context);
        break;
    case NODE_IF:
    case NODE_FUN:
    case NODE_ELSE:
        visit_clauses(node->clauses, visit, context);
        break;
    case NODE_CASE:
        visit_one(node->of.expr, visit, context);
        visit_clauses(node->of.clauses, visit, context);
        break;
    case NODE_RECEIVE:
        visit_clauses(node->receive->clauses, visit, context);
        visit_one(node->receive->timeout, visit, context);
        visit_list(node->receive->after_body, visit, context);
        break;
    case NODE_TRY:
        visit_list(node->try_->body, visit, context);
        visit_clauses(node->try_->of_clauses, visit, context);
        visit_clauses(node->try_->catch_clauses, visit, context);
        visit_list(node->try_->after_body, visit, context);
        break;
    case NODE_MAYBE:
        visit_list(node->maybe.body, visit, context);
        visit_one(node->maybe.else_, visit, context);
        break;
    case NODE_NAMED_FUN:
        visit_clauses(node->named_fun.clauses, visit, context);
        break;
    case NODE_FUN_REMOTE:
        visit_one(node->fun_remote.module, visit, context);
        visit_one(node->fun_remote.name, visit, context);
        visit_one(node->fun_remote.arity, visit, context);
        break;
    case NODE_LIST_COMPREHENSION:
    case NODE_BIN_COMPREHENSION:
    case NODE_MAP_COMPREHENSION:
        visit_one(node->comprehension.result, visit, context);
        visit_list(node->comprehension.qualifiers, visit, context);
        break;
    case NODE_TYPE:
    case NODE_TYPE_ANY_ARGS:
    case NODE_USER_TYPE:
        visit_list(node->type.args, visit, context);
        break;
    case NODE_REMOTE_TYPE:
        visit_one(node->remote_type.module, visit, context);
        visit_one(node->remote_type.name, visit, context);
        visit_list(node->remote_type.args, visit, context);
        break;
    case NODE_BOUNDED_FUN:
        visit_one(node->bounded_fun.fun, visit, context);
        visit_list(node->bounded_fun.constraints, visit, context);
        break;
    }
}

void node_each_child(const Node *node, void (*visit)(Node *child, void *context), void *context)
{
    visit_children(node, visit, context);
}

/* ---- heights ---- */

static inline uint32_t higher(uint32_t height, const Node *child)
{
    return child != NULL && child->height > height ? child->height : height;
}

static inline void raise_height(Node *child, void *height)
{
    *(uint32_t *) height = higher(*(uint32_t *) height, child);
}

uint32_t clause_update_height(Clause *clause)
{
    uint32_t height = 0;
    visit_clause(clause, raise_height, &height);
    clause->height = height + 1;
    return clause->height;
}

void node_update_height(Node *node)
{
    uint32_t height = 0;
    visit_children(node, raise_height, &height);
    height++;
    node->height = height > UINT16_MAX ? UINT16_MAX : (uint16_t) height;
}

/* ---- making ---- */

Node *node_create(ErlUnit *unit, NodeKind kind, Location at)
{
    Node *node = ARENA_NEW(&unit->arena, Node);
    node->at = at;
    node->kind = (uint8_t) kind;
    node->height = 1;
    return node;
}

Node *node_atom(ErlUnit *unit, Location at, Term atom)
{
    Node *node = node_create(unit, NODE_ATOM, at);
    node->value = atom;
    return node;
}

Node *node_integer(ErlUnit *unit, Location at, int64_t value)
{
    Node *node = node_create(unit, NODE_INTEGER, at);
    node->value = make_int64(erl_unit_space(unit), value);
    return node;
}

Node *node_var(ErlUnit *unit, Location at, uint32_t var)
{
    Node *node = node_create(unit, NODE_VAR, at);
    node->var = var;
    return node;
}

Node *node_pair(ErlUnit *unit, NodeKind kind, Location at, Node *left, Node *right)
{
    Node *node = node_create(unit, kind, at);
    node->pair.left = left;
    node->pair.right = right;
    uint32_t height = higher(higher(0, left), right) + 1;
    node->height = height > UINT16_MAX ? UINT16_MAX : (uint16_t) height;
    return node;
}

Node *node_binary(ErlUnit *unit, Location at, Operator op, Node *left, Node *right)
{
    Node *node = node_pair(unit, NODE_BINARY, at, left, right);
    node->op = (uint8_t) op;
    return node;
}

Node *node_unary(ErlUnit *unit, Location at, Operator op, Node *operand)
{
    Node *node = node_create(unit, NODE_UNARY, at);
    node->op = (uint8_t) op;
    node->unary.operand = operand;
    node_update_height(node);
    return node;
}

Node *node_nil(ErlUnit *unit, Location at)
{
    Node *node = node_create(unit, NODE_LIST, at);
    node->list.end_line = at.line;
    node->list.end_column = at.column;
    return node;
}

Node *node_list(ErlUnit *unit, Location at, NodeList elements, Node *tail)
{
    Node *node = node_nil(unit, at);
    node->list.elements = elements;
    node->list.tail = tail;
    node_update_height(node);
    return node;
}

Node *node_tuple(ErlUnit *unit, Location at, NodeList elements)
{
    Node *node = node_create(unit, NODE_TUPLE, at);
    node->nodes = elements;
    node_update_height(node);
    return node;
}

Node *node_call(ErlUnit *unit, Location at, Node *function, NodeList args)
{
    Node *node = node_create(unit, NODE_CALL, at);
    node->call.function = function;
    node->call.args = args;
    node_update_height(node);
    return node;
}

Node *node_remote_call(ErlUnit *unit, Location at, Term module, Term function, NodeList args)
{
    Node *remote = node_pair(unit, NODE_REMOTE, at, node_atom(unit, at, module),
                             node_atom(unit, at, function));
    return node_call(unit, at, remote, args);
}

NodeList node_list_of(ErlUnit *unit, Node *const items[], size_t count)
{
    NodeList list = {NULL, (uint32_t) count};
    if (count != 0) {
        list.items = arena_copy(&unit->arena, items, count * sizeof *items);
    }
    return list;
}

Clause *clause_create(ErlUnit *unit, Location at)
{
    Clause *clause = ARENA_NEW(&unit->arena, Clause);
    clause->at = at;
    clause->height = 1;
    return clause;
}

/* ---- positions ---- */

static inline bool is_before(Location a, Location b)
{
    return a.line < b.line || (a.line == b.line && a.column < b.column);
}

static const Node *leftmost_child(const Node *node)
{
    switch ((NodeKind) node->kind) {
    case NODE_MAP:
        return node->map.map;
    case NODE_RECORD:
        return node->record.expr;
    case NODE_RECORD_ACCESS:
        return node->record_access.expr;
    case NODE_MATCH:
    case NODE_MAYBE_MATCH:
    case NODE_BINARY:
    case NODE_REMOTE:
    case NODE_MAP_FIELD_ASSOC:
    case NODE_MAP_FIELD_EXACT:
    case NODE_ANN_TYPE:
        return node->pair.left;
    case NODE_CALL:
        return node->call.function;
    case NODE_TYPE: /* of a union or a range */
        return node->type.args.count == 0 ? NULL : node->type.args.items[0];
    default:
        return NULL;
    }
}

Location node_leftmost_location(const Node *node)
{
    Location first = node->at;
    while ((node = leftmost_child(node)) != NULL) {
        first = is_before(node->at, first) ? node->at : first;
    }
    return first;
}

typedef struct Extremes {
    Location first, last;
    uint32_t levels; /* how much deeper to look */
} Extremes;

static void stretch(Node *node, void *context)
{
    Extremes *extremes = context;
    if (is_before(node->at, extremes->first)) {
        extremes->first = node->at;
    }
    if (is_before(extremes->last, node->at)) {
        extremes->last = node->at;
    }
    if (node->kind == NODE_LIST && node->list.tail == NULL) {
        Location end = {node->list.end_line, node->list.end_column, node->at.file, 0};
        extremes->last = is_before(extremes->last, end) ? end : extremes->last;
    }
    if (extremes->levels > 0) {
        extremes->levels--;
        node_each_child(node, stretch, extremes);
        extremes->levels++;
    }
}

/* OTP looks at all positions in the expression. Macros may bring its parts into any order; but
 * deeper than this the extremes are only looked for on principle. */
enum { LEVELS = 24 };

static Extremes extremes_of(const Node *node)
{
    Extremes extremes = {node->at, node->at, LEVELS};
    stretch((Node *) node, &extremes);
    return extremes;
}

Location node_first_location(const Node *node)
{
    switch ((NodeKind) node->kind) {
    case NODE_ATOM:
    case NODE_INTEGER:
    case NODE_CHAR:
    case NODE_FLOAT:
    case NODE_STRING:
    case NODE_VAR:
        return node->at;
    default:
        return extremes_of(node).first;
    }
}

Location node_last_location(const Node *node)
{
    return extremes_of(node).last;
}
