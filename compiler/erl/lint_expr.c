/* compiler/erl/lint_expr.c
 * Expressions without clauses. Parts that are evaluated side by side (arguments, elements) see the
 * same variables; what they bind is merged. */
#include "compiler/erl/lint_internal.h"

static const Bindings none;

Bindings lint_exprs(Linter *linter, NodeList nodes)
{
    if (nodes.count == 1) {
        return lint_expr(linter, nodes.items[0]);
    }
    uint32_t mark = env_mark(linter);
    for (uint32_t i = 0; i < nodes.count; i++) {
        env_apply(linter, lint_expr(linter, nodes.items[i]));
    }
    Bindings all = env_changes(linter, mark);
    env_undo(linter, mark);
    return all;
}

Bindings lint_expr_list(Linter *linter, NodeList nodes)
{
    if (nodes.count == 1) {
        return lint_expr(linter, nodes.items[0]);
    }
    BindingList list = {0};
    for (uint32_t i = 0; i < nodes.count; i++) {
        binding_list_add_all(linter, &list, lint_expr(linter, nodes.items[i]));
    }
    return bindings_gather_beside(list, linter);
}

static Bindings pair(Linter *linter, const Node *left, const Node *right)
{
    Bindings first = lint_expr(linter, left);
    return bindings_merge_beside(linter, first, lint_expr(linter, right));
}

static Bindings list_expr(Linter *linter, const Node *node)
{
    Bindings all = lint_expr_list(linter, node->list.elements);
    return node->list.tail == NULL
               ? all
               : bindings_merge_beside(linter, all, lint_expr(linter, node->list.tail));
}

static Bindings map_expr(Linter *linter, const Node *node)
{
    BindingList list = {0};
    if (node->map.map != NULL) {
        binding_list_add_all(linter, &list, lint_expr(linter, node->map.map));
    }
    for (uint32_t i = 0; i < node->map.fields.count; i++) {
        const Node *field = node->map.fields.items[i];
        if (field->kind == NODE_MAP_FIELD_EXACT && node->map.map == NULL) {
            lint_error(linter, field->at, illegal_map_construction);
        }
        binding_list_add_all(linter, &list, pair(linter, field->pair.left, field->pair.right));
    }
    return bindings_gather_beside(list, linter);
}

static Bindings short_circuit(Linter *linter, const Node *node)
{
    uint32_t mark = env_mark(linter);
    Construct construct = node->op == OP_ANDALSO ? CONSTRUCT_ANDALSO : CONSTRUCT_ORELSE;
    env_apply(linter, lint_expr(linter, node->pair.left));
    Bindings right = lint_expr(linter, node->pair.right);
    env_apply(linter, bindings_unsafe(linter, right, construct, node->at));
    Bindings all = env_changes(linter, mark);
    env_undo(linter, mark);
    return all;
}

static Bindings match_expr(Linter *linter, const Node *node)
{
    uint32_t mark = env_mark(linter);
    lint_parallel_match(linter, node);
    Bindings value = lint_expr(linter, node->pair.right);
    env_apply(linter, value);
    PatternBindings pattern = lint_pattern(linter, node->pair.left, false);
    env_undo(linter, mark);
    Bindings all = bindings_merge(linter, value, pattern.used);
    env_apply(linter, all);
    env_apply(linter, pattern.fresh);
    all = env_changes(linter, mark);
    env_undo(linter, mark);
    return all;
}

static Bindings catch_expr(Linter *linter, const Node *node)
{
    Bindings all = lint_expr(linter, node->unary.operand);
    return bindings_unsafe(linter, all, CONSTRUCT_CATCH, node->at);
}

static Bindings fun_remote_expr(Linter *linter, const Node *node)
{
    Bindings function = pair(linter, node->fun_remote.module, node->fun_remote.name);
    return bindings_merge_beside(linter, function, lint_expr(linter, node->fun_remote.arity));
}

Bindings lint_expr(Linter *linter, const Node *node)
{
    switch ((NodeKind) node->kind) {
    case NODE_ATOM:
    case NODE_INTEGER:
    case NODE_CHAR:
    case NODE_FLOAT:
    case NODE_STRING:
        return none;
    case NODE_VAR:
        return lint_variable(linter, node->var, node->at);
    case NODE_LIST:
        return list_expr(linter, node);
    case NODE_TUPLE:
        return lint_expr_list(linter, node->nodes);
    case NODE_BIN:
        return lint_bits(linter, node, false, IN_GUARD);
    case NODE_MAP:
        return map_expr(linter, node);
    case NODE_RECORD:
    case NODE_RECORD_INDEX:
    case NODE_RECORD_ACCESS:
        return lint_record_expr(linter, node, false, IN_GUARD);
    case NODE_MATCH:
        return match_expr(linter, node);
    case NODE_UNARY:
        return lint_expr(linter, node->unary.operand);
    case NODE_BINARY:
        return node->op == OP_ANDALSO || node->op == OP_ORELSE
                   ? short_circuit(linter, node)
                   : pair(linter, node->pair.left, node->pair.right);
    case NODE_CALL:
        return lint_call(linter, node);
    case NODE_CATCH:
        return catch_expr(linter, node);
    case NODE_BLOCK:
        return lint_exprs(linter, node->nodes);
    case NODE_IF:
    case NODE_CASE:
    case NODE_RECEIVE:
    case NODE_TRY:
    case NODE_MAYBE:
    case NODE_MAYBE_MATCH:
    case NODE_FUN:
    case NODE_NAMED_FUN:
        return lint_clauses_expr(linter, node);
    case NODE_FUN_LOCAL:
        return lint_function_reference(linter, node);
    case NODE_FUN_REMOTE:
        return fun_remote_expr(linter, node);
    case NODE_LIST_COMPREHENSION:
    case NODE_BIN_COMPREHENSION:
    case NODE_MAP_COMPREHENSION:
        return lint_comprehension(linter, node);
    case NODE_MAP_FIELD_ASSOC:
    case NODE_MAP_FIELD_EXACT: /* the result of a map comprehension */
        return pair(linter, node->pair.left, node->pair.right);
    default:
        lint_error(linter, node_first_location(node), illegal_expr);
        return none;
    }
}
