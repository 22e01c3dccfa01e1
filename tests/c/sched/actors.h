/* tests/c/sched/actors.h
 * Processes written in C, to test proc/ and sched/ without an interpreter. An actor is a function
 * that runs a slice: its state is p->saved, its next function p->pc. */
#ifndef MUSTER_TESTS_ACTORS_H
#define MUSTER_TESTS_ACTORS_H

#include "proc/registry.h"
#include "proc/thread.h"
#include "runtime/term/ref.h"
#include "runtime/term/world.h"
#include "sched/blocking.h"
#include "sched/poller.h"
#include "sched/sched.h"
#include "sched/timer.h"
#include "tests/c/test.h"

#include <stdio.h>
#include <stdlib.h>

typedef RunResult Actor(Scheduler *scheduler, Process *p);

static RunResult actor_run(Scheduler *scheduler, Process *p)
{
    return ((Actor *) p->pc)(scheduler, p);
}

static void actor_first_frame(Process *child, const SpawnOptions *options, const Term args[],
                              size_t count)
{
    child->pc = options->entry;
    for (size_t i = 0; i < COUNT_OF(child->saved); i++) {
        child->saved[i] = i < count ? args[i] : TERM_NIL;
    }
}

static void actor_visit_frames(Process *p, GcVisitor *visitor) {}

/* From a scheduler, or from the test's thread (then inside thread_enter). */
static inline Process *actor_spawn_with(Process *parent, Actor *actor, SpawnOptions *options,
                                        const Term args[], size_t count, Term *ref)
{
    options->entry = (const void *) actor;
    if (parent == NULL && options->group_leader == TERM_NONE) {
        options->group_leader = ATOM_undefined;
    }
    return process_spawn(parent, options, args, count, ref);
}

static inline Term actor_spawn(Process *parent, Actor *actor, Term a, Term b, Term c)
{
    SpawnOptions options;
    spawn_options_init(&options);
    Process *p = actor_spawn_with(parent, actor, &options, (Term[]){a, b, c}, 3, NULL);
    if (p == NULL) {
        return TERM_NONE;
    }
    Term pid = p->pid;
    sched_spawned(p);
    return pid;
}

static inline RunResult actor_exit(Process *p, Term reason)
{
    process_exit(p, reason);
    return RUN_EXITED;
}

/* Starts the machine with one first process and waits for sched_halt. Returns the exit code. */
static inline int actors_run_in_world(unsigned schedulers, size_t max_processes, Actor *first,
                                      Term a, Term b, Term c)
{
    static bool atoms_there;
    if (!atoms_there) {
        atoms_init();
        atoms_there = true;
    }
    processes_init(max_processes);
    registry_init();
    process_hooks.visit_frames = actor_visit_frames;
    process_hooks.first_frame = actor_first_frame;
    sched_start(&(SchedOptions){.scheduler_count = schedulers, .run = actor_run});
    bool entered = thread_enter();
    actor_spawn(NULL, first, a, b, c);
    thread_leave(entered);
    int code = sched_wait();
    assert_true(sched_stop());
    entered = thread_enter();
    processes_finish();
    assert_int_equal(0, processes_count());
    thread_leave(entered);
    return code;
}

static inline int actors_run_with(WorldKind kind, unsigned schedulers, size_t max_processes,
                                  Actor *first, Term a, Term b, Term c)
{
    world_init(kind, NULL, NULL);
    return actors_run_in_world(schedulers, max_processes, first, a, b, c);
}

static inline int actors_run(unsigned schedulers, Actor *first, Term a, Term b, Term c)
{
    return actors_run_with(WORLD_REAL, schedulers, PROCESSES_DEFAULT, first, a, b, c);
}

/* The next message, or NULL with what to return in *wait. */
static inline Message *actor_receive(Process *p, RunResult *wait)
{
    Message *message = mailbox_peek(p);
    if (message == NULL) {
        *wait = p->flags & PROCESS_EXITING     ? RUN_EXITED
                : p->flags & PROCESS_SUSPENDED ? RUN_SUSPENDED
                                               : RUN_WAITING;
    }
    return message;
}

#endif
