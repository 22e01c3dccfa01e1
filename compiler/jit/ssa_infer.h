/* compiler/jit/ssa_infer.h: private to ssa_infer.c and ssa_settle.c. */
#ifndef MUSTER_JIT_SSA_INFER_H
#define MUSTER_JIT_SSA_INFER_H

#include "compiler/jit/ssa.h"

typedef enum ArithMode {
    MODE_NONE,  /* an operand has no value */
    MODE_SMALL, /* small integers, guarded where they may be others */
    MODE_FLOAT, /* floats, and small integers that are known to be such */
    MODE_GENERIC
} ArithMode;

/* The kinds that a comparison takes an operand of unknown kind for; 0: it does not. */
uint32_t infer_beside(const SsaNode *node, uint32_t which);
/* MODE_FLOAT: is the operand taken for a float? If not it can be a small integer, too. */
bool infer_is_float(const SsaNode *node, uint32_t which);
/* It gives a float whatever numbers its operands are. */
static inline bool infer_gives_float(SsaArith which)
{
    return which == ARITH_DIVIDE || which == ARITH_SQRT;
}
ArithMode infer_mode(const SsaNode *node, Type a, Type b);
/* Of an operation on small integers; `fits`: there is no overflow, and nothing to raise. */
Type infer_small(SsaArith which, Type a, Type b, bool *fits);
SsaArith infer_arith(SsaOp op);
/* 1 it holds, 0 it does not, -1 nobody knows. */
int infer_test(const SsaNode *test);
/* What profiles saw of the value, from those that it is made of: its profile and shape. */
void infer_likely(const Ssa *f, SsaNode *node);
/* Makes the code what the types say (ssa_settle.c). */
void infer_settle(Ssa *f);

#endif
