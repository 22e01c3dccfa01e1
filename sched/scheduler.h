/* sched/scheduler.h
 * Inside sched/: one scheduler. What others touch is in the run queue (runqueue.h), in the fields
 * for sleeping (idle.c) and in the counters, which the thread itself stores and others read,
 * relaxed. The rest is its thread's own. */
#ifndef MUSTER_SCHED_SCHEDULER_H
#define MUSTER_SCHED_SCHEDULER_H

#include "sched/busy_time.h"
#include "sched/runqueue.h"
#include "sched/sched.h"

#include <pthread.h>

struct Scheduler {
    RunQueue queue;

    /* ---- its thread's ---- */
    CACHE_ALIGNED unsigned index;
    unsigned woken_runs;          /* how often in a row the slot of the woken was used */
    uint32_t work;                /* reductions and slices since the last look at the clock */
    uint32_t ticks;               /* looks at the clock */
    uint32_t rounds_since_newest; /* taken from the ring since something was from the pile's top */
    size_t piled;                 /* processes that this slice put on the pile */
    unsigned long_score;          /* how many of the last slices were long; sched.c */
    bool was_alone;               /* since the last look at the clock */
    bool oldest_is_due;           /* of the pile */
    uint64_t pressed_since_ns;    /* since this look at the clock nobody was alone here */
    uint64_t looked_at_ns;        /* the last look at the clock */
    uint32_t flood_work;          /* since then, reductions of slices that only sent */
    unsigned flood_score;         /* as long_score, of such slices */
    uint32_t shy_ticks;           /* so many looks at the clock nothing is offered; sched.c */
    AO_t shy_slices;              /* `slices` at the last of them */
    Scheduler *robbed;            /* whom the last theft was from, until it was judged */
    bool looks_again;             /* at what the theft was worth */
    size_t loot, loot_left;       /* processes stolen; of them not yet taken from the ring */
    uint64_t loot_work;           /* reductions since then, of each slice the first few */
    AO_t loot_slices;             /* `slices` at that time */
    Process *running;
    const Process *executing; /* the same, while `run` is at it */
    uint64_t random_state;    /* which victim first; decides nothing a program sees */

    /* ---- counters: stored by its thread, read by all, relaxed ---- */
    CACHE_ALIGNED volatile AO_t slices;
    volatile AO_t reductions, steals, stolen, parks, wakes, timers_fired, spawned, messages;
    BusyTime busy; /* not asleep */

    /* ---- sleeping: see idle.c ---- */
    CACHE_ALIGNED volatile unsigned parked; /* 1: in the stack of the idle; who clears it wakes */
    volatile unsigned polling;              /* it waits in the poller, not on `parked` */
    Scheduler *idle_next;                   /* under the idle lock */
    /* The slice in which it was found stuck with somebody in the slot of the woken; monitor.c. */
    volatile AO_t stuck_slice;
    volatile unsigned shyness; /* shy_ticks at first, the last time; thieves read it */
    volatile unsigned verdict; /* of the last theft from here: see TheftVerdict */

    pthread_t thread;
};

/* What a theft was good for. Stored by thieves, relaxed; read and cleared by who was robbed. */
typedef enum TheftVerdict { THEFT_UNJUDGED, THEFT_VAIN, THEFT_WORTHY } TheftVerdict;

/* Set by sched_start, then constant. */
extern Scheduler *schedulers;
extern unsigned scheduler_count;
extern volatile unsigned schedulers_online;
extern volatile unsigned sched_halting;

static inline void sched_count_up(volatile AO_t *counter, AO_t by)
{
    AO_store(counter, AO_load(counter) + by);
}

/* Timers, completions and descriptors that are ready: makes processes runnable. Looks at all
 * wheels. `poll`: also the poller, without waiting. Returns how much it found. */
size_t sched_housekeep(Scheduler *scheduler, uint64_t now_ns, bool poll);
/* Something to run from the scheduler's own queues and the overflow queue; NULL: nothing. */
Process *sched_next_local(Scheduler *scheduler);

#endif
