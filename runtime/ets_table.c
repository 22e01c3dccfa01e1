/* runtime/ets_table.c
 * Which tables there are: by name, by owner. See ets.h.
 *
 * Owners are found by pid in shards, each under its own lock, so that ending processes do not meet;
 * a shard without entries is passed without locking. A table's lock may be held when a shard's is
 * taken, never the other way round. */
#include "runtime/ets.h"

#include <pthread.h>

#include "proc/atomic.h"
#include "proc/signal.h"
#include "proc/thread.h"
#include "runtime/term/world.h"
#include "sched/blocking.h"

static const char ets_type;

/* ---- names ---- */

typedef struct NameEntry {
    struct NameEntry *next; /* never changes, never freed */
    Term name;
    volatile AO_t table; /* 0: none now */
} NameEntry;

enum { NAME_BUCKETS = 1024 };
static volatile AO_t name_buckets[NAME_BUCKETS];
static pthread_mutex_t names_lock = PTHREAD_MUTEX_INITIALIZER;

static NameEntry *name_find(Term name)
{
    NameEntry *entry =
        (NameEntry *) AO_load_acquire(&name_buckets[atom_index(name) % NAME_BUCKETS]);
    while (entry != NULL && entry->name != name) {
        entry = entry->next;
    }
    return entry;
}

/* False: the name is taken. */
static bool name_set(Term name, EtsTable *table)
{
    pthread_mutex_lock(&names_lock);
    NameEntry *entry = name_find(name);
    if (entry == NULL) {
        volatile AO_t *bucket = &name_buckets[atom_index(name) % NAME_BUCKETS];
        entry = mem_alloc(sizeof *entry);
        *entry = (NameEntry){(NameEntry *) AO_load(bucket), name, 0};
        AO_store_release(bucket, (AO_t) entry); /* readers see it filled in */
    }
    bool is_free = AO_load(&entry->table) == 0;
    if (is_free) {
        AO_store_release(&entry->table, (AO_t) table);
    }
    pthread_mutex_unlock(&names_lock);
    return is_free;
}

static void name_clear(Term name)
{
    pthread_mutex_lock(&names_lock);
    AO_store(&name_find(name)->table, 0);
    pthread_mutex_unlock(&names_lock);
}

/* ---- owners ---- */

typedef struct TableList {
    EtsTable **tables; /* each retained */
    size_t count, capacity;
} TableList;

typedef struct Owner {
    struct Owner *next;
    Term pid;
    TableList owned, fixed;
} Owner;

enum { SHARDS = 64, SHARD_BUCKETS = 64 };
typedef struct Shard {
    pthread_mutex_t lock;
    volatile AO_t count; /* of owners; written under the lock, read by anyone */
    Owner *owners[SHARD_BUCKETS];
} Shard;
static Shard shards[SHARDS];
static pthread_once_t shards_once = PTHREAD_ONCE_INIT;
static volatile AO_t table_count;

static void shards_init(void)
{
    for (size_t i = 0; i < SHARDS; i++) {
        pthread_mutex_init(&shards[i].lock, NULL);
    }
}

static Shard *shard_of(Term pid)
{
    return &shards[pid_id(pid) % SHARDS];
}
static Owner **owner_link(Shard *shard, Term pid)
{
    Owner **link = &shard->owners[pid_id(pid) / SHARDS % SHARD_BUCKETS];
    while (*link != NULL && (*link)->pid != pid) {
        link = &(*link)->next;
    }
    return link;
}

static void list_put(TableList *list, EtsTable *table)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity * 2 + 4;
        list->tables = mem_realloc(list->tables, list->capacity * sizeof *list->tables);
    }
    magic_retain(&table->magic);
    list->tables[list->count++] = table;
}

/* True: it was there; the reference is the caller's now. */
static bool list_remove(TableList *list, EtsTable *table)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->tables[i] == table) {
            list->tables[i] = list->tables[--list->count];
            return true;
        }
    }
    return false;
}

static void owner_add(Term pid, EtsTable *table, bool fixed)
{
    Shard *shard = shard_of(pid);
    pthread_mutex_lock(&shard->lock);
    Owner **link = owner_link(shard, pid);
    if (*link == NULL) {
        *link = mem_alloc_zero(sizeof **link);
        (*link)->pid = pid;
        AO_store(&shard->count, AO_load(&shard->count) + 1);
    }
    list_put(fixed ? &(*link)->fixed : &(*link)->owned, table);
    pthread_mutex_unlock(&shard->lock);
}

static void owner_free(Owner *owner)
{
    mem_free(owner->owned.tables);
    mem_free(owner->fixed.tables);
    mem_free(owner);
}

static void owner_remove(Term pid, EtsTable *table, bool fixed)
{
    Shard *shard = shard_of(pid);
    pthread_mutex_lock(&shard->lock);
    Owner **link = owner_link(shard, pid), *owner = *link;
    bool found = owner != NULL && list_remove(fixed ? &owner->fixed : &owner->owned, table);
    if (found && owner->owned.count + owner->fixed.count == 0) {
        *link = owner->next;
        AO_store(&shard->count, AO_load(&shard->count) - 1);
        owner_free(owner);
    }
    pthread_mutex_unlock(&shard->lock);
    if (found) {
        magic_release(&table->magic);
    }
}

/* Takes the whole entry of a process; NULL: it has none. */
static Owner *owner_take(Term pid)
{
    Shard *shard = shard_of(pid);
    if (AO_load(&shard->count) == 0) {
        return NULL;
    }
    pthread_mutex_lock(&shard->lock);
    Owner **link = owner_link(shard, pid), *owner = *link;
    if (owner != NULL) {
        *link = owner->next;
        AO_store(&shard->count, AO_load(&shard->count) - 1);
    }
    pthread_mutex_unlock(&shard->lock);
    return owner;
}

/* ---- life ---- */

static void table_free(void *block)
{
    EtsTable *table = block;
    if (table->heir_data != NULL) {
        ets_node_destroy(table->heir_data);
    }
    rw_lock_finish(&table->lock);
    mem_free(table->stripes);
    mem_free(table);
}

/* A name's reader may still look at the struct. */
static void table_destroy(Magic *magic)
{
    bool entered = thread_enter();
    thread_retire(magic, table_free);
    thread_leave(entered);
}

EtsTable *ets_create(Process *p, const EtsTable *wanted)
{
    pthread_once(&shards_once, shards_init);
    EtsTable *table = mem_alloc(sizeof *table);
    *table = *wanted;
    table->magic = (Magic){1, table_destroy, &ets_type};
    table->number = world_unique_number();
    table->owner = p->pid;
    bool striped = table->write_concurrency && table->type != ETS_ORDERED_SET;
    rw_lock_init(&table->lock, striped || table->read_concurrency);
    table->stripe_mask = striped ? ETS_STRIPES - 1 : 0;
    table->stripes = mem_alloc_zero((table->stripe_mask + 1) * sizeof(EtsStripe));
    ets_contents_init(table);
    if (table->named && !name_set(table->name, table)) {
        ets_contents_finish(table);
        magic_release(&table->magic);
        return NULL;
    }
    owner_add(p->pid, table, false);
    AO_fetch_and_add1(&table_count);
    magic_release(&table->magic); /* the owner's entry holds it */
    return table;
}

size_t ets_count(void)
{
    return AO_load(&table_count);
}

/* ---- finding ---- */

EtsTable *ets_lookup(Term id)
{
    if (!term_is_atom(id)) {
        return (EtsTable *) magic_of(id, &ets_type);
    }
    NameEntry *entry = name_find(id);
    return entry == NULL ? NULL : (EtsTable *) AO_load_acquire(&entry->table);
}

static bool may(const EtsTable *table, Term pid, EtsLock how)
{
    return how == ETS_INFO || table->owner == pid ||
           (how == ETS_READ && table->access != ETS_PRIVATE) ||
           (how == ETS_WRITE && table->access == ETS_PUBLIC);
}

/* The table is locked. */
static bool is_open_to(Process *p, const EtsTable *table, Term id, EtsLock how)
{
    bool renamed = term_is_atom(id) && table->name != id;
    return !table->dead && !renamed && may(table, p->pid, how);
}

EtsTable *ets_lock(Process *p, Term id, EtsLock how)
{
    EtsTable *table = ets_lookup(id);
    if (table == NULL) {
        return NULL;
    }
    if (how == ETS_WRITE || how == ETS_OWN || ets_is_striped(table)) {
        rw_lock_write(&table->lock);
    } else {
        rw_lock_read(&table->lock);
    }
    if (!is_open_to(p, table, id, how)) {
        rw_lock_release(&table->lock);
        return NULL;
    }
    return table;
}

Term ets_refused(Process *p, Term id, EtsLock how)
{
    EtsTable *table = ets_lookup(id);
    if (table == NULL) {
        return bif_error_info(p, ATOM_badarg, term_is_atom(id) ? ATOM_id : ATOM_type);
    }
    rw_lock_read(&table->lock);
    bool exists = !table->dead && (!term_is_atom(id) || table->name == id);
    bool is_open = exists && may(table, p->pid, how == ETS_OWN ? ETS_WRITE : how);
    rw_lock_release(&table->lock);
    return is_open ? bif_badarg(p) : bif_error_info(p, ATOM_badarg, exists ? ATOM_access : ATOM_id);
}

void ets_unlock(EtsTable *table)
{
    if (ets_is_striped(table)) { /* locked for writing, however it was asked for */
        ets_hash_resize(table);
    }
    rw_lock_release(&table->lock);
}

bool ets_lock_key(Process *p, Term id, EtsLock how, Term key, EtsHold *hold)
{
    EtsTable *table = ets_lookup(id);
    hold->stripe = NULL;
    if (table == NULL || !ets_is_striped(table)) {
        hold->table = table == NULL ? NULL : ets_lock(p, id, how);
        return hold->table != NULL;
    }
    rw_lock_read(&table->lock);
    if (!is_open_to(p, table, id, how)) {
        rw_lock_release(&table->lock);
        return false;
    }
    hold->table = table;
    hold->stripe = ets_stripe(table, ets_key_hash(key));
    lock_acquire(&hold->stripe->lock);
    return true;
}

/* Whether a stripe has grown or shrunk so much that the table may have, too. */
static bool wants_resize(EtsStripe *stripe)
{
    size_t size = stripe->size;
    if (size >= stripe->shrink_at && size <= stripe->grow_at) {
        return false;
    }
    stripe->grow_at = size + size / 4 + 4;
    stripe->shrink_at = size / 4;
    return true;
}

void ets_unlock_key(EtsHold *hold)
{
    EtsTable *table = hold->table;
    if (hold->stripe == NULL) {
        ets_unlock(table);
        return;
    }
    bool resize = wants_resize(hold->stripe);
    if (resize) {
        magic_retain(&table->magic);
    }
    lock_release(&hold->stripe->lock);
    rw_lock_release(&table->lock);
    if (resize) {
        rw_lock_write(&table->lock);
        ets_unlock(table);
        magic_release(&table->magic);
    }
}

Term ets_ref(Space *space, EtsTable *table)
{
    magic_retain(&table->magic);
    return make_magic_ref(space, &table->magic, table->number);
}

Term ets_id(Space *space, EtsTable *table)
{
    return table->named ? table->name : ets_ref(space, table);
}

bool ets_rename(EtsTable *table, Term name)
{
    if (table->named) {
        if (!name_set(name, table)) {
            return false;
        }
        name_clear(table->name);
    }
    table->name = name;
    return true;
}

EtsTable **ets_all(size_t *count)
{
    pthread_once(&shards_once, shards_init);
    TableList all = {0};
    for (size_t s = 0; s < SHARDS; s++) {
        pthread_mutex_lock(&shards[s].lock);
        for (size_t b = 0; b < SHARD_BUCKETS; b++) {
            for (Owner *owner = shards[s].owners[b]; owner != NULL; owner = owner->next) {
                for (size_t i = 0; i < owner->owned.count; i++) {
                    list_put(&all, owner->owned.tables[i]);
                }
            }
        }
        pthread_mutex_unlock(&shards[s].lock);
    }
    *count = all.count;
    return all.tables;
}

size_t ets_memory_bytes(void)
{
    size_t count, words = 0;
    EtsTable **tables = ets_all(&count);
    for (size_t i = 0; i < count; i++) {
        EtsTable *table = tables[i];
        if (ets_is_striped(table)) { /* who reads may write, too */
            rw_lock_write(&table->lock);
        } else {
            rw_lock_read(&table->lock);
        }
        words += table->dead ? 0 : ets_table_words(table);
        rw_lock_release(&table->lock);
        magic_release(&table->magic);
    }
    mem_free(tables);
    return words * sizeof(Term);
}

/* ---- the end of a table ---- */

typedef struct ClearJob {
    BlockingJob job; /* first */
    EtsTable *table;
} ClearJob;

static void clear(EtsTable *table)
{
    EtsNode *node = ets_take_all(table);
    while (node != NULL) {
        EtsNode *next = node->next;
        ets_node_destroy(node);
        node = next;
    }
    ets_contents_finish(table);
    magic_release(&table->magic);
}

static void clear_work(BlockingJob *job)
{
    EtsTable *table = ((ClearJob *) job)->table;
    clear(table);
    mem_free(job);
}

enum { CLEAR_AT_ONCE = 1000 };

void ets_delete(EtsTable *table)
{
    Term owner = table->owner;
    table->dead = true;
    if (table->named) {
        name_clear(table->name);
    }
    while (table->fixers != NULL) {
        EtsFixer *fixer = table->fixers;
        table->fixers = fixer->next;
        owner_remove(fixer->pid, table, true);
        mem_free(fixer);
    }
    magic_retain(&table->magic);
    AO_fetch_and_sub1(&table_count);
    EtsCounts counts = ets_counts(table);
    ets_unlock(table);
    owner_remove(owner, table, false);
    if (counts.size + counts.ghosts <= CLEAR_AT_ONCE) {
        clear(table);
    } else {
        ClearJob *job = mem_alloc_zero(sizeof *job);
        job->job.work = clear_work;
        job->table = table;
        blocking_submit(&job->job);
    }
}

/* ---- owners and fixations ---- */

void ets_set_owner(EtsTable *table, Term pid)
{
    magic_retain(&table->magic);
    owner_remove(table->owner, table, false);
    table->owner = pid;
    owner_add(pid, table, false);
    magic_release(&table->magic);
}

void ets_fix(EtsTable *table, Term pid)
{
    EtsFixer *fixer = table->fixers;
    while (fixer != NULL && fixer->pid != pid) {
        fixer = fixer->next;
    }
    if (fixer == NULL) {
        fixer = mem_alloc(sizeof *fixer);
        *fixer = (EtsFixer){table->fixers, pid, 0};
        if (table->fixers == NULL) {
            table->fixed_at_ns = (int64_t) world_monotonic_ns();
        }
        table->fixers = fixer;
        owner_add(pid, table, true);
    }
    fixer->count++;
}

static void unfix(EtsTable *table, Term pid, bool wholly)
{
    EtsFixer **link = &table->fixers, *fixer;
    while (*link != NULL && (*link)->pid != pid) {
        link = &(*link)->next;
    }
    fixer = *link;
    if (fixer == NULL || (--fixer->count > 0 && !wholly)) {
        return;
    }
    *link = fixer->next;
    mem_free(fixer);
    if (table->fixers == NULL) {
        ets_purge(table);
    }
    if (!wholly) {
        owner_remove(pid, table, true);
    }
}

void ets_unfix(EtsTable *table, Term pid)
{
    unfix(table, pid, false);
}

/* The heir becomes the owner and hears of it; false: there is none (any more). */
static bool inherit(EtsTable *table)
{
    Term heir = table->heir, from = table->owner;
    if (heir == ATOM_none || heir == from || !process_exists(heir)) {
        return false;
    }
    ArenaSpace *arena = arena_space_create();
    Space *space = arena_space(arena);
    Term data = table->heir_data == NULL ? TERM_NIL : tuple_elements(table->heir_data->object)[0];
    Term message = make_tuple4(space, ATOM_ets_transfer, ets_id(space, table), from, data);
    table->owner = heir;
    owner_add(heir, table, false);
    process_send(NULL, heir, message, NULL);
    arena_space_destroy(arena);
    return true;
}

void ets_process_exited(Process *p, Term reason)
{
    pthread_once(&shards_once, shards_init);
    Owner *owner = owner_take(p->pid);
    if (owner == NULL) {
        return;
    }
    for (size_t i = 0; i < owner->fixed.count; i++) {
        EtsTable *table = owner->fixed.tables[i];
        rw_lock_write(&table->lock);
        if (!table->dead) {
            unfix(table, p->pid, true);
        }
        ets_unlock(table);
        magic_release(&table->magic);
    }
    for (size_t i = 0; i < owner->owned.count; i++) {
        EtsTable *table = owner->owned.tables[i];
        rw_lock_write(&table->lock);
        bool is_ours = !table->dead && table->owner == p->pid;
        if (is_ours && (reason == TERM_NONE || !inherit(table))) {
            ets_delete(table);
        } else {
            ets_unlock(table);
        }
        magic_release(&table->magic);
    }
    owner_free(owner);
}
