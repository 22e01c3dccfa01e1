/* runtime/trace_call.c: see trace.h. What is told of a traced call, and of its end.
 *
 * The frame that waits for the end has in its slots: module, function, a small integer of the arity
 * and of what is wanted, the meta tracer, and what meters were at before (pointers as integers). */
#include "runtime/seq_trace.h"
#include "runtime/trace.h"

#include "proc/registry.h"
#include "runtime/bif_data.h"
#include "runtime/bif_process.h"
#include "runtime/bif_tables.h"

enum { WANTED_BITS = 7, SLOT_MODULE = 1, SLOT_FUNCTION, SLOT_REST, SLOT_META, SLOT_BEFORE };
static_assert(SLOT_BEFORE + MEASURES == TRACE_FRAME_SLOTS, "the last is the hole");

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
            return make_tuple4(space, function->module, function->name, term_small(function->arity),
                               number != 0 ? line : ATOM_undefined);
        }
    }
    return ATOM_undefined;
}

/* The flags in a list of names, or one name; `*tracer` is set by {tracer, Pid}. False: something is
 * no flag. */
static bool read_flags(Term names, uint32_t *flags, Term *tracer)
{
    Term name;
    *flags = 0;
    if (term_is_atom(names)) {
        *flags = names == ATOM_all ? (1u << TRACE_FLAG_COUNT) - 1 : trace_flag_named(names);
        return *flags != 0;
    }
    while (list_take(&names, &name)) {
        if (name == ATOM_all) {
            *flags |= (1u << TRACE_FLAG_COUNT) - 1;
        } else if (term_is_atom(name) && trace_flag_named(name) != 0) {
            *flags |= trace_flag_named(name);
        } else if (term_is_pair(name) && pair_key(name) == ATOM_tracer &&
                   term_is_local_pid(pair_value(name))) {
            *tracer = pair_value(name);
        } else {
            return false;
        }
    }
    return term_is_nil(names);
}

/* {trace, Disable, Enable} of p itself, or of the process that `whom` is or is named; that one's
 * tracer becomes p's when it has none. TERM_NONE: there is no such process or flag. */
static Term change(Process *p, Term whom, Term disable, Term enable)
{
    uint32_t clear, set;
    Term tracer = p->flags & PROCESS_TRACED ? p->extra->tracer : TERM_NONE, none;
    Term pid = term_is_atom(whom) ? registry_find(whom) : whom;
    if (!read_flags(disable, &clear, &none) || !read_flags(enable, &set, &tracer) ||
        !term_is_local_pid(pid)) {
        return TERM_NONE;
    }
    if (pid == p->pid) {
        trace_change(p, clear, set, tracer);
    } else if (tracer != TERM_NONE) {
        trace_change_of(p, pid, clear, set, tracer);
    }
    return ATOM_true;
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
        return change(p, count == 2 ? args[0] : p->pid, TERM_NIL, args[count - 1]);
    case ACTION_disable_trace:
        return change(p, count == 2 ? args[0] : p->pid, args[count - 1], TERM_NIL);
    case ACTION_trace:
        return change(p, count == 3 ? args[0] : p->pid, args[count - 2], args[count - 1]);
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

/* Does who is told of the end of this call go on with meters already? As after a tail call. */
static bool is_measured_above(Process *p, Measure what)
{
    Term *above = p->frame;
    return frame_above(&above) == stub_trace_return &&
           small_value(above[-SLOT_REST]) & TRACE_MEASURED << what;
}

static void measure(Process *p, const TraceNow *now, TraceCall *call)
{
    for (Measure what = 0; what < MEASURES; what++) {
        if (now->measured[what] == NULL) {
            continue;
        }
        if (!is_measured_above(p, what)) {
            call->wanted |= TRACE_MEASURED << what;
            call->before[what] = meter_current(p, what);
        }
        meter_call(p, what, now->measured[what]);
    }
}

/* Back from a measured call, or out of it by an exception. */
static void measured(Process *p, const Term *fp, uint32_t wanted)
{
    for (Measure what = 0; what < MEASURES; what++) {
        if (wanted & TRACE_MEASURED << what) {
            meter_return(p, what,
                         (Measured *) (uintptr_t) small_value(fp[-SLOT_BEFORE - (int) what]));
        }
    }
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
    if (now.meta.is_on && process_find(now.meta_tracer) != NULL && now.meta_tracer != p->pid &&
        is_told(&now.meta, p, args, &actions)) {
        if (actions.message != ATOM_false) {
            tell_call(p, now.meta_tracer, TRACE_TIMESTAMP, &call, args, &actions);
        }
        call.wanted = actions.wanted << TRACE_META_SHIFT;
    }
    /* The specification may end tracing: this call is told all the same, as the flags are then. */
    Term tracer = is_traced ? p->extra->tracer : TERM_NONE;
    if (is_traced && is_told(&now.call, p, args, &actions)) {
        if (!trace_wants(p, TRACE_SILENT) && actions.message != ATOM_false && tracer != p->pid) {
            tell_call(p, tracer, p->extra->trace_flags, &call, args, &actions);
        }
        call.wanted |= actions.wanted;
        if (now.is_local && trace_wants(p, TRACE_RETURN_TO)) {
            call.wanted |= TRACE_RETURNED_TO;
        }
    }
    trace_now_finish(&now);
    if (trace_wants(p, TRACE_CALL)) {
        measure(p, &now, &call);
    }
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
    for (Measure what = 0; what < MEASURES; what++) {
        fp[-SLOT_BEFORE - (int) what] = term_small((int64_t) (uintptr_t) call->before[what]);
    }
    frame[0] = (Term) stub_trace_return;
    return frame;
}

static uint32_t frame_wanted(const Term *fp)
{
    return (uint32_t) small_value(fp[-SLOT_REST]) & ((1 << WANTED_BITS) - 1);
}

static Term frame_mfa(Process *p, const Term *fp)
{
    return make_mfa(bif_space(p), fp[-SLOT_MODULE], fp[-SLOT_FUNCTION],
                    (uint32_t) (small_value(fp[-SLOT_REST]) >> WANTED_BITS));
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
                          function != NULL
                              ? make_mfa(space, function->module, function->name, function->arity)
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

/* To the meta tracer and the tracer, each as far as it wanted to hear of `end`. */
static void tell_end(Process *p, const Term *fp, uint32_t end, Term what, Term value)
{
    uint32_t wanted = frame_wanted(fp);
    bool meta = (wanted >> TRACE_META_SHIFT & end) != 0, own = wanted & end && hears_ends(p);
    if (!meta && !own) { /* nothing is built */
        return;
    }
    const Term parts[] = {what, frame_mfa(p, fp), value};
    if (meta) {
        trace_tell_to(p, fp[-SLOT_META], TRACE_TIMESTAMP, parts, COUNT_OF(parts));
    }
    if (own) {
        trace_tell(p, parts, COUNT_OF(parts));
    }
}

void trace_returned(Process *p, Term *fp, Term result)
{
    uint32_t wanted = frame_wanted(fp);
    measured(p, fp, wanted);
    tell_end(p, fp, TRACE_RETURN_FROM, ATOM_return_from, result);
    if (wanted & TRACE_RETURNED_TO && hears_ends(p)) {
        tell_returned_to(p, fp);
    }
}

bool trace_thrown(Process *p, Term *fp)
{
    uint32_t wanted = frame_wanted(fp);
    measured(p, fp, wanted);
    tell_end(p, fp, TRACE_EXCEPTION_FROM, ATOM_exception_from,
             make_tuple2(bif_space(p), p->exception_class, p->exception_reason));
    return wanted & TRACE_RETURNED_TO && hears_ends(p);
}
