/* runtime/job.h
 * Built-ins that wait for something that may block: the work runs on the blocking pool, the answer
 * comes back as a reply, for which the process waits without holding up its scheduler.
 *
 *     Term bif_read(Process *p, const Term args[])
 *     {
 *         if (reply_is_awaited(p)) {
 *             return reply_take(p);
 *         }
 *         … check the arguments, fill a job with copies of them …
 *         return job_start(p, &job->base);
 *     } */
#ifndef MUSTER_RUNTIME_JOB_H
#define MUSTER_RUNTIME_JOB_H

#include "runtime/bif_process.h"
#include "sched/blocking.h"

/* Embedded as the first member of what the job needs. */
typedef struct Job Job;
struct Job {
    BlockingJob blocking; /* first */
    Term pid;
    uint64_t ref_number;
    void (*work)(Job *job);                 /* on a pool thread; touches no process */
    Term (*answer)(Job *job, Space *space); /* afterwards, on a scheduler: builds the result */
    bool answers_at_once;                   /* on the pool, instead: it can be large */
    Message *message;                       /* it, then */
    void (*finish)(Job *job);               /* frees the job; NULL: mem_free */
};
/* Submits it. The job must have been allocated by mem_alloc; it is the machine's from now on.
 * Returns TERM_TRAP. */
Term job_start(Process *p, Job *job);

/* {error, Reason} with the name of an errno value, such as enoent. */
Term errno_atom(int error);
Term errno_result(Space *space, int error);

#endif
