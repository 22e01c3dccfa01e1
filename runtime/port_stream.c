/* runtime/port_stream.c
 * Descriptors of our own are non-blocking. Shared ones are left as they are: each read and write is
 * preceded by poll(2), and writes at most PIPE_BUF bytes.
 *
 * Regular files cannot be polled (EPERM): they are always ready for writing, and are read piece by
 * piece on the blocking pool.
 *
 * When the end of the input has been seen, the port ends; with exit_status only after the program
 * has told its status, which is sent before the last line and `eof`. */
#include "runtime/port_stream.h"

#include "runtime/job.h"
#include "proc/thread.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

enum { READ_BYTES = 65536 };

typedef struct StreamPort {
    Port port; /* first */
    StreamOptions options;
    int in_fd, out_fd; /* -1: none, or closed */
    Watch *in_watch, *out_watch;
    bool in_own, out_own; /* to be closed at the end */
    bool shared, started, ended, has_status, waits_for_status, retired;
    bool job_runs; /* a read of a file is under way */
    int job_fd;
    int status;
    BlockingJob job;
    uint8_t *job_bytes;
    ssize_t job_got;
    int job_error;
    /* What came and makes no packet or line yet. */
    uint8_t *partial;
    size_t partial_size, partial_capacity;
    bool held_return; /* a '\r' that may belong to the end of the line */
    /* What has not been written: out[out_start..out_end). */
    uint8_t *out;
    size_t out_start, out_end, out_capacity;
} StreamPort;

static size_t queued(const Port *port)
{
    const StreamPort *stream = (const StreamPort *) port;
    return stream->out_end - stream->out_start;
}

/* ---- what came ---- */

static void send_data(StreamPort *stream, Term tag, const uint8_t *bytes, size_t size)
{
    Port *port = &stream->port;
    if (!port->closed && !port_send_data(port, tag, bytes, size, !stream->options.as_binary)) {
        port_exit(port, ATOM_enomem);
    }
}

static void partial_add(StreamPort *stream, const uint8_t *bytes, size_t size)
{
    if (stream->partial_capacity - stream->partial_size < size) {
        size_t capacity = (stream->partial_size + size) * 2 + 64;
        stream->partial = mem_realloc(stream->partial, capacity);
        stream->partial_capacity = capacity;
    }
    if (size > 0) {
        memcpy(stream->partial + stream->partial_size, bytes, size);
    }
    stream->partial_size += size;
}

static void send_partial(StreamPort *stream, Term tag)
{
    send_data(stream, tag, stream->partial, stream->partial_size);
    stream->partial_size = 0;
}

/* Bytes of a line, without its end. A piece is sent only when something follows it. */
static void line_add(StreamPort *stream, const uint8_t *bytes, size_t size)
{
    size_t most = stream->options.line_most;
    while (size > 0) {
        if (stream->partial_size == most) {
            send_partial(stream, ATOM_noeol);
        }
        size_t room = most - stream->partial_size;
        size_t piece = size < room ? size : room;
        partial_add(stream, bytes, piece);
        bytes += piece;
        size -= piece;
    }
}

static void release_return(StreamPort *stream)
{
    if (stream->held_return) {
        stream->held_return = false;
        line_add(stream, (const uint8_t *) "\r", 1);
    }
}

/* A whole line, or what there is of one. */
static void line_piece(StreamPort *stream, const uint8_t *bytes, size_t size, bool is_end)
{
    if (size > 0) {
        release_return(stream);
        bool has_return = bytes[size - 1] == '\r';
        size -= has_return;
        if (is_end && stream->partial_size == 0 && size <= stream->options.line_most) {
            send_data(stream, ATOM_eol, bytes, size);
            return;
        }
        line_add(stream, bytes, size);
        stream->held_return = has_return;
    }
    if (is_end) {
        stream->held_return = false;
        send_partial(stream, ATOM_eol);
    }
}

static void input_lines(StreamPort *stream, const uint8_t *bytes, size_t size)
{
    while (size > 0 && !stream->port.closed) {
        const uint8_t *end = memchr(bytes, '\n', size);
        size_t piece = end != NULL ? (size_t) (end - bytes) : size;
        line_piece(stream, bytes, piece, end != NULL);
        piece += end != NULL;
        bytes += piece;
        size -= piece;
    }
}

static size_t packet_length(const uint8_t *header, unsigned header_bytes)
{
    size_t length = 0;
    for (unsigned i = 0; i < header_bytes; i++) {
        length = length << 8 | header[i];
    }
    return length;
}

static void input_packets(StreamPort *stream, const uint8_t *bytes, size_t size)
{
    unsigned header = stream->options.header_bytes;
    while (size > 0 && !stream->port.closed) {
        if (stream->partial_size == 0 && size >= header) {
            size_t length = packet_length(bytes, header);
            if (size - header >= length) {
                send_data(stream, TERM_NONE, bytes + header, length);
                bytes += header + length;
                size -= header + length;
                continue;
            }
        }
        size_t want = stream->partial_size < header
                          ? header - stream->partial_size
                          : header + packet_length(stream->partial, header) - stream->partial_size;
        size_t piece = size < want ? size : want;
        partial_add(stream, bytes, piece);
        bytes += piece;
        size -= piece;
        if (stream->partial_size >= header &&
            stream->partial_size == header + packet_length(stream->partial, header)) {
            send_data(stream, TERM_NONE, stream->partial + header, stream->partial_size - header);
            stream->partial_size = 0;
        }
    }
}

static volatile AO_t all_input_bytes, all_output_bytes; /* of all ports, ever; relaxed */

void port_stream_bytes(uint64_t *in, uint64_t *out)
{
    *in = AO_load(&all_input_bytes);
    *out = AO_load(&all_output_bytes);
}

static void input(StreamPort *stream, const uint8_t *bytes, size_t size)
{
    stream->port.input_bytes += size;
    AO_fetch_and_add(&all_input_bytes, size);
    switch (stream->options.framing) {
    case FRAME_STREAM:
        send_data(stream, TERM_NONE, bytes, size);
        break;
    case FRAME_PACKET:
        input_packets(stream, bytes, size);
        break;
    case FRAME_LINE:
        input_lines(stream, bytes, size);
        break;
    }
}

/* ---- descriptors ---- */

static void close_fd(int *fd, Watch **watch, bool own)
{
    if (*watch != NULL) {
        poller_remove(*watch);
        *watch = NULL;
    }
    if (*fd >= 0 && own) {
        close(*fd);
    }
    *fd = -1;
}

static void maybe_retire(StreamPort *stream)
{
    if (stream->port.closed && stream->started && stream->out_fd < 0 && !stream->job_runs &&
        !stream->retired) {
        stream->retired = true;
        port_retire(&stream->port);
    }
}

static void note_queue(StreamPort *stream, bool was_empty)
{
    bool is_empty = queued(&stream->port) == 0;
    if (was_empty != is_empty) {
        ports_note_flushing(is_empty ? -1 : 1);
    }
}

static void drop_queue(StreamPort *stream)
{
    bool was_empty = queued(&stream->port) == 0;
    stream->out_start = stream->out_end = 0;
    note_queue(stream, was_empty);
}

static void close_out(StreamPort *stream)
{
    drop_queue(stream);
    close_fd(&stream->out_fd, &stream->out_watch, stream->out_own);
}

/* The port has ended. What is queued goes out first. */
static void close_stream(Port *port)
{
    StreamPort *stream = (StreamPort *) port;
    close_fd(&stream->in_fd, &stream->in_watch, stream->in_own);
    if (queued(port) == 0) {
        close_out(stream);
    }
    maybe_retire(stream);
}

static void abandon(Port *port)
{
    StreamPort *stream = (StreamPort *) port;
    drop_queue(stream);
    close_stream(port);
}

static void destroy(Port *port)
{
    StreamPort *stream = (StreamPort *) port;
    mem_free(stream->partial);
    mem_free(stream->out);
    mem_free(stream->job_bytes);
    mem_free(stream);
}

/* ---- the end of the input ---- */

static void finish_input(StreamPort *stream)
{
    Port *port = &stream->port;
    if (stream->has_status && stream->options.exit_status) {
        port_send(port, port->owner, ATOM_exit_status, term_small(stream->status));
    }
    if (stream->options.framing == FRAME_LINE) {
        release_return(stream);
        if (stream->partial_size > 0) {
            send_partial(stream, ATOM_noeol);
        }
    }
    if (port->closed) {
        return;
    }
    if (stream->options.eof) {
        port_send(port, port->owner, ATOM_eof, TERM_NONE);
    } else {
        port_exit(port, ATOM_normal);
    }
}

static void input_ended(StreamPort *stream)
{
    close_fd(&stream->in_fd, &stream->in_watch, stream->in_own);
    stream->ended = true;
    if (!stream->waits_for_status) {
        finish_input(stream);
    }
}

void stream_program_started(Port *port, int os_pid)
{
    port->os_pid = os_pid;
    ((StreamPort *) port)->waits_for_status = ((StreamPort *) port)->options.exit_status;
}

void stream_program_exited(Port *port, int status)
{
    StreamPort *stream = (StreamPort *) port;
    stream->has_status = true;
    stream->status = status;
    if (stream->waits_for_status) {
        stream->waits_for_status = false;
        if (stream->ended) {
            finish_input(stream);
        }
    }
}

/* ---- reading ---- */

static void start_file_read(StreamPort *stream);

static bool is_ready(int fd, short events)
{
    struct pollfd poll_fd = {.fd = fd, .events = events};
    return poll(&poll_fd, 1, 0) == 1;
}

/* What one read gave. */
static void took(StreamPort *stream, const uint8_t *bytes, ssize_t got, int error)
{
    if (got > 0) {
        input(stream, bytes, (size_t) got);
    } else if (got == 0 || error == EIO) { /* a terminal whose other side went gives EIO */
        input_ended(stream);
    } else if (error != EAGAIN && error != EINTR) {
        port_exit(&stream->port, errno_atom(error));
    }
}

static void in_ready(Watch *watch, unsigned events, void *state)
{
    StreamPort *stream = state;
    uint8_t bytes[READ_BYTES];
    lock_acquire(&stream->port.lock);
    if (stream->in_fd >= 0 && stream->in_watch == watch) {
        ssize_t got = -1;
        errno = EAGAIN;
        if (!stream->shared || is_ready(stream->in_fd, POLLIN)) {
            got = read(stream->in_fd, bytes, sizeof bytes);
        }
        took(stream, bytes, got, errno);
    }
    if (stream->in_watch == watch) {
        poller_arm(watch, POLL_READ);
    }
    lock_release(&stream->port.lock);
}

static void file_read_work(BlockingJob *job)
{
    StreamPort *stream = (StreamPort *) ((char *) job - offsetof(StreamPort, job));
    stream->job_got = read(stream->job_fd, stream->job_bytes, READ_BYTES);
    stream->job_error = errno;
}

static void file_read_done(BlockingJob *job)
{
    StreamPort *stream = (StreamPort *) ((char *) job - offsetof(StreamPort, job));
    lock_acquire(&stream->port.lock);
    stream->job_runs = false;
    if (!stream->port.closed) {
        took(stream, stream->job_bytes, stream->job_got, stream->job_error);
    }
    if (stream->in_fd >= 0) {
        start_file_read(stream);
    }
    maybe_retire(stream);
    lock_release(&stream->port.lock);
}

static void start_file_read(StreamPort *stream)
{
    if (stream->job_bytes == NULL) {
        stream->job_bytes = mem_alloc(READ_BYTES);
    }
    stream->job_runs = true;
    stream->job_fd = stream->in_fd;
    stream->job = (BlockingJob){.work = file_read_work, .done = file_read_done};
    blocking_submit(&stream->job);
}

/* ---- writing ---- */

/* Writes some; how many bytes. -1: broken, errno says why. */
static ssize_t write_some(const StreamPort *stream, const uint8_t *bytes, size_t size)
{
    if (stream->shared && stream->out_watch != NULL) {
        if (!is_ready(stream->out_fd, POLLOUT)) {
            return 0;
        }
        size = size < PIPE_BUF ? size : PIPE_BUF;
    }
    ssize_t written = write(stream->out_fd, bytes, size);
    return written < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : written;
}

/* As much as goes now. False: broken. */
static bool write_now(const StreamPort *stream, const uint8_t *bytes, size_t size, size_t *done)
{
    *done = 0;
    while (*done < size) {
        ssize_t written = write_some(stream, bytes + *done, size - *done);
        if (written < 0) {
            return false;
        }
        if (written == 0) {
            return true;
        }
        *done += (size_t) written;
    }
    return true;
}

static void queue(StreamPort *stream, const uint8_t *bytes, size_t size)
{
    bool was_empty = queued(&stream->port) == 0;
    if (was_empty) {
        stream->out_start = stream->out_end = 0;
    }
    if (stream->out_capacity - stream->out_end < size) {
        size_t pending = queued(&stream->port);
        size_t capacity = (pending + size) * 2 + 4096;
        uint8_t *room = mem_alloc(capacity);
        if (pending > 0) {
            memcpy(room, stream->out + stream->out_start, pending);
        }
        mem_free(stream->out);
        stream->out = room;
        stream->out_capacity = capacity;
        stream->out_start = 0;
        stream->out_end = pending;
    }
    if (size > 0) {
        memcpy(stream->out + stream->out_end, bytes, size);
    }
    stream->out_end += size;
    note_queue(stream, was_empty);
}

static void write_failed(StreamPort *stream, int error)
{
    close_out(stream);
    if (!stream->port.closed) {
        port_exit(&stream->port, errno_atom(error));
    }
    maybe_retire(stream);
}

static void out_ready(Watch *watch, unsigned events, void *state)
{
    StreamPort *stream = state;
    Port *port = &stream->port;
    lock_acquire(&port->lock);
    if (events & POLL_GONE) { /* it was closed, and what was queued had not gone out */
        close_out(stream);
        maybe_retire(stream);
    } else if (stream->out_watch == watch && queued(port) > 0) {
        size_t done;
        bool was_empty = false;
        if (!write_now(stream, stream->out + stream->out_start, queued(port), &done)) {
            write_failed(stream, errno);
        } else {
            stream->out_start += done;
            note_queue(stream, was_empty);
            if (queued(port) > 0) {
                poller_arm(watch, POLL_WRITE);
            } else if (port->closed) {
                close_out(stream);
                maybe_retire(stream);
            }
            if (!port->closed && port->busy && queued(port) <= stream->options.busy_low) {
                port_not_busy(port);
            }
        }
    }
    lock_release(&port->lock);
}

/* Out or to the queue. False: the port has ended. */
static bool put(StreamPort *stream, const uint8_t *bytes, size_t size)
{
    size_t done = 0;
    if (stream->started && queued(&stream->port) == 0 && !write_now(stream, bytes, size, &done)) {
        write_failed(stream, errno);
        return false;
    }
    if (done < size) {
        queue(stream, bytes + done, size - done);
        if (stream->out_watch != NULL) {
            poller_arm(stream->out_watch, POLL_WRITE);
        }
    }
    return true;
}

static void output(Port *port, const uint8_t *bytes, size_t size)
{
    StreamPort *stream = (StreamPort *) port;
    if (stream->out_fd < 0 && stream->started) {
        port_exit(port, ATOM_ebadf);
        return;
    }
    if (stream->options.framing == FRAME_PACKET) {
        unsigned header_bytes = stream->options.header_bytes;
        uint8_t header[4];
        if (size >> (8 * header_bytes) != 0) {
            port_exit(port, ATOM_einval);
            return;
        }
        for (unsigned i = 0; i < header_bytes; i++) {
            header[i] = (uint8_t) (size >> (8 * (header_bytes - 1 - i)));
        }
        if (!put(stream, header, header_bytes)) {
            return;
        }
    }
    port->output_bytes += size;
    AO_fetch_and_add(&all_output_bytes, size);
    if (put(stream, bytes, size) && stream->options.busy_high != 0 &&
        queued(port) >= stream->options.busy_high) {
        port->busy = true;
    }
}

/* ---- making ---- */

static const PortKind stream_kind = {output, close_stream, queued, abandon, destroy};

Port *stream_create(const StreamOptions *options, Term owner, char *label)
{
    StreamPort *stream = mem_alloc_zero(sizeof *stream);
    stream->options = *options;
    stream->in_fd = stream->out_fd = -1;
    if (!port_open(&stream->port, &stream_kind, owner, label)) {
        mem_free(stream);
        return NULL;
    }
    stream->port.parallelism = options->parallelism;
    return &stream->port;
}

void stream_forget(Port *port)
{
    StreamPort *stream = (StreamPort *) port;
    stream->started = true;
    drop_queue(stream);
    if (!port->closed) {
        port_forget(port);
    }
    maybe_retire(stream);
}

/* Adds a watch; of a copy of the descriptor when another watch has it. False: there is no such
 * descriptor. A file has no watch. */
static bool watch(StreamPort *stream, int *fd, bool *own, WatchReady *ready, Watch **out)
{
    *out = poller_add(*fd, ready, stream);
    if (*out == NULL && errno == EEXIST) {
        int copy = fcntl(*fd, F_DUPFD_CLOEXEC, 0);
        if (copy >= 0) {
            *fd = copy;
            *own = true;
            *out = poller_add(copy, ready, stream);
        }
    }
    return *out != NULL || errno == EPERM;
}

void stream_start(Port *port, int in_fd, int out_fd, bool shared)
{
    StreamPort *stream = (StreamPort *) port;
    stream->started = true;
    stream->shared = shared;
    stream->in_own = stream->out_own = !shared;
    stream->in_fd = in_fd;
    stream->out_fd = out_fd;
    bool good = true;
    if (port->closed) {
        close_stream(port);
        return;
    }
    if (out_fd >= 0) {
        good = watch(stream, &stream->out_fd, &stream->out_own, out_ready, &stream->out_watch);
    }
    if (good && in_fd >= 0) {
        good = watch(stream, &stream->in_fd, &stream->in_own, in_ready, &stream->in_watch);
    }
    if (!good) {
        port_exit(port, errno_atom(errno));
        return;
    }
    if (stream->in_watch != NULL) {
        poller_arm(stream->in_watch, POLL_READ);
    } else if (in_fd >= 0) {
        start_file_read(stream);
    }
    if (stream->out_watch != NULL && queued(port) > 0) {
        poller_arm(stream->out_watch, POLL_WRITE);
    }
}
