/* compiler/jit/ssa_lower.h
 * From the intermediate language to machine-level code; private to ssa_memory.c, ssa_regs.c and
 * ssa_emit*.c (ssa_emit.h).
 *
 *   ssa_memory.c  which slots hold which values where, so that an exit writes only what is missing
 *   ssa_regs.c    where values live; each has one place all its life
 *   ssa_join.c    which values had best share a place
 *   ssa_emit*.c   the code
 *
 * Registers: values live in LIVING registers; R0 and R7 (F13 and F14) are for the moment: spilled
 * operands, results on their way, scratch. Words of a frame beyond those that slot code uses hold
 * what found no register. */
#ifndef MUSTER_JIT_SSA_LOWER_H
#define MUSTER_JIT_SSA_LOWER_H

#include "compiler/jit/native_code.h"
#include "compiler/jit/ssa.h"
#include "proc/process.h"

enum {
    LIVING = 1u << R1 | 1u << R2 | 1u << R3 | 1u << R4 | 1u << R5 | 1u << R6 | 1u << R9 | 1u << R10,
    LIVING_FLOATS = (1u << 13) - 1
};
#define T0 R0
#define T1 R7
#define FT0 F13
#define FT1 F14

/* Values that share a place if they can: they never live at the same time. */
typedef struct SsaUnit {
    struct SsaUnit *into;  /* it is part of that one; NULL: it stands for itself */
    SsaNode *first, *last; /* linked by `joined` */
    SsaSpan *spans;
    uint32_t span_count;
    float worth;
    int32_t spill; /* where those that found no register are; -1: none yet */
} SsaUnit;

/* Order in which code is written; ends in cold blocks. */
typedef struct Lowering {
    Ssa *f;
    SsaBlock **layout;
    uint32_t layout_count;
    uint32_t position_count;
    uint32_t value_count;              /* the highest number */
    SsaNode **values;                  /* by number */
    SsaUnit *units;                    /* by number of a value */
    uint32_t spill_first, spill_count; /* slots */
} Lowering;

/* Sets `stores` of every node with a frame: what an exit, or a call, has to write. */
void lower_memory(Lowering *l);
/* Positions, registers. */
void lower_registers(Lowering *l);
/* Finds the units, once it is known where each value lives. */
void lower_join(Lowering *l);
/* The unit that the value belongs to. */
SsaUnit *lower_unit(const Lowering *l, const SsaNode *value);
/* How often the block is taken to run. */
float lower_weight(const SsaBlock *block);

/* Does the node take its inputs as conditions, to be tested where it is? */
static inline bool is_value(const SsaNode *node)
{
    SsaRep rep = ssa_rep(node);
    return (rep == REP_TERM || rep == REP_FLOAT) && node->op != SSA_CONST && node->op != SSA_RAW &&
           !ssa_is_built_by_exits(node);
}

/* Visits the values that go into the slots of its frame, or into the tuples there. */
void lower_each_stored(SsaNode *node, void (*visit)(SsaNode *value, void *state), void *state);

/* Visits the values that the node needs in registers: its inputs, those of the tests that it makes;
 * `late` ones are needed after it began to write its result. */
void lower_each_use(SsaNode *node, void (*visit)(SsaNode *value, bool late, void *state),
                    void *state);

#endif
