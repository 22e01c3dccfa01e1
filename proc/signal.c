/* proc/signal.c: see signal.h: exit, links, monitors, aliases, group leader, suspension, as the
 * calling process starts them. The receiving side is in signal_receive.c. */
#include "proc/signal.h"

#include "proc/registry.h"
#include "proc/signal_receive.h"
#include "proc/signal_send.h"
#include "runtime/term/ref.h"
#include "runtime/term/world.h"

static void deliver_or_drop(Term to, Message *message)
{
    if (!signal_deliver(to, message)) {
        message_destroy(message);
    }
}

/* ---- the calling process's side of links, monitors and aliases ---- */

void process_send_exit(Process *p, Term to_pid, Term reason)
{
    Term from = p == NULL ? to_pid : p->pid;
    deliver_or_drop(to_pid, signal_make_exit(from, reason, 0));
    if (p != NULL && to_pid == p->pid) {
        mailbox_drain(p);
    }
}

bool process_link(Process *p, Term to_pid)
{
    if (to_pid == p->pid) {
        return true;
    }
    Relation *link = process_relation(p, RELATION_LINK, to_pid);
    if (link != NULL && link->other == 0) {
        return true;
    }
    if (link == NULL) {
        link = relations_insert(p, RELATION_LINK, to_pid);
    }
    link->other = 0;
    Message *message = signal_make(SIGNAL_LINK, p->pid, NULL, 0);
    if (signal_deliver(to_pid, message)) {
        return true;
    }
    message_destroy(message);
    relations_remove(p->extra->relations, link);
    if (p->flags & PROCESS_TRAP_EXIT) {
        Message *exit = signal_make_exit(to_pid, ATOM_noproc, 0);
        exit->kind = SIGNAL_MESSAGE;
        process_send_message(p->pid, exit);
    }
    return false;
}

void process_unlink(Process *p, Term to_pid)
{
    Relation *link = process_relation(p, RELATION_LINK, to_pid);
    if (link == NULL || link->other != 0) {
        return;
    }
    uint64_t id = world_unique_number();
    link->other = id;
    Message *message = signal_make(SIGNAL_UNLINK, p->pid, (Term[]){id}, 1);
    if (!signal_deliver(to_pid, message)) {
        message_destroy(message);
        relations_remove(p->extra->relations, link);
    }
}

static void set_tag(Relation *monitor, Term tag)
{
    if (tag == TERM_NONE || !term_is_pointer(tag)) {
        monitor->tag = tag;
        return;
    }
    Message *holder = message_of_flat(tag);
    if (holder == NULL) {
        machine_stop("out of memory: cannot keep the tag of a monitor");
    }
    monitor->tag = (Term) holder;
    monitor->tag_boxed = 1;
}

Term signal_new_monitor(Process *p, Term watched, Term name, AliasMode alias, Term tag)
{
    uint64_t number = world_unique_number();
    Term ref = make_ref_of(&p->heap.space, number, alias == ALIAS_NONE ? 0 : pid_id(p->pid));
    mailbox_mark(p, ref);
    if (alias != ALIAS_NONE) {
        relations_insert(p, RELATION_ALIAS, number)->alias = (uint8_t) alias;
    }
    if (watched != p->pid) {
        Relation *monitor = relations_insert(p, RELATION_MONITOR, number);
        monitor->other = watched;
        monitor->name = name;
        monitor->alias = (uint8_t) alias;
        set_tag(monitor, tag);
    }
    return ref;
}

Term process_monitor(Process *p, Term object, AliasMode alias, Term tag)
{
    Term name = term_is_atom(object) ? object : TERM_NONE;
    Term watched = name == TERM_NONE ? object : registry_find(name);
    Term ref = signal_new_monitor(p, watched, name, alias, tag);
    if (watched == p->pid) {
        return ref;
    }
    Term data[] = {ref_number(ref), name, alias != ALIAS_NONE};
    Message *message = signal_make(SIGNAL_MONITOR, p->pid, data, COUNT_OF(data));
    if (!signal_deliver(watched, message)) {
        signal_refuse(watched, message);
    }
    return ref;
}

bool process_demonitor(Process *p, Term ref, bool flush)
{
    uint64_t number = ref_number(ref);
    Relation *monitor = process_relation(p, RELATION_MONITOR, number);
    bool found = monitor != NULL;
    if (found) {
        Term watched = monitor->other;
        bool alias_goes =
            monitor->alias == ALIAS_DEMONITOR || monitor->alias == ALIAS_REPLY_DEMONITOR;
        relations_remove(p->extra->relations, monitor);
        if (alias_goes) {
            process_unalias(p, ref);
        }
        deliver_or_drop(watched, signal_make(SIGNAL_DEMONITOR, TERM_NONE, (Term[]){number}, 1));
    }
    if (flush && !found) {
        mailbox_flush_down(p, number);
    }
    mailbox_unmark(p, number);
    return found;
}

Term process_alias(Process *p, AliasMode mode)
{
    uint64_t number = world_unique_number();
    Term ref = make_ref_of(&p->heap.space, number, pid_id(p->pid));
    mailbox_mark(p, ref);
    relations_insert(p, RELATION_ALIAS, number)->alias = (uint8_t) mode;
    return ref;
}

bool process_unalias(Process *p, Term ref)
{
    Relation *alias = process_relation(p, RELATION_ALIAS, ref_number(ref));
    if (alias == NULL) {
        return false;
    }
    relations_remove(p->extra->relations, alias);
    return true;
}

/* ---- group leader, suspension ---- */

bool process_set_group_leader(Process *p, Term of_pid, Term leader)
{
    if (p != NULL && of_pid == p->pid) {
        p->group_leader = leader;
        return true;
    }
    Message *message = message_of(leader);
    if (message == NULL) {
        machine_stop("out of memory: cannot make a signal");
    }
    message->kind = SIGNAL_GROUP_LEADER;
    if (!signal_deliver(of_pid, message)) {
        message_destroy(message);
        return false;
    }
    return true;
}

static void suspend_call(Process *target, Message *request, Term argument)
{
    if (target != NULL) {
        process_extra(target)->suspend_count++;
        target->flags |= PROCESS_SUSPENDED;
    }
    request_answer(request, target != NULL ? ATOM_true : ATOM_false);
}

bool process_suspend(Process *p, Term pid, uint64_t *number)
{
    if (!process_request(p, pid, suspend_call, TERM_NIL, number)) {
        return false;
    }
    Relation *suspended = process_relation(p, RELATION_SUSPENDED, pid);
    if (suspended == NULL) {
        suspended = relations_insert(p, RELATION_SUSPENDED, pid);
        suspended->other = 0;
    }
    suspended->other++;
    return true;
}

uint32_t process_suspends_of(Process *p, Term pid)
{
    Relation *suspended = process_relation(p, RELATION_SUSPENDED, pid);
    return suspended == NULL ? 0 : (uint32_t) suspended->other;
}

bool process_resume(Process *p, Term pid)
{
    Relation *suspended = process_relation(p, RELATION_SUSPENDED, pid);
    if (suspended == NULL) {
        return false;
    }
    if (--suspended->other == 0) {
        relations_remove(p->extra->relations, suspended);
    }
    deliver_or_drop(pid, signal_make(SIGNAL_RESUME, TERM_NONE, (Term[]){1}, 1));
    return true;
}
