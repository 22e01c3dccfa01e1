/* runtime/bif_io.c
 * What the `user` and `standard_error` processes stand on, and erlang:display. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"
#include "runtime/job.h"
#include "runtime/output.h"
#include "sched/sched.h"

#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool output_fd(Term t, int *fd)
{
    *fd = t == term_small(2) ? 2 : 1;
    return t == term_small(1) || t == term_small(2);
}

/* Over so many bytes that nobody has read, writers wait. */
enum { PENDING_MOST = 1 << 20 };

/* muster_io:write(Fd, Iodata): ok | full | closed. `full`: wait before writing more. */
Term bif_io_write(Process *p, const Term args[])
{
    int fd;
    size_t size;
    void *scratch;
    const uint8_t *bytes = output_fd(args[0], &fd) ? iodata_view(args[1], &size, &scratch) : NULL;
    if (bytes == NULL) {
        return bif_badarg(p);
    }
    if (fd == 2) {
        output_flush(1); /* what is seen of both together comes in order */
    }
    output_add(fd, bytes, size);
    mem_free(scratch);
    bif_charge(p, size / 512);
    return !output_is_open(fd)                 ? ATOM_closed
           : output_pending(fd) > PENDING_MOST ? ATOM_full
                                               : ATOM_ok;
}

Term bif_io_flush(Process *p, const Term args[])
{
    int fd;
    if (!output_fd(args[0], &fd)) {
        return bif_badarg(p);
    }
    output_flush(fd);
    return ATOM_ok;
}

typedef struct IoJob {
    Job base;
    int fd;
    ssize_t size;
    int error;
    uint8_t bytes[8192];
} IoJob;

static IoJob *io_job(int fd)
{
    IoJob *job = mem_alloc(sizeof *job);
    job->base = (Job){0};
    job->fd = fd;
    return job;
}

static void wait_work(Job *base)
{
    output_wait(((IoJob *) base)->fd, PENDING_MOST / 2);
}

static Term wait_answer(Job *base, Space *space)
{
    return ATOM_ok;
}

/* muster_io:wait(Fd): until there is room again. */
Term bif_io_wait(Process *p, const Term args[])
{
    if (reply_is_awaited(p)) {
        return reply_take(p);
    }
    int fd;
    if (!output_fd(args[0], &fd)) {
        return bif_badarg(p);
    }
    IoJob *job = io_job(fd);
    job->base.work = wait_work;
    job->base.answer = wait_answer;
    return job_start(p, &job->base);
}

Term bif_io_is_terminal(Process *p, const Term args[])
{
    int64_t fd;
    return term_to_index(args[0], &fd) && fd <= 2 ? term_bool(isatty((int) fd)) : bif_badarg(p);
}

Term bif_io_is_at_line_start(Process *p, const Term args[])
{
    int fd;
    return output_fd(args[0], &fd) ? term_bool(output_is_at_line_start(fd)) : bif_badarg(p);
}

/* {Columns, Rows} | false */
Term bif_io_geometry(Process *p, const Term args[])
{
    int fd;
    struct winsize size;
    if (!output_fd(args[0], &fd)) {
        return bif_badarg(p);
    }
    if (ioctl(fd, TIOCGWINSZ, &size) != 0) {
        return ATOM_false;
    }
    return make_tuple2(bif_space(p), term_small(size.ws_col), term_small(size.ws_row));
}

/* ---- standard input ---- */

/* Looks now and then whether the machine ends: a read that nobody waits for must not hold it up. */
static void read_work(Job *base)
{
    IoJob *job = (IoJob *) base;
    struct pollfd poll_fd = {.fd = job->fd, .events = POLLIN};
    while (poll(&poll_fd, 1, 50) == 0) {
        if (sched_is_halting()) {
            job->size = 0;
            return;
        }
    }
    do {
        job->size = read(job->fd, job->bytes, sizeof job->bytes);
        job->error = errno;
    } while (job->size < 0 && job->error == EINTR);
}

static Term read_answer(Job *base, Space *space)
{
    IoJob *job = (IoJob *) base;
    return job->size > 0    ? make_binary(space, job->bytes, (size_t) job->size)
           : job->size == 0 ? ATOM_eof
                            : errno_result(space, job->error);
}

/* muster_io:read(0): some bytes | eof | {error, Reason}. */
Term bif_io_read(Process *p, const Term args[])
{
    if (reply_is_awaited(p)) {
        return reply_take(p);
    }
    if (args[0] != term_small(0)) {
        return bif_badarg(p);
    }
    IoJob *job = io_job(0);
    job->base.work = read_work;
    job->base.answer = read_answer;
    return job_start(p, &job->base);
}

/* ---- erlang:display ---- */

Term bif_display(Process *p, const Term args[])
{
    Text text = {0};
    term_print_display(&text, args[0]);
    text_add(&text, "\r\n", 2); /* also right in a terminal that is set to raw */
    output_add(1, text.bytes, text.size_bytes);
    output_flush(1);
    text_finish(&text);
    return ATOM_true;
}

static Term display_string(Process *p, int fd, Term string)
{
    size_t size;
    char *text =
        term_is_list(string) || term_is_binary(string) ? term_to_utf8(string, &size) : NULL;
    if (text == NULL) {
        return bif_badarg(p);
    }
    output_add(fd, text, size);
    output_flush(fd);
    mem_free(text);
    return ATOM_true;
}

Term bif_display_string1(Process *p, const Term args[])
{
    return display_string(p, 1, args[0]);
}

Term bif_display_string2(Process *p, const Term args[])
{
    return args[0] == ATOM_stdout   ? display_string(p, 1, args[1])
           : args[0] == ATOM_stderr ? display_string(p, 2, args[1])
                                    : bif_badarg(p);
}

Term bif_printable_range(Process *p, const Term args[])
{
    return ATOM_latin1;
}
