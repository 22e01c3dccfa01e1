/* compiler/erl/lint_pattern.c
 * Patterns. A variable met for the second time in one pattern is compared, which counts as a use;
 * one bound before the pattern is compared as well, except in heads of funs and in generators,
 * where every variable is new. */
#include "compiler/erl/lint_internal.h"

static void pattern_variable(Linter *linter, PatternScope *scope, const Node *node)
{
    uint32_t var = node->var;
    Location at = node->at;
    if (var == VAR_ANONYMOUS) {
        return;
    }
    Binding binding = {.var = var, .state = BIND_BOUND, .places = places_of(linter, at)};
    if (linter->pattern_stamp[var] == scope->stamp) { /* again in this pattern */
        if (var_is_private(linter, var)) {
            Location first = linter->pattern_place[var];
            for (int i = first.line == 0; i < 2; i++) {
                lint_warn(linter, LINT_UNDERSCORE_MATCH, i == 0 ? first : at,
                          match_underscore_var_pat, lint_var(linter, var));
            }
            linter->pattern_place[var].line = 0; /* the first is told once */
        }
        lint_note_compared(linter, node);
        binding.is_used = true;
        binding_list_add(linter, &scope->fresh, binding);
        return;
    }
    const Binding *before = env_get(linter, var);
    if (!scope->is_fresh && before->state != BIND_NONE) {
        lint_note_compared(linter, node);
        Bindings used;
        if (before->state == BIND_EXPORTED) {
            /* Always told, as it was perhaps meant to be a new variable. */
            lint_warn_always(linter, at, exported_var, lint_var(linter, var),
                             construct_atom(before->construct), lint_place(linter, before->where));
            used.items = ARENA_NEW(&linter->arena, Binding);
            *used.items = *before;
            used.items->var = var;
            used.items->state = BIND_BOUND;
            used.items->is_used = true;
            used.count = 1;
        } else {
            used = lint_variable(linter, var, at);
        }
        if (var_is_private(linter, var)) {
            lint_warn(linter, LINT_UNDERSCORE_MATCH, at, match_underscore_var,
                      lint_var(linter, var));
        }
        binding_list_add_all(linter, &scope->used, used);
        return;
    }
    if (linter->is_in_record && !scope->is_fresh) {
        lint_error(linter, at, variable_in_record_def, lint_var(linter, var));
    }
    linter->pattern_stamp[var] = scope->stamp;
    linter->pattern_place[var] = at;
    binding_list_add(linter, &scope->fresh, binding);
}

bool node_is_constant_pattern(const Node *node)
{
    switch ((NodeKind) node->kind) {
    case NODE_INTEGER:
    case NODE_CHAR:
    case NODE_FLOAT:
        return true;
    case NODE_UNARY:
        return node->op != OP_NOT && node_is_constant_pattern(node->unary.operand);
    case NODE_BINARY:
        return node->op <= OP_BSR && node_is_constant_pattern(node->pair.left) &&
               node_is_constant_pattern(node->pair.right);
    default:
        return false;
    }
}

static void pattern_map(Linter *linter, PatternScope *scope, const Node *node)
{
    if (node->map.map != NULL) {
        lint_error(linter, node->at, illegal_pattern);
        return;
    }
    for (uint32_t i = 0; i < node->map.fields.count; i++) {
        const Node *field = node->map.fields.items[i];
        if (field->kind != NODE_MAP_FIELD_EXACT) {
            lint_error(linter, field->at, illegal_pattern);
            continue;
        }
        Bindings key = lint_guard_expr(linter, field->pair.left, IN_MAP_KEY);
        binding_list_add_all(linter, &scope->used, key);
        pattern_node(linter, scope, field->pair.right);
    }
}

/* "prefix" ++ Rest */
static bool is_string_prefix(const Node *node)
{
    if (node->kind != NODE_BINARY || node->op != OP_APPEND) {
        return false;
    }
    const Node *left = node->pair.left;
    if (left->kind != NODE_LIST || left->list.tail != NULL) {
        return left->kind == NODE_STRING;
    }
    for (uint32_t i = 0; i < left->list.elements.count; i++) {
        NodeKind kind = (NodeKind) left->list.elements.items[i]->kind;
        if (kind != NODE_CHAR && kind != NODE_INTEGER) {
            return false;
        }
    }
    return true;
}

static void unbound_keys(Linter *linter, const Node *map)
{
    for (uint32_t i = 0; i < map->map.fields.count; i++) {
        const Node *key = map->map.fields.items[i]->pair.left;
        if (key->kind == NODE_VAR && key->var != VAR_ANONYMOUS &&
            env_get(linter, key->var)->state == BIND_NONE) {
            lint_error(linter, key->at, unbound_var, lint_var(linter, key->var));
        }
    }
}

/* Maps that are matched with the same value: neither can bind a key of the other. */
static void parallel_keys(Linter *linter, const Node *a, const Node *b)
{
    if (a->kind == NODE_MAP && b->kind == NODE_MAP) {
        unbound_keys(linter, a);
        unbound_keys(linter, b);
    } else if (a->kind == NODE_TUPLE && b->kind == NODE_TUPLE && a->nodes.count == b->nodes.count) {
        for (uint32_t i = 0; i < a->nodes.count; i++) {
            parallel_keys(linter, a->nodes.items[i], b->nodes.items[i]);
        }
    } else if (a->kind == NODE_LIST && b->kind == NODE_LIST) {
        for (uint32_t i = 0; i < a->list.elements.count && i < b->list.elements.count; i++) {
            parallel_keys(linter, a->list.elements.items[i], b->list.elements.items[i]);
        }
    }
}

void lint_parallel_match(Linter *linter, const Node *match)
{
    for (const Node *right = match->pair.right; right->kind == NODE_MATCH;
         right = right->pair.right) {
        parallel_keys(linter, match->pair.left, right->pair.left);
    }
}

static void pattern_list(Linter *linter, PatternScope *scope, NodeList nodes)
{
    for (uint32_t i = 0; i < nodes.count; i++) {
        pattern_node(linter, scope, nodes.items[i]);
    }
}

void pattern_node(Linter *linter, PatternScope *scope, const Node *node)
{
    switch ((NodeKind) node->kind) {
    case NODE_VAR:
        pattern_variable(linter, scope, node);
        return;
    case NODE_ATOM:
    case NODE_INTEGER:
    case NODE_CHAR:
    case NODE_FLOAT:
    case NODE_STRING:
        return;
    case NODE_LIST:
        pattern_list(linter, scope, node->list.elements);
        if (node->list.tail != NULL) {
            pattern_node(linter, scope, node->list.tail);
        }
        return;
    case NODE_TUPLE:
        pattern_list(linter, scope, node->nodes);
        return;
    case NODE_MAP:
        pattern_map(linter, scope, node);
        return;
    case NODE_BIN:
        pattern_bits(linter, scope, node);
        return;
    case NODE_RECORD:
    case NODE_RECORD_INDEX:
        pattern_record(linter, scope, node);
        return;
    case NODE_MATCH:
        pattern_node(linter, scope, node->pair.left);
        pattern_node(linter, scope, node->pair.right);
        return;
    case NODE_UNARY:
    case NODE_BINARY:
        if (is_string_prefix(node)) {
            pattern_node(linter, scope, node->pair.left);
            pattern_node(linter, scope, node->pair.right);
            return;
        }
        if (node_is_constant_pattern(node)) {
            return;
        }
        break;
    default:
        break;
    }
    lint_error(linter, node->at, illegal_pattern);
}

PatternBindings lint_patterns(Linter *linter, NodeList patterns, bool is_fresh)
{
    PatternScope scope = {.is_fresh = is_fresh, .stamp = ++linter->stamp};
    pattern_list(linter, &scope, patterns);
    PatternBindings all = {bindings_gather(scope.used, linter),
                           bindings_gather(scope.fresh, linter)};
    for (uint32_t i = 0; i < all.fresh.count; i++) {
        /* Unbound where a size or key wanted it, and bound beside: that is told, and enough. */
        const Binding *used = bindings_find(all.used, all.fresh.items[i].var);
        if (used != NULL && env_get(linter, used->var)->state == BIND_NONE) {
            all.fresh.items[i].is_used = true;
        }
    }
    return all;
}

PatternBindings lint_pattern(Linter *linter, Node *pattern, bool is_fresh)
{
    return lint_patterns(linter, (NodeList){&pattern, 1}, is_fresh);
}
