/* compiler/erl/lint_vars.c
 * Which variables are bound. The environment is one array by variable, changed in place, with a
 * trail of what was there before; an expression answers what it did to variables (Bindings), and
 * its caller decides what becomes of that. So the cost is in proportion to what an expression
 * touches, not to how many variables there are. */
#include <stdlib.h>

#include "compiler/erl/lint_internal.h"

Term construct_atom(uint8_t construct)
{
    static const char *const names[] = {"",      "if",      "case",   "receive", "try",
                                        "catch", "andalso", "orelse", "maybe",   "else"};
    return atom_of(names[construct]);
}

/* ---- the environment ---- */

uint32_t env_mark(const Linter *linter)
{
    return linter->trail_count;
}

void env_set(Linter *linter, Binding binding)
{
    if (linter->trail_count == linter->trail_capacity) {
        linter->trail_capacity = linter->trail_capacity == 0 ? 64 : linter->trail_capacity * 2;
        linter->trail = mem_realloc(linter->trail, linter->trail_capacity * sizeof *linter->trail);
    }
    Binding *slot = &linter->env[binding.var];
    slot->var = binding.var;
    linter->trail[linter->trail_count++] = *slot;
    *slot = binding;
}

void env_apply(Linter *linter, Bindings bindings)
{
    for (uint32_t i = 0; i < bindings.count; i++) {
        env_set(linter, bindings.items[i]);
    }
}

void env_undo(Linter *linter, uint32_t mark)
{
    while (linter->trail_count > mark) {
        Binding before = linter->trail[--linter->trail_count];
        linter->env[before.var] = before;
    }
}

static int compare_binding(const void *a, const void *b)
{
    uint32_t left = ((const Binding *) a)->var, right = ((const Binding *) b)->var;
    return left < right ? -1 : left > right;
}

Bindings env_changes(Linter *linter, uint32_t mark)
{
    uint32_t count = linter->trail_count - mark, stamp = ++linter->changes;
    Bindings all = {count == 0 ? NULL : ARENA_ARRAY(&linter->arena, Binding, count), 0};
    bool *is_again = arena_alloc_zero(&linter->arena, count + 1);
    for (uint32_t i = mark; i < linter->trail_count; i++) {
        Binding before = linter->trail[i];
        uint32_t var = before.var, index = linter->change_index[var];
        if (linter->change_stamp[var] != stamp) {
            linter->change_stamp[var] = stamp;
            linter->change_index[var] = all.count;
            all.items[all.count] = linter->env[var];
            all.items[all.count++].var = var;
        } else if (!is_again[index]) {
            /* What it was first set to is what it is for those around: an unsafe variable, told of
             * once and taken as bound after that, is still unsafe to them. */
            is_again[index] = true;
            all.items[index].state = before.state;
            all.items[index].construct = before.construct;
            all.items[index].where = before.where;
        }
    }
    if (all.count > 1) {
        qsort(all.items, all.count, sizeof(Binding), compare_binding);
    }
    return all;
}

/* ---- places ---- */

static int compare_location(Location a, Location b)
{
    if (a.file != b.file) {
        return a.file < b.file ? -1 : 1;
    }
    if (a.line != b.line) {
        return a.line < b.line ? -1 : 1;
    }
    return a.column < b.column ? -1 : a.column > b.column;
}

const Places *places_of(Linter *linter, Location at)
{
    Places *places = arena_alloc(&linter->arena, sizeof(Places) + sizeof(Location));
    places->count = 1;
    places->at[0] = at;
    return places;
}

const Places *places_merge(Linter *linter, const Places *a, const Places *b)
{
    if (a == NULL || a == b) {
        return b;
    }
    if (b == NULL) {
        return a;
    }
    Places *both =
        arena_alloc(&linter->arena, sizeof(Places) + (a->count + b->count) * sizeof(Location));
    both->count = 0;
    for (uint32_t i = 0, k = 0; i < a->count || k < b->count;) {
        int order = i == a->count ? 1 : k == b->count ? -1 : compare_location(a->at[i], b->at[k]);
        both->at[both->count++] = order <= 0 ? a->at[i] : b->at[k];
        i += order <= 0;
        k += order >= 0;
    }
    return both->count == a->count ? a : both;
}

const Places *places_merge_all(Linter *linter, const Places **all, uint32_t count)
{
    while (count > 1) { /* by pairs, so that many small ones are not copied again and again */
        uint32_t half = 0;
        for (uint32_t i = 0; i < count; i += 2) {
            all[half++] = i + 1 < count ? places_merge(linter, all[i], all[i + 1]) : all[i];
        }
        count = half;
    }
    return count == 0 ? NULL : all[0];
}

/* ---- bindings ---- */

void binding_list_add(Linter *linter, BindingList *list, Binding binding)
{
    if (list->count == list->capacity) {
        uint32_t capacity = list->capacity == 0 ? 4 : list->capacity * 2;
        Binding *items = ARENA_ARRAY(&linter->arena, Binding, capacity);
        if (list->count > 0) {
            memcpy(items, list->items, list->count * sizeof(Binding));
        }
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = binding;
}

void binding_list_add_all(Linter *linter, BindingList *list, Bindings bindings)
{
    for (uint32_t i = 0; i < bindings.count; i++) {
        binding_list_add(linter, list, bindings.items[i]);
    }
}

/* But for the places. */
static Binding merge_binding(Binding a, Binding b)
{
    Binding both = a;
    if (a.state != BIND_UNSAFE && (b.state == BIND_UNSAFE || a.state == BIND_BOUND)) {
        both = b;
    }
    both.is_used = a.is_used || b.is_used;
    return both;
}

/* Several bindings of one variable as one. */
static Binding merge_run(Linter *linter, const Binding *items, uint32_t count, bool is_beside)
{
    Binding all = items[0];
    if (count > 1) {
        const Places **places = ARENA_ARRAY(&linter->arena, const Places *, count);
        for (uint32_t i = 0; i < count; i++) {
            places[i] = items[i].places;
            all = i == 0 ? all : merge_binding(all, items[i]);
        }
        all.places = places_merge_all(linter, places, count);
        all.is_used |= is_beside && linter->env[all.var].state == BIND_NONE;
    }
    return all;
}

static Bindings gather(BindingList list, Linter *linter, bool is_beside)
{
    Bindings all = {list.items, 0};
    bool is_sorted = true;
    for (uint32_t i = 1; i < list.count && is_sorted; i++) {
        is_sorted = list.items[i - 1].var < list.items[i].var;
    }
    if (is_sorted) {
        all.count = list.count;
        return all;
    }
    qsort(list.items, list.count, sizeof(Binding), compare_binding);
    for (uint32_t i = 0, end; i < list.count; i = end) {
        for (end = i + 1; end < list.count && list.items[end].var == list.items[i].var; end++) {
        }
        all.items[all.count++] = merge_run(linter, list.items + i, end - i, is_beside);
    }
    return all;
}

Bindings bindings_gather(BindingList list, Linter *linter)
{
    return gather(list, linter, false);
}

Bindings bindings_gather_beside(BindingList list, Linter *linter)
{
    return gather(list, linter, true);
}

static Bindings merge(Linter *linter, Bindings a, Bindings b, bool is_beside)
{
    if (a.count == 0 || b.count == 0) {
        return a.count == 0 ? b : a;
    }
    BindingList list = {0};
    binding_list_add_all(linter, &list, a);
    binding_list_add_all(linter, &list, b);
    return gather(list, linter, is_beside);
}

Bindings bindings_merge(Linter *linter, Bindings a, Bindings b)
{
    return merge(linter, a, b, false);
}

Bindings bindings_merge_beside(Linter *linter, Bindings a, Bindings b)
{
    return merge(linter, a, b, true);
}

static Bindings select_bound(Linter *linter, Bindings all, bool is_bound)
{
    uint32_t wanted = 0;
    for (uint32_t i = 0; i < all.count; i++) {
        wanted += (linter->env[all.items[i].var].state != BIND_NONE) == is_bound;
    }
    if (wanted == all.count) {
        return all;
    }
    Bindings some = {ARENA_ARRAY(&linter->arena, Binding, wanted), 0};
    for (uint32_t i = 0; i < all.count; i++) {
        if ((linter->env[all.items[i].var].state != BIND_NONE) == is_bound) {
            some.items[some.count++] = all.items[i];
        }
    }
    return some;
}

Bindings bindings_old(Linter *linter, Bindings all)
{
    return select_bound(linter, all, true);
}
Bindings bindings_new(Linter *linter, Bindings all)
{
    return select_bound(linter, all, false);
}

Bindings bindings_unsafe(Linter *linter, Bindings all, Construct construct, Location where)
{
    Bindings some = {ARENA_ARRAY(&linter->arena, Binding, all.count), all.count};
    for (uint32_t i = 0; i < all.count; i++) {
        some.items[i] = all.items[i];
        if (linter->env[all.items[i].var].state == BIND_NONE) {
            some.items[i].state = BIND_UNSAFE;
            some.items[i].construct = (uint8_t) construct;
            some.items[i].where = where;
        }
    }
    return some;
}

const Binding *bindings_find(Bindings all, uint32_t var)
{
    for (uint32_t low = 0, high = all.count; low < high;) {
        uint32_t middle = low + (high - low) / 2;
        if (all.items[middle].var == var) {
            return &all.items[middle];
        }
        if (all.items[middle].var < var) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

/* ---- use ---- */

bool var_is_private(const Linter *linter, uint32_t var)
{
    return *atom_name(erl_unit_variable_name(linter->unit, var)) == '_';
}

void warn_unused_binding(Linter *linter, const Binding *binding)
{
    if (binding->is_used || binding->state == BIND_NONE || binding->places == NULL ||
        var_is_private(linter, binding->var)) {
        return;
    }
    for (uint32_t i = 0; i < binding->places->count; i++) {
        Location at = binding->places->at[i];
        if ((at.anno_flags & ANNO_GENERATED) == 0) {
            lint_warn(linter, LINT_UNUSED_VARS, at, unused_var, lint_var(linter, binding->var));
        }
    }
}

void warn_unused(Linter *linter, Bindings all)
{
    for (uint32_t i = 0; i < all.count; i++) {
        warn_unused_binding(linter, &all.items[i]);
    }
}

static Bindings one_binding(Linter *linter, Binding binding)
{
    Binding *item = ARENA_NEW(&linter->arena, Binding);
    *item = binding;
    return (Bindings){item, 1};
}

Bindings lint_variable(Linter *linter, uint32_t var, Location at)
{
    Binding binding = linter->env[var];
    binding.var = var;
    binding.is_used = true;
    switch ((BindState) binding.state) {
    case BIND_NONE:
        lint_error(linter, at, unbound_var, lint_var(linter, var));
        /* Bound from here on, so that this is said once. */
        binding.state = BIND_BOUND;
        binding.places = places_of(linter, at);
        break;
    case BIND_UNSAFE:
        lint_error(linter, at, unsafe_var, lint_var(linter, var), construct_atom(binding.construct),
                   lint_place(linter, binding.where));
        binding.state = BIND_BOUND;
        break;
    case BIND_EXPORTED:
        lint_warn(linter, LINT_EXPORT_VARS, at, exported_var, lint_var(linter, var),
                  construct_atom(binding.construct), lint_place(linter, binding.where));
        break;
    case BIND_BOUND:
        break;
    }
    return one_binding(linter, binding);
}
