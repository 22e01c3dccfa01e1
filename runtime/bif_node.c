/* runtime/bif_node.c
 * What concerns the machine as a whole: its node, its flags and its end. */
#include "runtime/bif_process.h"
#include "runtime/bif_tables.h"
#include "runtime/trace.h"

#include "runtime/arguments.h"
#include "runtime/interpret.h"
#include "runtime/output.h"
#include "runtime/port.h"
#include "runtime/report.h"
#include "runtime/term/bits.h"
#include "runtime/term/map.h"
#include "runtime/term/mem.h"
#include "runtime/term/ref.h"
#include "runtime/term/world.h"

#include <stdlib.h>
#include <unistd.h>

/* ---- nodes ---- */

static Term this_node(void)
{
    return (Term) AO_load_acquire(&node_name);
}

Term bif_node_0(Process *p, const Term args[])
{
    return this_node();
}

Term bif_node_1(Process *p, const Term args[])
{
    if (!term_is_pid(args[0]) && !term_is_port(args[0]) && !term_is_reference(args[0])) {
        return bif_badarg(p);
    }
    return term_is_kind(args[0], KIND_external) ? external_node(args[0]) : this_node();
}

Term bif_is_alive_0(Process *p, const Term args[])
{
    return term_bool(this_node() != ATOM_nonode_at_nohost);
}

Term bif_nodes_0(Process *p, const Term args[])
{
    return TERM_NIL;
}

/* Which kinds of nodes are asked for: only `this` and `known` name any. False: none such. */
static bool read_node_kinds(Term t, bool *with_this)
{
    Term kinds = t, kind;
    if (!term_is_list(t)) {
        *with_this = t == ATOM_this || t == ATOM_known;
        return *with_this || t == ATOM_visible || t == ATOM_hidden || t == ATOM_connected;
    }
    while (list_take(&kinds, &kind)) {
        bool one;
        if (term_is_list(kind) || !read_node_kinds(kind, &one)) {
            return false;
        }
        *with_this |= one;
    }
    return term_is_nil(kinds);
}

Term bif_nodes_1(Process *p, const Term args[])
{
    bool with_this = false;
    if (!read_node_kinds(args[0], &with_this)) {
        return bif_badarg(p);
    }
    return with_this ? make_cons(bif_space(p), this_node(), TERM_NIL) : TERM_NIL;
}

static bool flag_is_good(Term value)
{
    return value == ATOM_true || value == ATOM_false;
}

Term bif_nodes_2(Process *p, const Term args[])
{
    bool with_this = false;
    if (!term_is_map(args[1]) || !read_node_kinds(args[0], &with_this)) {
        return bif_badarg(p);
    }
    Space *space = bif_space(p);
    Term about = map_empty(space);
    MapWalk walk;
    Term key, value;
    map_walk_start(&walk, args[1]);
    while (map_walk_next(&walk, &key, &value)) {
        if ((key != ATOM_node_type && key != ATOM_connection_id) || !flag_is_good(value)) {
            return bif_badarg(p);
        }
        if (value == ATOM_true) {
            about = map_put(space, about, key, key == ATOM_node_type ? ATOM_this : ATOM_undefined);
        }
    }
    return with_this ? make_cons(space, make_tuple2(space, this_node(), about), TERM_NIL)
                     : TERM_NIL;
}

/* ---- the end ---- */

/* Who halts does not go on: another scheduler that has not heard of it yet may take the process. */
static Term halt_again(Process *p, Term status)
{
    const Term again[] = {status};
    sched_end_slice(p);
    return bif_call(p, ATOM_erlang, ATOM_halt, again, 1);
}

/* halt(Status, Flush): reports and what ports hold are written first, while others go on. */
static Term halt(Process *p, Term status, bool flush)
{
    uint64_t code;
    if (status == ATOM_abort) {
        abort();
    }
    if (flush && !sched_is_halting() && (reports_pending() || ports_flushing())) {
        return halt_again(p, status);
    }
    if (term_to_count(status, INT32_MAX, &code)) {
        sched_halt((int) (code & 0xFF));
        return halt_again(p, status);
    }
    size_t size_bytes;
    char *slogan = term_is_list(status) ? term_to_utf8(status, &size_bytes) : NULL;
    if (slogan == NULL) {
        return bif_badarg(p);
    }
    output_flush(STDOUT_FILENO);
    output_add(STDERR_FILENO, slogan, size_bytes);
    output_add(STDERR_FILENO, "\n", 1);
    mem_free(slogan);
    sched_halt(1);
    return halt_again(p, term_small(1));
}

Term bif_halt_0(Process *p, const Term args[])
{
    return halt(p, term_small(0), true);
}
Term bif_halt_1(Process *p, const Term args[])
{
    return halt(p, args[0], true);
}

Term bif_halt_2(Process *p, const Term args[])
{
    bool flush = true;
    Term options = args[1], option;
    while (list_take(&options, &option)) {
        if (!term_is_pair(option) || pair_key(option) != ATOM_flush ||
            !flag_is_good(pair_value(option))) {
            return bif_badarg(p);
        }
        flush = pair_value(option) == ATOM_true;
    }
    return term_is_nil(options) ? halt(p, args[0], flush) : bif_badarg(p);
}

/* ---- flags of the machine ---- */

static Term set_default(Process *p, Term flag, uint64_t count)
{
    Term old;
    switch (flag) {
    case ATOM_fullsweep_after:
        old = term_small(process_fullsweep_after);
        process_fullsweep_after = count > UINT16_MAX ? UINT16_MAX : (uint16_t) count;
        return old;
    case ATOM_min_heap_size:
        old = term_small(process_min_heap_words);
        process_min_heap_words = count > UINT16_MAX ? UINT16_MAX : (uint32_t) count;
        return old;
    case ATOM_min_bin_vheap_size:
        return term_small(BINARY_HEAP_WORDS);
    case ATOM_schedulers_online:
        if (count == 0 || count > sched_count()) {
            return bif_badarg(p);
        }
        old = term_small(sched_online());
        sched_set_online((unsigned) count);
        return old;
    default: /* backtrace_depth */
        old = term_small(backtrace_depth);
        __atomic_store_n(&backtrace_depth,
                         count > BACKTRACE_DEPTH_MOST ? BACKTRACE_DEPTH_MOST : (uint32_t) count,
                         __ATOMIC_RELAXED);
        return old;
    }
}

/* Blocking leaves one scheduler online; who unblocks brings them back. */
static unsigned online_before_block;

static Term set_multi_scheduling(Process *p, Term value)
{
    switch (value) {
    case ATOM_block:
    case ATOM_block_normal:
        if (online_before_block == 0) {
            online_before_block = sched_online();
            sched_set_online(1);
        }
        return value == ATOM_block ? ATOM_blocked : atom_of("blocked_normal");
    case ATOM_unblock:
    case ATOM_unblock_normal:
        if (online_before_block != 0) {
            sched_set_online(online_before_block);
            online_before_block = 0;
        }
        return ATOM_enabled;
    default:
        return bif_badarg(p);
    }
}

static bool is_bind_type(Term t)
{
    static const char *const names[] = {"no_node_processor_spread",
                                        "no_node_thread_spread",
                                        "no_spread",
                                        "processor_spread",
                                        "spread",
                                        "thread_spread",
                                        "thread_no_node_processor_spread",
                                        "default_bind"};
    for (size_t i = 0; term_is_atom(t) && i < COUNT_OF(names); i++) {
        if (strcmp(names[i], atom_name(t)) == 0) {
            return true;
        }
    }
    return false;
}

/* How many questions of a kind a process that asks all processes has on their way. */
enum { REQUESTS_MOST = 134217727 };
static volatile AO_t requests_limit = 1000;

Term info_requests_limit(void)
{
    return term_small((int64_t) AO_load(&requests_limit));
}

static Term set_requests_limit(Process *p, Term value)
{
    uint64_t count;
    Term before = info_requests_limit();
    if (!term_to_count(value, REQUESTS_MOST, &count) || count == 0) {
        return bif_badarg(p);
    }
    AO_store(&requests_limit, (AO_t) count);
    return before;
}

/* Who gets the machine's own reports (stdlib/muster_report.erl): a local pid, `logger`, or
 * `undefined`, nobody. */
static volatile AO_t system_logger = ATOM_OF(logger);

Term info_system_logger(void)
{
    Term logger = (Term) AO_load(&system_logger);
    return term_is_local_pid(logger) && !process_exists(logger) ? ATOM_logger : logger;
}

static Term set_system_logger(Process *p, Term value)
{
    Term before = info_system_logger();
    if (value != ATOM_logger && value != ATOM_undefined && !term_is_local_pid(value)) {
        return bif_badarg(p);
    }
    AO_store(&system_logger, (AO_t) value);
    return before;
}

Term bif_system_flag_2(Process *p, const Term args[])
{
    uint64_t count;
    switch (args[0]) {
    case ATOM_backtrace_depth:
    case ATOM_fullsweep_after:
    case ATOM_min_heap_size:
    case ATOM_min_bin_vheap_size:
    case ATOM_schedulers_online:
        return term_to_count(args[1], INT32_MAX, &count) ? set_default(p, args[0], count)
                                                         : bif_badarg(p);
    case ATOM_max_heap_size: {
        size_t words;
        uint32_t flags;
        if (!max_heap_read(args[1], &words, &flags)) {
            return bif_badarg(p);
        }
        Term old = max_heap_map(bif_space(p), process_max_heap_words, process_max_heap_flags);
        process_max_heap_words = words;
        process_max_heap_flags = flags;
        return old;
    }
    case ATOM_trace_control_word: {
        AO_t before = AO_load(&trace_control_word);
        if (!term_to_count(args[1], UINT32_MAX, &count)) {
            return bif_badarg(p);
        }
        AO_store(&trace_control_word, (AO_t) count);
        return term_small((int64_t) before);
    }
    case ATOM_outstanding_system_requests_limit:
        return set_requests_limit(p, args[1]);
    case ATOM_system_logger:
        return set_system_logger(p, args[1]);
    case ATOM_sequential_tracer:
        return args[1] == ATOM_get ? bif_badarg(p) : bif_seq_trace_tracer(p, &args[1]);
    case ATOM_cpu_topology: { /* what was found out is used again: the only one there is */
        const Term item[] = {ATOM_cpu_topology};
        return args[1] == ATOM_undefined ? bif_system_info(p, item) : bif_badarg(p);
    }
    case ATOM_multi_scheduling:
        return set_multi_scheduling(p, args[1]);
    case ATOM_scheduler_bind_type: /* threads are never bound to processors */
        return args[1] == atom_of("unbound") ? args[1]
               : is_bind_type(args[1])       ? bif_error(p, atom_of("notsup"))
                                             : bif_badarg(p);
    case ATOM_time_offset: /* it never changes */
        return args[1] == atom_of("finalize") ? atom_of("final") : bif_badarg(p);
    case ATOM_scheduler_wall_time:
        return flag_is_good(args[1]) ? wall_time_flag(args[1] == ATOM_true) : bif_badarg(p);
    default:
        return bif_badarg(p);
    }
}

/* ---- arguments of the command line: module muster_machine ---- */

const char **muster_arguments;
int muster_argument_count;

/* muster_machine:arguments(): strings, in order. */
Term bif_init_arguments_0(Process *p, const Term args[])
{
    Space *space = bif_space(p);
    Term list = TERM_NIL;
    for (int i = muster_argument_count; i-- > 0;) {
        Term text = make_binary(space, muster_arguments[i], strlen(muster_arguments[i]));
        list = make_cons(space, text == TERM_LIMIT ? TERM_NIL : text, list);
    }
    return list;
}
