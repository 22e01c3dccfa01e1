/* proc/signal_send.h
 * Inside proc/: making and delivering signals. All stop the machine when even a signal of a few
 * words cannot be made; a reason or message too large for memory becomes `system_limit`. */
#ifndef MUSTER_PROC_SIGNAL_SEND_H
#define MUSTER_PROC_SIGNAL_SEND_H

#include "proc/signal.h"

enum {
    /* Message.flags of signals. */
    SIGNAL_BY_LINK = 1 << 4, /* SIGNAL_EXIT: through a link */
};

/* Pushes to the process `pid`, wakes it; or hands it to the port. False: there is none; the message
 * is still the caller's.
 */
bool signal_deliver(Term pid, Message *message);
/* A signal of `kind`, its value and `count` words in data (not terms to be kept). */
Message *signal_make(SignalKind kind, Term value, const Term data[], size_t count);
/* Runs the function of a request; `target` NULL: it ended. Takes over `request`. */
void signal_call_request(Process *target, Message *request);
/* {'EXIT', From, Reason}. */
Message *signal_make_exit(Term from, Term reason, uint32_t flags);
/* {'DOWN', Ref, process | port, Object, Reason} with Ref = (number, extra), Object the pid or
 * {name, node}. */
Message *signal_make_down(uint64_t number, uint64_t extra, Term pid, Term name, Term reason);

#endif
