/* sched/idle.h
 * Inside sched/: looking for work elsewhere, sleeping, and waking those who sleep. */
#ifndef MUSTER_SCHED_IDLE_H
#define MUSTER_SCHED_IDLE_H

#include "sched/scheduler.h"

/* The scheduler has nothing: steals, else sleeps until woken. NULL: look again from the start. */
Process *idle_find_work(Scheduler *scheduler);
/* Any thread, after it made something runnable (by a full read-modify-write): wakes one scheduler
 * if one sleeps and nobody is searching. */
void idle_wake_one(void);
/* As idle_wake_one, even if others search; true: one was asleep. */
bool idle_wake_any(void);
void idle_wake_all(void);
unsigned idle_count(void);
/* Whether some scheduler waits in the poller (and so minds all timers). */
bool idle_someone_polls(void);

/* ---- monitor.c ---- */
/* A thread that looks every few milliseconds, while anyone is busy, whether a scheduler is stuck in
 * a long C function and others sleep: then it wakes one of those. */
void monitor_start(void);
void monitor_stop(void);
/* A scheduler became busy. */
void monitor_note_busy(void);

#endif
