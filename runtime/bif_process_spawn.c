/* runtime/bif_process_spawn.c
 * spawn and its kin: erlang:spawn/1,3, spawn_link, spawn_monitor, spawn_opt, spawn_request, each
 * with a node, too, which must be this one. */
#include "runtime/bif_process.h"
#include "runtime/bif_tables.h"

#include "proc/signal_send.h"
#include "runtime/interpret.h"
#include "runtime/term/copy.h"
#include "runtime/term/ref.h"
#include "runtime/term/world.h"
#include "runtime/trace.h"

enum {
    ARGS_MOST = 255,
    FRAME_WORDS = 16,         /* beyond the arguments */
    SPAWN_COST = 20,          /* reductions */
    MIN_HEAP_MOST = 1u << 27, /* words; more is asked for by max_heap_size, not in advance */
};

/* What is asked for, as read from the arguments. */
typedef struct SpawnCall {
    SpawnOptions options;
    Term args[ARGS_MOST + 1];
    size_t count;
    bool reply_ok, reply_error; /* spawn_request */
    Term reply_tag;
} SpawnCall;

static void call_init(SpawnCall *call)
{
    spawn_options_init(&call->options);
    call->count = 0;
    call->reply_ok = call->reply_error = true;
    call->reply_tag = ATOM_spawn_reply;
}

/* ---- reading what to run ---- */

static bool read_fun(SpawnCall *call, Term fun)
{
    if (!term_is_fun(fun)) {
        return false;
    }
    call->options.fun = fun;
    call->options.module = ATOM_erlang;
    call->options.function = ATOM_apply;
    call->options.arity = 0; /* the call the fun gets; process_info shows erlang:apply/2 */
    call->options.stack_words = FRAME_WORDS;
    return true;
}

/* More arguments than any function takes: the call fails in the new process. */
static void read_hopeless(SpawnCall *call, Term module, Term function, Term args)
{
    call->args[0] = module;
    call->args[1] = function;
    call->args[2] = args;
    call->count = 3;
    call->options.entry = code_export(ATOM_erlang, ATOM_apply, 3);
    call->options.stack_words = 3 + FRAME_WORDS;
}

static bool read_mfa(SpawnCall *call, Term module, Term function, Term args)
{
    int64_t count = list_length(args);
    if (!term_is_atom(module) || !term_is_atom(function) || count < 0) {
        return false;
    }
    call->options.module = module;
    call->options.function = function;
    call->options.arity = count > ARGS_MOST ? ARGS_MOST : (uint32_t) count;
    if (count > ARGS_MOST) {
        read_hopeless(call, module, function, args);
        return true;
    }
    Term argument;
    while (list_take(&args, &argument)) {
        call->args[call->count++] = argument;
    }
    call->options.entry = code_export(module, function, (uint32_t) count);
    call->options.stack_words = (uint32_t) count + FRAME_WORDS;
    return true;
}

/* ---- reading options ---- */

static bool read_alias_mode(Term t, uint8_t *mode)
{
    switch (t) {
    case ATOM_explicit_unalias:
        *mode = ALIAS_EXPLICIT_UNALIAS;
        return true;
    case ATOM_demonitor:
        *mode = ALIAS_DEMONITOR;
        return true;
    case ATOM_reply_demonitor:
        *mode = ALIAS_REPLY_DEMONITOR;
        return true;
    default:
        return false;
    }
}

static bool read_monitor_options(SpawnOptions *options, Term list)
{
    Term option;
    while (list_take(&list, &option)) {
        if (!term_is_pair(option)) {
            return false;
        }
        if (pair_key(option) == ATOM_tag) {
            options->tag = pair_value(option);
        } else if (pair_key(option) != ATOM_alias ||
                   !read_alias_mode(pair_value(option), &options->alias)) {
            return false;
        }
    }
    options->monitor = true;
    return term_is_nil(list);
}

static bool read_pair(SpawnCall *call, Term key, Term value)
{
    SpawnOptions *options = &call->options;
    uint64_t count;
    switch (key) {
    case ATOM_monitor:
        return read_monitor_options(options, value);
    case ATOM_priority:
        return priority_read(value, &options->priority);
    case ATOM_fullsweep_after:
        if (!term_to_count(value, UINT64_MAX, &count)) {
            return false;
        }
        options->fullsweep_after = count > UINT16_MAX ? UINT16_MAX : (uint16_t) count;
        return true;
    case ATOM_min_heap_size:
        if (!term_to_count(value, MIN_HEAP_MOST, &count)) {
            return false;
        }
        if (count > options->min_heap_words) {
            options->min_heap_words = (uint32_t) count;
        }
        return true;
    case ATOM_min_bin_vheap_size:
        return term_to_count(value, UINT32_MAX, &count);
    case ATOM_max_heap_size: {
        uint32_t flags;
        if (!max_heap_read(value, &options->max_heap_words, &flags)) {
            return false;
        }
        uint32_t both = PROCESS_MAX_HEAP_NO_KILL | PROCESS_MAX_HEAP_NO_LOG;
        options->flags = (options->flags & ~both) | flags;
        return true;
    }
    case ATOM_message_queue_data:
        if (value == ATOM_off_heap) {
            options->flags |= PROCESS_OFF_HEAP_QUEUE;
            return true;
        }
        options->flags &= ~(uint32_t) PROCESS_OFF_HEAP_QUEUE;
        return value == ATOM_on_heap;
    case ATOM_async_dist:
        if (value == ATOM_true) {
            options->flags |= PROCESS_ASYNC_DIST;
        }
        return value == ATOM_true || value == ATOM_false;
    case ATOM_scheduler:
        return term_to_count(value, 1024, &count);
    default:
        return false;
    }
}

/* Options of spawn_request alone. */
static bool read_reply_pair(SpawnCall *call, Term key, Term value)
{
    if (key == ATOM_reply_tag) {
        call->reply_tag = value;
        return true;
    }
    if (key != ATOM_reply) {
        return false;
    }
    if (value != ATOM_yes && value != ATOM_no && value != ATOM_error_only &&
        value != ATOM_success_only) {
        return false;
    }
    call->reply_ok = value == ATOM_yes || value == ATOM_success_only;
    call->reply_error = value == ATOM_yes || value == ATOM_error_only;
    return true;
}

static bool read_options(SpawnCall *call, Term list, bool is_request)
{
    bool good = true;
    Term option;
    while (list_take(&list, &option)) {
        if (option == ATOM_link) {
            call->options.link = true;
        } else if (option == ATOM_monitor) {
            call->options.monitor = true;
        } else if (!term_is_pair(option)) {
            good = false;
        } else if (!(is_request && read_reply_pair(call, pair_key(option), pair_value(option))) &&
                   !read_pair(call, pair_key(option), pair_value(option))) {
            good = false;
        }
    }
    size_t most = call->options.max_heap_words;
    return good && (most == 0 || most >= call->options.min_heap_words);
}

/* ---- making ---- */

static COLD void tell_spawned(Process *p, Process *child, const SpawnCall *call)
{
    Space *space = bif_space(p);
    Term args = make_list(space, call->args, call->count, TERM_NIL);
    if (call->options.fun != TERM_NONE) {
        const Term parts[] = {call->options.fun, args};
        args = make_list(space, parts, 2, TERM_NIL);
    }
    trace_spawned(p, child, call->options.module, call->options.function, args, call->options.link);
}

/* The new process, not yet runnable, or NULL: system_limit. */
static Process *make(Process *p, SpawnCall *call, Term *monitor_ref)
{
    bif_charge(p, SPAWN_COST);
    Process *child = process_spawn(p, &call->options, call->args, call->count, monitor_ref);
    if (UNLIKELY(__atomic_load_n(&trace_is_on, __ATOMIC_RELAXED)) && child != NULL) {
        tell_spawned(p, child, call);
    }
    return child;
}

/* As spawn_opt: the pid, or {Pid, Ref}. */
static Term run(Process *p, SpawnCall *call, bool was_read)
{
    if (!was_read) {
        return bif_badarg(p);
    }
    Term ref = TERM_NONE;
    Process *child = make(p, call, &ref);
    if (child == NULL) {
        return bif_error(p, ATOM_system_limit);
    }
    Term pid = child->pid;
    sched_spawned(child);
    return call->options.monitor ? make_tuple2(bif_space(p), pid, ref) : pid;
}

/* {M, F}, which once was a fun: the new process fails. */
static bool read_function_pair(SpawnCall *call, Term pair)
{
    if (!term_is_pair(pair) || !term_is_atom(tuple_elements(pair)[0]) ||
        !term_is_atom(tuple_elements(pair)[1])) {
        return false;
    }
    call->args[0] = pair;
    call->args[1] = TERM_NIL;
    call->count = 2;
    call->options.module = ATOM_erlang;
    call->options.function = ATOM_apply;
    call->options.arity = 2;
    call->options.entry = export_of(ATOM_erlang, ATOM_apply, 2);
    call->options.stack_words = 2 + FRAME_WORDS;
    return true;
}

static Term spawn_fun(Process *p, Term fun, bool link, bool monitor)
{
    SpawnCall call;
    call_init(&call);
    call.options.link = link;
    call.options.monitor = monitor;
    bool good = monitor ? term_is_fun(fun) && fun_arity(fun) == 0 && read_fun(&call, fun)
                        : read_fun(&call, fun) || read_function_pair(&call, fun);
    return run(p, &call, good);
}

static Term spawn_mfa(Process *p, const Term args[], bool link, bool monitor)
{
    SpawnCall call;
    call_init(&call);
    call.options.link = link;
    call.options.monitor = monitor;
    return run(p, &call, read_mfa(&call, args[0], args[1], args[2]));
}

Term bif_spawn_1(Process *p, const Term args[])
{
    return spawn_fun(p, args[0], false, false);
}
Term bif_spawn_link_1(Process *p, const Term args[])
{
    return spawn_fun(p, args[0], true, false);
}
Term bif_spawn_monitor_1(Process *p, const Term args[])
{
    if (term_is_fun(args[0]) && fun_arity(args[0]) != 0) {
        return bif_badarg(p);
    }
    return spawn_fun(p, args[0], false, true);
}
Term bif_spawn_3(Process *p, const Term args[])
{
    return spawn_mfa(p, args, false, false);
}
Term bif_spawn_link_3(Process *p, const Term args[])
{
    return spawn_mfa(p, args, true, false);
}
Term bif_spawn_monitor_3(Process *p, const Term args[])
{
    return spawn_mfa(p, args, false, true);
}

Term bif_spawn_opt_2(Process *p, const Term args[])
{
    SpawnCall call;
    call_init(&call);
    bool good = read_fun(&call, args[0]) && list_length(args[1]) >= 0 &&
                read_options(&call, args[1], false);
    return run(p, &call, good);
}

Term bif_spawn_opt_4(Process *p, const Term args[])
{
    SpawnCall call;
    call_init(&call);
    bool read = read_mfa(&call, args[0], args[1], args[2]);
    if (list_length(args[3]) < 0 || !read_options(&call, args[3], false)) {
        read = false;
    }
    return run(p, &call, read);
}

/* ---- with a node ---- */

static bool is_this_node(Term node)
{
    return node == AO_load_acquire(&node_name);
}

/* A process of a node that cannot be reached: it never was, and its end is noconnection. */
static Term no_connection(Process *p, bool link, bool monitor, uint8_t alias, Term tag)
{
    SpawnCall call;
    call_init(&call);
    Term reason = ATOM_noconnection;
    Export *exit_export = export_of(ATOM_erlang, ATOM_exit, 1);
    call.args[0] = reason;
    call.count = 1;
    call.options.module = ATOM_erlang;
    call.options.function = ATOM_exit;
    call.options.arity = 1;
    call.options.entry = exit_export;
    call.options.stack_words = FRAME_WORDS;
    call.options.link = link;
    call.options.monitor = monitor;
    call.options.alias = alias;
    call.options.tag = tag;
    return run(p, &call, true);
}

static Term at_node_fun(Process *p, const Term args[], bool link, bool monitor)
{
    if (!term_is_atom(args[0]) || (monitor && !term_is_fun(args[1])) ||
        (!term_is_fun(args[1]) && !term_is_pair(args[1]))) {
        return bif_badarg(p);
    }
    if (!is_this_node(args[0])) {
        return no_connection(p, link, monitor, ALIAS_NONE, TERM_NONE);
    }
    return spawn_fun(p, args[1], link, monitor);
}

static Term at_node_mfa(Process *p, const Term args[], bool link, bool monitor)
{
    if (!term_is_atom(args[0]) || !term_is_atom(args[1]) || !term_is_atom(args[2]) ||
        list_length(args[3]) < 0) {
        return bif_badarg(p);
    }
    if (!is_this_node(args[0])) {
        return no_connection(p, link, monitor, ALIAS_NONE, TERM_NONE);
    }
    return spawn_mfa(p, args + 1, link, monitor);
}

Term bif_spawn_2(Process *p, const Term args[])
{
    return at_node_fun(p, args, false, false);
}
Term bif_spawn_link_2(Process *p, const Term args[])
{
    return at_node_fun(p, args, true, false);
}
Term bif_spawn_monitor_2(Process *p, const Term args[])
{
    return at_node_fun(p, args, false, true);
}
Term bif_spawn_4(Process *p, const Term args[])
{
    return at_node_mfa(p, args, false, false);
}
Term bif_spawn_link_4(Process *p, const Term args[])
{
    return at_node_mfa(p, args, true, false);
}
Term bif_spawn_monitor_4(Process *p, const Term args[])
{
    return at_node_mfa(p, args, false, true);
}

Term bif_spawn_opt_3(Process *p, const Term args[])
{
    SpawnCall call;
    call_init(&call);
    if (!term_is_atom(args[0]) || !read_fun(&call, args[1]) || list_length(args[2]) < 0 ||
        !read_options(&call, args[2], false)) {
        return bif_badarg(p);
    }
    const SpawnOptions *options = &call.options;
    if (!is_this_node(args[0])) {
        return no_connection(p, options->link, options->monitor, options->alias, options->tag);
    }
    return run(p, &call, true);
}

Term bif_spawn_opt_5(Process *p, const Term args[])
{
    SpawnCall call;
    call_init(&call);
    bool read = read_mfa(&call, args[1], args[2], args[3]);
    if (!term_is_atom(args[0]) || list_length(args[4]) < 0 ||
        !read_options(&call, args[4], false)) {
        return bif_badarg(p);
    }
    const SpawnOptions *options = &call.options;
    if (!is_this_node(args[0])) {
        return no_connection(p, options->link, options->monitor, options->alias, options->tag);
    }
    return run(p, &call, read);
}

/* ---- spawn_request ---- */

/* {Tag, Ref, ok | error, What} to the caller. */
static void send_reply(Process *p, const SpawnCall *call, Term ref, Term status, Term what)
{
    Term reply = make_tuple4(bif_space(p), call->reply_tag, ref, status, what);
    Message *message = message_of(reply);
    if (message == NULL) {
        machine_stop("out of memory: cannot answer spawn_request");
    }
    process_send_message(p->pid, message);
}

static Term request(Process *p, SpawnCall *call, Term error)
{
    Term ref = TERM_NONE;
    Process *child = error == TERM_NONE ? make(p, call, &ref) : NULL;
    if (child == NULL || !call->options.monitor) {
        ref = make_ref_of(bif_space(p), world_unique_number(), 0);
        mailbox_mark(p, ref);
    }
    if (child == NULL) {
        if (call->reply_error) {
            send_reply(p, call, ref, ATOM_error, error == TERM_NONE ? ATOM_system_limit : error);
        }
        return ref;
    }
    if (call->reply_ok) {
        send_reply(p, call, ref, ATOM_ok, child->pid);
    }
    sched_spawned(child);
    return ref;
}

static Term request_fun(Process *p, Term node, Term fun, Term options)
{
    SpawnCall call;
    call_init(&call);
    if (!term_is_atom(node) || !read_fun(&call, fun) || fun_arity(fun) != 0 ||
        list_length(options) < 0) {
        return bif_badarg(p);
    }
    Term error = TERM_NONE;
    if (!read_options(&call, options, true)) {
        error = ATOM_badopt;
    } else if (!is_this_node(node)) {
        error = ATOM_noconnection;
    }
    return request(p, &call, error);
}

static Term request_mfa(Process *p, Term node, const Term mfa[], Term options)
{
    SpawnCall call;
    call_init(&call);
    bool read = read_mfa(&call, mfa[0], mfa[1], mfa[2]);
    if (!term_is_atom(node) || !read || list_length(options) < 0) {
        return bif_badarg(p);
    }
    Term error = TERM_NONE;
    if (!read_options(&call, options, true)) {
        error = ATOM_badopt;
    } else if (!is_this_node(node)) {
        error = ATOM_noconnection;
    }
    return request(p, &call, error);
}

static Term this_node(void)
{
    return AO_load_acquire(&node_name);
}

Term bif_spawn_request_1(Process *p, const Term args[])
{
    return request_fun(p, this_node(), args[0], TERM_NIL);
}

Term bif_spawn_request_2(Process *p, const Term args[])
{
    if (term_is_fun(args[0])) {
        return request_fun(p, this_node(), args[0], args[1]);
    }
    return request_fun(p, args[0], args[1], TERM_NIL);
}

Term bif_spawn_request_3(Process *p, const Term args[])
{
    if (term_is_fun(args[1])) {
        return request_fun(p, args[0], args[1], args[2]);
    }
    return request_mfa(p, this_node(), args, TERM_NIL);
}

Term bif_spawn_request_4(Process *p, const Term args[])
{
    if (term_is_atom(args[2])) {
        return request_mfa(p, args[0], args + 1, TERM_NIL);
    }
    return request_mfa(p, this_node(), args, args[3]);
}

Term bif_spawn_request_5(Process *p, const Term args[])
{
    return request_mfa(p, args[0], args + 1, args[4]);
}

/* Requests to this node are done when they are made: there is nothing left to abandon. */
Term bif_spawn_request_abandon_1(Process *p, const Term args[])
{
    return term_is_reference(args[0]) ? ATOM_false : bif_badarg(p);
}
