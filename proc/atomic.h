/* proc/atomic.h
 * libatomic_ops in the form that compiles to the compiler's own atomics (which ThreadSanitizer
 * sees), typed loads and stores of pointers, and a lock of one word.
 *
 * Fences (AO_nop_*) are not used: ThreadSanitizer is blind to them. Where a full fence is needed
 * between a write and a read, the write is a read-modify-write of AO_*_full. */
#ifndef MUSTER_PROC_ATOMIC_H
#define MUSTER_PROC_ATOMIC_H

#ifndef AO_PREFER_BUILTIN_ATOMICS
#define AO_PREFER_BUILTIN_ATOMICS 1
#endif
#include <atomic_ops.h>
#include "runtime/term/base.h"

enum { CACHE_LINE_BYTES = 64 };
#define CACHE_ALIGNED __attribute__((aligned(CACHE_LINE_BYTES)))

static inline void cpu_relax(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");
#endif
}

/* The value before. Full order. */
static inline AO_t atomic_swap_full(volatile AO_t *at, AO_t value)
{
    AO_t old;
    do {
        old = AO_load(at);
    } while (!AO_compare_and_swap_full(at, old, value));
    return old;
}

/* Among all of these, the read-modify-writes included, there is one order that every thread sees.
 * (AO_load_full and AO_store_full are fences around plain accesses.) */
static inline AO_t atomic_load_in_order(const volatile AO_t *at)
{
    return __atomic_load_n(at, __ATOMIC_SEQ_CST);
}
static inline void atomic_store_in_order(volatile AO_t *at, AO_t value)
{
    __atomic_store_n(at, value, __ATOMIC_SEQ_CST);
}

/* A lock of 4 bytes for short critical sections: 0 free, 1 held, 2 held and somebody sleeps. Zero
 * is a valid free lock. The holder must not block or run a process. Locks nest in this order only:
 *
 *   timer wheel, then shard of timers   (sched/timer.c)
 *   timer wheel, then list, overflow queue, sleepers   (firing makes processes runnable)
 *
 *   port, then table of ports, watch, or what sending a message takes   (runtime/port.c)
 *
 * All others are taken alone: free slots (proc/table.c), watches (sched/poller.c). */
typedef struct Lock {
    volatile unsigned state;
} Lock;
void lock_acquire_slow(Lock *lock);
void lock_release_slow(Lock *lock);
static inline void lock_acquire(Lock *lock)
{
    /* Acquire, for lock_release: what the last holder wrote is seen. */
    if (UNLIKELY(!AO_int_compare_and_swap_acquire(&lock->state, 0, 1))) {
        lock_acquire_slow(lock);
    }
}
static inline bool lock_try_acquire(Lock *lock)
{
    return AO_int_compare_and_swap_acquire(&lock->state, 0, 1);
}
static inline void lock_release(Lock *lock)
{
    /* Release, for lock_acquire. Fails only when somebody sleeps. */
    if (UNLIKELY(!AO_int_compare_and_swap_release(&lock->state, 1, 0))) {
        lock_release_slow(lock);
    }
}

/* Sleeps while `*word == expected`, at most `timeout_ns` (UINT64_MAX: no limit). May wake early. */
void futex_wait(volatile unsigned *word, unsigned expected, uint64_t timeout_ns);
void futex_wake(volatile unsigned *word, int count);

#endif
