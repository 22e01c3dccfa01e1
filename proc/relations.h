/* proc/relations.h
 * What one process is related to: links, monitors on both sides, aliases, timers, processes it has
 * suspended. Few have any, most of those one or two, some a hundred thousand.
 *
 * An array in order of insertion (so that ends are told in that order), with a hash index once it
 * is longer than a few. Owner only. Pointers to entries are good until the next insertion. */
#ifndef MUSTER_PROC_RELATIONS_H
#define MUSTER_PROC_RELATIONS_H

#include "proc/signal.h"

typedef struct Relation {
    uint64_t key;  /* pid term or reference number, as RelationKind says */
    Term other;    /* as RelationKind says; a link: 0, or the id of an unlink not acknowledged */
    Term name;     /* monitor, watcher: registered name or TERM_NONE */
    Term tag;      /* monitor: TERM_NONE, or an immediate, or (Term) of a Message that holds it */
    uint8_t kind;  /* RelationKind */
    uint8_t used;  /* 0: removed */
    uint8_t alias; /* AliasMode of an alias, or of the monitor it came with */
    uint8_t tag_boxed;
} Relation;

typedef struct Relations {
    Relation *entries;
    uint32_t *index;                /* entry + 1; 0: free; RELATION_GONE: removed. NULL while few */
    uint32_t used, count, capacity; /* entries written, of them not removed, room */
    uint32_t index_mask;
    uint32_t timers_prune_at;
} Relations;

Relation *relations_find(const Relations *relations, RelationKind kind, uint64_t key);
/* Of the process; makes what is needed. The key must be absent. Fields but key and kind are 0 or
 * TERM_NONE. */
Relation *relations_insert(Process *p, RelationKind kind, uint64_t key);
void relations_remove(Relations *relations, Relation *relation);
void relations_destroy(Relations *relations);

static inline Relations *process_relations(const Process *p)
{
    return p->extra == NULL ? NULL : p->extra->relations;
}
static inline Relation *process_relation(const Process *p, RelationKind kind, uint64_t key)
{
    Relations *relations = process_relations(p);
    return relations == NULL ? NULL : relations_find(relations, kind, key);
}

#endif
