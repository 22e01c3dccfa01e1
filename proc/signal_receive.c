/* proc/signal_receive.c
 * What a signal does when its receiver drains its inbox, and what becomes of signals whose receiver
 * has ended. All of it in the context of the receiver: nobody else touches its relations.
 *
 * Links are kept on both sides. unlink/1 leaves its entry behind, marked with an id, until the
 * other side acknowledges that id; meanwhile exit and link signals from there, which were sent
 * before the other side heard of it, have no effect. Linking again clears the mark, so that the
 * late acknowledgement finds another id and does nothing. */
#include "proc/signal_receive.h"

#include "proc/seq_token.h"
#include "proc/signal_send.h"
#include "runtime/term/copy.h"
#include "runtime/term/ref.h"

/* ---- relations that end from our side ---- */

static void send_demonitor(Term watched, uint64_t number)
{
    Message *message = signal_make(SIGNAL_DEMONITOR, TERM_NONE, (Term[]){number}, 1);
    if (!signal_deliver(watched, message)) {
        message_destroy(message);
    }
}

static void remove_alias(Process *p, uint64_t number)
{
    Relation *alias = process_relation(p, RELATION_ALIAS, number);
    if (alias != NULL) {
        relations_remove(p->extra->relations, alias);
    }
}

/* ---- exit ---- */

/* The process ends for a reason that lies in the message. */
static void end_for(Process *p, Message *message, Term reason)
{
    if (message->top == message->data) {
        message_destroy(message);
    } else {
        heap_adopt(&p->heap, (Fragment *) message);
    }
    process_exit(p, reason);
}

static bool receive_exit(Process *p, Message *message)
{
    Term from = tuple_elements(message->value)[1];
    Term reason = tuple_elements(message->value)[2];
    bool by_link = message->flags & SIGNAL_BY_LINK;
    if (by_link) {
        Relation *link = process_relation(p, RELATION_LINK, from);
        if (link == NULL || link->other != 0) {
            message_destroy(message);
            return false;
        }
        relations_remove(p->extra->relations, link);
        if (UNLIKELY(p->flags & PROCESS_TRACED)) {
            process_hooks.traced(p, TRACED_UNLINKED, from);
        }
    }
    if (reason == ATOM_kill && !by_link) {
        message_destroy(message);
        process_exit(p, ATOM_killed);
        return false;
    }
    if (p->flags & PROCESS_TRAP_EXIT) {
        message->kind = SIGNAL_MESSAGE;
        message->flags &= MESSAGE_SEQ_TOKEN;
        return true;
    }
    if (reason == ATOM_normal && (by_link || from != p->pid)) {
        message_destroy(message);
        return false;
    }
    end_for(p, message, reason);
    return false;
}

/* ---- links ---- */

static void receive_link(Process *p, Term from)
{
    /* An entry that is there: both linked at once, or our unlink is under way and theirs will come
     * to nothing. */
    if (process_relation(p, RELATION_LINK, from) == NULL) {
        relations_insert(p, RELATION_LINK, from);
        if (UNLIKELY(p->flags & PROCESS_TRACED)) {
            process_hooks.traced(p, TRACED_LINKED, from);
        }
    }
}

static void send_unlink_ack(Term self, Term to, uint64_t id)
{
    Message *message = signal_make(SIGNAL_UNLINK_ACK, self, (Term[]){id}, 1);
    if (!signal_deliver(to, message)) {
        message_destroy(message);
    }
}

static void receive_unlink(Process *p, Term from, uint64_t id)
{
    Relation *link = process_relation(p, RELATION_LINK, from);
    if (link != NULL && link->other == 0) {
        relations_remove(p->extra->relations, link);
        if (UNLIKELY(p->flags & PROCESS_TRACED)) {
            process_hooks.traced(p, TRACED_UNLINKED, from);
        }
    }
    send_unlink_ack(p->pid, from, id);
}

static void receive_unlink_ack(Process *p, Term from, uint64_t id)
{
    Relation *link = process_relation(p, RELATION_LINK, from);
    if (link != NULL && link->other == id) {
        relations_remove(p->extra->relations, link);
    }
}

/* ---- monitors ---- */

enum { MONITOR_NUMBER, MONITOR_NAME, MONITOR_ALIASED };

static void receive_monitor(Process *p, Message *message)
{
    Relation *watcher = relations_insert(p, RELATION_WATCHER, message->data[MONITOR_NUMBER]);
    watcher->other = message->value;
    watcher->name = message->data[MONITOR_NAME];
    watcher->alias = message->data[MONITOR_ALIASED] != 0;
}

static void receive_demonitor(Process *p, uint64_t number)
{
    Relation *watcher = process_relation(p, RELATION_WATCHER, number);
    if (watcher != NULL) {
        relations_remove(p->extra->relations, watcher);
    }
}

/* The message again, with a tag that does not fit a word. */
static Message *with_tag(Message *message, Message *tag)
{
    size_t words = term_copy_words(message->value) + term_copy_words(tag->value);
    Message *copy = message_create(words);
    if (copy == NULL) {
        machine_stop("out of memory: cannot make a signal");
    }
    copy->value = term_copy_to(message->value, &copy->top, &copy->off_heap, &copy->off_heap_bytes);
    tuple_elements(copy->value)[0] =
        term_copy_to(tag->value, &copy->top, &copy->off_heap, &copy->off_heap_bytes);
    message_destroy(message);
    return copy;
}

static Message *receive_down(Process *p, Message *message)
{
    uint64_t number = ref_number(tuple_elements(message->value)[1]);
    Relation *monitor = process_relation(p, RELATION_MONITOR, number);
    if (monitor == NULL) {
        message_destroy(message); /* demonitored meanwhile */
        return NULL;
    }
    message->kind = SIGNAL_MESSAGE;
    if (monitor->tag_boxed) {
        message = with_tag(message, (Message *) monitor->tag);
    } else if (monitor->tag != TERM_NONE) {
        tuple_elements(message->value)[0] = monitor->tag;
    }
    message->flags = MESSAGE_OF_MACHINE;
    bool alias_goes = monitor->alias == ALIAS_DEMONITOR || monitor->alias == ALIAS_REPLY_DEMONITOR;
    relations_remove(p->extra->relations, monitor);
    if (alias_goes) {
        remove_alias(p, number);
    }
    return message;
}

/* ---- aliases ---- */

static bool receive_alias_message(Process *p, Message *message)
{
    uint64_t number = *message->top;
    Relation *alias = process_relation(p, RELATION_ALIAS, number);
    if (alias == NULL) {
        message_destroy(message);
        return false;
    }
    AliasMode mode = alias->alias;
    if (mode == ALIAS_REPLY || mode == ALIAS_REPLY_DEMONITOR) {
        relations_remove(p->extra->relations, alias);
    }
    if (mode == ALIAS_REPLY_DEMONITOR) {
        Relation *monitor = process_relation(p, RELATION_MONITOR, number);
        if (monitor != NULL) {
            Term watched = monitor->other;
            relations_remove(p->extra->relations, monitor);
            send_demonitor(watched, number);
        }
    }
    message->kind = SIGNAL_MESSAGE;
    return true;
}

/* ---- the rest ---- */

static void receive_group_leader(Process *p, Message *message)
{
    p->group_leader = message->value;
    if (message->top == message->data) {
        message_destroy(message);
    } else {
        heap_adopt(&p->heap, (Fragment *) message);
    }
}

static void receive_resume(Process *p, uint64_t count)
{
    ProcessExtra *extra = process_extra(p);
    extra->suspend_count -= count < extra->suspend_count ? (uint32_t) count : extra->suspend_count;
    if (extra->suspend_count == 0) {
        p->flags &= ~(uint32_t) PROCESS_SUSPENDED;
    }
}

Message *signal_receive(Process *p, Message *message)
{
    if (p->flags & PROCESS_EXITING) {
        signal_refuse(p->pid, message);
        return NULL;
    }
    switch ((SignalKind) message->kind) {
    case SIGNAL_MESSAGE:
        return message;
    case SIGNAL_ALIAS_MESSAGE:
        return receive_alias_message(p, message) ? message : NULL;
    case SIGNAL_EXIT:
        return receive_exit(p, message) ? message : NULL;
    case SIGNAL_DOWN:
        return receive_down(p, message);
    case SIGNAL_GROUP_LEADER:
        receive_group_leader(p, message);
        return NULL;
    case SIGNAL_REQUEST:
        signal_call_request(p, message);
        return NULL;
    case SIGNAL_LINK:
        receive_link(p, message->value);
        break;
    case SIGNAL_UNLINK:
        receive_unlink(p, message->value, message->data[0]);
        break;
    case SIGNAL_UNLINK_ACK:
        receive_unlink_ack(p, message->value, message->data[0]);
        break;
    case SIGNAL_MONITOR:
        receive_monitor(p, message);
        break;
    case SIGNAL_DEMONITOR:
        receive_demonitor(p, message->data[0]);
        break;
    case SIGNAL_RESUME:
        receive_resume(p, message->data[0]);
        break;
    }
    message_destroy(message);
    return NULL;
}

/* ---- receivers that have ended ---- */

static void deliver_or_drop(Term to, Message *message)
{
    if (!signal_deliver(to, message)) {
        message_destroy(message);
    }
}

/* What a monitor of a dead process gets; `extra` of its reference as its maker chose it. */
static void send_down(Term watcher, uint64_t number, bool aliased, Term pid, Term name, Term reason)
{
    deliver_or_drop(watcher,
                    signal_make_down(number, aliased ? pid_id(watcher) : 0, pid, name, reason));
}

void signal_refuse(Term pid, Message *message)
{
    switch ((SignalKind) message->kind) {
    case SIGNAL_LINK:
        deliver_or_drop(message->value, signal_make_exit(pid, ATOM_noproc, SIGNAL_BY_LINK));
        break;
    case SIGNAL_UNLINK:
        send_unlink_ack(pid, message->value, message->data[0]);
        break;
    case SIGNAL_MONITOR:
        send_down(message->value, message->data[MONITOR_NUMBER],
                  message->data[MONITOR_ALIASED] != 0, pid, message->data[MONITOR_NAME],
                  ATOM_noproc);
        break;
    case SIGNAL_REQUEST:
        signal_call_request(NULL, message);
        return;
    default:
        break;
    }
    message_destroy(message);
}

void signal_end(Process *p, const Relation *r, Term reason)
{
    switch ((RelationKind) r->kind) {
    case RELATION_LINK:
        if (r->other == 0) {
            Message *exit = signal_make_exit(p->pid, reason, SIGNAL_BY_LINK);
            if (UNLIKELY(p->flags & PROCESS_SEQ_TOKEN)) {
                seq_token_send(p, r->key, exit);
            }
            deliver_or_drop(r->key, exit);
        }
        break;
    case RELATION_MONITOR:
        send_demonitor(r->other, r->key);
        break;
    case RELATION_WATCHER:
        send_down(r->other, r->key, r->alias != 0, p->pid, r->name, reason);
        break;
    case RELATION_TIMER:
        process_hooks.cancel_timer(r->key);
        break;
    case RELATION_SUSPENDED:
        deliver_or_drop(r->key, signal_make(SIGNAL_RESUME, TERM_NONE, (Term[]){r->other}, 1));
        break;
    case RELATION_ALIAS:
        break;
    }
}
