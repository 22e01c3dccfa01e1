/* tests/c/proc/village.h
 * Processes without a scheduler: the test itself plays each owner in turn. */
#ifndef MUSTER_TESTS_VILLAGE_H
#define MUSTER_TESTS_VILLAGE_H

#include "proc/process.h"
#include "proc/registry.h"
#include "proc/signal.h"
#include "proc/thread.h"
#include "runtime/term/compare.h"
#include "runtime/term/ref.h"
#include "runtime/term/world.h"
#include "tests/c/test.h"

static size_t village_woken;
static uint64_t village_cancelled_timer;

static void village_wake(Process *p)
{
    village_woken++;
}
static void village_visit_frames(Process *p, GcVisitor *visitor) {}
static void village_first_frame(Process *child, const SpawnOptions *options, const Term args[],
                                size_t count)
{
    for (size_t i = 0; i < COUNT_OF(child->saved); i++) {
        child->saved[i] = i < count ? args[i] : TERM_NIL;
    }
}
static void village_cancel_receive(Process *p) {}
static void village_cancel_timer(uint64_t number)
{
    village_cancelled_timer = number;
}

static inline void village_start(size_t most)
{
    static bool atoms_there;
    world_init(WORLD_SERIAL, NULL, NULL);
    if (!atoms_there) {
        atoms_init();
        atoms_there = true;
        thread_register();
    }
    processes_init(most);
    registry_init();
    process_hooks = (ProcessHooks){
        .visit_frames = village_visit_frames,
        .first_frame = village_first_frame,
        .wake = village_wake,
        .cancel_receive_timer = village_cancel_receive,
        .cancel_timer = village_cancel_timer,
    };
    village_woken = 0;
}

static inline void village_end(void)
{
    processes_finish();
    assert_int_equal(0, processes_count());
}

static inline Process *villager(Process *parent)
{
    SpawnOptions options;
    spawn_options_init(&options);
    options.group_leader = ATOM_undefined;
    return process_spawn(parent, &options, NULL, 0, NULL);
}

/* What the scheduler does after RUN_EXITED. */
static inline void village_bury(Process *p)
{
    while (!process_exit_step(p)) {
    }
}

static inline void village_die(Process *p, Term reason)
{
    process_exit(p, reason);
    village_bury(p);
}

/* Takes the next message; TERM_NONE when there is none. */
static inline Term village_receive(Process *p)
{
    Message *message = mailbox_peek(p);
    if (message == NULL) {
        return TERM_NONE;
    }
    Term value = message->value;
    mailbox_take(p);
    return value;
}

static inline Term village_element(Term tuple, size_t at)
{
    assert_true(term_is_tuple(tuple));
    assert_true(at < tuple_arity(tuple));
    return tuple_elements(tuple)[at];
}

static inline void village_assert_exit(Term message, Process *from, Term reason)
{
    assert_int_equal(3, tuple_arity(message));
    assert_true(village_element(message, 0) == ATOM_EXIT);
    assert_true(village_element(message, 1) == from->pid);
    assert_true(village_element(message, 2) == reason);
}

static inline void village_assert_down(Term message, Term ref, Term object, Term reason)
{
    assert_int_equal(5, tuple_arity(message));
    assert_true(village_element(message, 0) == ATOM_DOWN);
    assert_true(term_equal_exact(village_element(message, 1), ref));
    assert_true(village_element(message, 2) == ATOM_process);
    assert_true(village_element(message, 3) == object);
    assert_true(village_element(message, 4) == reason);
}

#endif
