/* runtime/bif_process_send.c
 * Messages, exits and exceptions: '!', send, exit, error, throw, raise. */
#include "runtime/bif_port.h"
#include "runtime/bif_tables.h"

#include "runtime/interpret.h"
#include "runtime/term/copy.h"
#include "runtime/term/ref.h"
#include "runtime/trace.h"

/* ---- messages ---- */

enum { WORDS_A_REDUCTION = 16 };
enum { PORT_SLOT = 1 }; /* p->saved: the busy port that a message is for */

/* Big messages use up the sender's slice: it is their size that costs. */
static void charge_message(Process *p, size_t words)
{
    bif_charge(p, 1 + words / WORDS_A_REDUCTION);
}

static Term send_to(Process *p, Term to, Term message, Term answer, bool connect, bool nosuspend)
{
    Term port;
    if (UNLIKELY(reply_is_awaited(p))) { /* a port was busy */
        return port_send_message(p, p->saved[PORT_SLOT], message, answer, false);
    }
    SendResult result = process_send_most(p, to, message, &port, LONG_WORDS);
    if (UNLIKELY(result == SEND_LONG)) {
        if (bif_may_leave()) {
            return bif_leave(p);
        }
        result = process_send(p, to, message, &port);
    }
    if (UNLIKELY(p->flags & PROCESS_TRACED) && result != SEND_NO_NAME && result != SEND_BAD) {
        trace_sent(p, to, message);
    }
    switch (result) {
    case SEND_OK:
        charge_message(p, process_sent_words);
        return answer;
    case SEND_REMOTE:
        return connect ? answer : ATOM_noconnect;
    case SEND_NO_MEMORY:
        return bif_error(p, ATOM_system_limit);
    case SEND_PORT:
        p->saved[PORT_SLOT] = port;
        return port_send_message(p, port, message, answer, nosuspend);
    case SEND_NO_NAME:
    case SEND_BAD:
    case SEND_LONG:
        break;
    }
    return bif_badarg(p);
}

Term bif_send_2(Process *p, const Term args[])
{
    return send_to(p, args[0], args[1], args[1], true, false);
}

/* '!', whose failures are those of erlang:send/2. */
Term bif_send_operator_2(Process *p, const Term args[])
{
    if (LIKELY(term_is_local_pid(args[0]))) {
        return send_to(p, args[0], args[1], args[1], true, false);
    }
    return bif_call(p, ATOM_erlang, ATOM_send, args, 2);
}

Term bif_send_3(Process *p, const Term args[])
{
    bool connect = true, nosuspend = false;
    Term options = args[2], option;
    while (list_take(&options, &option)) {
        if (option == ATOM_noconnect) {
            connect = false;
        } else if (option == ATOM_nosuspend) {
            nosuspend = true;
        } else {
            return bif_badarg(p);
        }
    }
    if (!term_is_nil(options)) {
        return bif_badarg(p);
    }
    return send_to(p, args[0], args[1], ATOM_ok, connect, nosuspend);
}

/* Only a busy port suspends. */
Term bif_send_nosuspend_2(Process *p, const Term args[])
{
    Term answer = send_to(p, args[0], args[1], ATOM_true, true, true);
    return answer == ATOM_nosuspend ? ATOM_false : answer;
}

Term bif_send_nosuspend_3(Process *p, const Term args[])
{
    const Term options = make_cons(bif_space(p), ATOM_nosuspend, args[2]);
    Term answer = bif_send_3(p, (Term[]){args[0], args[1], options});
    return answer == ATOM_ok                            ? ATOM_true
           : answer == TERM_NONE || answer == TERM_TRAP ? answer
                                                        : ATOM_false;
}

/* ---- exits ---- */

Term bif_exit_1(Process *p, const Term args[])
{
    return bif_raise(p, ATOM_exit, args[0]);
}

Term bif_exit_2(Process *p, const Term args[])
{
    Term to = args[0];
    if (!term_is_local_pid(to) && !term_is_local_port(to)) {
        return term_is_pid(to) || term_is_port(to) ? ATOM_true : bif_badarg(p);
    }
    process_send_exit(p, to, args[1]);
    return answer_after_signals(p, ATOM_true);
}

/* ---- exceptions ---- */

Term bif_throw_1(Process *p, const Term args[])
{
    return bif_raise(p, ATOM_throw, args[0]);
}
Term bif_error_1(Process *p, const Term args[])
{
    return bif_raise(p, ATOM_error, args[0]);
}

static Term error_with_args(Process *p, Term reason, Term call_args, Term extra)
{
    Term first = term_is_list(call_args) ? call_args : TERM_NONE; /* of any length */
    if (first == TERM_NONE && term_is_nil(extra)) {
        return bif_raise(p, ATOM_error, reason);
    }
    return raise_with_trace(p, ATOM_error, reason, stack_trace_now(p, trace_depth(), first, extra));
}

Term bif_error_2(Process *p, const Term args[])
{
    return error_with_args(p, args[0], args[1], TERM_NIL);
}

Term bif_error_3(Process *p, const Term args[])
{
    Term options = args[2], option, extra = TERM_NIL;
    while (list_take(&options, &option)) {
        /* What is not known counts for nothing. */
        if (term_is_pair(option) && pair_key(option) == ATOM_error_info &&
            term_is_map(pair_value(option))) {
            extra = make_cons(bif_space(p), option, TERM_NIL);
        }
    }
    return error_with_args(p, args[0], args[1], extra);
}

/* The information of an entry: pairs, where a file is a string and a line a number. */
static bool info_is_good(Term info)
{
    Term pair;
    while (list_take(&info, &pair)) {
        if (!term_is_pair(pair)) {
            return false;
        }
    }
    return term_is_nil(info);
}

/* An entry of a stack trace in the form that traces have, or TERM_NONE. */
static Term good_entry(Process *p, Term entry)
{
    if (!term_is_tuple(entry)) {
        return TERM_NONE;
    }
    const Term *parts = tuple_elements(entry);
    size_t arity = tuple_arity(entry);
    Term info = TERM_NIL;
    bool is_fun = arity >= 2 && term_is_fun(parts[0]);
    size_t plain = is_fun ? 2 : 3;
    if (arity == plain + 1) {
        info = parts[plain];
    } else if (arity != plain) {
        return TERM_NONE;
    }
    if (!info_is_good(info)) {
        return TERM_NONE;
    }
    if (is_fun) {
        return list_length(parts[1]) < 0 ? TERM_NONE
               : arity == 3              ? entry
                                         : make_tuple3(bif_space(p), parts[0], parts[1], TERM_NIL);
    }
    bool has_arity = term_is_small(parts[2]);
    if (!term_is_atom(parts[0]) || !term_is_atom(parts[1]) ||
        !(has_arity || list_length(parts[2]) >= 0)) {
        return TERM_NONE;
    }
    return arity == 4 ? entry : make_tuple4(bif_space(p), parts[0], parts[1], parts[2], TERM_NIL);
}

/* The trace given, as far as system_flag(backtrace_depth) allows; TERM_NONE: it is not one. */
static Term good_trace(Process *p, Term trace)
{
    if (list_length(trace) < 0) {
        return TERM_NONE;
    }
    Term entries[BACKTRACE_DEPTH_MOST];
    size_t count = 0;
    Term entry;
    while (list_take(&trace, &entry)) {
        Term good = good_entry(p, entry);
        if (good == TERM_NONE) {
            return TERM_NONE;
        }
        if (count < trace_depth() && count < COUNT_OF(entries)) {
            entries[count++] = good;
        }
    }
    return make_list(bif_space(p), entries, count, TERM_NIL);
}

Term bif_raise_3(Process *p, const Term args[])
{
    if (args[0] != ATOM_error && args[0] != ATOM_exit && args[0] != ATOM_throw) {
        return ATOM_badarg;
    }
    Term trace = good_trace(p, args[2]);
    return trace == TERM_NONE ? ATOM_badarg : raise_with_trace(p, args[0], args[1], trace);
}
