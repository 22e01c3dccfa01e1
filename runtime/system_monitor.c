/* runtime/system_monitor.c: see system_monitor.h.
 *
 * Events are built in an arena, never in the heap of the process that they are about: that may be
 * full, or in the middle of being collected. */
#include "runtime/system_monitor.h"

#include "proc/signal.h"
#include "runtime/bif_data.h"
#include "runtime/bif_process.h"
#include "runtime/bif_tables.h"

#include <pthread.h>

volatile AO_t system_monitor_wants;

typedef struct Settings {
    Term monitor;                                            /* TERM_NONE: none */
    uint64_t long_gc_ms, long_schedule_ms, large_heap_words; /* 0: not wanted */
    bool busy_port, busy_dist_port;                          /* the latter never happens */
    uint64_t queue_falls, queue_reaches;                     /* the latter 0: not wanted */
} Settings;

static Settings settings = {.monitor = TERM_NONE};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of settings */

/* ---- settings ---- */

/* The lock is held. */
static void settle(void)
{
    bool is_on = settings.monitor != TERM_NONE;
    AO_t wants = (settings.long_gc_ms != 0 ? MONITOR_LONG_GC : 0) |
                 (settings.large_heap_words != 0 ? MONITOR_LARGE_HEAP : 0) |
                 (settings.long_schedule_ms != 0 ? MONITOR_LONG_SCHEDULE : 0) |
                 (settings.busy_port ? MONITOR_BUSY_PORT : 0);
    AO_store(&system_monitor_wants, is_on ? wants : 0);
    AO_store(&mailbox_long_count,
             is_on && settings.queue_reaches != 0 ? settings.queue_reaches : UINT32_MAX);
}

/* What holds now; a monitor that has ended is forgotten. Inside an epoch. */
static Settings current(void)
{
    pthread_mutex_lock(&lock);
    if (settings.monitor != TERM_NONE && !process_exists(settings.monitor)) {
        settings = (Settings){.monitor = TERM_NONE};
        settle();
    }
    Settings now = settings;
    pthread_mutex_unlock(&lock);
    return now;
}

enum { LARGE_HEAP_LEAST = 16 * 1024 }; /* as in OTP */

/* An integer of a machine's word; what is less than `least` counts as that. */
static bool read_limit(Term t, uint64_t least, uint64_t *out)
{
    if (!term_to_count(t, UINT64_MAX, out)) {
        return false;
    }
    *out = *out < least ? least : *out;
    return true;
}

/* {Falls, Reaches}: the queue is no longer long, and is. */
static bool read_queue(Term t, Settings *out)
{
    return term_is_pair(t) && term_to_count(pair_key(t), UINT32_MAX - 1, &out->queue_falls) &&
           term_to_count(pair_value(t), UINT32_MAX - 1, &out->queue_reaches) &&
           out->queue_falls < out->queue_reaches;
}

static bool read_option(Term option, Settings *out)
{
    if (option == atom_of("busy_port")) {
        return out->busy_port = true;
    }
    if (option == atom_of("busy_dist_port")) {
        return out->busy_dist_port = true;
    }
    if (!term_is_pair(option)) {
        return false;
    }
    Term name = pair_key(option), value = pair_value(option);
    return name == atom_of("long_gc")         ? read_limit(value, 1, &out->long_gc_ms)
           : name == atom_of("long_schedule") ? read_limit(value, 1, &out->long_schedule_ms)
           : name == atom_of("large_heap")
               ? read_limit(value, LARGE_HEAP_LEAST, &out->large_heap_words)
               : name == atom_of("long_message_queue") && read_queue(value, out);
}

static Term add_option(Space *space, const char *name, uint64_t value, Term list)
{
    if (value == 0) {
        return list;
    }
    Term pair = make_tuple2(space, atom_of(name), make_uint64(space, value));
    return make_cons(space, pair, list);
}

/* {Monitor, Options} in OTP's order; or undefined. */
static Term settings_term(Space *space, const Settings *from)
{
    Term list = TERM_NIL;
    if (from->monitor == TERM_NONE) {
        return ATOM_undefined;
    }
    list = add_option(space, "long_gc", from->long_gc_ms, list);
    list = add_option(space, "long_schedule", from->long_schedule_ms, list);
    list = add_option(space, "large_heap", from->large_heap_words, list);
    if (from->busy_port) {
        list = make_cons(space, atom_of("busy_port"), list);
    }
    if (from->busy_dist_port) {
        list = make_cons(space, atom_of("busy_dist_port"), list);
    }
    if (from->queue_reaches != 0) {
        Term limits = make_tuple2(space, make_uint64(space, from->queue_falls),
                                  make_uint64(space, from->queue_reaches));
        list = make_cons(space, make_tuple2(space, atom_of("long_message_queue"), limits), list);
    }
    return make_tuple2(space, from->monitor, list);
}

Term bif_system_monitor_0(Process *p, const Term args[])
{
    Settings now = current();
    return settings_term(bif_space(p), &now);
}

static Term set(Process *p, Term monitor, Term options)
{
    Settings wanted = {.monitor = monitor};
    Term option;
    bool is_on = term_is_cons(options) && monitor != ATOM_undefined;
    while (list_take(&options, &option)) {
        if (!read_option(option, &wanted)) {
            return bif_badarg(p);
        }
    }
    if (!term_is_nil(options) ||
        (monitor != ATOM_undefined && !(term_is_local_pid(monitor) && process_exists(monitor)))) {
        return bif_badarg(p);
    }
    Settings before = current();
    pthread_mutex_lock(&lock);
    settings = is_on ? wanted : (Settings){.monitor = TERM_NONE};
    settle();
    pthread_mutex_unlock(&lock);
    return settings_term(bif_space(p), &before);
}

Term bif_system_monitor_2(Process *p, const Term args[])
{
    return set(p, args[0], args[1]);
}

Term bif_system_monitor_1(Process *p, const Term args[])
{
    if (args[0] == ATOM_undefined) {
        return set(p, ATOM_undefined, TERM_NIL);
    }
    return term_is_pair(args[0]) ? set(p, pair_key(args[0]), pair_value(args[0])) : bif_badarg(p);
}

/* ---- telling ---- */

static void tell(const Settings *to, Process *p, Space *space, const char *what, Term about)
{
    const Term parts[] = {atom_of("monitor"), p->pid, atom_of(what), about};
    Message *message = message_of(make_tuple(space, parts, COUNT_OF(parts)));
    if (message != NULL) { /* without memory there is less to be told */
        process_send_message(to->monitor, message);
    }
}

/* Not to the monitor about itself. */
static bool hears(const Settings *now, const Process *p)
{
    return now->monitor != TERM_NONE && now->monitor != p->pid && !(p->flags & PROCESS_SYSTEM);
}

static Term size_pair(Space *space, const char *name, size_t words, Term tail)
{
    Term pair = make_tuple2(space, atom_of(name), make_uint64(space, words));
    return make_cons(space, pair, tail);
}

static Term heap_sizes(Space *space, const Heap *heap)
{
    size_t old = heap->old_block == NULL ? 0 : (size_t) (heap->old_top - heap->old_block);
    size_t old_block = heap->old_block == NULL ? 0 : (size_t) (heap->old_end - heap->old_block);
    Term list = TERM_NIL;
    list = size_pair(space, "heap_size", (size_t) (heap->space.top - heap->block), list);
    list = size_pair(space, "old_heap_size", old, list);
    list = size_pair(space, "stack_size", (size_t) (heap->block_end - heap->stack_top), list);
    list = size_pair(space, "mbuf_size", heap->fragment_words, list);
    list = size_pair(space, "heap_block_size", (size_t) (heap->block_end - heap->block), list);
    return size_pair(space, "old_heap_block_size", old_block, list);
}

void system_monitor_collected(Process *p, uint64_t taken_ns)
{
    const Heap *heap = &p->heap;
    Settings now = current();
    if (!hears(&now, p)) {
        return;
    }
    size_t words = (size_t) (heap->block_end - heap->block) + heap->fragment_words;
    words += heap->old_block == NULL ? 0 : (size_t) (heap->old_end - heap->old_block);
    uint64_t taken_ms = taken_ns / 1000000;
    ArenaSpace *arena = arena_space_create();
    Space *space = arena_space(arena);
    if (now.long_gc_ms != 0 && taken_ms >= now.long_gc_ms) {
        tell(&now, p, space, "long_gc",
             size_pair(space, "timeout", taken_ms, heap_sizes(space, heap)));
    }
    if (now.large_heap_words != 0 && words >= now.large_heap_words) {
        tell(&now, p, space, "large_heap", heap_sizes(space, heap));
    }
    arena_space_destroy(arena);
}

MonitoredPlace system_monitor_place(Process *p)
{
    Term function = current_function(p, false);
    const Term *parts = tuple_elements(function);
    return (MonitoredPlace){parts[0], parts[1], (uint32_t) small_value(parts[2])};
}

static Term place_term(Space *space, MonitoredPlace place)
{
    return place.module == TERM_NONE ? ATOM_undefined
                                     : make_mfa(space, place.module, place.function, place.arity);
}

void system_monitor_ran(Process *p, uint64_t taken_ns, MonitoredPlace in, MonitoredPlace out)
{
    Settings now = current();
    uint64_t taken_ms = taken_ns / 1000000;
    if (!hears(&now, p) || now.long_schedule_ms == 0 || taken_ms < now.long_schedule_ms) {
        return;
    }
    ArenaSpace *arena = arena_space_create();
    Space *space = arena_space(arena);
    Term list =
        make_cons(space, make_tuple2(space, atom_of("out"), place_term(space, out)), TERM_NIL);
    list = make_cons(space, make_tuple2(space, atom_of("in"), place_term(space, in)), list);
    tell(&now, p, space, "long_schedule", size_pair(space, "timeout", taken_ms, list));
    arena_space_destroy(arena);
}

void system_monitor_busy_port(Process *p, Term port)
{
    Settings now = current();
    if (hears(&now, p) && now.busy_port) {
        ArenaSpace *arena = arena_space_create();
        tell(&now, p, arena_space(arena), "busy_port", port);
        arena_space_destroy(arena);
    }
}

void system_monitor_queue(Process *p)
{
    bool was_long = p->flags & PROCESS_LONG_QUEUE;
    Settings now = current();
    bool wanted = hears(&now, p) && now.queue_reaches != 0;
    bool is_long =
        wanted && p->mailbox.count > (was_long ? now.queue_falls : now.queue_reaches - 1);
    if (is_long == was_long) {
        return;
    }
    p->flags ^= PROCESS_LONG_QUEUE;
    if (wanted) {
        ArenaSpace *arena = arena_space_create();
        tell(&now, p, arena_space(arena), "long_message_queue", term_bool(is_long));
        arena_space_destroy(arena);
    }
}
