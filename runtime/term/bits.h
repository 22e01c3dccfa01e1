/* runtime/term/bits.h
 * Binaries and bitstrings. Up to BINARY_HEAP_MAX bytes lie in the heap (heap_binary); larger ones
 * are reference-counted off the heap (Binary) and shared by handles (refc_binary); parts of either
 * are views (sub_binary). Bits are numbered from the most significant of the first byte.
 *
 * Appending in place: a Binary knows how many of its bits are in use (`used_bits`) and has spare
 * room. A view that ends exactly there may be extended by claiming the bits after it with one
 * compare-and-swap: no other view can see them, so n appends cost O(n) in all. */
#ifndef MUSTER_TERM_BITS_H
#define MUSTER_TERM_BITS_H

#include "runtime/term/space.h"

enum {
    BINARY_HEAP_MAX = 64,
    BINARY_VIEW_BYTES_MIN = 17, /* a smaller part is copied: it takes no more words than a view */
};

/* Shared by processes.
 *   field      written by                  read by      order
 *   references any holder                  any holder   add relaxed, drop release / acquire at 0
 *   used_bits  appenders (claim)           appenders    compare-and-swap full; plain by the only
 * holder bytes      maker; appender its claim   holders      published with the term that shows
 * them */
typedef struct Binary {
    size_t references;
    size_t capacity_bytes;
    size_t used_bits;
    uint8_t bytes[];
} Binary;

/* One reference, `size_bytes` in use, contents unset. NULL when there is no memory. */
Binary *binary_create(size_t size_bytes, size_t capacity_bytes);
void binary_retain(Binary *binary);
/* As binary_retain. Returns what the new reference weighs for the collector's policy: its share of
 * the binary, for dropping one of many references frees nothing, but never less than one of
 * BINARY_SHARES_MOST, for it may be the last. */
enum { BINARY_SHARES_MOST = 8 };
size_t binary_retain_share(Binary *binary, size_t size_bytes);
void binary_release(Binary *binary);

/* The bits of any bitstring term, without copying: valid while the term is reachable and nothing
 * collects. */
typedef struct Bits {
    const uint8_t *bytes;
    size_t offset; /* bits before the first, less than 8 after bits_of */
    size_t size;   /* bits */
} Bits;
Bits bits_of(Term bitstring);
static inline size_t bitstring_bits(Term bitstring)
{
    const Term *object = term_boxed_at(bitstring);
    switch (header_kind(object[0])) {
    case KIND_heap_binary:
        return object[1] * 8;
    case KIND_refc_binary:
        return object[3] * 8;
    default:
        ASSERT(header_kind(object[0]) == KIND_sub_binary);
        return object[2];
    }
}
static inline bool bits_are_bytes(Bits bits)
{
    return (bits.size & 7) == 0;
}
/* True for a bitstring that is a whole number of bytes. */
static inline bool term_is_binary(Term t)
{
    return term_is_bitstring(t) && (bitstring_bits(t) & 7) == 0;
}
/* The bytes of a binary, aligned to a byte boundary: points into the term, or, when its bits are
 * not so aligned, into a copy put in `*scratch` (mem_free it; NULL when there was none). */
const uint8_t *binary_bytes(Term binary, size_t *size_bytes, void **scratch);

/* A binary of `size_bytes`; `*bytes` is where to write them (before anything else happens to the
 * term). TERM_LIMIT when there is no memory. */
Term make_binary_uninit(Space *space, size_t size_bytes, uint8_t **bytes);
Term make_binary(Space *space, const void *bytes, size_t size_bytes);
/* Takes over one reference to `binary`. */
Term make_binary_from(Space *space, Binary *binary, size_t size_bytes);
/* A part of a bitstring; copies nothing when the part is large enough to be worth a view. The
 * range must lie within. */
Term make_sub_bits(Space *space, Term bitstring, size_t offset_bits, size_t size_bits);
/* Any bits, copied. */
Term make_bitstring(Space *space, Bits bits);
/* `left` with `right_bits` more bits of room: returns the new bitstring, and where to write
 * (`*bytes`, at bit `*offset`). In place when `left` ends where its Binary's used bits end. */
Term bitstring_extend(Space *space, Term left, size_t right_bits, uint8_t **bytes, size_t *offset);

/* Bit copying: `size` bits from bit `from_offset` of `from` to bit `to_offset` of `to`; other bits
 * of `to` keep their values. The ranges do not overlap. */
void bits_copy(uint8_t *to, size_t to_offset, const uint8_t *from, size_t from_offset, size_t size);
/* As memcmp on bits: negative, 0, positive; a prefix is less than what it begins. */
int bits_compare(Bits a, Bits b);

/* Fields of the bit syntax. Flags: */
enum { BITS_LITTLE = 1, BITS_SIGNED = 2, BITS_NATIVE = 4 /* same as little on our machines */ };
Term bits_get_integer(Space *space, const uint8_t *bytes, size_t offset, size_t size,
                      unsigned flags); /* TERM_LIMIT: too large for an integer */
/* `size` 16, 32 or 64. TERM_NONE: not a finite number. */
Term bits_get_float(Space *space, const uint8_t *bytes, size_t offset, size_t size, unsigned flags);
void bits_put_integer(uint8_t *bytes, size_t offset, size_t size, Term integer, unsigned flags);
/* False: the number does not fit that float size. */
bool bits_put_float(uint8_t *bytes, size_t offset, size_t size, Term number, unsigned flags);
/* UTF-8/16/32: `*used` is how many bits it took. Negative: no valid code point there. */
int32_t bits_get_utf8(Bits bits, size_t *used);
int32_t bits_get_utf16(Bits bits, size_t *used, unsigned flags);
int32_t bits_get_utf32(Bits bits, size_t *used, unsigned flags);
static inline bool code_point_is_valid(int64_t c)
{
    return c >= 0 && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
}
/* Bytes written (1 to 4) for a valid code point. */
size_t utf8_encode(uint32_t code_point, uint8_t out[4]);
/* Decodes at `at` (`size` bytes left): code point, `*used` bytes; -1 when invalid, -2 when the
 * bytes end inside a so far valid sequence. */
int32_t utf8_decode(const uint8_t *at, size_t size, size_t *used);

#endif
