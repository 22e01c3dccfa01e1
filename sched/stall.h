/* sched/stall.h
 * MUSTER_DEBUG=stall: threads of schedulers and of the blocking pool stop now and then for some
 * time, and slices end anywhere, as on a machine that has too much to do. What a program does
 * differently then, it may do at any time: so this finds tests, and code, that count on time or on
 * order. Never in a simulation.
 *
 * MUSTER_DEBUG=short_slices: slices are so short that every loop is left and entered again, and
 * that what runs but a little is sampled and optimised with what was seen. */
#ifndef MUSTER_SCHED_STALL_H
#define MUSTER_SCHED_STALL_H

#include "runtime/term/base.h"

/* runtime/flags.def; set before the threads start */
extern bool sched_stall, sched_short_slices;
enum { SHORT_SLICE = 20 };

/* The thread's own: runs up to RUN_MOST_MS, then sleeps up to STALL_MOST_MS, and so on. */
void stall_now_and_then(void);
/* Reductions of a slice. */
int32_t stall_slice(void);

#endif
