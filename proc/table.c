/* proc/table.c: see table.h and the table's part of process.h.
 *
 * Slots come in groups of a few cache lines. The thread that takes a fresh group is its home: slots
 * released elsewhere are brought back, some at once, so that what a thread spawns lies in lines
 * that others seldom write.
 *
 * The limit is kept by credits: one global number, from which threads take some at once, so that
 * spawning touches nothing shared, and give back what is left when they go to sleep. With small
 * limits they take one at a time, and the limit is exact; with large ones a hundred may lie unused
 * with each thread that is busy.
 *
 *   slots        process while alive / next serial while free: store release, load acquire
 *   credits      any thread: compare-and-swap full
 *   fresh_slot   any thread: fetch-and-add
 *   homes        who took the group: relaxed; known to whoever knows a slot of it
 *   returned     under the home's returned_lock; its count is read without
 *   pool         under pool_lock */
#include "proc/table.h"

#include "proc/thread_state.h"
#include "runtime/term/mem.h"

#include <sys/mman.h>

enum { SLOT_BITS = 28, SERIAL_BITS = 30, SLOT_FREE = 1, SLOT_SYSTEM = 2, SLOT_FLAGS = 15 };
#define SLOT_MASK (((uint64_t) 1 << SLOT_BITS) - 1)
#define SERIAL_MASK (((uint64_t) 1 << SERIAL_BITS) - 1)
/* A thread keeps at least RESERVE free slots aside while fresh ones are left, so that a pid comes
 * back late; above MOST it gives BATCH of them to the pool. */
#ifdef MUSTER_SMALL_TABLES
enum { SLOT_CACHE_RESERVE = 8, SLOT_CACHE_MOST = 32, SLOT_CACHE_BATCH = 16, GROUP = 4 };
#else
enum {
    SLOT_CACHE_RESERVE = 1024,
    SLOT_CACHE_MOST = 8192,
    SLOT_CACHE_BATCH = 4096,
    GROUP = 64, /* whole cache lines */
};
#endif
static_assert(SLOT_CACHE_RESERVE + SLOT_CACHE_BATCH <= SLOT_CACHE_MOST, "returned slots have room");
enum { CREDIT_BATCH_MOST = 64, CREDIT_SHARE = 16384 };

typedef struct SlotBatch {
    struct SlotBatch *next;
    uint32_t slots[SLOT_CACHE_BATCH];
} SlotBatch;

static volatile AO_t *slots;
static volatile unsigned short *homes; /* of each group: the thread's index */
static size_t slot_capacity, limit;
static volatile AO_t fresh_slot;
static volatile AO_t credits;
static AO_t credit_batch;
static Lock pool_lock;
static SlotBatch *pool_first, **pool_last = &pool_first;

static void *address_space(size_t bytes, size_t max_processes)
{
    void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED) {
        machine_stop(
            "no address space for a table of %zu processes: --max-processes makes it smaller",
            max_processes);
    }
    return at;
}

void processes_init(size_t max_processes)
{
    CHECK(max_processes >= 1 && max_processes <= PROCESSES_MOST);
    limit = max_processes;
    if (slots != NULL) { /* the machine starts again in the same program */
        munmap((void *) slots, slot_capacity * sizeof *slots);
        munmap((void *) homes, slot_capacity / GROUP * sizeof *homes);
    }
    for (size_t i = 0; i < AO_load(&threads_top); i++) {
        SlotCache *cache = &threads[i]->slots;
        cache->count = cache->fresh = cache->fresh_end = cache->away_count = 0;
        AO_store(&threads[i]->returned_count, 0);
        AO_store(&threads[i]->credits, 0);
    }
    while (pool_first != NULL) {
        SlotBatch *batch = pool_first;
        pool_first = batch->next;
        mem_free_sized(batch, sizeof *batch);
    }
    pool_last = &pool_first;
    /* Room for the free slots that threads keep to themselves, or have for others. */
    slot_capacity = max_processes +
                    (size_t) THREADS_MOST * (SLOT_CACHE_MOST + SLOT_CACHE_BATCH + SLOTS_AWAY_MOST);
    slot_capacity = (slot_capacity / GROUP + 2) * GROUP;
    slots = address_space(slot_capacity * sizeof *slots, max_processes);
    homes = address_space(slot_capacity / GROUP * sizeof *homes, max_processes);
    AO_store(&fresh_slot, 0);
    AO_store(&credits, max_processes);
    credit_batch = max_processes / CREDIT_SHARE;
    credit_batch = credit_batch < 1 ? 1 : credit_batch;
    credit_batch = credit_batch > CREDIT_BATCH_MOST ? CREDIT_BATCH_MOST : credit_batch;
}

size_t processes_limit(void)
{
    return limit;
}

/* ---- credits ---- */

static bool take_credits(Thread *self)
{
    AO_t have;
    AO_t take;
    do {
        have = AO_load(&credits);
        take = have < credit_batch ? have : credit_batch;
        if (take == 0) {
            return false;
        }
    } while (!AO_compare_and_swap_full(&credits, have, have - take));
    AO_store(&self->credits, take);
    return true;
}

static void return_credit(Thread *self)
{
    AO_t have = AO_load(&self->credits) + 1;
    if (have >= 2 * credit_batch) {
        AO_fetch_and_add_full(&credits, credit_batch);
        have -= credit_batch;
    }
    AO_store(&self->credits, have);
}

void table_return_credits(Thread *self)
{
    AO_t have = AO_load(&self->credits);
    if (have != 0) {
        AO_store(&self->credits, 0);
        AO_fetch_and_add_full(&credits, have);
    }
}

size_t processes_count(void)
{
    size_t unused = AO_load(&credits);
    size_t top = AO_load_acquire(&threads_top);
    for (size_t i = 0; i < top; i++) {
        unused += AO_load(&threads[i]->credits);
    }
    return unused < limit ? limit - unused : 0;
}

/* ---- slots ---- */

static bool take_fresh(Thread *self)
{
    if (AO_load(&fresh_slot) > slot_capacity - GROUP) {
        return false;
    }
    AO_t first = AO_fetch_and_add(&fresh_slot, GROUP);
    if (first > slot_capacity - GROUP) {
        return false;
    }
    AO_short_store(&homes[first / GROUP], (unsigned short) self->index);
    self->slots.fresh = (uint32_t) first + (first == 0); /* id 0 means "no alias" in references */
    self->slots.fresh_end = (uint32_t) first + GROUP;
    return true;
}

static inline void keep_slot(SlotCache *cache, uint32_t slot)
{
    cache->ring[(cache->first + cache->count++) % SLOT_CACHE_MOST] = slot;
}

static bool take_pool(SlotCache *cache)
{
    lock_acquire(&pool_lock);
    SlotBatch *batch = pool_first;
    if (batch != NULL) {
        pool_first = batch->next;
        if (pool_first == NULL) {
            pool_last = &pool_first;
        }
    }
    lock_release(&pool_lock);
    if (batch == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < SLOT_CACHE_BATCH; i++) {
        keep_slot(cache, batch->slots[i]);
    }
    mem_free_sized(batch, sizeof *batch);
    return true;
}

static void give_to_pool(SlotCache *cache, uint32_t count)
{
    SlotBatch *batch = mem_alloc(sizeof *batch);
    batch->next = NULL;
    ASSERT(count == SLOT_CACHE_BATCH);
    for (uint32_t i = 0; i < count; i++) {
        batch->slots[i] = cache->ring[cache->first];
        cache->first = (cache->first + 1) % SLOT_CACHE_MOST;
    }
    cache->count -= count;
    lock_acquire(&pool_lock);
    *pool_last = batch;
    pool_last = &batch->next;
    lock_release(&pool_lock);
}

static uint32_t take_oldest(SlotCache *cache)
{
    uint32_t slot = cache->ring[cache->first];
    cache->first = (cache->first + 1) % SLOT_CACHE_MOST;
    cache->count--;
    return slot;
}

static void need_ring(SlotCache *cache)
{
    if (UNLIKELY(cache->ring == NULL)) {
        cache->ring = mem_alloc(SLOT_CACHE_MOST * sizeof *cache->ring);
    }
}

/* ---- slots of other threads ---- */

static COLD void take_returned(Thread *self)
{
    need_ring(&self->slots);
    lock_acquire(&self->returned_lock);
    for (AO_t i = 0; i < AO_load(&self->returned_count); i++) {
        keep_slot(&self->slots, self->returned[i]);
    }
    AO_store(&self->returned_count, 0);
    lock_release(&self->returned_lock);
}

static void keep_or_give(SlotCache *cache, uint32_t slot)
{
    if (UNLIKELY(cache->count == SLOT_CACHE_MOST)) {
        give_to_pool(cache, SLOT_CACHE_BATCH);
    }
    keep_slot(cache, slot);
}

/* Those of `away` that are at home at `home`; what finds no room there stays with us. */
static void return_to(Thread *home, SlotCache *cache, unsigned short index)
{
    uint32_t others = 0;
    lock_acquire(&home->returned_lock);
    if (home->returned == NULL) {
        home->returned = mem_alloc(SLOT_CACHE_BATCH * sizeof *home->returned);
    }
    AO_t count = AO_load(&home->returned_count);
    for (uint32_t i = 0; i < cache->away_count; i++) {
        uint32_t slot = cache->away[i];
        if (AO_short_load(&homes[slot / GROUP]) != index) {
            cache->away[others++] = slot;
        } else if (count < SLOT_CACHE_BATCH) {
            home->returned[count++] = slot;
        } else {
            keep_or_give(cache, slot);
        }
    }
    AO_store(&home->returned_count, count);
    lock_release(&home->returned_lock);
    cache->away_count = others;
}

static COLD void return_away(SlotCache *cache)
{
    need_ring(cache);
    while (cache->away_count > 0) {
        unsigned short index = AO_short_load(&homes[cache->away[0] / GROUP]);
        return_to(threads[index], cache, index);
    }
}

/* ---- taking and releasing ---- */

/* There is always one: capacity covers the limit and what all threads hold back. */
static uint32_t take_slot(Thread *self)
{
    SlotCache *cache = &self->slots;
    if (cache->count <= SLOT_CACHE_RESERVE && cache->fresh == cache->fresh_end) {
        if (AO_load(&self->returned_count) > 0) {
            take_returned(self);
        }
        if (cache->count <= SLOT_CACHE_RESERVE && !take_fresh(self) &&
            cache->count < SLOT_CACHE_RESERVE / 2) {
            need_ring(cache);
            take_pool(cache);
        }
    }
    if (cache->count > SLOT_CACHE_RESERVE || cache->fresh == cache->fresh_end) {
        CHECK(cache->count > 0);
        return take_oldest(cache);
    }
    return cache->fresh++;
}

Term table_reserve(void)
{
    Thread *self = thread_self;
    AO_t have = AO_load(&self->credits);
    if (UNLIKELY(have == 0)) {
        if (!take_credits(self)) {
            return TERM_NONE;
        }
        have = AO_load(&self->credits);
    }
    AO_store(&self->credits, have - 1);
    uint32_t slot = take_slot(self);
    /* Acquire is not needed: the slot came to us by its last owner's hand or through the pool. */
    uint64_t serial = AO_load(&slots[slot]) >> 4;
    return term_pid((serial << SLOT_BITS) | slot);
}

void table_publish(Process *p)
{
    AO_t system = p->flags & PROCESS_SYSTEM ? SLOT_SYSTEM : 0;
    /* Release, for process_find: the process as its maker left it. */
    AO_store_release(&slots[pid_id(p->pid) & SLOT_MASK], (AO_t) p | system);
}

void table_release(Term pid)
{
    Thread *self = thread_self;
    SlotCache *cache = &self->slots;
    uint64_t id = pid_id(pid);
    uint32_t slot = (uint32_t) (id & SLOT_MASK);
    uint64_t serial = ((id >> SLOT_BITS) + 1) & SERIAL_MASK;
    AO_store_release(&slots[slot], (serial << 4) | SLOT_FREE);
    if (LIKELY(AO_short_load(&homes[slot / GROUP]) == self->index)) {
        need_ring(cache);
        keep_or_give(cache, slot);
    } else {
        cache->away[cache->away_count++] = slot;
        if (UNLIKELY(cache->away_count == SLOTS_AWAY_MOST)) {
            return_away(cache);
        }
    }
    return_credit(self);
}

void table_thread_leaves(Thread *self)
{
    SlotCache *cache = &self->slots;
    return_away(cache);
    while (cache->count >= SLOT_CACHE_BATCH) {
        give_to_pool(cache, SLOT_CACHE_BATCH);
    }
    /* The rest, and fresh slots, stay with the Thread for its next user. */
    table_return_credits(self);
}

/* ---- finding ---- */

Process *process_find(Term pid)
{
    if (UNLIKELY(!term_is_local_pid(pid))) {
        return NULL;
    }
    uint64_t slot = pid_id(pid) & SLOT_MASK;
    if (UNLIKELY(slot >= slot_capacity)) {
        return NULL;
    }
    AO_t word = AO_load_acquire(&slots[slot]); /* pairs with table_publish */
    if (UNLIKELY(word == 0 || word & SLOT_FREE)) {
        return NULL;
    }
    Process *p = (Process *) (word & ~(AO_t) SLOT_FLAGS);
    return p->pid == pid ? p : NULL;
}

bool process_exists(Term pid)
{
    return process_find(pid) != NULL;
}

size_t processes_list(Term pids[], size_t capacity)
{
    size_t count = 0;
    size_t top = AO_load_acquire(&fresh_slot);
    for (size_t i = 0; i < top && i < slot_capacity; i++) {
        AO_t word = AO_load_acquire(&slots[i]);
        if (word != 0 && !(word & (SLOT_FREE | SLOT_SYSTEM))) {
            if (count < capacity) {
                pids[count] = ((Process *) (word & ~(AO_t) SLOT_FLAGS))->pid;
            }
            count++;
        }
    }
    return count;
}

void processes_each(void (*visit)(Process *p, void *state), void *state)
{
    size_t top = AO_load_acquire(&fresh_slot);
    for (size_t i = 0; i < top && i < slot_capacity; i++) {
        AO_t word = AO_load_acquire(&slots[i]);
        if (word != 0 && !(word & SLOT_FREE)) {
            visit((Process *) (word & ~(AO_t) SLOT_FLAGS), state);
        }
    }
}
