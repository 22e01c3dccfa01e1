/* proc/thread.c
 * Quiescent-state reclamation. A block is retired with the global epoch e of that moment and is
 * free when the epoch has reached e + 2: each step needs every online thread to have announced the
 * current epoch, and the second step's announcements were all made after the block was
 * unreachable. (One step is not enough: a thread may come online between being looked at and the
 * step.) */
#include "proc/thread_state.h"
#include "runtime/term/literal.h"
#include "runtime/term/mem.h"

#include <pthread.h>
#include <stdlib.h>

enum { RETIRED_AT_FIRST = 64, COLLECT_EVERY = 32 };

_Thread_local Thread *thread_self __attribute__((tls_model("initial-exec")));
Thread *volatile threads[THREADS_MOST];
volatile AO_t threads_top;
static volatile AO_t epoch = 2;

/* Guards registration and the blocks of threads that left. */
static pthread_mutex_t register_mutex = PTHREAD_MUTEX_INITIALIZER;
static Retired *orphans;
static size_t orphan_count, orphan_capacity;
static volatile AO_t orphans_exist;
static pthread_key_t leave_key;
static pthread_once_t leave_once = PTHREAD_ONCE_INIT;

/* A foreign thread that ends without saying so. */
static void leave_at_end(void *thread)
{
    if (thread_self == thread && thread_self != NULL) {
        thread_unregister();
    }
}

static void make_leave_key(void)
{
    pthread_key_create(&leave_key, leave_at_end);
}

void thread_register(void)
{
    CHECK(thread_self == NULL);
    pthread_once(&leave_once, make_leave_key);
    pthread_mutex_lock(&register_mutex);
    uint32_t index = 0;
    while (index < THREADS_MOST && threads[index] != NULL && threads[index]->used) {
        index++;
    }
    if (index == THREADS_MOST) {
        machine_stop("too many threads (at most %d)", THREADS_MOST);
    }
    Thread *thread = threads[index];
    if (thread == NULL) {
        thread = aligned_alloc(CACHE_LINE_BYTES, sizeof(Thread));
        if (thread == NULL) {
            machine_stop("no memory for a thread");
        }
        memset(thread, 0, sizeof *thread);
        thread->index = index;
        /* Release: who finds the thread in the list sees it initialised. */
        AO_store_release((volatile AO_t *) &threads[index], (AO_t) thread);
        if (index >= AO_load(&threads_top)) {
            AO_store_release(&threads_top, index + 1);
        }
    }
    thread->used = true;
    pthread_mutex_unlock(&register_mutex);
    thread_self = thread;
    pthread_setspecific(leave_key, thread);
    thread_online();
}

void thread_online(void)
{
    ASSERT(AO_load(&thread_self->seen) == 0);
    /* Full: announced before anything is looked up. An epoch that is old by now only delays. */
    AO_fetch_and_add_full(&thread_self->seen, AO_load_acquire(&epoch));
    literal_leaving_refresh();
}

/* One step when everyone online has announced the current epoch. */
static uint64_t try_advance(void)
{
    AO_t now = AO_load_acquire(&epoch);
    AO_t top = AO_load_acquire(&threads_top);
    for (AO_t i = 0; i < top; i++) {
        Thread *thread = (Thread *) AO_load_acquire((volatile AO_t *) &threads[i]);
        if (thread != NULL) {
            /* Acquire, for thread_quiescent: its reads of the block happened before. */
            AO_t seen = AO_load_acquire(&thread->seen);
            if (seen != 0 && seen != now) {
                return now;
            }
        }
    }
    return AO_compare_and_swap_full(&epoch, now, now + 1) ? now + 1 : AO_load_acquire(&epoch);
}

static void release_orphans(uint64_t now)
{
    if (pthread_mutex_trylock(&register_mutex) != 0) {
        return;
    }
    Retired *ready = NULL;
    size_t ready_count = 0, kept = 0;
    if (orphan_count > 0) {
        ready = mem_alloc(orphan_count * sizeof *ready);
        for (size_t i = 0; i < orphan_count; i++) {
            if (orphans[i].epoch + 2 <= now) {
                ready[ready_count++] = orphans[i];
            } else {
                orphans[kept++] = orphans[i];
            }
        }
        orphan_count = kept;
    }
    AO_store(&orphans_exist, orphan_count > 0);
    pthread_mutex_unlock(&register_mutex);
    for (size_t i = 0; i < ready_count; i++) {
        ready[i].release(ready[i].block);
    }
    mem_free(ready);
}

static void collect(Thread *self)
{
    uint64_t now = AO_load_acquire(&epoch);
    bool ours_wait = self->retired_count > 0 && self->retired[self->retired_first].epoch + 2 > now;
    if (ours_wait || UNLIKELY(AO_load(&orphans_exist))) {
        now = try_advance(); /* nobody else did */
    }
    while (self->retired_count > 0) {
        Retired item = self->retired[self->retired_first];
        if (item.epoch + 2 > now) {
            break;
        }
        self->retired_first = (self->retired_first + 1) & (self->retired_capacity - 1);
        self->retired_count--;
        item.release(item.block);
    }
    if (UNLIKELY(AO_load(&orphans_exist))) {
        release_orphans(now);
    }
}

void thread_quiescent(void)
{
    Thread *self = thread_self;
    AO_t now = AO_load_acquire(&epoch);
    AO_t seen = AO_load(&self->seen);
    ASSERT(seen != 0);
    if (seen != now) {
        /* Full. Release side, for try_advance: our reads are over. Acquire side: what we look up
         * next is not older than the announcement. */
        AO_fetch_and_add_full(&self->seen, now - seen);
    }
    literal_leaving_refresh();
}

uint64_t thread_grace_begin(void)
{
    /* Full: what the caller unpublished is so before the epoch is read. */
    return AO_fetch_and_add_full(&epoch, 0);
}

bool thread_grace_is_over(uint64_t grace)
{
    return try_advance() >= grace + 2;
}

void thread_offline(void)
{
    Thread *self = thread_self;
    table_return_credits(self);
    if (self->retired_count > 0) {
        thread_quiescent();
        collect(self);
    }
    AO_store_release(&self->seen, 0); /* for try_advance: our reads are over */
}

static void grow_retired(Thread *self)
{
    size_t capacity = self->retired_capacity == 0 ? RETIRED_AT_FIRST : 2 * self->retired_capacity;
    Retired *ring = mem_alloc(capacity * sizeof *ring);
    for (size_t i = 0; i < self->retired_count; i++) {
        ring[i] = self->retired[(self->retired_first + i) & (self->retired_capacity - 1)];
    }
    mem_free(self->retired);
    self->retired = ring;
    self->retired_first = 0;
    self->retired_capacity = capacity;
}

void thread_retire(void *block, void (*release)(void *block))
{
    Thread *self = thread_self;
    ASSERT(AO_load(&self->seen) != 0);
    if (self->retired_count == self->retired_capacity) {
        grow_retired(self);
    }
    size_t at = (self->retired_first + self->retired_count++) & (self->retired_capacity - 1);
    /* The full read-modify-write (of a word of our own) orders the caller's unpublishing write
     * before reading the epoch; without it the block could get an epoch from before it was
     * unreachable. */
    AO_fetch_and_add_full(&self->fence, 1);
    self->retired[at] = (Retired){block, release, AO_load_acquire(&epoch)};
    if (self->retired_count % COLLECT_EVERY == 0) {
        collect(self);
    }
}

bool thread_is_registered(void)
{
    return thread_self != NULL;
}

void thread_unregister(void)
{
    Thread *self = thread_self;
    CHECK(self != NULL);
    if (AO_load(&self->seen) == 0) {
        thread_online();
    }
    process_thread_leaves(self);
    thread_quiescent();
    collect(self);
    pthread_mutex_lock(&register_mutex);
    if (orphan_count + self->retired_count > orphan_capacity) {
        orphan_capacity = 2 * (orphan_count + self->retired_count);
        orphans = mem_realloc(orphans, orphan_capacity * sizeof *orphans);
    }
    for (size_t i = 0; i < self->retired_count; i++) {
        orphans[orphan_count++] =
            self->retired[(self->retired_first + i) & (self->retired_capacity - 1)];
    }
    AO_store(&orphans_exist, orphan_count > 0);
    AO_store_release(&self->seen, 0);
    mem_free(self->retired);
    self->retired = NULL;
    self->retired_first = self->retired_count = self->retired_capacity = 0;
    /* The struct stays for the next thread: try_advance of another may be looking at it. */
    self->used = false;
    pthread_mutex_unlock(&register_mutex);
    thread_self = NULL;
    pthread_setspecific(leave_key, NULL);
}

void thread_drain(void)
{
    do {
        thread_quiescent();
        collect(thread_self);
    } while (thread_self->retired_count > 0 || AO_load(&orphans_exist));
    process_thread_leaves(thread_self);
}

bool thread_enter(void)
{
    if (thread_self == NULL) {
        thread_register();
        return true;
    }
    if (AO_load(&thread_self->seen) == 0) {
        thread_online();
        return true;
    }
    return false;
}

void thread_leave(bool entered)
{
    if (entered) {
        thread_offline();
    }
}
