/* compiler/jit/encode.c
 * What the encoders share: going through the instructions, what lies behind the code, and putting
 * the finished code in its place. */
#include "compiler/jit/encode.h"

#include "runtime/term/mem.h"

static void encode_one(const EncoderTarget *target, Encoder *e, const MachineInstruction *i)
{
    if (i->op <= M_EXTEND) {
        target->move(e, i);
    } else if (i->op <= M_SUB_NEGATIVE) {
        target->integer(e, i);
    } else if (i->op <= M_MEMORY_SUB_NEGATIVE) {
        target->memory(e, i);
    } else if (i->op <= M_SELECT) {
        target->test(e, i);
    } else if (i->op <= M_COUNT_ONES) {
        target->integer(e, i);
    } else if (i->op <= M_FLOAT_TO_BITS) {
        target->floats(e, i);
    } else {
        target->control(e, i);
    }
}

uint32_t encoder_double(Encoder *e, uint64_t bits)
{
    uint32_t at = 0;
    while (at < e->double_count && e->doubles[at] != bits) {
        at++;
    }
    if (at < e->double_count) {
        return e->double_labels[at];
    }
    if (at == e->double_capacity) {
        e->double_capacity = e->double_capacity == 0 ? 16 : e->double_capacity * 2;
        e->doubles = mem_realloc(e->doubles, e->double_capacity * sizeof *e->doubles);
        e->double_labels =
            mem_realloc(e->double_labels, e->double_capacity * sizeof *e->double_labels);
    }
    e->doubles[at] = bits;
    e->double_labels[at] = layout_label(&e->layout);
    e->double_count++;
    return e->double_labels[at];
}

bool encoder_reaches(const Encoder *e, uintptr_t target, int64_t reach)
{
    int64_t from_low = (int64_t) (target - e->options->low);
    int64_t from_high = (int64_t) (target - e->options->high);
    return e->options->low != e->options->high && from_low <= reach && from_low >= -reach &&
           from_high <= reach && from_high >= -reach;
}

static void put_data(Encoder *e, const void *bytes, uint32_t size)
{
    memcpy(layout_room(&e->layout, size), bytes, size);
    e->layout.count += size;
}

/* Tables of jumps and constants, behind the code. */
static void encode_data(const EncoderTarget *target, Encoder *e, const Machine *m)
{
    static const uint32_t distance = 0;
    if (m->table_count > 0) {
        layout_item(&e->layout, LAYOUT_ALIGN, sizeof distance, 0);
    }
    for (uint32_t i = 0; i < m->table_count; i++) {
        const MachineTable *table = &m->tables[i];
        layout_bind(&e->layout, e->table_labels[i]);
        for (uint32_t each = 0; each < table->count; each++) {
            layout_fixup(&e->layout, target->table_fixup, table->labels[each], e->table_labels[i]);
            put_data(e, &distance, sizeof distance);
        }
    }
    if (e->double_count > 0) {
        layout_item(&e->layout, LAYOUT_ALIGN, sizeof e->doubles[0], 0);
    }
    for (uint32_t i = 0; i < e->double_count; i++) {
        layout_bind(&e->layout, e->double_labels[i]);
        put_data(e, &e->doubles[i], sizeof e->doubles[i]);
    }
}

static void encode(const EncoderTarget *target, const Machine *m, const MachineOptions *options,
                   MachineCode *code)
{
    Encoder e = {.options = options};
    e.table_labels = mem_alloc((m->table_count + 1) * sizeof *e.table_labels);
    layout_begin(&e.layout, m);
    for (uint32_t i = 0; i < m->table_count; i++) {
        e.table_labels[i] = layout_label(&e.layout);
    }
    for (uint32_t i = 0; i < m->count; i++) {
        layout_room(&e.layout, target->instruction_bytes_max);
        layout_instruction(&e.layout);
        encode_one(target, &e, &m->code[i]);
    }
    layout_instruction(&e.layout);
    encode_data(target, &e, m);
    layout_end(&e.layout, &target->layout, code);
    mem_free(e.table_labels);
    mem_free(e.doubles);
    mem_free(e.double_labels);
}

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
        encode(&encoder_x86, m, options, code);
        break;
    case TARGET_ARM64:
        encode(&encoder_arm64, m, options, code);
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
    features |= __builtin_cpu_supports("avx") ? MACHINE_AVX : 0;
    /* gcc 12 has no name for lzcnt; processors got it with BMI1 or earlier. */
    features |= __builtin_cpu_supports("bmi") ? MACHINE_LZCNT : 0;
#endif
    return features;
}
