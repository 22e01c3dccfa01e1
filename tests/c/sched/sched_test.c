/* tests/c/sched/sched_test.c */
#include "tests/c/sched/actors.h"

#include "runtime/term/mem.h"

#include <pthread.h>
#include <unistd.h>

/* ---- work spreads ---- */

static volatile AO_t running_at_once, most_at_once, finished;

static RunResult meet_others(Scheduler *scheduler, Process *p)
{
    AO_t now = AO_fetch_and_add_full(&running_at_once, 1) + 1;
    uint64_t end = world_monotonic_ns() + 5000000000;
    while (AO_load(&most_at_once) < 4 && world_monotonic_ns() < end) {
        now = AO_load(&running_at_once);
        if (now > AO_load(&most_at_once)) {
            AO_store(&most_at_once, now);
        }
    }
    AO_fetch_and_add_full(&running_at_once, (AO_t) -1);
    if (AO_fetch_and_add_full(&finished, 1) == 3) {
        sched_halt(0);
    }
    return actor_exit(p, ATOM_normal);
}

static RunResult spawn_four(Scheduler *scheduler, Process *p)
{
    for (int i = 0; i < 4; i++) {
        actor_spawn(p, meet_others, TERM_NIL, TERM_NIL, TERM_NIL);
    }
    return actor_exit(p, ATOM_normal);
}

TEST(four_processes_run_at_once_on_four_schedulers)
{
    AO_store(&most_at_once, 0);
    AO_store(&finished, 0);
    actors_run(4, spawn_four, TERM_NIL, TERM_NIL, TERM_NIL);
    assert_int_equal(4, AO_load(&most_at_once));
}

/* ---- idle ---- */

static void *halt_later(void *unused);
static pthread_t halter;

static RunResult idle(Scheduler *scheduler, Process *p)
{
    RunResult wait;
    pthread_create(&halter, NULL, halt_later, NULL);
    return actor_receive(p, &wait) == NULL ? wait : actor_exit(p, ATOM_normal);
}

static void *halt_later(void *unused)
{
    usleep(300000); /* let it fall asleep */
    uint64_t before = world_cpu_ns();
    usleep(1000000);
    uint64_t used = world_cpu_ns() - before;
    printf("idle: %.3f ms of processor time in a second\n", (double) used / 1e6);
    sched_halt(used < 5000000 ? 0 : 1);
    return NULL;
}

TEST(an_idle_machine_uses_no_processor_time)
{
    assert_int_equal(0, actors_run(4, idle, TERM_NIL, TERM_NIL, TERM_NIL));
    pthread_join(halter, NULL);
}

/* ---- killing and suspending ---- */

static RunResult endless(Scheduler *scheduler, Process *p)
{
    p->saved[3] = term_small(p->saved[3] == TERM_NIL ? 1 : small_value(p->saved[3]) + 1);
    p->reductions = 0;
    return RUN_YIELDED;
}

static void count_call(Process *target, Message *request, Term argument)
{
    request_answer(request, target == NULL ? ATOM_undefined : target->saved[3]);
}

/* Lets others run for a while: true while it should yield. */
static bool pause_some_slices(void)
{
    static int slices;
    if (slices < 50) {
        slices++;
        usleep(50);
        return true;
    }
    slices = 0;
    return false;
}

/* saved: 0 the endless process, 1 stage, 2 number of the request / 4; 3 its count */
static RunResult kill_an_endless_one(Scheduler *scheduler, Process *p)
{
    uint64_t number = 0;
    int64_t stage = p->saved[1] == TERM_NIL ? 0 : small_value(p->saved[1]);
    Term answer = TERM_NONE;
    if (stage > 0 && stage < 5) {
        answer = mailbox_take_reply(p, (uint64_t) small_value(p->saved[2]));
        if (answer == TERM_NONE) {
            return RUN_WAITING;
        }
    }
    switch (stage) {
    case 0:
        p->saved[0] = actor_spawn(p, endless, TERM_NIL, TERM_NIL, TERM_NIL);
        process_suspend(p, p->saved[0], &number);
        break;
    case 1:
        CHECK(answer == ATOM_true);
        process_request(p, p->saved[0], count_call, TERM_NIL, &number);
        break;
    case 2:
        p->saved[3] = answer;
        stage = 10;
        break;
    case 11:
        if (pause_some_slices()) {
            return RUN_YIELDED;
        }
        process_request(p, p->saved[0], count_call, TERM_NIL, &number);
        stage = 2;
        break;
    case 3:
        CHECK(answer == p->saved[3]); /* it did not run */
        CHECK(process_resume(p, p->saved[0]));
        stage = 20;
        break;
    case 21:
        if (pause_some_slices()) {
            return RUN_YIELDED;
        }
        process_request(p, p->saved[0], count_call, TERM_NIL, &number);
        stage = 3;
        break;
    case 4:
        CHECK(answer != p->saved[3]);
        process_monitor(p, p->saved[0], ALIAS_NONE, TERM_NONE);
        process_send_exit(p, p->saved[0], ATOM_kill);
        number = 0;
        break;
    default: {
        RunResult wait;
        Message *message = actor_receive(p, &wait);
        if (message == NULL) {
            return wait;
        }
        CHECK(tuple_elements(message->value)[4] == ATOM_killed);
        sched_halt(6);
        return actor_exit(p, ATOM_normal);
    }
    }
    p->saved[1] = term_small(stage + 1);
    p->saved[2] = term_small((int64_t) number);
    return RUN_YIELDED;
}

TEST(an_endless_process_is_suspended_resumed_and_killed)
{
    assert_int_equal(6, actors_run(1, kill_an_endless_one, TERM_NIL, TERM_NIL, TERM_NIL));
    assert_int_equal(6, actors_run(4, kill_an_endless_one, TERM_NIL, TERM_NIL, TERM_NIL));
}

/* ---- priorities ---- */

static size_t ran[PRIORITY_COUNT];
static size_t order[PRIORITY_COUNT], order_count;

static RunResult count_runs(Scheduler *scheduler, Process *p)
{
    if (ran[p->priority]++ == 0) {
        order[order_count++] = p->priority;
    }
    if (p->priority == PRIORITY_NORMAL && ran[PRIORITY_NORMAL] == 7000) {
        sched_halt(0);
    }
    if (p->priority >= PRIORITY_HIGH && ran[p->priority] == 10) {
        return actor_exit(p, ATOM_normal);
    }
    return RUN_YIELDED;
}

static RunResult spawn_priorities(Scheduler *scheduler, Process *p)
{
    for (int priority = PRIORITY_LOW; priority < PRIORITY_COUNT; priority++) {
        SpawnOptions options;
        spawn_options_init(&options);
        options.priority = (uint8_t) priority;
        sched_spawned(actor_spawn_with(p, count_runs, &options, NULL, 0, NULL));
    }
    return actor_exit(p, ATOM_normal);
}

TEST(priorities_are_kept)
{
    actors_run(1, spawn_priorities, TERM_NIL, TERM_NIL, TERM_NIL);
    assert_int_equal(PRIORITY_MAX, order[0]);
    assert_int_equal(PRIORITY_HIGH, order[1]);
    assert_in_range(ran[PRIORITY_LOW], 800, 1200); /* one of eight */
}

/* ---- blocking pool ---- */

enum { JOBS = 40 };
static volatile AO_t jobs_running, jobs_most;

static void slow_work(BlockingJob *job)
{
    AO_t now = AO_fetch_and_add_full(&jobs_running, 1) + 1;
    AO_t most;
    while ((most = AO_load(&jobs_most)) < now && !AO_compare_and_swap_full(&jobs_most, most, now)) {
    }
    usleep(5000);
    AO_fetch_and_add_full(&jobs_running, (AO_t) -1);
}

static RunResult work_elsewhere(Scheduler *scheduler, Process *p)
{
    if (p->saved[1] == TERM_NIL) {
        BlockingJob *job = mem_alloc_zero(sizeof *job);
        job->work = slow_work;
        p->saved[1] = (Term) job; /* aligned: looks like a small integer */
        blocking_submit_for(job, p);
        return RUN_ELSEWHERE;
    }
    mem_free((void *) p->saved[1]);
    process_send(p, p->saved[0], ATOM_ok, NULL);
    return actor_exit(p, ATOM_normal);
}

static RunResult wait_for_jobs(Scheduler *scheduler, Process *p)
{
    if (p->saved[0] == TERM_NIL) {
        for (int i = 0; i < JOBS; i++) {
            actor_spawn(p, work_elsewhere, p->pid, TERM_NIL, TERM_NIL);
        }
        p->saved[0] = term_small(JOBS);
    }
    RunResult wait;
    while (actor_receive(p, &wait) != NULL) {
        mailbox_take(p);
        p->saved[0] = term_small(small_value(p->saved[0]) - 1);
        if (p->saved[0] == term_small(0)) {
            sched_halt(0);
            return actor_exit(p, ATOM_normal);
        }
    }
    return wait;
}

TEST(blocking_work_runs_on_a_pool_that_grows_to_its_limit)
{
    AO_store(&jobs_most, 0);
    actors_run(2, wait_for_jobs, TERM_NIL, TERM_NIL, TERM_NIL);
    assert_in_range(AO_load(&jobs_most), 2, 16);
    AO_store(&jobs_most, 0);
    actors_run_with(WORLD_SERIAL, 1, 1000, wait_for_jobs, TERM_NIL, TERM_NIL, TERM_NIL);
    assert_int_equal(1, AO_load(&jobs_most));
}

/* ---- poller ---- */

static int pipe_fds[2];
static Term reader_pid;
static Watch *watch;

static void pipe_ready(Watch *w, unsigned events, void *state)
{
    process_send(NULL, reader_pid, events & POLL_READ ? ATOM_ok : ATOM_error, NULL);
}

enum { BYTES = 200 };

/* saved: 0 bytes read */
static RunResult pipe_reader(Scheduler *scheduler, Process *p)
{
    if (p->saved[0] == TERM_NIL) {
        reader_pid = p->pid;
        p->saved[0] = term_small(0);
        watch = poller_add(pipe_fds[0], pipe_ready, NULL);
        CHECK((watch) != NULL);
        poller_arm(watch, POLL_READ);
    }
    RunResult wait;
    Message *message;
    while ((message = actor_receive(p, &wait)) != NULL) {
        CHECK(message->value == ATOM_ok);
        mailbox_take(p);
        char byte;
        ssize_t got = read(pipe_fds[0], &byte, 1);
        if (got == 0) {
            poller_remove(watch);
            sched_halt((int) small_value(p->saved[0]));
            return actor_exit(p, ATOM_normal);
        }
        p->saved[0] = term_small(small_value(p->saved[0]) + 1);
        poller_arm(watch, POLL_READ);
    }
    return wait;
}

static void *pipe_writer(void *unused)
{
    for (int i = 0; i < BYTES; i++) {
        if (i % 50 == 0) {
            usleep(5000);
        }
        CHECK((1) == (write(pipe_fds[1], "x", 1)));
    }
    close(pipe_fds[1]);
    return NULL;
}

static RunResult read_while_busy(Scheduler *scheduler, Process *p)
{
    actor_spawn(p, endless, TERM_NIL, TERM_NIL, TERM_NIL);
    actor_spawn(p, pipe_reader, TERM_NIL, TERM_NIL, TERM_NIL);
    return actor_exit(p, ATOM_normal);
}

TEST(a_pipe_is_read_when_it_is_ready)
{
    Actor *firsts[] = {pipe_reader, read_while_busy};
    for (int i = 0; i < 4; i++) {
        assert_int_equal(0, pipe(pipe_fds));
        pthread_t thread;
        pthread_create(&thread, NULL, pipe_writer, NULL);
        assert_int_equal(BYTES, actors_run_with(i < 2 ? WORLD_REAL : WORLD_SERIAL, 2, 1000,
                                                firsts[i % 2], TERM_NIL, TERM_NIL, TERM_NIL));
        pthread_join(thread, NULL);
        close(pipe_fds[0]);
    }
}

TEST(a_regular_file_cannot_be_watched)
{
    poller_init();
    FILE *file = tmpfile();
    assert_null(poller_add(fileno(file), pipe_ready, NULL));
    fclose(file);
    poller_finish();
}

/* Else the scheduler that was to be woken would sleep on: here, for ever. */
TEST(a_look_at_the_poller_leaves_the_interrupt_to_the_one_who_waits)
{
    poller_init();
    bool entered = thread_enter();
    poller_interrupt();
    assert_int_equal(0, poller_poll(0));
    assert_int_equal(0, poller_poll(UINT64_MAX));
    thread_leave(entered);
    poller_finish();
}

/* ---- online ---- */

static volatile AO_t seen_on;

static RunResult note_scheduler(Scheduler *scheduler, Process *p)
{
    AO_or_full(&seen_on, (AO_t) 1 << sched_index(scheduler));
    for (volatile int i = 0; i < 1000; i++) {
    }
    int64_t left = small_value(p->saved[0]) - 1;
    p->saved[0] = term_small(left);
    if (left == 0) {
        process_send(p, p->saved[1], ATOM_ok, NULL);
        return actor_exit(p, ATOM_normal);
    }
    return RUN_YIELDED;
}

/* saved: 0 answers missing */
static RunResult run_on_two(Scheduler *scheduler, Process *p)
{
    if (p->saved[0] == TERM_NIL) {
        sched_set_online(2);
        usleep(200000); /* those in a slice, or looking for one, finish it */
        AO_store(&seen_on, 0);
        for (int i = 0; i < 8; i++) {
            actor_spawn(p, note_scheduler, term_small(2000), p->pid, TERM_NIL);
        }
        p->saved[0] = term_small(8);
        return RUN_YIELDED;
    }
    RunResult wait;
    while (actor_receive(p, &wait) != NULL) {
        mailbox_take(p);
        p->saved[0] = term_small(small_value(p->saved[0]) - 1);
        if (p->saved[0] == term_small(0)) {
            sched_halt((int) AO_load(&seen_on));
            return actor_exit(p, ATOM_normal);
        }
    }
    return wait;
}

TEST(schedulers_offline_run_nothing)
{
    int on = actors_run(4, run_on_two, TERM_NIL, TERM_NIL, TERM_NIL);
    /* The first process itself may have started on one that went offline later; not the others. */
    assert_int_equal(0, on & ~3);
}
