/* runtime/bif_on_load.c
 * Natives of stdlib/muster_on_load.erl, which runs on_load functions: what waits for its function,
 * who runs it, and the outcome. Module muster_machine. */
#include "runtime/bif_on_load.h"

#include "runtime/bif_process.h"
#include "runtime/bif_tables.h"
#include "runtime/interpret.h"

/* on_load_state(Module): none (nothing waits), free (nobody runs it), own (the caller does), or the
 * pid of who runs it. */
Term bif_on_load_state_1(Process *p, const Term args[])
{
    if (!term_is_atom(args[0])) {
        return bif_badarg(p);
    }
    Term runner = code_on_load_runner(args[0]);
    if (runner != TERM_NONE) {
        return runner == p->pid ? atom_of("own") : runner;
    }
    return code_waiting(args[0]) == NULL ? atom_of("none") : atom_of("free");
}

/* on_load_claim(Module): true: the caller is to run the function. */
Term bif_on_load_claim_1(Process *p, const Term args[])
{
    return term_is_atom(args[0]) ? term_bool(code_claim_on_load(args[0], p->pid)) : bif_badarg(p);
}

/* on_load_call(Module): the function's value. For who claimed it. */
Term bif_on_load_call_1(Process *p, const Term args[])
{
    const LoadedModule *module = term_is_atom(args[0]) ? code_waiting(args[0]) : NULL;
    if (module == NULL || code_on_load_runner(args[0]) != p->pid) {
        return bif_badarg(p);
    }
    trap.kind = TRAP_CALL;
    trap.entry = module->code + module->functions[module->on_load_function].code_offset;
    trap.count = 0;
    return TERM_TRAP;
}

/* on_load_settle(Module, Runner, Accepted): false: it was settled before, or another version is in
 * the way. */
Term bif_on_load_settle_3(Process *p, const Term args[])
{
    if (!term_is_atom(args[0])) {
        return bif_badarg(p);
    }
    return term_bool(code_settle_on_load(args[0], args[1], args[2] == ATOM_true));
}

Term on_load_finish(Process *p, Term module, Term loaded)
{
    Term args[2] = {module, loaded};
    return bif_call(p, atom_of("muster_on_load"), atom_of("finish"), args, 2);
}
