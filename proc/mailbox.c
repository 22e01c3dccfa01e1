/* proc/mailbox.c: see mailbox.h.
 *
 * Where a received term lives. A small message is moved into the receiver's heap when first looked
 * at, and its malloc'd block is freed when it is taken: the next send finds it in the allocator's
 * cache. A large one, or one behind many that did not match, stays where it is and its whole
 * fragment joins the heap when taken. Nothing is moved between looking and taking, so that what a
 * pattern bound stays valid. */
#include "proc/mailbox.h"

#include "proc/seq_token.h"
#include "proc/signal.h"
#include "proc/signal_receive.h"
#include "runtime/term/copy.h"
#include "runtime/term/mem.h"
#include "runtime/term/ref.h"

/* Larger messages are adopted; at most so many not yet taken lie in the heap. */
enum { MOVE_WORDS_MOST = 64, IN_HEAP_QUEUE_MOST = 256, IN_HEAP_MOST = 16, SIP_MOST = 8 };

void mailbox_init(Mailbox *mailbox)
{
    memset(mailbox, 0, sizeof *mailbox);
    mailbox->last = mailbox->save = &mailbox->first;
}

/* ---- senders ---- */

Message *message_create(size_t words)
{
    Fragment *fragment = fragment_create(words + MESSAGE_HEAD_WORDS);
    if (UNLIKELY(fragment == NULL)) {
        return NULL;
    }
    Message *message = (Message *) fragment;
    message->header = HEADER(KIND_raw, MESSAGE_HEAD_WORDS - 1);
    message->value = TERM_NONE;
    message->kind = SIGNAL_MESSAGE;
    message->flags = 0;
    message->top = message->data;
    return message;
}

/* Large terms are copied without being measured, into as much room as the last one of this thread
 * took: such messages come in series. NULL: it did not fit, or fits far too well. */
static _Thread_local size_t large_words;

static Message *message_of_large(Term term)
{
    Message *message = large_words == 0 ? NULL : message_create(large_words);
    if (message == NULL) {
        return NULL;
    }
    message->value = term_copy_within(term, &message->top, message->data + large_words,
                                      &message->off_heap, &message->off_heap_bytes);
    size_t words = (size_t) (message->top - message->data);
    if (message->value == TERM_NONE || words < large_words - large_words / 8) {
        message_destroy(message);
        return NULL;
    }
    large_words = words;
    return message;
}

Message *message_of(Term term)
{
    return message_of_most(term, SIZE_MAX);
}

Message *message_of_most(Term term, size_t most_words)
{
    enum { LARGE_WORDS = 512 };
    size_t words;
    if (UNLIKELY(term_copy_is_over(term, LARGE_WORDS, &words))) {
        Message *large = large_words <= most_words ? message_of_large(term) : NULL;
        if (large != NULL) {
            return large;
        }
        if (most_words == SIZE_MAX) {
            words = term_copy_words(term);
        } else if (term_copy_is_over(term, most_words, &words)) {
            return NULL;
        }
        large_words = words;
    }
    Message *message = message_create(words);
    if (LIKELY(message != NULL)) {
        message->value = words == 0 ? term
                                    : term_copy_to(term, &message->top, &message->off_heap,
                                                   &message->off_heap_bytes);
    }
    return message;
}

Message *message_of_flat(Term term)
{
    Message *message = message_create(term_flat_words(term));
    if (message != NULL) {
        message->value =
            term_copy_flat_to(term, &message->top, &message->off_heap, &message->off_heap_bytes);
    }
    return message;
}

void message_destroy(Message *message)
{
    if (UNLIKELY(message->flags & MESSAGE_SEQ_TOKEN)) {
        seq_token_release((SeqToken *) message->top[1]);
    }
    fragment_destroy((Fragment *) message);
}

_Thread_local PushTally push_tally __attribute__((tls_model("initial-exec")));

static inline void tally(Mailbox *mailbox, const Message *before, const Message *message)
{
    PushTally *seen = &push_tally;
    if (seen->last_to != mailbox) {
        seen->last_to = mailbox;
    } else {
        seen->repeated++;
        if (before != seen->last && before != NULL) {
            seen->crossed++;
            seen->crossed_at = mailbox;
        }
    }
    seen->last = message;
    seen->all++;
}

PushResult mailbox_push(Mailbox *mailbox, Message *message)
{
    ASSERT(((AO_t) message & INBOX_FLAGS) == 0);
    AO_t old;
    do {
        old = AO_load(&mailbox->inbox);
        if (UNLIKELY(old & INBOX_CLOSED)) {
            return PUSH_CLOSED;
        }
        message->next = (Message *) (old & ~(AO_t) INBOX_FLAGS);
        /* Full. Release, for mailbox_drain: the owner must see message->next and the copied term.
         * Acquire, for mailbox_park: the thread that runs the owner next hears of it from us, so
         * what the parking thread wrote must reach us first. No ABA: if the word is back to the
         * value we read, it is the list we want, whatever happened between. */
    } while (
        !AO_compare_and_swap_full(&mailbox->inbox, old, (AO_t) message | (old & INBOX_TIMEOUT)));
    tally(mailbox, (const Message *) (old & ~(AO_t) INBOX_FLAGS), message);
    return old & INBOX_PARKED ? PUSH_WAKE : PUSH_OK;
}

PushResult mailbox_push_timeout(Mailbox *mailbox)
{
    AO_t old;
    do {
        old = AO_load(&mailbox->inbox);
        if (old & INBOX_CLOSED) {
            return PUSH_CLOSED;
        }
        /* Full: as in mailbox_push. */
    } while (!AO_compare_and_swap_full(&mailbox->inbox, old,
                                       (old & ~(AO_t) INBOX_PARKED) | INBOX_TIMEOUT));
    return old & INBOX_PARKED ? PUSH_WAKE : PUSH_OK;
}

bool mailbox_is_parked(const Mailbox *mailbox)
{
    /* What this thread pushed before is not in the word any more: who parked had taken it out. */
    return AO_load_acquire(&mailbox->inbox) == INBOX_PARKED;
}

/* ---- owner: the inbox ---- */

bool mailbox_park(Mailbox *mailbox)
{
    /* Full. Release, for the push that wakes: what this thread did to the process must reach the
     * thread that runs it next. */
    return AO_compare_and_swap_full(&mailbox->inbox, 0, INBOX_PARKED);
}

/* Oldest first. Counts them, and those that are signals. */
static Message *reverse(AO_t word, uint32_t *count, uint32_t *signals)
{
    Message *newest = (Message *) (word & ~(AO_t) INBOX_FLAGS);
    Message *oldest = NULL;
    while (newest != NULL) {
        Message *next = newest->next;
        newest->next = oldest;
        *signals += newest->kind != SIGNAL_MESSAGE;
        ++*count;
        oldest = newest;
        newest = next;
    }
    return oldest;
}

Message *mailbox_close(Mailbox *mailbox)
{
    /* Full. Acquire: pairs with mailbox_push. Nobody pushes after this. */
    uint32_t count = 0, signals = 0;
    return reverse(atomic_swap_full(&mailbox->inbox, INBOX_CLOSED), &count, &signals);
}

static inline void append(Mailbox *mailbox, Message *message)
{
    message->next = NULL;
    *mailbox->last = message;
    mailbox->last = &message->next;
    mailbox->count++;
}

volatile AO_t mailbox_long_count = UINT32_MAX;

static inline void grew(Process *p)
{
    if (UNLIKELY(p->mailbox.count >= AO_load(&mailbox_long_count)) &&
        !(p->flags & PROCESS_LONG_QUEUE)) {
        process_hooks.queue_length(p);
    }
}

bool mailbox_drain(Process *p)
{
    Mailbox *mailbox = &p->mailbox;
    AO_t word = AO_load(&mailbox->inbox);
    if (word == 0) {
        return false;
    }
    ASSERT(!(word & (INBOX_PARKED | INBOX_CLOSED)));
    /* Full. Acquire, for mailbox_push: the messages as their senders left them. */
    word = atomic_swap_full(&mailbox->inbox, 0);
    if (word & INBOX_TIMEOUT) {
        p->flags |= PROCESS_TIMED_OUT;
    }
    uint32_t count = 0, signals = 0;
    Message *oldest = reverse(word, &count, &signals);
    if (LIKELY(signals == 0 && count > 0 && !(p->flags & (PROCESS_EXITING | PROCESS_TRACED)))) {
        *mailbox->last = oldest;
        mailbox->last = &((Message *) (word & ~(AO_t) INBOX_FLAGS))->next;
        mailbox->count += count;
        grew(p);
        return true;
    }
    for (Message *message = oldest; message != NULL;) {
        Message *next = message->next;
        if (UNLIKELY(message->kind != SIGNAL_MESSAGE || p->flags & PROCESS_EXITING)) {
            message = signal_receive(p, message);
        }
        if (message != NULL) {
            ASSERT(message->kind == SIGNAL_MESSAGE);
            if (UNLIKELY(p->flags & PROCESS_TRACED)) {
                process_hooks.traced(p, TRACED_RECEIVE, message->value);
            }
            append(mailbox, message);
        }
        message = next;
    }
    grew(p);
    return true;
}

/* ---- owner: examining ---- */

/* Moves the objects of a message into the heap: they lie densely, a header word tells a boxed
 * object from a cons. */
static void move_into_heap(Process *p, Message *message)
{
    Space *space = &p->heap.space;
    Term *from = message->data, *end = message->top, *to = space->top;
    uintptr_t base = (uintptr_t) from, size = (uintptr_t) end - base;
    uintptr_t delta = (uintptr_t) to - base;
    while (from < end) {
        Term word = *from;
        size_t terms = 2; /* a cons */
        if (term_is_header(word)) {
            Kind kind = header_kind(word);
            size_t raw = kind_raw_words[kind];
            size_t words = header_words(word);
            if (raw == KIND_ALL_RAW) {
                raw = words;
            }
            *to = word;
            memcpy(to + 1, from + 1, raw * sizeof(Term));
            if (kind == KIND_refc_binary || kind == KIND_magic) {
                to[1] = (Term) space->off_heap;
                space->off_heap = to;
            }
            from += 1 + raw;
            to += 1 + raw;
            terms = words - raw;
        }
        for (; terms > 0; terms--) {
            Term t = *from++;
            if (term_is_pointer(t) && (uintptr_t) term_pointer(t) - base < size) {
                t += delta;
            }
            *to++ = t;
        }
    }
    space->off_heap_bytes += message->off_heap_bytes;
    if (UNLIKELY(space->off_heap_bytes > space->off_heap_limit)) {
        p->heap.needs_collection = true;
    }
    message->off_heap = NULL;
    message->off_heap_bytes = 0;
    if (term_is_pointer(message->value) && (uintptr_t) term_pointer(message->value) - base < size) {
        message->value += delta;
    }
    space->top = to;
}

static void prepare(Process *p, Message *message)
{
    message->flags |= MESSAGE_PREPARED;
    const Mailbox *mailbox = &p->mailbox;
    size_t words = (size_t) (message->top - message->data);
    if (words == 0 || words > MOVE_WORDS_MOST || mailbox->in_heap_count >= IN_HEAP_MOST) {
        return;
    }
    if (mailbox->count > IN_HEAP_QUEUE_MOST && message != mailbox->first) {
        return; /* collections look for them from the front on */
    }
    if (words > (size_t) (p->heap.space.limit - p->heap.space.top)) {
        /* Soon, so that not one fragment after the other is adopted and has to be looked up. */
        p->heap.needs_collection = true;
        return;
    }
    move_into_heap(p, message);
    message->flags |= MESSAGE_IN_HEAP;
    p->mailbox.in_heap_count++;
}

Message *mailbox_peek(Process *p)
{
    Message *message = *p->mailbox.save;
    if (UNLIKELY(message == NULL)) {
        uint32_t before = p->mailbox.count;
        mailbox_drain(p);
        message = *p->mailbox.save;
        if (message == NULL) {
            return NULL;
        }
        push_tally.sips += p->mailbox.count - before <= SIP_MOST;
    }
    if (UNLIKELY(p->flags & PROCESS_STOP)) {
        return NULL;
    }
    if (!(message->flags & MESSAGE_PREPARED)) {
        prepare(p, message);
    }
    return message;
}

void mailbox_next(Process *p)
{
    ASSERT(*p->mailbox.save != NULL);
    p->mailbox.save = &(*p->mailbox.save)->next;
}

/* ---- where references were made ---- */

static void move_marks(OldMarks *old, Message **from, Message **to)
{
    for (uint32_t i = 0; i < COUNT_OF(old->marks); i++) {
        if (old->marks[i].link == from) {
            old->marks[i].link = to;
        }
    }
}

/* The latest mark gives way to another. It is kept when it leaves anything out. */
static void keep_mark(Process *p)
{
    Mailbox *mailbox = &p->mailbox;
    if (mailbox->mark_number == 0 || mailbox->mark == &mailbox->first) {
        return;
    }
    ProcessExtra *extra = process_extra(p);
    if (extra->old_marks == NULL) {
        extra->old_marks = mem_alloc_zero(sizeof *extra->old_marks);
    }
    OldMarks *old = extra->old_marks;
    old->marks[old->next] = (struct OldMark){mailbox->mark_number, mailbox->mark};
    old->next = (old->next + 1) % COUNT_OF(old->marks);
}

void mailbox_mark_number(Process *p, uint64_t number)
{
    keep_mark(p);
    p->mailbox.mark_number = number;
    p->mailbox.mark = p->mailbox.last;
}

void mailbox_mark(Process *p, Term ref)
{
    mailbox_mark_number(p, ref_number(ref));
}

void mailbox_unmark(Process *p, uint64_t number)
{
    Mailbox *mailbox = &p->mailbox;
    OldMarks *old = p->extra == NULL ? NULL : p->extra->old_marks;
    for (uint32_t i = 0; old != NULL && i < COUNT_OF(old->marks); i++) {
        if (old->marks[i].number == number) {
            old->marks[i].number = 0;
        }
    }
    if (mailbox->mark_number != number) {
        return;
    }
    mailbox->mark_number = 0;
    if (old != NULL) { /* the one before it is the latest again */
        uint32_t newest = (old->next + COUNT_OF(old->marks) - 1) % COUNT_OF(old->marks);
        if (old->marks[newest].number != 0) {
            mailbox->mark_number = old->marks[newest].number;
            mailbox->mark = old->marks[newest].link;
            old->marks[newest].number = 0;
            old->next = newest;
        }
    }
}

/* The link from which on there may be messages with this reference. */
static Message **link_of_ref(Process *p, uint64_t number)
{
    Mailbox *mailbox = &p->mailbox;
    if (mailbox->mark_number == number) {
        return mailbox->mark;
    }
    OldMarks *old = p->extra == NULL ? NULL : p->extra->old_marks;
    for (uint32_t i = 0; old != NULL && i < COUNT_OF(old->marks); i++) {
        if (old->marks[i].number == number) {
            return old->marks[i].link;
        }
    }
    return &mailbox->first;
}

void mailbox_start_from(Process *p, Term ref)
{
    p->mailbox.save = term_is_local_ref(ref) ? link_of_ref(p, ref_number(ref)) : &p->mailbox.first;
}

/* Every pointer to the link `from` moves to `to`. */
static void move_links(Process *p, Message **from, Message **to)
{
    Mailbox *mailbox = &p->mailbox;
    if (mailbox->last == from) {
        mailbox->last = to;
    }
    if (mailbox->mark == from) {
        mailbox->mark = to;
    }
    if (mailbox->save == from) {
        mailbox->save = to;
    }
    if (UNLIKELY(p->extra != NULL && p->extra->old_marks != NULL)) {
        move_marks(p->extra->old_marks, from, to);
    }
}

static Message *unlink_message(Process *p, Message **link)
{
    Message *message = *link;
    *link = message->next;
    move_links(p, &message->next, link);
    p->mailbox.count--;
    return message;
}

/* The message left the queue; its value stays valid in the heap. */
static void keep_value(Process *p, Message *message)
{
    if (message->flags & MESSAGE_IN_HEAP) {
        p->mailbox.in_heap_count--;
        message_destroy(message);
    } else if (message->top == message->data) {
        message_destroy(message);
    } else {
        heap_adopt(&p->heap, (Fragment *) message);
    }
}

void mailbox_take(Process *p)
{
    Mailbox *mailbox = &p->mailbox;
    Message *message = unlink_message(p, mailbox->save);
    if (UNLIKELY((message->flags & MESSAGE_SEQ_TOKEN) |
                 (p->flags & (PROCESS_SEQ_TOKEN | PROCESS_LONG_QUEUE | PROCESS_TRACED)))) {
        if (p->flags & PROCESS_TRACED) {
            process_hooks.traced(p, TRACED_TAKEN, TERM_NONE);
        }
        if (p->flags & PROCESS_LONG_QUEUE) {
            process_hooks.queue_length(p);
        }
        if (message->flags & MESSAGE_SEQ_TOKEN || p->flags & PROCESS_SEQ_TOKEN) {
            seq_token_receive(p, message);
        }
    }
    keep_value(p, message);
    mailbox->save = &mailbox->first;
    p->flags &= ~(uint32_t) PROCESS_TIMED_OUT;
}

void mailbox_reset(Process *p)
{
    p->mailbox.save = &p->mailbox.first;
    p->flags &= ~(uint32_t) PROCESS_TIMED_OUT;
}

/* ---- owner: the rest ---- */

/* A tuple whose element `at` is the local reference of this number. */
static bool has_ref_at(Term t, size_t at, uint64_t number)
{
    if (!term_is_tuple(t) || tuple_arity(t) <= at) {
        return false;
    }
    Term element = tuple_elements(t)[at];
    return term_is_local_ref(element) && ref_number(element) == number;
}

Term mailbox_take_reply(Process *p, uint64_t number)
{
    mailbox_drain(p);
    if (p->flags & PROCESS_STOP) {
        return TERM_NONE;
    }
    Message **link = link_of_ref(p, number);
    for (; *link != NULL; link = &(*link)->next) {
        if (tuple_has_arity((*link)->value, 2) && has_ref_at((*link)->value, 0, number)) {
            Message *message = unlink_message(p, link);
            Term value = message->value;
            keep_value(p, message);
            mailbox_unmark(p, number);
            return tuple_elements(value)[1];
        }
    }
    return TERM_NONE;
}

bool mailbox_flush_down(Process *p, uint64_t number)
{
    Mailbox *mailbox = &p->mailbox;
    mailbox_drain(p);
    for (Message **link = &mailbox->first; *link != NULL; link = &(*link)->next) {
        if (tuple_has_arity((*link)->value, 5) && has_ref_at((*link)->value, 1, number)) {
            Message *message = unlink_message(p, link);
            if (message->flags & MESSAGE_IN_HEAP) {
                mailbox->in_heap_count--;
            }
            message_destroy(message);
            return true;
        }
    }
    return false;
}

size_t mailbox_words(const Mailbox *mailbox)
{
    size_t words = 0;
    for (const Message *message = mailbox->first; message != NULL; message = message->next) {
        words += message->flags & MESSAGE_IN_HEAP ? 0 : (size_t) (message->top - message->data);
    }
    return words;
}

size_t mailbox_length(Process *p)
{
    mailbox_drain(p);
    return p->mailbox.count;
}

/* The fragment becomes the heap's; a message of its head alone stays in the queue. */
static bool adopt_message(Process *p, Message **link)
{
    Message *message = *link;
    if (message->top != message->data) {
        Message *head = message_create(SEQ_ROOM_WORDS);
        if (head == NULL) {
            return false;
        }
        head->value = message->value;
        head->flags = message->flags;
        if (message->flags & MESSAGE_SEQ_TOKEN) {
            seq_token_move(message, head);
        }
        head->next = message->next;
        *link = head;
        move_links(p, &message->next, &head->next);
        heap_adopt(&p->heap, (Fragment *) message);
        message = head;
    }
    message->flags |= MESSAGE_IN_HEAP | MESSAGE_PREPARED;
    p->mailbox.in_heap_count++;
    return true;
}

bool mailbox_adopt(Process *p, Region region)
{
    for (Message **link = &p->mailbox.first; *link != NULL; link = &(*link)->next) {
        Message *message = *link;
        bool refers =
            (term_is_pointer(message->value) && region_has(region, term_pointer(message->value))) ||
            fragment_refers_to((const Fragment *) message, region);
        if (refers && !(message->flags & MESSAGE_IN_HEAP) && !adopt_message(p, link)) {
            return false;
        }
    }
    return true;
}

void mailbox_visit_roots(Mailbox *mailbox, GcVisitor *visitor)
{
    uint32_t left = mailbox->in_heap_count;
    for (Message *message = mailbox->first; left > 0; message = message->next) {
        if (message->flags & MESSAGE_IN_HEAP) {
            gc_visit(visitor, &message->value, 1);
            left--;
        }
    }
}

void mailbox_finish(Mailbox *mailbox)
{
    for (Message *message = mailbox->first; message != NULL;) {
        Message *next = message->next;
        message_destroy(message);
        message = next;
    }
    mailbox->first = NULL;
    mailbox->last = mailbox->save = &mailbox->first;
    mailbox->count = 0;
    mailbox->in_heap_count = 0;
}
