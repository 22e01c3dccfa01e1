/* runtime/match_spec.h
 * Match specifications, compiled: heads to a flat program that takes a term apart, guards and
 * bodies to trees of expressions. Used by ets, and by tracing.
 *
 * A MatchSpec is immutable, shared by counting, and owns a copy of the term it was made of. */
#ifndef MUSTER_RUNTIME_MATCH_SPEC_H
#define MUSTER_RUNTIME_MATCH_SPEC_H

#include "runtime/bif.h"
#include "runtime/term/ref.h"

typedef struct MatchSpec MatchSpec;

/* NULL: it is no match specification. match_spec_release ends it. */
MatchSpec *match_spec_compile(Term spec);
/* For ets:match and its kin: one clause, with this head, no guards. The body is '$$', '$_' or
 * `true`. */
typedef enum MatchBody { MATCH_BODY_VARIABLES, MATCH_BODY_OBJECT, MATCH_BODY_TRUE } MatchBody;
MatchSpec *match_spec_of_pattern(Term pattern, MatchBody body);
/* The term that it was made of: as long as it lives. */
Term match_spec_term(const MatchSpec *spec);
void match_spec_retain(MatchSpec *spec);
void match_spec_release(MatchSpec *spec);

/* A magic reference (takes over one reference), and back (not retained; NULL: it is none). */
Term match_spec_ref(Space *space, MatchSpec *spec);
MatchSpec *match_spec_from(Term ref);

/* The value of the first clause whose head and guards match; TERM_NONE: none does. The value may
 * have parts of `object`, of the specification and of p's heap: copy it before the object can
 * change. Builds in p's heap, never collects. */
Term match_spec_run(const MatchSpec *spec, Process *p, Term object);

/* ---- of traces: bodies may do something besides ---- */
#define MATCH_ACTIONS(ACTION) \
    ACTION(message, 1, 1) \
    ACTION(return_trace, 0, 0) \
    ACTION(exception_trace, 0, 0) \
    ACTION(caller, 0, 0) \
    ACTION(caller_line, 0, 0) \
    ACTION(silent, 1, 1) \
    ACTION(enable_trace, 1, 2) \
    ACTION(disable_trace, 1, 2) \
    ACTION(trace, 2, 3) \
    ACTION(is_seq_trace, 0, 0) \
    ACTION(get_seq_token, 0, 0) \
    ACTION(set_seq_token, 2, 2) \
    ACTION(get_tcw, 0, 0) \
    ACTION(set_tcw, 1, 1) \
    ACTION(process_dump, 0, 0) \
    ACTION(display, 1, 1) \
    ACTION(current_stacktrace, 0, 1)
typedef enum MatchAction {
#define ACTION(name, least, most) ACTION_##name,
    MATCH_ACTIONS(ACTION)
#undef ACTION
} MatchAction;
/* Returns the action's value, or TERM_NONE. */
typedef Term MatchAct(void *state, MatchAction action, const Term args[], size_t count);
MatchSpec *match_spec_compile_trace(Term spec);
/* `object`: a list of arguments, which '$_' is. */
Term match_spec_run_trace(const MatchSpec *spec, Process *p, Term object, MatchAct *act,
                          void *state);

size_t match_spec_clauses(const MatchSpec *spec);
/* The key that objects must have to match this clause, where it says one: a constant at `keypos`
 * (from 1). TERM_NONE: any. */
Term match_spec_key(const MatchSpec *spec, size_t clause, size_t keypos);
/* Where `key`, in the order of terms, lies beside all keys of objects that can match: negative,
 * before them; positive, behind them; 0, perhaps among them. What a clause says of the key up to
 * its first variable counts. */
int match_spec_key_order(const MatchSpec *spec, size_t keypos, Term key);
/* False: match_spec_key_order is 0 for every key. */
bool match_spec_bounds_keys(const MatchSpec *spec, size_t keypos);
/* Whether each clause's value is sure to be a tuple with the object's key (for select_replace). */
bool match_spec_keeps_key(const MatchSpec *spec, size_t keypos);

#endif
