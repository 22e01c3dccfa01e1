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
