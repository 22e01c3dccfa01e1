/* compiler/jit/ssa_build.h
 * How slot code becomes the intermediate language; private to ssa_build*.c.
 *
 * One walk over the instructions, in their order: all jumps but loops' go forward, so when a block
 * begins all ways to it are known, loops aside. The state is the value of each slot. Where ways
 * meet and a slot has several values there is a phi; a loop's header gets one for every slot that
 * is live there, and simplification removes those that were not needed. */
#ifndef MUSTER_JIT_SSA_BUILD_H
#define MUSTER_JIT_SSA_BUILD_H

#include "compiler/jit/ssa.h"

typedef struct Edge {
    SsaBlock *from; /* whose end is a jump here, its edge not yet made */
    SsaNode **state;
} Edge;

/* A block of slot code. */
typedef struct Place {
    SsaBlock *block; /* once it is built */
    Edge *edges;     /* until then */
    uint32_t edge_count, edge_capacity;
    SsaNode **phis; /* a loop's, by slot */
} Place;

/* One function: the compiled one, or one that is inlined in `outer`. */
typedef struct Context {
    struct Context *outer;
    SlotCode *code;
    Place *places; /* by instruction */
    uint32_t base;
    uint32_t call;  /* outer's instruction */
    bool is_tail;   /* a tail call: it has outer's frame */
    Place *returns; /* what comes back goes there, the result in slot `base`; NULL: it returns */
} Context;

typedef struct Builder {
    Ssa *f;
    const OptimiserInput *input;
    Context *context;
    uint32_t now; /* instruction */
    Code pc;
    SsaBlock *block; /* NULL: not reached */
    SsaNode **state; /* by slot of the compiled function */
    uint32_t slot_count;
    SsaFrame *frame;  /* of the instruction at hand, once made */
    uint32_t *slots;  /* scratch: see build_needed */
    SsaNode **values; /* scratch: of those slots */
    SsaNode ***free;  /* states that are not used any more, each naming the next in slot 0 */
} Builder;

/* ---- ssa_build.c ---- */
SsaNode *build_use(Builder *b, uint32_t slot);
void build_define(Builder *b, uint32_t slot, SsaNode *value);
SsaNode *build_constant(Builder *b, Term value);
SsaNode *build_node(Builder *b, SsaOp op, SsaNode *a, SsaNode *c); /* NULL: no such input */
SsaFrame *build_frame(Builder *b);
/* Is there room for more exits than there are? */
bool build_has_room(const Builder *b);
/* Slots of the context's frame that are in `needed`, and those that frames above need of theirs, in
 * order, into b->slots. Returns how many. */
uint32_t build_needed(Builder *b, const uint64_t *needed);
/* A state without values, or a copy of one. */
SsaNode **build_state(Builder *b);
SsaNode **build_copy_state(Builder *b, SsaNode *const *state);
/* The value of a slot, of the compiled function's frame, in `state`. */
void build_set(SsaNode **state, uint32_t slot, SsaNode *value);
/* The walk over the function's code, from its first instruction on. */
void build_walk(Builder *b);
/* Ends the way that the builder is on: it goes on at `place`. */
void build_go_to_place(Builder *b, Place *place);
/* The state where the ways to `place` meet, for the instruction `at` of the context's code. */
void build_meet(Builder *b, Place *place, const SlotInstruction *at);
/* With the state as it is, to go on at that instruction. */
SsaFrame *build_frame_at(Builder *b, uint32_t index);
/* The same, of the slots in `needed`. */
SsaFrame *build_frame_of(Builder *b, uint32_t index, const uint64_t *needed);
/* The same at the entry of the context's function: all arguments are live there, needed or not. */
SsaFrame *build_frame_at_entry(Builder *b);
/* All slots that hold `value` hold `instead`. */
void build_substitute(Builder *b, SsaNode *value, SsaNode *instead);
/* What `by` takes its operands for, they are known to be behind it. */
void build_after(Builder *b, SsaNode *by);
SsaNode *build_refine(Builder *b, SsaNode *value, Type filter);
/* Ends the block: on where `test` holds; the other way goes to the label `distance` away. Both ways
 * know what the test says. */
void build_branch(Builder *b, SsaNode *test, int32_t distance);
/* Ends the block, and goes on where the test holds; answers where it does not, with the state
 * there. */
SsaBlock *build_split(Builder *b, SsaNode *test, SsaNode ***other_state);
void build_jump(Builder *b, int32_t distance);
/* Ends the way that the builder is on: it goes back to the compiled function's start, the arguments
 * in place. */
void build_again(Builder *b);
/* The same to the start of the context's function, which is inlined. */
void build_inlined_again(Builder *b);
/* Tail calls of the function itself go back to its start, which then is a loop's. */
void build_find_again(SlotCode *code);
void build_leave(Builder *b);
void build_refuse(Builder *b);
/* Leaves unless the test holds; then it is known to. */
void build_guard(Builder *b, SsaNode *test);
/* What is known of its guesses from before. */
void build_seen(Builder *b, SsaNode *node);
void build_learn(Builder *b, SsaNode *test, bool holds);
static inline uint32_t build_slot(const Builder *b, uint32_t field)
{
    return (uint32_t) -field_s16(b->pc, field);
}
SsaNode *build_operand(Builder *b, uint32_t i); /* of an n-ary instruction */

/* Makes sure of room for so many words. */
void build_heap(Builder *b, uint32_t words);
SsaNode *build_arithmetic(Builder *b, SsaArith which, SsaNode *left, SsaNode *right);

/* ---- ssa_build_test.c ---- */
void build_test(Builder *b, Instruction i);
void build_switch(Builder *b, Instruction i);
/* ---- ssa_build_call.c ---- */
void build_call(Builder *b, Instruction i);
/* The function of the same module that a call (or tail call) at `pc` is of, or NULL. */
static inline Function *build_callee(Instruction i, Code pc)
{
    return i == I_call || i == I_tail_call ? code_header(pc + field_s32(pc, 4))->function : NULL;
}

/* ---- ssa_build_bits.c ---- */
/* False: the instruction is of something else. */
bool build_bits(Builder *b, Instruction i);

/* ---- ssa_build_inline.c ---- */
/* The call at hand; false: it is to be made. */
bool build_inlined(Builder *b, Instruction i);
/* The same for a call of a fun. */
bool build_inlined_fun(Builder *b, Instruction i);
/* Slots that inlined functions may need beyond those of the function with that code. */
uint32_t build_inline_slots(const SlotCode *code);
/* ---- ssa_build_bif.c ---- */
void build_guard_builtin(Builder *b);
/* A call of a built-in that is a few instructions; false: C is to be called. */
bool build_known_builtin(Builder *b);
void build_map_put(Builder *b);
/* A map of keys that are not all known words. */
void build_map_of_all(Builder *b);
/* What C answered, of `kinds`; where that is TERM_NONE, to the label `fails` away. */
SsaNode *build_unless_none(Builder *b, SsaNode *node, uint32_t kinds, int32_t fails);
/* All operands of the n-ary instruction at hand go to C; the result is of `kinds`. The activation
 * has room for BY_C_MOST of them. */
enum { BY_C_MOST = UINT8_MAX };
SsaNode *build_by_c(Builder *b, SsaOp op, uint64_t constant, uint32_t kinds);

#endif
