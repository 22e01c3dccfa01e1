/* compiler/jit/optimise.h
 * The optimised tier: slot code through the intermediate language (ssa.h) to machine-level code, in
 * the form that the quick tier's has. */
#ifndef MUSTER_JIT_OPTIMISE_H
#define MUSTER_JIT_OPTIMISE_H

#include "compiler/jit/quick.h"
#include "compiler/jit/ssa.h"

/* NULL, or why it cannot be optimised (quick code does it all): static text. *put_off: it can be,
 * but had better be later. Any thread; the function's module must not go away meanwhile. */
const char *optimise_compile(const OptimiserInput *input, const NativeRuntime *runtime,
                             QuickResult *result, bool *put_off);
/* Code of `f`, which was through all passes. */
void ssa_emit(Ssa *f, const NativeRuntime *runtime, QuickResult *result);

#endif
