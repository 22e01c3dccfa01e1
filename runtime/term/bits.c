/* runtime/term/bits.c
 * Binaries of all kinds: making them, viewing parts, appending, and copying and comparing bits.
 * The fields of the bit syntax are in bits_fields.c.
 *
 * A bitstring that may be appended to is a view (sub_binary) of a refc_binary that nothing else
 * shows: that handle's size is the whole capacity, so that it weighs what it holds, and stays the
 * same while views of growing size share it. An append then costs one view of four words. */
#include "runtime/term/bits.h"

#include <atomic_ops.h>

#include "runtime/term/mem.h"

enum {
    REFC_WORDS = 4, /* with header */
    SUB_WORDS = 4,  /* with header */
    APPEND_BYTES_MIN = 256,
    LARGE_BYTES = 2 << 20 /* from here on in large pages */
};

static size_t bytes_of_bits(size_t size_bits)
{
    return (size_bits >> 3) + ((size_bits & 7) != 0);
}

/* ---- shared binaries ---- */

Binary *binary_create(size_t size_bytes, size_t capacity_bytes)
{
    ASSERT(size_bytes <= capacity_bytes);
    if (capacity_bytes > SIZE_MAX / 16) {
        return NULL;
    }
    size_t all_bytes = sizeof(Binary) + capacity_bytes;
    Binary *binary =
        all_bytes >= LARGE_BYTES ? mem_try_alloc_large(all_bytes) : mem_try_alloc(all_bytes);
    if (binary != NULL) {
        binary->references = 1;
        binary->capacity_bytes = capacity_bytes;
        binary->used_bits = size_bytes * 8;
    }
    return binary;
}

static void destroy(Binary *binary)
{
    size_t all_bytes = sizeof(Binary) + binary->capacity_bytes;
    if (UNLIKELY(all_bytes >= LARGE_BYTES)) {
        mem_free_large(binary, all_bytes);
    } else {
        mem_free_sized(binary, all_bytes);
    }
}

void binary_retain(Binary *binary)
{
    /* No order needed: the caller holds a reference, so nobody can see 0 meanwhile. */
    AO_fetch_and_add1((AO_t *) &binary->references);
}

size_t binary_retain_share(Binary *binary, size_t size_bytes)
{
    size_t shares = AO_fetch_and_add1((AO_t *) &binary->references) + 1; /* no order: as above */
    shares = shares < BINARY_SHARES_MOST ? shares : BINARY_SHARES_MOST;
    return (size_bytes + shares - 1) / shares;
}

void binary_release(Binary *binary)
{
    /* Alone: no other holder can appear, as only holders retain. Acquire, to see what former
     * holders did before they let go. */
    if (AO_load_acquire((AO_t *) &binary->references) == 1 ||
        /* Release: our reads and writes come before the end. Acquire, by who comes last: the
         * memory may be reused at once, after what all others did with it. */
        AO_fetch_and_sub1_full((AO_t *) &binary->references) == 1) {
        destroy(binary);
    }
}

/* ---- looking at them ---- */

static Bits whole_bits(const Term *object)
{
    if (header_kind(object[0]) == KIND_heap_binary) {
        return (Bits){(const uint8_t *) (object + 2), 0, object[1] * 8};
    }
    ASSERT(header_kind(object[0]) == KIND_refc_binary);
    return (Bits){((const Binary *) object[2])->bytes, 0, object[3] * 8};
}

Bits bits_of(Term bitstring)
{
    ASSERT(term_is_bitstring(bitstring));
    const Term *object = term_boxed_at(bitstring);
    if (header_kind(object[0]) != KIND_sub_binary) {
        return whole_bits(object);
    }
    Bits bits = whole_bits(term_boxed_at(object[3]));
    ASSERT(object[1] + object[2] <= bits.size);
    return (Bits){bits.bytes + (object[1] >> 3), object[1] & 7, object[2]};
}

const uint8_t *binary_bytes(Term binary, size_t *size_bytes, void **scratch)
{
    Bits bits = bits_of(binary);
    ASSERT(bits_are_bytes(bits));
    *size_bytes = bits.size / 8;
    *scratch = NULL;
    if (bits.offset == 0) {
        return bits.bytes;
    }
    uint8_t *copy = mem_alloc(*size_bytes + 1);
    bits_copy(copy, 0, bits.bytes, bits.offset, bits.size);
    *scratch = copy;
    return copy;
}

/* ---- making them ---- */

static Term make_refc(Space *space, Binary *binary, size_t size_bytes)
{
    Term *object = space_try_alloc(space, REFC_WORDS);
    if (UNLIKELY(object == NULL)) {
        binary_release(binary);
        return TERM_LIMIT;
    }
    object[0] = HEADER(KIND_refc_binary, REFC_WORDS - 1);
    object[1] = (Term) space->off_heap;
    object[2] = (Term) binary;
    object[3] = size_bytes;
    space->off_heap = object;
    space->off_heap_bytes += size_bytes;
    if (UNLIKELY(space->off_heap_bytes > space->off_heap_limit) && space->off_heap_limit != 0) {
        space->grow(space, 0);
    }
    return term_boxed(object);
}

Term make_binary_uninit(Space *space, size_t size_bytes, uint8_t **bytes)
{
    if (size_bytes <= BINARY_HEAP_MAX) {
        size_t data_words = (size_bytes + 7) / 8;
        Term *object = space_try_alloc(space, 2 + data_words);
        if (UNLIKELY(object == NULL)) {
            return TERM_LIMIT;
        }
        object[0] = HEADER(KIND_heap_binary, 1 + data_words);
        object[1] = size_bytes;
        if (data_words > 0) {
            object[1 + data_words] = 0; /* the padding */
        }
        *bytes = (uint8_t *) (object + 2);
        return term_boxed(object);
    }
    Binary *binary = binary_create(size_bytes, size_bytes);
    if (UNLIKELY(binary == NULL)) {
        return TERM_LIMIT;
    }
    *bytes = binary->bytes;
    return make_refc(space, binary, size_bytes);
}

Term make_binary(Space *space, const void *bytes, size_t size_bytes)
{
    uint8_t *to;
    Term binary = make_binary_uninit(space, size_bytes, &to);
    if (LIKELY(binary != TERM_LIMIT) && size_bytes > 0) {
        memcpy(to, bytes, size_bytes);
    }
    return binary;
}

Term make_binary_from(Space *space, Binary *binary, size_t size_bytes)
{
    ASSERT(size_bytes <= binary->capacity_bytes);
    if (size_bytes <= BINARY_HEAP_MAX) {
        Term t = make_binary(space, binary->bytes, size_bytes);
        binary_release(binary);
        return t;
    }
    return make_refc(space, binary, size_bytes);
}

static Term make_view(Space *space, Term parent, size_t offset_bits, size_t size_bits)
{
    ASSERT(offset_bits + size_bits <= bitstring_bits(parent));
    Term *object = space_try_alloc(space, SUB_WORDS);
    if (UNLIKELY(object == NULL)) {
        return TERM_LIMIT;
    }
    object[0] = HEADER(KIND_sub_binary, SUB_WORDS - 1);
    object[1] = offset_bits;
    object[2] = size_bits;
    object[3] = parent;
    return term_boxed(object);
}

Term make_sub_bits(Space *space, Term bitstring, size_t offset_bits, size_t size_bits)
{
    Term parent = bitstring;
    const Term *object = term_boxed_at(bitstring);
    ASSERT(offset_bits + size_bits <= bitstring_bits(bitstring));
    if (offset_bits == 0 && size_bits == bitstring_bits(bitstring)) {
        return bitstring;
    }
    if (header_kind(object[0]) == KIND_sub_binary) {
        parent = object[3];
        offset_bits += object[1];
    }
    if (size_bits < BINARY_VIEW_BYTES_MIN * 8 && (size_bits & 7) == 0) {
        uint8_t *to;
        Bits bits = whole_bits(term_boxed_at(parent));
        Term copy = make_binary_uninit(space, size_bits / 8, &to);
        if (LIKELY(copy != TERM_LIMIT)) {
            bits_copy(to, 0, bits.bytes, offset_bits, size_bits);
        }
        return copy;
    }
    return make_view(space, parent, offset_bits, size_bits);
}

Term make_bitstring(Space *space, Bits bits)
{
    uint8_t *to;
    size_t size_bytes = bytes_of_bits(bits.size);
    Term binary = make_binary_uninit(space, size_bytes, &to);
    if (UNLIKELY(binary == TERM_LIMIT)) {
        return TERM_LIMIT;
    }
    if ((bits.size & 7) != 0) {
        to[size_bytes - 1] = 0;
    }
    bits_copy(to, 0, bits.bytes, bits.offset, bits.size);
    return (bits.size & 7) == 0 ? binary : make_view(space, binary, 0, bits.size);
}

/* The bits after `end_bit` of the binary, when nobody has them yet. */
static bool claim_bits(Binary *binary, size_t end_bit, size_t right_bits)
{
    if (right_bits > binary->capacity_bytes * 8 - end_bit) {
        return false;
    }
    /* Alone: nobody else can append or read, and only holders retain. Acquire: what former holders
     * read comes before what we write. */
    if (AO_load_acquire((AO_t *) &binary->references) == 1) {
        if (binary->used_bits != end_bit) {
            return false;
        }
        binary->used_bits = end_bit + right_bits;
        return true;
    }
    /* In the middle of a byte, writing our bits rewrites those of its first part, which another
     * process may be reading. */
    if ((end_bit & 7) != 0) {
        return false;
    }
    /* Full; one claim wins. No order is needed for the bytes: they are published with the term. */
    return AO_compare_and_swap_full((AO_t *) &binary->used_bits, end_bit, end_bit + right_bits);
}

/* A small binary in the heap becomes another one: its words are copied. */
static Term extend_small(Space *space, Term left, size_t total_bytes, uint8_t **bytes,
                         size_t *offset)
{
    Term result = make_binary_uninit(space, total_bytes, bytes);
    if (LIKELY(result != TERM_LIMIT)) {
        const Term *from = term_boxed_at(left);
        Term *to = (Term *) *bytes;
        *offset = from[1] * 8;
        for (size_t i = 0; i < (from[1] + 7) / 8; i++) {
            to[i] = from[2 + i];
        }
    }
    return result;
}

Term bitstring_extend(Space *space, Term left, size_t right_bits, uint8_t **bytes, size_t *offset)
{
    const Term *object = term_boxed_at(left);
    size_t left_bits = bitstring_bits(left);
    if (right_bits > SIZE_MAX / 16 || left_bits > SIZE_MAX / 16) {
        return TERM_LIMIT;
    }
    size_t total_bits = left_bits + right_bits;
    if (header_kind(object[0]) == KIND_heap_binary && total_bits % 8 == 0 &&
        total_bits <= BINARY_HEAP_MAX * 8) {
        return extend_small(space, left, total_bits / 8, bytes, offset);
    }
    if (header_kind(object[0]) == KIND_sub_binary &&
        header_kind(*term_boxed_at(object[3])) == KIND_refc_binary) {
        const Term *handle = term_boxed_at(object[3]);
        Binary *binary = (Binary *) handle[2];
        size_t end_bit = object[1] + left_bits;
        if (handle[3] == binary->capacity_bytes && claim_bits(binary, end_bit, right_bits)) {
            *bytes = binary->bytes;
            *offset = end_bit;
            return make_view(space, object[3], object[1], total_bits);
        }
    }
    Bits from = bits_of(left);
    size_t total_bytes = bytes_of_bits(total_bits);
    Term result;
    if (total_bytes <= BINARY_HEAP_MAX) {
        result = make_binary_uninit(space, total_bytes, bytes);
        if (UNLIKELY(result == TERM_LIMIT)) {
            return TERM_LIMIT;
        }
        if ((total_bits & 7) != 0) {
            (*bytes)[total_bytes - 1] = 0;
            result = make_view(space, result, 0, total_bits);
        }
    } else {
        size_t capacity_bytes =
            total_bytes < APPEND_BYTES_MIN / 2 ? APPEND_BYTES_MIN : 2 * total_bytes;
        Binary *binary = binary_create(0, capacity_bytes);
        if (UNLIKELY(binary == NULL)) {
            return TERM_LIMIT;
        }
        binary->used_bits = total_bits;
        *bytes = binary->bytes;
        result = make_refc(space, binary, capacity_bytes);
        if (LIKELY(result != TERM_LIMIT)) {
            result = make_view(space, result, 0, total_bits);
        }
    }
    if (LIKELY(result != TERM_LIMIT)) {
        bits_copy(*bytes, 0, from.bytes, from.offset, left_bits);
        *offset = left_bits;
    }
    return result;
}

/* ---- bits ---- */

/* Replaces the bits of `*at` that `mask` selects. */
static void put_masked(uint8_t *at, uint8_t value, uint8_t mask)
{
    *at = (uint8_t) ((*at & ~mask) | (value & mask));
}

/* The `count` (at most 8) bits from bit `offset` (less than 8) on, at the top of the result.
 * Touches the second byte only when it holds some of them. */
static uint8_t get_bits(const uint8_t *from, unsigned offset, unsigned count)
{
    unsigned value = (unsigned) from[0] << offset;
    if (offset + count > 8) {
        value |= (unsigned) from[1] >> (8 - offset);
    }
    return (uint8_t) value;
}

static uint64_t load_big_endian(const uint8_t *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return __builtin_bswap64(word);
}

static void store_big_endian(uint8_t *at, uint64_t word)
{
    word = __builtin_bswap64(word);
    memcpy(at, &word, sizeof word);
}

void bits_copy(uint8_t *to, size_t to_offset, const uint8_t *from, size_t from_offset, size_t size)
{
    if (size == 0) {
        return;
    }
    to += to_offset >> 3;
    from += from_offset >> 3;
    unsigned to_bit = to_offset & 7, from_bit = from_offset & 7;
    if (to_bit != 0) { /* fill the first byte */
        unsigned count = 8 - to_bit < size ? 8 - to_bit : (unsigned) size;
        uint8_t value = get_bits(from, from_bit, count);
        put_masked(to, (uint8_t) (value >> to_bit),
                   (uint8_t) ((0xFF00u >> count & 0xFF) >> to_bit));
        size -= count;
        from_bit += count;
        from += from_bit >> 3;
        from_bit &= 7;
        to++;
    }
    size_t size_bytes = size >> 3;
    if (from_bit == 0) {
        memcpy(to, from, size_bytes);
        to += size_bytes;
        from += size_bytes;
    } else {
        for (; size_bytes >= 8; size_bytes -= 8, to += 8, from += 8) {
            store_big_endian(to, load_big_endian(from) << from_bit | from[8] >> (8 - from_bit));
        }
        for (; size_bytes > 0; size_bytes--, to++, from++) {
            *to = get_bits(from, from_bit, 8);
        }
    }
    unsigned rest = size & 7;
    if (rest != 0) {
        put_masked(to, get_bits(from, from_bit, rest), (uint8_t) (0xFF00u >> rest));
    }
}

int bits_compare(Bits a, Bits b)
{
    size_t size = a.size < b.size ? a.size : b.size;
    size_t size_bytes = size >> 3;
    const uint8_t *x = a.bytes + (a.offset >> 3), *y = b.bytes + (b.offset >> 3);
    unsigned x_bit = a.offset & 7, y_bit = b.offset & 7;
    if ((x_bit | y_bit) == 0) {
        int order = size_bytes == 0 ? 0 : memcmp(x, y, size_bytes);
        if (order != 0) {
            return order;
        }
        x += size_bytes;
        y += size_bytes;
    } else {
        for (; size_bytes >= 9; size_bytes -= 8, x += 8, y += 8) {
            uint64_t p = load_big_endian(x) << x_bit | (uint64_t) x[8] >> (8 - x_bit);
            uint64_t q = load_big_endian(y) << y_bit | (uint64_t) y[8] >> (8 - y_bit);
            if (p != q) {
                return p < q ? -1 : 1;
            }
        }
        for (; size_bytes > 0; size_bytes--, x++, y++) {
            int difference = get_bits(x, x_bit, 8) - get_bits(y, y_bit, 8);
            if (difference != 0) {
                return difference;
            }
        }
    }
    unsigned rest = size & 7;
    if (rest != 0) {
        unsigned mask = 0xFF00u >> rest & 0xFF;
        int difference =
            (int) (get_bits(x, x_bit, rest) & mask) - (int) (get_bits(y, y_bit, rest) & mask);
        if (difference != 0) {
            return difference;
        }
    }
    return a.size < b.size ? -1 : a.size > b.size;
}
