/* compiler/erl/lower_guard.c
 * Which expressions could stand in a guard: a filter of a comprehension that could fails
 * silently.*/
#include "compiler/erl/lower_internal.h"

static bool are_guard_exprs(const Lower *l, NodeList nodes)
{
    for (uint32_t i = 0; i < nodes.count; i++) {
        if (!is_guard_expr(l, nodes.items[i])) {
            return false;
        }
    }
    return true;
}

static bool is_guard_name(Term name, uint32_t arity)
{
    static const struct {
        const char *name;
        uint32_t arity;
    } names[] = {
#define CALL 0
#define GUARD 1
#define RECORD 1
#define AUTO_IMPORTED(name, arity, use) {use ? #name : "", arity},
#define TYPE_TEST(name, instruction) {#name, 1},
#include "compiler/erl/auto_imported.def"
#undef AUTO_IMPORTED
#undef TYPE_TEST
    };
    const char *text = atom_name(name);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (names[i].arity == arity && strcmp(names[i].name, text) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_guard_operator(Operator op)
{
    return op != OP_APPEND && op != OP_LIST_SUBTRACT && op != OP_SEND;
}

static bool is_guard_call(const Lower *l, const Node *node)
{
    const Node *function = node->call.function;
    uint32_t count = node->call.args.count;
    Term name;
    if (function->kind == NODE_ATOM) {
        name = function->value;
        const NameEntry *entry = known_name(l, name, count);
        if (entry != NULL &&
            (entry->function != NULL ||
             (entry->imported_from != TERM_NONE && entry->imported_from != ATOM_OF(erlang)))) {
            return false;
        }
    } else if (function->kind == NODE_REMOTE && function->pair.left->kind == NODE_ATOM &&
               function->pair.left->value == ATOM_OF(erlang) &&
               function->pair.right->kind == NODE_ATOM) {
        name = function->pair.right->value;
        for (Operator op = 0; op < OPERATOR_COUNT; op++) {
            bool is_unary = op >= OP_FIRST_UNARY;
            if (strcmp(operator_names[op], atom_name(name)) == 0 && is_guard_operator(op) &&
                op != OP_ANDALSO && op != OP_ORELSE && count == (is_unary ? 1 : 2)) {
                return are_guard_exprs(l, node->call.args);
            }
        }
    } else {
        return false;
    }
    if (!is_guard_name(name, count) || !are_guard_exprs(l, node->call.args)) {
        return false;
    }
    return true;
}

static bool is_guard_binary(const Lower *l, const Node *node)
{
    for (uint32_t i = 0; i < node->nodes.count; i++) {
        const Node *element = node->nodes.items[i];
        if (element->kind != NODE_BIN_ELEMENT || !is_guard_expr(l, element->bin_element.value) ||
            (element->bin_element.size != NULL && !is_guard_expr(l, element->bin_element.size))) {
            return false;
        }
    }
    return true;
}

static bool is_field_given(const Node *node, Term name)
{
    for (uint32_t i = 0; i < node->record.fields.count; i++) {
        const Node *field = node->record.fields.items[i]->pair.left;
        if (field->kind == NODE_VAR || field->value == name) { /* `_` gives all of them */
            return true;
        }
    }
    return false;
}

/* What the record's definition puts into fields that are not given counts too. */
static bool is_guard_record(const Lower *l, const Node *node)
{
    const Form *record = record_find(l, node->record.name);
    if (node->record.expr != NULL) {
        return false;
    }
    for (uint32_t i = 0; i < node->record.fields.count; i++) {
        if (!is_guard_expr(l, node->record.fields.items[i]->pair.right)) {
            return false;
        }
    }
    for (uint32_t i = 0; record != NULL && i < record->record.field_count; i++) {
        const Node *value = record->record.fields[i].value;
        if (value != NULL && !is_field_given(node, record->record.fields[i].name) &&
            !is_guard_expr(l, value)) {
            return false;
        }
    }
    return true;
}

bool is_guard_expr(const Lower *l, const Node *node)
{
    switch ((NodeKind) node->kind) {
    case NODE_ATOM:
    case NODE_INTEGER:
    case NODE_CHAR:
    case NODE_FLOAT:
    case NODE_STRING:
    case NODE_VAR:
    case NODE_RECORD_INDEX:
        return true;
    case NODE_LIST:
        return are_guard_exprs(l, node->list.elements) &&
               (node->list.tail == NULL || is_guard_expr(l, node->list.tail));
    case NODE_TUPLE:
        return are_guard_exprs(l, node->nodes);
    case NODE_BIN:
        return is_guard_binary(l, node);
    case NODE_MAP:
        return are_guard_exprs(l, node->map.fields) &&
               (node->map.map == NULL || is_guard_expr(l, node->map.map));
    case NODE_MAP_FIELD_ASSOC:
    case NODE_MAP_FIELD_EXACT:
        return is_guard_expr(l, node->pair.left) && is_guard_expr(l, node->pair.right);
    case NODE_RECORD:
        return is_guard_record(l, node);
    case NODE_RECORD_ACCESS:
        return is_guard_expr(l, node->record_access.expr);
    case NODE_UNARY:
        return is_guard_expr(l, node->unary.operand);
    case NODE_BINARY:
        return is_guard_operator((Operator) node->op) && is_guard_expr(l, node->pair.left) &&
               is_guard_expr(l, node->pair.right);
    case NODE_CALL:
        return is_guard_call(l, node);
    default:
        return false;
    }
}
