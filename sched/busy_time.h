/* sched/busy_time.h
 * How long a thread has been at work, in one word, so that who looks while it goes to sleep never
 * sees time run backwards. Written by its thread, read by all, relaxed: the total, doubled, while
 * it sleeps; while it works, the time at which it would have begun had it never slept, doubled,
 * plus 1. */
#ifndef MUSTER_SCHED_BUSY_TIME_H
#define MUSTER_SCHED_BUSY_TIME_H

#include "proc/atomic.h"
#include "runtime/term/world.h"

typedef struct BusyTime {
    volatile AO_t word;
} BusyTime;

/* How long it has worked, and what the clock said then. The clock is read last: so it is not before
 * what the word speaks of. */
static inline uint64_t busy_time_ns(const BusyTime *busy, uint64_t *now_ns)
{
    AO_t word = AO_load(&busy->word);
    *now_ns = world_monotonic_ns();
    return word & 1 ? *now_ns - (word >> 1) : word >> 1;
}

/* By its thread. */
static inline void busy_time_begin(BusyTime *busy, uint64_t now_ns)
{
    AO_store(&busy->word, (now_ns - (AO_load(&busy->word) >> 1)) << 1 | 1);
}
static inline void busy_time_end(BusyTime *busy, uint64_t now_ns)
{
    AO_store(&busy->word, (now_ns - (AO_load(&busy->word) >> 1)) << 1);
}

#endif
