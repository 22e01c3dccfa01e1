/* runtime/trace_call.c: see trace.h. What is told of a traced call, and of its end.
 *
 * The frame that waits for the end has in its slots: module, function, a small integer of the arity
 * and of what is wanted, the session's number, the meta tracer, and what meters were at before
 * (pointers as integers: good as long as p is a tracee of that session). Each session that wants to
 * hear of the end of a call has a frame of its own. */
#include "runtime/save_calls.h"
#include "runtime/seq_trace.h"
#include "runtime/trace.h"

#include "proc/registry.h"
#include "runtime/bif_data.h"
#include "runtime/bif_process.h"
#include "runtime/bif_tables.h"
#include "runtime/term/mem.h"

enum {
    WANTED_BITS = 7,
    SLOT_MODULE = 1,
    SLOT_FUNCTION,
    SLOT_REST,
    SLOT_SESSION,
    SLOT_META,
    SLOT_BEFORE
};
static_assert(SLOT_BEFORE + MEASURES == TRACE_FRAME_SLOTS, "the last is the hole");

/* ---- actions of match specifications ---- */

typedef struct Actions {
    Process *p;
    TraceSession *session;
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
static Term change(const Actions *actions, Term whom, Term disable, Term enable)
{
    Process *p = actions->p;
    uint32_t clear, set;
    const Tracee *tracee = tracee_of(p, actions->session);
    Term tracer = tracee != NULL ? tracee->tracer : TERM_NONE, none;
    Term pid = term_is_atom(whom) ? registry_find(whom) : whom;
    if (!read_flags(disable, &clear, &none) || !read_flags(enable, &set, &tracer) ||
        !term_is_local_pid(pid)) {
        return TERM_NONE;
    }
    if (actions->session->tracer != TERM_NONE) { /* it has but one */
        tracer = actions->session->tracer;
    }
    if (pid == p->pid) {
        trace_change(p, actions->session, clear, set, tracer);
    } else if (tracer != TERM_NONE) {
        trace_change_of(p, pid, actions->session, clear, set, tracer);
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
        trace_change(p, actions->session, args[0] == ATOM_false ? TRACE_SILENT : 0,
                     args[0] == ATOM_true ? TRACE_SILENT : 0, TERM_NONE);
        return ATOM_true;
    case ACTION_enable_trace:
        return change(actions, count == 2 ? args[0] : p->pid, TERM_NIL, args[count - 1]);
    case ACTION_disable_trace:
        return change(actions, count == 2 ? args[0] : p->pid, args[count - 1], TERM_NIL);
    case ACTION_trace:
        return change(actions, count == 3 ? args[0] : p->pid, args[count - 2], args[count - 1]);
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

/* Is the call to be told? `*actions`: what its specification does besides. */
static bool is_told(const TracePattern *pattern, TraceSession *session, Process *p, Term args,
                    Actions *actions)
{
    *actions = (Actions){p, session, 0, TERM_NONE};
    if (!pattern->is_on) {
        return false;
    }
    return pattern->spec == NULL ||
           match_spec_run_trace(pattern->spec, p, args, act, actions) != TERM_NONE;
}

static void tell_call(Process *p, Term tracer, uint32_t flags, const TraceNow *now, Term args,
                      const Actions *actions)
{
    Space *space = bif_space(p);
    Term shown = flags & TRACE_ARITY ? term_small(now->arity) : args;
    const Term parts[] = {ATOM_call, make_tuple3(space, now->module, now->function, shown),
                          actions->message};
    trace_tell_to(p, tracer, flags, parts, actions->message == TERM_NONE ? 2 : 3);
}

static uint32_t frame_wanted(const Term *fp)
{
    return (uint32_t) small_value(fp[-SLOT_REST]) & ((1 << WANTED_BITS) - 1);
}

static uint64_t frame_session(const Term *fp)
{
    return (uint64_t) small_value(fp[-SLOT_SESSION]);
}

/* Does the same session hear of the end of the frame at fp, with what is in `wanted`, by one right
 * above, too? As after a tail call. */
static bool is_wanted_above(Term *fp, uint64_t session, uint32_t wanted)
{
    while (frame_above(&fp) == stub_trace_return) {
        if (frame_session(fp) == session && frame_wanted(fp) & wanted) {
            return true;
        }
    }
    return false;
}

static void measure(Process *p, Tracee *tracee, const TraceWatch *watch, TraceEnd *end)
{
    for (Measure what = 0; what < MEASURES; what++) {
        if (watch->measured[what] == NULL) {
            continue;
        }
        if (!is_wanted_above(p->frame, watch->session->id, TRACE_MEASURED << what)) {
            end->wanted |= TRACE_MEASURED << what;
            end->before[what] = meter_current(tracee, what);
        }
        meter_call(p, tracee, what, watch->measured[what]);
    }
}

static void tell_meta(Process *p, const TraceNow *now, const TraceWatch *watch, Term args,
                      TraceEnd *end)
{
    Actions actions;
    end->meta_tracer = watch->meta_tracer;
    if (process_find(watch->meta_tracer) != NULL && watch->meta_tracer != p->pid &&
        is_told(&watch->meta, watch->session, p, args, &actions)) {
        if (actions.message != ATOM_false) {
            tell_call(p, watch->meta_tracer, TRACE_TIMESTAMP, now, args, &actions);
        }
        end->wanted = actions.wanted << TRACE_META_SHIFT;
    }
}

/* The specification may end tracing: this call is told all the same, as the flags were then. */
static void tell_tracer(Process *p, const TraceNow *now, const TraceWatch *watch, Term args,
                        TraceEnd *end)
{
    Tracee *tracee = tracee_of(p, watch->session);
    Actions actions;
    if (!watch->call.is_on || tracee == NULL || !(tracee->flags & TRACE_CALL) ||
        !tracee_is_heard(p, tracee)) {
        return;
    }
    if (tracee->saved != NULL) {
        saved_calls_note(tracee->saved, now->module, now->function, now->arity);
        return;
    }
    Term tracer = tracee->tracer;
    uint32_t flags = tracee->flags;
    if (!is_told(&watch->call, watch->session, p, args, &actions)) {
        return;
    }
    tracee = tracee_of(p, watch->session);
    flags = tracee != NULL ? tracee->flags : flags & ~(TRACE_SILENT | TRACE_RETURN_TO);
    if (!(flags & TRACE_SILENT) && actions.message != ATOM_false && tracer != p->pid) {
        tell_call(p, tracer, flags, now, args, &actions);
    }
    end->wanted |= actions.wanted;
    if (watch->is_local && flags & TRACE_RETURN_TO) {
        end->wanted |= TRACE_RETURNED_TO;
    }
}

static bool is_looked_at(const Process *p, const TraceNow *now)
{
    bool calls = trace_wants(p, TRACE_CALL);
    for (size_t i = 0; i < now->count; i++) {
        if (now->watches[i].meta.is_on || (calls && now->watches[i].call.is_on)) {
            return true;
        }
    }
    return false;
}

void trace_call(Process *p, Code at, TraceCall *call)
{
    TraceNow now;
    trace_point_called(at, &now);
    *call = (TraceCall){now.entry, now.module, now.function, now.arity, 0, NULL, {{0}}};
    call->ends =
        now.count <= COUNT_OF(call->few) ? call->few : mem_alloc(now.count * sizeof *call->ends);
    Term args = TERM_NIL;
    for (uint32_t i = is_looked_at(p, &now) ? now.arity : 0; i > 0; i--) {
        args = make_cons(bif_space(p), p->frame[-(int32_t) i], args);
    }
    for (size_t i = 0; i < now.count; i++) {
        const TraceWatch *watch = &now.watches[i];
        TraceEnd end = {.session = watch->session->id};
        if (watch->meta.is_on) {
            tell_meta(p, &now, watch, args, &end);
        }
        tell_tracer(p, &now, watch, args, &end);
        Tracee *tracee = tracee_of(p, watch->session);
        if (tracee != NULL && tracee->flags & TRACE_CALL) {
            measure(p, tracee, watch, &end);
        }
        if (end.wanted != 0) {
            call->ends[call->end_count++] = end;
        }
    }
    trace_now_finish(&now);
}

/* ---- the end ---- */

static void push_frame(Term *fp, const TraceCall *call, const TraceEnd *end)
{
    fp[-SLOT_MODULE] = call->module;
    fp[-SLOT_FUNCTION] = call->function;
    fp[-SLOT_REST] = term_small((int64_t) call->arity << WANTED_BITS | end->wanted);
    fp[-SLOT_SESSION] = term_small((int64_t) end->session);
    fp[-SLOT_META] = end->meta_tracer == 0 ? TERM_NIL : end->meta_tracer;
    for (Measure what = 0; what < MEASURES; what++) {
        fp[-SLOT_BEFORE - (int) what] = term_small((int64_t) (uintptr_t) end->before[what]);
    }
    fp[-TRACE_FRAME_SLOTS] = (Term) stub_trace_return;
}

Term *trace_push_frames(Term *fp, uint32_t count, TraceCall *call)
{
    Term *frame = fp - call->end_count * TRACE_FRAME_SLOTS;
    memmove(frame - count, fp - count, count * sizeof *fp);
    for (size_t i = 0; i < call->end_count; i++) {
        push_frame(fp - i * TRACE_FRAME_SLOTS, call, &call->ends[i]);
    }
    if (call->ends != call->few) {
        mem_free(call->ends);
    }
    return frame;
}

/* Back from a measured call, or out of it by an exception. */
static void measured(Process *p, Tracee *tracee, const Term *fp, uint32_t wanted)
{
    for (Measure what = 0; what < MEASURES; what++) {
        if (wanted & TRACE_MEASURED << what) {
            meter_return(p, tracee, what,
                         (Measured *) (uintptr_t) small_value(fp[-SLOT_BEFORE - (int) what]));
        }
    }
}

/* The session in which p hears of that, as a tracee; NULL: p is none of it any more. */
static Tracee *frame_tracee(const Process *p, const Term *fp)
{
    Tracee *at = p->extra == NULL ? NULL : p->extra->tracees;
    while (at != NULL && at->session->id != frame_session(fp)) {
        at = at->next;
    }
    return at;
}

static bool hears_ends(const Tracee *tracee)
{
    return tracee != NULL && tracee->flags & TRACE_CALL && !(tracee->flags & TRACE_SILENT);
}

static void tell_went_on(Process *p, Tracee *tracee, const Function *function)
{
    Space *space = bif_space(p);
    const Term parts[] = {ATOM_return_to,
                          function != NULL
                              ? make_mfa(space, function->module, function->name, function->arity)
                              : ATOM_undefined};
    if (tracee->flags & TRACE_RETURN_TO) {
        trace_tell_one(p, tracee, parts, COUNT_OF(parts));
    }
}

void trace_caught(Process *p, const Function *function)
{
    for (Tracee *at = p->extra->tracees, *next; at != NULL; at = next) {
        next = at->next;
        if (at->hears_catch) {
            at->hears_catch = false;
            tell_went_on(p, at, function);
        }
    }
}

/* Where the frame at fp returns to, unless that is to be told by a frame above as well. */
static void tell_returned_to(Process *p, Tracee *tracee, Term *fp)
{
    Term *above = fp;
    Code at = NULL;
    if (is_wanted_above(fp, tracee->session->id, UINT32_MAX)) {
        return;
    }
    do {
        at = frame_above(&above);
    } while (at == stub_trace_return);
    tell_went_on(p, tracee, at != NULL ? frame_function(at) : NULL);
}

/* To the meta tracer and the tracer, each as far as it wanted to hear of `end`. */
static void tell_end(Process *p, Tracee *tracee, const Term *fp, uint32_t end, Term what,
                     Term value)
{
    uint32_t wanted = frame_wanted(fp);
    bool meta = (wanted >> TRACE_META_SHIFT & end) != 0, own = wanted & end && hears_ends(tracee);
    if (!meta && !own) { /* nothing is built */
        return;
    }
    Term mfa = make_mfa(bif_space(p), fp[-SLOT_MODULE], fp[-SLOT_FUNCTION],
                        (uint32_t) (small_value(fp[-SLOT_REST]) >> WANTED_BITS));
    const Term parts[] = {what, mfa, value};
    TraceSession *session = meta ? trace_session_find(frame_session(fp)) : NULL;
    if (session != NULL) {
        trace_tell_to(p, fp[-SLOT_META], TRACE_TIMESTAMP, parts, COUNT_OF(parts));
        trace_session_release(session);
    }
    if (own) {
        trace_tell_one(p, tracee, parts, COUNT_OF(parts));
    }
}

void trace_returned(Process *p, Term *fp, Term result)
{
    uint32_t wanted = frame_wanted(fp);
    Tracee *tracee = frame_tracee(p, fp);
    if (tracee != NULL) {
        measured(p, tracee, fp, wanted);
    }
    tell_end(p, tracee, fp, TRACE_RETURN_FROM, ATOM_return_from, result);
    tracee = frame_tracee(p, fp); /* telling may have ended it */
    if (wanted & TRACE_RETURNED_TO && hears_ends(tracee)) {
        tell_returned_to(p, tracee, fp);
    }
}

void trace_thrown(Process *p, const Term *fp)
{
    uint32_t wanted = frame_wanted(fp);
    Tracee *tracee = frame_tracee(p, fp);
    if (tracee != NULL) {
        measured(p, tracee, fp, wanted);
    }
    tell_end(p, tracee, fp, TRACE_EXCEPTION_FROM, ATOM_exception_from,
             make_tuple2(bif_space(p), p->exception_class, p->exception_reason));
    tracee = frame_tracee(p, fp);
    if (wanted & TRACE_RETURNED_TO && hears_ends(tracee)) {
        tracee->hears_catch = true;
    }
}
