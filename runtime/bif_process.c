/* runtime/bif_process.c
 * Built-ins about the calling process: its flags, dictionary, name, group leader; calls of what is
 * computed (apply); collections; suspension. */
#include "runtime/bif_process.h"
#include "runtime/save_calls.h"
#include "runtime/bif_tables.h"
#include "runtime/port.h"

#include "proc/registry.h"
#include "runtime/interpret.h"
#include "runtime/trace.h"
#include "runtime/term/compare.h"
#include "runtime/term/copy.h"
#include "runtime/term/mem.h"
#include "runtime/term/ref.h"

Term bif_self_0(Process *p, const Term args[])
{
    return p->pid;
}
Term bif_yield_0(Process *p, const Term args[])
{
    return bif_yield(p, ATOM_true);
}

/* ---- calls ---- */

enum { ARGUMENTS_MOST = 255 };

/* The elements of an argument list; -1: improper; more than ARGUMENTS_MOST: too many. */
static int64_t take_arguments(Term list, Term out[ARGUMENTS_MOST])
{
    int64_t count = list_length(list);
    if (count > ARGUMENTS_MOST) {
        return count;
    }
    Term argument;
    for (size_t i = 0; list_take(&list, &argument); i++) {
        out[i] = argument;
    }
    return count;
}

Term bif_apply_2(Process *p, const Term args[])
{
    Term arguments[ARGUMENTS_MOST];
    int64_t count = take_arguments(args[1], arguments);
    if (count < 0) {
        return bif_badarg(p);
    }
    if (count > ARGUMENTS_MOST) { /* no fun takes so many */
        Space *space = bif_space(p);
        Term reason = term_is_fun(args[0])
                          ? make_tuple2(space, ATOM_badarity, make_tuple2(space, args[0], args[1]))
                          : make_tuple2(space, ATOM_badfun, args[0]);
        Term below = stack_trace_now(p, trace_depth(), TERM_NONE, TERM_NIL);
        return raise_with_trace(p, ATOM_error, reason, below);
    }
    return bif_call_fun(p, args[0], arguments, (size_t) count);
}

Term bif_apply_3(Process *p, const Term args[])
{
    Term arguments[ARGUMENTS_MOST];
    int64_t count = take_arguments(args[2], arguments);
    if (!term_is_atom(args[0]) || !term_is_atom(args[1]) || count < 0) {
        return bif_badarg(p);
    }
    if (count > ARGUMENTS_MOST) { /* no function takes so many */
        Space *space = bif_space(p);
        Term entry = make_tuple4(space, args[0], args[1], args[2], TERM_NIL);
        Term below = stack_trace_now(p, trace_depth() - 1, TERM_NONE, TERM_NIL);
        return raise_with_trace(p, ATOM_error, ATOM_undef, make_cons(space, entry, below));
    }
    return bif_call(p, args[0], args[1], arguments, (size_t) count);
}

Term bif_hibernate_3(Process *p, const Term args[])
{
    enum { ARGUMENTS_MOST = 1024 };
    int64_t count = list_length(args[2]);
    if (!term_is_atom(args[0]) || !term_is_atom(args[1]) || count < 0) {
        return bif_badarg(p);
    }
    if (count > ARGUMENTS_MOST) {
        return bif_error(p, ATOM_system_limit);
    }
    return bif_hibernate(p, args[0], args[1], args[2]);
}

/* ---- names ---- */

Term bif_register_2(Process *p, const Term args[])
{
    if (!term_is_atom(args[0])) {
        return bif_badarg(p);
    }
    bool done = term_is_local_pid(args[1])    ? registry_register(args[0], args[1]) == REGISTER_OK
                : term_is_local_port(args[1]) ? port_register(args[0], args[1])
                                              : false;
    if (done && term_is_local_pid(args[1])) {
        trace_registered(p, args[1], args[0], ATOM_register);
    }
    return done ? ATOM_true : bif_badarg(p);
}

Term bif_unregister_1(Process *p, const Term args[])
{
    Term named = term_is_atom(args[0]) ? registry_find(args[0]) : TERM_NONE;
    if (named == TERM_NONE || !registry_unregister(args[0])) {
        return bif_badarg(p);
    }
    if (term_is_local_port(named)) {
        port_unregistered(named, args[0]);
    } else {
        trace_registered(p, named, args[0], ATOM_unregister);
    }
    return ATOM_true;
}

Term bif_whereis_1(Process *p, const Term args[])
{
    if (!term_is_atom(args[0])) {
        return bif_badarg(p);
    }
    Term found = registry_find(args[0]);
    return found == TERM_NONE ? ATOM_undefined : found;
}

Term bif_registered_0(Process *p, const Term args[])
{
    Space *space = bif_space(p);
    size_t capacity = registry_list(NULL, 0) + 64;
    Term *names = mem_alloc(capacity * sizeof *names);
    size_t count = registry_list(names, capacity);
    Term list = make_list(space, names, count < capacity ? count : capacity, TERM_NIL);
    mem_free(names);
    return list;
}

/* ---- dictionary ---- */

static Term or_undefined(Term value)
{
    return value == TERM_NONE ? ATOM_undefined : value;
}

Term bif_get_1(Process *p, const Term args[])
{
    return or_undefined(process_dictionary_get(p, args[0]));
}
Term bif_put_2(Process *p, const Term args[])
{
    return or_undefined(process_dictionary_put(p, args[0], args[1]));
}
Term bif_erase_1(Process *p, const Term args[])
{
    return or_undefined(process_dictionary_erase(p, args[0]));
}

typedef struct DictionaryList {
    Space *space;
    Term list;
    Term value; /* collect the keys that have it; TERM_NONE: pairs; TERM_LIMIT: all keys */
} DictionaryList;

static void add_association(Term key, Term value, void *state)
{
    DictionaryList *all = state;
    if (all->value == TERM_NONE) {
        all->list = make_cons(all->space, make_tuple2(all->space, key, value), all->list);
    } else if (all->value == TERM_LIMIT || term_equal_exact(all->value, value)) {
        all->list = make_cons(all->space, key, all->list);
    }
}

static Term dictionary_list(Process *p, Term value)
{
    DictionaryList all = {bif_space(p), TERM_NIL, value};
    process_dictionary_each(p, add_association, &all);
    return all.list;
}

Term bif_get_0(Process *p, const Term args[])
{
    return dictionary_list(p, TERM_NONE);
}
Term bif_get_keys_0(Process *p, const Term args[])
{
    return dictionary_list(p, TERM_LIMIT);
}
Term bif_get_keys_1(Process *p, const Term args[])
{
    return dictionary_list(p, args[0]);
}
Term bif_erase_0(Process *p, const Term args[])
{
    Term all = dictionary_list(p, TERM_NONE);
    process_dictionary_clear(p);
    return all;
}

/* ---- group leader ---- */

Term bif_group_leader_0(Process *p, const Term args[])
{
    return p->group_leader;
}

Term bif_group_leader_2(Process *p, const Term args[])
{
    if (!term_is_pid(args[0]) || !term_is_local_pid(args[1]) ||
        !process_set_group_leader(p, args[1], args[0])) {
        return bif_badarg(p);
    }
    return ATOM_true;
}

/* ---- flags ---- */

static Term set_bit(Process *p, uint32_t flag, Term value)
{
    Term old = term_bool(p->flags & flag);
    if (value == ATOM_true) {
        p->flags |= flag;
    } else if (value == ATOM_false) {
        p->flags &= ~flag;
    } else {
        return bif_badarg(p);
    }
    return old;
}

static Term set_max_heap(Process *p, Term value)
{
    size_t words;
    uint32_t flags;
    if (!max_heap_read(value, &words, &flags) || (words != 0 && words < p->heap.min_words)) {
        return bif_badarg(p);
    }
    Term old = max_heap_map(bif_space(p), p->heap.max_words, p->flags);
    p->heap.max_words = words;
    p->flags &= ~(uint32_t) (PROCESS_MAX_HEAP_NO_KILL | PROCESS_MAX_HEAP_NO_LOG);
    p->flags |= flags;
    return old;
}

static Term set_queue(Process *p, Term value)
{
    Term old = p->flags & PROCESS_OFF_HEAP_QUEUE ? ATOM_off_heap : ATOM_on_heap;
    if (value != ATOM_off_heap && value != ATOM_on_heap) {
        return bif_badarg(p);
    }
    p->flags &= ~(uint32_t) PROCESS_OFF_HEAP_QUEUE;
    p->flags |= value == ATOM_off_heap ? (uint32_t) PROCESS_OFF_HEAP_QUEUE : 0;
    return old;
}

static Term set_error_handler(Process *p, Term value)
{
    if (!term_is_atom(value)) {
        return bif_badarg(p);
    }
    ProcessExtra *extra = process_extra(p);
    Term old = extra->error_handler;
    extra->error_handler = value;
    return old == TERM_NONE ? ATOM_error_handler : old;
}

enum { MIN_HEAP_MOST = 1u << 27 };

static Term set_count(Process *p, Term flag, Term value)
{
    uint64_t count;
    if (!term_to_count(value, flag == ATOM_fullsweep_after ? UINT64_MAX : MIN_HEAP_MOST, &count)) {
        return bif_badarg(p);
    }
    Heap *heap = &p->heap;
    if (flag == ATOM_fullsweep_after) {
        Term old = term_small(heap->fullsweep_after);
        heap->fullsweep_after = count > UINT16_MAX ? UINT16_MAX : (uint16_t) count;
        return old;
    }
    if (flag == ATOM_min_heap_size) {
        Term old = term_small(heap->min_words);
        heap->min_words = (uint32_t) count;
        return old;
    }
    return term_small(BINARY_HEAP_WORDS);
}

Term bif_process_flag_2(Process *p, const Term args[])
{
    Term value = args[1];
    uint64_t count;
    switch (args[0]) {
    case ATOM_trap_exit:
        /* What was sent before must not find the new flag. */
        mailbox_drain(p);
        value = set_bit(p, PROCESS_TRAP_EXIT, value);
        return value == TERM_NONE ? value : answer_after_signals(p, value);
    case ATOM_sensitive:
        return set_bit(p, PROCESS_SENSITIVE, value);
    case ATOM_async_dist:
        return set_bit(p, PROCESS_ASYNC_DIST, value);
    case ATOM_priority: {
        Term old = priority_name(p->priority);
        return priority_read(value, &p->priority) ? old : bif_badarg(p);
    }
    case ATOM_fullsweep_after:
    case ATOM_min_heap_size:
    case ATOM_min_bin_vheap_size:
        return set_count(p, args[0], value);
    case ATOM_max_heap_size:
        return set_max_heap(p, value);
    case ATOM_message_queue_data:
        return set_queue(p, value);
    case ATOM_error_handler:
        return set_error_handler(p, value);
    case ATOM_save_calls:
        return term_to_count(value, SAVE_CALLS_MOST, &count)
                   ? term_small(save_calls_set(p, (uint32_t) count))
                   : bif_badarg(p);
    default:
        return bif_badarg(p);
    }
}

static void save_calls_call(Process *target, Message *request, Term argument)
{
    Term before = ATOM_false;
    if (target != NULL) {
        before = term_small(save_calls_set(target, (uint32_t) small_value(argument)));
    }
    request_answer(request, before);
}

Term bif_process_flag_3(Process *p, const Term args[])
{
    uint64_t count, number;
    if (reply_is_awaited(p)) {
        Term before = reply_take(p);
        return before == ATOM_false ? bif_badarg(p) : before;
    }
    if (!term_is_local_pid(args[0]) || args[1] != ATOM_save_calls ||
        !term_to_count(args[2], SAVE_CALLS_MOST, &count)) {
        return bif_badarg(p);
    }
    if (args[0] == p->pid) {
        return term_small(save_calls_set(p, (uint32_t) count));
    }
    if (!process_request(p, args[0], save_calls_call, term_small((int64_t) count), &number)) {
        return bif_badarg(p);
    }
    reply_await(p, number);
    return reply_take(p);
}

/* ---- collections ---- */

static void ask_for_collection(Process *p, bool major)
{
    p->heap.needs_collection = 1;
    p->heap.wants_major |= major;
}

Term bif_garbage_collect_0(Process *p, const Term args[])
{
    ask_for_collection(p, true);
    return bif_safepoint(p, ATOM_true);
}

/* argument: {Major, Id}; Id `[]`: who asks waits for the answer, else gets a message with it. */
static void collect_call(Process *target, Message *request, Term argument)
{
    Term major = pair_key(argument), id = pair_value(argument), from = request_from(request);
    Term alive = term_bool(target != NULL);
    if (target != NULL) {
        ask_for_collection(target, major == ATOM_true);
    }
    if (term_is_nil(id)) {
        request_answer(request, alive);
        return;
    }
    Message *message = message_create(4 + term_copy_words(id) + 2);
    if (message != NULL) {
        Term *tuple = message->top;
        message->top += 4;
        tuple[0] = HEADER(KIND_tuple, 3);
        tuple[1] = ATOM_garbage_collect;
        tuple[2] = term_copy_to(id, &message->top, &message->off_heap, &message->off_heap_bytes);
        tuple[3] = alive;
        message->value = term_boxed(tuple);
        process_send_message(from, message);
    }
    message_destroy(request);
}

/* Reads [{async, Id}, {type, Type}]. Id in a list of one, so that `[]` says there is none. */
static bool read_collect_options(Process *p, Term options, bool *major, Term *id)
{
    Term option;
    while (list_take(&options, &option)) {
        if (!term_is_pair(option)) {
            return false;
        }
        Term value = pair_value(option);
        if (pair_key(option) == ATOM_async) {
            *id = value;
        } else if (pair_key(option) == ATOM_type && (value == ATOM_major || value == ATOM_minor)) {
            *major = value == ATOM_major;
        } else {
            return false;
        }
    }
    return term_is_nil(options);
}

static Term collect_other(Process *p, Term pid, Term options)
{
    if (reply_is_awaited(p)) {
        return reply_take(p);
    }
    bool major = true;
    Term id = TERM_NONE;
    if (!term_is_local_pid(pid) || !read_collect_options(p, options, &major, &id)) {
        return bif_badarg(p);
    }
    Space *space = bif_space(p);
    if (pid == p->pid && id == TERM_NONE) {
        ask_for_collection(p, major);
        return bif_safepoint(p, ATOM_true);
    }
    if (id != TERM_NONE) {
        Term argument = make_tuple2(space, term_bool(major), id);
        if (!process_request(p, pid, collect_call, argument, NULL)) {
            Message *message = message_of(make_tuple3(space, ATOM_garbage_collect, id, ATOM_false));
            if (message != NULL) {
                process_send_message(p->pid, message);
            }
        }
        return ATOM_async;
    }
    uint64_t number;
    Term argument = make_tuple2(space, term_bool(major), TERM_NIL);
    if (!process_request(p, pid, collect_call, argument, &number)) {
        return ATOM_false;
    }
    reply_await(p, number);
    return reply_take(p);
}

Term bif_garbage_collect_1(Process *p, const Term args[])
{
    return collect_other(p, args[0], TERM_NIL);
}
Term bif_garbage_collect_2(Process *p, const Term args[])
{
    return collect_other(p, args[0], args[1]);
}

/* ---- suspension ---- */

typedef struct SuspendOptions {
    bool unless_suspending, asynchronous;
    Term tag; /* TERM_NONE: no answer wanted */
} SuspendOptions;

static bool read_suspend_options(Term list, SuspendOptions *options)
{
    *options = (SuspendOptions){.tag = TERM_NONE};
    Term option;
    while (list_take(&list, &option)) {
        if (option == ATOM_unless_suspending) {
            options->unless_suspending = true;
        } else if (option == ATOM_asynchronous) {
            options->asynchronous = true;
        } else if (term_is_pair(option) && pair_key(option) == ATOM_asynchronous) {
            options->asynchronous = true;
            options->tag = pair_value(option);
        } else {
            return false;
        }
    }
    return term_is_nil(list);
}

/* Once the target is suspended: {Tag, suspended}, or exited. */
static void suspended_call(Process *target, Message *request, Term tag)
{
    Message *message = message_create(3 + term_copy_words(tag));
    if (message != NULL) {
        Term *tuple = message->top;
        message->top += 3;
        tuple[0] = HEADER(KIND_tuple, 2);
        tuple[1] = term_copy_to(tag, &message->top, &message->off_heap, &message->off_heap_bytes);
        tuple[2] = target == NULL ? ATOM_exited : ATOM_suspended;
        message->value = term_boxed(tuple);
        process_send_message(request_from(request), message);
    }
    message_destroy(request);
}

static Term suspend(Process *p, Term pid, Term option_list)
{
    if (reply_is_awaited(p)) {
        Term answer = reply_take(p);
        return answer == ATOM_false ? bif_badarg(p) : answer;
    }
    SuspendOptions options;
    if (!term_is_local_pid(pid) || pid == p->pid || !read_suspend_options(option_list, &options)) {
        return bif_badarg(p);
    }
    if (options.unless_suspending && process_suspends_of(p, pid) > 0) {
        return ATOM_false;
    }
    uint64_t number;
    if (!process_suspend(p, pid, options.asynchronous ? NULL : &number)) {
        return bif_badarg(p);
    }
    if (!options.asynchronous) {
        reply_await(p, number);
        return reply_take(p);
    }
    if (options.tag != TERM_NONE && !process_request(p, pid, suspended_call, options.tag, NULL)) {
        Message *message = message_of(make_tuple2(bif_space(p), options.tag, ATOM_exited));
        if (message != NULL) {
            process_send_message(p->pid, message);
        }
    }
    return ATOM_true;
}

Term bif_suspend_process_1(Process *p, const Term args[])
{
    return suspend(p, args[0], TERM_NIL);
}
Term bif_suspend_process_2(Process *p, const Term args[])
{
    return suspend(p, args[0], args[1]);
}

Term bif_resume_process_1(Process *p, const Term args[])
{
    if (!term_is_local_pid(args[0]) || !process_resume(p, args[0])) {
        return bif_badarg(p);
    }
    return ATOM_true;
}

/* ---- others ---- */

Term bif_is_process_alive_1(Process *p, const Term args[])
{
    if (reply_is_awaited(p)) {
        return reply_take(p);
    }
    if (!term_is_local_pid(args[0])) {
        return bif_badarg(p);
    }
    if (args[0] == p->pid) {
        return ATOM_true;
    }
    Process *other = process_find(args[0]);
    if (other != NULL && mailbox_is_parked(&other->mailbox)) {
        return ATOM_true; /* it has taken in all that was sent to it, and waits */
    }
    uint64_t number;
    if (!process_request(p, args[0], process_alive_call, TERM_NIL, &number)) {
        return ATOM_false;
    }
    reply_await(p, number);
    return reply_take(p);
}

enum { PIDS_SPARE = 64 };

Term bif_processes_0(Process *p, const Term args[])
{
    size_t capacity = processes_count() + PIDS_SPARE, count;
    Term *pids = mem_alloc(capacity * sizeof *pids);
    Term list;
    while ((count = processes_list(pids, capacity)) > capacity) { /* many were spawned meanwhile */
        capacity = count + PIDS_SPARE;
        pids = mem_realloc(pids, capacity * sizeof *pids);
    }
    list = make_list(bif_space(p), pids, count, TERM_NIL);
    mem_free(pids);
    bif_charge(p, count / 64);
    return list == TERM_LIMIT ? bif_error(p, ATOM_system_limit) : list;
}
