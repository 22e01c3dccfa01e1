/* runtime/save_calls.c: see save_calls.h. */
#include "runtime/save_calls.h"

#include "runtime/bif_process.h"
#include "runtime/term/mem.h"
#include "runtime/trace.h"

typedef struct SavedCall {
    Term module; /* TERM_NONE: an event */
    Term function;
    uint32_t arity;
} SavedCall;

struct SavedCalls { /* a ring */
    uint32_t capacity, count, next;
    SavedCall calls[];
};

static TraceSession session = {.holders = 1,
                               .id = INT64_MAX,
                               .is_hidden = true,
                               .name = ATOM_OF(save_calls),
                               .tracer = ATOM_OF(save_calls)};
/* Under trace_lock. */
static size_t users;                   /* processes that have the flag */
static Term send_operator = TERM_NONE; /* '!', which is told of as erlang:send/2 */

void saved_calls_note(SavedCalls *saved, Term module, Term function_or_event, uint32_t arity)
{
    bool is_send = module == ATOM_erlang && function_or_event == send_operator;
    saved->calls[saved->next] = (SavedCall){module, is_send ? ATOM_send : function_or_event, arity};
    saved->next = (saved->next + 1) % saved->capacity;
    saved->count += saved->count < saved->capacity;
}

void saved_calls_end(SavedCalls *saved)
{
    pthread_mutex_lock(&trace_lock);
    if (--users == 0) {
        trace_points_end(&session);
        trace_pattern_set(&session.loaded, false, NULL);
    }
    pthread_mutex_unlock(&trace_lock);
    mem_free(saved);
}

static SavedCalls *saved_create(uint32_t capacity)
{
    SavedCalls *saved = mem_alloc(sizeof *saved + capacity * sizeof *saved->calls);
    *saved = (SavedCalls){.capacity = capacity};
    pthread_mutex_lock(&trace_lock);
    if (users++ == 0) {
        send_operator = atom_of("!");
        trace_session_list(&session);
        trace_watch_all(&session);
    }
    pthread_mutex_unlock(&trace_lock);
    return saved;
}

uint32_t save_calls_set(Process *p, uint32_t count)
{
    Tracee *tracee = tracee_of(p, &session);
    uint32_t before = tracee != NULL ? tracee->saved->capacity : 0;
    if (count == before) {
        return before;
    }
    SavedCalls *saved = count != 0 ? saved_create(count) : NULL;
    tracee_set(p, &session, 0, TERM_NONE);
    if (saved != NULL) {
        tracee_set(p, &session, TRACE_CALL | TRACE_SEND, ATOM_save_calls);
        tracee_of(p, &session)->saved = saved;
    }
    return before;
}

Term save_calls_term(Process *p)
{
    const Tracee *tracee = tracee_of(p, &session);
    if (tracee == NULL) {
        return ATOM_false;
    }
    const SavedCalls *saved = tracee->saved;
    Term list = TERM_NIL;
    for (uint32_t i = 1; i <= saved->count; i++) {
        const SavedCall *call =
            &saved->calls[(saved->next + saved->capacity - i) % saved->capacity];
        Term element = call->module == TERM_NONE
                           ? call->function
                           : make_mfa(bif_space(p), call->module, call->function, call->arity);
        list = make_cons(bif_space(p), element, list);
    }
    return list;
}
