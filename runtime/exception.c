/* runtime/exception.c
 * Raising: noting where, finding the handler, and making a stack trace of it.
 *
 * A captured trace is {First, Raw}: First an entry {M, F, ArgsOrArity, Info} or [], Raw an object
 * of code addresses (return addresses less one, so that each lies in its call). It becomes a list
 * only when the program asks. A list in exception_trace is one already.
 *
 * Most exceptions are caught a few frames further up by who does not look at the trace. So Raw has
 * at first the frames up to the handler's alone, and MORE at its end: the rest are those above the
 * frame of who has the trace, which lives as long as it has it (only raise and build_trace take a
 * trace, in the function of the handler). */
#include <stdio.h>

#include "runtime/bif_process.h"
#include "runtime/interpret.h"
#include "runtime/trace.h"

Term exception_entry(Process *p, Term module, Term function, Term args_or_arity, Term info)
{
    return make_tuple4(&p->heap.space, module, function, args_or_arity, info);
}

/* The last word of a Raw whose frames go on: no address of code. */
#define MORE ((Term) 1)

void exception_capture(Process *p, Code at, Term first)
{
    Term *pair = space_alloc(&p->heap.space, 3 + 1 + 2), *raw = pair + 3;
    size_t count = 0;
    if (at != NULL && trace_depth() > (first != TERM_NONE)) {
        raw[++count] = (Term) at;
    }
    raw[++count] = MORE;
    raw[0] = HEADER(KIND_raw, count);
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

void exception_capture_info(Process *p, Code at, Term key, Term value)
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
    exception_capture(
        p, NULL,
        exception_entry(p, function->module, function->name, term_small(function->arity), info));
}

/* The places of the frames from fp on, at most `most`, written behind the `count` that are there
 * already. Calls from the same place, one within the other, are shown once, as Erlang does. Returns
 * how many there are now. */
static uint32_t capture_frames(Term *fp, Term *places, uint32_t count, uint32_t most)
{
    Code at;
    while (count < most && (at = frame_above(&fp)) != NULL) {
        if (LIKELY(at != stub_trace_return) &&
            (count == 0 || places[count - 1] != (Term) (at - 1))) {
            places[count++] = (Term) (at - 1);
        }
    }
    return count;
}

Term exception_trace_list(Process *p, Term *fp, Term trace)
{
    Space *space = &p->heap.space;
    Term list = TERM_NIL, places[BACKTRACE_DEPTH_MOST + 1];
    const Term *elements, *raw;
    uint32_t count;
    if (term_is_list(trace)) {
        return trace;
    }
    if (!term_is_tuple(trace)) {
        return TERM_NIL;
    }
    elements = tuple_elements(trace);
    raw = term_boxed_at(elements[1]);
    count = (uint32_t) header_words(raw[0]);
    ASSERT(count <= COUNT_OF(places));
    memcpy(places, raw + 1, count * sizeof(Term));
    if (count > 0 && places[count - 1] == MORE) {
        count = capture_frames(fp, places, count - 1, trace_depth() - (elements[0] != TERM_NIL));
    }
    if (count == 0 && elements[0] == TERM_NIL) { /* what a process begins with is applied */
        return make_cons(
            space, exception_entry(p, ATOM_erlang, ATOM_apply, term_small(2), TERM_NIL), TERM_NIL);
    }
    for (uint32_t i = count; i > 0; i--) {
        Code at = (Code) places[i - 1];
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

/* ---- the way to the handler ---- */

/* A Raw that grows: the last object of the heap, as a rule. */
typedef struct Places {
    Term *raw;                      /* NULL: nothing is to be added */
    uint32_t count, most, capacity; /* capacity: one more, for MORE */
} Places;

static void places_begin(Process *p, Places *places)
{
    Space *space = &p->heap.space;
    Term *pair = term_is_tuple(p->exception_trace) ? term_boxed_at(p->exception_trace) : NULL;
    Term *raw = pair == NULL ? NULL : term_boxed_at(pair[2]);
    uint32_t words = raw == NULL ? 0 : (uint32_t) header_words(raw[0]);
    *places = (Places){NULL, 0, 0, 0};
    if (words == 0 || raw[words] != MORE) {
        return;
    }
    places->count = words - 1;
    places->most = trace_depth() - (pair[1] != TERM_NIL);
    places->capacity = (places->most < places->count ? places->count : places->most) + 1;
    if (raw + 1 + words == space->top && pair >= p->heap.high_water &&
        space->limit - space->top >= (ptrdiff_t) (places->capacity - words)) {
        space->top += places->capacity - words;
        places->raw = raw;
        return;
    }
    Term *copy = space_alloc(space, 3 + 1 + places->capacity);
    memcpy(copy, pair, 3 * sizeof(Term));
    memcpy(copy + 3, raw, (1 + words) * sizeof(Term));
    copy[2] = term_boxed(copy + 3);
    p->exception_trace = term_boxed(copy);
    places->raw = copy + 3;
}

static inline void places_add(Places *places, Code at)
{
    if (places->count < places->most &&
        (places->count == 0 || places->raw[places->count] != (Term) at)) {
        places->raw[++places->count] = (Term) at;
    }
}

static void places_end(Process *p, Places *places, bool complete)
{
    Space *space = &p->heap.space;
    Term *raw = places->raw;
    if (raw == NULL) {
        return;
    }
    if (!complete && places->count < places->most) {
        raw[++places->count] = MORE;
    }
    raw[0] = HEADER(KIND_raw, places->count);
    if (space->top == raw + 1 + places->capacity) {
        space->top = raw + 1 + places->count;
    } else if (places->count < places->capacity) {
        raw[places->count + 1] = HEADER(KIND_raw, places->capacity - places->count - 1);
    }
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
    Places places;
    mailbox_reset(p);
    places_begin(p, &places);
    for (;;) {
        const Handler *handler =
            function != NULL && function->handler_count > 0 ? handler_at(function, place) : NULL;
        if (handler != NULL) {
            places_end(p, &places, false);
            if (UNLIKELY(p->flags & PROCESS_TRACED)) {
                trace_caught(p, function);
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
            places_end(p, &places, true);
            return false;
        }
        if (UNLIKELY(place == stub_trace_return)) {
            trace_thrown(p, fp);
        } else {
            places_add(&places, place - 1);
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
    return make_tuple2(space, reason, exception_trace_list(p, NULL, p->exception_trace));
}
