/* tests/c/sched/stress_test.c
 * Many processes that do everything at random: send, link, monitor, alias, time out, spawn, end, be
 * killed. Nothing may be lost: each generation must end with every process gone, and each answer
 * that was asked for given. Run under ThreadSanitizer and AddressSanitizer too. */
#include "tests/c/sched/actors.h"

#include <unistd.h>

#ifdef MUSTER_SMALL_TABLES
enum { PEERS = 64, LIVES = 4000 };
#else
enum { PEERS = 256, LIVES = 100000 };
#endif

static volatile AO_t peers[PEERS]; /* pids, by place */
static volatile AO_t lives, ended;
static volatile AO_t trace; /* what happened, for runs that must be equal */

static void note(uint64_t what)
{
    if (world.kind != WORLD_REAL) {
        AO_store(&trace, (AO_load(&trace) ^ what) * 0x100000001B3u);
    }
}

static RunResult wild(Scheduler *scheduler, Process *p);

static void wild_spawn(Process *parent, uint64_t place, uint64_t seed)
{
    SpawnOptions options;
    spawn_options_init(&options);
    options.link = parent != NULL && seed % 5 == 0;
    options.monitor = parent != NULL && seed % 7 == 0;
    options.priority = seed % 50 == 0   ? PRIORITY_HIGH
                       : seed % 51 == 0 ? PRIORITY_LOW
                                        : PRIORITY_NORMAL;
    Term ref;
    Term args[] = {term_small((int64_t) place), term_small((int64_t) (seed >> 4))};
    Process *child = actor_spawn_with(parent, wild, &options, args, 2, &ref);
    if (child != NULL) {
        AO_store(&peers[place], child->pid);
        AO_fetch_and_add_full(&lives, 1);
        sched_spawned(child);
    }
}

static Term some_peer(uint64_t *random)
{
    return AO_load(&peers[test_random(random) % PEERS]);
}

static Term some_term(Process *p, uint64_t *random)
{
    Term t = TERM_NIL;
    for (uint64_t i = test_random(random) % 40; i > 0; i--) {
        t = make_cons(&p->heap.space, make_tuple2(&p->heap.space, term_small((int64_t) i), p->pid),
                      t);
    }
    return t;
}

static void act(Process *p, uint64_t *random)
{
    Term peer = some_peer(random);
    switch (test_random(random) % 14) {
    case 0:
        process_link(p, peer);
        break;
    case 1:
        process_unlink(p, peer);
        break;
    case 2:
        p->saved[2] = process_monitor(p, peer, test_random(random) % 4, TERM_NONE);
        break;
    case 3:
        if (term_is_local_ref(p->saved[2])) {
            process_demonitor(p, p->saved[2], true);
        }
        break;
    case 4:
        process_send_exit(p, peer, test_random(random) % 3 == 0 ? ATOM_kill : ATOM_badarg);
        break;
    case 5:
        p->flags ^= PROCESS_TRAP_EXIT;
        break;
    case 6:
        timer_start(p, timer_deadline(test_random(random) % 3), peer, ATOM_timeout, true);
        break;
    case 7:
        process_send(p, process_alias(p, ALIAS_REPLY), ATOM_ok, NULL);
        break;
    case 8: {
        uint64_t number;
        process_request(p, peer, process_alive_call, TERM_NIL, &number);
        break;
    }
    case 9: {
        uint64_t number;
        if (peer != p->pid && process_suspend(p, peer, &number)) {
            process_resume(p, peer);
        }
        break;
    }
    default:
        process_send(p, peer, some_term(p, random), NULL);
    }
}

static void collect_now_and_then(Process *p)
{
    if (p->heap.needs_collection || p->heap.space.limit - p->heap.space.top < 200) {
        CHECK(heap_make_room(&p->heap, 400, 0, process_roots(p)) == GC_OK);
    }
}

static RunResult finish(Process *p, uint64_t random)
{
    uint64_t place = (uint64_t) small_value(p->saved[0]);
    note(random);
    if (AO_load(&lives) < LIVES) {
        wild_spawn(test_random(&random) % 2 ? p : NULL, place, random);
    }
    return actor_exit(p, random % 3 == 0 ? ATOM_badarg : ATOM_normal);
}

/* saved: 0 place, 1 random state, 2 a monitor */
static RunResult wild(Scheduler *scheduler, Process *p)
{
    uint64_t random = (uint64_t) small_value(p->saved[1]);
    RunResult wait = RUN_WAITING;
    Message *message;
    timer_cancel_receive(p);
    note(p->pid);
    for (int i = 0; i < 8; i++) {
        collect_now_and_then(p);
        act(p, &random);
        if (p->flags & PROCESS_STOP) {
            break;
        }
    }
    while ((message = actor_receive(p, &wait)) != NULL) {
        uint64_t what = test_random(&random) % 4;
        if (what == 0) {
            mailbox_next(p);
        } else {
            note(small_value(term_small(message->kind)));
            mailbox_take(p);
        }
        collect_now_and_then(p);
    }
    p->saved[1] = term_small((int64_t) (test_random(&random) >> 4));
    if (wait == RUN_WAITING && test_random(&random) % 4 == 0) {
        return finish(p, random >> 4);
    }
    mailbox_reset(p);
    if (wait == RUN_WAITING) {
        if (mailbox_length(p) > 50) {
            while (mailbox_peek(p) != NULL) {
                mailbox_take(p);
            }
        }
        while (!(p->flags & PROCESS_STOP) && mailbox_peek(p) != NULL) {
            mailbox_next(p);
        }
        timer_start_receive(p, timer_deadline(test_random(&random) % 2));
    }
    p->reductions -= 100;
    return p->flags & PROCESS_EXITING     ? RUN_EXITED
           : p->flags & PROCESS_SUSPENDED ? RUN_SUSPENDED
                                          : wait;
}

/* ---- the same run again ---- */

enum { WALKERS = 50, STEPS = 20000 };
static volatile AO_t steps;

/* Passes numbers on at random. saved: 1 random state */
static RunResult walker(Scheduler *scheduler, Process *p)
{
    uint64_t random = (uint64_t) small_value(p->saved[1]);
    RunResult wait;
    Message *message;
    while ((message = actor_receive(p, &wait)) != NULL) {
        note(p->pid ^ message->value);
        Term next = term_small((int64_t) (small_value(message->value) * 7 % 1000003));
        mailbox_take(p);
        Term to = AO_load(&peers[test_random(&random) % WALKERS]);
        process_send(p, to, next, NULL);
        if (test_random(&random) % 16 == 0) {
            process_send(p, AO_load(&peers[test_random(&random) % WALKERS]), next, NULL);
        }
        if (AO_fetch_and_add_full(&steps, 1) == STEPS) {
            sched_halt(0);
        }
        if ((p->reductions -= 1000) <= 0) {
            wait = RUN_YIELDED;
            break;
        }
    }
    p->saved[1] = term_small((int64_t) (random >> 4));
    return wait;
}

static RunResult walk(Scheduler *scheduler, Process *p)
{
    for (int i = 0; i < WALKERS; i++) {
        AO_store(&peers[i], actor_spawn(p, walker, TERM_NIL, term_small(i), TERM_NIL));
    }
    for (int i = 0; i < 10; i++) {
        process_send(p, AO_load(&peers[i]), term_small(i + 1), NULL);
    }
    return actor_exit(p, ATOM_normal);
}

TEST(a_serial_run_is_the_same_every_time)
{
    AO_t traces[3];
    for (int i = 0; i < 3; i++) {
        AO_store(&trace, 1);
        AO_store(&steps, 0);
        actors_run_with(WORLD_SERIAL, 4, 1000, walk, TERM_NIL, TERM_NIL, TERM_NIL);
        traces[i] = AO_load(&trace);
    }
    assert_int_equal(traces[0], traces[1]);
    assert_int_equal(traces[1], traces[2]);
}

/* ---- a simulated world: the same machine with an invented clock and seeded choices ---- */

typedef struct Simulation {
    uint64_t now_ns, random;
} Simulation;

static uint64_t simulated_ns(void *state)
{
    return ((Simulation *) state)->now_ns;
}

static uint64_t simulated_random(void *state)
{
    return test_random(&((Simulation *) state)->random);
}

static uint32_t simulated_choose(void *state, int what, uint32_t count)
{
    return (uint32_t) (simulated_random(state) % count);
}

static int32_t simulated_slice(void *state, uint64_t pid)
{
    return 1 + (int32_t) (simulated_random(state) % SLICE_REDUCTIONS);
}

static bool simulated_idle(void *state, uint64_t deadline_ns)
{
    if (deadline_ns == UINT64_MAX) {
        return false;
    }
    ((Simulation *) state)->now_ns = deadline_ns;
    return true;
}

/* Sleeps an hour a thousand times while others walk. saved: 0 naps left */
static RunResult long_napper(Scheduler *scheduler, Process *p)
{
    RunResult wait;
    if (actor_receive(p, &wait) == NULL && p->flags & PROCESS_TIMED_OUT) {
        timer_cancel_receive(p);
        note(p->pid ^ world_monotonic_ns());
        p->saved[0] = term_small(small_value(p->saved[0]) - 1);
        if (p->saved[0] == term_small(0)) {
            return actor_exit(p, ATOM_normal);
        }
    }
    if (!timer_receive_is_armed(p)) {
        timer_start_receive(p, timer_deadline(3600000));
    }
    return RUN_WAITING;
}

static RunResult walk_and_nap(Scheduler *scheduler, Process *p)
{
    for (int i = 0; i < 3; i++) {
        actor_spawn(p, long_napper, term_small(1000), TERM_NIL, TERM_NIL);
    }
    return walk(scheduler, p);
}

TEST(a_simulated_run_depends_on_its_seed_alone)
{
    AO_t traces[4];
    for (uint64_t i = 0; i < 4; i++) {
        Simulation simulation = {.now_ns = 1000, .random = i / 2};
        WorldHooks hooks = {.state = &simulation,
                            .monotonic_ns = simulated_ns,
                            .system_ns = simulated_ns,
                            .random = simulated_random,
                            .choose = simulated_choose,
                            .slice = simulated_slice,
                            .idle = simulated_idle};
        world_init(WORLD_SIMULATION, NULL, &hooks);
        AO_store(&trace, 1);
        AO_store(&steps, 0);
        actors_run_in_world(1, 1000, walk_and_nap, TERM_NIL, TERM_NIL, TERM_NIL);
        traces[i] = AO_load(&trace);
    }
    assert_int_equal(traces[0], traces[1]);
    assert_int_equal(traces[2], traces[3]);
    assert_int_not_equal(traces[0], traces[2]);
}

/* ---- the wild crowd ---- */

/* saved: 0 started. A killed process has no successor: the keeper fills its place. */
static RunResult keeper(Scheduler *scheduler, Process *p)
{
    if (p->saved[0] == TERM_NIL) {
        p->saved[0] = ATOM_ok;
        AO_store(&lives, 0);
        for (uint64_t i = 0; i < PEERS; i++) {
            wild_spawn(NULL, i, i * 977);
        }
    }
    timer_cancel_receive(p);
    mailbox_reset(p);
    bool all_gone = true;
    for (uint64_t i = 0; i < PEERS; i++) {
        if (!process_exists(AO_load(&peers[i]))) {
            if (AO_load(&lives) < LIVES) {
                wild_spawn(NULL, i, AO_load(&lives) * 31 + i);
                all_gone = false;
            }
        } else {
            all_gone = false;
            if (AO_load(&lives) >= LIVES) {
                process_send_exit(p, AO_load(&peers[i]), ATOM_kill);
            }
        }
    }
    if (all_gone && processes_count() == 1) {
        sched_halt(0);
        return actor_exit(p, ATOM_normal);
    }
    RunResult wait;
    while (actor_receive(p, &wait) != NULL) {
        mailbox_take(p);
    }
    timer_start_receive(p, timer_deadline(1));
    return wait;
}

TEST(a_wild_crowd_on_several_schedulers)
{
    for (unsigned schedulers = 1; schedulers <= 4; schedulers++) {
        world_init(WORLD_REAL, NULL, NULL);
        uint64_t before = world_monotonic_ns();
        assert_int_equal(0, actors_run(schedulers, keeper, TERM_NIL, TERM_NIL, TERM_NIL));
        printf("%u schedulers: %d lives in %.0f ms\n", schedulers, LIVES,
               (double) (world_monotonic_ns() - before) / 1e6);
    }
}
