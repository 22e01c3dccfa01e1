/* runtime/bif_persistent_term.c
 * Module persistent_term: values that all processes read without copying. They are literals, which
 * are never freed: replacing a value leaves the old one behind.
 *
 *   buckets       under the lock; readers without: acquire. Entries are never freed
 *   Entry.value   under the lock; readers without: acquire. TERM_NONE: erased */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"
#include "runtime/term/copy.h"

#include "proc/atomic.h"

#include <pthread.h>

typedef struct Entry {
    struct Entry *next;
    uint64_t hash;
    Term key;
    volatile AO_t value;
} Entry;

enum { BUCKETS = 4096 };
static volatile AO_t buckets[BUCKETS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static size_t entry_count, value_words; /* under the lock */

static Entry *find(Term key, uint64_t hash)
{
    Entry *entry = (Entry *) AO_load_acquire(&buckets[hash % BUCKETS]);
    while (entry != NULL && (entry->hash != hash || !term_equal_exact(entry->key, key))) {
        entry = entry->next;
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
    Term literal = literal_intern(key);
    if (literal == TERM_NONE) {
        return NULL;
    }
    entry = mem_alloc(sizeof *entry);
    *entry = (Entry){(Entry *) AO_load(&buckets[hash % BUCKETS]), hash, literal, TERM_NONE};
    AO_store_release(&buckets[hash % BUCKETS], (AO_t) entry);
    return entry;
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
    Term literal = literal_intern(value);
    if (literal == TERM_NONE) {
        return TERM_LIMIT;
    }
    entry_count += before == TERM_NONE;
    value_words += term_flat_words(literal);
    value_words -= before == TERM_NONE ? 0 : term_flat_words(before);
    AO_store_release(&entry->value, literal); /* readers see the whole literal */
    return ATOM_ok;
}

Term bif_persistent_put(Process *p, const Term args[])
{
    pthread_mutex_lock(&lock);
    Term result = put(args[0], args[1], false);
    pthread_mutex_unlock(&lock);
    return bif_result(p, result);
}

Term bif_persistent_put_new(Process *p, const Term args[])
{
    pthread_mutex_lock(&lock);
    Term result = put(args[0], args[1], true);
    pthread_mutex_unlock(&lock);
    return bif_result(p, result);
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
        for (; entry != NULL; entry = entry->next) {
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
    Term before = entry == NULL ? TERM_NONE : (Term) AO_load(&entry->value);
    if (before != TERM_NONE) {
        AO_store_release(&entry->value, TERM_NONE);
        entry_count--;
        value_words -= term_flat_words(before);
    }
    pthread_mutex_unlock(&lock);
    return term_bool(before != TERM_NONE);
}

void persistent_terms_forget(void)
{
    for (size_t i = 0; i < BUCKETS; i++) {
        for (Entry *entry = (Entry *) AO_load(&buckets[i]); entry != NULL; entry = entry->next) {
            AO_store(&entry->value, TERM_NONE);
        }
    }
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
