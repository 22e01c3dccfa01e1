/* runtime/bif_process_help.c: see bif_process.h. */
#include "runtime/bif_process.h"
#include "runtime/bif_tables.h"

#include "runtime/interpret.h"
#include "runtime/term/arith.h"
#include "runtime/term/map.h"

uint32_t backtrace_depth = 8;

bool term_to_count(Term t, uint64_t most, uint64_t *out)
{
    return term_to_uint64(t, out) && *out <= most;
}

Term reply_take(Process *p)
{
    Term answer = mailbox_take_reply(p, (uint64_t) small_value(p->saved[REPLY_SLOT]));
    if (answer == TERM_NONE) {
        return bif_wait_again(p);
    }
    p->saved[REPLY_SLOT] = 0;
    return answer;
}

/* ---- limits of heaps ---- */

static bool flag_read(Term map, Term key, uint32_t flag, uint32_t *flags)
{
    Term value = map_get(map, key);
    if (value == ATOM_true) {
        *flags &= ~flag;
    } else if (value == ATOM_false) {
        *flags |= flag;
    } else {
        return value == TERM_NONE;
    }
    return true;
}

bool max_heap_read(Term t, size_t *words, uint32_t *flags)
{
    uint64_t size;
    if (!term_is_map(t)) {
        if (!term_to_count(t, SIZE_MAX >> 8, &size)) {
            return false;
        }
        *words = size;
        *flags = process_max_heap_flags;
        return true;
    }
    Term given = map_get(t, ATOM_size);
    *flags = process_max_heap_flags;
    if (given == TERM_NONE || !term_to_count(given, SIZE_MAX >> 8, &size) ||
        !flag_read(t, ATOM_kill, PROCESS_MAX_HEAP_NO_KILL, flags) ||
        !flag_read(t, ATOM_error_logger, PROCESS_MAX_HEAP_NO_LOG, flags)) {
        return false;
    }
    *words = size;
    return true;
}

Term max_heap_map(Space *space, size_t words, uint32_t flags)
{
    const Term pairs[] = {
        ATOM_error_logger, term_bool(!(flags & PROCESS_MAX_HEAP_NO_LOG)),
        ATOM_kill,         term_bool(!(flags & PROCESS_MAX_HEAP_NO_KILL)),
        ATOM_size,         make_uint64(space, words),
    };
    return map_from_pairs(space, pairs, 3);
}

static const Term priorities[] = {
    [PRIORITY_LOW] = ATOM_low,
    [PRIORITY_NORMAL] = ATOM_normal,
    [PRIORITY_HIGH] = ATOM_high,
    [PRIORITY_MAX] = ATOM_max,
};

bool priority_read(Term t, uint8_t *priority)
{
    for (uint8_t i = 0; i < PRIORITY_COUNT; i++) {
        if (priorities[i] == t) {
            *priority = i;
            return true;
        }
    }
    return false;
}

Term priority_name(uint8_t priority)
{
    return priorities[priority];
}

/* ---- stack traces ---- */

Term raise_with_trace(Process *p, Term class_, Term reason, Term trace)
{
    p->exception_class = class_;
    p->exception_reason = reason;
    p->exception_trace = trace;
    return TERM_NONE;
}

typedef struct TraceEntry {
    Term module, function, file;
    uint32_t arity, line;
} TraceEntry;

typedef struct TraceState {
    TraceEntry *entries;
    size_t count, most;
    Code last;
} TraceState;

static bool note_frame(Function *function, Code at, void *state)
{
    TraceState *trace = state;
    /* Calls from the same place, one within the other, are shown once. */
    if (function == NULL || at == trace->last) {
        return true;
    }
    trace->last = at;
    Term file = TERM_NIL;
    uint32_t line = code_line_at(function, at, &file);
    trace->entries[trace->count++] =
        (TraceEntry){function->module, function->name, file, function->arity, line};
    return trace->count < trace->most;
}

static Term location_of(Space *space, const TraceEntry *entry, Term tail)
{
    if (entry->line == 0) {
        return tail;
    }
    tail = make_cons(space, make_tuple2(space, ATOM_line, term_small(entry->line)), tail);
    return make_cons(space, make_tuple2(space, ATOM_file, entry->file), tail);
}

Term stack_trace_now(Process *p, size_t depth, Term first_args, Term extra)
{
    TraceEntry entries[BACKTRACE_DEPTH_MOST];
    TraceState state = {entries, 0, depth > COUNT_OF(entries) ? COUNT_OF(entries) : depth, NULL};
    if (state.most > 0) {
        frames_each(p, note_frame, &state);
    }
    Space *space = &p->heap.space;
    Term list = TERM_NIL;
    for (size_t i = state.count; i-- > 0;) {
        const TraceEntry *entry = &entries[i];
        Term arity = i == 0 && first_args != TERM_NONE ? first_args : term_small(entry->arity);
        Term place = location_of(space, entry, i == 0 ? extra : TERM_NIL);
        list = make_cons(space, make_tuple4(space, entry->module, entry->function, arity, place),
                         list);
    }
    return list;
}

uint32_t initial_arity(const Process *p)
{
    bool is_fun =
        term_atom(p->initial_module) == ATOM_erlang && term_atom(p->initial_function) == ATOM_apply;
    return is_fun ? 2 : p->initial_arity;
}

Term current_function(Process *p, bool location)
{
    TraceEntry entry;
    TraceState state = {&entry, 0, 1, NULL};
    frames_each(p, note_frame, &state);
    Space *space = &p->heap.space;
    if (state.count == 0) {
        uint32_t arity = initial_arity(p);
        entry = (TraceEntry){term_atom(p->initial_module), term_atom(p->initial_function), TERM_NIL,
                             arity, 0};
    }
    if (location) {
        return make_tuple4(space, entry.module, entry.function, term_small(entry.arity),
                           location_of(space, &entry, TERM_NIL));
    }
    return make_mfa(space, entry.module, entry.function, entry.arity);
}
