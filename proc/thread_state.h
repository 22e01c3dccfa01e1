/* proc/thread_state.h
 * Inside proc/: what a registered thread carries. Everything is its thread's own but `seen` and
 * `credits`, which others read. */
#ifndef MUSTER_PROC_THREAD_STATE_H
#define MUSTER_PROC_THREAD_STATE_H

#include "proc/thread.h"

/* A block waiting until nobody can hold it. */
typedef struct Retired {
    void *block;
    void (*release)(void *block);
    uint64_t epoch; /* the global epoch when it was retired */
} Retired;

struct Process;

enum { SLOTS_AWAY_MOST = 64 };

/* Free slots of the process table, oldest first: a ring. */
typedef struct SlotCache {
    uint32_t *ring; /* capacity SLOT_CACHE_MOST; NULL until the first */
    uint32_t first, count;
    uint32_t fresh, fresh_end; /* never used slots */
    uint32_t away_count;       /* those of other threads, to be brought back to them */
    uint32_t away[SLOTS_AWAY_MOST];
} SlotCache;

struct Thread {
    CACHE_ALIGNED volatile AO_t seen; /* epoch at the last quiescent point; 0: offline */
    volatile AO_t fence;              /* see thread_retire; its value means nothing */
    /* Processes this thread may still make without asking: written by it, read by all, relaxed. */
    volatile AO_t credits;
    uint32_t index;
    bool used;        /* under the registration mutex */
    Retired *retired; /* ring of `retired_capacity`, a power of two */
    size_t retired_first, retired_count, retired_capacity;
    struct Process *free_processes; /* recycled, linked by `next` */
    uint32_t free_process_count;
    SlotCache slots;
    CACHE_ALIGNED Lock returned_lock; /* slots that others brought back: table.c */
    volatile AO_t returned_count;
    uint32_t *returned;
};

/* The registered threads: entries [0, threads_top) may be non-NULL. */
extern Thread *volatile threads[THREADS_MOST];
extern volatile AO_t threads_top;
/* What proc/process.c and proc/table.c do when a thread leaves, and when it goes offline. */
void process_thread_leaves(Thread *thread);
void table_thread_leaves(Thread *thread);
void table_return_credits(Thread *thread);

#endif
