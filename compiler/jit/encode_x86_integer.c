/* compiler/jit/encode_x86_integer.c
 * Arithmetic, logic, shifts and counting of bits. What needs fixed registers (division, the high
 * half of a product; shifts by a register where there is no BMI2) saves and restores them. */
#include "compiler/jit/encode_x86_internal.h"

typedef struct Alu {
    uint8_t number;
    bool commutes;
} Alu;

static void alu_registers(Encoder *e, Alu alu, uint32_t d, uint32_t a, uint32_t b)
{
    if (d == b && d != a) {
        if (alu.commutes) {
            x86_alu_rr(e, alu.number, d, a);
            return;
        }
        x86_move(e, R11X, b);
        b = R11X;
    }
    x86_move(e, d, a);
    x86_alu_rr(e, alu.number, d, b);
}

static void alu_memory(Encoder *e, Alu alu, const MachineInstruction *i)
{
    uint32_t d = x86_numbers[i->d], a = x86_numbers[i->a];
    if (d != a && x86_memory_uses(&i->memory, (MachineRegister) i->d)) {
        x86_move(e, R11X, a);
        x86_alu_rm(e, alu.number, R11X, &i->memory);
        /* a move leaves the flags alone */
        x86_move(e, d, R11X);
    } else {
        x86_move(e, d, a);
        x86_alu_rm(e, alu.number, d, &i->memory);
    }
}

/* The flags afterwards are those of the operation. */
static void alu(Encoder *e, Alu alu, const MachineInstruction *i)
{
    switch ((MachineForm) i->form) {
    case FORM_REGISTER:
        alu_registers(e, alu, x86_numbers[i->d], x86_numbers[i->a], x86_numbers[i->b]);
        break;
    case FORM_CONSTANT:
        x86_move(e, x86_numbers[i->d], x86_numbers[i->a]);
        x86_alu_imm(e, alu.number, x86_numbers[i->d], i->constant);
        break;
    case FORM_MEMORY:
        alu_memory(e, alu, i);
        break;
    }
}

static void add(Encoder *e, const MachineInstruction *i)
{
    uint32_t d = x86_numbers[i->d], a = x86_numbers[i->a];
    if (i->form == FORM_REGISTER && d != a && d != x86_numbers[i->b]) {
        bool swapped = i->b == R_SP;
        MachineMemory sum = m_at_index((MachineRegister) (swapped ? i->b : i->a),
                                       (MachineRegister) (swapped ? i->a : i->b), 0, 0);
        if (sum.index != R_SP) {
            x86_lea(e, d, &sum);
            return;
        }
    }
    if (i->form == FORM_CONSTANT) {
        if (i->constant == 0) {
            x86_move(e, d, a);
            return;
        }
        if (d != a && fits32(i->constant)) {
            MachineMemory sum = m_at((MachineRegister) i->a, (int32_t) i->constant);
            x86_lea(e, d, &sum);
            return;
        }
        if (i->constant == 128) { /* -128 fits a byte */
            x86_alu_imm(e, ALU_SUB, d, -128);
            return;
        }
    }
    alu(e, (Alu){ALU_ADD, true}, i);
}

static void sub(Encoder *e, const MachineInstruction *i)
{
    uint32_t d = x86_numbers[i->d], a = x86_numbers[i->a];
    if (i->form == FORM_CONSTANT) {
        if (i->constant == 0) {
            x86_move(e, d, a);
            return;
        }
        if (d != a && fits32(-(uint64_t) i->constant)) {
            MachineMemory sum = m_at((MachineRegister) i->a, (int32_t) (-(uint64_t) i->constant));
            x86_lea(e, d, &sum);
            return;
        }
        if (i->constant == 128) {
            x86_alu_imm(e, ALU_ADD, d, -128);
            return;
        }
    }
    alu(e, (Alu){ALU_SUB, false}, i);
}

static void and (Encoder * e, const MachineInstruction *i)
{
    uint32_t d = x86_numbers[i->d], a = x86_numbers[i->a];
    if (i->form == FORM_CONSTANT) {
        if (i->constant == 0xFF) {
            x86_op_rr(e, BYTE_RM | 0x0FB6, d, a);
            return;
        }
        if (i->constant == 0xFFFF) {
            x86_op_rr(e, 0x0FB7, d, a);
            return;
        }
        if (i->constant == 0xFFFFFFFF) {
            x86_op_rr(e, 0x8B, d, a);
            return;
        }
    }
    alu(e, (Alu){ALU_AND, true}, i);
}

/* d = low 64 bits of a * b; the overflow flag says whether they are all. */
static void multiply(Encoder *e, const MachineInstruction *i)
{
    uint32_t d = x86_numbers[i->d], a = x86_numbers[i->a], b;
    switch ((MachineForm) i->form) {
    case FORM_REGISTER:
        b = x86_numbers[i->b];
        if (d == b && d != a) {
            b = a;
        } else {
            x86_move(e, d, a);
        }
        x86_op_rr(e, W | 0x0FAF, d, b);
        break;
    case FORM_CONSTANT:
        if (fits8(i->constant)) {
            x86_op_rr(e, W | 0x6B, d, a);
            put8(e, (uint8_t) i->constant);
        } else if (fits32(i->constant)) {
            x86_op_rr(e, W | 0x69, d, a);
            put32(e, (uint32_t) i->constant);
        } else {
            x86_constant(e, R11X, i->constant);
            x86_move(e, d, a);
            x86_op_rr(e, W | 0x0FAF, d, R11X);
        }
        break;
    case FORM_MEMORY:
        if (d != a && x86_memory_uses(&i->memory, (MachineRegister) i->d)) {
            x86_load(e, WIDTH_64, R11X, &i->memory);
            x86_move(e, d, a);
            x86_op_rr(e, W | 0x0FAF, d, R11X);
        } else {
            x86_move(e, d, a);
            x86_op_rm(e, W | 0x0FAF, d, &i->memory);
        }
        break;
    }
}

static void multiply_plain(Encoder *e, const MachineInstruction *i)
{
    uint32_t d = x86_numbers[i->d], a = x86_numbers[i->a];
    uint64_t factor = (uint64_t) i->constant;
    if (i->form == FORM_CONSTANT && factor != 0 && (factor & (factor - 1)) == 0) {
        x86_move(e, d, a);
        if (factor != 1) {
            x86_op_rr(e, W | 0xC1, 4, d);
            put8(e, (uint32_t) __builtin_ctzll(factor));
        }
    } else if (i->form == FORM_CONSTANT && i->a != R_SP &&
               (factor == 3 || factor == 5 || factor == 9)) {
        MachineMemory sum = m_at_index((MachineRegister) i->a, (MachineRegister) i->a,
                                       (uint32_t) __builtin_ctzll(factor - 1), 0);
        x86_lea(e, d, &sum);
    } else {
        multiply(e, i);
    }
}

/* The second source into `to`. */
static void second_source(Encoder *e, uint32_t to, const MachineInstruction *i)
{
    switch ((MachineForm) i->form) {
    case FORM_REGISTER:
        x86_move(e, to, x86_numbers[i->b]);
        break;
    case FORM_CONSTANT:
        x86_constant(e, to, i->constant);
        break;
    case FORM_MEMORY:
        x86_load(e, WIDTH_64, to, &i->memory);
        break;
    }
}

static void save_in_xmm15(Encoder *e, uint32_t r)
{
    x86_op_rr(e, P66 | W | 0x0F6E, XMM15, r);
}
static void restore_from_xmm15(Encoder *e, uint32_t r)
{
    x86_op_rr(e, P66 | W | 0x0F7E, XMM15, r);
}

/* numbers: of `F7 /n`, whose operand is r11 and whose result is in rax or rdx. */
static void rax_rdx_operation(Encoder *e, uint32_t number, bool extend, bool result_in_rdx,
                              const MachineInstruction *i)
{
    uint32_t d = x86_numbers[i->d], a = x86_numbers[i->a];
    second_source(e, R11X, i);
    save_in_xmm15(e, d == RAX ? RDX : RAX);
    x86_move(e, RAX, a);
    if (d != RAX && d != RDX) {
        x86_move(e, d, RDX); /* a was read: d is free to keep rdx */
    }
    if (extend) {
        put8(e, 0x48);
        put8(e, 0x99); /* cqo */
    }
    x86_op_rr(e, W | 0xF7, number, R11X);
    if (d == RAX) {
        if (result_in_rdx) {
            x86_move(e, RAX, RDX);
        }
        restore_from_xmm15(e, RDX);
        return;
    }
    if (d == RDX) {
        if (!result_in_rdx) {
            x86_move(e, RDX, RAX);
        }
    } else if (result_in_rdx) {
        x86_op_rr(e, W | 0x87, d, RDX); /* xchg */
    } else {
        x86_move(e, RDX, d);
        x86_move(e, d, RAX);
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
    uint32_t d = x86_numbers[i->d], a = x86_numbers[i->a];
    if (i->form == FORM_CONSTANT) {
        uint32_t count = (uint32_t) i->constant & 63;
        x86_move(e, d, a);
        if (count == 1) {
            x86_op_rr(e, W | 0xD1, number, d);
        } else if (count != 0) {
            x86_op_rr(e, W | 0xC1, number, d);
            put8(e, count);
        }
        return;
    }
    if (bmi2_prefixes[number] != 0 && (e->options->features & MACHINE_BMI2)) {
        uint32_t count = R11X;
        if (i->form == FORM_REGISTER) {
            count = x86_numbers[i->b];
        } else {
            x86_load(e, WIDTH_64, R11X, &i->memory);
        }
        shift_bmi2(e, bmi2_prefixes[number], d, a, count);
        return;
    }
    if (i->form == FORM_REGISTER && x86_numbers[i->b] == RCX && d != RCX) {
        x86_move(e, d, a);
        x86_op_rr(e, W | 0xD3, number, d);
        return;
    }
    if (d != RCX) {
        save_in_xmm15(e, RCX);
    }
    x86_move(e, R11X, a);
    second_source(e, RCX, i);
    x86_op_rr(e, W | 0xD3, number, R11X);
    if (d != RCX) {
        restore_from_xmm15(e, RCX);
    }
    x86_move(e, d, R11X);
}
/* ---- bits ---- */

static void swap_bytes(Encoder *e, const MachineInstruction *i)
{
    uint32_t d = x86_numbers[i->d], a = x86_numbers[i->a];
    switch (x86_width_bits[i->width]) {
    case 16:
        x86_op_rr(e, 0x0FB7, d, a);
        x86_op_rr(e, P66 | 0xC1, 0, d); /* rol by 8 */
        put8(e, 8);
        break;
    case 32:
        x86_op_rr(e, 0x8B, d, a);
        x86_put_opcode(e, 0x0FC8 | (d & 7), 0, 0, d, false);
        break;
    default:
        ASSERT(i->width == WIDTH_64);
        x86_move(e, d, a);
        x86_put_opcode(e, W | 0x0FC8 | (d & 7), 0, 0, d, false);
    }
}

static void leading_zeros(Encoder *e, uint32_t d, uint32_t a)
{
    if (e->options->features & MACHINE_LZCNT) {
        x86_op_rr(e, PF3 | W | 0x0FBD, d, a);
        return;
    }
    x86_constant_small(e, R11X, 127);
    x86_op_rr(e, W | 0x0FBD, d, a); /* bsr; the zero flag: a was 0, d is undefined */
    x86_move_if(e, CC_E, d, R11X);
    x86_alu_imm(e, ALU_XOR, d, 63);
}

static void trailing_zeros(Encoder *e, uint32_t d, uint32_t a)
{
    if (e->options->features & MACHINE_BMI1) {
        x86_op_rr(e, PF3 | W | 0x0FBC, d, a);
        return;
    }
    x86_constant_small(e, R11X, 64);
    x86_op_rr(e, W | 0x0FBC, d, a);
    x86_move_if(e, CC_E, d, R11X);
}

static void count_ones(Encoder *e, uint32_t d, uint32_t a)
{
    uint32_t again;
    if (e->options->features & MACHINE_POPCNT) {
        x86_op_rr(e, PF3 | W | 0x0FB8, d, a);
        return;
    }
    again = layout_label(&e->layout);
    x86_move(e, R11X, a);
    x86_constant(e, d, 0);
    layout_bind(&e->layout, again);
    x86_op_rr(e, W | 0xD1, 5, R11X); /* shr r11, 1; adc d, 0 */
    x86_op_rr(e, W | 0x83, 2, d);
    put8(e, 0);
    x86_op_rr(e, W | 0x85, R11X, R11X);
    x86_jump_if(e, CC_NE, again);
}
void x86_integer(Encoder *e, const MachineInstruction *i)
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
        x86_move(e, x86_numbers[i->d], x86_numbers[i->a]);
        x86_op_rr(e, W | 0xF7, i->op == M_NOT ? 2 : 3, x86_numbers[i->d]);
        if (i->op == M_NEG_OVERFLOW) {
            x86_jump_if(e, CC_O, i->label);
        }
        break;
    case M_ADD_OVERFLOW:
        alu(e, (Alu){ALU_ADD, true}, i);
        x86_jump_if(e, CC_O, i->label);
        break;
    case M_SUB_OVERFLOW:
        alu(e, (Alu){ALU_SUB, false}, i);
        x86_jump_if(e, CC_O, i->label);
        break;
    case M_MUL_OVERFLOW:
        multiply(e, i);
        x86_jump_if(e, CC_O, i->label);
        break;
    case M_SUB_NEGATIVE:
        alu(e, (Alu){ALU_SUB, false}, i);
        x86_jump_if(e, CC_S, i->label);
        break;
    case M_SWAP_BYTES:
        swap_bytes(e, i);
        break;
    case M_LEADING_ZEROS:
        leading_zeros(e, x86_numbers[i->d], x86_numbers[i->a]);
        break;
    case M_TRAILING_ZEROS:
        trailing_zeros(e, x86_numbers[i->d], x86_numbers[i->a]);
        break;
    case M_COUNT_ONES:
        count_ones(e, x86_numbers[i->d], x86_numbers[i->a]);
        break;
    default:
        CHECK(!"no operation on integers");
    }
}
