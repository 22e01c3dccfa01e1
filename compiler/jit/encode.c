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
    case TARGET_NONE:
        CHECK(!"code for no processor");
        break;
    case TARGET_X86_64:
        encode_x86(m, options, code);
        break;
    case TARGET_ARM64:
        encode_arm64(m, options, code);
        break;
    }
    machine_stack_rows(m, code);
}

/* Completes the jump to an address at `relocation`. */
static void relocate(const MachineCode *code, const MachineRelocation *relocation, uint8_t *at,
                     uintptr_t address)
{
    int64_t distance = (int64_t) (relocation->target - (address + relocation->offset));
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

/* A marker is, on x86-64, nop [rax + rax + payload]; on AArch64 movz xzr, low; movz xzr, high. */
enum { ARM64_MARKER = 0xD280001F, ARM64_MARKER_MASK = 0xFFE0001F };

static bool marker_read(MachineTarget target, const uint8_t *at, uint32_t *payload)
{
    uint32_t words[2];
    memcpy(words, at, sizeof words);
    if (target == TARGET_X86_64) {
        *payload = words[1];
        return words[0] == 0x00841F0F;
    }
    *payload = ((words[0] >> 5) & 0xFFFF) | ((words[1] >> 5) & 0xFFFF) << 16;
    return (words[0] & ARM64_MARKER_MASK) == ARM64_MARKER &&
           (words[1] & ARM64_MARKER_MASK) == ARM64_MARKER;
}

static void marker_write(MachineTarget target, uint8_t *at, uint32_t payload)
{
    uint32_t words[2] = {0x00841F0F, payload};
    if (target == TARGET_ARM64) {
        words[0] = ARM64_MARKER | (payload & 0xFFFF) << 5;
        words[1] = ARM64_MARKER | (payload >> 16) << 5;
    }
    memcpy(at, words, sizeof words);
}

void machine_code_place(const MachineCode *code, uint8_t *to, uintptr_t address,
                        uint32_t first_point)
{
    memcpy(to, code->bytes, code->size);
    for (uint32_t i = 0; i < code->relocation_count; i++) {
        relocate(code, &code->relocations[i], to + code->relocations[i].offset, address);
    }
    for (uint32_t i = 0; i < code->return_point_count; i++) {
        uint8_t *at = to + code->return_points[i];
        uint32_t payload;
        CHECK(marker_read(code->target, at, &payload));
        marker_write(code->target, at, payload + first_point);
    }
}

bool machine_return_point(const uint8_t *address, uint32_t *payload)
{
    return marker_read(TARGET_HERE, address, payload);
}

void machine_code_finish(MachineCode *code)
{
    mem_free(code->bytes);
    mem_free(code->label_offsets);
    mem_free(code->instruction_offsets);
    mem_free(code->relocations);
    mem_free(code->return_points);
    mem_free(code->stack_rows);
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
