/* runtime/term/arith_bits.c
 * Integers as bits: band, bor, bxor, bnot and the shifts. A negative integer is two's complement
 * with endless ones in front, although it is kept as sign and magnitude: limbs are turned into
 * two's complement one by one while they are combined. */
#include "runtime/term/arith_big.h"

typedef enum Operation { AND, OR, XOR } Operation;

static inline __attribute__((always_inline)) uint64_t combine(Operation operation, uint64_t a,
                                                              uint64_t b)
{
    switch (operation) {
    case AND:
        return a & b;
    case OR:
        return a | b;
    default:
        return a ^ b;
    }
}

/* The limb at `index` of the two's complement; `*borrow` starts as 1. */
static inline mp_limb_t complement_limb(const Limbs *x, size_t index, mp_limb_t *borrow)
{
    mp_limb_t limb = index < x->count ? x->at[index] : 0;
    if (!x->negative) {
        return limb;
    }
    limb = ~limb + *borrow;
    *borrow = *borrow && limb == 0;
    return limb;
}

/* Of two that are not negative: what is above the shorter one's limbs is lost or as it was. */
static inline __attribute__((always_inline)) Term
combine_magnitudes(Space *space, const Limbs *x, const Limbs *y, Operation operation)
{
    const Limbs *longer = x->count > y->count ? x : y, *shorter = longer == x ? y : x;
    size_t both = shorter->count, count = operation == AND ? both : longer->count;
    if (operation == AND && both <= 1) {
        mp_limb_t limb = both == 0 ? 0 : shorter->at[0] & longer->at[0];
        if (LIKELY(limb <= INT64_MAX && small_fits((int64_t) limb))) {
            return term_small((int64_t) limb);
        }
    }
    Big big = big_start(space, count);
    if (big.limbs == NULL) {
        return TERM_LIMIT;
    }
    cost_set(count);
    for (size_t i = 0; i < both; i++) {
        big.limbs[i] = combine(operation, shorter->at[i], longer->at[i]);
    }
    if (count > both) {
        mpn_copyi(big.limbs + both, longer->at + both, (mp_size_t) (count - both));
    }
    return big_finish(space, &big, false);
}

static inline __attribute__((always_inline)) Term combine_integers(Space *space, Term a, Term b,
                                                                   Operation operation)
{
    Limbs x, y;
    if (!term_is_integer(a) || !term_is_integer(b)) {
        return TERM_NONE;
    }
    limbs_of(a, &x);
    limbs_of(b, &y);
    if (!x.negative && !y.negative) {
        return combine_magnitudes(space, &x, &y, operation);
    }
    /* One more than the longer: room for the sign. */
    size_t count = (x.count > y.count ? x.count : y.count) + 1;
    Big big = big_start(space, count);
    if (big.limbs == NULL) {
        return TERM_LIMIT;
    }
    cost_set(count);
    bool negative = combine(operation, x.negative, y.negative);
    mp_limb_t x_borrow = 1, y_borrow = 1;
    for (size_t i = 0; i < count; i++) {
        mp_limb_t left = complement_limb(&x, i, &x_borrow);
        mp_limb_t right = complement_limb(&y, i, &y_borrow);
        big.limbs[i] = combine(operation, left, right);
    }
    if (negative) {
        mpn_neg(big.limbs, big.limbs, (mp_size_t) count);
    }
    return big_finish(space, &big, negative);
}

Term arith_band(Space *space, Term a, Term b)
{
    arith_last_cost = 0;
    return LIKELY(terms_are_small(a, b)) ? (a & b) : combine_integers(space, a, b, AND);
}

Term arith_bor(Space *space, Term a, Term b)
{
    arith_last_cost = 0;
    return LIKELY(terms_are_small(a, b)) ? (a | b) : combine_integers(space, a, b, OR);
}

Term arith_bxor(Space *space, Term a, Term b)
{
    arith_last_cost = 0;
    return LIKELY(terms_are_small(a, b)) ? (a ^ b) : combine_integers(space, a, b, XOR);
}

Term arith_bnot(Space *space, Term a)
{
    arith_last_cost = 0;
    if (LIKELY(term_is_small(a))) {
        return term_small(~small_value(a));
    }
    if (!term_is_integer(a)) {
        return TERM_NONE;
    }
    Limbs x; /* bnot A is -A - 1 */
    limbs_of(a, &x);
    Big big = big_start(space, x.count + 1);
    if (big.limbs == NULL) {
        return TERM_LIMIT;
    }
    cost_set(x.count);
    big.limbs[x.count] = 0;
    if (x.negative) {
        mpn_sub_1(big.limbs, x.at, (mp_size_t) x.count, 1);
    } else {
        big.limbs[x.count] = mpn_add_1(big.limbs, x.at, (mp_size_t) x.count, 1);
    }
    return big_finish(space, &big, !x.negative);
}

/* ---- shifts ---- */

static Term shift_up(Space *space, Term a, uint64_t bits)
{
    if (a == term_small(0)) {
        return a;
    }
    if (term_is_small(a) && bits < 62) {
        int64_t value = small_value(a), shifted = (int64_t) ((uint64_t) value << bits);
        if (shifted >> bits == value && small_fits(shifted)) {
            return term_small(shifted);
        }
    }
    Limbs x;
    limbs_of(a, &x);
    if (bits > ARITH_MAX_BITS || limbs_bits(x.at, x.count) + bits > ARITH_MAX_BITS) {
        return TERM_LIMIT;
    }
    size_t limbs = bits / LIMB_BITS;
    unsigned rest = bits % LIMB_BITS;
    Big big = big_start(space, x.count + limbs + 1);
    if (big.limbs == NULL) {
        return TERM_LIMIT;
    }
    cost_set(big.count);
    mpn_zero(big.limbs, (mp_size_t) limbs);
    if (rest == 0) {
        mpn_copyi(big.limbs + limbs, x.at, (mp_size_t) x.count);
        big.limbs[big.count - 1] = 0;
    } else {
        big.limbs[big.count - 1] = mpn_lshift(big.limbs + limbs, x.at, (mp_size_t) x.count, rest);
    }
    return big_finish(space, &big, x.negative);
}

/* True when any of the low `bits` bits is set; there are that many. */
static bool any_bit_below(const mp_limb_t *limbs, uint64_t bits)
{
    size_t count = bits / LIMB_BITS;
    for (size_t i = 0; i < count; i++) {
        if (limbs[i] != 0) {
            return true;
        }
    }
    unsigned rest = bits % LIMB_BITS;
    return rest != 0 && (limbs[count] << (LIMB_BITS - rest)) != 0;
}

/* Towards minus infinity: a negative number from which ones are lost grows by one in magnitude. */
static Term shift_down(Space *space, Term a, uint64_t bits)
{
    if (term_is_small(a)) {
        return term_small(small_value(a) >> (bits < 63 ? bits : 63));
    }
    Limbs x;
    limbs_of(a, &x);
    if (bits >= limbs_bits(x.at, x.count)) {
        return term_small(x.negative ? -1 : 0);
    }
    size_t limbs = bits / LIMB_BITS, count = x.count - limbs;
    unsigned rest = bits % LIMB_BITS;
    Big big = big_start(space, count + 1);
    if (big.limbs == NULL) {
        return TERM_LIMIT;
    }
    cost_set(x.count);
    if (rest == 0) {
        mpn_copyi(big.limbs, x.at + limbs, (mp_size_t) count);
    } else {
        mpn_rshift(big.limbs, x.at + limbs, (mp_size_t) count, rest);
    }
    big.limbs[count] = 0;
    if (x.negative && any_bit_below(x.at, bits)) {
        mpn_add_1(big.limbs, big.limbs, (mp_size_t) count + 1, 1);
    }
    return big_finish(space, &big, x.negative);
}

static Term shift(Space *space, Term a, Term count, bool left)
{
    arith_last_cost = 0;
    if (!term_is_integer(a) || !term_is_integer(count)) {
        return TERM_NONE;
    }
    bool up = left != integer_is_negative(count);
    uint64_t bits = UINT64_MAX; /* of a big count: more than any integer has */
    if (term_is_small(count)) {
        int64_t value = small_value(count);
        bits = (uint64_t) (value < 0 ? -value : value);
    }
    return up ? shift_up(space, a, bits) : shift_down(space, a, bits);
}

Term arith_shift_left(Space *space, Term a, Term count)
{
    return shift(space, a, count, true);
}

Term arith_shift_right(Space *space, Term a, Term count)
{
    return shift(space, a, count, false);
}
