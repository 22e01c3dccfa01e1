/* runtime/bif_system.c
 * erlang:system_info/1: a table of names and how each value is made. */
#include "runtime/bif_data.h"
#include "runtime/bif_process.h"
#include "runtime/bif_tables.h"
#include "runtime/trace.h"
#include "runtime/ets.h"
#include "runtime/port.h"
#include "runtime/term/world.h"
#include "runtime/version.h"
#include "sched/sched.h"

#include <stdio.h>
#include <unistd.h>

static Term string(Process *p, const char *text)
{
    return make_string_latin1(bif_space(p), text, strlen(text));
}
static Term number(Process *p, uint64_t value)
{
    return make_uint64(bif_space(p), value);
}
static Term pair(Process *p, const char *name, Term value)
{
    return make_tuple2(bif_space(p), atom_of(name), value);
}

static unsigned processors(int which)
{
    long count = sysconf(which);
    return count < 1 ? 1 : (unsigned) count;
}

/* ---- values that take more than a word ---- */

static Term info_system_version(Process *p)
{
    char text[160];
    snprintf(text, sizeof text, "Erlang/OTP 27 [muster-%s] [64-bit] [smp:%u:%u]\n", MUSTER_VERSION,
             sched_count(), sched_online());
    return string(p, text);
}

static Term info_garbage_collection(Process *p)
{
    Space *space = bif_space(p);
    Term list = TERM_NIL;
    list = make_cons(space, pair(p, "fullsweep_after", number(p, process_fullsweep_after)), list);
    list = make_cons(space, pair(p, "min_heap_size", number(p, process_min_heap_words)), list);
    list = make_cons(space, pair(p, "min_bin_vheap_size", number(p, BINARY_HEAP_WORDS)), list);
    return make_cons(space, pair(p, "max_heap_size", number(p, process_max_heap_words)), list);
}

static Term info_max_heap(Process *p)
{
    return max_heap_map(bif_space(p), process_max_heap_words, process_max_heap_flags);
}

/* A clock's description, as OTP gives it. */
static Term info_clock(Process *p, bool monotonic)
{
    Space *space = bif_space(p);
    uint64_t now = monotonic ? world_monotonic_ns() : world_system_ns();
    Term clock = atom_of(monotonic ? "CLOCK_MONOTONIC" : "CLOCK_REALTIME");
    Term list = make_cons(space, pair(p, "time", number(p, now)), TERM_NIL);
    list = make_cons(space, pair(p, "parallel", atom_of("yes")), list);
    if (monotonic) {
        list = make_cons(space, pair(p, "extended", atom_of("no")), list);
    }
    list = make_cons(space, pair(p, "resolution", number(p, 1000000000)), list);
    list = make_cons(space, pair(p, "clock_id", clock), list);
    return make_cons(space, pair(p, "function", atom_of("clock_gettime")), list);
}

static Term info_topology(Process *p)
{
    Space *space = bif_space(p);
    Term list = TERM_NIL;
    for (unsigned i = processors(_SC_NPROCESSORS_ONLN); i-- > 0;) {
        Term core = pair(p, "core", pair(p, "logical", number(p, i)));
        list = make_cons(space, core, list);
    }
    return make_cons(space, pair(p, "processor", list), TERM_NIL);
}

static Term info_scheduler_bindings(Process *p)
{
    Term elements[256];
    unsigned count = sched_count() < COUNT_OF(elements) ? sched_count() : COUNT_OF(elements);
    for (unsigned i = 0; i < count; i++) {
        elements[i] = atom_of("unbound");
    }
    return make_tuple(bif_space(p), elements, count);
}

static Term info_sequential_tracer(Process *p)
{
    const Term get[] = {ATOM_get};
    return make_tuple2(bif_space(p), ATOM_sequential_tracer, bif_seq_trace_tracer(p, get));
}

static Term info_scheduler_id(Process *p)
{
    return number(p, sched_current == NULL ? 1 : sched_index(sched_current) + 1);
}

static Term info_c_compiler(Process *p)
{
#if defined(__clang__)
    const char *name = "clang";
    unsigned version[] = {__clang_major__, __clang_minor__, __clang_patchlevel__};
#else
    const char *name = "gnuc";
    unsigned version[] = {__GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__};
#endif
    return pair(p, name,
                make_tuple3(bif_space(p), number(p, version[0]), number(p, version[1]),
                            number(p, version[2])));
}

#if defined(__x86_64__)
#define ARCHITECTURE "x86_64-pc-linux-gnu"
#elif defined(__aarch64__)
#define ARCHITECTURE "aarch64-unknown-linux-gnu"
#else
#define ARCHITECTURE "unknown-linux-gnu"
#endif

/* ---- the table ---- */

/* INFO(name, value) with `p` in scope. */
#define INFOS(INFO) \
    INFO(alloc_util_allocators, TERM_NIL) \
    INFO(allocator, make_tuple4(bif_space(p), atom_of("undefined"), TERM_NIL, TERM_NIL, TERM_NIL)) \
    INFO(atom_count, number(p, atom_count())) \
    INFO(atom_limit, number(p, atom_limit)) \
    INFO(build_type, atom_of("opt")) \
    INFO(c_compiler_used, info_c_compiler(p)) \
    INFO(compat_rel, number(p, 27)) \
    INFO(context_reductions, number(p, SLICE_REDUCTIONS)) \
    INFO(cpu_topology, info_topology(p)) \
    INFO(creation, number(p, 0)) \
    INFO(debug_compiled, ATOM_false) \
    INFO(delayed_node_table_gc, number(p, 60)) \
    INFO(dirty_cpu_schedulers, number(p, sched_count())) \
    INFO(dirty_cpu_schedulers_online, number(p, sched_online())) \
    INFO(dirty_io_schedulers, number(p, sched_blocking_most())) \
    INFO(dist_buf_busy_limit, number(p, 1048576)) \
    INFO(dist_ctrl, TERM_NIL) \
    INFO(driver_version, string(p, "3.3")) \
    INFO(dynamic_trace, atom_of("none")) \
    INFO(dynamic_trace_probes, ATOM_false) \
    INFO(emu_flavor, atom_of("jit")) \
    INFO(emu_type, atom_of("opt")) \
    INFO(end_time, number(p, INT64_MAX)) \
    INFO(endian, ATOM_little) \
    INFO(ets_count, number(p, ets_count())) \
    INFO(ets_limit, number(p, 8192)) \
    INFO(fullsweep_after, pair(p, "fullsweep_after", number(p, process_fullsweep_after))) \
    INFO(garbage_collection, info_garbage_collection(p)) \
    INFO(heap_type, atom_of("private")) \
    INFO(kernel_poll, ATOM_true) \
    INFO(logical_processors, number(p, processors(_SC_NPROCESSORS_CONF))) \
    INFO(logical_processors_available, number(p, processors(_SC_NPROCESSORS_ONLN))) \
    INFO(logical_processors_online, number(p, processors(_SC_NPROCESSORS_ONLN))) \
    INFO(machine, string(p, "BEAM")) \
    INFO(max_heap_size, info_max_heap(p)) \
    INFO(message_queue_data, atom_of("on_heap")) \
    INFO(min_bin_vheap_size, pair(p, "min_bin_vheap_size", number(p, BINARY_HEAP_WORDS))) \
    INFO(min_heap_size, pair(p, "min_heap_size", number(p, process_min_heap_words))) \
    INFO(modified_timing_level, ATOM_undefined) \
    INFO(multi_scheduling, atom_of(sched_online() > 1 ? "enabled" : "disabled")) \
    INFO(multi_scheduling_blockers, TERM_NIL) \
    INFO(muster_version, string(p, MUSTER_VERSION)) \
    INFO(nif_version, string(p, "2.17")) \
    INFO(normal_multi_scheduling_blockers, TERM_NIL) \
    INFO(os_monotonic_time_source, info_clock(p, true)) \
    INFO(os_system_time_source, info_clock(p, false)) \
    INFO(otp_release, string(p, "27")) \
    INFO(outstanding_system_requests_limit, info_requests_limit()) \
    INFO(port_count, number(p, ports_count())) \
    INFO(port_limit, number(p, PORTS_MOST)) \
    INFO(port_parallelism, ATOM_false) \
    INFO(process_count, number(p, processes_count())) \
    INFO(process_limit, number(p, processes_limit())) \
    INFO(scheduler_bind_type, atom_of("unbound")) \
    INFO(scheduler_bindings, info_scheduler_bindings(p)) \
    INFO(scheduler_id, info_scheduler_id(p)) \
    INFO(schedulers, number(p, sched_count())) \
    INFO(schedulers_online, number(p, sched_online())) \
    INFO(sequential_tracer, info_sequential_tracer(p)) \
    INFO(smp_support, ATOM_true) \
    INFO(start_time, number(p, world.start_monotonic_ns)) \
    INFO(system_architecture, string(p, ARCHITECTURE)) \
    INFO(system_logger, info_system_logger()) \
    INFO(system_version, info_system_version(p)) \
    INFO(thread_pool_size, number(p, 1)) \
    INFO(threads, ATOM_true) \
    INFO(time_correction, ATOM_true) \
    INFO(time_offset, atom_of("final")) \
    INFO(time_warp_mode, atom_of("no_time_warp")) \
    INFO(tolerant_timeofday, atom_of("enabled")) \
    INFO(trace_control_word, number(p, AO_load(&trace_control_word))) \
    INFO(update_cpu_info, atom_of("unchanged")) \
    INFO(version, string(p, "15.0")) \
    INFO(wordsize, number(p, sizeof(Term)))

#define INFO(name, value) \
    static Term info_of_##name(Process *p) \
    { \
        return value; \
    }
INFOS(INFO)
#undef INFO

static const struct {
    const char *name;
    Term (*value)(Process *p);
} infos[] = {
#define INFO(name, value) {#name, info_of_##name},
    INFOS(INFO)
#undef INFO
};

/* Is it one of the allocators that OTP's machine has? */
static bool is_allocator(Term name)
{
    static const char *const names[] = {
        "sys_alloc",    "temp_alloc", "sl_alloc",   "std_alloc",     "ll_alloc",
        "eheap_alloc",  "ets_alloc",  "fix_alloc",  "literal_alloc", "binary_alloc",
        "driver_alloc", "mseg_alloc", "exec_alloc", "test_alloc",
    };
    for (size_t i = 0; term_is_atom(name) && i < COUNT_OF(names); i++) {
        if (strcmp(names[i], atom_name(name)) == 0) {
            return true;
        }
    }
    return false;
}

static Term info_of_pair(Process *p, Term item)
{
    Term name = tuple_elements(item)[0], which = tuple_elements(item)[1];
    if (name == atom_of("wordsize") && (which == ATOM_internal || which == ATOM_external)) {
        return number(p, sizeof(Term));
    }
    if (name == atom_of("cpu_topology")) {
        return which == atom_of("defined")                                ? ATOM_undefined
               : which == atom_of("detected") || which == atom_of("used") ? info_topology(p)
                                                                          : bif_badarg(p);
    }
    if (name == atom_of("allocator") || name == atom_of("allocator_sizes")) {
        return is_allocator(which) ? ATOM_false : ATOM_undefined; /* none of them is used */
    }
    return bif_badarg(p);
}

Term bif_system_info(Process *p, const Term args[])
{
    if (tuple_is(args[0], 2)) {
        return info_of_pair(p, args[0]);
    }
    if (!term_is_atom(args[0])) {
        return bif_badarg(p);
    }
    const char *name = atom_name(args[0]);
    for (size_t i = 0; i < COUNT_OF(infos); i++) {
        if (strcmp(infos[i].name, name) == 0) {
            return infos[i].value(p);
        }
    }
    static const char *const texts[] = {"dist", "info", "loaded", "procs"};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        if (strcmp(texts[i], name) == 0) {
            return bif_call(p, atom_of("muster_system_info"), atom_of("description"), args, 1);
        }
    }
    return bif_badarg(p);
}
