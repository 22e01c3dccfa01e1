/* compiler/jit/quick_internal.h
 * How the quick tier works; private to quick*.c.
 *
 * quick_scan.c decodes the function and goes over it once backwards: which slots are needed at the
 * start of each instruction (read later, or seen by a collection at a safepoint on the way). Then
 * quick.c goes over it forwards and writes each instruction by a template.
 *
 * Between instructions the *state* (quick_state.c) says what is known of slots: in which register
 * the value is, or that it is a constant; whether the slot's memory lacks it (dirty); of which
 * kinds it can be. A value that is written to a slot goes to a register only; memory gets it when
 * the state ends (a label where several ways meet, a call) or, out of line, where the code is left.
 * So what is overwritten or dead before that is never stored. A label that is reached by one jump
 * only goes on with the state of that jump; where a loop begins some slots are in registers chosen
 * for it.
 *
 * Every path that is rare or fails leaves the main line for a *stub* written behind the function:
 *   exit   writes what is dirty and needed, and leaves for the interpreter at this instruction
 *   edge   writes the same and goes on at another label
 *   slow   calls C, and comes back
 * An instruction may exit until it writes its first slot, so that the interpreter can do it from
 * the start. */
#ifndef MUSTER_JIT_QUICK_INTERNAL_H
#define MUSTER_JIT_QUICK_INTERNAL_H

#include "compiler/jit/call_code.h"
#include "compiler/jit/kinds.h"
#include "compiler/jit/quick.h"
#include "proc/process.h"
#include "runtime/term/atom.h"
#include "runtime/term/mem.h"

enum { STATE_MOST = 40, MASKED_SLOTS = 64 };

/* What is known of one slot. */
typedef struct Known {
    uint16_t slot;
    uint8_t reg;      /* R_NONE: in none */
    bool dirty;       /* the slot's memory does not hold it */
    bool is_constant; /* it is `constant` */
    bool is_rest;     /* see quick_rest.c: register and memory have the position */
    uint16_t kinds;
    uint32_t arity_1; /* a tuple of this arity less one; 0: unknown */
    Term constant;
} Known;

typedef struct State {
    uint32_t count;
    Known known[STATE_MOST];
} State;

typedef struct SavedState {
    uint32_t count;
    uint32_t heap_ready;
    Known known[];
} SavedState;

/* What is in registers where a loop begins again; see quick_loop.c. */
enum { LOOP_MOST = 6 };
typedef struct Loop {
    MachineLabel label;
    uint32_t count;
    struct {
        uint16_t slot;
        uint8_t reg;
        bool dirty; /* memory lacks it */
    } of[LOOP_MOST];
} Loop;

/* One instruction of slot code. */
typedef struct At {
    uint32_t offset; /* in the module's code */
    uint8_t instruction;
    bool is_place; /* the interpreter may enter here */
    bool falls_in; /* the instruction before goes on here */
    bool has_label;
    bool rest_here; /* on every way here the matched argument is a rest; see quick_rest.c */
    uint32_t jumps; /* forward ones that lead here */
    bool is_loop;   /* others jump back here, the last of them: */
    uint32_t last_back;
    Loop *loop;
    MachineLabel label;
    uint64_t live; /* slots 1 … 64 (bit 0 …) needed at its start */
    SavedState *state;
} At;

typedef struct Write { /* of a slot, when leaving */
    uint16_t slot;
    uint8_t reg;
    bool is_constant;
    Term constant;
} Write;

typedef struct Quick Quick;
typedef struct Stub Stub;
struct Stub {
    MachineLabel label;
    void (*emit)(Quick *q, const Stub *stub);
    uint32_t at;           /* index of the instruction */
    MachineLabel resume;   /* where a slow path comes back */
    MachineLabel other;    /* and another way on */
    uint8_t d, a, b, kind; /* registers, and what the writer wants */
    uint8_t spare[2];
    uint16_t flags;
    int64_t number;
    const void *function; /* of C */
    uint32_t write_count;
    Write *writes; /* dirty and needed */
    uint32_t reload_count;
    Write *reloads; /* registers with slots' values */
    uint32_t rest_count;
    uint16_t *rests; /* slots to be made terms where the code is left */
};

struct Quick {
    Machine m;
    const NativeRuntime *runtime;
    const Function *function;
    const LoadedModule *module;
    Code code; /* of the module */

    At *at;
    uint32_t count;
    uint32_t *index_of; /* of the instruction at offset / 4 from the function's start; UINT32_MAX */
    uint32_t now;       /* index of the instruction at hand */
    Code pc;            /* its place */

    State state;
    uint32_t pinned;     /* registers that the instruction at hand uses */
    uint32_t victim;     /* for eviction, in turn */
    uint32_t heap_ready; /* words that are known to be free */
    bool reachable;
    MachineLabel exit; /* of the instruction at hand, UINT32_MAX: none yet */

    uint32_t rest_context; /* slot of the binary being matched, whose rests are not made; 0: none */
    Loop *rest_loop;
    MachineLabel entry, body, entry_slow;
    /* Leave so, at R1 bytes from the function's start. */
    MachineLabel leave_at, yield_at, bif_at, raise_at, collect_at, heap_at;
    bool has_raise, has_yield, has_bif, has_heap;
    Stub **stubs;
    uint32_t stub_count, stub_capacity;
    ReturnPoints return_points;

    struct Chunk *chunks; /* memory until the end */
    size_t chunk_left;
};

/* ---- quick_scan.c ---- */
bool quick_scan(Quick *q);
/* A tail call of this function: back to its start. */
static inline bool quick_calls_itself(const Quick *q, uint32_t index)
{
    return q->at[index].instruction == I_tail_call &&
           q->at[index].offset + (uint32_t) field_s32(q->code + q->at[index].offset, 4) ==
               q->function->code_offset;
}
/* Whether a collection before the instruction looks at the slot; true where there is none. */
bool quick_is_collected(const Quick *q, uint32_t index, uint32_t slot);
/* Slots in use, the frame word included, at a place that the interpreter enters. */
uint32_t quick_place_depth(const Quick *q, uint32_t index);
void *quick_alloc(Quick *q, size_t bytes); /* until the end */
/* Calls `visit` for each instruction that this one may jump to. */
void quick_targets(Quick *q, uint32_t index,
                   void (*visit)(Quick *q, uint32_t from, uint32_t to, void *with), void *with);
/* Slots that an instruction reads and writes, as masks. */
void quick_effects(Quick *q, uint32_t index, uint64_t *uses, uint64_t *defines);
void quick_free(Quick *q);
/* Index of the instruction that a label field leads to. */
static inline uint32_t quick_target(const Quick *q, int32_t distance)
{
    return q->index_of[(uint32_t) (q->pc + distance - (q->code + q->function->code_offset)) / 4];
}

/* ---- quick_state.c ---- */
static inline MachineMemory slot_memory(uint32_t slot)
{
    return m_at(R_SP, -8 * (int32_t) slot);
}
static inline uint32_t slot_of(const Quick *q, uint32_t field)
{
    return (uint32_t) -field_s16(q->pc, field);
}
Known *state_find(Quick *q, uint32_t slot);
/* The register that holds the slot's value, loaded if need be; stays until the instruction ends. */
MachineRegister state_use(Quick *q, uint32_t slot);
/* A register for the instruction at hand alone. */
MachineRegister state_temporary(Quick *q);
/* The slot has the value in `reg` now. */
void state_define(Quick *q, uint32_t slot, MachineRegister reg, uint32_t kinds);
void state_define_constant(Quick *q, uint32_t slot, Term constant);
void state_copy(Quick *q, uint32_t to, uint32_t from);
uint32_t state_kinds(Quick *q, uint32_t slot);
void state_refine(Quick *q, uint32_t slot, uint32_t kinds);
/* Memory gets what of `live` it lacks. */
void state_flush(Quick *q, uint64_t live);
/* Nothing is known. */
void state_clear(Quick *q);
/* Memory will change, or did: of this slot nothing is known. */
void state_forget(Quick *q, uint32_t slot);
/* Before a call of C in the main line: all needed is in memory, registers that C destroys are free.
 */
void state_before_c(Quick *q);
void state_end_instruction(Quick *q);
/* The instruction at hand begins. */
void state_begin_instruction(Quick *q);
static inline uint64_t slot_bit(uint32_t slot)
{
    return slot - 1 < MASKED_SLOTS ? (uint64_t) 1 << (slot - 1) : 0;
}
static inline bool slot_is_live(uint64_t live, uint32_t slot)
{
    return slot > MASKED_SLOTS || (live & slot_bit(slot)) != 0;
}
/* Needed after the instruction at hand (on the way on). */
uint64_t live_after(const Quick *q);

/* ---- quick.c: leaving the main line ---- */
/* To the interpreter, which does this instruction. */
MachineLabel quick_exit(Quick *q);
/* To the slot code's label `distance` from here, with the state as it is. */
MachineLabel quick_branch_target(Quick *q, int32_t distance);
/* The same, while slot `slot` is known to be of `kinds` there. */
MachineLabel quick_branch_target_kinds(Quick *q, int32_t distance, uint32_t slot, uint32_t kinds);
void quick_jump(Quick *q, int32_t distance);
/* The instruction at hand is the interpreter's: leaves; what follows is not reached from here. */
void quick_leave(Quick *q);
/* A stub; its writes and reloads are those of the state now. */
Stub *quick_stub(Quick *q, void (*emit)(Quick *q, const Stub *stub));
/* C will change the slot's memory: others that share its register are loaded from their own. */
void quick_stub_changes(Quick *q, Stub *stub, uint32_t slot);
void quick_stub_writes(Quick *q, const Stub *stub);
void quick_stub_reloads(Quick *q, const Stub *stub);
/* In a stub, the writes done: the operands of its n-ary instruction into the activation's array. R0
 * is destroyed. */
void quick_stub_gather(Quick *q, const Stub *stub);
/* In a stub, the writes done: a collection that makes room for `words`, then on at `retry` with the
 * state as it was. */
void quick_stub_collect(Quick *q, const Stub *stub, uint32_t words, MachineLabel retry);
/* In a stub: leaves at its instruction; the writes are done. */
void quick_stub_leave(Quick *q, const Stub *stub);
/* To the interpreter, which collects before the instruction behind the one at hand, whose state it
 * is. */
MachineLabel quick_collect_after(Quick *q);
/* Registers to[i] get what is in from[i], as if all at once. R_SCRATCH must not be among them. */
void quick_moves(Quick *q, const MachineRegister to[], const MachineRegister from[],
                 uint32_t count);
/* The C call itself: SP and HEAP (if `builds`) are kept in the process meanwhile. NULL: of the
 * function whose address is in R0. */
void quick_c_call(Quick *q, const void *function, bool builds);

/* ---- quick_loop.c ---- */
/* Where the loop begins, all in memory: what it keeps in registers is loaded; then its label. */
void quick_loop_label(Quick *q);
/* Back to instruction `target`, a reduction less. When they are used up: on at `yields`, a label
 * where all is in memory, or, UINT32_MAX, out to the scheduler. */
void quick_loop_back(Quick *q, uint32_t target, MachineLabel yields);
/* The slots of `left` that the loop at instruction `index` reads most, up to `most` in all. */
void quick_loop_choose(Quick *q, Loop *loop, uint32_t index, uint64_t left, uint32_t most);
/* What is needed at `live` is in memory or, where the loop wants it, in registers. */
void quick_loop_settle(Quick *q, const Loop *loop, uint64_t live);
/* Behind that: on at the loop's label, a reduction less; `at` is where the interpreter goes on. */
Stub *quick_loop_jump(Quick *q, const Loop *loop, uint32_t at, MachineLabel yields);

/* ---- quick_rest.c ---- */
/* Whether the function is a loop over a binary: sets rest_context. */
void quick_rest_plan(Quick *q);
/* Slots needed where those of `live` are: a rest needs its binary. */
uint64_t quick_rest_needs(const Quick *q, uint64_t live);
/* At a label: the matched argument is a rest there, if it is needed. */
void quick_rest_at_label(Quick *q);
/* Slots of `live` that must be terms in memory at instruction `target`. */
uint64_t quick_rest_terms(const Quick *q, const At *target, uint64_t live);
/* The rests that the state has of `live`, for the stub. */
void quick_rest_take(Quick *q, Stub *stub, uint64_t live);
/* In a stub, behind its writes, on the way out: the rests become terms in their slots. */
void quick_rest_leave(Quick *q, const Stub *stub);
/* Before the instruction at hand: rests that it does not just move become terms. */
void quick_rest_before(Quick *q);
/* Those of `live` do. */
void quick_rest_make(Quick *q, uint64_t live);
/* Behind the first instruction: where a round begins that got a rest. */
void quick_rest_label(Quick *q);
/* Back there, if the first argument's value is a rest. */
bool quick_rest_back(Quick *q, MachineLabel yields);

/* ---- the templates ---- */
void quick_test(Quick *q, Instruction i); /* quick_test.c */
void quick_switch(Quick *q, Instruction i);
void quick_compare(Quick *q, Instruction i);
void quick_arithmetic(Quick *q, Instruction i); /* quick_arith.c */
/* On at `other` unless it is an immediate float. */
void quick_test_float(Quick *q, MachineRegister a, MachineRegister temporary, MachineLabel other);
/* The double of an immediate float. */
void quick_float_of(Quick *q, MachineFloat d, MachineRegister a, MachineRegister temporary);
/* F0 and F1 = the doubles of a and b if both are immediate floats, else on at `other`. */
void quick_floats(Quick *q, MachineRegister a, MachineRegister b, MachineRegister temporary,
                  MachineLabel other);
void quick_get(Quick *q, Instruction i); /* quick_build.c */
void quick_build(Quick *q, Instruction i);
void quick_call(Quick *q, Instruction i); /* quick_call.c */
/* Writes the guard built-in where it knows how to. */
bool quick_inline_builtin(Quick *q, const CodeExport *export);
void quick_receive(Quick *q, Instruction i);
void quick_bits(Quick *q, Instruction i); /* quick_bits.c */
/* The operands of an n-ary instruction, into the activation's array. */
void quick_gather(Quick *q);
/* The operand of an n-ary instruction, if it is known. */
bool quick_constant_operand(Quick *q, uint32_t n, Term *constant);
/* The stub in which C builds what the instruction at hand builds, in d; it needs no registers. */
Stub *quick_slow_build(Quick *q, const void *function, MachineRegister d);
bool quick_build_fields(Quick *q); /* quick_fields.c; false: left to C */
/* Sure that so many words are free from HEAP on, or exits. */
void quick_heap(Quick *q, uint32_t words);

#endif
