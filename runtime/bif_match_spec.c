/* runtime/bif_match_spec.c: trying match specifications, behind stdlib/muster_match_spec.erl. */
#include "runtime/bif_data.h"
#include "runtime/bif_process.h"
#include "runtime/bif_tables.h"
#include "runtime/trace.h"
#include "runtime/match_spec.h"
#include "runtime/term/copy.h"

typedef struct Trial {
    Process *p;
    Term message; /* TERM_NONE: none */
    Term flags;
} Trial;

/* Actions of traces that nothing is traced by. */
static Term try_action(void *state, MatchAction action, const Term args[], size_t count)
{
    Trial *trial = state;
    (void) count;
    switch (action) {
    case ACTION_message:
        trial->message = args[0];
        return ATOM_true;
    case ACTION_return_trace:
        trial->flags = make_cons(bif_space(trial->p), ATOM_return_trace, trial->flags);
        return ATOM_true;
    case ACTION_exception_trace:
        trial->flags = make_cons(bif_space(trial->p), ATOM_exception_trace, trial->flags);
        return ATOM_true;
    case ACTION_caller:
    case ACTION_caller_line:
        return ATOM_undefined;
    case ACTION_get_seq_token:
        return TERM_NIL;
    case ACTION_is_seq_trace:
        return ATOM_false;
    case ACTION_get_tcw:
        return make_uint64(bif_space(trial->p), AO_load(&trace_control_word));
    case ACTION_process_dump:
        return process_backtrace(trial->p);
    case ACTION_display:
        return bif_display(trial->p, args);
    case ACTION_current_stacktrace:
        return TERM_NIL;
    default:
        return ATOM_true;
    }
}

/* muster_match_spec:run(Object, Specification, table | trace): {Result, Flags} */
Term bif_match_spec_run_once(Process *p, const Term args[])
{
    bool is_trace = args[2] == ATOM_trace;
    MatchSpec *spec = !term_is_cons(args[1]) ? NULL
                      : is_trace             ? match_spec_compile_trace(args[1])
                                             : match_spec_compile(args[1]);
    if (spec == NULL) {
        return bif_badarg(p);
    }
    Trial trial = {p, TERM_NONE, TERM_NIL};
    Term value = match_spec_run_trace(spec, p, args[0], try_action, &trial);
    if (is_trace && value != TERM_NONE) {
        value = trial.message == TERM_NONE ? ATOM_true : trial.message;
    }
    if (value == TERM_NONE) {
        value = ATOM_false;
    }
    value = term_copy_flat(bif_space(p), value); /* it may have parts of the specification */
    match_spec_release(spec);
    return value == TERM_LIMIT ? bif_error(p, ATOM_system_limit)
                               : make_tuple2(bif_space(p), value, trial.flags);
}
