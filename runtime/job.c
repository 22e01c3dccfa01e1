/* runtime/job.c: see job.h. */
#include "runtime/job.h"

#include "runtime/term/mem.h"
#include "runtime/term/ref.h"
#include "runtime/term/world.h"

#include <errno.h>

static Message *answer_message(Job *job)
{
    ArenaSpace *arena = arena_space_create();
    Space *space = arena_space(arena);
    Term answer = job->answer(job, space);
    if (answer == TERM_LIMIT) {
        answer = errno_result(space, ENOMEM);
    }
    Term ref = make_ref_of(space, job->ref_number, 0);
    Message *message = message_of(make_tuple2(space, ref, answer));
    if (message == NULL) {
        message = message_of(make_tuple2(space, ref, errno_result(space, ENOMEM)));
    }
    if (message == NULL) {
        machine_stop("no memory for the answer to a waiting process");
    }
    arena_space_destroy(arena);
    return message;
}

static void job_work(BlockingJob *blocking)
{
    Job *job = (Job *) blocking;
    job->work(job);
    job->message = job->answers_at_once ? answer_message(job) : NULL;
}

static void job_done(BlockingJob *blocking)
{
    Job *job = (Job *) blocking;
    process_send_message(job->pid, job->message != NULL ? job->message : answer_message(job));
    if (job->finish != NULL) {
        job->finish(job);
    } else {
        mem_free(job);
    }
}

Term job_start(Process *p, Job *job)
{
    job->blocking.work = job_work;
    job->blocking.done = job_done;
    job->pid = p->pid;
    job->ref_number = world_unique_number();
    mailbox_mark_number(p, job->ref_number); /* the answer is not among what waits already */
    reply_await(p, job->ref_number);
    blocking_submit(&job->blocking);
    return bif_wait_again(p);
}

/* ---- errors of the operating system ---- */

static const struct {
    int error;
    const char *name;
} errno_names[] = {
    {E2BIG, "e2big"},
    {EACCES, "eacces"},
    {EADDRINUSE, "eaddrinuse"},
    {EADDRNOTAVAIL, "eaddrnotavail"},
    {EAFNOSUPPORT, "eafnosupport"},
    {EAGAIN, "eagain"},
    {EALREADY, "ealready"},
    {EBADF, "ebadf"},
    {EBUSY, "ebusy"},
    {ECHILD, "echild"},
    {ECONNABORTED, "econnaborted"},
    {ECONNREFUSED, "econnrefused"},
    {ECONNRESET, "econnreset"},
    {EDEADLK, "edeadlk"},
    {EDOM, "edom"},
    {EDQUOT, "edquot"},
    {EEXIST, "eexist"},
    {EFAULT, "efault"},
    {EFBIG, "efbig"},
    {EHOSTUNREACH, "ehostunreach"},
    {EINPROGRESS, "einprogress"},
    {EINTR, "eintr"},
    {EINVAL, "einval"},
    {EIO, "eio"},
    {EISCONN, "eisconn"},
    {EISDIR, "eisdir"},
    {ELOOP, "eloop"},
    {EMFILE, "emfile"},
    {EMLINK, "emlink"},
    {EMSGSIZE, "emsgsize"},
    {ENAMETOOLONG, "enametoolong"},
    {ENETDOWN, "enetdown"},
    {ENETUNREACH, "enetunreach"},
    {ENFILE, "enfile"},
    {ENOBUFS, "enobufs"},
    {ENODEV, "enodev"},
    {ENOENT, "enoent"},
    {ENOEXEC, "enoexec"},
    {ENOLCK, "enolck"},
    {ENOMEM, "enomem"},
    {ENOSPC, "enospc"},
    {ENOSYS, "enosys"},
    {ENOTBLK, "enotblk"},
    {ENOTCONN, "enotconn"},
    {ENOTDIR, "enotdir"},
    {ENOTEMPTY, "eexist"},
    {ENOTSOCK, "enotsock"},
    {ENOTSUP, "enotsup"},
    {ENOTTY, "enotty"},
    {ENXIO, "enxio"},
    {EPERM, "eperm"},
    {EPIPE, "epipe"},
    {EPROTONOSUPPORT, "eprotonosupport"},
    {ERANGE, "erange"},
    {EROFS, "erofs"},
    {ESPIPE, "espipe"},
    {ESRCH, "esrch"},
    {ESTALE, "estale"},
    {ETIMEDOUT, "etimedout"},
    {ETXTBSY, "etxtbsy"},
    {EXDEV, "exdev"},
};

Term errno_atom(int error)
{
    for (size_t i = 0; i < COUNT_OF(errno_names); i++) {
        if (errno_names[i].error == error) {
            return atom_of(errno_names[i].name);
        }
    }
    return atom_of("unknown");
}

Term errno_result(Space *space, int error)
{
    return make_tuple2(space, ATOM_error, errno_atom(error));
}
