/* compiler/erl/lower_pattern.c
 * Patterns. A variable that is bound already (or was earlier in the same pattern) is compared. */
#include "compiler/erl/lower_internal.h"

static CorePattern *illegal(Lower *l, const Node *node)
{
    lower_error(l, node->at, "illegal pattern");
    return core_pattern_var(l->core, NULL);
}

static CorePattern *equal(Lower *l, Core *value)
{
    CorePattern *pattern = core_pattern(l->core, PATTERN_EQUAL);
    pattern->value = value;
    return pattern;
}

Core *lower_in_pattern(Lower *l, const Node *node)
{
    bool was_in_pattern = l->in_pattern, was_in_guard = l->in_guard;
    l->in_pattern = l->in_guard = true;
    Core *core = lower_operand(l, node);
    l->in_pattern = was_in_pattern;
    l->in_guard = was_in_guard;
    return core;
}

/* In a head, keys are from outside of it. */
static Core *key_in_pattern(Lower *l, const Node *node)
{
    l->hidden_from = l->fresh_stamp;
    l->hidden_to = l->fresh_stamp == 0 ? 0 : UINT32_MAX;
    Core *core = lower_in_pattern(l, node);
    l->hidden_to = 0;
    return core;
}

static CorePattern *var_pattern(Lower *l, const Node *node)
{
    if (node->var == VAR_ANONYMOUS) {
        return core_pattern_var(l->core, NULL);
    }
    if (scope_is_bound(l, node->var)) {
        CorePattern *pattern = equal(l, lower_in_pattern(l, node));
        /* Sizes further on in the same binary see it, and so do funs in this operand. */
        scope_touch(l, node->var);
        return pattern;
    }
    return core_pattern_var(l->core, scope_bind(l, node->var));
}

static CorePattern *cons_pattern(Lower *l, CorePattern *head, CorePattern *tail)
{
    if (head->kind == PATTERN_LITERAL && tail->kind == PATTERN_LITERAL) {
        return core_pattern_literal(l->core,
                                    make_cons(l->core->space, head->literal, tail->literal));
    }
    CorePattern *pattern = core_pattern(l->core, PATTERN_CONS);
    pattern->pair.left = head;
    pattern->pair.right = tail;
    return pattern;
}

/* [P1, P2 … | Rest]; `rest` NULL: []. */
static CorePattern *list_pattern(Lower *l, NodeList elements, const Node *rest)
{
    CorePattern **items = ARENA_ARRAY(l->arena, CorePattern *, elements.count);
    for (uint32_t i = 0; i < elements.count; i++) {
        items[i] = lower_pattern(l, elements.items[i]);
    }
    CorePattern *list =
        rest == NULL ? core_pattern_literal(l->core, TERM_NIL) : lower_pattern(l, rest);
    for (uint32_t i = elements.count; i-- > 0;) {
        list = cons_pattern(l, items[i], list);
    }
    return list;
}

static CorePattern *tuple_pattern(Lower *l, const Node *node)
{
    uint32_t count = node->nodes.count;
    CorePattern *pattern = core_pattern(l->core, PATTERN_TUPLE);
    pattern->tuple.items = ARENA_ARRAY(l->arena, CorePattern *, count);
    pattern->tuple.count = count;
    bool is_literal = true;
    for (uint32_t i = 0; i < count; i++) {
        pattern->tuple.items[i] = lower_pattern(l, node->nodes.items[i]);
        is_literal &= pattern->tuple.items[i]->kind == PATTERN_LITERAL;
    }
    if (is_literal && count < 256) {
        Term elements[256];
        for (uint32_t i = 0; i < count; i++) {
            elements[i] = pattern->tuple.items[i]->literal;
        }
        return core_pattern_literal(l->core, make_tuple(l->core->space, elements, count));
    }
    return pattern;
}

static CorePattern *map_pattern(Lower *l, const Node *node)
{
    NodeList fields = node->map.fields;
    if (node->map.map != NULL) {
        return illegal(l, node);
    }
    CorePattern *pattern = core_pattern(l->core, PATTERN_MAP);
    pattern->map.keys = ARENA_ARRAY(l->arena, Core *, fields.count);
    pattern->map.values = ARENA_ARRAY(l->arena, CorePattern *, fields.count);
    pattern->map.count = fields.count;
    for (uint32_t i = 0; i < fields.count; i++) {
        pattern->map.keys[i] = key_in_pattern(l, fields.items[i]->pair.left);
        pattern->map.values[i] = lower_pattern(l, fields.items[i]->pair.right);
    }
    return pattern;
}

/* "abc" ++ P, and [A, B] ++ P */
static CorePattern *append_pattern(Lower *l, const Node *node)
{
    const Node *left = node->pair.left;
    if (left->kind == NODE_LIST && left->list.tail == NULL) {
        return list_pattern(l, left->list.elements, node->pair.right);
    }
    if (left->kind != NODE_STRING) {
        return illegal(l, node);
    }
    CorePattern *list = lower_pattern(l, node->pair.right);
    for (uint32_t i = left->string.count; i-- > 0;) {
        Term character = term_small(left->string.characters[i]);
        list = cons_pattern(l, core_pattern_literal(l->core, character), list);
    }
    return list;
}

CorePattern *lower_pattern(Lower *l, const Node *node)
{
    switch ((NodeKind) node->kind) {
    case NODE_VAR:
        return var_pattern(l, node);
    case NODE_STRING:
        return core_pattern_literal(l->core, string_term(l, node));
    case NODE_LIST:
        return list_pattern(l, node->list.elements, node->list.tail);
    case NODE_TUPLE:
        return tuple_pattern(l, node);
    case NODE_MAP:
        return map_pattern(l, node);
    case NODE_BIN:
        return lower_binary_pattern(l, node);
    case NODE_RECORD:
    case NODE_RECORD_INDEX:
        return lower_record_pattern(l, node);
    case NODE_MATCH: {
        CorePattern *both = core_pattern(l->core, PATTERN_BOTH);
        both->pair.left = lower_pattern(l, node->pair.left);
        both->pair.right = lower_pattern(l, node->pair.right);
        return both;
    }
    case NODE_BINARY:
        if (node->op == OP_APPEND) {
            return append_pattern(l, node);
        }
        break;
    default:
        break;
    }
    Term constant = fold_constant(l, node);
    return constant == TERM_NONE ? illegal(l, node) : core_pattern_literal(l->core, constant);
}
