/* runtime/exception.c
 * Raising: capturing where, finding the handler, and making a stack trace of it.
 *
 * A captured trace is {First, Raw}: First an entry {M, F, ArgsOrArity, Info} or [], Raw an object
 * of code addresses (return addresses less one, so that each lies in its call). It becomes a list
 * only when the program asks. A list in exception_trace is one already. */
#include <stdio.h>

#include "runtime/bif_process.h"
#include "runtime/interpret.h"
#include "runtime/trace.h"

Term exception_entry(Process *p, Term module, Term function, Term args_or_arity, Term info)
{
    return make_tuple4(&p->heap.space, module, function, args_or_arity, info);
}

/* The places of the frames from fp on, at most `most`, written behind the `count` that are there
 * already. Calls from the same place, one within the other, are shown once, as Erlang does. Returns
 * how many there are now. */
static uint32_t capture_frames(const Term *fp, Term *places, uint32_t count, uint32_t most)
{
    Term same = TERM_NONE; /* the frame word before, and its frame's slots */
    size_t slots = 0;
    while (count < most) {
        if (fp[0] == same) {
            fp += slots;
            continue;
        }
        Code back = frame_return_point((Code) fp[0]);
        if (back == NULL) { /* a bridge */
            fp++;
            continue;
        }
        if (back == stub_exit_return) {
            break;
        }
        same = fp[0];
        slots = frame_info(back)->slots;
        fp += slots;
        if (LIKELY(back != stub_trace_return) &&
            (count == 0 || places[count - 1] != (Term) (back - 1))) {
            places[count++] = (Term) (back - 1);
        }
    }
    return count;
}

void exception_capture(Process *p, Term *fp, Code at, Term first)
{
    Space *space = &p->heap.space;
    uint32_t count = 0, most = trace_depth() - (first != TERM_NONE);
    /* Both objects at once, the last made as long as it turns out to be. */
    Term *pair = space_alloc(space, 3 + 1 + most), *raw = pair + 3;
    if (at != NULL && most > 0) {
        raw[1] = (Term) at;
        count = 1;
    }
    count = capture_frames(fp, raw + 1, count, most);
    raw[0] = HEADER(KIND_raw, count);
    if (space->top == raw + 1 + most) { /* not in a fragment */
        space->top = raw + 1 + count;
    }
    if (count == 0 && first == TERM_NONE) { /* what a process begins with is applied */
        first = exception_entry(p, ATOM_erlang, ATOM_apply, term_small(2), TERM_NIL);
    }
    pair[0] = HEADER(KIND_tuple, 2);
    pair[1] = first == TERM_NONE ? TERM_NIL : first;
    pair[2] = term_boxed(raw);
    p->exception_trace = term_boxed(pair);
}

static Term location_info(Space *space, Function *function, Code at)
{
    Term file;
    uint32_t line = code_line_at(function, at, &file);
    if (line == 0) {
        return TERM_NIL;
    }
    return make_cons(space, make_tuple2(space, ATOM_file, file),
                     make_cons(space, make_tuple2(space, ATOM_line, term_small(line)), TERM_NIL));
}

void exception_capture_info(Process *p, Term *fp, Code at, Term key, Term value)
{
    Space *space = &p->heap.space;
    Function *function = code_function_at(at);
    Term info = make_cons(space, make_tuple2(space, key, value), TERM_NIL);
    Term file;
    uint32_t line = code_line_at(function, at, &file);
    if (line != 0) {
        info = make_cons(space, make_tuple2(space, ATOM_line, term_small(line)), info);
        info = make_cons(space, make_tuple2(space, ATOM_file, file), info);
    }
    exception_capture(p, fp, NULL,
                      exception_entry(p, function->module, function->name,
                                      term_small(function->arity), info));
}

Term exception_trace_list(Process *p, Term trace)
{
    Space *space = &p->heap.space;
    Term list = TERM_NIL;
    const Term *elements, *raw;
    if (term_is_list(trace)) {
        return trace;
    }
    if (!term_is_tuple(trace)) {
        return TERM_NIL;
    }
    elements = tuple_elements(trace);
    raw = term_boxed_at(elements[1]);
    for (size_t i = header_words(raw[0]); i > 0; i--) {
        Code at = (Code) raw[i];
        Function *function = code_function_at(at);
        if (function == NULL) {
            continue;
        }
        list =
            make_cons(space,
                      make_tuple4(space, function->module, function->name,
                                  term_small(function->arity), location_info(space, function, at)),
                      list);
    }
    return elements[0] == TERM_NIL ? list : make_cons(space, elements[0], list);
}

static const Handler *handler_at(const Function *function, Code at)
{
    uint32_t offset = (uint32_t) (at - function->owner->code);
    for (uint32_t i = 0; i < function->handler_count; i++) {
        const Handler *handler = &function->handlers[i];
        if (offset >= handler->start && offset < handler->end) {
            return handler;
        }
    }
    return NULL;
}

/* From a frame that goes on at `back` to the last of those right above that do so too. */
static void skip_same_frames(Term **fp, Code back)
{
    uint32_t slots = frame_info(back)->slots;
    Term word = (*fp)[-(int64_t) slots];
    while ((*fp)[0] == word) {
        *fp += slots;
    }
}

bool exception_unwind(Process *p, Term **fp_at, Code *at, Function **in)
{
    Term *fp = *fp_at;
    Function *function = code_function_at(*at);
    Code place = *at;
    bool tell = false;
    mailbox_reset(p);
    for (;;) {
        const Handler *handler =
            function != NULL && function->handler_count > 0 ? handler_at(function, place) : NULL;
        if (handler != NULL) {
            if (UNLIKELY(tell)) {
                trace_went_on(p, function);
            }
            fp[-(int64_t) handler->depth] = p->exception_class;
            fp[-(int64_t) handler->depth - 1] = p->exception_reason;
            fp[-(int64_t) handler->depth - 2] = p->exception_trace;
            p->exception_class = p->exception_reason = p->exception_trace = TERM_NIL;
            *fp_at = fp;
            *at = function->owner->code + handler->target;
            *in = function;
            return true;
        }
        place = frame_above(&fp);
        if (place == NULL) {
            return false;
        }
        if (UNLIKELY(place == stub_trace_return)) {
            tell |= trace_thrown(p, fp);
        }
        function = frame_function(place);
        if (function != NULL && function->handler_count == 0) {
            skip_same_frames(&fp, place);
        }
        place -= 1;
    }
}

Term exception_exit_reason(Process *p)
{
    Space *space = &p->heap.space;
    Term reason = p->exception_reason;
    if (p->exception_class == ATOM_exit) {
        return reason;
    }
    if (p->exception_class == ATOM_throw) {
        reason = make_tuple2(space, ATOM_nocatch, reason);
    }
    return make_tuple2(space, reason, exception_trace_list(p, p->exception_trace));
}
