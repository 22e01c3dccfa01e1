/* compiler/jit/ssa_emit_data.c
 * Tests, taking terms apart, building them. */
#include "compiler/jit/ssa_emit.h"

#include "runtime/term/atom.h"
#include "runtime/term/compare.h"
#include "runtime/term/map.h"

#define KIND_BITS(kind) ((int64_t) (HEADER(KIND_##kind, 0) & 0xFFFF))

/* ---- kinds ---- */

/* On at `yes` if the boxed object is of one of the kinds. */
static void boxed_kinds(Emitter *e, MachineRegister value, uint32_t kinds, MachineLabel yes)
{
    static const struct {
        uint32_t kind;
        int64_t first, last;
    } ranges[] = {
        {IS_TUPLE, HEADER(KIND_tuple, 0), HEADER(KIND_tuple, 0)},
        {IS_BIG, HEADER(KIND_big_pos, 0), HEADER(KIND_big_neg, 0)},
        {IS_BOXED_FLOAT, HEADER(KIND_float, 0), HEADER(KIND_float, 0)},
        {IS_FUN, HEADER(KIND_fun, 0), HEADER(KIND_export, 0)},
        {IS_BITS, HEADER(KIND_heap_binary, 0), HEADER(KIND_sub_binary, 0)},
        {IS_MAP, HEADER(KIND_map, 0), HEADER(KIND_tree, 0)},
    };
    Machine *m = &e->m;
    for (size_t i = 0; i < COUNT_OF(ranges); i++) {
        if (!(kinds & ranges[i].kind)) {
            continue;
        }
        if (ranges[i].first == ranges[i].last) {
            m_branch_memory_imm(m, M_EQ, WIDTH_U16, m_at(value, -TAG_BOXED), ranges[i].first, yes);
        } else {
            m_load(m, WIDTH_U16, T1, m_at(value, -TAG_BOXED));
            m_sub_imm(m, T1, T1, ranges[i].first);
            m_branch_imm(m, M_ULE, T1, ranges[i].last - ranges[i].first, yes);
        }
    }
}

static_assert(KIND_export == KIND_fun + 1, "a range of kinds");
static_assert(KIND_tree == KIND_map + 1, "a range of kinds");
static_assert(KIND_refc_binary == KIND_heap_binary + 1 && KIND_sub_binary == KIND_heap_binary + 2,
              "a range of kinds");

/* On at `label` if the tag is (or is not) this one. */
static void tag_test(Emitter *e, MachineRegister value, int64_t tag, bool when, MachineLabel label)
{
    m_add_imm(&e->m, T1, value, -tag);
    m_branch_bits_imm(&e->m, when ? M_EQ : M_NE, T1, TAG_MASK, label);
}

/* Tests that are one comparison; false: it is not one of them. */
static bool single_test(Emitter *e, MachineRegister value, Type type, uint32_t kinds, bool when,
                        MachineLabel label)
{
    Machine *m = &e->m;
    MachineCondition yes = when ? M_EQ : M_NE;
    switch (kinds) {
    case IS_SMALL:
        m_branch_bits_imm(m, yes, value, 3, label);
        return true;
    case IS_NIL:
        m_branch_imm(m, yes, value, (int64_t) TERM_NIL, label);
        return true;
    case IS_CONS:
        if (type_is(type, IS_LIST)) {
            m_branch_imm(m, when ? M_NE : M_EQ, value, (int64_t) TERM_NIL, label);
        } else {
            tag_test(e, value, TAG_CONS, when, label);
        }
        return true;
    case IS_ATOM:
        m_and_imm(m, T1, value, 63);
        m_branch_imm(m, yes, T1, (IMM_ATOM << 3) | TAG_IMMEDIATE, label);
        return true;
    case IS_FLOAT:
        m_const(m, T1, FLOAT_TAGS);
        m_shr(m, T1, T1, value);
        m_branch_bits_imm(m, when ? M_NE : M_EQ, T1, 1, label);
        return true;
    default:
        return false;
    }
}

void emit_kind_test(Emitter *e, MachineRegister value, Type type, uint32_t kinds, bool when,
                    MachineLabel label)
{
    static const uint16_t singles[] = {IS_SMALL, IS_NIL, IS_CONS, IS_ATOM, IS_FLOAT};
    Machine *m = &e->m;
    MachineLabel end, yes, no;
    uint32_t possible = type.kinds != 0 ? type.kinds : IS_ANY, boxed;
    kinds &= possible;
    if (kinds == 0 || kinds == possible) {
        if ((kinds != 0) == when) {
            m_jump(m, label);
        }
        return;
    }
    if (single_test(e, value, type, kinds, when, label) ||
        single_test(e, value, type, possible & ~kinds, !when, label)) {
        return;
    }
    end = m_label(m);
    yes = when ? label : end;
    no = when ? end : label;
    for (size_t i = 0; i < COUNT_OF(singles); i++) {
        if (kinds & singles[i]) {
            single_test(e, value, type, singles[i], true, yes);
        }
    }
    boxed = kinds & IS_BOXED;
    if (boxed != 0) {
        if (possible & ~IS_BOXED) {
            tag_test(e, value, TAG_BOXED, false, kinds & IS_OTHER ? yes : no);
        }
        if (kinds & IS_OTHER) { /* all boxed ones that are not excluded */
            boxed_kinds(e, value, possible & IS_BOXED & ~kinds, no);
            m_jump(m, yes);
        } else {
            boxed_kinds(e, value, boxed, yes);
            m_jump(m, no);
        }
    } else if (kinds & IS_OTHER) {
        /* Neither of the singles, and no known box. */
        for (size_t i = 0; i < COUNT_OF(singles); i++) {
            if (possible & ~kinds & singles[i]) {
                single_test(e, value, type, singles[i], true, no);
            }
        }
        if (possible & IS_BOXED) {
            tag_test(e, value, TAG_BOXED, false, yes);
            boxed_kinds(e, value, possible & IS_BOXED, no);
        }
        m_jump(m, yes);
    } else {
        m_jump(m, no);
    }
    m_bind(m, end);
}

/* On at `label` if the outcome is `when`. No other boxed term has a FunEntry there, but what is in
 * a big integer may look like one. */
static void fun_test(Emitter *e, SsaNode *test, bool when, MachineLabel label)
{
    Machine *m = &e->m;
    SsaNode *input = ssa_input(test, 0);
    MachineRegister value = emit_in(e, input, T0);
    MachineLabel end = m_label(m);
    if (!type_is(test->filter, IS_FUN)) {
        emit_kind_test(e, value, input->type, IS_FUN, false, when ? end : label);
    }
    m_branch_memory_imm(m, when ? M_EQ : M_NE, WIDTH_64, m_at(value, 8 - TAG_BOXED),
                        (int64_t) test->constant, label);
    m_bind(m, end);
}

void emit_type_guard(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    SsaNode *input = ssa_input(node, 0);
    MachineRegister value = emit_in(e, input, T0);
    MachineLabel exit = emit_guess(e, node, input), end = m_label(m);
    Type wanted = node->filter, type = input->type;
    emit_kind_test(e, value, type, wanted.kinds, false, exit);
    if ((wanted.kinds & IS_SMALL) &&
        (wanted.low > type.low || wanted.high < type.high || !(type.kinds & IS_SMALL))) {
        if (wanted.kinds != IS_SMALL) {
            m_branch_bits_imm(m, M_NE, value, 3, end);
        }
        if (wanted.low != SMALL_MIN) {
            m_branch_imm(m, M_LT, value, (int64_t) term_small(wanted.low), exit);
        }
        if (wanted.high != SMALL_MAX) {
            m_branch_imm(m, M_GT, value, (int64_t) term_small(wanted.high), exit);
        }
        m_bind(m, end);
    }
    if (wanted.arity_1 != 0 && (wanted.kinds & IS_TUPLE) && type.arity_1 != wanted.arity_1) {
        MachineLabel other = m_label(m);
        if (wanted.kinds != IS_TUPLE) {
            emit_kind_test(e, value, type_meet(type, type_of_kinds(wanted.kinds)), IS_TUPLE, false,
                           other);
        }
        m_branch_memory_imm(m, M_NE, WIDTH_64, m_at(value, -TAG_BOXED),
                            (int64_t) HEADER(KIND_tuple, wanted.arity_1 - 1u), exit);
        m_bind(m, other);
    }
}

/* ---- tests by C ---- */

static bool compare_terms(Term a, Term b, uint64_t condition)
{
    int order = term_compare(a, b);
    switch (condition) {
    case M_LT:
        return order < 0;
    case M_GE:
        return order >= 0;
    case M_GT:
        return order > 0;
    case M_LE:
        return order <= 0;
    default:
        return order == 0;
    }
}

static bool equal_exactly(Term a, Term b)
{
    return term_equal_exact(a, b);
}

/* One or two operands; R3 the condition. */
static void slow_test(Emitter *e, const Slow *slow)
{
    Machine *m = &e->m;
    SsaNode *test = (SsaNode *) (uintptr_t) slow->number;
    MachineLabel taken = m_label(m);
    emit_save(e, slow);
    if (test->count == 1) {
        m_move(m, R1, emit_in(e, ssa_input(test, 0), T0));
    } else {
        emit_two_arguments(e, emit_in(e, ssa_input(test, 0), T0),
                           emit_in(e, ssa_input(test, 1), T1));
        m_const(m, R3, test->condition);
    }
    emit_c_call(e, slow->function, false);
    m_move(m, T1, R0);
    emit_restore(e, slow);
    m_branch_bits_imm(m, slow->when ? M_NE : M_EQ, T1, 0xFF, taken);
    m_jump(m, slow->resume);
    m_bind(m, taken);
    m_jump(m, slow->other);
}

static Slow *test_by_c(Emitter *e, SsaNode *test, const void *function, bool when,
                       MachineLabel label)
{
    Slow *slow = emit_slow(e, slow_test);
    slow->number = (uint64_t) (uintptr_t) test;
    slow->function = function;
    slow->when = when;
    slow->other = label;
    slow->d = NO_REGISTER;
    return slow;
}

/* Equality of any terms: the same word is equal; words of which one is no pointer are not. */
static void equality(Emitter *e, SsaNode *test, bool when, MachineLabel label)
{
    Machine *m = &e->m;
    bool exact = test->op == SSA_IS_EQUAL;
    MachineRegister a = emit_in(e, ssa_input(test, 0), T0);
    MachineRegister b = emit_in(e, ssa_input(test, 1), T1);
    Slow *slow = test_by_c(
        e, test, exact ? (const void *) equal_exactly : (const void *) term_equal, when, label);
    if (when) {
        m_branch(m, M_EQ, a, b, label);
    } else {
        m_branch(m, M_EQ, a, b, slow->resume);
    }
    if (exact) { /* a pointer has tag 1 or 3 */
        m_and_imm(m, T0, a, 5);
        m_branch_imm(m, M_EQ, T0, 1, slow->label);
    } else { /* small integers are like other small integers only if the same */
        m_or(m, T0, a, b);
        m_branch_bits_imm(m, M_NE, T0, 3, slow->label);
    }
    if (!when) {
        m_jump(m, label);
    }
    m_bind(m, slow->resume);
}

static void order(Emitter *e, SsaNode *test, bool when, MachineLabel label)
{
    Machine *m = &e->m;
    SsaNode *left = ssa_input(test, 0), *right = ssa_input(test, 1);
    MachineRegister a = emit_in(e, left, T0), b = emit_in(e, right, T1);
    MachineCondition condition = (MachineCondition) (when ? test->condition : test->condition ^ 1u);
    Slow *slow = test_by_c(e, test, (const void *) compare_terms, when, label);
    if (right->op == SSA_CONST && term_is_small(right->constant)) {
        m_branch_bits_imm(m, M_NE, a, 3, slow->label);
        m_branch_imm(m, condition, a, (int64_t) right->constant, label);
    } else if (a != T0 && b != T1) {
        m_or(m, T0, a, b);
        m_branch_bits_imm(m, M_NE, T0, 3, slow->label);
        m_branch(m, condition, a, b, label);
    } else {
        m_branch_bits_imm(m, M_NE, a, 3, slow->label);
        m_branch_bits_imm(m, M_NE, b, 3, slow->label);
        m_branch(m, condition, a, b, label);
    }
    m_bind(m, slow->resume);
}

void emit_test(Emitter *e, SsaNode *test, bool when, MachineLabel label)
{
    Machine *m = &e->m;
    SsaNode *input;
    MachineRegister a, b;
    MachineLabel end;
    test = ssa_now(test);
    input = ssa_input(test, 0);
    switch ((SsaOp) test->op) {
    case SSA_NOT:
        emit_test(e, input, !when, label);
        break;
    case SSA_IS_KIND:
        emit_kind_test(e, emit_in(e, input, T0), input->type, (uint32_t) test->constant, when,
                       label);
        break;
    case SSA_IS_WORD:
        m_branch_imm(m, when ? M_EQ : M_NE, emit_in(e, input, T0), (int64_t) test->constant, label);
        break;
    case SSA_IS_SAME:
        a = emit_in(e, input, T0);
        if (ssa_input(test, 1)->op == SSA_CONST) {
            m_branch_imm(m, when ? M_EQ : M_NE, a, (int64_t) ssa_input(test, 1)->constant, label);
        } else {
            m_branch(m, when ? M_EQ : M_NE, a, emit_in(e, ssa_input(test, 1), T1), label);
        }
        break;
    case SSA_IS_BOOLEAN: /* true and false differ in one bit */
        m_and_imm(m, T1, emit_in(e, input, T0), ~(int64_t) (ATOM_true ^ ATOM_false));
        m_branch_imm(m, when ? M_EQ : M_NE, T1, (int64_t) (ATOM_true & ATOM_false), label);
        break;
    case SSA_IS_ARITY:
        a = emit_in(e, input, T0);
        end = m_label(m);
        if (input->type.kinds != IS_TUPLE) {
            tag_test(e, a, TAG_BOXED, false, when ? end : label);
        }
        m_branch_memory_imm(m, when ? M_EQ : M_NE, WIDTH_64, m_at(a, -TAG_BOXED),
                            (int64_t) HEADER(KIND_tuple, test->constant), label);
        m_bind(m, end);
        break;
    case SSA_IS_INT: {
        uint32_t condition = when ? test->condition : test->condition ^ 1u;
        a = emit_in(e, input, T0);
        if (ssa_input(test, 1)->op == SSA_CONST) {
            m_branch_imm(m, (MachineCondition) condition, a, (int64_t) ssa_input(test, 1)->constant,
                         label);
        } else {
            b = emit_in(e, ssa_input(test, 1), T1);
            m_branch(m, (MachineCondition) condition, a, b, label);
        }
        break;
    }
    case SSA_IS_DOUBLE:
        m_fbranch(m, (MachineCondition) (when ? test->condition : test->condition ^ 1u),
                  emit_in_float(e, input, FT0), emit_in_float(e, ssa_input(test, 1), FT1), label);
        break;
    case SSA_IS_SAME_DOUBLE:
        m_float_to_bits(m, T0, emit_in_float(e, input, FT0));
        m_float_to_bits(m, T1, emit_in_float(e, ssa_input(test, 1), FT1));
        m_branch(m, when ? M_EQ : M_NE, T0, T1, label);
        break;
    case SSA_IS_EQUAL:
    case SSA_IS_LIKE:
        equality(e, test, when, label);
        break;
    case SSA_IS_ORDER:
        order(e, test, when, label);
        break;
    case SSA_IS_FUN_OF:
        fun_test(e, test, when, label);
        break;
    case SSA_IS_BY_C: {
        Slow *slow = test_by_c(e, test, (const void *) (uintptr_t) test->constant, when, label);
        m_jump(m, slow->label);
        m_bind(m, slow->resume);
        break;
    }
    case SSA_IS_ALIGNED:
    case SSA_IS_LITERAL_AT:
        emit_bits_test(e, test, when, label);
        break;
    default:
        CHECK(!"a test");
    }
}

/* ---- values of tests ---- */

static void boolean(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    MachineLabel no = m_label(m), end = m_label(m);
    MachineRegister d = emit_out(e, node);
    emit_test(e, ssa_input(node, 0), false, no);
    m_const(m, d, (int64_t) ATOM_true);
    m_jump(m, end);
    m_bind(m, no);
    m_const(m, d, (int64_t) ATOM_false);
    m_bind(m, end);
    emit_done(e, node);
}

/* ---- memory ---- */

static void load_part(Emitter *e, SsaNode *node, int32_t offset)
{
    MachineRegister a = emit_in(e, ssa_input(node, 0), T0);
    m_load(&e->m, WIDTH_64, emit_out(e, node), m_at(a, offset));
    emit_done(e, node);
}

static void store_part(Emitter *e, SsaNode *value, int32_t offset)
{
    MachineMemory to = m_at(R_HEAP, offset);
    value = ssa_now(value);
    if (value->op == SSA_CONST) {
        m_store_imm(&e->m, WIDTH_64, (int64_t) value->constant, to);
    } else {
        m_store(&e->m, WIDTH_64, emit_in(e, value, T0), to);
    }
}

static void built(Emitter *e, SsaNode *node, uint32_t words, int32_t tag)
{
    m_lea(&e->m, emit_out(e, node), m_at(R_HEAP, tag));
    m_add_imm(&e->m, R_HEAP, R_HEAP, 8 * (int64_t) words);
    emit_done(e, node);
}

/* An index is 4 times the number, an element has 8 bytes. */
static void element_at(Emitter *e, SsaNode *node)
{
    MachineRegister tuple = emit_in(e, ssa_input(node, 0), T0);
    MachineRegister index = emit_in(e, ssa_input(node, 1), T1);
    m_load(&e->m, WIDTH_64, emit_out(e, node), m_at_index(tuple, index, 1, -TAG_BOXED));
    emit_done(e, node);
}

static void tuple_size(Emitter *e, SsaNode *node)
{
    MachineRegister tuple = emit_in(e, ssa_input(node, 0), T0), d = emit_out(e, node);
    m_load(&e->m, WIDTH_64, d, m_at(tuple, -TAG_BOXED));
    m_shr_imm(&e->m, d, d, 16);
    m_shl_imm(&e->m, d, d, 2);
    emit_done(e, node);
}

static void heap(Emitter *e, SsaNode *node)
{
    m_lea(&e->m, T1, m_at(R_HEAP, 8 * (int32_t) node->constant));
    m_branch_mem(&e->m, M_UGT, T1, m_at(R_PROCESS, offsetof(Process, heap.space.limit)),
                 emit_room_exit(e, node, (uint32_t) node->constant));
}

bool emit_data(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    switch ((SsaOp) node->op) {
    case SSA_SLOT:
        if (node->number != 0 && node->reg != NO_REGISTER) {
            m_load(m, WIDTH_64, (MachineRegister) node->reg, slot_memory((int32_t) node->constant));
        }
        return true;
    case SSA_BOOLEAN:
        boolean(e, node);
        return true;
    case SSA_GUARD:
        emit_test(e, ssa_input(node, 0), false, emit_exit(e, node, e->runtime->exit_interpret));
        return true;
    case SSA_GUARD_FUN:
        fun_test(e, node, false, emit_guess(e, node, ssa_input(node, 0)));
        return true;
    case SSA_CAPTURED:
        load_part(e, node, 16 + 8 * (int32_t) node->constant - TAG_BOXED);
        return true;
    case SSA_GUARD_TYPE:
        emit_type_guard(e, node);
        return true;
    case SSA_HEAD:
        load_part(e, node, -TAG_CONS);
        return true;
    case SSA_TAIL:
        load_part(e, node, 8 - TAG_CONS);
        return true;
    case SSA_ELEMENT:
        load_part(e, node, 8 + 8 * (int32_t) node->constant - TAG_BOXED);
        return true;
    case SSA_ELEMENT_AT:
        element_at(e, node);
        return true;
    case SSA_TUPLE_SIZE:
        tuple_size(e, node);
        return true;
    case SSA_SELF:
        m_load(m, WIDTH_64, emit_out(e, node), m_at(R_PROCESS, offsetof(Process, pid)));
        emit_done(e, node);
        return true;
    case SSA_HEAP:
        heap(e, node);
        return true;
    case SSA_CONS:
        store_part(e, node->inputs[0], 0);
        store_part(e, node->inputs[1], 8);
        built(e, node, 2, TAG_CONS);
        return true;
    case SSA_TUPLE:
        if (node->condition == TUPLE_ANYWHERE) {
            emit_tuple_anywhere(e, node);
            return true;
        }
        m_store_imm(m, WIDTH_64, (int64_t) HEADER(KIND_tuple, node->count), m_at(R_HEAP, 0));
        for (uint32_t i = 0; i < node->count; i++) {
            store_part(e, node->inputs[i], 8 + 8 * (int32_t) i);
        }
        built(e, node, node->count + 1, TAG_BOXED);
        return true;
    case SSA_MAP:
        m_store_imm(m, WIDTH_64, (int64_t) HEADER(KIND_map, node->count + 1), m_at(R_HEAP, 0));
        m_store_imm(m, WIDTH_64, (int64_t) node->constant, m_at(R_HEAP, 8));
        for (uint32_t i = 0; i < node->count; i++) {
            store_part(e, node->inputs[i], 16 + 8 * (int32_t) i);
        }
        built(e, node, node->count + 2, TAG_BOXED);
        return true;
    case SSA_FUN:
        m_store_imm(m, WIDTH_64, (int64_t) HEADER(KIND_fun, node->count + 1), m_at(R_HEAP, 0));
        m_store_imm(m, WIDTH_64, (int64_t) node->constant, m_at(R_HEAP, 8));
        for (uint32_t i = 0; i < node->count; i++) {
            store_part(e, node->inputs[i], 16 + 8 * (int32_t) i);
        }
        built(e, node, node->count + 2, TAG_BOXED);
        return true;
    default:
        return false;
    }
}
