/* runtime/port.h
 * Ports: what is outside (a program, a descriptor) as something that processes send to, link to and
 * monitor. This file keeps who they are and who hears of them; how bytes move is the business of a
 * PortKind (port_stream.c).
 *
 * A port belongs to no thread: whoever acts on it holds its lock, for a short time and without
 * blocking. What one process does to a port takes effect in order, and so do a port's messages.
 *
 *   field            written by              read by
 *   self, kind       port_open               anyone
 *   everything else  who holds the lock      who holds the lock
 *
 * The table of ports has a lock of its own, which may be taken with a port's lock held, never the
 * other way round. A Port found stays readable until the reader's next quiescent point
 * (proc/thread.h), open or closed. */
#ifndef MUSTER_RUNTIME_PORT_H
#define MUSTER_RUNTIME_PORT_H

#include "proc/signal.h"
#include "runtime/term/space.h"

typedef struct Port Port;

/* All are called with the port's lock held. */
typedef struct PortKind {
    /* Bytes for the outside. May end the port (port_exit). */
    void (*output)(Port *port, const uint8_t *bytes, size_t size);
    /* The port has ended: stop reading. What is queued may still go out; call port_retire when all
     * is done. */
    void (*close)(Port *port);
    size_t (*queued_bytes)(const Port *port);
    /* The machine ends, and only this thread is left: as close, but nothing goes out any more. */
    void (*abandon)(Port *port);
    /* Nobody can hold the port any more: frees it. */
    void (*destroy)(Port *port);
} PortKind;

typedef struct PortMonitor {
    uint64_t number;
    Term watcher; /* pid */
    Term name;    /* by which it was watched, or TERM_NONE */
    bool aliased;
} PortMonitor;

/* A process that waits until the port is no longer busy (job.h: it awaits this reply). */
typedef struct PortWaiter {
    Term pid;
    uint64_t ref_number;
} PortWaiter;

struct Port {
    Lock lock;
    bool closed, busy;
    bool parallelism;
    Term self;
    const PortKind *kind;
    Term owner;           /* pid */
    Term registered_name; /* atom, or TERM_NONE */
    char *label;          /* port_info(name): UTF-8, mem_alloc'd */
    int os_pid;           /* 0: none */
    uint64_t input_bytes, output_bytes;
    Message *data; /* port_set_data: a holder of the term, or NULL */
    Term *links;
    PortMonitor *monitors;
    PortWaiter *waiters;
    uint32_t link_count, link_capacity, monitor_count, monitor_capacity, waiter_count,
        waiter_capacity;
    Port *next; /* in the table */
};

enum { PORTS_MOST = 65536 };

void ports_init(void);
/* When only this thread is left: ends all ports without telling anyone. */
void ports_finish(void);
/* Fills in the common part and enters the port into the table. Takes over `label`, also when it
 * fails. False: there are too many ports. */
bool port_open(Port *port, const PortKind *kind, Term owner, char *label);
/* The open port of that name, locked; NULL: there is none. `port_or_name`: a port or an atom. */
Port *port_lock(Term port_or_name);
void port_unlock(Port *port);
/* Takes a port that was never used out again, with no word to anyone. Lock held; kind->close and
 * port_retire are the caller's. */
void port_forget(Port *port);
/* Ends the port: tells links, monitors and who waits. Lock held, once. */
void port_exit(Port *port, Term reason);
/* The last use of a closed port has ended. */
void port_retire(Port *port);

/* A signal to a port, as process_hooks.port_signal. */
bool port_signal(Term port, Message *message);
/* Port ! Message of the process `from`. False: the port is busy, and nothing was done. */
bool port_message(Port *port, Term message);
/* Links without telling: the process knows. */
void port_add_link(Port *port, Term pid);
void port_remove_link(Port *port, Term pid);
/* register/2 and unregister/1. False: badarg. */
bool port_register(Term name, Term port);
void port_unregistered(Term port, Term name);
/* Waits for the port to be less busy: `ref_number` is what the process awaits. */
void port_wait(Port *port, Term pid, uint64_t ref_number);
/* Not busy any more: who waits goes on. */
void port_not_busy(Port *port);

/* {Port, {data, Bytes}} to the owner, or {Port, {data, {Tag, Bytes}}} when `tag` is not TERM_NONE;
 * as a list or a binary. False: there was no memory. */
bool port_send_data(Port *port, Term tag, const uint8_t *bytes, size_t size, bool as_list);
/* {Port, Message}; the message must be an immediate or a pair of immediates {key, value}. */
void port_send(Port *port, Term to, Term key, Term value);

/* Open ports in ascending order: fills `ports` (room for `capacity`), returns how many there are.
 */
size_t ports_list(Term ports[], size_t capacity);
size_t ports_count(void);
/* How many hold output that has not gone out. Kinds keep it up to date. */
void ports_note_flushing(int change);
bool ports_flushing(void);

#endif
