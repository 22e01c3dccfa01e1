/* runtime/port_stream.h
 * Ports over descriptors: the pipes of a program, or descriptors that were there ({fd, In, Out}).
 * Reads as the poller says there is something, cuts what comes into packets or lines, queues what
 * cannot be written at once. */
#ifndef MUSTER_RUNTIME_PORT_STREAM_H
#define MUSTER_RUNTIME_PORT_STREAM_H

#include "runtime/bif_data.h"
#include "runtime/port.h"
#include "sched/blocking.h"
#include "sched/poller.h"

typedef enum Framing { FRAME_STREAM, FRAME_PACKET, FRAME_LINE } Framing;

typedef struct StreamOptions {
    Framing framing;
    unsigned header_bytes; /* FRAME_PACKET: 1, 2 or 4 */
    size_t line_most;      /* FRAME_LINE */
    bool as_binary, exit_status, eof, parallelism;
    size_t busy_low, busy_high; /* queued bytes; busy_high 0: never busy */
} StreamOptions;

/* The port of a stream that has no descriptors yet. NULL: too many ports. Takes over `label`. */
Port *stream_create(const StreamOptions *options, Term owner, char *label);
/* Its descriptors, from here on the port's own; -1: none. `shared`: others use them too, so they
 * are left as they are (blocking) and not closed. Lock held. */
void stream_start(Port *port, int in_fd, int out_fd, bool shared);
/* The program runs (its end will be told), or has ended with this status. Lock held. */
void stream_program_started(Port *port, int os_pid);
void stream_program_exited(Port *port, int status);
/* Takes back a port for which there will be no descriptors. Lock held. */
void stream_forget(Port *port);
/* How much went through all ports until now. Any thread. */
void port_stream_bytes(uint64_t *in, uint64_t *out);

#endif
