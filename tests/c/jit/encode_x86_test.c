/* tests/c/jit/encode_x86_test.c
 * What the x86-64 encoder writes, read back by capstone: each instruction, with all registers, all
 * forms of memory, and constants around the borders of their sizes. That it means what it should is
 * machine_run_test.c's business; here: it is the instruction meant, and no longer than needed. */
#include "tests/c/jit/disassembly.h"

#include "tests/c/test.h"

#include <inttypes.h>

static const MachineOptions options = {
    TARGET_X86_64, MACHINE_POPCNT | MACHINE_LZCNT | MACHINE_BMI1 | MACHINE_BMI2, 0, 0};
static const MachineOptions plain = {TARGET_X86_64, 0, 0, 0};

static const char *const r64[] = {"rax", "rdi", "rsi", "rdx", "rcx", "r8",  "r9",  "r10",
                                  "rbp", "r12", "r13", "r14", "rbx", "r15", "rsp", "r11"};
static const char *const r32[] = {"eax", "edi",  "esi",  "edx",  "ecx", "r8d",  "r9d", "r10d",
                                  "ebp", "r12d", "r13d", "r14d", "ebx", "r15d", "esp", "r11d"};
static const char *const r16[] = {"ax", "di",   "si",   "dx",   "cx", "r8w",  "r9w", "r10w",
                                  "bp", "r12w", "r13w", "r14w", "bx", "r15w", "sp",  "r11w"};
static const char *const r8[] = {"al",  "dil",  "sil",  "dl",   "cl", "r8b",  "r9b", "r10b",
                                 "bpl", "r12b", "r13b", "r14b", "bl", "r15b", "spl", "r11b"};

static void begin(void)
{
    assert_int_equal(cs_open(CS_ARCH_X86, CS_MODE_64, &disassembler), CS_ERR_OK);
}
static void end(void)
{
    cs_close(&disassembler);
}

/* A number as capstone writes it. */
static const char *number(int64_t value)
{
    static char texts[4][32];
    static uint32_t turn;
    char *text = texts[turn++ % 4];
    uint64_t size = value < 0 ? -(uint64_t) value : (uint64_t) value;
    snprintf(text, 32, size > 9 ? "%s0x%" PRIx64 : "%s%" PRIu64, value < 0 ? "-" : "", size);
    return text;
}

/* "[base + index*4 + disp]" */
static const char *memory_text(MachineMemory memory)
{
    static char text[100];
    char *to = text;
    const char *plus = "";
    int64_t disp = memory.disp;
    to += sprintf(to, "[");
    if (memory.base != R_NONE) {
        to += sprintf(to, "%s", r64[memory.base]);
        plus = " + ";
    }
    if (memory.index != R_NONE) {
        to += sprintf(to, "%s%s", plus, r64[memory.index]);
        if (memory.scale != 0) {
            to += sprintf(to, "*%d", 1 << memory.scale);
        }
        plus = " + ";
    }
    if (plus[0] == 0) {
        to += sprintf(to, disp > 9 || disp < 0 ? "0x%" PRIx64 : "%" PRIu64, (uint64_t) disp);
    } else if (disp != 0) {
        to += sprintf(to, " %c %s", disp < 0 ? '-' : '+', number(disp < 0 ? -disp : disp));
    }
    sprintf(to, "]");
    return text;
}

static const int32_t displacements[] = {0,   1,    8,    -8,         127,
                                        128, -128, -129, 0x7FFFFFFF, -0x7FFFFFFF - 1};
static const MachineWidth widths[] = {WIDTH_64,  WIDTH_U8,  WIDTH_S8, WIDTH_U16,
                                      WIDTH_S16, WIDTH_U32, WIDTH_S32};

#define EACH(r) (uint32_t r = 0; r < R_SCRATCH; r++)
#define I(...) ((MachineInstruction){__VA_ARGS__})

static const char *pointer_text(MachineWidth width)
{
    switch (width) {
    case WIDTH_64:
        return "qword ptr";
    case WIDTH_U8:
    case WIDTH_S8:
        return "byte ptr";
    case WIDTH_U16:
    case WIDTH_S16:
        return "word ptr";
    default:
        return "dword ptr";
    }
}

static void expect_load(MachineWidth width, uint32_t d, MachineMemory memory)
{
    static const char *const names[] = {"mov", "movzx", "movsx", "movzx", "movsx", "mov", "movsxd"};
    bool narrow = width == WIDTH_U8 || width == WIDTH_U16 || width == WIDTH_U32;
    EXPECT(I(.op = M_LOAD, .width = width, .d = d, .memory = memory), "%s %s, %s %s", names[width],
           narrow ? r32[d] : r64[d], pointer_text(width), memory_text(memory));
}

static void expect_store(MachineWidth width, uint32_t a, MachineMemory memory)
{
    static const char *const *const names[] = {r64, r8, r8, r16, r16, r32, r32};
    EXPECT(I(.op = M_STORE, .width = width, .a = a, .memory = memory), "mov %s %s, %s",
           pointer_text(width), memory_text(memory), names[width][a]);
}

TEST(memory_of_every_form)
{
    begin();
    for (uint32_t base = 0; base <= R_SCRATCH; base++) {
        for (uint32_t index = 0; index <= R_SCRATCH; index++) {
            for (uint32_t scale = 0; scale <= 3; scale++) {
                for (uint32_t k = 0; k < COUNT_OF(displacements); k++) {
                    MachineMemory memory = {base == R_SCRATCH ? R_NONE : base,
                                            index == R_SCRATCH ? R_NONE : index, scale,
                                            displacements[k]};
                    if (index == R_SP || (index == R_SCRATCH && scale != 0)) {
                        continue;
                    }
                    expect_load(WIDTH_64, (base + index) % R_SCRATCH, memory);
                    expect_store(widths[k % COUNT_OF(widths)], (base + index) % R_SCRATCH, memory);
                }
            }
        }
    }
    end();
}

TEST(loads_and_stores_of_all_widths_and_registers)
{
    begin();
    for
        EACH(r)
        {
        for
            EACH(base)
            {
                for (uint32_t width = 0; width < COUNT_OF(widths); width++) {
                    expect_load(widths[width], r, m_at((MachineRegister) base, 16));
                    expect_store(widths[width], r, m_at((MachineRegister) base, 16));
                }
            }
        }
    end();
}

TEST(moves_and_constants)
{
    begin();
    for
        EACH(d)
        {
        for
            EACH(a)
            {
                if (a != d) {
                    EXPECT(I(.op = M_MOVE, .d = d, .a = a), "mov %s, %s", r64[d], r64[a]);
                    EXPECT(I(.op = M_EXTEND, .width = WIDTH_U32, .d = d, .a = a), "mov %s, %s",
                           r32[d], r32[a]);
                }
                EXPECT(I(.op = M_EXTEND, .width = WIDTH_U8, .d = d, .a = a), "movzx %s, %s", r32[d],
                       r8[a]);
                EXPECT(I(.op = M_EXTEND, .width = WIDTH_S8, .d = d, .a = a), "movsx %s, %s", r64[d],
                       r8[a]);
                EXPECT(I(.op = M_EXTEND, .width = WIDTH_U16, .d = d, .a = a), "movzx %s, %s",
                       r32[d], r16[a]);
                EXPECT(I(.op = M_EXTEND, .width = WIDTH_S16, .d = d, .a = a), "movsx %s, %s",
                       r64[d], r16[a]);
                EXPECT(I(.op = M_EXTEND, .width = WIDTH_S32, .d = d, .a = a), "movsxd %s, %s",
                       r64[d], r32[a]);
            }
        EXPECT(I(.op = M_CONST, .d = d, .constant = 0), "xor %s, %s", r32[d], r32[d]);
        EXPECT(I(.op = M_CONST, .d = d, .constant = 5), "mov %s, 5", r32[d]);
        EXPECT(I(.op = M_CONST, .d = d, .constant = 0xFFFFFFFF), "mov %s, 0xffffffff", r32[d]);
        EXPECT(I(.op = M_CONST, .d = d, .constant = -1), "mov %s, -1", r64[d]);
        EXPECT(I(.op = M_CONST, .d = d, .constant = -0x80000000LL), "mov %s, -0x80000000", r64[d]);
        EXPECT(I(.op = M_CONST, .d = d, .constant = 0x123456789A), "movabs %s, 0x123456789a",
               r64[d]);
        EXPECT(I(.op = M_LEA, .d = d, .memory = m_at(R_SP, -8)), "lea %s, [rsp - 8]", r64[d]);
        }
    end();
}

TEST(constants_into_memory)
{
    static const int64_t values[] = {0, 1, -1, 0x7F, 0x12345678, -0x80000000LL};
    MachineMemory memory = m_at(R8, 8);
    begin();
    for (uint32_t k = 0; k < COUNT_OF(values); k++) {
        EXPECT(I(.op = M_STORE_IMM, .constant = values[k], .memory = memory),
               "mov qword ptr [rbp + 8], %s", number(values[k]));
        EXPECT(
            I(.op = M_STORE_IMM, .width = WIDTH_U8, .constant = values[k] & 0x7F, .memory = memory),
            "mov byte ptr [rbp + 8], %s", number(values[k] & 0x7F));
        EXPECT(I(.op = M_STORE_IMM, .width = WIDTH_S16, .constant = values[k] & 0x7FFF,
                 .memory = memory),
               "mov word ptr [rbp + 8], %s", number(values[k] & 0x7FFF));
        EXPECT(I(.op = M_STORE_IMM, .width = WIDTH_U32, .constant = values[k] & 0x7FFFFFFF,
                 .memory = memory),
               "mov dword ptr [rbp + 8], %s", number(values[k] & 0x7FFFFFFF));
    }
    EXPECT(I(.op = M_STORE_IMM, .constant = 0x80000000, .memory = memory),
           "mov r11d, 0x80000000; mov qword ptr [rbp + 8], r11");
    EXPECT(I(.op = M_STORE_IMM, .constant = 0x123456789ABCDEF0, .memory = memory),
           "movabs r11, 0x123456789abcdef0; mov qword ptr [rbp + 8], r11");
    end();
}

static const struct {
    uint8_t op;
    const char *name;
    bool commutes;
} alu[] = {
    {M_ADD_OVERFLOW, "add", true},  {M_SUB_OVERFLOW, "sub", false},
    {M_SUB_NEGATIVE, "sub", false}, {M_OR, "or", true},
    {M_XOR, "xor", true},           {M_AND, "and", true},
    {M_ADD, "add", true},           {M_SUB, "sub", false},
    {M_MUL_OVERFLOW, "imul", true}, {M_MUL, "imul", true},
};

static const char *tail_of(uint8_t op)
{
    bool overflow = op == M_ADD_OVERFLOW || op == M_SUB_OVERFLOW || op == M_MUL_OVERFLOW;
    static char text[40];
    sprintf(text, "; %s ", overflow ? "jo" : "js");
    return overflow || op == M_SUB_NEGATIVE ? text : "";
}

/* As EXPECT, without where a jump goes. */
#define EXPECT_START(i, ...) \
    do { \
        char start[512]; \
        int length = snprintf(start, sizeof start, __VA_ARGS__); \
        if (strncmp(disassembly_of(&options, (i)), start, (size_t) length) != 0) { \
            EXPECT(i, "%s", start); \
        } \
    } while (0)

TEST(sums_and_logic)
{
    begin();
    for (uint32_t k = 0; k < COUNT_OF(alu); k++) {
        const char *name = alu[k].name, *tail = tail_of(alu[k].op);
        uint8_t op = alu[k].op;
        bool multiplies = op == M_MUL || op == M_MUL_OVERFLOW;
        for
            EACH(d)
            {
            for
                EACH(b)
                {
                    EXPECT_START(I(.op = op, .d = d, .a = d, .b = b), "%s %s, %s%s", name, r64[d],
                                 r64[b], tail);
                    if (d != b && alu[k].commutes) {
                        EXPECT_START(I(.op = op, .d = d, .a = b, .b = d), "%s %s, %s%s", name,
                                     r64[d], r64[b], tail);
                    } else if (d != b) {
                        EXPECT_START(I(.op = op, .d = d, .a = b, .b = d),
                                     "mov r11, %s; mov %s, %s; sub %s, r11%s", r64[d], r64[d],
                                     r64[b], r64[d], tail);
                    }
                    EXPECT_START(I(.op = op, .form = FORM_MEMORY, .d = d, .a = d,
                                   .memory = m_at((MachineRegister) b, 40)),
                                 "%s %s, qword ptr [%s + 0x28]%s", name, r64[d], r64[b], tail);
                }
            if (!multiplies) {
                EXPECT_START(I(.op = op, .form = FORM_CONSTANT, .d = d, .a = d, .constant = 127),
                             "%s %s, 0x7f%s", name, op == M_AND ? r32[d] : r64[d], tail);
                EXPECT_START(
                    I(.op = op, .form = FORM_CONSTANT, .d = d, .a = d, .constant = -0x80000000LL),
                    "%s %s, %s%s", name, r64[d],
                    op >= M_AND && op <= M_XOR ? "0xffffffff80000000" : "-0x80000000", tail);
                EXPECT_START(
                    I(.op = op, .form = FORM_CONSTANT, .d = d, .a = d, .constant = 0x100000001),
                    "movabs r11, 0x100000001; %s %s, r11%s", name, r64[d], tail);
            }
            }
    }
    end();
}

TEST(sums_into_another_register_are_one_instruction)
{
    begin();
    for
        EACH(d)
        {
        for
            EACH(a)
            {
                if (d == a) {
                    continue;
                }
                EXPECT(I(.op = M_ADD, .form = FORM_CONSTANT, .d = d, .a = a, .constant = 100),
                       "lea %s, [%s + 0x64]", r64[d], r64[a]);
                EXPECT(I(.op = M_SUB, .form = FORM_CONSTANT, .d = d, .a = a, .constant = 8),
                       "lea %s, [%s - 8]", r64[d], r64[a]);
            for
                EACH(b)
                {
                    bool swap = b == R_SP;
                    if (d != b && !(a == R_SP && b == R_SP)) {
                        EXPECT(I(.op = M_ADD, .d = d, .a = a, .b = b), "lea %s, [%s + %s]", r64[d],
                               swap ? r64[b] : r64[a], swap ? r64[a] : r64[b]);
                    }
                }
            }
        EXPECT(I(.op = M_ADD, .form = FORM_CONSTANT, .d = d, .a = d, .constant = 128),
               "sub %s, -0x80", r64[d]);
        }
    end();
}

TEST(products)
{
    begin();
    for
        EACH(d)
        {
        for
            EACH(a)
            {
                EXPECT(I(.op = M_MUL, .form = FORM_CONSTANT, .d = d, .a = a, .constant = 10),
                       "imul %s, %s, 0xa", r64[d], r64[a]);
                EXPECT(I(.op = M_MUL, .form = FORM_CONSTANT, .d = d, .a = a, .constant = -1000),
                       "imul %s, %s, -0x3e8", r64[d], r64[a]);
                if (d != a) {
                    EXPECT(I(.op = M_MUL, .form = FORM_CONSTANT, .d = d, .a = a, .constant = 16),
                           "mov %s, %s; shl %s, 4", r64[d], r64[a], r64[d]);
                }
                if (a != R_SP) {
                    EXPECT(I(.op = M_MUL, .form = FORM_CONSTANT, .d = d, .a = a, .constant = 9),
                           "lea %s, [%s + %s*8]", r64[d], r64[a], r64[a]);
                }
            }
        }
    end();
}

TEST(quotients_use_fixed_registers_and_restore_them)
{
    begin();
    EXPECT(I(.op = M_DIV, .d = R5, .a = R6, .b = R7),
           "mov r11, r10; movq xmm15, rax; mov rax, r9; mov r8, rdx; cqo; idiv r11; mov rdx, r8; "
           "mov r8, rax; movq rax, xmm15");
    EXPECT(I(.op = M_REM, .d = R3, .a = R0, .b = R4),
           "mov r11, rcx; movq xmm15, rax; cqo; idiv r11; movq rax, xmm15");
    EXPECT(I(.op = M_DIV, .d = R0, .a = R0, .b = R3),
           "mov r11, rdx; movq xmm15, rdx; cqo; idiv r11; movq rdx, xmm15");
    EXPECT(I(.op = M_MUL_HIGH, .d = R5, .a = R6, .b = R7),
           "mov r11, r10; movq xmm15, rax; mov rax, r9; mov r8, rdx; imul r11; xchg rdx, r8; "
           "movq rax, xmm15");
    EXPECT(I(.op = M_MUL_HIGH_UNSIGNED, .d = R0, .a = R0, .b = R3),
           "mov r11, rdx; movq xmm15, rdx; mul r11; mov rax, rdx; movq rdx, xmm15");
    end();
}

TEST(shifts)
{
    static const struct {
        uint8_t op;
        const char *name, *bmi2;
    } shifts[] = {{M_SHL, "shl", "shlx"},
                  {M_SHR, "shr", "shrx"},
                  {M_SAR, "sar", "sarx"},
                  {M_ROL, "rol", NULL},
                  {M_ROR, "ror", NULL}};
    begin();
    for (uint32_t k = 0; k < COUNT_OF(shifts); k++) {
        for
            EACH(d)
            {
                EXPECT(I(.op = shifts[k].op, .form = FORM_CONSTANT, .d = d, .a = d, .constant = 1),
                       "%s %s, 1", shifts[k].name, r64[d]);
                EXPECT(I(.op = shifts[k].op, .form = FORM_CONSTANT, .d = d, .a = d, .constant = 63),
                       "%s %s, 0x3f", shifts[k].name, r64[d]);
            for
                EACH(a)
                {
                for
                    EACH(b)
                    {
                        if (shifts[k].bmi2 != NULL) {
                            EXPECT(I(.op = shifts[k].op, .d = d, .a = a, .b = b), "%s %s, %s, %s",
                                   shifts[k].bmi2, r64[d], r64[a], r64[b]);
                        }
                    }
                }
            if (d != R4) {
                MachineInstruction i = I(.op = shifts[k].op, .d = d, .a = d, .b = R4);
                char expected[64];
                snprintf(expected, sizeof expected, "%s %s, cl", shifts[k].name, r64[d]);
                assert_string_equal(disassembly_of(&plain, i), expected);
            }
            }
    }
    end();
}

static const char *const conditions[] = {"je",  "jne", "jl",  "jge", "jg",
                                         "jle", "jb",  "jae", "ja",  "jbe"};

/* Text of a jump to the end of code that is `size` bytes long before it. */
TEST(comparisons_and_branches)
{
    begin();
    for (uint32_t condition = M_EQ; condition <= M_ULE; condition++) {
        const char *jump = conditions[condition];
        for
            EACH(a)
            {
            for
                EACH(b)
                {
                    EXPECT_START(I(.op = M_BRANCH, .condition = condition, .a = a, .b = b),
                                 "cmp %s, %s; %s ", r64[a], r64[b], jump);
                    EXPECT_START(I(.op = M_BRANCH, .form = FORM_MEMORY, .condition = condition,
                                   .a = a, .memory = m_at((MachineRegister) b, 8)),
                                 "cmp %s, qword ptr [%s + 8]; %s ", r64[a], r64[b], jump);
                }
            EXPECT_START(I(.op = M_BRANCH, .form = FORM_CONSTANT, .condition = condition, .a = a,
                           .constant = 0),
                         "test %s, %s; %s ", r64[a], r64[a], jump);
            EXPECT_START(I(.op = M_BRANCH, .form = FORM_CONSTANT, .condition = condition, .a = a,
                           .constant = -1),
                         "cmp %s, -1; %s ", r64[a], jump);
            EXPECT_START(I(.op = M_BRANCH, .form = FORM_CONSTANT, .condition = condition, .a = a,
                           .constant = 0x12345),
                         "cmp %s, 0x12345; %s ", r64[a], jump);
            EXPECT_START(I(.op = M_BRANCH, .form = FORM_CONSTANT, .condition = condition, .a = a,
                           .constant = 0x123456789),
                         "movabs r11, 0x123456789; cmp %s, r11; %s ", r64[a], jump);
            EXPECT_START(I(.op = M_BRANCH_MEMORY, .condition = condition, .width = WIDTH_64,
                           .constant = 3, .memory = m_at((MachineRegister) a, -8)),
                         "cmp qword ptr [%s - 8], 3; %s ", r64[a], jump);
            EXPECT_START(I(.op = M_BRANCH_MEMORY, .condition = condition, .width = WIDTH_S32,
                           .constant = 3, .memory = m_at((MachineRegister) a, -8)),
                         "cmp dword ptr [%s - 8], 3; %s ", r64[a], jump);
            }
    }
    end();
}

TEST(tests_of_bits)
{
    begin();
    for
        EACH(a)
        {
        for
            EACH(b)
            {
                EXPECT_START(I(.op = M_BRANCH_BITS, .condition = M_NE, .a = a, .b = b),
                             "test %s, %s; jne ", r64[a], r64[b]);
            }
        EXPECT_START(
            I(.op = M_BRANCH_BITS, .form = FORM_CONSTANT, .condition = M_EQ, .a = a, .constant = 3),
            "test %s, 3; je ", r8[a]);
        EXPECT_START(I(.op = M_BRANCH_BITS, .form = FORM_CONSTANT, .condition = M_EQ, .a = a,
                       .constant = 0xFF00),
                     "test %s, 0xff00; je ", r32[a]);
        EXPECT_START(I(.op = M_BRANCH_BITS, .form = FORM_CONSTANT, .condition = M_EQ, .a = a,
                       .constant = -8),
                     "test %s, -8; je ", r64[a]);
        EXPECT_START(I(.op = M_BRANCH_BITS, .form = FORM_CONSTANT, .condition = M_NE, .a = a,
                       .constant = (int64_t) 1 << 40),
                     "bt %s, 0x28; jb ", r64[a]);
        EXPECT_START(I(.op = M_BRANCH_BITS_MEMORY, .condition = M_NE, .width = WIDTH_U32,
                       .constant = 0x100, .memory = m_at((MachineRegister) a, 16)),
                     "test byte ptr [%s + 0x11], 1; jne ", r64[a]);
        }
    end();
}

TEST(conditions_as_values)
{
    begin();
    for (uint32_t condition = M_EQ; condition <= M_ULE; condition++) {
        const char *code = conditions[condition] + 1;
        for
            EACH(d)
            {
                if (d != R6) {
                    EXPECT(I(.op = M_SELECT, .form = FORM_CONSTANT, .condition = condition, .d = d,
                             .a = R5, .constant = 7, .c = R6, .e = d),
                           "cmp r8, 7; cmov%s %s, %s", code, r64[d], r64[R6]);
                }
                if (d != R5) {
                    EXPECT(I(.op = M_SET, .form = FORM_CONSTANT, .condition = condition, .d = d,
                             .a = R5, .constant = 7),
                           "xor %s, %s; cmp r8, 7; set%s %s", r32[d], r32[d], code, r8[d]);
                }
            }
    }
    end();
}

TEST(operations_on_one_register)
{
    begin();
    for
        EACH(d)
        {
            EXPECT(I(.op = M_NEG, .d = d, .a = d), "neg %s", r64[d]);
            EXPECT(I(.op = M_NOT, .d = d, .a = d), "not %s", r64[d]);
            EXPECT_START(I(.op = M_NEG_OVERFLOW, .d = d, .a = d), "neg %s; jo ", r64[d]);
            EXPECT(I(.op = M_SWAP_BYTES, .width = WIDTH_64, .d = d, .a = d), "bswap %s", r64[d]);
            EXPECT(I(.op = M_SWAP_BYTES, .width = WIDTH_U32, .d = d, .a = d),
                   "mov %s, %s; bswap %s", r32[d], r32[d], r32[d]);
        for
            EACH(a)
            {
                EXPECT(I(.op = M_LEADING_ZEROS, .d = d, .a = a), "lzcnt %s, %s", r64[d], r64[a]);
                EXPECT(I(.op = M_TRAILING_ZEROS, .d = d, .a = a), "tzcnt %s, %s", r64[d], r64[a]);
                EXPECT(I(.op = M_COUNT_ONES, .d = d, .a = a), "popcnt %s, %s", r64[d], r64[a]);
                EXPECT(I(.op = M_SWAP_BYTES, .width = WIDTH_U16, .d = d, .a = a),
                       "movzx %s, %s; rol %s, 8", r32[d], r16[a], r16[d]);
            }
        }
    end();
}

/* With AVX both operands are kept. */
TEST(floats_of_three_operands)
{
    static const struct {
        uint8_t op;
        bool commutes;
        const char *name;
    } two[] = {{M_FADD, true, "addsd"},
               {M_FSUB, false, "subsd"},
               {M_FMUL, true, "mulsd"},
               {M_FDIV, false, "divsd"}};
    const MachineOptions options = {TARGET_X86_64, MACHINE_AVX, 0, 0};
    begin();
    for (uint32_t d = 0; d < F_SCRATCH; d++) {
        for (uint32_t a = 0; a < F_SCRATCH; a++) {
            for (uint32_t b = 0; b < F_SCRATCH; b++) {
                for (uint32_t k = 0; k < COUNT_OF(two); k++) {
                    const char *name = two[k].name;
                    MachineInstruction i = {
                        .op = two[k].op, .d = (uint8_t) d, .a = (uint8_t) a, .b = (uint8_t) b};
                    if (d == a) {
                        EXPECT(i, "%s xmm%u, xmm%u", name, d, b);
                    } else if (d == b && two[k].commutes) {
                        EXPECT(i, "%s xmm%u, xmm%u", name, d, a);
                    } else {
                        EXPECT(i, "v%s xmm%u, xmm%u, xmm%u", name, d, a, b);
                    }
                }
            }
            if (d != a) {
                EXPECT(I(.op = M_FSQRT, .d = (uint8_t) d, .a = (uint8_t) a),
                       "vsqrtsd xmm%u, xmm%u, xmm%u", d, a, a);
            }
        }
        for
            EACH(r)
            {
                EXPECT(I(.op = M_INT_TO_FLOAT, .d = (uint8_t) d, .a = (uint8_t) r),
                       "vcvtsi2sd xmm%u, xmm15, %s", d, r64[r]);
            }
    }
    end();
}

TEST(floats)
{
    static const struct {
        uint8_t op;
        const char *name;
    } two[] = {{M_FADD, "addsd"}, {M_FSUB, "subsd"}, {M_FMUL, "mulsd"}, {M_FDIV, "divsd"}};
    begin();
    for (uint32_t d = 0; d < F_SCRATCH; d++) {
        for (uint32_t a = 0; a < F_SCRATCH; a++) {
            for (uint32_t k = 0; k < COUNT_OF(two); k++) {
                EXPECT(I(.op = two[k].op, .d = d, .a = d, .b = a), "%s xmm%u, xmm%u", two[k].name,
                       d, a);
            }
            EXPECT(I(.op = M_FSQRT, .d = d, .a = a), "sqrtsd xmm%u, xmm%u", d, a);
            if (d != a) {
                EXPECT(I(.op = M_FMOVE, .d = d, .a = a), "movaps xmm%u, xmm%u", d, a);
            }
            EXPECT_START(I(.op = M_FBRANCH, .condition = M_FGT, .a = d, .b = a),
                         "ucomisd xmm%u, xmm%u; ja ", d, a);
            EXPECT_START(I(.op = M_FBRANCH, .condition = M_FLE, .a = d, .b = a),
                         "ucomisd xmm%u, xmm%u; jae ", a, d);
            EXPECT_START(I(.op = M_FBRANCH, .condition = M_FNOT_LT, .a = d, .b = a),
                         "ucomisd xmm%u, xmm%u; jbe ", a, d);
            EXPECT_START(I(.op = M_FBRANCH, .condition = M_FEQ, .a = d, .b = a),
                         "ucomisd xmm%u, xmm%u; jp ", d, a);
        }
        for
            EACH(r)
            {
                EXPECT(I(.op = M_FLOAD, .d = d, .memory = m_at((MachineRegister) r, 8)),
                       "movsd xmm%u, qword ptr [%s + 8]", d, r64[r]);
                EXPECT(I(.op = M_FSTORE, .a = d, .memory = m_at((MachineRegister) r, 8)),
                       "movsd qword ptr [%s + 8], xmm%u", r64[r], d);
                EXPECT(I(.op = M_INT_TO_FLOAT, .d = d, .a = r),
                       "xorps xmm%u, xmm%u; cvtsi2sd xmm%u, %s", d, d, d, r64[r]);
                EXPECT(I(.op = M_FLOAT_TO_INT, .d = r, .a = d), "cvttsd2si %s, xmm%u", r64[r], d);
                EXPECT(I(.op = M_BITS_TO_FLOAT, .d = d, .a = r), "movq xmm%u, %s", d, r64[r]);
                EXPECT(I(.op = M_FLOAT_TO_BITS, .d = r, .a = d), "movq %s, xmm%u", r64[r], d);
            }
        EXPECT(I(.op = M_FCONST, .d = d, .constant = 0), "xorps xmm%u, xmm%u", d, d);
        EXPECT_START(I(.op = M_FCONST, .d = d, .constant = 1), "movsd xmm%u, qword ptr [rip", d);
        EXPECT(I(.op = M_FNEG, .d = d, .a = d),
               "pcmpeqd xmm15, xmm15; psllq xmm15, 0x3f; xorpd xmm%u, xmm15", d);
        EXPECT(I(.op = M_FABS, .d = d, .a = d),
               "pcmpeqd xmm15, xmm15; psrlq xmm15, 1; andpd xmm%u, xmm15", d);
    }
    end();
}

TEST(control)
{
    begin();
    for
        EACH(r)
        {
            EXPECT(I(.op = M_JUMP_REGISTER, .a = r), "jmp %s", r64[r]);
            EXPECT(I(.op = M_CALL_REGISTER, .a = r), "call %s", r64[r]);
            EXPECT(I(.op = M_JUMP_MEMORY, .memory = m_at((MachineRegister) r, 8)),
                   "jmp qword ptr [%s + 8]", r64[r]);
            EXPECT(I(.op = M_CALL_MEMORY, .memory = m_at((MachineRegister) r, 8)),
                   "call qword ptr [%s + 8]", r64[r]);
            EXPECT(I(.op = M_MEMORY_ADD, .width = WIDTH_64, .constant = 1,
                     .memory = m_at((MachineRegister) r, 8)),
                   "add qword ptr [%s + 8], 1", r64[r]);
            EXPECT_START(I(.op = M_MEMORY_SUB_NEGATIVE, .width = WIDTH_S32, .constant = 1,
                           .memory = m_at((MachineRegister) r, 8)),
                         "sub dword ptr [%s + 8], 1; js ", r64[r]);
        }
    EXPECT(I(.op = M_RETURN), "ret");
    EXPECT(I(.op = M_STOP), "ud2");
    EXPECT(I(.op = M_RETURN_POINT, .constant = 0x12345678),
           "nop dword ptr [rax + rax + 0x12345678]");
    EXPECT(I(.op = M_CALL_C, .constant = 0x123456789A), "movabs r11, 0x123456789a; call r11");
    EXPECT(I(.op = M_JUMP), "jmp 2");
    EXPECT(I(.op = M_CALL), "call 5");
    end();
}

/* Whatever the operands, all bytes are instructions. */
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
        disassembly_of(round % 2 == 0 ? &options : &plain, i);
        if (strstr(disassembly_text, "unreadable") != NULL) {
            machine_dump_one(&i, stdout);
            printf("\n%s\n", disassembly_text);
            fail();
        }
    }
    end();
}
