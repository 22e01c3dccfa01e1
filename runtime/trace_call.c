/* runtime/trace_call.c: see trace.h. What is told of a traced call, and of its end.
 *
 * The frame that waits for the end has in its slots: module, function, a small integer of the arity
 * and of what is wanted, and the meta tracer. */
#include "runtime/seq_trace.h"
#include "runtime/trace.h"

#include "runtime/bif_data.h"
#include "runtime/bif_process.h"
#include "runtime/bif_tables.h"

enum { WANTED_BITS = 5, SLOT_MODULE = 1, SLOT_FUNCTION, SLOT_REST, SLOT_META };

/* ---- actions of match specifications ---- */

typedef struct Actions {
    Process *p;
    uint32_t wanted;
    Term message; /* TERM_NONE: nothing is added; false: no message */
} Actions;

static Term caller_of(Process *p, bool with_line)
{
    Term *fp = p->frame;
    Code at;
    while ((at = frame_above(&fp)) != NULL) {
        const Function *function = frame_function(at);
        if (function != NULL) {
            Space *space = bif_space(p);
            Term file, line = TERM_NIL;
            uint32_t number = code_line_at(function, at - 1, &file);
            if (!with_line) {
                return make_mfa(space, function->module, function->name, function->arity);
            }
            if (number != 0) {
                line = make_tuple2(space, file, term_small(number));
            }
            return make_tuple4(space, function->module, function->name,
                               term_small(function->arity),
                               number != 0 ? line : ATOM_undefined);
        }
    }
    return ATOM_undefined;
}

/* The flags in a list of names, or one name; `*tracer` is set by {tracer, Pid}. */
static uint32_t flags_in(Term names, Term *tracer)
{
    uint32_t flags = 0;
    bool is_list = term_is_cons(names);
    for (Term at = names; !is_list || term_is_cons(at); at = cons_tail(at)) {
        Term name = is_list ? cons_head(at) : names;
        if (name == ATOM_all) {
            flags |= (1u << TRACE_FLAG_COUNT) - 1;
        } else if (term_is_atom(name)) {
            flags |= trace_flag_named(name);
        } else if (term_is_pair(name) && pair_key(name) == ATOM_tracer &&
                   term_is_local_pid(pair_value(name))) {
            *tracer = pair_value(name);
        }
        if (!is_list) {
            break;
        }
    }
    return flags;
}

/* {trace, Disable, Enable}, of the process itself. */
static void change(Process *p, Term disable, Term enable)
{
    Term tracer = TERM_NONE, none = TERM_NONE;
    uint32_t clear = flags_in(disable, &none);
    uint32_t set = flags_in(enable, &tracer);
    trace_change(p, clear, set, tracer);
}

static Term act(void *state, MatchAction action, const Term args[], size_t count)
{
    Actions *actions = state;
    Process *p = actions->p;
    switch (action) {
    case ACTION_message:
        actions->message = args[0] == ATOM_true ? TERM_NONE : args[0];
        return ATOM_true;
    case ACTION_return_trace:
        actions->wanted |= TRACE_RETURN_FROM;
        return ATOM_true;
    case ACTION_exception_trace:
        actions->wanted |= TRACE_RETURN_FROM | TRACE_EXCEPTION_FROM;
        return ATOM_true;
    case ACTION_caller:
        return caller_of(p, false);
    case ACTION_caller_line:
        return caller_of(p, true);
    case ACTION_silent:
        trace_change(p, args[0] == ATOM_false ? TRACE_SILENT : 0,
                     args[0] == ATOM_true ? TRACE_SILENT : 0, TERM_NONE);
        return ATOM_true;
    case ACTION_enable_trace:
        change(p, TERM_NIL, count == 1 ? args[0] : TERM_NIL);
        return ATOM_true;
    case ACTION_disable_trace:
        change(p, count == 1 ? args[0] : TERM_NIL, TERM_NIL);
        return ATOM_true;
    case ACTION_trace:
        if (count == 2) {
            change(p, args[0], args[1]);
        }
        return ATOM_true;
    case ACTION_is_seq_trace:
        return term_bool(seq_token_of(p) != NULL);
    case ACTION_get_seq_token: {
        Term token = seq_trace_token(p);
        return token == TERM_LIMIT ? TERM_NIL : token;
    }
    case ACTION_set_seq_token: {
        Term before = seq_trace_set(p, args[0], args[1]);
        return term_bool(before != TERM_NONE && before != TERM_LIMIT);
    }
    case ACTION_get_tcw:
        return make_uint64(bif_space(p), AO_load(&trace_control_word));
    case ACTION_set_tcw: {
        AO_t before = AO_load(&trace_control_word);
        int64_t word;
        if (!term_to_index(args[0], &word) || word > UINT32_MAX) {
            return TERM_NONE;
        }
        AO_store(&trace_control_word, (AO_t) word);
        return make_uint64(bif_space(p), before);
    }
    case ACTION_process_dump:
        return process_backtrace(p);
    case ACTION_display:
        return bif_display(p, args);
    case ACTION_current_stacktrace: {
        int64_t depth = (int64_t) trace_depth();
        if (count == 1 && !term_to_index(args[0], &depth)) {
            return TERM_NONE;
        }
        depth = depth > (int64_t) trace_depth() ? (int64_t) trace_depth() : depth;
        return stack_trace_now(p, (size_t) depth, TERM_NONE, TERM_NIL);
    }
    }
    return TERM_NONE;
}

/* ---- the beginning ---- */

static Term mfa_of(Space *space, const TraceCall *call, Term args_or_arity)
{
    return make_tuple3(space, call->module, call->function, args_or_arity);
}

/* Is the call to be told? `*actions`: what its specification does besides. */
static bool is_told(const TracePattern *pattern, Process *p, Term args, Actions *actions)
{
    *actions = (Actions){p, 0, TERM_NONE};
    if (!pattern->is_on) {
        return false;
    }
    return pattern->spec == NULL ||
           match_spec_run_trace(pattern->spec, p, args, act, actions) != TERM_NONE;
}

static void tell_call(Process *p, Term tracer, uint32_t flags, const TraceCall *call, Term args,
                      const Actions *actions)
{
    Term shown = flags & TRACE_ARITY ? term_small(call->arity) : args;
    const Term parts[] = {ATOM_call, mfa_of(bif_space(p), call, shown), actions->message};
    trace_tell_to(p, tracer, flags, parts, actions->message == TERM_NONE ? 2 : 3);
}

TraceCall trace_call(Process *p, Code at)
{
    TraceNow now = trace_point_called(at);
    TraceCall call = now.where;
    bool is_traced = trace_wants(p, TRACE_CALL) && trace_hears(p->extra->tracer);
    Actions actions;
    Term args = TERM_NIL;
    if (now.meta.is_on || (now.call.is_on && is_traced)) {
        for (uint32_t i = call.arity; i > 0; i--) {
            args = make_cons(bif_space(p), p->frame[-(int32_t) i], args);
        }
    }
    call.meta_tracer = now.meta_tracer;
    if (now.meta.is_on && process_find(now.meta_tracer) != NULL &&
        now.meta_tracer != p->pid && is_told(&now.meta, p, args, &actions)) {
        if (actions.message != ATOM_false) {
            tell_call(p, now.meta_tracer, TRACE_TIMESTAMP, &call, args, &actions);
        }
        call.wanted = actions.wanted << TRACE_META_SHIFT;
    }
    if (is_traced && is_told(&now.call, p, args, &actions)) {
        bool is_silent = !trace_wants(p, TRACE_CALL) || trace_wants(p, TRACE_SILENT);
        if (!is_silent && actions.message != ATOM_false) {
            tell_call(p, p->extra->tracer, p->extra->trace_flags, &call, args, &actions);
        }
        call.wanted |= actions.wanted;
        if (now.is_local && trace_wants(p, TRACE_RETURN_TO)) {
            call.wanted |= TRACE_RETURNED_TO;
        }
    }
    trace_now_finish(&now);
    return call;
}

/* ---- the end ---- */

Term *trace_push_frame(Term *fp, uint32_t count, const TraceCall *call)
{
    Term *frame = fp - TRACE_FRAME_SLOTS;
    memmove(frame - count, fp - count, count * sizeof *fp);
    fp[-SLOT_MODULE] = call->module;
    fp[-SLOT_FUNCTION] = call->function;
    fp[-SLOT_REST] = term_small((int64_t) call->arity << WANTED_BITS | call->wanted);
    fp[-SLOT_META] = call->meta_tracer == 0 ? TERM_NIL : call->meta_tracer;
    frame[0] = (Term) stub_trace_return;
    return frame;
}

static uint32_t frame_call(Process *p, const Term *fp, Term *mfa)
{
    int64_t rest = small_value(fp[-SLOT_REST]);
    *mfa = make_mfa(bif_space(p), fp[-SLOT_MODULE], fp[-SLOT_FUNCTION],
                    (uint32_t) (rest >> WANTED_BITS));
    return (uint32_t) rest & ((1 << WANTED_BITS) - 1);
}

static bool hears_ends(const Process *p)
{
    return trace_wants(p, TRACE_CALL) && !trace_wants(p, TRACE_SILENT);
}

void trace_went_on(Process *p, const Function *function)
{
    if (!trace_wants(p, TRACE_RETURN_TO)) {
        return;
    }
    Space *space = bif_space(p);
    const Term parts[] = {ATOM_return_to,
                          function != NULL ? make_mfa(space, function->module, function->name,
                                                      function->arity)
                                           : ATOM_undefined};
    trace_tell(p, parts, COUNT_OF(parts));
}

/* Where the frame at fp returns to, unless that is to be told by the frame above as well. */
static void tell_returned_to(Process *p, Term *fp)
{
    Term *above = fp;
    Code at = frame_above(&above);
    if (at != stub_trace_return) {
        trace_went_on(p, at != NULL ? frame_function(at) : NULL);
    }
}

void trace_returned(Process *p, Term *fp, Term result)
{
    Term mfa;
    uint32_t wanted = frame_call(p, fp, &mfa);
    const Term parts[] = {ATOM_return_from, mfa, result};
    if (wanted >> TRACE_META_SHIFT & TRACE_RETURN_FROM) {
        trace_tell_to(p, fp[-SLOT_META], TRACE_TIMESTAMP, parts, COUNT_OF(parts));
    }
    if (wanted & TRACE_RETURN_FROM && hears_ends(p)) {
        trace_tell(p, parts, COUNT_OF(parts));
    }
    if (wanted & TRACE_RETURNED_TO && hears_ends(p)) {
        tell_returned_to(p, fp);
    }
}

bool trace_thrown(Process *p, Term *fp)
{
    Term mfa;
    uint32_t wanted = frame_call(p, fp, &mfa);
    const Term parts[] = {ATOM_exception_from, mfa,
                          make_tuple2(bif_space(p), p->exception_class, p->exception_reason)};
    if (wanted >> TRACE_META_SHIFT & TRACE_EXCEPTION_FROM) {
        trace_tell_to(p, fp[-SLOT_META], TRACE_TIMESTAMP, parts, COUNT_OF(parts));
    }
    if (wanted & TRACE_EXCEPTION_FROM && hears_ends(p)) {
        trace_tell(p, parts, COUNT_OF(parts));
    }
    return wanted & TRACE_RETURNED_TO && hears_ends(p);
}
