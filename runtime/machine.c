/* runtime/machine.c: see machine.h. */
#include "runtime/machine.h"

#include "proc/registry.h"
#include "proc/thread.h"
#include "runtime/bif_data.h"
#include "runtime/ets.h"
#include "runtime/interpret.h"
#include "runtime/native.h"
#include "runtime/output.h"
#include "runtime/port.h"
#include "runtime/profile.h"
#include "runtime/report.h"
#include "runtime/seq_trace.h"
#include "runtime/system_monitor.h"
#include "runtime/term/external.h"
#include "runtime/term/world.h"
#include "runtime/trace.h"
#include "sched/sched.h"

static Export *find_export(Term module, Term function, uint32_t arity, bool existing)
{
    CodeExport *export =
        existing ? code_export_find(module, function, arity) : code_export(module, function, arity);
    return export != NULL ? &export->identity : NULL;
}

static void process_exited(Process *p, Term reason)
{
    if (p->flags & PROCESS_TRACED) {
        trace_exited(p, reason);
    }
    tracees_end(p);
    ets_process_exited(p, reason);
}

/* What stays from one machine to the next in the same program: loaded code. */
static void start_code(void)
{
    static bool there;
    if (!there) {
        there = true;
        interpret_init();
        native_init();
        stubs_init();
        code_init();
    }
}

void machine_start(const MachineOptions *options)
{
    SchedOptions sched = {.scheduler_count = options->schedulers,
                          .run = options->profile ? profile_run : interpret,
                          .winding_up = ports_finish};
    output_init();
    world_init(options->no_smp ? WORLD_SERIAL : WORLD_REAL,
               options->has_seed ? &options->seed : NULL, NULL);
    gc_clock_ns = world_monotonic_ns;
    start_code();
    external_hooks.find_export = find_export;
    external_hooks.find_fun = code_find_fun;
    processes_init(options->max_processes != 0 ? options->max_processes : PROCESSES_DEFAULT);
    process_max_heap_words = options->max_heap_words;
    registry_init();
    ports_init();
    process_hooks.visit_frames = frames_visit;
    process_hooks.first_frame = frames_first;
    process_hooks.exited = process_exited;
    process_hooks.traced = trace_event;
    process_hooks.queue_length = system_monitor_queue;
    process_hooks.sequenced = seq_trace_tell;
    if (options->no_smp) {
        sched.scheduler_count = 1;
    }
    sched_start(&sched);
}

Term machine_spawn(Term module, Term function, const Term args[], size_t count)
{
    SpawnOptions options;
    Process *p;
    Term pid;
    bool entered = thread_enter();
    spawn_options_init(&options);
    options.module = module;
    options.function = function;
    options.arity = (uint32_t) count;
    options.fun = TERM_NONE;
    options.entry = code_export(module, function, (uint32_t) count);
    options.stack_words = (uint32_t) count + 8;
    options.group_leader = ATOM_undefined;
    p = process_spawn(NULL, &options, args, count, NULL);
    CHECK(p != NULL);
    pid = p->pid;
    sched_spawned(p);
    thread_leave(entered);
    return pid;
}

int machine_wait(void)
{
    int code = sched_wait();
    output_finish();
    return code;
}

bool machine_end(void)
{
    if (!sched_stop()) {
        return false; /* a job still blocks, in memory that must stay */
    }
    bool entered = thread_enter();
    processes_finish();
    thread_leave(entered);
    persistent_terms_forget();
    reports_forget();
    return true;
}
