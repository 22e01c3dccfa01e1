/* tests/c/sched/speed_test.c
 * What the machinery costs without an interpreter: prints figures, asserts only that all is done.
 */
#include "tests/c/sched/actors.h"

static uint64_t started;

static void report(const char *what, unsigned schedulers, uint64_t count)
{
    double ns = (double) (world_monotonic_ns() - started) / (double) count;
    printf("%-32s %u schedulers: %7.1f ns each\n", what, schedulers, ns);
    fflush(stdout);
}

/* ---- ping-pong ----
 * saved: 0 rounds left, 1 partner (nil until known) */

#ifdef MUSTER_SMALL_TABLES
enum { ROUNDS = 20000, SPAWNS = 20000, ALIVE = 5000 };
#else
enum { ROUNDS = 2000000, SPAWNS = 1000000, ALIVE = 1000000 };
#endif

static RunResult pong(Scheduler *scheduler, Process *p)
{
    RunResult wait;
    Message *message;
    while ((message = actor_receive(p, &wait)) != NULL) {
        Term from = tuple_elements(message->value)[0];
        Term number = tuple_elements(message->value)[1];
        mailbox_take(p);
        process_send(p, from, number, NULL);
        if ((p->reductions -= 5) <= 0) {
            return RUN_YIELDED;
        }
    }
    return wait;
}

static bool send_ping(Process *p)
{
    Term words[3] = {HEADER(KIND_tuple, 2), p->pid, p->saved[0]};
    return process_send(p, p->saved[1], term_boxed(words), NULL) == SEND_OK;
}

static RunResult ping(Scheduler *scheduler, Process *p)
{
    if (p->saved[1] == TERM_NIL) {
        p->saved[1] = actor_spawn(p, pong, TERM_NIL, TERM_NIL, TERM_NIL);
        started = world_monotonic_ns();
        send_ping(p);
    }
    RunResult wait;
    while (actor_receive(p, &wait) != NULL) {
        mailbox_take(p);
        int64_t left = small_value(p->saved[0]) - 1;
        p->saved[0] = term_small(left);
        if (left == 0) {
            report("ping-pong round trip", sched_count(), ROUNDS);
            sched_halt(7);
            return actor_exit(p, ATOM_normal);
        }
        send_ping(p);
        if ((p->reductions -= 5) <= 0) {
            return RUN_YIELDED;
        }
    }
    return wait;
}

TEST(two_processes_play_ping_pong)
{
    for (unsigned schedulers = 1; schedulers <= 4; schedulers *= 4) {
        assert_int_equal(7, actors_run(schedulers, ping, term_small(ROUNDS), TERM_NIL, TERM_NIL));
    }
    assert_int_equal(
        7, actors_run_with(WORLD_SERIAL, 1, 1000, ping, term_small(ROUNDS), TERM_NIL, TERM_NIL));
}

/* ---- spawn, message, exit ---- */

static RunResult child(Scheduler *scheduler, Process *p)
{
    process_send(p, p->saved[0], ATOM_ok, NULL);
    return actor_exit(p, ATOM_normal);
}

/* saved: 0 to spawn, 1 answers missing */
static RunResult spawner(Scheduler *scheduler, Process *p)
{
    while (small_value(p->saved[0]) > 0) {
        actor_spawn(p, child, p->pid, TERM_NIL, TERM_NIL);
        p->saved[0] = term_small(small_value(p->saved[0]) - 1);
        if ((p->reductions -= 10) <= 0) {
            return RUN_YIELDED;
        }
    }
    RunResult wait;
    while (actor_receive(p, &wait) != NULL) {
        mailbox_take(p);
        p->saved[1] = term_small(small_value(p->saved[1]) - 1);
        if (small_value(p->saved[1]) == 0) {
            report("spawn + message + exit", sched_count(), SPAWNS);
            sched_halt(8);
            return actor_exit(p, ATOM_normal);
        }
        if ((p->reductions -= 5) <= 0) {
            return RUN_YIELDED;
        }
    }
    return wait;
}

TEST(processes_are_spawned_and_end)
{
    for (unsigned schedulers = 1; schedulers <= 4; schedulers *= 4) {
        started = world_monotonic_ns();
        assert_int_equal(
            8, actors_run(schedulers, spawner, term_small(SPAWNS), term_small(SPAWNS), TERM_NIL));
    }
}

/* ---- many alive ---- */

static RunResult sleeper(Scheduler *scheduler, Process *p)
{
    RunResult wait;
    if (actor_receive(p, &wait) == NULL) {
        return wait;
    }
    Term to = mailbox_peek(p)->value;
    mailbox_take(p);
    process_send(p, to, ATOM_ok, NULL);
    return actor_exit(p, ATOM_normal);
}

static size_t resident_bytes(void)
{
    unsigned long pages = 0, skipped = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (fscanf(file, "%lu %lu", &skipped, &pages) != 2) {
        pages = 0;
    }
    fclose(file);
    return pages * 4096;
}

static size_t resident_before;

/* saved: 0 to spawn, 1 answers missing */
static RunResult crowd(Scheduler *scheduler, Process *p)
{
    while (small_value(p->saved[0]) > 0) {
        if (actor_spawn(p, sleeper, TERM_NIL, TERM_NIL, TERM_NIL) == TERM_NONE) {
            sched_halt(2);
        }
        p->saved[0] = term_small(small_value(p->saved[0]) - 1);
        if (small_value(p->saved[0]) == 0) {
            size_t count = processes_count();
            if (count < ALIVE) {
                sched_halt(1);
            }
            report("spawn, all alive", sched_count(), ALIVE);
            printf("%-32s %zu alive: %.0f bytes each\n", "resident memory", count,
                   (double) (resident_bytes() - resident_before) / (double) count);
            started = world_monotonic_ns();
            Term *pids = malloc(count * sizeof *pids);
            processes_list(pids, count);
            for (size_t i = 0; i < count; i++) {
                if (pids[i] != p->pid) {
                    process_send(p, pids[i], p->pid, NULL);
                }
            }
            free(pids);
        } else if ((p->reductions -= 10) <= 0) {
            return RUN_YIELDED;
        }
    }
    RunResult wait;
    while (actor_receive(p, &wait) != NULL) {
        mailbox_take(p);
        p->saved[1] = term_small(small_value(p->saved[1]) - 1);
        if (small_value(p->saved[1]) == 0) {
            report("wake + answer + exit", sched_count(), ALIVE);
            sched_halt(9);
            return actor_exit(p, ATOM_normal);
        }
        if ((p->reductions -= 5) <= 0) {
            return RUN_YIELDED;
        }
    }
    return wait;
}

TEST(a_million_processes_are_alive_at_once)
{
    resident_before = resident_bytes();
    started = world_monotonic_ns();
    assert_int_equal(9, actors_run_with(WORLD_REAL, 4, ALIVE + 1000, crowd, term_small(ALIVE),
                                        term_small(ALIVE), TERM_NIL));
}

/* ---- a ring of processes, fan-in, fan-out ---- */

#ifdef MUSTER_SMALL_TABLES
enum { RING = 100, HOPS = 20000, SENDERS = 16, SENT = 1000, WORKERS = 100, WAVES = 20 };
#else
enum { RING = 1000, HOPS = 2000000, SENDERS = 16, SENT = 100000, WORKERS = 1000, WAVES = 500 };
#endif

/* saved: 0 the next one. A message is the number of hops left. */
static RunResult ring_member(Scheduler *scheduler, Process *p)
{
    RunResult wait;
    Message *message;
    while ((message = actor_receive(p, &wait)) != NULL) {
        Term value = message->value;
        mailbox_take(p);
        if (term_is_local_pid(value)) {
            p->saved[0] = value;
        } else if (small_value(value) == 0) {
            report("ring of 1000, hop", sched_count(), HOPS);
            sched_halt(10);
        } else {
            process_send(p, p->saved[0], term_small(small_value(value) - 1), NULL);
        }
        p->reductions -= 5;
    }
    return wait;
}

static RunResult ring(Scheduler *scheduler, Process *p)
{
    Term first = actor_spawn(p, ring_member, TERM_NIL, TERM_NIL, TERM_NIL), next = first;
    for (int i = 1; i < RING; i++) {
        next = actor_spawn(p, ring_member, next, TERM_NIL, TERM_NIL);
    }
    process_send(p, first, next, NULL);
    started = world_monotonic_ns();
    process_send(p, first, term_small(HOPS), NULL);
    return actor_exit(p, ATOM_normal);
}

/* saved: 0 receiver, 1 to send */
static RunResult sender(Scheduler *scheduler, Process *p)
{
    int64_t left = small_value(p->saved[1]);
    for (; left > 0 && p->reductions > 0; left--) {
        Term words[3] = {HEADER(KIND_tuple, 2), p->pid, term_small(left)};
        process_send(p, p->saved[0], term_boxed(words), NULL);
        p->reductions -= 5;
    }
    p->saved[1] = term_small(left);
    return left > 0 ? RUN_YIELDED : actor_exit(p, ATOM_normal);
}

/* saved: 0 messages missing */
static RunResult fan_in(Scheduler *scheduler, Process *p)
{
    if (p->saved[0] == TERM_NIL) {
        p->saved[0] = term_small((int64_t) SENDERS * SENT);
        started = world_monotonic_ns();
        for (int i = 0; i < SENDERS; i++) {
            actor_spawn(p, sender, p->pid, term_small(SENT), TERM_NIL);
        }
    }
    RunResult wait;
    while (actor_receive(p, &wait) != NULL) {
        mailbox_take(p);
        p->saved[0] = term_small(small_value(p->saved[0]) - 1);
        if (p->saved[0] == term_small(0)) {
            report("fan-in from 16, message", sched_count(), (uint64_t) SENDERS * SENT);
            sched_halt(11);
            return actor_exit(p, ATOM_normal);
        }
        if (p->heap.needs_collection) {
            heap_collect(&p->heap, false, 0, 0, process_roots(p));
        }
        if ((p->reductions -= 5) <= 0) {
            return RUN_YIELDED;
        }
    }
    return wait;
}

static Term workers[WORKERS];

/* saved: 0 waves left, 1 answers missing */
static RunResult fan_out(Scheduler *scheduler, Process *p)
{
    if (p->saved[0] == TERM_NIL) {
        for (int i = 0; i < WORKERS; i++) {
            workers[i] = actor_spawn(p, pong, TERM_NIL, TERM_NIL, TERM_NIL);
        }
        started = world_monotonic_ns();
        p->saved[0] = term_small(WAVES);
        p->saved[1] = term_small(0);
    }
    for (;;) {
        RunResult wait;
        while (small_value(p->saved[1]) > 0) {
            if (actor_receive(p, &wait) == NULL) {
                return wait;
            }
            mailbox_take(p);
            p->saved[1] = term_small(small_value(p->saved[1]) - 1);
            p->reductions -= 5;
        }
        if (p->saved[0] == term_small(0)) {
            report("fan-out to 1000 and back, each", sched_count(), (uint64_t) WORKERS * WAVES);
            sched_halt(12);
            return actor_exit(p, ATOM_normal);
        }
        for (int i = 0; i < WORKERS; i++) {
            Term words[3] = {HEADER(KIND_tuple, 2), p->pid, term_small(i)};
            process_send(p, workers[i], term_boxed(words), NULL);
        }
        p->saved[0] = term_small(small_value(p->saved[0]) - 1);
        p->saved[1] = term_small(WORKERS);
        if ((p->reductions -= 5 * WORKERS) <= 0) {
            return RUN_YIELDED;
        }
    }
}

TEST(messages_in_other_shapes)
{
    for (unsigned schedulers = 1; schedulers <= 4; schedulers *= 4) {
        assert_int_equal(10, actors_run(schedulers, ring, TERM_NIL, TERM_NIL, TERM_NIL));
        assert_int_equal(11, actors_run(schedulers, fan_in, TERM_NIL, TERM_NIL, TERM_NIL));
        assert_int_equal(12, actors_run(schedulers, fan_out, TERM_NIL, TERM_NIL, TERM_NIL));
    }
}
