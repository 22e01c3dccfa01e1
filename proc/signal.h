/* proc/signal.h
 * What processes tell each other besides messages: links, monitors, exits, aliases, group leader,
 * and requests. All travel through the receiver's inbox, so signals from one process to another
 * keep their order, messages included. They take effect when the receiver drains its inbox.
 *
 * `p` is always the calling process, run by the calling thread; it may be NULL where noted (the
 * machine itself, or a foreign thread inside an epoch). `to` must be local: callers send to other
 * nodes themselves. Signals to the caller itself are drained at once where Erlang says so; look at
 * p->flags afterwards. Woken processes are passed to process_hooks.wake. None collects. */
#ifndef MUSTER_PROC_SIGNAL_H
#define MUSTER_PROC_SIGNAL_H

#include "proc/process.h"

typedef enum SignalKind {
    SIGNAL_MESSAGE,
    SIGNAL_ALIAS_MESSAGE, /* data[0]: number of the alias */
    SIGNAL_EXIT,
    SIGNAL_LINK,
    SIGNAL_UNLINK,
    SIGNAL_UNLINK_ACK,
    SIGNAL_MONITOR,
    SIGNAL_DEMONITOR,
    SIGNAL_DOWN,
    SIGNAL_GROUP_LEADER,
    SIGNAL_RESUME,
    SIGNAL_REQUEST,
} SignalKind;

/* ---- messages ---- */

typedef enum SendResult {
    SEND_OK,        /* also when the receiver does not exist */
    SEND_NO_NAME,   /* no process has this name: badarg */
    SEND_BAD,       /* not a receiver at all: badarg */
    SEND_PORT,      /* a local port, or a name of one: in `*port` when not NULL */
    SEND_REMOTE,    /* a receiver at another node: nothing was done */
    SEND_NO_MEMORY, /* system_limit */
    SEND_LONG,      /* of process_send_most: it has more words; nothing was done */
} SendResult;
/* To a local pid, a registered name, {Name, node()}, or an alias. Copies `message`. p may be NULL.
 */
SendResult process_send(Process *p, Term to, Term message, Term *port);
/* The same for who has better places to copy more than so many words; aliases have no limit. */
SendResult process_send_most(Process *p, Term to, Term message, Term *port, size_t most_words);
/* How many words this thread's last process_send copied: what it should cost. */
extern _Thread_local size_t process_sent_words;
/* As process_send, for a message already made (its value set); takes it over in every case. */
void process_send_message(Term to_pid, Message *message);

/* This node's name, an atom; `nonode@nohost` until distribution says otherwise. */
extern volatile AO_t node_name;

/* ---- exit ---- */

/* exit(To, Reason). */
void process_send_exit(Process *p, Term to_pid, Term reason);

/* ---- links ---- */

/* False: no such process. The caller raises noproc or, when it traps exits, has been sent
 * {'EXIT', To, noproc} already. Linking to oneself does nothing. */
bool process_link(Process *p, Term to_pid);
void process_unlink(Process *p, Term to_pid);

/* ---- monitors and aliases ---- */

typedef enum AliasMode {
    ALIAS_NONE,
    ALIAS_EXPLICIT_UNALIAS,
    ALIAS_DEMONITOR,       /* goes with the monitor */
    ALIAS_REPLY_DEMONITOR, /* goes with the monitor or with the first message */
    ALIAS_REPLY,           /* alias([reply]) */
} AliasMode;
/* monitor(process, Object): a local pid, a name, or {Name, node()} given as name. Returns the new
 * reference, built in p's heap. `tag`: TERM_NONE for 'DOWN'. A process that does not exist gives a
 * DOWN message with noproc. mailbox_mark is called for the reference. */
Term process_monitor(Process *p, Term object, AliasMode alias, Term tag);
/* True: there was such a monitor of ours. `flush` also removes its message from the queue, if
 * there;
 * `*found_message` says so. Not a monitor of ours: false; the caller checks alias owner for badarg.
 */
bool process_demonitor(Process *p, Term ref, bool flush);
/* alias/1: a new reference built in p's heap. */
Term process_alias(Process *p, AliasMode mode);
/* unalias/1: false: it was no active alias of ours. */
bool process_unalias(Process *p, Term ref);

/* ---- group leader ---- */

/* False: no such process. */
bool process_set_group_leader(Process *p, Term of_pid, Term leader);

/* ---- requests: a C function run in the target's context ---- */

/* Runs on the thread that owns `target`, between two instructions. May build in target's heap,
 * may not collect or run it. `target` NULL: the process ended first. Takes over `request`, with
 * `argument` (a copy) inside it: end it by request_answer, now or later in the same process, or by
 * message_destroy. */
typedef void RequestCall(Process *target, Message *request, Term argument);
/* False: no such process. The answer arrives as a message {Ref, Answer}, where Ref has the number
 * put in `*ref_number` (mailbox_take_reply finds it); 0 when `ref_number` is NULL: none wanted. */
bool process_request(Process *p, Term to_pid, RequestCall *call, Term argument,
                     uint64_t *ref_number);
/* Sends a copy of `answer` to who asked, if an answer was wanted; frees the request. */
void request_answer(Message *request, Term answer);
/* Who asked (a pid), e.g. for garbage_collect with async: TERM_NONE when the machine did. */
Term request_from(Message *request);

/* suspend_process: the request is sent; answer `true` when suspended, `false` when it ended first.
 * False: no such process. The count of this caller rises. */
bool process_suspend(Process *p, Term pid, uint64_t *ref_number);
/* How often this caller has suspended it. */
uint32_t process_suspends_of(Process *p, Term pid);
/* resume_process. False: this caller has not suspended it. */
bool process_resume(Process *p, Term pid);
/* is_process_alive for a process that process_find gives: answers true or false. */
RequestCall process_alive_call;

/* ---- what a process is related to, for process_info. Owner. ---- */

typedef enum RelationKind {
    RELATION_LINK,      /* key: pid */
    RELATION_MONITOR,   /* key: reference number; we watch `other` (pid) by `name` or TERM_NONE */
    RELATION_WATCHER,   /* key: reference number; `other` (pid) watches us */
    RELATION_ALIAS,     /* key: reference number */
    RELATION_TIMER,     /* key: reference number */
    RELATION_SUSPENDED, /* key: pid, other: count; we suspended it */
} RelationKind;
void process_relations_each(Process *p, RelationKind kind,
                            void (*visit)(uint64_t key, Term other, Term name, void *state),
                            void *state);
size_t process_relations_count(Process *p, RelationKind kind);
/* A timer that dies with the process (sched/timer.c). */
void process_add_timer(Process *p, uint64_t ref_number, bool (*is_active)(uint64_t ref_number));

#endif
