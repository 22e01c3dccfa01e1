/* runtime/ets_tree.c
 * The contents of an ordered_set: an AVL tree with links to parents, so that nothing recurses. Keys
 * are compared by value (1 == 1.0). */
#include "runtime/ets.h"

static int compare(const EtsTable *table, Term key, const EtsNode *node)
{
    Term other = ets_node_key(table, node);
    if (terms_are_small(key, other)) {
        return (int64_t) key < (int64_t) other ? -1 : key != other;
    }
    return term_compare(key, other);
}

/* Who walks from key to key asks for the one after that which it got last, and maybe for its
 * object: that node is remembered, so that it is not searched for. Readers may do so at once, each
 * of them may be the last; a node goes only while nobody else is in the table, and is forgotten
 * before. */
static EtsNode *stepped(const EtsTable *table)
{
    return __atomic_load_n(&table->stepped, __ATOMIC_RELAXED);
}

void ets_tree_forget(EtsTable *table, const EtsNode *node)
{
    if (stepped(table) == node) {
        __atomic_store_n(&table->stepped, NULL, __ATOMIC_RELAXED);
    }
}

EtsNode *ets_tree_next(EtsTable *table, Term key, bool backward)
{
    EtsNode *from = stepped(table);
    EtsNode *node = from != NULL && compare(table, key, from) == 0
                        ? ets_tree_step(from, backward)
                        : ets_tree_near(table, key, backward, false);
    if (node != NULL) {
        __atomic_store_n(&table->stepped, node, __ATOMIC_RELAXED);
    }
    return node;
}

EtsNode *ets_tree_find(const EtsTable *table, Term key)
{
    EtsNode *node = stepped(table);
    if (node != NULL && ets_node_key(table, node) == key) {
        return node;
    }
    node = table->root;
    while (node != NULL) {
        int order = compare(table, key, node);
        if (order == 0) {
            return node;
        }
        node = node->child[order > 0];
    }
    return NULL;
}

EtsNode *ets_tree_near(const EtsTable *table, Term key, bool backward, bool inclusive)
{
    EtsNode *node = table->root, *best = NULL;
    while (node != NULL) {
        int order = compare(table, key, node);
        order = backward ? -order : order;
        if (order < 0 || (order == 0 && inclusive)) {
            best = node;
            node = node->child[backward];
        } else {
            node = node->child[!backward];
        }
    }
    return best;
}

EtsNode *ets_tree_enter(const EtsTable *table, EtsKeyOrder order, void *context, bool backward)
{
    EtsNode *node = table->root, *best = NULL;
    while (node != NULL) {
        int at = order(context, ets_node_key(table, node));
        if ((backward ? -at : at) >= 0) {
            best = node;
            node = node->child[backward];
        } else {
            node = node->child[!backward];
        }
    }
    return best;
}

EtsNode *ets_tree_end(const EtsTable *table, bool backward)
{
    EtsNode *node = table->root;
    while (node != NULL && node->child[backward] != NULL) {
        node = node->child[backward];
    }
    return node;
}

EtsNode *ets_tree_step(const EtsNode *node, bool backward)
{
    if (node->child[!backward] != NULL) {
        EtsNode *next = node->child[!backward];
        while (next->child[backward] != NULL) {
            next = next->child[backward];
        }
        return next;
    }
    while (node->parent != NULL && node->parent->child[!backward] == node) {
        node = node->parent;
    }
    return node->parent;
}

/* ---- balance ---- */

/* Where a node hangs. */
static EtsNode **link_of(EtsTable *table, EtsNode *node)
{
    return node->parent == NULL ? &table->root
                                : &node->parent->child[node->parent->child[1] == node];
}

/* Lifts the child on side `side` over `node`. Balances are the caller's. */
static EtsNode *rotate(EtsTable *table, EtsNode *node, int side)
{
    EtsNode *up = node->child[side], *middle = up->child[!side];
    *link_of(table, node) = up;
    up->parent = node->parent;
    up->child[!side] = node;
    node->parent = up;
    node->child[side] = middle;
    if (middle != NULL) {
        middle->parent = node;
    }
    return up;
}

/* Restores a node whose side `side` is two higher. Returns the new top; `*shorter`: the whole is
 * one less high than before. */
static EtsNode *restore(EtsTable *table, EtsNode *node, int side, bool *shorter)
{
    int8_t sign = side ? 1 : -1;
    EtsNode *up = node->child[side];
    *shorter = true;
    if (up->balance == -sign) {
        EtsNode *middle = up->child[!side];
        int8_t was = middle->balance;
        rotate(table, up, !side);
        rotate(table, node, side);
        node->balance = was == sign ? (int8_t) -sign : 0;
        up->balance = was == -sign ? sign : 0;
        middle->balance = 0;
        return middle;
    }
    *shorter = up->balance != 0;
    node->balance = *shorter ? 0 : sign;
    up->balance = *shorter ? 0 : (int8_t) -sign;
    return rotate(table, node, side);
}

void ets_tree_insert(EtsTable *table, EtsNode *node)
{
    EtsNode *parent = NULL, **link = &table->root;
    Term key = ets_node_key(table, node);
    while (*link != NULL) {
        parent = *link;
        int order = compare(table, key, parent);
        if (order == 0) {
            ets_replace(table, parent, node);
            return;
        }
        link = &parent->child[order > 0];
    }
    node->child[0] = node->child[1] = NULL;
    node->parent = parent;
    node->balance = 0;
    *link = node;
    table->stripes->size++;
    table->stripes->words += node->words;
    for (EtsNode *child = node; parent != NULL; child = parent, parent = parent->parent) {
        int side = parent->child[1] == child;
        parent->balance = (int8_t) (parent->balance + (side ? 1 : -1));
        if (parent->balance == 0) {
            break;
        }
        if (parent->balance == 2 || parent->balance == -2) {
            bool shorter;
            restore(table, parent, side, &shorter);
            break;
        }
    }
}

/* Side `side` of `node` has become one less high. */
static void became_lower(EtsTable *table, EtsNode *node, int side)
{
    while (node != NULL) {
        node->balance = (int8_t) (node->balance + (side ? -1 : 1));
        bool shorter = node->balance == 0;
        if (node->balance == 2 || node->balance == -2) {
            node = restore(table, node, !side, &shorter);
        }
        if (!shorter || node->parent == NULL) {
            return;
        }
        side = node->parent->child[1] == node;
        node = node->parent;
    }
}

void ets_tree_unlink(EtsTable *table, EtsNode *node)
{
    ets_tree_forget(table, node);
    if (node->child[0] != NULL && node->child[1] != NULL) {
        /* Its successor, which has no left child, takes its place. */
        EtsNode *next = ets_tree_step(node, false);
        EtsNode *parent = next->parent;
        int side = parent->child[1] == next;
        EtsNode *orphan = next->child[1];
        if (parent != node) {
            parent->child[0] = orphan;
            if (orphan != NULL) {
                orphan->parent = parent;
            }
            next->child[1] = node->child[1];
            next->child[1]->parent = next;
        } else {
            parent = next;
        }
        next->child[0] = node->child[0];
        next->child[0]->parent = next;
        next->balance = node->balance;
        *link_of(table, node) = next;
        next->parent = node->parent;
        became_lower(table, parent, side);
        return;
    }
    EtsNode *child = node->child[node->child[0] == NULL];
    EtsNode *parent = node->parent;
    int side = parent != NULL && parent->child[1] == node;
    *link_of(table, node) = child;
    if (child != NULL) {
        child->parent = parent;
    }
    became_lower(table, parent, side);
}
