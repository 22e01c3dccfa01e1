/* runtime/trace.h
 * Tracing, as erlang:trace/3 and trace_pattern/3 have it: what happens in a traced process is told
 * to its tracer, another process, by messages.
 *
 * An event of a process that is not traced costs a look at p->flags. A call costs nothing: the
 * header of a traced function says so (CodeHeader.traced), it has no native code and its countdown
 * is 0, so that the interpreter takes its way for hot functions, and asks there. Other functions'
 * headers are as ever. An exported function traced globally, and a built-in, gets a stub before it,
 * to which the export leads; native code, too, calls built-ins through their exports. Those that
 * instructions do, as in guards, are not seen.
 *
 *   what                                 written by               read by   order
 *   extra.trace_flags, extra.tracer      owner of the process     owner
 *   trace points, specifications, `new`  any thread               any       trace_lock
 *   CodeHeader.traced, CodeExport.entry  any, under trace_lock    any       relaxed, release: a
 * call is told from soon after code_lock may be held when trace_lock is taken, not the other way
 * round. */
#ifndef MUSTER_RUNTIME_TRACE_H
#define MUSTER_RUNTIME_TRACE_H

#include "runtime/interpret.h"
#include "runtime/match_spec.h"
#include "runtime/trace_measure.h"

/* The flags of erlang:trace/3, with their names, in the order in which trace_info shows them.
 * Of ports nothing is told. */
#define TRACE_FLAGS(FLAG) \
    FLAG(RUNNING_PROCS, running_procs) \
    FLAG(RUNNING_PORTS, running_ports) \
    FLAG(PORTS, ports) \
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
 * events become lines there (trace_print.c). A program that traces a process takes it over. */
static inline bool trace_hears(Term tracer)
{
    return tracer == ATOM_standard_error || process_find(tracer) != NULL;
}
/* --trace: `what` is `procs`, `messages` and `calls:MODULE`, joined by commas; empty: the first
 * two. False: it is not. Before the machine starts. */
bool trace_take_option(const char *what);
/* Tells one event of p, {What, Part…}, on standard error. */
void trace_print(Process *p, const Term parts[], size_t count);

/* Tells p's tracer, or `tracer`, {trace, Pid, Part…}, with a timestamp if the flags say so. */
void trace_tell(Process *p, const Term parts[], size_t count);
void trace_tell_to(Process *p, Term tracer, uint32_t flags, const Term parts[], size_t count);
/* What the actions of a match specification change. */
void trace_change(Process *p, uint32_t clear, uint32_t set, Term tracer); /* TERM_NONE: as it is */
/* Of another process, soon. */
void trace_change_of(Process *p, Term pid, uint32_t clear, uint32_t set, Term tracer);
/* 0: no such flag. */
uint32_t trace_flag_named(Term name);

/* ---- calls (trace_call.c) ---- */

typedef struct TraceCall {
    Code entry;      /* where the call goes on */
    uint32_t wanted; /* 0, or which of the below is to be told when it ends */
    Term module, function;
    uint32_t arity;
    Term meta_tracer;
    Measured *before[MEASURES]; /* what was measured until then */
} TraceCall;
enum {
    TRACE_RETURN_FROM = 1,
    TRACE_EXCEPTION_FROM = 2,
    TRACE_RETURNED_TO = 4,
    TRACE_META_SHIFT = 3, /* what the meta tracer wants of the first two, shifted by so much */
    TRACE_MEASURED = 32,  /* shifted by a Measure: its meter goes back to what it was at */
};
/* The function whose header, before `at`, says `traced` is called: p->frame and its slots are in
 * place. Builds in p's heap. */
TraceCall trace_call(Process *p, Code at);
/* Puts a frame that is told of between the frame at fp, of `count` arguments, and its caller; there
 * is room. Returns where the frame is now. */
Term *trace_push_frame(Term *fp, uint32_t count, const TraceCall *call);
/* That frame, at fp, was returned to, or left by the exception that is set. True: where the process
 * goes on, in `function`, is to be told, too. */
void trace_returned(Process *p, Term *fp, Term result);
bool trace_thrown(Process *p, Term *fp);
void trace_went_on(Process *p, const Function *function);

/* ---- which calls (trace_pattern.c) ---- */

typedef struct TracePattern {
    bool is_on;
    MatchSpec *spec; /* NULL: every call */
} TracePattern;
typedef struct TracePoint TracePoint;
/* A copy of what holds for the function, its specifications retained, one more call counted. */
typedef struct TraceNow {
    TracePattern call, meta;
    Term meta_tracer;
    bool is_local;
    Measured *measured[MEASURES]; /* NULL: not measured */
    TraceCall where;
} TraceNow;
TraceNow trace_point_called(Code at);
void trace_now_finish(TraceNow *now);
/* Of messages: the specification; retained. is_on false: none is told. */
TracePattern trace_pattern_of(bool received);
/* The module became current: what is to be traced of it is. Under the code lock. */
void trace_loaded(LoadedModule *module);
/* The module is no longer current: nothing of it is traced. Under the code lock. */
void trace_forget(const LoadedModule *module);

#endif
