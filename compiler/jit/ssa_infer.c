/* compiler/jit/ssa_infer.c
 * What values can be, and with it which arithmetic is meant.
 *
 * Types only grow, from nothing, until all that can be reached agrees; what is not reached has
 * none. Ranges of small integers grow a few times, then to their ends; two rounds downwards take
 * back what that lost.
 *
 * Arithmetic on values of unknown kinds is taken for that on small integers, or on floats where one
 * of them is a float: it will be guarded. So its result is of that kind whatever goes in, and a
 * loop's variable that is made by it is, too, if it starts so: that is *expected*, and checked once
 * before the loop instead of in every round. */
#include "compiler/jit/ssa_bits.h"
#include "compiler/jit/ssa_infer.h"
#include "runtime/term/bits.h"

enum { RANGE_ROUNDS = 3, EXPECTATION_ROUNDS = 3, TUPLE_MOST = 1 << 26 };

/* ---- ranges ---- */

static int64_t clamp(__int128 value)
{
    return value < SMALL_MIN ? SMALL_MIN : value > SMALL_MAX ? SMALL_MAX : (int64_t) value;
}

static Type small_range(__int128 low, __int128 high, bool *fits)
{
    Type t = type_of_kinds(IS_SMALL);
    *fits = low >= SMALL_MIN && high <= SMALL_MAX;
    t.low = clamp(low);
    t.high = clamp(high);
    return t;
}

static Type corners(__int128 a, __int128 b, __int128 c, __int128 d, bool *fits)
{
    __int128 low = a, high = a, all[3] = {b, c, d};
    for (int i = 0; i < 3; i++) {
        low = all[i] < low ? all[i] : low;
        high = all[i] > high ? all[i] : high;
    }
    return small_range(low, high, fits);
}

static int64_t bits_above(int64_t value) /* least 2^n - 1 that is not less */
{
    return value <= 0 ? 0 : (int64_t) (UINT64_MAX >> __builtin_clzll((uint64_t) value));
}

static Type range_of_quotient(Type a, Type b, bool *fits)
{
    int64_t size = a.high > -a.low ? a.high : -a.low;
    if (b.low == b.high && b.low != 0 && b.low != -1) {
        return corners(a.low / b.low, a.high / b.low, a.low / b.low, a.high / b.low, fits);
    }
    *fits = b.low > 0 || (b.high < 0 && a.low > SMALL_MIN);
    if (a.low >= 0 && b.low > 0) {
        return small_range(0, a.high, &(bool){true});
    }
    return small_range(-(__int128) size, size, &(bool){true});
}

static Type range_of_remainder(Type a, Type b, bool *fits)
{
    int64_t size = b.high > -b.low ? b.high : -b.low;
    *fits = b.low > 0 || b.high < 0;
    size = size > 0 ? size - 1 : 0;
    return small_range(a.low >= 0 ? 0 : -size,
                       a.high <= 0     ? 0
                       : a.high < size ? a.high
                                       : size,
                       &(bool){true});
}

static Type range_of_bits(SsaArith which, Type a, Type b)
{
    Type t = type_of_kinds(IS_SMALL);
    if (which == ARITH_BAND && (a.low >= 0 || b.low >= 0)) {
        t.low = 0;
        t.high = a.low < 0 ? b.high : b.low < 0 ? a.high : a.high < b.high ? a.high : b.high;
    } else if (which != ARITH_BAND && a.low >= 0 && b.low >= 0) {
        t.low = 0;
        t.high = bits_above(a.high > b.high ? a.high : b.high);
    }
    return t;
}

static Type range_of_shift(bool left, Type a, Type b, bool *fits)
{
    Type t = type_of_kinds(IS_SMALL);
    *fits = false;
    if (b.low < 0 || b.high > 60) {
        if (!left && b.low >= 0) {
            t.low = a.low < 0 ? a.low : 0;
            t.high = a.high > 0 ? a.high : 0;
        }
        return t;
    }
    if (left) {
        __int128 least = (__int128) 1 << b.low, most = (__int128) 1 << b.high;
        return corners(a.low * least, a.low * most, a.high * least, a.high * most, fits);
    }
    return corners(a.low >> b.low, a.low >> b.high, a.high >> b.low, a.high >> b.high, fits);
}

Type infer_small(SsaArith which, Type a, Type b, bool *fits)
{
    *fits = true;
    if (!(a.kinds & IS_SMALL)) {
        a = type_of_kinds(IS_SMALL);
    }
    if (!(b.kinds & IS_SMALL)) {
        b = type_of_kinds(IS_SMALL);
    }
    switch (which) {
    case ARITH_ADD:
        return small_range((__int128) a.low + b.low, (__int128) a.high + b.high, fits);
    case ARITH_SUBTRACT:
        return small_range((__int128) a.low - b.high, (__int128) a.high - b.low, fits);
    case ARITH_MULTIPLY:
        return corners((__int128) a.low * b.low, (__int128) a.low * b.high,
                       (__int128) a.high * b.low, (__int128) a.high * b.high, fits);
    case ARITH_DIV:
        return range_of_quotient(a, b, fits);
    case ARITH_REM:
        return range_of_remainder(a, b, fits);
    case ARITH_BAND:
    case ARITH_BOR:
    case ARITH_BXOR:
        return range_of_bits(which, a, b);
    case ARITH_SHIFT_LEFT:
        return range_of_shift(true, a, b, fits);
    case ARITH_SHIFT_RIGHT:
        return range_of_shift(false, a, b, fits);
    case ARITH_NEGATE:
        return small_range(-(__int128) a.high, -(__int128) a.low, fits);
    case ARITH_ABS:
        return small_range(a.low > 0    ? a.low
                           : a.high < 0 ? -(__int128) a.high
                                        : 0,
                           a.high > -a.low ? a.high : -(__int128) a.low, fits);
    case ARITH_MIN:
        return small_range(a.low < b.low ? a.low : b.low, a.high < b.high ? a.high : b.high, fits);
    case ARITH_MAX:
        return small_range(a.low > b.low ? a.low : b.low, a.high > b.high ? a.high : b.high, fits);
    default: /* bnot */
        return small_range(-1 - (__int128) a.high, -1 - (__int128) a.low, fits);
    }
}

/* ---- what is likely ---- */

static const Profile *find_profile(const Profile *profile, Code place)
{
    while (profile != NULL && profile->place != place) {
        profile = profile->next;
    }
    return profile;
}

/* That of an inlined function's loop is among its own. */
static const Profile *profile_at(const Ssa *f, Code place)
{
    const OptimiserInput *input = f->input;
    const Profile *profile = place != NULL ? find_profile(input->profiles, place) : NULL;
    if (place == NULL || input->profiles_of == NULL) {
        return profile;
    }
    for (uint32_t i = 0; i < f->inlined_count && profile == NULL; i++) {
        const Function *function = f->inlined[i]->function;
        Code code = function->owner->code;
        if (place >= code + function->code_offset && place < code + function->code_end) {
            profile = find_profile(input->profiles_of(function), place);
        }
    }
    return profile;
}

static void likely_as(SsaNode *node, const SsaNode *other)
{
    node->profile = other->profile;
    node->shape = other->shape;
}

static void likely_slot(const Ssa *f, SsaNode *node)
{
    const Profile *profile = profile_at(f, node->block->pc);
    uint64_t slot = node->constant - node->block->base;
    if (profile != NULL && slot < PROFILE_SLOTS) {
        node->profile = profile;
        node->shape = profile->slots[slot];
    }
}

static void likely_part(SsaNode *node, uint32_t part, uint32_t of_kind)
{
    const SsaNode *whole = ssa_input(node, 0);
    if (whole->shape != 0 && part < PROFILE_PARTS &&
        (whole->profile->nodes[whole->shape].kinds & (IS_TUPLE | IS_CONS)) == of_kind) {
        node->profile = whole->profile;
        node->shape = whole->profile->nodes[whole->shape].parts[part];
    }
}

void infer_likely(const Ssa *f, SsaNode *node)
{
    switch ((SsaOp) node->op) {
    case SSA_SLOT:
        if (node->like != NULL) { /* read behind a call */
            likely_as(node, ssa_now(node->like));
        } else {
            likely_slot(f, node);
        }
        break;
    case SSA_PHI:
        likely_slot(f, node);
        if (node->shape == 0) {
            likely_as(node, ssa_input(node, 0));
        }
        break;
    case SSA_REFINE:
    case SSA_CHECK:
    case SSA_AFTER:
    case SSA_BOUND:
    case SSA_TAIL:
        likely_as(node, ssa_input(node, 0));
        break;
    case SSA_HEAD:
        likely_part(node, 0, IS_CONS);
        break;
    case SSA_ELEMENT:
        likely_part(node, (uint32_t) node->constant, IS_TUPLE);
        break;
    default:
        break;
    }
}

/* Follows what profiles saw from slots to what is taken out of them. */
static void find_likely(Ssa *f)
{
    for (uint32_t i = 0; i < f->order_count; i++) {
        for (SsaNode *node = f->order[i]->first; node != NULL; node = node->next) {
            infer_likely(f, node);
        }
    }
}

/* The kinds that operand `which` is taken for; 0: nothing is known. */
static uint32_t likely_kinds(const SsaNode *node, uint32_t which)
{
    const SsaNode *value = ssa_input(node, which);
    if (type_is(value->type, IS_SMALL) || type_is(value->type, IS_ANY_FLOAT)) {
        return value->type.kinds;
    }
    if (node->is_careful) {
        return IS_ANY;
    }
    return node->seen[which] |
           (value->shape != 0 ? value->profile->nodes[value->shape].kinds & value->type.kinds : 0);
}

static bool all_in(uint32_t kinds, uint32_t of)
{
    return kinds != 0 && (kinds & ~of) == 0;
}

/* The same of both operands; one of which nothing is known is taken for what the other is. */
static void likely_operands(const SsaNode *node, uint32_t kinds[2])
{
    kinds[0] = likely_kinds(node, 0);
    kinds[1] = node->count > 1 ? likely_kinds(node, 1) : kinds[0];
    for (uint32_t i = 0; i < 2; i++) {
        if (kinds[i] == 0) {
            kinds[i] = all_in(kinds[1 - i], IS_ANY_FLOAT) ? IS_FLOAT : IS_SMALL;
        }
    }
}

/* What a comparison takes operand `which`, whose kind is not known, for; 0: for nothing. */
uint32_t infer_beside(const SsaNode *node, uint32_t which)
{
    const SsaNode *value = ssa_input(node, which), *other = ssa_input(node, 1 - which);
    uint32_t kinds[2];
    if (node->frame == NULL || value->type.kinds == 0 || type_is(value->type, IS_SMALL) ||
        type_is(value->type, IS_ANY_FLOAT) || value->op == SSA_CONST ||
        (likely_kinds(node, 0) | likely_kinds(node, 1)) == 0) {
        return 0;
    }
    likely_operands(node, kinds);
    if (all_in(kinds[0] & kinds[1], IS_SMALL) && all_in(kinds[0] | kinds[1], IS_SMALL) &&
        (other->type.kinds & IS_SMALL)) {
        return value->type.kinds & IS_SMALL;
    }
    if (all_in(kinds[0] | kinds[1], IS_ANY_FLOAT) && (other->type.kinds & IS_ANY_FLOAT)) {
        return value->type.kinds & IS_FLOAT ? IS_ANY_FLOAT : 0;
    }
    return 0;
}

/* ---- which arithmetic ---- */

static bool integers_only(SsaArith which)
{
    return (which >= ARITH_DIV && which <= ARITH_SHIFT_RIGHT) || which == ARITH_BNOT;
}

/* min and max, of any terms. */
static bool picks(SsaArith which)
{
    return which == ARITH_MIN || which == ARITH_MAX;
}

bool infer_is_float(const SsaNode *node, uint32_t which)
{
    uint32_t kinds[2];
    likely_operands(node, kinds);
    return all_in(kinds[which], IS_ANY_FLOAT);
}

ArithMode infer_mode(const SsaNode *node, Type a, Type b)
{
    SsaArith which = (SsaArith) node->condition;
    uint32_t kinds[2];
    bool small, numbers, floats;
    if (a.kinds == 0 || b.kinds == 0) {
        return MODE_NONE;
    }
    likely_operands(node, kinds);
    small = all_in(kinds[0], IS_SMALL) && all_in(kinds[1], IS_SMALL) && (a.kinds & IS_SMALL) &&
            (b.kinds & IS_SMALL);
    numbers = all_in(kinds[0], IS_SMALL | IS_ANY_FLOAT) &&
              all_in(kinds[1], IS_SMALL | IS_ANY_FLOAT) && (a.kinds & (IS_SMALL | IS_FLOAT)) &&
              (b.kinds & (IS_SMALL | IS_FLOAT));
    floats = (all_in(kinds[0], IS_ANY_FLOAT) && (a.kinds & IS_FLOAT)) ||
             (all_in(kinds[1], IS_ANY_FLOAT) && (b.kinds & IS_FLOAT));
    if (which == ARITH_SQRT) { /* there is no other form: what is no number leaves */
        return MODE_FLOAT;
    }
    if (which == ARITH_DIVIDE) {
        return numbers ? MODE_FLOAT : MODE_GENERIC;
    }
    if (small) {
        return node->no_guess ? MODE_GENERIC : MODE_SMALL;
    }
    return numbers && floats && !integers_only(which) && !picks(which) ? MODE_FLOAT : MODE_GENERIC;
}

static Type type_of_arith(SsaNode *node)
{
    Type a = ssa_input(node, 0)->type;
    Type b = node->count > 1 ? ssa_input(node, 1)->type : a;
    bool fits;
    switch (infer_mode(node, a, b)) {
    case MODE_NONE:
        return TYPE_NONE;
    case MODE_SMALL:
        return infer_small((SsaArith) node->condition, a, b, &fits);
    case MODE_FLOAT:
        return type_of_kinds(IS_ANY_FLOAT);
    default:
        if (picks((SsaArith) node->condition)) {
            return type_join(a, b);
        }
        return type_of_kinds(integers_only((SsaArith) node->condition)    ? IS_INTEGER
                             : (SsaArith) node->condition == ARITH_DIVIDE ? IS_ANY_FLOAT
                                                                          : IS_NUMBER);
    }
}

/* What operand `value` of `by` is known to be once `by` did its work. */
static Type type_after(const SsaNode *value, const SsaNode *by)
{
    const SsaNode *a = ssa_input(by, 0), *b = by->count > 1 ? ssa_input(by, 1) : a;
    if (a->type.kinds == 0 || b->type.kinds == 0) {
        return TYPE_NONE;
    }
    if (by->op == SSA_ARITH) {
        switch (infer_mode(by, a->type, b->type)) {
        case MODE_SMALL:
            return type_meet(value->type, type_of_kinds(IS_SMALL));
        case MODE_FLOAT:
            if (!infer_gives_float((SsaArith) by->condition) &&
                ((value == a && infer_is_float(by, 0)) ||
                 (by->count > 1 && value == b && infer_is_float(by, 1)))) {
                return type_meet(value->type, type_of_kinds(IS_ANY_FLOAT));
            }
            return type_meet(value->type, type_of_kinds(IS_SMALL | IS_ANY_FLOAT));
        default:
            return picks((SsaArith) by->condition)
                       ? value->type
                       : type_meet(value->type, type_of_kinds(IS_NUMBER));
        }
    }
    if (by->op == SSA_IS_ORDER || by->op == SSA_IS_LIKE || by->op == SSA_IS_EQUAL) {
        uint32_t kinds = infer_beside(by, value == a ? 0 : 1);
        return kinds != 0 ? type_meet(value->type, type_of_kinds(kinds)) : value->type;
    }
    return value->type;
}

/* ---- conditions ---- */

static int test_kinds(Type t, uint32_t kinds)
{
    return type_is(t, kinds) ? 1 : (t.kinds & kinds) == 0 ? 0 : -1;
}

static int test_word(Type t, Term word)
{
    Type of = type_of_term(word);
    if ((t.kinds & of.kinds) == 0) {
        return 0;
    }
    if (word == TERM_NIL && t.kinds == IS_NIL) {
        return 1;
    }
    if (of.kinds == IS_SMALL) {
        if (of.low < t.low || of.low > t.high) {
            return 0;
        }
        return t.kinds == IS_SMALL && t.low == t.high ? 1 : -1;
    }
    return -1;
}

static int test_ranges(uint32_t condition, Type a, Type b)
{
    switch (condition) {
    case M_EQ:
        return a.low == a.high && b.low == b.high && a.low == b.low ? 1
               : a.high < b.low || a.low > b.high                   ? 0
                                                                    : -1;
    case M_LT:
        return a.high < b.low ? 1 : a.low >= b.high ? 0 : -1;
    case M_LE:
        return a.high <= b.low ? 1 : a.low > b.high ? 0 : -1;
    case M_GT:
        return a.low > b.high ? 1 : a.high <= b.low ? 0 : -1;
    case M_GE:
        return a.low >= b.high ? 1 : a.high < b.low ? 0 : -1;
    default:
        return -1;
    }
}

static int opposite(int outcome)
{
    return outcome < 0 ? outcome : !outcome;
}

int infer_test(const SsaNode *test)
{
    const SsaNode *a = ssa_input(test, 0), *b = test->count > 1 ? ssa_input(test, 1) : NULL;
    if (test->op == SSA_NOT) {
        return opposite(infer_test(a));
    }
    if (a->type.kinds == 0 || (b != NULL && b->type.kinds == 0)) {
        return -1;
    }
    switch ((SsaOp) test->op) {
    case SSA_IS_KIND:
        return test_kinds(a->type, (uint32_t) test->constant);
    case SSA_IS_WORD:
        if (a->op == SSA_CONST) {
            return a->constant == test->constant;
        }
        return test_word(a->type, test->constant);
    case SSA_IS_BOOLEAN:
        return a->op == SSA_BOOLEAN ? 1 : (a->type.kinds & IS_ATOM) == 0 ? 0 : -1;
    case SSA_IS_ARITY:
        if (a->type.kinds == IS_TUPLE && a->type.arity_1 != 0) {
            return a->type.arity_1 == test->constant + 1;
        }
        return (a->type.kinds & IS_TUPLE) == 0 ||
                       (a->type.arity_1 != 0 && a->type.arity_1 != test->constant + 1)
                   ? 0
                   : -1;
    case SSA_IS_SAME:
    case SSA_IS_EQUAL:
        if (a == b) {
            return 1;
        }
        if (a->type.kinds == IS_SMALL && b->type.kinds == IS_SMALL) {
            return test_ranges(M_EQ, a->type, b->type);
        }
        /* Floats and big integers have two kinds each, equal only within their own. */
        return (a->type.kinds & b->type.kinds) == 0 ? 0 : -1;
    case SSA_IS_LIKE:
        return a == b ? 1 : -1;
    case SSA_IS_ORDER:
    case SSA_IS_INT:
        if (a->type.kinds == IS_SMALL && b->type.kinds == IS_SMALL) {
            return test_ranges(test->condition, a->type, b->type);
        }
        return -1;
    default:
        return -1;
    }
}

/* ---- one node ---- */

static Type bounded(const SsaNode *node)
{
    Type a = ssa_input(node, 0)->type, b = ssa_input(node, 1)->type;
    if (a.kinds != IS_SMALL || b.kinds != IS_SMALL) {
        return a;
    }
    switch (node->condition) {
    case M_EQ:
        return type_meet(a, b);
    case M_LT:
        a.high = a.high < b.high - 1 ? a.high : b.high - 1;
        break;
    case M_LE:
        a.high = a.high < b.high ? a.high : b.high;
        break;
    case M_GT:
        a.low = a.low > b.low + 1 ? a.low : b.low + 1;
        break;
    case M_GE:
        a.low = a.low > b.low ? a.low : b.low;
        break;
    default:
        break;
    }
    return a.low > a.high ? TYPE_NONE : a;
}

/* An edge by which the interpreter enters a loop says nothing: values are checked there. */
static bool counts(const SsaBlock *block, uint32_t which)
{
    const SsaBlock *from = block->predecessors[which];
    if (!from->reachable) {
        return false;
    }
    if (!from->is_entry) {
        return true;
    }
    for (uint32_t i = 0; i < block->predecessor_count; i++) {
        if (block->predecessors[i]->reachable && !block->predecessors[i]->is_entry) {
            return false;
        }
    }
    return true;
}

static bool is_back_edge(const SsaBlock *block, uint32_t which)
{
    return block->predecessors[which]->order >= block->order;
}

/* What the interpreter brought before that the code was not made for. */
static Type seen_at_entry(const Ssa *f, const SsaNode *phi)
{
    return f->input->is_careful     ? TYPE_ANY
           : phi->block->pc == NULL ? TYPE_NONE
                                    : type_of_kinds(ssa_failed(f, phi->block->pc, GUESS_ENTRY,
                                                               (uint32_t) phi->constant));
}

static Type type_of_phi(const Ssa *f, SsaNode *node, bool growing)
{
    SsaBlock *block = node->block;
    Type t = TYPE_NONE;
    for (uint32_t i = 0; i < node->count; i++) {
        Type input = ssa_input(node, i)->type;
        if (!counts(block, i)) {
            if (block->predecessors[i]->is_entry) {
                t = type_join(t, seen_at_entry(f, node));
            }
            continue;
        }
        if (node->expected != 0 && !is_back_edge(block, i)) {
            input = type_meet(input, type_of_kinds(node->expected));
        }
        t = type_join(t, input);
    }
    if (growing && node->type.kinds != 0) {
        t = type_join(t, node->type);
        if ((t.low < node->type.low || t.high > node->type.high) && ++node->rounds > RANGE_ROUNDS) {
            t.low = t.low < node->type.low ? (t.low >= 0 ? 0 : SMALL_MIN) : t.low;
            t.high = t.high > node->type.high ? SMALL_MAX : t.high;
        }
    }
    return t;
}

/* Positions, and what is read at them. */
static Type type_of_bits(const SsaNode *node)
{
    Type t = type_of_kinds(IS_SMALL);
    BitsField field = bits_field(node);
    t.low = 0;
    t.high = (int64_t) 1 << 50;
    if (node->op == SSA_BITS_UTF) {
        t.low = -1;
        t.high = (0x110000 << BITS_UTF_SHIFT) - 1;
    } else if (node->op == SSA_BITS_INT && (field.flags & BITS_SIGNED)) {
        t.low = -((int64_t) 1 << (field.bits - 1));
        t.high = -t.low - 1;
    } else if (node->op == SSA_BITS_INT) {
        t.high = ((int64_t) 1 << field.bits) - 1;
    }
    return t;
}

static Type type_of_node(const Ssa *f, SsaNode *node, bool growing)
{
    switch ((SsaOp) node->op) {
    case SSA_CONST:
        return type_of_term(node->constant);
    case SSA_RAW:
        return type_of_kinds(IS_OTHER);
    case SSA_PHI:
        return type_of_phi(f, node, growing);
    case SSA_SLOT:
        return node->like != NULL ? ssa_now(node->like)->type : TYPE_ANY;
    case SSA_REFINE:
    case SSA_CHECK:
        return type_meet(ssa_input(node, 0)->type, node->filter);
    case SSA_BOUND:
        return bounded(node);
    case SSA_AFTER:
        return type_after(ssa_input(node, 0), node->like);
    case SSA_ARITH:
        return type_of_arith(node);
    case SSA_ADD:
    case SSA_SUB:
    case SSA_MUL:
    case SSA_DIV:
    case SSA_REM:
    case SSA_SHL:
    case SSA_SHR:
    case SSA_NEG:
    case SSA_BNOT:
    case SSA_ABS:
    case SSA_MIN:
    case SSA_MAX:
        return infer_small(infer_arith((SsaOp) node->op), ssa_input(node, 0)->type,
                           node->count > 1 ? ssa_input(node, 1)->type : TYPE_ANY, &(bool){true});
    case SSA_BAND:
    case SSA_BOR:
    case SSA_BXOR:
        if ((ssa_input(node, 0)->type.kinds | ssa_input(node, 1)->type.kinds) & IS_ATOM) {
            return type_of_kinds(IS_ATOM);
        }
        return infer_small(infer_arith((SsaOp) node->op), ssa_input(node, 0)->type,
                           ssa_input(node, 1)->type, &(bool){true});
    case SSA_TUPLE_SIZE: {
        Type size = type_of_kinds(IS_SMALL), of = ssa_input(node, 0)->type;
        bool known = of.kinds == IS_TUPLE && of.arity_1 != 0;
        size.low = known ? of.arity_1 - 1 : 0;
        size.high = known ? of.arity_1 - 1 : TUPLE_MOST;
        return size;
    }
    case SSA_BIF:
    case SSA_MAP_PUT:
    case SSA_BITS_GET:
    case SSA_BITS_BUILD:
        return node->filter;
    case SSA_TRACE:
        return type_of_kinds(IS_NIL | IS_CONS);
    case SSA_LIST_ONTO:
        return type_join(ssa_input(node, 1)->type, type_of_kinds(IS_CONS));
    case SSA_SELF:
        return type_of_kinds(IS_OTHER);
    case SSA_BOX:
        return type_of_kinds(IS_ANY_FLOAT);
    case SSA_BOOLEAN:
        return type_of_kinds(IS_ATOM);
    case SSA_CONS:
        return type_of_kinds(IS_CONS);
    case SSA_TUPLE: {
        Type t = type_of_kinds(IS_TUPLE);
        t.arity_1 = node->count < UINT16_MAX ? (uint16_t) (node->count + 1) : 0;
        return t;
    }
    case SSA_MAP:
        return type_of_kinds(IS_MAP);
    case SSA_FUN:
        return type_of_kinds(IS_FUN);
    case SSA_BITS_PARENT:
    case SSA_BITS_VIEW:
        return type_of_kinds(IS_BITS);
    case SSA_BITS_START:
    case SSA_BITS_END:
    case SSA_BITS_INT:
    case SSA_BITS_UTF:
        return type_of_bits(node);
    case SSA_BITS_BYTES:
        return type_of_kinds(IS_OTHER);
    default:
        return TYPE_ANY;
    }
}

SsaArith infer_arith(SsaOp op)
{
    switch (op) {
    case SSA_ADD:
        return ARITH_ADD;
    case SSA_SUB:
        return ARITH_SUBTRACT;
    case SSA_MUL:
        return ARITH_MULTIPLY;
    case SSA_DIV:
        return ARITH_DIV;
    case SSA_REM:
        return ARITH_REM;
    case SSA_BAND:
        return ARITH_BAND;
    case SSA_BOR:
        return ARITH_BOR;
    case SSA_BXOR:
        return ARITH_BXOR;
    case SSA_SHL:
        return ARITH_SHIFT_LEFT;
    case SSA_SHR:
        return ARITH_SHIFT_RIGHT;
    case SSA_NEG:
        return ARITH_NEGATE;
    case SSA_ABS:
        return ARITH_ABS;
    case SSA_MIN:
        return ARITH_MIN;
    case SSA_MAX:
        return ARITH_MAX;
    default:
        return ARITH_BNOT;
    }
}

/* ---- all of them ---- */

static bool reach(SsaBlock *block)
{
    bool new = !block->reachable;
    block->reachable = true;
    return new;
}

static bool reach_successors(SsaBlock *block)
{
    bool changed = false;
    int outcome = block->last->op == SSA_BRANCH ? infer_test(ssa_input(block->last, 0)) : -1;
    for (uint32_t i = 0; i < block->successor_count; i++) {
        if (outcome < 0 || (outcome == 1) == (i == 0)) {
            changed |= reach(block->successors[i]);
        }
    }
    return changed;
}

static bool one_round(Ssa *f, bool growing)
{
    bool changed = false;
    for (uint32_t i = 0; i < f->order_count; i++) {
        SsaBlock *block = f->order[i];
        if (!block->reachable) {
            continue;
        }
        for (SsaNode *node = block->first; node != NULL; node = node->next) {
            Type t;
            if (ssa_rep(node) != REP_TERM) {
                continue;
            }
            t = type_of_node(f, node, growing);
            if (!type_equal(t, node->type)) {
                node->type = t;
                changed = true;
            }
        }
        changed |= reach_successors(block);
    }
    return changed;
}

static void find_types(Ssa *f)
{
    enum { ROUNDS_MOST = 200 };
    uint32_t rounds = 0;
    for (uint32_t i = 0; i < f->order_count; i++) {
        SsaBlock *block = f->order[i];
        block->reachable = block->is_entry || block == f->blocks[0];
        for (SsaNode *node = block->first; node != NULL; node = node->next) {
            node->type = TYPE_NONE;
            node->rounds = 0;
        }
    }
    while (one_round(f, true)) {
        CHECK(++rounds < ROUNDS_MOST);
    }
    one_round(f, false);
    one_round(f, false);
}

/* ---- what loops start with ---- */

static Type joined(const SsaNode *phi, bool back)
{
    Type t = TYPE_NONE;
    for (uint32_t i = 0; i < phi->count; i++) {
        if (counts(phi->block, i) && is_back_edge(phi->block, i) == back) {
            t = type_join(t, ssa_input(phi, i)->type);
        }
    }
    return t;
}

/* Where all that comes into the loop can be checked (settle_loop). A block that a handler and a
 * loop go to counts as the beginning of a loop, too, and has no anchor on the way from the handler.
 */
static bool can_check(const SsaBlock *header)
{
    for (uint32_t i = 0; i < header->predecessor_count; i++) {
        const SsaNode *last = header->predecessors[i]->last;
        if (counts(header, i) && !is_back_edge(header, i) &&
            (last->previous == NULL || last->previous->op != SSA_ANCHOR)) {
            return false;
        }
    }
    return true;
}

static uint16_t expectation(const Ssa *f, const SsaNode *phi, uint32_t wanted)
{
    Type back = joined(phi, true), start = joined(phi, false);
    bool fits = back.kinds != 0 && type_is(back, wanted) && !type_is(start, wanted) &&
                (start.kinds & wanted) && can_check(phi->block);
    if (fits && (phi->block->pc == NULL || f->input->is_careful ||
                 ssa_failed(f, phi->block->pc, GUESS_LOOP, (uint32_t) phi->constant) != 0)) {
        return 0;
    }
    return fits ? (uint16_t) wanted : 0;
}

/* Sets what the phis of loops are expected to start with, if that is `wanted`; true: something
 * changed. */
static bool expect(Ssa *f, uint32_t wanted)
{
    bool changed = false;
    for (uint32_t i = 0; i < f->order_count; i++) {
        SsaBlock *block = f->order[i];
        if (!block->is_loop_header || !block->reachable) {
            continue;
        }
        for (SsaNode *phi = block->first; phi != NULL && phi->op == SSA_PHI; phi = phi->next) {
            if (phi->expected != 0 && !type_is(joined(phi, true), phi->expected)) {
                phi->expected = 0;
                changed = true;
            } else if (phi->expected == 0 && wanted != 0) {
                phi->expected = expectation(f, phi, wanted);
                changed |= phi->expected != 0;
            }
        }
    }
    return changed;
}

void ssa_infer(Ssa *f)
{
    /* Floats first: arithmetic on what is not known yet looks like that on integers. */
    static const uint16_t wanted[] = {IS_ANY_FLOAT, IS_SMALL, IS_BITS};
    find_likely(f);
    find_types(f);
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        for (int round = 0; round < EXPECTATION_ROUNDS && expect(f, wanted[i]); round++) {
            find_types(f);
        }
    }
    while (expect(f, 0)) {
        find_types(f);
    }
    infer_settle(f);
}
