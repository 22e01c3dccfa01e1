/* compiler/jit/native_code.h
 * A function's native code, and what the compilers need of the rest of the machine.
 *
 * How native code stands to slot code: slot i is the word at SP - 8 * i, SP being the frame
 * pointer; at every call, safepoint and exit slots hold what the slot code would have put there.
 *   R_PROCESS  the process      R_HEAP  its heap's top
 *   R_ACTIVATION (R8)  what the entry stub keeps for C calls: NativeActivationLayout
 *   R_REDUCTIONS (R11) reductions left, as a 64-bit number
 *   R0  at a function's entry: its slot code's entry; at a return point: the value
 * Native code leaves for the interpreter by jumping to `leave` with R0 the kind of exit, R1 the
 * place in slot code, R2 a value. */
#ifndef MUSTER_JIT_NATIVE_CODE_H
#define MUSTER_JIT_NATIVE_CODE_H

#include "compiler/jit/machine.h"
#include "runtime/term/loaded.h"

enum { R_ACTIVATION = R8, R_REDUCTIONS = R11 };

/* A place of slot code at which the interpreter may enter native code, its slots in memory. */
typedef struct NativePlace {
    uint32_t slot_offset; /* in the module's code */
    uint32_t depth;       /* slots in use there, the frame word included */
    uint32_t native_offset;
} NativePlace;

typedef struct NativeCode {
    const uint8_t *start; /* where it runs: the entry, for native code */
    const Function *function;
    struct CacheBlock *block;
    struct NativeCode *older; /* of the same function: frames may still return into it */
    struct Guess *guesses;    /* that the code counts */
    const Function **inlined; /* whose code is part of it */
    uint32_t inlined_count;
    bool is_optimised;
    uint32_t body_offset; /* behind the entry's check of reductions and stack */
    uint32_t place_count;
    NativePlace places[]; /* by slot_offset */
} NativeCode;

/* Of the runtime: addresses and numbers that native code contains. */
typedef struct NativeRuntime {
    const void *leave;
    /* Instead of leaving, with R1 the place: where the instruction there raises an
     * exception; and where R2 is what the built-in of the call_bif there returned, TERM_NONE or
     * TERM_TRAP. Native code goes on at the handler, if that is native, else is left. */
    const void *raise, *special;
    /* kinds of exits */
    uint32_t exit_interpret, exit_call, exit_entry, exit_yield, exit_bif, exit_collect, exit_heap,
        exit_room;
    uint32_t exit_raised; /* made by `raise` */
    uint32_t exit_guess;  /* the guess in the activation failed, for its first argument */
    /* of the activation */
    uint32_t activation_args, activation_c_stack, activation_resume, activation_until_exit,
        activation_guess, activation_saved;
    uint32_t args_most;
    uint32_t live_by_safepoint;
    const bool *exit_stress; /* leave when until_exit instructions are done */
    const bool *check_code;  /* what is compiled must pass machine_check */
    /* C functions. The double whose bits are in *slot becomes a term. */
    void (*box_float)(Process *p, Term *slot);
    /* A tuple of so many words, of which those in the set are doubles yet. */
    Term (*build_tuple)(Process *p, const Term *elements, uint64_t count, uint64_t floats);
    /* Room for a few words where the heap is full. */
    Term *(*make_room)(Process *p, uint64_t words);
    /* Of the function that two atoms name; NULL: they are none. */
    const CodeExport *(*export_named)(Term module, Term function, uint32_t arity);
    /* math:sqrt/1, lists:reverse/1 and /2, '++': while the export has it, calls of it are not
     * traced. */
    BifFunction math_sqrt, list_reverse1, list_reverse2, list_append;
    BifFunction build_trace; /* the list of an exception's trace, for the function that runs */
    /* The builders answer TERM_NONE where the instruction fails. */
    Term (*build_map)(Process *p, Code instruction, const Term operands[]);
    Term (*bs_build)(Process *p, Code instruction, const Term operands[]);
    void (*receive_take)(Process *p); /* mailbox_take and the timer */
    /* An instruction that takes a part off the binary in the slots from `context` on: the value;
     * TERM_NONE: it fails. */
    Term (*bs_integer)(Process *p, Term *context, Code instruction);
    Term (*bs_byte)(Process *p, Term *context, Code instruction);
    Term (*bs_get)(Process *p, Term *context, Code instruction, Instruction which);
    Term (*bs_get_rest)(Process *p, Term *context, Code instruction);
    /* What is left of the binary in the slots from `context` on, from the position in *slot: a term
     * there. */
    void (*bs_make_rest)(Process *p, const Term *context, Term *slot);
    Term (*bs_utf)(Process *p, Term *context, Code instruction, Instruction which);
    Term (*bs_match)(Process *p, Term *context, Code instruction);
} NativeRuntime;

#endif
