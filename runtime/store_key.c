/* runtime/store_key.c
 * The format, each part starting with a byte that orders the types:
 *
 *   10 …      a negative number: the bytes of its magnitude, inverted
 *   11        zero
 *   12 …      a positive number: exponent, the bits after the leading one in escaped bytes without
 *             trailing zeros, 00
 *   13, 14    as keys of maps all integers come before all floats: 13 and 14 stand before the above
 *   20 … 00   atom: escaped name (UTF-8)
 *   50 N …    tuple: size in 4 bytes, elements
 *   60 N …    map: size in 4 bytes, keys in order, values
 *   70        []
 *   78 …      list: head, tail
 *   80 … 00 B bitstring: escaped bytes, bits used of the last (8: all)
 *
 * In escaped bytes a 00 is 00 FF, so that 00 alone ends them and sorts before whatever goes on: no
 * type begins with FF.
 *
 * Behind it all stands a byte for each number, in their order: 01 integer, 02 float, 03 -0.0. It
 * makes the difference only between terms that compare equal.
 *
 * The exponent e (2^e <= x < 2^(e+1)) is one byte, 80 + e, for -63 < e < 63; beyond, BF or 40 and
 * e in 4 bytes, offset by 2^31. */
#include "runtime/store_key.h"

#include "runtime/bif_data.h"

#include <math.h>

enum {
    KEY_NEGATIVE = 0x10,
    KEY_ZERO = 0x11,
    KEY_POSITIVE = 0x12,
    KEY_INTEGERS = 0x13,
    KEY_FLOATS = 0x14,
    KEY_ATOM = 0x20,
    KEY_TUPLE = 0x50,
    KEY_MAP = 0x60,
    KEY_NIL = 0x70,
    KEY_LIST = 0x78,
    KEY_BITS = 0x80,
};
enum { TIE_INTEGER = 1, TIE_FLOAT = 2, TIE_MINUS_ZERO = 3 };
enum { EXPONENT_SHORT = 63, EXPONENT_BIAS = 0x80, EXPONENT_LARGE = 0xBF, EXPONENT_SMALL = 0x40 };

/* ---- bytes ---- */

static bool reserve(ByteBuffer *out, size_t more)
{
    size_t needed = out->size_bytes + more;
    if (needed <= out->capacity_bytes) {
        return true;
    }
    size_t capacity = needed < 64 ? 128 : needed * 2;
    uint8_t *bytes = mem_try_alloc(capacity);
    if (bytes == NULL) {
        return false;
    }
    if (out->size_bytes > 0) {
        memcpy(bytes, out->bytes, out->size_bytes);
    }
    mem_free(out->bytes);
    out->bytes = bytes;
    out->capacity_bytes = capacity;
    return true;
}

static bool put_byte(ByteBuffer *out, uint8_t byte)
{
    if (!reserve(out, 1)) {
        return false;
    }
    out->bytes[out->size_bytes++] = byte;
    return true;
}

static bool put_word32(ByteBuffer *out, uint32_t word)
{
    return put_byte(out, (uint8_t) (word >> 24)) && put_byte(out, (uint8_t) (word >> 16)) &&
           put_byte(out, (uint8_t) (word >> 8)) && put_byte(out, (uint8_t) word);
}

static bool put_escaped(ByteBuffer *out, const uint8_t *bytes, size_t size)
{
    if (!reserve(out, 2 * size)) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        out->bytes[out->size_bytes++] = bytes[i];
        if (bytes[i] == 0) {
            out->bytes[out->size_bytes++] = 0xFF;
        }
    }
    return true;
}

/* ---- numbers ---- */

static bool put_exponent(ByteBuffer *out, int64_t exponent)
{
    if (exponent > -EXPONENT_SHORT && exponent < EXPONENT_SHORT) {
        return put_byte(out, (uint8_t) (EXPONENT_BIAS + exponent));
    }
    return put_byte(out, exponent > 0 ? EXPONENT_LARGE : EXPONENT_SMALL) &&
           put_word32(out, (uint32_t) (exponent + ((int64_t) 1 << 31)));
}

/* Big-endian bytes of a magnitude, whose highest bit set is `high` (counted from the lowest). The
 * bits below it, aligned to the left. */
static bool put_fraction(ByteBuffer *out, uint8_t *bytes, size_t size, size_t high)
{
    size_t first = size - 1 - high / 8; /* the byte of the leading one */
    unsigned shift = 8 - (unsigned) (high % 8);
    size_t count = size - first;
    bytes[first] &= (uint8_t) ((1u << (high % 8)) - 1);
    for (size_t i = 0; i < count; i++) {
        unsigned next = i + 1 < count ? bytes[first + i + 1] : 0;
        bytes[first + i] = (uint8_t) (((unsigned) bytes[first + i] << 8 | next) >> (8 - shift));
    }
    while (count > 0 && bytes[first + count - 1] == 0) {
        count--;
    }
    return put_escaped(out, bytes + first, count) && put_byte(out, 0);
}

/* What was put since `from` in the opposite order. */
static void invert(ByteBuffer *out, size_t from)
{
    for (size_t i = from; i < out->size_bytes; i++) {
        out->bytes[i] = (uint8_t) ~out->bytes[i];
    }
}

static bool put_magnitude(ByteBuffer *out, bool negative, int64_t exponent, uint8_t *bytes,
                          size_t size, size_t high)
{
    if (!put_byte(out, negative ? KEY_NEGATIVE : KEY_POSITIVE)) {
        return false;
    }
    size_t from = out->size_bytes;
    if (!put_exponent(out, exponent) || !put_fraction(out, bytes, size, high)) {
        return false;
    }
    if (negative) {
        invert(out, from);
    }
    return true;
}

static bool put_word(ByteBuffer *out, bool negative, uint64_t magnitude, int64_t scale)
{
    uint8_t bytes[8];
    size_t high = 63 - (size_t) __builtin_clzll(magnitude);
    for (int i = 0; i < 8; i++) {
        bytes[i] = (uint8_t) (magnitude >> (56 - 8 * i));
    }
    return put_magnitude(out, negative, (int64_t) high + scale, bytes, 8, high);
}

static bool put_big(ByteBuffer *out, Term big)
{
    size_t bits = integer_bit_length(big), size = bits / 8 + 1; /* room for a sign bit */
    bool negative = integer_is_negative(big);
    uint8_t *bytes = mem_try_alloc(size);
    if (bytes == NULL) {
        return false;
    }
    integer_to_bytes(big, bytes, size, false);
    if (negative) { /* two's complement: the magnitude */
        unsigned carry = 1;
        for (size_t i = size; i-- > 0;) {
            unsigned value = (unsigned) (uint8_t) ~bytes[i] + carry;
            bytes[i] = (uint8_t) value;
            carry = value >> 8;
        }
    }
    bool done = put_magnitude(out, negative, (int64_t) bits - 1, bytes, size, bits - 1);
    mem_free(bytes);
    return done;
}

static bool put_integer(ByteBuffer *out, Term integer)
{
    if (!term_is_small(integer)) {
        return put_big(out, integer);
    }
    int64_t value = small_value(integer);
    if (value == 0) {
        return put_byte(out, KEY_ZERO);
    }
    return put_word(out, value < 0, value < 0 ? -(uint64_t) value : (uint64_t) value, 0);
}

static bool put_float(ByteBuffer *out, double value)
{
    int exponent;
    if (value == 0) {
        return put_byte(out, KEY_ZERO);
    }
    double fraction = frexp(fabs(value), &exponent); /* 0.5 <= fraction < 1 */
    uint64_t magnitude = (uint64_t) ldexp(fraction, 53);
    return put_word(out, value < 0, magnitude, exponent - 53);
}

/* ---- terms ---- */

/* What is still to be put, the last first. exact: within the key of a map. */
typedef struct Pending {
    Term *terms;
    size_t count, capacity;
} Pending;
#define EXACT_MARK TERM_NONE /* those above it are exact, those below are not */

static bool push(Pending *pending, Term t)
{
    if (pending->count == pending->capacity) {
        size_t capacity = pending->capacity == 0 ? 32 : pending->capacity * 2;
        Term *terms = mem_try_alloc(capacity * sizeof *terms);
        if (terms == NULL) {
            return false;
        }
        if (pending->count > 0) {
            memcpy(terms, pending->terms, pending->count * sizeof *terms);
        }
        mem_free(pending->terms);
        pending->terms = terms;
        pending->capacity = capacity;
    }
    pending->terms[pending->count++] = t;
    return true;
}

static bool push_tuple(Pending *pending, Term tuple)
{
    for (size_t i = tuple_arity(tuple); i-- > 0;) {
        if (!push(pending, tuple_elements(tuple)[i])) {
            return false;
        }
    }
    return true;
}

/* Keys are exact, values as the map itself. */
static bool push_map(Pending *pending, Term map)
{
    size_t size = map_size(map);
    Term *keys = mem_try_alloc((size + 1) * sizeof *keys);
    if (keys == NULL) {
        return false;
    }
    map_sorted_keys(map, keys);
    bool done = true;
    for (size_t i = size; done && i-- > 0;) {
        done = push(pending, map_get(map, keys[i]));
    }
    done = done && push(pending, EXACT_MARK);
    for (size_t i = size; done && i-- > 0;) {
        done = push(pending, keys[i]);
    }
    mem_free(keys);
    return done;
}

static bool put_bits(ByteBuffer *out, Term bitstring)
{
    Bits bits = bits_of(bitstring);
    size_t whole = bits.size / 8;
    unsigned rest = (unsigned) (bits.size % 8);
    if (!reserve(out, 2 * whole + 8)) {
        return false;
    }
    out->bytes[out->size_bytes++] = KEY_BITS;
    for (size_t i = 0; i < whole + (rest != 0); i++) {
        const uint8_t *at = bits.bytes + i;
        size_t left = bits.size - 8 * i;
        unsigned value = (unsigned) at[0] << bits.offset;
        if (bits.offset != 0 && left > 8 - bits.offset) {
            value |= at[1] >> (8 - bits.offset);
        }
        uint8_t byte = (uint8_t) value;
        if (left < 8) {
            byte &= (uint8_t) (0xFFu << (8 - rest));
        }
        out->bytes[out->size_bytes++] = byte;
        if (byte == 0) {
            out->bytes[out->size_bytes++] = 0xFF;
        }
    }
    out->bytes[out->size_bytes++] = 0;
    out->bytes[out->size_bytes++] = (uint8_t) (rest != 0 ? rest : 8);
    return true;
}

static bool put_term(ByteBuffer *out, ByteBuffer *ties, Pending *pending, Term t, bool exact)
{
    if (term_is_integer(t)) {
        return (!exact || put_byte(out, KEY_INTEGERS)) && put_integer(out, t) &&
               put_byte(ties, TIE_INTEGER);
    }
    if (term_is_float(t)) {
        double value = float_value(t);
        return (!exact || put_byte(out, KEY_FLOATS)) && put_float(out, value) &&
               put_byte(ties, value == 0 && signbit(value) ? TIE_MINUS_ZERO : TIE_FLOAT);
    }
    if (term_is_atom(t)) {
        const char *name = atom_name(t);
        return put_byte(out, KEY_ATOM) &&
               put_escaped(out, (const uint8_t *) name, atom_name_bytes(t)) && put_byte(out, 0);
    }
    if (term_is_nil(t)) {
        return put_byte(out, KEY_NIL);
    }
    if (term_is_cons(t)) {
        return put_byte(out, KEY_LIST) && push(pending, cons_tail(t)) &&
               push(pending, cons_head(t));
    }
    if (term_is_tuple(t)) {
        return put_byte(out, KEY_TUPLE) && put_word32(out, (uint32_t) tuple_arity(t)) &&
               push_tuple(pending, t);
    }
    if (term_is_map(t)) {
        if (!put_byte(out, KEY_MAP) || !put_word32(out, (uint32_t) map_size(t))) {
            return false;
        }
        return push_map(pending, t);
    }
    return term_is_bitstring(t) && put_bits(out, t);
}

bool store_key_encode(Term t, ByteBuffer *out)
{
    Pending pending = {0};
    ByteBuffer ties = {0};
    size_t exact = 0; /* marks on the stack: of maps whose keys are being put */
    bool done = push(&pending, t);
    while (done && pending.count > 0) {
        Term next = pending.terms[--pending.count];
        if (next == EXACT_MARK) {
            exact--;
            continue;
        }
        done = put_term(out, &ties, &pending, next, exact > 0);
        exact += done && term_is_map(next);
    }
    done = done && reserve(out, ties.size_bytes);
    if (done && ties.size_bytes > 0) {
        memcpy(out->bytes + out->size_bytes, ties.bytes, ties.size_bytes);
        out->size_bytes += ties.size_bytes;
    }
    mem_free(ties.bytes);
    mem_free(pending.terms);
    return done;
}
