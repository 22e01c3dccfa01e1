/* tests/c/jit/encode_arm64_test.c
 * What the AArch64 encoder writes, read back by capstone on any machine: each instruction, with all
 * registers, all forms of memory, and constants of every form. That it means what it should is
 * machine_run_test.c's business, under an emulator (make check-arm64). */
#include "tests/c/jit/disassembly.h"

#include "tests/c/test.h"

#include <inttypes.h>

static const MachineOptions options = {TARGET_ARM64, 0, 0, 0};

static const char *const x[] = {"x8",  "x0",  "x1",  "x2",  "x3",  "x4",  "x5",  "x9",
                                "x20", "x21", "x22", "x23", "x19", "x24", "x28", "x16"};
static const char *const w[] = {"w8",  "w0",  "w1",  "w2",  "w3",  "w4",  "w5",  "w9",
                                "w20", "w21", "w22", "w23", "w19", "w24", "w28", "w16"};
static const char *const d_[] = {"d0",  "d1",  "d2",  "d3",  "d4",  "d5",  "d6", "d7",
                                 "d16", "d17", "d18", "d19", "d20", "d21", "d22"};

static void begin(void)
{
    assert_int_equal(cs_open(CS_ARCH_ARM64, CS_MODE_ARM, &disassembler), CS_ERR_OK);
}
static void end(void)
{
    cs_close(&disassembler);
}

#define EACH(r) (uint32_t r = 0; r < R_SCRATCH; r++)
#define EACH_FLOAT(r) (uint32_t r = 0; r < F_SCRATCH; r++)
#define I(...) ((MachineInstruction){__VA_ARGS__})

static const char *number(int64_t value)
{
    static char texts[4][32];
    static uint32_t turn;
    char *text = texts[turn++ % 4];
    uint64_t size = value < 0 ? -(uint64_t) value : (uint64_t) value;
    snprintf(text, 32, size > 9 ? "%s0x%" PRIx64 : "%s%" PRIu64, value < 0 ? "-" : "", size);
    return text;
}

TEST(sums_and_logic)
{
    static const struct {
        uint8_t op;
        const char *name;
        bool branches;
    } ops[] = {{M_ADD, "add", false},         {M_SUB, "sub", false}, {M_AND, "and", false},
               {M_OR, "orr", false},          {M_XOR, "eor", false}, {M_ADD_OVERFLOW, "adds", true},
               {M_SUB_OVERFLOW, "subs", true}};
    begin();
    for (uint32_t k = 0; k < COUNT_OF(ops); k++) {
        for
            EACH(d)
            {
            for
                EACH(a)
                {
                    const char *tail = ops[k].branches ? "; b.vs #8" : "";
                for
                    EACH(b)
                    {
                        EXPECT(I(.op = ops[k].op, .d = d, .a = a, .b = b), "%s %s, %s, %s%s",
                               ops[k].name, x[d], x[a], x[b], tail);
                    }
                tail = ops[k].branches ? "; b.vs #0xc" : "";
                EXPECT(I(.op = ops[k].op, .form = FORM_MEMORY, .d = d, .a = a,
                         .memory = m_at(R_SP, -16)),
                       "ldur x16, [x28, #-0x10]; %s %s, %s, x16%s", ops[k].name, x[d], x[a], tail);
                }
            }
    }
    for
        EACH(d)
        {
        for
            EACH(a)
            {
                EXPECT(
                    I(.op = M_SUB_NEGATIVE, .form = FORM_CONSTANT, .d = d, .a = a, .constant = 1),
                    "subs %s, %s, #1; b.mi #8", x[d], x[a]);
                EXPECT(I(.op = M_ADD, .form = FORM_CONSTANT, .d = d, .a = a, .constant = 4095),
                       "add %s, %s, #0xfff", x[d], x[a]);
                EXPECT(I(.op = M_ADD, .form = FORM_CONSTANT, .d = d, .a = a, .constant = -8),
                       "sub %s, %s, #8", x[d], x[a]);
                EXPECT(I(.op = M_SUB, .form = FORM_CONSTANT, .d = d, .a = a, .constant = 0x5000),
                       "sub %s, %s, #5, lsl #12", x[d], x[a]);
                EXPECT(I(.op = M_ADD, .form = FORM_CONSTANT, .d = d, .a = a, .constant = 0x5001),
                       "movz x16, #0x5001; add %s, %s, x16", x[d], x[a]);
                EXPECT(I(.op = M_AND, .form = FORM_CONSTANT, .d = d, .a = a, .constant = 7),
                       "and %s, %s, #7", x[d], x[a]);
                EXPECT(I(.op = M_XOR, .form = FORM_CONSTANT, .d = d, .a = a,
                         .constant = 0x5555555555555555),
                       "eor %s, %s, #0x5555555555555555", x[d], x[a]);
                EXPECT(I(.op = M_OR, .form = FORM_CONSTANT, .d = d, .a = a, .constant = 0x12345),
                       "movz x16, #0x2345; movk x16, #0x1, lsl #16; orr %s, %s, x16", x[d], x[a]);
            }
        }
    end();
}

/* Every constant that a logical operation can have, and what it then does. */
TEST(constants_of_logic)
{
    uint32_t count = 0;
    begin();
    for (uint32_t size = 2; size <= 64; size *= 2) {
        for (uint32_t ones = 1; ones < size; ones++) {
            for (uint32_t rotation = 0; rotation < size; rotation++) {
                uint64_t run = ((uint64_t) 1 << ones) - 1, value = 0;
                uint64_t mask = size == 64 ? UINT64_MAX : ((uint64_t) 1 << size) - 1;
                if (rotation != 0) {
                    run = (run >> rotation | run << (size - rotation)) & mask;
                }
                for (uint32_t i = 0; i < 64; i += size) {
                    value |= run << i;
                }
                EXPECT(I(.op = M_AND, .form = FORM_CONSTANT, .d = R7, .a = R7,
                         .constant = (int64_t) value),
                       "and x9, x9, #%s%" PRIx64, value > 9 ? "0x" : "", value);
                count++;
            }
        }
    }
    assert_int_equal(count, 5334);
    end();
}

TEST(constants)
{
    begin();
    for
        EACH(d)
        {
            EXPECT(I(.op = M_CONST, .d = d, .constant = 0), "movz %s, #0", x[d]);
            EXPECT(I(.op = M_CONST, .d = d, .constant = 0x1234), "movz %s, #0x1234", x[d]);
            EXPECT(I(.op = M_CONST, .d = d, .constant = 0x12340000), "movz %s, #0x1234, lsl #16",
                   x[d]);
            EXPECT(I(.op = M_CONST, .d = d, .constant = -1), "movn %s, #0", x[d]);
            EXPECT(I(.op = M_CONST, .d = d, .constant = -5), "movn %s, #0x4", x[d]);
            EXPECT(I(.op = M_CONST, .d = d, .constant = 0x123456789ABCDEF0),
                   "movz %s, #0xdef0; movk %s, #0x9abc, lsl #16; movk %s, #0x5678, lsl #32; "
                   "movk %s, #0x1234, lsl #48",
                   x[d], x[d], x[d], x[d]);
            EXPECT(I(.op = M_CONST, .d = d, .constant = -0x12345679),
                   "movn %s, #0x5678; movk %s, #0xedcb, lsl #16", x[d], x[d]);
        for
            EACH(a)
            {
                if (a != d) {
                    EXPECT(I(.op = M_MOVE, .d = d, .a = a), "mov %s, %s", x[d], x[a]);
                }
                EXPECT(I(.op = M_EXTEND, .width = WIDTH_U8, .d = d, .a = a), "uxtb %s, %s", w[d],
                       w[a]);
                EXPECT(I(.op = M_EXTEND, .width = WIDTH_S8, .d = d, .a = a), "sxtb %s, %s", x[d],
                       w[a]);
                EXPECT(I(.op = M_EXTEND, .width = WIDTH_U16, .d = d, .a = a), "uxth %s, %s", w[d],
                       w[a]);
                EXPECT(I(.op = M_EXTEND, .width = WIDTH_S16, .d = d, .a = a), "sxth %s, %s", x[d],
                       w[a]);
                EXPECT(I(.op = M_EXTEND, .width = WIDTH_S32, .d = d, .a = a), "sxtw %s, %s", x[d],
                       w[a]);
            }
        }
    end();
}

TEST(memory_of_every_form)
{
    static const struct {
        MachineWidth width;
        uint32_t bytes;
        const char *name, *unscaled;
        bool half;
    } loads[] = {{WIDTH_64, 8, "ldr", "ldur", false},      {WIDTH_U8, 1, "ldrb", "ldurb", true},
                 {WIDTH_S8, 1, "ldrsb", "ldursb", false},  {WIDTH_U16, 2, "ldrh", "ldurh", true},
                 {WIDTH_S16, 2, "ldrsh", "ldursh", false}, {WIDTH_U32, 4, "ldr", "ldur", true},
                 {WIDTH_S32, 4, "ldrsw", "ldursw", false}};
    begin();
    for (uint32_t k = 0; k < COUNT_OF(loads); k++) {
        MachineWidth width = loads[k].width;
        uint32_t bytes = loads[k].bytes;
        for
            EACH(r)
            {
                const char *to = loads[k].half ? w[r] : x[r];
            for
                EACH(base)
                {
                    MachineRegister b = (MachineRegister) base;
                    EXPECT(I(.op = M_LOAD, .width = width, .d = r, .memory = m_at(b, 0)),
                           "%s %s, [%s]", loads[k].name, to, x[base]);
                    EXPECT(I(.op = M_LOAD, .width = width, .d = r,
                             .memory = m_at(b, (int32_t) bytes * 4095)),
                           "%s %s, [%s, #%s]", loads[k].name, to, x[base], number(bytes * 4095));
                    EXPECT(I(.op = M_LOAD, .width = width, .d = r, .memory = m_at(b, -256)),
                           "%s %s, [%s, #-0x100]", loads[k].unscaled, to, x[base]);
                    EXPECT(I(.op = M_LOAD, .width = width, .d = r,
                             .memory = m_at(b, (int32_t) bytes * 4096)),
                           "movz x16, #%s; %s %s, [%s, x16]", number(bytes * 4096), loads[k].name,
                           to, x[base]);
                    if (bytes > 1) {
                        EXPECT(I(.op = M_LOAD, .width = width, .d = r, .memory = m_at(b, 255)),
                               "%s %s, [%s, #0xff]", loads[k].unscaled, to, x[base]);
                    }
                }
            EXPECT(I(.op = M_LOAD, .width = width, .d = r, .memory = m_at_index(R1, R2, 3, 16)),
                   "add x16, x0, x1, lsl #3; %s %s, [x16, #0x10]", loads[k].name, to);
            }
    }
    for
        EACH(r)
        {
            EXPECT(I(.op = M_STORE, .a = r, .memory = m_at(R_SP, -8)), "stur %s, [x28, #-8]", x[r]);
            EXPECT(I(.op = M_STORE, .width = WIDTH_U32, .a = r, .memory = m_at(R_PROCESS, 4)),
                   "str %s, [x19, #4]", w[r]);
            EXPECT(I(.op = M_STORE, .width = WIDTH_U16, .a = r, .memory = m_at(R_PROCESS, 4)),
                   "strh %s, [x19, #4]", w[r]);
            EXPECT(I(.op = M_STORE, .width = WIDTH_S8, .a = r, .memory = m_at(R_PROCESS, 4)),
                   "strb %s, [x19, #4]", w[r]);
            EXPECT(I(.op = M_STORE_IMM, .constant = 0, .memory = m_at((MachineRegister) r, 8)),
                   "str xzr, [%s, #8]", x[r]);
            EXPECT(I(.op = M_STORE_IMM, .constant = 7, .memory = m_at((MachineRegister) r, 8)),
                   "movz x17, #0x7; str x17, [%s, #8]", x[r]);
        }
    end();
}

static const char *const conditions[] = {"eq", "ne", "lt", "ge", "gt",
                                         "le", "lo", "hs", "hi", "ls"};

TEST(comparisons)
{
    begin();
    for (uint32_t condition = M_EQ; condition <= M_ULE; condition++) {
        const char *name = conditions[condition];
        for
            EACH(a)
            {
            for
                EACH(b)
                {
                    EXPECT(I(.op = M_BRANCH, .condition = condition, .a = a, .b = b),
                           "cmp %s, %s; b.%s #8", x[a], x[b], name);
                }
            EXPECT(I(.op = M_BRANCH, .form = FORM_CONSTANT, .condition = condition, .a = a,
                     .constant = 100),
                   "cmp %s, #0x64; b.%s #8", x[a], name);
            EXPECT(I(.op = M_BRANCH, .form = FORM_CONSTANT, .condition = condition, .a = a,
                     .constant = -3),
                   "cmn %s, #3; b.%s #8", x[a], name);
            EXPECT(I(.op = M_SELECT, .condition = condition, .d = R1, .a = a, .b = R2, .c = R3,
                     .e = R4),
                   "cmp %s, x1; csel x0, x2, x3, %s", x[a], name);
            EXPECT(I(.op = M_SET, .condition = condition, .d = a, .a = R1, .b = R2),
                   "cmp x0, x1; cset %s, %s", x[a], name);
            }
    }
    for
        EACH(a)
        {
            EXPECT(I(.op = M_BRANCH, .form = FORM_CONSTANT, .condition = M_EQ, .a = a),
                   "cbz %s, #4", x[a]);
            EXPECT(I(.op = M_BRANCH, .form = FORM_CONSTANT, .condition = M_NE, .a = a),
                   "cbnz %s, #4", x[a]);
            for (uint32_t bit = 0; bit < 64; bit++) {
                EXPECT(I(.op = M_BRANCH_BITS, .form = FORM_CONSTANT, .condition = M_NE, .a = a,
                         .constant = (int64_t) ((uint64_t) 1 << bit)),
                       "tbnz %s, #%s, #4", bit < 32 ? w[a] : x[a], number(bit));
            }
            EXPECT(I(.op = M_BRANCH_BITS, .form = FORM_CONSTANT, .condition = M_EQ, .a = a,
                     .constant = 3),
                   "tst %s, #3; b.eq #8", x[a]);
        for
            EACH(b)
            {
                EXPECT(I(.op = M_BRANCH_BITS, .condition = M_EQ, .a = a, .b = b),
                       "tst %s, %s; b.eq #8", x[a], x[b]);
            }
        }
    end();
}

TEST(products_shifts_and_bits)
{
    begin();
    for
        EACH(d)
        {
        for
            EACH(a)
            {
            for
                EACH(b)
                {
                    EXPECT(I(.op = M_MUL, .d = d, .a = a, .b = b), "mul %s, %s, %s", x[d], x[a],
                           x[b]);
                    EXPECT(I(.op = M_MUL_HIGH, .d = d, .a = a, .b = b), "smulh %s, %s, %s", x[d],
                           x[a], x[b]);
                    EXPECT(I(.op = M_DIV, .d = d, .a = a, .b = b), "sdiv %s, %s, %s", x[d], x[a],
                           x[b]);
                    EXPECT(I(.op = M_REM, .d = d, .a = a, .b = b),
                           "sdiv x17, %s, %s; msub %s, x17, %s, %s", x[a], x[b], x[d], x[b], x[a]);
                    EXPECT(I(.op = M_MUL_OVERFLOW, .d = d, .a = a, .b = b),
                           "smulh x17, %s, %s; mul %s, %s, %s; cmp x17, %s, asr #63; b.ne #0x10",
                           x[a], x[b], x[d], x[a], x[b], x[d]);
                    EXPECT(I(.op = M_SHL, .d = d, .a = a, .b = b), "lsl %s, %s, %s", x[d], x[a],
                           x[b]);
                    EXPECT(I(.op = M_ROR, .d = d, .a = a, .b = b), "ror %s, %s, %s", x[d], x[a],
                           x[b]);
                }
            EXPECT(I(.op = M_SHL, .form = FORM_CONSTANT, .d = d, .a = a, .constant = 2),
                   "lsl %s, %s, #2", x[d], x[a]);
            EXPECT(I(.op = M_SHR, .form = FORM_CONSTANT, .d = d, .a = a, .constant = 6),
                   "lsr %s, %s, #6", x[d], x[a]);
            EXPECT(I(.op = M_SAR, .form = FORM_CONSTANT, .d = d, .a = a, .constant = 2),
                   "asr %s, %s, #2", x[d], x[a]);
            EXPECT(I(.op = M_ROR, .form = FORM_CONSTANT, .d = d, .a = a, .constant = 4),
                   "ror %s, %s, #4", x[d], x[a]);
            EXPECT(I(.op = M_ROL, .form = FORM_CONSTANT, .d = d, .a = a, .constant = 4),
                   "ror %s, %s, #0x3c", x[d], x[a]);
            EXPECT(I(.op = M_NEG, .d = d, .a = a), "neg %s, %s", x[d], x[a]);
            EXPECT(I(.op = M_NOT, .d = d, .a = a), "mvn %s, %s", x[d], x[a]);
            EXPECT(I(.op = M_SWAP_BYTES, .d = d, .a = a), "rev %s, %s", x[d], x[a]);
            EXPECT(I(.op = M_LEADING_ZEROS, .d = d, .a = a), "clz %s, %s", x[d], x[a]);
            EXPECT(I(.op = M_TRAILING_ZEROS, .d = d, .a = a), "rbit x17, %s; clz %s, x17", x[a],
                   x[d]);
            }
        }
    end();
}

TEST(floats)
{
    static const struct {
        uint8_t op;
        const char *name;
    } two[] = {{M_FADD, "fadd"}, {M_FSUB, "fsub"}, {M_FMUL, "fmul"}, {M_FDIV, "fdiv"}},
      one[] = {{M_FSQRT, "fsqrt"}, {M_FNEG, "fneg"}, {M_FABS, "fabs"}, {M_FMOVE, "fmov"}};
    begin();
    for
        EACH_FLOAT(d)
        {
        for
            EACH_FLOAT(a)
            {
                for (uint32_t k = 0; k < COUNT_OF(two); k++) {
                    EXPECT(I(.op = two[k].op, .d = d, .a = a, .b = F9), "%s %s, %s, d17",
                           two[k].name, d_[d], d_[a]);
                }
                for (uint32_t k = 0; k < COUNT_OF(one); k++) {
                    EXPECT(I(.op = one[k].op, .d = d, .a = a), "%s %s, %s", one[k].name, d_[d],
                           d_[a]);
                }
                EXPECT(I(.op = M_FBRANCH, .condition = M_FLT, .a = d, .b = a),
                       "fcmp %s, %s; b.mi #8", d_[d], d_[a]);
            }
        for
            EACH(r)
            {
                EXPECT(I(.op = M_FLOAD, .d = d, .memory = m_at((MachineRegister) r, 8)),
                       "ldr %s, [%s, #8]", d_[d], x[r]);
                EXPECT(I(.op = M_FSTORE, .a = d, .memory = m_at((MachineRegister) r, -8)),
                       "stur %s, [%s, #-8]", d_[d], x[r]);
                EXPECT(I(.op = M_INT_TO_FLOAT, .d = d, .a = r), "scvtf %s, %s", d_[d], x[r]);
                EXPECT(I(.op = M_FLOAT_TO_INT, .d = r, .a = d), "fcvtzs %s, %s", x[r], d_[d]);
                EXPECT(I(.op = M_BITS_TO_FLOAT, .d = d, .a = r), "fmov %s, %s", d_[d], x[r]);
                EXPECT(I(.op = M_FLOAT_TO_BITS, .d = r, .a = d), "fmov %s, %s", x[r], d_[d]);
            }
        }
    end();
}

TEST(control)
{
    begin();
    for
        EACH(r)
        {
            EXPECT(I(.op = M_JUMP_REGISTER, .a = r), "br %s", x[r]);
            EXPECT(I(.op = M_CALL_REGISTER, .a = r), "adr x17, #0xc; str x17, [x28, #-8]!; blr %s",
                   x[r]);
            EXPECT(I(.op = M_JUMP_MEMORY, .memory = m_at((MachineRegister) r, 8)),
                   "ldr x16, [%s, #8]; br x16", x[r]);
        }
    EXPECT(I(.op = M_RETURN), "ldr x30, [x28], #8; ret");
    EXPECT(I(.op = M_RETURN_POINT, .constant = 0x12345678), "movz xzr, #0x5678; movz xzr, #0x1234");
    EXPECT(I(.op = M_JUMP), "b #4");
    EXPECT(I(.op = M_STOP), "brk #0x1");
    EXPECT(I(.op = M_CALL_C, .constant = 0x12340000),
           "movz x16, #0x1234, lsl #16; blr x16; mov x8, x0");
    EXPECT(I(.op = M_ENTER_FROM_C, .memory = m_at(R1, 8)),
           "stp x29, x30, [sp, #-0x60]!; stp x19, x20, [sp, #0x10]; stp x21, x22, [sp, #0x20]; "
           "stp x23, x24, [sp, #0x30]; stp x25, x26, [sp, #0x40]; stp x27, x28, [sp, #0x50]; "
           "mov x29, sp; mov x17, sp; str x17, [x0, #8]");
    EXPECT(I(.op = M_LEAVE_TO_C, .memory = m_at(R1, 8)),
           "ldr x17, [x0, #8]; mov sp, x17; mov x0, x8; ldp x19, x20, [sp, #0x10]; "
           "ldp x21, x22, [sp, #0x20]; ldp x23, x24, [sp, #0x30]; ldp x25, x26, [sp, #0x40]; "
           "ldp x27, x28, [sp, #0x50]; ldp x29, x30, [sp], #0x60; ret");
    end();
}

/* A test too far away becomes its opposite over a jump. */
TEST(far_branches)
{
    Machine m;
    MachineCode code;
    MachineLabel label;
    begin();
    machine_init(&m);
    label = m_label(&m);
    m_branch_bits_imm(&m, M_NE, R1, 4, label);
    m_branch_imm(&m, M_EQ, R1, 0, label);
    m_branch(&m, M_LT, R1, R2, label);
    for (uint32_t i = 0; i < 0x20000; i++) {
        m_data(&m, 0);
    }
    m_bind(&m, label);
    machine_encode(&m, &options, &code);
    assert_string_equal(disassembly(code.bytes, 28),
                        "tbz w0, #2, #8; b #0x10001c; cbnz x0, #0x10; b #0x10001c; cmp x0, x1; "
                        "b.ge #0x1c; b #0x10001c");
    machine_code_finish(&code);
    machine_finish(&m);
    end();
}

TEST(everything_is_readable)
{
    uint64_t seed = 9;
    begin();
    for (uint32_t round = 0; round < 200000; round++) {
        uint64_t a = test_random(&seed), b = test_random(&seed);
        MachineInstruction i = {
            .op = a % M_ENTER_FROM_C,
            .form = (a >> 8) % 3,
            .width = (a >> 12) % 7,
            .d = (a >> 16) % R_SCRATCH,
            .a = (a >> 20) % R_SP,
            .b = (a >> 24) % R_SCRATCH,
            .c = (a >> 28) % R_SCRATCH,
            .e = (a >> 32) % R_SCRATCH,
            .constant = (int64_t) (b >> (b & 63)),
            .memory = {(a >> 36) % R_SCRATCH, (a >> 40) % R_SP, (a >> 44) % 4, (int32_t) (a >> 16)},
        };
        bool is_float = i.op == M_FBRANCH || i.op == M_FSET;
        i.condition = is_float ? M_FEQ + (a >> 50) % 10
                      : i.op == M_BRANCH_BITS || i.op == M_BRANCH_BITS_MEMORY ? (a >> 50) % 2
                                                                              : (a >> 50) % 10;
        if (i.op == M_JUMP_TABLE || (i.op == M_MEMORY_SUB_NEGATIVE && i.width % 6 != 0) ||
            (i.op == M_SWAP_BYTES && i.width != WIDTH_64)) {
            continue;
        }
        disassembly_of(&options, i);
        if (strstr(disassembly_text, "unreadable") != NULL) {
            machine_dump_one(&i, stdout);
            printf("\n%s\n", disassembly_text);
            fail();
        }
    }
    end();
}
