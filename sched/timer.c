/* sched/timer.c: see timer.h.
 *
 * A wheel has LEVELS rings of 64 slots. A timer whose tick differs from the wheel's own first in
 * the n-th group of six bits (from the right, from 0) is in ring n. So everything in a ring comes
 * before anything in the rings above, and the next thing to do is the next occupied slot of the
 * lowest occupied ring: fire it (ring 0) or spread it over the rings below.
 *
 * Slots are lists with the newest first; they are turned round when taken, so timers of the same
 * tick fire in the order they were started.
 *
 * Lock order: a wheel, then a shard of the table of references. Who takes a send timer out of the
 * table owns it: it is then sent or cancelled, never both. */
#include "sched/timer.h"

#include "proc/registry.h"
#include "proc/signal.h"
#include "runtime/term/copy.h"
#include "runtime/term/mem.h"
#include "runtime/term/ref.h"
#include "runtime/term/world.h"
#include "sched/poller.h"
#include "sched/sched.h"

#include <stdlib.h>

enum { TICK_SHIFT = 16, LEVELS = 8, LEVEL_BITS = 6, SLOTS = 1 << LEVEL_BITS };
static_assert(TICK_SHIFT + LEVELS * LEVEL_BITS == 64, "every deadline has a place");

/* node->wheel: the wheel's index + 1, and what the node is embedded in. */
enum { TIMER_RECEIVE, TIMER_SEND, TIMER_CALL };
enum { WHEEL_KIND_SHIFT = 24, WHEEL_INDEX_MASK = (1 << WHEEL_KIND_SHIFT) - 1 };

typedef struct Wheel {
    CACHE_ALIGNED Lock lock;
    volatile AO_t next_ns; /* lower bound of the next deadline */
    uint64_t tick;         /* everything before it was fired */
    volatile AO_t count;
    uint64_t occupied[LEVELS];
    TimerNode *slots[LEVELS * SLOTS]; /* ring by ring */
} Wheel;

static Wheel *wheels;
static unsigned wheel_count;

uint64_t timer_deadline(uint64_t ms)
{
    uint64_t now = world_monotonic_ns();
    return ms > (UINT64_MAX - now) / 1000000 ? UINT64_MAX : now + ms * 1000000;
}

/* ---- the wheel; its lock is held ---- */

/* Rounded up; UINT64_MAX is as good as never. */
static uint64_t tick_of(uint64_t deadline_ns)
{
    uint64_t part = deadline_ns & (((uint64_t) 1 << TICK_SHIFT) - 1);
    uint64_t tick = (deadline_ns >> TICK_SHIFT) + (part != 0);
    return tick >> (LEVELS * LEVEL_BITS) ? tick - 1 : tick;
}

static void place(Wheel *wheel, TimerNode *node)
{
    uint64_t tick = tick_of(node->deadline_ns);
    if (tick < wheel->tick) {
        tick = wheel->tick; /* overdue: in the next run */
    }
    uint64_t differs = tick ^ wheel->tick;
    unsigned level = differs == 0 ? 0 : (63 - (unsigned) __builtin_clzll(differs)) / LEVEL_BITS;
    ASSERT(level < LEVELS);
    unsigned slot = (unsigned) (tick >> (level * LEVEL_BITS)) & (SLOTS - 1);
    TimerNode **head = &wheel->slots[level * SLOTS + slot];
    node->next = *head;
    if (node->next != NULL) {
        node->next->link = &node->next;
    }
    node->link = head;
    *head = node;
    wheel->occupied[level] |= (uint64_t) 1 << slot;
}

/* When something is to be done next: the tick, and the ring and slot it is in. */
static bool next_event(const Wheel *wheel, uint64_t *tick, unsigned *level, unsigned *slot)
{
    for (unsigned l = 0; l < LEVELS; l++) {
        unsigned here = (unsigned) (wheel->tick >> (l * LEVEL_BITS)) & (SLOTS - 1);
        uint64_t ahead = wheel->occupied[l] & (~(uint64_t) 0 << here);
        if (ahead != 0) {
            *level = l;
            *slot = (unsigned) __builtin_ctzll(ahead);
            uint64_t block = wheel->tick >> ((l + 1) * LEVEL_BITS) << ((l + 1) * LEVEL_BITS);
            uint64_t at = block | ((uint64_t) *slot << (l * LEVEL_BITS));
            *tick = at < wheel->tick ? wheel->tick : at;
            return true;
        }
    }
    return false;
}

static void publish_next(Wheel *wheel)
{
    uint64_t tick;
    unsigned level, slot;
    uint64_t next = UINT64_MAX;
    if (next_event(wheel, &tick, &level, &slot)) {
        next = tick << TICK_SHIFT;
    }
    AO_store_release(&wheel->next_ns, next); /* pairs with timers_next */
}

static void unlink_node(Wheel *wheel, TimerNode *node)
{
    *node->link = node->next;
    if (node->next != NULL) {
        node->next->link = node->link;
    } else {
        /* Perhaps the last of its slot: link is then the slot itself. */
        size_t index = ((uintptr_t) node->link - (uintptr_t) wheel->slots) / sizeof(TimerNode *);
        if (index < LEVELS * SLOTS && wheel->slots[index] == NULL) {
            wheel->occupied[index / SLOTS] &= ~((uint64_t) 1 << (index % SLOTS));
        }
    }
    node->link = NULL;
}

/* ---- references of send timers ---- */

typedef struct SendTimer SendTimer;
struct SendTimer {
    TimerNode node; /* first */
    SendTimer *hash_next;
    uint64_t number;
    Term to; /* pid or name */
    Message *message;
};

typedef struct Shard {
    CACHE_ALIGNED Lock lock;
    SendTimer **buckets;
    size_t bucket_count, count; /* a power of two, or 0 */
} Shard;

enum { SHARDS = 64, BUCKETS_AT_FIRST = 16 };
static Shard shards[SHARDS];

static Shard *shard_of(uint64_t number)
{
    return &shards[number % SHARDS];
}

static SendTimer **bucket_of(const Shard *shard, uint64_t number)
{
    return &shard->buckets[(number / SHARDS) & (shard->bucket_count - 1)];
}

static void table_grow(Shard *shard)
{
    SendTimer **old = shard->buckets;
    size_t old_count = shard->bucket_count;
    shard->bucket_count = old_count == 0 ? BUCKETS_AT_FIRST : 2 * old_count;
    shard->buckets = mem_alloc_zero(shard->bucket_count * sizeof(SendTimer *));
    for (size_t i = 0; i < old_count; i++) {
        for (SendTimer *timer = old[i]; timer != NULL;) {
            SendTimer *next = timer->hash_next;
            SendTimer **bucket = bucket_of(shard, timer->number);
            timer->hash_next = *bucket;
            *bucket = timer;
            timer = next;
        }
    }
    mem_free(old);
}

static void table_add(SendTimer *timer)
{
    Shard *shard = shard_of(timer->number);
    lock_acquire(&shard->lock);
    if (shard->count == shard->bucket_count) {
        table_grow(shard);
    }
    SendTimer **bucket = bucket_of(shard, timer->number);
    timer->hash_next = *bucket;
    *bucket = timer;
    shard->count++;
    lock_release(&shard->lock);
}

/* Takes it out, and with it the right to end it; NULL: somebody else did. */
static SendTimer *table_take(uint64_t number)
{
    Shard *shard = shard_of(number);
    SendTimer *found = NULL;
    lock_acquire(&shard->lock);
    if (shard->bucket_count > 0) {
        for (SendTimer **at = bucket_of(shard, number); *at != NULL; at = &(*at)->hash_next) {
            if ((*at)->number == number) {
                found = *at;
                *at = found->hash_next;
                shard->count--;
                break;
            }
        }
    }
    lock_release(&shard->lock);
    return found;
}

/* ---- firing; the wheel's lock is held ---- */

static void fire_receive(TimerNode *node)
{
    Process *p = (Process *) ((char *) node - offsetof(Process, timer));
    PushResult result = mailbox_push_timeout(&p->mailbox);
    /* Release, for timer_receive_is_armed: who sees 0 sees the timeout in the inbox. Before waking:
     * afterwards the process may arm it again. */
    AO_int_store_release(&node->wheel, 0);
    if (result == PUSH_WAKE) {
        sched_wake(p);
    }
}

static void fire_send(TimerNode *node)
{
    SendTimer *timer = (SendTimer *) node;
    if (table_take(timer->number) == NULL) {
        return; /* being cancelled; who does so frees it */
    }
    Term to = timer->to;
    if (term_is_atom(to)) {
        to = registry_find(to);
    }
    process_send_message(to, timer->message);
    mem_free_sized(timer, sizeof *timer);
}

static void fire(Wheel *wheel, TimerNode *node)
{
    unsigned kind = AO_int_load(&node->wheel) >> WHEEL_KIND_SHIFT;
    node->link = NULL;
    AO_store(&wheel->count, AO_load(&wheel->count) - 1);
    switch (kind) {
    case TIMER_RECEIVE:
        fire_receive(node);
        break;
    case TIMER_SEND:
        fire_send(node);
        break;
    case TIMER_CALL: {
        CallTimer *timer = (CallTimer *) node;
        AO_int_store_release(&node->wheel, 0);
        timer->fire(timer);
        break;
    }
    }
}

/* The slot's timers, the one started first in front. */
static TimerNode *take_slot(Wheel *wheel, unsigned level, unsigned slot)
{
    TimerNode *oldest = NULL;
    TimerNode *node = wheel->slots[level * SLOTS + slot];
    wheel->slots[level * SLOTS + slot] = NULL;
    wheel->occupied[level] &= ~((uint64_t) 1 << slot);
    while (node != NULL) {
        TimerNode *next = node->next;
        node->next = oldest;
        oldest = node;
        node = next;
    }
    return oldest;
}

/* Takes from the list the one to fire next. */
static TimerNode *choose(TimerNode **list)
{
    if (UNLIKELY(world.kind == WORLD_SIMULATION)) {
        uint32_t count = 0;
        for (TimerNode *node = *list; node != NULL; node = node->next) {
            count++;
        }
        for (uint32_t skip = world_choose(WORLD_CHOOSE_TIMER, count); skip > 0; skip--) {
            list = &(*list)->next;
        }
    }
    TimerNode *node = *list;
    *list = node->next;
    return node;
}

size_t timers_run(unsigned index, uint64_t now_ns)
{
    Wheel *wheel = &wheels[index];
    if (LIKELY(AO_load_acquire(&wheel->next_ns) > now_ns)) {
        return 0;
    }
    lock_acquire(&wheel->lock);
    uint64_t target = now_ns >> TICK_SHIFT;
    size_t fired = 0;
    uint64_t tick;
    unsigned level, slot;
    while (next_event(wheel, &tick, &level, &slot) && tick <= target) {
        wheel->tick = tick;
        TimerNode *list = take_slot(wheel, level, slot);
        while (list != NULL) {
            if (level > 0) {
                TimerNode *node = list;
                list = node->next;
                place(wheel, node);
            } else {
                fire(wheel, choose(&list));
                fired++;
            }
        }
    }
    if (wheel->tick < target) {
        wheel->tick = target;
    }
    publish_next(wheel);
    lock_release(&wheel->lock);
    return fired;
}

uint64_t timers_next(unsigned index)
{
    return AO_load_acquire(&wheels[index].next_ns);
}

size_t timers_count(void)
{
    size_t count = 0;
    for (unsigned i = 0; i < wheel_count; i++) {
        count += AO_load(&wheels[i].count);
    }
    return count;
}

void timers_init(unsigned count)
{
    wheel_count = count;
    wheels = aligned_alloc(CACHE_LINE_BYTES, count * sizeof *wheels);
    if (wheels == NULL) {
        machine_stop("no memory for timers");
    }
    memset(wheels, 0, count * sizeof *wheels);
    for (unsigned i = 0; i < count; i++) {
        wheels[i].tick = world_monotonic_ns() >> TICK_SHIFT;
        AO_store(&wheels[i].next_ns, UINT64_MAX);
    }
}

void timers_finish(void)
{
    for (size_t i = 0; i < SHARDS; i++) {
        Shard *shard = &shards[i];
        for (size_t j = 0; j < shard->bucket_count; j++) {
            for (SendTimer *timer = shard->buckets[j]; timer != NULL;) {
                SendTimer *next = timer->hash_next;
                message_destroy(timer->message);
                mem_free_sized(timer, sizeof *timer);
                timer = next;
            }
        }
        mem_free(shard->buckets);
        memset(shard, 0, sizeof *shard);
    }
    free(wheels);
    wheels = NULL;
}

/* ---- starting and stopping ---- */

static void start(TimerNode *node, unsigned kind, uint64_t deadline_ns)
{
    Scheduler *scheduler = sched_current;
    unsigned index = scheduler == NULL ? 0 : sched_index(scheduler);
    Wheel *wheel = &wheels[index];
    ASSERT(AO_int_load(&node->wheel) == 0);
    lock_acquire(&wheel->lock);
    node->deadline_ns = deadline_ns;
    AO_int_store_release(&node->wheel, (index + 1) | (kind << WHEEL_KIND_SHIFT));
    AO_store(&wheel->count, AO_load(&wheel->count) + 1);
    place(wheel, node);
    bool sooner = deadline_ns < AO_load(&wheel->next_ns);
    if (sooner) {
        publish_next(wheel);
    }
    lock_release(&wheel->lock);
    if (scheduler == NULL && sooner) {
        poller_interrupt(); /* everyone may be asleep for longer */
    }
}

/* True: it was in its wheel. */
static bool stop(TimerNode *node)
{
    unsigned word = AO_int_load_acquire(&node->wheel);
    if (word == 0) {
        return false;
    }
    Wheel *wheel = &wheels[(word & WHEEL_INDEX_MASK) - 1];
    lock_acquire(&wheel->lock);
    bool linked = node->link != NULL;
    if (linked) {
        unlink_node(wheel, node);
        AO_int_store_release(&node->wheel, 0);
        AO_store(&wheel->count, AO_load(&wheel->count) - 1);
    }
    lock_release(&wheel->lock);
    return linked;
}

void timer_start_receive(Process *p, uint64_t deadline_ns)
{
    start(&p->timer, TIMER_RECEIVE, deadline_ns);
}

void timer_cancel_receive(Process *p)
{
    stop(&p->timer);
    if (UNLIKELY(AO_load(&p->mailbox.inbox) & INBOX_TIMEOUT)) {
        AO_and_full(&p->mailbox.inbox, ~(AO_t) INBOX_TIMEOUT);
    }
    p->flags &= ~(uint32_t) PROCESS_TIMED_OUT;
}

void timer_start_call(CallTimer *timer, uint64_t deadline_ns)
{
    start(&timer->node, TIMER_CALL, deadline_ns);
}

bool timer_cancel_call(CallTimer *timer)
{
    return stop(&timer->node);
}

/* ---- send timers ---- */

static bool is_active(uint64_t number)
{
    return timer_read(number) >= 0;
}

static Message *timer_message(Term term, uint64_t number, bool wrap)
{
    Message *message = message_create(term_flat_words(term) + (wrap ? REF_WORDS + 4 : 0));
    if (message == NULL) {
        return NULL;
    }
    message->value =
        term_copy_flat_to(term, &message->top, &message->off_heap, &message->off_heap_bytes);
    if (wrap) {
        Space space = {.top = message->top, .limit = message->top + REF_WORDS + 4};
        Term ref = make_ref_of(&space, number, 0);
        message->value = make_tuple3(&space, ATOM_timeout, ref, message->value);
        message->top = space.top;
    }
    return message;
}

Term timer_start(Process *p, uint64_t deadline_ns, Term to, Term term, bool wrap)
{
    uint64_t number = world_unique_number();
    Term ref = make_ref_of(&p->heap.space, number, 0);
    if (term_is_local_pid(to) && !process_exists(to)) {
        return ref;
    }
    Message *message = timer_message(term, number, wrap);
    if (message == NULL) {
        return TERM_LIMIT;
    }
    SendTimer *timer = mem_alloc_zero(sizeof *timer);
    timer->number = number;
    timer->to = to;
    timer->message = message;
    if (to == p->pid) {
        process_add_timer(p, number, is_active);
    }
    /* In the table first: firing takes it out of there. Nobody knows the number yet, so nobody
     * can cancel it between. */
    table_add(timer);
    start(&timer->node, TIMER_SEND, deadline_ns);
    return ref;
}

static int64_t time_left(uint64_t deadline_ns)
{
    uint64_t now = world_monotonic_ns();
    return deadline_ns <= now ? 0 : (int64_t) (deadline_ns - now);
}

int64_t timer_cancel(uint64_t number)
{
    SendTimer *timer = table_take(number);
    if (timer == NULL) {
        return -1;
    }
    stop(&timer->node); /* if it is just firing, that finds it gone from the table */
    int64_t left = time_left(timer->node.deadline_ns);
    bool void_by_now = term_is_local_pid(timer->to) && !process_exists(timer->to);
    message_destroy(timer->message);
    mem_free_sized(timer, sizeof *timer);
    return void_by_now ? -1 : left;
}

int64_t timer_read(uint64_t number)
{
    Shard *shard = shard_of(number);
    int64_t left = -1;
    lock_acquire(&shard->lock);
    if (shard->bucket_count > 0) {
        for (SendTimer *at = *bucket_of(shard, number); at != NULL; at = at->hash_next) {
            if (at->number == number && (term_is_atom(at->to) || process_exists(at->to))) {
                left = time_left(at->node.deadline_ns);
            }
        }
    }
    lock_release(&shard->lock);
    return left;
}
