/* sched/poller.h
 * Readiness of file descriptors: one epoll set for the machine. An idle scheduler waits in it; busy
 * ones look now and then.
 *
 * Watches are one-shot: after `ready` was called the watch is disarmed until armed again, so one
 * event is never handled by two threads.
 *
 *   armed events    who arms; who takes the event: compare-and-swap full
 *   the rest        written before the watch is added */
#ifndef MUSTER_SCHED_POLLER_H
#define MUSTER_SCHED_POLLER_H

#include "proc/process.h"

/* Error and hang-up are always watched. POLL_GONE: the machine ends; the watch is to be removed,
 * and what hangs on it ended, by `ready`. */
enum { POLL_READ = 1, POLL_WRITE = 2, POLL_ERROR = 4, POLL_GONE = 8 };

typedef struct Watch Watch;
/* Runs on a scheduler thread between slices (never two at once for one watch); must not block. It
 * may wake processes, send messages (process_send with p NULL), arm the watch again or close it. */
typedef void WatchReady(Watch *watch, unsigned events, void *state);

/* Any thread. NULL with errno set when the descriptor cannot be polled (a regular file: EPERM). The
 * descriptor stays the caller's and must not be closed before poller_remove. */
Watch *poller_add(int fd, WatchReady *ready, void *state);
/* Any thread. Waits for the events (POLL_READ | POLL_WRITE) once. */
void poller_arm(Watch *watch, unsigned events);
/* Any thread in an epoch. `ready` may be running on another thread while this returns, and is not
 * called after; memory of `state` must live to the next quiescent point (thread_retire it). */
void poller_remove(Watch *watch);
size_t poller_count(void);

/* ---- for the scheduler ---- */
void poller_init(void);
void poller_finish(void); /* the last thread, inside an epoch */
/* Handles what is ready; waits up to `timeout_ns` (0: does not; UINT64_MAX: no limit). One thread
 * waits at a time; with 0 another may look meanwhile. Returns how many watches were handled. */
size_t poller_poll(uint64_t timeout_ns);
/* Makes a waiting poller_poll return. Any thread. */
void poller_interrupt(void);

#endif
