/* compiler/erl/lower_expr.c
 * Expressions, bodies and clauses.
 *
 * Operands are lowered from right to left: it decides nothing but the numbers of funs, which erlc
 * gives so. The exception is {X = 1, X = 1}, where one operand compares with what one to the left
 * of it binds: where an operand binds anything, the whole function is lowered once more, from left
 * to right. */
#include "compiler/erl/lower_internal.h"

#include "runtime/term/arith.h"

#include <stdio.h>

Core *literal_atom(Lower *l, CoreAt at, Term atom)
{
    return core_literal(l->core, at, atom);
}

Term string_term(Lower *l, const Node *node)
{
    Term list = TERM_NIL;
    for (uint32_t i = node->string.count; i-- > 0;) {
        list = make_cons(l->core->space, term_small(node->string.characters[i]), list);
    }
    return list;
}

/* ---- operands ---- */

Core *lower_operand(Lower *l, const Node *node)
{
    if (node->kind != NODE_MATCH) { /* nothing else binds in the scope at hand */
        return lower_expr(l, node);
    }
    Scope *scope = scope_open(l, NULL);
    Core *core = lower_expr(l, node);
    scope_close(l, scope);
    return core;
}

/* An operand lowered before one to the left of it. */
static Core *lower_early(Lower *l, const Node *node)
{
    uint32_t mark = scope_mark(l);
    Core *core = lower_operand(l, node);
    for (uint32_t i = mark; i < l->trail_count; i++) {
        l->needs_forward |= l->trail[i].before.var == NULL;
    }
    return core;
}

void lower_two(Lower *l, const Node *first, const Node *second, Core **first_out, Core **second_out)
{
    bool is_forward = l->is_forward && first != NULL;
    if (is_forward) {
        siblings_start(l);
        *first_out = lower_operand(l, first);
        siblings_next(l);
    }
    if (second != NULL) {
        *second_out =
            l->is_forward || first == NULL ? lower_operand(l, second) : lower_early(l, second);
    }
    if (is_forward) {
        siblings_end(l);
    } else if (first != NULL) {
        *first_out = lower_operand(l, first);
    }
}

Core **lower_operands(Lower *l, NodeList nodes)
{
    Core **cores = ARENA_ARRAY(l->arena, Core *, nodes.count);
    if (l->is_forward) {
        siblings_start(l);
        for (uint32_t i = 0; i < nodes.count; i++) {
            cores[i] = lower_operand(l, nodes.items[i]);
            siblings_next(l);
        }
        siblings_end(l);
        return cores;
    }
    for (uint32_t i = nodes.count; i-- > 0;) {
        cores[i] = i == 0 ? lower_operand(l, nodes.items[i]) : lower_early(l, nodes.items[i]);
    }
    return cores;
}

static Core *make_items(Lower *l, CoreKind kind, CoreAt at, Core **items, uint32_t count)
{
    Core *core = core_node(l->core, kind, at);
    core->items = items;
    core->count = count;
    return core;
}

static Core *lower_list(Lower *l, const Node *node)
{
    CoreAt at = lower_at(l, node->at);
    uint32_t count = node->list.elements.count;
    Core *tail = NULL;
    if (node->list.tail == NULL) {
        tail = core_literal(l->core, at, TERM_NIL);
    } else if (!l->is_forward) {
        tail = lower_early(l, node->list.tail);
    }
    if (count == 0 && tail != NULL) {
        return tail;
    }
    siblings_start(l);
    Core *core = make_items(l, CORE_LIST, at, lower_operands(l, node->list.elements), count);
    siblings_next(l);
    core->tail = tail != NULL ? tail : lower_operand(l, node->list.tail);
    siblings_end(l);
    return core_fold(l->core, core);
}

static Core *lower_var(Lower *l, const Node *node)
{
    CoreAt at = lower_at(l, node->at);
    CoreFunction *named = scope_named(l, node->var);
    if (named != NULL) {
        return core_call(l->core, CORE_FUN, at, l->function, named, NULL, 0);
    }
    CoreVar *var = node->var == VAR_ANONYMOUS ? NULL : scope_use(l, node->var);
    if (var == NULL) {
        lower_error(l, node->at, "variable '%s' is unbound",
                    atom_name(erl_unit_variable_name(l->unit, node->var)));
        return literal_atom(l, at, ATOM_OF(undefined));
    }
    return core_use(l->core, at, var);
}

/* ---- maps ---- */

Core *lower_keep(Lower *l, Core *body, Core *value)
{
    if (value->kind == CORE_LITERAL || value->kind == CORE_VAR) {
        return value;
    }
    CoreAt at = {value->line, value->file};
    CoreVar *var = scope_temporary(l);
    Core *match = core_node(l->core, CORE_MATCH, at);
    match->match.pattern = core_pattern_var(l->core, var);
    match->match.value = value;
    body->items[body->count++] = match;
    return core_use(l->core, at, var);
}

static Core *map_step(Lower *l, CoreAt at, Core *base, Core **pairs, uint32_t count, bool is_exact)
{
    Core *core = core_node(l->core, CORE_MAP, at);
    core->map.base = base;
    core->map.pairs = pairs;
    core->map.count = count;
    core->map.is_exact = is_exact;
    return core_fold(l->core, core);
}

/* M#{A => B, C := D …}: one step for each run of equal operators, all operands evaluated before. */
static Core *lower_map(Lower *l, const Node *node)
{
    CoreAt at = lower_at(l, node->at);
    NodeList fields = node->map.fields;
    Core *base = node->map.map == NULL ? NULL : lower_operand(l, node->map.map);
    Core **pairs = ARENA_ARRAY(l->arena, Core *, fields.count * 2);
    uint32_t runs = 1;
    for (uint32_t i = 0; i < fields.count; i++) {
        const Node *field = fields.items[i];
        pairs[2 * i] = lower_operand(l, field->pair.left);
        pairs[2 * i + 1] = lower_operand(l, field->pair.right);
        runs += i > 0 && field->kind != fields.items[i - 1]->kind;
    }
    if (base == NULL && fields.count == 0) {
        return map_step(l, at, NULL, pairs, 0, false);
    }
    if (runs == 1) {
        bool is_exact = fields.count > 0 && fields.items[0]->kind == NODE_MAP_FIELD_EXACT;
        return map_step(l, at, base, pairs, fields.count, is_exact);
    }
    Core *body = core_node(l->core, CORE_BODY, at);
    body->items = ARENA_ARRAY(l->arena, Core *, fields.count * 2 + 2);
    Core *value = base == NULL ? NULL : lower_keep(l, body, base);
    for (uint32_t i = 0; i < fields.count * 2; i++) {
        pairs[i] = lower_keep(l, body, pairs[i]);
    }
    for (uint32_t from = 0; from < fields.count;) {
        uint32_t to = from + 1;
        NodeKind kind = fields.items[from]->kind;
        while (to < fields.count && fields.items[to]->kind == kind) {
            to++;
        }
        value = map_step(l, at, value, pairs + 2 * from, to - from, kind == NODE_MAP_FIELD_EXACT);
        from = to;
    }
    body->items[body->count++] = value;
    return body;
}

/* ---- bodies ---- */

static uint32_t statement_count(NodeList nodes)
{
    uint32_t count = nodes.count;
    for (uint32_t i = 0; i < nodes.count; i++) {
        if (nodes.items[i]->kind == NODE_BLOCK) {
            count += statement_count(nodes.items[i]->nodes);
        }
    }
    return count;
}

static void add_statements(Lower *l, Core *body, NodeList nodes, Want want)
{
    for (uint32_t i = 0; i < nodes.count; i++) {
        Want wanted = i + 1 == nodes.count ? want : WANT_NO_VALUE;
        if (nodes.items[i]->kind == NODE_BLOCK) {
            add_statements(l, body, nodes.items[i]->nodes, wanted);
        } else {
            body->items[body->count++] = lower_as(l, nodes.items[i], wanted);
        }
    }
}

void lower_statements(Lower *l, Core *body, NodeList nodes, Want want)
{
    body->items = ARENA_ARRAY(l->arena, Core *, statement_count(nodes) + 1);
    body->count = 0;
    add_statements(l, body, nodes, want);
    if (body->count == 0) { /* no parser makes that */
        body->items[body->count++] =
            literal_atom(l, (CoreAt){body->line, body->file}, ATOM_OF(undefined));
    }
}

Core *lower_body(Lower *l, NodeList nodes)
{
    return lower_body_as(l, nodes, WANT_VALUE);
}

Core *lower_body_as(Lower *l, NodeList nodes, Want want)
{
    CoreAt at = nodes.count == 0 ? (CoreAt){0, 0} : lower_at(l, nodes.items[0]->at);
    Core *body = core_node(l->core, CORE_BODY, at);
    Scope *scope = scope_open(l, body);
    lower_statements(l, body, nodes, want);
    scope_close(l, scope);
    return body;
}

/* P = E. P1 = P2 = E is one match of both. */
Core *lower_match(Lower *l, const Node *node)
{
    const Node *value = node->pair.right;
    while (value->kind == NODE_MATCH) {
        value = value->pair.right;
    }
    Core *core = core_node(l->core, CORE_MATCH, lower_at(l, node->at));
    core->match.value = lower_expr(l, value);
    /* The innermost is matched first, so that its variables are bound for the outer ones. */
    uint32_t depth = 0;
    for (const Node *at = node; at->kind == NODE_MATCH; at = at->pair.right) {
        depth++;
    }
    CorePattern *pattern = NULL;
    const Node **matches = ARENA_ARRAY(l->arena, const Node *, depth);
    const Node *at = node;
    for (uint32_t i = 0; i < depth; i++, at = at->pair.right) {
        matches[i] = at;
    }
    for (uint32_t i = depth; i-- > 0;) {
        CorePattern *left = lower_pattern(l, matches[i]->pair.left);
        if (pattern == NULL) {
            pattern = left;
        } else {
            CorePattern *both = core_pattern(l->core, PATTERN_BOTH);
            both->pair.left = pattern;
            both->pair.right = left;
            pattern = both;
        }
    }
    core->match.pattern = pattern;
    return core;
}

/* ---- clauses ---- */

CoreClause *lower_clause(Lower *l, const Clause *clause, Want want)
{
    CoreClause *out = core_clause(l->core, clause->patterns.count);
    out->line = clause->at.line;
    for (uint32_t i = 0; i < clause->patterns.count; i++) {
        out->patterns[i] = lower_pattern(l, clause->patterns.items[i]);
    }
    out->guard = lower_guard(l, clause->guards, clause->guard_count);
    CoreAt at = lower_at(l, clause->body.count != 0 ? clause->body.items[0]->at : clause->at);
    out->body = core_node(l->core, CORE_BODY, at);
    l->scope->body = out->body;
    lower_statements(l, out->body, clause->body, want);
    return out;
}

static CoreClause *lower_alternative(Lower *l, Alternatives *alternatives, const Clause *clause,
                                     Want want)
{
    Scope *scope = scope_open(l, NULL);
    CoreClause *out = lower_clause(l, clause, want);
    scope_close(l, scope);
    alternatives_next(l, alternatives);
    return out;
}

CoreClause **lower_clauses(Lower *l, ClauseList clauses, Want want)
{
    Alternatives alternatives;
    alternatives_start(l, &alternatives);
    CoreClause **out = ARENA_ARRAY(l->arena, CoreClause *, clauses.count);
    for (uint32_t i = 0; i < clauses.count; i++) {
        out[i] = lower_alternative(l, &alternatives, clauses.items[i], want);
    }
    alternatives_end(l, &alternatives);
    return out;
}

static Core *lower_case(Lower *l, const Node *node, Want want)
{
    Core *core = core_node(l->core, CORE_CASE, lower_at(l, node->at));
    Scope *scope = scope_open(l, NULL);
    core->choice.value = lower_expr(l, node->of.expr);
    core->choice.clauses = lower_clauses(l, node->of.clauses, want);
    core->choice.count = node->of.clauses.count;
    core->choice.reason = ATOM_OF(case_clause);
    scope_close(l, scope);
    return core;
}

static Core *lower_if(Lower *l, const Node *node, Want want)
{
    Core *core = core_node(l->core, CORE_CASE, lower_at(l, node->at));
    core->choice.clauses = lower_clauses(l, node->clauses, want);
    core->choice.count = node->clauses.count;
    core->choice.reason = ATOM_OF(if_clause);
    return core;
}

static Core *lower_receive(Lower *l, const Node *node, Want want)
{
    const struct ReceiveParts *parts = node->receive;
    Core *core = core_node(l->core, CORE_RECEIVE, lower_at(l, node->at));
    core->receive = arena_alloc_zero(l->arena, sizeof *core->receive);
    if (parts->timeout != NULL) {
        core->receive->timeout = lower_operand(l, parts->timeout);
    }
    Alternatives alternatives;
    alternatives_start(l, &alternatives);
    uint32_t count = parts->clauses.count;
    core->receive->clauses = ARENA_ARRAY(l->arena, CoreClause *, count);
    core->receive->count = count;
    for (uint32_t i = 0; i < count; i++) {
        core->receive->clauses[i] =
            lower_alternative(l, &alternatives, parts->clauses.items[i], want);
    }
    if (parts->timeout != NULL) {
        core->receive->after = lower_body_as(l, parts->after_body, want);
        alternatives_next(l, &alternatives);
    }
    alternatives_end(l, &alternatives);
    return core;
}

/* A handler's pattern is a tuple of class, reason and stack trace. */
static CoreClause *lower_handler(Lower *l, const Clause *clause, Want want)
{
    Scope *scope = scope_open(l, NULL);
    CoreClause *out = core_clause(l->core, 2);
    out->line = clause->at.line;
    const Node *tuple = clause->patterns.count == 1 ? clause->patterns.items[0] : NULL;
    if (tuple == NULL || tuple->kind != NODE_TUPLE || tuple->nodes.count != 3) {
        lower_error(l, clause->at, "bad exception pattern");
        out->patterns[0] = out->patterns[1] = core_pattern_var(l->core, NULL);
    } else {
        out->patterns[0] = lower_pattern(l, tuple->nodes.items[0]);
        out->patterns[1] = lower_pattern(l, tuple->nodes.items[1]);
        const Node *trace = tuple->nodes.items[2];
        if (trace->kind == NODE_VAR && trace->var != VAR_ANONYMOUS &&
            !scope_is_bound(l, trace->var)) {
            out->trace = scope_bind(l, trace->var);
        }
    }
    out->guard = lower_guard(l, clause->guards, clause->guard_count);
    CoreAt at = lower_at(l, clause->body.count != 0 ? clause->body.items[0]->at : clause->at);
    out->body = core_node(l->core, CORE_BODY, at);
    scope->body = out->body;
    lower_statements(l, out->body, clause->body, want);
    scope_close(l, scope);
    return out;
}

/* The generator writes an `after` twice; what is not small becomes a function. */
static Core *lower_after(Lower *l, const Node *node, NodeList nodes)
{
    bool is_small = nodes.count <= 4;
    for (uint32_t i = 0; i < nodes.count; i++) {
        is_small &= nodes.items[i]->height <= 8;
    }
    if (is_small) {
        return lower_body_as(l, nodes, WANT_NO_VALUE);
    }
    CoreAt at = lower_at(l, node->at);
    char kind[32];
    snprintf(kind, sizeof kind, "after$^%u/0", l->name_count++);
    Inner inner;
    uint32_t number = l->lifted_count++;
    CoreFunction *function = inner_start(l, &inner, 0);
    function->at = at;
    function->name = fun_name(l, kind, number);
    function->clauses = ARENA_ARRAY(l->arena, CoreClause *, 1);
    function->clause_count = 1;
    function->clauses[0] = core_clause(l->core, 0);
    function->clauses[0]->body = lower_body_as(l, nodes, WANT_NO_VALUE);
    inner_end(l, &inner);
    return core_call(l->core, CORE_CALL, at, l->function, function, NULL, 0);
}

/* What a try binds is unsafe behind it, and what its body binds in the handlers: forgotten. */
static Core *lower_try(Lower *l, const Node *node, Want want)
{
    const struct TryParts *parts = node->try_;
    Core *core = core_node(l->core, CORE_TRY, lower_at(l, node->at));
    struct CoreTry *out = core->try_ = ARENA_NEW(l->arena, struct CoreTry);
    uint32_t mark = scope_mark(l);
    out->of_count = parts->of_clauses.count;
    out->body = lower_body_as(l, parts->body, out->of_count == 0 ? want : WANT_VALUE);
    if (out->of_count != 0) {
        out->of = lower_clauses(l, parts->of_clauses, want);
    }
    scope_undo(l, mark);
    out->handler_count = parts->catch_clauses.count;
    out->handlers = ARENA_ARRAY(l->arena, CoreClause *, out->handler_count);
    for (uint32_t i = 0; i < out->handler_count; i++) {
        out->handlers[i] = lower_handler(l, parts->catch_clauses.items[i], want);
        scope_undo(l, mark);
    }
    if (parts->after_body.count != 0) {
        out->after = lower_after(l, node, parts->after_body);
        scope_undo(l, mark);
    }
    return core;
}

static Core *lower_maybe(Lower *l, const Node *node)
{
    Core *core = core_node(l->core, CORE_MAYBE, lower_at(l, node->at));
    uint32_t mark = scope_mark(l);
    core->maybe.body = lower_body(l, node->maybe.body);
    scope_undo(l, mark);
    if (node->maybe.else_ != NULL) {
        ClauseList clauses = node->maybe.else_->clauses;
        core->maybe.clauses = lower_clauses(l, clauses, WANT_VALUE);
        core->maybe.count = clauses.count;
        scope_undo(l, mark);
    }
    return core;
}

/* ---- guards ---- */

/* Guards written as in old programs: atom(X) for is_atom(X). */
static Term new_type_test(Term name)
{
    static const char *const names[] = {"atom",    "binary",    "float",  "function",
                                        "integer", "list",      "number", "pid",
                                        "port",    "reference", "tuple",  "record"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (strcmp(atom_name(name), names[i]) == 0) {
            char text[16] = "is_";
            strcat(text, names[i]);
            return atom_of(text);
        }
    }
    return TERM_NONE;
}

static Core *lower_test(Lower *l, const Node *node)
{
    if (node->kind == NODE_CALL && node->call.function->kind == NODE_ATOM) {
        Term name = new_type_test(node->call.function->value);
        uint32_t arity = node->call.args.count;
        if (name != TERM_NONE && known_name(l, node->call.function->value, arity) == NULL &&
            (arity == 1 || strcmp(atom_name(name), "is_record") == 0)) {
            Node function = *node->call.function;
            function.value = name;
            Node call = *node;
            call.call.function = &function;
            return lower_expr(l, &call);
        }
    }
    return lower_operand(l, node);
}

static bool is_true(const Core *core)
{
    return core->kind == CORE_LITERAL && core->literal == ATOM_OF(true);
}

static Core *lower_conjunction(Lower *l, NodeList tests)
{
    Core **items = ARENA_ARRAY(l->arena, Core *, tests.count);
    uint32_t count = 0;
    for (uint32_t i = 0; i < tests.count; i++) {
        Core *test = lower_test(l, tests.items[i]);
        if (!is_true(test) || (count == 0 && i + 1 == tests.count)) {
            items[count++] = test;
        }
    }
    if (count == 1) {
        return items[0];
    }
    return make_items(l, CORE_ANDALSO, (CoreAt){items[0]->line, items[0]->file}, items, count);
}

Core *lower_guard(Lower *l, const NodeList guards[], uint32_t count)
{
    if (count == 0) {
        return NULL;
    }
    bool was_in_guard = l->in_guard;
    l->in_guard = true;
    Core **items = ARENA_ARRAY(l->arena, Core *, count);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        items[kept++] = lower_conjunction(l, guards[i]);
        if (is_true(items[kept - 1])) {
            break;
        }
    }
    l->in_guard = was_in_guard;
    if (kept == 1) {
        return is_true(items[0]) ? NULL : items[0];
    }
    return make_items(l, CORE_ALTERNATIVES, (CoreAt){items[0]->line, items[0]->file}, items, kept);
}

Core *lower_guard_expr(Lower *l, const Node *node)
{
    bool was_in_guard = l->in_guard;
    l->in_guard = true;
    Core *core = lower_test(l, node);
    l->in_guard = was_in_guard;
    return core;
}

/* ---- everything ---- */

static Core *lower_float(Lower *l, const Node *node)
{
    return core_literal(l->core, lower_at(l, node->at),
                        make_float(l->core->space, node->float_value));
}

static Core *lower_maybe_match(Lower *l, const Node *node)
{
    Core *core = core_node(l->core, CORE_MAYBE_MATCH, lower_at(l, node->at));
    core->match.value = lower_operand(l, node->pair.right);
    core->match.pattern = lower_pattern(l, node->pair.left);
    return core;
}

/* What gives the same code whether its value is wanted or not. */
static Core *lower_other(Lower *l, const Node *node)
{
    CoreAt at = lower_at(l, node->at);
    switch ((NodeKind) node->kind) {
    case NODE_ATOM:
    case NODE_INTEGER:
    case NODE_CHAR:
        return core_literal(l->core, at, node->value);
    case NODE_FLOAT:
        return lower_float(l, node);
    case NODE_STRING:
        return core_literal(l->core, at, string_term(l, node));
    case NODE_VAR:
        return lower_var(l, node);
    case NODE_LIST:
        return lower_list(l, node);
    case NODE_TUPLE:
        return core_fold(l->core, make_items(l, CORE_TUPLE, at, lower_operands(l, node->nodes),
                                             node->nodes.count));
    case NODE_BIN:
        return lower_binary(l, node);
    case NODE_MAP:
        return lower_map(l, node);
    case NODE_RECORD:
        return lower_record(l, node);
    case NODE_RECORD_INDEX:
    case NODE_RECORD_ACCESS:
        return lower_record_access(l, node);
    case NODE_MAYBE_MATCH:
        return lower_maybe_match(l, node);
    case NODE_UNARY:
    case NODE_BINARY:
        return lower_operator(l, node);
    case NODE_CALL:
        return lower_call(l, node);
    case NODE_CATCH: {
        uint32_t mark = scope_mark(l);
        NodeList operand = {(Node **) &node->unary.operand, 1};
        Core *body = lower_body(l, operand);
        scope_undo(l, mark);
        return core_items(l->core, CORE_CATCH, at, &body, 1);
    }
    case NODE_BLOCK:
        return lower_body(l, node->nodes);
    case NODE_MAYBE:
        return lower_maybe(l, node);
    case NODE_FUN:
    case NODE_NAMED_FUN:
        return lower_fun(l, node);
    case NODE_FUN_LOCAL:
        return lower_fun_local(l, node);
    case NODE_FUN_REMOTE:
        return lower_fun_remote(l, node);
    case NODE_BIN_COMPREHENSION:
    case NODE_MAP_COMPREHENSION:
        return lower_comprehension(l, node, WANT_VALUE);
    default:
        lower_error(l, node->at, "illegal expression");
        return literal_atom(l, at, ATOM_OF(undefined));
    }
}

Core *lower_as(Lower *l, const Node *node, Want want)
{
    switch ((NodeKind) node->kind) {
    case NODE_IF:
        return lower_if(l, node, want);
    case NODE_CASE:
        return lower_case(l, node, want);
    case NODE_RECEIVE:
        return lower_receive(l, node, want);
    case NODE_TRY:
        return lower_try(l, node, want);
    case NODE_LIST_COMPREHENSION:
        return lower_comprehension(l, node, want);
    case NODE_MATCH: {
        const Node *pattern = node->pair.left;
        if (want == WANT_NO_VALUE && pattern->kind == NODE_VAR && pattern->var == VAR_ANONYMOUS) {
            return lower_as(l, node->pair.right, want);
        }
        return lower_match(l, node);
    }
    default:
        return lower_other(l, node);
    }
}

Core *lower_expr(Lower *l, const Node *node)
{
    return lower_as(l, node, WANT_VALUE);
}
