/* runtime/bif.c: raising and continuing elsewhere, for built-ins; see bif.h. */
#include "runtime/bif.h"

#include "runtime/interpret.h"
#include "runtime/term/mem.h"

_Thread_local Trap trap;

/* exception_trace says what is still to be captured: TERM_NONE: with the built-in's own entry first;
 * TERM_LIMIT: without; TERM_TRAP: with its entry and the cause in saved[3]. */
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
