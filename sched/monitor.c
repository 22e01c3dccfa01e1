/* sched/monitor.c
 * A thread that minds schedulers which do not come back: one in a long C function cannot serve its
 * timers, nor the process in its slot of the woken, nor look for work left over. While anyone is
 * busy it looks every few milliseconds and wakes a sleeping scheduler to do those things; it runs
 * nothing itself. When all have slept for a while it sleeps too. It also gives back memory: what
 * was kept for large heaps and none wanted for a while, and what the allocator keeps in the name of
 * threads that sleep, which would themselves see to it only when they allocate.
 *
 *   asleep   set here with full order, then everyone's idleness is read again; cleared by a
 *            scheduler that became busy (it counted itself busy, full, before it reads this) */
#include "sched/idle.h"

#include "runtime/term/mem.h"
#include "runtime/term/mem_large.h"
#include "runtime/term/world.h"
#include "sched/poller.h"
#include "sched/timer.h"

enum { TICK_NS = 2000000, LATE_NS = 500000, QUIET_TICKS = 10, AGE_NS = 250000000 };
/* The allocator lets go of what is free within ten seconds, if it is asked to often enough. */
#define DECAY_NS UINT64_C(1000000000)
#define DECAYED_NS (12 * DECAY_NS)

static pthread_t thread;
static volatile unsigned asleep, stopping;
static AO_t *slices_before;

static bool all_idle(void)
{
    return idle_count() >= AO_int_load(&schedulers_online);
}

/* Marks the slice in which the scheduler is stuck with somebody waiting behind; offers them. */
static bool is_stuck(Scheduler *scheduler)
{
    RunQueue *queue = &scheduler->queue;
    AO_t slices = AO_load(&scheduler->slices);
    bool stuck = slices == slices_before[scheduler->index] && !AO_int_load(&scheduler->parked) &&
                 (AO_load(&queue->woken) != 0 || runqueue_ring_length(queue) > 0 ||
                  AO_load(&queue->piled) > 0 || AO_int_load(&queue->listed) != 0);
    slices_before[scheduler->index] = slices;
    if (stuck) {
        AO_store(&scheduler->stuck_slice, slices + 1);
        runqueue_offer(queue);
    }
    return stuck;
}

static bool help_is_needed(void)
{
    uint64_t now = world_monotonic_ns();
    bool needed = overflow_length() > 0 || (!idle_someone_polls() && poller_count() > 0);
    for (unsigned i = 0; i < scheduler_count; i++) {
        uint64_t next = timers_next(i);
        needed |= next != UINT64_MAX && next + LATE_NS < now;
        needed |= runqueue_has_offer(&schedulers[i].queue);
        needed |= is_stuck(&schedulers[i]);
    }
    return needed;
}

/* For how long to sleep, if all are idle, before there may be more memory to give back. */
static uint64_t age_memory(bool idle)
{
    static uint64_t age_due_ns, decay_due_ns, busy_ns;
    uint64_t now_ns = world_monotonic_ns();
    if (!idle) {
        busy_ns = now_ns;
    }
    if (now_ns >= age_due_ns) {
        mem_large_age();
        age_due_ns = now_ns + AGE_NS;
    }
    if (now_ns >= decay_due_ns) {
        mem_decay();
        decay_due_ns = now_ns + DECAY_NS;
    }
    return mem_large_stats().kept_bytes > 0 ? AGE_NS
           : now_ns < busy_ns + DECAYED_NS  ? DECAY_NS
                                            : UINT64_MAX;
}

static void sleep_till_busy(void)
{
    AO_int_or_full(&asleep, 1);
    while (AO_int_load(&asleep) && all_idle() && !AO_int_load_acquire(&stopping)) {
        futex_wait(&asleep, 1, age_memory(true));
    }
    AO_int_and_full(&asleep, 0);
}

static void *monitor_main(void *unused)
{
    unsigned quiet = 0;
    while (!AO_int_load_acquire(&stopping)) {
        futex_wait(&stopping, 0, TICK_NS);
        bool idle = all_idle();
        age_memory(idle);
        quiet = idle ? quiet + 1 : 0;
        if (quiet > QUIET_TICKS) {
            sleep_till_busy();
            quiet = 0;
        } else if (idle_count() > 0 && help_is_needed()) {
            idle_wake_any();
        }
    }
    return NULL;
}

void monitor_note_busy(void)
{
    if (UNLIKELY(AO_int_load_acquire(&asleep)) && AO_int_compare_and_swap_full(&asleep, 1, 0)) {
        futex_wake(&asleep, 1);
    }
}

void monitor_start(void)
{
    AO_int_store(&stopping, 0);
    mem_large_keep(true);
    slices_before = mem_alloc_zero(scheduler_count * sizeof *slices_before);
    int error = pthread_create(&thread, NULL, monitor_main, NULL);
    if (error != 0) {
        machine_stop("cannot start a thread: %s", strerror(error));
    }
}

void monitor_stop(void)
{
    AO_int_or_full(&stopping, 1);
    futex_wake(&stopping, 1);
    monitor_note_busy();
    pthread_join(thread, NULL);
    mem_large_keep(false);
    mem_free(slices_before);
}
