/* sched/sched.c: see sched.h. The loop of a scheduler: choose a process, run it for a slice, put it
 * where it belongs; now and then look at the clock.
 *
 * Choosing: every INJECT_TICKS-th time the overflow queue first, so that it cannot starve. Then
 * max and high priority. Then who was woken last, but not more than WOKEN_RUNS times in a row while
 * the ring has somebody. Then the ring; low priority one time of LOW_SHARE, or when nothing else.
 * New processes go to the ring while it is short, else to the pile, as do those that a process in
 * its first slice makes. What one slice put there is taken in its order when the ring is empty, the
 * newest slice's first: so a tree of processes grows in depth, and few of it live at once. When
 * the ring has not been empty for PILE_ROUNDS turns, the pile's oldest and some of its newest go
 * there; and in any case the oldest has a turn every OLDEST_TICKS.
 *
 * Offering: to run a process elsewhere costs about a microsecond, for what it touches lies in this
 * core's caches, and waking a thread costs several. Most processes run for a tenth of that before
 * they wait again. So what becomes runnable here stays here, unless there is clearly too much of it
 * for one: when of the last slices a good part were long (and not only sent), or when for
 * PRESSED_NS somebody always waited. Then the ring is offered to thieves, and a sleeper is woken,
 * until it is empty. A scheduler that does not come back at all is the monitor's business
 * (monitor.c).
 *
 * Offers are judged by what became of them: when the thief has run all that it took, each did
 * little (less than WORTHY_WORK reductions a slice) and most of it is gone, then the theft was in
 * vain, as where a thousand processes wait for a small question each and all answer the same one.
 * It was so, too, when work went on for a while at the thief, but at who was robbed it has ended:
 * it has moved. Who was robbed in vain offers nothing for some looks at the clock, more each time,
 * unless slices are long throughout.
 *
 * Crossing: processes that do little but send small messages to one mailbox gain nothing from
 * running at once: the cache line of its inbox goes from core to core, at up to a microsecond each
 * time, where a message on one core costs a fiftieth. So such slices (floods) are not long ones and
 * do not press; and who met pushes of other threads at a mailbox in its slice goes on at the
 * scheduler where the others are, which the first of them has noted in the receiver (senders_home).
 * Who does something else at length there goes to an idle scheduler, the receiver first of all; it
 * comes when it has caught up with the senders, so that it finds many messages again. */
#include "sched/sched.h"

#include "proc/thread.h"
#include "runtime/term/mem.h"
#include "runtime/term/world.h"
#include "sched/blocking.h"
#include "sched/idle.h"
#include "sched/poller.h"
#include "sched/stall.h"
#include "sched/timer.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    INJECT_TICKS = 61,
    WOKEN_RUNS = 3,
    LOW_SHARE = 8,
    BLOCKING_THREADS = 16,
    SCHEDULERS_MOST = 1024,
    CLOCK_WORK = 4000,
    SLICE_WORK = 40,  /* a slice counts as so many reductions towards the look at the clock */
    LONG_WORK = 1000, /* a slice of so much work is long */
    LONG_SCORE = 3,   /* of two for each long slice, less one for each other */
    LONG_SCORE_MOST = 8,
    PRESSED_NS = 500000,
    PILE_FROM = RING_SLOTS,
    PILE_ROUNDS = 32,
    PILE_MOVED = 64,
    OLDEST_TICKS = 1024,
    OTHERS_LATE_NS = 100000, /* other schedulers' timers are left to them for so long */
    POLL_NS = 200000,        /* busy schedulers look at the poller so often */
    SERIAL_POLL_SLICES = 64,
    FLOOD_REDUCTIONS = 8, /* a slice with a push to one mailbox for so many reductions only sends */
    CROSSED_LEAST = 8,
    SIPS_LEAST = 32,
    WORTHY_WORK = 100,
    LOOK_AGAIN = 2000,
    SHY_TICKS_MOST = 16384,
    SHY_FACTOR = 8,
    SHY_LESS = 16,
};

Scheduler *schedulers;
unsigned scheduler_count;
volatile unsigned schedulers_online, sched_halting;
_Thread_local Scheduler *sched_current __attribute__((tls_model("initial-exec")));

static SchedOptions options;
static volatile AO_t last_poll_ns;
static pthread_mutex_t halt_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t halt_changed = PTHREAD_COND_INITIALIZER;
static int halt_code; /* under halt_mutex */

/* ---- making runnable ---- */

static void offer(Scheduler *scheduler)
{
    if (UNLIKELY(scheduler->shy_ticks > 0 && scheduler->long_score < LONG_SCORE_MOST)) {
        return;
    }
    if (!AO_int_load(&scheduler->queue.offered)) {
        runqueue_offer(&scheduler->queue);
    }
    idle_wake_one();
}

/* Somebody was added to the ring or the pile. */
static inline void consider_offer(Scheduler *scheduler)
{
    if (UNLIKELY(AO_int_load(&scheduler->queue.offered) || scheduler->long_score >= LONG_SCORE)) {
        offer(scheduler);
    }
}

static inline void push(Scheduler *scheduler, Process *p)
{
    if (LIKELY(p->priority == PRIORITY_NORMAL)) {
        runqueue_push(&scheduler->queue, p);
    } else {
        runqueue_list_push(&scheduler->queue, p);
    }
}

/* On a scheduler, to the end of the queue. */
static void enqueue(Scheduler *scheduler, Process *p)
{
    push(scheduler, p);
    if (LIKELY(p->priority == PRIORITY_NORMAL)) {
        consider_offer(scheduler);
    } else {
        idle_wake_one();
    }
}

static void enqueue_anywhere(Process *p)
{
    Scheduler *scheduler = sched_current;
    if (scheduler != NULL) {
        enqueue(scheduler, p);
    } else {
        overflow_push(p);
        idle_wake_one();
    }
}

/* It is in its first slice. */
static inline bool parent_is_new(const Scheduler *scheduler)
{
    return scheduler->running != NULL && scheduler->running->reductions_done == 0;
}

void sched_spawned(Process *p)
{
    Scheduler *scheduler = sched_current;
    if (LIKELY(scheduler != NULL)) {
        sched_count_up(&scheduler->spawned, 1);
    }
    if (scheduler == NULL || p->priority != PRIORITY_NORMAL || world.kind == WORLD_SIMULATION ||
        !(parent_is_new(scheduler) || runqueue_ring_length(&scheduler->queue) >= PILE_FROM)) {
        enqueue_anywhere(p);
        return;
    }
    runqueue_pile(&scheduler->queue, p);
    scheduler->piled++;
    consider_offer(scheduler);
}

void sched_wake(Process *p)
{
    Scheduler *scheduler = sched_current;
    /* Only what a running process wakes is warm here; timers and I/O wake from outside slices. */
    if (scheduler != NULL && scheduler->running != NULL && p->priority == PRIORITY_NORMAL) {
        Process *before = runqueue_swap_woken(&scheduler->queue, p);
        /* Who dies tells links, then monitors: those who heard first run first, so that what is
         * linked to it is gone, too, when who waits for its end looks. */
        if (before != NULL && (scheduler->running->flags & PROCESS_EXITING)) {
            before = runqueue_swap_woken(&scheduler->queue, before);
        }
        if (before != NULL) {
            enqueue(scheduler, before);
        }
    } else {
        enqueue_anywhere(p);
    }
}

/* RUN_ELSEWHERE has two ends, the scheduler that lets go and the thread that brings back; whoever
 * comes second makes the process runnable. True: that is the caller. */
static bool hand_over(Process *p)
{
    /* Full. Release: what we did to the process. Acquire: what the other did. */
    if (AO_char_fetch_and_add_full(&p->handover, 1) == 0) {
        return false;
    }
    AO_char_store(&p->handover, 0);
    return true;
}

void sched_resume(Process *p)
{
    if (hand_over(p)) {
        enqueue_anywhere(p);
    }
}

/* ---- choosing ---- */

/* A simulation may take any of the ring: the ones before it go to its end. */
static Process *pop_simulated(Scheduler *scheduler)
{
    RunQueue *queue = &scheduler->queue;
    Process *p = runqueue_pop_woken(queue);
    if (p != NULL) {
        runqueue_push(queue, p);
    }
    for (uint32_t skip = world_choose(WORLD_CHOOSE_PROCESS, (uint32_t) runqueue_ring_length(queue));
         skip > 0; skip--) {
        runqueue_push(queue, runqueue_pop(queue));
    }
    return runqueue_pop(queue);
}

/* Nothing is offered for a time, that is `factor` times as long as the last one. See "Offering". */
static void become_shy(Scheduler *scheduler, unsigned before, unsigned factor)
{
    unsigned shyness = before == 0 ? SHY_FACTOR : before * factor;
    shyness = shyness < SHY_TICKS_MOST ? shyness : SHY_TICKS_MOST;
    AO_int_store(&scheduler->shyness, shyness);
    scheduler->shy_ticks = shyness;
    scheduler->long_score = 0; /* of slices while the short ones were elsewhere */
    AO_int_store(&scheduler->queue.offered, 0);
}

/* Before somebody is taken from the ring. When all that was stolen has run, tells who was robbed
 * what it was worth. */
static void judge_theft(Scheduler *thief)
{
    if (thief->loot_left > 0) {
        thief->loot_left--;
        return;
    }
    Scheduler *victim = thief->robbed;
    AO_t slices = AO_load(&thief->slices) - thief->loot_slices;
    bool worthy = thief->loot_work >= WORTHY_WORK * slices;
    if (!worthy && 2 * runqueue_length(&thief->queue) >= thief->loot) {
        if (!thief->looks_again) { /* either they stay here, or who woke them has come along */
            thief->looks_again = true;
            thief->loot_left = LOOK_AGAIN;
            return;
        }
        worthy = !AO_int_load(&victim->parked);
    }
    thief->looks_again = false;
    thief->robbed = NULL;
    if (!worthy) { /* who asked all those processes may have come along */
        become_shy(thief, AO_int_load(&victim->shyness), 1);
    }
    if (worthy || AO_int_load(&victim->verdict) == THEFT_UNJUDGED) {
        AO_int_store(&victim->verdict, worthy ? THEFT_WORTHY : THEFT_VAIN);
    }
}

/* The ring has not been empty for long: its oldest, and as many of its newest as the ring has room
 * for, have a turn there. */
static COLD void take_from_pile(RunQueue *queue)
{
    Process *p = runqueue_take_oldest(queue);
    size_t length = runqueue_ring_length(queue);
    for (size_t i = 0; p != NULL && i <= PILE_MOVED; i++) {
        runqueue_push(queue, p);
        p = length + i < PILE_FROM ? runqueue_take_newest(queue) : NULL;
    }
    if (p != NULL) {
        runqueue_push(queue, p);
    }
}

static Process *pop_normal(Scheduler *scheduler)
{
    if (UNLIKELY(world.kind == WORLD_SIMULATION)) {
        return pop_simulated(scheduler);
    }
    RunQueue *queue = &scheduler->queue;
    Process *p;
    if (scheduler->woken_runs < WOKEN_RUNS) {
        p = runqueue_pop_woken(queue);
        if (p != NULL) {
            scheduler->woken_runs++;
            return p;
        }
    }
    scheduler->woken_runs = 0;
    if (UNLIKELY(scheduler->robbed != NULL)) {
        judge_theft(scheduler);
    }
    if (UNLIKELY(++scheduler->rounds_since_newest % PILE_ROUNDS == 0)) {
        take_from_pile(queue);
    }
    p = runqueue_pop(queue);
    return p != NULL ? p : runqueue_pop_woken(queue);
}

/* Nobody else waits here. */
static void note_alone(Scheduler *scheduler)
{
    scheduler->was_alone = true;
    if (UNLIKELY(AO_int_load(&scheduler->queue.offered))) {
        AO_int_store(&scheduler->queue.offered, 0);
        runqueue_trim(&scheduler->queue);
    }
}

static Process *next_local(Scheduler *scheduler)
{
    RunQueue *queue = &scheduler->queue;
    AO_t slices = AO_load(&scheduler->slices);
    Process *p;
    if (slices % INJECT_TICKS == 0 && (p = overflow_pop()) != NULL) {
        return p;
    }
    if (UNLIKELY(AO_int_load(&queue->listed) != 0)) {
        while ((p = runqueue_list_pop(queue, PRIORITY_NORMAL)) != NULL) {
            runqueue_push(queue, p); /* other schedulers sent it here */
        }
        if ((p = runqueue_list_pop(queue, PRIORITY_MAX)) != NULL ||
            (p = runqueue_list_pop(queue, PRIORITY_HIGH)) != NULL ||
            (slices % LOW_SHARE == 0 && (p = runqueue_list_pop(queue, PRIORITY_LOW)) != NULL)) {
            return p;
        }
    }
    if (UNLIKELY(scheduler->oldest_is_due)) {
        scheduler->oldest_is_due = false;
        if ((p = runqueue_take_oldest(queue)) != NULL) {
            return p;
        }
    }
    if ((p = pop_normal(scheduler)) != NULL) {
        return p;
    }
    if ((p = runqueue_take_newest(queue)) != NULL) {
        scheduler->rounds_since_newest = 0;
        return p;
    }
    p = runqueue_refill(queue, AO_int_load(&schedulers_online));
    return p != NULL ? p : runqueue_list_pop(queue, PRIORITY_LOW);
}

Process *sched_next_local(Scheduler *scheduler)
{
    Process *p = next_local(scheduler);
    if (runqueue_is_empty(&scheduler->queue)) {
        note_alone(scheduler);
    }
    return p;
}

/* A long slice that did little but send. */
static inline bool is_flood(int32_t used)
{
    return used >= LONG_WORK && (int32_t) push_tally.repeated * FLOOD_REDUCTIONS >= used;
}

/* ---- the clock ---- */

/* It passes sooner where slices are not that short. */
static void be_less_shy(Scheduler *scheduler)
{
    AO_t slices = AO_load(&scheduler->slices);
    uint32_t less = slices - scheduler->shy_slices < CLOCK_WORK / WORTHY_WORK ? SHY_LESS : 1;
    scheduler->shy_slices = slices;
    scheduler->shy_ticks -= less < scheduler->shy_ticks ? less : scheduler->shy_ticks;
}

static void hear_thieves(Scheduler *scheduler)
{
    unsigned verdict = AO_int_load(&scheduler->verdict);
    if (LIKELY(verdict == THEFT_UNJUDGED)) {
        if (UNLIKELY(scheduler->shy_ticks > 0)) {
            be_less_shy(scheduler);
        }
        return;
    }
    AO_int_store(&scheduler->verdict, THEFT_UNJUDGED);
    unsigned shyness = AO_int_load(&scheduler->shyness);
    if (verdict == THEFT_WORTHY) {
        scheduler->shy_ticks = 0;
        AO_int_store(&scheduler->shyness, shyness / SHY_FACTOR);
    } else if (scheduler->shy_ticks == 0) {
        become_shy(scheduler, shyness, SHY_FACTOR);
    }
}

static bool poll_is_due(uint64_t now_ns)
{
    if (poller_count() == 0 || idle_someone_polls()) {
        return false;
    }
    AO_t before = AO_load(&last_poll_ns);
    return now_ns - before > POLL_NS && AO_compare_and_swap_full(&last_poll_ns, before, now_ns);
}

size_t sched_housekeep(Scheduler *scheduler, uint64_t now_ns, bool poll)
{
    size_t found = timers_run(scheduler->index, now_ns);
    for (unsigned i = 0; i < scheduler_count; i++) {
        if (i != scheduler->index && timers_next(i) < now_ns - OTHERS_LATE_NS) {
            found += timers_run(i, now_ns);
        }
    }
    sched_count_up(&scheduler->timers_fired, found);
    found += blocking_run_completions();
    if (poll && poller_count() > 0) {
        found += poller_poll(0);
    }
    return found;
}

static void look_at_clock(Scheduler *scheduler)
{
    AO_store(&scheduler->messages, push_tally.all);
    uint64_t now = world_monotonic_ns();
    bool flooded = scheduler->flood_work >= CLOCK_WORK / 2;
    uint64_t passed = now - scheduler->looked_at_ns;
    scheduler->looked_at_ns = now;
    scheduler->flood_work = 0;
    if (scheduler->was_alone) {
        scheduler->was_alone = false;
        scheduler->pressed_since_ns = now;
    } else if (flooded) {
        scheduler->pressed_since_ns += passed;
    } else if (now - scheduler->pressed_since_ns > PRESSED_NS) {
        offer(scheduler);
    }
    sched_housekeep(scheduler, now, poll_is_due(now));
}

static void note_flood(Scheduler *scheduler, int32_t used)
{
    scheduler->flood_work += (uint32_t) used;
    scheduler->flood_score += scheduler->flood_score < LONG_SCORE_MOST ? 2 : 0;
    if (scheduler->long_score < LONG_SCORE && AO_int_load(&scheduler->queue.offered)) {
        AO_int_store(&scheduler->queue.offered, 0);
    }
}

/* A long slice that did little but send, to whomever: what it woke says itself how long it takes.
 */
static inline bool only_sent(int32_t used, AO_t sent)
{
    return (AO_t) used <= sent * FLOOD_REDUCTIONS;
}

static void after_slice(Scheduler *scheduler, int32_t used, AO_t sent, bool others_wait)
{
    if (UNLIKELY(scheduler->robbed != NULL && used > 0)) {
        scheduler->loot_work += (uint32_t) (used < 2 * WORTHY_WORK ? used : 2 * WORTHY_WORK);
    }
    scheduler->work += (uint32_t) (used > 0 ? used : 0) + SLICE_WORK;
    if (UNLIKELY(is_flood(used))) {
        note_flood(scheduler, used);
    } else if (UNLIKELY(scheduler->flood_score > 0)) {
        scheduler->flood_score--;
    }
    if (UNLIKELY(used >= LONG_WORK && !only_sent(used, sent))) {
        scheduler->long_score += scheduler->long_score < LONG_SCORE_MOST ? 2 : 0;
        if (scheduler->long_score >= LONG_SCORE && others_wait) {
            offer(scheduler);
        }
    } else {
        scheduler->long_score -= scheduler->long_score > 0;
    }
    bool tick = scheduler->work >= CLOCK_WORK;
    if (UNLIKELY(tick)) {
        scheduler->work = 0;
        hear_thieves(scheduler);
        scheduler->oldest_is_due = ++scheduler->ticks % OLDEST_TICKS == 0;
    }
    if (UNLIKELY(world.kind != WORLD_REAL)) {
        blocking_settle();
        bool poll = AO_load(&scheduler->slices) % SERIAL_POLL_SLICES == 0;
        if (poll || timers_next(0) != UINT64_MAX || blocking_has_completions()) {
            sched_housekeep(scheduler, world_monotonic_ns(), poll);
        }
    } else if (UNLIKELY(tick)) {
        look_at_clock(scheduler);
    }
}

/* ---- crossing ---- */

static Scheduler *home_of(const Process *receiver)
{
    unsigned home = AO_short_load(&receiver->senders_home);
    return home == 0 || home > AO_int_load(&schedulers_online) ||
                   AO_int_load(&schedulers[home - 1].parked)
               ? NULL
               : &schedulers[home - 1];
}

static bool send_to(Scheduler *scheduler, Scheduler *home, Process *p)
{
    if (home == NULL || home == scheduler || p->priority != PRIORITY_NORMAL) {
        return false;
    }
    runqueue_list_push(&home->queue, p);
    /* It may have gone to sleep meanwhile. It looks at its lists after it counted itself asleep. */
    if (UNLIKELY(AO_int_load_acquire(&home->parked))) {
        while ((p = runqueue_list_pop(&home->queue, PRIORITY_NORMAL)) != NULL) {
            runqueue_push(&scheduler->queue, p);
        }
    }
    return true;
}

/* After a slice that met others' pushes. */
static bool join_senders(Scheduler *scheduler, Process *p)
{
    Process *receiver = (Process *) ((char *) push_tally.crossed_at - offsetof(Process, mailbox));
    Scheduler *home = home_of(receiver);
    if (home == NULL) {
        AO_short_store(&receiver->senders_home, (unsigned short) (scheduler->index + 1));
    }
    return send_to(scheduler, home, p);
}

/* True: the process goes on at another scheduler, after a slice of `used` reductions. */
static bool go_elsewhere(Scheduler *scheduler, Process *p, int32_t used, bool others_wait)
{
    if (UNLIKELY(push_tally.crossed >= CROSSED_LEAST)) {
        return join_senders(scheduler, p);
    }
    if (UNLIKELY(push_tally.sips >= SIPS_LEAST)) {
        return send_to(scheduler, home_of(p), p);
    }
    /* Not behind those who stay together. */
    if (UNLIKELY(scheduler->flood_score >= LONG_SCORE) && others_wait && used >= LONG_WORK &&
        !is_flood(used) && p->priority == PRIORITY_NORMAL && idle_count() > 0) {
        overflow_push(p);
        idle_wake_one();
        return true;
    }
    return false;
}

/* ---- one slice ---- */

/* After signals were handled: whether the process has something to do. A collection that another
 * asked for is something: whoever waits for no message may wait for long. */
static bool is_wanted(const Process *p)
{
    return !(p->flags & PROCESS_WAITING) || *p->mailbox.save != NULL || p->heap.needs_collection ||
           p->flags & (PROCESS_STOP | PROCESS_TIMED_OUT);
}

/* Executes until it lets go; accounts for the reductions. */
static RunResult execute(Scheduler *scheduler, Process *p, int32_t *budget)
{
    if (p->flags & PROCESS_EXITING) {
        return RUN_EXITED;
    }
    if (p->flags & PROCESS_SUSPENDED) {
        return RUN_SUSPENDED;
    }
    if (!is_wanted(p)) {
        return RUN_WAITING;
    }
    p->flags &= ~(uint32_t) PROCESS_WAITING;
    int32_t given = *budget;
    p->reductions = given;
    scheduler->executing = p;
    RunResult result = options.run(scheduler, p);
    scheduler->executing = NULL;
    if (result != RUN_ELSEWHERE) {
        *budget = p->reductions;
        p->reductions_done += (uint64_t) (given - p->reductions);
    } else {
        *budget = 0;
    }
    return result;
}

/* True: parked, and not ours any more. */
static bool park(Process *p, RunResult result)
{
    if (result == RUN_WAITING) {
        p->flags |= PROCESS_WAITING;
    }
    return mailbox_park(&p->mailbox);
}

static int32_t slice_of(const Process *p)
{
    if (UNLIKELY(sched_short_slices)) {
        return SHORT_SLICE;
    }
    return UNLIKELY(sched_stall && world.kind == WORLD_REAL) ? stall_slice()
                                                             : world_slice(pid_id(p->pid));
}

/* Whom the slice put on the pile. If their parent goes on it is no mere branch of a tree: then they
 * come before it, as others that it will make come behind. */
static void put_in_order(Scheduler *scheduler, bool parent_goes_on)
{
    RunQueue *queue = &scheduler->queue;
    Process *p;
    runqueue_turn_newest(queue, scheduler->piled);
    for (size_t left = parent_goes_on ? scheduler->piled : 0;
         left > 0 && runqueue_ring_length(queue) < PILE_FROM; left--) {
        if ((p = runqueue_take_newest(queue)) != NULL) {
            runqueue_push(queue, p);
        }
    }
    scheduler->piled = 0;
}

static void run_slice(Scheduler *scheduler, Process *p)
{
    int32_t slice = slice_of(p);
    int32_t budget = slice;
    Process *again = NULL; /* to run on */
    AO_t sent_before = push_tally.all;
    push_tally.repeated = push_tally.crossed = push_tally.sips = 0;
    scheduler->running = p;
    p->scheduler = (uint8_t) scheduler->index;
    for (;;) {
        if (AO_load(&p->mailbox.inbox) != 0 && !(p->flags & PROCESS_EXITING)) {
            mailbox_drain(p);
        }
        RunResult result = execute(scheduler, p, &budget);
        if (result == RUN_WAITING || result == RUN_SUSPENDED) {
            if (park(p, result)) {
                break;
            }
            budget -= SLICE_WORK;
            if (budget > 0) {
                continue; /* something came in between */
            }
            result = RUN_YIELDED;
        }
        if (result == RUN_ELSEWHERE && !hand_over(p)) {
            break;
        }
        if (result == RUN_EXITED && process_exit_step(p)) {
            break;
        }
        again = p;
        break;
    }
    scheduler->running = NULL;
    if (scheduler->piled > 0) {
        put_in_order(scheduler, again != NULL);
    }
    bool others_wait = !runqueue_is_empty(&scheduler->queue);
    int32_t used = slice - budget;
    if (again != NULL && !go_elsewhere(scheduler, again, used, others_wait)) {
        push(scheduler, again); /* no reason by itself to wake anyone */
        if (UNLIKELY(sched_stall)) {
            offer(scheduler);
        }
    }
    sched_count_up(&scheduler->slices, 1);
    sched_count_up(&scheduler->reductions, (AO_t) (used > 0 ? used : 0));
    after_slice(scheduler, used, push_tally.all - sent_before, others_wait);
}

/* ---- threads ---- */

static Process *pop_own(Scheduler *scheduler)
{
    Process *p = runqueue_pop_woken(&scheduler->queue);
    if (p == NULL) {
        p = runqueue_pop(&scheduler->queue);
    }
    if (p == NULL) {
        p = runqueue_take_oldest(&scheduler->queue);
    }
    for (int priority = PRIORITY_MAX; p == NULL && priority >= PRIORITY_LOW; priority--) {
        p = runqueue_list_pop(&scheduler->queue, (Priority) priority);
    }
    return p;
}

/* Not online: hands its processes to others and sleeps. */
static void stand_by(Scheduler *scheduler)
{
    Process *p;
    while ((p = pop_own(scheduler)) != NULL) {
        overflow_push(p);
        idle_wake_any();
    }
    thread_offline();
    busy_time_end(&scheduler->busy, world_monotonic_ns());
    unsigned online = AO_int_load_acquire(&schedulers_online);
    if (scheduler->index >= online && !AO_int_load_acquire(&sched_halting)) {
        futex_wait(&schedulers_online, online, UINT64_MAX);
    }
    busy_time_begin(&scheduler->busy, world_monotonic_ns());
    thread_online();
}

static void *scheduler_main(void *argument)
{
    Scheduler *scheduler = argument;
    sched_current = scheduler;
    thread_register();
    busy_time_begin(&scheduler->busy, world_monotonic_ns());
    if (options.thread_started != NULL) {
        options.thread_started(scheduler);
    }
    while (LIKELY(!AO_int_load(&sched_halting))) {
        if (UNLIKELY(scheduler->index >= AO_int_load(&schedulers_online))) {
            stand_by(scheduler);
            continue;
        }
        thread_quiescent();
        if (UNLIKELY(sched_stall)) {
            stall_now_and_then();
        }
        Process *p = sched_next_local(scheduler);
        if (p == NULL) {
            p = idle_find_work(scheduler);
        }
        if (p != NULL) {
            run_slice(scheduler, p);
        }
    }
    AO_store(&scheduler->messages, push_tally.all);
    busy_time_end(&scheduler->busy, world_monotonic_ns());
    if (options.thread_stopping != NULL) {
        options.thread_stopping(scheduler);
    }
    thread_unregister();
    sched_current = NULL;
    return NULL;
}

static unsigned processors(void)
{
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return count < 1 ? 1 : (unsigned) count;
}

static void cancel_timer(uint64_t number)
{
    timer_cancel(number);
}

void sched_start(const SchedOptions *wanted)
{
    options = *wanted;
    scheduler_count = world.kind != WORLD_REAL                    ? 1
                      : wanted->scheduler_count == 0              ? processors()
                      : wanted->scheduler_count > SCHEDULERS_MOST ? SCHEDULERS_MOST
                                                                  : wanted->scheduler_count;
    AO_int_store(&schedulers_online, scheduler_count);
    AO_int_store(&sched_halting, 0);
    size_t bytes = scheduler_count * sizeof *schedulers;
    schedulers = aligned_alloc(CACHE_LINE_BYTES, bytes);
    if (schedulers == NULL) {
        machine_stop("no memory for %u schedulers", scheduler_count);
    }
    memset(schedulers, 0, bytes);
    for (unsigned i = 0; i < scheduler_count; i++) {
        runqueue_init(&schedulers[i].queue);
    }
    process_hooks.wake = sched_wake;
    process_hooks.cancel_receive_timer = timer_cancel_receive;
    process_hooks.cancel_timer = cancel_timer;
    timers_init(scheduler_count);
    poller_init();
    blocking_init(sched_blocking_most());
    /* Signals are the host's, or taken by a descriptor: never by a scheduler. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (unsigned i = 0; i < scheduler_count; i++) {
        schedulers[i].index = i;
        schedulers[i].random_state = i;
        schedulers[i].long_score = LONG_SCORE_MOST;
        int error = pthread_create(&schedulers[i].thread, NULL, scheduler_main, &schedulers[i]);
        if (error != 0) {
            machine_stop("cannot start a scheduler thread: %s", strerror(error));
        }
    }
    if (scheduler_count > 1) {
        monitor_start();
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void sched_halt(int exit_code)
{
    pthread_mutex_lock(&halt_mutex);
    bool first = !AO_int_load(&sched_halting);
    if (first) {
        halt_code = exit_code;
        AO_int_or_full(&sched_halting, 1); /* full: a look at who sleeps follows */
        idle_wake_all();
        futex_wake(&schedulers_online, (int) scheduler_count);
        pthread_cond_broadcast(&halt_changed);
    }
    pthread_mutex_unlock(&halt_mutex); /* sched_stop waits for this */
}

int sched_wait(void)
{
    pthread_mutex_lock(&halt_mutex);
    while (!AO_int_load(&sched_halting)) {
        pthread_cond_wait(&halt_changed, &halt_mutex);
    }
    int code = halt_code;
    pthread_mutex_unlock(&halt_mutex);
    return code;
}

bool sched_is_halting(void)
{
    return AO_int_load_acquire(&sched_halting) != 0;
}

/* Who has not come to an end by then is left to itself. */
static void join_schedulers(const struct timespec *until)
{
    sched_wait();
    CHECK(sched_current == NULL);
    if (scheduler_count > 1) {
        monitor_stop();
    }
    for (unsigned i = 0; i < scheduler_count; i++) {
        pthread_t thread = schedulers[i].thread;
        if (until == NULL) {
            pthread_join(thread, NULL);
        } else if (pthread_timedjoin_np(thread, NULL, until) != 0) {
            pthread_detach(thread);
        }
    }
}

void sched_leave(uint64_t timeout_ns)
{
    struct timespec until;
    world_host_deadline(timeout_ns, &until);
    join_schedulers(&until);
}

bool sched_stop(void)
{
    join_schedulers(NULL);
    if (!blocking_finish()) {
        return false;
    }
    bool entered = thread_enter();
    if (options.winding_up != NULL) {
        options.winding_up();
    }
    while (blocking_has_completions()) {
        blocking_run_completions();
        if (!blocking_finish()) {
            return false;
        }
    }
    poller_finish();
    thread_leave(entered);
    timers_finish();
    overflow_forget();
    for (unsigned i = 0; i < scheduler_count; i++) {
        runqueue_finish(&schedulers[i].queue);
    }
    free(schedulers);
    schedulers = NULL;
    scheduler_count = 0;
    return true;
}

bool sched_is_executing(const Process *p)
{
    return sched_current != NULL && sched_current->executing == p;
}

bool sched_may_linger(uint64_t for_ns)
{
    const Scheduler *scheduler = sched_current;
    return runqueue_is_empty(&scheduler->queue) && AO_int_load(&scheduler->queue.listed) == 0 &&
           idle_count() > 0 && (idle_someone_polls() || poller_count() == 0) &&
           overflow_length() == 0 && timers_next(scheduler->index) > world_monotonic_ns() + for_ns;
}

unsigned sched_count(void)
{
    return scheduler_count;
}

unsigned sched_index(const Scheduler *scheduler)
{
    return scheduler->index;
}

unsigned sched_online(void)
{
    return AO_int_load(&schedulers_online);
}

unsigned sched_blocking_most(void)
{
    return options.blocking_most == 0 ? BLOCKING_THREADS : options.blocking_most;
}

void sched_set_online(unsigned count)
{
    count = count < 1 ? 1 : count > scheduler_count ? scheduler_count : count;
    AO_int_store_release(&schedulers_online, count);
    futex_wake(&schedulers_online, (int) scheduler_count);
    idle_wake_all(); /* those asleep notice whether they are still wanted */
}

/* ---- figures ---- */

void sched_stats(unsigned index, SchedStats *out)
{
    const Scheduler *s = &schedulers[index];
    uint64_t now_ns;
    uint64_t busy_ns = busy_time_ns(&s->busy, &now_ns);
    *out = (SchedStats){
        .slices = AO_load(&s->slices),
        .reductions = AO_load(&s->reductions),
        .busy_ns = busy_ns,
        .wall_ns = now_ns - world.start_monotonic_ns,
        .steals = AO_load(&s->steals),
        .stolen = AO_load(&s->stolen),
        .parks = AO_load(&s->parks),
        .wakes = AO_load(&s->wakes),
        .timers_fired = AO_load(&s->timers_fired),
        .spawned = AO_load(&s->spawned),
        .messages = AO_load(&s->messages),
        .queue_length = runqueue_length(&s->queue),
    };
}

size_t sched_queue_length(void)
{
    size_t length = overflow_length();
    for (unsigned i = 0; i < scheduler_count; i++) {
        length += runqueue_length(&schedulers[i].queue);
    }
    return length;
}

uint64_t sched_context_switches(void)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < scheduler_count; i++) {
        sum += AO_load(&schedulers[i].slices);
    }
    return sum;
}

uint64_t sched_reductions(void)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < scheduler_count; i++) {
        sum += AO_load(&schedulers[i].reductions);
    }
    return sum;
}

uint64_t sched_wall_ns(void)
{
    return world_monotonic_ns() - world.start_monotonic_ns;
}

void sched_dump(void)
{
    for (unsigned i = 0; i < scheduler_count; i++) {
        SchedStats stats;
        sched_stats(i, &stats);
        fprintf(stderr, "scheduler %u: %llu slices, %llu reductions, %zu runnable, %s\n", i,
                (unsigned long long) stats.slices, (unsigned long long) stats.reductions,
                stats.queue_length, AO_int_load(&schedulers[i].parked) ? "asleep" : "awake");
    }
}
