/* tests/fuzz/damage.h
 * Changes to a module's code that leave the rest of it whole: what hostile bytecode looks like that
 * gets as far as the verifier. */
#ifndef MUSTER_TESTS_DAMAGE_H
#define MUSTER_TESTS_DAMAGE_H

#include "compiler/bytecode/module.h"
#include "tests/fuzz/fuzz.h"

/* A label, a slot, a count: small numbers find more than others. */
static uint8_t likely_byte(uint64_t pick)
{
    return (uint8_t) (pick % 4 == 0 ? pick >> 8 : (pick >> 8) % 12);
}

static void damage_function(ModuleFunction *function, uint8_t *code, uint64_t *seed)
{
    uint64_t pick = fuzz_random(seed);
    if (function->code_size == 0) {
        return;
    }
    uint8_t *at = code + (pick >> 32) % function->code_size;
    switch (pick % 10) {
    case 0:
        if (function->label_count > 0) {
            function->labels[(pick >> 16) % function->label_count] =
                (uint32_t) ((pick >> 32) % (function->code_size + 1));
        }
        break;
    case 1:
        if (function->handler_count > 0) {
            ModuleHandler *handler = &function->handlers[(pick >> 16) % function->handler_count];
            uint32_t *fields[] = {&handler->start_label, &handler->end_label,
                                  &handler->target_label, &handler->depth};
            *fields[pick >> 8 & 3] = (uint32_t) ((pick >> 32) % function->label_count);
        }
        break;
    case 2:
        function->arity = (uint32_t) (pick >> 32) % 6;
        break;
    case 3:
        *at ^= (uint8_t) (1 << (pick >> 8 & 7));
        break;
    case 4: { /* two instructions' bytes change places */
        uint8_t *other = code + (pick >> 8) % function->code_size;
        uint8_t held = *at;
        *at = *other;
        *other = held;
        break;
    }
    default:
        *at = likely_byte(pick);
    }
}

static void damage_module(Module *module, uint64_t *seed)
{
    for (uint64_t i = 1 + fuzz_random(seed) % 3; i > 0 && module->function_count > 0; i--) {
        ModuleFunction *function = &module->functions[fuzz_random(seed) % module->function_count];
        damage_function(function, module->code + function->code_start, seed);
    }
    if (module->fun_count > 0 && fuzz_random(seed) % 20 == 0) {
        ModuleFun *fun = &module->funs[fuzz_random(seed) % module->fun_count];
        fun->free_count = (uint32_t) fuzz_random(seed) % 4;
    }
}

#endif
