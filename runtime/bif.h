/* runtime/bif.h
 * Built-in functions: Erlang functions implemented in C. All are listed in the tables
 * runtime/bif_*.def as BIF(module, name, arity, c_function, flags), bif_tables.def naming the
 * tables.
 *
 * A built-in gets the calling process and its arguments in order, and answers
 *   - its value, built in &p->heap.space (never collects, so terms stay where they are);
 *   - TERM_NONE after raising: `return bif_error(p, ATOM_badarg);`
 *   - TERM_TRAP after bif_call / bif_call_fun / bif_wait…: the machine continues as said there.
 * It runs on a scheduler thread: it must not block (see sched/blocking.h), and what can take long
 * counts reductions with bif_charge and continues by bif_call of a hidden built-in with its state.
 *
 * The machine collects after a built-in when the heap asks for it; built-ins never see that. */
#ifndef MUSTER_RUNTIME_BIF_H
#define MUSTER_RUNTIME_BIF_H

#include "proc/process.h"
#include "runtime/term/atom.h"
#include "runtime/term/loaded.h"
#include "runtime/term/space.h"

/* flags of the tables */
enum {
    BIF_PLAIN = 0,
    BIF_GUARD = 1, /* allowed in guards; pure, never traps */
    BIF_PURE = 2,  /* no effect, never traps: the compiler may fold or move it */
    BIF_HOST = 4,  /* of the host program (muster_functions.c): called through its stub only */
};

/* ---- raising: all return TERM_NONE ---- */
Term bif_error(Process *p, Term reason);              /* class error */
Term bif_raise(Process *p, Term class_, Term reason); /* any class */
static inline Term bif_badarg(Process *p)
{
    return bif_error(p, ATOM_badarg);
}
/* badarg or system_limit, as the result (TERM_NONE or TERM_LIMIT) of a function of the floor says.
 */
Term bif_failed(Process *p, Term result);
/* error with {error_info, #{cause => Cause}} in the stack trace's extra element, for functions
 * whose module has format_error. */
Term bif_error_info(Process *p, Term reason, Term cause);

/* ---- continuing elsewhere: all return TERM_TRAP ---- */
/* The built-in's result is that of module:function(args…): a tail call. count at most 255. */
Term bif_call(Process *p, Term module, Term function, const Term args[], size_t count);
Term bif_call_fun(Process *p, Term fun, const Term args[], size_t count);
/* As bif_call of function `export` (from export_of), cheaper. */
Term bif_call_export(Process *p, Export *export, const Term args[], size_t count);
/* Leave the processor, then answer `value` (erlang:yield/0). */
Term bif_yield(Process *p, Term value);
/* Something must be looked at before the process goes on (it is to exit, is suspended, must
 * collect): answers `value` after the safepoint. */
Term bif_safepoint(Process *p, Term value);
/* Wait until something arrives in the mailbox, then call this built-in again with the same
 * arguments (mailbox_take_reply tells whether it is there). */
Term bif_wait_again(Process *p);
/* erlang:hibernate/3: forget the stack, compact, wait for a message, then call M:F(Args…). */
Term bif_hibernate(Process *p, Term module, Term function, Term args);

/* ---- built-ins that may take long ----
 * One whose result depends on its arguments alone, and that calls none of the above, may leave: it
 * is called again on a thread of the blocking pool, where it runs to its end, while the scheduler
 * goes on with others. Either before it begins:
 *
 *     LONG_BIF(bif_phash2, bif_is_large(p, args[0])) { … }
 *
 * or, where the size of its arguments shows only on the way, from its loop:
 *
 *     if (UNLIKELY(++steps == LONG_STEPS) && bif_may_leave()) {
 *         return bif_leave(p);
 *     } */
enum { LONG_STEPS = 100000, LONG_WORDS = 150000, LONG_BYTES = 1 << 18 };
/* False: it has left already, or there is one fixed schedule. */
bool bif_may_leave(void);
Term bif_leave(Process *p); /* returns TERM_TRAP */
/* As list_length; LIST_IS_LONG: it has more than LONG_STEPS cells, and the built-in may leave. */
enum { LIST_IS_LONG = -2 };
int64_t list_length_or_long(Term list);
/* More than LONG_WORDS words (literals not counted; what is shared may count once), or a binary of
 * more than LONG_BYTES. */
bool bif_is_large(const Process *p, Term t);
#define LONG_BIF(name, is_large) \
    static Term name##_now(Process *p, const Term args[]); \
    Term name(Process *p, const Term args[]) \
    { \
        return UNLIKELY(is_large) && bif_may_leave() ? bif_leave(p) : name##_now(p, args); \
    } \
    static Term name##_now(Process *p, const Term args[])

/* ---- counting ---- */
static inline void bif_charge(Process *p, size_t reductions)
{
    p->reductions -= reductions > 1u << 20 ? 1 << 20 : (int32_t) reductions;
}

/* ---- help for arguments ---- */
static inline Space *bif_space(Process *p)
{
    return &p->heap.space;
}
static inline Term term_bool(bool value)
{
    return value ? ATOM_true : ATOM_false;
}
/* Length of a proper list; -1: improper. */
int64_t list_length(Term list);
/* Bytes of iodata, appended; false: not iodata. Iterative. */
typedef struct ByteBuffer {
    uint8_t *bytes;
    size_t size_bytes, capacity_bytes;
} ByteBuffer;
bool iodata_bytes(Term iodata, ByteBuffer *out); /* free out->bytes with mem_free */
/* A string (list of Latin-1/Unicode characters) or binary or atom as a NUL-terminated UTF-8 name;
 * NULL: it is not one. Free with mem_free. */
char *term_to_utf8(Term t, size_t *size_bytes);

/* ---- the machine's code, for built-ins of module `code` and `erlang` (runtime/code.h) ---- */
Export *export_of(Term module, Term function, uint32_t arity); /* made when new */

#endif
