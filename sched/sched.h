/* sched/sched.h
 * Which process runs, where and when. One thread a scheduler; each has a ring of runnable processes
 * (others steal half), a slot for the process just woken, lists for other priorities, a timer
 * wheel; one overflow queue is shared. Idle schedulers park; one of them waits in the poller
 * instead.
 *
 * The interpreter is handed in as `run`: it executes a process until it yields, waits, ends or goes
 * elsewhere. The scheduler drains signals before each slice, so `run` begins with them handled.
 *
 * A process is in exactly one place: running, in a run queue, parked (its inbox says so), or
 * elsewhere (in the hands of who will call sched_resume). */
#ifndef MUSTER_SCHED_SCHED_H
#define MUSTER_SCHED_SCHED_H

#include "proc/process.h"
#include "proc/signal.h"

typedef struct Scheduler Scheduler;

typedef enum RunResult {
    RUN_YIELDED,   /* runnable, reductions used up */
    RUN_WAITING,   /* mailbox_peek gave NULL: park until something arrives (or the timer fires) */
    RUN_EXITED,    /* p->flags has PROCESS_EXITING, the reason is p->exception_reason */
    RUN_SUSPENDED, /* p->flags has PROCESS_SUSPENDED */
    /* Handed over; `run` did not touch it since. sched_resume brings it back. Add what was used of
     * the slice to p->reductions_done before handing over: the scheduler cannot. */
    RUN_ELSEWHERE,
} RunResult;

typedef struct SchedOptions {
    unsigned
        scheduler_count;    /* 0: one for each processor this process may use. 1 in other worlds */
    unsigned blocking_most; /* threads of the blocking pool; 0: 16 */
    RunResult (*run)(Scheduler *scheduler, Process *p);
    /* On each scheduler's thread, before the first and after the last slice. May be NULL. */
    void (*thread_started)(Scheduler *scheduler);
    void (*thread_stopping)(Scheduler *scheduler);
    /* In sched_stop, when all other threads have ended: ends what would have gone on, such as
     * reading a descriptor. What jobs left to be done is done next. Inside an epoch. May be NULL.
     */
    void (*winding_up)(void);
} SchedOptions;

/* After world_init, atoms_init, processes_init, registry_init and setting process_hooks (wake and
 * the timer hooks are set here). Starts the threads. The calling thread is not a scheduler. */
void sched_start(const SchedOptions *options);
/* Asks for the end with this exit code; returns at once. The first call wins. Any thread. */
void sched_halt(int exit_code);
/* Blocks a host thread until sched_halt was called; returns the code. */
int sched_wait(void);
bool sched_is_halting(void);
/* Ends all scheduler, poller and pool threads (joins them) after sched_halt. Processes are left as
 * they are, for processes_finish. Not from a scheduler. A job that blocks for ever is left behind:
 * then do not free anything, but end the program. True: all threads are gone. */
bool sched_stop(void);
/* For who ends the program next, after sched_halt: ends the schedulers, but leaves what is left of
 * the pool's jobs, and gives up on who is still in a long C function after `timeout_ns`. */
void sched_leave(uint64_t timeout_ns);

/* ---- for the interpreter and built-ins ---- */

/* The scheduler of this thread, or NULL. */
extern _Thread_local Scheduler *sched_current __attribute__((tls_model("initial-exec")));
unsigned sched_count(void);
/* From 0. */
unsigned sched_index(const Scheduler *scheduler);
/* How many threads the blocking pool has at most. */
unsigned sched_blocking_most(void);
/* Schedulers that take work: system_flag(schedulers_online). The rest park. */
unsigned sched_online(void);
void sched_set_online(unsigned count);

/* Makes a new process runnable. */
void sched_spawned(Process *p);
/* Makes a process runnable whose parked mark was cleared (PUSH_WAKE). = process_hooks.wake. */
void sched_wake(Process *p);
/* Brings back a process whose run returned (or is about to return) RUN_ELSEWHERE. Any thread, once
 * for each RUN_ELSEWHERE. */
void sched_resume(Process *p);
/* Whether the process, in whose context the caller is, is inside `run`: false when it is at rest,
 * between two of its slices, and its frames and registers are saved. */
bool sched_is_executing(const Process *p);
/* Whether the caller, on a scheduler, may take `for_ns` more than it should without anyone noticing:
 * nobody waits here, no timer is due here until then, and another scheduler sleeps, who sees to
 * what comes up meanwhile. */
bool sched_may_linger(uint64_t for_ns);
/* erlang:yield and long built-ins: the current slice is used up. */
static inline void sched_end_slice(Process *p)
{
    p->reductions = 0;
}

/* ---- figures ---- */

typedef struct SchedStats {
    uint64_t slices;         /* context switches */
    uint64_t reductions;     /* in finished slices */
    uint64_t busy_ns;        /* awake: not parked */
    uint64_t wall_ns;        /* since the start, at the same moment */
    uint64_t steals, stolen; /* successful steals, processes taken */
    uint64_t parks, wakes;
    uint64_t timers_fired;
    uint64_t spawned;
    uint64_t messages;   /* and signals, sent from here; a little old */
    size_t queue_length; /* runnable here now */
} SchedStats;
/* Of one scheduler. Any thread; counts are relaxed reads. */
void sched_stats(unsigned index, SchedStats *out);
/* Runnable processes of all queues (statistics(run_queue)), the overflow queue included. */
size_t sched_queue_length(void);
/* Sums: statistics(context_switches), (reductions). The slice in progress is not counted. */
uint64_t sched_context_switches(void);
uint64_t sched_reductions(void);
/* Time since start (statistics(wall_clock)), in ns. */
uint64_t sched_wall_ns(void);

/* Last events of each scheduler, to stderr: for check_failed_hook. */
void sched_dump(void);

#endif
