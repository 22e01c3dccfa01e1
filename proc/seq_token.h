/* proc/seq_token.h
 * Sequential tracing, the part that travels. A process may have a token; then each message that it
 * sends, each exit that its links hear of and each process that it makes gets one, and who takes
 * such a message has its token from then on. A message without one takes the receiver's away,
 * unless it comes from the machine itself (a timer, a monitor).
 *
 * A token never changes; it is counted, and lies outside all heaps. A message has it in the word
 * behind its last object but one, where collections and whoever moves the message's objects do not
 * look; message flags say so. A process has it in its ProcessExtra, and PROCESS_SEQ_TOKEN says so:
 * nobody else pays more than a look at its flags. */
#ifndef MUSTER_PROC_SEQ_TOKEN_H
#define MUSTER_PROC_SEQ_TOKEN_H

#include "proc/process.h"

/* SeqToken.flags, with the values that Erlang programs see. */
enum {
    SEQ_SEND = 1,
    SEQ_RECEIVE = 2,
    SEQ_PRINT = 4,
    SEQ_TIMESTAMP = 8,
    SEQ_STRICT_MONOTONIC = 16,
    SEQ_MONOTONIC = 32,
    SEQ_FLAGS = 63
};

typedef struct SeqLabel {
    volatile AO_t references;
    Message *term;
} SeqLabel;

typedef struct SeqToken {
    volatile AO_t references;
    uint32_t flags;
    SeqLabel *label;
    uint64_t previous, serial; /* of the event before, of the sender's latest */
    Term from;
} SeqToken;

static inline Term seq_token_label(const SeqToken *token)
{
    return token->label->term->value;
}
void seq_token_release(SeqToken *token);

/* ---- the token of a process. Owner. ---- */

/* NULL: it has none. */
static inline const SeqToken *seq_token_of(const Process *p)
{
    return p->flags & PROCESS_SEQ_TOKEN ? p->extra->seq_token : NULL;
}
/* A token of these fields becomes p's. TERM_NONE as label: as it is. False: no memory for it. */
bool seq_token_set(Process *p, uint32_t flags, Term label, uint64_t previous, uint64_t serial);
void seq_token_clear(Process *p);
/* Its token, and those of messages it has not taken yet; counters begin anew. */
void seq_token_reset(Process *p);
/* Counts an event of p's, which has a token. */
void seq_token_count(Process *p);

/* ---- on the way. p has a token, or the message has ---- */

enum { SEQ_ROOM_WORDS = 2 }; /* behind the objects of a message that is to get a token */
/* `message`, on its way to `to`, gets p's token. */
void seq_token_send(Process *p, Term to, Message *message);
/* p takes it. */
void seq_token_receive(Process *p, Message *message);
/* p made the child, which does not run yet. */
void seq_token_spawn(Process *p, Process *child);
/* `to`, which takes the place of `message` (of its head alone), gets its token, for which there is
 * room. */
void seq_token_move(Message *message, Message *to);

#endif
