/* sched/idle.c: see idle.h.
 *
 * `state` counts those asleep and those searching, in one word. Who adds work looks at it after
 * adding; who goes to sleep looks for work after counting itself asleep. Both sides write first
 * (full) and read then, so one of them sees the other: no wake-up is lost. While somebody searches
 * nobody else is woken; the last searcher that finds something wakes the next if there is more.
 *
 *   state           any scheduler: fetch-and-add full / load acquire
 *   idle stack      under idle_lock; parked, written under it, says whether one is in it
 *   poller_owner    compare-and-swap full: who waits in the poller
 *   poll_until_ns   who waits there: store release / load acquire by who goes to sleep
 *
 * One sleeper waits in the poller, with a limit that minds the timers of all wheels; the others
 * sleep on a futex, without limit unless their own wheel is due before that. */
#include "sched/idle.h"

#include "proc/thread.h"
#include "runtime/term/world.h"
#include "sched/blocking.h"
#include "sched/poller.h"
#include "sched/timer.h"

enum { SEARCH_ROUNDS = 4, SPIN_ROUNDS = 24, SPIN_PAUSES = 16 };

#define ONE_SEARCHING ((AO_t) 1)
#define ONE_IDLE ((AO_t) 1 << 32)
static inline unsigned searching_of(AO_t state)
{
    return (unsigned) (uint32_t) state;
}
static inline unsigned idle_of(AO_t state)
{
    return (unsigned) (state >> 32);
}

static volatile AO_t state;
static Lock idle_lock;
static Scheduler *idle_stack;
static volatile unsigned poller_owner; /* index + 1; 0: nobody */
static volatile AO_t poll_until_ns;

unsigned idle_count(void)
{
    return idle_of(AO_load_acquire(&state));
}

bool idle_someone_polls(void)
{
    return AO_int_load_acquire(&poller_owner) != 0;
}

/* ---- waking ---- */

/* The idle lock is held. */
static void remove_from_stack(Scheduler *scheduler)
{
    Scheduler **at = &idle_stack;
    while (*at != scheduler) {
        at = &(*at)->idle_next;
    }
    *at = scheduler->idle_next;
}

/* Takes one from the stack (not the one in the poller if there is another), counts it searching.
 * The idle lock is held. */
static Scheduler *take_sleeper(void)
{
    Scheduler *chosen = idle_stack;
    for (Scheduler *at = idle_stack; at != NULL; at = at->idle_next) {
        if (!AO_int_load(&at->polling)) {
            chosen = at;
            break;
        }
    }
    if (chosen != NULL) {
        remove_from_stack(chosen);
        AO_fetch_and_add_full(&state, ONE_SEARCHING - ONE_IDLE);
        /* Full: cleared before rouse reads `polling`; sleep_in_poller sets that before it reads
         * this. */
        AO_int_and_full(&chosen->parked, 0);
    }
    return chosen;
}

static void rouse(Scheduler *scheduler)
{
    if (AO_int_load_acquire(&scheduler->polling)) {
        poller_interrupt();
    } else {
        futex_wake(&scheduler->parked, 1);
    }
}

static bool wake(bool though_searching)
{
    lock_acquire(&idle_lock);
    Scheduler *scheduler = NULL;
    if (though_searching || searching_of(AO_load_acquire(&state)) == 0) {
        scheduler = take_sleeper();
    }
    lock_release(&idle_lock);
    if (scheduler != NULL) {
        rouse(scheduler);
    }
    return scheduler != NULL;
}

void idle_wake_one(void)
{
    AO_t now = AO_load_acquire(&state);
    if (UNLIKELY(idle_of(now) > 0 && searching_of(now) == 0)) {
        wake(false);
    }
}

bool idle_wake_any(void)
{
    return idle_count() > 0 && wake(true);
}

void idle_wake_all(void)
{
    for (unsigned i = 0; i < scheduler_count && idle_wake_any(); i++) {
    }
}

/* ---- searching ---- */

/* At most half of all search at once. */
static bool begin_search(void)
{
    AO_t now;
    do {
        now = AO_load(&state);
        if (2 * searching_of(now) >= AO_int_load(&schedulers_online)) {
            return false;
        }
    } while (!AO_compare_and_swap_full(&state, now, now + ONE_SEARCHING));
    return true;
}

static bool work_exists(const Scheduler *but)
{
    if (overflow_length() > 0 || blocking_has_completions()) {
        return true;
    }
    for (unsigned i = 0; i < scheduler_count; i++) {
        if (&schedulers[i] != but && runqueue_has_offer(&schedulers[i].queue)) {
            return true;
        }
    }
    return false;
}

/* The searcher found something, or stops. */
static void end_search(const Scheduler *scheduler, bool found)
{
    AO_t before = AO_fetch_and_add_full(&state, (AO_t) 0 - ONE_SEARCHING);
    if (found && searching_of(before) == 1 && idle_of(before) > 0 && work_exists(NULL)) {
        idle_wake_one();
    }
}

/* Somebody in the slot of the woken, whose scheduler has been in one slice for long. */
static Process *steal_stuck(Scheduler *victim)
{
    if (AO_load(&victim->stuck_slice) == AO_load(&victim->slices) + 1) {
        Process *p = runqueue_steal_woken(&victim->queue);
        return p != NULL ? p : runqueue_list_pop(&victim->queue, PRIORITY_NORMAL);
    }
    return NULL;
}

static Process *steal_from(Scheduler *thief, Scheduler *victim)
{
    for (unsigned priority = PRIORITY_COUNT; priority-- > 0;) {
        Process *p =
            priority == PRIORITY_NORMAL ? NULL : runqueue_list_pop(&victim->queue, priority);
        if (p != NULL) {
            sched_count_up(&thief->stolen, 1);
            return p;
        }
    }
    size_t taken = 0;
    Process *p = runqueue_steal(&victim->queue, &thief->queue, &taken);
    if (p == NULL) {
        p = steal_stuck(victim);
        taken = 1;
    }
    if (p != NULL) {
        sched_count_up(&thief->stolen, taken);
        thief->robbed = victim;
        thief->looks_again = false;
        thief->loot = taken;
        thief->loot_left = taken - 1;
        thief->loot_work = 0;
        thief->loot_slices = AO_load(&thief->slices);
    }
    return p;
}

static Process *steal(Scheduler *thief)
{
    thief->random_state = thief->random_state * 6364136223846793005u + 1442695040888963407u;
    unsigned start = (unsigned) (thief->random_state >> 33) % scheduler_count;
    for (unsigned i = 0; i < scheduler_count; i++) {
        Scheduler *victim = &schedulers[(start + i) % scheduler_count];
        if (victim != thief) {
            Process *p = steal_from(thief, victim);
            if (p != NULL) {
                sched_count_up(&thief->steals, 1);
                return p;
            }
        }
    }
    return NULL;
}

static Process *search(Scheduler *scheduler)
{
    for (int round = 0; round < SPIN_ROUNDS; round++) {
        if (round < SEARCH_ROUNDS || work_exists(scheduler)) {
            Process *p = steal(scheduler);
            if (p == NULL) {
                p = runqueue_refill(&scheduler->queue, AO_int_load(&schedulers_online));
            }
            if (p != NULL) {
                return p;
            }
            if (blocking_has_completions() || AO_int_load(&sched_halting)) {
                return NULL;
            }
        }
        for (int i = 0; i < SPIN_PAUSES; i++) {
            cpu_relax();
        }
    }
    return NULL;
}

/* ---- sleeping ---- */

static void enter_idle(Scheduler *scheduler)
{
    lock_acquire(&idle_lock);
    scheduler->idle_next = idle_stack;
    idle_stack = scheduler;
    AO_int_store_release(&scheduler->parked, 1);
    AO_fetch_and_add_full(&state, ONE_IDLE); /* full: a look for work follows */
    lock_release(&idle_lock);
}

/* True: it left by itself. False: somebody had taken it out already, and counted it searching. */
static bool leave_idle(Scheduler *scheduler)
{
    lock_acquire(&idle_lock);
    bool still_in = AO_int_load_acquire(&scheduler->parked) != 0;
    if (still_in) {
        remove_from_stack(scheduler);
        AO_fetch_and_add_full(&state, (AO_t) 0 - ONE_IDLE);
        AO_int_store_release(&scheduler->parked, 0);
    }
    lock_release(&idle_lock);
    return still_in;
}

static uint64_t next_of_all(void)
{
    uint64_t next = UINT64_MAX;
    for (unsigned i = 0; i < scheduler_count; i++) {
        uint64_t at = timers_next(i);
        next = at < next ? at : next;
    }
    return next;
}

static uint64_t until(uint64_t deadline_ns, uint64_t now_ns)
{
    return deadline_ns == UINT64_MAX ? UINT64_MAX : deadline_ns > now_ns ? deadline_ns - now_ns : 1;
}

static void sleep_in_poller(Scheduler *scheduler, uint64_t now_ns)
{
    /* Full: set before `parked` is read; take_sleeper clears that before rouse reads this. */
    AO_int_or_full(&scheduler->polling, 1);
    if (AO_int_load_acquire(&scheduler->parked)) {
        uint64_t deadline = next_of_all();
        AO_store_release(&poll_until_ns, deadline);
        poller_poll(until(deadline, now_ns));
    }
    AO_int_and_full(&scheduler->polling, 0);
}

static void sleep_on_futex(Scheduler *scheduler, uint64_t now_ns)
{
    uint64_t own = timers_next(scheduler->index);
    bool covered = idle_someone_polls() && AO_load_acquire(&poll_until_ns) <= own;
    thread_offline();
    if (AO_int_load_acquire(&scheduler->parked)) {
        futex_wait(&scheduler->parked, 1, covered ? UINT64_MAX : until(own, now_ns));
    }
    thread_online();
}

/* Asleep until woken, a timer is due or a descriptor ready. True: counted searching. */
static bool sleep_until_woken(Scheduler *scheduler)
{
    uint64_t now = world_monotonic_ns();
    busy_time_end(&scheduler->busy, now);
    sched_count_up(&scheduler->parks, 1);
    if (AO_int_compare_and_swap_full(&poller_owner, 0, scheduler->index + 1)) {
        sleep_in_poller(scheduler, now);
        AO_int_store_release(&poller_owner, 0);
    } else {
        sleep_on_futex(scheduler, now);
    }
    bool woken = !leave_idle(scheduler);
    busy_time_begin(&scheduler->busy, world_monotonic_ns());
    sched_count_up(&scheduler->wakes, woken);
    monitor_note_busy();
    return woken;
}

/* One scheduler and a virtual clock: sleeping means moving the clock. */
static void sleep_simulated(void)
{
    if (!world.hooks.idle(world.hooks.state, next_of_all())) {
        sched_halt(0);
    }
}

Process *idle_find_work(Scheduler *scheduler)
{
    if (sched_housekeep(scheduler, world_monotonic_ns(), true) > 0) {
        return NULL;
    }
    if (UNLIKELY(world.kind == WORLD_SIMULATION) && AO_load(&scheduler->slices) > 0) {
        sleep_simulated(); /* before the first slice the host has yet to start a process */
        return NULL;
    }
    if (scheduler_count > 1 && begin_search()) {
        Process *p = search(scheduler);
        end_search(scheduler, p != NULL);
        if (p != NULL) {
            return p;
        }
    }
    enter_idle(scheduler);
    if (work_exists(scheduler) || AO_int_load_acquire(&scheduler->queue.listed) ||
        AO_int_load_acquire(&sched_halting)) {
        if (!leave_idle(scheduler)) {
            end_search(scheduler, true);
        }
        return NULL;
    }
    if (sleep_until_woken(scheduler)) {
        sched_housekeep(scheduler, world_monotonic_ns(), false);
        Process *p = sched_next_local(scheduler);
        if (p == NULL) {
            p = search(scheduler);
        }
        end_search(scheduler, p != NULL);
        return p;
    }
    return NULL;
}
