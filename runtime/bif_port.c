/* runtime/bif_port.c: the built-ins on open ports. */
#include "runtime/bif_data.h"
#include "runtime/bif_port.h"
#include "runtime/bif_tables.h"
#include "runtime/job.h"
#include "runtime/port_stream.h"
#include "runtime/system_monitor.h"

#include "proc/signal_send.h"
#include "runtime/term/copy.h"
#include "runtime/term/world.h"

/* ---- commands ---- */

/* Waits until the port, which is busy and locked, can take more. Unlocks it. */
static Term wait_for(Process *p, Port *port)
{
    uint64_t number = world_unique_number();
    if (system_monitor_looks(MONITOR_BUSY_PORT)) {
        system_monitor_busy_port(p, port->self);
    }
    reply_await(p, number);
    port_wait(port, p->pid, number);
    port_unlock(port);
    return bif_wait_again(p);
}

static Term command(Process *p, const Term args[], bool nosuspend)
{
    if (reply_is_awaited(p)) {
        Term reply = reply_take(p);
        if (reply == TERM_TRAP) {
            return reply;
        }
    }
    size_t size;
    void *scratch;
    const uint8_t *bytes = iodata_view(args[1], &size, &scratch);
    if (bytes == NULL) {
        return bif_badarg(p);
    }
    Port *port = port_lock(args[0]);
    if (port == NULL) {
        mem_free(scratch);
        return bif_badarg(p);
    }
    if (port->busy) {
        mem_free(scratch);
        if (nosuspend) {
            port_unlock(port);
            return ATOM_false;
        }
        return wait_for(p, port);
    }
    port->kind->output(port, bytes, size);
    port_unlock(port);
    mem_free(scratch);
    bif_charge(p, 1 + size / 512);
    return answer_after_signals(p, ATOM_true);
}

Term bif_port_command_2(Process *p, const Term args[])
{
    return command(p, args, false);
}

Term bif_port_command_3(Process *p, const Term args[])
{
    bool nosuspend = false, force = false;
    Term options = args[2], option;
    while (list_take(&options, &option)) {
        if (option == ATOM_nosuspend) {
            nosuspend = true;
        } else if (option == ATOM_force) {
            force = true;
        } else {
            return bif_error_info(p, ATOM_badarg, ATOM_badopt);
        }
    }
    if (!term_is_nil(options)) {
        return bif_error_info(p, ATOM_badarg, ATOM_badopt);
    }
    if (force) {
        Port *port = port_lock(args[0]);
        if (port == NULL) {
            return bif_badarg(p);
        }
        port_unlock(port);
        return bif_error(p, ATOM_notsup);
    }
    return command(p, args, nosuspend);
}

Term port_send_message(Process *p, Term to, Term message, Term answer, bool nosuspend)
{
    if (reply_is_awaited(p)) {
        Term reply = reply_take(p);
        if (reply == TERM_TRAP) {
            return reply;
        }
    }
    Port *port = port_lock(to);
    if (port == NULL) {
        return answer;
    }
    if (!port_message(port, message)) {
        if (nosuspend) {
            port_unlock(port);
            return ATOM_nosuspend;
        }
        return wait_for(p, port);
    }
    port_unlock(port);
    return answer_after_signals(p, answer);
}

Term bif_port_close_1(Process *p, const Term args[])
{
    Port *port = port_lock(args[0]);
    if (port == NULL) {
        return bif_badarg(p);
    }
    port_exit(port, ATOM_normal);
    port_unlock(port);
    mailbox_drain(p); /* the caller, when linked, hears of it before it goes on */
    return answer_after_signals(p, ATOM_true);
}

Term bif_port_connect_2(Process *p, const Term args[])
{
    if (!term_is_local_pid(args[1]) || !process_exists(args[1])) {
        return bif_badarg(p);
    }
    Port *port = port_lock(args[0]);
    if (port == NULL) {
        return bif_badarg(p);
    }
    Message *link = signal_make(SIGNAL_LINK, port->self, NULL, 0);
    bool exists = signal_deliver(args[1], link);
    if (exists) {
        port_add_link(port, args[1]);
        port->owner = args[1];
    } else {
        message_destroy(link);
    }
    port_unlock(port);
    mailbox_drain(p); /* the caller, when it is the new owner, is linked before it goes on */
    return exists ? answer_after_signals(p, ATOM_true) : bif_badarg(p);
}

/* Programs and descriptors have no operations of their own. */
Term bif_port_control_3(Process *p, const Term args[])
{
    return bif_badarg(p);
}
Term bif_port_call_2(Process *p, const Term args[])
{
    return bif_badarg(p);
}
Term bif_port_call_3(Process *p, const Term args[])
{
    return bif_badarg(p);
}

/* ---- data ---- */

Term bif_port_set_data_2(Process *p, const Term args[])
{
    Message *holder = message_of_flat(args[1]);
    if (holder == NULL) {
        return bif_system_limit(p);
    }
    Port *port = port_lock(args[0]);
    Message *old = holder;
    if (port != NULL) {
        old = port->data;
        port->data = holder;
        port_unlock(port);
    }
    if (old != NULL) {
        message_destroy(old);
    }
    return port != NULL ? ATOM_true : bif_badarg(p);
}

Term bif_port_get_data_1(Process *p, const Term args[])
{
    Port *port = port_lock(args[0]);
    if (port == NULL) {
        return bif_badarg(p);
    }
    Term data = port->data == NULL ? ATOM_undefined : term_copy(bif_space(p), port->data->value);
    port_unlock(port);
    return bif_result(p, data);
}

/* ---- information ---- */

Term bif_ports_0(Process *p, const Term args[])
{
    size_t capacity = ports_count() + 64;
    Term *ports = mem_alloc(capacity * sizeof *ports);
    size_t count = ports_list(ports, capacity);
    Term list = make_list(bif_space(p), ports, count < capacity ? count : capacity, TERM_NIL);
    mem_free(ports);
    return bif_result(p, list);
}

static Term watchers(Space *space, const Port *port)
{
    Term list = TERM_NIL;
    for (uint32_t i = port->monitor_count; i-- > 0;) {
        list = make_cons(space, port->monitors[i].watcher, list);
    }
    return list;
}

static size_t memory_of(const Port *port)
{
    return sizeof *port + strlen(port->label) + port->link_capacity * sizeof *port->links +
           port->monitor_capacity * sizeof *port->monitors + port->kind->queued_bytes(port);
}

/* {Item, Value}; TERM_NONE: there is no such item. */
static Term port_item(Space *space, const Port *port, Term item)
{
    Term value;
    switch (item) {
    case ATOM_registered_name:
        if (port->registered_name == TERM_NONE) {
            return TERM_NIL;
        }
        value = port->registered_name;
        break;
    case ATOM_name:
        value = make_string_utf8(space, port->label, strlen(port->label));
        break;
    case ATOM_links:
        value = make_list(space, port->links, port->link_count, TERM_NIL);
        break;
    case ATOM_id:
        value = make_uint64(space, port_id(port->self));
        break;
    case ATOM_connected:
        value = port->owner;
        break;
    case ATOM_input:
        value = make_uint64(space, port->input_bytes);
        break;
    case ATOM_output:
        value = make_uint64(space, port->output_bytes);
        break;
    case ATOM_os_pid:
        value = port->os_pid == 0 ? ATOM_undefined : term_small(port->os_pid);
        break;
    case ATOM_memory:
        value = make_uint64(space, memory_of(port));
        break;
    case ATOM_monitors:
        value = TERM_NIL;
        break;
    case ATOM_monitored_by:
        value = watchers(space, port);
        break;
    case ATOM_queue_size:
        value = make_uint64(space, port->kind->queued_bytes(port));
        break;
    case ATOM_locking:
        value = ATOM_port_level;
        break;
    case ATOM_parallelism:
        value = term_bool(port->parallelism);
        break;
    default:
        return TERM_NONE;
    }
    return make_tuple2(space, item, value);
}

static Term all_items(Space *space, const Port *port)
{
    static const Term items[] = {ATOM_os_pid, ATOM_output, ATOM_input, ATOM_connected,
                                 ATOM_id,     ATOM_links,  ATOM_name};
    Term list = TERM_NIL;
    for (size_t i = 0; i < COUNT_OF(items); i++) {
        list = make_cons(space, port_item(space, port, items[i]), list);
    }
    if (port->registered_name != TERM_NONE) {
        list = make_cons(space, port_item(space, port, ATOM_registered_name), list);
    }
    return list;
}

Term bif_port_info_1(Process *p, const Term args[])
{
    if (!term_is_local_port(args[0]) && !term_is_atom(args[0])) {
        return bif_badarg(p);
    }
    Port *port = port_lock(args[0]);
    if (port == NULL) {
        return ATOM_undefined;
    }
    Term list = all_items(bif_space(p), port);
    port_unlock(port);
    return list;
}

static bool is_item(Term item)
{
    switch (item) {
    case ATOM_registered_name:
    case ATOM_name:
    case ATOM_links:
    case ATOM_id:
    case ATOM_connected:
    case ATOM_input:
    case ATOM_output:
    case ATOM_os_pid:
    case ATOM_memory:
    case ATOM_monitors:
    case ATOM_monitored_by:
    case ATOM_queue_size:
    case ATOM_locking:
    case ATOM_parallelism:
        return true;
    default:
        return false;
    }
}

Term bif_port_info_2(Process *p, const Term args[])
{
    if (!term_is_local_port(args[0]) && !term_is_atom(args[0])) {
        return bif_badarg(p);
    }
    Port *port = port_lock(args[0]);
    if (port == NULL) {
        return term_is_atom(args[0]) || is_item(args[1]) ? ATOM_undefined : bif_badarg(p);
    }
    if (!is_item(args[1])) {
        port_unlock(port);
        return bif_badarg(p);
    }
    Term item = port_item(bif_space(p), port, args[1]);
    port_unlock(port);
    return item;
}
