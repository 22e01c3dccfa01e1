/* runtime/term/arith.c
 * Sums, products, quotients; what is common to all of arithmetic. Smalls come first and inline;
 * then integers of any size; then floats and mixtures, where integers become floats.
 *
 * Smalls are shifted left by two, so that overflow of the 64-bit word is overflow of the small. */
#include "runtime/term/arith.h"

#include "runtime/term/arith_big.h"

#include <math.h>

_Thread_local uint32_t arith_last_cost;

uint32_t arith_cost(void)
{
    return arith_last_cost;
}

/* ---- building integers ---- */

/* The words from `from` to the end of `big` are free again. */
static void give_back(Space *space, const Big *big, Term *from)
{
    Term *end = (Term *) big->limbs + big->count;
    if (big->in_region && space->top == end) {
        space->top = from;
    } else if (from < end) {
        *from = HEADER(KIND_raw, end - from - 1);
    }
}

void big_drop(Space *space, Big *big)
{
    give_back(space, big, (Term *) big->limbs - 1);
}

Term big_finish(Space *space, Big *big, bool negative)
{
    mp_limb_t *limbs = big->limbs;
    size_t count = big->count;
    while (count > 0 && limbs[count - 1] == 0) {
        count--;
    }
    if (count <= 1) {
        mp_limb_t limb = count == 0 ? 0 : limbs[0];
        if (limb <= (uint64_t) SMALL_MAX + negative) {
            big_drop(space, big);
            return term_small(negative ? (int64_t) (0 - limb) : (int64_t) limb);
        }
    }
    if (UNLIKELY(count >= ARITH_MAX_LIMBS && limbs_bits(limbs, count) > ARITH_MAX_BITS)) {
        big_drop(space, big);
        return TERM_LIMIT;
    }
    Term *object = (Term *) limbs - 1;
    object[0] = HEADER(negative ? KIND_big_neg : KIND_big_pos, count);
    give_back(space, big, object + 1 + count);
    return term_boxed(object);
}

Term make_int128(Space *space, __int128_t value)
{
    if (value >= INT64_MIN && value <= INT64_MAX) {
        return make_int64(space, (int64_t) value);
    }
    bool negative = value < 0;
    __uint128_t magnitude = negative ? 0 - (__uint128_t) value : (__uint128_t) value;
    Big big = big_start(space, 2);
    if (big.limbs == NULL) {
        return TERM_LIMIT;
    }
    big.limbs[0] = (mp_limb_t) magnitude;
    big.limbs[1] = (mp_limb_t) (magnitude >> 64);
    return big_finish(space, &big, negative);
}

/* ---- floats ---- */

static Term float_result(Space *space, double value)
{
    return LIKELY(isfinite(value)) ? make_float(space, value) : TERM_NONE;
}

static bool both_to_double(Term a, Term b, double *x, double *y)
{
    return arith_to_double(a, x) && arith_to_double(b, y);
}

/* ---- sums ---- */

static Term add_magnitudes(Space *space, const Limbs *a, const Limbs *b, bool negative)
{
    if (a->count < b->count) {
        const Limbs *swapped = a;
        a = b;
        b = swapped;
    }
    Big big = big_start(space, a->count + 1);
    if (big.limbs == NULL) {
        return TERM_LIMIT;
    }
    if (b->count == 0) {
        mpn_copyi(big.limbs, a->at, (mp_size_t) a->count);
        big.limbs[a->count] = 0;
    } else {
        big.limbs[a->count] =
            mpn_add(big.limbs, a->at, (mp_size_t) a->count, b->at, (mp_size_t) b->count);
    }
    return big_finish(space, &big, negative);
}

/* |a| - |b|, negated if `negative`. */
static Term subtract_magnitudes(Space *space, const Limbs *a, const Limbs *b, bool negative)
{
    int order = a->count != b->count ? (a->count < b->count ? -1 : 1)
                : a->count == 0      ? 0
                                     : mpn_cmp(a->at, b->at, (mp_size_t) a->count);
    if (order == 0) {
        return term_small(0);
    }
    if (order < 0) {
        const Limbs *swapped = a;
        a = b;
        b = swapped;
        negative = !negative;
    }
    Big big = big_start(space, a->count);
    if (big.limbs == NULL) {
        return TERM_LIMIT;
    }
    if (b->count == 0) {
        mpn_copyi(big.limbs, a->at, (mp_size_t) a->count);
    } else {
        mpn_sub(big.limbs, a->at, (mp_size_t) a->count, b->at, (mp_size_t) b->count);
    }
    return big_finish(space, &big, negative);
}

static Term integer_sum(Space *space, Term a, Term b, bool negate_b)
{
    Limbs x, y;
    limbs_of(a, &x);
    limbs_of(b, &y);
    cost_set(x.count + y.count);
    return x.negative == (y.negative != negate_b) ? add_magnitudes(space, &x, &y, x.negative)
                                                  : subtract_magnitudes(space, &x, &y, x.negative);
}

Term arith_add(Space *space, Term a, Term b)
{
    arith_last_cost = 0;
    if (LIKELY(terms_are_small(a, b))) {
        int64_t sum;
        if (LIKELY(!__builtin_add_overflow((int64_t) a, (int64_t) b, &sum))) {
            return (Term) sum;
        }
        return make_int64(space, small_value(a) + small_value(b));
    }
    if (term_is_immediate_float(a) && term_is_immediate_float(b)) {
        return float_result(space, immediate_float_value(a) + immediate_float_value(b));
    }
    if (term_is_integer(a) && term_is_integer(b)) {
        return b == term_small(0) ? a : integer_sum(space, a, b, false);
    }
    double x, y;
    return both_to_double(a, b, &x, &y) ? float_result(space, x + y) : TERM_NONE;
}

Term arith_subtract(Space *space, Term a, Term b)
{
    arith_last_cost = 0;
    if (LIKELY(terms_are_small(a, b))) {
        int64_t difference;
        if (LIKELY(!__builtin_sub_overflow((int64_t) a, (int64_t) b, &difference))) {
            return (Term) difference;
        }
        return make_int64(space, small_value(a) - small_value(b));
    }
    if (term_is_immediate_float(a) && term_is_immediate_float(b)) {
        return float_result(space, immediate_float_value(a) - immediate_float_value(b));
    }
    if (term_is_integer(a) && term_is_integer(b)) {
        return integer_sum(space, a, b, true);
    }
    double x, y;
    return both_to_double(a, b, &x, &y) ? float_result(space, x - y) : TERM_NONE;
}

Term arith_negate(Space *space, Term a)
{
    arith_last_cost = 0;
    if (LIKELY(term_is_small(a))) {
        return make_int64(space, -small_value(a));
    }
    if (term_is_float(a)) {
        return make_float(space, -float_value(a));
    }
    return term_is_big(a) ? integer_sum(space, term_small(0), a, true) : TERM_NONE;
}

Term arith_abs(Space *space, Term a)
{
    arith_last_cost = 0;
    if (term_is_float(a)) {
        return make_float(space, fabs(float_value(a)));
    }
    if (!term_is_integer(a)) {
        return TERM_NONE;
    }
    return integer_is_negative(a) ? arith_negate(space, a) : a;
}

/* ---- products ---- */

static Term integer_product(Space *space, Term a, Term b)
{
    Limbs x, y;
    limbs_of(a, &x);
    limbs_of(b, &y);
    if (x.count == 0 || y.count == 0) {
        return term_small(0);
    }
    if (limbs_bits(x.at, x.count) + limbs_bits(y.at, y.count) - 1 > ARITH_MAX_BITS) {
        return TERM_LIMIT;
    }
    Big big = big_start(space, x.count + y.count);
    if (big.limbs == NULL) {
        return TERM_LIMIT;
    }
    cost_set(product_steps(x.count, y.count));
    if (a == b) {
        mpn_sqr(big.limbs, x.at, (mp_size_t) x.count);
    } else if (x.count >= y.count) {
        mpn_mul(big.limbs, x.at, (mp_size_t) x.count, y.at, (mp_size_t) y.count);
    } else {
        mpn_mul(big.limbs, y.at, (mp_size_t) y.count, x.at, (mp_size_t) x.count);
    }
    return big_finish(space, &big, x.negative != y.negative);
}

Term arith_multiply(Space *space, Term a, Term b)
{
    arith_last_cost = 0;
    if (LIKELY(terms_are_small(a, b))) {
        int64_t product;
        if (LIKELY(!__builtin_mul_overflow((int64_t) a, small_value(b), &product))) {
            return (Term) product;
        }
        return make_int128(space, (__int128_t) small_value(a) * small_value(b));
    }
    if (term_is_immediate_float(a) && term_is_immediate_float(b)) {
        return float_result(space, immediate_float_value(a) * immediate_float_value(b));
    }
    if (term_is_integer(a) && term_is_integer(b)) {
        return integer_product(space, a, b);
    }
    double x, y;
    return both_to_double(a, b, &x, &y) ? float_result(space, x * y) : TERM_NONE;
}

/* ---- quotients ---- */

Term arith_divide(Space *space, Term a, Term b)
{
    double x, y;
    arith_last_cost = 0;
    if (!both_to_double(a, b, &x, &y) || y == 0.0) {
        return TERM_NONE;
    }
    return float_result(space, x / y);
}

typedef enum Part { QUOTIENT, REMAINDER } Part;

/* By one limb. `y` is not 0. */
static Term divide_by_limb(Space *space, const Limbs *x, const Limbs *y, Part part)
{
    if (part == REMAINDER) {
        mp_limb_t remainder = mpn_mod_1(x->at, (mp_size_t) x->count, y->at[0]);
        __int128_t value = (__int128_t) remainder;
        return make_int128(space, x->negative ? -value : value);
    }
    Big big = big_start(space, x->count);
    if (big.limbs == NULL) {
        return TERM_LIMIT;
    }
    mpn_divrem_1(big.limbs, 0, x->at, (mp_size_t) x->count, y->at[0]);
    return big_finish(space, &big, x->negative != y->negative);
}

/* |x| has at least as many limbs as |y|, which has several. */
static Term divide_limbs(Space *space, const Limbs *x, const Limbs *y, Part part)
{
    size_t quotient_count = x->count - y->count + 1;
    size_t first = part == QUOTIENT ? quotient_count : y->count;
    size_t second = part == QUOTIENT ? y->count : quotient_count;
    Big wanted = big_start(space, first + second);
    if (wanted.limbs == NULL) {
        return TERM_LIMIT;
    }
    /* What is not wanted lies behind what is, and is given back with its leading zeros. */
    mp_limb_t *other = wanted.limbs + first;
    cost_set(product_steps(quotient_count, y->count));
    mpn_tdiv_qr(part == QUOTIENT ? wanted.limbs : other, part == QUOTIENT ? other : wanted.limbs, 0,
                x->at, (mp_size_t) x->count, y->at, (mp_size_t) y->count);
    mpn_zero(other, (mp_size_t) second);
    return big_finish(space, &wanted, x->negative != (part == QUOTIENT && y->negative));
}

static Term integer_division(Space *space, Term a, Term b, Part part)
{
    Limbs x, y;
    if (!term_is_integer(a) || !term_is_integer(b) || b == term_small(0)) {
        return TERM_NONE;
    }
    limbs_of(a, &x);
    limbs_of(b, &y);
    cost_set(x.count);
    if (x.count < y.count) {
        return part == QUOTIENT ? term_small(0) : a;
    }
    return y.count == 1 ? divide_by_limb(space, &x, &y, part) : divide_limbs(space, &x, &y, part);
}

Term arith_div(Space *space, Term a, Term b)
{
    arith_last_cost = 0;
    if (LIKELY(terms_are_small(a, b) && b != 0)) {
        return make_int64(space, small_value(a) / small_value(b));
    }
    return integer_division(space, a, b, QUOTIENT);
}

Term arith_rem(Space *space, Term a, Term b)
{
    arith_last_cost = 0;
    if (LIKELY(terms_are_small(a, b) && b != 0)) {
        return term_small(small_value(a) % small_value(b));
    }
    return integer_division(space, a, b, REMAINDER);
}
