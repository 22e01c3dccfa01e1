/* compiler/core/match_place.c
 * Places: the values that patterns look at, got when first needed; and rows of tests on them. */
#include "compiler/core/generate_internal.h"

/* ---- places ---- */

Place *place_new(Gen *g, PlaceHow how, uint32_t slot)
{
    Place *place = ARENA_NEW(g->arena, Place);
    place->how = how;
    place->slot = slot;
    return place;
}

static Place *add_child(Gen *g, Place *parent, PlaceHow how, uint32_t index)
{
    Place *child = place_new(g, how, CORE_NO_SLOT);
    child->parent = parent;
    child->index = index;
    child->next = parent->children;
    parent->children = child;
    return child;
}

static Place *element_of(Gen *g, Place *parent, uint32_t index)
{
    if (index >= parent->element_count) {
        uint32_t count =
            parent->element_count * 2 > index + 1 ? parent->element_count * 2 : index + 1;
        Place **elements = arena_alloc_zero(g->arena, count * sizeof(Place *));
        if (parent->element_count > 0) {
            memcpy(elements, parent->elements, parent->element_count * sizeof(Place *));
        }
        parent->elements = elements;
        parent->element_count = count;
    }
    if (parent->elements[index] == NULL) {
        parent->elements[index] = add_child(g, parent, PLACE_ELEMENT, index);
    }
    return parent->elements[index];
}

Place *place_child(Gen *g, Place *parent, PlaceHow how, uint32_t index)
{
    if (how == PLACE_ELEMENT) {
        return element_of(g, parent, index);
    }
    for (Place *at = parent->children; at != NULL; at = at->next) {
        if (at->how == how) {
            return at;
        }
    }
    return add_child(g, parent, how, index);
}

static TrailEntry *remember(Gen *g, Place *place)
{
    TrailEntry *entry = trail_add(g, TRAIL_PLACE);
    entry->place = place;
    entry->slot = place->slot;
    entry->fact = place->fact;
    entry->known = place->known;
    return entry;
}

void place_set_slot(Gen *g, Place *place, uint32_t slot)
{
    remember(g, place);
    place->slot = slot;
}

void place_set_fact(Gen *g, Place *place, Fact fact, Term known)
{
    remember(g, place);
    place->fact = fact;
    place->known = known;
    if (place->slot < SLOTS_MAX) {
        TrailEntry *entry = trail_add(g, TRAIL_SHAPE);
        entry->index = place->slot;
        entry->owners = g->shapes[place->slot];
        g->shapes[place->slot] = (uint8_t) fact;
    }
}

uint32_t place_slot(Gen *g, Place *place)
{
    if (place->slot != CORE_NO_SLOT) {
        return place->slot;
    }
    if (place->how == PLACE_VIRTUAL || place->how == PLACE_KEY || place->parent == NULL) {
        gen_fail(g, "internal error: a value that is nowhere");
        return 0;
    }
    uint32_t parent = place_slot(g, place->parent);
    if (place->how == PLACE_HEAD) {
        gen_op1(g, OP_get_head, parent, 0, 1);
    } else if (place->how == PLACE_TAIL) {
        gen_op1(g, OP_get_tail, parent, 0, 1);
    } else {
        gen_op2(g, OP_get_element, parent, place->index, 0, 1);
    }
    place_set_slot(g, place, g->depth - 1);
    return place->slot;
}

/* ---- rows ---- */

Row *row_new(Gen *g, CoreClause *clause, uint32_t index)
{
    Row *row = ARENA_NEW(g->arena, Row);
    row->clause = clause;
    row->index = index;
    row->bind_end = row->early_end = &row->binds;
    return row;
}

bool pattern_is_unused(const CorePattern *pattern)
{
    return pattern->kind == PATTERN_ANY ||
           (pattern->kind == PATTERN_VAR && pattern->var->uses == 0 && !pattern->var->has_place);
}

static void add_bind(Gen *g, Row *row, CoreVar *var, Core *value, Place *place)
{
    Bind *bind = ARENA_NEW(g->arena, Bind);
    bind->var = var;
    bind->value = value;
    bind->place = place;
    *row->bind_end = bind;
    row->bind_end = &bind->next;
}

/* In front of the tests that are there. */
void row_add(Gen *g, Row *row, Place *place, CorePattern *pattern)
{
    switch (pattern->kind) {
    case PATTERN_ANY:
        return;
    case PATTERN_VAR:
        if (!pattern_is_unused(pattern)) {
            add_bind(g, row, pattern->var, NULL, place);
        }
        return;
    case PATTERN_EQUAL:
        add_bind(g, row, NULL, pattern->value, place);
        return;
    case PATTERN_BOTH:
        row_add(g, row, place, pattern->pair.right);
        row_add(g, row, place, pattern->pair.left);
        return;
    default:
        break;
    }
    Test *test = ARENA_NEW(g->arena, Test);
    test->place = place;
    test->pattern = pattern;
    test->next = row->tests;
    row->tests = test;
}

Test *row_test(const Row *row, const Place *place)
{
    Test *test = row->tests;
    while (test != NULL && test->place != place) {
        test = test->next;
    }
    return test;
}

void row_remove(Row *row, const Test *test)
{
    Test **at = &row->tests;
    while (*at != test) {
        at = &(*at)->next;
    }
    *at = test->next;
}
