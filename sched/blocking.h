/* sched/blocking.h
 * Work that may block or take long (files, name look-ups, foreign calls, collecting a huge heap)
 * runs on a pool of threads, made on demand up to a limit and ended when idle for some seconds.
 *
 * When a job is done its completion runs on a scheduler thread between two slices, in the order in
 * which jobs finished (in WORLD_SERIAL at fixed points). */
#ifndef MUSTER_SCHED_BLOCKING_H
#define MUSTER_SCHED_BLOCKING_H

#include "proc/process.h"

typedef struct BlockingJob BlockingJob;
struct BlockingJob {
    void (*work)(BlockingJob *job); /* on a pool thread; may block; touches no process, unless
                                       handed one by RUN_ELSEWHERE */
    void (*done)(BlockingJob *job); /* on a scheduler; may free the job. NULL: nothing */
    BlockingJob *next;
    Process *process; /* set by blocking_submit_for */
};
/* Any thread. The job's memory is the caller's and must stay until `done`, or, without, until the
 * work's last access. */
void blocking_submit(BlockingJob *job);
/* The common case: the process that returns RUN_ELSEWHERE after this comes back when the work is
 * done (done must be NULL; the job may lie anywhere that stays, such as malloc'd in p->saved). */
void blocking_submit_for(BlockingJob *job, Process *p);
/* A completion of another source: runs `done` on a scheduler. Any thread. */
void blocking_complete(BlockingJob *job);

void blocking_init(unsigned threads_most);
/* How long the threads that had place `index`, of at most 64, have worked on jobs. Any
 * thread. `*wall_ns`: since the start, at the same moment. */
uint64_t blocking_busy_ns(unsigned index, uint64_t *wall_ns);
/* Ends idle threads, waits a little for busy ones. True: all have ended. */
bool blocking_finish(void);
/* Runs completions that are there; returns how many. Scheduler only. */
size_t blocking_run_completions(void);
bool blocking_has_completions(void);
/* WORLD_SERIAL: gives jobs that are under way a moment to finish. */
void blocking_settle(void);

#endif
