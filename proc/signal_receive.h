/* proc/signal_receive.h
 * Inside proc/: the receiving side of signals, for mailbox.c and process.c. */
#ifndef MUSTER_PROC_SIGNAL_RECEIVE_H
#define MUSTER_PROC_SIGNAL_RECEIVE_H

#include "proc/relations.h"
#include "runtime/term/term.h"

/* Owner: a signal (or, to an ending process, a message) takes effect. Takes over `message`; returns
 * the message it became, to be appended to the queue, or NULL. */
Message *signal_receive(Process *p, Message *message);
/* A signal that found its receiver `pid` dead: whoever waits for an answer gets one. Takes over
 * `message`; also when mailbox_push said PUSH_CLOSED. */
void signal_refuse(Term pid, Message *message);
/* Tells whoever relation `r` of `p` concerns that p has ended. */
void signal_end(Process *p, const Relation *r, Term reason);

/* A new reference, built in p's heap, and p's own entries of a monitor (none when it watches
 * itself) and its alias. */
Term signal_new_monitor(Process *p, Term watched, Term name, AliasMode alias, Term tag);
/* Takes the 'DOWN' message of this monitor out of the queue. */
bool mailbox_flush_down(Process *p, uint64_t ref_number);
static inline bool tuple_has_arity(Term t, size_t arity)
{
    return term_is_boxed(t) && *term_boxed_at(t) == HEADER(KIND_tuple, arity);
}

#endif
