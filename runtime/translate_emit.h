/* runtime/translate_emit.h
 * Writing loaded instructions: fields, moves, n-ary operands, safepoints. Private to translate*.c.
 */
#ifndef MUSTER_RUNTIME_TRANSLATE_EMIT_H
#define MUSTER_RUNTIME_TRANSLATE_EMIT_H

#include "runtime/translate.h"

uint32_t emit_room(Translator *t, uint32_t bytes); /* zeroed, 4-aligned; its offset */
/* A new instruction of `bytes` (0: instruction_bytes says). */
uint32_t emit_instruction(Translator *t, Instruction kind, uint32_t bytes);
static inline void put16(Translator *t, uint32_t at, int32_t value)
{
    int16_t narrow = (int16_t) value;
    memcpy(t->code + at, &narrow, 2);
}
static inline void put32(Translator *t, uint32_t at, uint32_t value)
{
    memcpy(t->code + at, &value, 4);
}
static inline void put64(Translator *t, uint32_t at, uint64_t value)
{
    memcpy(t->code + at, &value, 8);
}
static inline int32_t slot_field(uint32_t index)
{
    return -(int32_t) (index + 1);
}
static inline bool term_fits_imm(Term term)
{
    return (Term) (int64_t) (int32_t) (uint32_t) term == term;
}

void emit_move(Translator *t, uint32_t to_index, uint32_t from_index);
void emit_const(Translator *t, uint32_t to_index, Term term);
/* The entry's value is in its own slot afterwards. */
void materialize(Translator *t, uint32_t index);
void materialize_all(Translator *t);
/* Index of a slot that holds the entry's value (materializes constants). */
uint32_t entry_slot(Translator *t, uint32_t index);
/* Field d of the last instruction was written at `field`: a `store` may redirect it. */
static inline void mark_d(Translator *t, uint32_t field)
{
    t->last_d = field;
}

/* n-ary instruction from stack entries [first, first + count); d is slot `d`. Returns its offset.
 */
uint32_t emit_nary(Translator *t, Instruction kind, uint32_t d, uint32_t first, uint32_t count,
                   uint64_t extra, bool with_info);
/* The map in which of the first `slots` slots those are that `set` has (slot 1: bit 0), as an index
 * into the module's; 0: all are. UINT32_MAX: there are too many maps. */
uint32_t emit_term_map(Translator *t, const uint64_t *set, uint32_t slots);
void emit_safepoint(Translator *t, uint32_t offset);
/* Frame information for a call whose frame word is slot `hole`, for an instruction that ends here.
 */
void put_info(Translator *t, uint32_t at, uint32_t hole);
/* Pops n entries into slots 0 … n-1, then `extra` more from `extra_first` behind them. */
void emit_tail_moves(Translator *t, const uint32_t sources[], uint32_t count);

#endif
