/* runtime/ets_hash.c
 * The contents of sets and bags: see ets.h. */
#include "runtime/ets.h"

/* A small table has few buckets, so that walking over it takes no time; one with stripes at least
 * as many as stripes. */
enum { LOAD_MOST = 1, BUCKETS_LEAST = 16, BUCKETS_LEAST_STRIPED = ETS_SEGMENT, RESIZE_MOST = 4096 };

static size_t buckets_least(const EtsTable *table)
{
    return ets_is_striped(table) ? BUCKETS_LEAST_STRIPED : BUCKETS_LEAST;
}

static EtsNode **bucket_at(const EtsTable *table, size_t bucket)
{
    return &table->segments[bucket / ETS_SEGMENT][bucket % ETS_SEGMENT];
}

static size_t bucket_of(const EtsTable *table, uint64_t hash)
{
    size_t bucket = hash & (table->level * 2 - 1);
    return bucket < table->buckets ? bucket : bucket & (table->level - 1);
}

uint64_t ets_key_hash(Term key)
{
    uint64_t hash = term_hash(key);
    return hash ^ (hash >> 29);
}

size_t ets_bucket_of(const EtsTable *table, const EtsNode *node)
{
    return bucket_of(table, node->hash);
}

static void add_segment(EtsTable *table)
{
    size_t count = table->buckets / ETS_SEGMENT;
    if (count == table->segment_capacity) {
        table->segment_capacity = table->segment_capacity * 2 + 1;
        table->segments =
            mem_realloc(table->segments, table->segment_capacity * sizeof *table->segments);
    }
    table->segments[count] = mem_alloc_zero(ETS_SEGMENT * sizeof(EtsNode *));
}

void ets_contents_init(EtsTable *table)
{
    if (table->type != ETS_ORDERED_SET) {
        add_segment(table);
        table->buckets = table->level = buckets_least(table);
    }
}

void ets_contents_finish(EtsTable *table)
{
    for (size_t i = 0; i < table->buckets / ETS_SEGMENT; i++) {
        mem_free(table->segments[i]);
    }
    if (table->buckets % ETS_SEGMENT != 0) {
        mem_free(table->segments[table->buckets / ETS_SEGMENT]);
    }
    mem_free(table->segments);
    table->segments = NULL;
    table->buckets = table->segment_capacity = 0;
}

/* ---- growing and shrinking by one bucket ---- */

static void split(EtsTable *table)
{
    if (table->buckets % ETS_SEGMENT == 0) {
        add_segment(table);
    }
    size_t from = table->buckets - table->level, to = table->buckets++;
    EtsNode **keep = bucket_at(table, from), **move = bucket_at(table, to);
    EtsNode *node = *keep;
    /* Order is kept, and with it that equal keys are side by side. */
    for (; node != NULL; node = node->next) {
        EtsNode ***end = node->hash & table->level ? &move : &keep;
        **end = node;
        *end = &node->next;
    }
    *keep = *move = NULL;
    if (table->buckets == table->level * 2) {
        table->level *= 2;
    }
}

static void join(EtsTable *table)
{
    if (table->buckets == table->level) {
        table->level /= 2;
    }
    size_t last = --table->buckets;
    EtsNode **link = bucket_at(table, last - table->level);
    while (*link != NULL) {
        link = &(*link)->next;
    }
    *link = *bucket_at(table, last);
    *bucket_at(table, last) = NULL;
    if (table->buckets % ETS_SEGMENT == 0) {
        mem_free(table->segments[table->buckets / ETS_SEGMENT]);
    }
}

/* Called after each removal: at most two buckets a time. */
void ets_hash_shrink(EtsTable *table)
{
    for (int i = 0; i < 2 && !ets_is_striped(table); i++) {
        if (table->fixers == NULL && table->buckets > buckets_least(table) &&
            table->stripes->size < table->buckets / 4) {
            join(table);
        }
    }
}

void ets_hash_resize(EtsTable *table)
{
    if (table->fixers != NULL || table->dead) {
        return;
    }
    size_t size = ets_counts(table).size;
    for (int steps = 0; steps < RESIZE_MOST; steps++) {
        if (size > table->buckets * LOAD_MOST) {
            split(table);
        } else if (size < table->buckets / 4 && table->buckets > buckets_least(table)) {
            join(table);
        } else {
            return;
        }
    }
}

/* ---- finding ---- */

EtsNode *ets_hash_find(const EtsTable *table, Term key, bool marked)
{
    uint64_t hash = ets_key_hash(key);
    EtsNode *node = *bucket_at(table, bucket_of(table, hash));
    for (; node != NULL; node = node->next) {
        if (node->hash == hash && (marked || !node->deleted) &&
            term_equal_exact(ets_node_key(table, node), key)) {
            return node;
        }
    }
    return NULL;
}

EtsNode *ets_first_from(const EtsTable *table, size_t from)
{
    for (size_t bucket = from; bucket < table->buckets; bucket++) {
        for (EtsNode *node = *bucket_at(table, bucket); node != NULL; node = node->next) {
            if (!node->deleted) {
                return node;
            }
        }
    }
    return NULL;
}

/* ---- changing ---- */

/* The link to the first node with the key, or to where it is to go. */
static EtsNode **key_link(EtsTable *table, uint64_t hash, Term key)
{
    EtsNode **link = bucket_at(table, bucket_of(table, hash));
    while (*link != NULL &&
           ((*link)->hash != hash || !term_equal_exact(ets_node_key(table, *link), key))) {
        link = &(*link)->next;
    }
    return link;
}

static void link_in(EtsTable *table, EtsNode **link, EtsNode *node)
{
    node->next = *link;
    *link = node;
    EtsStripe *stripe = ets_stripe(table, node->hash);
    stripe->size++;
    stripe->words += node->words;
    if (!ets_is_striped(table) && table->fixers == NULL &&
        stripe->size > table->buckets * LOAD_MOST) {
        split(table);
    }
}

/* Unmarks a marked object that is inserted again; it is the newest of its key then, whose first is
 * at `link`. */
static void revive(EtsTable *table, EtsNode **link, EtsNode *node)
{
    if (*link != node) {
        ets_hash_unlink(table, node);
        node->next = *link;
        *link = node;
    }
    node->deleted = false;
    ets_stripe(table, node->hash)->ghosts--;
    ets_stripe(table, node->hash)->size++;
}

bool ets_hash_insert(EtsTable *table, EtsNode *node)
{
    Term key = ets_node_key(table, node);
    node->hash = ets_key_hash(key);
    EtsNode **link = key_link(table, node->hash, key);
    if (table->type == ETS_SET && *link != NULL) {
        ets_replace(table, *link, node);
        return true;
    }
    if (table->type == ETS_BAG) {
        EtsNode *same = *link;
        for (; same != NULL && same->hash == node->hash; same = same->next) {
            if (term_equal_exact(same->object, node->object)) {
                ets_node_destroy(node);
                if (same->deleted) {
                    revive(table, link, same);
                }
                return false;
            }
        }
    }
    link_in(table, link, node);
    return true;
}

void ets_hash_unlink(EtsTable *table, EtsNode *node)
{
    EtsNode **link = bucket_at(table, bucket_of(table, node->hash));
    while (*link != node) {
        link = &(*link)->next;
    }
    *link = node->next;
}
