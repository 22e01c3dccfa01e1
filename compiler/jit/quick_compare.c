/* compiler/jit/quick_compare.c
 * Comparisons: of small integers and immediate floats here, of all else by C. */
#include "compiler/jit/quick_internal.h"
#include "runtime/term/compare.h"

/* ---- C decides ---- */

static bool equal_exact(Term a, Term b)
{
    return term_equal_exact(a, b);
}
static bool less(Term a, Term b)
{
    return term_compare(a, b) < 0;
}
static bool less_equal(Term a, Term b)
{
    return term_compare(a, b) <= 0;
}
static Term boolean(bool value)
{
    return value ? ATOM_true : ATOM_false;
}

#define COMPARE(name, expression) \
    static Term name(Term a, Term b) \
    { \
        return boolean(expression); \
    }
COMPARE(compare_eq_exact, term_equal_exact(a, b))
COMPARE(compare_ne_exact, !term_equal_exact(a, b))
COMPARE(compare_eq, term_equal(a, b))
COMPARE(compare_ne, !term_equal(a, b))
COMPARE(compare_lt, term_compare(a, b) < 0)
COMPARE(compare_le, term_compare(a, b) <= 0)
COMPARE(compare_gt, term_compare(a, b) > 0)
COMPARE(compare_ge, term_compare(a, b) >= 0)
#undef COMPARE

enum { IS_WORD = IS_SMALL | IS_FLOAT | IS_ATOM | IS_NIL }; /* equal only to the same word */

/* Two operands: registers, or b a constant. */
typedef struct Pair {
    MachineRegister a, b; /* b R_NONE: the constant */
    int64_t constant;
    uint32_t a_kinds, b_kinds;
} Pair;

static void operands(Quick *q, const Stub *stub)
{
    if (stub->b == R_NONE) {
        m_move(&q->m, R1, (MachineRegister) stub->a);
        m_const(&q->m, R2, stub->number);
    } else {
        quick_moves(q, (MachineRegister[]){R1, R2},
                    (MachineRegister[]){(MachineRegister) stub->a, (MachineRegister) stub->b}, 2);
    }
}

/* The answer of `function` is true: on at resume, else at other; the other way round with flags.
 * `kind`, unless 0: the condition for two immediate floats, which are compared here; `d` is free.
 */
static void emit_slow_branch(Quick *q, const Stub *stub)
{
    MachineLabel no = m_label(&q->m), other = m_label(&q->m);
    if (stub->kind != 0) {
        quick_floats(q, (MachineRegister) stub->a, (MachineRegister) stub->b,
                     (MachineRegister) stub->d, other);
        m_fbranch(&q->m, (MachineCondition) stub->kind, F0, F1, stub->resume);
        m_jump(&q->m, stub->other);
        m_bind(&q->m, other);
    }
    quick_stub_writes(q, stub);
    operands(q, stub);
    quick_c_call(q, stub->function, false);
    m_branch_bits_imm(&q->m, M_EQ, R0, 0xFF, no);
    quick_stub_reloads(q, stub);
    m_jump(&q->m, stub->flags ? stub->other : stub->resume);
    m_bind(&q->m, no);
    quick_stub_reloads(q, stub);
    m_jump(&q->m, stub->flags ? stub->resume : stub->other);
}

static void emit_slow_value(Quick *q, const Stub *stub)
{
    quick_stub_writes(q, stub);
    operands(q, stub);
    quick_c_call(q, stub->function, false);
    m_move(&q->m, (MachineRegister) stub->d, R0);
    quick_stub_reloads(q, stub);
    m_jump(&q->m, stub->resume);
}

static void take_operands(Stub *stub, const Pair *pair, const void *function)
{
    stub->a = pair->a;
    stub->b = pair->b;
    stub->number = pair->constant;
    stub->function = function;
}

/* On at `slow` unless both are small. */
static void test_small(Quick *q, const Pair *pair, MachineRegister t, MachineLabel slow)
{
    bool a = pair->a_kinds & ~IS_SMALL, b = pair->b != R_NONE && (pair->b_kinds & ~IS_SMALL);
    if (a && b) {
        m_or(&q->m, t, pair->a, pair->b);
        m_branch_bits_imm(&q->m, M_NE, t, 3, slow);
    } else if (a || b) {
        m_branch_bits_imm(&q->m, M_NE, a ? pair->a : pair->b, 3, slow);
    }
}

static void branch(Quick *q, MachineCondition condition, const Pair *pair, MachineLabel label)
{
    if (pair->b == R_NONE) {
        m_branch_imm(&q->m, condition, pair->a, pair->constant, label);
    } else {
        m_branch(&q->m, condition, pair->a, pair->b, label);
    }
}

/* ---- order ---- */

static MachineCondition float_condition(MachineCondition condition)
{
    switch (condition) {
    case M_LT:
        return M_FLT;
    case M_LE:
        return M_FLE;
    case M_GT:
        return M_FGT;
    default:
        return M_FGE;
    }
}

/* Goes on if `a condition b`, else to `fail`. */
static void test_order(Quick *q, MachineCondition condition, const Pair *pair, MachineRegister t,
                       MachineLabel fail)
{
    Machine *m = &q->m;
    bool smalls = (pair->a_kinds & IS_SMALL) && (pair->b_kinds & IS_SMALL);
    bool floats = (pair->a_kinds & IS_FLOAT) && (pair->b_kinds & IS_FLOAT) && pair->b != R_NONE;
    bool only_smalls = !((pair->a_kinds | pair->b_kinds) & ~IS_SMALL);
    bool only_floats = !((pair->a_kinds | pair->b_kinds) & ~IS_FLOAT);
    MachineLabel yes = m_label(m);
    Stub *slow;
    if (only_smalls) {
        branch(q, machine_opposite(condition), pair, fail);
        return;
    }
    if (only_floats && floats) {
        quick_float_of(q, F0, pair->a, t);
        quick_float_of(q, F1, pair->b, t);
        m_fbranch(m, machine_opposite(float_condition(condition)), F0, F1, fail);
        return;
    }
    slow = quick_stub(q, emit_slow_branch);
    /* a < b is not a >= b: two functions are enough. */
    take_operands(slow, pair,
                  (const void *) (condition == M_LT || condition == M_GE ? less : less_equal));
    slow->flags = condition == M_GE || condition == M_GT;
    slow->resume = yes;
    slow->other = fail;
    slow->d = t;
    if (smalls) {
        slow->kind = floats ? float_condition(condition) : 0;
        test_small(q, pair, t, slow->label);
        branch(q, machine_opposite(condition), pair, fail);
    } else if (floats) {
        quick_floats(q, pair->a, pair->b, t, slow->label);
        m_fbranch(m, machine_opposite(float_condition(condition)), F0, F1, fail);
    } else {
        m_jump(m, slow->label);
    }
    m_bind(m, yes);
}

/* ---- equality ---- */

/* Goes on if they are equal (`wanted`: are not), else to `fail`. */
static void test_equal(Quick *q, bool exact, bool equal, const Pair *pair, MachineRegister t,
                       MachineLabel fail)
{
    Machine *m = &q->m;
    MachineLabel yes = m_label(m);
    MachineLabel same = equal ? yes : fail, different = equal ? fail : yes;
    bool words = exact ? !(pair->a_kinds & ~IS_WORD) || !(pair->b_kinds & ~IS_WORD)
                       : !(pair->a_kinds & ~(IS_ATOM | IS_NIL)) ||
                             !(pair->b_kinds & ~(IS_ATOM | IS_NIL)) ||
                             !((pair->a_kinds | pair->b_kinds) & ~IS_SMALL);
    Stub *slow;
    if (words) {
        branch(q, equal ? M_NE : M_EQ, pair, fail);
        return;
    }
    slow = quick_stub(q, emit_slow_branch);
    take_operands(slow, pair, (const void *) (exact ? equal_exact : term_equal));
    slow->flags = !equal;
    slow->resume = yes;
    slow->other = fail;
    branch(q, M_EQ, pair, same);
    if (exact) { /* only what is in memory on both sides can be equal now */
        m_and_imm(m, t, pair->a, 5);
        m_branch_imm(m, M_EQ, t, 1, slow->label);
    } else {
        test_small(q, pair, t, slow->label);
    }
    if (different != yes) {
        m_jump(m, different);
    }
    m_bind(m, yes);
}

/* ---- the instructions ---- */

static Pair slots_pair(Quick *q, uint32_t a_slot, uint32_t b_slot)
{
    Pair pair = {.a_kinds = state_kinds(q, a_slot), .b_kinds = state_kinds(q, b_slot)};
    pair.a = state_use(q, a_slot);
    pair.b = state_use(q, b_slot);
    return pair;
}

static Pair constant_pair(Quick *q, uint32_t slot, Term constant)
{
    Pair pair = {.a_kinds = state_kinds(q, slot), .b = R_NONE, .constant = (int64_t) constant};
    pair.b_kinds = term_is_small(constant)     ? IS_SMALL
                   : term_is_pointer(constant) ? IS_ANY
                                               : IS_WORD;
    pair.a = state_use(q, slot);
    return pair;
}

static void compare_value(Quick *q)
{
    static Term (*const functions[])(Term, Term) = {
        [COMPARE_EQ_EXACT] = compare_eq_exact,
        [COMPARE_NE_EXACT] = compare_ne_exact,
        [COMPARE_EQ] = compare_eq,
        [COMPARE_NE] = compare_ne,
        [COMPARE_LT] = compare_lt,
        [COMPARE_LE] = compare_le,
        [COMPARE_GT] = compare_gt,
        [COMPARE_GE] = compare_ge,
    };
    static const uint8_t conditions[] = {M_EQ, M_NE, M_EQ, M_NE, M_LT, M_LE, M_GT, M_GE};
    uint32_t which = field_u16(q->pc, 10);
    Pair pair = slots_pair(q, slot_of(q, 6), slot_of(q, 8));
    MachineRegister d = state_temporary(q), t = state_temporary(q);
    Machine *m = &q->m;
    if ((pair.a_kinds | pair.b_kinds) & ~IS_SMALL) {
        Stub *slow = quick_stub(q, emit_slow_value);
        take_operands(slow, &pair, (const void *) functions[which]);
        slow->d = d;
        slow->resume = m_label(m);
        test_small(q, &pair, t, slow->label);
        m_set(m, (MachineCondition) conditions[which], d, pair.a, pair.b);
        m_shl_imm(m, d, d, 6);
        m_add_imm(m, d, d, ATOM_false);
        m_bind(m, slow->resume);
    } else {
        m_set(m, (MachineCondition) conditions[which], d, pair.a, pair.b);
        m_shl_imm(m, d, d, 6);
        m_add_imm(m, d, d, ATOM_false);
    }
    state_define(q, slot_of(q, 4), d, IS_ATOM);
}
static_assert(ATOM_INDEX_true == ATOM_INDEX_false + 1, "compare_value computes with them");

void quick_compare(Quick *q, Instruction i)
{
    uint32_t a = slot_of(q, 4), b = slot_of(q, 6);
    MachineRegister t;
    Pair pair;
    int32_t fails;
    switch (i) {
    case I_compare:
        compare_value(q);
        return;
    case I_test_literal:
        pair = constant_pair(q, a, field_u64(q->pc, 12));
        fails = field_s32(q->pc, 8);
        break;
    case I_test_lt_imm:
    case I_test_ge_imm:
    case I_test_gt_imm:
    case I_test_le_imm:
        pair = constant_pair(q, a, field_imm(q->pc, 8));
        fails = field_s32(q->pc, 12);
        break;
    default:
        pair = slots_pair(q, a, b);
        fails = field_s32(q->pc, 8);
    }
    t = state_temporary(q);
    MachineLabel fail = quick_branch_target(q, fails);
    switch (i) {
    case I_test_literal:
    case I_test_eq_exact:
    case I_test_ne_exact:
        test_equal(q, true, i != I_test_ne_exact, &pair, t, fail);
        break;
    case I_test_eq:
    case I_test_ne:
        test_equal(q, false, i == I_test_eq, &pair, t, fail);
        break;
    case I_test_lt:
    case I_test_lt_imm:
        test_order(q, M_LT, &pair, t, fail);
        break;
    case I_test_ge:
    case I_test_ge_imm:
        test_order(q, M_GE, &pair, t, fail);
        break;
    case I_test_gt_imm:
        test_order(q, M_GT, &pair, t, fail);
        break;
    default:
        test_order(q, M_LE, &pair, t, fail);
    }
}
