/* proc/process.h
 * A process: its heap, what it executes, its mailbox, and the table that finds it by pid.
 *
 * One thread at a time owns a process: the one that runs it, or, while it is parked or queued, the
 * next that will. Everything in Process is the owner's, except
 *
 *   mailbox.inbox     senders (mailbox.h)
 *   registered_name   whoever registers it (registry.h): compare-and-swap
 *   handover          the thread that ran it and the one that resumes it (sched.h): fetch-and-add
 *   senders_home      schedulers whose processes flood it: relaxed
 *   timer             under the lock of its wheel (sched/timer.h)
 *   next              whoever holds it in a queue
 *   pid, parent       written before the process is published, never changed
 *
 * The table: slot = the low bits of the pid. A slot holds the Process or, when free, the serial of
 * its next user. Written with release by who spawns and who ends; read with acquire by anyone who
 * is inside an epoch (proc/thread.h): a Process found stays readable memory until the reader's next
 * quiescent point, dead or alive; a closed inbox tells a dead one. */
#ifndef MUSTER_PROC_PROCESS_H
#define MUSTER_PROC_PROCESS_H

#include "gc/heap.h"
#include "proc/mailbox.h"
#include "runtime/term/atom.h"

/* p->flags */
enum {
    PROCESS_EXITING = 1 << 0,   /* it ends at the next safepoint: return RUN_EXITED */
    PROCESS_SUSPENDED = 1 << 1, /* erlang:suspend_process: return RUN_SUSPENDED */
    PROCESS_TIMED_OUT = 1 << 2, /* the receive timer fired */
    PROCESS_TRAP_EXIT = 1 << 3,
    PROCESS_SENSITIVE = 1 << 4,
    PROCESS_OFF_HEAP_QUEUE = 1 << 5, /* message_queue_data: off_heap */
    PROCESS_MAX_HEAP_NO_KILL = 1 << 6,
    PROCESS_MAX_HEAP_NO_LOG = 1 << 7,
    PROCESS_WAITING = 1 << 8, /* parked in a receive (set by the scheduler) */
    PROCESS_SYSTEM = 1 << 9,  /* not counted, not listed */
    PROCESS_HIBERNATED = 1 << 10,
    PROCESS_ASYNC_DIST = 1 << 11,
    PROCESS_REASON_KEPT = 1 << 14, /* it refers to nobody's literals: an exit that takes long */
    PROCESS_BIF_FAILED = 1 << 15,  /* the built-in at pc raised already, on another thread */
    PROCESS_TRACED = 1 << 16,      /* ProcessExtra.trace_flags is not 0 */
    PROCESS_SEQ_TOKEN = 1 << 17,   /* ProcessExtra.seq_token is not NULL */
    PROCESS_LONG_QUEUE = 1 << 18,  /* who watches for long message queues was told of it */
    PROCESS_NO_REPORT = 1 << 13,   /* its end by an uncaught exception was reported already */
    /* Any of these: leave the interpreter at the next safepoint. */
    PROCESS_STOP = PROCESS_EXITING | PROCESS_SUSPENDED,
};

typedef enum Priority {
    PRIORITY_LOW,
    PRIORITY_NORMAL,
    PRIORITY_HIGH,
    PRIORITY_MAX,
    PRIORITY_COUNT
} Priority;

/* Embedded timer of `receive … after`; see sched/timer.h, whose wheel links it. */
typedef struct TimerNode TimerNode;
struct TimerNode {
    TimerNode *next, **link; /* under the wheel's lock; link NULL: not in a wheel */
    uint64_t deadline_ns;
    volatile unsigned wheel; /* which wheel it is in, and what kind it is; 0: none */
};

/* What other threads may know of the heap of a process that runs: as of its last collection. Stored
 * by the owner, read by all, relaxed; the three need not be of the same moment. */
typedef struct HeapFigures {
    volatile AO_t total_words, used_words, off_heap_bytes;
} HeapFigures;

struct Process {
    Heap heap; /* first: a Process is a Heap is a Space */

    /* ---- execution; meaning belongs to the interpreter ---- */
    const uint32_t *pc;
    Term *frame;                /* top frame; visit_frames relocates it when the stack moves */
    uint32_t live;              /* slots of it that hold terms while the process does not run */
    int32_t reductions;         /* left in this slice; counts down */
    uint64_t reductions_done;   /* in finished slices */
    struct ProcessExtra *extra; /* rare things; NULL until the first (process_extra) */
    Term exception_class, exception_reason, exception_trace; /* roots. Exit reason: see below */
    Term saved[4]; /* roots; for built-ins that continue later */

    uint32_t flags;
    uint8_t initial_arity;
    uint8_t priority;
    uint8_t scheduler; /* index of the one that ran it last */

    /* ---- from mailbox.inbox on: what others look at. In a line of its own, so that a sender
     * fetches one line, and one that the owner writes rarely. ---- */
    Mailbox mailbox;
    Term pid;
    volatile AO_t registered_name;             /* atom; 0: none; REGISTRY_CLOSED: it ended */
    Process *next;                             /* in a run queue, or in a list of the dead */
    Term parent;                               /* local pid, or `undefined` */
    Term group_leader;                         /* root: may be a pid of another node */
    uint32_t initial_module, initial_function; /* atom indices */

    TimerNode timer;
    volatile unsigned char handover;
    volatile unsigned short senders_home; /* see sched.c, "Crossing" */
    HeapFigures figures;                  /* process_publish_figures */
};
static_assert(sizeof(Process) <= 448, "an idle process must fit in 1 KiB with its block and slot");
static_assert(offsetof(Process, mailbox.inbox) % CACHE_LINE_BYTES == 0, "senders touch one line");

/* What few processes have. Owner only. */
typedef struct ProcessExtra {
    /* Dictionary: `dictionary_capacity` (a power of two or 0) pairs key, value; TERM_NONE: free.
     * All of it is a root. The functions below know the details. */
    Term *dictionary;
    uint32_t dictionary_count, dictionary_capacity;
    struct Relations *relations; /* links, monitors, aliases, timers: proc/relations.h */
    uint32_t suspend_count;
    uint32_t exit_stage; /* how far process_exit_step got */
    size_t exit_position;
    Term error_handler;                /* TERM_NONE: error_handler */
    OldMarks *old_marks;               /* mailbox.h; NULL until there is one */
    struct Tracee *tracees;            /* runtime/trace_session.h; ended by hooks.exited */
    uint32_t trace_flags;              /* of all of them together */
    struct SeqToken *seq_token;        /* proc/seq_token.h */
    uint64_t seq_previous, seq_serial; /* of the message it took last; the highest it knows */
} ProcessExtra;

typedef struct SpawnOptions SpawnOptions;

typedef enum TracedEvent {
    TRACED_RECEIVE,   /* the message has come */
    TRACED_TAKEN,     /* a receive took one; nothing may be built */
    TRACED_TIMED_OUT, /* or none */
    TRACED_LINKED,    /* by that process */
    TRACED_UNLINKED,
} TracedEvent;

/* Set once at start, before the first process. */
typedef struct ProcessHooks {
    /* Roots of frames and registers; moves p->frame when the stack moved. */
    void (*visit_frames)(Process *p, GcVisitor *visitor);
    /* Sets pc, frame, live for `options`; `args` lie in the child's heap. Between its top and its
     * stack_top there is room for `options->stack_words`; space.limit may have to be lowered. */
    void (*first_frame)(Process *child, const SpawnOptions *options, const Term args[],
                        size_t count);
    /* Makes a process runnable again (sched). Any thread. */
    void (*wake)(Process *p);
    /* A process ends: free what runtime/ keeps for it. Its heap and extra still exist; called once,
     * before its links and monitors hear. `reason` TERM_NONE: the machine ends, only free (see
     * processes_finish). May be NULL. */
    void (*exited)(Process *p, Term reason);
    /* A process is about to end: cancel its receive timer and timer `ref_number` (sched). */
    void (*cancel_receive_timer)(Process *p);
    void (*cancel_timer)(uint64_t ref_number);
    /* A signal (exit, link, unlink, monitor, demonitor) to a local port; takes it over. False:
     * there is no such port, and the message is still the caller's. May be NULL. */
    bool (*port_signal)(Term port, struct Message *message);
    /* An event of sequential tracing that the token says is to be told: SEQ_SEND or SEQ_RECEIVE. */
    void (*sequenced)(uint32_t event, const struct SeqToken *token, Term to, Term message);
    /* The message queue has reached mailbox_long_count, or shrank while the process had
     * PROCESS_LONG_QUEUE. Owner. */
    void (*queue_length)(Process *p);
    /* Something happened to a process that has PROCESS_TRACED. Owner. */
    void (*traced)(Process *p, TracedEvent event, Term what);
} ProcessHooks;
extern ProcessHooks process_hooks;

/* ---- the machine ---- */

enum { PROCESSES_DEFAULT = 1 << 20, PROCESSES_MOST = 1 << 27 };
/* Defaults of new processes (system_flag). Any thread may read. */
extern uint32_t process_min_heap_words; /* of block: heap and stack together */
extern uint16_t process_fullsweep_after;
extern size_t process_max_heap_words;
extern uint32_t process_max_heap_flags; /* PROCESS_MAX_HEAP_* */

/* Once, at start. Sizes the table (address space only) for at most `max_processes`. */
void processes_init(size_t max_processes);
/* After sched_stop, by a thread inside thread_enter: frees every process without telling anyone,
 * and all that waits for reclamation. */
void processes_finish(void);
size_t processes_limit(void);
/* Exact while nothing spawns or ends. */
size_t processes_count(void);
/* Fills `pids` (room for `capacity`) with the processes alive, in table order; returns how many
 * there are, which may be more than `capacity`. Exiting ones are not listed. */
size_t processes_list(Term pids[], size_t capacity);
/* Calls `visit` for each process struct in the table; inside an epoch. For crash dumps and --stats:
 * reads of other threads' fields are racy there. */
void processes_each(void (*visit)(Process *p, void *state), void *state);

/* ---- finding ---- */

/* Any thread inside an epoch. NULL: no such process (or not a local pid). */
Process *process_find(Term pid);
/* erlang:is_process_alive is a request (signal.h) when this says true. */
bool process_exists(Term pid);

/* ---- making ---- */

struct SpawnOptions {
    Term module, function; /* initial call, atoms */
    uint32_t arity;
    Term fun;             /* TERM_NONE: module:function; else it is copied as one more argument */
    const void *entry;    /* for first_frame: where to begin */
    uint32_t stack_words; /* room that first_frame needs */
    bool link;
    bool monitor;
    uint8_t alias; /* AliasMode of the monitor */
    Term tag;      /* monitor's tag instead of 'DOWN'; TERM_NONE: none */
    uint8_t priority;
    uint16_t fullsweep_after;
    uint32_t min_heap_words;
    size_t max_heap_words;
    uint32_t flags;    /* PROCESS_OFF_HEAP_QUEUE, PROCESS_MAX_HEAP_*, PROCESS_SYSTEM */
    Term group_leader; /* TERM_NONE: the parent's */
};
void spawn_options_init(SpawnOptions *options);

/* Makes a process with copies of `args` in its heap, not yet runnable: enqueue it (sched_spawned);
 * read its pid before that. `parent` may be NULL (then options->group_leader must be set). With
 * `options->monitor`, `*monitor_ref` is built in the parent's heap. NULL: too many processes or no
 * memory: system_limit. With options->fun set, first_frame gets it as args[count]. Does not
 * collect. */
Process *process_spawn(Process *parent, const SpawnOptions *options, const Term args[],
                       size_t count, Term *monitor_ref);

/* ---- ending ---- */

/* Owner: marks the process as ending for `reason` (copied nowhere: a term of its own heap; kept in
 * exception_reason). The interpreter then returns RUN_EXITED. */
void process_exit(Process *p, Term reason);
/* Owner, in the scheduler, after RUN_EXITED: tells links and monitors, frees. False: there is
 * more to do: yield, and call again. True: `p` is gone. */
bool process_exit_step(Process *p);

/* ---- roots, dictionary, the rest ---- */

void process_visit_roots(Process *p, GcVisitor *visitor);
/* For heap_make_room and its kin. */
GcRoots process_roots(Process *p);
ProcessExtra *process_extra(Process *p); /* makes it when absent */

Term process_dictionary_get(Process *p, Term key); /* TERM_NONE: absent */
/* Returns the value before (TERM_NONE: none). */
Term process_dictionary_put(Process *p, Term key, Term value);
Term process_dictionary_erase(Process *p, Term key);
/* Pairs in order of insertion are not kept. Visits all; `visit` must not change the dictionary. */
void process_dictionary_each(Process *p, void (*visit)(Term key, Term value, void *state),
                             void *state);
void process_dictionary_clear(Process *p);

/* Memory of the process in bytes, as process_info(memory). Owner. */
size_t process_memory_bytes(Process *p);
/* Owner only, after a collection. */
void process_publish_figures(Process *p);
/* To stderr, for the debugger. */
void process_dump(Process *p);

#endif
