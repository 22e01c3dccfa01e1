/* runtime/bif_process.h
 * Inside runtime/: what the built-ins about processes share: reading option lists, pairs of
 * results, asking another process, limits of heaps. All may be called by the thread that runs `p`
 * only. */
#ifndef MUSTER_RUNTIME_BIF_PROCESS_H
#define MUSTER_RUNTIME_BIF_PROCESS_H

#include "proc/signal.h"
#include "runtime/bif.h"

/* Takes the first element off a list; false at its end, which the caller checks (TERM_NIL: it was
 * proper). */
static inline bool list_take(Term *list, Term *head)
{
    if (!term_is_cons(*list)) {
        return false;
    }
    *head = cons_head(*list);
    *list = cons_tail(*list);
    return true;
}
/* {Key, Value}. */
static inline bool term_is_pair(Term t)
{
    return term_is_boxed(t) && *term_boxed_at(t) == HEADER(KIND_tuple, 2);
}
static inline Term pair_key(Term pair)
{
    return tuple_elements(pair)[0];
}
static inline Term pair_value(Term pair)
{
    return tuple_elements(pair)[1];
}
/* An integer from 0 to `most`. */
bool term_to_count(Term t, uint64_t most, uint64_t *out);

/* {Module, Function, Arity}, {Key, Value} and so on, in `space`. */
static inline Term make_mfa(Space *space, Term module, Term function, uint32_t arity)
{
    return make_tuple3(space, module, function, term_small(arity));
}

/* Answers `value`, after the safepoint when the process is to stop (it exits, is suspended). */
static inline Term answer_after_signals(Process *p, Term value)
{
    return UNLIKELY(p->flags & PROCESS_STOP) ? bif_safepoint(p, value) : value;
}

/* ---- asking another process and waiting (bif_wait_again) ----
 * The number of the reference is kept in p->saved[REPLY_SLOT] between the calls; 0: none. */
enum { REPLY_SLOT = 0 };
static inline bool reply_is_awaited(const Process *p)
{
    return p->saved[REPLY_SLOT] != 0;
}
static inline void reply_await(Process *p, uint64_t number)
{
    p->saved[REPLY_SLOT] = term_small((int64_t) number);
}
/* TERM_TRAP while there is none (return that). */
Term reply_take(Process *p);

/* ---- limits of heaps and other flags ---- */
/* max_heap_size: a count of words or a map; false: neither. */
bool max_heap_read(Term t, size_t *words, uint32_t *flags);
Term max_heap_map(Space *space, size_t words, uint32_t flags);
bool priority_read(Term t, uint8_t *priority);
Term priority_name(uint8_t priority);
/* What system_flag/2 keeps and system_info/1 tells (bif_node.c). */
Term info_requests_limit(void);
Term info_system_logger(void);
/* system_flag(scheduler_wall_time): what it was. Any thread. */
Term wall_time_flag(bool on);
/* What process_info tells as garbage_collection_info. The process's own thread. */
Term process_collector_figures(Space *space, const Process *p);
enum { BINARY_HEAP_WORDS = 46422 }; /* min_bin_vheap_size, which nothing here depends on */

/* ---- exceptions with a trace of their own ---- */
/* Raises with this stack trace (a list of {M,F,A,Info}). Returns TERM_NONE. */
Term raise_with_trace(Process *p, Term class_, Term reason, Term trace);
/* The stack trace of `p` now, as a list in its heap, of at most `depth` entries. `first_args`:
 * a list that replaces the first entry's arity, or TERM_NONE; `extra`: pairs to add at the end of
 * the first entry's information, or TERM_NIL. */
Term stack_trace_now(Process *p, size_t depth, Term first_args, Term extra);
/* The frames of p as text, in a binary, as process_info(P, backtrace); system_limit. Owner. */
Term process_backtrace(Process *p);
/* {M,F,A} of the top frame, or of the initial call; with its place in the source as 4th element
 * when `location`. */
Term current_function(Process *p, bool location);

/* Of the initial call; a fun began as erlang:apply/2. */
uint32_t initial_arity(const Process *p);

enum { BACKTRACE_DEPTH_MOST = 64 };
extern uint32_t backtrace_depth; /* system_flag(backtrace_depth). Relaxed */
/* How many entries a stack trace has at most: one in any case. */
static inline uint32_t trace_depth(void)
{
    uint32_t depth = __atomic_load_n(&backtrace_depth, __ATOMIC_RELAXED);
    return depth == 0 ? 1 : depth;
}

#endif
