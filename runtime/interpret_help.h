/* runtime/interpret_help.h
 * What the interpreter's longer instructions do, out of line. Each is called with the process's
 * heap top, pc and frame written back; none collects unless it says so. */
#ifndef MUSTER_RUNTIME_INTERPRET_HELP_H
#define MUSTER_RUNTIME_INTERPRET_HELP_H

#include "runtime/interpret.h"
#include "runtime/term/bits.h"

/* Set while a `receive … after` has its timer armed. */
enum { PROCESS_RECEIVE_ARMED = 1 << 24 };

typedef enum GcOutcome {
    GC_DONE,
    GC_ENDED,     /* the process has to exit: the reason is set */
    GC_ELSEWHERE, /* a large collection went to another thread: return RUN_ELSEWHERE */
} GcOutcome;
/* Makes room, by collecting where needed; p->pc, p->frame, p->live say what is live. */
GcOutcome help_collect(Process *p, size_t words, size_t stack_words);
/* The same at an instruction the process cannot be resumed at: never elsewhere, however long it is.
 */
GcOutcome help_collect_here(Process *p, size_t words, size_t stack_words);
/* The stack gets room for `words` below p->frame; trap.args are roots. False: the process ends. */
bool help_trap_room(Process *p, size_t words);

Term help_compare(CompareKind which, Term a, Term b);
Term *help_operands(size_t count);
void help_operands_done(Term *operands);
/* TERM_NONE: an exception is set and captured. */
Term help_make_map(Process *p, const Term pairs[], size_t count);
Term help_map_put(Process *p, const Term operands[], size_t count, bool exact);
Term help_bs_build(Process *p, const SegmentList *list, const Term operands[]);

/* Set and capture an exception. `at` NULL: the frame word of fp is the caller's place. */
void help_arithmetic_failed(Process *p, Code at, Term result, Term a, Term b);
void help_logic_failed(Process *p, Code at, LogicKind which, Term a, Term b);
void help_bif_failed(Process *p, Code at, const CodeExport *export, const Term args[]);
/* `first`: where argument 0 is; the others lie below it. */
void help_bad_fun(Process *p, Code at, Term fun, const Term *first, uint32_t count);
void help_bad_apply(Process *p, Code at, Term module, Term function, const Term *first,
                    uint32_t count);
/* An error with this reason, and a trace from `at` on. */
void help_fail(Process *p, Code at, Term reason);
void help_function_clause(Process *p, Term *fp, Code at);
void help_undefined(Process *p, Term *fp, CodeExport *export);
/* A fun without code, its arguments and captured values in the slots: sets trap, to call the
 * process's error handler. */
void help_no_fun(Process *p, const Term *fp, const CodeFun *fun);
/* Loads the module that lacks. */
typedef enum AutoloadResult {
    AUTOLOAD_DONE, /* the export has code now */
    AUTOLOAD_CALL, /* trap is set: its on_load function must run first, or it is source */
    AUTOLOAD_NONE,
} AutoloadResult;
AutoloadResult help_autoload(Process *p, const Term *fp, CodeExport *export);
/* Reports and marks the process as ending. */
void help_uncaught(Process *p);

/* receive */
typedef enum WaitResult { WAIT_MORE, WAIT_OVER, WAIT_BAD } WaitResult;
WaitResult help_receive_wait(Process *p, Term timeout);
void help_receive_disarm(Process *p);
static inline void help_receive_done(Process *p)
{
    if (UNLIKELY(p->flags & PROCESS_RECEIVE_ARMED)) {
        help_receive_disarm(p);
    }
}

/* A call_bif at p->pc will be made again with the same arguments. */
void help_keep_call(Process *p, Term *fp, const Term args[], uint32_t count);
/* The call of a built-in's stub at p->pc goes to the pool: return RUN_ELSEWHERE. */
void help_leave(Process *p);
RunResult help_hibernate(Process *p);
/* Fills trap for module:function(list…). False: an exception is set and captured. */
bool help_apply_list(Process *p, Term module, Term function, Term list);

/* binaries; context[0], [-1], [-2]: parent, position, end */
static inline const uint8_t *help_bs_bytes(Term parent)
{
    const Term *object = term_boxed_at(parent);
    if (header_kind(object[0]) == KIND_heap_binary) {
        return (const uint8_t *) (object + 2);
    }
    return ((const Binary *) object[2])->bytes;
}
void help_bs_start(Term t, Term *context);
/* The instruction at `at` takes a part off the binary at `context` and answers it; TERM_NONE: it
 * fails, and the position is as before. */
Term help_bs_byte(Process *p, Term *context, Code at);    /* bs_get_byte */
Term help_bs_integer(Process *p, Term *context, Code at); /* bs_get_integer_const */
Term help_bs_get(Process *p, Term *context, Code at,
                 Instruction which);                   /* _integer, _float, _bits */
Term help_bs_rest(Process *p, Term *context, Code at); /* bs_get_rest */
/* Of native code: the rest from the position in *slot on, as a term there. */
void help_bs_make_rest(Process *p, const Term *context, Term *slot);
Term help_bs_utf(Process *p, Term *context, Code at, Instruction which); /* bs_get_utf8, … */
Term help_bs_match(Process *p, Term *context, Code at); /* bs_match_literal; some value */

#endif
