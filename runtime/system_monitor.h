/* runtime/system_monitor.h
 * erlang:system_monitor/2: one process is told of processes that collect or run for long, whose
 * heap or message queue grows large, or that wait for a busy port. Nothing is looked at while
 * nobody wants it: `system_monitor_wants` says what is.
 *
 *   what                  written by               read by   order
 *   settings              any thread               any       under a lock
 *   system_monitor_wants  who writes the settings  any       relaxed: events are told from soon
 * after PROCESS_LONG_QUEUE    owner of the process     owner */
#ifndef MUSTER_RUNTIME_SYSTEM_MONITOR_H
#define MUSTER_RUNTIME_SYSTEM_MONITOR_H

#include "proc/atomic.h"
#include "proc/process.h"

enum {
    MONITOR_LONG_GC = 1,
    MONITOR_LARGE_HEAP = 2,
    MONITOR_LONG_SCHEDULE = 4,
    MONITOR_BUSY_PORT = 8,
};
extern volatile AO_t system_monitor_wants;

static inline bool system_monitor_looks(AO_t what)
{
    return UNLIKELY(AO_load(&system_monitor_wants) & what);
}

/* A collection took so long. By who collects; not in p's heap. */
void system_monitor_collected(Process *p, uint64_t taken_ns);
/* Where a process was when its slice began or ended; module TERM_NONE: nowhere. */
typedef struct MonitoredPlace {
    Term module, function;
    uint32_t arity;
} MonitoredPlace;
/* Owner; builds in p's heap. */
MonitoredPlace system_monitor_place(Process *p);
void system_monitor_ran(Process *p, uint64_t taken_ns, MonitoredPlace in, MonitoredPlace out);
/* p is going to wait. */
void system_monitor_busy_port(Process *p, Term port);
/* process_hooks.queue_length: the queue has reached mailbox_long_count, or p had a long one. Owner.
 */
void system_monitor_queue(Process *p);

#endif
