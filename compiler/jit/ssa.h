/* compiler/jit/ssa.h
 * The optimiser's intermediate language: a function as blocks of nodes, each value written once.
 *
 * What a node does is in ssa.def. Slots of slot code do not occur but where memory matters: every
 * node that may leave native code, and every call, names a *frame*: the place in slot code, and for
 * each slot needed there its value. So whatever the optimiser does, the interpreter can go on: the
 * exit writes those values into their slots, in the form that slot code expects (a float in a
 * register becomes a term there). Frames count as uses of their values.
 *
 * A call ends the life of all values: behind it, slots are read anew (SLOT). Between calls nothing
 * moves, so pointers stay valid.
 *
 * Slots are numbered from the frame pointer of the compiled function. A function that was inlined
 * has its frame further down: its slot i is `base` + i, and slot `base` holds the address that its
 * caller's call would have written there. */
#ifndef MUSTER_JIT_SSA_H
#define MUSTER_JIT_SSA_H

#include "compiler/erl/arena.h"
#include "compiler/jit/feedback.h"
#include "compiler/jit/kinds.h"
#include "compiler/jit/machine.h"
#include "compiler/jit/slot_code.h"

typedef enum SsaOp {
#define SSA(name, rep, flags, text) SSA_##name,
#include "compiler/jit/ssa.def"
#undef SSA
    SSA_OP_COUNT
} SsaOp;

typedef enum SsaRep { REP_NONE, REP_TERM, REP_FLOAT, REP_TEST } SsaRep;

typedef enum SsaArith {
    ARITH_ADD,
    ARITH_SUBTRACT,
    ARITH_MULTIPLY,
    ARITH_DIV,
    ARITH_REM,
    ARITH_BAND,
    ARITH_BOR,
    ARITH_BXOR,
    ARITH_SHIFT_LEFT,
    ARITH_SHIFT_RIGHT,
    ARITH_DIVIDE,
    ARITH_NEGATE,
    ARITH_BNOT,
    ARITH_ABS,
    ARITH_MIN,
    ARITH_MAX,
    ARITH_SQRT
} SsaArith;

/* What is known of a value. kinds 0: nothing reaches it. */
typedef struct Type {
    uint16_t kinds;
    uint16_t arity_1;  /* a tuple, if one, has so many elements less one; 0: unknown */
    int64_t low, high; /* if it is a small integer */
} Type;

typedef struct SsaNode SsaNode;
typedef struct SsaBlock SsaBlock;

typedef struct SsaSlot {
    uint32_t slot;
    SsaNode *value;
} SsaSlot;

/* Positions in the code's order, both included. */
typedef struct SsaSpan {
    uint32_t from, to;
} SsaSpan;

typedef struct SsaFrame {
    Code pc;
    uint32_t base; /* of the frame that pc belongs to */
    uint32_t pass; /* that saw it: many nodes share one */
    uint32_t count;
    SsaSlot slots[];
} SsaFrame;

struct SsaNode {
    uint8_t op;
    uint8_t condition; /* MachineCondition; SsaArith */
    bool is_float;     /* PHI: a double in a register */
    bool no_overflow;  /* integers: the types say that the result fits; floats: another checks */
    bool no_guess;     /* ARITH: its result was no small integer once */
    uint8_t rounds;    /* PHI: how often its range grew */
    bool is_careful;   /* ARITH, comparisons: of operands nothing is guessed */
    uint8_t shape;     /* in its profile: what the value was seen to be; 0: unknown */
    const Profile *profile;
    uint16_t seen[2]; /* ARITH, comparisons: kinds of operands that guesses failed for */
    uint16_t
        expected;   /* a loop's PHI: the kinds that it is taken to start with; 0: no matter which */
    bool is_late;   /* BITS_VIEW: only exits want it, and make it */
    uint8_t ahead;  /* how many reductions were counted before it that are due behind it */
    uint8_t counts; /* how many it counts: its own, and such as are due behind it */
    bool mark;
    bool mark_float; /* PHI: it becomes one of doubles */
    uint32_t id;
    uint32_t count; /* of inputs */
    SsaNode **inputs;
    SsaNode *inline_inputs[2];
    uint64_t constant;
    SsaFrame *frame;
    Code pc;     /* with a frame: its own place, which may come later (ssa_restart.c) */
    Code origin; /* what may leave because of a guess: of which instruction, for which reason; CALL:
                    where slot code goes on behind it */
    uint8_t reason;
    uint16_t origin_slot;
    SsaBlock *block;
    uint32_t slot_from, slot_to; /* the builder: all slots that it was put into */
    SsaNode *previous, *next;    /* in the block */
    SsaNode *instead;            /* this one was replaced by that one */
    Type type;
    Type filter;   /* REFINE; of a test of funs: what is known of its operand */
    SsaNode *like; /* SLOT: the value that was stored there, for its type alone; AFTER: by whom */
    /* lowering */
    uint32_t position;
    uint32_t number; /* of values that want registers; 0: none */
    SsaSpan *spans;  /* where it lives, block by block */
    uint32_t span_count, span_capacity;
    float weight;               /* how much it is worth to be in a register */
    SsaNode *hint;              /* would like its register */
    SsaNode *joined;            /* the next one of its unit (ssa_join.c) */
    uint8_t reg;                /* MachineRegister, MachineFloat; NO_REGISTER */
    int32_t spill;              /* slot below the frame pointer in which it lives, or -1 */
    uint32_t kept, kept_floats; /* registers that must be the same behind it */
    SsaSlot *stores;            /* what of its frame is not in memory yet */
    uint32_t store_count;
};
enum { NO_REGISTER = UINT8_MAX };
/* TUPLE's condition: no HEAP was asked for its words. What has more parts is not left to exits. */
enum { TUPLE_ANYWHERE = 1, PARTS_MOST = 32 };

typedef struct SsaCase {
    Term word; /* or arity */
    uint32_t successor;
} SsaCase;

struct SsaBlock {
    uint32_t id;
    SsaNode *first, *last; /* the last is its end, once it has one */
    SsaBlock **predecessors, **successors;
    uint32_t predecessor_count, predecessor_capacity, successor_count;
    SsaBlock *dominator;
    uint32_t tree_first, tree_count; /* its number in the tree of dominators, and of how many it is
                                        the top: theirs follow */
    uint32_t tree_next;              /* of the next below it */
    uint32_t order;                  /* in reverse postorder; UINT32_MAX: not reached */
    uint32_t loop_depth;
    SsaBlock *loop; /* header of the innermost loop that contains it */
    bool is_loop_header;
    bool is_entry; /* the interpreter enters here, slots in memory */
    bool is_cold;
    bool mark;
    uint32_t entry_depth; /* is_entry: slots in use */
    Code pc;              /* where its slot code begins; NULL: none */
    uint32_t base;        /* of the frame that pc belongs to */
    bool reachable;       /* inference */
    MachineLabel label;
    void *own; /* of the pass at hand */
};

/* SWITCH: its frame is NULL; cases of `own`. */
typedef struct SsaSwitch {
    bool by_arity;
    uint32_t case_count;
    SsaCase *cases; /* successors[0] is the default */
} SsaSwitch;

typedef struct OptimiserInput OptimiserInput;
typedef struct SsaInlinable SsaInlinable;
typedef struct Ssa {
    Arena arena;
    const Function *function;
    SlotCode *code;
    SsaBlock **blocks; /* all ever made; blocks[0] is the entry */
    uint32_t block_count, block_capacity;
    SsaBlock **order; /* reachable ones in reverse postorder, see ssa_order */
    uint32_t order_count;
    uint32_t node_count;
    uint32_t frame_slots;     /* in all frames ever made */
    uint32_t pass;            /* over frames, the last one's number */
    uint32_t slot_count;      /* all frames' slots are below */
    uint32_t frame_words;     /* that slot code needs, inlined functions' included */
    SsaInlinable *inlinables; /* functions that were looked at for that (ssa_build_inline.c) */
    SlotCode **inlined;       /* what was put into it, as often as it was */
    uint32_t inlined_count, inlined_capacity, inlined_instructions;
    const Function **heirs; /* of those, whose frames stand where the function's was: tail calls */
    uint32_t heir_count, heir_capacity;
    const OptimiserInput *input;
    const char *refused; /* why the function cannot be compiled, or NULL */
    bool waits;          /* it is better compiled once something that it calls is */
    Type result;         /* join of what it returns */
} Ssa;

extern const char *const ssa_names[SSA_OP_COUNT];
SsaRep ssa_rep(const SsaNode *node);
extern const char ssa_flags[SSA_OP_COUNT][4];
static inline bool ssa_is(SsaOp op, char flag)
{
    const char *flags = ssa_flags[op];
    return flags[0] == flag || flags[1] == flag || flags[2] == flag;
}

/* ---- making and changing ---- */

void ssa_init(Ssa *f, const Function *function);
void ssa_finish(Ssa *f);
SsaBlock *ssa_block(Ssa *f);
/* A node in no block. */
SsaNode *ssa_node(Ssa *f, SsaOp op, uint32_t input_count);
void ssa_append(SsaBlock *block, SsaNode *node);
void ssa_insert_before(SsaNode *at, SsaNode *node);
void ssa_remove(SsaNode *node);
/* All who use `node` use `by` from now on; ssa_clean removes what is left of it. */
void ssa_replace(SsaNode *node, SsaNode *by);
/* Is it a term that only exits want, and build? */
static inline bool ssa_is_built_by_exits(const SsaNode *node)
{
    return node->op == SSA_PARTS || node->is_late;
}
static inline SsaNode *ssa_now(SsaNode *node)
{
    while (node != NULL && node->instead != NULL) {
        node = node->instead;
    }
    return node;
}
static inline SsaNode *ssa_input(const SsaNode *node, uint32_t i)
{
    return ssa_now(node->inputs[i]);
}
/* The edge; adds the predecessor, whose phi inputs the caller adds (ssa_add_input). */
void ssa_edge(Ssa *f, SsaBlock *from, SsaBlock *to);
/* Makes room for one more element; the old array stays in the arena. */
void *ssa_grow(Ssa *f, void *array, uint32_t count, uint32_t *capacity, size_t size);
void ssa_set_successors(Ssa *f, SsaBlock *block, uint32_t count);
void ssa_add_input(Ssa *f, SsaNode *node, SsaNode *input);
/* Takes the edge away, with the phi inputs that came by it. */
void ssa_remove_edge(SsaBlock *from, SsaBlock *to);
SsaFrame *ssa_frame(Ssa *f, Code pc, uint32_t base, uint32_t count);
/* Is it the first time that the pass (f->pass, which it counts up first) comes to this frame? */
static inline bool ssa_frame_first(const Ssa *f, SsaFrame *frame)
{
    bool first = frame != NULL && frame->pass != f->pass;
    if (first) {
        frame->pass = f->pass;
    }
    return first;
}

/* ---- facts ---- */

/* order, dominators, loops; forgets blocks that are not reached. */
void ssa_order(Ssa *f);
static inline bool ssa_dominates(const SsaBlock *a, const SsaBlock *b)
{
    return b->tree_first - a->tree_first < a->tree_count;
}
/* Is the node done, or is it `at` itself, whenever `at` is? */
bool ssa_comes_before(const SsaNode *node, const SsaNode *at);
/* Is the block in the loop with that header? */
static inline bool ssa_is_inside(const SsaBlock *block, const SsaBlock *header)
{
    while (block != NULL && block != header && block->loop != header) {
        block = block->loop;
    }
    return block != NULL;
}
/* Are all slots of its frame filled in the main line, not only where it leaves? */
static inline bool ssa_fills_frame(const SsaNode *node)
{
    return ssa_is((SsaOp) node->op, 'K') || node->op == SSA_TAIL_CALL ||
           node->op == SSA_TEMPLATE_END;
}
/* Follows `instead` everywhere, drops what is dead. */
void ssa_clean(Ssa *f);
/* Aborts with a message if something does not hold: every input is defined on all ways to its use,
 * ends are where they should be, phis fit their blocks, reps fit. */
void ssa_verify(Ssa *f, const char *after);
void ssa_dump(Ssa *f, FILE *out);
void ssa_dump_node(const SsaNode *node, FILE *out);

/* ---- types (ssa_type.c) ---- */

#define TYPE_ANY ((Type){IS_ANY, 0, SMALL_MIN, SMALL_MAX})
#define TYPE_NONE ((Type){0, 0, SMALL_MAX, SMALL_MIN})
Type type_of_kinds(uint32_t kinds);
Type type_of_term(Term t);
Type type_join(Type a, Type b);
Type type_meet(Type a, Type b);
bool type_equal(Type a, Type b);
static inline bool type_is(Type t, uint32_t kinds)
{
    return (t.kinds & ~kinds) == 0;
}
void type_print(Type t, FILE *out);

/* ---- passes ---- */

struct OptimiserInput {
    const Function *function;
    const Profile *profiles; /* NULL: none */
    bool is_careful;         /* guess nothing: too much was wrong */
    /* May calls of it be replaced by its code? NULL: all may. */
    bool (*may_inline)(const Function *function);
    /* What was seen in the slots of another function; NULL: nothing, or it is still looked at.
     * NULL: nothing is known of others. */
    const Profile *(*profiles_of)(const Function *function);
    /* Is what there is to know of a function known, and its code the best that it gets? Else *soon:
     * will it be, if it runs often? NULL: it is, of all. */
    bool (*is_settled)(const Function *function, bool *soon);
    bool may_put_off; /* a function that calls a loop that will be known better soon */
    /* Of which kinds values were for which this guess failed before. NULL: nothing is known. */
    uint32_t (*failed)(const Function *function, Code origin, GuessReason reason, uint32_t slot);
    /* Adds the funs for which a guess at this call failed before. NULL: nothing is known. */
    void (*funs_failed)(const Function *function, Code origin, FunsSeen *seen);
    FILE *trace;     /* every pass writes what it made; NULL: quiet */
    FILE *decisions; /* what is inlined, or why not, a line for each call; NULL: quiet */
};

static inline uint32_t ssa_failed(const Ssa *f, Code origin, GuessReason reason, uint32_t slot)
{
    return f->input->failed != NULL ? f->input->failed(f->function, origin, reason, slot) : 0;
}

/* All of them. f->refused says why there is no result. */
void ssa_optimise(Ssa *f, const OptimiserInput *input);

void ssa_build(Ssa *f, const OptimiserInput *input); /* ssa_build*.c */
void ssa_take_apart(Ssa *f);                         /* ssa_parts.c: tuples */
void ssa_infer(Ssa *f);                              /* ssa_infer.c: types, which arithmetic */
void ssa_loops(Ssa *f);                              /* ssa_loop.c: out of loops what is the same */
void ssa_sink(Ssa *f);    /* ssa_sink.c: tuples to where they are wanted */
void ssa_restart(Ssa *f); /* ssa_restart.c: where exits go on */
/* Behind it, what came before cannot be done again. */
bool ssa_has_effect(const SsaNode *node);
void ssa_check_finite(Ssa *f, SsaBlock *block); /* ssa_finite.c: which floats */
/* ssa_count.c: which nodes count how many reductions; `places`: by block, where what leaves at its
 * end goes on, or NULL. */
void ssa_count(Ssa *f, SsaFrame *const *places);
void ssa_prepare(Ssa *f);    /* ssa_prepare.c: for machine code */
void ssa_simplify(Ssa *f);   /* ssa_simplify.c */
void ssa_float_phis(Ssa *f); /* ssa_float.c */
/* What a value is a copy of: REFINE and its like name the same. */
SsaNode *ssa_bare(SsaNode *node);
/* Is the CHECK of a tuple that was built of so many elements? */
static inline bool ssa_is_sure(const SsaNode *check)
{
    const SsaNode *bare = ssa_bare(check->inputs[0]);
    return (bare->op == SSA_TUPLE || bare->op == SSA_PARTS) && (check->filter.kinds & IS_TUPLE) &&
           (check->filter.arity_1 == 0 || check->filter.arity_1 == bare->count + 1);
}
/* For each block in order the regions that it begins and ends in (see ssa_simplify.c); all are
 * below *count. */
void ssa_find_regions(Ssa *f, uint32_t *entered, uint32_t *left, uint32_t *count);

#endif
