/* runtime/term/arith_convert.c
 * Between integers, floats, machine words and bytes. */
#include "runtime/term/arith_big.h"

#include <math.h>

/* ---- integer to float ---- */

/* Digit by digit from the highest, rounded at each, as OTP does it: the last bit may differ from
 * the nearest float's, and programs that print or compare floats see it. */
static bool big_to_double(Term a, double *out)
{
    Limbs x;
    limbs_of(a, &x);
    if (limbs_bits(x.at, x.count) > 1024) {
        return false;
    }
    double value = 0.0;
    for (size_t i = x.count; i-- > 0;) {
        value = value * 0x1p64 + (double) x.at[i];
    }
    *out = x.negative ? -value : value;
    return isfinite(value);
}

bool arith_to_double(Term a, double *out)
{
    if (term_is_small(a)) {
        *out = (double) small_value(a);
        return true;
    }
    if (term_is_float(a)) {
        *out = float_value(a);
        return true;
    }
    return term_is_big(a) && big_to_double(a, out);
}

/* ---- float to integer ---- */

/* `value` is finite and has no fraction. */
static Term integer_from_double(Space *space, double value)
{
    if (fabs(value) < 0x1p61) {
        return term_small((int64_t) value);
    }
    int exponent;
    double fraction = frexp(fabs(value), &exponent); /* 0.5 <= fraction < 1 */
    mp_limb_t mantissa = (mp_limb_t) ldexp(fraction, LIMB_BITS);
    unsigned shift = (unsigned) exponent % LIMB_BITS;
    size_t limbs = (size_t) exponent / LIMB_BITS;
    /* The value is mantissa * 2^(exponent - 64): its top bit is bit exponent - 1. */
    Big big = big_start(space, limbs + 1);
    if (big.limbs == NULL) {
        return TERM_LIMIT;
    }
    mpn_zero(big.limbs, (mp_size_t) limbs + 1);
    big.limbs[limbs] = shift == 0 ? 0 : mantissa >> (LIMB_BITS - shift);
    if (limbs > 0) {
        big.limbs[limbs - 1] = mantissa << shift;
    }
    return big_finish(space, &big, value < 0);
}

static Term convert(Space *space, Term a, double (*to_integral)(double))
{
    arith_last_cost = 0;
    if (term_is_float(a)) {
        return integer_from_double(space, to_integral(float_value(a)));
    }
    return term_is_integer(a) ? a : TERM_NONE;
}

Term arith_trunc(Space *space, Term a)
{
    return convert(space, a, trunc);
}
Term arith_round(Space *space, Term a)
{
    return convert(space, a, round);
}
Term arith_floor(Space *space, Term a)
{
    return convert(space, a, floor);
}
Term arith_ceil(Space *space, Term a)
{
    return convert(space, a, ceil);
}

/* ---- words ---- */

bool term_to_int64(Term t, int64_t *out)
{
    if (LIKELY(term_is_small(t))) {
        *out = small_value(t);
        return true;
    }
    if (!term_is_big(t)) {
        return false;
    }
    Limbs x;
    limbs_of(t, &x);
    if (x.count != 1 || x.at[0] > (uint64_t) INT64_MAX + x.negative) {
        return false;
    }
    *out = x.negative ? (int64_t) (0 - x.at[0]) : (int64_t) x.at[0];
    return true;
}

bool term_to_uint64(Term t, uint64_t *out)
{
    if (LIKELY(term_is_small(t))) {
        *out = (uint64_t) small_value(t);
        return small_value(t) >= 0;
    }
    if (!term_is_kind(t, KIND_big_pos) || header_words(*term_boxed_at(t)) != 1) {
        return false;
    }
    *out = term_boxed_at(t)[1];
    return true;
}

size_t integer_bit_length(Term integer)
{
    Limbs x;
    limbs_of(integer, &x);
    return limbs_bits(x.at, x.count);
}

bool integer_is_negative(Term integer)
{
    return term_is_small(integer) ? small_value(integer) < 0 : boxed_kind(integer) == KIND_big_neg;
}

/* ---- bytes ---- */

/* Eight bytes that begin `offset` bytes from the least significant end, of `size_bytes` in all;
 * those beyond the end are `fill`. */
static mp_limb_t load_limb(const uint8_t *bytes, size_t size_bytes, size_t offset, bool little,
                           uint8_t fill)
{
    mp_limb_t limb = fill ? ~(mp_limb_t) 0 : 0;
    size_t left = size_bytes - offset;
    if (left >= sizeof limb) {
        memcpy(&limb, little ? bytes + offset : bytes + size_bytes - offset - sizeof limb,
               sizeof limb);
        return little ? limb : __builtin_bswap64(limb);
    }
    for (size_t i = left; i-- > 0;) {
        size_t at = offset + i;
        limb = limb << 8 | bytes[little ? at : size_bytes - 1 - at];
    }
    return limb;
}

Term integer_from_bytes(Space *space, const uint8_t *bytes, size_t size_bytes, bool little,
                        bool is_signed)
{
    arith_last_cost = 0;
    if (size_bytes == 0) {
        return term_small(0);
    }
    bool negative = is_signed && (bytes[little ? size_bytes - 1 : 0] & 0x80) != 0;
    uint8_t fill = negative ? 0xFF : 0;
    if (size_bytes <= sizeof(mp_limb_t)) {
        mp_limb_t limb = load_limb(bytes, size_bytes, 0, little, fill);
        return negative ? make_int64(space, (int64_t) limb) : make_uint64(space, limb);
    }
    size_t count = (size_bytes + sizeof(mp_limb_t) - 1) / sizeof(mp_limb_t);
    Big big = big_start(space, count);
    if (big.limbs == NULL) {
        return TERM_LIMIT;
    }
    cost_set(count);
    for (size_t i = 0; i < count; i++) {
        big.limbs[i] = load_limb(bytes, size_bytes, i * sizeof(mp_limb_t), little, fill);
    }
    if (negative) {
        mpn_neg(big.limbs, big.limbs, (mp_size_t) count);
    }
    return big_finish(space, &big, negative);
}

void integer_to_bytes(Term integer, uint8_t *bytes, size_t size_bytes, bool little)
{
    Limbs x;
    limbs_of(integer, &x);
    mp_limb_t carry = 1;
    for (size_t offset = 0, i = 0; offset < size_bytes; i++) {
        mp_limb_t limb = i < x.count ? x.at[i] : 0;
        if (x.negative) {
            limb = ~limb + carry;
            carry = carry && limb == 0;
        }
        for (unsigned j = 0; j < sizeof limb && offset < size_bytes; j++, offset++) {
            bytes[little ? offset : size_bytes - 1 - offset] = (uint8_t) limb;
            limb >>= 8;
        }
    }
}
