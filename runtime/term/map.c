/* runtime/term/map.c
 * Small maps, and the choice between them and trees (map_tree.c).
 *
 * The keys of a small map are a tuple of their own, so that maps whose values are updated share
 * it. A key is first looked for by its word alone: for atoms and small integers that is all, and
 * reading 32 adjacent words is faster than searching by halves. */
#include "runtime/term/map.h"

#include <stdlib.h>

#include "runtime/term/bits.h"
#include "runtime/term/compare.h"
#include "runtime/term/map_tree.h"
#include "runtime/term/mem.h"

/* Below this many keys, comparing with each is cheaper than searching by halves. */
enum { HALVING_MIN = 8 };

typedef struct SmallMap {
    const Term *keys, *values;
    size_t count;
    Term keys_tuple;
} SmallMap;

static inline SmallMap small_map_of(Term map)
{
    const Term *object = term_boxed_at(map);
    ASSERT(header_kind(object[0]) == KIND_map);
    return (SmallMap){tuple_elements(object[1]), object + 2, header_words(object[0]) - 1,
                      object[1]};
}

/* Where the key is, or would go. */
static size_t search_by_halves(const SmallMap *small, Term key, bool *found)
{
    size_t low = 0, high = small->count;
    *found = false;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = term_compare_exact(key, small->keys[middle]);
        if (order == 0) {
            *found = true;
            return middle;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

enum { NOT_FOUND = -1 };

static inline int find_word(const SmallMap *small, Term key)
{
    for (size_t i = 0; i < small->count; i++) {
        if (small->keys[i] == key) {
            return (int) i;
        }
    }
    return NOT_FOUND;
}

/* Of a binary: most others have another size or another first byte, so all are looked at. */
static int find_binary(const SmallMap *small, Bits key)
{
    const uint8_t *bytes = key.bytes + key.offset / 8;
    for (size_t i = 0; i < small->count; i++) {
        Term other = small->keys[i];
        Bits bits;
        if (!term_is_bitstring(other)) {
            continue;
        }
        bits = bits_of(other);
        if (bits.size != key.size) {
            continue;
        }
        if (key.size == 0 ||
            ((bits.offset | bits.size) % 8 == 0
                 ? bits.bytes[bits.offset / 8] == bytes[0] &&
                       memcmp(bits.bytes + bits.offset / 8, bytes, key.size / 8) == 0
                 : bits_compare(bits, key) == 0)) {
            return (int) i;
        }
    }
    return NOT_FOUND;
}

static int find_pointer(const SmallMap *small, Term key)
{
    if (term_is_bitstring(key)) {
        Bits bits = bits_of(key);
        if ((bits.offset | bits.size) % 8 == 0) {
            return find_binary(small, bits);
        }
    }
    if (small->count >= HALVING_MIN) {
        bool found;
        size_t index = search_by_halves(small, key, &found);
        return found ? (int) index : NOT_FOUND;
    }
    for (size_t i = 0; i < small->count; i++) {
        if (term_equal_exact(small->keys[i], key)) {
            return (int) i;
        }
    }
    return NOT_FOUND;
}

static inline int find(const SmallMap *small, Term key)
{
    int index = find_word(small, key);
    return index == NOT_FOUND && term_is_pointer(key) ? find_pointer(small, key) : index;
}

static void copy_words(Term *to, const Term *from, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        to[i] = from[i];
    }
}

/* A map of `count` keys with room for its keys and values; NULL: no memory. The keys lie before
 * the map. */
static Term *small_alloc(Space *space, size_t count, Term **keys, Term **values)
{
    Term *at = space_try_alloc(space, 3 + 2 * count);
    if (UNLIKELY(at == NULL)) {
        return NULL;
    }
    Term *object = at + 1 + count;
    at[0] = HEADER(KIND_tuple, count);
    object[0] = HEADER(KIND_map, 1 + count);
    object[1] = term_boxed(at);
    *keys = at + 1;
    *values = object + 2;
    return object;
}

/* A map with the keys of another. */
static Term *small_alloc_values(Space *space, size_t count, Term keys_tuple, Term **values)
{
    Term *object = space_try_alloc(space, 2 + count);
    if (UNLIKELY(object == NULL)) {
        return NULL;
    }
    object[0] = HEADER(KIND_map, 1 + count);
    object[1] = keys_tuple;
    *values = object + 2;
    return object;
}

Term map_empty(Space *space)
{
    Term *keys, *values;
    Term *object = small_alloc(space, 0, &keys, &values);
    return object == NULL ? TERM_LIMIT : term_boxed(object);
}

size_t map_size(Term map)
{
    const Term *object = term_boxed_at(map);
    ASSERT(term_is_map(map));
    return header_kind(object[0]) == KIND_map ? header_words(object[0]) - 1 : object[1];
}

Term map_get(Term map, Term key)
{
    if (UNLIKELY(boxed_kind(map) == KIND_tree)) {
        return tree_get(map, key);
    }
    SmallMap small = small_map_of(map);
    int index = find(&small, key);
    return index == NOT_FOUND ? TERM_NONE : small.values[index];
}

/* ---- put and remove ---- */

/* From a small map that is full and one association more. */
static Term outgrow(Space *space, const SmallMap *small, Term key, Term value)
{
    TreeItem items[MAP_SMALL_MAX + 1];
    for (size_t i = 0; i < small->count; i++) {
        items[i] = (TreeItem){tree_hash(small->keys[i]), i, small->keys[i], small->values[i]};
    }
    items[small->count] = (TreeItem){tree_hash(key), small->count, key, value};
    return tree_from_items(space, items, tree_items_sort(items, small->count + 1));
}

static Term small_insert(Space *space, const SmallMap *small, Term key, Term value)
{
    bool found;
    size_t at = search_by_halves(small, key, &found);
    Term *keys, *values;
    Term *object = small_alloc(space, small->count + 1, &keys, &values);
    ASSERT(!found);
    if (UNLIKELY(object == NULL)) {
        return TERM_LIMIT;
    }
    copy_words(keys, small->keys, at);
    copy_words(values, small->values, at);
    keys[at] = key;
    values[at] = value;
    copy_words(keys + at + 1, small->keys + at, small->count - at);
    copy_words(values + at + 1, small->values + at, small->count - at);
    return term_boxed(object);
}

Term map_put(Space *space, Term map, Term key, Term value)
{
    if (UNLIKELY(boxed_kind(map) == KIND_tree)) {
        return tree_put(space, map, key, value);
    }
    SmallMap small = small_map_of(map);
    int index = find(&small, key);
    if (index == NOT_FOUND) {
        return small.count < MAP_SMALL_MAX ? small_insert(space, &small, key, value)
                                           : outgrow(space, &small, key, value);
    }
    if (small.values[index] == value) {
        return map;
    }
    Term *values;
    Term *object = small_alloc_values(space, small.count, small.keys_tuple, &values);
    if (UNLIKELY(object == NULL)) {
        return TERM_LIMIT;
    }
    copy_words(values, small.values, small.count);
    values[index] = value;
    return term_boxed(object);
}

Term map_put_pairs(Space *space, Term map, const Term pairs[], size_t count)
{
    int indices[8];
    bool all = boxed_kind(map) == KIND_map && count > 1 && count <= COUNT_OF(indices);
    if (all) {
        SmallMap small = small_map_of(map);
        Term *values, *object;
        for (size_t i = 0; i < count && all; i++) {
            indices[i] = find(&small, pairs[2 * i]);
            all = indices[i] != NOT_FOUND;
        }
        if (all) {
            object = small_alloc_values(space, small.count, small.keys_tuple, &values);
            if (UNLIKELY(object == NULL)) {
                return TERM_LIMIT;
            }
            copy_words(values, small.values, small.count);
            for (size_t i = 0; i < count; i++) {
                values[indices[i]] = pairs[2 * i + 1];
            }
            return term_boxed(object);
        }
    }
    for (size_t i = 0; i < count && map != TERM_LIMIT; i++) {
        map = map_put(space, map, pairs[2 * i], pairs[2 * i + 1]);
    }
    return map;
}

static Term small_remove(Space *space, Term map, Term key)
{
    SmallMap small = small_map_of(map);
    int index = find(&small, key);
    if (index == NOT_FOUND) {
        return map;
    }
    Term *keys, *values;
    Term *object = small_alloc(space, small.count - 1, &keys, &values);
    if (UNLIKELY(object == NULL)) {
        return TERM_LIMIT;
    }
    size_t at = (size_t) index, after = small.count - at - 1;
    copy_words(keys, small.keys, at);
    copy_words(values, small.values, at);
    copy_words(keys + at, small.keys + at + 1, after);
    copy_words(values + at, small.values + at + 1, after);
    return term_boxed(object);
}

/* ---- building from many ---- */

/* Sorts by inserting; of equal keys the last wins. Few pairs: at most MAP_SMALL_MAX. */
static Term small_from_pairs(Space *space, const Term pairs[], size_t count)
{
    Term keys[MAP_SMALL_MAX], values[MAP_SMALL_MAX];
    SmallMap sorted = {keys, values, 0, TERM_NONE};
    ASSERT(count <= MAP_SMALL_MAX);
    for (size_t i = 0; i < count; i++) {
        Term key = pairs[2 * i];
        bool found = false;
        size_t at = sorted.count;
        if (at > 0 && term_compare_exact(keys[at - 1], key) >= 0) { /* often sorted already */
            at = search_by_halves(&sorted, key, &found);
        }
        if (!found) {
            memmove(keys + at + 1, keys + at, (sorted.count - at) * sizeof(Term));
            memmove(values + at + 1, values + at, (sorted.count - at) * sizeof(Term));
            keys[at] = key;
            sorted.count++;
        }
        values[at] = pairs[2 * i + 1];
    }
    Term *to_keys, *to_values;
    Term *object = small_alloc(space, sorted.count, &to_keys, &to_values);
    if (UNLIKELY(object == NULL)) {
        return TERM_LIMIT;
    }
    copy_words(to_keys, keys, sorted.count);
    copy_words(to_values, values, sorted.count);
    return term_boxed(object);
}

Term map_from_pairs(Space *space, const Term pairs[], size_t count)
{
    if (count <= MAP_SMALL_MAX) {
        return small_from_pairs(space, pairs, count);
    }
    if (count > SIZE_MAX / (2 * sizeof(TreeItem))) {
        return TERM_LIMIT;
    }
    TreeItem *items = mem_try_alloc(count * sizeof(TreeItem));
    if (UNLIKELY(items == NULL)) {
        return TERM_LIMIT;
    }
    for (size_t i = 0; i < count; i++) {
        items[i] = (TreeItem){tree_hash(pairs[2 * i]), i, pairs[2 * i], pairs[2 * i + 1]};
    }
    size_t distinct = tree_items_sort(items, count);
    Term map;
    if (distinct > MAP_SMALL_MAX) {
        map = tree_from_items(space, items, distinct);
    } else {
        Term few[2 * MAP_SMALL_MAX];
        for (size_t i = 0; i < distinct; i++) {
            few[2 * i] = items[i].key;
            few[2 * i + 1] = items[i].value;
        }
        map = small_from_pairs(space, few, distinct);
    }
    mem_free(items);
    return map;
}

Term map_remove(Space *space, Term map, Term key)
{
    if (boxed_kind(map) == KIND_map) {
        return small_remove(space, map, key);
    }
    Term rest = tree_remove(space, map, key);
    if (rest == TERM_LIMIT || map_size(rest) > MAP_SMALL_MAX) {
        return rest;
    }
    Term pairs[2 * MAP_SMALL_MAX];
    MapWalk walk;
    size_t count = 0;
    map_walk_start(&walk, rest);
    while (map_walk_next(&walk, &pairs[2 * count], &pairs[2 * count + 1])) {
        if (++count == MAP_SMALL_MAX) {
            break;
        }
    }
    return small_from_pairs(space, pairs, count);
}

/* ---- merge ---- */

static Term merge_small(Space *space, Term a, Term b)
{
    Term pairs[4 * MAP_SMALL_MAX];
    SmallMap x = small_map_of(a), y = small_map_of(b);
    size_t count = 0;
    if (x.keys_tuple == y.keys_tuple || x.count == 0) {
        return b;
    }
    if (y.count == 0) {
        return a;
    }
    for (size_t i = 0, k = 0; i < x.count || k < y.count; count++) {
        int order = i == x.count ? 1 : k == y.count ? -1 : term_compare_exact(x.keys[i], y.keys[k]);
        pairs[2 * count] = order < 0 ? x.keys[i] : y.keys[k];
        pairs[2 * count + 1] = order < 0 ? x.values[i] : y.values[k];
        i += order <= 0;
        k += order >= 0;
    }
    if (count == y.count) {
        return b;
    }
    if (count > MAP_SMALL_MAX) {
        return map_from_pairs(space, pairs, count);
    }
    Term *keys = NULL, *values;
    Term *object = count == x.count ? small_alloc_values(space, count, x.keys_tuple, &values)
                                    : small_alloc(space, count, &keys, &values);
    if (UNLIKELY(object == NULL)) {
        return TERM_LIMIT;
    }
    for (size_t i = 0; i < count; i++) {
        if (keys != NULL) {
            keys[i] = pairs[2 * i];
        }
        values[i] = pairs[2 * i + 1];
    }
    return term_boxed(object);
}

Term map_merge(Space *space, Term a, Term b)
{
    bool a_is_small = boxed_kind(a) == KIND_map, b_is_small = boxed_kind(b) == KIND_map;
    if (a_is_small && b_is_small) {
        return merge_small(space, a, b);
    }
    if (!a_is_small && !b_is_small) {
        return tree_merge(space, a, b);
    }
    Term map = a_is_small ? b : a;
    SmallMap small = small_map_of(a_is_small ? a : b);
    for (size_t i = 0; i < small.count && map != TERM_LIMIT; i++) {
        if (!a_is_small || tree_get(map, small.keys[i]) == TERM_NONE) {
            map = tree_put(space, map, small.keys[i], small.values[i]);
        }
    }
    return map;
}

/* ---- walks ---- */

void map_walk_start(MapWalk *walk, Term map)
{
    const Term *object = term_boxed_at(map);
    walk->map = map;
    walk->depth = 0;
    walk->index[0] = 0;
    walk->at[0] = header_kind(object[0]) == KIND_map ? object : term_boxed_at(object[2]);
}

static bool walk_small_next(MapWalk *walk, Term *key, Term *value)
{
    const Term *object = walk->at[0];
    uint32_t index = walk->index[0];
    if (index == header_words(object[0]) - 1) {
        return false;
    }
    *key = tuple_elements(object[1])[index];
    *value = object[2 + index];
    walk->index[0] = index + 1;
    return true;
}

/* In a node, `index` counts pairs, and then children. */
bool map_walk_next(MapWalk *walk, Term *key, Term *value)
{
    if (boxed_kind(walk->map) == KIND_map) {
        return walk_small_next(walk, key, value);
    }
    while (walk->depth >= 0) {
        const Term *node = walk->at[walk->depth], *pairs = node_pairs(node);
        size_t count = node_pair_count(node), index = walk->index[walk->depth]++;
        if (index < count) {
            *key = pairs[2 * index];
            *value = pairs[2 * index + 1];
            return true;
        }
        const Term *child = pairs + 2 * count + (index - count);
        if (child < node + 1 + header_words(node[0])) {
            walk->depth++;
            walk->at[walk->depth] = term_boxed_at(*child);
            walk->index[walk->depth] = 0;
        } else {
            walk->depth--;
        }
    }
    return false;
}

bool map_visit(Term map, uint64_t *position, size_t enough, MapVisit visit, void *state)
{
    if (boxed_kind(map) == KIND_tree) {
        return tree_visit(map, position, enough, visit, state);
    }
    Term pairs[2 * MAP_SMALL_MAX];
    SmallMap small = small_map_of(map);
    if (*position != 0) {
        return false;
    }
    for (size_t i = 0; i < small.count; i++) {
        pairs[2 * i] = small.keys[i];
        pairs[2 * i + 1] = small.values[i];
    }
    if (small.count > 0) {
        visit(state, pairs, small.count);
    }
    return true;
}

static int keys_order(const void *a, const void *b)
{
    return term_compare_exact(*(const Term *) a, *(const Term *) b);
}

void map_sorted_keys(Term map, Term keys[])
{
    MapWalk walk;
    Term value;
    size_t count = 0, size = map_size(map);
    map_walk_start(&walk, map);
    while (count < size && map_walk_next(&walk, &keys[count], &value)) {
        count++;
    }
    if (boxed_kind(map) == KIND_tree) {
        qsort(keys, count, sizeof(Term), keys_order);
    }
}
