/* compiler/erl/lint_scope.c
 * What has clauses, and what has variables of its own: functions, funs, comprehensions, case, if,
 * receive, try, maybe. A variable that all clauses bind is known behind the construct; one that
 * only some of them bind is unsafe there. */
#include "compiler/erl/lint_internal.h"

/* ---- clauses that share the variables around them ---- */

/* The variable of a catch clause's stack trace; VAR_ANONYMOUS: none. */
static uint32_t stack_variable(const Clause *clause)
{
    const Node *pattern = clause->patterns.count == 1 ? clause->patterns.items[0] : NULL;
    if (pattern == NULL || pattern->kind != NODE_TUPLE || pattern->nodes.count != 3 ||
        pattern->nodes.items[2]->kind != NODE_VAR) {
        return VAR_ANONYMOUS;
    }
    return pattern->nodes.items[2]->var;
}

/* Does the pattern bind the variable? */
static bool mentions(const Node *pattern, uint32_t var)
{
    NodeList parts = {0};
    switch ((NodeKind) pattern->kind) {
    case NODE_VAR:
        return pattern->var == var;
    case NODE_TUPLE:
        parts = pattern->nodes;
        break;
    case NODE_LIST:
        if (pattern->list.tail != NULL && mentions(pattern->list.tail, var)) {
            return true;
        }
        parts = pattern->list.elements;
        break;
    case NODE_MATCH:
        return mentions(pattern->pair.left, var) || mentions(pattern->pair.right, var);
    case NODE_RECORD:
        parts = pattern->record.fields;
        break;
    case NODE_MAP:
        parts = pattern->map.fields;
        break;
    default:
        return false;
    }
    for (uint32_t i = 0; i < parts.count; i++) {
        const Node *part = parts.items[i];
        if (mentions(pattern->kind == NODE_RECORD || pattern->kind == NODE_MAP ? part->pair.right
                                                                               : part,
                     var)) {
            return true;
        }
    }
    return false;
}

/* Says it for each use of the variable in a guard. */
static void check_stack_guard(Linter *linter, const Node *node, uint32_t var)
{
    switch ((NodeKind) node->kind) {
    case NODE_VAR:
        if (node->var == var) {
            lint_error(linter, node->at, stacktrace_guard, lint_var(linter, var));
        }
        break;
    case NODE_BINARY:
        check_stack_guard(linter, node->pair.left, var);
        check_stack_guard(linter, node->pair.right, var);
        break;
    case NODE_UNARY:
        check_stack_guard(linter, node->unary.operand, var);
        break;
    case NODE_TUPLE:
        for (uint32_t i = 0; i < node->nodes.count; i++) {
            check_stack_guard(linter, node->nodes.items[i], var);
        }
        break;
    case NODE_LIST:
        for (uint32_t i = 0; i < node->list.elements.count; i++) {
            check_stack_guard(linter, node->list.elements.items[i], var);
        }
        if (node->list.tail != NULL) {
            check_stack_guard(linter, node->list.tail, var);
        }
        break;
    case NODE_CALL:
        for (uint32_t i = 0; i < node->call.args.count; i++) {
            check_stack_guard(linter, node->call.args.items[i], var);
        }
        break;
    default:
        break;
    }
}

static void check_stack_variable(Linter *linter, const Clause *clause)
{
    uint32_t var = stack_variable(clause);
    if (var == VAR_ANONYMOUS) {
        return;
    }
    const Node *pattern = clause->patterns.items[0];
    if (env_get(linter, var)->state != BIND_NONE || mentions(pattern->nodes.items[0], var) ||
        mentions(pattern->nodes.items[1], var)) {
        lint_error(linter, clause->patterns.items[0]->nodes.items[2]->at, stacktrace_bound,
                   lint_var(linter, var));
    }
    for (uint32_t i = 0; i < clause->guard_count; i++) {
        for (uint32_t k = 0; k < clause->guards[i].count; k++) {
            check_stack_guard(linter, clause->guards[i].items[k], var);
        }
    }
}

static Bindings clause_bindings(Linter *linter, const Clause *clause)
{
    uint32_t mark = env_mark(linter);
    PatternBindings head = lint_patterns(linter, clause->patterns, false);
    env_apply(linter, head.used);
    env_apply(linter, head.fresh);
    env_apply(linter, lint_guards(linter, clause->guards, clause->guard_count));
    env_apply(linter, lint_exprs(linter, clause->body));
    Bindings all = env_changes(linter, mark);
    env_undo(linter, mark);
    return all;
}

/* One variable, new here, over all clauses (`in`: what those that bind it say). */
static Binding export_binding(const Binding *in, uint32_t count, uint32_t clause_count,
                              Construct construct, Location where, Linter *linter)
{
    Binding out = {.var = in->var,
                   .state = BIND_EXPORTED,
                   .construct = (uint8_t) construct,
                   .where = where,
                   .is_used = true};
    const Places **unused = ARENA_ARRAY(&linter->arena, const Places *, count);
    const Places **all = ARENA_ARRAY(&linter->arena, const Places *, count);
    uint32_t unused_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (in[i].state == BIND_UNSAFE && out.state == BIND_UNSAFE) {
            out.construct = (uint8_t) construct; /* in more than one clause: of the whole */
            out.where = where;
        } else if (in[i].state == BIND_UNSAFE) {
            out.state = BIND_UNSAFE;
            out.construct = in[i].construct;
            out.where = in[i].where;
        }
        if (!in[i].is_used) {
            unused[unused_count++] = in[i].places;
        }
        all[i] = in[i].places;
    }
    if (count < clause_count) {
        out.state = BIND_UNSAFE;
        out.construct = (uint8_t) construct;
        out.where = where;
    }
    out.is_used = unused_count == 0;
    out.places = unused_count == 0 ? places_merge_all(linter, all, count)
                                   : places_merge_all(linter, unused, unused_count);
    return out;
}

static int compare_var(const Binding *a, const Binding *b)
{
    return a->var < b->var ? -1 : a->var > b->var;
}

/* What is known behind the construct, of what its clauses did. */
static Bindings export_clauses(Linter *linter, const Bindings clauses[], uint32_t clause_count,
                               Construct construct, Location where)
{
    BindingList all = {0}, out = {0};
    for (uint32_t i = 0; i < clause_count; i++) {
        binding_list_add_all(linter, &all, clauses[i]);
    }
    /* A stable sort by variable: runs are short and few. */
    for (uint32_t width = 1; width < all.count; width *= 2) {
        Binding *to = ARENA_ARRAY(&linter->arena, Binding, all.count);
        for (uint32_t low = 0; low < all.count; low += 2 * width) {
            uint32_t a = low, b = low + width < all.count ? low + width : all.count;
            uint32_t a_end = b, b_end = low + 2 * width < all.count ? low + 2 * width : all.count;
            for (uint32_t at = low; at < b_end; at++) {
                bool takes_a =
                    a < a_end && (b >= b_end || compare_var(&all.items[a], &all.items[b]) <= 0);
                to[at] = takes_a ? all.items[a++] : all.items[b++];
            }
        }
        all.items = to;
    }
    for (uint32_t i = 0, end; i < all.count; i = end) {
        for (end = i + 1; end < all.count && all.items[end].var == all.items[i].var; end++) {
        }
        const Binding *before = env_get(linter, all.items[i].var);
        if (before->state == BIND_NONE) {
            binding_list_add(
                linter, &out,
                export_binding(all.items + i, end - i, clause_count, construct, where, linter));
        } else {
            Binding used = *before;
            used.var = all.items[i].var;
            used.is_used = true;
            if (before->state == BIND_UNSAFE) {
                used.state = BIND_BOUND; /* it was said */
            }
            binding_list_add(linter, &out, used);
        }
    }
    return (Bindings){out.items, out.count};
}

static void all_clauses(Linter *linter, ClauseList clauses, Bindings out[], bool is_catch)
{
    for (uint32_t i = 0; i < clauses.count; i++) {
        if (is_catch) {
            check_stack_variable(linter, clauses.items[i]);
        }
        out[i] = clause_bindings(linter, clauses.items[i]);
    }
}

static Bindings shared_clauses(Linter *linter, ClauseList clauses, Construct construct,
                               Location where)
{
    Bindings *each = ARENA_ARRAY(&linter->arena, Bindings, clauses.count);
    all_clauses(linter, clauses, each, false);
    return export_clauses(linter, each, clauses.count, construct, where);
}

static Bindings case_expr(Linter *linter, const Node *node)
{
    uint32_t mark = env_mark(linter);
    env_apply(linter, lint_expr(linter, node->of.expr));
    env_apply(linter, shared_clauses(linter, node->of.clauses, CONSTRUCT_CASE, node->at));
    Bindings all = env_changes(linter, mark);
    env_undo(linter, mark);
    return all;
}

static Bindings receive_expr(Linter *linter, const Node *node)
{
    const struct ReceiveParts *parts = node->receive;
    if (parts->timeout == NULL) {
        return shared_clauses(linter, parts->clauses, CONSTRUCT_RECEIVE, node->at);
    }
    uint32_t mark = env_mark(linter), count = parts->clauses.count + 1;
    Bindings *each = ARENA_ARRAY(&linter->arena, Bindings, count);
    Bindings timeout = lint_expr(linter, parts->timeout);
    all_clauses(linter, parts->clauses, each, false);
    each[count - 1] = lint_exprs(linter, parts->after_body);
    Bindings exported = export_clauses(linter, each, count, CONSTRUCT_RECEIVE, node->at);
    Bindings both = bindings_merge(linter, timeout, exported);
    env_undo(linter, mark);
    return both;
}

static Bindings try_expr(Linter *linter, const Node *node)
{
    const struct TryParts *parts = node->try_;
    uint32_t mark = env_mark(linter);
    uint32_t of_count = parts->of_clauses.count, count = of_count + parts->catch_clauses.count;
    Bindings *each = ARENA_ARRAY(&linter->arena, Bindings, count);
    Bindings body = lint_exprs(linter, parts->body);
    Bindings unsafe_body = bindings_unsafe(linter, body, CONSTRUCT_TRY, node->at);
    env_apply(linter, body);
    all_clauses(linter, parts->of_clauses, each, false);
    env_undo(linter, mark);
    env_apply(linter, unsafe_body);
    all_clauses(linter, parts->catch_clauses, each + of_count, true);
    env_undo(linter, mark);
    Bindings exported = export_clauses(linter, each, count, CONSTRUCT_TRY, node->at);
    exported = bindings_unsafe(linter, exported, CONSTRUCT_TRY, node->at);
    Bindings before_after = bindings_merge(linter, unsafe_body, exported);
    env_apply(linter, before_after);
    Bindings after = lint_exprs(linter, parts->after_body);
    env_undo(linter, mark);
    after = bindings_unsafe(linter, after, CONSTRUCT_TRY, node->at);
    return bindings_merge(linter, before_after, after);
}

/* ---- maybe ---- */

static Bindings maybe_match(Linter *linter, const Node *node)
{
    uint32_t mark = env_mark(linter);
    Bindings value = lint_expr(linter, node->pair.right);
    env_apply(linter, value);
    PatternBindings pattern = lint_pattern(linter, node->pair.left, false);
    env_undo(linter, mark);
    env_apply(linter, bindings_merge(linter, value, pattern.used));
    env_apply(linter, pattern.fresh);
    Bindings all = env_changes(linter, mark);
    env_undo(linter, mark);
    return all;
}

static Bindings maybe_expr(Linter *linter, const Node *node)
{
    uint32_t mark = env_mark(linter);
    Bindings body = lint_exprs(linter, node->maybe.body);
    body = bindings_unsafe(linter, body, CONSTRUCT_MAYBE, node->at);
    if (node->maybe.else_ == NULL) {
        return body;
    }
    env_apply(linter, body);
    ClauseList clauses = node->maybe.else_->clauses;
    Bindings *each = ARENA_ARRAY(&linter->arena, Bindings, clauses.count);
    all_clauses(linter, clauses, each, false);
    env_undo(linter, mark);
    Location at = node->maybe.else_->at;
    Bindings others = export_clauses(linter, each, clauses.count, CONSTRUCT_ELSE, at);
    others = bindings_unsafe(linter, others, CONSTRUCT_ELSE, at);
    return bindings_merge(linter, body, others);
}

/* ---- clauses with variables of their own ---- */

/* What is hidden by a variable of the same name. */
typedef struct Hidden {
    BindingList outer;
} Hidden;

/* The first place of a head's variable that is not one of the hidden variable's: a size in the head
 * may have used that one. */
static Location fresh_place(const Places *places, const Places *before)
{
    for (uint32_t i = 0; i < places->count; i++) {
        bool is_old = false;
        for (uint32_t k = 0; before != NULL && k < before->count; k++) {
            is_old |= memcmp(&before->at[k], &places->at[i], sizeof(Location)) == 0;
        }
        if (!is_old) {
            return places->at[i];
        }
    }
    return places->at[0];
}

static void hide(Linter *linter, Hidden *hidden, PatternBindings head, const char *in,
                 uint32_t mark)
{
    Bindings fresh = head.fresh;
    bool *was_unsafe = arena_alloc_zero(&linter->arena, fresh.count + 1);
    for (uint32_t i = 0; i < fresh.count; i++) {
        was_unsafe[i] = env_get(linter, fresh.items[i].var)->state == BIND_UNSAFE;
    }
    env_apply(linter, head.used);
    for (uint32_t i = 0; i < fresh.count; i++) {
        uint32_t var = fresh.items[i].var;
        const Binding *before = env_get(linter, var);
        if (before->state == BIND_NONE) {
            continue;
        }
        if (!was_unsafe[i]) {
            lint_warn(linter, LINT_SHADOW_VARS, fresh_place(fresh.items[i].places, before->places),
                      shadowed_var, lint_var(linter, var), atom_of(in));
        }
        /* Was it from here already? Then that one is gone for good. */
        bool is_hidden = bindings_find((Bindings){hidden->outer.items, hidden->outer.count}, var);
        for (uint32_t k = mark; k < linter->trail_count && !is_hidden; k++) {
            is_hidden = linter->trail[k].var == var && linter->trail[k].state == BIND_NONE;
        }
        for (uint32_t k = 0; k < hidden->outer.count && !is_hidden; k++) {
            is_hidden = hidden->outer.items[k].var == var;
        }
        if (is_hidden) {
            warn_unused_binding(linter, before);
        } else {
            Binding outer = *before;
            outer.var = var;
            binding_list_add(linter, &hidden->outer, outer);
        }
    }
    env_apply(linter, fresh);
}

/* Ends a scope begun at `mark`: warns of its own variables that were not used, and answers what it
 * did to those around it. */
static Bindings end_scope(Linter *linter, Hidden *hidden, uint32_t mark)
{
    Bindings inner = env_changes(linter, mark);
    env_undo(linter, mark);
    BindingList out = {0};
    for (uint32_t i = 0; i < inner.count; i++) {
        const Binding *outer = NULL;
        for (uint32_t k = 0; k < hidden->outer.count && outer == NULL; k++) {
            if (hidden->outer.items[k].var == inner.items[i].var) {
                outer = &hidden->outer.items[k];
            }
        }
        if (outer != NULL) {
            warn_unused_binding(linter, &inner.items[i]);
            binding_list_add(linter, &out, *outer);
        } else if (env_get(linter, inner.items[i].var)->state == BIND_NONE) {
            warn_unused_binding(linter, &inner.items[i]);
        } else {
            binding_list_add(linter, &out, inner.items[i]);
        }
    }
    return (Bindings){out.items, out.count};
}

static Bindings fun_clause(Linter *linter, const Clause *clause, const char *in)
{
    uint32_t mark = env_mark(linter);
    Hidden hidden = {0};
    bool was_in_record = linter->is_in_record;
    linter->is_in_record = false;
    PatternBindings head = lint_patterns(linter, clause->patterns, true);
    hide(linter, &hidden, head, in, mark);
    env_apply(linter, lint_guards(linter, clause->guards, clause->guard_count));
    env_apply(linter, lint_exprs(linter, clause->body));
    linter->is_in_record = was_in_record;
    return end_scope(linter, &hidden, mark);
}

static Bindings fun_clauses(Linter *linter, ClauseList clauses)
{
    BindingList list = {0};
    for (uint32_t i = 0; i < clauses.count; i++) {
        binding_list_add_all(linter, &list, fun_clause(linter, clauses.items[i], "fun"));
    }
    return bindings_gather(list, linter);
}

static Bindings named_fun_expr(Linter *linter, const Node *node)
{
    uint32_t var = node->named_fun.var;
    if (var == VAR_ANONYMOUS) {
        return fun_clauses(linter, node->named_fun.clauses);
    }
    uint32_t mark = env_mark(linter);
    Hidden hidden = {0};
    Binding name = {.var = var, .state = BIND_BOUND, .places = places_of(linter, node->at)};
    hide(linter, &hidden, (PatternBindings){.fresh = {&name, 1}}, "named fun", mark);
    env_apply(linter, fun_clauses(linter, node->named_fun.clauses));
    if (hidden.outer.count > 0) {
        /* As erlc has it: a use of the fun's name counts for the variable that it hides. */
        hidden.outer.items[0].is_used =
            hidden.outer.items[0].is_used || env_get(linter, var)->is_used;
    }
    return end_scope(linter, &hidden, mark);
}

Bindings lint_clauses_expr(Linter *linter, const Node *node)
{
    switch ((NodeKind) node->kind) {
    case NODE_IF:
        return shared_clauses(linter, node->clauses, CONSTRUCT_IF, node->at);
    case NODE_CASE:
        return case_expr(linter, node);
    case NODE_RECEIVE:
        return receive_expr(linter, node);
    case NODE_TRY:
        return try_expr(linter, node);
    case NODE_MAYBE:
        return maybe_expr(linter, node);
    case NODE_MAYBE_MATCH:
        return maybe_match(linter, node);
    case NODE_FUN:
        return fun_clauses(linter, node->clauses);
    default:
        ASSERT(node->kind == NODE_NAMED_FUN);
        return named_fun_expr(linter, node);
    }
}

/* ---- comprehensions ---- */

static void generator(Linter *linter, Hidden *hidden, const Node *node, uint32_t mark)
{
    Bindings source = lint_expr(linter, node->pair.right);
    warn_unused(linter, bindings_new(linter, source));
    env_apply(linter, bindings_old(linter, source));
    bool is_bits = node->kind == NODE_B_GENERATE || node->kind == NODE_B_GENERATE_STRICT;
    Node *pattern = node->pair.left;
    if (is_bits && pattern->kind == NODE_BIN) {
        for (uint32_t i = 0; i < pattern->nodes.count; i++) {
            if (bit_field_is_rest(pattern->nodes.items[i])) {
                lint_error(linter, pattern->nodes.items[i]->at, unsized_binary_in_bin_gen_pattern);
            }
        }
    }
    NodeList parts = {&pattern, 1};
    if (node->kind == NODE_M_GENERATE || node->kind == NODE_M_GENERATE_STRICT) {
        Node **items = ARENA_ARRAY(&linter->arena, Node *, 2);
        items[0] = pattern->pair.left;
        items[1] = pattern->pair.right;
        parts = (NodeList){items, 2};
    }
    PatternBindings bound = lint_patterns(linter, parts, true);
    hide(linter, hidden, bound, "generate", mark);
}

static void qualifier(Linter *linter, Hidden *hidden, const Node *node, uint32_t mark)
{
    switch ((NodeKind) node->kind) {
    case NODE_GENERATE:
    case NODE_B_GENERATE:
    case NODE_M_GENERATE:
    case NODE_GENERATE_STRICT:
    case NODE_B_GENERATE_STRICT:
    case NODE_M_GENERATE_STRICT:
        generator(linter, hidden, node, mark);
        break;
    case NODE_ZIP:
        for (uint32_t i = 0; i < node->nodes.count; i++) {
            qualifier(linter, hidden, node->nodes.items[i], mark);
        }
        break;
    default:
        env_apply(linter, node_is_guard(linter, node) ? lint_guard_expr(linter, node, IN_GUARD)
                                                      : lint_expr(linter, node));
    }
}

Bindings lint_comprehension(Linter *linter, const Node *node)
{
    uint32_t mark = env_mark(linter);
    Hidden hidden = {0};
    bool was_in_record = linter->is_in_record;
    linter->is_in_record = false;
    for (uint32_t i = 0; i < node->comprehension.qualifiers.count; i++) {
        qualifier(linter, &hidden, node->comprehension.qualifiers.items[i], mark);
    }
    env_apply(linter, lint_expr(linter, node->comprehension.result));
    linter->is_in_record = was_in_record;
    return end_scope(linter, &hidden, mark);
}

/* ---- functions ---- */

void lint_function_clauses(Linter *linter, ClauseList clauses)
{
    for (uint32_t i = 0; i < clauses.count; i++) {
        warn_unused(linter, clause_bindings(linter, clauses.items[i]));
    }
}
