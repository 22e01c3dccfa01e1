/* runtime/bif_binary.c
 * Binaries and bitstrings from lists and back. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"

static inline void charge_bytes(Process *p, Term binary)
{
    bif_charge(p, bitstring_bits(binary) / (8 * 1024));
}

Term bif_iolist_to_binary(Process *p, const Term args[])
{
    Term binary = iodata_to_binary_within(bif_space(p), args[0], bif_steps());
    if (binary == TERM_TRAP) {
        return bif_leave(p);
    }
    if (binary == TERM_NONE || binary == TERM_LIMIT) {
        return bif_failed(p, binary);
    }
    charge_bytes(p, binary);
    return binary;
}

Term bif_list_to_binary(Process *p, const Term args[])
{
    return term_is_list(args[0]) ? bif_iolist_to_binary(p, args) : bif_badarg(p);
}

Term bif_iolist_to_iovec(Process *p, const Term args[])
{
    Term binary = bif_iolist_to_binary(p, args);
    if (binary == TERM_NONE || binary == TERM_TRAP) {
        return binary;
    }
    return bitstring_bits(binary) == 0 ? TERM_NIL : make_cons(bif_space(p), binary, TERM_NIL);
}

Term bif_iolist_size(Process *p, const Term args[])
{
    int64_t size = iodata_size_within(args[0], bif_steps());
    if (size < 0) {
        return size == IODATA_IS_LONG ? bif_leave(p) : bif_badarg(p);
    }
    return make_int64(bif_space(p), size);
}

/* ---- bitstrings ---- */

static int64_t bits_in(Term item)
{
    if (term_is_small(item)) {
        return (uint64_t) small_value(item) < 256 ? 8 : -1;
    }
    return term_is_bitstring(item) ? (int64_t) bitstring_bits(item) : -1;
}

static int64_t deep_bits(Term list)
{
    DeepWalk walk;
    deep_start(&walk, list);
    int64_t size = 0, steps = bif_steps();
    Term item;
    DeepItem kind;
    while ((kind = deep_next(&walk, &item)) != DEEP_END) {
        int64_t more = kind == DEEP_TAIL && term_is_small(item) ? -1 : bits_in(item);
        if (more < 0) {
            size = -1;
            break;
        }
        if (--steps < 0) {
            size = IODATA_IS_LONG;
            break;
        }
        size += more;
    }
    deep_finish(&walk);
    return size;
}

/* Eight bits; those behind them in their last byte become 0. */
static inline void write_byte(uint8_t *out, size_t at, uint8_t byte)
{
    unsigned used = at % 8;
    out += at / 8;
    if (used == 0) {
        *out = byte;
    } else {
        *out = (uint8_t) ((*out & ~(0xFFu >> used)) | byte >> used);
        out[1] = (uint8_t) (byte << (8 - used));
    }
}

static void deep_write_bits(Term list, uint8_t *out)
{
    DeepWalk walk;
    deep_start(&walk, list);
    size_t at = 0;
    Term item;
    while (deep_next(&walk, &item) != DEEP_END) {
        if (term_is_small(item)) {
            write_byte(out, at, (uint8_t) small_value(item));
            at += 8;
            continue;
        }
        Bits bits = bits_of(item);
        bits_copy(out, at, bits.bytes, bits.offset, bits.size);
        at += bits.size;
    }
    deep_finish(&walk);
}

Term bif_list_to_bitstring(Process *p, const Term args[])
{
    if (!term_is_list(args[0])) {
        return bif_badarg(p);
    }
    Term whole_bytes = iodata_to_binary_within(bif_space(p), args[0], bif_steps());
    if (LIKELY(whole_bytes != TERM_NONE)) {
        if (term_is_pointer(whole_bytes)) {
            charge_bytes(p, whole_bytes);
        }
        return whole_bytes == TERM_TRAP ? bif_leave(p) : bif_result(p, whole_bytes);
    }
    int64_t size = deep_bits(args[0]);
    if (size < 0) {
        return size == IODATA_IS_LONG ? bif_leave(p) : bif_badarg(p);
    }
    uint8_t *bytes;
    size_t size_bytes = ((size_t) size + 7) / 8;
    Term binary = make_binary_uninit(bif_space(p), size_bytes, &bytes);
    if (binary == TERM_LIMIT) {
        return bif_system_limit(p);
    }
    if (size_bytes > 0) {
        bytes[size_bytes - 1] = 0;
    }
    deep_write_bits(args[0], bytes);
    charge_bytes(p, binary);
    return size % 8 == 0 ? binary : make_sub_bits(bif_space(p), binary, 0, (size_t) size);
}

/* A list of `count` bytes from bit `offset` of `bytes`, before `tail`. */
static Term bytes_to_list(Process *p, Bits bits, size_t count, Term tail)
{
    Term *cell = space_try_alloc(bif_space(p), count * 2);
    if (cell == NULL) {
        return bif_system_limit(p);
    }
    bif_charge(p, count / 64);
    Term list = tail;
    const uint8_t *at = bits.bytes + count;
    for (size_t i = 0; i < count; i++) {
        at--;
        unsigned byte = bits.offset == 0
                            ? *at
                            : ((unsigned) at[0] << bits.offset | at[1] >> (8 - bits.offset)) & 255;
        cell[0] = term_small((int64_t) byte);
        cell[1] = list;
        list = term_cons(cell);
        cell += 2;
    }
    return list;
}

LONG_BIF(bif_bitstring_to_list, bif_is_large(p, args[0]))
{
    if (!term_is_bitstring(args[0])) {
        return bif_badarg(p);
    }
    Bits bits = bits_of(args[0]);
    size_t count = bits.size / 8;
    Term tail = TERM_NIL;
    if (bits.size % 8 != 0) {
        Term rest = make_sub_bits(bif_space(p), args[0], count * 8, bits.size % 8);
        tail = make_cons(bif_space(p), rest, TERM_NIL);
        bits = bits_of(args[0]);
    }
    return bytes_to_list(p, bits, count, tail);
}

LONG_BIF(bif_binary_to_list1, bif_is_large(p, args[0]))
{
    if (!term_is_binary(args[0])) {
        return bif_badarg(p);
    }
    Bits bits = bits_of(args[0]);
    return bytes_to_list(p, bits, bits.size / 8, TERM_NIL);
}

LONG_BIF(bif_binary_to_list3, bif_is_large(p, args[0]))
{
    int64_t start, stop;
    if (!term_is_binary(args[0]) || !term_to_int64(args[1], &start) ||
        !term_to_int64(args[2], &stop)) {
        return bif_badarg(p);
    }
    Bits bits = bits_of(args[0]);
    if (start < 1 || stop < start || stop > (int64_t) (bits.size / 8)) {
        return bif_badarg(p);
    }
    bits.bytes += start - 1;
    return bytes_to_list(p, bits, (size_t) (stop - start) + 1, TERM_NIL);
}

Term bif_split_binary(Process *p, const Term args[])
{
    int64_t at;
    if (!term_is_bitstring(args[0]) || !term_to_index(args[1], &at) ||
        at > (int64_t) (bitstring_bits(args[0]) / 8)) {
        return bif_badarg(p);
    }
    Space *space = bif_space(p);
    size_t split = (size_t) at * 8;
    Term left = make_sub_bits(space, args[0], 0, split);
    Term right = make_sub_bits(space, args[0], split, bitstring_bits(args[0]) - split);
    return make_tuple2(space, left, right);
}
