/* runtime/term/map.h
 * Maps: up to MAP_SMALL_MAX keys two parallel sorted arrays (kind map), above that a compressed
 * hash-array mapped prefix tree (CHAMP; kinds tree, tree_node, tree_bucket). Both persistent: an
 * update copies a path. A map shrinks back to the small form, so that equal maps have equal form.
 * Keys are compared with =:=. Functions that build answer TERM_LIMIT when memory is out. */
#ifndef MUSTER_TERM_MAP_H
#define MUSTER_TERM_MAP_H

#include "runtime/term/space.h"

enum { MAP_SMALL_MAX = 32 };

Term map_empty(Space *space);
size_t map_size(Term map);
/* TERM_NONE when the key is absent. */
Term map_get(Term map, Term key);
Term map_put(Space *space, Term map, Term key, Term value);
/* `count` alternating keys and values, one after the other; in one copy where all keys are there.
 */
Term map_put_pairs(Space *space, Term map, const Term pairs[], size_t count);
/* The map itself when the key is absent. */
Term map_remove(Space *space, Term map, Term key);
/* From `count` alternating keys and values, in any order; the last of equal keys wins. */
Term map_from_pairs(Space *space, const Term pairs[], size_t count);
/* Keys of `b` win. */
Term map_merge(Space *space, Term a, Term b);

/* Walks all associations: small maps in key order, big ones in a fixed order of their own. The map
 * must not be moved (no collection) while a walk is on. */
typedef struct MapWalk {
    const Term *at[16]; /* path of nodes; at[0] alone for small maps */
    uint32_t index[16];
    int32_t depth;
    Term map;
} MapWalk;
void map_walk_start(MapWalk *walk, Term map);
bool map_walk_next(MapWalk *walk, Term *key, Term *value);
/* Part by part, in the order of a walk: visits what begins at `*position`, 0 at first, until at
 * least `enough` associations were visited. `*position` is then where to go on, 0 at the end. It is
 * a small number that says so of this map alone, and stays right when the map is moved between two
 * calls. False: the map has no such place. The pairs are keys and values in turn. */
typedef void (*MapVisit)(void *state, const Term *pairs, size_t count);
bool map_visit(Term map, uint64_t *position, size_t enough, MapVisit visit, void *state);
/* All keys in exact term order, into `keys`, which has room for map_size of them. Uses malloc. */
void map_sorted_keys(Term map, Term keys[]);

#endif
