/* runtime/trace_session.h
 * Sessions of tracing. Each has its own tracer, patterns and traced processes, and knows nothing of
 * the others; erlang:trace/3 and its kin act on the default session, which is always there.
 *
 * A session of module trace lives until it is destroyed, its strong handle (a magic reference) is
 * collected, or its tracer ends. It is out of the list and of all functions then; its tracees go
 * when they next look. The struct is freed when nobody holds it any more.
 *
 *   what                          written by               read by        order
 *   list of sessions, patterns,   any thread               any thread     trace_lock
 *     new_flags, new_tracer
 *   has_ended                     any, under trace_lock    any thread     relaxed: it is heard soon
 *   holders                       any thread               any thread     add relaxed, drop
 * release, acquire at 0 Tracee                        owner of the process     owner */
#ifndef MUSTER_RUNTIME_TRACE_SESSION_H
#define MUSTER_RUNTIME_TRACE_SESSION_H

#include "runtime/match_spec.h"
#include "runtime/trace_measure.h"

#include <pthread.h>

typedef struct TracePattern {
    bool is_on;
    MatchSpec *spec; /* NULL: all */
} TracePattern;
/* Retains `spec`, which may be NULL, and releases the one before. */
void trace_pattern_set(TracePattern *pattern, bool is_on, MatchSpec *spec);
/* A copy, which trace_pattern_set(…, false, NULL) ends. */
TracePattern trace_pattern_copy(const TracePattern *pattern);

typedef struct TraceSession {
    struct TraceSession *next;
    volatile AO_t holders, has_ended;
    uint64_t id;    /* 0: the default session */
    bool is_hidden; /* programs do not hear of it: save_calls.c */
    Term name;      /* an atom */
    Term tracer;    /* a local pid; TERM_NONE: each tracee has its own */
    TracePattern sent, received;
    TracePattern loaded; /* functions of modules when they are loaded */
    bool loaded_is_local;
    uint32_t new_flags; /* of processes not yet made */
    Term new_tracer;
    MeasuredTable measured;
} TraceSession;

extern TraceSession trace_default;
/* Of what is said above, and of trace points (trace_pattern.c). code_lock may be held when it is
 * taken, not the other way round. */
extern pthread_mutex_t trace_lock;

void trace_session_retain(TraceSession *session);
void trace_session_release(TraceSession *session);
static inline bool trace_session_is_over(const TraceSession *session)
{
    return AO_load(&session->has_ended) != 0;
}
/* Those that live, retained; NULL: there is none such. `handle`: as programs have it, strong or
 * weak; the atom `default`, too. */
TraceSession *trace_session_of(Term handle);
TraceSession *trace_session_find(uint64_t id);
/* The first of all that live; under trace_lock. */
TraceSession *trace_sessions(void);
/* Enters one that was made elsewhere, and stays, unless it is there already; under trace_lock. */
void trace_session_list(TraceSession *session);
/* Any thread that does not hold trace_lock. False: it had ended. */
bool trace_session_end(TraceSession *session);

/* What one session has of a process. Owner only. */
typedef struct Tracee {
    struct Tracee *next;
    TraceSession *session;    /* held */
    uint32_t flags;           /* not 0 */
    Term tracer;              /* a local pid, or standard_error */
    bool hears_catch;         /* where an exception is caught is to be told */
    struct Meter *meter;      /* trace_measure.h; NULL until something is measured */
    struct SavedCalls *saved; /* save_calls.h; NULL: it is a program that traces */
} Tracee;
/* NULL: the session does not trace it. */
Tracee *tracee_of(const Process *p, const TraceSession *session);
/* Makes, changes or (flags 0) ends what the session has of p. */
void tracee_set(Process *p, TraceSession *session, uint32_t flags, Term tracer);
/* Ends all. */
void tracees_end(Process *p);
/* Is there somebody to be told? If not, it is ended. */
bool tracee_is_heard(Process *p, Tracee *tracee);

#endif
