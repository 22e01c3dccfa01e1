/* runtime/trace.c: see trace.h. Events of processes become messages to tracers; and the built-ins
 * that say which processes are traced. */
#include "runtime/trace.h"

#include "runtime/bif_data.h"
#include "runtime/bif_process.h"
#include "runtime/bif_tables.h"
#include "runtime/save_calls.h"

#include "proc/registry.h"
#include "proc/signal.h"
#include "runtime/term/ref.h"
#include "runtime/bif_time.h"
#include "runtime/term/world.h"

bool trace_is_on;
volatile AO_t trace_control_word;
enum { PARTS_MOST = 6 };

static const Term flag_names[] = {
#define FLAG(name, atom) ATOM_OF(atom),
    TRACE_FLAGS(FLAG)
#undef FLAG
};

uint32_t trace_flag_named(Term name)
{
    for (unsigned i = 0; i < TRACE_FLAG_COUNT; i++) {
        if (flag_names[i] == name) {
            return 1u << i;
        }
    }
    return 0;
}

/* ---- telling ---- */

/* 1: the stamps of flag `timestamp` are of the processor's time. Relaxed. */
static volatile AO_t stamps_are_cpu;

static Term cpu_time_term(Space *space)
{
    return make_timestamp(space, (int64_t) world_cpu_ns());
}

static Term timestamp(Process *p, Space *space, uint32_t flags)
{
    if (flags & TRACE_TIMESTAMP) {
        return AO_load(&stamps_are_cpu) ? cpu_time_term(space) : bif_now(p, NULL); /* four words */
    }
    if (flags & TRACE_STRICT) {
        return make_tuple2(space, make_int64(space, (int64_t) world_monotonic_ns()),
                           make_uint64(space, world_monotonic_number()));
    }
    return make_int64(space, (int64_t) world_monotonic_ns());
}

Message *trace_message(Process *p, Space *space, Term subject, uint32_t flags, const Term parts[],
                       size_t count)
{
    bool stamped = flags & (TRACE_TIMESTAMP | TRACE_MONOTONIC | TRACE_STRICT);
    Term elements[PARTS_MOST + 4] = {stamped ? ATOM_trace_ts : ATOM_trace, subject};
    size_t size = 2 + count;
    ASSERT(count <= PARTS_MOST);
    memcpy(elements + 2, parts, count * sizeof(Term));
    if (flags & TRACE_SCHEDULER_ID) {
        elements[size++] =
            term_small(sched_current == NULL ? 0 : (int64_t) sched_index(sched_current) + 1);
    }
    if (stamped) {
        elements[size++] = timestamp(p, space, flags);
    }
    return message_of(make_tuple(space, elements, size));
}

static void tell_in(Space *space, Process *p, Term tracer, uint32_t flags, const Term parts[],
                    size_t count)
{
    if (p->flags & PROCESS_SENSITIVE) {
        return;
    }
    if (tracer == ATOM_standard_error) {
        trace_print(p, parts, count);
        return;
    }
    Message *message = trace_message(p, space, p->pid, flags, parts, count);
    if (message != NULL) { /* without memory there is less to be told */
        process_send_message(tracer, message);
    }
}

void trace_tell_to(Process *p, Term tracer, uint32_t flags, const Term parts[], size_t count)
{
    tell_in(bif_space(p), p, tracer, flags, parts, count);
}

void trace_tell_one(Process *p, Tracee *tracee, const Term parts[], size_t count)
{
    if (tracee->tracer != p->pid && tracee_is_heard(p, tracee)) { /* itself, it knows */
        trace_tell_to(p, tracee->tracer, tracee->flags, parts, count);
    }
}

void trace_tell(Process *p, uint32_t flags, const Term parts[], size_t count)
{
    for (Tracee *at = p->extra->tracees, *next; at != NULL; at = next) {
        next = at->next;
        if (at->flags & flags) {
            trace_tell_one(p, at, parts, count);
        }
    }
}

void trace_change(Process *p, TraceSession *session, uint32_t clear, uint32_t set, Term tracer)
{
    const Tracee *tracee = tracee_of(p, session);
    if (tracee != NULL) {
        tracer = tracee->tracer;
    }
    if (tracee != NULL || (tracer != TERM_NONE && trace_hears(tracer))) {
        uint32_t flags = tracee != NULL ? tracee->flags : 0;
        tracee_set(p, session, (flags & ~clear) | set, tracer);
    }
}

/* ---- messages ---- */

/* Does the session's specification for them take this one? `seen`: what its head sees. */
static bool is_taken(Process *p, const TracePattern *of, const Term seen[], size_t count)
{
    pthread_mutex_lock(&trace_lock);
    TracePattern pattern = trace_pattern_copy(of);
    pthread_mutex_unlock(&trace_lock);
    bool taken = pattern.is_on;
    if (pattern.spec != NULL) {
        Term list = make_list(bif_space(p), seen, count, TERM_NIL);
        taken = match_spec_run(pattern.spec, p, list) != TERM_NONE;
        match_spec_release(pattern.spec);
    }
    return taken;
}

/* The answer to a built-in that asked another process or the pool (bif_process.h): no message. */
static bool is_reply(const Process *p, Term message)
{
    return reply_is_awaited(p) && term_is_pair(message) && term_is_local_ref(pair_key(message)) &&
           ref_number(pair_key(message)) == (uint64_t) small_value(p->saved[REPLY_SLOT]);
}

void trace_sent(Process *p, Term to, Term message)
{
    if (!trace_wants(p, TRACE_SEND)) {
        return;
    }
    const Term seen[] = {to, message};
    bool nobody = term_is_local_pid(to) && process_find(to) == NULL;
    const Term parts[] = {nobody ? ATOM_send_to_non_existing_process : ATOM_send, message, to};
    for (Tracee *at = p->extra->tracees, *next; at != NULL; at = next) {
        next = at->next;
        if (at->saved != NULL) {
            saved_calls_note(at->saved, TERM_NONE, ATOM_send, 0);
        } else if (at->flags & TRACE_SEND &&
                   is_taken(p, &at->session->sent, seen, COUNT_OF(seen))) {
            trace_tell_one(p, at, parts, COUNT_OF(parts));
        }
    }
}

static void trace_received(Process *p, Term message)
{
    const Term seen[] = {AO_load_acquire(&node_name), ATOM_undefined, message};
    const Term parts[] = {ATOM_receive, message};
    if (is_reply(p, message)) {
        return;
    }
    for (Tracee *at = p->extra->tracees, *next; at != NULL; at = next) {
        next = at->next;
        if (at->flags & TRACE_RECEIVE &&
            is_taken(p, &at->session->received, seen, COUNT_OF(seen))) {
            trace_tell_one(p, at, parts, COUNT_OF(parts));
        }
    }
}

/* ---- what happens to processes ---- */

static void tell_about(Process *p, uint32_t flags, Term what, Term whom)
{
    const Term parts[] = {what, whom};
    trace_tell(p, flags, parts, COUNT_OF(parts));
}

void trace_event(Process *p, TracedEvent event, Term what)
{
    switch (event) {
    case TRACED_RECEIVE:
        if (trace_wants(p, TRACE_RECEIVE)) {
            trace_received(p, what);
        }
        break;
    case TRACED_TAKEN:
    case TRACED_TIMED_OUT:
        for (Tracee *at = p->extra->tracees; at != NULL; at = at->next) {
            if (at->saved != NULL) {
                saved_calls_note(at->saved, TERM_NONE,
                                 event == TRACED_TAKEN ? ATOM_receive : ATOM_timeout, 0);
            }
        }
        break;
    case TRACED_LINKED:
    case TRACED_UNLINKED:
        if (trace_wants(p, TRACE_PROCS)) {
            tell_about(p, TRACE_PROCS,
                       event == TRACED_LINKED ? ATOM_getting_linked : ATOM_getting_unlinked, what);
        }
        break;
    }
}

void trace_scheduled(Process *p, Term in_or_out)
{
    const uint32_t flags = TRACE_RUNNING | TRACE_RUNNING_PROCS;
    (in_or_out == ATOM_in ? meters_resume : meters_pause)(p);
    if (trace_wants(p, flags)) {
        tell_about(p, flags, in_or_out, current_function(p, false));
    }
}

void trace_exited(Process *p, Term reason)
{
    Term name = registry_name_of(p);
    if (!trace_wants(p, TRACE_PROCS) || reason == TERM_NONE) {
        return;
    }
    tell_about(p, TRACE_PROCS, ATOM_exit, reason);
    if (name != TERM_NONE && p->flags & PROCESS_TRACED) {
        tell_about(p, TRACE_PROCS, ATOM_unregister, name);
    }
}

/* ---- the flags of others ---- */

/* What a process is asked: {Session, Clear, Set, Tracer}. The session is found by its number, for
 * it may have ended meanwhile. */
static TraceSession *asked(Term argument, uint32_t *clear, uint32_t *set, Term *tracer)
{
    const Term *parts = tuple_elements(argument);
    *clear = (uint32_t) small_value(parts[1]);
    *set = (uint32_t) small_value(parts[2]);
    *tracer = parts[3];
    return trace_session_find((uint64_t) small_value(parts[0]));
}

static Term question(Space *space, const TraceSession *session, uint32_t clear, uint32_t set,
                     Term tracer)
{
    return make_tuple4(space, term_small((int64_t) session->id), term_small(clear), term_small(set),
                       tracer);
}

/* True, or `busy`: another tracer has it. Anybody may end it. */
static Term change_flags(Process *p, TraceSession *session, uint32_t clear, uint32_t set,
                         Term tracer)
{
    Tracee *tracee = tracee_of(p, session);
    if (tracee != NULL && process_find(tracee->tracer) == NULL) {
        tracee = NULL;
    }
    uint32_t flags = tracee == NULL ? 0 : tracee->flags;
    if (set != 0 && tracee != NULL && tracee->tracer != tracer) {
        return ATOM_busy;
    }
    tracee_set(p, session, (flags & ~clear) | set, tracee == NULL ? tracer : tracee->tracer);
    return ATOM_true;
}

/* False: the process or the session has ended. */
static void change_call(Process *target, Message *request, Term argument)
{
    uint32_t clear, set;
    Term tracer, answer = ATOM_false;
    TraceSession *session = asked(argument, &clear, &set, &tracer);
    if (session != NULL) {
        answer = target == NULL ? ATOM_false : change_flags(target, session, clear, set, tracer);
        trace_session_release(session);
    }
    request_answer(request, answer);
}

static void change_more_call(Process *target, Message *request, Term argument)
{
    uint32_t clear, set;
    Term tracer;
    TraceSession *session = asked(argument, &clear, &set, &tracer);
    if (session != NULL) {
        if (target != NULL) {
            trace_change(target, session, clear, set, tracer);
        }
        trace_session_release(session);
    }
    message_destroy(request);
}

void trace_change_of(Process *p, Term pid, TraceSession *session, uint32_t clear, uint32_t set,
                     Term tracer)
{
    process_request(p, pid, change_more_call, question(bif_space(p), session, clear, set, tracer),
                    NULL);
}

/* What a child or a linked process takes over. */
static uint32_t inherited(uint32_t flags, uint32_t always, uint32_t first)
{
    return flags & always ? flags : flags & first ? flags & ~(always | first) : 0;
}

void trace_linked(Process *p, Term to, Term link_or_unlink)
{
    if (trace_wants(p, TRACE_PROCS)) {
        tell_about(p, TRACE_PROCS, link_or_unlink, to);
    }
    if (!trace_wants(p, TRACE_ON_LINK | TRACE_ON_FIRST_LINK) || link_or_unlink != ATOM_link) {
        return;
    }
    for (Tracee *at = p->extra->tracees, *next; at != NULL; at = next) {
        next = at->next;
        uint32_t flags = inherited(at->flags, TRACE_ON_LINK, TRACE_ON_FIRST_LINK);
        if (flags == 0) {
            continue;
        }
        process_request(p, to, change_call,
                        question(bif_space(p), at->session, 0, flags, at->tracer), NULL);
        if (!(at->flags & TRACE_ON_LINK)) {
            tracee_set(p, at->session, at->flags & ~TRACE_ON_FIRST_LINK, at->tracer);
        }
    }
}

/* ---- new processes ---- */

/* Under trace_lock. */
static void new_process_flags(Process *child, TraceSession *session)
{
    if (session->new_flags != 0 && process_find(session->new_tracer) == NULL) {
        session->new_flags = 0;
    }
    if (session->new_flags != 0) {
        tracee_set(child, session, session->new_flags, session->new_tracer);
    }
}

/* What the child of a traced process takes over. */
static void inherit(Process *p, Process *child)
{
    for (Tracee *at = p->extra->tracees, *next; at != NULL; at = next) {
        next = at->next;
        uint32_t flags = inherited(at->flags, TRACE_ON_SPAWN, TRACE_ON_FIRST_SPAWN);
        if (flags != 0) {
            tracee_set(child, at->session, flags, at->tracer);
            if (!(at->flags & TRACE_ON_SPAWN)) {
                tracee_set(p, at->session, at->flags & ~TRACE_ON_FIRST_SPAWN, at->tracer);
            }
        }
    }
}

void trace_spawned(Process *p, Process *child, Term module, Term function, Term args, bool link)
{
    Term mfa = make_tuple3(bif_space(p), module, function, args);
    const Term spawn[] = {ATOM_spawn, child->pid, mfa};
    const Term spawned[] = {ATOM_spawned, p->pid, mfa};
    if (trace_wants(p, TRACE_PROCS)) {
        trace_tell(p, TRACE_PROCS, spawn, COUNT_OF(spawn));
    }
    if (link && trace_wants(p, TRACE_PROCS)) {
        tell_about(p, TRACE_PROCS, ATOM_link, child->pid);
    }
    pthread_mutex_lock(&trace_lock);
    for (TraceSession *at = trace_sessions(); at != NULL; at = at->next) {
        new_process_flags(child, at);
    }
    pthread_mutex_unlock(&trace_lock);
    if (trace_wants(p, TRACE_ON_SPAWN | TRACE_ON_FIRST_SPAWN)) {
        inherit(p, child);
    }
    if (trace_wants(child, TRACE_PROCS)) {
        trace_tell(child, TRACE_PROCS, spawned, COUNT_OF(spawned));
    }
    if (link && trace_wants(child, TRACE_PROCS)) {
        tell_about(child, TRACE_PROCS, ATOM_getting_linked, p->pid);
    }
}

/* ---- names ---- */

static void registered_call(Process *target, Message *request, Term argument)
{
    if (target != NULL && trace_wants(target, TRACE_PROCS)) {
        tell_about(target, TRACE_PROCS, pair_key(argument), pair_value(argument));
    }
    message_destroy(request);
}

void trace_registered(Process *p, Term pid, Term name, Term what)
{
    if (!__atomic_load_n(&trace_is_on, __ATOMIC_RELAXED)) {
        return;
    }
    if (pid != p->pid) {
        process_request(p, pid, registered_call, make_tuple2(bif_space(p), what, name), NULL);
    } else if (trace_wants(p, TRACE_PROCS)) {
        tell_about(p, TRACE_PROCS, what, name);
    }
}

/* ---- collections ---- */

static Term size_pair(Space *space, Term name, size_t words, Term tail)
{
    return make_cons(space, make_tuple2(space, name, make_uint64(space, words)), tail);
}

void trace_collection(Process *p, Term which)
{
    const Heap *heap = &p->heap;
    /* Not in its own heap: that is full, or what is free was made for somebody. */
    ArenaSpace *arena = arena_space_create();
    Space *space = arena_space(arena);
    size_t old = heap->old_block == NULL ? 0 : (size_t) (heap->old_top - heap->old_block);
    size_t old_block = heap->old_block == NULL ? 0 : (size_t) (heap->old_end - heap->old_block);
    Term list = size_pair(space, ATOM_bin_old_vheap_block_size, BINARY_HEAP_WORDS, TERM_NIL);
    list = size_pair(space, ATOM_bin_old_vheap_size, heap->old_off_heap_bytes / sizeof(Term), list);
    list = size_pair(space, ATOM_bin_vheap_block_size, BINARY_HEAP_WORDS, list);
    list = size_pair(space, ATOM_bin_vheap_size, heap->space.off_heap_bytes / sizeof(Term), list);
    list = size_pair(space, ATOM_heap_size, (size_t) (heap->space.top - heap->block), list);
    list = size_pair(space, ATOM_old_heap_size, old, list);
    list = size_pair(space, ATOM_stack_size, (size_t) (heap->block_end - heap->stack_top), list);
    list = size_pair(space, ATOM_recent_size, (size_t) (heap->high_water - heap->block), list);
    list = size_pair(space, ATOM_mbuf_size, heap->fragment_words, list);
    list = size_pair(space, ATOM_heap_block_size, (size_t) (heap->block_end - heap->block), list);
    list = size_pair(space, ATOM_old_heap_block_size, old_block, list);
    list = size_pair(space, ATOM_wordsize, sizeof(Term), list);
    const Term parts[] = {which, list};
    for (Tracee *at = p->extra->tracees, *next; at != NULL; at = next) {
        next = at->next;
        if (at->flags & TRACE_GC && at->tracer != p->pid && tracee_is_heard(p, at)) {
            tell_in(space, p, at->tracer, at->flags, parts, COUNT_OF(parts));
        }
    }
    arena_space_destroy(arena);
}

/* ---- built-ins, behind stdlib/muster_trace.erl ---- */

/* The session of a built-in's first argument, retained; NULL after raising: it is over, or none. */
static TraceSession *session_argument(Process *p, Term handle)
{
    TraceSession *session = trace_session_of(handle);
    if (session == NULL) {
        bif_badarg(p);
    }
    return session;
}

/* muster_trace:set_flags(Session, Pid, Set, Flags, Tracer): as change_flags answers; false: it has
 * ended. */
Term bif_trace_set_flags(Process *p, const Term args[])
{
    uint64_t number;
    if (reply_is_awaited(p)) {
        return reply_take(p);
    }
    if (!term_is_local_pid(args[1]) || !term_is_small(args[3]) || !term_is_local_pid(args[4])) {
        return bif_badarg(p);
    }
    TraceSession *session = session_argument(p, args[0]);
    if (session == NULL) {
        return TERM_NONE;
    }
    bool set = args[2] == ATOM_true;
    uint32_t flags = (uint32_t) small_value(args[3]);
    Term result = ATOM_false;
    if (args[1] == p->pid) {
        result = change_flags(p, session, set ? 0 : flags, set ? flags : 0, args[4]);
    } else if (process_request(
                   p, args[1], change_call,
                   question(bif_space(p), session, set ? 0 : flags, set ? flags : 0, args[4]),
                   &number)) {
        reply_await(p, number);
    }
    trace_session_release(session);
    return reply_is_awaited(p) ? reply_take(p) : result;
}

static Term flags_of(Process *p, const TraceSession *session)
{
    const Tracee *tracee = tracee_of(p, session);
    bool is_traced = tracee != NULL && process_find(tracee->tracer) != NULL;
    return make_tuple2(bif_space(p), term_small(is_traced ? tracee->flags : 0),
                       is_traced ? tracee->tracer : TERM_NIL);
}

static void flags_call(Process *target, Message *request, Term argument)
{
    TraceSession *session = trace_session_find((uint64_t) small_value(argument));
    Term answer = target == NULL    ? ATOM_undefined
                  : session == NULL ? make_tuple2(bif_space(target), term_small(0), TERM_NIL)
                                    : flags_of(target, session);
    if (session != NULL) {
        trace_session_release(session);
    }
    request_answer(request, answer);
}

/* muster_trace:flags(Session, Pid): {Flags, Tracer}; `undefined`: it has ended. */
Term bif_trace_flags(Process *p, const Term args[])
{
    uint64_t number;
    if (reply_is_awaited(p)) {
        return reply_take(p);
    }
    if (!term_is_local_pid(args[1])) {
        return bif_badarg(p);
    }
    TraceSession *session = session_argument(p, args[0]);
    if (session == NULL) {
        return TERM_NONE;
    }
    Term result = ATOM_undefined;
    if (args[1] == p->pid) {
        result = flags_of(p, session);
    } else if (process_request(p, args[1], flags_call, term_small((int64_t) session->id),
                               &number)) {
        reply_await(p, number);
    }
    trace_session_release(session);
    return reply_is_awaited(p) ? reply_take(p) : result;
}

/* muster_trace:set_new(Session, Set, Flags, Tracer) */
Term bif_trace_set_new(Process *p, const Term args[])
{
    if (!term_is_small(args[2]) || !term_is_local_pid(args[3])) {
        return bif_badarg(p);
    }
    TraceSession *session = session_argument(p, args[0]);
    if (session == NULL) {
        return TERM_NONE;
    }
    uint32_t flags = (uint32_t) small_value(args[2]);
    pthread_mutex_lock(&trace_lock);
    session->new_flags =
        args[1] == ATOM_true ? session->new_flags | flags : session->new_flags & ~flags;
    session->new_tracer = args[3];
    if (session->new_flags != 0) {
        __atomic_store_n(&trace_is_on, true, __ATOMIC_RELAXED);
    }
    pthread_mutex_unlock(&trace_lock);
    trace_session_release(session);
    return ATOM_true;
}

/* muster_trace:new_flags(Session): {Flags, Tracer} */
Term bif_trace_new_flags(Process *p, const Term args[])
{
    TraceSession *session = session_argument(p, args[0]);
    if (session == NULL) {
        return TERM_NONE;
    }
    pthread_mutex_lock(&trace_lock);
    Term result = make_tuple2(bif_space(p), term_small(session->new_flags),
                              session->new_flags != 0 ? session->new_tracer : TERM_NIL);
    pthread_mutex_unlock(&trace_lock);
    trace_session_release(session);
    return result;
}

/* muster_trace:set_cpu_stamps(Bool) */
Term bif_trace_set_cpu_stamps(Process *p, const Term args[])
{
    (void) p;
    AO_store(&stamps_are_cpu, args[0] == ATOM_true);
    return ATOM_true;
}

/* muster_trace:flag(Name): its bit; 0: there is none. */
Term bif_trace_flag(Process *p, const Term args[])
{
    (void) p;
    return term_small(term_is_atom(args[0]) ? trace_flag_named(args[0]) : 0);
}

/* muster_trace:flag_names(): in order of their bits. */
Term bif_trace_flag_names(Process *p, const Term args[])
{
    return make_list(bif_space(p), flag_names, TRACE_FLAG_COUNT, TERM_NIL);
}
