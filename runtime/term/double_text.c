/* runtime/term/double_text.c
 * The shortest decimal that reads back as the same double, and of those the closest to it.
 *
 * The method is Schubfach (Raffaello Giulietti, "The Schubfach way to render doubles", 2020): the
 * double and the ends of its rounding interval are scaled by a power of ten, rounded to 128 bits,
 * so that the candidates are the integers around; rounding to odd keeps comparisons exact. Chosen
 * over trial and error with printf, which is not always closest, and over Grisu, which needs a
 * fallback. The table of powers is computed at first use, in about 0.1 ms, instead of being 10 KiB
 * of source.
 *
 * The layout is OTP's: 0.001 or 1.0e-5, whichever is shorter, the former when equal; from 2^53 on,
 * where digits would be made up, always with an exponent. */
#include "runtime/term/arith_big.h"

#include <math.h>
#include <pthread.h>

/* ---- powers of ten ---- */

enum { POWER_MIN = -292, POWER_MAX = 324 };

/* 10^k scaled to 128 bits, the top one set, rounded up. */
typedef struct Power {
    uint64_t high, low;
} Power;
static Power powers[POWER_MAX - POWER_MIN + 1];

enum { TABLE_LIMBS = 20 }; /* 10^324 has 1077 bits */

static size_t limbs_count(const mp_limb_t *limbs, size_t count)
{
    while (count > 0 && limbs[count - 1] == 0) {
        count--;
    }
    return count;
}

static void power_round_up(Power *power)
{
    power->low++;
    power->high += power->low == 0;
}

/* The top 128 bits of 10^k. */
static Power power_from(const mp_limb_t *value, size_t count)
{
    mp_limb_t padded[TABLE_LIMBS + 2] = {0};
    mpn_copyi(padded + 2, value, (mp_size_t) count);
    unsigned shift = (unsigned) __builtin_clzl(value[count - 1]);
    if (shift != 0) {
        mpn_lshift(padded, padded, (mp_size_t) count + 2, shift);
    }
    Power power = {padded[count + 1], padded[count]};
    if (!mpn_zero_p(padded, (mp_size_t) count)) {
        power_round_up(&power);
    }
    return power;
}

/* The same of 10^-k: 2^n / 10^k, n such that the quotient has 128 bits. */
static Power power_from_inverse(const mp_limb_t *value, size_t count)
{
    mp_limb_t one[TABLE_LIMBS + 4] = {0}, quotient[TABLE_LIMBS + 4] = {0};
    mp_limb_t remainder[TABLE_LIMBS];
    size_t bits = limbs_bits(value, count);
    size_t n = bits - 1 + 128; /* 10^k > 2^(bits - 1): it is no power of two */
    size_t one_count = n / LIMB_BITS + 1;
    one[n / LIMB_BITS] = (mp_limb_t) 1 << (n % LIMB_BITS);
    mpn_tdiv_qr(quotient, remainder, 0, one, (mp_size_t) one_count, value, (mp_size_t) count);
    Power power = {quotient[1], quotient[0]};
    power_round_up(&power); /* the quotient is never exact */
    return power;
}

static void powers_init(void)
{
    mp_limb_t value[TABLE_LIMBS] = {1};
    for (int k = 0; k <= POWER_MAX; k++) {
        size_t count = limbs_count(value, TABLE_LIMBS);
        powers[k - POWER_MIN] = power_from(value, count);
        if (k > 0 && -k >= POWER_MIN) {
            powers[-k - POWER_MIN] = power_from_inverse(value, count);
        }
        mpn_mul_1(value, value, TABLE_LIMBS, 10);
    }
}

/* ---- digits ---- */

/* digits * 10^exponent */
typedef struct Decimal {
    uint64_t digits;
    int exponent;
} Decimal;

/* The product's top 64 bits, the lowest of them set when anything below is. */
static uint64_t round_to_odd(Power power, uint64_t factor)
{
    uint64_t carried = (uint64_t) (((__uint128_t) power.low * factor) >> 64);
    __uint128_t product = (__uint128_t) power.high * factor + carried;
    return (uint64_t) (product >> 64) | ((uint64_t) product > 1);
}

/* floor(log2(10^e)) for the exponents there are. */
static int log2_of_power(int e)
{
    return (e * 1741647) >> 19;
}

/* Of a positive double: mantissa * 2^exponent. */
static Decimal shortest(uint64_t mantissa, int exponent, bool lower_is_closer)
{
    /* The interval that reads back as this double includes its ends when the mantissa is even. */
    uint64_t outside = mantissa & 1;
    int k = (exponent * 1262611 - (lower_is_closer ? 524031 : 0)) >> 22;
    int shift = exponent + log2_of_power(-k) + 1;
    Power power = powers[-k - POWER_MIN];
    /* In quarters of the unit 10^k. */
    uint64_t low = round_to_odd(power, (4 * mantissa - 2 + lower_is_closer) << shift) + outside;
    uint64_t value = round_to_odd(power, (4 * mantissa) << shift);
    uint64_t high = round_to_odd(power, (4 * mantissa + 2) << shift) - outside;
    uint64_t unit = value / 4;
    if (unit >= 10) {
        /* One digit less, when exactly one of the neighbours is inside. */
        uint64_t tens = unit / 10;
        bool under = low <= 40 * tens, over = 40 * tens + 40 <= high;
        if (under != over) {
            return (Decimal){tens + over, k + 1};
        }
    }
    bool under = low <= 4 * unit, over = 4 * unit + 4 <= high;
    if (under != over) {
        return (Decimal){unit + over, k};
    }
    uint64_t middle = 4 * unit + 2;
    bool up = value > middle || (value == middle && (unit & 1) != 0);
    return (Decimal){unit + up, k};
}

static Decimal decimal_of(double value)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint64_t fraction = bits & (((uint64_t) 1 << 52) - 1);
    int exponent = (int) (bits >> 52) & 0x7FF;
    if (value < 0x1p53 && value == (double) (uint64_t) value) {
        return (Decimal){(uint64_t) value, 0}; /* every digit counts */
    }
    pthread_once(&once, powers_init);
    if (exponent == 0) {
        return shortest(fraction, 1 - 1075, false);
    }
    return shortest(fraction | (uint64_t) 1 << 52, exponent - 1075, fraction == 0 && exponent > 1);
}

/* ---- layout ---- */

static char *put(char *out, const char *bytes, size_t count)
{
    memcpy(out, bytes, count);
    return out + count;
}

static char *put_zeros(char *out, size_t count)
{
    memset(out, '0', count);
    return out + count;
}

/* D.DDDe-X */
static char *put_scientific(char *out, const char *digits, size_t count, int exponent)
{
    *out++ = digits[0];
    *out++ = '.';
    out = count == 1 ? put(out, "0", 1) : put(out, digits + 1, count - 1);
    *out++ = 'e';
    return out + integer_write(term_small(exponent), 10, out);
}

/* `point`: how many digits come before the decimal point; may be negative or beyond the digits. */
static char *put_plain(char *out, const char *digits, size_t count, int point)
{
    if (point <= 0) {
        out = put(out, "0.", 2);
        out = put_zeros(out, (size_t) -point);
        return put(out, digits, count);
    }
    if ((size_t) point >= count) {
        out = put(out, digits, count);
        out = put_zeros(out, (size_t) point - count);
        return put(out, ".0", 2);
    }
    out = put(out, digits, (size_t) point);
    *out++ = '.';
    return put(out, digits + point, count - (size_t) point);
}

static int plain_size(int count, int point)
{
    return point <= 0 ? 2 - point + count : point >= count ? point + 2 : count + 1;
}

static int scientific_size(int count, int exponent)
{
    int magnitude = exponent < 0 ? -exponent : exponent;
    int digits = magnitude < 10 ? 1 : magnitude < 100 ? 2 : 3;
    return (count == 1 ? 3 : count + 1) + 1 + (exponent < 0) + digits;
}

size_t double_write_shortest(double value, char *out)
{
    char *start = out, digits[24];
    if (signbit(value)) {
        *out++ = '-';
        value = -value;
    }
    if (value == 0) {
        return (size_t) (put(out, "0.0", 3) - start);
    }
    Decimal decimal = decimal_of(value);
    while (decimal.digits % 10 == 0) {
        decimal.digits /= 10;
        decimal.exponent++;
    }
    int count = (int) integer_write(term_small((int64_t) decimal.digits), 10, digits);
    int point = count + decimal.exponent;
    if (value < 0x1p53 && plain_size(count, point) <= scientific_size(count, point - 1)) {
        out = put_plain(out, digits, (size_t) count, point);
    } else {
        out = put_scientific(out, digits, (size_t) count, point - 1);
    }
    return (size_t) (out - start);
}
