/* compiler/jit/ssa_build_test.c
 * Tests, comparisons and switches. */
#include "compiler/jit/ssa_build.h"
#include "runtime/term/atom.h"
#include "runtime/term/bits.h"
#include "runtime/term/external.h"
#include "runtime/term/ref.h"

/* Out-of-line forms of the floor's tests. */
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
static bool is_binary(Term t)
{
    return term_is_binary(t);
}

static SsaNode *test_of(Builder *b, SsaOp op, SsaNode *value, uint64_t constant)
{
    SsaNode *node = build_node(b, op, value, NULL);
    node->constant = constant;
    return node;
}

static uint32_t kinds_tested(Instruction i)
{
    switch (i) {
    case I_test_integer:
        return IS_INTEGER;
    case I_test_float:
        return IS_ANY_FLOAT;
    case I_test_number:
        return IS_NUMBER;
    case I_test_atom:
        return IS_ATOM;
    case I_test_list:
        return IS_LIST;
    case I_test_cons:
        return IS_CONS;
    case I_test_nil:
        return IS_NIL;
    case I_test_tuple:
        return IS_TUPLE;
    case I_test_map:
        return IS_MAP;
    case I_test_bitstring:
        return IS_BITS;
    case I_test_function:
        return IS_FUN;
    default:
        return 0;
    }
}

static bool (*c_test(Instruction i))(Term)
{
    switch (i) {
    case I_test_pid:
        return is_pid;
    case I_test_port:
        return is_port;
    case I_test_reference:
        return is_reference;
    case I_test_binary:
        return is_binary;
    default:
        return NULL;
    }
}

static SsaNode *order(Builder *b, uint32_t condition, SsaNode *left, SsaNode *right)
{
    SsaNode *node = build_node(b, SSA_IS_ORDER, left, right);
    node->condition = (uint8_t) condition;
    node->frame = build_frame(b);
    build_seen(b, node);
    return node;
}

static SsaNode *invert(Builder *b, SsaNode *test)
{
    return build_node(b, SSA_NOT, test, NULL);
}

static SsaNode *equality(Builder *b, CompareKind which, SsaNode *left, SsaNode *right)
{
    SsaOp op = which == COMPARE_EQ || which == COMPARE_NE ? SSA_IS_LIKE : SSA_IS_EQUAL;
    SsaNode *test = build_node(b, op, left, right);
    return which == COMPARE_NE || which == COMPARE_NE_EXACT ? invert(b, test) : test;
}

static SsaNode *comparison(Builder *b, CompareKind which, SsaNode *left, SsaNode *right)
{
    switch (which) {
    case COMPARE_LT:
        return order(b, M_LT, left, right);
    case COMPARE_LE:
        return order(b, M_LE, left, right);
    case COMPARE_GT:
        return order(b, M_GT, left, right);
    case COMPARE_GE:
        return order(b, M_GE, left, right);
    default:
        return equality(b, which, left, right);
    }
}

static void test_pair(Builder *b, CompareKind which)
{
    build_branch(
        b, comparison(b, which, build_use(b, build_slot(b, 4)), build_use(b, build_slot(b, 6))),
        field_s32(b->pc, 8));
}

static void test_constant(Builder *b, uint32_t condition)
{
    build_branch(
        b,
        order(b, condition, build_use(b, build_slot(b, 4)), build_constant(b, field_imm(b->pc, 8))),
        field_s32(b->pc, 12));
}

static void test_record(Builder *b)
{
    SsaNode *value = build_use(b, build_slot(b, 4)), *tag;
    build_branch(b, test_of(b, SSA_IS_ARITY, value, field_u32(b->pc, 8)), field_s32(b->pc, 12));
    value = build_use(b, build_slot(b, 4));
    tag = build_node(b, SSA_ELEMENT, value, NULL);
    build_branch(b, test_of(b, SSA_IS_WORD, tag, field_imm(b->pc, 16)), field_s32(b->pc, 12));
}

static void branch_boolean(Builder *b)
{
    SsaNode *value = build_use(b, build_slot(b, 4));
    SsaBlock *otherwise;
    /* Not true: false or something else. */
    SsaNode *test = test_of(b, SSA_IS_WORD, value, ATOM_true);
    SsaBlock *yes = ssa_block(b->f), *no = ssa_block(b->f), *from = b->block;
    SsaNode **state = b->state;
    build_node(b, SSA_BRANCH, test, NULL);
    ssa_set_successors(b->f, from, 2);
    ssa_edge(b->f, from, yes);
    ssa_edge(b->f, from, no);
    otherwise = no;
    b->block = otherwise;
    b->state = build_copy_state(b, state);
    build_branch(b, test_of(b, SSA_IS_WORD, value, ATOM_false), field_s32(b->pc, 12));
    build_jump(b, field_s32(b->pc, 8));
    b->block = yes;
    b->state = state;
    build_learn(b, test, true);
}

/* The value of a key, which the map has, or on at the label. */
static SsaNode *map_value(Builder *b, SsaNode *map, SsaNode *key, int32_t fails)
{
    SsaNode *value = build_node(b, SSA_MAP_GET, map, key);
    build_branch(b, invert(b, test_of(b, SSA_IS_WORD, value, TERM_NONE)), fails);
    return value;
}

void build_test(Builder *b, Instruction i)
{
    uint32_t kinds = kinds_tested(i);
    SsaNode *value;
    if (kinds != 0) {
        value = build_use(b, build_slot(b, 4));
        build_branch(b, test_of(b, SSA_IS_KIND, value, kinds), field_s32(b->pc, 8));
        return;
    }
    if (c_test(i) != NULL) {
        value = build_use(b, build_slot(b, 4));
        build_branch(b, test_of(b, SSA_IS_BY_C, value, (uint64_t) (uintptr_t) c_test(i)),
                     field_s32(b->pc, 8));
        return;
    }
    switch (i) {
    case I_unless_true:
        value = build_use(b, build_slot(b, 4));
        build_branch(b, test_of(b, SSA_IS_WORD, value, ATOM_true), field_s32(b->pc, 8));
        break;
    case I_if_true:
        value = build_use(b, build_slot(b, 4));
        build_branch(b, invert(b, test_of(b, SSA_IS_WORD, value, ATOM_true)), field_s32(b->pc, 8));
        break;
    case I_branch_boolean:
        branch_boolean(b);
        break;
    case I_test_boolean:
        value = build_use(b, build_slot(b, 4));
        build_branch(b, test_of(b, SSA_IS_BOOLEAN, value, 0), field_s32(b->pc, 8));
        break;
    case I_test_arity:
        value = build_use(b, build_slot(b, 4));
        build_branch(b, test_of(b, SSA_IS_ARITY, value, field_u32(b->pc, 8)), field_s32(b->pc, 12));
        break;
    case I_test_record:
        test_record(b);
        break;
    case I_test_word:
    case I_test_not_word:
        value = test_of(b, SSA_IS_WORD, build_use(b, build_slot(b, 4)), field_imm(b->pc, 8));
        build_branch(b, i == I_test_word ? value : invert(b, value), field_s32(b->pc, 12));
        break;
    case I_test_literal:
        build_branch(b,
                     build_node(b, SSA_IS_EQUAL, build_use(b, build_slot(b, 4)),
                                build_constant(b, field_u64(b->pc, 12))),
                     field_s32(b->pc, 8));
        break;
    case I_test_eq_exact:
        test_pair(b, COMPARE_EQ_EXACT);
        break;
    case I_test_ne_exact:
        test_pair(b, COMPARE_NE_EXACT);
        break;
    case I_test_eq:
        test_pair(b, COMPARE_EQ);
        break;
    case I_test_ne:
        test_pair(b, COMPARE_NE);
        break;
    case I_test_lt:
        test_pair(b, COMPARE_LT);
        break;
    case I_test_ge:
        test_pair(b, COMPARE_GE);
        break;
    case I_test_lt_imm:
        test_constant(b, M_LT);
        break;
    case I_test_ge_imm:
        test_constant(b, M_GE);
        break;
    case I_test_gt_imm:
        test_constant(b, M_GT);
        break;
    case I_test_le_imm:
        test_constant(b, M_LE);
        break;
    case I_get_map:
        value = map_value(b, build_use(b, build_slot(b, 6)), build_use(b, build_slot(b, 8)),
                          field_s32(b->pc, 12));
        build_define(b, build_slot(b, 4), value);
        break;
    case I_get_map_const:
        value = map_value(b, build_use(b, build_slot(b, 6)),
                          build_constant(b, field_u64(b->pc, 12)), field_s32(b->pc, 8));
        build_define(b, build_slot(b, 4), value);
        break;
    case I_test_map_key:
        map_value(b, build_use(b, build_slot(b, 4)), build_use(b, build_slot(b, 6)),
                  field_s32(b->pc, 8));
        break;
    case I_compare:
        value = comparison(b, (CompareKind) field_u16(b->pc, 10), build_use(b, build_slot(b, 6)),
                           build_use(b, build_slot(b, 8)));
        build_define(b, build_slot(b, 4), build_node(b, SSA_BOOLEAN, value, NULL));
        break;
    default:
        build_refuse(b);
    }
}

/* ---- switches ---- */

void build_switch(Builder *b, Instruction i)
{
    SsaNode *value = build_use(b, build_slot(b, 4)), *node;
    uint32_t count = field_u32(b->pc, 16);
    uint32_t step = i == I_switch_dense ? 4 : 8;
    SsaSwitch *cases = ARENA_NEW(&b->f->arena, SsaSwitch);
    SsaBlock *from = b->block;
    SsaNode **state = b->state;
    cases->by_arity = i == I_switch_arity;
    cases->case_count = count;
    cases->cases = ARENA_ZEROED(&b->f->arena, SsaCase, count + 1);
    node = build_node(b, SSA_SWITCH, value, NULL);
    node->constant = (uint64_t) (uintptr_t) cases;
    ssa_set_successors(b->f, from, count + 1);
    for (uint32_t k = 0; k <= count; k++) {
        SsaBlock *edge = ssa_block(b->f);
        int32_t distance = k == 0 ? field_s32(b->pc, 12) : field_s32(b->pc, 24 + step * (k - 1));
        ssa_edge(b->f, from, edge);
        b->block = edge;
        b->state = build_copy_state(b, state);
        if (k > 0) {
            Term word = i == I_switch_arity   ? field_u32(b->pc, 20 + 8 * (k - 1))
                        : i == I_switch_dense ? field_imm(b->pc, 20) + 4 * (Term) (k - 1)
                                              : field_imm(b->pc, 20 + 8 * (k - 1));
            cases->cases[k - 1] = (SsaCase){word, k};
            if (i == I_switch_arity) {
                Type type = type_of_kinds(IS_TUPLE);
                type.arity_1 = word < UINT16_MAX ? (uint16_t) (word + 1) : 0;
                build_refine(b, value, type);
            } else {
                build_substitute(b, value, build_constant(b, word));
            }
        }
        build_jump(b, distance);
    }
    b->block = NULL;
}
