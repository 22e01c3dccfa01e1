/* runtime/term/map_tree.c
 * See map_tree.h. A new node is first gathered in a NodeParts on the C stack, or copied from the
 * old one with a gap; nodes are never changed once made. */
#include "runtime/term/map_tree.h"

#include <stdlib.h>

#include "runtime/term/compare.h"
#include "runtime/term/mem.h"

#ifdef MUSTER_ASSERTS
uint64_t map_hash_mask = ~(uint64_t) 0;
#endif

uint64_t tree_hash(Term key)
{
#ifdef MUSTER_ASSERTS
    return term_hash(key) & map_hash_mask;
#else
    return term_hash(key);
#endif
}

/* Which of a node's 32 places a hash has. The last level has 16: the even ones. */
static inline unsigned hash_place(uint64_t hash, unsigned level)
{
    ASSERT(level < TREE_LEVELS);
    return (unsigned) (hash << (5 * level) >> 59);
}

/* ---- nodes ---- */

static inline bool is_bucket(const Term *node)
{
    return header_kind(node[0]) == KIND_tree_bucket;
}
static inline uint32_t data_map(const Term *node)
{
    return (uint32_t) node[1];
}
static inline uint32_t node_map(const Term *node)
{
    return (uint32_t) (node[1] >> 32);
}
/* How many of the bits below `bit` are set: an index. */
static inline unsigned index_of(uint32_t map, uint32_t bit)
{
    return map_ones(map & (bit - 1));
}
static inline const Term *pair_at(const Term *node, unsigned index)
{
    return node + 2 + 2 * index;
}
static inline const Term *child_at(const Term *node, unsigned index)
{
    return node + 2 + 2 * map_ones(data_map(node)) + index;
}

/* Room for a node, its header and maps set. NULL: no memory. */
static Term *node_alloc(Space *space, uint32_t data, uint32_t nodes)
{
    size_t size = 1 + 2 * (size_t) map_ones(data) + (size_t) map_ones(nodes);
    Term *node = space_try_alloc(space, 1 + size);
    if (LIKELY(node != NULL)) {
        node[0] = HEADER(KIND_tree_node, size);
        node[1] = (Term) nodes << 32 | data;
    }
    return node;
}

static void copy_words(Term *to, const Term *from, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        to[i] = from[i];
    }
}

/* The same node but for the word at `changed`. */
static Term node_with_word(Space *space, const Term *node, const Term *changed, Term word)
{
    size_t words = 1 + header_words(node[0]);
    Term *copy = space_try_alloc(space, words);
    if (UNLIKELY(copy == NULL)) {
        return TERM_LIMIT;
    }
    copy_words(copy, node, words);
    copy[changed - node] = word;
    return term_boxed(copy);
}

/* The node with a pair more. */
static Term node_with_pair(Space *space, const Term *node, uint32_t bit, Term key, Term value)
{
    Term *copy = node_alloc(space, data_map(node) | bit, node_map(node));
    if (UNLIKELY(copy == NULL)) {
        return TERM_LIMIT;
    }
    size_t before = 2 * index_of(data_map(node), bit), size = header_words(node[0]) - 1;
    copy_words(copy + 2, node + 2, before);
    copy[2 + before] = key;
    copy[3 + before] = value;
    copy_words(copy + 4 + before, node + 2 + before, size - before);
    return term_boxed(copy);
}

/* The node with a child where it had a pair. */
static Term node_pair_to_child(Space *space, const Term *node, uint32_t bit, Term child)
{
    uint32_t data = data_map(node), nodes = node_map(node);
    Term *copy = node_alloc(space, data & ~bit, nodes | bit);
    if (UNLIKELY(copy == NULL)) {
        return TERM_LIMIT;
    }
    size_t pair_words = 2 * (size_t) map_ones(data);
    size_t before = 2 * index_of(data, bit), children = index_of(nodes, bit);
    Term *to = copy + 2;
    const Term *from = node + 2;
    copy_words(to, from, before);
    copy_words(to + before, from + before + 2, pair_words - before - 2 + children);
    to += pair_words - 2 + children;
    from += pair_words + children;
    *to = child;
    copy_words(to + 1, from, (size_t) map_ones(nodes) - children);
    return term_boxed(copy);
}

/* The node with a pair where it had a child. */
static Term node_child_to_pair(Space *space, const Term *node, uint32_t bit, Term key, Term value)
{
    uint32_t data = data_map(node), nodes = node_map(node);
    Term *copy = node_alloc(space, data | bit, nodes & ~bit);
    if (UNLIKELY(copy == NULL)) {
        return TERM_LIMIT;
    }
    size_t pair_words = 2 * (size_t) map_ones(data);
    size_t before = 2 * index_of(data, bit), children = index_of(nodes, bit);
    Term *to = copy + 2;
    const Term *from = node + 2;
    copy_words(to, from, before);
    to[before] = key;
    to[before + 1] = value;
    copy_words(to + before + 2, from + before, pair_words - before + children);
    copy_words(to + pair_words + 2 + children, from + pair_words + children + 1,
               (size_t) map_ones(nodes) - children - 1);
    return term_boxed(copy);
}

static Term node_without_pair(Space *space, const Term *node, uint32_t bit)
{
    Term *copy = node_alloc(space, data_map(node) & ~bit, node_map(node));
    if (UNLIKELY(copy == NULL)) {
        return TERM_LIMIT;
    }
    size_t before = 2 * index_of(data_map(node), bit), size = header_words(node[0]) - 1;
    copy_words(copy + 2, node + 2, before);
    copy_words(copy + 2 + before, node + 4 + before, size - before - 2);
    return term_boxed(copy);
}

static Term make_tree(Space *space, size_t size, Term root)
{
    Term *tree = root == TERM_LIMIT ? NULL : space_try_alloc(space, 3);
    if (UNLIKELY(tree == NULL)) {
        return TERM_LIMIT;
    }
    tree[0] = HEADER(KIND_tree, 2);
    tree[1] = size;
    tree[2] = root;
    return term_boxed(tree);
}

/* ---- buckets ---- */

/* Where the key is in the sorted pairs, or would go. */
static size_t bucket_search(const Term *pairs, size_t count, Term key, bool *found)
{
    size_t low = 0, high = count;
    *found = false;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = term_compare_exact(key, pairs[2 * middle]);
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

static Term *bucket_alloc(Space *space, size_t count)
{
    Term *bucket = space_try_alloc(space, 1 + 2 * count);
    if (LIKELY(bucket != NULL)) {
        bucket[0] = HEADER(KIND_tree_bucket, 2 * count);
    }
    return bucket;
}

/* ---- get ---- */

Term tree_get(Term tree, Term key)
{
    const Term *node = term_boxed_at(term_boxed_at(tree)[2]);
    uint64_t hash = tree_hash(key);
    for (unsigned level = 0; level < TREE_LEVELS; level++) {
        uint32_t bit = (uint32_t) 1 << hash_place(hash, level);
        if ((data_map(node) & bit) != 0) {
            const Term *pair = pair_at(node, index_of(data_map(node), bit));
            return term_equal_exact(pair[0], key) ? pair[1] : TERM_NONE;
        }
        if ((node_map(node) & bit) == 0) {
            return TERM_NONE;
        }
        node = term_boxed_at(*child_at(node, index_of(node_map(node), bit)));
    }
    bool found;
    size_t index = bucket_search(node + 1, node_pair_count(node), key, &found);
    return found ? node[2 + 2 * index] : TERM_NONE;
}

/* ---- put ---- */

typedef struct Put {
    Space *space;
    uint64_t hash;
    Term key, value;
    bool keep_old; /* do not replace the value of a key that is there */
    bool added;    /* out: the key was not there */
} Put;

/* A node of two pairs whose hashes agree above `level`. */
static Term node_of_two(Space *space, unsigned level, uint64_t a_hash, const Term a[2],
                        uint64_t b_hash, const Term b[2])
{
    if (level == TREE_LEVELS) {
        Term *bucket = bucket_alloc(space, 2);
        if (UNLIKELY(bucket == NULL)) {
            return TERM_LIMIT;
        }
        bool a_first = term_compare_exact(a[0], b[0]) < 0;
        copy_words(bucket + 1, a_first ? a : b, 2);
        copy_words(bucket + 3, a_first ? b : a, 2);
        return term_boxed(bucket);
    }
    unsigned a_place = hash_place(a_hash, level), b_place = hash_place(b_hash, level);
    if (a_place == b_place) {
        Term child = node_of_two(space, level + 1, a_hash, a, b_hash, b);
        Term *node = child == TERM_LIMIT ? NULL : node_alloc(space, 0, (uint32_t) 1 << a_place);
        if (UNLIKELY(node == NULL)) {
            return TERM_LIMIT;
        }
        node[2] = child;
        return term_boxed(node);
    }
    Term *node = node_alloc(space, (uint32_t) 1 << a_place | (uint32_t) 1 << b_place, 0);
    if (UNLIKELY(node == NULL)) {
        return TERM_LIMIT;
    }
    copy_words(node + 2, a_place < b_place ? a : b, 2);
    copy_words(node + 4, a_place < b_place ? b : a, 2);
    return term_boxed(node);
}

static Term bucket_put(Put *put, Term term)
{
    const Term *bucket = term_boxed_at(term);
    bool found;
    size_t count = node_pair_count(bucket);
    size_t index = bucket_search(bucket + 1, count, put->key, &found);
    if (found) {
        const Term *value = &bucket[2 + 2 * index];
        return put->keep_old || *value == put->value
                   ? term
                   : node_with_word(put->space, bucket, value, put->value);
    }
    put->added = true;
    Term *copy = bucket_alloc(put->space, count + 1);
    if (UNLIKELY(copy == NULL)) {
        return TERM_LIMIT;
    }
    copy_words(copy + 1, bucket + 1, 2 * index);
    copy[1 + 2 * index] = put->key;
    copy[2 + 2 * index] = put->value;
    copy_words(copy + 3 + 2 * index, bucket + 1 + 2 * index, 2 * (count - index));
    return term_boxed(copy);
}

/* The node with the association; the same node when that changes nothing. */
static Term node_put(Put *put, Term term, unsigned level)
{
    if (level == TREE_LEVELS) {
        return bucket_put(put, term);
    }
    const Term *node = term_boxed_at(term);
    uint32_t bit = (uint32_t) 1 << hash_place(put->hash, level);
    if ((data_map(node) & bit) != 0) {
        const Term *pair = pair_at(node, index_of(data_map(node), bit));
        if (term_equal_exact(pair[0], put->key)) {
            return put->keep_old || pair[1] == put->value
                       ? term
                       : node_with_word(put->space, node, pair + 1, put->value);
        }
        put->added = true;
        Term own[2] = {put->key, put->value};
        Term child = node_of_two(put->space, level + 1, tree_hash(pair[0]), pair, put->hash, own);
        return child == TERM_LIMIT ? TERM_LIMIT : node_pair_to_child(put->space, node, bit, child);
    }
    if ((node_map(node) & bit) != 0) {
        const Term *slot = child_at(node, index_of(node_map(node), bit));
        Term child = node_put(put, *slot, level + 1);
        if (child == TERM_LIMIT) {
            return TERM_LIMIT;
        }
        return child == *slot ? term : node_with_word(put->space, node, slot, child);
    }
    put->added = true;
    return node_with_pair(put->space, node, bit, put->key, put->value);
}

Term tree_put(Space *space, Term tree, Term key, Term value)
{
    const Term *object = term_boxed_at(tree);
    Put put = {space, tree_hash(key), key, value, false, false};
    Term root = node_put(&put, object[2], 0);
    return root == object[2] ? tree : make_tree(space, object[1] + put.added, root);
}

/* ---- remove ---- */

typedef struct Remove {
    Space *space;
    uint64_t hash;
    Term key;
    Term single[2]; /* out, with TERM_NONE: the only pair left */
} Remove;

static Term bucket_remove(Remove *remove, Term term)
{
    const Term *bucket = term_boxed_at(term);
    bool found;
    size_t count = node_pair_count(bucket);
    size_t index = bucket_search(bucket + 1, count, remove->key, &found);
    if (!found) {
        return term;
    }
    if (count == 2) {
        copy_words(remove->single, bucket + 1 + 2 * (1 - index), 2);
        return TERM_NONE;
    }
    Term *copy = bucket_alloc(remove->space, count - 1);
    if (UNLIKELY(copy == NULL)) {
        return TERM_LIMIT;
    }
    copy_words(copy + 1, bucket + 1, 2 * index);
    copy_words(copy + 1 + 2 * index, bucket + 3 + 2 * index, 2 * (count - index - 1));
    return term_boxed(copy);
}

/* The node without the key; the same node when it is not there; TERM_NONE when one pair is left. */
static Term node_remove(Remove *remove, Term term, unsigned level)
{
    if (level == TREE_LEVELS) {
        return bucket_remove(remove, term);
    }
    const Term *node = term_boxed_at(term);
    uint32_t data = data_map(node), nodes = node_map(node);
    uint32_t bit = (uint32_t) 1 << hash_place(remove->hash, level);
    if ((data & bit) != 0) {
        unsigned index = index_of(data, bit);
        if (!term_equal_exact(pair_at(node, index)[0], remove->key)) {
            return term;
        }
        if (nodes == 0 && map_ones(data) == 2) {
            copy_words(remove->single, pair_at(node, 1 - index), 2);
            return TERM_NONE;
        }
        return node_without_pair(remove->space, node, bit);
    }
    if ((nodes & bit) == 0) {
        return term;
    }
    const Term *slot = child_at(node, index_of(nodes, bit));
    Term child = node_remove(remove, *slot, level + 1);
    if (child == *slot || child == TERM_LIMIT) {
        return child == TERM_LIMIT ? TERM_LIMIT : term;
    }
    if (child != TERM_NONE) {
        return node_with_word(remove->space, node, slot, child);
    }
    if (data == 0 && nodes == bit && level > 0) {
        return TERM_NONE; /* the pair was all that we had */
    }
    return node_child_to_pair(remove->space, node, bit, remove->single[0], remove->single[1]);
}

Term tree_remove(Space *space, Term tree, Term key)
{
    const Term *object = term_boxed_at(tree);
    Remove remove = {space, tree_hash(key), key, {TERM_NONE, TERM_NONE}};
    Term root = node_remove(&remove, object[2], 0);
    ASSERT(root != TERM_NONE);
    return root == object[2] ? tree : make_tree(space, object[1] - 1, root);
}

/* ---- building from many ---- */

static int items_order(const void *a, const void *b)
{
    const TreeItem *x = a, *y = b;
    if (x->hash != y->hash) {
        return x->hash < y->hash ? -1 : 1;
    }
    return x->order < y->order ? -1 : x->order > y->order;
}

static int items_key_order(const void *a, const void *b)
{
    return term_compare_exact(((const TreeItem *) a)->key, ((const TreeItem *) b)->key);
}

/* Of items with one hash, keeps the last of each key; returns how many. */
static size_t drop_overruled(TreeItem items[], size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        size_t k = 0;
        while (k < kept && !term_equal_exact(items[k].key, items[i].key)) {
            k++;
        }
        items[k] = items[i];
        kept += k == kept;
    }
    if (kept > 1) {
        qsort(items, kept, sizeof(TreeItem), items_key_order);
    }
    return kept;
}

/* Few items; stable. */
static void insertion_sort(TreeItem items[], size_t count)
{
    for (size_t i = 1; i < count; i++) {
        TreeItem item = items[i];
        size_t k = i;
        for (; k > 0 && items[k - 1].hash > item.hash; k--) {
            items[k] = items[k - 1];
        }
        items[k] = item;
    }
}

enum { SCATTER_MIN = 128, INSERTION_MAX = 48, SCATTER_BITS_MAX = 16 };

/* Hashes are spread evenly, so their leading bits say where an item will lie, but for about eight
 * neighbours. False: no memory to do so. */
static bool scatter_by_hash(TreeItem items[], size_t count)
{
    unsigned bits = 60 - (unsigned) __builtin_clzll(count);
    bits = bits < SCATTER_BITS_MAX ? bits : SCATTER_BITS_MAX;
    size_t places = (size_t) 1 << bits;
    TreeItem *sorted = mem_try_alloc(count * sizeof(TreeItem));
    size_t *ends = mem_try_alloc((places + 1) * sizeof(size_t));
    if (sorted == NULL || ends == NULL) {
        mem_free(sorted);
        mem_free(ends);
        return false;
    }
    memset(ends, 0, (places + 1) * sizeof(size_t));
    for (size_t i = 0; i < count; i++) {
        ends[(items[i].hash >> (64 - bits)) + 1]++;
    }
    for (size_t i = 1; i <= places; i++) {
        ends[i] += ends[i - 1];
    }
    /* ends[i] is where place i begins; each item put there moves it on, to its end. */
    for (size_t i = 0; i < count; i++) {
        sorted[ends[items[i].hash >> (64 - bits)]++] = items[i];
    }
    memcpy(items, sorted, count * sizeof(TreeItem));
    for (size_t i = 0, start = 0; i < places; start = ends[i++]) {
        size_t size = ends[i] - start;
        if (size <= INSERTION_MAX) {
            insertion_sort(items + start, size);
        } else {
            qsort(items + start, size, sizeof(TreeItem), items_order);
        }
    }
    mem_free(sorted);
    mem_free(ends);
    return true;
}

size_t tree_items_sort(TreeItem items[], size_t count)
{
    size_t kept = 0;
    if (count < SCATTER_MIN || !scatter_by_hash(items, count)) {
        qsort(items, count, sizeof(TreeItem), items_order);
    }
    for (size_t i = 0, next; i < count; i = next) {
        next = i + 1;
        while (next < count && items[next].hash == items[i].hash) {
            next++;
        }
        size_t distinct = next - i == 1 ? 1 : drop_overruled(items + i, next - i);
        memmove(items + kept, items + i, distinct * sizeof(TreeItem));
        kept += distinct;
    }
    return kept;
}

static Term build_bucket(Space *space, const TreeItem items[], size_t count)
{
    Term *bucket = bucket_alloc(space, count);
    if (UNLIKELY(bucket == NULL)) {
        return TERM_LIMIT;
    }
    for (size_t i = 0; i < count; i++) {
        bucket[1 + 2 * i] = items[i].key;
        bucket[2 + 2 * i] = items[i].value;
    }
    return term_boxed(bucket);
}

static Term build_node(Space *space, const TreeItem items[], size_t count, unsigned level)
{
    Term pairs[64], children[32];
    size_t pair_words = 0, child_count = 0;
    uint32_t data = 0, nodes = 0;
    if (level == TREE_LEVELS) {
        return build_bucket(space, items, count);
    }
    for (size_t i = 0, next; i < count; i = next) {
        unsigned place = hash_place(items[i].hash, level);
        for (next = i + 1; next < count && hash_place(items[next].hash, level) == place;) {
            next++;
        }
        if (next - i == 1) {
            data |= (uint32_t) 1 << place;
            pairs[pair_words++] = items[i].key;
            pairs[pair_words++] = items[i].value;
        } else {
            Term child = build_node(space, items + i, next - i, level + 1);
            if (UNLIKELY(child == TERM_LIMIT)) {
                return TERM_LIMIT;
            }
            nodes |= (uint32_t) 1 << place;
            children[child_count++] = child;
        }
    }
    Term *node = node_alloc(space, data, nodes);
    if (UNLIKELY(node == NULL)) {
        return TERM_LIMIT;
    }
    copy_words(node + 2, pairs, pair_words);
    copy_words(node + 2 + pair_words, children, child_count);
    return term_boxed(node);
}

Term tree_from_items(Space *space, const TreeItem items[], size_t count)
{
    return make_tree(space, count, build_node(space, items, count, 0));
}

/* ---- merge ---- */

/* How many keys the result has is the size of the second map and what was added, or the size of
 * both and not what they have in common. What one of them alone has, or what they share, would have
 * to be counted for either: `counts_common` says which is less. */
typedef struct Merge {
    Space *space;
    bool counts_common;
    size_t added;  /* out: keys that came from the first map; unless counts_common */
    size_t common; /* out: keys of both; if counts_common */
} Merge;

enum { MERGE_FEW = 8 }; /* a map is small beside one that is this many times as large */

static size_t node_count(Term term)
{
    const Term *node = term_boxed_at(term);
    size_t count = node_pair_count(node);
    if (!is_bucket(node)) {
        const Term *end = node + 1 + header_words(node[0]);
        for (const Term *child = node + 2 + 2 * count; child < end; child++) {
            count += node_count(*child);
        }
    }
    return count;
}

/* A key of the first map was there in the second, or was not. */
static void merge_count(Merge *merge, bool added)
{
    merge->added += added;
    merge->common += !added;
}

static Term merge_buckets(Merge *merge, Term a, Term b)
{
    const Term *from = term_boxed_at(a);
    for (size_t i = 0; i < node_pair_count(from) && b != TERM_LIMIT; i++) {
        Put put = {merge->space, 0, from[1 + 2 * i], from[2 + 2 * i], true, false};
        b = bucket_put(&put, b);
        merge_count(merge, put.added);
    }
    return b;
}

static Term merge_nodes(Merge *merge, Term a, Term b, unsigned level);

/* The child that place `bit` of the merged node has; TERM_NONE: it has the pair in `*pair`. */
static Term merge_place(Merge *merge, const Term *x, const Term *y, uint32_t bit, unsigned level,
                        const Term **pair)
{
    const Term *x_pair = (data_map(x) & bit) != 0 ? pair_at(x, index_of(data_map(x), bit)) : NULL;
    const Term *y_pair = (data_map(y) & bit) != 0 ? pair_at(y, index_of(data_map(y), bit)) : NULL;
    Term x_child = (node_map(x) & bit) != 0 ? *child_at(x, index_of(node_map(x), bit)) : TERM_NONE;
    Term y_child = (node_map(y) & bit) != 0 ? *child_at(y, index_of(node_map(y), bit)) : TERM_NONE;
    if (x_pair != NULL && y_pair != NULL) {
        bool are_same = term_equal_exact(x_pair[0], y_pair[0]);
        merge_count(merge, !are_same);
        if (are_same) {
            *pair = y_pair;
            return TERM_NONE;
        }
        return node_of_two(merge->space, level + 1, tree_hash(x_pair[0]), x_pair,
                           tree_hash(y_pair[0]), y_pair);
    }
    if (x_pair != NULL && y_child != TERM_NONE) {
        Put put = {merge->space, tree_hash(x_pair[0]), x_pair[0], x_pair[1], true, false};
        Term child = node_put(&put, y_child, level + 1);
        merge_count(merge, put.added);
        return child;
    }
    if (x_child != TERM_NONE && y_pair != NULL) {
        Put put = {merge->space, tree_hash(y_pair[0]), y_pair[0], y_pair[1], false, false};
        Term child = node_put(&put, x_child, level + 1);
        merge->common += !put.added;
        if (!merge->counts_common) {
            merge->added += node_count(x_child) - !put.added;
        }
        return child;
    }
    if (x_child != TERM_NONE && y_child != TERM_NONE) {
        return merge_nodes(merge, x_child, y_child, level + 1);
    }
    if (x_pair != NULL) {
        merge->added++;
    } else if (x_child != TERM_NONE && !merge->counts_common) {
        merge->added += node_count(x_child);
    }
    *pair = x_pair != NULL ? x_pair : y_pair;
    return x_child != TERM_NONE ? x_child : y_child;
}

static Term merge_nodes(Merge *merge, Term a, Term b, unsigned level)
{
    Term pairs[64], children[32];
    size_t pair_words = 0, child_count = 0;
    uint32_t data = 0, nodes = 0;
    if (a == b) {
        merge->common += merge->counts_common ? node_count(a) : 0;
        return b;
    }
    if (level == TREE_LEVELS) {
        return merge_buckets(merge, a, b);
    }
    const Term *x = term_boxed_at(a), *y = term_boxed_at(b);
    for (uint32_t left = data_map(x) | node_map(x) | data_map(y) | node_map(y); left != 0;
         left &= left - 1) {
        uint32_t bit = left & -left;
        const Term *pair = NULL;
        Term child = merge_place(merge, x, y, bit, level, &pair);
        if (UNLIKELY(child == TERM_LIMIT)) {
            return TERM_LIMIT;
        }
        if (child != TERM_NONE) {
            nodes |= bit;
            children[child_count++] = child;
        } else {
            data |= bit;
            pairs[pair_words++] = pair[0];
            pairs[pair_words++] = pair[1];
        }
    }
    size_t size = 1 + pair_words + child_count;
    Term maps = (Term) nodes << 32 | data;
    if (y[0] == HEADER(KIND_tree_node, size) && y[1] == maps &&
        memcmp(y + 2, pairs, pair_words * sizeof(Term)) == 0 &&
        memcmp(y + 2 + pair_words, children, child_count * sizeof(Term)) == 0) {
        return b; /* nothing came from `a` */
    }
    Term *node = node_alloc(merge->space, data, nodes);
    if (UNLIKELY(node == NULL)) {
        return TERM_LIMIT;
    }
    copy_words(node + 2, pairs, pair_words);
    copy_words(node + 2 + pair_words, children, child_count);
    return term_boxed(node);
}

Term tree_merge(Space *space, Term a, Term b)
{
    const Term *x = term_boxed_at(a), *y = term_boxed_at(b);
    Merge merge = {space, x[1] / MERGE_FEW > y[1], 0, 0};
    Term root = merge_nodes(&merge, x[2], y[2], 0);
    size_t size = y[1] + (merge.counts_common ? x[1] - merge.common : merge.added);
    return root == y[2] ? b : make_tree(space, size, root);
}

/* ---- visiting ---- */

/* A place is the way to a node: how many levels down, in the lowest bits, and above them which
 * child on each, the last one lowest. Below PLACE_LEVELS levels nodes are visited with all below
 * them: of a map of a hundred million keys they hold a hundred each. */
enum { PLACE_LEVELS = 4, PLACE_LEVEL_BITS = 3, PLACE_CHILD_BITS = 5 };

static size_t node_children(const Term *node)
{
    return is_bucket(node) ? 0 : (size_t) map_ones(node_map(node));
}

static const Term *node_child(const Term *node, size_t index)
{
    return term_boxed_at(*child_at(node, (unsigned) index));
}

static size_t visit_node(const Term *node, MapVisit visit, void *state)
{
    size_t count = node_pair_count(node);
    if (count > 0) {
        visit(state, node_pairs(node), count);
    }
    return count;
}

static size_t visit_all(const Term *node, MapVisit visit, void *state)
{
    size_t count = visit_node(node, visit, state);
    for (size_t i = 0, children = node_children(node); i < children; i++) {
        count += visit_all(node_child(node, i), visit, state);
    }
    return count;
}

bool tree_visit(Term tree, uint64_t *position, size_t enough, MapVisit visit, void *state)
{
    const Term *way[PLACE_LEVELS + 1] = {term_boxed_at(term_boxed_at(tree)[2])};
    size_t index[PLACE_LEVELS + 1] = {0}, count = 0;
    uint64_t level = *position & ((1 << PLACE_LEVEL_BITS) - 1),
             place = *position >> PLACE_LEVEL_BITS;
    if (level > PLACE_LEVELS || place >> (PLACE_CHILD_BITS * level) != 0) {
        return false;
    }
    for (uint64_t i = 1; i <= level; i++) {
        index[i] = place >> (PLACE_CHILD_BITS * (level - i)) & ((1 << PLACE_CHILD_BITS) - 1);
        if (index[i] >= node_children(way[i - 1])) {
            return false;
        }
        way[i] = node_child(way[i - 1], index[i]);
    }
    do {
        if (level == PLACE_LEVELS) {
            count += visit_all(way[level], visit, state);
        } else {
            count += visit_node(way[level], visit, state);
        }
        if (level < PLACE_LEVELS && node_children(way[level]) > 0) {
            index[++level] = 0;
        } else {
            while (level > 0 && ++index[level] == node_children(way[level - 1])) {
                level--;
            }
        }
        if (level > 0) {
            way[level] = node_child(way[level - 1], index[level]);
        }
    } while (level > 0 && count < enough);
    *position = level;
    for (uint64_t i = 1; i <= level; i++) {
        *position |= index[i] << (PLACE_LEVEL_BITS + PLACE_CHILD_BITS * (level - i));
    }
    return true;
}
