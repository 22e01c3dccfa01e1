/* proc/seq_token.c: see seq_token.h. */
#include "proc/seq_token.h"

#include "runtime/term/mem.h"

void seq_token_release(SeqToken *token)
{
    /* Full. Release: what others read of it came before. Acquire: who frees it hears of that. */
    if (AO_fetch_and_sub1_full(&token->references) != 1) {
        return;
    }
    if (AO_fetch_and_sub1_full(&token->label->references) == 1) {
        message_destroy(token->label->term);
        mem_free(token->label);
    }
    mem_free(token);
}

/* Takes over one reference to the label. */
static SeqToken *token_create(SeqLabel *label, uint32_t flags, uint64_t previous, uint64_t serial,
                              Term from)
{
    SeqToken *token = mem_alloc(sizeof *token);
    *token = (SeqToken){1, flags, label, previous, serial, from};
    return token;
}

static SeqLabel *label_of(Term term)
{
    Message *copy = message_of_flat(term);
    if (copy == NULL) {
        return NULL;
    }
    SeqLabel *label = mem_alloc(sizeof *label);
    *label = (SeqLabel){1, copy};
    return label;
}

static SeqLabel *label_retain(SeqLabel *label)
{
    AO_fetch_and_add1(&label->references);
    return label;
}

/* Takes over the token. */
static void put(Process *p, SeqToken *token)
{
    ProcessExtra *extra = process_extra(p);
    if (extra->seq_token != NULL) {
        seq_token_release(extra->seq_token);
    }
    extra->seq_token = token;
    p->flags |= PROCESS_SEQ_TOKEN;
}

bool seq_token_set(Process *p, uint32_t flags, Term label, uint64_t previous, uint64_t serial)
{
    ProcessExtra *extra = process_extra(p);
    Term from = extra->seq_token == NULL ? p->pid : extra->seq_token->from;
    SeqLabel *of = label == TERM_NONE ? label_retain(extra->seq_token->label) : label_of(label);
    if (of == NULL) {
        return false;
    }
    put(p, token_create(of, flags, previous, serial, from));
    return true;
}

void seq_token_clear(Process *p)
{
    if (p->flags & PROCESS_SEQ_TOKEN) {
        seq_token_release(p->extra->seq_token);
        p->extra->seq_token = NULL;
        p->flags &= ~(uint32_t) PROCESS_SEQ_TOKEN;
    }
}

void seq_token_count(Process *p)
{
    ProcessExtra *extra = p->extra;
    const SeqToken *token = extra->seq_token;
    extra->seq_serial++;
    put(p, token_create(label_retain(token->label), token->flags, extra->seq_previous,
                        extra->seq_serial, p->pid));
}

/* ---- messages ---- */

static SeqToken **place_of(Message *message)
{
    return (SeqToken **) &message->top[1];
}

static SeqToken *retained(SeqToken *token)
{
    AO_fetch_and_add1(&token->references);
    return token;
}

void seq_token_send(Process *p, Term to, Message *message)
{
    seq_token_count(p);
    SeqToken *token = p->extra->seq_token;
    if (token->flags & SEQ_SEND && !(p->flags & PROCESS_SENSITIVE)) {
        process_hooks.sequenced(SEQ_SEND, token, to, message->value);
    }
    *place_of(message) = retained(token);
    message->flags |= MESSAGE_SEQ_TOKEN;
}

void seq_token_receive(Process *p, Message *message)
{
    if (!(message->flags & MESSAGE_SEQ_TOKEN)) {
        if (!(message->flags & MESSAGE_OF_MACHINE)) {
            seq_token_clear(p);
        }
        return;
    }
    SeqToken *token = *place_of(message);
    message->flags &= ~(uint32_t) MESSAGE_SEQ_TOKEN;
    put(p, token);
    ProcessExtra *extra = p->extra;
    extra->seq_previous = token->serial;
    extra->seq_serial = token->serial > extra->seq_serial ? token->serial : extra->seq_serial;
    if (token->flags & SEQ_RECEIVE && !(p->flags & PROCESS_SENSITIVE)) {
        process_hooks.sequenced(SEQ_RECEIVE, token, p->pid, message->value);
    }
}

void seq_token_spawn(Process *p, Process *child)
{
    seq_token_count(p);
    ProcessExtra *extra = process_extra(child);
    put(child, retained(p->extra->seq_token));
    extra->seq_previous = extra->seq_serial = p->extra->seq_serial;
}

void seq_token_move(Message *message, Message *to)
{
    *place_of(to) = *place_of(message);
    message->flags &= ~(uint32_t) MESSAGE_SEQ_TOKEN;
}

void seq_token_reset(Process *p)
{
    seq_token_clear(p);
    if (p->extra != NULL) {
        p->extra->seq_previous = p->extra->seq_serial = 0;
    }
    for (Message *message = p->mailbox.first; message != NULL; message = message->next) {
        if (message->flags & MESSAGE_SEQ_TOKEN) {
            seq_token_release(*place_of(message));
            message->flags &= ~(uint32_t) MESSAGE_SEQ_TOKEN;
        }
    }
}
