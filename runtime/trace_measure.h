/* runtime/trace_measure.h
 * How long calls of functions took, and how much they allocated, in each traced process:
 * trace_pattern/3 with call_time and call_memory. What a function does itself is told of it, with
 * what it calls that is not measured; a process that does not run takes no time.
 *
 *   what                written by          read by   order
 *   Measured, its rows  any thread          any       a lock of their own, taken last
 *   Meter               owner of a process  owner
 *
 * Each session of tracing (trace_session.h) measures for itself: it has a table of what it
 * measures, and a meter in each of its tracees. */
#ifndef MUSTER_RUNTIME_TRACE_MEASURE_H
#define MUSTER_RUNTIME_TRACE_MEASURE_H

#include "proc/process.h"

typedef enum Measure { MEASURE_TIME, MEASURE_MEMORY, MEASURES } Measure;

/* What was measured of one function. It stays as long as its table: frames lead to it. */
typedef struct Measured Measured;
typedef struct MeasuredTable {
    Measured **buckets; /* NULL: empty */
} MeasuredTable;
/* Nobody uses it any more. */
void measured_finish(MeasuredTable *table);
/* Any thread; made when it is not there. */
Measured *measured_of(MeasuredTable *table, Measure what, Term module, Term function,
                      uint32_t arity);
typedef enum MeasureChange {
    MEASURE_OFF,
    MEASURE_ON,
    MEASURE_PAUSE,
    MEASURE_RESTART
} MeasureChange;
/* MEASURE_ON and MEASURE_RESTART forget what was measured. Any thread. */
void measured_change(Measured *measured, MeasureChange change);
/* [{Pid, Calls, Seconds, Microseconds}], or [{Pid, Calls, Words}]. Any thread. */
Term measured_term(Space *space, Measured *measured);

/* ---- the owner of a traced process ---- */

struct Tracee;
/* The function that p is in, or NULL. */
Measured *meter_current(const struct Tracee *tracee, Measure what);
/* p calls it, or goes back to it (NULL: to none that is measured). */
void meter_call(Process *p, struct Tracee *tracee, Measure what, Measured *called);
void meter_return(Process *p, struct Tracee *tracee, Measure what, Measured *to);
/* A slice ends; another one begins. */
void meters_pause(Process *p);
void meters_resume(Process *p);
/* A collection freed so many words; or, if negative, made so many more. */
void meters_collected(Process *p, int64_t words);
/* It is not traced any more. */
void meter_stop(Process *p, struct Tracee *tracee);
/* Words in use, for meter_collected. */
int64_t meter_heap_words(const Process *p);

#endif
