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

static Term map_to_list(Process *p, Term map, MapPart part)
{
    if (!term_is_map(map)) {
        return bif_badmap(p, map);
    }
    size_t count = map_size(map), pair_words = part == MAP_PAIRS ? 3 : 0;
    Term key, value, list = TERM_NIL, *last = &list;
    MapWalk walk;
    bif_charge(p, count / 16);
    Term *cell = space_try_alloc(bif_space(p), count * (2 + pair_words));
    if (cell == NULL) {
        return bif_system_limit(p);
    }
    map_walk_start(&walk, map);
    for (; count > 0 && map_walk_next(&walk, &key, &value); cell += 2 + pair_words) {
        Term *pair = cell + 2;
        cell[0] = part == MAP_VALUES ? value : key;
        if (part == MAP_PAIRS) {
            pair[0] = HEADER(KIND_tuple, 2);
            pair[1] = key;
            pair[2] = value;
            cell[0] = term_boxed(pair);
        }
        cell[1] = TERM_NIL;
        *last = term_cons(cell);
        last = cell + 1;
    }
    return list;
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

LONG_BIF(bif_maps_merge, map_is_large(args[0]) || map_is_large(args[1]))
{
    for (int i = 0; i < 2; i++) {
        if (!term_is_map(args[i])) {
            return bif_badmap(p, args[i]);
        }
    }
    bif_charge(p, (map_size(args[0]) + map_size(args[1])) / 16);
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
    if (map_get(args[2], args[0]) == TERM_NONE) {
        return bif_badkey(p, args[0]);
    }
    return bif_result(p, map_put(bif_space(p), args[2], args[0], args[1]));
}
