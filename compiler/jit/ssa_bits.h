/* compiler/jit/ssa_bits.h
 * What the nodes of the bit syntax say in their constants; private to the optimiser. */
#ifndef MUSTER_JIT_SSA_BITS_H
#define MUSTER_JIT_SSA_BITS_H

#include "compiler/jit/ssa.h"

/* A field: BITS_INT, BITS_GET, BITS_UTF (bits: 8, 16 or 32). */
typedef struct BitsField {
    uint32_t bits;  /* 0: BITS_GET, whose last input says */
    uint32_t flags; /* BITS_LITTLE … */
    bool is_float;
    bool is_placed;  /* it begins at bit `offset` of a byte */
    uint32_t offset; /* less than 8 */
} BitsField;

/* What BITS_INT gets is small: wider fields are C's. */
enum { BITS_INT_MOST = 57 };

static inline uint64_t bits_field_word(BitsField field)
{
    return field.bits | (uint64_t) field.flags << 32 | (uint64_t) field.is_float << 48 |
           (uint64_t) field.is_placed << 49 | (uint64_t) field.offset << 50;
}

static inline BitsField bits_field(const SsaNode *node)
{
    uint64_t word = node->constant;
    return (BitsField){.bits = (uint32_t) word,
                       .flags = (uint16_t) (word >> 32),
                       .is_float = word >> 48 & 1,
                       .is_placed = word >> 49 & 1,
                       .offset = word >> 50 & 7};
}

/* What BITS_UTF gives: a character above how many bits it took. */
enum { BITS_UTF_SHIFT = 6, BITS_UTF_USED = 56 };

/* Matches in loops, and where bytes begin (ssa_bits.c). */
void ssa_bits(Ssa *f);
/* Where terms of parts are made, before machine code: at whom they are for, or by exits. */
void ssa_bits_prepare(Ssa *f);
/* What a BITS_VIEW may need of the heap: HEAP asks for it right before. */
enum { BITS_VIEW_WORDS = 8 };

#endif
