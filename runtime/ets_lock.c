/* runtime/ets_lock.c
 * See ets_lock.h.
 *
 * The state is made of: */
#include "runtime/ets_lock.h"

#include <sched.h>
#include <time.h>

#include "runtime/term/mem.h"

enum {
    WRITER = 1,   /* one has the lock, or waits until readers in slots have left */
    SLEEPERS = 2, /* somebody may sleep until the state changes */
    OWNED = 4,    /* the writer has it */
    READER = 8,   /* times the readers that are counted here */
};
enum { SLOTS = 8, SPINS = 100, YIELDS = 50, NAP_NS = 50000 };

static volatile AO_t threads;

static ReaderSlot *slot_of_thread(const RwLock *lock)
{
    static __thread unsigned number; /* from 1 */
    if (number == 0) {
        number = (unsigned) AO_fetch_and_add1(&threads) + 1;
    }
    return &lock->slots[number % SLOTS];
}

void rw_lock_init(RwLock *lock, bool many_readers)
{
    lock->state = 0;
    lock->slots = many_readers ? mem_alloc_zero(SLOTS * sizeof(ReaderSlot)) : NULL;
}

void rw_lock_finish(RwLock *lock)
{
    mem_free(lock->slots);
    lock->slots = NULL;
}

/* Adds `how` (WRITER or READER) to the state once there is no writer. */
static void take(RwLock *lock, unsigned how)
{
    for (int spins = 0;;) {
        unsigned state = AO_int_load(&lock->state);
        if ((state & WRITER) == 0) {
            /* Full order: a writer's claim comes before its look at the slots. */
            if (AO_int_compare_and_swap_full(&lock->state, state, state + how)) {
                return;
            }
        } else if (spins < SPINS) {
            spins++;
            cpu_relax();
        } else if ((state & SLEEPERS) ||
                   AO_int_compare_and_swap_full(&lock->state, state, state | SLEEPERS)) {
            futex_wait(&lock->state, state | SLEEPERS, UINT64_MAX);
        }
    }
}

static void leave_writing(RwLock *lock)
{
    /* Readers come when the writer has gone: there is nothing else in the state. */
    if (UNLIKELY(!AO_int_compare_and_swap_release(&lock->state, WRITER + OWNED, 0))) {
        ASSERT(AO_int_load(&lock->state) == WRITER + OWNED + SLEEPERS);
        AO_int_store_release(&lock->state, 0);
        futex_wake(&lock->state, INT32_MAX);
    }
}

static void leave_reading(RwLock *lock)
{
    __atomic_fetch_sub(&lock->state, READER, __ATOMIC_RELEASE); /* for the writer in has_readers */
}

void rw_lock_read(RwLock *lock)
{
    if (lock->slots == NULL) {
        take(lock, READER);
        return;
    }
    ReaderSlot *slot = slot_of_thread(lock);
    AO_fetch_and_add1_full(&slot->readers);
    if (LIKELY((__atomic_load_n(&lock->state, __ATOMIC_SEQ_CST) & WRITER) == 0)) {
        return;
    }
    /* There is a writer, who may wait for this slot. */
    AO_fetch_and_sub1_full(&slot->readers);
    take(lock, READER);
    AO_fetch_and_add1_full(&slot->readers);
    leave_reading(lock);
}

static bool has_readers(const RwLock *lock)
{
    if (__atomic_load_n(&lock->state, __ATOMIC_SEQ_CST) >= READER) {
        return true;
    }
    for (int i = 0; lock->slots != NULL && i < SLOTS; i++) {
        if (atomic_load_in_order(&lock->slots[i].readers) != 0) {
            return true;
        }
    }
    return false;
}

void rw_lock_write(RwLock *lock)
{
    if (lock->slots == NULL &&
        LIKELY(AO_int_compare_and_swap_full(&lock->state, 0, WRITER + OWNED))) {
        return;
    }
    take(lock, WRITER);
    for (int turns = 0; has_readers(lock); turns++) {
        if (turns < SPINS) {
            cpu_relax();
        } else if (turns < SPINS + YIELDS) {
            sched_yield();
        } else {
            struct timespec nap = {.tv_nsec = NAP_NS};
            nanosleep(&nap, NULL);
        }
    }
    AO_int_or_full(&lock->state, OWNED);
}

void rw_lock_release(RwLock *lock)
{
    /* A reader sees a writer at most waiting for it. */
    if (AO_int_load(&lock->state) & OWNED) {
        leave_writing(lock);
    } else if (lock->slots == NULL) {
        leave_reading(lock);
    } else {
        AO_fetch_and_sub1_full(&slot_of_thread(lock)->readers);
    }
}
