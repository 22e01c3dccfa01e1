/* compiler/jit/encode.c
 * What the encoders share: the finished code, and putting it in its place. */
#include "compiler/jit/machine.h"

#include "runtime/term/mem.h"

void machine_encode(const Machine *m, const MachineOptions *options, MachineCode *code)
{
    *code = (MachineCode){0};
    code->target = options->target;
    code->label_count = m->label_count;
    code->label_offsets = mem_alloc((m->label_count + 1) * sizeof *code->label_offsets);
    code->instruction_count = m->count;
    code->instruction_offsets = mem_alloc((m->count + 1) * sizeof *code->instruction_offsets);
    switch (options->target) {
    case TARGET_X86_64:
        encode_x86(m, options, code);
        break;
    case TARGET_ARM64:
        CHECK(!"an encoder for AArch64");
        break;
    }
}

void machine_code_place(const MachineCode *code, uint8_t *to, uintptr_t address)
{
    memcpy(to, code->bytes, code->size);
    for (uint32_t i = 0; i < code->relocation_count; i++) {
        const MachineRelocation *relocation = &code->relocations[i];
        int64_t distance = (int64_t) (relocation->target - (address + relocation->offset));
        uint8_t *at = to + relocation->offset;
        uint32_t word;
        if (code->target == TARGET_X86_64) {
            CHECK(distance - 4 == (int32_t) (distance - 4));
            word = (uint32_t) (distance - 4);
        } else {
            CHECK(distance >= -((int64_t) 1 << 27) && distance < (int64_t) 1 << 27);
            memcpy(&word, at, 4);
            word = (word & 0xFC000000) | ((uint32_t) (distance >> 2) & 0x03FFFFFF);
        }
        memcpy(at, &word, 4);
    }
}

void machine_code_finish(MachineCode *code)
{
    mem_free(code->bytes);
    mem_free(code->label_offsets);
    mem_free(code->instruction_offsets);
    mem_free(code->relocations);
    *code = (MachineCode){0};
}

uint32_t machine_features_here(void)
{
    uint32_t features = 0;
#if defined(__x86_64__)
    __builtin_cpu_init();
    features |= __builtin_cpu_supports("popcnt") ? MACHINE_POPCNT : 0;
    features |= __builtin_cpu_supports("bmi") ? MACHINE_BMI1 : 0;
    features |= __builtin_cpu_supports("bmi2") ? MACHINE_BMI2 : 0;
    /* gcc 12 has no name for lzcnt; processors got it with BMI1 or earlier. */
    features |= __builtin_cpu_supports("bmi") ? MACHINE_LZCNT : 0;
#endif
    return features;
}

/* The markers are the same in code of either architecture read here: what runs here wrote them. */
bool machine_return_point(const uint8_t *address, uint32_t *payload)
{
#if defined(__aarch64__)
    uint32_t words[2];
    memcpy(words, address, sizeof words);
    if ((words[0] & 0xFFE0001F) != 0xD280001F || (words[1] & 0xFFE0001F) != 0xD280001F) {
        return false; /* not movz xzr, low; movz xzr, high */
    }
    *payload = ((words[0] >> 5) & 0xFFFF) | ((words[1] >> 5) & 0xFFFF) << 16;
    return true;
#else
    if (memcmp(address, "\x0F\x1F\x84\x00", 4) != 0) { /* nop [rax + rax + payload] */
        return false;
    }
    memcpy(payload, address + 4, 4);
    return true;
#endif
}
