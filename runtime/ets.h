/* runtime/ets.h
 * Tables of ets. Private to runtime/ets*.c and runtime/bif_ets*.c, but for ets_process_exited.
 *
 * A table is a Magic: its identifier is a magic reference. It lives until it is deleted or its
 * owner ends; identifiers may outlive it (`dead` is set then). Each object is a node with a copy of
 * its tuple, off every process heap.
 *
 *   field               written under            read under
 *   contents, counts    lock, for writing        lock, for reading or writing
 *   owner, heir, access lock, for writing        lock
 *   fixed, fixers       lock, for writing        lock
 *   dead                lock, for writing        lock; without: a hint
 *   name entries        names_lock               without a lock: acquire; the struct stays readable
 *                                                until the reader's next quiescent point
 *
 * With write_concurrency the contents of a hash table fall into stripes, each with a lock of its
 * own: who holds the table's lock for reading and a stripe's may read and write what lies in that
 * stripe's buckets, and its counts. The rest (another number of buckets, walks, fixing) is done
 * with the whole table locked for writing.
 *
 * Sets and bags are hash tables that grow by splitting one bucket at a time (Litwin's linear
 * hashing) and neither grow nor shrink while fixed: so a walk by bucket number meets every object
 * once. Objects with the same key lie side by side, the newest first. While a table is fixed,
 * deleted nodes stay in place, marked, so that `next` finds its way. An ordered_set is an AVL tree;
 * a walk goes from key to key and needs nothing fixed. */
#ifndef MUSTER_RUNTIME_ETS_H
#define MUSTER_RUNTIME_ETS_H

#include "runtime/bif_data.h"
#include "runtime/ets_lock.h"

typedef enum EtsType { ETS_SET, ETS_BAG, ETS_DUPLICATE_BAG, ETS_ORDERED_SET } EtsType;
typedef enum EtsAccess { ETS_PRIVATE, ETS_PROTECTED, ETS_PUBLIC } EtsAccess;

typedef struct EtsNode EtsNode;
struct EtsNode {
    union {
        struct {
            EtsNode *next;
            uint64_t hash;
        };
        struct {
            EtsNode *child[2], *parent;
        };
    };
    Term object; /* a tuple in data */
    Term *off_heap;
    uint32_t words;
    int8_t balance; /* height of child[1] minus that of child[0] */
    bool deleted;
    Term data[];
};

typedef struct EtsFixer {
    struct EtsFixer *next;
    Term pid;
    size_t count;
} EtsFixer;

/* A segment's buckets belong to the stripes in turn, so that a bucket and the one that it is split
 * into are one stripe's. */
enum { ETS_SEGMENT = 256, ETS_STRIPES = 64 };

typedef struct EtsStripe {
    Lock lock;
    size_t size;               /* objects that are not deleted */
    size_t words;              /* of all nodes */
    size_t ghosts;             /* marked nodes */
    size_t grow_at, shrink_at; /* sizes at which the table's number of buckets is looked at */
    char rest_of_line[16];
} EtsStripe;

typedef struct EtsTable {
    Magic magic; /* first */
    RwLock lock;
    uint64_t number; /* of its reference */
    EtsType type;
    EtsAccess access;
    uint32_t keypos; /* from 1 */
    bool dead, named, read_concurrency, write_concurrency, decentralized_counters, compressed;
    Term name, owner, heir; /* heir: a pid or `none` */
    EtsNode *heir_data;     /* its object: {Data}; NULL: none */
    EtsStripe *stripes;     /* one, or ETS_STRIPES */
    uint32_t stripe_mask;   /* their number less one */
    EtsFixer *fixers;
    int64_t fixed_at_ns; /* monotonic time; when the first of them began */
    /* hash */
    EtsNode ***segments;
    size_t segment_capacity, buckets,
        level; /* level: a power of two, buckets in [level, 2*level) */
    /* tree */
    EtsNode *root;
    EtsNode *stepped; /* where the last step by key led, or NULL; readers write it: relaxed */
    struct EtsTable *owner_next; /* in its owner's list */
} EtsTable;

static inline bool ets_is_striped(const EtsTable *table)
{
    return table->stripe_mask != 0;
}
/* The stripe of a node; of its hash. */
static inline EtsStripe *ets_stripe(const EtsTable *table, uint64_t hash)
{
    return &table->stripes[hash & table->stripe_mask];
}
static inline EtsStripe *ets_stripe_of(const EtsTable *table, const EtsNode *node)
{
    return ets_is_striped(table) ? ets_stripe(table, node->hash) : table->stripes;
}

typedef struct EtsCounts {
    size_t size, words, ghosts;
} EtsCounts;
/* Of the whole table, which is locked as a whole. */
EtsCounts ets_counts(const EtsTable *table);
size_t ets_table_words(const EtsTable *table);

/* ---- nodes ---- */

/* A node with a copy of the tuple; NULL: no memory. */
EtsNode *ets_node_create(Term object);
void ets_node_destroy(EtsNode *node);
/* A copy of the node's object; TERM_LIMIT. */
Term ets_object_copy(Space *space, const EtsNode *node);
static inline Term ets_key_of(const EtsTable *table, Term object)
{
    return tuple_elements(object)[table->keypos - 1];
}
static inline Term ets_node_key(const EtsTable *table, const EtsNode *node)
{
    return ets_key_of(table, node->object);
}

/* ---- contents; the table is locked ---- */

/* The first node with this key that is not deleted, NULL: none; and the next with the same key. */
EtsNode *ets_find(const EtsTable *table, Term key);
EtsNode *ets_find_next(const EtsTable *table, const EtsNode *node);
/* Takes over the node; one that it replaces is freed. False: a bag has the same object already. */
bool ets_insert(EtsTable *table, EtsNode *node);
/* Puts `node` in the place of `old`, which has the same key and is freed. */
void ets_replace(EtsTable *table, EtsNode *old, EtsNode *node);
/* Removes a node that is in the table; when that is fixed, marks it. */
void ets_remove(EtsTable *table, EtsNode *node);
/* All nodes, for as long as the lock is held: marked ones are left out. `backward`: the other way
 * round, for trees. */
EtsNode *ets_first_node(const EtsTable *table, bool backward);
EtsNode *ets_next_node(const EtsTable *table, const EtsNode *node, bool backward);
/* The first node at or after bucket `from`, and its bucket. */
EtsNode *ets_first_from(const EtsTable *table, size_t from);
size_t ets_bucket_of(const EtsTable *table, const EtsNode *node);
/* Tree: the nearest node after (before) a key; the key itself counts when `inclusive`. */
EtsNode *ets_tree_near(const EtsTable *table, Term key, bool backward, bool inclusive);
/* The nearest node after (before) a key, as ets_tree_near, for walks from key to key. */
EtsNode *ets_tree_next(EtsTable *table, Term key, bool backward);
/* The node will be gone. */
void ets_tree_forget(EtsTable *table, const EtsNode *node);
/* The first node, in that direction, that does not lie before a range of keys; NULL: none. `order`
 * says of a key whether it lies before the range (negative), in it (0) or behind it. */
typedef int (*EtsKeyOrder)(void *context, Term key);
EtsNode *ets_tree_enter(const EtsTable *table, EtsKeyOrder order, void *context, bool backward);
/* A node with this key, marked or not: where `next` goes on. */
EtsNode *ets_find_marked(const EtsTable *table, Term key);
/* Takes all nodes out, as a list by `next`, the table empty afterwards. */
EtsNode *ets_take_all(EtsTable *table);
void ets_contents_init(EtsTable *table);
void ets_contents_finish(EtsTable *table); /* of an empty table */
/* Removes marked nodes, shrinks; when the last fixation ends. */
void ets_purge(EtsTable *table);

/* inside the two kinds */
EtsNode *ets_hash_find(const EtsTable *table, Term key, bool marked);
bool ets_hash_insert(EtsTable *table, EtsNode *node);
void ets_hash_unlink(EtsTable *table, EtsNode *node);
void ets_hash_shrink(EtsTable *table);
/* For tables with stripes, locked for writing: brings the number of buckets nearer to that of
 * objects. */
void ets_hash_resize(EtsTable *table);
uint64_t ets_key_hash(Term key);
EtsNode *ets_tree_find(const EtsTable *table, Term key);
void ets_tree_insert(EtsTable *table, EtsNode *node);
void ets_tree_unlink(EtsTable *table, EtsNode *node);
EtsNode *ets_tree_step(const EtsNode *node, bool backward);
EtsNode *ets_tree_end(const EtsTable *table, bool backward);

/* ---- the tables of the machine ---- */

/* What a table is to be (lock, stripes and contents apart); copied. NULL: the name is taken. */
EtsTable *ets_create(Process *p, const EtsTable *wanted);
typedef enum EtsLock { ETS_READ, ETS_WRITE, ETS_INFO, ETS_OWN } EtsLock;
/* The table of an identifier or name, locked for reading or writing by a process that may do that;
 * ETS_INFO: for reading, by anyone; ETS_OWN: for writing, by the owner. NULL: badarg. */
EtsTable *ets_lock(Process *p, Term id, EtsLock how);
void ets_unlock(EtsTable *table);
/* badarg, for what is wrong with the table if anything is: it may have changed since it could not
 * be locked, or have been good all along. */
Term ets_refused(Process *p, Term id, EtsLock how);
/* The same for objects of one key: of a table with stripes, theirs alone is locked. False: badarg.
 */
typedef struct EtsHold {
    EtsTable *table;
    EtsStripe *stripe; /* NULL: the table is locked as a whole */
} EtsHold;
bool ets_lock_key(Process *p, Term id, EtsLock how, Term key, EtsHold *hold);
void ets_unlock_key(EtsHold *hold);
/* Not locked, may be dead; NULL: none. */
EtsTable *ets_lookup(Term id);
/* What is, was or may become a table's identifier. */
static inline bool ets_is_id(Term t)
{
    return term_is_atom(t) || ets_lookup(t) != NULL;
}
/* Its identifier as programs see it: the name, or a reference. */
Term ets_id(Space *space, EtsTable *table);
Term ets_ref(Space *space, EtsTable *table);
/* Locked for writing; unlocks. */
void ets_delete(EtsTable *table);
bool ets_rename(EtsTable *table, Term name);
/* Locked for writing. */
void ets_set_owner(EtsTable *table, Term pid);
void ets_fix(EtsTable *table, Term pid);
void ets_unfix(EtsTable *table, Term pid);
static inline bool ets_is_fixed(const EtsTable *table)
{
    return table->fixers != NULL;
}
/* All tables, retained, into a malloc'd array. */
EtsTable **ets_all(size_t *count);
size_t ets_count(void);
/* Of all tables. Waits for who writes to one. */
size_t ets_memory_bytes(void);

/* A process ended: its tables are deleted or inherited, its fixations end. Set as
 * process_hooks.exited, or called by it. */
void ets_process_exited(Process *p, Term reason);

#endif
