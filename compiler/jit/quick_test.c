/* compiler/jit/quick_test.c
 * Tests of one value, and switches. What the state knows of the value's kinds makes tests shorter,
 * or decides them. */
#include "compiler/jit/quick_internal.h"
#include "runtime/term/bits.h"
#include "runtime/term/external.h"
#include "runtime/term/ref.h"

/* Out-of-line forms of the floor's tests. */
static bool is_number(Term t)
{
    return term_is_number(t);
}
static bool is_pid(Term t)
{
    return term_is_pid(t);
}
static bool is_port(Term t)
{
    return term_is_port(t);
}
static bool is_reference(Term t)
{
    return term_is_reference(t);
}

/* ---- pieces ---- */

/* On at `fail` unless the tag is `tag`. */
static void test_tag(Quick *q, MachineRegister value, uint32_t tag, MachineRegister temporary,
                     MachineLabel fail)
{
    m_add_imm(&q->m, temporary, value, -(int64_t) tag);
    m_branch_bits_imm(&q->m, M_NE, temporary, TAG_MASK, fail);
}

#define KIND_BITS(kind) ((int64_t) (HEADER(KIND_##kind, 0) & 0xFFFF))

static void test_header(Quick *q, MachineRegister boxed, int64_t kind_bits, MachineLabel fail)
{
    m_branch_memory_imm(&q->m, M_NE, WIDTH_U16, m_at(boxed, -TAG_BOXED), kind_bits, fail);
}

/* The kind's bits in `temporary`, less those of `first`: then kinds from `first` on count up by 64.
 */
static void load_kind(Quick *q, MachineRegister boxed, int64_t first, MachineRegister temporary)
{
    m_load(&q->m, WIDTH_U16, temporary, m_at(boxed, -TAG_BOXED));
    m_sub_imm(&q->m, temporary, temporary, first);
}

static void emit_slow_test(Quick *q, const Stub *stub)
{
    MachineLabel no = m_label(&q->m);
    quick_stub_writes(q, stub);
    m_move(&q->m, R1, (MachineRegister) stub->a);
    quick_c_call(q, stub->function, false);
    m_branch_bits_imm(&q->m, M_EQ, R0, 0xFF, no);
    quick_stub_reloads(q, stub);
    m_jump(&q->m, stub->resume);
    m_bind(&q->m, no);
    quick_stub_reloads(q, stub);
    m_jump(&q->m, stub->other);
}

/* A stub in which C decides. */
static Stub *slow_test(Quick *q, bool (*function)(Term), MachineRegister value, MachineLabel resume,
                       MachineLabel fail)
{
    Stub *stub = quick_stub(q, emit_slow_test);
    stub->function = (const void *) function;
    stub->a = value;
    stub->resume = resume;
    stub->other = fail;
    return stub;
}

/* ---- one kind or several ---- */

static const struct {
    uint8_t instruction;
    uint16_t kinds; /* that pass */
    uint16_t maybe; /* that may pass or not */
} tests[] = {
    {I_test_integer, IS_INTEGER, 0}, {I_test_float, IS_FLOAT | IS_BOXED_FLOAT, 0},
    {I_test_number, IS_NUMBER, 0},   {I_test_atom, IS_ATOM, 0},
    {I_test_list, IS_LIST, 0},       {I_test_cons, IS_CONS, 0},
    {I_test_nil, IS_NIL, 0},         {I_test_tuple, IS_TUPLE, 0},
    {I_test_map, IS_MAP, 0},         {I_test_bitstring, IS_BITS, 0},
    {I_test_binary, 0, IS_BITS},     {I_test_function, IS_FUN, 0},
    {I_test_pid, 0, IS_OTHER},       {I_test_port, 0, IS_OTHER},
    {I_test_reference, 0, IS_OTHER}, {I_test_boolean, 0, IS_ATOM},
};

static void test_code(Quick *q, Instruction i, uint32_t possible, MachineRegister value,
                      MachineRegister t, MachineLabel fail)
{
    Machine *m = &q->m;
    MachineLabel yes = m_label(m);
    bool boxed = (possible & ~IS_BOXED) == 0; /* known to be */
    switch (i) {
    case I_test_integer:
        if (possible & IS_BIG) {
            m_branch_bits_imm(m, M_EQ, value, 3, yes);
            test_tag(q, value, TAG_BOXED, t, fail);
            load_kind(q, value, KIND_BITS(big_pos), t);
            m_branch_imm(m, M_UGT, t, 64, fail);
        } else {
            m_branch_bits_imm(m, M_NE, value, 3, fail);
        }
        break;
    case I_test_float:
        m_const(m, t, FLOAT_TAGS);
        m_shr(m, t, t, value);
        m_branch_bits_imm(m, M_NE, t, 1, yes);
        test_tag(q, value, TAG_BOXED, t, fail);
        test_header(q, value, KIND_BITS(float), fail);
        break;
    case I_test_number:
        m_branch_bits_imm(m, M_EQ, value, 3, yes);
        m_const(m, t, FLOAT_TAGS);
        m_shr(m, t, t, value);
        m_branch_bits_imm(m, M_EQ, t, 1, slow_test(q, is_number, value, yes, fail)->label);
        break;
    case I_test_atom:
        m_and_imm(m, t, value, 63);
        m_branch_imm(m, M_NE, t, (IMM_ATOM << 3) | TAG_IMMEDIATE, fail);
        break;
    case I_test_boolean: /* they differ in one bit */
        m_and_imm(m, t, value, ~(int64_t) (ATOM_true ^ ATOM_false));
        m_branch_imm(m, M_NE, t, ATOM_true & ATOM_false, fail);
        break;
    case I_test_list:
        m_branch_imm(m, M_EQ, value, (int64_t) TERM_NIL, yes);
        test_tag(q, value, TAG_CONS, t, fail);
        break;
    case I_test_cons:
        if ((possible & ~IS_LIST) == 0) {
            m_branch_imm(m, M_EQ, value, (int64_t) TERM_NIL, fail);
        } else {
            test_tag(q, value, TAG_CONS, t, fail);
        }
        break;
    case I_test_nil:
        m_branch_imm(m, M_NE, value, (int64_t) TERM_NIL, fail);
        break;
    case I_test_tuple:
    case I_test_map:
    case I_test_bitstring:
    case I_test_function:
    case I_test_binary:
        if (!boxed) {
            test_tag(q, value, TAG_BOXED, t, fail);
        }
        if (i == I_test_tuple) {
            test_header(q, value, KIND_BITS(tuple), fail);
        } else if (i == I_test_function) {
            load_kind(q, value, KIND_BITS(fun), t);
            m_branch_imm(m, M_UGT, t, 64, fail);
        } else if (i == I_test_map) {
            load_kind(q, value, KIND_BITS(map), t);
            m_branch_imm(m, M_UGT, t, 64, fail);
        } else if (i == I_test_bitstring) {
            load_kind(q, value, KIND_BITS(heap_binary), t);
            m_branch_imm(m, M_UGT, t, 128, fail);
        } else {
            load_kind(q, value, KIND_BITS(heap_binary), t);
            m_branch_imm(m, M_ULE, t, 64, yes);
            m_branch_imm(m, M_NE, t, 128, fail);
            m_branch_bits_mem(m, M_NE, WIDTH_U8, m_at(value, 16 - TAG_BOXED), 7, fail);
        }
        break;
    case I_test_pid:
        m_and_imm(m, t, value, 63);
        m_branch_imm(m, M_EQ, t, (IMM_PID << 3) | TAG_IMMEDIATE, yes);
        test_tag(q, value, TAG_BOXED, t, fail);
        m_jump(m, slow_test(q, is_pid, value, yes, fail)->label);
        break;
    case I_test_port:
        m_jump(m, slow_test(q, is_port, value, yes, fail)->label);
        break;
    default:
        m_jump(m, slow_test(q, is_reference, value, yes, fail)->label);
        break;
    }
    m_bind(m, yes);
}

static void test_kind(Quick *q, Instruction i)
{
    uint32_t slot = slot_of(q, 4), pass = 0, maybe = 0, possible = state_kinds(q, slot);
    int32_t fails = field_s32(q->pc, 8);
    MachineRegister value, t;
    for (size_t n = 0; n < COUNT_OF(tests); n++) {
        if (tests[n].instruction == i) {
            pass = tests[n].kinds;
            maybe = tests[n].maybe;
        }
    }
    if (!(possible & (pass | maybe))) {
        quick_jump(q, fails);
        return;
    }
    if (!(possible & ~pass)) {
        return;
    }
    value = state_use(q, slot);
    t = state_temporary(q);
    test_code(q, i, possible, value, t,
              quick_branch_target_kinds(q, fails, slot, possible & ~pass));
    state_refine(q, slot, pass | maybe);
}

/* test_arity, test_record */
static void test_tuple(Quick *q, Instruction i)
{
    uint32_t slot = slot_of(q, 4), possible = state_kinds(q, slot);
    uint64_t header = HEADER(KIND_tuple, field_u32(q->pc, 8));
    MachineRegister value, t;
    MachineLabel fail;
    if (!(possible & IS_TUPLE)) {
        quick_jump(q, field_s32(q->pc, 12));
        return;
    }
    value = state_use(q, slot);
    t = state_temporary(q);
    fail = quick_branch_target(q, field_s32(q->pc, 12));
    if (possible & ~IS_BOXED) {
        test_tag(q, value, TAG_BOXED, t, fail);
    }
    m_branch_memory_imm(&q->m, M_NE, WIDTH_64, m_at(value, -TAG_BOXED), (int64_t) header, fail);
    if (i == I_test_record) {
        m_branch_memory_imm(&q->m, M_NE, WIDTH_64, m_at(value, 8 - TAG_BOXED),
                            (int64_t) field_imm(q->pc, 16), fail);
    }
    state_refine(q, slot, IS_TUPLE);
}

/* The word is, or is not, a constant. */
static void test_word(Quick *q, uint32_t slot, Term word, MachineCondition passes, int32_t fails)
{
    const Known *known = state_find(q, slot);
    MachineRegister value;
    if (known != NULL && known->is_constant) {
        if ((known->constant == word) != (passes == M_EQ)) {
            quick_jump(q, fails);
        }
        return;
    }
    value = state_use(q, slot);
    m_branch_imm(&q->m, machine_opposite(passes), value, (int64_t) word,
                 quick_branch_target(q, fails));
}

static void branch_boolean(Quick *q)
{
    MachineRegister value = state_use(q, slot_of(q, 4));
    MachineLabel no = quick_branch_target(q, field_s32(q->pc, 8));
    MachineLabel neither = quick_branch_target(q, field_s32(q->pc, 12));
    m_branch_imm(&q->m, M_EQ, value, ATOM_false, no);
    m_branch_imm(&q->m, M_NE, value, ATOM_true, neither);
}

void quick_test(Quick *q, Instruction i)
{
    switch (i) {
    case I_unless_true:
        test_word(q, slot_of(q, 4), ATOM_true, M_EQ, field_s32(q->pc, 8));
        break;
    case I_if_true:
        test_word(q, slot_of(q, 4), ATOM_true, M_NE, field_s32(q->pc, 8));
        break;
    case I_test_word:
        test_word(q, slot_of(q, 4), field_imm(q->pc, 8), M_EQ, field_s32(q->pc, 12));
        break;
    case I_test_not_word:
        test_word(q, slot_of(q, 4), field_imm(q->pc, 8), M_NE, field_s32(q->pc, 12));
        break;
    case I_branch_boolean:
        branch_boolean(q);
        break;
    case I_test_arity:
    case I_test_record:
        test_tuple(q, i);
        break;
    default:
        test_kind(q, i);
    }
}

/* ---- switches ---- */

enum { LINEAR_MOST = 4 };

typedef struct Cases {
    MachineRegister value;
    MachineLabel none;
    const MachineLabel *labels;
} Cases;

/* Cases low … high - 1 of a sorted switch_word. */
static void search(Quick *q, const Cases *cases, uint32_t low, uint32_t high)
{
    Machine *m = &q->m;
    if (high - low <= LINEAR_MOST) {
        for (uint32_t i = low; i < high; i++) {
            m_branch_imm(m, M_EQ, cases->value, field_s32(q->pc, 20 + 8 * i), cases->labels[i]);
        }
        m_jump(m, cases->none);
        return;
    }
    uint32_t middle = (low + high) / 2; /* halves of a 32-bit count: bounded recursion */
    MachineLabel upper = m_label(m);
    m_branch_imm(m, M_GE, cases->value, field_s32(q->pc, 20 + 8 * middle), upper);
    search(q, cases, low, middle);
    m_bind(m, upper);
    search(q, cases, middle, high);
}

/* Labels of all cases: those that lead to the same place share one. */
static MachineLabel *case_labels(Quick *q, uint32_t first, uint32_t step, uint32_t count,
                                 MachineLabel none, uint32_t slot, uint32_t kinds)
{
    MachineLabel *labels = quick_alloc(q, (count + 1) * sizeof *labels);
    int32_t none_distance = field_s32(q->pc, 12);
    for (uint32_t i = 0; i < count; i++) {
        int32_t distance = field_s32(q->pc, first + step * i);
        if (distance == none_distance) {
            labels[i] = none;
        } else if (i > 0 && distance == field_s32(q->pc, first + step * (i - 1))) {
            labels[i] = labels[i - 1];
        } else {
            labels[i] = quick_branch_target_kinds(q, distance, slot, kinds);
        }
    }
    return labels;
}

void quick_switch(Quick *q, Instruction i)
{
    uint32_t slot = slot_of(q, 4), count = field_u32(q->pc, 16), possible = state_kinds(q, slot);
    MachineRegister value = state_use(q, slot), t = state_temporary(q);
    MachineLabel none = quick_branch_target(q, field_s32(q->pc, 12));
    MachineLabel *labels;
    Machine *m = &q->m;
    switch (i) {
    case I_switch_word:
        labels = case_labels(q, 24, 8, count, none, slot, possible);
        search(q, &(Cases){value, none, labels}, 0, count);
        break;
    case I_switch_dense:
        labels = case_labels(q, 24, 4, count, none, slot, IS_SMALL);
        if (possible & ~IS_SMALL) {
            m_branch_bits_imm(m, M_NE, value, 3, none);
        }
        m_sub_imm(m, t, value, field_s32(q->pc, 20));
        m_branch_imm(m, M_UGE, t, 4 * (int64_t) count, none);
        m_shr_imm(m, t, t, 2);
        m_jump_table(m, t, labels, count);
        break;
    default:
        labels = case_labels(q, 24, 8, count, none, slot, IS_TUPLE);
        if (possible & ~IS_BOXED) {
            test_tag(q, value, TAG_BOXED, t, none);
        }
        m_load(m, WIDTH_64, t, m_at(value, -TAG_BOXED));
        for (uint32_t n = 0; n < count; n++) {
            m_branch_imm(m, M_EQ, t, (int64_t) HEADER(KIND_tuple, field_u32(q->pc, 20 + 8 * n)),
                         labels[n]);
        }
        m_jump(m, none);
    }
    q->reachable = false;
}
