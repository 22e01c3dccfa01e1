/* compiler/jit/ssa_build_bits.c
 * The bit syntax. A binary being matched is three slots: its parent, position and end. Position and
 * end become small integers like others, and their tests comparisons, so what is known of numbers
 * serves them, too, and a loop has them in registers; no object stands for the match. */
#include "compiler/bytecode/module.h"
#include "compiler/jit/ssa_build.h"
#include "compiler/jit/ssa_bits.h"
#include "runtime/term/bits.h"

/* No bitstring is longer: what is left can be less, sizes that are more do not fit. */
#define BITS_MOST ((int64_t) 1 << 48)

typedef struct Match {
    uint32_t slot;
    SsaNode *parent, *position, *end;
} Match;

static Match match_in(Builder *b, uint32_t slot)
{
    return (Match){slot, build_use(b, slot), build_use(b, slot + 1), build_use(b, slot + 2)};
}

static SsaNode *number(Builder *b, int64_t value)
{
    return build_constant(b, term_small(value));
}

/* Of numbers that are known to be small, as is the result. */
static SsaNode *plain(Builder *b, SsaOp op, SsaNode *left, SsaNode *right)
{
    SsaNode *node = build_node(b, op, left, right);
    node->no_overflow = true;
    return node;
}

static void require_int(Builder *b, MachineCondition condition, SsaNode *left, SsaNode *right,
                        int32_t fails)
{
    SsaNode *test = build_node(b, SSA_IS_INT, left, right);
    test->condition = (uint8_t) condition;
    build_branch(b, test, fails);
}

static void start(Builder *b)
{
    uint32_t from = build_slot(b, 6), to = build_slot(b, 4);
    SsaNode *test = build_node(b, SSA_IS_KIND, build_use(b, from), NULL), *value;
    SsaNode *parent, *position, *end;
    test->constant = IS_BITS;
    build_branch(b, test, field_s32(b->pc, 8));
    value = build_use(b, from);
    parent = build_node(b, SSA_BITS_PARENT, value, NULL);
    position = build_node(b, SSA_BITS_START, value, NULL);
    end = build_node(b, SSA_BITS_END, value, NULL);
    build_define(b, to, parent);
    build_define(b, to + 1, position);
    build_define(b, to + 2, end);
}

/* The instruction has taken `value`, up to there. That may go where the position was. */
static void taken(Builder *b, uint32_t slot, SsaNode *position, SsaNode *value)
{
    build_define(b, slot + 1, position);
    build_define(b, build_slot(b, 4), value);
}

/* The position behind `bits` more, which must be there. */
static SsaNode *behind(Builder *b, const Match *m, SsaNode *bits, int32_t fails)
{
    SsaNode *next = plain(b, SSA_ADD, m->position, bits);
    require_int(b, M_LE, next, m->end, fails);
    return next;
}

static SsaNode *bytes(Builder *b, const Match *m)
{
    return build_node(b, SSA_BITS_BYTES, m->parent, NULL);
}

/* The bits from the position up to `end`, as a term. */
static SsaNode *part(Builder *b, const Match *m, SsaNode *end)
{
    SsaNode *node = ssa_node(b->f, SSA_BITS_VIEW, 3);
    build_heap(b, BITS_VIEW_WORDS);
    node->inputs[0] = m->parent;
    node->inputs[1] = m->position;
    node->inputs[2] = end;
    node->condition = true; /* there is room */
    ssa_append(b->block, node);
    return node;
}

/* ---- sizes ---- */

/* Bits of a field of size `size`, or on at the label. */
static SsaNode *bits_of_size(Builder *b, uint32_t slot, uint32_t unit, int32_t fails)
{
    SsaNode *size = build_use(b, slot), *test;
    if (size->op == SSA_CONST && term_is_small(size->constant) &&
        small_value(size->constant) >= 0 && small_value(size->constant) <= BITS_MOST) {
        return number(b, small_value(size->constant) * (int64_t) unit);
    }
    test = build_node(b, SSA_IS_KIND, size, NULL);
    test->constant = IS_SMALL;
    build_branch(b, test, fails);
    require_int(b, M_GE, build_use(b, slot), number(b, 0), fails);
    require_int(b, M_LE, build_use(b, slot), number(b, BITS_MOST), fails);
    size = build_use(b, slot);
    return unit == 1 ? size : plain(b, SSA_MUL, size, number(b, unit));
}

/* ---- fields ---- */

/* A field that C gets; the size has been tested. */
static SsaNode *get_by_c(Builder *b, const Match *m, SsaNode *bits, BitsField field, uint32_t kinds,
                         int32_t fails)
{
    SsaNode *node = ssa_node(b->f, SSA_BITS_GET, 3);
    node->frame = build_frame(b);
    node->inputs[0] = m->parent;
    node->inputs[1] = m->position;
    node->inputs[2] = bits;
    node->constant = bits_field_word(field);
    node->filter = type_of_kinds(kinds | IS_OTHER);
    ssa_append(b->block, node);
    return build_unless_none(b, node, kinds, fails);
}

/* Leaves if it is not where it is taken to be (ssa_bits.c). */
static SsaNode *small_field(Builder *b, const Match *m, BitsField field)
{
    SsaNode *node = build_node(b, SSA_BITS_INT, bytes(b, m), m->position);
    node->constant = bits_field_word(field);
    node->frame = build_frame(b);
    node->origin = b->pc;
    node->reason = GUESS_ALIGNED;
    return node;
}

static void get_integer_of(Builder *b, SsaNode *bits, uint32_t flags, int32_t fails)
{
    uint32_t slot = build_slot(b, 6);
    Match m = match_in(b, slot);
    SsaNode *next, *value;
    BitsField field = {.flags = flags};
    build_frame(b); /* of before */
    next = behind(b, &m, bits, fails);
    m = match_in(b, slot);
    if (bits->op == SSA_CONST && small_value(bits->constant) == 0) {
        value = number(b, 0);
    } else if (bits->op == SSA_CONST && small_value(bits->constant) <= BITS_INT_MOST) {
        field.bits = (uint32_t) small_value(bits->constant);
        value = small_field(b, &m, field);
    } else {
        value = get_by_c(b, &m, bits, field, IS_INTEGER, fails);
    }
    taken(b, slot, next, value);
}

static void get_sized(Builder *b, Instruction i)
{
    uint32_t slot = build_slot(b, 6);
    int32_t fails = field_s32(b->pc, 16);
    SsaNode *bits, *next, *value;
    Match m;
    build_frame(b);
    bits = bits_of_size(b, build_slot(b, 8), field_u16(b->pc, 10), fails);
    if (i == I_bs_get_integer) {
        get_integer_of(b, bits, field_u16(b->pc, 12), fails);
        return;
    }
    m = match_in(b, slot);
    next = behind(b, &m, bits, fails);
    m = match_in(b, slot);
    if (i == I_bs_get_bits) {
        value = part(b, &m, next);
    } else {
        value = get_by_c(b, &m, bits, (BitsField){.flags = field_u16(b->pc, 12), .is_float = true},
                         IS_ANY_FLOAT, fails);
    }
    taken(b, slot, next, value);
}

static void skip(Builder *b)
{
    uint32_t slot = build_slot(b, 4);
    int32_t fails = field_s32(b->pc, 12);
    SsaNode *bits = bits_of_size(b, build_slot(b, 6), field_u16(b->pc, 8), fails);
    Match m = match_in(b, slot);
    build_define(b, slot + 1, behind(b, &m, bits, fails));
}

/* What is left is a multiple of `unit` bits, or on at the label. */
static void require_unit(Builder *b, const Match *m, uint32_t unit, int32_t fails)
{
    SsaNode *left;
    if (unit == 1) {
        return;
    }
    left = plain(b, SSA_SUB, m->end, m->position);
    if (unit == 8) {
        left = build_node(b, SSA_IS_ALIGNED, left, NULL);
        left->frame = build_frame(b);
        left->origin = b->pc;
        build_branch(b, left, fails);
        return;
    }
    /* Never negative. */
    left = build_node(b, SSA_REFINE, left, NULL);
    left->filter = type_of_kinds(IS_SMALL);
    left->filter.low = 0;
    left = (unit & (unit - 1)) == 0 ? plain(b, SSA_BAND, left, number(b, unit - 1))
                                    : plain(b, SSA_REM, left, number(b, unit));
    require_int(b, M_EQ, left, number(b, 0), fails);
}

static void get_rest(Builder *b)
{
    uint32_t slot = build_slot(b, 6);
    Match m = match_in(b, slot);
    build_frame(b);
    require_unit(b, &m, field_u16(b->pc, 8), field_s32(b->pc, 12));
    m = match_in(b, slot);
    taken(b, slot, m.end, part(b, &m, m.end));
}

static SsaNode *character(Builder *b, const Match *m, BitsField field, int32_t fails)
{
    SsaNode *node = ssa_node(b->f, SSA_BITS_UTF, 3);
    node->inputs[0] = bytes(b, m);
    node->inputs[1] = m->position;
    node->inputs[2] = m->end;
    node->constant = bits_field_word(field);
    ssa_append(b->block, node);
    require_int(b, M_GE, node, number(b, 0), fails);
    node = build_node(b, SSA_REFINE, node, NULL);
    node->filter = type_of_kinds(IS_SMALL);
    node->filter.low = 0;
    return node;
}

/* Ends the way that the builder is on: this was the character, the position is that. */
static void found(Builder *b, SsaNode *value, SsaNode *next, Place *behind)
{
    taken(b, build_slot(b, 6), next, value);
    build_go_to_place(b, behind);
}

/* Of so many bits, as is tested: the next one is not waited for until this one is read. */
static void found_if(Builder *b, MachineCondition condition, SsaNode *left, int64_t right,
                     SsaNode *value, const Match *m, int64_t bits, Place *behind)
{
    SsaNode *test = build_node(b, SSA_IS_INT, left, number(b, right)), **state;
    SsaBlock *other;
    test->condition = (uint8_t) condition;
    other = build_split(b, test, &state);
    found(b, value, plain(b, SSA_ADD, m->position, number(b, bits)), behind);
    b->block = other;
    b->state = state;
}

static void get_utf(Builder *b, Instruction i)
{
    uint32_t slot = build_slot(b, 6);
    bool utf8 = i == I_bs_get_utf8;
    int32_t fails = field_s32(b->pc, utf8 ? 8 : 12);
    Match m = match_in(b, slot);
    SsaNode *value, *used;
    Place behind_it = {0};
    BitsField field = {.bits = utf8                  ? 8
                               : i == I_bs_get_utf16 ? 16
                                                     : 32,
                       .flags = utf8 ? 0 : field_u16(b->pc, 8)};
    build_frame(b);
    if (utf8) {
        behind(b, &m, number(b, 8), fails);
        m = match_in(b, slot);
        value = small_field(b, &m, field);
        found_if(b, M_LT, value, 0x80, value, &m, 8, &behind_it);
    }
    value = character(b, &m, field, fails);
    used = plain(b, SSA_BAND, value, number(b, BITS_UTF_USED));
    value = plain(b, SSA_SHR, value, number(b, BITS_UTF_SHIFT));
    if (utf8) {
        found_if(b, M_EQ, used, 16, value, &m, 16, &behind_it);
        found_if(b, M_EQ, used, 24, value, &m, 24, &behind_it);
    }
    found(b, value, plain(b, SSA_ADD, m.position, used), &behind_it);
    build_meet(b, &behind_it, &b->context->code->at[b->now + 1]);
}

static void match_literal(Builder *b)
{
    uint32_t slot = build_slot(b, 4);
    int32_t fails = field_s32(b->pc, 8);
    Term literal = field_u64(b->pc, 12);
    Match m = match_in(b, slot);
    SsaNode *next = behind(b, &m, number(b, (int64_t) bitstring_bits(literal)), fails), *test;
    m = match_in(b, slot);
    if (bitstring_bits(literal) > 0) {
        test = build_node(b, SSA_IS_LITERAL_AT, bytes(b, &m), m.position);
        test->constant = literal;
        build_branch(b, test, fails);
    }
    build_define(b, slot + 1, next);
}

/* What it is a copy of, also by several ways that say different things of it. */
static SsaNode *origin_of(SsaNode *value)
{
    SsaNode *one;
    value = ssa_bare(value);
    one = value->op == SSA_PHI && value->count > 0 ? ssa_bare(value->inputs[0]) : value;
    for (uint32_t i = 1; value->op == SSA_PHI && i < value->count; i++) {
        if (ssa_bare(value->inputs[i]) != one) {
            return value;
        }
    }
    return one;
}

/* A position that this match has had: found by adding what was there. */
static bool is_of(SsaNode *position, SsaNode *end)
{
    position = origin_of(position);
    end = origin_of(end);
    while (position->op == SSA_ADD) {
        position = origin_of(position->inputs[0]);
    }
    return position->op == SSA_BITS_START && end->op == SSA_BITS_END &&
           ssa_bare(position->inputs[0]) == ssa_bare(end->inputs[0]);
}

/* Back to a position that it had before. One of another binary could be behind the end. */
static void restore(Builder *b)
{
    uint32_t slot = build_slot(b, 4);
    SsaNode *wanted = build_use(b, build_slot(b, 6)), *end = build_use(b, slot + 2);
    build_define(b, slot + 1, is_of(wanted, end) ? wanted : build_node(b, SSA_MIN, wanted, end));
}

bool build_bits(Builder *b, Instruction i)
{
    Match m;
    switch (i) {
    case I_bs_start:
        start(b);
        break;
    case I_bs_get_byte:
        get_integer_of(b, number(b, 8), 0, field_s32(b->pc, 8));
        break;
    case I_bs_get_integer_const:
        get_integer_of(b, number(b, field_u32(b->pc, 8)), field_u16(b->pc, 12),
                       field_s32(b->pc, 16));
        break;
    case I_bs_get_integer:
    case I_bs_get_float:
    case I_bs_get_bits:
        get_sized(b, i);
        break;
    case I_bs_get_rest:
        get_rest(b);
        break;
    case I_bs_skip:
        skip(b);
        break;
    case I_bs_get_utf8:
    case I_bs_get_utf16:
    case I_bs_get_utf32:
        get_utf(b, i);
        break;
    case I_bs_match_literal:
        match_literal(b);
        break;
    case I_bs_test_end:
        m = match_in(b, build_slot(b, 4));
        require_int(b, M_EQ, m.position, m.end, field_s32(b->pc, 8));
        break;
    case I_bs_test_unit:
        m = match_in(b, build_slot(b, 4));
        require_unit(b, &m, field_u16(b->pc, 6), field_s32(b->pc, 8));
        break;
    case I_bs_position:
        build_define(b, build_slot(b, 4), build_use(b, build_slot(b, 6) + 1));
        break;
    case I_bs_restore:
        restore(b);
        break;
    case I_bs_build:
        if (field_u16(b->pc, 6) > BY_C_MOST) {
            build_refuse(b);
            break;
        }
        build_define(b, build_slot(b, 4),
                     build_by_c(b, SSA_BITS_BUILD, field_u64(b->pc, 16), IS_BITS));
        break;
    default:
        return false;
    }
    return true;
}
