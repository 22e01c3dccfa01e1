/* compiler/jit/slot_code.h
 * A function's slot code decoded, for the optimiser: its instructions, where blocks begin, and
 * which slots are needed where.
 *
 * Needed ("live") at an instruction: what is read from there on, what a collection at a safepoint
 * on the way looks at, what frames above a call must hold, and what the handler of something that
 * may raise needs. Slot code jumps back only to labels that have a safepoint, whose map says what
 * is needed there, so one pass backwards finds all.
 *
 * Behind a built-in there is a safepoint, too, at the instruction that follows. If that one
 * collects only on behalf of the built-in, the map is of the way from there alone: who jumps to the
 * instruction may have nothing in slots of the map, and nothing reads them. */
#ifndef MUSTER_JIT_SLOT_CODE_H
#define MUSTER_JIT_SLOT_CODE_H

#include "compiler/erl/arena.h"
#include "runtime/term/loaded.h"

#include <stdio.h>

#define ARENA_ZEROED(arena, Type, count) \
    ((Type *) arena_alloc_zero((arena), sizeof(Type) * (size_t) (count)))

typedef struct SlotInstruction {
    uint32_t offset; /* in the module's code */
    uint8_t instruction;
    bool is_handler; /* the interpreter comes here with an exception's class, reason and trace */
    bool is_loop;    /* some jump comes back here */
    bool starts_block;
    bool falls_in; /* the instruction before goes on here */
    uint32_t forward_jumps;
    uint32_t depth;   /* at handlers and loops: slots in use, the frame word included */
    uint64_t *live;   /* slot i: bit i */
    uint64_t *behind; /* a built-in's: needed where it comes back, a collection included */
} SlotInstruction;

typedef struct SlotCode {
    const Function *function;
    Code code; /* the module's */
    SlotInstruction *at;
    uint32_t count;
    uint32_t *index_of;  /* of the instruction at offset / 4 from the function's start */
    bool is_unmapped;    /* see slot_code_decode_unmapped */
    uint32_t slot_count; /* all slots are below */
    uint32_t live_words; /* of each live set */
} SlotCode;

/* False: it is too large. The arena owns what it makes. */
bool slot_code_decode(SlotCode *code, const Function *function, Arena *arena);
/* The same for the loader, before it knows what maps are to say: live is only what is read. */
bool slot_code_decode_unmapped(SlotCode *code, const Function *function, Arena *arena);
/* Of code so decoded: what the frame below the call (or built-in) at `index` must keep. */
void slot_code_kept(const SlotCode *code, uint32_t index, uint64_t *set);

static inline Code slot_code_pc(const SlotCode *code, uint32_t index)
{
    return code->code + code->at[index].offset;
}
static inline Instruction code_instruction(const SlotCode *code, uint32_t index)
{
    return (Instruction) code->at[index].instruction;
}
static inline bool slot_set_has(const uint64_t *set, uint32_t slot)
{
    return set[slot / 64] >> (slot % 64) & 1;
}
static inline bool slot_code_is_live(const SlotInstruction *at, uint32_t slot)
{
    return slot_set_has(at->live, slot);
}
/* What is needed where the instruction, a call or a built-in's, comes back. */
static inline const uint64_t *slot_code_behind(const SlotCode *code, uint32_t index)
{
    return code->at[index].behind != NULL ? code->at[index].behind : code->at[index + 1].live;
}
/* The instruction that is `distance` bytes from the one at `index`. */
uint32_t slot_code_target(const SlotCode *code, uint32_t index, int32_t distance);
/* Arguments that the call (or tail call) at `pc` passes. */
uint32_t slot_code_call_arity(Instruction instruction, Code pc);
/* True: it does nothing but raise an exception. */
static inline bool slot_code_raises(Instruction i)
{
    return i == I_fail_value || i == I_fail || i == I_fail_function_clause || i == I_raise;
}
void slot_code_dump(const SlotCode *code, FILE *out);

/* The safepoint of `f` at that offset of its module's code; NULL: there is none. */
const Safepoint *slot_code_safepoint(const Function *f, uint32_t offset);

#endif
