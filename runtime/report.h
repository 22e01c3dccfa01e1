/* runtime/report.h
 * Reports of processes that end by an uncaught exception, as Erlang's logger writes them, to
 * standard error. A process of the machine's own formats and writes them, in the order in which
 * they were made (stdlib/muster_report.erl); none is lost when the machine halts: whoever ends it
 * waits while reports are pending. */
#ifndef MUSTER_RUNTIME_REPORT_H
#define MUSTER_RUNTIME_REPORT_H

#include "proc/process.h"

/* The process, which its own thread runs, ends by the uncaught exception that is set on it, for
 * `reason` ({Error, StackTrace}). To be called for errors, and throws without catch, once, before
 * process_exit; does nothing for processes that were reported already (PROCESS_NO_REPORT). */
void report_uncaught(Process *p, Term reason);
/* A collection found more in the process's heap than max_heap_size allows: says so, unless the
 * process wants nothing said. The process's own thread. */
void report_max_heap(Process *p);
/* Reports were made and are not written yet. Any thread. */
bool reports_pending(void);
/* Waits until no report is pending, at most `timeout_ms`. Host threads only, before sched_halt. */
void reports_wait(uint64_t timeout_ms);

/* When no process is left: as at the beginning. */
void reports_forget(void);

#endif
