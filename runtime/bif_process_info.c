/* runtime/bif_process_info.c
 * erlang:process_info. Every item is computed by the process that it is about: of another process
 * it is a request, answered between two of its instructions, so nothing is read while it changes.
 *
 * ITEMS is the one list of items; `shown` are those of process_info/1, in its order. */
#include "runtime/bif_data.h"
#include "runtime/bif_process.h"
#include "runtime/save_calls.h"
#include "runtime/seq_trace.h"
#include "runtime/bif_tables.h"

#include "proc/registry.h"
#include "runtime/interpret.h"
#include "runtime/term/bits.h"
#include "runtime/term/copy.h"
#include "runtime/term/mem.h"
#include "runtime/term/print.h"
#include "runtime/term/ref.h"
#include "runtime/term/world.h"

/* Each builds in the heap of `p`, the process it is about. */
typedef Term ItemFunction(Process *p);

/* What it holds is not shown. */
static bool is_sensitive(const Process *p)
{
    return p->flags & PROCESS_SENSITIVE;
}

static Term item_registered_name(Process *p)
{
    Term name = registry_name_of(p);
    return name == TERM_NONE ? TERM_NIL : name;
}
static Term item_current_function(Process *p)
{
    return current_function(p, false);
}
static Term item_current_location(Process *p)
{
    return current_function(p, true);
}
static Term item_current_stacktrace(Process *p)
{
    return stack_trace_now(p, trace_depth(), TERM_NONE, TERM_NIL);
}

static Term item_initial_call(Process *p)
{
    Term module = term_atom(p->initial_module), function = term_atom(p->initial_function);
    return make_mfa(&p->heap.space, module, function, initial_arity(p));
}

static Term item_status(Process *p)
{
    if (p->flags & PROCESS_EXITING) {
        return ATOM_exiting;
    }
    if (p->flags & PROCESS_SUSPENDED) {
        return ATOM_suspended;
    }
    return p->flags & PROCESS_WAITING ? ATOM_waiting : ATOM_runnable;
}

static Term item_message_queue_len(Process *p)
{
    return term_small(p->mailbox.count);
}

static Term item_messages(Process *p)
{
    if (is_sensitive(p)) {
        return TERM_NIL;
    }
    Term list = TERM_NIL;
    Term *link = &list;
    for (const Message *at = p->mailbox.first; at != NULL; at = at->next) {
        /* Copied: the message may be freed before what holds this. */
        Term value = term_copy(&p->heap.space, at->value);
        *link =
            make_cons(&p->heap.space, value == TERM_LIMIT ? ATOM_system_limit : value, TERM_NIL);
        link = &cons_cell(*link)[1];
    }
    return list;
}

/* ---- relations ---- */

typedef struct RelationList {
    Process *p;
    Term list;
    RelationKind kind;
} RelationList;

static void add_relation(uint64_t key, Term other, Term name, void *state)
{
    RelationList *all = state;
    Space *space = &all->p->heap.space;
    Term entry = (Term) key;
    switch (all->kind) {
    case RELATION_LINK:
        if (other != 0) {
            return; /* unlinked, not yet acknowledged */
        }
        break;
    case RELATION_MONITOR:
        entry = name == TERM_NONE ? other
                                  : make_tuple2(space, name, (Term) AO_load_acquire(&node_name));
        entry = make_tuple2(space, term_is_local_port(other) ? ATOM_port : ATOM_process, entry);
        break;
    case RELATION_WATCHER:
        entry = other;
        break;
    case RELATION_SUSPENDED:
        entry = make_tuple3(space, entry, make_uint64(space, other), term_small(0));
        break;
    default:
        break;
    }
    all->list = make_cons(space, entry, all->list);
}

static Term relation_list(Process *p, RelationKind kind)
{
    RelationList all = {p, TERM_NIL, kind};
    process_relations_each(p, kind, add_relation, &all);
    return all.list;
}

static Term item_links(Process *p)
{
    return relation_list(p, RELATION_LINK);
}
static Term item_monitors(Process *p)
{
    return relation_list(p, RELATION_MONITOR);
}
static Term item_monitored_by(Process *p)
{
    return relation_list(p, RELATION_WATCHER);
}
static Term item_suspending(Process *p)
{
    return relation_list(p, RELATION_SUSPENDED);
}

/* ---- dictionary and settings ---- */

typedef struct Pairs {
    Space *space;
    Term list;
} Pairs;

static void add_pair(Term key, Term value, void *state)
{
    Pairs *pairs = state;
    pairs->list = make_cons(pairs->space, make_tuple2(pairs->space, key, value), pairs->list);
}

static Term item_dictionary(Process *p)
{
    if (is_sensitive(p)) {
        return TERM_NIL;
    }
    Pairs pairs = {&p->heap.space, TERM_NIL};
    process_dictionary_each(p, add_pair, &pairs);
    return pairs.list;
}

static Term item_trap_exit(Process *p)
{
    return term_bool(p->flags & PROCESS_TRAP_EXIT);
}
static Term item_error_handler(Process *p)
{
    return p->extra == NULL || p->extra->error_handler == TERM_NONE ? ATOM_error_handler
                                                                    : p->extra->error_handler;
}
static Term item_priority(Process *p)
{
    return priority_name(p->priority);
}
static Term item_group_leader(Process *p)
{
    return p->group_leader;
}
static Term item_parent(Process *p)
{
    return p->parent;
}
static Term item_message_queue_data(Process *p)
{
    return p->flags & PROCESS_OFF_HEAP_QUEUE ? ATOM_off_heap : ATOM_on_heap;
}
static Term item_last_calls(Process *p)
{
    return save_calls_term(p);
}
static Term item_seq_token(Process *p)
{
    Term token = seq_trace_token(p);
    return token == TERM_LIMIT ? TERM_NIL : token;
}

static Term item_nothing(Process *p)
{
    return TERM_NIL;
}
static Term item_trace(Process *p)
{
    return term_small(0);
}

/* ---- memory ---- */

static Term words(size_t count)
{
    return term_small((int64_t) count);
}
static size_t stack_words(const Process *p)
{
    return (size_t) (p->heap.block_end - p->heap.stack_top);
}
static size_t block_words(const Heap *heap)
{
    return (size_t) (heap->block_end - heap->block);
}
static size_t old_words(const Heap *heap)
{
    return heap->old_block == NULL ? 0 : (size_t) (heap->old_end - heap->old_block);
}

static Term item_total_heap_size(Process *p)
{
    size_t queued = p->flags & PROCESS_OFF_HEAP_QUEUE ? 0 : mailbox_words(&p->mailbox);
    return words(heap_total_words(&p->heap) + queued);
}
static Term item_heap_size(Process *p)
{
    return words(block_words(&p->heap));
}
static Term item_stack_size(Process *p)
{
    return words(stack_words(p));
}
static Term item_memory(Process *p)
{
    return words(process_memory_bytes(p));
}
static Term item_min_heap_size(Process *p)
{
    return words(p->heap.min_words);
}
static Term item_min_bin_vheap_size(Process *p)
{
    return words(BINARY_HEAP_WORDS);
}
static Term item_fullsweep_after(Process *p)
{
    return words(p->heap.fullsweep_after);
}
static Term item_max_heap_size(Process *p)
{
    return max_heap_map(&p->heap.space, p->heap.max_words, p->flags);
}

static Term add(Process *p, Term key, Term value, Term list)
{
    Space *space = &p->heap.space;
    return make_cons(space, make_tuple2(space, key, value), list);
}

static Term item_garbage_collection(Process *p)
{
    Term list = add(p, ATOM_minor_gcs, words(p->heap.minor_count), TERM_NIL);
    list = add(p, ATOM_fullsweep_after, item_fullsweep_after(p), list);
    list = add(p, ATOM_min_heap_size, item_min_heap_size(p), list);
    list = add(p, ATOM_min_bin_vheap_size, item_min_bin_vheap_size(p), list);
    return add(p, ATOM_max_heap_size, item_max_heap_size(p), list);
}

Term process_collector_figures(Space *space, const Process *p)
{
    const Heap *heap = &p->heap;
    const struct {
        Term name;
        size_t words;
    } figures[] = {
        {ATOM_old_heap_block_size, old_words(heap)},
        {ATOM_heap_block_size, block_words(heap)},
        {ATOM_mbuf_size, heap->fragment_words},
        {ATOM_recent_size, (size_t) (heap->high_water - heap->block)},
        {ATOM_stack_size, stack_words(p)},
        {ATOM_old_heap_size,
         heap->old_block == NULL ? 0 : (size_t) (heap->old_top - heap->old_block)},
        {ATOM_heap_size, (size_t) (heap->space.top - heap->block)},
        {ATOM_bin_vheap_size, heap->space.off_heap_bytes / sizeof(Term)},
        {ATOM_bin_vheap_block_size, BINARY_HEAP_WORDS},
        {ATOM_bin_old_vheap_size, heap->old_off_heap_bytes / sizeof(Term)},
        {ATOM_bin_old_vheap_block_size, BINARY_HEAP_WORDS},
    };
    Term list = TERM_NIL;
    for (size_t i = COUNT_OF(figures); i-- > 0;) {
        list = make_cons(space, make_tuple2(space, figures[i].name, words(figures[i].words)), list);
    }
    return list;
}

static Term item_garbage_collection_info(Process *p)
{
    return process_collector_figures(&p->heap.space, p);
}

static Term item_binary(Process *p)
{
    Term list = off_heap_binaries(&p->heap.space, p->heap.old_off_heap, TERM_NIL);
    for (const Fragment *at = p->heap.fragments; at != NULL; at = at->next) {
        list = off_heap_binaries(&p->heap.space, at->off_heap, list);
    }
    return off_heap_binaries(&p->heap.space, p->heap.space.off_heap, list);
}

/* ---- execution ---- */

static Term item_reductions(Process *p)
{
    return make_int64(&p->heap.space, (int64_t) p->reductions_done);
}

static bool print_frame(Function *function, Code at, void *state)
{
    Text *text = state;
    if (function != NULL) {
        Term file = TERM_NIL;
        uint32_t line = code_line_at(function, at, &file);
        text_addf(text, "0x%016zx (", (size_t) at);
        atom_print(text, function->module);
        text_add_string(text, ":");
        atom_print(text, function->name);
        text_addf(text, "/%u", function->arity);
        text_addf(text, line != 0 ? " line %u)\n" : ")\n", line);
    }
    return text->size_bytes < 1u << 20;
}

Term process_backtrace(Process *p)
{
    Text text = {0};
    if (!is_sensitive(p)) {
        text_add_string(&text, "Program counter: ");
        frames_each(p, print_frame, &text);
    }
    Term binary = make_binary(&p->heap.space, text.bytes, text.size_bytes);
    text_finish(&text);
    return binary == TERM_LIMIT ? ATOM_system_limit : binary;
}

static bool count_catches(Function *function, Code at, void *state)
{
    if (function != NULL) {
        uint32_t offset = (uint32_t) (at - function->owner->code);
        for (uint32_t i = 0; i < function->handler_count; i++) {
            const Handler *handler = &function->handlers[i];
            *(uint32_t *) state += offset >= handler->start && offset < handler->end;
        }
    }
    return true;
}

static Term item_backtrace(Process *p)
{
    return process_backtrace(p);
}

static Term item_catchlevel(Process *p)
{
    uint32_t count = 0;
    frames_each(p, count_catches, &count);
    return term_small(count);
}
static Term item_async_dist(Process *p)
{
    return term_bool(p->flags & PROCESS_ASYNC_DIST);
}

/* ITEM(name, shown) */
#define ITEMS(ITEM) \
    ITEM(registered_name, true) \
    ITEM(current_function, true) \
    ITEM(initial_call, true) \
    ITEM(status, true) \
    ITEM(message_queue_len, true) \
    ITEM(links, true) \
    ITEM(dictionary, true) \
    ITEM(trap_exit, true) \
    ITEM(error_handler, true) \
    ITEM(priority, true) \
    ITEM(group_leader, true) \
    ITEM(total_heap_size, true) \
    ITEM(heap_size, true) \
    ITEM(stack_size, true) \
    ITEM(reductions, true) \
    ITEM(garbage_collection, true) \
    ITEM(suspending, true) \
    ITEM(async_dist, false) \
    ITEM(backtrace, false) \
    ITEM(binary, false) \
    ITEM(catchlevel, false) \
    ITEM(current_location, false) \
    ITEM(current_stacktrace, false) \
    ITEM(fullsweep_after, false) \
    ITEM(garbage_collection_info, false) \
    ITEM(last_calls, false) \
    ITEM(max_heap_size, false) \
    ITEM(memory, false) \
    ITEM(message_queue_data, false) \
    ITEM(messages, false) \
    ITEM(min_bin_vheap_size, false) \
    ITEM(min_heap_size, false) \
    ITEM(monitored_by, false) \
    ITEM(monitors, false) \
    ITEM(parent, false) \
    ITEM(trace, false)

typedef struct Item {
    Term name;
    bool shown;
    ItemFunction *compute;
} Item;

static const Item items[] = {
#define ITEM(name, shown) {ATOM_OF(name), shown, item_##name},
    ITEMS(ITEM)
#undef ITEM
        {ATOM_OF(sequential_trace_token), false, item_seq_token},
    {ATOM_OF(magic_ref), false, item_nothing},
};

static const Item *item_named(Term name)
{
    for (size_t i = 0; i < COUNT_OF(items); i++) {
        if (items[i].name == name) {
            return &items[i];
        }
    }
    return NULL;
}

static bool is_dictionary_key(Term t)
{
    return term_is_pair(t) && pair_key(t) == ATOM_dictionary;
}

static Term pair_of(Process *p, Term what, bool is_self)
{
    Term value;
    if (is_dictionary_key(what)) {
        value = is_sensitive(p) ? TERM_NONE : process_dictionary_get(p, pair_value(what));
        value = value == TERM_NONE ? ATOM_undefined : value;
    } else if (is_self && what == ATOM_status) {
        value = ATOM_running;
    } else if (is_self && what == ATOM_reductions) {
        int64_t left = p->reductions < SLICE_REDUCTIONS ? p->reductions : SLICE_REDUCTIONS;
        value = make_int64(&p->heap.space, (int64_t) p->reductions_done + SLICE_REDUCTIONS - left);
    } else {
        value = item_named(what)->compute(p);
    }
    return make_tuple2(&p->heap.space, what, value);
}

/* What is asked for, all items known. `[]` asked alone is for process_info/1: SHOWN. */
enum { ASKED_SHOWN, ASKED_ONE, ASKED_LIST };

static Term shown_items(Process *p, bool is_self)
{
    Term list = TERM_NIL;
    for (size_t i = COUNT_OF(items); i-- > 0;) {
        bool unnamed = items[i].name == ATOM_registered_name && registry_name_of(p) == TERM_NONE;
        if (items[i].shown && !unnamed) {
            list = make_cons(&p->heap.space, pair_of(p, items[i].name, is_self), list);
        }
    }
    return list;
}

static Term asked_items(Process *p, int kind, Term asked, bool is_self)
{
    if (kind == ASKED_SHOWN) {
        return shown_items(p, is_self);
    }
    if (kind == ASKED_ONE) {
        bool unnamed = asked == ATOM_registered_name && registry_name_of(p) == TERM_NONE;
        return unnamed ? TERM_NIL : pair_of(p, asked, is_self);
    }
    Term list = TERM_NIL, what;
    Term *link = &list;
    while (list_take(&asked, &what)) {
        *link = make_cons(&p->heap.space, pair_of(p, what, is_self), TERM_NIL);
        link = &cons_cell(*link)[1];
    }
    return list;
}

/* argument: {Kind, Asked} */
static void info_call(Process *target, Message *request, Term argument)
{
    if (target == NULL) {
        request_answer(request, ATOM_undefined);
        return;
    }
    int kind = (int) small_value(pair_key(argument));
    request_answer(request, asked_items(target, kind, pair_value(argument), false));
}

static bool item_is_known(Term what)
{
    return item_named(what) != NULL || is_dictionary_key(what);
}

static bool all_known(Term list)
{
    Term what;
    while (list_take(&list, &what)) {
        if (!item_is_known(what)) {
            return false;
        }
    }
    return term_is_nil(list);
}

static Term info(Process *p, Term pid, int kind, Term asked)
{
    if (reply_is_awaited(p)) {
        return reply_take(p);
    }
    if (!term_is_local_pid(pid)) {
        return bif_badarg(p);
    }
    if (pid == p->pid) {
        mailbox_drain(p);
        return answer_after_signals(p, asked_items(p, kind, asked, true));
    }
    uint64_t number;
    Term argument = make_tuple2(bif_space(p), term_small(kind), asked);
    if (!process_request(p, pid, info_call, argument, &number)) {
        return ATOM_undefined;
    }
    reply_await(p, number);
    return reply_take(p);
}

Term bif_process_info_1(Process *p, const Term args[])
{
    return info(p, args[0], ASKED_SHOWN, TERM_NIL);
}

Term bif_process_info_2(Process *p, const Term args[])
{
    if (term_is_list(args[1])) {
        return all_known(args[1]) ? info(p, args[0], ASKED_LIST, args[1]) : bif_badarg(p);
    }
    return item_is_known(args[1]) ? info(p, args[0], ASKED_ONE, args[1]) : bif_badarg(p);
}

/* Answers `true` after showing what is known of the process, on standard error. */
static void display_call(Process *target, Message *request, Term argument)
{
    if (target != NULL) {
        process_dump(target);
    }
    request_answer(request, ATOM_true);
}

Term bif_process_display_2(Process *p, const Term args[])
{
    if (reply_is_awaited(p)) {
        return reply_take(p);
    }
    uint64_t number;
    if (!term_is_local_pid(args[0]) || args[1] != ATOM_backtrace ||
        !process_request(p, args[0], display_call, TERM_NIL, &number)) {
        return bif_badarg(p);
    }
    reply_await(p, number);
    return reply_take(p);
}
