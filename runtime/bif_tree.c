/* runtime/bif_tree.c
 * The search trees of gb_trees and gb_sets: nodes are tuples of a key, perhaps a value, and at last
 * the smaller and the bigger subtree; no node is the atom nil. Such trees keep no balance in their
 * nodes: a leaf that comes to lie deeper than the number of nodes allows has the smallest subtree
 * above it rebuilt that is too deep for what it holds.
 *
 * Each function goes down once and remembers the way; what changes is copied on the way back up.
 * Trees are terms that a program can make up, so each node is looked at before use: what is not
 * such a tree, or is deeper than any can be, is a function_clause. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"

enum { DEEPEST = 256, WIDEST = 4, SMALLER = 2, BIGGER = 1 }; /* places counted from the end */

typedef struct Way {
    Term nodes[DEEPEST];
    uint8_t sides[DEEPEST]; /* SMALLER or BIGGER: where it went on from that node */
    size_t length;
} Way;

static bool is_node(Term t)
{
    return term_is_tuple(t) && (tuple_arity(t) == 3 || tuple_arity(t) == WIDEST);
}

static Term side(Term node, uint8_t which)
{
    return tuple_elements(node)[tuple_arity(node) - which];
}

/* Where a key that is not this node's is looked for: SMALLER or BIGGER; 0: it is this node's. */
static inline uint8_t next_side(Term key, Term node_key)
{
    if (terms_are_small(key, node_key)) {
        return key == node_key ? 0 : (uint8_t) (BIGGER + ((int64_t) key < (int64_t) node_key));
    }
    int order = term_compare(key, node_key);
    return order == 0 ? 0 : order < 0 ? SMALLER : BIGGER;
}

/* Writes a copy of a node with another subtree to `at`. */
static Term write_with_side(Term *at, Term node, uint8_t which, Term subtree)
{
    const Term *from = term_boxed_at(node);
    size_t arity = header_words(from[0]);
    at[0] = from[0];
    at[1] = from[1];
    at[2] = from[2];
    at[3] = from[3];
    if (arity == WIDEST) {
        at[4] = from[4];
    }
    at[1 + arity - which] = subtree;
    return term_boxed(at);
}

/* It is small and cannot fail. */
static Term with_side(Process *p, Term node, uint8_t which, Term subtree)
{
    return write_with_side(space_alloc(bif_space(p), 1 + tuple_arity(node)), node, which, subtree);
}

/* Down to where the key is or would be: the node or nil; TERM_NONE: this is no tree. */
static Term go_down(Way *way, Term key, Term root)
{
    size_t length = 0;
    way->length = 0;
    while (term_is_boxed(root)) {
        const Term *node = term_boxed_at(root);
        if (node[0] != HEADER(KIND_tuple, 3) && node[0] != HEADER(KIND_tuple, WIDEST)) {
            break;
        }
        uint8_t which = next_side(key, node[1]);
        if (which == 0) {
            break;
        }
        if (length == DEEPEST) {
            return TERM_NONE;
        }
        way->nodes[length] = root;
        way->sides[length++] = which;
        root = node[1 + header_words(node[0]) - which];
    }
    way->length = length;
    return is_node(root) || root == ATOM_nil_ ? root : TERM_NONE;
}

/* The same way, as far as `length`, with another subtree at its end. */
static Term copy_way(Process *p, const Way *way, size_t length, Term subtree)
{
    size_t words = 0;
    for (size_t i = 0; i < length; i++) {
        words += 1 + tuple_arity(way->nodes[i]);
    }
    Term *at = words > 0 ? space_alloc(bif_space(p), words) : NULL;
    while (length-- > 0) {
        Term node = way->nodes[length];
        subtree = write_with_side(at, node, way->sides[length], subtree);
        at += 1 + tuple_arity(node);
    }
    return subtree;
}

static Term no_tree(Process *p)
{
    return bif_error(p, ATOM_function_clause);
}

/* ---- looking ---- */

/* muster_tree:find(Key, Root): the node or nil. */
Term bif_tree_find(Process *p, const Term args[])
{
    Term key = args[0], root = args[1];
    while (term_is_boxed(root)) {
        const Term *node = term_boxed_at(root);
        if (node[0] != HEADER(KIND_tuple, 3) && node[0] != HEADER(KIND_tuple, WIDEST)) {
            break;
        }
        uint8_t which = next_side(key, node[1]);
        if (which == 0) {
            return root;
        }
        root = node[1 + header_words(node[0]) - which];
    }
    return root == ATOM_nil_ ? root : no_tree(p);
}

static uint8_t which_side(Term atom)
{
    return atom == ATOM_smaller ? SMALLER : BIGGER;
}

/* muster_tree:edge(smaller | bigger, Root): the node farthest to that side. */
Term bif_tree_edge(Process *p, const Term args[])
{
    uint8_t which = which_side(args[0]);
    Term root = args[1];
    if (!is_node(root)) {
        return no_tree(p);
    }
    while (is_node(side(root, which))) {
        root = side(root, which);
    }
    return root;
}

/* muster_tree:beside(smaller | bigger, Key, Root): the node next to a key on that side, or nil. */
Term bif_tree_beside(Process *p, const Term args[])
{
    uint8_t which = which_side(args[0]);
    Term key = args[1], root = args[2], best = ATOM_nil_;
    while (is_node(root)) {
        uint8_t next = next_side(key, tuple_elements(root)[0]);
        bool beyond = next == SMALLER + BIGGER - which;
        if (beyond) {
            best = root;
        }
        root = side(root, beyond ? next : which);
    }
    return root == ATOM_nil_ ? best : no_tree(p);
}

/* ---- putting in ---- */

/* The leaf, whose size is that of the node `old`, instead of that. */
static Term put_at(Process *p, const Way *way, Term leaf, Term old)
{
    Term elements[WIDEST];
    size_t arity = tuple_arity(old);
    memcpy(elements, tuple_elements(leaf), arity * sizeof(Term));
    elements[arity - SMALLER] = side(old, SMALLER);
    elements[arity - BIGGER] = side(old, BIGGER);
    bif_charge(p, way->length / 8);
    return copy_way(p, way, way->length, make_tuple(bif_space(p), elements, arity));
}

/* muster_tree:put(Leaf, Root): the tree with the key (and value) of Leaf in place of an equal key;
 * nil: there is none. */
Term bif_tree_put(Process *p, const Term args[])
{
    Way way;
    if (!is_node(args[0])) {
        return no_tree(p);
    }
    Term old = go_down(&way, tuple_elements(args[0])[0], args[1]);
    if (old == TERM_NONE || (old != ATOM_nil_ && tuple_arity(old) != tuple_arity(args[0]))) {
        return no_tree(p);
    }
    return old == ATOM_nil_ ? old : put_at(p, &way, args[0], old);
}

/* How deep and large a subtree is. */
typedef struct Extent {
    uint32_t height; /* of a leaf and of nil: 0 */
    uint64_t count;
    bool ok;
} Extent;

static Extent extent_of(Term root, size_t depth)
{
    if (!is_node(root) || depth == DEEPEST) {
        return (Extent){.ok = root == ATOM_nil_};
    }
    Term smaller = side(root, SMALLER), bigger = side(root, BIGGER);
    if (smaller == ATOM_nil_ && bigger == ATOM_nil_) {
        return (Extent){.count = 1, .ok = true};
    }
    Extent a = extent_of(smaller, depth + 1), b = extent_of(bigger, depth + 1);
    return (Extent){
        .height = 1 + (a.height > b.height ? a.height : b.height),
        .count = 1 + a.count + b.count,
        .ok = a.ok && b.ok,
    };
}

/* Deeper than twice the logarithm of its size. */
static bool is_too_deep(uint64_t height, uint64_t count)
{
    return height >= 127 || ((unsigned __int128) 1 << height) > (unsigned __int128) count * count;
}

static Term *collect(Term root, Term *out)
{
    while (is_node(root)) {
        out = collect(side(root, SMALLER), out);
        *out++ = root;
        root = side(root, BIGGER);
    }
    return out;
}

static Term build(Process *p, const Term nodes[], size_t count)
{
    Term elements[WIDEST];
    if (count == 0) {
        return ATOM_nil_;
    }
    size_t bigger = (count - 1) / 2, smaller = count - 1 - bigger;
    Term node = nodes[smaller];
    size_t arity = tuple_arity(node);
    memcpy(elements, tuple_elements(node), arity * sizeof(Term));
    elements[arity - SMALLER] = build(p, nodes, smaller);
    elements[arity - BIGGER] = build(p, nodes + smaller + 1, bigger);
    return make_tuple(bif_space(p), elements, arity);
}

/* A balanced tree of the nodes of `root` with the new subtree at the end of the way from there. */
static Term rebuilt(Process *p, const Way *way, size_t from, Term leaf, size_t count)
{
    Term *nodes = mem_try_alloc(count * sizeof(Term));
    if (nodes == NULL) {
        return TERM_LIMIT;
    }
    Term root = leaf;
    for (size_t i = way->length; i-- > from;) {
        root = with_side(p, way->nodes[i], way->sides[i], root);
    }
    collect(root, nodes);
    root = build(p, nodes, count);
    mem_free(nodes);
    return root;
}

/* The leaf is too deep: the tree with the smallest subtree rebuilt that is too deep for its size.
 */
static Term insert_deep(Process *p, const Way *way, Term leaf)
{
    Extent grown = {.count = 1, .ok = true};
    for (size_t i = way->length; i-- > 0;) {
        Extent other = extent_of(side(way->nodes[i], SMALLER + BIGGER - way->sides[i]), i);
        if (!other.ok) {
            return TERM_NONE;
        }
        grown.height = 1 + (grown.height > other.height ? grown.height : other.height);
        grown.count += 1 + other.count;
        if (is_too_deep(grown.height, grown.count)) {
            if (grown.count > LONG_STEPS && bif_may_leave()) {
                return bif_leave(p);
            }
            Term subtree = rebuilt(p, way, i, leaf, (size_t) grown.count);
            return subtree == TERM_LIMIT ? subtree : copy_way(p, way, i, subtree);
        }
    }
    return copy_way(p, way, way->length, leaf);
}

/* The tree with the leaf at the end of the way, `size` nodes then. */
static Term insert_at(Process *p, const Way *way, Term leaf, int64_t size)
{
    if (size < 0 || (way->length > 0 && tuple_arity(way->nodes[0]) != tuple_arity(leaf))) {
        return no_tree(p);
    }
    bif_charge(p, way->length / 8);
    Term root = is_too_deep(way->length, (uint64_t) size) ? insert_deep(p, way, leaf)
                                                          : copy_way(p, way, way->length, leaf);
    return root == TERM_NONE ? no_tree(p) : root == TERM_LIMIT ? bif_system_limit(p) : root;
}

/* muster_tree:insert(Leaf, Root, Size): the tree with one node more, Size of them then; nil: the
 * key is there. */
Term bif_tree_insert(Process *p, const Term args[])
{
    Way way;
    int64_t size;
    if (!is_node(args[0]) || !term_to_int64(args[2], &size)) {
        return no_tree(p);
    }
    Term old = go_down(&way, tuple_elements(args[0])[0], args[1]);
    if (old == TERM_NONE) {
        return no_tree(p);
    }
    return old != ATOM_nil_ ? ATOM_nil_ : insert_at(p, &way, args[0], size);
}

/* muster_tree:enter(Leaf, Root, Size): {Size1, Tree}, put or inserted; nil: it would have to be
 * inserted, and Size is no number that has a next one here. */
Term bif_tree_enter(Process *p, const Term args[])
{
    Way way;
    if (!is_node(args[0])) {
        return no_tree(p);
    }
    Term old = go_down(&way, tuple_elements(args[0])[0], args[1]), size = args[2];
    if (old == TERM_NONE || (old != ATOM_nil_ && tuple_arity(old) != tuple_arity(args[0]))) {
        return no_tree(p);
    }
    Term root;
    if (old != ATOM_nil_) {
        root = put_at(p, &way, args[0], old);
    } else {
        if (!term_is_small(size) || size == term_small(SMALL_MAX)) {
            return ATOM_nil_;
        }
        size = term_small(small_value(size) + 1);
        root = insert_at(p, &way, args[0], small_value(size));
    }
    return root == TERM_NONE || root == TERM_TRAP ? root : make_tuple2(bif_space(p), size, root);
}

/* ---- taking out ---- */

/* The tree without its node farthest to a side, which becomes `*edge`; TERM_NONE: no tree. */
static Term without_edge(Process *p, Term root, uint8_t which, Term *edge)
{
    Way way;
    way.length = 0;
    while (is_node(root) && side(root, which) != ATOM_nil_ && way.length < DEEPEST) {
        way.nodes[way.length] = root;
        way.sides[way.length++] = which;
        root = side(root, which);
    }
    if (!is_node(root) || side(root, which) != ATOM_nil_) {
        return TERM_NONE;
    }
    *edge = root;
    return copy_way(p, &way, way.length, side(root, SMALLER + BIGGER - which));
}

/* muster_tree:remove(Key, Root): {Node, Tree} or nil. The smallest of the bigger ones takes the
 * place of the node. */
Term bif_tree_remove(Process *p, const Term args[])
{
    Way way;
    Term node = go_down(&way, args[0], args[1]);
    if (node == TERM_NONE || node == ATOM_nil_) {
        return node == TERM_NONE ? no_tree(p) : node;
    }
    Term smaller = side(node, SMALLER), bigger = side(node, BIGGER), joined = bigger;
    if (bigger == ATOM_nil_) {
        joined = smaller;
    } else if (smaller != ATOM_nil_) {
        Term next;
        bigger = without_edge(p, bigger, SMALLER, &next);
        if (bigger == TERM_NONE) {
            return no_tree(p);
        }
        joined = with_side(p, with_side(p, next, SMALLER, smaller), BIGGER, bigger);
    }
    bif_charge(p, way.length / 8);
    return make_tuple2(bif_space(p), node, copy_way(p, &way, way.length, joined));
}

/* muster_tree:remove_edge(smaller | bigger, Root): {Node, Tree}. */
Term bif_tree_remove_edge(Process *p, const Term args[])
{
    Term node, root = without_edge(p, args[1], which_side(args[0]), &node);
    return root == TERM_NONE ? no_tree(p) : make_tuple2(bif_space(p), node, root);
}
