/* tests/c/sched/timer_test.c: the wheel against a model with an invented clock, then real timers.
 */
#include "tests/c/sched/actors.h"

#include "runtime/term/mem.h"

/* ---- the wheel alone ---- */

enum { TIMERS = 3000, TICK_NS = 1 << 16 };

typedef struct Alarm {
    CallTimer timer;
    uint64_t deadline_ns;
    bool armed;
} Alarm;

static Alarm alarms[TIMERS];
static uint64_t now_ns, last_tick;
static size_t fired_count;

static void fired(CallTimer *timer)
{
    Alarm *alarm = (Alarm *) timer;
    CHECK(alarm->armed);
    CHECK(alarm->deadline_ns <= now_ns); /* never early */
    uint64_t tick = (alarm->deadline_ns + TICK_NS - 1) / TICK_NS;
    CHECK(tick >= last_tick); /* in order */
    last_tick = tick;
    alarm->armed = false;
    fired_count++;
}

static uint64_t some_delay(uint64_t *random)
{
    unsigned magnitude = 10 + (unsigned) (test_random(random) % 45); /* a microsecond to a year */
    return test_random(random) & (((uint64_t) 1 << magnitude) - 1);
}

TEST(timers_fire_in_order_never_early_and_not_late)
{
    world_init(WORLD_SERIAL, NULL, NULL);
    timers_init(1);
    uint64_t random = 5;
    now_ns = world_monotonic_ns();
    timers_run(0, now_ns);
    for (int step = 0; step < 20000; step++) {
        Alarm *alarm = &alarms[test_random(&random) % TIMERS];
        if (!alarm->armed) {
            alarm->deadline_ns = now_ns + some_delay(&random);
            alarm->timer.fire = fired;
            alarm->armed = true;
            timer_start_call(&alarm->timer, alarm->deadline_ns);
        } else if (test_random(&random) % 4 == 0) {
            assert_true(timer_cancel_call(&alarm->timer));
            assert_false(timer_cancel_call(&alarm->timer));
            alarm->armed = false;
        }
        if (step % 8 == 0) {
            now_ns += some_delay(&random) >> 4;
            last_tick = 0;
            timers_run(0, now_ns);
            size_t armed = 0;
            for (size_t i = 0; i < TIMERS; i++) {
                armed += alarms[i].armed;
                assert_true(!alarms[i].armed || alarms[i].deadline_ns + TICK_NS > now_ns);
                assert_true(!alarms[i].armed || timers_next(0) < alarms[i].deadline_ns + TICK_NS);
            }
            assert_int_equal(armed, timers_count());
        }
    }
    assert_true(fired_count > 1000);
    now_ns += (uint64_t) 1 << 56;
    last_tick = 0;
    timers_run(0, now_ns);
    assert_int_equal(0, timers_count());
    timers_finish();
}

/* ---- receive timeouts ---- */

enum { NAPS = 100 };
static uint64_t lateness_ns[NAPS];

static int compare_u64(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *) a, y = *(const uint64_t *) b;
    return x < y ? -1 : x > y;
}

static void print_lateness(const char *what)
{
    qsort(lateness_ns, NAPS, sizeof lateness_ns[0], compare_u64);
    printf("%-40s late by median %6.0f µs, 99th %6.0f µs, worst %6.0f µs\n", what,
           (double) lateness_ns[NAPS / 2] / 1e3, (double) lateness_ns[NAPS * 99 / 100] / 1e3,
           (double) lateness_ns[NAPS - 1] / 1e3);
}

/* receive after 1 -> … saved[0]: naps so far, saved[1]: deadline / 4 */
static RunResult napper(Scheduler *scheduler, Process *p)
{
    RunResult wait = RUN_WAITING;
    CHECK((actor_receive(p, &wait)) == NULL);
    if (p->flags & PROCESS_TIMED_OUT) {
        uint64_t now = world_monotonic_ns();
        uint64_t deadline = (uint64_t) small_value(p->saved[1]);
        CHECK(now >= deadline);
        int64_t naps = small_value(p->saved[0]);
        lateness_ns[naps] = now - deadline;
        timer_cancel_receive(p);
        mailbox_reset(p);
        p->saved[0] = term_small(naps + 1);
        if (naps + 1 == NAPS) {
            sched_halt(3);
            return actor_exit(p, ATOM_normal);
        }
    }
    if (wait == RUN_WAITING && !timer_receive_is_armed(p)) {
        uint64_t deadline = timer_deadline(1);
        p->saved[1] = term_small((int64_t) deadline);
        timer_start_receive(p, deadline);
    }
    return wait;
}

static RunResult nap_when_idle(Scheduler *scheduler, Process *p)
{
    actor_spawn(p, napper, term_small(0), TERM_NIL, TERM_NIL);
    return actor_exit(p, ATOM_normal);
}

static RunResult endless(Scheduler *scheduler, Process *p)
{
    for (volatile int i = 0; i < 100000; i++) {
    }
    p->reductions = 0;
    return RUN_YIELDED;
}

static RunResult nap_when_busy(Scheduler *scheduler, Process *p)
{
    for (unsigned i = 0; i < 2 * sched_count(); i++) {
        actor_spawn(p, endless, TERM_NIL, TERM_NIL, TERM_NIL);
    }
    return nap_when_idle(scheduler, p);
}

/* Blocks its scheduler, as nobody should, for 300 ms. */
static RunResult stuck(Scheduler *scheduler, Process *p)
{
    /* The napper is woken by us just before: it waits behind us. */
    if (p->saved[0] != TERM_NIL) {
        process_send(p, p->saved[0], ATOM_ok, NULL);
        p->saved[0] = TERM_NIL;
    }
    uint64_t end = world_monotonic_ns() + 300000000;
    while (world_monotonic_ns() < end && !sched_is_halting()) {
    }
    return RUN_YIELDED;
}

static RunResult nap_after_message(Scheduler *scheduler, Process *p)
{
    RunResult wait;
    if (actor_receive(p, &wait) == NULL) {
        return wait;
    }
    mailbox_take(p);
    p->pc = (const void *) napper;
    return RUN_YIELDED;
}

static RunResult nap_behind_stuck(Scheduler *scheduler, Process *p)
{
    Term pid = actor_spawn(p, nap_after_message, term_small(0), TERM_NIL, TERM_NIL);
    actor_spawn(p, stuck, pid, TERM_NIL, TERM_NIL);
    return actor_exit(p, ATOM_normal);
}

TEST(a_millisecond_is_a_millisecond_when_idle)
{
    assert_int_equal(3, actors_run(4, nap_when_idle, TERM_NIL, TERM_NIL, TERM_NIL));
    print_lateness("1 ms receive timeout, idle machine");
    assert_int_equal(
        3, actors_run_with(WORLD_SERIAL, 1, 1000, nap_when_idle, TERM_NIL, TERM_NIL, TERM_NIL));
    print_lateness("1 ms receive timeout, serial");
}

TEST(a_millisecond_is_a_millisecond_when_all_are_busy)
{
    assert_int_equal(3, actors_run(4, nap_when_busy, TERM_NIL, TERM_NIL, TERM_NIL));
    print_lateness("1 ms receive timeout, all busy");
}

TEST(a_stuck_scheduler_holds_up_nobody_else)
{
    assert_int_equal(3, actors_run(4, nap_behind_stuck, TERM_NIL, TERM_NIL, TERM_NIL));
    print_lateness("1 ms receive timeout, one stuck");
}

/* ---- send timers ---- */

static Term pending;

static RunResult send_timers(Scheduler *scheduler, Process *p)
{
    uint64_t soon = timer_deadline(2), late = timer_deadline(100000);
    Term content = make_tuple2(&p->heap.space, ATOM_ok, p->pid);
    Term a = timer_start(p, soon, p->pid, content, false);
    Term b = timer_start(p, soon, p->pid, content, true);
    Term c = timer_start(p, late, p->pid, content, true);
    CHECK(ref_number(a) != ref_number(b));
    int64_t left = timer_read(ref_number(c));
    CHECK(left > 99000000000 && left <= 100000000000);
    CHECK(timer_cancel(ref_number(c)) > 99000000000);
    CHECK((-1) == (timer_cancel(ref_number(c))));
    CHECK((-1) == (timer_read(ref_number(c))));
    p->saved[0] = a;
    p->saved[1] = b;
    registry_register(ATOM_ok, p->pid);
    timer_start(p, timer_deadline(4), ATOM_ok, ATOM_timeout, false);
    timer_start(p, timer_deadline(4), ATOM_error, ATOM_timeout, false); /* nobody */
    p->saved[3] = term_small(0);
    p->pc = NULL;
    return RUN_YIELDED;
}

static RunResult expect_timers(Scheduler *scheduler, Process *p)
{
    if (p->pc == (const void *) expect_timers && p->saved[3] == TERM_NIL) {
        send_timers(scheduler, p);
        p->pc = (const void *) expect_timers;
    }
    RunResult wait;
    Message *message;
    while ((message = actor_receive(p, &wait)) != NULL) {
        Term value = message->value;
        int64_t count = small_value(p->saved[3]);
        if (count == 2) {
            CHECK(value == ATOM_timeout);
            timer_start(p, timer_deadline(100000), p->pid, ATOM_ok, false);
            pending = timer_start(p, timer_deadline(100000), p->pid, ATOM_ok, false);
            pending = (Term) ref_number(pending);
            sched_halt(4);
            return actor_exit(p, ATOM_normal);
        }
        bool wrapped = tuple_elements(value)[0] == ATOM_timeout;
        CHECK((wrapped ? 3 : 2) == (tuple_arity(value)));
        if (wrapped) {
            CHECK(ref_number(tuple_elements(value)[1]) == ref_number(p->saved[1]));
        }
        mailbox_take(p);
        p->saved[3] = term_small(count + 1);
    }
    return wait;
}

TEST(timers_send_are_read_and_are_cancelled)
{
    assert_int_equal(4, actors_run(2, expect_timers, TERM_NIL, TERM_NIL, TERM_NIL));
}

/* A process that starts many and ends takes them with it. */
static RunResult start_and_end(Scheduler *scheduler, Process *p)
{
    for (int i = 0; i < 1000; i++) {
        timer_start(p, timer_deadline(1000000), p->pid, ATOM_ok, false);
    }
    CHECK(timers_count() >= 1000);
    return actor_exit(p, ATOM_normal);
}

static RunResult wait_for_no_timers(Scheduler *scheduler, Process *p)
{
    if (p->saved[0] == TERM_NIL) {
        actor_spawn(p, start_and_end, TERM_NIL, TERM_NIL, TERM_NIL);
        p->saved[0] = ATOM_ok;
    } else if (timers_count() == 0) {
        sched_halt(5);
        return actor_exit(p, ATOM_normal);
    }
    p->reductions = 0;
    return RUN_YIELDED;
}

TEST(a_process_that_ends_takes_its_timers_with_it)
{
    assert_int_equal(5, actors_run(1, wait_for_no_timers, TERM_NIL, TERM_NIL, TERM_NIL));
}
