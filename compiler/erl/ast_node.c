/* compiler/erl/ast_node.c
 * Making nodes and keeping their heights. */
#include "compiler/erl/ast.h"

static inline uint32_t higher(uint32_t height, const Node *child)
{
    return child != NULL && child->height > height ? child->height : height;
}

static uint32_t higher_list(uint32_t height, NodeList list)
{
    for (uint32_t i = 0; i < list.count; i++) {
        height = higher(height, list.items[i]);
    }
    return height;
}

static uint32_t higher_clauses(uint32_t height, ClauseList list)
{
    for (uint32_t i = 0; i < list.count; i++) {
        uint32_t clause = list.items[i]->height;
        height = clause > height ? clause : height;
    }
    return height;
}

uint32_t clause_update_height(Clause *clause)
{
    uint32_t height = higher_list(0, clause->patterns);
    for (uint32_t i = 0; i < clause->guard_count; i++) {
        height = higher_list(height, clause->guards[i]);
    }
    clause->height = higher_list(height, clause->body) + 1;
    return clause->height;
}

/* Of the highest child; 0 for a leaf. */
static uint32_t children_height(const Node *node)
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
        return 0;
    case NODE_LIST:
        return higher(higher_list(0, node->list.elements), node->list.tail);
    case NODE_TUPLE:
    case NODE_BIN:
    case NODE_BLOCK:
    case NODE_ZIP:
        return higher_list(0, node->nodes);
    case NODE_BIN_ELEMENT:
        return higher(higher(0, node->bin_element.value), node->bin_element.size);
    case NODE_MAP:
        return higher(higher_list(0, node->map.fields), node->map.map);
    case NODE_RECORD:
        return higher(higher_list(0, node->record.fields), node->record.expr);
    case NODE_RECORD_INDEX:
    case NODE_RECORD_ACCESS:
        return higher(higher(0, node->record_access.expr), node->record_access.field);
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
        return higher(higher(0, node->pair.left), node->pair.right);
    case NODE_UNARY:
    case NODE_CATCH:
        return higher(0, node->unary.operand);
    case NODE_CALL:
        return higher(higher_list(0, node->call.args), node->call.function);
    case NODE_IF:
    case NODE_FUN:
    case NODE_ELSE:
        return higher_clauses(0, node->clauses);
    case NODE_CASE:
        return higher_clauses(higher(0, node->of.expr), node->of.clauses);
    case NODE_RECEIVE: {
        const struct ReceiveParts *parts = node->receive;
        uint32_t height = higher_list(higher(0, parts->timeout), parts->after_body);
        return higher_clauses(height, parts->clauses);
    }
    case NODE_TRY: {
        const struct TryParts *parts = node->try_;
        uint32_t height = higher_list(higher_list(0, parts->body), parts->after_body);
        return higher_clauses(higher_clauses(height, parts->of_clauses), parts->catch_clauses);
    }
    case NODE_MAYBE:
        return higher(higher_list(0, node->maybe.body), node->maybe.else_);
    case NODE_NAMED_FUN:
        return higher_clauses(0, node->named_fun.clauses);
    case NODE_FUN_REMOTE:
        return higher(higher(higher(0, node->fun_remote.module), node->fun_remote.name),
                      node->fun_remote.arity);
    case NODE_LIST_COMPREHENSION:
    case NODE_BIN_COMPREHENSION:
    case NODE_MAP_COMPREHENSION:
        return higher(higher_list(0, node->comprehension.qualifiers), node->comprehension.result);
    case NODE_TYPE:
    case NODE_TYPE_ANY_ARGS:
    case NODE_USER_TYPE:
        return higher_list(0, node->type.args);
    case NODE_REMOTE_TYPE:
        return higher(
            higher(higher_list(0, node->remote_type.args), node->remote_type.module),
            node->remote_type.name);
    case NODE_BOUNDED_FUN:
        return higher(higher_list(0, node->bounded_fun.constraints), node->bounded_fun.fun);
    }
    return 0;
}

void node_update_height(Node *node)
{
    uint32_t height = children_height(node) + 1;
    node->height = height > UINT16_MAX ? UINT16_MAX : (uint16_t) height;
}

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

/* OTP takes the least position of all nodes in the expression. The leftmost path is enough but for
 * macros that swap their arguments inside patterns of two operators. */
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
    case NODE_TYPE:
        return node->type.args.count != 0 ? node->type.args.items[0] : NULL;
    default:
        return NULL;
    }
}

Location node_first_location(const Node *node)
{
    Location first = node->at;
    while ((node = leftmost_child(node)) != NULL) {
        if (node->at.line < first.line ||
            (node->at.line == first.line && node->at.column < first.column)) {
            first = node->at;
        }
    }
    return first;
}
