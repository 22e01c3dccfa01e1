/* compiler/jit/ssa_optimise.c
 * The passes, in order. */
#include "compiler/jit/optimise.h"
#include "compiler/jit/ssa_bits.h"

#include <stdio.h>

static void after(Ssa *f, const OptimiserInput *input, const char *pass)
{
    if (input->trace != NULL) {
        fprintf(input->trace, "-- %s\n", pass);
        ssa_dump(f, input->trace);
    }
#ifdef MUSTER_ASSERTS
    ssa_verify(f, pass);
#else
    if (input->trace != NULL) {
        ssa_verify(f, pass);
    }
#endif
}

void ssa_optimise(Ssa *f, const OptimiserInput *input)
{
    ssa_build(f, input);
    if (input->trace != NULL && f->code != NULL) {
        slot_code_dump(f->code, input->trace);
    }
    if (f->refused == NULL && f->waits && input->may_put_off) {
        f->refused = "it is put off until a loop that it calls is compiled";
    }
    if (f->refused != NULL) {
        return;
    }
    after(f, input, "build");
    ssa_take_apart(f);
    after(f, input, "parts");
    ssa_infer(f);
    after(f, input, "infer");
    ssa_simplify(f);
    after(f, input, "simplify");
    ssa_bits(f);
    ssa_simplify(f);
    after(f, input, "bits");
    ssa_float_phis(f);
    ssa_simplify(f);
    after(f, input, "floats");
    ssa_loops(f);
    ssa_simplify(f);
    after(f, input, "loops");
    ssa_prepare(f);
    ssa_order(f);
    after(f, input, "prepare");
}

const char *optimise_compile(const OptimiserInput *input, const NativeRuntime *runtime,
                             QuickResult *result, bool *put_off)
{
    const char *refused;
    Ssa f;
    ssa_init(&f, input->function);
    ssa_optimise(&f, input);
    refused = f.refused;
    *put_off = f.waits && input->may_put_off;
    if (refused == NULL) {
        ssa_emit(&f, runtime, result);
    }
    ssa_finish(&f);
    return refused;
}
