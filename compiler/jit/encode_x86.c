/* compiler/jit/encode_x86.c
 * x86-64. Two-address instructions: `d = a op b` is a move and the operation where d is not a
 * already. r11 (R_SCRATCH) and xmm15 (F_SCRATCH) hold what is in the way; a constant that no
 * instruction takes goes through r11. Doubles that are constants lie behind the code.
 *
 * What needs fixed registers (division, the high half of a product; shifts by a register where
 * there is no BMI2) saves and restores them, so that nobody outside needs to know. */
#include "compiler/jit/layout.h"

#include "runtime/term/mem.h"

enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R11X = 11, XMM15 = 15 };

static const uint8_t numbers[16] = {
    [R0] = RAX,        [R1] = RDI,    [R2] = RSI,   [R3] = RDX,         [R4] = RCX, [R5] = 8,
    [R6] = 9,          [R7] = 10,     [R8] = RBP,   [R9] = 12,          [R10] = 13, [R11] = 14,
    [R_PROCESS] = RBX, [R_HEAP] = 15, [R_SP] = RSP, [R_SCRATCH] = R11X,
};

/* Condition codes as in Jcc. */
enum {
    CC_O,
    CC_NO,
    CC_B,
    CC_AE,
    CC_E,
    CC_NE,
    CC_BE,
    CC_A,
    CC_S,
    CC_NS,
    CC_P,
    CC_NP,
    CC_L,
    CC_GE,
    CC_LE,
    CC_G
};

static const uint8_t condition_codes[] = {
    [M_EQ] = CC_E,  [M_NE] = CC_NE, [M_LT] = CC_L,   [M_GE] = CC_GE, [M_GT] = CC_G,
    [M_LE] = CC_LE, [M_ULT] = CC_B, [M_UGE] = CC_AE, [M_UGT] = CC_A, [M_ULE] = CC_BE,
};

typedef struct Encoder {
    Layout layout;
    const MachineOptions *options;
    uint64_t *doubles; /* constants behind the code */
    uint32_t *double_labels;
    uint32_t double_count, double_capacity;
} Encoder;

enum { ITEM_JUMP = 16 }; /* below: a jump on that condition */
enum { FIX_RELATIVE, FIX_TABLE };
enum { INSTRUCTION_BYTES_MAX = 128 };

/* ---- bytes ---- */

static inline void put8(Encoder *e, uint32_t byte)
{
    e->layout.bytes[e->layout.count++] = (uint8_t) byte;
}
static inline void put32(Encoder *e, uint32_t value)
{
    memcpy(e->layout.bytes + e->layout.count, &value, 4);
    e->layout.count += 4;
}
static inline void put64(Encoder *e, uint64_t value)
{
    memcpy(e->layout.bytes + e->layout.count, &value, 8);
    e->layout.count += 8;
}

static inline bool fits8(int64_t value)
{
    return value == (int8_t) value;
}
static inline bool fits32(int64_t value)
{
    return value == (int32_t) value;
}
static inline bool fits_u32(int64_t value)
{
    return value == (uint32_t) value;
}

/* Parts of an operation's name: its opcode in the low bits (0x0F.. two bytes, 0x0F38.. three). */
enum {
    W = 1 << 24,   /* 64 bits */
    P66 = 1 << 25, /* mandatory prefixes */
    PF2 = 1 << 26,
    PF3 = 1 << 27,
    BYTE_REG = 1 << 28, /* `reg` is a byte register: spl, bpl, sil, dil need a prefix */
    BYTE_RM = 1 << 29,
};

static void put_opcode(Encoder *e, uint32_t op, uint32_t reg, uint32_t index, uint32_t base,
                       bool need_rex)
{
    uint32_t rex = (op & W ? 8 : 0) | (reg & 8 ? 4 : 0) | (index & 8 ? 2 : 0) | (base & 8 ? 1 : 0);
    if (op & P66) {
        put8(e, 0x66);
    }
    if (op & PF2) {
        put8(e, 0xF2);
    }
    if (op & PF3) {
        put8(e, 0xF3);
    }
    if (rex != 0 || need_rex || ((op & BYTE_REG) && reg >= 4)) {
        put8(e, 0x40 | rex);
    }
    if (op & 0xFF0000) {
        put8(e, (op >> 16) & 0xFF);
    }
    if (op & 0xFFFF00) {
        put8(e, (op >> 8) & 0xFF);
    }
    put8(e, op & 0xFF);
}

/* Registers by their x86 numbers. */
static void op_rr(Encoder *e, uint32_t op, uint32_t reg, uint32_t rm)
{
    put_opcode(e, op, reg, 0, rm, (op & BYTE_RM) && rm >= 4);
    put8(e, 0xC0 | (reg & 7) << 3 | (rm & 7));
}

/* ModRM, SIB and displacement. */
static void put_memory(Encoder *e, uint32_t reg, const MachineMemory *memory)
{
    uint32_t base = memory->base == R_NONE ? RBP : numbers[memory->base];
    uint32_t index = memory->index == R_NONE ? RSP : numbers[memory->index];
    uint32_t mode;
    if (memory->base == R_NONE) {
        mode = 0; /* and a displacement of 32 bits all the same */
    } else if (memory->disp == 0 && (base & 7) != RBP) {
        mode = 0;
    } else {
        mode = fits8(memory->disp) ? 1 : 2;
    }
    if (memory->index == R_NONE && memory->base != R_NONE && (base & 7) != RSP) {
        put8(e, mode << 6 | (reg & 7) << 3 | (base & 7));
    } else {
        put8(e, mode << 6 | (reg & 7) << 3 | RSP);
        put8(e, (uint32_t) memory->scale << 6 | (index & 7) << 3 | (base & 7));
    }
    if (mode == 2 || memory->base == R_NONE) {
        put32(e, (uint32_t) memory->disp);
    } else if (mode == 1) {
        put8(e, (uint8_t) memory->disp);
    }
}

static void op_rm(Encoder *e, uint32_t op, uint32_t reg, const MachineMemory *memory)
{
    MachineMemory as_base;
    ASSERT(memory->index != R_SP);
    ASSERT(memory->scale <= 3);
    if (memory->base == R_NONE && memory->scale == 0) { /* shorter, or neither */
        as_base = (MachineMemory){memory->index, R_NONE, 0, memory->disp};
        memory = &as_base;
    }
    put_opcode(e, op, reg, memory->index == R_NONE ? 0 : numbers[memory->index],
               memory->base == R_NONE ? 0 : numbers[memory->base], false);
    put_memory(e, reg, memory);
}

/* With the memory at a label. */
static void op_rlabel(Encoder *e, uint32_t op, uint32_t reg, uint32_t label)
{
    put_opcode(e, op, reg, 0, 0, false);
    put8(e, (reg & 7) << 3 | 5);
    layout_fixup(&e->layout, FIX_RELATIVE, label, UINT32_MAX);
    put32(e, 0);
}

/* ---- small pieces ---- */

static void move(Encoder *e, uint32_t to, uint32_t from)
{
    if (to != from) {
        op_rr(e, W | 0x89, from, to);
    }
}

static void constant(Encoder *e, uint32_t to, int64_t value)
{
    if (value == 0) {
        op_rr(e, 0x31, to, to);
    } else if (fits_u32(value)) {
        put_opcode(e, 0xB8 | (to & 7), 0, 0, to, false);
        put32(e, (uint32_t) value);
    } else if (fits32(value)) {
        op_rr(e, W | 0xC7, 0, to);
        put32(e, (uint32_t) value);
    } else {
        put_opcode(e, W | 0xB8 | (to & 7), 0, 0, to, false);
        put64(e, (uint64_t) value);
    }
}

/* As constant, but leaves the flags. */
static void constant_small(Encoder *e, uint32_t to, uint32_t value)
{
    put_opcode(e, 0xB8 | (to & 7), 0, 0, to, false);
    put32(e, value);
}

static void load(Encoder *e, MachineWidth width, uint32_t to, const MachineMemory *from)
{
    static const uint32_t opcodes[] = {
        [WIDTH_64] = W | 0x8B,  [WIDTH_U8] = 0x0FB6,      [WIDTH_S8] = W | 0x0FBE,
        [WIDTH_U16] = 0x0FB7,   [WIDTH_S16] = W | 0x0FBF, [WIDTH_U32] = 0x8B,
        [WIDTH_S32] = W | 0x63,
    };
    op_rm(e, opcodes[width], to, from);
}

static void jump_if(Encoder *e, uint32_t code, uint32_t label)
{
    layout_item(&e->layout, (uint8_t) code, label, 0);
}

/* The eight operations of the first opcode rows: numbers as in `81 /n`. */
enum { ALU_ADD = 0, ALU_OR = 1, ALU_AND = 4, ALU_SUB = 5, ALU_XOR = 6, ALU_CMP = 7 };

static void alu_rr(Encoder *e, uint32_t alu, uint32_t to, uint32_t from)
{
    op_rr(e, W | (alu << 3 | 3), to, from);
}
static void alu_rm(Encoder *e, uint32_t alu, uint32_t to, const MachineMemory *from)
{
    op_rm(e, W | (alu << 3 | 3), to, from);
}
static void alu_imm_sized(Encoder *e, uint32_t alu, uint32_t to, int64_t value, uint32_t size)
{
    ASSERT(fits32(value) || (size == 0 && fits_u32(value)));
    if (fits8(value)) {
        op_rr(e, size | 0x83, alu, to);
        put8(e, (uint8_t) value);
    } else if (to == RAX) {
        put_opcode(e, size | (alu << 3 | 5), 0, 0, 0, false);
        put32(e, (uint32_t) value);
    } else {
        op_rr(e, size | 0x81, alu, to);
        put32(e, (uint32_t) value);
    }
}

/* to op= value, through r11 where it must be. The flags are the operation's. */
static void alu_imm(Encoder *e, uint32_t alu, uint32_t to, int64_t value)
{
    if (alu == ALU_AND && fits_u32(value)) {
        alu_imm_sized(e, alu, to, fits8((int32_t) value) ? (int32_t) value : value, 0);
    } else if (fits32(value)) {
        alu_imm_sized(e, alu, to, value, W);
    } else {
        constant(e, R11X, value);
        alu_rr(e, alu, to, R11X);
    }
}

static bool memory_uses(const MachineMemory *memory, MachineRegister r)
{
    return memory->base == r || memory->index == r;
}

/* ---- d = a op b ---- */

typedef struct Alu {
    uint8_t number;
    bool commutes;
} Alu;

static void alu_registers(Encoder *e, Alu alu, uint32_t d, uint32_t a, uint32_t b)
{
    if (d == b && d != a) {
        if (alu.commutes) {
            alu_rr(e, alu.number, d, a);
            return;
        }
        move(e, R11X, b);
        b = R11X;
    }
    move(e, d, a);
    alu_rr(e, alu.number, d, b);
}

static void alu_memory(Encoder *e, Alu alu, const MachineInstruction *i)
{
    uint32_t d = numbers[i->d], a = numbers[i->a];
    if (d != a && memory_uses(&i->memory, (MachineRegister) i->d)) {
        move(e, R11X, a);
        alu_rm(e, alu.number, R11X, &i->memory);
        /* a move leaves the flags alone */
        move(e, d, R11X);
    } else {
        move(e, d, a);
        alu_rm(e, alu.number, d, &i->memory);
    }
}

/* The flags afterwards are those of the operation. */
static void alu(Encoder *e, Alu alu, const MachineInstruction *i)
{
    switch ((MachineForm) i->form) {
    case FORM_REGISTER:
        alu_registers(e, alu, numbers[i->d], numbers[i->a], numbers[i->b]);
        break;
    case FORM_CONSTANT:
        move(e, numbers[i->d], numbers[i->a]);
        alu_imm(e, alu.number, numbers[i->d], i->constant);
        break;
    case FORM_MEMORY:
        alu_memory(e, alu, i);
        break;
    }
}

static void lea(Encoder *e, uint32_t d, const MachineMemory *memory)
{
    if (memory->index == R_NONE && memory->disp == 0 && memory->base != R_NONE) {
        move(e, d, numbers[memory->base]);
    } else {
        op_rm(e, W | 0x8D, d, memory);
    }
}

static void add(Encoder *e, const MachineInstruction *i)
{
    uint32_t d = numbers[i->d], a = numbers[i->a];
    if (i->form == FORM_REGISTER && d != a && d != numbers[i->b]) {
        bool swapped = i->b == R_SP;
        MachineMemory sum = m_at_index((MachineRegister) (swapped ? i->b : i->a),
                                       (MachineRegister) (swapped ? i->a : i->b), 0, 0);
        if (sum.index != R_SP) {
            lea(e, d, &sum);
            return;
        }
    }
    if (i->form == FORM_CONSTANT) {
        if (i->constant == 0) {
            move(e, d, a);
            return;
        }
        if (d != a && fits32(i->constant)) {
            MachineMemory sum = m_at((MachineRegister) i->a, (int32_t) i->constant);
            lea(e, d, &sum);
            return;
        }
        if (i->constant == 128) { /* -128 fits a byte */
            alu_imm(e, ALU_SUB, d, -128);
            return;
        }
    }
    alu(e, (Alu){ALU_ADD, true}, i);
}

static void sub(Encoder *e, const MachineInstruction *i)
{
    uint32_t d = numbers[i->d], a = numbers[i->a];
    if (i->form == FORM_CONSTANT) {
        if (i->constant == 0) {
            move(e, d, a);
            return;
        }
        if (d != a && fits32(-(uint64_t) i->constant)) {
            MachineMemory sum = m_at((MachineRegister) i->a, (int32_t) (-(uint64_t) i->constant));
            lea(e, d, &sum);
            return;
        }
        if (i->constant == 128) {
            alu_imm(e, ALU_ADD, d, -128);
            return;
        }
    }
    alu(e, (Alu){ALU_SUB, false}, i);
}

static void and (Encoder * e, const MachineInstruction *i)
{
    uint32_t d = numbers[i->d], a = numbers[i->a];
    if (i->form == FORM_CONSTANT) {
        if (i->constant == 0xFF) {
            op_rr(e, BYTE_RM | 0x0FB6, d, a);
            return;
        }
        if (i->constant == 0xFFFF) {
            op_rr(e, 0x0FB7, d, a);
            return;
        }
        if (i->constant == 0xFFFFFFFF) {
            op_rr(e, 0x8B, d, a);
            return;
        }
    }
    alu(e, (Alu){ALU_AND, true}, i);
}

/* d = low 64 bits of a * b; the overflow flag says whether they are all. */
static void multiply(Encoder *e, const MachineInstruction *i)
{
    uint32_t d = numbers[i->d], a = numbers[i->a], b;
    switch ((MachineForm) i->form) {
    case FORM_REGISTER:
        b = numbers[i->b];
        if (d == b && d != a) {
            b = a;
        } else {
            move(e, d, a);
        }
        op_rr(e, W | 0x0FAF, d, b);
        break;
    case FORM_CONSTANT:
        if (fits8(i->constant)) {
            op_rr(e, W | 0x6B, d, a);
            put8(e, (uint8_t) i->constant);
        } else if (fits32(i->constant)) {
            op_rr(e, W | 0x69, d, a);
            put32(e, (uint32_t) i->constant);
        } else {
            constant(e, R11X, i->constant);
            move(e, d, a);
            op_rr(e, W | 0x0FAF, d, R11X);
        }
        break;
    case FORM_MEMORY:
        if (d != a && memory_uses(&i->memory, (MachineRegister) i->d)) {
            load(e, WIDTH_64, R11X, &i->memory);
            move(e, d, a);
            op_rr(e, W | 0x0FAF, d, R11X);
        } else {
            move(e, d, a);
            op_rm(e, W | 0x0FAF, d, &i->memory);
        }
        break;
    }
}

static void multiply_plain(Encoder *e, const MachineInstruction *i)
{
    uint32_t d = numbers[i->d], a = numbers[i->a];
    uint64_t factor = (uint64_t) i->constant;
    if (i->form == FORM_CONSTANT && factor != 0 && (factor & (factor - 1)) == 0) {
        move(e, d, a);
        if (factor != 1) {
            op_rr(e, W | 0xC1, 4, d);
            put8(e, (uint32_t) __builtin_ctzll(factor));
        }
    } else if (i->form == FORM_CONSTANT && i->a != R_SP &&
               (factor == 3 || factor == 5 || factor == 9)) {
        MachineMemory sum = m_at_index((MachineRegister) i->a, (MachineRegister) i->a,
                                       (uint32_t) __builtin_ctzll(factor - 1), 0);
        lea(e, d, &sum);
    } else {
        multiply(e, i);
    }
}

/* The second source into `to`. */
static void second_source(Encoder *e, uint32_t to, const MachineInstruction *i)
{
    switch ((MachineForm) i->form) {
    case FORM_REGISTER:
        move(e, to, numbers[i->b]);
        break;
    case FORM_CONSTANT:
        constant(e, to, i->constant);
        break;
    case FORM_MEMORY:
        load(e, WIDTH_64, to, &i->memory);
        break;
    }
}

static void save_in_xmm15(Encoder *e, uint32_t r)
{
    op_rr(e, P66 | W | 0x0F6E, XMM15, r);
}
static void restore_from_xmm15(Encoder *e, uint32_t r)
{
    op_rr(e, P66 | W | 0x0F7E, XMM15, r);
}

/* numbers: of `F7 /n`, whose operand is r11 and whose result is in rax or rdx. */
static void rax_rdx_operation(Encoder *e, uint32_t number, bool extend, bool result_in_rdx,
                              const MachineInstruction *i)
{
    uint32_t d = numbers[i->d], a = numbers[i->a];
    second_source(e, R11X, i);
    save_in_xmm15(e, d == RAX ? RDX : RAX);
    move(e, RAX, a);
    if (d != RAX && d != RDX) {
        move(e, d, RDX); /* a was read: d is free to keep rdx */
    }
    if (extend) {
        put8(e, 0x48);
        put8(e, 0x99); /* cqo */
    }
    op_rr(e, W | 0xF7, number, R11X);
    if (d == RAX) {
        if (result_in_rdx) {
            move(e, RAX, RDX);
        }
        restore_from_xmm15(e, RDX);
        return;
    }
    if (d == RDX) {
        if (!result_in_rdx) {
            move(e, RDX, RAX);
        }
    } else if (result_in_rdx) {
        op_rr(e, W | 0x87, d, RDX); /* xchg */
    } else {
        move(e, RDX, d);
        move(e, d, RAX);
    }
    restore_from_xmm15(e, RAX);
}

/* ---- shifts ---- */

/* to = from shifted by the register `count`, by BMI2. op: the prefix that says which. */
static void shift_bmi2(Encoder *e, uint32_t prefix, uint32_t to, uint32_t from, uint32_t count)
{
    put8(e, 0xC4);
    put8(e, (to & 8 ? 0 : 0x80) | 0x40 | (from & 8 ? 0 : 0x20) | 2);
    put8(e, 0x80 | (~count & 15) << 3 | prefix);
    put8(e, 0xF7);
    put8(e, 0xC0 | (to & 7) << 3 | (from & 7));
}

/* number: of `D3 /n`. */
static void shift(Encoder *e, uint32_t number, const MachineInstruction *i)
{
    static const uint8_t bmi2_prefixes[8] = {[4] = 1, [5] = 3, [7] = 2};
    uint32_t d = numbers[i->d], a = numbers[i->a];
    if (i->form == FORM_CONSTANT) {
        uint32_t count = (uint32_t) i->constant & 63;
        move(e, d, a);
        if (count == 1) {
            op_rr(e, W | 0xD1, number, d);
        } else if (count != 0) {
            op_rr(e, W | 0xC1, number, d);
            put8(e, count);
        }
        return;
    }
    if (bmi2_prefixes[number] != 0 && (e->options->features & MACHINE_BMI2)) {
        uint32_t count = R11X;
        if (i->form == FORM_REGISTER) {
            count = numbers[i->b];
        } else {
            load(e, WIDTH_64, R11X, &i->memory);
        }
        shift_bmi2(e, bmi2_prefixes[number], d, a, count);
        return;
    }
    if (i->form == FORM_REGISTER && numbers[i->b] == RCX && d != RCX) {
        move(e, d, a);
        op_rr(e, W | 0xD3, number, d);
        return;
    }
    if (d != RCX) {
        save_in_xmm15(e, RCX);
    }
    move(e, R11X, a);
    second_source(e, RCX, i);
    op_rr(e, W | 0xD3, number, R11X);
    if (d != RCX) {
        restore_from_xmm15(e, RCX);
    }
    move(e, d, R11X);
}

/* ---- comparing ---- */

/* Flags of a - second source. */
static void compare(Encoder *e, const MachineInstruction *i)
{
    uint32_t a = numbers[i->a];
    switch ((MachineForm) i->form) {
    case FORM_REGISTER:
        alu_rr(e, ALU_CMP, a, numbers[i->b]);
        break;
    case FORM_CONSTANT:
        if (i->constant == 0) { /* carry and overflow are clear, as after a comparison with 0 */
            op_rr(e, W | 0x85, a, a);
        } else {
            alu_imm(e, ALU_CMP, a, i->constant);
        }
        break;
    case FORM_MEMORY:
        alu_rm(e, ALU_CMP, a, &i->memory);
        break;
    }
}

static const uint8_t width_bits[] = {
    [WIDTH_64] = 64,  [WIDTH_U8] = 8,   [WIDTH_S8] = 8,   [WIDTH_U16] = 16,
    [WIDTH_S16] = 16, [WIDTH_U32] = 32, [WIDTH_S32] = 32,
};
static bool width_is_signed(MachineWidth width)
{
    return width == WIDTH_S8 || width == WIDTH_S16 || width == WIDTH_S32;
}

/* `memory op= value` of `bits` bits, value as an immediate of up to 32 bits. */
static void memory_alu_imm(Encoder *e, uint32_t alu, uint32_t bits, const MachineMemory *memory,
                           int64_t value)
{
    uint32_t size = bits == 64 ? W : bits == 16 ? P66 : 0;
    if (bits == 8) {
        op_rm(e, 0x80, alu, memory);
        put8(e, (uint8_t) value);
        return;
    }
    if (bits == 16) {
        value = (int16_t) value;
    } else if (bits == 32) {
        value = (int32_t) value;
    }
    ASSERT(fits32(value));
    op_rm(e, size | (fits8(value) ? 0x83 : 0x81), alu, memory);
    if (fits8(value)) {
        put8(e, (uint8_t) value);
    } else if (bits == 16) {
        put8(e, (uint8_t) value);
        put8(e, (uint8_t) (value >> 8));
    } else {
        put32(e, (uint32_t) value);
    }
}

static bool condition_is_unsigned(MachineCondition condition)
{
    return condition >= M_ULT && condition <= M_ULE;
}

static bool condition_is_signed(MachineCondition condition)
{
    return condition >= M_LT && condition <= M_LE;
}

/* A narrow value compared with a constant that it cannot have: what comes out? */
static void branch_memory_beyond(Encoder *e, const MachineInstruction *i)
{
    MachineCondition condition = (MachineCondition) i->condition;
    bool is_signed = width_is_signed((MachineWidth) i->width);
    bool less; /* value < constant, for all values */
    if (condition == M_EQ || condition == M_NE) {
        if (condition == M_NE) {
            jump_if(e, ITEM_JUMP, i->label);
        }
        return;
    }
    if (condition_is_unsigned(condition) && is_signed) {
        /* The constant is between the values that are not negative and those that are. */
        bool below = condition == M_ULT || condition == M_ULE;
        memory_alu_imm(e, ALU_CMP, width_bits[i->width], &i->memory, 0);
        jump_if(e, below ? CC_GE : CC_L, i->label);
        return;
    }
    less = condition_is_unsigned(condition) ? true : i->constant > 0;
    if (less ==
        (condition == M_LT || condition == M_LE || condition == M_ULT || condition == M_ULE)) {
        jump_if(e, ITEM_JUMP, i->label);
    }
}

static void branch_memory(Encoder *e, const MachineInstruction *i)
{
    MachineCondition condition = (MachineCondition) i->condition;
    MachineWidth width = (MachineWidth) i->width;
    uint32_t bits = width_bits[width];
    if (bits == 64 && !fits32(i->constant)) {
        constant(e, R11X, i->constant);
        op_rm(e, W | 0x39, R11X, &i->memory);
    } else if (bits < 64 &&
               (width_is_signed(width) ? i->constant < -((int64_t) 1 << (bits - 1)) ||
                                             i->constant >= (int64_t) 1 << (bits - 1)
                                       : i->constant < 0 || i->constant >= (int64_t) 1 << bits)) {
        branch_memory_beyond(e, i);
        return;
    } else {
        memory_alu_imm(e, ALU_CMP, bits, &i->memory, i->constant);
        if (bits < 64 && !width_is_signed(width) && condition_is_signed(condition)) {
            condition = (MachineCondition) (condition - M_LT + M_ULT);
        }
    }
    jump_if(e, condition_codes[condition], i->label);
}

/* Sets the zero flag, or the carry flag the other way round. Returns the code for "some are set".
 */
static uint32_t test_bits(Encoder *e, uint32_t a, uint64_t bits)
{
    if (bits <= 0xFF) {
        if (a == RAX) {
            put8(e, 0xA8);
        } else {
            op_rr(e, BYTE_RM | 0xF6, 0, a);
        }
        put8(e, (uint32_t) bits);
    } else if (fits_u32((int64_t) bits) || fits32((int64_t) bits)) {
        uint32_t size = fits_u32((int64_t) bits) ? 0 : W;
        if (a == RAX) {
            put_opcode(e, size | 0xA9, 0, 0, 0, false);
        } else {
            op_rr(e, size | 0xF7, 0, a);
        }
        put32(e, (uint32_t) bits);
    } else if ((bits & (bits - 1)) == 0) {
        op_rr(e, W | 0x0FBA, 4, a);
        put8(e, (uint32_t) __builtin_ctzll(bits));
        return CC_B;
    } else {
        constant(e, R11X, (int64_t) bits);
        op_rr(e, W | 0x85, R11X, a);
    }
    return CC_NE;
}

static void branch_bits(Encoder *e, const MachineInstruction *i)
{
    uint32_t code = CC_NE;
    if (i->form == FORM_REGISTER) {
        op_rr(e, W | 0x85, numbers[i->b], numbers[i->a]);
    } else {
        code = test_bits(e, numbers[i->a], (uint64_t) i->constant);
    }
    jump_if(e, i->condition == M_NE ? code : code ^ 1, i->label);
}

static void branch_bits_memory(Encoder *e, const MachineInstruction *i)
{
    MachineWidth width = (MachineWidth) i->width;
    uint32_t size = width_bits[width];
    uint64_t bits = (uint64_t) i->constant;
    MachineMemory memory = i->memory;
    if (size < 64) {
        uint64_t own = ((uint64_t) 1 << size) - 1;
        /* Bits above are all as the sign. */
        bits = (bits & ~own) != 0 && width_is_signed(width)
                   ? (bits & own) | (uint64_t) 1 << (size - 1)
                   : bits & own;
    }
    for (uint32_t byte = 0; byte < 8; byte++) { /* all in one byte? */
        if ((bits & ~((uint64_t) 0xFF << 8 * byte)) == 0 && memory.disp <= INT32_MAX - 8) {
            memory.disp += (int32_t) byte;
            op_rm(e, 0xF6, 0, &memory);
            put8(e, (uint8_t) (bits >> 8 * byte));
            jump_if(e, i->condition == M_NE ? CC_NE : CC_E, i->label);
            return;
        }
    }
    if (size == 16) {
        load(e, WIDTH_U16, R11X, &memory);
        jump_if(e, (i->condition == M_NE) == (test_bits(e, R11X, bits) == CC_NE) ? CC_NE : CC_E,
                i->label);
        return;
    }
    if (size == 32 || fits_u32((int64_t) bits)) {
        op_rm(e, 0xF7, 0, &memory);
        put32(e, (uint32_t) bits);
    } else if (fits32((int64_t) bits)) {
        op_rm(e, W | 0xF7, 0, &memory);
        put32(e, (uint32_t) bits);
    } else {
        constant(e, R11X, (int64_t) bits);
        op_rm(e, W | 0x85, R11X, &memory);
    }
    jump_if(e, i->condition == M_NE ? CC_NE : CC_E, i->label);
}

static void set_byte(Encoder *e, uint32_t code, uint32_t d)
{
    op_rr(e, BYTE_RM | 0x0F90 | code, 0, d);
}

static void set(Encoder *e, const MachineInstruction *i)
{
    uint32_t code = condition_codes[i->condition], d = numbers[i->d];
    if (d != numbers[i->a] && (i->form != FORM_REGISTER || d != numbers[i->b])) {
        constant(e, d, 0);
        compare(e, i);
        set_byte(e, code, d);
        return;
    }
    compare(e, i);
    set_byte(e, code, R11X);
    op_rr(e, BYTE_RM | 0x0FB6, d, R11X);
}

static void move_if(Encoder *e, uint32_t code, uint32_t to, uint32_t from)
{
    op_rr(e, W | 0x0F40 | code, to, from);
}

static void select(Encoder *e, const MachineInstruction *i)
{
    uint32_t code = condition_codes[i->condition];
    uint32_t d = numbers[i->d], yes = numbers[i->c], no = numbers[i->e];
    compare(e, i);
    if (yes == no) {
        move(e, d, yes);
    } else if (d == yes) {
        move_if(e, code ^ 1, d, no);
    } else {
        move(e, d, no);
        move_if(e, code, d, yes);
    }
}

/* ---- bits ---- */

static void swap_bytes(Encoder *e, const MachineInstruction *i)
{
    uint32_t d = numbers[i->d], a = numbers[i->a];
    switch (width_bits[i->width]) {
    case 16:
        op_rr(e, 0x0FB7, d, a);
        op_rr(e, P66 | 0xC1, 0, d); /* rol by 8 */
        put8(e, 8);
        break;
    case 32:
        op_rr(e, 0x8B, d, a);
        put_opcode(e, 0x0FC8 | (d & 7), 0, 0, d, false);
        break;
    default:
        ASSERT(i->width == WIDTH_64);
        move(e, d, a);
        put_opcode(e, W | 0x0FC8 | (d & 7), 0, 0, d, false);
    }
}

static void leading_zeros(Encoder *e, uint32_t d, uint32_t a)
{
    if (e->options->features & MACHINE_LZCNT) {
        op_rr(e, PF3 | W | 0x0FBD, d, a);
        return;
    }
    constant_small(e, R11X, 127);
    op_rr(e, W | 0x0FBD, d, a); /* bsr; the zero flag: a was 0, d is undefined */
    move_if(e, CC_E, d, R11X);
    alu_imm(e, ALU_XOR, d, 63);
}

static void trailing_zeros(Encoder *e, uint32_t d, uint32_t a)
{
    if (e->options->features & MACHINE_BMI1) {
        op_rr(e, PF3 | W | 0x0FBC, d, a);
        return;
    }
    constant_small(e, R11X, 64);
    op_rr(e, W | 0x0FBC, d, a);
    move_if(e, CC_E, d, R11X);
}

static void count_ones(Encoder *e, uint32_t d, uint32_t a)
{
    uint32_t again;
    if (e->options->features & MACHINE_POPCNT) {
        op_rr(e, PF3 | W | 0x0FB8, d, a);
        return;
    }
    again = layout_label(&e->layout);
    move(e, R11X, a);
    constant(e, d, 0);
    layout_bind(&e->layout, again);
    op_rr(e, W | 0xD1, 5, R11X); /* shr r11, 1; adc d, 0 */
    op_rr(e, W | 0x83, 2, d);
    put8(e, 0);
    op_rr(e, W | 0x85, R11X, R11X);
    jump_if(e, CC_NE, again);
}

/* ---- floats ---- */

static void float_move(Encoder *e, uint32_t to, uint32_t from)
{
    if (to != from) {
        op_rr(e, 0x0F28, to, from);
    }
}

static void float_constant(Encoder *e, uint32_t d, uint64_t bits)
{
    uint32_t at = 0;
    if (bits == 0) {
        op_rr(e, 0x0F57, d, d);
        return;
    }
    while (at < e->double_count && e->doubles[at] != bits) {
        at++;
    }
    if (at == e->double_count) {
        if (at == e->double_capacity) {
            e->double_capacity = e->double_capacity == 0 ? 16 : e->double_capacity * 2;
            e->doubles = mem_realloc(e->doubles, e->double_capacity * sizeof *e->doubles);
            e->double_labels =
                mem_realloc(e->double_labels, e->double_capacity * sizeof *e->double_labels);
        }
        e->doubles[at] = bits;
        e->double_labels[at] = layout_label(&e->layout);
        e->double_count++;
    }
    op_rlabel(e, PF2 | 0x0F10, d, e->double_labels[at]);
}

static void float_binary(Encoder *e, uint32_t op, bool commutes, const MachineInstruction *i)
{
    uint32_t b = i->b;
    if (i->d == b && i->d != i->a) {
        if (commutes) {
            op_rr(e, PF2 | op, i->d, i->a);
            return;
        }
        float_move(e, XMM15, b);
        b = XMM15;
    }
    float_move(e, i->d, i->a);
    op_rr(e, PF2 | op, i->d, b);
}

/* d = a with xmm15 applied by `op`, where xmm15 is all ones shifted as `shift` says. */
static void float_mask(Encoder *e, uint32_t op, uint32_t shift_number, uint32_t count,
                       const MachineInstruction *i)
{
    op_rr(e, P66 | 0x0F76, XMM15, XMM15); /* pcmpeqd: all ones */
    op_rr(e, P66 | 0x0F73, shift_number, XMM15);
    put8(e, count);
    float_move(e, i->d, i->a);
    op_rr(e, P66 | op, i->d, XMM15);
}

/* Compares so that the code returned holds where `condition` does. With a NaN zero, parity and
 * carry are set. FEQ and its opposite need the parity flag as well (equality: CC_E, CC_NE). */
static uint32_t float_compare(Encoder *e, MachineCondition condition, uint32_t a, uint32_t b)
{
    uint32_t code = CC_E;
    switch (condition) {
    case M_FLT:
    case M_FNOT_LT:
        code = CC_A;
        op_rr(e, P66 | 0x0F2E, b, a);
        break;
    case M_FLE:
    case M_FNOT_LE:
        code = CC_AE;
        op_rr(e, P66 | 0x0F2E, b, a);
        break;
    case M_FGT:
    case M_FNOT_GT:
        code = CC_A;
        op_rr(e, P66 | 0x0F2E, a, b);
        break;
    case M_FGE:
    case M_FNOT_GE:
        code = CC_AE;
        op_rr(e, P66 | 0x0F2E, a, b);
        break;
    default:
        ASSERT(condition == M_FEQ || condition == M_FNOT_EQ);
        op_rr(e, P66 | 0x0F2E, a, b);
    }
    return condition & 1 ? code ^ 1 : code;
}

static void float_branch(Encoder *e, const MachineInstruction *i)
{
    MachineCondition condition = (MachineCondition) i->condition;
    uint32_t code = float_compare(e, condition, i->a, i->b);
    if (condition == M_FEQ) {
        uint32_t past = layout_label(&e->layout);
        jump_if(e, CC_P, past);
        jump_if(e, code, i->label);
        layout_bind(&e->layout, past);
        return;
    }
    if (condition == M_FNOT_EQ) {
        jump_if(e, CC_P, i->label);
    }
    jump_if(e, code, i->label);
}

static void float_set(Encoder *e, const MachineInstruction *i)
{
    MachineCondition condition = (MachineCondition) i->condition;
    uint32_t d = numbers[i->d];
    uint32_t code = float_compare(e, condition, i->a, i->b);
    if (condition == M_FEQ || condition == M_FNOT_EQ) {
        set_byte(e, condition == M_FEQ ? CC_NP : CC_P, R11X);
        op_rr(e, BYTE_RM | 0x0FB6, R11X, R11X);
        constant_small(e, d, condition == M_FEQ ? 0 : 1);
        move_if(e, CC_E, d, R11X);
        return;
    }
    set_byte(e, code, R11X);
    op_rr(e, BYTE_RM | 0x0FB6, d, R11X);
}

/* ---- control ---- */

static bool is_near(const MachineOptions *options, uintptr_t target)
{
    const int64_t reach = INT32_MAX - 64;
    return options->low != options->high && (int64_t) (target - options->low) <= reach &&
           (int64_t) (target - options->low) >= -reach &&
           (int64_t) (target - options->high) <= reach &&
           (int64_t) (target - options->high) >= -reach;
}

/* near: E8 or E9; far: FF /number. */
static void go_address(Encoder *e, uint32_t near_opcode, uint32_t number, int64_t target)
{
    if (is_near(e->options, (uintptr_t) target)) {
        put8(e, near_opcode);
        layout_relocation(&e->layout, (uintptr_t) target);
        put32(e, 0);
    } else {
        constant(e, R11X, target);
        op_rr(e, 0xFF, number, R11X);
    }
}

static void jump_table(Encoder *e, const MachineInstruction *i, uint32_t table_label)
{
    MachineMemory entry = m_at_index(R_SCRATCH, (MachineRegister) i->a, 2, 0);
    uint32_t a = numbers[i->a];
    op_rlabel(e, W | 0x8D, R11X, table_label);
    op_rm(e, W | 0x63, a, &entry);
    alu_rr(e, ALU_ADD, a, R11X);
    op_rr(e, 0xFF, 4, a);
}

static void encode_move(Encoder *e, const MachineInstruction *i)
{
    static const uint32_t extend_opcodes[] = {
        [WIDTH_64] = W | 0x8B,  [WIDTH_U8] = BYTE_RM | 0x0FB6, [WIDTH_S8] = W | 0x0FBE,
        [WIDTH_U16] = 0x0FB7,   [WIDTH_S16] = W | 0x0FBF,      [WIDTH_U32] = 0x8B,
        [WIDTH_S32] = W | 0x63,
    };
    uint32_t bits = width_bits[i->width];
    uint32_t size = bits == 64 ? W : bits == 16 ? P66 : 0;
    switch ((MachineOp) i->op) {
    case M_MOVE:
        move(e, numbers[i->d], numbers[i->a]);
        break;
    case M_CONST:
    case M_ADDRESS:
        constant(e, numbers[i->d], i->constant);
        break;
    case M_LOAD:
        load(e, (MachineWidth) i->width, numbers[i->d], &i->memory);
        break;
    case M_STORE:
        if (bits == 8) {
            op_rm(e, BYTE_REG | 0x88, numbers[i->a], &i->memory);
        } else {
            op_rm(e, size | 0x89, numbers[i->a], &i->memory);
        }
        break;
    case M_STORE_IMM:
        if (bits == 64 && !fits32(i->constant)) {
            constant(e, R11X, i->constant);
            op_rm(e, W | 0x89, R11X, &i->memory);
            break;
        }
        op_rm(e, bits == 8 ? 0xC6 : size | 0xC7, 0, &i->memory);
        put8(e, (uint8_t) i->constant);
        if (bits > 8) {
            put8(e, (uint8_t) (i->constant >> 8));
        }
        if (bits > 16) {
            put8(e, (uint8_t) (i->constant >> 16));
            put8(e, (uint8_t) (i->constant >> 24));
        }
        break;
    case M_LEA:
        lea(e, numbers[i->d], &i->memory);
        break;
    case M_LEA_LABEL:
        op_rlabel(e, W | 0x8D, numbers[i->d], i->label);
        break;
    case M_EXTEND:
        op_rr(e, extend_opcodes[i->width], numbers[i->d], numbers[i->a]);
        break;
    default:
        CHECK(!"no move");
    }
}

static void encode_integer(Encoder *e, const MachineInstruction *i)
{
    switch ((MachineOp) i->op) {
    case M_ADD:
        add(e, i);
        break;
    case M_SUB:
        sub(e, i);
        break;
    case M_AND:
        and(e, i);
        break;
    case M_OR:
        alu(e, (Alu){ALU_OR, true}, i);
        break;
    case M_XOR:
        alu(e, (Alu){ALU_XOR, true}, i);
        break;
    case M_MUL:
        multiply_plain(e, i);
        break;
    case M_SHL:
        shift(e, 4, i);
        break;
    case M_SHR:
        shift(e, 5, i);
        break;
    case M_SAR:
        shift(e, 7, i);
        break;
    case M_ROL:
        shift(e, 0, i);
        break;
    case M_ROR:
        shift(e, 1, i);
        break;
    case M_MUL_HIGH:
        rax_rdx_operation(e, 5, false, true, i);
        break;
    case M_MUL_HIGH_UNSIGNED:
        rax_rdx_operation(e, 4, false, true, i);
        break;
    case M_DIV:
        rax_rdx_operation(e, 7, true, false, i);
        break;
    case M_REM:
        rax_rdx_operation(e, 7, true, true, i);
        break;
    case M_NEG:
    case M_NEG_OVERFLOW:
    case M_NOT:
        move(e, numbers[i->d], numbers[i->a]);
        op_rr(e, W | 0xF7, i->op == M_NOT ? 2 : 3, numbers[i->d]);
        if (i->op == M_NEG_OVERFLOW) {
            jump_if(e, CC_O, i->label);
        }
        break;
    case M_ADD_OVERFLOW:
        alu(e, (Alu){ALU_ADD, true}, i);
        jump_if(e, CC_O, i->label);
        break;
    case M_SUB_OVERFLOW:
        alu(e, (Alu){ALU_SUB, false}, i);
        jump_if(e, CC_O, i->label);
        break;
    case M_MUL_OVERFLOW:
        multiply(e, i);
        jump_if(e, CC_O, i->label);
        break;
    case M_SUB_NEGATIVE:
        alu(e, (Alu){ALU_SUB, false}, i);
        jump_if(e, CC_S, i->label);
        break;
    case M_SWAP_BYTES:
        swap_bytes(e, i);
        break;
    case M_LEADING_ZEROS:
        leading_zeros(e, numbers[i->d], numbers[i->a]);
        break;
    case M_TRAILING_ZEROS:
        trailing_zeros(e, numbers[i->d], numbers[i->a]);
        break;
    case M_COUNT_ONES:
        count_ones(e, numbers[i->d], numbers[i->a]);
        break;
    default:
        CHECK(!"no operation on integers");
    }
}

static void encode_memory(Encoder *e, const MachineInstruction *i)
{
    uint32_t bits = width_bits[i->width];
    uint32_t number = i->op == M_MEMORY_ADD ? ALU_ADD : ALU_SUB;
    if (bits == 64 && !fits32(i->constant)) {
        constant(e, R11X, i->constant);
        op_rm(e, W | (number << 3 | 1), R11X, &i->memory);
    } else {
        memory_alu_imm(e, number, bits, &i->memory, i->constant);
    }
    if (i->op == M_MEMORY_SUB_NEGATIVE) {
        ASSERT(bits >= 32);
        jump_if(e, CC_S, i->label);
    }
}

static void encode_test(Encoder *e, const MachineInstruction *i)
{
    switch ((MachineOp) i->op) {
    case M_BRANCH:
        compare(e, i);
        jump_if(e, condition_codes[i->condition], i->label);
        break;
    case M_BRANCH_MEMORY:
        branch_memory(e, i);
        break;
    case M_BRANCH_BITS:
        branch_bits(e, i);
        break;
    case M_BRANCH_BITS_MEMORY:
        branch_bits_memory(e, i);
        break;
    case M_SET:
        set(e, i);
        break;
    case M_SELECT:
        select(e, i);
        break;
    default:
        CHECK(!"no test");
    }
}

static void encode_float(Encoder *e, const MachineInstruction *i)
{
    switch ((MachineOp) i->op) {
    case M_FMOVE:
        float_move(e, i->d, i->a);
        break;
    case M_FCONST:
        float_constant(e, i->d, (uint64_t) i->constant);
        break;
    case M_FLOAD:
        op_rm(e, PF2 | 0x0F10, i->d, &i->memory);
        break;
    case M_FSTORE:
        op_rm(e, PF2 | 0x0F11, i->a, &i->memory);
        break;
    case M_FADD:
        float_binary(e, 0x0F58, true, i);
        break;
    case M_FSUB:
        float_binary(e, 0x0F5C, false, i);
        break;
    case M_FMUL:
        float_binary(e, 0x0F59, true, i);
        break;
    case M_FDIV:
        float_binary(e, 0x0F5E, false, i);
        break;
    case M_FSQRT:
        op_rr(e, PF2 | 0x0F51, i->d, i->a);
        break;
    case M_FNEG:
        float_mask(e, 0x0F57, 6, 63, i); /* psllq: the sign bit; xorpd */
        break;
    case M_FABS:
        float_mask(e, 0x0F54, 2, 1, i); /* psrlq: all but it; andpd */
        break;
    case M_FBRANCH:
        float_branch(e, i);
        break;
    case M_FSET:
        float_set(e, i);
        break;
    case M_INT_TO_FLOAT:
        op_rr(e, 0x0F57, i->d, i->d); /* not to wait for what d was */
        op_rr(e, PF2 | W | 0x0F2A, i->d, numbers[i->a]);
        break;
    case M_FLOAT_TO_INT:
        op_rr(e, PF2 | W | 0x0F2C, numbers[i->d], i->a);
        break;
    case M_BITS_TO_FLOAT:
        op_rr(e, P66 | W | 0x0F6E, i->d, numbers[i->a]);
        break;
    case M_FLOAT_TO_BITS:
        op_rr(e, P66 | W | 0x0F7E, i->a, numbers[i->d]);
        break;
    default:
        CHECK(!"no operation on floats");
    }
}

static const uint8_t kept_by_c[] = {RBP, RBX, 12, 13, 14, 15};

static void encode_control(Encoder *e, const MachineInstruction *i, const uint32_t *table_labels)
{
    switch ((MachineOp) i->op) {
    case M_JUMP:
        jump_if(e, ITEM_JUMP, i->label);
        break;
    case M_JUMP_REGISTER:
        op_rr(e, 0xFF, 4, numbers[i->a]);
        break;
    case M_JUMP_MEMORY:
        op_rm(e, 0xFF, 4, &i->memory);
        break;
    case M_JUMP_ADDRESS:
        go_address(e, 0xE9, 4, i->constant);
        break;
    case M_JUMP_TABLE:
        jump_table(e, i, table_labels[i->constant]);
        break;
    case M_CALL:
        put8(e, 0xE8);
        layout_fixup(&e->layout, FIX_RELATIVE, i->label, UINT32_MAX);
        put32(e, 0);
        break;
    case M_CALL_REGISTER:
    case M_CALL_C_REGISTER:
        op_rr(e, 0xFF, 2, numbers[i->a]);
        break;
    case M_CALL_MEMORY:
        op_rm(e, 0xFF, 2, &i->memory);
        break;
    case M_CALL_ADDRESS:
    case M_CALL_C:
        go_address(e, 0xE8, 2, i->constant);
        break;
    case M_RETURN:
        put8(e, 0xC3);
        break;
    case M_RETURN_POINT:
        layout_point(&e->layout);
        put32(e, 0x00841F0F); /* nop [rax + rax + payload] */
        put32(e, (uint32_t) i->constant);
        break;
    case M_C_STACK:
        load(e, WIDTH_64, RSP, &i->memory);
        break;
    case M_ENTER_FROM_C:
        for (uint32_t each = 0; each < COUNT_OF(kept_by_c); each++) {
            put_opcode(e, 0x50 | (kept_by_c[each] & 7), 0, 0, kept_by_c[each], false);
        }
        alu_imm(e, ALU_SUB, RSP, 8); /* six and the return address: one more to be aligned */
        op_rm(e, W | 0x89, RSP, &i->memory);
        break;
    case M_LEAVE_TO_C:
        load(e, WIDTH_64, RSP, &i->memory);
        alu_imm(e, ALU_ADD, RSP, 8);
        for (uint32_t each = COUNT_OF(kept_by_c); each-- > 0;) {
            put_opcode(e, 0x58 | (kept_by_c[each] & 7), 0, 0, kept_by_c[each], false);
        }
        put8(e, 0xC3);
        break;
    case M_LABEL:
        layout_bind(&e->layout, i->label);
        break;
    case M_ALIGN:
        ASSERT(i->constant > 0 && i->constant <= 64 && (i->constant & (i->constant - 1)) == 0);
        layout_item(&e->layout, LAYOUT_ALIGN, (uint32_t) i->constant, 0);
        break;
    case M_DATA:
        put64(e, (uint64_t) i->constant);
        break;
    case M_DATA_LABEL:
        layout_fixup(&e->layout, FIX_TABLE, i->label, UINT32_MAX);
        put32(e, 0);
        break;
    case M_MARK:
        break;
    case M_STOP:
        put8(e, 0x0F);
        put8(e, 0x0B);
        break;
    default:
        CHECK(!"no control");
    }
}

static void encode_one(Encoder *e, const MachineInstruction *i, const uint32_t *table_labels)
{
    if (i->op <= M_EXTEND) {
        encode_move(e, i);
    } else if (i->op <= M_SUB_NEGATIVE) {
        encode_integer(e, i);
    } else if (i->op <= M_MEMORY_SUB_NEGATIVE) {
        encode_memory(e, i);
    } else if (i->op <= M_SELECT) {
        encode_test(e, i);
    } else if (i->op <= M_COUNT_ONES) {
        encode_integer(e, i);
    } else if (i->op <= M_FLOAT_TO_BITS) {
        encode_float(e, i);
    } else {
        encode_control(e, i, table_labels);
    }
}

/* Tables of jumps and constants, behind the code. */
static void encode_data(Encoder *e, const Machine *m, const uint32_t *table_labels)
{
    if (m->table_count > 0) {
        layout_item(&e->layout, LAYOUT_ALIGN, 4, 0);
    }
    for (uint32_t i = 0; i < m->table_count; i++) {
        const MachineTable *table = &m->tables[i];
        layout_bind(&e->layout, table_labels[i]);
        for (uint32_t each = 0; each < table->count; each++) {
            layout_room(&e->layout, 4);
            layout_fixup(&e->layout, FIX_TABLE, table->labels[each], table_labels[i]);
            put32(e, 0);
        }
    }
    if (e->double_count > 0) {
        layout_item(&e->layout, LAYOUT_ALIGN, 8, 0);
    }
    for (uint32_t i = 0; i < e->double_count; i++) {
        layout_room(&e->layout, 8);
        layout_bind(&e->layout, e->double_labels[i]);
        put64(e, e->doubles[i]);
    }
}

/* ---- for layout.c ---- */

static uint32_t item_size(const LayoutItem *item)
{
    return !item->is_long ? 2 : item->kind == ITEM_JUMP ? 5 : 6;
}

static bool item_reaches(const LayoutItem *item, int64_t distance)
{
    return fits8(distance - 2);
}

static void item_write(const LayoutItem *item, uint8_t *to, int64_t distance)
{
    int32_t relative = (int32_t) (distance - item->size);
    if (!item->is_long) {
        to[0] = item->kind == ITEM_JUMP ? 0xEB : 0x70 | item->kind;
        to[1] = (uint8_t) relative;
        return;
    }
    if (item->kind == ITEM_JUMP) {
        *to++ = 0xE9;
    } else {
        *to++ = 0x0F;
        *to++ = 0x80 | item->kind;
    }
    memcpy(to, &relative, 4);
}

static void fix(uint8_t kind, uint8_t *at, int64_t distance)
{
    int32_t value = (int32_t) (kind == FIX_RELATIVE ? distance - 4 : distance);
    memcpy(at, &value, 4);
}

/* None of them reads as a return point. */
static void fill(uint8_t *to, uint32_t size)
{
    static const char *const nops[] = {
        "",
        "\x90",
        "\x66\x90",
        "\x0F\x1F\x00",
        "\x0F\x1F\x40\x00",
        "\x0F\x1F\x44\x00\x00",
        "\x66\x0F\x1F\x44\x00\x00",
        "\x0F\x1F\x80\x00\x00\x00\x00",
    };
    while (size > 0) {
        uint32_t part = size > 7 ? 7 : size;
        memcpy(to, nops[part], part);
        to += part;
        size -= part;
    }
}

void encode_x86(const Machine *m, const MachineOptions *options, MachineCode *code)
{
    static const LayoutTarget target = {item_size, item_reaches, item_write, fix, fill};
    Encoder e = {.options = options};
    uint32_t *table_labels = mem_alloc((m->table_count + 1) * sizeof *table_labels);
    layout_begin(&e.layout, m);
    for (uint32_t i = 0; i < m->table_count; i++) {
        table_labels[i] = layout_label(&e.layout);
    }
    for (uint32_t i = 0; i < m->count; i++) {
        layout_room(&e.layout, INSTRUCTION_BYTES_MAX);
        layout_instruction(&e.layout);
        encode_one(&e, &m->code[i], table_labels);
    }
    layout_instruction(&e.layout);
    encode_data(&e, m, table_labels);
    layout_end(&e.layout, &target, code);
    mem_free(table_labels);
    mem_free(e.doubles);
    mem_free(e.double_labels);
}
