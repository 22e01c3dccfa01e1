/* runtime/output.c
 * poll(2) before each write of at most PIPE_BUF bytes: then a pipe or a terminal takes it without
 * blocking. O_NONBLOCK is not used: it would change the descriptor for all that share it.
 *
 *   everything in Output   any thread, under its lock; `drained` is signalled by the job
 *
 * While a job drains an Output, it alone writes, with the lock released. */
#include "runtime/output.h"

#include "proc/atomic.h"
#include "runtime/term/mem.h"
#include "sched/blocking.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Output {
    BlockingJob job; /* first */
    pthread_mutex_t lock;
    pthread_cond_t drained;
    int fd;
    uint8_t *bytes;
    size_t start, end, capacity; /* what is pending: bytes[start..end) */
    size_t in_job;               /* taken by the job */
    bool job_runs, closed, is_file, known;
    bool in_line; /* the last byte added was no end of a line */
} Output;

static Output outputs[] = {
    {.lock = PTHREAD_MUTEX_INITIALIZER, .drained = PTHREAD_COND_INITIALIZER, .fd = 1},
    {.lock = PTHREAD_MUTEX_INITIALIZER, .drained = PTHREAD_COND_INITIALIZER, .fd = 2},
};

static Output *output_lock(int fd)
{
    Output *output = &outputs[fd == 2];
    pthread_mutex_lock(&output->lock);
    if (!output->known) {
        struct stat status;
        output->known = true;
        output->is_file = fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
    }
    return output;
}

static void output_unlock(Output *output)
{
    pthread_mutex_unlock(&output->lock);
}

void output_init(void)
{
    /* A descriptor that we open must not take the place of a standard one that is closed. One that
     * is only open for reading refuses what is written, as a closed one does. */
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) < 0) {
            break;
        }
    }
    signal(SIGPIPE, SIG_IGN); /* who writes hears of it */
}

static volatile AO_t all_bytes; /* added ever; relaxed */

uint64_t output_bytes(void)
{
    return AO_load(&all_bytes);
}

static void append(Output *output, const void *bytes, size_t size)
{
    if (output->closed || size == 0) {
        return;
    }
    if (output->start == output->end) {
        output->start = output->end = 0;
    }
    if (output->capacity - output->end < size) {
        size_t pending = output->end - output->start;
        size_t capacity = (pending + size) * 2 + 4096;
        uint8_t *room = mem_alloc(capacity);
        if (pending > 0) {
            memcpy(room, output->bytes + output->start, pending);
        }
        mem_free(output->bytes);
        output->bytes = room;
        output->capacity = capacity;
        output->start = 0;
        output->end = pending;
    }
    AO_fetch_and_add(&all_bytes, size);
    memcpy(output->bytes + output->end, bytes, size);
    output->end += size;
}

static void close_it(Output *output)
{
    output->closed = true;
    output->start = output->end = 0;
}

/* True: it takes some bytes now. */
static bool is_writable(const Output *output)
{
    struct pollfd poll_fd = {.fd = output->fd, .events = POLLOUT};
    return output->is_file || poll(&poll_fd, 1, 0) == 1;
}

static void drain(BlockingJob *job);

/* Writes what can be written now. Under the lock. */
static void push(Output *output)
{
    while (!output->job_runs && output->start < output->end) {
        if (!is_writable(output)) {
            output->job_runs = true;
            output->job.work = drain;
            blocking_submit(&output->job);
            return;
        }
        size_t size = output->end - output->start;
        if (!output->is_file && size > PIPE_BUF) {
            size = PIPE_BUF;
        }
        ssize_t written = write(output->fd, output->bytes + output->start, size);
        if (written >= 0) {
            output->start += (size_t) written;
        } else if (errno != EINTR && errno != EAGAIN) {
            close_it(output);
        }
    }
}

/* Writes all of it, blocking. */
static bool write_all(int fd, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(fd, bytes, size);
        if (written >= 0) {
            bytes += written;
            size -= (size_t) written;
        } else if (errno == EAGAIN) {
            struct pollfd poll_fd = {.fd = fd, .events = POLLOUT};
            poll(&poll_fd, 1, -1);
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

/* Under the lock, which it releases while it writes. */
static void drain_locked(Output *output)
{
    while (output->start < output->end) {
        uint8_t *bytes = output->bytes;
        size_t start = output->start, size = output->end - start;
        output->bytes = NULL;
        output->start = output->end = output->capacity = 0;
        output->in_job = size;
        output_unlock(output);
        bool ok = write_all(output->fd, bytes + start, size);
        mem_free(bytes);
        pthread_mutex_lock(&output->lock);
        output->in_job = 0;
        if (!ok) {
            close_it(output);
        }
        pthread_cond_broadcast(&output->drained);
    }
}

static void drain(BlockingJob *job)
{
    Output *output = (Output *) job;
    pthread_mutex_lock(&output->lock);
    drain_locked(output);
    output->job_runs = false;
    pthread_cond_broadcast(&output->drained);
    output_unlock(output);
}

void output_add(int fd, const void *bytes, size_t size_bytes)
{
    Output *output = output_lock(fd);
    append(output, bytes, size_bytes);
    if (size_bytes > 0) {
        output->in_line = ((const char *) bytes)[size_bytes - 1] != '\n';
    }
    if (output->end - output->start >= 32 * 1024) {
        push(output);
    }
    output_unlock(output);
}

void output_flush(int fd)
{
    Output *output = output_lock(fd);
    push(output);
    output_unlock(output);
}

bool output_is_at_line_start(int fd)
{
    Output *output = output_lock(fd);
    bool result = !output->in_line;
    output_unlock(output);
    return result;
}

size_t output_pending(int fd)
{
    Output *output = output_lock(fd);
    size_t pending = output->end - output->start + output->in_job;
    output_unlock(output);
    return pending;
}

bool output_is_open(int fd)
{
    Output *output = output_lock(fd);
    bool open = !output->closed;
    output_unlock(output);
    return open;
}

void output_wait(int fd, size_t most)
{
    Output *output = output_lock(fd);
    push(output);
    while (output->job_runs && output->end - output->start + output->in_job >= most) {
        pthread_cond_wait(&output->drained, &output->lock);
    }
    output_unlock(output);
}

void output_finish(void)
{
    for (int fd = 1; fd <= 2; fd++) {
        Output *output = output_lock(fd);
        while (output->job_runs) {
            pthread_cond_wait(&output->drained, &output->lock);
        }
        output->job_runs = true; /* nobody else writes now */
        drain_locked(output);
        output->job_runs = false;
        output_unlock(output);
    }
}
