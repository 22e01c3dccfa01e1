/* runtime/muster.h
 * Muster inside another program: a machine of Erlang processes that a C or C++ program (C99,
 * C++11) starts, hands code and messages, receives from, lends functions, and stops. Link with
 * libmuster. This header is all there is to include.
 *
 *     muster_start(NULL);
 *     muster_load(source, strlen(source), "greeter.erl", NULL);
 *     MusterSpace *space = muster_space_create();
 *     MusterTerm name = muster_atom("world"), answer;
 *     if (muster_call("greeter", "greet", &name, 1, space, -1, &answer) == MUSTER_VALUE) { … }
 *     muster_space_destroy(space);
 *     muster_stop();
 *
 * One machine a program: after muster_stop it can be started again. Between the two any thread of
 * the program may call any of these functions, unless it says otherwise; none is called before
 * muster_start. The machine's processes run on threads of its own. */
#ifndef MUSTER_H
#define MUSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the machine ---- */

/* Zero-initialise it: all zero is the default. */
typedef struct MusterOptions {
    unsigned schedulers; /* threads that run processes; 0: one for each processor */
    bool no_smp;         /* one scheduler, with a fixed schedule */
    bool has_seed;       /* chance comes from `seed` */
    uint64_t seed;
    size_t max_heap_bytes;        /* memory of each process; 0: no limit */
    size_t max_processes;         /* 0: 1,048,576 */
    const char *const *code_path; /* directories searched for modules (NAME.mbc, NAME.erl) */
    size_t code_path_count;
} MusterOptions;

/* Starts the machine with its library; `options` may be NULL. False: it runs already, a number is
 * out of range, or a call that blocks for ever was left behind by muster_stop. Of an earlier
 * machine stay loaded code, registered functions, the code path, atoms. Before the first machine
 * only muster_version is of use: there are no atoms yet, and nothing can be registered. */
bool muster_start(const MusterOptions *options);
/* Blocks until a process calls erlang:halt or another thread muster_stop. Returns the exit code.
 * The program goes on: a machine that has halted runs no process, and is to be stopped. */
int muster_wait(void);
/* Halts the machine if nobody did, writes out what was printed, and ends its threads, processes,
 * tables, ports and open files, all that was theirs. Programs behind ports see the end of their
 * input. Returns the exit code (0 when nobody halted). Terms in spaces of the host stay readable;
 * its mailboxes are still to be destroyed. A function of the host that blocks is waited for, at
 * most a second. No other thread may be inside the machine; not from a built-in. */
int muster_stop(void);
const char *muster_version(void);

/* ---- terms ----
 * A MusterTerm is an Erlang value. Atoms, pids, the empty list, small integers and most floats are
 * complete in the word; others lie in the space they were built in or received into, and live
 * until that is destroyed. Terms never change. A term of one space may not be an element of a term
 * of another that outlives it: use muster_copy. */
typedef uint64_t MusterTerm;
/* No value: "there is none", "it failed". Never an Erlang value; not to be passed on. */
#define MUSTER_NONE ((MusterTerm) 95)

/* Memory for terms. One thread at a time. */
typedef struct MusterSpace MusterSpace;
MusterSpace *muster_space_create(void);
/* Frees all terms in it. Not for the space of a call. */
void muster_space_destroy(MusterSpace *space);

/* Builders. MUSTER_NONE: the argument is not possible (named each time) or memory is out. */
MusterTerm muster_atom(const char *name); /* UTF-8, at most 255 characters */
MusterTerm muster_integer(MusterSpace *space, int64_t value);
MusterTerm muster_float(MusterSpace *space, double value); /* finite */
MusterTerm muster_binary(MusterSpace *space, const void *bytes, size_t size_bytes);
MusterTerm muster_string(MusterSpace *space,
                         const char *text); /* valid UTF-8: a list of characters */
MusterTerm muster_tuple(MusterSpace *space, const MusterTerm elements[], size_t count);
MusterTerm muster_list(MusterSpace *space, const MusterTerm elements[], size_t count);
MusterTerm muster_cons(MusterSpace *space, MusterTerm head, MusterTerm tail);
MusterTerm muster_nil(void);
/* `count` times a key and its value; of equal keys the last counts. */
MusterTerm muster_map(MusterSpace *space, const MusterTerm pairs[], size_t count);
/* Erlang text, such as "{ok, [1, <<\"two\">>, #{three => 3.0}]}". NONE: it is no term. */
MusterTerm muster_from_text(MusterSpace *space, const char *text);
/* Erlang's external term format. NONE: the bytes are no term. */
MusterTerm muster_from_external(MusterSpace *space, const void *bytes, size_t size_bytes);
MusterTerm muster_copy(MusterSpace *space, MusterTerm term);

typedef enum MusterKind {
    MUSTER_INTEGER,
    MUSTER_FLOAT,
    MUSTER_ATOM,
    MUSTER_TUPLE,
    MUSTER_LIST, /* [] as well */
    MUSTER_MAP,
    MUSTER_BINARY,
    MUSTER_BITSTRING, /* not a whole number of bytes */
    MUSTER_FUNCTION,
    MUSTER_PID,
    MUSTER_PORT,
    MUSTER_REFERENCE
} MusterKind;
MusterKind muster_kind(MusterTerm term);

/* Readers. False or NULL: the term is of another kind. */
bool muster_get_integer(MusterTerm term, int64_t *value); /* false also: over 64 bits */
bool muster_get_float(MusterTerm term, double *value);    /* integers too, where exact or not */
const char *muster_get_atom(MusterTerm term);             /* UTF-8, lives as long as the machine */
/* The bytes live as long as the term, and as `space`, where they go when they must be moved. */
bool muster_get_binary(MusterSpace *space, MusterTerm term, const uint8_t **bytes,
                       size_t *size_bytes);
/* Characters of a string, or of iodata, or of an atom, as UTF-8 that ends in a NUL. muster_free. */
char *muster_get_string(MusterTerm term, size_t *size_bytes);
/* Elements of a tuple, associations of a map, bytes of a binary, elements of a proper list; else
 * 0. */
size_t muster_size(MusterTerm term);
MusterTerm muster_element(MusterTerm tuple, size_t index); /* from 0; NONE: there is no such one */
/* Takes the first element off a list: *list becomes the rest. False: it is no list, or its end. */
bool muster_next(MusterTerm *list, MusterTerm *head);
MusterTerm muster_map_get(MusterTerm map, MusterTerm key); /* NONE: absent */
/* The associations as a list of {Key, Value}, in no particular order. */
MusterTerm muster_map_pairs(MusterSpace *space, MusterTerm map);
bool muster_equal(MusterTerm a, MusterTerm b);  /* =:= */
int muster_compare(MusterTerm a, MusterTerm b); /* Erlang's order: negative, 0, positive */
/* As io:format's ~w would print it. muster_free. */
char *muster_to_text(MusterTerm term);
/* Erlang's external term format. muster_free. */
uint8_t *muster_to_external(MusterTerm term, size_t *size_bytes);
/* Ends what functions above made. NULL is allowed. */
void muster_free(void *block);

/* ---- code ---- */

/* Loads a module: bytecode as `muster compile` writes it, or Erlang source text; `name` stands for
 * the file in messages. Runs its on_load function. The module's name, an atom; MUSTER_NONE: it was
 * refused, and `*errors`, if asked for, says why (muster_free; NULL when there is nothing to say).
 * Blocks while it compiles. Not from a built-in that does not block. */
MusterTerm muster_load(const void *bytes, size_t size_bytes, const char *name, char **errors);

/* ---- processes ---- */

/* Spawns a process that calls module:function(arguments…), at most 255; they are copied. Its output
 * goes to standard output. The pid; MUSTER_NONE: there are too many processes. */
MusterTerm muster_spawn(const char *module, const char *function, const MusterTerm arguments[],
                        size_t count);
/* Sends a copy of `message` to a pid, or to who is registered under an atom. False: the name is not
 * registered, or `to` is neither. A process that has ended receives nothing, as in Erlang. */
bool muster_send(MusterTerm to, MusterTerm message);
/* Sends an exit signal, as erlang:exit/2. */
void muster_exit(MusterTerm pid, MusterTerm reason);
MusterTerm muster_whereis(const char *name); /* MUSTER_NONE: nobody */
bool muster_is_alive(MusterTerm pid);

typedef enum MusterOutcome {
    MUSTER_VALUE,     /* the result is what the function returned */
    MUSTER_EXCEPTION, /* the result is {Class, Reason} */
    MUSTER_TIMEOUT,   /* no result; the function still runs, or the machine halted */
    MUSTER_FAILED     /* there are too many processes */
} MusterOutcome;
/* Calls module:function(arguments…) in a process of its own and blocks until it has ended, at most
 * `timeout_ms` (negative: for ever). The result is built in `space`. Not from a built-in that does
 * not block. */
MusterOutcome muster_call(const char *module, const char *function, const MusterTerm arguments[],
                          size_t count, MusterSpace *space, int64_t timeout_ms, MusterTerm *result);

/* ---- receiving ----
 * A mailbox has a pid to which processes send; threads of the host take messages from it in the
 * order in which they arrived. Processes may link to it and monitor it: exit signals arrive as
 * {'EXIT', Pid, Reason}. */
typedef struct MusterMailbox MusterMailbox;
MusterMailbox *muster_mailbox_create(void); /* NULL: there are too many processes */
MusterTerm muster_mailbox_pid(const MusterMailbox *mailbox);
/* The next message, copied into `space`; waits for one at most `timeout_ms` (negative: for ever).
 * MUSTER_NONE: none came, or the machine halted. */
MusterTerm muster_receive(MusterMailbox *mailbox, MusterSpace *space, int64_t timeout_ms);
/* Its process ends and messages not taken are dropped. Nobody may be receiving. */
void muster_mailbox_destroy(MusterMailbox *mailbox);

/* ---- functions of the host ---- */

typedef struct MusterCall MusterCall; /* a call in progress; lives until the function returns */

/* Returns a term built in muster_call_space(call) or taken from `arguments`; or what muster_raise
 * returned. Runs on a thread of the machine, several at once when several processes call it. */
typedef MusterTerm (*MusterFunction)(MusterCall *call, const MusterTerm arguments[], void *data);

enum {
    /* It may block or take over a millisecond: it runs on a thread of a pool, and the process that
     * called waits while others go on. Without it the scheduler itself is held up. */
    MUSTER_BLOCKS = 1
};
/* Makes module:name/arity a built-in. Code reaches it by calls that name the module, from any
 * module; one of that name need not exist. False: it is a built-in of the machine or was registered
 * before, a name is impossible, or arity is over 255. */
bool muster_register(const char *module, const char *name, unsigned arity, MusterFunction function,
                     unsigned flags, void *data);
MusterSpace *muster_call_space(MusterCall *call);
MusterTerm muster_call_self(const MusterCall *call); /* the pid of the process that called */
/* An exception of class error; return its result from the function. */
MusterTerm muster_raise(MusterCall *call, MusterTerm reason);

#ifdef __cplusplus
}
#endif

#endif
