/* runtime/term/bits_fields.c
 * Integers, floats and Unicode code points as the bit syntax reads and writes them.
 *
 * A little-endian field of a size that is not whole bytes is as many whole bytes as fit, the least
 * significant first, then the remaining bits, which are the most significant. */
#include "runtime/term/bits.h"

#include <math.h>

#include "runtime/term/arith.h"
#include "runtime/term/mem.h"

enum { SCRATCH_BYTES = 256 };

static bool is_little(unsigned flags)
{
    return (flags & (BITS_LITTLE | BITS_NATIVE)) != 0;
}

/* ---- integers ---- */

/* 1 to 64 bits, most significant first. */
static uint64_t get_word(const uint8_t *bytes, size_t offset, size_t size)
{
    const uint8_t *at = bytes + (offset >> 3);
    size_t end = (offset & 7) + size;
    size_t count = end >> 3; /* whole bytes up to the end: at most 8, and then a rest */
    unsigned rest = end & 7;
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++) {
        value = value << 8 | at[i];
    }
    if (rest != 0) {
        value = value << rest | at[count] >> (8 - rest);
    }
    return size == 64 ? value : value & (((uint64_t) 1 << size) - 1);
}

/* Turns a field of little-endian bytes, read most significant first, round. */
static uint64_t reverse_field(uint64_t value, size_t size)
{
    unsigned rest = size & 7;
    size_t whole = size - rest;
    uint64_t reversed = 0, low = rest == 0 ? value : value >> rest;
    if (whole > 0) {
        reversed = __builtin_bswap64(low) >> (64 - whole);
    }
    return rest == 0 ? reversed : reversed | (value & ((1u << rest) - 1)) << whole;
}

static Term get_long_integer(Space *space, const uint8_t *bytes, size_t offset, size_t size,
                             unsigned flags)
{
    uint8_t scratch[SCRATCH_BYTES];
    size_t size_bytes = (size + 7) / 8;
    unsigned rest = size & 7;
    bool little = is_little(flags), is_signed = (flags & BITS_SIGNED) != 0;
    /* Leading zeros do not count, but nobody needs such fields. */
    if (size_bytes > ARITH_MAX_BITS / 8 + 16) {
        return TERM_LIMIT;
    }
    if (rest == 0 && (offset & 7) == 0) {
        return integer_from_bytes(space, bytes + offset / 8, size_bytes, little, is_signed);
    }
    uint8_t *buffer = size_bytes <= sizeof scratch ? scratch : mem_try_alloc(size_bytes);
    if (buffer == NULL) {
        return TERM_LIMIT;
    }
    buffer[0] = 0;
    buffer[size_bytes - 1] = 0;
    uint8_t *most; /* the byte that holds the partial bits, to be extended */
    if (little) {
        bits_copy(buffer, 0, bytes, offset, size);
        most = &buffer[size_bytes - 1];
        if (rest != 0) {
            *most = (uint8_t) (*most >> (8 - rest));
        }
    } else {
        bits_copy(buffer, size_bytes * 8 - size, bytes, offset, size);
        most = &buffer[0];
    }
    if (is_signed && rest != 0 && (*most >> (rest - 1) & 1) != 0) {
        *most = (uint8_t) (*most | 0xFFu << rest);
    }
    Term integer = integer_from_bytes(space, buffer, size_bytes, little, is_signed);
    if (buffer != scratch) {
        mem_free(buffer);
    }
    return integer;
}

Term bits_get_integer(Space *space, const uint8_t *bytes, size_t offset, size_t size,
                      unsigned flags)
{
    if (size > 64) {
        return get_long_integer(space, bytes, offset, size, flags);
    }
    if (size == 0) {
        return term_small(0);
    }
    uint64_t value = get_word(bytes, offset, size);
    if (is_little(flags) && size > 8) {
        value = reverse_field(value, size);
    }
    if ((flags & BITS_SIGNED) != 0) {
        int64_t extended = (int64_t) (value << (64 - size)) >> (64 - size);
        return LIKELY(small_fits(extended)) ? term_small(extended) : make_int64(space, extended);
    }
    return LIKELY(value <= (uint64_t) SMALL_MAX) ? term_small((int64_t) value)
                                                 : make_uint64(space, value);
}

/* Writes up to 64 bits, most significant first. */
static void put_word(uint8_t *bytes, size_t offset, size_t size, uint64_t value)
{
    uint8_t buffer[8];
    if ((offset & 7) == 0 && size == 8) {
        bytes[offset >> 3] = (uint8_t) value;
        return;
    }
    value = __builtin_bswap64(value << (64 - size));
    memcpy(buffer, &value, sizeof buffer);
    bits_copy(bytes, offset, buffer, 0, size);
}

static void fill_bits(uint8_t *bytes, size_t offset, size_t size, bool ones)
{
    uint8_t block[64];
    memset(block, ones ? 0xFF : 0, sizeof block);
    for (size_t count; size > 0; offset += count, size -= count) {
        count = size < sizeof block * 8 ? size : sizeof block * 8;
        bits_copy(bytes, offset, block, 0, count);
    }
}

static void put_long_integer(uint8_t *bytes, size_t offset, size_t size, Term integer, bool little)
{
    uint8_t scratch[SCRATCH_BYTES];
    bool negative = integer_is_negative(integer);
    /* The digits, and what only repeats the sign: after them if little, else before. */
    size_t digit_bytes = integer_bit_length(integer) / 8 + 1;
    size_t size_bytes = (size + 7) / 8;
    if (digit_bytes > size_bytes) {
        digit_bytes = size_bytes;
    }
    uint8_t *buffer = digit_bytes <= sizeof scratch ? scratch : mem_alloc(digit_bytes);
    integer_to_bytes(integer, buffer, digit_bytes, little);
    unsigned rest = size & 7;
    if (little) {
        if (rest != 0 && digit_bytes == size_bytes) {
            buffer[digit_bytes - 1] = (uint8_t) (buffer[digit_bytes - 1] << (8 - rest));
            bits_copy(bytes, offset, buffer, 0, size);
        } else {
            bits_copy(bytes, offset, buffer, 0, digit_bytes * 8);
            fill_bits(bytes, offset + digit_bytes * 8, size - digit_bytes * 8, negative);
        }
    } else {
        size_t digit_bits = digit_bytes * 8 < size ? digit_bytes * 8 : size;
        fill_bits(bytes, offset, size - digit_bits, negative);
        bits_copy(bytes, offset + size - digit_bits, buffer, digit_bytes * 8 - digit_bits,
                  digit_bits);
    }
    if (buffer != scratch) {
        mem_free(buffer);
    }
}

/* The opposite of reverse_field. */
static uint64_t unreverse_field(uint64_t value, size_t size)
{
    unsigned rest = size & 7;
    size_t whole = size - rest;
    uint64_t high = whole == 0 ? 0 : __builtin_bswap64(value << (64 - whole));
    if (whole > 0 && whole < 64) {
        high &= ((uint64_t) 1 << whole) - 1;
    }
    return rest == 0 ? high : high << rest | ((value >> whole) & ((1u << rest) - 1));
}

void bits_put_integer(uint8_t *bytes, size_t offset, size_t size, Term integer, unsigned flags)
{
    if (size == 0) {
        return;
    }
    if (size <= 64 && term_is_small(integer)) {
        uint64_t value = (uint64_t) small_value(integer);
        if (is_little(flags) && size > 8) {
            value = unreverse_field(value, size);
        }
        put_word(bytes, offset, size, value);
        return;
    }
    put_long_integer(bytes, offset, size, integer, is_little(flags));
}

/* ---- floats ---- */

static double half_value(uint16_t half)
{
    unsigned exponent = half >> 10 & 31, fraction = half & 1023;
    double magnitude = exponent == 31  ? (fraction == 0 ? INFINITY : NAN)
                       : exponent == 0 ? ldexp(fraction, -24)
                                       : ldexp(fraction + 1024, (int) exponent - 25);
    return half >> 15 != 0 ? -magnitude : magnitude;
}

/* Nearest, ties to even; false when that is infinite. */
static bool half_from_double(double value, uint16_t *half)
{
    uint16_t sign = signbit(value) ? 0x8000 : 0;
    double magnitude = fabs(value);
    int exponent;
    frexp(magnitude, &exponent);
    if (magnitude == 0) {
        *half = sign;
        return true;
    }
    if (exponent < -13) { /* subnormal */
        *half = (uint16_t) (sign | (unsigned) nearbyint(ldexp(magnitude, 24)));
        return true;
    }
    /* 11 significant bits; rounding up may carry into the exponent, as it should. */
    double scaled = nearbyint(ldexp(magnitude, 11 - exponent));
    unsigned bits = (unsigned) ((exponent + 13) << 10) + (unsigned) scaled;
    *half = (uint16_t) (sign | bits);
    return bits < 0x7C00;
}

Term bits_get_float(Space *space, const uint8_t *bytes, size_t offset, size_t size, unsigned flags)
{
    double value;
    uint64_t word = get_word(bytes, offset, size);
    if (is_little(flags)) {
        word = reverse_field(word, size);
    }
    if (size == 64) {
        memcpy(&value, &word, sizeof value);
    } else if (size == 32) {
        uint32_t low = (uint32_t) word;
        float single;
        memcpy(&single, &low, sizeof single);
        value = single;
    } else {
        ASSERT(size == 16);
        value = half_value((uint16_t) word);
    }
    return isfinite(value) ? make_float(space, value) : TERM_NONE;
}

bool bits_put_float(uint8_t *bytes, size_t offset, size_t size, Term number, unsigned flags)
{
    double value;
    uint64_t word;
    if (!arith_to_double(number, &value)) {
        return false;
    }
    if (size == 64) {
        memcpy(&word, &value, sizeof word);
    } else if (size == 32) {
        float single = (float) value;
        uint32_t low;
        if (!isfinite(single)) {
            return false;
        }
        memcpy(&low, &single, sizeof low);
        word = low;
    } else {
        uint16_t half;
        ASSERT(size == 16);
        if (!half_from_double(value, &half)) {
            return false;
        }
        word = half;
    }
    if (is_little(flags)) {
        word = unreverse_field(word, size);
    }
    put_word(bytes, offset, size, word);
    return true;
}

/* ---- Unicode ---- */

int32_t utf8_decode(const uint8_t *at, size_t size, size_t *used)
{
    if (size == 0) {
        return -2;
    }
    uint8_t first = at[0];
    if (first < 0x80) {
        *used = 1;
        return first;
    }
    if (first < 0xC2 || first > 0xF4) {
        return -1; /* a continuation, an overlong form, or above 10FFFF */
    }
    size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    /* The second byte's range excludes overlong forms, surrogates and what is above 10FFFF. */
    uint8_t low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    uint8_t high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    int32_t code_point = first & (0x7F >> length);
    for (size_t i = 1; i < length; i++) {
        if (i >= size) {
            return -2;
        }
        if (at[i] < low || at[i] > high) {
            return -1;
        }
        code_point = code_point << 6 | (at[i] & 0x3F);
        low = 0x80;
        high = 0xBF;
    }
    *used = length;
    return code_point;
}

size_t utf8_encode(uint32_t code_point, uint8_t out[4])
{
    ASSERT(code_point_is_valid(code_point));
    if (code_point < 0x80) {
        out[0] = (uint8_t) code_point;
        return 1;
    }
    if (code_point < 0x800) {
        out[0] = (uint8_t) (0xC0 | code_point >> 6);
        out[1] = (uint8_t) (0x80 | (code_point & 0x3F));
        return 2;
    }
    if (code_point < 0x10000) {
        out[0] = (uint8_t) (0xE0 | code_point >> 12);
        out[1] = (uint8_t) (0x80 | (code_point >> 6 & 0x3F));
        out[2] = (uint8_t) (0x80 | (code_point & 0x3F));
        return 3;
    }
    out[0] = (uint8_t) (0xF0 | code_point >> 18);
    out[1] = (uint8_t) (0x80 | (code_point >> 12 & 0x3F));
    out[2] = (uint8_t) (0x80 | (code_point >> 6 & 0x3F));
    out[3] = (uint8_t) (0x80 | (code_point & 0x3F));
    return 4;
}

int32_t bits_get_utf8(Bits bits, size_t *used)
{
    uint8_t buffer[4];
    const uint8_t *at = bits.bytes + (bits.offset >> 3);
    size_t size_bytes = bits.size / 8 < 4 ? bits.size / 8 : 4, used_bytes = 0;
    if ((bits.offset & 7) != 0) {
        bits_copy(buffer, 0, bits.bytes, bits.offset, size_bytes * 8);
        at = buffer;
    }
    int32_t code_point = utf8_decode(at, size_bytes, &used_bytes);
    *used = used_bytes * 8;
    return code_point;
}

static uint32_t get_unit(Bits bits, size_t from, size_t size, unsigned flags)
{
    uint64_t unit = get_word(bits.bytes, bits.offset + from, size);
    return (uint32_t) (is_little(flags) ? reverse_field(unit, size) : unit);
}

int32_t bits_get_utf16(Bits bits, size_t *used, unsigned flags)
{
    if (bits.size < 16) {
        return -1;
    }
    uint32_t first = get_unit(bits, 0, 16, flags);
    if (first < 0xD800 || first > 0xDFFF) {
        *used = 16;
        return (int32_t) first;
    }
    if (first > 0xDBFF || bits.size < 32) {
        return -1;
    }
    uint32_t second = get_unit(bits, 16, 16, flags);
    if (second < 0xDC00 || second > 0xDFFF) {
        return -1;
    }
    *used = 32;
    return (int32_t) (0x10000 + ((first & 0x3FF) << 10 | (second & 0x3FF)));
}

int32_t bits_get_utf32(Bits bits, size_t *used, unsigned flags)
{
    if (bits.size < 32) {
        return -1;
    }
    uint32_t code_point = get_unit(bits, 0, 32, flags);
    *used = 32;
    return code_point_is_valid(code_point) ? (int32_t) code_point : -1;
}
