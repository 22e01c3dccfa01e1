/* proc/signal_send.c: see signal_send.h and the sending half of signal.h: messages and requests. */
#include "proc/signal_send.h"

#include "proc/registry.h"
#include "proc/seq_token.h"
#include "proc/signal_receive.h"
#include "runtime/term/copy.h"
#include "runtime/term/ref.h"
#include "runtime/term/world.h"

/* ---- making and delivering ---- */

bool signal_deliver(Term pid, Message *message)
{
    Process *target = process_find(pid);
    if (UNLIKELY(target == NULL)) {
        return term_is_local_port(pid) && process_hooks.port_signal != NULL &&
               process_hooks.port_signal(pid, message);
    }
    PushResult result = mailbox_push(&target->mailbox, message);
    if (result == PUSH_WAKE) {
        process_hooks.wake(target);
    }
    return result != PUSH_CLOSED;
}

static Message *create_or_stop(size_t words)
{
    Message *message = message_create(words);
    if (message == NULL) {
        machine_stop("out of memory: cannot make a signal");
    }
    return message;
}

Message *signal_make(SignalKind kind, Term value, const Term data[], size_t count)
{
    Message *message = create_or_stop(count);
    message->kind = kind;
    message->value = value;
    for (size_t i = 0; i < count; i++) {
        message->data[i] = data[i];
    }
    return message;
}

/* A message with room for `words` besides a copy of *reason, which is then made and replaces it. */
static Message *create_with_reason(size_t words, Term *reason)
{
    size_t reason_words = term_copy_words(*reason);
    Message *message = message_create(words + reason_words);
    if (message == NULL) {
        *reason = ATOM_system_limit;
        return create_or_stop(words);
    }
    if (reason_words > 0) {
        *reason =
            term_copy_to(*reason, &message->top, &message->off_heap, &message->off_heap_bytes);
    }
    return message;
}

/* Appends objects of known size to a message under construction. */
static Term add_object(Message *message, Term header, const Term words[])
{
    Term *object = message->top;
    object[0] = header;
    memcpy(object + 1, words, header_words(header) * sizeof(Term));
    message->top += 1 + header_words(header);
    return term_boxed(object);
}

Message *signal_make_exit(Term from, Term reason, uint32_t flags)
{
    Message *message = create_with_reason(4 + SEQ_ROOM_WORDS, &reason);
    message->kind = SIGNAL_EXIT;
    message->flags = flags;
    message->value = add_object(message, HEADER(KIND_tuple, 3), (Term[]){ATOM_EXIT, from, reason});
    return message;
}

Message *signal_make_down(uint64_t number, uint64_t extra, Term pid, Term name, Term reason)
{
    Message *message = create_with_reason(6 + REF_WORDS + 3, &reason);
    Term object = pid, type = term_is_local_port(pid) ? ATOM_port : ATOM_process;
    if (name != TERM_NONE) {
        object =
            add_object(message, HEADER(KIND_tuple, 2), (Term[]){name, AO_load_acquire(&node_name)});
    }
    Term ref = add_object(message, HEADER(KIND_ref, 2), (Term[]){number, extra});
    message->kind = SIGNAL_DOWN;
    message->value =
        add_object(message, HEADER(KIND_tuple, 5), (Term[]){ATOM_DOWN, ref, type, object, reason});
    return message;
}

/* ---- messages ---- */

volatile AO_t node_name = ATOM_OF(nonode_at_nohost);

_Thread_local size_t process_sent_words;

/* As message_of, with the sender's token. */
static Message *message_with_token(Process *p, Term to, Term term)
{
    Message *message = message_create(term_copy_words(term) + SEQ_ROOM_WORDS);
    if (message != NULL) {
        message->value =
            term_copy_to(term, &message->top, &message->off_heap, &message->off_heap_bytes);
        seq_token_send(p, to, message);
    }
    return message;
}

static inline bool has_token(const Process *p)
{
    return p != NULL && p->flags & PROCESS_SEQ_TOKEN;
}

static SendResult send_to_pid(Process *p, Term pid, Term term, size_t most)
{
    Process *target = process_find(pid);
    if (target == NULL) {
        return SEND_OK;
    }
    Message *message =
        UNLIKELY(has_token(p)) ? message_with_token(p, pid, term) : message_of_most(term, most);
    if (UNLIKELY(message == NULL)) {
        size_t words;
        return most != SIZE_MAX && term_copy_is_over(term, most, &words) ? SEND_LONG
                                                                         : SEND_NO_MEMORY;
    }
    message->flags |= p == NULL ? MESSAGE_OF_MACHINE : 0;
    process_sent_words = (size_t) (message->top - message->data);
    switch (mailbox_push(&target->mailbox, message)) {
    case PUSH_OK:
        break;
    case PUSH_WAKE:
        process_hooks.wake(target);
        break;
    case PUSH_CLOSED:
        message_destroy(message);
        break;
    }
    return SEND_OK;
}

static SendResult send_to_alias(Process *p, Term ref, Term term)
{
    if (ref_extra(ref) == 0) {
        return SEND_OK;
    }
    size_t words = term_copy_words(term);
    Message *message = message_create(words + SEQ_ROOM_WORDS);
    if (message == NULL) {
        return SEND_NO_MEMORY;
    }
    process_sent_words = words;
    message->value = words == 0 ? term
                                : term_copy_to(term, &message->top, &message->off_heap,
                                               &message->off_heap_bytes);
    if (UNLIKELY(has_token(p))) {
        seq_token_send(p, ref, message);
    }
    message->kind = SIGNAL_ALIAS_MESSAGE;
    *message->top = ref_number(ref); /* behind the term, where nobody sees it */
    if (!signal_deliver(term_pid(ref_extra(ref)), message)) {
        message_destroy(message);
    }
    return SEND_OK;
}

static SendResult send_to_name(Process *p, Term name, Term term, Term *port, size_t most,
                               SendResult if_absent)
{
    Term to = registry_find(name);
    if (to == TERM_NONE) {
        return if_absent;
    }
    if (term_is_local_pid(to)) {
        return send_to_pid(p, to, term, most);
    }
    if (port != NULL) {
        *port = to;
    }
    return SEND_PORT;
}

SendResult process_send(Process *p, Term to, Term term, Term *port)
{
    return process_send_most(p, to, term, port, SIZE_MAX);
}

SendResult process_send_most(Process *p, Term to, Term term, Term *port, size_t most)
{
    process_sent_words = 0;
    if (LIKELY(term_is_local_pid(to))) {
        return send_to_pid(p, to, term, most);
    }
    if (term_is_atom(to)) {
        return send_to_name(p, to, term, port, most, SEND_NO_NAME);
    }
    if (term_is_local_port(to)) {
        if (port != NULL) {
            *port = to;
        }
        return SEND_PORT;
    }
    if (tuple_has_arity(to, 2)) {
        const Term *parts = tuple_elements(to);
        if (!term_is_atom(parts[0]) || !term_is_atom(parts[1])) {
            return SEND_BAD;
        }
        return parts[1] == AO_load_acquire(&node_name)
                   ? send_to_name(p, parts[0], term, port, most, SEND_OK)
                   : SEND_REMOTE;
    }
    if (term_is_local_ref(to)) {
        return send_to_alias(p, to, term);
    }
    return term_is_kind(to, KIND_external) ? SEND_REMOTE : SEND_BAD;
}

void process_send_message(Term to_pid, Message *message)
{
    message->flags |= MESSAGE_OF_MACHINE;
    if (!signal_deliver(to_pid, message)) {
        message_destroy(message);
    }
}

/* ---- requests ----
 * value: who asks, or TERM_NONE. data: the function, the number of the reference (0: no answer
 * wanted), the argument; then the objects of the argument, up to top. */

enum { REQUEST_CALL, REQUEST_NUMBER, REQUEST_ARGUMENT, REQUEST_WORDS };

bool process_request(Process *p, Term to_pid, RequestCall *call, Term argument, uint64_t *number)
{
    Message *request = message_create(REQUEST_WORDS + term_copy_words(argument));
    if (request == NULL) {
        machine_stop("out of memory: cannot make a request");
    }
    request->kind = SIGNAL_REQUEST;
    request->value = p == NULL ? TERM_NONE : p->pid;
    request->top = request->data + REQUEST_WORDS;
    request->data[REQUEST_CALL] = (Term) call;
    request->data[REQUEST_NUMBER] = number == NULL ? 0 : world_unique_number();
    request->data[REQUEST_ARGUMENT] =
        term_copy_to(argument, &request->top, &request->off_heap, &request->off_heap_bytes);
    if (number != NULL) {
        *number = request->data[REQUEST_NUMBER];
        mailbox_mark_number(p, *number);
    }
    if (!signal_deliver(to_pid, request)) {
        message_destroy(request);
        return false;
    }
    return true;
}

void signal_call_request(Process *target, Message *request)
{
    RequestCall *call = (RequestCall *) request->data[REQUEST_CALL];
    call(target, request, request->data[REQUEST_ARGUMENT]);
}

Term request_from(Message *request)
{
    return request->value;
}

void request_answer(Message *request, Term answer)
{
    uint64_t number = request->data[REQUEST_NUMBER];
    if (number != 0) {
        Message *message = create_with_reason(REF_WORDS + 3, &answer);
        Term ref = add_object(message, HEADER(KIND_ref, 2), (Term[]){number, 0});
        message->value = add_object(message, HEADER(KIND_tuple, 2), (Term[]){ref, answer});
        process_send_message(request->value, message);
    }
    message_destroy(request);
}

void process_alive_call(Process *target, Message *request, Term argument)
{
    request_answer(request, target != NULL ? ATOM_true : ATOM_false);
}
