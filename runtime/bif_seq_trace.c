/* runtime/bif_seq_trace.c
 * Sequential tracing as programs see it: tokens as terms, the system's tracer. How tokens travel:
 * see proc/seq_token.h. */
#include "proc/signal.h"
#include "runtime/bif_data.h"
#include "runtime/bif_process.h"
#include "runtime/bif_tables.h"
#include "runtime/bif_time.h"
#include "runtime/seq_trace.h"
#include "runtime/term/copy.h"
#include "runtime/term/world.h"

/* A local pid, or `false`. Any thread reads and writes it. */
static volatile AO_t system_tracer = ATOM_OF(false);

/* ---- telling ---- */

static Term stamp_of(Space *space, uint32_t flags)
{
    int64_t now = (int64_t) world_monotonic_ns();
    if (flags & SEQ_TIMESTAMP) {
        return make_timestamp(space, now + time_offset_ns());
    }
    return flags & SEQ_STRICT_MONOTONIC ? make_tuple2(space, make_int64(space, now),
                                                      make_uint64(space, world_monotonic_number()))
                                        : make_int64(space, now);
}

void seq_trace_tell(uint32_t event, const SeqToken *token, Term to, Term what)
{
    Term tracer = (Term) AO_load(&system_tracer);
    if (tracer == ATOM_false || tracer == (event == SEQ_RECEIVE ? to : token->from)) {
        return; /* what the tracer itself does is not told */
    }
    ArenaSpace *arena = arena_space_create();
    Space *space = arena_space(arena);
    Term name = event == SEQ_SEND ? ATOM_send : event == SEQ_RECEIVE ? ATOM_receive : ATOM_print;
    const Term parts[] = {
        name,
        make_tuple2(space, make_uint64(space, token->previous), make_uint64(space, token->serial)),
        token->from, to, what};
    Term told = make_tuple(space, parts, COUNT_OF(parts));
    bool is_stamped = token->flags & (SEQ_TIMESTAMP | SEQ_MONOTONIC | SEQ_STRICT_MONOTONIC);
    Term message = is_stamped ? make_tuple4(space, ATOM_seq_trace, seq_token_label(token), told,
                                            stamp_of(space, token->flags))
                              : make_tuple3(space, ATOM_seq_trace, seq_token_label(token), told);
    process_send(NULL, tracer, message, NULL);
    arena_space_destroy(arena);
}

/* ---- tokens as terms ---- */

static uint32_t flag_of(Term name)
{
    switch (name) {
    case ATOM_send:
        return SEQ_SEND;
    case ATOM_receive:
        return SEQ_RECEIVE;
    case ATOM_print:
        return SEQ_PRINT;
    case ATOM_timestamp:
        return SEQ_TIMESTAMP;
    case ATOM_strict_monotonic_timestamp:
        return SEQ_STRICT_MONOTONIC;
    case ATOM_monotonic_timestamp:
        return SEQ_MONOTONIC;
    default:
        return 0;
    }
}

Term seq_trace_token(Process *p)
{
    const SeqToken *token = seq_token_of(p);
    if (token == NULL) {
        return TERM_NIL;
    }
    Space *space = bif_space(p);
    const Term parts[] = {
        make_uint64(space, token->flags), term_copy(space, seq_token_label(token)),
        make_uint64(space, token->serial), token->from, make_uint64(space, token->previous)};
    return parts[1] == TERM_LIMIT ? TERM_LIMIT : make_tuple(space, parts, COUNT_OF(parts));
}

/* {Previous, Serial} */
static bool serial_read(Term t, uint64_t *previous, uint64_t *serial)
{
    int64_t first, second;
    if (!tuple_is(t, 2) || !term_to_index(tuple_elements(t)[0], &first) ||
        !term_to_index(tuple_elements(t)[1], &second)) {
        return false;
    }
    *previous = (uint64_t) first;
    *serial = (uint64_t) second;
    return true;
}

/* The fields are those of the token, or of a new one. */
static Term set_component(Process *p, Term component, Term value)
{
    Space *space = bif_space(p);
    const SeqToken *token = seq_token_of(p);
    uint32_t flags = token == NULL ? 0 : token->flags, flag = flag_of(component);
    uint64_t serial = token == NULL ? 0 : token->serial;
    uint64_t previous = token != NULL      ? token->previous
                        : p->extra == NULL ? 0
                                           : p->extra->seq_previous;
    Term label = token == NULL ? term_small(0) : TERM_NONE, before;
    bool is_counted = false;
    if (component == ATOM_label) {
        before = token == NULL ? label : term_copy(space, seq_token_label(token));
        label = value;
    } else if (component == ATOM_serial) {
        before = make_tuple2(space, make_uint64(space, previous), make_uint64(space, serial));
        is_counted = serial_read(value, &previous, &serial);
        if (!is_counted) {
            return TERM_NONE;
        }
    } else if (flag != 0 && (value == ATOM_true || value == ATOM_false)) {
        before = term_bool((flags & flag) != 0);
        flags = value == ATOM_true ? flags | flag : flags & ~flag;
    } else {
        return TERM_NONE;
    }
    if (before == TERM_LIMIT || !seq_token_set(p, flags, label, previous, serial)) {
        return TERM_LIMIT;
    }
    if (is_counted) {
        p->extra->seq_previous = previous;
        p->extra->seq_serial = serial;
    }
    return before;
}

Term seq_trace_set(Process *p, Term component, Term value)
{
    if (component != ATOM_sequential_trace_token) {
        return set_component(p, component, value);
    }
    if (!term_is_nil(value)) {
        return TERM_NONE;
    }
    Term before = seq_trace_token(p);
    seq_token_clear(p);
    return before;
}

Term bif_seq_trace2(Process *p, const Term args[])
{
    return bif_result(p, seq_trace_set(p, args[0], args[1]));
}

Term bif_seq_trace_info(Process *p, const Term args[])
{
    const SeqToken *token = seq_token_of(p);
    Space *space = bif_space(p);
    unsigned flag = flag_of(args[0]);
    if (args[0] == ATOM_sequential_trace_token) {
        return bif_result(p, seq_trace_token(p));
    }
    if (flag != 0) {
        bool is_set = token != NULL && (token->flags & flag) != 0;
        return make_tuple2(space, args[0], term_bool(is_set));
    }
    if (args[0] != ATOM_label && args[0] != ATOM_serial) {
        return bif_badarg(p);
    }
    if (token == NULL) {
        return TERM_NIL;
    }
    Term value = args[0] == ATOM_label ? term_copy(space, seq_token_label(token))
                                       : make_tuple2(space, make_uint64(space, token->previous),
                                                     make_uint64(space, token->serial));
    return value == TERM_LIMIT ? bif_system_limit(p) : make_tuple2(space, args[0], value);
}

/* ---- print ---- */

static Term print(Process *p, Term label, Term what)
{
    const SeqToken *token = seq_token_of(p);
    if (token == NULL || !(token->flags & SEQ_PRINT) ||
        (label != TERM_NONE && !term_equal_exact(label, seq_token_label(token)))) {
        return ATOM_false;
    }
    seq_token_count(p);
    if (!(p->flags & PROCESS_SENSITIVE)) {
        seq_trace_tell(SEQ_PRINT, seq_token_of(p), TERM_NIL, what);
    }
    return ATOM_true;
}

Term bif_seq_trace_print1(Process *p, const Term args[])
{
    return print(p, TERM_NONE, args[0]);
}
Term bif_seq_trace_print2(Process *p, const Term args[])
{
    return print(p, args[0], args[1]);
}

/* ---- the machine ---- */

/* tracer(Pid | false | get): the tracer before. */
Term bif_seq_trace_tracer(Process *p, const Term args[])
{
    if (args[0] != ATOM_get && args[0] != ATOM_false &&
        (!term_is_local_pid(args[0]) || !process_exists(args[0]))) {
        return bif_badarg(p);
    }
    Term before = (Term) AO_load(&system_tracer);
    if (args[0] != ATOM_get) {
        AO_store(&system_tracer, (AO_t) args[0]);
        return before;
    }
    return before != ATOM_false && !process_exists(before) ? ATOM_false : before;
}

static void reset_call(Process *target, Message *request, Term argument)
{
    if (target != NULL) {
        seq_token_reset(target);
    }
    message_destroy(request);
}

/* reset(): no process has a token, nor any message. */
Term bif_seq_trace_reset(Process *p, const Term args[])
{
    size_t capacity = processes_count() + 64, count;
    Term *pids = mem_alloc(capacity * sizeof *pids);
    while ((count = processes_list(pids, capacity)) > capacity) {
        capacity = count + 64;
        pids = mem_realloc(pids, capacity * sizeof *pids);
    }
    for (size_t i = 0; i < count; i++) {
        process_request(p, pids[i], reset_call, TERM_NIL, NULL);
    }
    mem_free(pids);
    mailbox_drain(p);
    bif_charge(p, count);
    return answer_after_signals(p, ATOM_true);
}
