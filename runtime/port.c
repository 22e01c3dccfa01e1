/* runtime/port.c: see port.h. The table is a hash of chains by number; numbers are never reused. */
#include "runtime/port.h"

#include "proc/registry.h"
#include "proc/signal_receive.h"
#include "proc/signal_send.h"
#include "proc/thread.h"
#include "runtime/bif_data.h"
#include "runtime/job.h"
#include "runtime/term/bits.h"
#include "runtime/term/copy.h"
#include "runtime/term/mem.h"
#include "runtime/term/ref.h"

#include <stdlib.h>

/* ---- the table ---- */

static Lock table_lock;
static Port **buckets;
static size_t bucket_count, port_count;
static uint64_t last_id;
static volatile AO_t flushing;

void ports_init(void)
{
    process_hooks.port_signal = port_signal;
}

static Port **bucket_of(uint64_t id)
{
    return &buckets[id & (bucket_count - 1)];
}

static void grow_table(void)
{
    Port **old = buckets;
    size_t old_count = bucket_count;
    bucket_count = old_count == 0 ? 16 : 2 * old_count;
    buckets = mem_alloc_zero(bucket_count * sizeof *buckets);
    for (size_t i = 0; i < old_count; i++) {
        for (Port *port = old[i], *next; port != NULL; port = next) {
            Port **bucket = bucket_of(port_id(port->self));
            next = port->next;
            port->next = *bucket;
            *bucket = port;
        }
    }
    mem_free(old);
}

bool port_open(Port *port, const PortKind *kind, Term owner, char *label)
{
    *port = (Port){.kind = kind, .owner = owner, .registered_name = TERM_NONE, .label = label};
    lock_acquire(&table_lock);
    bool has_room = port_count < PORTS_MOST;
    if (has_room) {
        if (port_count == bucket_count) {
            grow_table();
        }
        port->self = term_port(++last_id);
        Port **bucket = bucket_of(last_id);
        port->next = *bucket;
        *bucket = port;
        port_count++;
    }
    lock_release(&table_lock);
    if (!has_room) {
        mem_free(label);
    }
    return has_room;
}

static void table_remove(Port *port)
{
    lock_acquire(&table_lock);
    Port **at = bucket_of(port_id(port->self));
    while (*at != port) {
        at = &(*at)->next;
    }
    *at = port->next;
    port_count--;
    lock_release(&table_lock);
}

void ports_finish(void)
{
    for (size_t i = 0; i < bucket_count; i++) {
        while (buckets[i] != NULL) {
            Port *port = buckets[i];
            lock_acquire(&port->lock);
            port_forget(port);
            port->kind->abandon(port);
            lock_release(&port->lock);
        }
    }
    mem_free(buckets);
    buckets = NULL;
    bucket_count = 0;
}

static Port *find(Term term)
{
    lock_acquire(&table_lock);
    Port *port = bucket_count == 0 ? NULL : *bucket_of(port_id(term));
    while (port != NULL && port->self != term) {
        port = port->next;
    }
    lock_release(&table_lock);
    return port;
}

Port *port_lock(Term port_or_name)
{
    if (term_is_atom(port_or_name)) {
        port_or_name = registry_find(port_or_name);
    }
    Port *port = term_is_local_port(port_or_name) ? find(port_or_name) : NULL;
    if (port == NULL) {
        return NULL;
    }
    lock_acquire(&port->lock);
    if (port->closed) {
        lock_release(&port->lock);
        return NULL;
    }
    return port;
}

void port_unlock(Port *port)
{
    lock_release(&port->lock);
}

static int by_id(const void *a, const void *b)
{
    Term left = *(const Term *) a, right = *(const Term *) b;
    return (left > right) - (left < right);
}

size_t ports_list(Term ports[], size_t capacity)
{
    size_t count = 0;
    lock_acquire(&table_lock);
    for (size_t i = 0; i < bucket_count; i++) {
        for (const Port *port = buckets[i]; port != NULL; port = port->next) {
            if (count < capacity) {
                ports[count] = port->self;
            }
            count++;
        }
    }
    lock_release(&table_lock);
    if (ports != NULL) {
        qsort(ports, count < capacity ? count : capacity, sizeof *ports, by_id);
    }
    return count;
}

size_t ports_count(void)
{
    lock_acquire(&table_lock);
    size_t count = port_count;
    lock_release(&table_lock);
    return count;
}

void ports_note_flushing(int change)
{
    AO_fetch_and_add_full(&flushing, (AO_t) change);
}

bool ports_flushing(void)
{
    return AO_load_acquire(&flushing) != 0;
}

/* ---- arrays of the related ---- */

#define ADD_ENTRY(entries, count, capacity) \
    do { \
        if ((count) == (capacity)) { \
            (capacity) = (capacity) == 0 ? 2 : 2 * (capacity); \
            (entries) = mem_realloc((entries), (capacity) * sizeof *(entries)); \
        } \
        (count)++; \
    } while (0)

static uint32_t link_index(const Port *port, Term pid)
{
    uint32_t i = 0;
    while (i < port->link_count && port->links[i] != pid) {
        i++;
    }
    return i;
}

void port_add_link(Port *port, Term pid)
{
    if (link_index(port, pid) == port->link_count) {
        ADD_ENTRY(port->links, port->link_count, port->link_capacity);
        port->links[port->link_count - 1] = pid;
    }
}

void port_remove_link(Port *port, Term pid)
{
    uint32_t i = link_index(port, pid);
    if (i < port->link_count) {
        memmove(&port->links[i], &port->links[i + 1],
                (port->link_count - i - 1) * sizeof *port->links);
        port->link_count--;
    }
}

static void add_monitor(Port *port, const PortMonitor *monitor)
{
    ADD_ENTRY(port->monitors, port->monitor_count, port->monitor_capacity);
    port->monitors[port->monitor_count - 1] = *monitor;
}

static void remove_monitor(Port *port, uint64_t number)
{
    for (uint32_t i = 0; i < port->monitor_count; i++) {
        if (port->monitors[i].number == number) {
            memmove(&port->monitors[i], &port->monitors[i + 1],
                    (port->monitor_count - i - 1) * sizeof *port->monitors);
            port->monitor_count--;
            return;
        }
    }
}

void port_wait(Port *port, Term pid, uint64_t ref_number)
{
    ADD_ENTRY(port->waiters, port->waiter_count, port->waiter_capacity);
    port->waiters[port->waiter_count - 1] = (PortWaiter){pid, ref_number};
}

/* ---- messages ---- */

/* A message with room for `words`, and a Space over that room. */
static Message *message_space(Space *space, size_t words)
{
    Message *message = message_create(words);
    if (message != NULL) {
        *space = (Space){.top = message->top, .limit = message->top + words};
    }
    return message;
}

static void message_send(Message *message, const Space *space, Term value, Term to)
{
    message->top = space->top;
    message->off_heap = space->off_heap;
    message->off_heap_bytes = space->off_heap_bytes;
    message->value = value;
    process_send_message(to, message);
}

bool port_send_data(Port *port, Term tag, const uint8_t *bytes, size_t size, bool as_list)
{
    enum { TUPLE_WORDS = 9, BINARY_WORDS = 8 + BINARY_HEAP_MAX / 8 };
    Space space;
    Message *message =
        message_space(&space, TUPLE_WORDS + (as_list ? 2 * size : (size_t) BINARY_WORDS));
    if (message == NULL) {
        return false;
    }
    Term data = as_list ? make_string_latin1(&space, (const char *) bytes, size)
                        : make_binary(&space, bytes, size);
    if (data == TERM_LIMIT) {
        message_destroy(message);
        return false;
    }
    if (tag != TERM_NONE) {
        data = make_tuple2(&space, tag, data);
    }
    data = make_tuple2(&space, ATOM_data, data);
    message_send(message, &space, make_tuple2(&space, port->self, data), port->owner);
    return true;
}

void port_send(Port *port, Term to, Term key, Term value)
{
    Space space;
    Message *message = message_space(&space, 6);
    if (message == NULL) {
        machine_stop("no memory for a message of a port");
    }
    Term what = value == TERM_NONE ? key : make_tuple2(&space, key, value);
    message_send(message, &space, make_tuple2(&space, port->self, what), to);
}

static void deliver_or_drop(Term to, Message *message)
{
    if (!signal_deliver(to, message)) {
        message_destroy(message);
    }
}

/* ---- the end ---- */

void port_not_busy(Port *port)
{
    port->busy = false;
    for (uint32_t i = 0; i < port->waiter_count; i++) {
        Space space;
        Message *message = message_space(&space, 3 + REF_WORDS);
        if (message == NULL) {
            machine_stop("no memory for the answer to a waiting process");
        }
        Term ref = make_ref_of(&space, port->waiters[i].ref_number, 0);
        message_send(message, &space, make_tuple2(&space, ref, ATOM_ok), port->waiters[i].pid);
    }
    port->waiter_count = 0;
}

void port_forget(Port *port)
{
    port->closed = true;
    if (port->registered_name != TERM_NONE) {
        registry_unregister_port(port->registered_name, port->self);
    }
    table_remove(port);
}

void port_exit(Port *port, Term reason)
{
    ASSERT(!port->closed);
    port_forget(port);
    for (uint32_t i = 0; i < port->link_count; i++) {
        deliver_or_drop(port->links[i], signal_make_exit(port->self, reason, SIGNAL_BY_LINK));
    }
    for (uint32_t i = 0; i < port->monitor_count; i++) {
        const PortMonitor *monitor = &port->monitors[i];
        deliver_or_drop(monitor->watcher,
                        signal_make_down(monitor->number,
                                         monitor->aliased ? pid_id(monitor->watcher) : 0,
                                         port->self, monitor->name, reason));
    }
    port_not_busy(port);
    port->kind->close(port);
}

static void destroy(void *block)
{
    Port *port = block;
    if (port->data != NULL) {
        message_destroy(port->data);
    }
    mem_free(port->label);
    mem_free(port->links);
    mem_free(port->monitors);
    mem_free(port->waiters);
    port->kind->destroy(port);
}

void port_retire(Port *port)
{
    thread_retire(port, destroy);
}

/* ---- signals from processes ---- */

/* Through a link `normal` ends it only when it comes from the owner. */
static void receive_exit(Port *port, const Message *message)
{
    Term from = tuple_elements(message->value)[1];
    Term reason = tuple_elements(message->value)[2];
    if (message->flags & SIGNAL_BY_LINK) {
        if (link_index(port, from) == port->link_count) {
            return;
        }
        port_remove_link(port, from);
        if (reason == ATOM_normal && from != port->owner) {
            return;
        }
    } else if (reason == ATOM_kill) {
        reason = ATOM_killed;
    }
    port_exit(port, reason);
}

static void receive(Port *port, const Message *message)
{
    switch ((SignalKind) message->kind) {
    case SIGNAL_EXIT:
        receive_exit(port, message);
        break;
    case SIGNAL_LINK:
        port_add_link(port, message->value);
        break;
    case SIGNAL_UNLINK:
        port_remove_link(port, message->value);
        deliver_or_drop(message->value,
                        signal_make(SIGNAL_UNLINK_ACK, port->self, message->data, 1));
        break;
    case SIGNAL_MONITOR: {
        PortMonitor monitor = {message->data[0], message->value, message->data[1],
                               message->data[2] != 0};
        add_monitor(port, &monitor);
        break;
    }
    case SIGNAL_DEMONITOR:
        remove_monitor(port, message->data[0]);
        break;
    default:
        break;
    }
}

bool port_signal(Term term, Message *message)
{
    Port *port = port_lock(term);
    if (port == NULL) {
        return false;
    }
    receive(port, message);
    port_unlock(port);
    message_destroy(message);
    return true;
}

/* What was sent makes no sense: the owner hears of it. */
static void refuse(Port *port)
{
    deliver_or_drop(port->owner, signal_make_exit(port->self, ATOM_badsig, 0));
}

static void command(Port *port, Term iodata)
{
    size_t size;
    void *scratch;
    const uint8_t *bytes = iodata_view(iodata, &size, &scratch);
    if (bytes == NULL) {
        refuse(port);
        return;
    }
    port->kind->output(port, bytes, size);
    mem_free(scratch);
}

static void connect(Port *port, Term owner)
{
    Term old = port->owner;
    port->owner = owner;
    port_send(port, old, ATOM_connected, TERM_NONE);
}

bool port_message(Port *port, Term message)
{
    const Term *parts = term_is_pair(message) ? tuple_elements(message) : NULL;
    if (parts == NULL || parts[0] != port->owner) {
        refuse(port);
    } else if (parts[1] == ATOM_close) {
        Term owner = port->owner;
        port_exit(port, ATOM_normal);
        port_send(port, owner, ATOM_closed, TERM_NONE);
    } else if (!term_is_pair(parts[1])) {
        refuse(port);
    } else if (pair_key(parts[1]) == ATOM_command) {
        if (port->busy) {
            return false;
        }
        command(port, pair_value(parts[1]));
    } else if (pair_key(parts[1]) == ATOM_connect && term_is_local_pid(pair_value(parts[1]))) {
        connect(port, pair_value(parts[1]));
    } else {
        refuse(port);
    }
    return true;
}

/* ---- names ---- */

bool port_register(Term name, Term term)
{
    Port *port = port_lock(term);
    if (port == NULL) {
        return false;
    }
    bool done = port->registered_name == TERM_NONE && registry_register(name, term) == REGISTER_OK;
    if (done) {
        port->registered_name = name;
    }
    port_unlock(port);
    return done;
}

void port_unregistered(Term term, Term name)
{
    Port *port = port_lock(term);
    if (port != NULL) {
        if (port->registered_name == name) {
            port->registered_name = TERM_NONE;
        }
        port_unlock(port);
    }
}
