/* runtime/trace.h
 * Tracing, as erlang:trace/3 and trace_pattern/3 have it: what happens in a traced process is told
 * to its tracers, other processes, by messages: one in each session that traces it
 * (trace_session.h).
 *
 * An event of a process that is not traced costs a look at p->flags. A call costs nothing: the
 * header of a traced function says so (CodeHeader.traced), it has no native code and its countdown
 * is 0, so that the interpreter takes its way for hot functions, and asks there. Other functions'
 * headers are as ever. An exported function traced globally, and a built-in, gets a stub before it,
 * to which the export leads; native code, too, calls built-ins through their exports. Those that
 * instructions do, as in guards, are not seen.
 *
 *   what                                 written by               read by   order
 *   extra.trace_flags, extra.tracees     owner of the process     owner
 *   trace points, specifications         any thread               any       trace_lock
 *   CodeHeader.traced, CodeExport.entry  any, under trace_lock    any       relaxed, release: a
 * call is told from soon after code_lock may be held when trace_lock is taken, not the other way
 * round. */
#ifndef MUSTER_RUNTIME_TRACE_H
#define MUSTER_RUNTIME_TRACE_H

#include "runtime/interpret.h"
#include "runtime/match_spec.h"
#include "runtime/trace_measure.h"
#include "runtime/trace_session.h"

/* The flags of erlang:trace/3, with their names, in the order in which trace_info shows them.
 * Of ports nothing is told. */
#define TRACE_FLAGS(FLAG) \
    FLAG(RUNNING_PROCS, running_procs) \
    FLAG(RUNNING_PORTS, running_ports) \
    FLAG(PORTS, ports) \
    FLAG(SCHEDULER_ID, scheduler_id) \
    FLAG(SILENT, silent) \
    FLAG(RETURN_TO, return_to) \
    FLAG(ARITY, arity) \
    FLAG(GC, garbage_collection) \
    FLAG(EXITING, exiting) \
    FLAG(RUNNING, running) \
    FLAG(ON_FIRST_LINK, set_on_first_link) \
    FLAG(ON_LINK, set_on_link) \
    FLAG(ON_FIRST_SPAWN, set_on_first_spawn) \
    FLAG(PROCS, procs) \
    FLAG(CALL, call) \
    FLAG(ON_SPAWN, set_on_spawn) \
    FLAG(RECEIVE, receive) \
    FLAG(SEND, send) \
    FLAG(MONOTONIC, monotonic_timestamp) \
    FLAG(STRICT, strict_monotonic_timestamp) \
    FLAG(TIMESTAMP, timestamp)
enum TraceFlagIndex {
#define FLAG(name, atom) TRACE_INDEX_##name,
    TRACE_FLAGS(FLAG)
#undef FLAG
        TRACE_FLAG_COUNT
};
enum TraceFlag {
#define FLAG(name, atom) TRACE_##name = 1 << TRACE_INDEX_##name,
    TRACE_FLAGS(FLAG)
#undef FLAG
};

/* ---- events (trace.c). The process that runs, or its owner; it has PROCESS_TRACED unless noted.
 * ---- */

static inline bool trace_wants(const Process *p, uint32_t flags)
{
    return p->flags & PROCESS_TRACED && p->extra->trace_flags & flags;
}
void trace_event(Process *p, TracedEvent event, Term what); /* process_hooks.traced */
void trace_sent(Process *p, Term to, Term message);
void trace_scheduled(Process *p, Term in_or_out);
void trace_exited(Process *p, Term reason);
void trace_linked(Process *p, Term to, Term link_or_unlink);
void trace_collection(Process *p, Term which);
/* `child` was made by p, and does not run yet. Whether p is traced or not; for nothing while
 * trace_is_on is false. */
void trace_spawned(Process *p, Process *child, Term module, Term function, Term args, bool link);
/* A name was given or taken. Whether it is traced or not, whoever does it. */
void trace_registered(Process *p, Term pid, Term name, Term what);
/* system_flag(trace_control_word, …), which specifications read and write. Relaxed. */
extern volatile AO_t trace_control_word;
extern bool trace_is_on; /* relaxed: has anything ever been traced? */

/* A tracer that is there: a process that lives, or, in its place, the atom standard_error: then
 * events become lines there (trace_print.c); or save_calls: then p keeps them. A program that
 * traces a process takes it over. */
static inline bool trace_hears(Term tracer)
{
    return tracer == ATOM_standard_error || tracer == ATOM_save_calls ||
           process_find(tracer) != NULL;
}
/* --trace: `what` is `procs`, `messages` and `calls:MODULE`, joined by commas; empty: the first
 * two. False: it is not. Before the machine starts. */
bool trace_take_option(const char *what);
/* Tells one event of p, {What, Part…}, on standard error. */
void trace_print(Process *p, const Term parts[], size_t count);

/* Tells {trace, Pid, Part…}, with a timestamp if the flags say so: everybody who traces p with one
 * of `flags`; one of them (if it is there, and not p itself); anybody. */
void trace_tell(Process *p, uint32_t flags, const Term parts[], size_t count);
void trace_tell_one(Process *p, Tracee *tracee, const Term parts[], size_t count);
void trace_tell_to(Process *p, Term tracer, uint32_t flags, const Term parts[], size_t count);
/* What the actions of a match specification change in a session. The tracer (TERM_NONE: none) is
 * for who is not traced. */
void trace_change(Process *p, TraceSession *session, uint32_t clear, uint32_t set, Term tracer);
/* Of another process, soon. */
void trace_change_of(Process *p, Term pid, TraceSession *session, uint32_t clear, uint32_t set,
                     Term tracer);
/* 0: no such flag. */
uint32_t trace_flag_named(Term name);
/* The event as a message, with a stamp if the flags say so; NULL: there was no memory. */
Message *trace_message(Process *p, Space *space, Term subject, uint32_t flags, const Term parts[],
                       size_t count);

/* ---- calls (trace_call.c) ---- */

/* What is to be told, in one session, when a call ends. */
typedef struct TraceEnd {
    uint32_t wanted; /* of the below */
    uint64_t session;
    Term meta_tracer;
    Measured *before[MEASURES]; /* what was measured until then */
} TraceEnd;
enum {
    TRACE_RETURN_FROM = 1,
    TRACE_EXCEPTION_FROM = 2,
    TRACE_RETURNED_TO = 4,
    TRACE_META_SHIFT = 3, /* what the meta tracer wants of the first two, shifted by so much */
    TRACE_MEASURED = 32,  /* shifted by a Measure: its meter goes back to what it was at */
};
enum { TRACE_FEW = 2 };
typedef struct TraceCall {
    Code entry; /* where the call goes on */
    Term module, function;
    uint32_t arity;
    size_t end_count; /* for each of them a frame is needed */
    TraceEnd *ends, few[TRACE_FEW];
} TraceCall;
/* The function whose header, before `at`, says `traced` is called: p->frame and its slots are in
 * place. Builds in p's heap. */
void trace_call(Process *p, Code at, TraceCall *call);
/* Puts frames that are told of between the frame at fp, of `count` arguments, and its caller; there
 * is room. Returns where the frame is now. Frees what the call has. */
Term *trace_push_frames(Term *fp, uint32_t count, TraceCall *call);
/* That frame, at fp, was returned to, or left by the exception that is set; the latter is to be
 * followed by trace_caught, in the function where the process goes on. */
void trace_returned(Process *p, Term *fp, Term result);
void trace_thrown(Process *p, const Term *fp);
void trace_caught(Process *p, const Function *function);

/* ---- which calls (trace_pattern.c) ---- */

typedef struct TracePoint TracePoint;
/* What one session wants of a function. */
typedef struct TraceWatch {
    struct TraceWatch *next;
    TraceSession *session; /* held */
    TracePattern call, meta;
    Term meta_tracer;
    bool is_local, is_counting, is_paused;
    uint64_t count;               /* of calls */
    Measured *measured[MEASURES]; /* NULL: not measured */
} TraceWatch;
/* Copies of what holds for the function. */
typedef struct TraceNow {
    Code entry; /* where the call goes on */
    Term module, function;
    uint32_t arity;
    size_t count;
    TraceWatch *watches, few[TRACE_FEW];
} TraceNow;
/* One more call is counted. */
void trace_point_called(Code at, TraceNow *now);
void trace_now_finish(TraceNow *now);
/* Every call of an exported function or a built-in is. Under trace_lock. */
void trace_watch_all(TraceSession *session);
/* Nothing is watched for the session any more. Under trace_lock. */
void trace_points_end(TraceSession *session);
/* The module became current: what is to be traced of it is. Under the code lock. */
void trace_loaded(LoadedModule *module);
/* The module is no longer current: nothing of it is traced. Under the code lock. */
void trace_forget(const LoadedModule *module);

#endif
