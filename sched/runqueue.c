/* sched/runqueue.c: see runqueue.h. */
#include "sched/runqueue.h"

/* ---- the overflow queue ----
 * length: written under the lock; read by anyone, acquire. */

static Lock overflow_lock;
static Process *overflow_first, **overflow_last = &overflow_first;
static volatile AO_t overflow_count;

static void overflow_push_all(Process *first, Process **last, size_t count)
{
    lock_acquire(&overflow_lock);
    *last = NULL;
    *overflow_last = first;
    overflow_last = last;
    /* Full: a look at who sleeps follows. */
    AO_fetch_and_add_full(&overflow_count, count);
    lock_release(&overflow_lock);
}

void overflow_push(Process *p)
{
    overflow_push_all(p, &p->next, 1);
}

/* Up to `most` processes in order; returns how many. */
static size_t overflow_pop_some(Process *out[], size_t most)
{
    size_t count = 0;
    if (AO_load_acquire(&overflow_count) == 0) {
        return 0;
    }
    lock_acquire(&overflow_lock);
    while (count < most && overflow_first != NULL) {
        out[count] = overflow_first;
        overflow_first = overflow_first->next;
        count++;
    }
    if (overflow_first == NULL) {
        overflow_last = &overflow_first;
    }
    AO_fetch_and_add_full(&overflow_count, (AO_t) 0 - count);
    lock_release(&overflow_lock);
    return count;
}

Process *overflow_pop(void)
{
    Process *p;
    return overflow_pop_some(&p, 1) == 1 ? p : NULL;
}

size_t overflow_length(void)
{
    return AO_load_acquire(&overflow_count);
}

void overflow_forget(void)
{
    overflow_first = NULL;
    overflow_last = &overflow_first;
    AO_store(&overflow_count, 0);
}

/* ---- the ring ---- */

static volatile AO_t *slot(RunQueue *queue, AO_t position)
{
    return &queue->slots[position % RING_SLOTS];
}

/* Moves the older half and `p` behind it to the overflow queue. False: a thief made room. */
static bool push_overflow(RunQueue *queue, Process *p, AO_t head)
{
    Process *batch[RING_SLOTS / 2];
    for (AO_t i = 0; i < RING_SLOTS / 2; i++) {
        batch[i] = (Process *) AO_load(slot(queue, head + i));
    }
    /* Full: what we read was still ours when the head moves. */
    if (!AO_compare_and_swap_full(&queue->head, head, head + RING_SLOTS / 2)) {
        return false;
    }
    for (size_t i = 0; i + 1 < RING_SLOTS / 2; i++) {
        batch[i]->next = batch[i + 1];
    }
    batch[RING_SLOTS / 2 - 1]->next = p;
    overflow_push_all(batch[0], &p->next, RING_SLOTS / 2 + 1);
    return true;
}

void runqueue_push(RunQueue *queue, Process *p)
{
    for (;;) {
        AO_t tail = AO_load(&queue->tail);
        AO_t head = AO_load_acquire(&queue->head); /* slots up to it were read by thieves */
        if (LIKELY(tail - head < RING_SLOTS)) {
            AO_store(slot(queue, tail), (AO_t) p);
            /* Full. Release, for takers: the slot and the process. Full, for sched/idle.c. */
            AO_fetch_and_add_full(&queue->tail, 1);
            return;
        }
        if (push_overflow(queue, p, head)) {
            return;
        }
    }
}

Process *runqueue_pop(RunQueue *queue)
{
    for (;;) {
        AO_t head = AO_load_acquire(&queue->head);
        if (head == AO_load(&queue->tail)) {
            return NULL;
        }
        Process *p = (Process *) AO_load(slot(queue, head));
        if (AO_compare_and_swap_full(&queue->head, head, head + 1)) {
            return p;
        }
    }
}

Process *runqueue_steal(RunQueue *victim, RunQueue *thief, size_t *taken)
{
    for (;;) {
        AO_t head = AO_load_acquire(&victim->head);
        AO_t tail = AO_load_acquire(&victim->tail); /* pairs with runqueue_push */
        AO_t count = tail - head;
        if (count == 0) {
            return NULL;
        }
        if (count > RING_SLOTS) {
            continue; /* head moved between the two reads */
        }
        count -= count / 2;
        AO_t own_tail = AO_load(&thief->tail);
        Process *first = (Process *) AO_load(slot(victim, head));
        for (AO_t i = 1; i < count; i++) {
            AO_store(slot(thief, own_tail + i - 1), AO_load(slot(victim, head + i)));
        }
        /* Full: the slots were still the victim's until here, else nothing was taken. */
        if (AO_compare_and_swap_full(&victim->head, head, head + count)) {
            if (count > 1) {
                AO_fetch_and_add_full(&thief->tail, count - 1);
            }
            *taken = count;
            return first;
        }
    }
}

Process *runqueue_refill(RunQueue *queue, unsigned share_of)
{
    Process *batch[RING_SLOTS / 2];
    size_t share = overflow_length() / share_of + 1;
    size_t count = overflow_pop_some(batch, share < COUNT_OF(batch) ? share : COUNT_OF(batch));
    for (size_t i = 1; i < count; i++) {
        runqueue_push(queue, batch[i]);
    }
    return count > 0 ? batch[0] : NULL;
}

/* ---- the slot of the woken ---- */

bool runqueue_push_woken(RunQueue *queue, Process *p)
{
    /* Full. Release, for runqueue_steal_woken. Acquire: the one that was there is pushed on. */
    Process *old = (Process *) atomic_swap_full(&queue->woken, (AO_t) p);
    if (old != NULL) {
        runqueue_push(queue, old);
    }
    return old != NULL;
}

Process *runqueue_pop_woken(RunQueue *queue)
{
    AO_t p = AO_load(&queue->woken);
    return p != 0 && AO_compare_and_swap_full(&queue->woken, p, 0) ? (Process *) p : NULL;
}

Process *runqueue_steal_woken(RunQueue *victim)
{
    return runqueue_pop_woken(victim);
}

/* ---- the lists ---- */

void runqueue_list_push(RunQueue *queue, Process *p)
{
    unsigned priority = p->priority;
    lock_acquire(&queue->lock);
    ProcessList *list = &queue->lists[priority];
    if (list->first == NULL) {
        list->last = &list->first;
    }
    p->next = NULL;
    *list->last = p;
    list->last = &p->next;
    AO_fetch_and_add_full(&queue->listed_count, 1);
    AO_int_or_full(&queue->listed, 1u << priority); /* full: as runqueue_push */
    lock_release(&queue->lock);
}

Process *runqueue_list_pop(RunQueue *queue, Priority priority)
{
    if (!(AO_int_load_acquire(&queue->listed) & (1u << priority))) {
        return NULL;
    }
    lock_acquire(&queue->lock);
    ProcessList *list = &queue->lists[priority];
    Process *p = list->first;
    if (p != NULL) {
        list->first = p->next;
        AO_fetch_and_add_full(&queue->listed_count, (AO_t) -1);
        if (list->first == NULL) {
            AO_int_and_full(&queue->listed, ~(1u << priority));
        }
    }
    lock_release(&queue->lock);
    return p;
}

size_t runqueue_length(const RunQueue *queue)
{
    return runqueue_ring_length(queue) + AO_load(&queue->listed_count) +
           (AO_load(&queue->woken) != 0);
}
