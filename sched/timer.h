/* sched/timer.h
 * Timers: a hierarchical wheel for each scheduler, 2^16 ns (65.5 µs) a tick, O(1) start and cancel.
 * Deadlines are monotonic nanoseconds (World). A timer never fires early.
 *
 * A wheel is guarded by one lock. Firing happens under it, so that after a cancel returns the timer
 * either was stopped or has done its work. Any scheduler may run an overdue wheel of another (one
 * stuck in a long C function, or parked).
 *
 *   wheel contents      under its lock
 *   node->wheel         who starts it, under that lock / load acquire by who cancels
 *   next_deadline_ns    under the lock, store release / load acquire by schedulers about to sleep
 *   table of references under the lock of the shard */
#ifndef MUSTER_SCHED_TIMER_H
#define MUSTER_SCHED_TIMER_H

#include "proc/process.h"

/* The deadline `ms` from now. */
uint64_t timer_deadline(uint64_t ms);

/* ---- receive … after: the timer inside Process ---- */

/* Owner, on a scheduler. Arms it; when it fires the process is made runnable and finds
 * PROCESS_TIMED_OUT. Must not be armed already. */
void timer_start_receive(Process *p, uint64_t deadline_ns);
static inline bool timer_receive_is_armed(const Process *p)
{
    return AO_int_load_acquire(&p->timer.wheel) != 0;
}
/* Owner. After it returns the timer will not fire and a timeout that came is forgotten. Cheap when
 * not armed. Call when a message was taken, after the `after` branch was chosen, and when an
 * exception leaves a receive. */
void timer_cancel_receive(Process *p);

/* ---- erlang:send_after, start_timer, cancel_timer, read_timer ---- */

/* Sends `message` (copied) at the deadline to `to`, a local pid or a name; with `wrap` as
 * {timeout, Ref, message} (start_timer). Returns the reference, built in p's heap. TERM_LIMIT: no
 * memory. Runs out with the process when `to` is a pid. */
Term timer_start(Process *p, uint64_t deadline_ns, Term to, Term message, bool wrap);
/* Nanoseconds that were left, rounded up to the unit of the caller later; -1: no such timer (fired,
 * cancelled, never was). Any thread. */
int64_t timer_cancel(uint64_t ref_number);
int64_t timer_read(uint64_t ref_number);

/* ---- for C: calls `fire` on a scheduler thread, under the wheel's lock: it must be short and must
 * not start or cancel timers (wake a process, submit a completion). ---- */

typedef struct CallTimer {
    TimerNode node; /* zero-initialise */
    void (*fire)(struct CallTimer *timer);
} CallTimer;
void timer_start_call(CallTimer *timer, uint64_t deadline_ns);
/* True: stopped before it fired. */
bool timer_cancel_call(CallTimer *timer);

/* ---- for the scheduler ---- */

void timers_init(unsigned wheel_count);
void timers_finish(void); /* frees all; nothing fires */
/* Fires what is due in wheel `index`; returns how many. */
size_t timers_run(unsigned index, uint64_t now_ns);
/* A lower bound of the next deadline of wheel `index`; UINT64_MAX: none. */
uint64_t timers_next(unsigned index);
/* Active timers of all wheels. */
size_t timers_count(void);

#endif
