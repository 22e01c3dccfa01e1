/* compiler/core/core.c
 * Making core: nodes, variables, functions, and which values a function inside another captures. */
#include "compiler/core/core.h"

#include "runtime/term/map.h"

CoreModule *core_module(Arena *arena, Space *space, Term name)
{
    CoreModule *module = ARENA_NEW(arena, CoreModule);
    module->arena = arena;
    module->space = space;
    module->name = name;
    return module;
}

Core *core_node(CoreModule *module, CoreKind kind, CoreAt at)
{
    Core *core = ARENA_NEW(module->arena, Core);
    core->kind = (uint8_t) kind;
    core->line = at.line;
    core->file = (uint16_t) at.file;
    return core;
}

Core *core_literal(CoreModule *module, CoreAt at, Term literal)
{
    Core *core = core_node(module, CORE_LITERAL, at);
    core->literal = literal;
    return core;
}

static Core **copy_nodes(CoreModule *module, Core *const items[], uint32_t count)
{
    return count == 0 ? NULL : arena_copy(module->arena, items, count * sizeof items[0]);
}

Core *core_items(CoreModule *module, CoreKind kind, CoreAt at, Core *const items[], uint32_t count)
{
    Core *core = core_node(module, kind, at);
    core->items = copy_nodes(module, items, count);
    core->count = count;
    return core;
}

Core *core_operator(CoreModule *module, CoreAt at, Opcode op, Core *a, Core *b)
{
    Core *items[2] = {a, b};
    Core *core = core_items(module, CORE_OPERATOR, at, items, b == NULL ? 1 : 2);
    core->op = (uint8_t) op;
    return core;
}

Core *core_remote(CoreModule *module, CoreKind kind, CoreAt at, Term mod, Term function,
                  Core *const args[], uint32_t count)
{
    Core *core = core_node(module, kind, at);
    core->remote.args = copy_nodes(module, args, count);
    core->remote.count = count;
    core->remote.module = mod;
    core->remote.function = function;
    return core;
}

Core *core_fail(CoreModule *module, CoreAt at, Term reason, Core *value)
{
    return core_remote(module, CORE_FAIL, at, TERM_NONE, reason, &value, value == NULL ? 0 : 1);
}

CoreVar *core_var(CoreModule *module, CoreFunction *owner)
{
    CoreVar *var = ARENA_NEW(module->arena, CoreVar);
    var->owner = owner;
    var->slot = CORE_NO_SLOT;
    return var;
}

Core *core_use(CoreModule *module, CoreAt at, CoreVar *var)
{
    Core *core = core_node(module, CORE_VAR, at);
    core->var = var;
    var->uses++;
    return core;
}

CoreFunction *core_function(CoreModule *module, CoreFunction *parent, Term name, uint32_t arity)
{
    CoreFunction *function = ARENA_NEW(module->arena, CoreFunction);
    function->name = name;
    function->arity = arity;
    function->parent = parent;
    if (parent != NULL) {
        function->is_lifted = true;
        function->next_sibling = parent->first_child;
        parent->first_child = function;
        return function;
    }
    if (module->function_count == module->function_capacity) {
        module->function_capacity = module->function_capacity * 2 + 32;
        CoreFunction **functions =
            ARENA_ARRAY(module->arena, CoreFunction *, module->function_capacity);
        if (module->function_count != 0) {
            memcpy(functions, module->functions, module->function_count * sizeof functions[0]);
        }
        module->functions = functions;
    }
    module->functions[module->function_count++] = function;
    return function;
}

/* Both lists are searched at once: one of them is short. */
static CoreVar *find_capture(const CoreFunction *function, const CoreVar *outer)
{
    const CoreCaptured *at = outer->captured;
    for (uint32_t i = function->capture_count; i-- > 0 && at != NULL; at = at->next) {
        if (at->function == function) {
            return at->inner;
        }
        if (function->captures[i].outer == outer) {
            return function->captures[i].inner;
        }
    }
    return NULL;
}

CoreVar *core_capture(CoreModule *module, CoreFunction *function, CoreVar *outer, uint32_t id)
{
    if (outer->owner == function || function->parent == NULL) {
        return outer;
    }
    outer = core_capture(module, function->parent, outer, id);
    CoreVar *inner = find_capture(function, outer);
    if (inner != NULL) {
        return inner;
    }
    if (function->capture_count == function->capture_capacity) {
        function->capture_capacity = function->capture_capacity * 2 + 4;
        CoreCapture *captures = ARENA_ARRAY(module->arena, CoreCapture, function->capture_capacity);
        if (function->capture_count != 0) {
            memcpy(captures, function->captures, function->capture_count * sizeof captures[0]);
        }
        function->captures = captures;
    }
    inner = core_var(module, function);
    function->captures[function->capture_count++] = (CoreCapture){outer, inner, id};
    CoreCaptured *captured = ARENA_NEW(module->arena, CoreCaptured);
    *captured = (CoreCaptured){function, inner, outer->captured};
    outer->captured = captured;
    return inner;
}

Core *core_call(CoreModule *module, CoreKind kind, CoreAt at, CoreFunction *in,
                CoreFunction *function, Core *const args[], uint32_t count)
{
    Core *core = core_node(module, kind, at);
    core->call.args = copy_nodes(module, args, count);
    core->call.count = count;
    core->call.function = function;
    if (function->parent != NULL) {
        CorePending *pending = ARENA_NEW(module->arena, CorePending);
        *pending = (CorePending){core, in, module->pending};
        module->pending = pending;
    }
    return core;
}

void core_declare(CoreModule *module, Core *body, CoreVar *var)
{
    ASSERT(body->kind == CORE_BODY);
    uint32_t count = body->place_count;
    for (uint32_t i = 0; i < count; i++) {
        if (body->places[i] == var) {
            return;
        }
    }
    if ((count & (count - 1)) == 0) { /* full at powers of two */
        CoreVar **places = ARENA_ARRAY(module->arena, CoreVar *, count == 0 ? 1 : count * 2);
        if (count != 0) {
            memcpy(places, body->places, count * sizeof places[0]);
        }
        body->places = places;
    }
    body->places[body->place_count++] = var;
}

CorePattern *core_pattern(CoreModule *module, CorePatternKind kind)
{
    CorePattern *pattern = ARENA_NEW(module->arena, CorePattern);
    pattern->kind = kind;
    return pattern;
}

CorePattern *core_pattern_var(CoreModule *module, CoreVar *var)
{
    CorePattern *pattern = core_pattern(module, var == NULL ? PATTERN_ANY : PATTERN_VAR);
    pattern->var = var;
    return pattern;
}

CorePattern *core_pattern_literal(CoreModule *module, Term literal)
{
    CorePattern *pattern = core_pattern(module, PATTERN_LITERAL);
    pattern->literal = literal;
    return pattern;
}

CoreClause *core_clause(CoreModule *module, uint32_t pattern_count)
{
    CoreClause *clause = ARENA_NEW(module->arena, CoreClause);
    clause->patterns = ARENA_ARRAY(module->arena, CorePattern *, pattern_count);
    clause->pattern_count = pattern_count;
    return clause;
}

/* ---- captured values ---- */

static bool is_inside(const CoreFunction *function, const CoreFunction *outer)
{
    while (function != NULL && function != outer) {
        function = function->parent;
    }
    return function == outer;
}

/* In `in`, the variable with the value that `capture` of `callee` needs. A recursive call hands on
 * what was captured, any other what the variables of the function around hold. */
static CoreVar *capture_in(CoreModule *module, CoreFunction *in, const CoreFunction *callee,
                           bool is_recursive, uint32_t index)
{
    const CoreCapture *capture = &callee->captures[index];
    return core_capture(module, in, is_recursive ? capture->inner : capture->outer, capture->id);
}

/* A recursive call from a function further in makes that one capture more, which its own callers
 * must know: repeated until nothing is added. */
static void spread_captures(CoreModule *module)
{
    for (bool is_changed = true; is_changed;) {
        is_changed = false;
        for (CorePending *at = module->pending; at != NULL; at = at->next) {
            CoreFunction *callee = at->node->call.function;
            if (at->in == callee || at->in == callee->parent) {
                continue;
            }
            bool is_recursive = is_inside(at->in, callee);
            uint32_t before = at->in->capture_count;
            for (uint32_t i = 0; i < callee->capture_count; i++) {
                capture_in(module, at->in, callee, is_recursive, i);
            }
            is_changed |= at->in->capture_count != before;
        }
    }
}

void core_finish(CoreModule *module)
{
    spread_captures(module);
    for (CorePending *at = module->pending; at != NULL; at = at->next) {
        Core *node = at->node;
        CoreFunction *callee = node->call.function;
        if (callee->capture_count == 0) {
            continue;
        }
        uint32_t count = node->call.count;
        Core **args = ARENA_ARRAY(module->arena, Core *, count + callee->capture_count);
        if (count != 0) {
            memcpy(args, node->call.args, count * sizeof args[0]);
        }
        bool is_recursive = is_inside(at->in, callee);
        for (uint32_t i = 0; i < callee->capture_count; i++) {
            CoreVar *var = capture_in(module, at->in, callee, is_recursive, i);
            args[count + i] = core_use(module, (CoreAt){node->line, node->file}, var);
        }
        node->call.args = args;
        node->call.count = count + callee->capture_count;
    }
    module->pending = NULL;
}

/* ---- literals ---- */

static bool are_literals(Core *const items[], uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (items[i]->kind != CORE_LITERAL) {
            return false;
        }
    }
    return true;
}

static void make_literal(Core *core, Term literal)
{
    core->kind = CORE_LITERAL;
    core->literal = literal;
}

static void fold_tuple(CoreModule *module, Core *core)
{
    if (!are_literals(core->items, core->count)) {
        return;
    }
    Term *elements = mem_alloc((core->count + 1) * sizeof elements[0]);
    for (uint32_t i = 0; i < core->count; i++) {
        elements[i] = core->items[i]->literal;
    }
    make_literal(core, make_tuple(module->space, elements, core->count));
    mem_free(elements);
}

/* The end of a list that is literal becomes its tail. */
static void fold_list(CoreModule *module, Core *core)
{
    if (core->tail->kind != CORE_LITERAL) {
        return;
    }
    Term tail = core->tail->literal;
    while (core->count != 0 && core->items[core->count - 1]->kind == CORE_LITERAL) {
        tail = make_cons(module->space, core->items[--core->count]->literal, tail);
    }
    if (core->count == 0) {
        make_literal(core, tail);
    } else {
        core->tail = core_literal(module, (CoreAt){core->line, core->file}, tail);
    }
}

static void fold_map(CoreModule *module, Core *core)
{
    uint32_t count = core->map.count;
    Core *base = core->map.base;
    if ((base != NULL && (base->kind != CORE_LITERAL || !term_is_map(base->literal))) ||
        core->map.is_exact || !are_literals(core->map.pairs, count * 2)) {
        return;
    }
    Term *pairs = mem_alloc((count * 2 + 1) * sizeof pairs[0]);
    for (uint32_t i = 0; i < count * 2; i++) {
        pairs[i] = core->map.pairs[i]->literal;
    }
    Term map = map_from_pairs(module->space, pairs, count);
    mem_free(pairs);
    if (base != NULL && map != TERM_LIMIT) {
        map = map_merge(module->space, base->literal, map);
    }
    if (map != TERM_LIMIT) {
        make_literal(core, map);
    }
}

Core *core_fold(CoreModule *module, Core *core)
{
    if (core->kind == CORE_TUPLE) {
        fold_tuple(module, core);
    } else if (core->kind == CORE_LIST) {
        fold_list(module, core);
    } else if (core->kind == CORE_MAP) {
        fold_map(module, core);
    }
    return core;
}
