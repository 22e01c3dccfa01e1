/* compiler/jit/ssa_emit_float.c
 * Doubles in registers. The word of an immediate float is the double's bits rotated left by 4, then
 * 2 added; the top three exponent bits of such are 0, 3 or 4, so no carry leaves the low four bits,
 * and 3 or 4, the usual ones, are those for which 5 more has neither bit 1 nor bit 2. */
#include "compiler/jit/ssa_emit.h"

/* Erlang's floats are finite. d - d is a NaN if d is not. */
static void check_finite(Emitter *e, SsaNode *node, MachineFloat d)
{
    if (node->frame != NULL) {
        m_fsub(&e->m, FT1, d, d);
        m_fbranch(&e->m, M_FNOT_GE, FT1, FT1, emit_exit(e, node, e->runtime->exit_interpret));
    }
}

static void binary(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    MachineFloat a = emit_in_float(e, ssa_input(node, 0), FT0);
    MachineFloat b = emit_in_float(e, ssa_input(node, 1), FT1);
    MachineFloat d = emit_out_float(e, node);
    switch ((SsaOp) node->op) {
    case SSA_FADD:
        m_fadd(m, d, a, b);
        break;
    case SSA_FSUB:
        m_fsub(m, d, a, b);
        break;
    case SSA_FMUL:
        m_fmul(m, d, a, b);
        break;
    default:
        m_fdiv(m, d, a, b);
    }
    check_finite(e, node, d);
    emit_done(e, node);
}

static void unary(Emitter *e, SsaNode *node)
{
    MachineFloat a = emit_in_float(e, ssa_input(node, 0), FT0), d = emit_out_float(e, node);
    switch ((SsaOp) node->op) {
    case SSA_FNEG:
        m_fneg(&e->m, d, a);
        break;
    case SSA_FABS:
        m_fabs(&e->m, d, a);
        break;
    default:
        m_fsqrt(&e->m, d, a);
        check_finite(e, node, d);
    }
    emit_done(e, node);
}

static void to_float(Emitter *e, SsaNode *node)
{
    MachineRegister a = emit_in(e, ssa_input(node, 0), T0);
    m_sar_imm(&e->m, T0, a, 2);
    m_int_to_float(&e->m, emit_out_float(e, node), T0);
    emit_done(e, node);
}

/* ---- out of terms ---- */

/* Not one of the usual exponents: a small exponent, a boxed float, or something else. */
static void slow_unbox(Emitter *e, const Slow *slow)
{
    Machine *m = &e->m;
    SsaNode *node = slow->node;
    Type type = ssa_input(node, 0)->type;
    MachineRegister a = emit_in(e, ssa_input(node, 0), T0);
    MachineFloat d = emit_out_float(e, node);
    MachineLabel boxed = m_label(m), small = m_label(m), end = m_label(m);
    m_and_imm(m, T1, a, 7);
    m_branch_imm(m, M_NE, T1, 2, boxed);
    m_add_imm(m, T1, a, -2);
    m_ror_imm(m, T1, T1, 4);
    m_bits_to_float(m, d, T1);
    m_jump(m, end);
    m_bind(m, boxed);
    if (node->condition != 0) {
        m_branch_bits_imm(m, M_EQ, a, 3, small);
    }
    if (node->frame != NULL) {
        MachineLabel exit = emit_guess(e, node, ssa_input(node, 0));
        if (type.kinds & ~(IS_BOXED | IS_FLOAT | (node->condition != 0 ? IS_SMALL : 0))) {
            m_branch_imm(m, M_NE, T1, TAG_BOXED, exit);
        }
        if (type.kinds & (IS_BOXED | IS_OTHER) & ~IS_BOXED_FLOAT) {
            m_branch_memory_imm(m, M_NE, WIDTH_U16, m_at(a, -TAG_BOXED),
                                (int64_t) (HEADER(KIND_float, 0) & 0xFFFF), exit);
        }
    }
    m_fload(m, d, m_at(a, 8 - TAG_BOXED));
    m_jump(m, end);
    m_bind(m, small);
    if (node->condition != 0) {
        m_sar_imm(m, T1, a, 2);
        m_int_to_float(m, d, T1);
    }
    m_bind(m, end);
    emit_done(e, node);
    m_jump(m, slow->other);
}

static void unbox(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    MachineRegister a = emit_in(e, ssa_input(node, 0), T0);
    Slow *slow = emit_slow(e, slow_unbox);
    m_add_imm(m, T1, a, 3);
    m_branch_bits_imm(m, M_NE, T1, 6, slow->label);
    m_add_imm(m, T1, a, -2);
    m_ror_imm(m, T1, T1, 4);
    m_bits_to_float(m, emit_out_float(e, node), T1);
    emit_done(e, node);
    slow->other = m_label(m);
    m_bind(m, slow->other);
    m_bind(m, slow->resume);
}

/* ---- into terms ---- */

/* T0 has the bits rotated. Exponents of 0, else C makes a box, in a word that is for that; what is
 * not finite leaves, if the node is who checks that (ssa_finite.c). */
static void slow_box(Emitter *e, const Slow *slow)
{
    Machine *m = &e->m;
    SsaNode *node = slow->node;
    MachineLabel by_c = m_label(m);
    MachineMemory word = emit_save_memory(e, 15); /* no register is saved there */
    m_and_imm(m, T1, T0, 7);
    m_branch_imm(m, M_NE, T1, 0, by_c);
    m_add_imm(m, emit_out(e, node), T0, 2);
    emit_done(e, node);
    m_jump(m, slow->resume);
    m_bind(m, by_c);
    m_ror_imm(m, T0, T0, 4);
    if (node->frame != NULL) {
        m_shl_imm(m, T1, T0, 1);
        m_shr_imm(m, T1, T1, 53);
        m_branch_imm(m, M_EQ, T1, 0x7FF, emit_exit(e, node, e->runtime->exit_interpret));
    }
    m_store(m, WIDTH_64, T0, word);
    emit_save(e, slow);
    m_lea(m, R2, word);
    m_move(m, R1, R_PROCESS);
    emit_c_call(e, (const void *) e->runtime->box_float, true);
    emit_restore(e, slow);
    m_load(m, WIDTH_64, emit_out(e, node), word);
    emit_done(e, node);
    m_jump(m, slow->resume);
}

static void box(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    MachineFloat a = emit_in_float(e, ssa_input(node, 0), FT0);
    Slow *slow = emit_slow(e, slow_box);
    slow->d = node->reg;
    m_float_to_bits(m, T0, a);
    m_rol_imm(m, T0, T0, 4);
    m_add_imm(m, T1, T0, 5);
    m_branch_bits_imm(m, M_NE, T1, 6, slow->label);
    m_add_imm(m, emit_out(e, node), T0, 2);
    emit_done(e, node);
    m_bind(m, slow->resume);
}

/* ---- numbers of unknown kinds ---- */

static void load_number(Emitter *e, MachineFloat d, MachineRegister a, MachineLabel other)
{
    Machine *m = &e->m;
    MachineLabel small = m_label(m), end = m_label(m);
    m_branch_bits_imm(m, M_EQ, a, 3, small);
    m_add_imm(m, T1, a, 3);
    m_branch_bits_imm(m, M_NE, T1, 6, other);
    m_add_imm(m, T1, a, -2);
    m_ror_imm(m, T1, T1, 4);
    m_bits_to_float(m, d, T1);
    m_jump(m, end);
    m_bind(m, small);
    m_sar_imm(m, T1, a, 2);
    m_int_to_float(m, d, T1);
    m_bind(m, end);
}

void emit_float_arith(Emitter *e, SsaNode *node, MachineLabel other)
{
    Machine *m = &e->m;
    SsaNode *left = ssa_input(node, 0), *right = ssa_input(node, 1);
    m_or(m, T0, emit_in(e, left, T0), emit_in(e, right, T1));
    if (node->condition != ARITH_DIVIDE) {
        m_branch_bits_imm(m, M_EQ, T0, 3, other); /* of integers it is one */
    }
    load_number(e, FT0, emit_in(e, left, T0), other);
    load_number(e, FT1, emit_in(e, right, T0), other);
    switch ((SsaArith) node->condition) {
    case ARITH_ADD:
        m_fadd(m, FT0, FT0, FT1);
        break;
    case ARITH_SUBTRACT:
        m_fsub(m, FT0, FT0, FT1);
        break;
    case ARITH_MULTIPLY:
        m_fmul(m, FT0, FT0, FT1);
        break;
    default:
        m_fdiv(m, FT0, FT0, FT1);
    }
    m_float_to_bits(m, T0, FT0);
    m_rol_imm(m, T0, T0, 4);
    m_add_imm(m, T1, T0, 5);
    m_branch_bits_imm(m, M_NE, T1, 6, other); /* infinities and NaNs are none of the usual */
    m_add_imm(m, T0, T0, 2);
}

bool emit_float(Emitter *e, SsaNode *node)
{
    switch ((SsaOp) node->op) {
    case SSA_FADD:
    case SSA_FSUB:
    case SSA_FMUL:
    case SSA_FDIV:
        binary(e, node);
        return true;
    case SSA_FNEG:
    case SSA_FABS:
    case SSA_FSQRT:
        unary(e, node);
        return true;
    case SSA_FLOAT_CONST: {
        double value;
        memcpy(&value, &node->constant, 8);
        m_fconst(&e->m, emit_out_float(e, node), value);
        emit_done(e, node);
        return true;
    }
    case SSA_TO_FLOAT:
        to_float(e, node);
        return true;
    case SSA_UNBOX:
        unbox(e, node);
        return true;
    case SSA_BOX:
        box(e, node);
        return true;
    default:
        return false;
    }
}
