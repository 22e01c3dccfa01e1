/* compiler/jit/encode_x86_float.c
 * Doubles, in SSE2; with AVX where that saves a move. Only the low halves of registers are ever
 * used, so the two may be mixed. Constants lie behind the code. */
#include "compiler/jit/encode_x86_internal.h"

static void float_move(Encoder *e, uint32_t to, uint32_t from)
{
    if (to != from) {
        x86_op_rr(e, 0x0F28, to, from);
    }
}

static void float_constant(Encoder *e, uint32_t d, uint64_t bits)
{
    if (bits == 0) {
        x86_op_rr(e, 0x0F57, d, d);
        return;
    }
    x86_op_rlabel(e, PF2 | 0x0F10, d, encoder_double(e, bits));
}

/* d = a op b */
static void float_three(Encoder *e, uint32_t op, uint32_t d, uint32_t a, uint32_t b)
{
    uint32_t not_d = d & 8 ? 0 : 0x80, rest = (~a & 15) << 3 | 3;
    if (b & 8) {
        put8(e, 0xC4);
        put8(e, not_d | 0x41);
        put8(e, rest);
    } else {
        put8(e, 0xC5);
        put8(e, not_d | rest);
    }
    put8(e, op & 0xFF);
    put8(e, 0xC0 | (d & 7) << 3 | (b & 7));
}

/* d = the integer of register a; the high half is that of `high`. */
static void float_of_integer(Encoder *e, uint32_t d, uint32_t high, uint32_t a)
{
    put8(e, 0xC4);
    put8(e, (d & 8 ? 0 : 0x80) | 0x40 | (a & 8 ? 0 : 0x20) | 1);
    put8(e, 0x80 | (~high & 15) << 3 | 3);
    put8(e, 0x2A);
    put8(e, 0xC0 | (d & 7) << 3 | (a & 7));
}

static void float_binary(Encoder *e, uint32_t op, bool commutes, const MachineInstruction *i)
{
    uint32_t b = i->b;
    if (i->d == b && i->d != i->a && commutes) {
        x86_op_rr(e, PF2 | op, i->d, i->a);
        return;
    }
    if (i->d != i->a && (e->options->features & MACHINE_AVX)) {
        float_three(e, op, i->d, i->a, b);
        return;
    }
    if (i->d == b && i->d != i->a) {
        float_move(e, XMM15, b);
        b = XMM15;
    }
    float_move(e, i->d, i->a);
    x86_op_rr(e, PF2 | op, i->d, b);
}

/* d = a with xmm15 applied by `op`, where xmm15 is all ones shifted as `shift` says. */
static void float_mask(Encoder *e, uint32_t op, uint32_t shift_number, uint32_t count,
                       const MachineInstruction *i)
{
    x86_op_rr(e, P66 | 0x0F76, XMM15, XMM15); /* pcmpeqd: all ones */
    x86_op_rr(e, P66 | 0x0F73, shift_number, XMM15);
    put8(e, count);
    float_move(e, i->d, i->a);
    x86_op_rr(e, P66 | op, i->d, XMM15);
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
        x86_op_rr(e, P66 | 0x0F2E, b, a);
        break;
    case M_FLE:
    case M_FNOT_LE:
        code = CC_AE;
        x86_op_rr(e, P66 | 0x0F2E, b, a);
        break;
    case M_FGT:
    case M_FNOT_GT:
        code = CC_A;
        x86_op_rr(e, P66 | 0x0F2E, a, b);
        break;
    case M_FGE:
    case M_FNOT_GE:
        code = CC_AE;
        x86_op_rr(e, P66 | 0x0F2E, a, b);
        break;
    default:
        ASSERT(condition == M_FEQ || condition == M_FNOT_EQ);
        x86_op_rr(e, P66 | 0x0F2E, a, b);
    }
    return condition & 1 ? code ^ 1 : code;
}

static void float_branch(Encoder *e, const MachineInstruction *i)
{
    MachineCondition condition = (MachineCondition) i->condition;
    uint32_t code = float_compare(e, condition, i->a, i->b);
    if (condition == M_FEQ) {
        uint32_t past = layout_label(&e->layout);
        x86_jump_if(e, CC_P, past);
        x86_jump_if(e, code, i->label);
        layout_bind(&e->layout, past);
        return;
    }
    if (condition == M_FNOT_EQ) {
        x86_jump_if(e, CC_P, i->label);
    }
    x86_jump_if(e, code, i->label);
}

static void float_set(Encoder *e, const MachineInstruction *i)
{
    MachineCondition condition = (MachineCondition) i->condition;
    uint32_t d = x86_numbers[i->d];
    uint32_t code = float_compare(e, condition, i->a, i->b);
    if (condition == M_FEQ || condition == M_FNOT_EQ) {
        x86_set_byte(e, condition == M_FEQ ? CC_NP : CC_P, R11X);
        x86_op_rr(e, BYTE_RM | 0x0FB6, R11X, R11X);
        x86_constant_small(e, d, condition == M_FEQ ? 0 : 1);
        x86_move_if(e, CC_E, d, R11X);
        return;
    }
    x86_set_byte(e, code, R11X);
    x86_op_rr(e, BYTE_RM | 0x0FB6, d, R11X);
}

void x86_float(Encoder *e, const MachineInstruction *i)
{
    switch ((MachineOp) i->op) {
    case M_FMOVE:
        float_move(e, i->d, i->a);
        break;
    case M_FCONST:
        float_constant(e, i->d, (uint64_t) i->constant);
        break;
    case M_FLOAD:
        x86_op_rm(e, PF2 | 0x0F10, i->d, &i->memory);
        break;
    case M_FSTORE:
        x86_op_rm(e, PF2 | 0x0F11, i->a, &i->memory);
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
        if (i->d != i->a && (e->options->features & MACHINE_AVX)) { /* not to wait for what d was */
            float_three(e, 0x0F51, i->d, i->a, i->a);
        } else {
            x86_op_rr(e, PF2 | 0x0F51, i->d, i->a);
        }
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
    case M_INT_TO_FLOAT: /* not to wait for what d was: nothing long ends in xmm15 */
        if (e->options->features & MACHINE_AVX) {
            float_of_integer(e, i->d, XMM15, x86_numbers[i->a]);
        } else {
            x86_op_rr(e, 0x0F57, i->d, i->d);
            x86_op_rr(e, PF2 | W | 0x0F2A, i->d, x86_numbers[i->a]);
        }
        break;
    case M_FLOAT_TO_INT:
        x86_op_rr(e, PF2 | W | 0x0F2C, x86_numbers[i->d], i->a);
        break;
    case M_BITS_TO_FLOAT:
        x86_op_rr(e, P66 | W | 0x0F6E, i->d, x86_numbers[i->a]);
        break;
    case M_FLOAT_TO_BITS:
        x86_op_rr(e, P66 | W | 0x0F7E, i->a, x86_numbers[i->d]);
        break;
    default:
        CHECK(!"no operation on floats");
    }
}
