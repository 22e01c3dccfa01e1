/* runtime/bif_map.c
 * The native functions of module maps. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"

Term bif_maps_find(Process *p, const Term args[])
{
    if (!term_is_map(args[1])) {
        return bif_badmap(p, args[1]);
    }
    Term value = map_get(args[1], args[0]);
    return value == TERM_NONE ? ATOM_error : make_tuple2(bif_space(p), ATOM_ok, value);
}

/* Room for `count` keys and values; NULL: no memory. */
static Term *pairs_room(int64_t count)
{
    return mem_try_alloc(((size_t) count * 2 + 1) * sizeof(Term));
}

static Term map_of_pairs(Process *p, Term pairs[], size_t count)
{
    Term map = map_from_pairs(bif_space(p), pairs, count);
    mem_free(pairs);
    bif_charge(p, count / 4);
    return bif_result(p, map);
}

static bool map_is_large(Term t)
{
    return term_is_map(t) && map_size(t) > LONG_WORDS / 2;
}

Term bif_maps_from_list(Process *p, const Term args[])
{
    int64_t count = list_length_or_long(args[0]);
    if (count < 0) {
        return count == LIST_IS_LONG ? bif_leave(p) : bif_badarg(p);
    }
    Term *pairs = pairs_room(count);
    if (pairs == NULL) {
        return bif_system_limit(p);
    }
    Term *out = pairs;
    for (Term at = args[0]; term_is_cons(at); at = cons_tail(at)) {
        Term pair = cons_head(at);
        if (!tuple_is(pair, 2)) {
            mem_free(pairs);
            return bif_badarg(p);
        }
        *out++ = tuple_elements(pair)[0];
        *out++ = tuple_elements(pair)[1];
    }
    return map_of_pairs(p, pairs, (size_t) count);
}

Term bif_maps_from_keys(Process *p, const Term args[])
{
    int64_t count = list_length_or_long(args[0]);
    if (count < 0) {
        return count == LIST_IS_LONG ? bif_leave(p) : bif_badarg(p);
    }
    Term *pairs = pairs_room(count);
    if (pairs == NULL) {
        return bif_system_limit(p);
    }
    Term *out = pairs;
    for (Term at = args[0]; term_is_cons(at); at = cons_tail(at)) {
        *out++ = cons_head(at);
        *out++ = args[1];
    }
    return map_of_pairs(p, pairs, (size_t) count);
}

typedef enum MapPart { MAP_KEYS, MAP_VALUES, MAP_PAIRS } MapPart;

typedef struct PartList {
    MapPart part;
    Term *cell, *last; /* where the next cell goes, and what is to lead there */
} PartList;

static void add_to_list(void *state, const Term *pairs, size_t count)
{
    PartList *list = state;
    Term *cell = list->cell;
    size_t words = list->part == MAP_PAIRS ? 5 : 2;
    for (size_t i = 0; i < count; i++, cell += words) {
        *list->last = term_cons(cell);
        list->last = cell + 1;
        if (list->part == MAP_PAIRS) {
            Term *pair = cell + 2;
            pair[0] = HEADER(KIND_tuple, 2);
            pair[1] = pairs[2 * i];
            pair[2] = pairs[2 * i + 1];
            cell[0] = term_boxed(pair);
        } else {
            cell[0] = pairs[2 * i + (list->part == MAP_VALUES)];
        }
    }
    list->cell = cell;
}

static Term map_to_list(Process *p, Term map, MapPart part)
{
    if (!term_is_map(map)) {
        return bif_badmap(p, map);
    }
    size_t count = map_size(map);
    uint64_t position = 0;
    Term first = TERM_NIL;
    bif_charge(p, count / 16);
    PartList list = {part, space_try_alloc(bif_space(p), count * (part == MAP_PAIRS ? 5 : 2)),
                     &first};
    if (list.cell == NULL) {
        return bif_system_limit(p);
    }
    map_visit(map, &position, SIZE_MAX, add_to_list, &list);
    *list.last = TERM_NIL;
    return first;
}

/* {Key, Value, {Key, Value, …}} */
typedef struct Chain {
    Space *space;
    Term *last; /* the place that what comes next goes to; NULL: no memory */
    size_t count;
} Chain;

static void add_to_chain(void *state, const Term *pairs, size_t count)
{
    Chain *chain = state;
    Term *link = chain->last == NULL ? NULL : space_try_alloc(chain->space, 4 * count);
    if (link == NULL) {
        chain->last = NULL;
        return;
    }
    for (size_t i = 0; i < count; i++, link += 4) {
        *chain->last = term_boxed(link);
        link[0] = HEADER(KIND_tuple, 3);
        link[1] = pairs[2 * i];
        link[2] = pairs[2 * i + 1];
        chain->last = link + 3;
    }
    chain->count += count;
}

enum {
    CHAIN_ENOUGH = 64
}; /* what one step of an iteration takes at least, while there is so much */

/* map_next(Position, Map): the associations from there on, {Key, Value, Rest}, where Rest is the
 * next of them or [Position | Map] or none; `false`: there is no such position. */
Term bif_map_next(Process *p, const Term args[])
{
    if (!term_is_map(args[1])) {
        return bif_badmap(p, args[1]);
    }
    uint64_t position;
    Term first = ATOM_none;
    Chain chain = {bif_space(p), &first, 0};
    if (!term_to_uint64(args[0], &position) ||
        !map_visit(args[1], &position, CHAIN_ENOUGH, add_to_chain, &chain)) {
        return ATOM_false;
    }
    if (chain.last == NULL) {
        return bif_system_limit(p);
    }
    bif_charge(p, chain.count / 8);
    *chain.last =
        position == 0 ? ATOM_none : make_cons(chain.space, term_small((int64_t) position), args[1]);
    return first;
}

LONG_BIF(bif_maps_keys, map_is_large(args[0]))
{
    return map_to_list(p, args[0], MAP_KEYS);
}
LONG_BIF(bif_maps_values, map_is_large(args[0]))
{
    return map_to_list(p, args[0], MAP_VALUES);
}
LONG_BIF(bif_maps_to_list, map_is_large(args[0]))
{
    return map_to_list(p, args[0], MAP_PAIRS);
}

/* Merging takes the time that the smaller one takes. */
LONG_BIF(bif_maps_merge, map_is_large(args[0]) && map_is_large(args[1]))
{
    for (int i = 0; i < 2; i++) {
        if (!term_is_map(args[i])) {
            return bif_badmap(p, args[i]);
        }
    }
    size_t a = map_size(args[0]), b = map_size(args[1]);
    bif_charge(p, (a < b ? a : b) / 8);
    return bif_result(p, map_merge(bif_space(p), args[0], args[1]));
}

Term bif_maps_put(Process *p, const Term args[])
{
    return term_is_map(args[2]) ? bif_result(p, map_put(bif_space(p), args[2], args[0], args[1]))
                                : bif_badmap(p, args[2]);
}

Term bif_maps_remove(Process *p, const Term args[])
{
    return term_is_map(args[1]) ? bif_result(p, map_remove(bif_space(p), args[1], args[0]))
                                : bif_badmap(p, args[1]);
}

Term bif_maps_take(Process *p, const Term args[])
{
    if (!term_is_map(args[1])) {
        return bif_badmap(p, args[1]);
    }
    Term value = map_get(args[1], args[0]);
    if (value == TERM_NONE) {
        return ATOM_error;
    }
    Term rest = map_remove(bif_space(p), args[1], args[0]);
    return rest == TERM_LIMIT ? bif_system_limit(p) : make_tuple2(bif_space(p), value, rest);
}

Term bif_maps_update(Process *p, const Term args[])
{
    if (!term_is_map(args[2])) {
        return bif_badmap(p, args[2]);
    }
    Term map = map_put(bif_space(p), args[2], args[0], args[1]);
    /* What was built for a key that was not there is left to the collector. */
    return map != TERM_LIMIT && map_size(map) != map_size(args[2]) ? bif_badkey(p, args[0])
                                                                   : bif_result(p, map);
}
