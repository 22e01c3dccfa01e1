/* runtime/bif.c: raising and continuing elsewhere, for built-ins; see bif.h. */
#include "runtime/bif.h"

#include "runtime/interpret.h"
#include "runtime/term/bits.h"
#include "runtime/term/copy.h"
#include "runtime/term/mem.h"
#include "runtime/term/world.h"

_Thread_local Trap trap;

/* exception_trace says what is still to be captured: TERM_NONE: with the built-in's own entry
 * first; TERM_LIMIT: without; TERM_TRAP: with its entry and the cause in saved[3]. */
Term bif_error(Process *p, Term reason)
{
    p->exception_class = ATOM_error;
    p->exception_reason = reason;
    p->exception_trace = TERM_NONE;
    return TERM_NONE;
}

Term bif_raise(Process *p, Term class_, Term reason)
{
    p->exception_class = class_;
    p->exception_reason = reason;
    p->exception_trace = TERM_LIMIT;
    return TERM_NONE;
}

Term bif_failed(Process *p, Term result)
{
    return bif_error(p, result == TERM_LIMIT ? ATOM_system_limit : ATOM_badarg);
}

Term bif_error_info(Process *p, Term reason, Term cause)
{
    p->exception_class = ATOM_error;
    p->exception_reason = reason;
    p->exception_trace = TERM_TRAP;
    p->saved[3] = cause;
    return TERM_NONE;
}

Term bif_call(Process *p, Term module, Term function, const Term args[], size_t count)
{
    return bif_call_export(p, export_of(module, function, (uint32_t) count), args, count);
}

Term bif_call_export(Process *p, Export *export, const Term args[], size_t count)
{
    (void) p;
    trap.kind = TRAP_CALL;
    trap.entry = ((CodeExport *) export)->entry;
    trap.count = (uint32_t) count;
    memmove(trap.args, args, count * sizeof(Term));
    return TERM_TRAP;
}

Term bif_call_fun(Process *p, Term fun, const Term args[], size_t count)
{
    Space *space = &p->heap.space;
    if (!term_is_fun(fun)) {
        return bif_raise(p, ATOM_error, make_tuple2(space, ATOM_badfun, fun));
    }
    if (fun_arity(fun) != count) {
        Term list = make_list(space, args, count, TERM_NIL);
        return bif_raise(p, ATOM_error,
                         make_tuple2(space, ATOM_badarity, make_tuple2(space, fun, list)));
    }
    trap.kind = TRAP_CALL;
    trap.count = (uint32_t) count;
    memmove(trap.args, args, count * sizeof(Term));
    if (boxed_kind(fun) == KIND_export) {
        trap.entry = ((CodeExport *) fun_export(fun))->entry;
        return TERM_TRAP;
    }
    const CodeFun *entry = (const CodeFun *) fun_entry(fun);
    memcpy(trap.args + count, fun_captured(fun), entry->identity.free_count * sizeof(Term));
    trap.count += entry->identity.free_count;
    trap.entry = entry->entry;
    return TERM_TRAP;
}

Term bif_yield(Process *p, Term value)
{
    (void) p;
    trap.kind = TRAP_YIELD;
    trap.value = value;
    return TERM_TRAP;
}

Term bif_safepoint(Process *p, Term value)
{
    (void) p;
    trap.kind = TRAP_SAFEPOINT;
    trap.value = value;
    return TERM_TRAP;
}

Term bif_wait_again(Process *p)
{
    (void) p;
    trap.kind = TRAP_WAIT;
    return TERM_TRAP;
}

Term bif_hibernate(Process *p, Term module, Term function, Term args)
{
    (void) p;
    trap.kind = TRAP_HIBERNATE;
    trap.args[0] = module;
    trap.args[1] = function;
    trap.args[2] = args;
    return TERM_TRAP;
}

Export *export_of(Term module, Term function, uint32_t arity)
{
    return &code_export(module, function, arity)->identity;
}

/* ---- leaving ---- */

bool bif_may_leave(void)
{
    return sched_current != NULL && world.kind == WORLD_REAL;
}

int64_t list_length_or_long(Term list)
{
    Term at = list;
    for (int64_t length = 0; length <= LONG_STEPS; length++) {
        if (!term_is_cons(at)) {
            return term_is_nil(at) ? length : -1;
        }
        at = cons_tail(at);
    }
    return bif_may_leave() ? LIST_IS_LONG : list_length(list);
}

Term bif_leave(Process *p)
{
    (void) p;
    trap.kind = TRAP_LEAVE;
    return TERM_TRAP;
}

/* No term is larger than the memory of its process, but for literals (and what is shared, counted
 * again each time it is met): most calls need not look further. */
static bool heap_may_hold_long(const Heap *heap)
{
    return (size_t) (heap->space.top - heap->block) + (size_t) (heap->old_top - heap->old_block) +
               heap->fragment_words >
           LONG_WORDS;
}

bool bif_is_large(const Process *p, Term t)
{
    if (!term_is_pointer(t)) {
        return false;
    }
    if (term_is_bitstring(t)) {
        return bitstring_bits(t) > 8 * (uint64_t) LONG_BYTES;
    }
    if (!heap_may_hold_long(&p->heap)) {
        return false;
    }
    size_t words = 0;
    for (; term_is_cons(t) && !term_is_pointer(cons_head(t)); t = cons_tail(t)) { /* a string */
        if ((words += 2) > LONG_WORDS) {
            return true;
        }
    }
    return term_is_pointer(t) && term_copy_is_over(t, LONG_WORDS - words, &words);
}
