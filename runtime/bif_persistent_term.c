/* runtime/bif_persistent_term.c
 * Module persistent_term: values that all processes read without copying. They are literals, each
 * in an area of its own. What is replaced or erased waits in a list; a process of the machine
 * (muster_purge:terms/0) has everybody copy what they use of it, and frees it (code_purge.c).
 *
 *   buckets, Entry.next   under the lock; readers without: acquire. Entries are retired
 *   Entry.value           under the lock; readers without: acquire. TERM_NONE: erased
 *   the rest              under the lock */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"
#include "runtime/code.h"
#include "runtime/term/copy.h"
#include "runtime/term/literal.h"
#include "sched/sched.h"

#include "proc/atomic.h"
#include "proc/thread.h"

#include <pthread.h>

typedef struct Entry {
    volatile AO_t next; /* Entry * */
    uint64_t hash;
    Term key;
    volatile AO_t value;
    LiteralArea *key_area, *value_area; /* the latter NULL: erased */
} Entry;

/* An area that nobody can newly come to use. */
typedef struct Left {
    struct Left *next;
    LiteralArea *area;
} Left;

enum { BUCKETS = 4096 };
static volatile AO_t buckets[BUCKETS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static size_t entry_count, value_words;
static Left *left_first, **left_end = &left_first;
static Term purger = TERM_NONE; /* the process that frees them, if it lives */

/* ---- what is left ---- */

static void leave(LiteralArea *area)
{
    if (area->words == 0) { /* an immediate: nobody refers to it */
        literal_area_destroy(area);
        return;
    }
    Left *left = mem_alloc(sizeof *left);
    *left = (Left){NULL, area};
    *left_end = left;
    left_end = &left->next;
}

/* Under the lock. */
static bool needs_purger(void)
{
    return left_first != NULL && (purger == TERM_NONE || !process_exists(purger));
}

/* Outside the lock. Without room for one more process the next call tries again. */
static void start_purger(Process *p)
{
    SpawnOptions options;
    spawn_options_init(&options);
    options.module = ATOM_muster_purge;
    options.function = atom_of("terms");
    options.entry = export_of(options.module, options.function, 0);
    options.stack_words = 8;
    options.flags = PROCESS_SYSTEM;
    Process *child = process_spawn(p, &options, NULL, 0, NULL);
    if (child != NULL) {
        sched_spawned(child);
    }
}

/* muster_machine:purge_terms(): nothing | busy | started. */
Term bif_purge_terms_0(Process *p, const Term args[])
{
    Term answer = ATOM_nothing;
    pthread_mutex_lock(&lock);
    bool is_mine = purger == p->pid || purger == TERM_NONE || !process_exists(purger);
    if (is_mine && left_first != NULL) {
        purger = p->pid;
        answer = code_purge_start_area(left_first->area, p->pid) == PURGE_STARTED ? ATOM_started
                                                                                  : ATOM_busy;
    } else if (is_mine) {
        purger = TERM_NONE;
    }
    pthread_mutex_unlock(&lock);
    return answer;
}

/* muster_machine:purge_terms_end(): the area that was purged is freed. */
Term bif_purge_terms_end_0(Process *p, const Term args[])
{
    pthread_mutex_lock(&lock);
    if (code_purge_end(p->pid)) {
        Left *left = left_first;
        left_first = left->next;
        if (left_first == NULL) {
            left_end = &left_first;
        }
        mem_free(left);
    }
    pthread_mutex_unlock(&lock);
    return ATOM_ok;
}

/* ---- entries ---- */

static Entry *find(Term key, uint64_t hash)
{
    Entry *entry = (Entry *) AO_load_acquire(&buckets[hash % BUCKETS]);
    while (entry != NULL && (entry->hash != hash || !term_equal_exact(entry->key, key))) {
        entry = (Entry *) AO_load_acquire(&entry->next);
    }
    return entry;
}

static Term value_of(Term key)
{
    Entry *entry = find(key, term_hash(key));
    return entry == NULL ? TERM_NONE : (Term) AO_load_acquire(&entry->value);
}

/* Under the lock. NULL: no room. */
static Entry *find_or_make(Term key)
{
    uint64_t hash = term_hash(key);
    Entry *entry = find(key, hash);
    if (entry != NULL) {
        return entry;
    }
    Term *terms[] = {&key};
    LiteralArea *area = literal_area_create(terms, 1);
    if (area == NULL) {
        return NULL;
    }
    entry = mem_alloc(sizeof *entry);
    *entry = (Entry){AO_load(&buckets[hash % BUCKETS]), hash, key, TERM_NONE, area, NULL};
    AO_store_release(&buckets[hash % BUCKETS], (AO_t) entry);
    return entry;
}

static void release_entry(void *block)
{
    mem_free(block);
}

/* Under the lock: nobody finds it any more. */
static void drop_entry(Entry *entry)
{
    volatile AO_t *at = &buckets[entry->hash % BUCKETS];
    while ((Entry *) AO_load(at) != entry) {
        at = &((Entry *) AO_load(at))->next;
    }
    AO_store_release(at, AO_load(&entry->next));
    leave(entry->key_area);
    thread_retire(entry, release_entry);
}

/* Under the lock. TERM_LIMIT: no room; TERM_NONE: `only_new`, and there is another value. */
static Term put(Term key, Term value, bool only_new)
{
    Entry *entry = find_or_make(key);
    Term before = entry == NULL ? TERM_NONE : (Term) AO_load(&entry->value);
    if (entry == NULL) {
        return TERM_LIMIT;
    }
    if (before != TERM_NONE && (only_new || term_equal_exact(before, value))) {
        return term_equal_exact(before, value) ? ATOM_ok : TERM_NONE;
    }
    Term *terms[] = {&value};
    LiteralArea *area = literal_area_create(terms, 1);
    if (area == NULL) {
        if (before == TERM_NONE) {
            drop_entry(entry);
        }
        return TERM_LIMIT;
    }
    entry_count += before == TERM_NONE;
    value_words += area->words;
    AO_store_release(&entry->value, value); /* readers see the whole literal */
    if (before != TERM_NONE) {
        value_words -= entry->value_area->words;
        leave(entry->value_area);
    }
    entry->value_area = area;
    return ATOM_ok;
}

static Term put_term(Process *p, const Term args[], bool only_new)
{
    pthread_mutex_lock(&lock);
    Term result = put(args[0], args[1], only_new);
    bool start = needs_purger();
    pthread_mutex_unlock(&lock);
    if (start) {
        start_purger(p);
    }
    return bif_result(p, result);
}

Term bif_persistent_put(Process *p, const Term args[])
{
    return put_term(p, args, false);
}

Term bif_persistent_put_new(Process *p, const Term args[])
{
    return put_term(p, args, true);
}

Term bif_persistent_get1(Process *p, const Term args[])
{
    return bif_result(p, value_of(args[0]));
}

Term bif_persistent_get2(Process *p, const Term args[])
{
    Term value = value_of(args[0]);
    return value == TERM_NONE ? args[1] : value;
}

Term bif_persistent_get0(Process *p, const Term args[])
{
    Space *space = bif_space(p);
    Term list = TERM_NIL;
    for (size_t i = 0; i < BUCKETS; i++) {
        Entry *entry = (Entry *) AO_load_acquire(&buckets[i]);
        for (; entry != NULL; entry = (Entry *) AO_load_acquire(&entry->next)) {
            Term value = (Term) AO_load_acquire(&entry->value);
            if (value != TERM_NONE) {
                list = make_cons(space, make_tuple2(space, entry->key, value), list);
            }
        }
    }
    return list;
}

Term bif_persistent_erase(Process *p, const Term args[])
{
    pthread_mutex_lock(&lock);
    Entry *entry = find(args[0], term_hash(args[0]));
    if (entry != NULL) {
        AO_store_release(&entry->value, TERM_NONE);
        entry_count--;
        value_words -= entry->value_area->words;
        leave(entry->value_area);
        drop_entry(entry);
    }
    bool start = needs_purger();
    pthread_mutex_unlock(&lock);
    if (start) {
        start_purger(p);
    }
    return term_bool(entry != NULL);
}

void persistent_terms_forget(void)
{
    for (size_t i = 0; i < BUCKETS; i++) {
        for (Entry *entry = (Entry *) AO_load(&buckets[i]), *next; entry != NULL; entry = next) {
            next = (Entry *) AO_load(&entry->next);
            literal_area_destroy(entry->key_area);
            literal_area_destroy(entry->value_area);
            mem_free(entry);
        }
        AO_store(&buckets[i], 0);
    }
    while (left_first != NULL) {
        Left *left = left_first;
        left_first = left->next;
        literal_area_destroy(left->area);
        mem_free(left);
    }
    left_end = &left_first;
    purger = TERM_NONE;
    entry_count = value_words = 0;
}

Term bif_persistent_info(Process *p, const Term args[])
{
    Space *space = bif_space(p);
    pthread_mutex_lock(&lock);
    const Term pairs[] = {ATOM_count, make_uint64(space, entry_count), ATOM_memory,
                          make_uint64(space, value_words * sizeof(Term))};
    pthread_mutex_unlock(&lock);
    return map_from_pairs(space, pairs, 2);
}
