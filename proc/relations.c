/* proc/relations.c: see relations.h. Removed entries stay as gaps until the array is full; then it
 * is compacted or doubled and the index rebuilt. */
#include "proc/relations.h"
#include "runtime/term/mem.h"

enum { ENTRIES_AT_FIRST = 2, SCAN_MOST = 8 };
#define RELATION_GONE UINT32_MAX

static uint32_t hash_of(RelationKind kind, uint64_t key)
{
    return (uint32_t) (((key ^ ((uint64_t) kind << 56)) * 0x9E3779B97F4A7C15u) >> 32);
}

/* The place in the index that refers to `entry`. */
static uint32_t *index_place(const Relations *r, uint32_t entry)
{
    const Relation *relation = &r->entries[entry];
    uint32_t at = hash_of(relation->kind, relation->key) & r->index_mask;
    while (r->index[at] != entry + 1) {
        ASSERT(r->index[at] != 0);
        at = (at + 1) & r->index_mask;
    }
    return &r->index[at];
}

Relation *relations_find(const Relations *r, RelationKind kind, uint64_t key)
{
    if (r->index == NULL) {
        for (uint32_t i = 0; i < r->used; i++) {
            Relation *relation = &r->entries[i];
            if (relation->key == key && relation->kind == kind && relation->used) {
                return relation;
            }
        }
        return NULL;
    }
    uint32_t at = hash_of(kind, key) & r->index_mask;
    for (; r->index[at] != 0; at = (at + 1) & r->index_mask) {
        if (r->index[at] != RELATION_GONE) {
            Relation *relation = &r->entries[r->index[at] - 1];
            if (relation->key == key && relation->kind == kind) {
                return relation;
            }
        }
    }
    return NULL;
}

static void index_add(Relations *r, uint32_t entry)
{
    uint32_t at = hash_of(r->entries[entry].kind, r->entries[entry].key) & r->index_mask;
    while (r->index[at] != 0) {
        at = (at + 1) & r->index_mask;
    }
    r->index[at] = entry + 1;
}

static void rebuild_index(Relations *r)
{
    mem_free(r->index);
    r->index = NULL;
    if (r->capacity <= SCAN_MOST) {
        return;
    }
    /* At most half full: each of the entries to come takes one place, removed or not. */
    r->index_mask = 2 * r->capacity - 1;
    r->index = mem_alloc_zero((r->index_mask + (size_t) 1) * sizeof *r->index);
    for (uint32_t i = 0; i < r->used; i++) {
        index_add(r, i);
    }
}

/* Closes the gaps; doubles when there are few. */
static void make_room(Relations *r)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < r->used; i++) {
        if (r->entries[i].used) {
            r->entries[kept++] = r->entries[i];
        }
    }
    ASSERT(kept == r->count);
    r->used = kept;
    if (kept >= r->capacity - r->capacity / 4) {
        r->capacity = r->capacity == 0 ? ENTRIES_AT_FIRST : 2 * r->capacity;
        r->entries = mem_realloc(r->entries, r->capacity * sizeof *r->entries);
    }
    rebuild_index(r);
}

Relation *relations_insert(Process *p, RelationKind kind, uint64_t key)
{
    ProcessExtra *extra = process_extra(p);
    Relations *r = extra->relations;
    if (r == NULL) {
        r = extra->relations = mem_alloc_zero(sizeof *r);
    }
    ASSERT(relations_find(r, kind, key) == NULL);
    if (r->used == r->capacity) {
        make_room(r);
    }
    uint32_t entry = r->used++;
    r->count++;
    r->entries[entry] = (Relation){
        .key = key, .name = TERM_NONE, .tag = TERM_NONE, .kind = (uint8_t) kind, .used = 1};
    if (r->index != NULL) {
        index_add(r, entry);
    }
    return &r->entries[entry];
}

static void drop_tag(Relation *relation)
{
    if (relation->tag_boxed) {
        message_destroy((Message *) relation->tag);
    }
}

void relations_remove(Relations *r, Relation *relation)
{
    ASSERT(relation->used);
    drop_tag(relation);
    uint32_t entry = (uint32_t) (relation - r->entries);
    if (r->index != NULL) {
        *index_place(r, entry) = RELATION_GONE;
    }
    relation->used = 0;
    r->count--;
    if (r->count == 0) {
        r->used = 0;
        if (r->index != NULL) {
            r->capacity = 0;
            mem_free(r->entries);
            r->entries = NULL;
            rebuild_index(r);
        }
    } else if (entry == r->used - 1 && r->index == NULL) {
        r->used--;
    }
}

void relations_destroy(Relations *r)
{
    if (r == NULL) {
        return;
    }
    for (uint32_t i = 0; i < r->used; i++) {
        if (r->entries[i].used) {
            drop_tag(&r->entries[i]);
        }
    }
    mem_free(r->entries);
    mem_free(r->index);
    mem_free(r);
}

/* ---- for process_info ---- */

void process_relations_each(Process *p, RelationKind kind,
                            void (*visit)(uint64_t key, Term other, Term name, void *state),
                            void *state)
{
    Relations *r = process_relations(p);
    for (uint32_t i = 0; r != NULL && i < r->used; i++) {
        const Relation *relation = &r->entries[i];
        if (relation->used && relation->kind == kind &&
            !(kind == RELATION_LINK && relation->other != 0)) {
            visit(relation->key, relation->other, relation->name, state);
        }
    }
}

static void count_one(uint64_t key, Term other, Term name, void *state)
{
    ++*(size_t *) state;
}

size_t process_relations_count(Process *p, RelationKind kind)
{
    size_t count = 0;
    process_relations_each(p, kind, count_one, &count);
    return count;
}

/* ---- timers ---- */

enum { TIMERS_BEFORE_PRUNE = 16 };

/* Timers that fired leave their entries behind; from time to time they are swept out. */
static void prune_timers(Relations *r, bool (*is_active)(uint64_t ref_number))
{
    uint32_t left = 0;
    for (uint32_t i = 0; i < r->used; i++) {
        Relation *relation = &r->entries[i];
        if (relation->used && relation->kind == RELATION_TIMER) {
            if (is_active(relation->key)) {
                left++;
            } else {
                relations_remove(r, relation);
            }
        }
    }
    r->timers_prune_at = r->count + (left < TIMERS_BEFORE_PRUNE ? TIMERS_BEFORE_PRUNE : left);
}

void process_add_timer(Process *p, uint64_t ref_number, bool (*is_active)(uint64_t ref_number))
{
    Relations *r = process_relations(p);
    if (r != NULL && r->count > TIMERS_BEFORE_PRUNE && r->count > r->timers_prune_at) {
        prune_timers(r, is_active);
    }
    relations_insert(p, RELATION_TIMER, ref_number);
}
