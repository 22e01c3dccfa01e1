/* compiler/jit/ssa_emit.h
 * Writing machine-level code; private to ssa_emit*.c. See ssa_lower.h. */
#ifndef MUSTER_JIT_SSA_EMIT_H
#define MUSTER_JIT_SSA_EMIT_H

#include <stdlib.h>

#include "compiler/jit/call_code.h"
#include "compiler/jit/optimise.h"
#include "compiler/jit/ssa_lower.h"

typedef struct Exit Exit;
typedef struct GuessExit GuessExit;
typedef struct Slow Slow;

typedef struct Emitter {
    Lowering *l;
    Ssa *f;
    Machine m;
    const NativeRuntime *runtime;
    SsaNode *node; /* at hand; NULL: leaving */
    Code marked;   /* the last place of slot code that was marked */
    MachineLabel entry, body, entry_slow;
    Exit *exits;
    GuessExit *guess_exits;
    Guess *guesses;
    Slow *slows;
    uint32_t words; /* of the frame, all told */
    ReturnPoints return_points;
} Emitter;

static inline MachineMemory slot_memory(int32_t slot)
{
    return m_at(R_SP, -8 * slot);
}
/* The value in a register: its own, or `temporary`. */
MachineRegister emit_in(Emitter *e, SsaNode *value, MachineRegister temporary);
MachineFloat emit_in_float(Emitter *e, SsaNode *value, MachineFloat temporary);
/* Where to put the node's value; emit_done stores it where that is a temporary. */
MachineRegister emit_out(Emitter *e, const SsaNode *node);
MachineFloat emit_out_float(Emitter *e, const SsaNode *node);
void emit_done(Emitter *e, const SsaNode *node);
/* Leaves at the place of the node's frame, as `kind` says. */
MachineLabel emit_exit(Emitter *e, SsaNode *node, uint32_t kind);
/* Counts the node's reductions; leaves so where not so many are left. is_due: one of them at once.
 */
void emit_count(Emitter *e, SsaNode *node, uint32_t kind, bool is_due);
/* Leaves there to make room for so many words on the heap; native code goes on behind that where
 * the place is one at which it can. */
MachineLabel emit_room_exit(Emitter *e, SsaNode *node, uint32_t words);
/* The same where a guess was wrong, of `value` or (NULL) of the result; counted. */
MachineLabel emit_guess(Emitter *e, SsaNode *node, SsaNode *value);
/* As emit_exit once all of the frame is in memory: at a call. */
MachineLabel emit_exit_plain(Emitter *e, SsaNode *node);
/* All of the frame goes to memory: at calls in the main line, else where the code is left. */
void emit_stores(Emitter *e, const SsaNode *node);
/* Tuples in the frame that are there as PARTS (ssa_emit_parts.c): first their elements are put by,
 * then, when all else of the frame is in memory and no register is needed, C builds them. */
typedef struct PartsPlace PartsPlace;
const PartsPlace *emit_store_parts(Emitter *e, const SsaNode *node);
void emit_build_parts(Emitter *e, const PartsPlace *parts, const SsaNode *node);
/* How many words that takes, beyond those that spilled values have. */
uint32_t emit_count_parts(const Lowering *l);
/* A tuple for which there is no room yet. */
void emit_tuple_anywhere(Emitter *e, SsaNode *node);
/* The node's inputs, into the activation's array. */
void emit_arguments(Emitter *e, SsaNode *node);
/* On at `label` if the outcome is `when`. */
void emit_test(Emitter *e, SsaNode *test, bool when, MachineLabel label);
/* On at `label` unless the value (known to be of `type`) is of one of these kinds. */
void emit_kind_test(Emitter *e, MachineRegister value, Type type, uint32_t kinds, bool when,
                    MachineLabel label);
/* The term of parent, position and end. */
Term emit_view_by_c(Process *p, const Term inputs[], uint64_t unused);
void emit_bits_test(Emitter *e, SsaNode *test, bool when, MachineLabel label);
void emit_type_guard(Emitter *e, SsaNode *node);

/* A path out of the main line that calls C: writes registers that live, calls, and comes back. */
struct Slow {
    Slow *next;
    MachineLabel label, resume, other;
    void (*emit)(Emitter *e, const Slow *slow);
    SsaNode *node;
    uint32_t saved; /* registers to keep, R0 … */
    uint32_t saved_floats;
    uint8_t a, b, d;
    bool when;
    uint64_t number;
    const void *function;
};
Slow *emit_slow(Emitter *e, void (*emit)(Emitter *e, const Slow *slow));
/* Sets which registers `node` must leave alone. */
void emit_living(const SsaNode *node, Slow *slow);
/* Where a register is kept during a call of C: R0 … from 0 on, F0 … from 16 on. */
MachineMemory emit_save_memory(const Emitter *e, uint32_t which);
/* In a slow path: before and after the call of C. Afterwards R0 is the result; `d` is not restored.
 */
void emit_save(Emitter *e, const Slow *slow);
void emit_restore(Emitter *e, const Slow *slow);
/* NULL: the function whose address is in R0. */
void emit_c_call(Emitter *e, const void *function, bool builds);
/* All of the slow path of an instruction whose builder (NativeRuntime) fails to `other`. */
void emit_build_by_c(Emitter *e, const Slow *slow, const void *builder);
void emit_two_arguments(Emitter *e, MachineRegister a, MachineRegister b);

/* Calls the built-in with its arguments in the activation; R0 the result. function NULL: what the
 * export has now. */
void emit_builtin(Emitter *e, const SsaNode *node, const CodeExport *export, BifFunction function);

/* T0 = the sum (and so on) of ARITH's operands where one is an immediate float of a usual size, the
 * other another or a small integer, and so is the result; else on at `other`. */
void emit_float_arith(Emitter *e, SsaNode *node, MachineLabel other);

void emit_entry_check(Emitter *e, SsaBlock *block);

/* By kind of node. False: not of this file. */
bool emit_integer(Emitter *e, SsaNode *node);                       /* ssa_emit_integer.c */
bool emit_receive(Emitter *e, SsaNode *node);                       /* ssa_emit_receive.c */
bool emit_map(Emitter *e, SsaNode *node);                           /* ssa_emit_map.c */
bool emit_list(Emitter *e, SsaNode *node);                          /* ssa_emit_list.c */
bool emit_bits(Emitter *e, SsaNode *node);                          /* ssa_emit_bits.c */
bool emit_fields(Emitter *e, SsaNode *node);                        /* ssa_emit_fields.c */
bool emit_float(Emitter *e, SsaNode *node);                         /* ssa_emit_float.c */
bool emit_data(Emitter *e, SsaNode *node);                          /* ssa_emit_data.c */
bool emit_control(Emitter *e, SsaNode *node, const SsaBlock *next); /* ssa_emit_call.c */

#endif
