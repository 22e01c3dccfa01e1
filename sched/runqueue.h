/* sched/runqueue.h
 * Runnable processes. Each scheduler has
 *
 *   a ring       of normal priority: the owner adds at the tail and takes from the head; an idle
 *                scheduler steals half, also from the head
 *   a slot       for the process woken last: its mail is warm in this core's cache. Not for
 * thieves, unless the owner has been inside one slice for long lists        of the other priorities
 *
 * and there is one overflow queue for all: for what does not fit a ring and for other threads.
 *
 *   field     written by        read by           order
 *   slots     owner             owner, thieves    relaxed; published by tail
 *   tail      owner             owner, thieves    fetch-and-add full / load acquire
 *   head      owner, thieves    owner, thieves    compare-and-swap full / load acquire
 *   woken     owner, thieves    owner, thieves    compare-and-swap full / load acquire
 *   lists     under lock        under lock        listed, a summary, is read without
 *
 * Adding is a full read-modify-write because a look at who sleeps follows it (sched/idle.c).
 *
 * Rejected: one global queue (every wake-up contends on it); handing a woken process to an idle
 * scheduler (the message it will read is warm in the sender's cache, not there). */
#ifndef MUSTER_SCHED_RUNQUEUE_H
#define MUSTER_SCHED_RUNQUEUE_H

#include "proc/process.h"

#ifdef MUSTER_SMALL_TABLES
enum { RING_SLOTS = 8 };
#else
enum { RING_SLOTS = 256 };
#endif

typedef struct ProcessList {
    Process *first, **last; /* linked by Process.next; last is NULL while never used */
} ProcessList;

typedef struct RunQueue {
    CACHE_ALIGNED volatile AO_t head;
    CACHE_ALIGNED volatile AO_t tail;
    volatile AO_t woken;
    volatile AO_t slots[RING_SLOTS];
    CACHE_ALIGNED Lock lock;
    volatile unsigned listed; /* bit for each priority whose list is not empty */
    volatile AO_t listed_count;
    ProcessList lists[PRIORITY_COUNT];
} RunQueue;

/* ---- owner ---- */

/* To the tail of the ring, or, when it is full, half of the ring and it to the overflow queue. */
void runqueue_push(RunQueue *queue, Process *p);
/* From the head of the ring; NULL: empty. */
Process *runqueue_pop(RunQueue *queue);
/* Puts it in the slot for woken processes; the one that was there goes to the ring: true. */
bool runqueue_push_woken(RunQueue *queue, Process *p);
Process *runqueue_pop_woken(RunQueue *queue);
/* Brings something of the overflow queue: one process to run, more to the (empty) ring. */
Process *runqueue_refill(RunQueue *queue, unsigned share_of);

/* ---- any scheduler ---- */

static inline size_t runqueue_ring_length(const RunQueue *queue)
{
    AO_t head = AO_load_acquire(&queue->head);
    AO_t tail = AO_load_acquire(&queue->tail);
    return tail > head ? tail - head : 0;
}
/* Everything but the slot of the woken. */
static inline bool runqueue_has_work(const RunQueue *queue)
{
    return runqueue_ring_length(queue) > 0 || AO_int_load_acquire(&queue->listed) != 0;
}
size_t runqueue_length(const RunQueue *queue);
/* Half of the victim's ring: one to run, the rest to the (empty) ring of `thief`. `*taken`: how
 * many. NULL: nothing there. */
Process *runqueue_steal(RunQueue *victim, RunQueue *thief, size_t *taken);
Process *runqueue_steal_woken(RunQueue *victim);
/* The lists, by priority. */
void runqueue_list_push(RunQueue *queue, Process *p);
Process *runqueue_list_pop(RunQueue *queue, Priority priority);

/* ---- the overflow queue: any thread ---- */

void overflow_push(Process *p);
Process *overflow_pop(void);
size_t overflow_length(void);
/* Drops what is in it; when no scheduler runs. */
void overflow_forget(void);

#endif
