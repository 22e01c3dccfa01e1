/* runtime/bif_process_link.c
 * Links, monitors and aliases. Processes of other nodes cannot be reached: whoever relates to one
 * hears `noconnection` at once. */
#include "runtime/bif_process.h"
#include "runtime/bif_tables.h"

#include "proc/registry.h"
#include "proc/signal_send.h"
#include "runtime/term/ref.h"
#include "runtime/term/world.h"
#include "runtime/trace.h"

static bool is_this_node(Term node)
{
    return node == AO_load_acquire(&node_name);
}

/* ---- links ---- */

/* Why a process of elsewhere cannot be related to. One of this node's name is of an incarnation
 * before: it is gone. */
static Term lost_reason(Term pid)
{
    return is_this_node(external_node(pid)) ? ATOM_noproc : ATOM_noconnection;
}

static void exit_for_lost_node(Process *p, Term to)
{
    Message *exit = signal_make_exit(to, lost_reason(to), 0);
    if (!signal_deliver(p->pid, exit)) {
        message_destroy(exit);
    }
    mailbox_drain(p);
}

Term bif_link_1(Process *p, const Term args[])
{
    Term to = args[0];
    if (term_is_local_pid(to) || term_is_local_port(to)) {
        if (!process_link(p, to) && !(p->flags & PROCESS_TRAP_EXIT)) {
            return bif_error(p, ATOM_noproc);
        }
        if (UNLIKELY(p->flags & PROCESS_TRACED) && to != p->pid) {
            trace_linked(p, to, ATOM_link);
        }
        return ATOM_true;
    }
    if (term_is_pid(to)) {
        exit_for_lost_node(p, to);
        return answer_after_signals(p, ATOM_true);
    }
    return term_is_port(to) ? bif_error(p, ATOM_noproc) : bif_badarg(p);
}

Term bif_unlink_1(Process *p, const Term args[])
{
    if (term_is_local_pid(args[0]) || term_is_local_port(args[0])) {
        process_unlink(p, args[0]);
        if (UNLIKELY(p->flags & PROCESS_TRACED)) {
            trace_linked(p, args[0], ATOM_unlink);
        }
        return ATOM_true;
    }
    return term_is_pid(args[0]) || term_is_port(args[0]) ? ATOM_true : bif_badarg(p);
}

/* ---- monitors ---- */

typedef struct MonitorOptions {
    AliasMode alias;
    Term tag;
} MonitorOptions;

static bool read_alias_mode(Term t, AliasMode *mode)
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

static bool read_options(Term list, MonitorOptions *options)
{
    *options = (MonitorOptions){ALIAS_NONE, TERM_NONE};
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
    return term_is_nil(list);
}

/* {Tag, Ref, Type, Object, Reason} to the caller, which watches what is not there. */
static Term down_at_once(Process *p, Term type, Term object, Term reason, MonitorOptions options)
{
    uint64_t extra = options.alias == ALIAS_NONE ? 0 : pid_id(p->pid);
    Space *space = bif_space(p);
    Term ref = options.alias == ALIAS_NONE || options.alias == ALIAS_DEMONITOR ||
                       options.alias == ALIAS_REPLY_DEMONITOR
                   ? make_ref_of(space, world_unique_number(), extra)
                   : process_alias(p, options.alias);
    mailbox_mark(p, ref);
    Term tag = options.tag == TERM_NONE ? ATOM_DOWN : options.tag;
    const Term parts[] = {tag, ref, type, object, reason};
    Message *message = message_of(make_tuple(space, parts, COUNT_OF(parts)));
    if (message == NULL) {
        machine_stop("out of memory: cannot make a signal");
    }
    process_send_message(p->pid, message);
    return ref;
}

static Term monitor_process(Process *p, Term object, MonitorOptions options)
{
    if (term_is_local_pid(object) || term_is_atom(object)) {
        return process_monitor(p, object, options.alias, options.tag);
    }
    if (term_is_pair(object) && term_is_atom(pair_key(object)) &&
        term_is_atom(pair_value(object))) {
        if (is_this_node(pair_value(object))) {
            return process_monitor(p, pair_key(object), options.alias, options.tag);
        }
        /* As a node without distribution answers. */
        return is_this_node(ATOM_nonode_at_nohost)
                   ? bif_badarg(p)
                   : down_at_once(p, ATOM_process, object, ATOM_noconnection, options);
    }
    if (term_is_pid(object)) {
        return down_at_once(p, ATOM_process, object, lost_reason(object), options);
    }
    return bif_badarg(p);
}

static Term monitor(Process *p, Term type, Term object, MonitorOptions options)
{
    if (type == ATOM_process) {
        return monitor_process(p, object, options);
    }
    if (type == ATOM_time_offset && object == ATOM_clock_service) {
        return make_ref_of(bif_space(p), world_unique_number(), 0); /* it never changes */
    }
    if (type != ATOM_port) {
        return bif_badarg(p);
    }
    if (term_is_local_port(object)) {
        return process_monitor(p, object, options.alias, options.tag);
    }
    if (term_is_port(object)) {
        return down_at_once(p, ATOM_port, object, ATOM_noconnection, options);
    }
    if (term_is_pair(object) && is_this_node(pair_value(object))) {
        object = pair_key(object);
    }
    if (!term_is_atom(object)) {
        return bif_badarg(p);
    }
    if (term_is_local_port(registry_find(object))) {
        return process_monitor(p, object, options.alias, options.tag);
    }
    Term name = make_tuple2(bif_space(p), object, AO_load_acquire(&node_name));
    return down_at_once(p, ATOM_port, name, ATOM_noproc, options);
}

Term bif_monitor_2(Process *p, const Term args[])
{
    return monitor(p, args[0], args[1], (MonitorOptions){ALIAS_NONE, TERM_NONE});
}

Term bif_monitor_3(Process *p, const Term args[])
{
    MonitorOptions options;
    if (!read_options(args[2], &options)) {
        return bif_badarg(p);
    }
    return monitor(p, args[0], args[1], options);
}

static Term demonitor(Process *p, Term ref, bool flush, bool info)
{
    bool is_ours = term_is_local_ref(ref);
    if (!is_ours && !term_is_reference(ref)) {
        return bif_badarg(p);
    }
    bool found = is_ours && process_demonitor(p, ref, flush);
    return term_bool(found || !info);
}

Term bif_demonitor_1(Process *p, const Term args[])
{
    return demonitor(p, args[0], false, false);
}

Term bif_demonitor_2(Process *p, const Term args[])
{
    bool flush = false, info = false;
    Term options = args[1], option;
    while (list_take(&options, &option)) {
        if (option == ATOM_flush) {
            flush = true;
        } else if (option == ATOM_info) {
            info = true;
        } else {
            return bif_badarg(p);
        }
    }
    return term_is_nil(options) ? demonitor(p, args[0], flush, info) : bif_badarg(p);
}

/* ---- aliases ---- */

Term bif_alias_0(Process *p, const Term args[])
{
    return process_alias(p, ALIAS_EXPLICIT_UNALIAS);
}

Term bif_alias_1(Process *p, const Term args[])
{
    AliasMode mode = ALIAS_EXPLICIT_UNALIAS;
    Term options = args[0], option;
    while (list_take(&options, &option)) {
        if (option == ATOM_reply) {
            mode = ALIAS_REPLY;
        } else if (option == ATOM_explicit_unalias) {
            mode = ALIAS_EXPLICIT_UNALIAS;
        } else {
            return bif_badarg(p);
        }
    }
    return term_is_nil(options) ? process_alias(p, mode) : bif_badarg(p);
}

Term bif_unalias_1(Process *p, const Term args[])
{
    if (!term_is_reference(args[0])) {
        return bif_badarg(p);
    }
    return term_bool(term_is_local_ref(args[0]) && process_unalias(p, args[0]));
}
