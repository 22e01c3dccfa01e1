/* proc/mailbox.h
 * A mailbox: many senders, one owner. Senders push messages and signals to one inbox, lock-free;
 * the owner moves the whole inbox to a private queue, handling signals on the way. What one sender
 * pushes stays in order.
 *
 *   field             written by         read by    order
 *   inbox             senders, owner     all        compare-and-swap full on both sides
 *   everything else   owner (the thread that runs the process)
 *
 * The inbox word is the newest message (16-aligned) with flags in its low bits, so that parking,
 * the receive timeout and closing are handshakes inside one word:
 *   INBOX_PARKED   the owner waits; who clears the flag must make the process runnable
 *   INBOX_TIMEOUT  the receive timer fired
 *   INBOX_CLOSED   the process is gone; push fails
 *
 * Rejected: a queue with a swapped tail (Vyukov): a sender stopped between its two writes hides
 * later mail, and parking needs a second word. */
#ifndef MUSTER_PROC_MAILBOX_H
#define MUSTER_PROC_MAILBOX_H

#include "gc/heap.h"
#include "proc/atomic.h"

typedef struct Process Process;
typedef struct Message Message;

/* One message or signal: a Fragment whose first object is a `raw` one with the fields below, so
 * that once adopted by a heap it is like any other fragment. The term and what else the signal
 * carries lie in `data`. Owned by the sender until pushed, then by the receiver. */
struct Message {
    Message *next; /* = Fragment.next */
    size_t words;
    Term *top;
    Term *off_heap;
    size_t off_heap_bytes;
    Term header;   /* HEADER(KIND_raw, 2) */
    Term value;    /* the message; for signals see signal.h */
    uint32_t kind; /* SignalKind */
    uint32_t flags;
    Term data[];
};
enum { MESSAGE_HEAD_WORDS = 3 };
static_assert(offsetof(Message, header) == offsetof(Fragment, data), "a Message is a Fragment");
static_assert(offsetof(Message, data) == offsetof(Fragment, data) + MESSAGE_HEAD_WORDS * 8,
              "a Message is a Fragment");

/* Message.flags, owner's use: its value lies in the receiver's heap (and is a root), not here. */
enum { MESSAGE_IN_HEAP = 1, MESSAGE_PREPARED = 2 };
/* And set by who sends: it has a token of sequential tracing (seq_token.h); no process sent it. */
enum { MESSAGE_SEQ_TOKEN = 1 << 5, MESSAGE_OF_MACHINE = 1 << 6 };

enum { INBOX_PARKED = 1, INBOX_TIMEOUT = 2, INBOX_CLOSED = 4, INBOX_FLAGS = 15 };

typedef struct Mailbox {
    Message *first;         /* private queue: messages only, oldest first */
    Message **last;         /* its last link */
    Message **save;         /* the link to the next message to be examined */
    uint32_t count;         /* messages in the private queue */
    uint32_t in_heap_count; /* of them flagged MESSAGE_IN_HEAP */
    uint64_t mark_number;   /* a reference, by number; 0: none */
    Message **mark;         /* the last link when that reference was made */
    volatile AO_t inbox;    /* last: in Process it begins the line that senders touch */
} Mailbox;

enum { OLD_MARKS = 8 };
typedef struct OldMarks {
    struct OldMark {
        uint64_t number; /* 0: none */
        Message **link;
    } marks[OLD_MARKS];
    uint32_t next; /* the one to be overwritten */
} OldMarks;

/* Queues of so many messages are long: process_hooks.queue_length. UINT32_MAX: none is. Relaxed. */
extern volatile AO_t mailbox_long_count;

void mailbox_init(Mailbox *mailbox);

/* ---- senders ---- */

/* A message with room for `words` of terms beyond its head; NULL when there is no memory. */
Message *message_create(size_t words);
/* A message that holds a copy of `term`; NULL when there is no memory. */
Message *message_of(Term term);
/* The same of a term of at most so many words; NULL also when there are more, which is found out
 * without looking at all of them. */
Message *message_of_most(Term term, size_t most_words);
/* For one that is kept instead of sent: without literals of others (runtime/term/literal.h). */
Message *message_of_flat(Term term);
void message_destroy(Message *message);

typedef enum PushResult {
    PUSH_OK,
    PUSH_WAKE,   /* the owner was parked: making it runnable is now your job */
    PUSH_CLOSED, /* the process is gone; the message is still yours */
} PushResult;
/* Any thread. Takes over `message` unless PUSH_CLOSED. */
PushResult mailbox_push(Mailbox *mailbox, Message *message);
/* Any thread: the receive timer fired. */
PushResult mailbox_push_timeout(Mailbox *mailbox);

/* What this thread's traffic was like since somebody set the first three back (the scheduler does,
 * at each slice): how often it pushed to the same mailbox as before, how often another thread's
 * message had come between, the last time to `crossed_at`, and how often a process that had run out
 * of messages found but a few. */
typedef struct PushTally {
    uint32_t repeated, crossed, sips;
    Mailbox *crossed_at; /* valid while crossed is not 0, inside the same epoch */
    const Mailbox *last_to;
    const Message *last; /* compared only */
    uint64_t all;        /* pushes ever */
} PushTally;
extern _Thread_local PushTally push_tally __attribute__((tls_model("initial-exec")));

/* Any thread. True: the owner waits, and has taken in all that was pushed; signals were handled. */
bool mailbox_is_parked(const Mailbox *mailbox);

/* ---- owner ---- */

/* The next message not yet examined by this receive; its `value` stays valid (it may lie outside
 * the heap until taken) and so do parts of it after mailbox_take. NULL: none; the inbox was drained
 * and its signals were handled. On NULL look at p->flags: PROCESS_EXITING: return RUN_EXITED.
 * PROCESS_SUSPENDED: return RUN_SUSPENDED. PROCESS_TIMED_OUT: the receive timer fired; take the
 * `after` branch. Otherwise return RUN_WAITING and peek again when run next. While suspended or
 * exiting it returns NULL although there are messages. Builds in the heap (no collection). */
Message *mailbox_peek(Process *p);
/* The message last peeked does not match: go on with the one after it. */
void mailbox_next(Process *p);
/* Removes the message last peeked, ends this receive: the next begins at the oldest message, and
 * the timeout is forgotten (cancel the timer yourself if it is armed, see sched/timer.h). */
void mailbox_take(Process *p);
/* Begins at the oldest message again; forgets a fired timeout: after `after`, or when an exception
 * leaves a receive. */
void mailbox_reset(Process *p);

/* The reference optimisation. mailbox_mark: `ref` was made just now: no message already in the
 * private queue can contain it. mailbox_start_from: begin this receive there, when `ref` is one of
 * the last few remembered; else at the oldest message. Marks other than the latest lie in
 * ProcessExtra, and only those that leave messages out. */
void mailbox_mark(Process *p, Term ref);
void mailbox_mark_number(Process *p, uint64_t number); /* by the reference's number */
/* Nobody waits for that reference any more: its mark is forgotten. */
void mailbox_unmark(Process *p, uint64_t number);
void mailbox_start_from(Process *p, Term ref);

/* Messages of the private queue that refer to addresses of `region` become the heap's, with their
 * values as roots. Not while the process runs. False: no memory. */
bool mailbox_adopt(Process *p, Region region);
/* Moves what senders pushed to the private queue and handles signals. Called by mailbox_peek, by
 * the scheduler before each slice, and by built-ins whose signals to self must take effect at
 * once (exit(self(), …), process_flag). Returns true when something arrived. */
bool mailbox_drain(Process *p);
/* Parks: true: the process is idle, and one later push says PUSH_WAKE. False: something came
 * first; drain again. The thread must not touch the process after true. */
bool mailbox_park(Mailbox *mailbox);
/* Closes the inbox for good and returns what was in it, oldest first. */
Message *mailbox_close(Mailbox *mailbox);

/* The answer to a request (see signal.h): takes the message {Ref, Answer} with this reference's
 * number out of the queue, wherever it is, and returns Answer; TERM_NONE: not there yet (look at
 * p->flags as after mailbox_peek). */
Term mailbox_take_reply(Process *p, uint64_t ref_number);
/* Number of messages, those in the inbox drained first; process_info(messages) walks `first`. */
size_t mailbox_length(Process *p);
void mailbox_visit_roots(Mailbox *mailbox, GcVisitor *visitor);
/* Words of the private queue's messages that are not in the heap. Owner. */
size_t mailbox_words(const Mailbox *mailbox);
/* Frees every message. Owner, when the process ends. */
void mailbox_finish(Mailbox *mailbox);

#endif
