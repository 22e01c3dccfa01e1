/* runtime/trace.c: see trace.h. Events of processes become messages to tracers; and the built-ins
 * that say which processes are traced. */
#include "runtime/trace.h"

#include "runtime/bif_data.h"
#include "runtime/bif_process.h"
#include "runtime/bif_tables.h"

#include "proc/registry.h"
#include "proc/signal.h"
#include "runtime/term/ref.h"
#include "runtime/term/world.h"

#include <pthread.h>

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

static Term timestamp(Process *p, Space *space, uint32_t flags)
{
    if (flags & TRACE_TIMESTAMP) {
        return bif_now(p, NULL); /* four words */
    }
    if (flags & TRACE_STRICT) {
        return make_tuple2(space, make_int64(space, (int64_t) world_monotonic_ns()),
                           make_uint64(space, world_monotonic_number()));
    }
    return make_int64(space, (int64_t) world_monotonic_ns());
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
    bool stamped = flags & (TRACE_TIMESTAMP | TRACE_MONOTONIC | TRACE_STRICT);
    Term elements[PARTS_MOST + 3] = {stamped ? ATOM_trace_ts : ATOM_trace, p->pid};
    ASSERT(count <= PARTS_MOST);
    memcpy(elements + 2, parts, count * sizeof(Term));
    if (stamped) {
        elements[2 + count] = timestamp(p, space, flags);
    }
    Message *message = message_of(make_tuple(space, elements, 2 + count + stamped));
    if (message != NULL) { /* without memory there is less to be told */
        process_send_message(tracer, message);
    }
}

void trace_tell_to(Process *p, Term tracer, uint32_t flags, const Term parts[], size_t count)
{
    tell_in(bif_space(p), p, tracer, flags, parts, count);
}

static void set_flags(Process *p, uint32_t flags, Term tracer)
{
    ProcessExtra *extra = process_extra(p);
    extra->trace_flags = flags;
    extra->tracer = tracer;
    if (flags != 0) {
        __atomic_store_n(&trace_is_on, true, __ATOMIC_RELAXED);
        p->flags |= PROCESS_TRACED;
    } else {
        p->flags &= ~(uint32_t) PROCESS_TRACED;
    }
    if (!(flags & TRACE_CALL)) {
        meter_stop(p);
    }
}

void trace_tell(Process *p, const Term parts[], size_t count)
{
    if (p->extra->tracer == p->pid) { /* it knows */
        return;
    }
    if (!trace_hears(p->extra->tracer)) { /* it has ended, and so does tracing */
        set_flags(p, 0, TERM_NONE);
        return;
    }
    trace_tell_to(p, p->extra->tracer, p->extra->trace_flags, parts, count);
}

void trace_change(Process *p, uint32_t clear, uint32_t set, Term tracer)
{
    bool is_traced = p->flags & PROCESS_TRACED;
    if (is_traced || (tracer != TERM_NONE && trace_hears(tracer))) {
        uint32_t flags = is_traced ? p->extra->trace_flags : 0;
        set_flags(p, (flags & ~clear) | set, is_traced ? p->extra->tracer : tracer);
    }
}

/* ---- messages ---- */

/* Does the specification for them take this one? `seen`: what its head sees. */
static bool is_taken(Process *p, bool received, const Term seen[], size_t count)
{
    TracePattern pattern = trace_pattern_of(received);
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
    const Term seen[] = {to, message};
    if (!trace_wants(p, TRACE_SEND) || !is_taken(p, false, seen, 2)) {
        return;
    }
    bool nobody = term_is_local_pid(to) && process_find(to) == NULL;
    const Term parts[] = {nobody ? ATOM_send_to_non_existing_process : ATOM_send, message, to};
    trace_tell(p, parts, COUNT_OF(parts));
}

static void trace_received(Process *p, Term message)
{
    const Term seen[] = {AO_load_acquire(&node_name), ATOM_undefined, message};
    const Term parts[] = {ATOM_receive, message};
    if (!is_reply(p, message) && is_taken(p, true, seen, 3)) {
        trace_tell(p, parts, COUNT_OF(parts));
    }
}

/* ---- what happens to processes ---- */

static void tell_about(Process *p, Term what, Term whom)
{
    const Term parts[] = {what, whom};
    trace_tell(p, parts, COUNT_OF(parts));
}

void trace_event(Process *p, TracedEvent event, Term what)
{
    switch (event) {
    case TRACED_RECEIVE:
        if (trace_wants(p, TRACE_RECEIVE)) {
            trace_received(p, what);
        }
        break;
    case TRACED_LINKED:
    case TRACED_UNLINKED:
        if (trace_wants(p, TRACE_PROCS)) {
            tell_about(p, event == TRACED_LINKED ? ATOM_getting_linked : ATOM_getting_unlinked,
                       what);
        }
        break;
    }
}

void trace_scheduled(Process *p, Term in_or_out)
{
    (in_or_out == ATOM_in ? meter_resume : meter_pause)(p);
    if (trace_wants(p, TRACE_RUNNING | TRACE_RUNNING_PROCS)) {
        tell_about(p, in_or_out, current_function(p, false));
    }
}

void trace_exited(Process *p, Term reason)
{
    Term name = registry_name_of(p);
    if (!trace_wants(p, TRACE_PROCS) || reason == TERM_NONE) {
        return;
    }
    tell_about(p, ATOM_exit, reason);
    if (name != TERM_NONE && p->flags & PROCESS_TRACED) {
        tell_about(p, ATOM_unregister, name);
    }
}

/* ---- the flags of others ---- */

/* What a process is asked: {Set, Flags, Tracer}; answers true, or `busy`: another tracer has it, or
 * false: it has ended. */
static Term change_flags(Process *p, Term argument)
{
    const Term *parts = tuple_elements(argument);
    uint32_t flags = (uint32_t) small_value(parts[1]);
    Term tracer = parts[2];
    bool is_traced = p->flags & PROCESS_TRACED && process_find(p->extra->tracer) != NULL;
    uint32_t now = is_traced ? p->extra->trace_flags : 0;
    if (parts[0] != ATOM_true) { /* anybody may end it */
        set_flags(p, now & ~flags, is_traced ? p->extra->tracer : tracer);
        return ATOM_true;
    }
    if (is_traced && p->extra->tracer != tracer) {
        return ATOM_busy;
    }
    set_flags(p, now | flags, tracer);
    return ATOM_true;
}

static void change_call(Process *target, Message *request, Term argument)
{
    request_answer(request, target == NULL ? ATOM_false : change_flags(target, argument));
}

static void change_more_call(Process *target, Message *request, Term argument)
{
    const Term *parts = tuple_elements(argument);
    if (target != NULL) {
        trace_change(target, (uint32_t) small_value(parts[0]), (uint32_t) small_value(parts[1]),
                     parts[2]);
    }
    message_destroy(request);
}

void trace_change_of(Process *p, Term pid, uint32_t clear, uint32_t set, Term tracer)
{
    Term argument = make_tuple3(bif_space(p), term_small(clear), term_small(set), tracer);
    process_request(p, pid, change_more_call, argument, NULL);
}

static Term flags_argument(Space *space, bool set, uint32_t flags, Term tracer)
{
    return make_tuple3(space, term_bool(set), term_small(flags), tracer);
}

/* What a child or a linked process takes over. */
static uint32_t inherited(uint32_t flags, uint32_t always, uint32_t first)
{
    return flags & always ? flags : flags & first ? flags & ~(always | first) : 0;
}

void trace_linked(Process *p, Term to, Term link_or_unlink)
{
    if (trace_wants(p, TRACE_PROCS)) {
        tell_about(p, link_or_unlink, to);
    }
    if (!trace_wants(p, TRACE_ON_LINK | TRACE_ON_FIRST_LINK) || link_or_unlink != ATOM_link) {
        return;
    }
    uint32_t flags = inherited(p->extra->trace_flags, TRACE_ON_LINK, TRACE_ON_FIRST_LINK);
    process_request(p, to, change_call, flags_argument(bif_space(p), true, flags, p->extra->tracer),
                    NULL);
    if (!(p->extra->trace_flags & TRACE_ON_LINK)) {
        trace_change(p, TRACE_ON_FIRST_LINK, 0, TERM_NONE);
    }
}

/* ---- new processes ---- */

static pthread_mutex_t new_lock = PTHREAD_MUTEX_INITIALIZER;
static uint32_t new_flags; /* of processes not yet made; under new_lock */
static Term new_tracer;

static void new_process_flags(Process *child)
{
    pthread_mutex_lock(&new_lock);
    if (new_flags != 0 && process_find(new_tracer) == NULL) {
        new_flags = 0;
    }
    if (new_flags != 0) {
        set_flags(child, new_flags, new_tracer);
    }
    pthread_mutex_unlock(&new_lock);
}

void trace_spawned(Process *p, Process *child, Term module, Term function, Term args, bool link)
{
    Term mfa = make_tuple3(bif_space(p), module, function, args);
    const Term spawn[] = {ATOM_spawn, child->pid, mfa};
    const Term spawned[] = {ATOM_spawned, p->pid, mfa};
    if (trace_wants(p, TRACE_PROCS)) {
        trace_tell(p, spawn, COUNT_OF(spawn));
    }
    if (link && trace_wants(p, TRACE_PROCS)) {
        tell_about(p, ATOM_link, child->pid);
    }
    new_process_flags(child);
    if (trace_wants(p, TRACE_ON_SPAWN | TRACE_ON_FIRST_SPAWN)) {
        uint32_t flags = inherited(p->extra->trace_flags, TRACE_ON_SPAWN, TRACE_ON_FIRST_SPAWN);
        set_flags(child, flags, p->extra->tracer);
        if (!(p->extra->trace_flags & TRACE_ON_SPAWN)) {
            trace_change(p, TRACE_ON_FIRST_SPAWN, 0, TERM_NONE);
        }
    }
    if (trace_wants(child, TRACE_PROCS)) {
        trace_tell(child, spawned, COUNT_OF(spawned));
    }
    if (link && trace_wants(child, TRACE_PROCS)) {
        tell_about(child, ATOM_getting_linked, p->pid);
    }
}

/* ---- names ---- */

static void registered_call(Process *target, Message *request, Term argument)
{
    if (target != NULL && trace_wants(target, TRACE_PROCS)) {
        tell_about(target, pair_key(argument), pair_value(argument));
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
        tell_about(p, what, name);
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
    if (p->extra->tracer == p->pid) {
        return;
    }
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
    tell_in(space, p, p->extra->tracer, p->extra->trace_flags, parts, COUNT_OF(parts));
    arena_space_destroy(arena);
}

/* ---- built-ins, behind stdlib/muster_trace.erl ---- */

/* muster_trace:set_flags(Pid, Set, Flags, Tracer): as change_flags answers. */
Term bif_trace_set_flags(Process *p, const Term args[])
{
    uint64_t number;
    if (reply_is_awaited(p)) {
        return reply_take(p);
    }
    if (!term_is_local_pid(args[0]) || !term_is_small(args[2]) || !term_is_local_pid(args[3])) {
        return bif_badarg(p);
    }
    Term argument = flags_argument(bif_space(p), args[1] == ATOM_true,
                                   (uint32_t) small_value(args[2]), args[3]);
    if (args[0] == p->pid) {
        return change_flags(p, argument);
    }
    if (!process_request(p, args[0], change_call, argument, &number)) {
        return ATOM_false;
    }
    reply_await(p, number);
    return reply_take(p);
}

static Term flags_of(Process *p, Space *space)
{
    bool is_traced = p->flags & PROCESS_TRACED && process_find(p->extra->tracer) != NULL;
    return is_traced ? make_tuple2(space, term_small(p->extra->trace_flags), p->extra->tracer)
                     : make_tuple2(space, term_small(0), TERM_NIL);
}

static void flags_call(Process *target, Message *request, Term argument)
{
    request_answer(request,
                   target == NULL ? ATOM_undefined : flags_of(target, &target->heap.space));
}

/* muster_trace:flags(Pid): {Flags, Tracer}; `undefined`: it has ended. */
Term bif_trace_flags(Process *p, const Term args[])
{
    uint64_t number;
    if (reply_is_awaited(p)) {
        return reply_take(p);
    }
    if (!term_is_local_pid(args[0])) {
        return bif_badarg(p);
    }
    if (args[0] == p->pid) {
        return flags_of(p, bif_space(p));
    }
    if (!process_request(p, args[0], flags_call, TERM_NIL, &number)) {
        return ATOM_undefined;
    }
    reply_await(p, number);
    return reply_take(p);
}

/* muster_trace:set_new(Set, Flags, Tracer) */
Term bif_trace_set_new(Process *p, const Term args[])
{
    if (!term_is_small(args[1]) || !term_is_local_pid(args[2])) {
        return bif_badarg(p);
    }
    uint32_t flags = (uint32_t) small_value(args[1]);
    pthread_mutex_lock(&new_lock);
    new_flags = args[0] == ATOM_true ? new_flags | flags : new_flags & ~flags;
    new_tracer = args[2];
    if (new_flags != 0) {
        __atomic_store_n(&trace_is_on, true, __ATOMIC_RELAXED);
    }
    pthread_mutex_unlock(&new_lock);
    return ATOM_true;
}

/* muster_trace:new_flags(): {Flags, Tracer} */
Term bif_trace_new_flags(Process *p, const Term args[])
{
    Space *space = bif_space(p);
    pthread_mutex_lock(&new_lock);
    Term result = make_tuple2(space, term_small(new_flags), new_flags != 0 ? new_tracer : TERM_NIL);
    pthread_mutex_unlock(&new_lock);
    return result;
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
