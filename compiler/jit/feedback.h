/* compiler/jit/feedback.h
 * What the optimised tier knows of a function besides its code.
 *
 * Profiles: now and then, while its quick code runs, a process looks at what the function has in
 * its slots where it begins or loops: which kinds of values, and of which parts.
 *
 * Guesses: each check that optimised code makes because of what it took for likely counts how often
 * it was wrong, and of which kinds the values were. A function whose guesses fail too often is
 * compiled again, with all that was learned.
 *
 *   field                    written by             read by          order
 *   Guess.count, kinds, fun  any scheduler          compiler         relaxed: late news do no harm
 *   profiles of a function   any scheduler          compiler         under the lock of thread.c */
#ifndef MUSTER_JIT_FEEDBACK_H
#define MUSTER_JIT_FEEDBACK_H

#include <stdatomic.h>

#include "compiler/jit/kinds.h"
#include "runtime/term/loaded.h"

/* What was taken for likely. */
typedef enum GuessReason {
    GUESS_LEFT, /* the kind of an operand of the instruction */
    GUESS_RIGHT,
    GUESS_RESULT, /* that its result is a small integer */
    GUESS_LOOP,   /* the kind of a slot where a loop begins */
    GUESS_ENTRY,  /* the same where the interpreter enters it */
    GUESS_FUN,    /* which fun is called */
    GUESS_ALIGNED /* that bits are taken from where a byte begins */
} GuessReason;

/* Which funs were met; more than that: many. */
enum { FUNS_MOST = 2 };
typedef struct FunsSeen {
    const FunEntry *funs[FUNS_MOST];
    uint32_t count; /* FUNS_MOST + 1: many */
} FunsSeen;
void funs_seen_add(FunsSeen *seen, const FunEntry *fun);

typedef struct Guess {
    struct Guess *next; /* of the same native code */
    const Function *function;
    Code origin; /* the instruction, which may be of an inlined function */
    uint16_t slot;
    uint8_t reason;
    uint16_t expected;      /* kinds; 0: not said so */
    _Atomic uint16_t kinds; /* of values that it failed for */
    _Atomic uint32_t count;
    _Atomic(const FunEntry *) fun; /* GUESS_FUN: the first that it failed for */
} Guess;

/* Adds one to the list. */
Guess *guess_create(Guess **list, const Function *function, Code origin, GuessReason reason,
                    uint32_t slot);
void guess_destroy_all(Guess *list);
/* It failed for `value` (TERM_NONE: for its result); how often it did, now included. */
uint32_t guess_failed(Guess *guess, Term value);

/* ---- profiles ---- */

enum { PROFILE_NODES = 64, PROFILE_SLOTS = 16, PROFILE_PARTS = 8 };

/* Values seen at one place, joined. Part 0 of a list are its heads. Node 0 is no node. */
typedef struct ProfileNode {
    uint16_t kinds;
    uint8_t parts[PROFILE_PARTS];
    FunsSeen funs;
} ProfileNode;

typedef struct Profile {
    struct Profile *next; /* of the function */
    Code place;
    uint32_t count; /* of nodes */
    uint8_t slots[PROFILE_SLOTS];
    ProfileNode nodes[PROFILE_NODES];
} Profile;

/* Adds what slots 1 … of the frame hold, those of them in `is_live`. */
void profile_look(Profile *profile, const Term *frame, uint32_t slots, uint64_t is_live);

#endif
