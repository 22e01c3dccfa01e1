/* runtime/ets_lock.h
 * A lock for many readers or one writer, for ets tables: held for microseconds, by threads that may
 * be many. Who waits spins a little, then sleeps.
 *
 * With `slots` each thread counts its reading in a cache line of its own, so that readers do not
 * slow each other down; a writer looks at all of them. (A lock of this kind: I. Calciu et al.,
 * "NUMA-Aware Reader-Writer Locks", PPoPP 2013, section 2.) A zeroed lock is free and has no slots.
 */
#ifndef MUSTER_RUNTIME_ETS_LOCK_H
#define MUSTER_RUNTIME_ETS_LOCK_H

#include "proc/atomic.h"

typedef struct ReaderSlot {
    volatile AO_t readers;
    char rest_of_line[CACHE_LINE_BYTES - sizeof(AO_t)];
} ReaderSlot;

typedef struct RwLock {
    volatile unsigned state;
    ReaderSlot *slots; /* NULL: readers are counted in `state` */
} RwLock;

/* `many_readers`: with slots, about half a kilobyte. */
void rw_lock_init(RwLock *lock, bool many_readers);
void rw_lock_finish(RwLock *lock);
/* Neither may be taken twice by a thread. May block for as long as others hold the lock. */
void rw_lock_read(RwLock *lock);
void rw_lock_write(RwLock *lock);
/* Of the thread that took it, either way. */
void rw_lock_release(RwLock *lock);

#endif
