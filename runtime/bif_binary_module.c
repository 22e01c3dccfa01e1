/* runtime/bif_binary_module.c
 * Module binary, but for searching: bytes, parts, copies, unsigned numbers, hexadecimal. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"

static Term byte_at(Process *p, Term binary, int64_t at)
{
    if (UNLIKELY(!term_is_bitstring(binary))) {
        return bif_badarg(p);
    }
    Bits bits = bits_of(binary);
    if (UNLIKELY(bits.size % 8 != 0 || at < 0 || (uint64_t) at >= bits.size / 8)) {
        return bif_badarg(p);
    }
    size_t bit = bits.offset + (size_t) at * 8;
    unsigned shift = bit % 8;
    const uint8_t *byte = bits.bytes + bit / 8;
    return term_small(shift == 0 ? byte[0] : (uint8_t) (byte[0] << shift | byte[1] >> (8 - shift)));
}

Term bif_binary_at(Process *p, const Term args[])
{
    int64_t at;
    return term_to_index(args[1], &at) ? byte_at(p, args[0], at) : bif_badarg(p);
}

Term bif_binary_first(Process *p, const Term args[])
{
    return byte_at(p, args[0], 0);
}

Term bif_binary_last(Process *p, const Term args[])
{
    return term_is_binary(args[0])
               ? byte_at(p, args[0], (int64_t) (bitstring_bits(args[0]) / 8) - 1)
               : bif_badarg(p);
}

LONG_BIF(bif_bin_to_list3, bif_is_large(p, args[0]))
{
    Term part = term_is_binary(args[0]) ? bif_binary_part3(p, args) : bif_badarg(p);
    return part == TERM_NONE ? TERM_NONE : bif_binary_to_list1(p, &part);
}

LONG_BIF(bif_bin_to_list2, bif_is_large(p, args[0]))
{
    Term part = term_is_binary(args[0]) ? bif_binary_part2(p, args) : bif_badarg(p);
    return part == TERM_NONE ? TERM_NONE : bif_binary_to_list1(p, &part);
}

/* ---- copies ---- */

static Term copy(Process *p, Term binary, Term count_term)
{
    int64_t count;
    if (!term_is_bitstring(binary) || !term_to_int64(count_term, &count) || count < 0 ||
        (count > 0 && !term_is_binary(binary))) {
        return bif_badarg(p);
    }
    Bits bits = bits_of(binary);
    size_t size = bits.size / 8;
    if (size > 0 && (uint64_t) count > ((uint64_t) 1 << 46) / size) {
        return bif_system_limit(p);
    }
    uint8_t *bytes;
    Term result = make_binary_uninit(bif_space(p), size * (size_t) count, &bytes);
    if (result == TERM_LIMIT) {
        return bif_system_limit(p);
    }
    bits = bits_of(binary);
    if (count > 0) {
        bits_copy(bytes, 0, bits.bytes, bits.offset, bits.size);
    }
    for (int64_t i = 1; i < count; i++) {
        memcpy(bytes + size * (size_t) i, bytes, size);
    }
    bif_charge(p, size * (size_t) count / 4096);
    return result;
}

static bool copies_are_large(const Term args[])
{
    int64_t count;
    return term_is_binary(args[0]) && term_to_int64(args[1], &count) && count > 0 &&
           (uint64_t) count > 16 * (uint64_t) LONG_BYTES / (bitstring_bits(args[0]) / 8 + 1);
}

LONG_BIF(bif_binary_copy1, bif_is_large(p, args[0]))
{
    return copy(p, args[0], term_small(1));
}
LONG_BIF(bif_binary_copy2, copies_are_large(args))
{
    return copy(p, args[0], args[1]);
}

Term bif_referenced_byte_size(Process *p, const Term args[])
{
    Term t = args[0];
    if (!term_is_bitstring(t)) {
        return bif_badarg(p);
    }
    if (boxed_kind(t) == KIND_sub_binary) {
        t = term_boxed_at(t)[3];
    }
    return make_uint64(bif_space(p), (bitstring_bits(t) + 7) / 8);
}

/* ---- unsigned numbers ---- */

static bool order_of(Term t, bool *little)
{
    *little = t == ATOM_little;
    return t == ATOM_little || t == ATOM_big;
}

static Term decode_unsigned(Process *p, Term binary, Term order)
{
    bool little;
    if (!term_is_binary(binary) || !order_of(order, &little)) {
        return bif_badarg(p);
    }
    size_t size;
    void *scratch;
    const uint8_t *bytes = binary_bytes(binary, &size, &scratch);
    Term integer = integer_from_bytes(bif_space(p), bytes, size, little, false);
    mem_free(scratch);
    return integer == TERM_NONE || integer == TERM_LIMIT ? bif_system_limit(p) : integer;
}

Term bif_decode_unsigned1(Process *p, const Term args[])
{
    return decode_unsigned(p, args[0], ATOM_big);
}
Term bif_decode_unsigned2(Process *p, const Term args[])
{
    return decode_unsigned(p, args[0], args[1]);
}

static Term encode_unsigned(Process *p, Term integer, Term order)
{
    bool little;
    if (!term_is_integer(integer) || integer_is_negative(integer) || !order_of(order, &little)) {
        return bif_badarg(p);
    }
    size_t size = (integer_bit_length(integer) + 7) / 8;
    size = size == 0 ? 1 : size;
    uint8_t *bytes;
    Term binary = make_binary_uninit(bif_space(p), size, &bytes);
    if (binary == TERM_LIMIT) {
        return bif_system_limit(p);
    }
    integer_to_bytes(integer, bytes, size, little);
    return binary;
}

Term bif_encode_unsigned1(Process *p, const Term args[])
{
    return encode_unsigned(p, args[0], ATOM_big);
}
Term bif_encode_unsigned2(Process *p, const Term args[])
{
    return encode_unsigned(p, args[0], args[1]);
}

/* ---- hexadecimal ---- */

static Term encode_hex(Process *p, Term binary, Term letter_case)
{
    const char *digits = letter_case == ATOM_uppercase   ? "0123456789ABCDEF"
                         : letter_case == ATOM_lowercase ? "0123456789abcdef"
                                                         : NULL;
    if (!term_is_binary(binary) || digits == NULL) {
        return bif_badarg(p);
    }
    size_t size;
    void *scratch;
    const uint8_t *bytes = binary_bytes(binary, &size, &scratch);
    uint8_t *out;
    Term result = make_binary_uninit(bif_space(p), size * 2, &out);
    for (size_t i = 0; result != TERM_LIMIT && i < size; i++) {
        *out++ = (uint8_t) digits[bytes[i] >> 4];
        *out++ = (uint8_t) digits[bytes[i] & 15];
    }
    mem_free(scratch);
    return bif_result(p, result);
}

LONG_BIF(bif_encode_hex1, bif_is_large(p, args[0]))
{
    return encode_hex(p, args[0], ATOM_uppercase);
}
LONG_BIF(bif_encode_hex2, bif_is_large(p, args[0]))
{
    return encode_hex(p, args[0], args[1]);
}

static int hex_value(uint8_t c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

LONG_BIF(bif_decode_hex, bif_is_large(p, args[0]))
{
    if (!term_is_binary(args[0]) || bitstring_bits(args[0]) % 16 != 0) {
        return bif_badarg(p);
    }
    size_t size;
    void *scratch;
    const uint8_t *bytes = binary_bytes(args[0], &size, &scratch);
    uint8_t *out;
    Term result = make_binary_uninit(bif_space(p), size / 2, &out);
    for (size_t i = 0; result != TERM_LIMIT && result != TERM_NONE && i < size; i += 2) {
        int high = hex_value(bytes[i]), low = hex_value(bytes[i + 1]);
        if (high < 0 || low < 0) {
            result = TERM_NONE;
        } else {
            *out++ = (uint8_t) (high << 4 | low);
        }
    }
    mem_free(scratch);
    return bif_result(p, result);
}

/* ---- what binaries have in common ---- */

static size_t common(const uint8_t *a, const uint8_t *b, size_t size, bool suffix)
{
    size_t count = 0;
    if (suffix) {
        while (count < size && a[-1 - (ptrdiff_t) count] == b[-1 - (ptrdiff_t) count]) {
            count++;
        }
    } else {
        while (count < size && a[count] == b[count]) {
            count++;
        }
    }
    return count;
}

static Term longest_common(Process *p, Term list, bool suffix)
{
    if (!term_is_cons(list) || !term_is_binary(cons_head(list))) {
        return bif_badarg(p);
    }
    size_t count, size;
    void *first_scratch, *scratch;
    const uint8_t *first = binary_bytes(cons_head(list), &count, &first_scratch);
    first += suffix ? count : 0;
    for (list = cons_tail(list); term_is_cons(list); list = cons_tail(list)) {
        if (!term_is_binary(cons_head(list))) {
            break;
        }
        const uint8_t *bytes = binary_bytes(cons_head(list), &size, &scratch);
        count = common(first, bytes + (suffix ? size : 0), size < count ? size : count, suffix);
        mem_free(scratch);
    }
    mem_free(first_scratch);
    return term_is_nil(list) ? make_uint64(bif_space(p), count) : bif_badarg(p);
}

LONG_BIF(bif_longest_common_prefix, bif_is_large(p, args[0]))
{
    return longest_common(p, args[0], false);
}
LONG_BIF(bif_longest_common_suffix, bif_is_large(p, args[0]))
{
    return longest_common(p, args[0], true);
}
