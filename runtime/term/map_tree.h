/* runtime/term/map_tree.h
 * Big maps, for map.c alone: a compressed hash-array mapped prefix tree (Steindorfer and Vinju,
 * OOPSLA 2015). A level takes 5 bits of the key's hash, the most significant first, the last level
 * takes 4; keys whose hashes are all equal share a bucket below it, sorted by exact term order.
 *
 * The form is canonical: the same keys and values make the same tree, however they came in. It
 * holds because a node below the root has at least two keys in it or below it, and a removal that
 * leaves one moves that up.
 *
 * All functions that build answer TERM_LIMIT when memory is out. They recurse no deeper than the
 * tree has levels. */
#ifndef MUSTER_TERM_MAP_TREE_H
#define MUSTER_TERM_MAP_TREE_H

#include "runtime/term/map.h"

enum { TREE_LEVELS = 13 };

#ifdef MUSTER_ASSERTS
extern uint64_t map_hash_mask; /* tests clear bits in it to make hashes collide; ~0 else */
#endif

/* A key and its value on the way into a tree. */
typedef struct TreeItem {
    uint64_t hash;
    size_t order; /* of two equal keys the one with the higher order wins */
    Term key, value;
} TreeItem;

uint64_t tree_hash(Term key);
Term tree_get(Term tree, Term key);
Term tree_put(Space *space, Term tree, Term key, Term value);
/* The tree itself when the key is absent. The result may have only MAP_SMALL_MAX keys left: then
 * the caller makes it small. */
Term tree_remove(Space *space, Term tree, Term key);
/* Keys of `b` win. */
Term tree_merge(Space *space, Term a, Term b);
/* map_visit for trees. */
bool tree_visit(Term tree, uint64_t *position, size_t enough, MapVisit visit, void *state);
/* Sorts items by hash and drops overruled ones; returns how many are left. */
size_t tree_items_sort(TreeItem items[], size_t count);
/* From sorted items, more than MAP_SMALL_MAX of them. */
Term tree_from_items(Space *space, const TreeItem items[], size_t count);

/* How many bits are set. (The compiler's own is a call where processors without the instruction
 * must do, too.) */
static inline uint32_t map_ones(uint32_t bits)
{
#if defined(__x86_64__)
    if (LIKELY(__builtin_cpu_supports("popcnt"))) {
        uint32_t count;
        __asm__("popcnt %1, %0" : "=r"(count) : "r"(bits) : "cc");
        return count;
    }
#endif
    bits -= bits >> 1 & 0x55555555;
    bits = (bits & 0x33333333) + (bits >> 2 & 0x33333333);
    return ((bits + (bits >> 4)) & 0x0F0F0F0F) * 0x01010101 >> 24;
}

/* The parts of a node; a bucket is a node without children. */
static inline size_t node_pair_count(const Term *node)
{
    return header_kind(node[0]) == KIND_tree_bucket ? header_words(node[0]) / 2
                                                    : (size_t) map_ones((uint32_t) node[1]);
}
static inline const Term *node_pairs(const Term *node)
{
    return node + (header_kind(node[0]) == KIND_tree_bucket ? 1 : 2);
}

#endif
