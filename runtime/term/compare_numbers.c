/* runtime/term/compare_numbers.c
 * Integers and floats in one order, exactly: no integer is rounded to compare it with a float. */
#include "runtime/term/compare_numbers.h"

#include <gmp.h>
#include <math.h>

static int compare_int64(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_doubles(double a, double b)
{
    return (a > b) - (a < b);
}

static int compare_small_double(int64_t a, double b)
{
    if (b >= 0x1p62) {
        return -1;
    }
    if (b <= -0x1p62) {
        return 1;
    }
    int64_t whole = (int64_t) b; /* towards zero; exact */
    if (a != whole) {
        return a < whole ? -1 : 1;
    }
    return compare_doubles(0.0, b - (double) whole);
}

static bool big_is_negative(Term big)
{
    return boxed_kind(big) == KIND_big_neg;
}
static const mp_limb_t *big_limbs(Term big)
{
    return (const mp_limb_t *) term_boxed_at(big) + 1;
}
static size_t big_limb_count(Term big)
{
    return header_words(*term_boxed_at(big));
}

static int compare_bigs(Term a, Term b)
{
    bool negative = big_is_negative(a);
    if (negative != big_is_negative(b)) {
        return negative ? -1 : 1;
    }
    size_t a_count = big_limb_count(a), b_count = big_limb_count(b);
    int order = a_count != b_count ? (a_count < b_count ? -1 : 1)
                                   : mpn_cmp(big_limbs(a), big_limbs(b), (mp_size_t) a_count);
    return negative ? -order : order;
}

/* |big| against |b|, exactly: first the lengths in bits, then the leading 64 bits, then whether
 * anything but zeros follows. A big has more than 53 bits, so the float has no fraction there. */
static int compare_big_magnitude_double(Term big, double b)
{
    size_t count = big_limb_count(big);
    const mp_limb_t *limbs = big_limbs(big);
    int exponent;
    double fraction = frexp(fabs(b), &exponent); /* 0.5 <= fraction < 1, or 0 */
    unsigned leading = (unsigned) __builtin_clzll(limbs[count - 1]);
    int64_t bits = (int64_t) (count * 64 - leading);
    if (fraction == 0.0 || exponent < bits) {
        return 1;
    }
    if (exponent > bits) {
        return -1;
    }
    uint64_t top = limbs[count - 1] << leading;
    if (leading != 0 && count > 1) {
        top |= limbs[count - 2] >> (64 - leading);
    }
    uint64_t float_top = (uint64_t) (fraction * 0x1p53) << 11;
    if (top != float_top) {
        return top < float_top ? -1 : 1;
    }
    if (count > 1) {
        if ((leading == 0 ? limbs[count - 2] : limbs[count - 2] << leading) != 0) {
            return 1;
        }
        for (size_t i = 0; i + 2 < count; i++) {
            if (limbs[i] != 0) {
                return 1;
            }
        }
    }
    return 0;
}

static int compare_big_double(Term big, double b)
{
    bool negative = big_is_negative(big);
    if (negative != (b < 0)) {
        return negative ? -1 : 1;
    }
    int order = compare_big_magnitude_double(big, b);
    return negative ? -order : order;
}

/* A total order even of 0.0 and -0.0, which =:= tells apart. */
static int compare_doubles_exact(double a, double b)
{
    int order = compare_doubles(a, b);
    return order != 0 ? order : !!signbit(b) - !!signbit(a);
}

int compare_numbers(Term a, Term b, bool exact)
{
    if (terms_are_small(a, b)) {
        return compare_int64((int64_t) a, (int64_t) b);
    }
    bool a_is_float = term_is_float(a), b_is_float = term_is_float(b);
    if (a_is_float && b_is_float) {
        double x = float_value(a), y = float_value(b);
        return exact ? compare_doubles_exact(x, y) : compare_doubles(x, y);
    }
    if (a_is_float != b_is_float && exact) {
        return a_is_float ? 1 : -1;
    }
    if (a_is_float) {
        return term_is_small(b) ? -compare_small_double(small_value(b), float_value(a))
                                : -compare_big_double(b, float_value(a));
    }
    if (b_is_float) {
        return term_is_small(a) ? compare_small_double(small_value(a), float_value(b))
                                : compare_big_double(a, float_value(b));
    }
    if (term_is_small(a)) {
        return big_is_negative(b) ? 1 : -1;
    }
    if (term_is_small(b)) {
        return big_is_negative(a) ? -1 : 1;
    }
    return compare_bigs(a, b);
}
