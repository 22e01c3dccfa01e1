/* runtime/term/number_text.c
 * Integers and floats to and from text. Short integers are converted digit by digit; long ones by
 * GMP, which is subquadratic and needs scratch memory from malloc. Writing floats is in
 * double_text.c. */
#include "runtime/term/arith_big.h"

#include "runtime/term/mem.h"

#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>

/* ---- integers ---- */

/* 0 to 35, or 255. */
static inline unsigned digit_value(char c)
{
    if (c >= '0' && c <= '9') {
        return (unsigned) (c - '0');
    }
    if (c >= 'a' && c <= 'z') {
        return (unsigned) (c - 'a') + 10;
    }
    if (c >= 'A' && c <= 'Z') {
        return (unsigned) (c - 'A') + 10;
    }
    return 255;
}

/* Digits of which the first is not 0, too many for a word. */
static Term parse_long(Space *space, const char *digits, size_t count, int base, bool negative)
{
    double bits_per_digit = log2(base);
    if ((double) (count - 1) * bits_per_digit > (double) ARITH_MAX_BITS) {
        return TERM_LIMIT;
    }
    uint8_t *values = mem_try_alloc(count);
    if (values == NULL) {
        return TERM_LIMIT;
    }
    for (size_t i = 0; i < count; i++) {
        values[i] = (uint8_t) digit_value(digits[i]);
    }
    Big big = big_start(space, (size_t) ((double) count * bits_per_digit / LIMB_BITS) + 2);
    Term result = TERM_LIMIT;
    if (big.limbs != NULL) {
        size_t used = (size_t) mpn_set_str(big.limbs, values, count, base);
        CHECK(used <= big.count);
        mpn_zero(big.limbs + used, (mp_size_t) (big.count - used));
        cost_set(product_steps(big.count, big.count));
        result = big_finish(space, &big, negative);
    }
    mem_free_sized(values, count);
    return result;
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
    uint64_t value = 0;
    bool fits = true;
    for (size_t i = at; i < size_bytes; i++) {
        unsigned digit = digit_value(text[i]);
        if (digit >= (unsigned) base) {
            return TERM_NONE;
        }
        fits = fits && !__builtin_mul_overflow(value, (uint64_t) base, &value) &&
               !__builtin_add_overflow(value, (uint64_t) digit, &value);
    }
    if (!fits) {
        return parse_long(space, text + at, size_bytes - at, base, negative);
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
