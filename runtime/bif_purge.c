/* runtime/bif_purge.c
 * Built-ins of purging: see code_purge.c, and stdlib/muster_purge.erl, which calls them. */
#include "runtime/bif_process.h"
#include "runtime/bif_tables.h"
#include "runtime/code.h"
#include "runtime/term/arith.h"
#include "runtime/term/literal.h"
#include "sched/sched.h"

/* erlang:purge_module(Module) */
Term bif_purge_module_1(Process *p, const Term args[])
{
    if (!term_is_atom(args[0]) || code_old(args[0]) == NULL) {
        return bif_badarg(p);
    }
    return bif_call(p, ATOM_muster_purge, ATOM_purge_module, args, 1);
}

/* muster_machine:purge_start(Module, Refused): nothing | busy | started. */
Term bif_purge_start_2(Process *p, const Term args[])
{
    static const Term answers[] = {ATOM_nothing, ATOM_busy, ATOM_started};
    return answers[code_purge_start(args[0], args[1] == ATOM_true, p->pid)];
}

/* muster_machine:purge_is_known(): ask until it is true, with a yield between. */
Term bif_purge_is_known_0(Process *p, const Term args[])
{
    return term_bool(code_purge_is_known());
}

typedef struct PidList {
    Space *space;
    Term list;
} PidList;

static void add_pid(Process *process, void *state)
{
    PidList *pids = state;
    pids->list = make_cons(pids->space, process->pid, pids->list);
}

/* muster_machine:purge_processes(): all, those of the machine too. */
Term bif_purge_processes_0(Process *p, const Term args[])
{
    PidList pids = {bif_space(p), TERM_NIL};
    processes_each(add_pid, &pids);
    return pids.list;
}

/* muster_machine:literal_bytes(): what literals take, of modules and of persistent_term. */
Term bif_literal_bytes_0(Process *p, const Term args[])
{
    return make_uint64(bif_space(p), literal_bytes());
}

Term bif_purge_abort_0(Process *p, const Term args[])
{
    code_purge_abort(p->pid);
    return ATOM_ok;
}

Term bif_purge_end_0(Process *p, const Term args[])
{
    code_purge_end(p->pid);
    return ATOM_ok;
}

/* muster_machine:fun_state(Fun): ready | purging | absent. */
Term bif_fun_state_1(Process *p, const Term args[])
{
    if (!term_is_kind(args[0], KIND_fun)) {
        return bif_badarg(p);
    }
    const FunEntry *fun = fun_entry(args[0]);
    bool concerns = code_purge_concerns(fun);
    return code_fun_is_there(fun) ? ATOM_ready : concerns ? ATOM_purging : ATOM_absent;
}

/* In the context of the process that is asked. What refers to literals is found in saved registers
 * only: while it runs the question is put off, to before its next slice. */
static void literals_call(Process *target, Message *request, Term argument)
{
    Term to = request_from(request);
    if (target != NULL && sched_is_executing(target)) {
        sched_end_slice(target);
        process_send_message(target->pid, request);
        return;
    }
    if (target != NULL) {
        code_purge_literals(target);
    }
    Message *answer = message_of(argument); /* an integer */
    if (answer != NULL) {
        process_send_message(to, answer);
    }
    message_destroy(request);
}

/* muster_machine:purge_literals(Pid, Number): sends Number when Pid refers to none, or has ended.
 */
Term bif_purge_literals_2(Process *p, const Term args[])
{
    if (!process_request(p, args[0], literals_call, args[1], NULL)) {
        process_send(p, p->pid, args[1], NULL);
    }
    return ATOM_ok;
}
