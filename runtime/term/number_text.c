/* runtime/term/number_text.c
 * Integers and floats to and from text. Short integers are converted digit by digit, longer ones
 * a word of digits at a time; long ones by GMP, which is subquadratic and needs scratch memory from
 * malloc. Writing floats is in double_text.c. */
#include "runtime/term/arith_big.h"

#include "runtime/term/mem.h"

#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>

/* ---- integers ---- */

/* The value of each digit, 0 to 35, plus 1; 0: no digit. */
static const uint8_t digit_values[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
    ['g'] = 17, ['h'] = 18, ['i'] = 19, ['j'] = 20, ['k'] = 21, ['l'] = 22, ['m'] = 23, ['n'] = 24,
    ['o'] = 25, ['p'] = 26, ['q'] = 27, ['r'] = 28, ['s'] = 29, ['t'] = 30, ['u'] = 31, ['v'] = 32,
    ['w'] = 33, ['x'] = 34, ['y'] = 35, ['z'] = 36, ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14,
    ['E'] = 15, ['F'] = 16, ['G'] = 17, ['H'] = 18, ['I'] = 19, ['J'] = 20, ['K'] = 21, ['L'] = 22,
    ['M'] = 23, ['N'] = 24, ['O'] = 25, ['P'] = 26, ['Q'] = 27, ['R'] = 28, ['S'] = 29, ['T'] = 30,
    ['U'] = 31, ['V'] = 32, ['W'] = 33, ['X'] = 34, ['Y'] = 35, ['Z'] = 36,
};

/* As many digits of the base as are sure to fit a word. */
static unsigned digits_of_word(unsigned base)
{
    static const uint8_t counts[] = {64, 40, 32, 27, 24, 22, 21, 20, 19, 18, 17, 17,
                                     16, 16, 16, 15, 15, 15, 14, 14, 14, 14, 13, 13,
                                     13, 13, 13, 13, 13, 12, 12, 12, 12, 12, 12};
    return counts[base - 2];
}

/* The value of at most digits_of_word(base) digits; false: not all are digits. */
static inline bool word_of_digits(const char *text, size_t count, unsigned base, uint64_t *out)
{
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned digit = digit_values[(uint8_t) text[i]] - 1u;
        if (UNLIKELY(digit >= base)) {
            return false;
        }
        value = value * base + digit;
    }
    *out = value;
    return true;
}

/* Digits of which the first is not 0, a word of them at a time: each multiplies all that came
 * before. How many limbs, with room for one of each word; 0: not all are digits. */
static size_t parse_by_words(mp_limb_t *limbs, const char *digits, size_t count, unsigned base)
{
    size_t used = 0, step = digits_of_word(base);
    uint64_t whole = 1;
    for (size_t i = 0; i < step; i++) {
        whole *= base; /* 0 where it is 2^64, which takes the first word alone */
    }
    for (size_t size = (count - 1) % step + 1; count > 0; count -= size, size = step) {
        uint64_t word;
        if (!word_of_digits(digits, size, base, &word)) {
            return 0;
        }
        digits += size;
        if (whole == 0) { /* a shift by a limb */
            memmove(limbs + 1, limbs, used * sizeof *limbs);
            limbs[0] = word;
            used++;
            continue;
        }
        mp_limb_t carry = 0;
        for (size_t i = 0; i < used; i++) {
            unsigned __int128 sum = (unsigned __int128) limbs[i] * whole + carry;
            sum += i == 0 ? word : 0;
            limbs[i] = (mp_limb_t) sum;
            carry = (mp_limb_t) (sum >> LIMB_BITS);
        }
        carry = used == 0 ? word : carry;
        if (carry != 0) {
            limbs[used++] = carry;
        }
    }
    return used;
}

/* As parse_by_words, of what is known to be digits, by GMP; 0: there is no memory. */
static size_t parse_by_halves(mp_limb_t *limbs, const char *digits, size_t count, unsigned base)
{
    uint8_t *values = mem_try_alloc(count);
    if (values == NULL) {
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        values[i] = digit_values[(uint8_t) digits[i]] - 1;
    }
    size_t used = (size_t) mpn_set_str(limbs, values, count, (int) base);
    mem_free_sized(values, count);
    return used;
}

static bool all_are_digits(const char *digits, size_t count, unsigned base)
{
    while (count > 0 && digit_values[(uint8_t) digits[count - 1]] - 1u < base) {
        count--;
    }
    return count == 0;
}

/* Digits of which the first is not 0, too many for a word. */
static Term parse_long(Space *space, const char *digits, size_t count, int base, bool negative)
{
    enum { HALVES_LEAST = 400 };
    size_t words = (count - 1) / digits_of_word((unsigned) base) + 2;
    bool by_halves = count >= HALVES_LEAST;
    if (by_halves && !all_are_digits(digits, count, (unsigned) base)) {
        return TERM_NONE;
    }
    if (words > ARITH_MAX_LIMBS && (double) (count - 1) * log2(base) > (double) ARITH_MAX_BITS) {
        return TERM_LIMIT;
    }
    Big big = big_start(space, words);
    if (big.limbs == NULL) {
        return TERM_LIMIT;
    }
    size_t used = by_halves ? parse_by_halves(big.limbs, digits, count, (unsigned) base)
                            : parse_by_words(big.limbs, digits, count, (unsigned) base);
    if (used == 0) {
        big_drop(space, &big);
        return by_halves ? TERM_LIMIT : TERM_NONE;
    }
    CHECK(used <= big.count);
    mpn_zero(big.limbs + used, (mp_size_t) (big.count - used));
    cost_set(product_steps(big.count, big.count));
    return big_finish(space, &big, negative);
}

Term integer_parse(Space *space, const char *text, size_t size_bytes, int base)
{
    ASSERT(base >= 2);
    ASSERT(base <= 36);
    arith_last_cost = 0;
    size_t at = 0;
    bool negative = false;
    if (size_bytes > 0 && (text[0] == '+' || text[0] == '-')) {
        negative = text[0] == '-';
        at = 1;
    }
    if (at == size_bytes) {
        return TERM_NONE;
    }
    while (at < size_bytes && text[at] == '0') {
        at++;
    }
    if (size_bytes - at > digits_of_word((unsigned) base)) {
        return parse_long(space, text + at, size_bytes - at, base, negative);
    }
    uint64_t value;
    if (!word_of_digits(text + at, size_bytes - at, (unsigned) base, &value)) {
        return TERM_NONE;
    }
    return negative ? make_int128(space, -(__int128_t) value) : make_uint64(space, value);
}

size_t integer_text_bound(Term integer, int base)
{
    if (term_is_small(integer)) {
        return 66; /* in base 2 */
    }
    size_t bits = integer_bit_length(integer);
    /* A sign, rounding, and the leading zero that GMP may write. */
    return (size_t) ((double) bits / log2(base)) + 4;
}

static const char digit_letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

static const char digit_pairs[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
    "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
    "8081828384858687888990919293949596979899";

static size_t decimal_digits(uint64_t value)
{
    static const uint64_t powers[] = {0,    1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,
                                      1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19};
    /* Bits times log10(2), rounded down; the power says whether there is one more. */
    size_t at_least = (size_t) (64 - __builtin_clzll(value | 1)) * 1233 >> 12;
    return at_least + (value >= powers[at_least]);
}

static inline void write_pair(uint32_t pair, char *out)
{
    memcpy(out, digit_pairs + pair * 2, 2);
}

/* Exactly eight: no division waits for more than two others. */
static void write_eight(uint32_t value, char *out)
{
    uint32_t high = value / 10000, low = value % 10000;
    write_pair(high / 100, out);
    write_pair(high % 100, out + 2);
    write_pair(low / 100, out + 4);
    write_pair(low % 100, out + 6);
}

static size_t write_decimal(uint64_t value, char *out)
{
    size_t count = decimal_digits(value);
    char *at = out + count;
    for (; value >= 100000000; value /= 100000000) {
        at -= 8;
        write_eight((uint32_t) (value % 100000000), at);
    }
    uint32_t rest = (uint32_t) value;
    for (; rest >= 100; rest /= 100) {
        at -= 2;
        write_pair(rest % 100, at);
    }
    if (rest >= 10) {
        write_pair(rest, at - 2);
    } else {
        at[-1] = (char) ('0' + rest);
    }
    return count;
}

static size_t write_word(uint64_t value, unsigned base, char *out)
{
    char reversed[64];
    size_t count = 0;
    if (base == 10) {
        return write_decimal(value, out);
    }
    if ((base & (base - 1)) == 0) {
        unsigned shift = (unsigned) __builtin_ctz(base);
        count = (63 - (unsigned) __builtin_clzll(value | 1)) / shift + 1;
        for (size_t i = count; i-- > 0; value >>= shift) {
            out[i] = digit_letters[value & (base - 1)];
        }
        return count;
    }
    do {
        reversed[count++] = digit_letters[value % base];
        value /= base;
    } while (value != 0);
    for (size_t i = 0; i < count; i++) {
        out[i] = reversed[count - 1 - i];
    }
    return count;
}

static size_t write_limbs(const Limbs *x, int base, char *out)
{
    /* mpn_get_str destroys its operand. */
    size_t scratch_bytes = (x->count + 1) * sizeof(mp_limb_t);
    mp_limb_t *scratch = mem_alloc(scratch_bytes);
    mpn_copyi(scratch, x->at, (mp_size_t) x->count);
    size_t count = mpn_get_str((unsigned char *) out, base, scratch, (mp_size_t) x->count);
    mem_free_sized(scratch, scratch_bytes);
    size_t zeros = 0;
    while (zeros + 1 < count && out[zeros] == 0) {
        zeros++;
    }
    count -= zeros;
    for (size_t i = 0; i < count; i++) {
        out[i] = digit_letters[(unsigned char) out[i + zeros]];
    }
    cost_set(product_steps(x->count, x->count));
    return count;
}

size_t integer_write(Term integer, int base, char *out)
{
    Limbs x;
    limbs_of(integer, &x);
    arith_last_cost = 0;
    size_t sign = x.negative;
    if (x.negative) {
        out[0] = '-';
    }
    if (x.count <= 1) {
        return sign + write_word(x.count == 0 ? 0 : x.at[0], (unsigned) base, out + sign);
    }
    return sign + write_limbs(&x, base, out + sign);
}

/* ---- floats ---- */

static size_t skip_digits(const char *text, size_t size_bytes, size_t at)
{
    while (at < size_bytes && text[at] >= '0' && text[at] <= '9') {
        at++;
    }
    return at;
}

/* [sign] digits . digits [e [sign] digits] */
static bool is_float_text(const char *text, size_t size_bytes)
{
    size_t start = size_bytes > 0 && (text[0] == '+' || text[0] == '-');
    size_t at = skip_digits(text, size_bytes, start);
    if (at == start || at == size_bytes || text[at] != '.') {
        return false;
    }
    start = at + 1;
    at = skip_digits(text, size_bytes, start);
    if (at == start) {
        return false;
    }
    if (at < size_bytes && (text[at] == 'e' || text[at] == 'E')) {
        start = at + 1;
        start += start < size_bytes && (text[start] == '+' || text[start] == '-');
        at = skip_digits(text, size_bytes, start);
        if (at == start) {
            return false;
        }
    }
    return at == size_bytes;
}

/* Of text that is_float_text: few digits and a small power of ten are both exact as doubles, so
 * that their product or quotient is rounded right (Clinger). False: they are more. */
static bool short_double(const char *text, size_t size_bytes, double *out)
{
    enum { DIGITS_MOST = 15, POWER_MOST = 22 };
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    bool negative = text[0] == '-';
    size_t at = text[0] == '+' || text[0] == '-', digits = 0;
    int64_t mantissa = 0;
    int power = 0, exponent = 0;
    bool behind = false;
    for (; at < size_bytes && (text[at] | 0x20) != 'e'; at++) {
        if (text[at] == '.') {
            behind = true;
            continue;
        }
        mantissa = mantissa * 10 + (text[at] - '0');
        digits += mantissa != 0;
        power -= behind;
        if (digits > DIGITS_MOST || power < -2 * POWER_MOST) {
            return false;
        }
    }
    if (at < size_bytes) {
        bool minus = text[at + 1] == '-';
        at += 1 + (size_t) (text[at + 1] == '+' || minus);
        for (; at < size_bytes; at++) {
            exponent = exponent * 10 + (text[at] - '0');
            if (exponent > 1000) {
                return false;
            }
        }
        power += minus ? -exponent : exponent;
    }
    if (power < -POWER_MOST || power > POWER_MOST) {
        return false;
    }
    double value = (double) mantissa;
    value = power < 0 ? value / powers[-power] : value * powers[power];
    *out = negative ? -value : value;
    return true;
}

/* Whatever the program that embeds the machine made of its locale, a float has a point. */
static locale_t c_locale;
static void c_locale_init(void)
{
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t) 0);
}

bool double_parse(const char *text, size_t size_bytes, double *out)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    char buffer[64];
    if (!is_float_text(text, size_bytes)) {
        return false;
    }
    if (short_double(text, size_bytes, out)) {
        return true;
    }
    char *copy = size_bytes < sizeof buffer ? buffer : mem_try_alloc(size_bytes + 1);
    if (copy == NULL) {
        return false;
    }
    memcpy(copy, text, size_bytes);
    copy[size_bytes] = 0;
    pthread_once(&once, c_locale_init);
    *out = strtod_l(copy, NULL, c_locale);
    if (copy != buffer) {
        mem_free_sized(copy, size_bytes + 1);
    }
    return isfinite(*out);
}
