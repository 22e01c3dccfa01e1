/* compiler/jit/thread.h
 * Compiling functions when they are hot: a queue, and a thread of its own that starts with the
 * first request. What it made is published by stores into the function's header (see CodeHeader),
 * so that schedulers never wait. */
#ifndef MUSTER_JIT_THREAD_H
#define MUSTER_JIT_THREAD_H

#include "compiler/jit/feedback.h"
#include "compiler/jit/native_code.h"
#include "compiler/jit/ssa.h"

typedef struct JitStats {
    uint64_t requests, functions,
        failures;                         /* asked for, compiled, refused (too large, cache full) */
    uint64_t slot_code_bytes, code_bytes; /* of what was compiled, and what became of it */
    uint64_t place_bytes;
    uint64_t compile_ns;
    uint64_t optimised,
        again; /* of those compiled: by the optimised tier; because guesses failed */
} JitStats;

/* Quick code alone; optimised code for what quick code runs long; optimised code at once. */
typedef enum JitTier { JIT_QUICK, JIT_BOTH, JIT_OPTIMISED } JitTier;
/* Once, at start. `clock_ns` times compilations. `wait`: who asks for code compiles it, at once. */
void jit_start(const NativeRuntime *runtime, uint64_t (*clock_ns)(void), JitTier tier, bool wait);
/* No thread afterwards; requests are ignored. */
void jit_stop(void);
/* Any thread: the function is hot, and has no native code. */
void jit_request(Function *function);
/* Any thread: the function's native code was running, and is at its entry or loop `at`, with that
 * frame. */
void jit_sample(Function *function, Code at, const Term *frame);
/* Any thread. The function is compiled again when that happens often. */
void jit_guess_failed(Guess *guess, Term value);
/* The module goes: none of its functions will be compiled, or is being compiled, afterwards. */
void jit_forget_module(const LoadedModule *module);
/* The function is interpreted from now on: its native code (NULL: it has none) is the caller's to
 * keep. Frames of it go on in that code. `interpret`: what its header leads to instead. */
NativeCode *jit_withhold(Function *function, const void *interpret);
/* The end of that: as before. */
void jit_release(Function *function, NativeCode *native);
/* Frees the native code of its functions, in which nobody runs. */
void jit_free_module(LoadedModule *module);
void jit_stats(JitStats *stats);
/* Until nothing is being compiled, or waits for it. */
void jit_settle(void);
/* What the optimiser would be given now: of profiles and failed guesses. */
void jit_input(const Function *function, OptimiserInput *input);

#endif
