/* runtime/bif_statistics.c
 * erlang:statistics/1 and erlang:memory/0,1. "Since the last call" is counted for the machine as a
 * whole, as in OTP. */
#include "proc/atomic.h"
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"
#include "runtime/code.h"
#include "runtime/bif_process.h"
#include "runtime/ets.h"
#include "runtime/output.h"
#include "runtime/port_stream.h"
#include "runtime/term/world.h"
#include "sched/blocking.h"
#include "sched/sched.h"

#include <stdio.h>
#include <unistd.h>

static Term number(Process *p, uint64_t value)
{
    return make_uint64(bif_space(p), value);
}

/* {Total, SinceLast}; `last` is swapped by whoever asks. */
static Term with_difference(Process *p, uint64_t total, volatile AO_t *last)
{
    AO_t before;
    do {
        before = AO_load(last);
    } while (!AO_compare_and_swap_full(last, before, (AO_t) total));
    return make_tuple2(bif_space(p), number(p, total),
                       number(p, total < before ? 0 : total - before));
}

static Term stat_reductions(Process *p)
{
    static volatile AO_t last;
    return with_difference(p, sched_reductions(), &last);
}

static Term stat_exact_reductions(Process *p)
{
    static volatile AO_t last;
    return with_difference(p, sched_reductions(), &last);
}

static Term stat_runtime(Process *p)
{
    static volatile AO_t last;
    return with_difference(p, world_cpu_ns() / 1000000, &last);
}

static Term stat_wall_clock(Process *p)
{
    static volatile AO_t last;
    return with_difference(p, sched_wall_ns() / 1000000, &last);
}

static Term stat_garbage_collection(Process *p)
{
    GcStats stats;
    gc_stats_read(&stats);
    return make_tuple3(bif_space(p), number(p, stats.minor_count + stats.major_count),
                       number(p, stats.words_reclaimed), term_small(0));
}

/* What went through ports and the standard output. */
static Term stat_io(Process *p)
{
    Space *space = bif_space(p);
    uint64_t in, out;
    port_stream_bytes(&in, &out);
    Term input = make_tuple2(space, atom_of("input"), number(p, in));
    Term output = make_tuple2(space, atom_of("output"), number(p, out + output_bytes()));
    return make_tuple2(space, input, output);
}

static Term stat_context_switches(Process *p)
{
    return make_tuple2(bif_space(p), number(p, sched_context_switches()), term_small(0));
}

/* One number a scheduler, then zeros for the queues that OTP has for dirty jobs. */
static Term each_scheduler(Process *p, unsigned more, bool count_running)
{
    Term list = TERM_NIL;
    for (unsigned i = 0; i < more; i++) {
        list = make_cons(bif_space(p), term_small(0), list);
    }
    for (unsigned i = sched_count(); i-- > 0;) {
        SchedStats stats;
        sched_stats(i, &stats);
        bool here = sched_current != NULL && sched_index(sched_current) == i;
        uint64_t count = stats.queue_length + (count_running && here ? 1 : 0);
        list = make_cons(bif_space(p), number(p, count), list);
    }
    return list;
}

/* ---- how busy schedulers are ---- */

static volatile AO_t wall_time_is_told; /* system_flag(scheduler_wall_time, …); relaxed */

Term wall_time_flag(bool on)
{
    AO_t before = AO_load(&wall_time_is_told);
    AO_store(&wall_time_is_told, on);
    return term_bool(before != 0);
}

static Term wall_time_entry(Process *p, uint64_t id, uint64_t busy, uint64_t total, Term tail)
{
    Space *space = bif_space(p);
    Term entry = make_tuple3(space, number(p, id), number(p, busy), number(p, total));
    return make_cons(space, entry, tail);
}

/* {Id, Busy, Total} of the schedulers, and, with `all`, of the threads for what blocks, whose
 * numbers come behind those that OTP's dirty schedulers for computing have. */
static Term wall_time(Process *p, bool all)
{
    Term list = TERM_NIL;
    if (!AO_load(&wall_time_is_told)) {
        return ATOM_undefined;
    }
    for (unsigned i = all ? sched_blocking_most() : 0; i-- > 0;) {
        uint64_t total, busy = blocking_busy_ns(i, &total);
        list = wall_time_entry(p, 2 * (uint64_t) sched_count() + i + 1, busy, total, list);
    }
    for (unsigned i = sched_count(); i-- > 0;) {
        SchedStats stats;
        sched_stats(i, &stats);
        list = wall_time_entry(p, i + 1, stats.busy_ns, stats.wall_ns, list);
    }
    return list;
}

Term bif_statistics(Process *p, const Term args[])
{
    static const struct {
        const char *name;
        Term (*value)(Process *p);
    } simple[] = {
        {"reductions", stat_reductions},
        {"exact_reductions", stat_exact_reductions},
        {"runtime", stat_runtime},
        {"wall_clock", stat_wall_clock},
        {"garbage_collection", stat_garbage_collection},
        {"io", stat_io},
        {"context_switches", stat_context_switches},
    };
    if (!term_is_atom(args[0])) {
        return bif_badarg(p);
    }
    const char *name = atom_name(args[0]);
    for (size_t i = 0; i < COUNT_OF(simple); i++) {
        if (strcmp(simple[i].name, name) == 0) {
            return simple[i].value(p);
        }
    }
#define IS(text) (strcmp(name, text) == 0)
    if (IS("run_queue") || IS("total_run_queue_lengths") || IS("total_run_queue_lengths_all")) {
        return number(p, sched_queue_length());
    }
    if (IS("total_active_tasks") || IS("total_active_tasks_all")) {
        return number(p, sched_queue_length() + 1);
    }
    if (IS("run_queue_lengths") || IS("run_queue_lengths_all")) {
        return each_scheduler(p, IS("run_queue_lengths") ? 1 : 2, false);
    }
    if (IS("active_tasks") || IS("active_tasks_all")) {
        return each_scheduler(p, IS("active_tasks") ? 1 : 2, true);
    }
    if (IS("scheduler_wall_time") || IS("scheduler_wall_time_all")) {
        return wall_time(p, IS("scheduler_wall_time_all"));
    }
    if (IS("microstate_accounting")) {
        return ATOM_undefined;
    }
#undef IS
    return bif_badarg(p);
}

/* ---- memory ---- */

typedef struct Memory {
    uint64_t total, processes, processes_used, system, atom, atom_used, binary, code, ets;
} Memory;

static void add_process(Process *p, void *state)
{
    Memory *memory = state;
    const HeapFigures *figures = &p->figures;
    memory->processes += AO_load(&figures->total_words) * sizeof(Term) + sizeof *p;
    memory->processes_used += AO_load(&figures->used_words) * sizeof(Term) + sizeof *p;
    memory->binary += AO_load(&figures->off_heap_bytes);
}

/* What the operating system says is resident. */
static uint64_t resident_bytes(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file != NULL) {
        if (fscanf(file, "%*u %lu", &pages) != 1) {
            pages = 0;
        }
        fclose(file);
    }
    return (uint64_t) pages * (uint64_t) sysconf(_SC_PAGESIZE);
}

/* The caller's own heap is told as it is. */
static void memory_read(Process *p, Memory *out)
{
    *out = (Memory){0};
    process_publish_figures(p);
    processes_each(add_process, out);
    out->total = resident_bytes();
    if (out->total < out->processes) {
        out->total = out->processes;
    }
    out->system = out->total - out->processes;
    out->atom = out->atom_used = (uint64_t) atom_count() * 48;
    out->code = code_memory_bytes();
    out->ets = ets_memory_bytes();
}

static const struct {
    const char *name;
    size_t offset;
} memory_items[] = {
    {"total", offsetof(Memory, total)},
    {"processes", offsetof(Memory, processes)},
    {"processes_used", offsetof(Memory, processes_used)},
    {"system", offsetof(Memory, system)},
    {"atom", offsetof(Memory, atom)},
    {"atom_used", offsetof(Memory, atom_used)},
    {"binary", offsetof(Memory, binary)},
    {"code", offsetof(Memory, code)},
    {"ets", offsetof(Memory, ets)},
};

static uint64_t memory_item(const Memory *memory, size_t i)
{
    uint64_t value;
    memcpy(&value, (const char *) memory + memory_items[i].offset, sizeof value);
    return value;
}

Term bif_memory0(Process *p, const Term args[])
{
    Memory memory;
    memory_read(p, &memory);
    Space *space = bif_space(p);
    Term list = TERM_NIL;
    for (size_t i = COUNT_OF(memory_items); i-- > 0;) {
        Term value = number(p, memory_item(&memory, i));
        list = make_cons(space, make_tuple2(space, atom_of(memory_items[i].name), value), list);
    }
    return list;
}

/* The index of an item; -1: there is none of that name. */
static int memory_index(Term item)
{
    for (size_t i = 0; term_is_atom(item) && i < COUNT_OF(memory_items); i++) {
        if (strcmp(memory_items[i].name, atom_name(item)) == 0) {
            return (int) i;
        }
    }
    return -1;
}

Term bif_memory1(Process *p, const Term args[])
{
    Memory memory;
    Term list = args[0];
    if (term_is_atom(list)) {
        int i = memory_index(list);
        if (i < 0) {
            return bif_badarg(p);
        }
        memory_read(p, &memory);
        return number(p, memory_item(&memory, (size_t) i));
    }
    memory_read(p, &memory);
    Space *space = bif_space(p);
    ListBuilder out;
    list_start(&out, space);
    for (; term_is_cons(list); list = cons_tail(list)) {
        int i = memory_index(cons_head(list));
        if (i < 0) {
            return bif_badarg(p);
        }
        Term value = number(p, memory_item(&memory, (size_t) i));
        list_add(&out, make_tuple2(space, cons_head(list), value));
    }
    return term_is_nil(list) ? bif_result(p, list_end(&out, TERM_NIL)) : bif_badarg(p);
}
