/* runtime/native.h
 * Native code beside the interpreter: entering it, leaving it, and finding what it stands for.
 *
 * Native code keeps the interpreter's frames: at every call, safepoint and exit each slot holds
 * what the slot code would have put there (see docs/ARCHITECTURE.md). It runs with the process
 * stack as machine stack, so scheduler threads block signals. It is left for the interpreter by an
 * *exit*, at an exact place of the slot code; the interpreter does what native code does not
 * (collects, raises, yields, waits) and enters native code again at the next border: a function's
 * entry, a loop, a return, a handler.
 *
 * Frame words are slot code addresses or native ones; native ones lie in the code cache. When the
 * interpreter enters native code in a frame whose word is slot code, it moves the frame down by a
 * word and puts a *bridge* in between, a frame of one word whose code goes back to the interpreter.
 */
#ifndef MUSTER_RUNTIME_NATIVE_H
#define MUSTER_RUNTIME_NATIVE_H

#include "compiler/jit/cache_points.h"
#include "proc/process.h"
#include "runtime/term/loaded.h"

#include <stdio.h>

typedef struct NativeOptions {
    bool off;
    /* To which functions are compiled: to quick code and, if they go on running, to optimised code;
     * to quick code alone; to optimised code at once. */
    enum { TIER_BOTH, TIER_QUICK, TIER_OPTIMISED } tier;
    int32_t threshold;  /* entries and loops until a function is compiled; 0: the default. 1: at the
                           first entry, and the process waits for it */
    size_t cache_bytes; /* most for code; 0: the default */
    bool stats;
    bool perf; /* names for perf: a map in the folder for temporary files */
} NativeOptions;
extern NativeOptions native_options; /* set before native_init */
extern bool native_exit_stress;      /* flags.def */
extern bool native_check_code;       /* the same */

/* Once, before any code is loaded. Where there can be no native code says why (once, to stderr) and
 * everything is interpreted. */
void native_init(void);
/* No compilation is under way afterwards. */
void native_stop(void);
void native_print_stats(void); /* --jit-stats */
/* Until all that is to be compiled is. */
void native_settle(void);
/* Shows the native code of the module's functions, or of those named so ("name" or "name/arity";
 * NULL: all). False: there is none of that name. */
bool native_show(const LoadedModule *module, const char *name, bool ir, FILE *out);

/* Of a stub: never counted, interpreted when native code calls it. */
void code_header_init(CodeHeader *header, uint32_t frame_words, uint32_t arity);
/* Of the stub of a pure built-in, after code_header_init: native code calls it without the
 * interpreter as long as all goes well. */
void code_header_built_in(CodeHeader *header);
/* Of a function: compiled when it is hot. */
void code_header_count(CodeHeader *header);

/* Addresses that native code may have: those of the cache. Empty: there is none. */
extern uintptr_t native_start, native_bytes;
static inline bool native_is_code(Code at)
{
    return (uintptr_t) at - native_start < native_bytes;
}
extern Code native_bridge; /* the frame word above a bridge */

/* A frame word as slot code: the return point that it stands for; NULL: that of a bridge, whose
 * frame has one slot and no function. */
static inline Code frame_return_point(Code frame_word)
{
    if (!native_is_code(frame_word)) {
        return frame_word;
    }
    return frame_word == native_bridge ? NULL : cache_point_at(frame_word);
}

/* Where native code stands for slot code: its address, and how many slots are in use there, the
 * frame word included. Address NULL: nowhere. */
typedef struct NativeTarget {
    const void *address;
    uint32_t depth;
} NativeTarget;
NativeTarget native_place(const Function *function, Code at);
/* The same of a function that is hot: its countdown is 0. Asks for compilation where need be. */
NativeTarget native_hot(CodeHeader *header, Code at);
/* A process used up its reductions in native code, at the entry or the loop at `at`: whose code is
 * found here now and then is worth more. */
void native_found(Code at, const Term *frame);
struct Guess;
/* What optimised code took for likely was not so. */
void native_guess_failed(struct Guess *guess, Term value);

/* A function whose calls are traced: interpreted, and each call of it asks (header->traced) until
 * native_untrace. What native_trace returns is to be handed to that. */
struct NativeCode *native_trace(Function *function);
void native_untrace(Function *function, struct NativeCode *native);
/* The same of a stub that stands before a function. */
void code_header_trace(CodeHeader *header);

/* ---- between interpret.c and native code ---- */

typedef enum NativeExitKind {
    EXIT_INTERPRET, /* go on at pc */
    EXIT_CALL,      /* enter the function at pc, which is not native; its frame is in place */
    EXIT_ENTRY,     /* a native function's entry, reductions counted: no reductions, or no stack */
    EXIT_YIELD,     /* pc is the target of a loop, reductions are used up */
    EXIT_RETURN,    /* to a bridge: the frame pointer is at its frame word */
    EXIT_COLLECT,   /* collect at pc, then go on there */
    EXIT_HEAP,      /* make room for `value` words, then go on at the activation's resume */
    EXIT_ROOM,      /* collect at pc for `value` words, then go on there, natively if it can be */
    EXIT_GUESS,     /* go on at pc; the activation's guess was wrong about its first argument */
    EXIT_RAISED, /* an exception was raised: pc is its handler's, or the activation's is_caught is
                    false */
    EXIT_BIF,    /* call_bif at pc was made (args are those): the value is special */
} NativeExitKind;
typedef struct NativeExit {
    uint64_t kind;
    Term value;
} NativeExit;
enum { NATIVE_SAVED = 32 };
typedef struct NativeActivation { /* of the interpreter, while native code runs in it */
    Term args[UINT8_MAX + 1];     /* of built-ins */
    void *c_stack;
    const void *resume; /* EXIT_HEAP */
    struct Guess *guess;
    uint64_t saved[NATIVE_SAVED]; /* registers, during calls of C that do not collect */
    bool is_caught;               /* EXIT_RAISED */
    int64_t until_exit;           /* MUSTER_DEBUG=exit_stress: instructions */
} NativeActivation;
/* Runs native code from `address` on, with p->frame as its stack pointer, until it exits. pc,
 * frame, top and reductions of the process are up to date afterwards. */
NativeExit native_enter(Process *p, const void *address, Term value, NativeActivation *activation);

#endif
