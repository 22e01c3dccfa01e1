/* compiler/erl/lower_scope.c
 * Which variable a name means: bindings by variable id, with a trail to forget them. */
#include "compiler/erl/lower_internal.h"

Scope *scope_open(Lower *l, Core *body)
{
    Scope *scope = ARENA_NEW(l->arena, Scope);
    scope->parent = l->scope;
    scope->body = body;
    l->scope = scope;
    return scope;
}

void scope_close(Lower *l, Scope *scope)
{
    ASSERT(l->scope == scope);
    scope->is_closed = true;
    l->scope = scope->parent;
}

static void set_binding(Lower *l, uint32_t id, Binding binding)
{
    if (l->trail_count == l->trail_capacity) {
        l->trail_capacity = l->trail_capacity * 2 + 64;
        l->trail = mem_realloc(l->trail, l->trail_capacity * sizeof l->trail[0]);
    }
    l->trail[l->trail_count++] = (BindingChange){id, l->bindings[id]};
    l->bindings[id] = binding;
}

uint32_t scope_mark(Lower *l)
{
    return l->trail_count;
}

void scope_undo(Lower *l, uint32_t mark)
{
    while (l->trail_count > mark) {
        BindingChange *change = &l->trail[--l->trail_count];
        l->bindings[change->id] = change->before;
    }
}

void siblings_start(Lower *l)
{
    if (l->sibling_count == l->sibling_capacity) {
        l->sibling_capacity = l->sibling_capacity * 2 + 16;
        l->siblings = mem_realloc(l->siblings, l->sibling_capacity * sizeof l->siblings[0]);
    }
    l->siblings[l->sibling_count++] = (Siblings){l->stamp + 1, l->stamp + 1};
}

void siblings_next(Lower *l)
{
    l->siblings[l->sibling_count - 1].to = l->stamp + 1;
}

void siblings_end(Lower *l)
{
    l->sibling_count--;
}

static bool is_of_sibling(const Lower *l, const Binding *binding, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (binding->stamp >= l->siblings[i].from && binding->stamp < l->siblings[i].to) {
            return true;
        }
    }
    return false;
}

bool scope_is_bound(const Lower *l, uint32_t id)
{
    const Binding *binding = &l->bindings[id];
    return binding->var != NULL && !binding->is_unsafe && binding->stamp >= l->fresh_stamp &&
           !is_of_sibling(l, binding, l->sibling_hidden);
}

CoreVar *scope_bind(Lower *l, uint32_t id)
{
    Binding *known = &l->known[id];
    CoreVar *var = known->var;
    /* Alternatives bind one variable, so that it can be used after them. */
    uint32_t since = l->fresh_stamp > l->clause_stamp ? l->fresh_stamp : l->clause_stamp;
    if (var == NULL || var->owner != l->function || known->stamp < since) {
        var = core_var(l->core, l->function);
    }
    if (l->function->parent != NULL) { /* the function around knows its own again, later */
        if (l->known_count == l->known_capacity) {
            l->known_capacity = l->known_capacity * 2 + 64;
            l->known_trail =
                mem_realloc(l->known_trail, l->known_capacity * sizeof l->known_trail[0]);
        }
        l->known_trail[l->known_count++] = (BindingChange){id, *known};
    }
    *known = (Binding){.var = var, .scope = l->scope, .stamp = ++l->stamp};
    set_binding(l, id, *known);
    return var;
}

void scope_touch(Lower *l, uint32_t id)
{
    Binding binding = l->bindings[id];
    if (l->fresh_stamp == 0 && !is_of_sibling(l, &binding, l->sibling_count)) {
        return; /* nothing hides it, and operands to the right are to see it, too */
    }
    binding.stamp = ++l->stamp;
    set_binding(l, id, binding);
}

/* What the name means; hidden bindings are looked behind, in the trail. */
static Binding *visible_binding(const Lower *l, uint32_t id)
{
    Binding *binding = &l->bindings[id];
    uint32_t at = l->trail_count;
    while (binding->var != NULL && binding->stamp >= l->hidden_from &&
           binding->stamp < l->hidden_to) {
        while (at > 0 && l->trail[at - 1].id != id) {
            at--;
        }
        if (at == 0) {
            break;
        }
        binding = &l->trail[--at].before;
    }
    return binding;
}

CoreFunction *scope_named(const Lower *l, uint32_t id)
{
    return visible_binding(l, id)->named;
}

void scope_bind_name(Lower *l, uint32_t id, CoreFunction *function)
{
    set_binding(l, id,
                (Binding){.var = core_var(l->core, function),
                          .named = function,
                          .scope = l->scope,
                          .stamp = ++l->stamp});
}

CoreVar *scope_temporary(Lower *l)
{
    return core_var(l->core, l->function);
}

/* A variable used where its binding's scope is closed needs a place in a body around both. */
static void declare(Lower *l, CoreVar *var, Scope *scope)
{
    while (scope->is_closed || scope->body == NULL) {
        scope = scope->parent;
        if (scope == NULL) {
            return;
        }
    }
    Declaration *latest = var->note;
    if (latest != NULL && latest->scope == scope) {
        return;
    }
    Declaration *declaration = ARENA_NEW(l->arena, Declaration);
    *declaration = (Declaration){var, scope, l->declarations, latest};
    l->declarations = declaration;
    var->note = declaration;
}

CoreVar *scope_use(Lower *l, uint32_t id)
{
    Binding *binding = visible_binding(l, id);
    CoreVar *var = binding->var;
    if (var == NULL) {
        return NULL;
    }
    if (binding->scope->is_closed) {
        declare(l, var, binding->scope);
    }
    if (var->owner != l->function) {
        CoreVar *inner = core_capture(l->core, l->function, var, id);
        if (inner != var && binding != &l->bindings[id]) {
            var = inner;
        } else if (inner != var) {
            /* Further uses in this function are direct; inner_end puts the outer one back. */
            Binding here = *binding;
            here.var = inner;
            set_binding(l, id, here);
            var = inner;
        }
    }
    if (l->in_pattern || l->in_guard) {
        var->is_used_early = true;
    }
    return var;
}

/* By another declaration of the same variable, in a scope around. */
static bool is_declared_outside(const Declaration *declaration)
{
    for (const Declaration *at = declaration->var->note; at != NULL; at = at->of_same) {
        for (const Scope *scope = declaration->scope->parent; scope != NULL;
             scope = scope->parent) {
            if (scope == at->scope) {
                return true;
            }
        }
    }
    return false;
}

void scope_declare_all(Lower *l)
{
    for (Declaration *at = l->declarations; at != NULL; at = at->next) {
        if (!is_declared_outside(at)) {
            core_declare(l->core, at->scope->body, at->var);
        }
    }
    l->declarations = NULL;
}

/* ---- alternatives ---- */

void alternatives_start(Lower *l, Alternatives *alternatives)
{
    *alternatives = (Alternatives){.mark = l->trail_count};
}

void alternatives_next(Lower *l, Alternatives *alternatives)
{
    uint32_t alternative = alternatives->alternative_count++;
    for (uint32_t i = alternatives->mark; i < l->trail_count; i++) {
        if (alternatives->count == alternatives->capacity) {
            alternatives->capacity = alternatives->capacity * 2 + 8;
            alternatives->bound = mem_realloc(
                alternatives->bound, alternatives->capacity * sizeof alternatives->bound[0]);
        }
        uint32_t id = l->trail[i].id;
        alternatives->bound[alternatives->count++] =
            (BoundInside){id, alternative, l->bindings[id]};
    }
    scope_undo(l, alternatives->mark);
}

static void tally(Lower *l, const Alternatives *alternatives)
{
    for (uint32_t i = 0; i < alternatives->count; i++) {
        l->tallies[alternatives->bound[i].id] = (struct Tally){0, UINT32_MAX};
    }
    for (uint32_t i = 0; i < alternatives->count; i++) {
        struct Tally *of = &l->tallies[alternatives->bound[i].id];
        if (of->latest != alternatives->bound[i].alternative &&
            !alternatives->bound[i].binding.is_unsafe) {
            of->latest = alternatives->bound[i].alternative;
            of->count++;
        }
    }
}

void alternatives_end(Lower *l, Alternatives *alternatives)
{
    tally(l, alternatives);
    for (uint32_t i = 0; i < alternatives->count; i++) {
        BoundInside *bound = &alternatives->bound[i];
        const Binding *now = &l->bindings[bound->id];
        if (now->var == bound->binding.var) {
            continue;
        }
        if (now->var == NULL || now->is_unsafe) { /* not a captured one that was bound before */
            bound->binding.is_unsafe |=
                l->tallies[bound->id].count < alternatives->alternative_count;
        }
        set_binding(l, bound->id, bound->binding);
    }
    mem_free(alternatives->bound);
}

/* ---- functions inside ---- */

CoreFunction *inner_start(Lower *l, Inner *inner, uint32_t arity)
{
    *inner = (Inner){.outer = l->function,
                     .mark = l->trail_count,
                     .known_mark = l->known_count,
                     .clause_stamp = l->clause_stamp,
                     .sibling_hidden = l->sibling_hidden,
                     .scope = l->scope,
                     .in_guard = l->in_guard};
    l->function = core_function(l->core, l->function, TERM_NONE, arity);
    l->in_guard = false;
    l->sibling_hidden = l->sibling_count;
    return l->function;
}

void inner_end(Lower *l, Inner *inner)
{
    scope_undo(l, inner->mark);
    while (l->known_count > inner->known_mark) {
        BindingChange *change = &l->known_trail[--l->known_count];
        l->known[change->id] = change->before;
    }
    l->function = inner->outer;
    l->clause_stamp = inner->clause_stamp;
    l->sibling_hidden = inner->sibling_hidden;
    l->scope = inner->scope;
    l->in_guard = inner->in_guard;
}

void head_start(Lower *l)
{
    l->fresh_stamp = l->clause_stamp = ++l->stamp;
}

void head_end(Lower *l)
{
    l->fresh_stamp = 0;
}
