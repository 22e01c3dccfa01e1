/* runtime/muster_functions.c
 * C functions of a host program as built-ins: see muster.h. Each is reached through the stub of its
 * export, at which p->pc points during the call, so that one C function serves all of them. */
#include "runtime/muster.h"

#include "runtime/interpret.h"
#include "runtime/job.h"
#include "runtime/muster_internal.h"
#include "runtime/term/copy.h"
#include "runtime/term/mem.h"

typedef struct HostFunction {
    MusterFunction function;
    void *data;
    unsigned arity;
} HostFunction;

struct MusterCall {
    MusterSpace space;
    Term self;
    Term raised; /* TERM_NONE: nothing */
};

MusterSpace *muster_call_space(MusterCall *call)
{
    return &call->space;
}

MusterTerm muster_call_self(const MusterCall *call)
{
    return call->self;
}

MusterTerm muster_raise(MusterCall *call, MusterTerm reason)
{
    call->raised = reason;
    return MUSTER_NONE;
}

/* What the function answered, as a built-in answers. */
static Term answer(Process *p, const MusterCall *call, Term result)
{
    if (call->raised != TERM_NONE) {
        return bif_error(p, call->raised);
    }
    return result == MUSTER_NONE ? bif_badarg(p) : result;
}

static const HostFunction *called_function(const Process *p)
{
    const CodeExport *export;
    memcpy(&export, (const uint8_t *) p->pc + 8,
           sizeof export); /* stub_bif: runtime/term/instructions.def */
    return export->host;
}

static Term call_at_once(Process *p, const Term args[])
{
    const HostFunction *host = called_function(p);
    MusterCall call = {{&p->heap.space, NULL}, p->pid, TERM_NONE};
    return answer(p, &call, host->function(&call, args, host->data));
}

/* ---- functions that may block ---- */

typedef struct HostJob {
    Job job; /* first */
    const HostFunction *host;
    MusterCall call;
    Term result;
    Term args[];
} HostJob;

static void job_work(Job *job)
{
    HostJob *host_job = (HostJob *) job;
    const HostFunction *host = host_job->host;
    host_job->result = host->function(&host_job->call, host_job->args, host->data);
}

/* {ok, Value} or {error, Reason}. */
static Term job_answer(Job *job, Space *space)
{
    const HostJob *host_job = (const HostJob *) job;
    Term raised = host_job->call.raised, value;
    if (raised == TERM_NONE && host_job->result == MUSTER_NONE) {
        raised = ATOM_badarg;
    }
    value = term_copy(space, raised != TERM_NONE ? raised : host_job->result);
    return value == TERM_LIMIT
               ? make_tuple2(space, ATOM_error, ATOM_system_limit)
               : make_tuple2(space, raised != TERM_NONE ? ATOM_error : ATOM_ok, value);
}

static void job_finish(Job *job)
{
    arena_space_destroy(((HostJob *) job)->call.space.arena);
    mem_free(job);
}

static Term call_on_pool(Process *p, const Term args[])
{
    if (reply_is_awaited(p)) {
        Term reply = reply_take(p);
        if (reply == TERM_TRAP) {
            return TERM_TRAP;
        }
        return pair_key(reply) == ATOM_ok ? pair_value(reply) : bif_error(p, pair_value(reply));
    }
    const HostFunction *host = called_function(p);
    HostJob *job = mem_alloc_zero(sizeof *job + host->arity * sizeof *args);
    job->job.work = job_work;
    job->job.answer = job_answer;
    job->job.finish = job_finish;
    job->host = host;
    job->call.space.arena = arena_space_create();
    job->call.space.space = arena_space(job->call.space.arena);
    job->call.self = p->pid;
    job->call.raised = TERM_NONE;
    for (unsigned i = 0; i < host->arity; i++) {
        job->args[i] = term_copy_flat(job->call.space.space, args[i]);
        if (job->args[i] == TERM_LIMIT) {
            job_finish(&job->job);
            return bif_error(p, ATOM_system_limit);
        }
    }
    return job_start(p, &job->job);
}

bool muster_register(const char *module, const char *name, unsigned arity, MusterFunction function,
                     unsigned flags, void *data)
{
    MusterTerm module_atom = muster_atom(module), name_atom = muster_atom(name);
    HostFunction *host;
    if (module_atom == MUSTER_NONE || name_atom == MUSTER_NONE || arity > UINT8_MAX) {
        return false;
    }
    host = mem_alloc(sizeof *host); /* stays: calls may come as long as the machine runs */
    *host = (HostFunction){function, data, arity};
    if (!code_define_host(module_atom, name_atom, arity,
                          flags & MUSTER_BLOCKS ? call_on_pool : call_at_once, host)) {
        mem_free(host);
        return false;
    }
    return true;
}
