/* runtime/trace_session.c: see trace_session.h. */
#include "runtime/trace_session.h"

#include "runtime/bif_process.h"
#include "runtime/bif_tables.h"
#include "runtime/save_calls.h"
#include "runtime/trace.h"

#include "runtime/term/mem.h"
#include "runtime/term/world.h"

TraceSession trace_default = {.holders = 1,
                              .name = ATOM_OF(default),
                              .tracer = TERM_NONE,
                              .sent = {.is_on = true},
                              .received = {.is_on = true}};
pthread_mutex_t trace_lock = PTHREAD_MUTEX_INITIALIZER;
static TraceSession *sessions = &trace_default;
static uint64_t next_id = 1;

/* ---- patterns ---- */

void trace_pattern_set(TracePattern *pattern, bool is_on, MatchSpec *spec)
{
    if (spec != NULL) {
        match_spec_retain(spec);
    }
    if (pattern->spec != NULL) {
        match_spec_release(pattern->spec);
    }
    *pattern = (TracePattern){is_on, spec};
}

TracePattern trace_pattern_copy(const TracePattern *pattern)
{
    if (pattern->spec != NULL) {
        match_spec_retain(pattern->spec);
    }
    return *pattern;
}

/* ---- life ---- */

void trace_session_retain(TraceSession *session)
{
    AO_fetch_and_add1(&session->holders);
}

void trace_session_release(TraceSession *session)
{
    /* Release: what we did with it comes before it is freed. Acquire: what the others did, too. */
    if (AO_fetch_and_sub1_full(&session->holders) == 1) {
        ASSERT(session != &trace_default);
        trace_pattern_set(&session->sent, false, NULL);
        trace_pattern_set(&session->received, false, NULL);
        trace_pattern_set(&session->loaded, false, NULL);
        measured_finish(&session->measured);
        mem_free(session);
    }
}

TraceSession *trace_sessions(void)
{
    return sessions;
}

void trace_session_list(TraceSession *session)
{
    TraceSession *at = sessions;
    while (at != NULL && at != session) {
        at = at->next;
    }
    if (at == NULL) {
        session->next = trace_default.next;
        trace_default.next = session;
    }
}

TraceSession *trace_session_find(uint64_t id)
{
    pthread_mutex_lock(&trace_lock);
    TraceSession *at = sessions;
    while (at != NULL && at->id != id) {
        at = at->next;
    }
    if (at != NULL) {
        trace_session_retain(at);
    }
    pthread_mutex_unlock(&trace_lock);
    return at;
}

bool trace_session_end(TraceSession *session)
{
    pthread_mutex_lock(&trace_lock);
    bool lives = !trace_session_is_over(session);
    if (lives) {
        TraceSession **link = &sessions;
        while (*link != session) {
            link = &(*link)->next;
        }
        *link = session->next;
        AO_store(&session->has_ended, 1);
        trace_points_end(session);
    }
    pthread_mutex_unlock(&trace_lock);
    if (lives) { /* the list's */
        trace_session_release(session);
    }
    return lives;
}

/* ---- handles ----
 * {Ref, {Name, Id}}, where Ref is magic and keeps the session, and {Name, Id}, which does not. */

typedef struct Handle {
    Magic magic; /* first */
    TraceSession *session;
} Handle;
static const char handle_type;

static void handle_destroy(Magic *magic)
{
    Handle *handle = (Handle *) magic;
    trace_session_end(handle->session);
    trace_session_release(handle->session);
    mem_free(handle);
}

static Term weak_handle(Space *space, const TraceSession *session)
{
    return make_tuple2(space, session->name, make_uint64(space, session->id));
}

/* False: it is no handle of any session, past or present. */
static bool handle_read(Term handle, Term *name, uint64_t *id)
{
    if (handle == ATOM_default) {
        *name = ATOM_default;
        *id = 0;
        return true;
    }
    if (!term_is_pair(handle)) {
        return false;
    }
    const Handle *strong = (const Handle *) magic_of(pair_key(handle), &handle_type);
    if (strong != NULL) {
        *name = strong->session->name;
        *id = strong->session->id;
        return true;
    }
    *name = pair_key(handle);
    return term_is_atom(*name) && term_to_count(pair_value(handle), INT64_MAX, id);
}

TraceSession *trace_session_of(Term handle)
{
    Term name;
    uint64_t id;
    TraceSession *session = handle_read(handle, &name, &id) ? trace_session_find(id) : NULL;
    if (session != NULL && (session->name != name || session->is_hidden)) {
        trace_session_release(session);
        session = NULL;
    }
    return session;
}

/* muster_trace:session_create(Name, Tracer) */
Term bif_trace_session_create(Process *p, const Term args[])
{
    if (!term_is_atom(args[0]) || !term_is_local_pid(args[1])) {
        return bif_badarg(p);
    }
    TraceSession *session = mem_alloc_zero(sizeof *session);
    Handle *handle = mem_alloc_zero(sizeof *handle);
    session->holders = 2; /* the list and the handle */
    session->name = args[0];
    session->tracer = args[1];
    session->sent.is_on = session->received.is_on = true;
    handle->magic = (Magic){1, handle_destroy, &handle_type};
    handle->session = session;
    pthread_mutex_lock(&trace_lock);
    session->id = next_id++;
    session->next = trace_default.next;
    trace_default.next = session;
    pthread_mutex_unlock(&trace_lock);
    Space *space = bif_space(p);
    Term ref = make_magic_ref(space, &handle->magic, world_unique_number());
    return make_tuple2(space, ref, weak_handle(space, session));
}

/* muster_trace:session_destroy(Handle): false, it had ended; badarg, it is no handle. */
Term bif_trace_session_destroy(Process *p, const Term args[])
{
    Term name;
    uint64_t id;
    if (!handle_read(args[0], &name, &id) || id == 0) {
        return bif_badarg(p);
    }
    TraceSession *session = trace_session_of(args[0]);
    bool lives = session != NULL && trace_session_end(session);
    if (session != NULL) {
        trace_session_release(session);
    }
    return term_bool(lives);
}

/* muster_trace:session_tracer(Handle): a pid; false: each tracee has its own. */
Term bif_trace_session_tracer(Process *p, const Term args[])
{
    TraceSession *session = trace_session_of(args[0]);
    if (session == NULL) {
        return bif_badarg(p);
    }
    Term tracer = session->tracer == TERM_NONE ? ATOM_false : session->tracer;
    trace_session_release(session);
    return tracer;
}

/* muster_trace:sessions(): weak handles of those that live, and of the default one when something
 * is traced in it. */
Term bif_trace_sessions(Process *p, const Term args[])
{
    Space *space = bif_space(p);
    Term list = TERM_NIL;
    pthread_mutex_lock(&trace_lock);
    for (const TraceSession *at = sessions; at != NULL; at = at->next) {
        if (!at->is_hidden && (at != &trace_default || AO_load(&at->holders) > 1)) {
            list = make_cons(space, weak_handle(space, at), list);
        }
    }
    pthread_mutex_unlock(&trace_lock);
    return list;
}

/* ---- tracees ---- */

Tracee *tracee_of(const Process *p, const TraceSession *session)
{
    Tracee *at = p->extra == NULL ? NULL : p->extra->tracees;
    while (at != NULL && at->session != session) {
        at = at->next;
    }
    return at;
}

/* What the process as a whole is looked at for. */
static void sum_flags(Process *p)
{
    uint32_t flags = 0;
    for (const Tracee *at = p->extra->tracees; at != NULL; at = at->next) {
        flags |= at->flags;
    }
    p->extra->trace_flags = flags;
    p->flags = flags != 0 ? p->flags | PROCESS_TRACED : p->flags & ~(uint32_t) PROCESS_TRACED;
}

static void tracee_end(Process *p, Tracee *tracee)
{
    Tracee **link = &p->extra->tracees;
    while (*link != tracee) {
        link = &(*link)->next;
    }
    *link = tracee->next;
    meter_stop(p, tracee);
    if (tracee->saved != NULL) {
        saved_calls_end(tracee->saved);
    }
    trace_session_release(tracee->session);
    mem_free(tracee);
}

void tracee_set(Process *p, TraceSession *session, uint32_t flags, Term tracer)
{
    Tracee *tracee = tracee_of(p, session);
    if (flags == 0 && tracee == NULL) {
        return;
    }
    if (flags == 0) {
        tracee_end(p, tracee);
    } else {
        if (tracee == NULL) {
            tracee = mem_alloc_zero(sizeof *tracee);
            tracee->session = session;
            tracee->next = process_extra(p)->tracees;
            trace_session_retain(session);
            p->extra->tracees = tracee;
            __atomic_store_n(&trace_is_on, true, __ATOMIC_RELAXED);
        }
        tracee->flags = flags;
        tracee->tracer = tracer;
        if (!(flags & TRACE_CALL)) {
            meter_stop(p, tracee);
        }
    }
    sum_flags(p);
}

void tracees_end(Process *p)
{
    while (p->extra != NULL && p->extra->tracees != NULL) {
        tracee_end(p, p->extra->tracees);
    }
    if (p->extra != NULL) {
        sum_flags(p);
    }
}

bool tracee_is_heard(Process *p, Tracee *tracee)
{
    if (!trace_session_is_over(tracee->session) && trace_hears(tracee->tracer)) {
        return true;
    }
    if (tracee->session != &trace_default) {
        trace_session_end(tracee->session);
    }
    tracee_end(p, tracee);
    sum_flags(p);
    return false;
}
