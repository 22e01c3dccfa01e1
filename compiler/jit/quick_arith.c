/* compiler/jit/quick_arith.c
 * Arithmetic: small integers on their tagged words, immediate floats, all else by the floor's
 * functions, called out of line. Where those fail the interpreter does the instruction and raises.
 */
#include "compiler/jit/quick_internal.h"
#include "runtime/term/arith.h"

/* ---- floats ---- */

/* The word is the double's bits rotated left by 4, then 2 added (term.h); no carry leaves the low
 * four bits of an immediate float. */
void quick_float_of(Quick *q, MachineFloat d, MachineRegister a, MachineRegister temporary)
{
    m_add_imm(&q->m, temporary, a, -2);
    m_ror_imm(&q->m, temporary, temporary, 4);
    m_bits_to_float(&q->m, d, temporary);
}

void quick_test_float(Quick *q, MachineRegister a, MachineRegister temporary, MachineLabel other)
{
    m_const(&q->m, temporary, FLOAT_TAGS);
    m_shr(&q->m, temporary, temporary, a);
    m_branch_bits_imm(&q->m, M_EQ, temporary, 1, other);
}

void quick_floats(Quick *q, MachineRegister a, MachineRegister b, MachineRegister temporary,
                  MachineLabel other)
{
    quick_test_float(q, a, temporary, other);
    if (a != b) {
        quick_test_float(q, b, temporary, other);
    }
    quick_float_of(q, F0, a, temporary);
    quick_float_of(q, F1, b, temporary);
}

/* d = the word of F0 if it has an immediate form, else on at `other`. */
static void float_word(Quick *q, MachineRegister d, MachineRegister temporary, MachineLabel other)
{
    m_float_to_bits(&q->m, d, F0);
    m_rol_imm(&q->m, d, d, 4);
    m_add_imm(&q->m, d, d, 2);
    quick_test_float(q, d, temporary, other);
}

static void float_operation(Quick *q, Instruction i, MachineLabel other)
{
    switch (i) {
    case I_add:
        m_fadd(&q->m, F0, F0, F1);
        break;
    case I_subtract:
        m_fsub(&q->m, F0, F0, F1);
        break;
    case I_multiply:
        m_fmul(&q->m, F0, F0, F1);
        break;
    default:
        m_fconst(&q->m, F2, 0);
        m_fbranch(&q->m, M_FEQ, F1, F2, other);
        m_fdiv(&q->m, F0, F0, F1);
    }
}

/* ---- C ---- */

typedef Term (*Arithmetic)(Space *space, Term a, Term b);

static Arithmetic function_of(Instruction i)
{
    switch (i) {
    case I_add:
    case I_add_imm:
        return arith_add;
    case I_subtract:
    case I_subtract_imm:
        return arith_subtract;
    case I_multiply:
    case I_multiply_imm:
        return arith_multiply;
    case I_int_divide:
    case I_int_divide_imm:
        return arith_div;
    case I_remainder:
    case I_remainder_imm:
        return arith_rem;
    case I_bit_and:
    case I_bit_and_imm:
        return arith_band;
    case I_bit_or:
    case I_bit_or_imm:
        return arith_bor;
    case I_bit_xor:
    case I_bit_xor_imm:
        return arith_bxor;
    case I_shift_left:
    case I_shift_left_imm:
        return arith_shift_left;
    case I_shift_right:
    case I_shift_right_imm:
        return arith_shift_right;
    case I_divide:
        return arith_divide;
    default:
        return NULL;
    }
}

enum { SLOW_FLOATS = 1, SLOW_UNARY = 2 };

/* d = the double of a small integer or an immediate float, else on at `other`. */
static void number_of(Quick *q, MachineFloat d, MachineRegister a, MachineRegister temporary,
                      MachineLabel other)
{
    Machine *m = &q->m;
    MachineLabel no_integer = m_label(m), done = m_label(m);
    m_branch_bits_imm(m, M_NE, a, 3, no_integer);
    m_sar_imm(m, temporary, a, 2);
    m_int_to_float(m, d, temporary);
    m_jump(m, done);
    m_bind(m, no_integer);
    quick_test_float(q, a, temporary, other);
    quick_float_of(q, d, a, temporary);
    m_bind(m, done);
}

/* The operation where at least one operand is a float, or it is a division; else on at `other`. */
static void float_and_number(Quick *q, const Stub *stub, MachineLabel other)
{
    MachineRegister a = (MachineRegister) stub->a, b = (MachineRegister) stub->b,
                    t = (MachineRegister) stub->spare[0];
    if (b == R_NONE) {
        quick_test_float(q, a, t, other);
        quick_float_of(q, F0, a, t);
        m_fconst(&q->m, F1, (double) (stub->number >> 2));
    } else {
        if (stub->kind != I_divide) {
            m_or(&q->m, t, a, b);
            m_branch_bits_imm(&q->m, M_EQ, t, 3, other);
        }
        number_of(q, F0, a, t, other);
        number_of(q, F1, b, t, other);
    }
    float_operation(q, (Instruction) stub->kind, other);
    float_word(q, (MachineRegister) stub->d, t, other);
}

/* a and b (or the number) in, d out. `flags`: whether to look for floats first; spare[0] is free.
 */
static void emit_slow(Quick *q, const Stub *stub)
{
    Machine *m = &q->m;
    MachineLabel fails = m_label(m), full = m_label(m);
    MachineRegister a = (MachineRegister) stub->a, b = (MachineRegister) stub->b,
                    d = (MachineRegister) stub->d;
    if (stub->flags & SLOW_FLOATS) {
        MachineLabel other = m_label(m);
        float_and_number(q, stub, other);
        m_jump(m, stub->resume);
        m_bind(m, other);
    }
    quick_stub_writes(q, stub);
    /* As the interpreter, with room for a few words, so that few results overflow. */
    m_lea(m, d, m_at(R_HEAP, 8 * 8));
    m_branch_mem(m, M_UGT, d, m_at(R_PROCESS, offsetof(Process, heap.space.limit)), full);
    if (stub->flags & SLOW_UNARY) {
        m_move(m, R2, a);
    } else if (b == R_NONE) {
        m_move(m, R2, a);
        m_const(m, R3, stub->number);
    } else {
        quick_moves(q, (MachineRegister[]){R2, R3}, (MachineRegister[]){a, b}, 2);
    }
    m_move(m, R1, R_PROCESS); /* its heap's space is its first field */
    quick_c_call(q, stub->function, true);
    m_and_imm(m, R1, R0, 63);
    m_branch_imm(m, M_EQ, R1, (IMM_SPECIAL << 3) | TAG_IMMEDIATE, fails);
    m_move(m, d, R0);
    quick_stub_reloads(q, stub);
    m_jump(m, stub->resume);
    m_bind(m, full);
    quick_stub_collect(q, stub, 8, stub->label);
    m_bind(m, fails);
    quick_stub_leave(q, stub);
}

/* ---- integers ---- */

typedef struct Operands {
    Instruction operation; /* without _imm */
    MachineRegister d, a, b, t;
    int64_t constant; /* b R_NONE */
    uint32_t a_kinds, b_kinds;
} Operands;

static void test_small(Quick *q, const Operands *o, MachineLabel slow)
{
    bool a = o->a_kinds & ~IS_SMALL, b = o->b != R_NONE && (o->b_kinds & ~IS_SMALL);
    if (a && b) {
        m_or(&q->m, o->t, o->a, o->b);
        m_branch_bits_imm(&q->m, M_NE, o->t, 3, slow);
    } else if (a || b) {
        m_branch_bits_imm(&q->m, M_NE, a ? o->a : o->b, 3, slow);
    }
}

static void divide(Quick *q, const Operands *o, MachineLabel slow)
{
    Machine *m = &q->m;
    bool remainder = o->operation == I_remainder;
    if (o->b == R_NONE) {
        int64_t by = o->constant >> 2;
        if (by == 0 || by == -1) {
            m_jump(m, slow);
            return;
        }
        if (by > 0 &&
            (by & (by - 1)) == 0) { /* round towards zero: add by - 1 to what is negative */
            int64_t shift = __builtin_ctzll((uint64_t) by);
            if (shift == 0) {
                if (remainder) {
                    m_const(m, o->d, 0);
                } else {
                    m_move(m, o->d, o->a);
                }
                return;
            }
            m_sar_imm(m, o->t, o->a, 63);
            m_and_imm(m, o->t, o->t, (by - 1) << 2);
            m_add(m, o->t, o->t, o->a);
            if (remainder) {
                m_and_imm(m, o->t, o->t, -(by << 2));
                m_sub(m, o->d, o->a, o->t);
            } else {
                m_sar_imm(m, o->d, o->t, shift);
                m_and_imm(m, o->d, o->d, ~(int64_t) 3);
            }
            return;
        }
        if (remainder) { /* of the tagged words */
            m_const(m, o->t, o->constant);
            m_rem(m, o->d, o->a, o->t);
        } else {
            m_const(m, o->t, by);
            m_sar_imm(m, o->d, o->a, 2);
            m_div(m, o->d, o->d, o->t);
            m_shl_imm(m, o->d, o->d, 2);
        }
        return;
    }
    m_branch_imm(m, M_EQ, o->b, 0, slow);
    m_branch_imm(m, M_EQ, o->b, -4, slow);
    if (remainder) {
        m_rem(m, o->d, o->a, o->b);
    } else {
        m_sar_imm(m, o->t, o->b, 2);
        m_sar_imm(m, o->d, o->a, 2);
        m_div(m, o->d, o->d, o->t);
        m_shl_imm(m, o->d, o->d, 2);
    }
}

static void shift(Quick *q, const Operands *o, MachineLabel slow)
{
    Machine *m = &q->m;
    bool left = o->operation == I_shift_left;
    if (o->b == R_NONE) {
        int64_t by = o->constant >> 2;
        if (by < 0 || by > 61) {
            m_jump(m, slow);
            return;
        }
        if (left) {
            m_shl_imm(m, o->d, o->a, by);
            m_sar_imm(m, o->t, o->d, by);
            m_branch(m, M_NE, o->t, o->a, slow);
        } else {
            m_sar_imm(m, o->d, o->a, by);
            m_and_imm(m, o->d, o->d, ~(int64_t) 3);
        }
        return;
    }
    m_branch_imm(m, M_UGT, o->b, 61 << 2, slow);
    m_shr_imm(m, o->t, o->b, 2);
    if (left) {
        m_shl(m, o->d, o->a, o->t);
        m_sar(m, o->t, o->d, o->t);
        m_branch(m, M_NE, o->t, o->a, slow);
    } else {
        m_sar(m, o->d, o->a, o->t);
        m_and_imm(m, o->d, o->d, ~(int64_t) 3);
    }
}

/* The result of small integers in d, or on at `slow`. */
static void small_operation(Quick *q, const Operands *o, MachineLabel slow)
{
    Machine *m = &q->m;
    bool imm = o->b == R_NONE;
    switch (o->operation) {
    case I_add:
        if (imm) {
            m_add_overflow_imm(m, o->d, o->a, o->constant, slow);
        } else {
            m_add_overflow(m, o->d, o->a, o->b, slow);
        }
        break;
    case I_subtract:
        if (imm) {
            m_sub_overflow_imm(m, o->d, o->a, o->constant, slow);
        } else {
            m_sub_overflow(m, o->d, o->a, o->b, slow);
        }
        break;
    case I_multiply:
        if (imm) {
            m_mul_overflow_imm(m, o->d, o->a, o->constant >> 2, slow);
        } else {
            m_sar_imm(m, o->t, o->b, 2);
            m_mul_overflow(m, o->d, o->a, o->t, slow);
        }
        break;
    case I_int_divide:
    case I_remainder:
        divide(q, o, slow);
        break;
    case I_bit_and:
        if (imm) {
            m_and_imm(m, o->d, o->a, o->constant);
        } else {
            m_and(m, o->d, o->a, o->b);
        }
        break;
    case I_bit_or:
        if (imm) {
            m_or_imm(m, o->d, o->a, o->constant);
        } else {
            m_or(m, o->d, o->a, o->b);
        }
        break;
    case I_bit_xor:
        if (imm) {
            m_xor_imm(m, o->d, o->a, o->constant);
        } else {
            m_xor(m, o->d, o->a, o->b);
        }
        break;
    default:
        shift(q, o, slow);
    }
}

/* What the operation on small integers can give. */
static uint32_t small_result(const Operands *o)
{
    switch (o->operation) {
    case I_remainder:
    case I_bit_and:
    case I_bit_or:
    case I_bit_xor:
    case I_shift_right:
        return IS_SMALL;
    case I_int_divide: /* the least by -1 */
        return o->b == R_NONE && o->constant != -4 ? IS_SMALL : IS_INTEGER;
    default:
        return IS_INTEGER;
    }
}

static bool has_floats(Instruction operation)
{
    return operation == I_add || operation == I_subtract || operation == I_multiply ||
           operation == I_divide;
}

/* A failure in a guard goes to its label; C is not asked twice, so the interpreter does that. */
static void binary(Quick *q, Instruction i, bool imm)
{
    Operands o = {.operation = imm ? (Instruction) (i - 1) : i, .b = R_NONE};
    uint32_t a_slot = slot_of(q, 6), result;
    bool smalls, floats, numbers;
    Machine *m = &q->m;
    Stub *slow;
    o.a_kinds = state_kinds(q, a_slot);
    o.b_kinds = IS_SMALL;
    o.a = state_use(q, a_slot);
    if (imm) {
        o.constant = (int64_t) field_imm(q->pc, 8);
    } else {
        o.b_kinds = state_kinds(q, slot_of(q, 8));
        o.b = state_use(q, slot_of(q, 8));
    }
    o.d = state_temporary(q);
    o.t = state_temporary(q);
    smalls = (o.a_kinds & IS_SMALL) && (o.b_kinds & IS_SMALL) && i != I_divide;
    floats = !imm && has_floats(o.operation) && (o.a_kinds & IS_FLOAT) && (o.b_kinds & IS_FLOAT);
    numbers = has_floats(o.operation) && (o.a_kinds & (IS_SMALL | IS_FLOAT)) &&
              (o.b_kinds & (IS_SMALL | IS_FLOAT)) &&
              (i == I_divide || ((o.a_kinds | o.b_kinds) & IS_FLOAT));
    slow = quick_stub(q, emit_slow);
    slow->flags = numbers ? SLOW_FLOATS : 0;
    slow->a = o.a;
    slow->b = o.b;
    slow->d = o.d;
    slow->spare[0] = o.t;
    slow->number = o.constant;
    slow->kind = (uint8_t) o.operation;
    slow->function = (const void *) function_of(i);
    slow->resume = m_label(m);
    if (smalls) {
        test_small(q, &o, slow->label);
        small_operation(q, &o, slow->label);
    } else if (floats) {
        if (o.a_kinds & ~IS_FLOAT) {
            quick_test_float(q, o.a, o.t, slow->label);
        }
        if ((o.b_kinds & ~IS_FLOAT) && o.a != o.b) {
            quick_test_float(q, o.b, o.t, slow->label);
        }
        quick_float_of(q, F0, o.a, o.t);
        quick_float_of(q, F1, o.b, o.t);
        float_operation(q, o.operation, slow->label);
        float_word(q, o.d, o.t, slow->label);
    } else {
        m_jump(m, slow->label);
    }
    m_bind(m, slow->resume);
    q->heap_ready = 0;
    result = IS_NUMBER;
    if (!((o.a_kinds | o.b_kinds) & ~IS_SMALL)) {
        result = small_result(&o);
    } else if (!((o.a_kinds | o.b_kinds) & ~IS_INTEGER) || !has_floats(o.operation)) {
        result = IS_INTEGER;
    } else if (!(o.a_kinds & ~(IS_FLOAT | IS_BOXED_FLOAT)) ||
               !(o.b_kinds & ~(IS_FLOAT | IS_BOXED_FLOAT))) {
        result = IS_FLOAT | IS_BOXED_FLOAT;
    }
    if (i == I_divide) {
        result = IS_FLOAT | IS_BOXED_FLOAT;
    }
    /* What did not fail was a number. */
    state_refine(q, a_slot, has_floats(o.operation) ? IS_NUMBER : IS_INTEGER);
    state_define(q, slot_of(q, 4), o.d, result);
}

static void unary(Quick *q, Instruction i)
{
    uint32_t slot = slot_of(q, 6), kinds = state_kinds(q, slot);
    MachineRegister a = state_use(q, slot), d = state_temporary(q);
    Machine *m = &q->m;
    Stub *slow = quick_stub(q, emit_slow);
    slow->a = a;
    slow->d = d;
    slow->flags = SLOW_UNARY;
    slow->function = (const void *) (i == I_negate ? arith_negate : arith_bnot);
    slow->resume = m_label(m);
    if (kinds & ~IS_SMALL) {
        m_branch_bits_imm(m, M_NE, a, 3, slow->label);
    }
    if (i == I_negate) {
        m_neg_overflow(m, d, a, slow->label);
    } else {
        m_xor_imm(m, d, a, ~(int64_t) 3);
    }
    m_bind(m, slow->resume);
    q->heap_ready = 0;
    state_define(q, slot_of(q, 4), d,
                 i == I_negate       ? IS_NUMBER
                 : kinds & ~IS_SMALL ? IS_INTEGER
                                     : IS_SMALL);
}

/* On at `other` unless it is true or false, which differ in one bit. */
static void test_boolean(Quick *q, MachineRegister a, MachineRegister t, MachineLabel other)
{
    m_and_imm(&q->m, t, a, ~(int64_t) (ATOM_true ^ ATOM_false));
    m_branch_imm(&q->m, M_NE, t, ATOM_true & ATOM_false, other);
}

static void logic(Quick *q, Instruction i)
{
    MachineRegister a = state_use(q, slot_of(q, 6)), b = R_NONE, d, t;
    Machine *m = &q->m;
    MachineLabel exit;
    if (i == I_logic) {
        b = state_use(q, slot_of(q, 8));
    }
    d = state_temporary(q);
    t = state_temporary(q);
    exit = quick_exit(q);
    test_boolean(q, a, t, exit);
    if (i == I_not) {
        m_xor_imm(m, d, a, ATOM_true ^ ATOM_false);
    } else {
        test_boolean(q, b, t, exit);
        switch ((LogicKind) field_u16(q->pc, 10)) {
        case LOGIC_AND:
            m_and(m, d, a, b);
            break;
        case LOGIC_OR:
            m_or(m, d, a, b);
            break;
        case LOGIC_XOR:
            m_xor(m, d, a, b);
            m_or_imm(m, d, d, ATOM_false);
            break;
        }
    }
    state_define(q, slot_of(q, 4), d, IS_ATOM);
}
static_assert((ATOM_true & ATOM_false) == ATOM_false && (ATOM_true | ATOM_false) == ATOM_true,
              "logic works on the words");

void quick_arithmetic(Quick *q, Instruction i)
{
    switch (i) {
    case I_negate:
    case I_bit_not:
        unary(q, i);
        break;
    case I_not:
    case I_logic:
        logic(q, i);
        break;
    case I_add:
    case I_subtract:
    case I_multiply:
    case I_int_divide:
    case I_remainder:
    case I_bit_and:
    case I_bit_or:
    case I_bit_xor:
    case I_shift_left:
    case I_shift_right:
    case I_divide:
        binary(q, i, false);
        break;
    default:
        binary(q, i, true);
    }
}
