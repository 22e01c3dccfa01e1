/* sched/runqueue.c: see runqueue.h. */
#include "sched/runqueue.h"

#include "proc/thread.h"
#include "runtime/term/mem.h"

enum { PILE_STEAL_MOST = 16 };

/* ---- the overflow queue ----
 * length: written under the lock; read by anyone, acquire. */

static Lock overflow_lock;
static Process *overflow_first, **overflow_last = &overflow_first;
static volatile AO_t overflow_count;

void overflow_push(Process *p)
{
    lock_acquire(&overflow_lock);
    p->next = NULL;
    *overflow_last = p;
    overflow_last = &p->next;
    /* Full: a look at who sleeps follows. */
    AO_fetch_and_add_full(&overflow_count, 1);
    lock_release(&overflow_lock);
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

static Ring *ring_create(AO_t slots)
{
    Ring *ring = mem_alloc(sizeof *ring + slots * sizeof ring->slots[0]);
    ring->mask = slots - 1;
    return ring;
}

void runqueue_init(RunQueue *queue)
{
    memset(queue, 0, sizeof *queue);
    AO_store(&queue->ring, (AO_t) ring_create(RING_SLOTS));
}

void runqueue_finish(RunQueue *queue)
{
    mem_free((Ring *) AO_load(&queue->ring));
    mem_free(queue->pile);
}

static inline Ring *own_ring(const RunQueue *queue)
{
    return (Ring *) AO_load(&queue->ring);
}

static inline volatile AO_t *slot(Ring *ring, AO_t position)
{
    return &ring->slots[position & ring->mask];
}

static COLD void grow(RunQueue *queue, AO_t head, AO_t tail)
{
    Ring *old = own_ring(queue), *ring = ring_create(2 * (old->mask + 1));
    for (AO_t i = head; i != tail; i++) {
        AO_store(slot(ring, i), AO_load(slot(old, i)));
    }
    /* Release, for runqueue_steal: the slots. */
    AO_store_release(&queue->ring, (AO_t) ring);
    thread_retire(old, mem_free);
}

void runqueue_trim(RunQueue *queue)
{
    if (UNLIKELY(own_ring(queue)->mask >= 64 * RING_SLOTS) &&
        AO_load(&queue->head) == AO_load(&queue->tail)) {
        thread_retire(own_ring(queue), mem_free);
        AO_store_release(&queue->ring, (AO_t) ring_create(RING_SLOTS));
    }
}

void runqueue_push(RunQueue *queue, Process *p)
{
    AO_t tail = AO_load(&queue->tail);
    AO_t head = AO_load_acquire(&queue->head); /* slots up to it were read by thieves */
    if (UNLIKELY(tail - head > own_ring(queue)->mask)) {
        grow(queue, head, tail);
    }
    AO_store(slot(own_ring(queue), tail), (AO_t) p);
    AO_store_release(&queue->tail, tail + 1); /* for thieves: the slot and the process */
}

Process *runqueue_pop(RunQueue *queue)
{
    for (;;) {
        AO_t head = AO_load_acquire(&queue->head);
        if (head == AO_load(&queue->tail)) {
            return NULL;
        }
        Process *p = (Process *) AO_load(slot(own_ring(queue), head));
        if (AO_compare_and_swap_full(&queue->head, head, head + 1)) {
            return p;
        }
    }
}

bool runqueue_is_empty(const RunQueue *queue)
{
    return AO_load(&queue->head) == AO_load(&queue->tail) && AO_load(&queue->woken) == 0 &&
           AO_load(&queue->piled) == 0;
}

static Process *steal_ring(RunQueue *victim, RunQueue *thief, size_t *taken)
{
    while (AO_int_load_acquire(&victim->offered)) {
        AO_t head = AO_load_acquire(&victim->head);
        AO_t tail = AO_load_acquire(&victim->tail);           /* pairs with runqueue_push */
        Ring *from = (Ring *) AO_load_acquire(&victim->ring); /* pairs with grow */
        AO_t count = tail - head;
        if (count == 0) {
            return NULL;
        }
        if (count > from->mask + 1) {
            continue; /* head moved between the two reads */
        }
        count -= count / 2;
        count = count < RING_SLOTS ? count : RING_SLOTS;
        Ring *to = own_ring(thief);
        AO_t own_tail = AO_load(&thief->tail);
        Process *first = (Process *) AO_load(slot(from, head));
        for (AO_t i = 1; i < count; i++) {
            AO_store(slot(to, own_tail + i - 1), AO_load(slot(from, head + i)));
        }
        /* Full: the slots were still the victim's until here, else nothing was taken. */
        if (AO_compare_and_swap_full(&victim->head, head, head + count)) {
            AO_store_release(&thief->tail, own_tail + count - 1); /* as in runqueue_push */
            *taken = count;
            return first;
        }
    }
    return NULL;
}

/* ---- the pile ---- */

static COLD void pile_grow(RunQueue *queue)
{
    size_t count = AO_load(&queue->piled), slots = count == 0 ? RING_SLOTS : 2 * count;
    Process **pile = mem_alloc(slots * sizeof *pile);
    for (size_t i = 0; i < count; i++) {
        pile[i] = queue->pile[(queue->pile_bottom + i) & queue->pile_mask];
    }
    mem_free(queue->pile);
    queue->pile = pile;
    queue->pile_mask = slots - 1;
    queue->pile_bottom = 0;
}

void runqueue_pile(RunQueue *queue, Process *p)
{
    lock_acquire(&queue->pile_lock);
    size_t count = AO_load(&queue->piled);
    if (UNLIKELY(queue->pile == NULL || count > queue->pile_mask)) {
        pile_grow(queue);
    }
    queue->pile[(queue->pile_bottom + count) & queue->pile_mask] = p;
    AO_store_release(&queue->piled, count + 1); /* a hint to who looks without the lock */
    lock_release(&queue->pile_lock);
}

Process *runqueue_take_newest(RunQueue *queue)
{
    Process *p = NULL;
    if (AO_load(&queue->piled) == 0) {
        return NULL;
    }
    lock_acquire(&queue->pile_lock);
    size_t count = AO_load(&queue->piled);
    if (LIKELY(count > 0)) {
        p = queue->pile[(queue->pile_bottom + count - 1) & queue->pile_mask];
        AO_store_release(&queue->piled, count - 1);
    }
    lock_release(&queue->pile_lock);
    return p;
}

void runqueue_turn_newest(RunQueue *queue, size_t count)
{
    lock_acquire(&queue->pile_lock);
    size_t there = AO_load(&queue->piled), top = queue->pile_bottom + there;
    size_t low = top - (count < there ? count : there), high = top;
    while (low + 1 < high) {
        high--;
        Process *p = queue->pile[low & queue->pile_mask];
        queue->pile[low & queue->pile_mask] = queue->pile[high & queue->pile_mask];
        queue->pile[high & queue->pile_mask] = p;
        low++;
    }
    lock_release(&queue->pile_lock);
}

/* Up to `most`, and no more than half (rounded up), the oldest first. */
static size_t take_oldest(RunQueue *queue, Process *out[], size_t most)
{
    if (AO_load_acquire(&queue->piled) == 0) {
        return 0;
    }
    lock_acquire(&queue->pile_lock);
    size_t there = AO_load(&queue->piled), count = there - there / 2;
    count = count < most ? count : most;
    for (size_t i = 0; i < count; i++) {
        out[i] = queue->pile[(queue->pile_bottom + i) & queue->pile_mask];
    }
    queue->pile_bottom += count;
    AO_store_release(&queue->piled, there - count);
    lock_release(&queue->pile_lock);
    return count;
}

Process *runqueue_take_oldest(RunQueue *queue)
{
    Process *p;
    return take_oldest(queue, &p, 1) == 1 ? p : NULL;
}

Process *runqueue_steal(RunQueue *victim, RunQueue *thief, size_t *taken)
{
    Process *batch[PILE_STEAL_MOST];
    if (!AO_int_load_acquire(&victim->offered)) {
        return NULL;
    }
    size_t count = take_oldest(victim, batch, COUNT_OF(batch));
    if (count == 0) {
        return steal_ring(victim, thief, taken);
    }
    for (size_t i = 1; i < count; i++) {
        runqueue_push(thief, batch[i]);
    }
    *taken = count;
    return batch[0];
}

/* ---- from the overflow queue ---- */

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

Process *runqueue_swap_woken(RunQueue *queue, Process *p)
{
    /* Full. Release, for runqueue_steal_woken. Acquire: the one that was there is pushed on. */
    return (Process *) atomic_swap_full(&queue->woken, (AO_t) p);
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
    return runqueue_ring_length(queue) + AO_load(&queue->piled) + AO_load(&queue->listed_count) +
           (AO_load(&queue->woken) != 0);
}
