/* compiler/jit/ssa_emit_integer.c
 * Small integers, on their words: the number times 4. Sums and comparisons are those of the words;
 * a product takes the 4 out of one factor. */
#include "compiler/jit/ssa_emit.h"

#include "runtime/term/arith.h"
#include "runtime/term/compare.h"

static bool is_constant(const SsaNode *value)
{
    return value->op == SSA_CONST;
}

/* Where overflow goes; none if the types rule it out. */
static MachineLabel overflow(Emitter *e, SsaNode *node)
{
    return emit_guess(e, node, NULL);
}

static void sum(Emitter *e, SsaNode *node, bool subtract)
{
    Machine *m = &e->m;
    SsaNode *left = ssa_input(node, 0), *right = ssa_input(node, 1);
    MachineRegister a, d = emit_out(e, node);
    if (!subtract && is_constant(left)) {
        SsaNode *other = left;
        left = right;
        right = other;
    }
    a = emit_in(e, left, T0);
    if (is_constant(right)) {
        int64_t number = (int64_t) right->constant;
        if (node->frame == NULL) {
            m_add_imm(m, d, a, subtract ? -number : number);
        } else if (subtract) {
            m_sub_overflow_imm(m, d, a, number, overflow(e, node));
        } else {
            m_add_overflow_imm(m, d, a, number, overflow(e, node));
        }
    } else {
        MachineRegister b = emit_in(e, right, T1);
        if (node->frame == NULL && subtract) {
            m_sub(m, d, a, b);
        } else if (node->frame == NULL) {
            m_add(m, d, a, b);
        } else if (subtract) {
            m_sub_overflow(m, d, a, b, overflow(e, node));
        } else {
            m_add_overflow(m, d, a, b, overflow(e, node));
        }
    }
    emit_done(e, node);
}

static void product(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    SsaNode *left = ssa_input(node, 0), *right = ssa_input(node, 1);
    MachineRegister a, d = emit_out(e, node);
    if (is_constant(left)) {
        SsaNode *other = left;
        left = right;
        right = other;
    }
    a = emit_in(e, left, T0);
    if (is_constant(right)) {
        int64_t factor = small_value(right->constant);
        if (node->frame == NULL) {
            m_mul_imm(m, d, a, factor);
        } else {
            m_mul_overflow_imm(m, d, a, factor, overflow(e, node));
        }
    } else {
        MachineRegister b = emit_in(e, right, T1), factor = d == b ? T0 : d;
        m_sar_imm(m, factor, a, 2);
        if (node->frame == NULL) {
            m_mul(m, d, factor, b);
        } else {
            m_mul_overflow(m, d, factor, b, overflow(e, node));
        }
    }
    emit_done(e, node);
}

static bool is_power_of_two(const SsaNode *value, uint32_t *log)
{
    int64_t number = is_constant(value) ? small_value(value->constant) : 0;
    if (number <= 0 || (number & (number - 1)) != 0) {
        return false;
    }
    *log = (uint32_t) __builtin_ctzll((uint64_t) number);
    return true;
}

/* T1 = what to add to a negative dividend so that shifting rounds to zero; 0 for others. */
static void rounding(Emitter *e, MachineRegister a, uint32_t log)
{
    m_sar_imm(&e->m, T1, a, 63);
    m_and_imm(&e->m, T1, T1, (int64_t) ((((uint64_t) 1 << log) - 1) << 2));
}

static void divide_by_power(Emitter *e, SsaNode *node, uint32_t log)
{
    Machine *m = &e->m;
    MachineRegister a = emit_in(e, ssa_input(node, 0), T0), d = emit_out(e, node);
    if (ssa_input(node, 0)->type.low < 0 && log == 1) { /* one more: the sign */
        m_shr_imm(m, T1, a, 63);
        m_lea(m, d, m_at_index(a, T1, 2, 0));
        a = d;
    } else if (ssa_input(node, 0)->type.low < 0) {
        rounding(e, a, log);
        m_add(m, d, a, T1);
        a = d;
    }
    m_sar_imm(m, d, a, log);
    m_and_imm(m, d, d, ~(int64_t) 3);
    emit_done(e, node);
}

static void remainder_by_power(Emitter *e, SsaNode *node, uint32_t log)
{
    Machine *m = &e->m;
    MachineRegister a = emit_in(e, ssa_input(node, 0), T0), d = emit_out(e, node);
    int64_t mask = (int64_t) (((uint64_t) 4 << log) - 1);
    if (ssa_input(node, 0)->type.low < 0) {
        rounding(e, a, log);
        m_add(m, T0, a, T1);
        m_and_imm(m, T0, T0, mask);
        m_sub(m, d, T0, T1);
    } else {
        m_and_imm(m, d, a, mask);
    }
    emit_done(e, node);
}

static void divide(Emitter *e, SsaNode *node, bool remainder)
{
    Machine *m = &e->m;
    SsaNode *right = ssa_input(node, 1);
    MachineRegister a, b, d = emit_out(e, node);
    uint32_t log;
    if (is_power_of_two(right, &log) && log < 60) {
        if (remainder) {
            remainder_by_power(e, node, log);
        } else {
            divide_by_power(e, node, log);
        }
        return;
    }
    a = emit_in(e, ssa_input(node, 0), T0);
    b = emit_in(e, right, T1);
    if (node->frame != NULL) {
        MachineLabel exit = emit_guess(e, node, NULL);
        if (right->type.low <= 0 && right->type.high >= 0) {
            m_branch_imm(m, M_EQ, b, 0, exit);
        }
        if (right->type.low <= -1 && right->type.high >= -1) {
            m_branch_imm(m, M_EQ, b, (int64_t) term_small(-1), exit);
        }
    }
    if (remainder) {
        m_rem(m, d, a, b); /* of the words: 4 times that of the numbers */
    } else {
        m_div(m, d, a, b);
        m_shl_imm(m, d, d, 2);
    }
    emit_done(e, node);
}

static void bits(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    SsaNode *left = ssa_input(node, 0), *right = ssa_input(node, 1);
    MachineRegister a, d = emit_out(e, node), b;
    if (is_constant(left)) {
        SsaNode *other = left;
        left = right;
        right = other;
    }
    a = emit_in(e, left, T0);
    if (is_constant(right)) {
        int64_t word = (int64_t) right->constant;
        switch ((SsaOp) node->op) {
        case SSA_BAND:
            m_and_imm(m, d, a, word);
            break;
        case SSA_BOR:
            m_or_imm(m, d, a, word);
            break;
        default:
            m_xor_imm(m, d, a, word);
        }
    } else {
        b = emit_in(e, right, T1);
        switch ((SsaOp) node->op) {
        case SSA_BAND:
            m_and(m, d, a, b);
            break;
        case SSA_BOR:
            m_or(m, d, a, b);
            break;
        default:
            m_xor(m, d, a, b);
        }
    }
    emit_done(e, node);
}

/* The number of bits to shift by in T1, 0 … 60, or exits. */
static void shift_count(Emitter *e, SsaNode *node)
{
    SsaNode *count = ssa_input(node, 1);
    MachineRegister b = emit_in(e, count, T1);
    if (count->type.low < 0 || count->type.high > 60) {
        m_branch_imm(&e->m, M_UGT, b, (int64_t) term_small(60), overflow(e, node));
    }
    m_sar_imm(&e->m, T1, b, 2);
}

static void shift_left(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    SsaNode *left = ssa_input(node, 0), *count = ssa_input(node, 1);
    MachineRegister a, d = emit_out(e, node);
    bool constant = is_constant(count) && small_value(count->constant) >= 0 &&
                    small_value(count->constant) <= 60;
    if (constant && node->frame == NULL) {
        m_shl_imm(m, d, emit_in(e, left, T0), small_value(count->constant));
        emit_done(e, node);
        return;
    }
    if (!constant) {
        shift_count(e, node);
    } else {
        m_const(m, T1, small_value(count->constant));
    }
    a = emit_in(e, left, T0);
    if (node->frame == NULL) {
        m_shl(m, d, a, T1);
        emit_done(e, node);
        return;
    }
    m_shl(m, T0, a, T1);
    m_sar(m, T1, T0, T1);
    if (is_constant(left)) {
        m_branch_imm(m, M_NE, T1, (int64_t) left->constant, overflow(e, node));
    } else if (a == T0) { /* it is in memory */
        m_branch_mem(m, M_NE, T1, slot_memory(left->spill), overflow(e, node));
    } else {
        m_branch(m, M_NE, T1, a, overflow(e, node));
    }
    m_move(m, d, T0);
    emit_done(e, node);
}

static void shift_right(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    SsaNode *left = ssa_input(node, 0), *count = ssa_input(node, 1);
    MachineRegister d = emit_out(e, node), a;
    if (is_constant(count) && small_value(count->constant) >= 0 &&
        small_value(count->constant) <= 60) {
        a = emit_in(e, left, T0);
        m_sar_imm(m, d, a, small_value(count->constant));
    } else {
        shift_count(e, node);
        a = emit_in(e, left, T0);
        m_sar(m, d, a, T1);
    }
    m_and_imm(m, d, d, ~(int64_t) 3);
    emit_done(e, node);
}

static void negate(Emitter *e, SsaNode *node)
{
    MachineRegister a = emit_in(e, ssa_input(node, 0), T0), d = emit_out(e, node);
    if (node->op == SSA_BNOT) {
        m_xor_imm(&e->m, d, a, ~(int64_t) 3);
    } else if (node->frame == NULL) {
        m_neg(&e->m, d, a);
    } else {
        m_neg_overflow(&e->m, d, a, overflow(e, node));
    }
    emit_done(e, node);
}

static void absolute(Emitter *e, SsaNode *node)
{
    MachineRegister a = emit_in(e, ssa_input(node, 0), T1), d = emit_out(e, node);
    if (node->frame == NULL) {
        m_neg(&e->m, T0, a);
    } else {
        m_neg_overflow(&e->m, T0, a, overflow(e, node));
    }
    m_select_imm(&e->m, M_LT, d, a, 0, T0, a);
    emit_done(e, node);
}

static void pick(Emitter *e, SsaNode *node)
{
    MachineRegister a = emit_in(e, ssa_input(node, 0), T0);
    MachineRegister b = emit_in(e, ssa_input(node, 1), T1);
    m_select(&e->m, node->op == SSA_MIN ? M_LE : M_GE, emit_out(e, node), a, b, a, b);
    emit_done(e, node);
}

/* ---- numbers of unknown kinds ---- */

typedef Term (*Arithmetic)(Space *space, Term a, Term b);

static Term minimum(Space *space, Term a, Term b)
{
    (void) space;
    return term_compare(a, b) <= 0 ? a : b;
}

static Term maximum(Space *space, Term a, Term b)
{
    (void) space;
    return term_compare(a, b) >= 0 ? a : b;
}

static const void *arith_function(SsaArith which)
{
    static const Arithmetic functions[] = {
        [ARITH_ADD] = arith_add,
        [ARITH_SUBTRACT] = arith_subtract,
        [ARITH_MULTIPLY] = arith_multiply,
        [ARITH_DIV] = arith_div,
        [ARITH_REM] = arith_rem,
        [ARITH_BAND] = arith_band,
        [ARITH_BOR] = arith_bor,
        [ARITH_BXOR] = arith_bxor,
        [ARITH_SHIFT_LEFT] = arith_shift_left,
        [ARITH_SHIFT_RIGHT] = arith_shift_right,
        [ARITH_DIVIDE] = arith_divide,
        [ARITH_MIN] = minimum,
        [ARITH_MAX] = maximum,
    };
    if (which == ARITH_ABS) {
        return (const void *) arith_abs;
    }
    if (which == ARITH_NEGATE) {
        return (const void *) arith_negate;
    }
    return which == ARITH_BNOT ? (const void *) arith_bnot : (const void *) functions[which];
}

/* R1 the space, R2 and R3 the operands, with room for a few words so that few results overflow into
 * a fragment. */
static void slow_arith(Emitter *e, const Slow *slow)
{
    Machine *m = &e->m;
    SsaNode *node = slow->node;
    MachineLabel fails = m_label(m), by_c = m_label(m);
    if (node->condition == ARITH_ADD || node->condition == ARITH_SUBTRACT ||
        node->condition == ARITH_MULTIPLY || node->condition == ARITH_DIVIDE) {
        emit_float_arith(e, node, by_c);
        m_move(m, emit_out(e, node), T0);
        emit_done(e, node);
        m_jump(m, slow->resume);
    }
    m_bind(m, by_c);
    emit_save(e, slow);
    m_lea(m, T1, m_at(R_HEAP, 8 * 8));
    m_branch_mem(m, M_UGT, T1, m_at(R_PROCESS, offsetof(Process, heap.space.limit)), fails);
    if (node->count == 1) {
        m_move(m, R2, emit_in(e, ssa_input(node, 0), T0));
    } else {
        MachineRegister a = emit_in(e, ssa_input(node, 0), T0);
        MachineRegister b = emit_in(e, ssa_input(node, 1), T1);
        if (b == R2) { /* through memory that is the slow path's */
            m_move(m, T1, b);
            b = T1;
        }
        m_move(m, R2, a);
        m_move(m, R3, b);
    }
    m_move(m, R1, R_PROCESS); /* its heap's space is its first field */
    emit_c_call(e, slow->function, true);
    m_and_imm(m, R1, R0, 63);
    m_branch_imm(m, M_EQ, R1, (IMM_SPECIAL << 3) | TAG_IMMEDIATE, fails);
    if (slow->d != NO_REGISTER) {
        m_move(m, (MachineRegister) slow->d, R0);
    } else {
        emit_done(e, node);
    }
    emit_restore(e, slow);
    m_jump(m, slow->resume);
    m_bind(m, fails);
    emit_restore(e, slow);
    m_jump(m, slow->other);
}

/* Where both are small: T0 = the result, or (it does not fit) on at `slow`. False: not here. */
static bool small_arith(Emitter *e, SsaNode *node, MachineLabel slow)
{
    Machine *m = &e->m;
    SsaArith which = (SsaArith) node->condition;
    MachineRegister a, b;
    if (which != ARITH_ADD && which != ARITH_SUBTRACT && which != ARITH_MULTIPLY &&
        which != ARITH_BAND && which != ARITH_BOR && which != ARITH_BXOR) {
        return false;
    }
    a = emit_in(e, ssa_input(node, 0), T0);
    b = emit_in(e, ssa_input(node, 1), T1);
    if (a != T0) {
        m_or(m, T0, a, b);
        m_branch_bits_imm(m, M_NE, T0, 3, slow);
    } else {
        m_branch_bits_imm(m, M_NE, a, 3, slow);
        m_branch_bits_imm(m, M_NE, b, 3, slow);
    }
    switch (which) {
    case ARITH_ADD:
        m_add_overflow(m, T0, a, b, slow);
        break;
    case ARITH_SUBTRACT:
        m_sub_overflow(m, T0, a, b, slow);
        break;
    case ARITH_MULTIPLY:
        m_sar_imm(m, T0, a, 2);
        m_mul_overflow(m, T0, T0, b, slow);
        break;
    case ARITH_BAND:
        m_and(m, T0, a, b);
        break;
    case ARITH_BOR:
        m_or(m, T0, a, b);
        break;
    default:
        m_xor(m, T0, a, b);
    }
    return true;
}

static void generic(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    Slow *slow = emit_slow(e, slow_arith);
    slow->function = arith_function((SsaArith) node->condition);
    slow->d = node->reg;
    slow->other = emit_exit(e, node, e->runtime->exit_interpret);
    if (small_arith(e, node, slow->label)) {
        m_move(m, emit_out(e, node), T0);
        emit_done(e, node);
    } else {
        m_jump(m, slow->label);
    }
    m_bind(m, slow->resume);
}

bool emit_integer(Emitter *e, SsaNode *node)
{
    switch ((SsaOp) node->op) {
    case SSA_ADD:
        sum(e, node, false);
        return true;
    case SSA_SUB:
        sum(e, node, true);
        return true;
    case SSA_MUL:
        product(e, node);
        return true;
    case SSA_DIV:
        divide(e, node, false);
        return true;
    case SSA_REM:
        divide(e, node, true);
        return true;
    case SSA_BAND:
    case SSA_BOR:
    case SSA_BXOR:
        bits(e, node);
        return true;
    case SSA_SHL:
        shift_left(e, node);
        return true;
    case SSA_SHR:
        shift_right(e, node);
        return true;
    case SSA_NEG:
    case SSA_BNOT:
        negate(e, node);
        return true;
    case SSA_ABS:
        absolute(e, node);
        return true;
    case SSA_MIN:
    case SSA_MAX:
        pick(e, node);
        return true;
    case SSA_ARITH:
        generic(e, node);
        return true;
    default:
        return false;
    }
}
