/* runtime/ets_contents.c
 * Nodes, and what sets, bags and ordered sets have in common: see ets.h. */
#include "runtime/ets.h"
#include "runtime/term/copy.h"

EtsNode *ets_node_create(Term object)
{
    size_t words = term_flat_words(object); /* literals may leave while it stays */
    EtsNode *node = words > UINT32_MAX ? NULL : mem_try_alloc(sizeof *node + words * sizeof(Term));
    if (node == NULL) {
        return NULL;
    }
    *node = (EtsNode){.words = (uint32_t) words};
    Term *top = node->data;
    size_t off_heap_bytes = 0;
    node->object = term_copy_flat_to(object, &top, &node->off_heap, &off_heap_bytes);
    return node;
}

void ets_node_destroy(EtsNode *node)
{
    if (node->off_heap != NULL) {
        off_heap_drop_all(node->off_heap);
    }
    mem_free_sized(node, sizeof *node + node->words * sizeof(Term));
}

Term ets_object_copy(Space *space, const EtsNode *node)
{
    return term_copy_block(space, node->object, node->data, node->words);
}

EtsCounts ets_counts(const EtsTable *table)
{
    EtsCounts counts = {0};
    for (size_t i = 0; i <= table->stripe_mask; i++) {
        counts.size += table->stripes[i].size;
        counts.words += table->stripes[i].words;
        counts.ghosts += table->stripes[i].ghosts;
    }
    return counts;
}

size_t ets_table_words(const EtsTable *table)
{
    EtsCounts counts = ets_counts(table);
    size_t fixed_bytes = sizeof *table + (table->stripe_mask + 1) * sizeof(EtsStripe);
    return counts.words + (counts.size + counts.ghosts) * (sizeof(EtsNode) / sizeof(Term)) +
           fixed_bytes / sizeof(Term) + table->buckets;
}

EtsNode *ets_find(const EtsTable *table, Term key)
{
    return table->type == ETS_ORDERED_SET ? ets_tree_find(table, key)
                                          : ets_hash_find(table, key, false);
}

EtsNode *ets_find_marked(const EtsTable *table, Term key)
{
    return table->type == ETS_ORDERED_SET ? ets_tree_find(table, key)
                                          : ets_hash_find(table, key, true);
}

EtsNode *ets_find_next(const EtsTable *table, const EtsNode *node)
{
    if (table->type == ETS_ORDERED_SET || table->type == ETS_SET) {
        return NULL;
    }
    Term key = ets_node_key(table, node);
    for (EtsNode *next = node->next; next != NULL; next = next->next) {
        if (next->hash != node->hash || !term_equal_exact(ets_node_key(table, next), key)) {
            return NULL;
        }
        if (!next->deleted) {
            return next;
        }
    }
    return NULL;
}

bool ets_insert(EtsTable *table, EtsNode *node)
{
    if (table->type == ETS_ORDERED_SET) {
        ets_tree_insert(table, node);
        return true;
    }
    return ets_hash_insert(table, node);
}

void ets_replace(EtsTable *table, EtsNode *old, EtsNode *node)
{
    EtsStripe *stripe = ets_stripe_of(table, old);
    stripe->words += node->words - (size_t) old->words;
    if (table->type == ETS_ORDERED_SET) {
        ets_tree_forget(table, old);
        node->child[0] = old->child[0];
        node->child[1] = old->child[1];
        node->parent = old->parent;
        node->balance = old->balance;
        if (old->parent == NULL) {
            table->root = node;
        } else {
            old->parent->child[old->parent->child[1] == old] = node;
        }
        for (int side = 0; side < 2; side++) {
            if (node->child[side] != NULL) {
                node->child[side]->parent = node;
            }
        }
    } else {
        node->next = old->next;
        node->hash = old->hash;
        ets_hash_unlink(table, old);
        /* At the head of its bucket's list or elsewhere is all the same in a set; in a bag the
         * place among equal keys counts. */
        EtsNode *after = node->next;
        EtsNode **link = &table->segments[ets_bucket_of(table, node) / ETS_SEGMENT]
                                         [ets_bucket_of(table, node) % ETS_SEGMENT];
        while (*link != after) {
            link = &(*link)->next;
        }
        *link = node;
    }
    if (old->deleted) {
        stripe->ghosts--;
        stripe->size++;
    }
    ets_node_destroy(old);
}

void ets_remove(EtsTable *table, EtsNode *node)
{
    EtsStripe *stripe = ets_stripe_of(table, node);
    stripe->size--;
    if (table->type == ETS_ORDERED_SET) {
        ets_tree_unlink(table, node);
    } else if (ets_is_fixed(table)) {
        node->deleted = true;
        stripe->ghosts++;
        return;
    } else {
        ets_hash_unlink(table, node);
    }
    stripe->words -= node->words;
    ets_node_destroy(node);
    if (table->type != ETS_ORDERED_SET) {
        ets_hash_shrink(table);
    }
}

EtsNode *ets_first_node(const EtsTable *table, bool backward)
{
    return table->type == ETS_ORDERED_SET ? ets_tree_end(table, backward)
                                          : ets_first_from(table, 0);
}

EtsNode *ets_next_node(const EtsTable *table, const EtsNode *node, bool backward)
{
    if (table->type == ETS_ORDERED_SET) {
        return ets_tree_step(node, backward);
    }
    for (EtsNode *next = node->next; next != NULL; next = next->next) {
        if (!next->deleted) {
            return next;
        }
    }
    return ets_first_from(table, ets_bucket_of(table, node) + 1);
}

static EtsNode *tree_take_all(EtsTable *table)
{
    /* Unlinks leaves one by one, without balancing. */
    EtsNode *list = NULL, *node = table->root;
    while (node != NULL) {
        EtsNode *child = node->child[0] != NULL ? node->child[0] : node->child[1];
        if (child != NULL) {
            node = child;
            continue;
        }
        EtsNode *parent = node->parent;
        if (parent != NULL) {
            parent->child[parent->child[1] == node] = NULL;
        }
        node->next = list;
        list = node;
        node = parent;
    }
    table->root = table->stepped = NULL;
    return list;
}

EtsNode *ets_take_all(EtsTable *table)
{
    EtsNode *list = NULL;
    if (table->type == ETS_ORDERED_SET) {
        list = tree_take_all(table);
    } else {
        for (size_t i = 0; i < table->buckets; i++) {
            EtsNode **bucket = &table->segments[i / ETS_SEGMENT][i % ETS_SEGMENT];
            EtsNode **end = bucket;
            while (*end != NULL) {
                end = &(*end)->next;
            }
            *end = list;
            list = *bucket;
            *bucket = NULL;
        }
    }
    for (size_t i = 0; i <= table->stripe_mask; i++) {
        EtsStripe *stripe = &table->stripes[i];
        stripe->size = stripe->words = stripe->ghosts = 0;
    }
    return list;
}

void ets_purge(EtsTable *table)
{
    if (table->type == ETS_ORDERED_SET) {
        return;
    }
    size_t ghosts = ets_counts(table).ghosts;
    for (size_t i = 0; ghosts > 0 && i < table->buckets; i++) {
        EtsNode **link = &table->segments[i / ETS_SEGMENT][i % ETS_SEGMENT];
        while (*link != NULL) {
            EtsNode *node = *link;
            if (node->deleted) {
                *link = node->next;
                ets_stripe(table, node->hash)->words -= node->words;
                ets_stripe(table, node->hash)->ghosts--;
                ghosts--;
                ets_node_destroy(node);
            } else {
                link = &node->next;
            }
        }
    }
    ets_hash_shrink(table);
}
