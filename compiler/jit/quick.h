/* compiler/jit/quick.h
 * The quick tier: native code in one pass over slot code, everything native or a call of C or an
 * exit, no speculation. See quick_internal.h for how. */
#ifndef MUSTER_JIT_QUICK_H
#define MUSTER_JIT_QUICK_H

#include "compiler/jit/feedback.h"
#include "compiler/jit/native_code.h"

typedef struct QuickPlace {
    uint32_t slot_offset; /* in the module's code */
    uint32_t depth;
    MachineLabel label;
} QuickPlace;

typedef struct QuickResult {
    Machine machine;
    MachineLabel entry, body;
    QuickPlace *places; /* by slot_offset; the function's entry is not among them */
    uint32_t place_count;
    Code *return_points; /* payload i of m_return_point stands for return_points[i] */
    uint32_t return_point_count;
    Guess *guesses;           /* that it counts */
    const Function **inlined; /* whose code is part of it */
    uint32_t inlined_count;
    const Function **heirs; /* of those, who have its frame after a tail call, and need its words */
    uint32_t heir_count;
    uint32_t frame_words; /* that its frame needs; 0: as many as slot code's */
} QuickResult;

/* Writes `function` as machine-level code. False: it is too large. Any thread; the function's
 * module must not go away meanwhile. */
bool quick_compile(const Function *function, const NativeRuntime *runtime, QuickResult *result);
void quick_result_finish(QuickResult *result);

#endif
