/* sched/runqueue.h
 * Runnable processes. Each scheduler has
 *
 *   a ring       of normal priority, first in, first out: the owner adds at the tail and takes from
 *                the head; an idle scheduler steals half, also from the head, when it is offered.
 *                It grows as needed, so that everyone in it has the same share
 *   a slot       for the process woken last: its mail is warm in this core's cache. Not for
 *                thieves, unless the owner has been inside one slice for long
 *   a pile       of new processes that found the ring long. The owner runs the newest first: a tree
 *                of processes then grows in depth and not in breadth, which keeps it small and in
 *                cache. Thieves take the oldest, whose trees are the largest
 *   lists        of the other priorities; that of normal priority has what other schedulers sent
 *                here, until the owner puts it into the ring
 *
 * and there is one overflow queue for all, for what other threads make runnable.
 *
 *   field     written by        read by           order
 *   slots     owner             owner, thieves    relaxed; published by tail
 *   ring      owner             owner, thieves    store release / load acquire, after tail
 *   tail      owner             owner, thieves    store release / load acquire
 *   head      owner, thieves    owner, thieves    compare-and-swap full / load acquire
 *   woken     owner, thieves    owner, thieves    compare-and-swap full / load acquire
 *   offered   owner, monitor    all               or full / load acquire; cleared by owner, relaxed
 *   pile      under pile_lock   under pile_lock   piled, its height, is read without
 *   lists     under lock        under lock        listed, a summary, is read without
 *
 * A ring that grows is copied; thieves may still be reading the old one, which is retired. A thief
 * reads head, then tail, then ring: the ring it sees holds all up to that tail, and what lies
 * between head and tail in it is right as long as head is what it was.
 *
 * Setting `offered` and adding to a list are full read-modify-writes because a look at who sleeps
 * follows (sched/idle.c). Adding to the ring is not: its owner is awake.
 *
 * Rejected: one global queue (every wake-up contends on it); handing a woken process to an idle
 * scheduler (the message it will read is warm in the sender's cache, not there); rings of fixed
 * size that overflow to the shared queue (what overflowed gets a smaller share, and every burst
 * becomes everyone's); thieves that take what they see (sched.c says when work is offered). */
#ifndef MUSTER_SCHED_RUNQUEUE_H
#define MUSTER_SCHED_RUNQUEUE_H

#include "proc/process.h"

/* What a ring holds at first, and what one steal takes at most. */
#ifdef MUSTER_SMALL_TABLES
enum { RING_SLOTS = 8 };
#else
enum { RING_SLOTS = 256 };
#endif

typedef struct ProcessList {
    Process *first, **last; /* linked by Process.next; last is NULL while never used */
} ProcessList;

typedef struct Ring {
    AO_t mask; /* slots - 1; a power of two less one */
    volatile AO_t slots[];
} Ring;

typedef struct RunQueue {
    CACHE_ALIGNED volatile AO_t head;
    CACHE_ALIGNED volatile AO_t tail;
    volatile AO_t ring; /* Ring * */
    volatile AO_t woken;
    CACHE_ALIGNED volatile unsigned offered;
    CACHE_ALIGNED Lock pile_lock;
    volatile AO_t piled;
    Process **pile;
    size_t pile_mask, pile_bottom; /* slots - 1; where the oldest is */
    CACHE_ALIGNED Lock lock;
    volatile unsigned listed; /* bit for each priority whose list is not empty */
    volatile AO_t listed_count;
    ProcessList lists[PRIORITY_COUNT];
} RunQueue;

/* When no scheduler runs. */
void runqueue_init(RunQueue *queue);
void runqueue_finish(RunQueue *queue);

/* ---- owner ---- */

/* To the tail of the ring. Online (thread.h). */
void runqueue_push(RunQueue *queue, Process *p);
/* From the head of the ring; NULL: empty. */
Process *runqueue_pop(RunQueue *queue);
/* The pile: the newest on top. */
void runqueue_pile(RunQueue *queue, Process *p);
Process *runqueue_take_newest(RunQueue *queue);
Process *runqueue_take_oldest(RunQueue *queue);
/* The newest `count` (or all, when thieves took some) change places, so that the first of them is
 * taken first. */
void runqueue_turn_newest(RunQueue *queue, size_t count);
/* Nobody waits in the ring, the slot or the pile. */
bool runqueue_is_empty(const RunQueue *queue);
/* A ring that grew large and is empty becomes small again. Online. */
void runqueue_trim(RunQueue *queue);
/* Puts it in the slot for woken processes; returns the one that was there, or NULL. */
Process *runqueue_swap_woken(RunQueue *queue, Process *p);
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
/* Something a thief may take. */
static inline bool runqueue_has_offer(const RunQueue *queue)
{
    return (AO_int_load_acquire(&queue->offered) &&
            (runqueue_ring_length(queue) > 0 || AO_load_acquire(&queue->piled) > 0)) ||
           (AO_int_load_acquire(&queue->listed) & ~(1u << PRIORITY_NORMAL)) != 0;
}
/* Lets thieves take from the ring; wake one then. */
static inline void runqueue_offer(RunQueue *queue)
{
    AO_int_or_full(&queue->offered, 1); /* full: as runqueue_list_push */
}
size_t runqueue_length(const RunQueue *queue);
/* Half of the victim's pile or else of its ring, with a limit: one to run, the rest to the (empty)
 * ring of `thief`. `*taken`: how many. NULL: nothing there, or nothing offered. Online. */
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
