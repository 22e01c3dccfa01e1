/* compiler/core/generate_internal.h
 * What the files of the generator share.
 *
 * The frame. Slots are numbered as they are pushed; `depth` is how many there are. A variable is a
 * slot that stays. An alternative that is left drops what it pushed: a Label has a depth of its
 * own, and jumping to it from a deeper place goes over a landing that drops the difference (placed
 * in front of the label, deepest first, each falling into the next).
 *
 * Code that cannot be reached is not written: `reachable` is false from a jump, return or failure
 * to the next label, and the emitting functions then do nothing but count. */
#ifndef MUSTER_COMPILER_CORE_GENERATE_INTERNAL_H
#define MUSTER_COMPILER_CORE_GENERATE_INTERNAL_H

#include "compiler/core/generate.h"
#include "compiler/core/live.h"

enum { SLOTS_MAX = 30000 };

/* What becomes of the value of an expression. */
typedef enum Want { WANT_PUSH, WANT_DROP, WANT_RETURN } Want;

typedef struct LabelEntry {
    uint32_t depth, id;
    struct LabelEntry *next; /* shallower */
} LabelEntry;
typedef struct Label {
    uint32_t depth;
    bool keeps_top;      /* the top value goes along: slide, not drop */
    LabelEntry *entries; /* deepest first */
} Label;

/* Where a value being matched is, or how to get it. */
typedef enum PlaceHow {
    PLACE_SLOT, /* slot */
    PLACE_HEAD, /* of parent */
    PLACE_TAIL,
    PLACE_ELEMENT, /* `index` of parent */
    PLACE_KEY,     /* that map parent has `key`; its child is the value */
    PLACE_BITS,    /* slot: bits, position, end; the segments from here on */
    PLACE_VIRTUAL, /* a tuple that was not built: its elements are places */
} PlaceHow;

/* What is known of a place since a test. */
typedef enum Fact { FACT_NONE, FACT_CONS, FACT_TUPLE, FACT_MAP, FACT_LITERAL } Fact;

typedef struct Place Place;
struct Place {
    PlaceHow how;
    Fact fact;
    uint32_t slot; /* CORE_NO_SLOT: not got yet */
    uint32_t index;
    Term known; /* FACT_LITERAL: the value; FACT_TUPLE: the arity as a small */
    Core *key;
    Place *parent, *children, *next;
    Place **elements; /* the children that are PLACE_ELEMENT, by index */
    uint32_t element_count;
};

typedef struct Test {
    Place *place;
    CorePattern *pattern; /* of PLACE_BITS: none */
    CorePatternSegment *segments;
    uint32_t segment_count;
    struct Test *next;
} Test;

typedef struct Bind { /* var = place; or: value =:= place */
    CoreVar *var;
    Core *value;
    Place *place;
    struct Bind *next;
} Bind;

/* A clause that may still match: what is left to test, and what to bind then. */
typedef struct Row {
    CoreClause *clause;
    uint32_t index;
    Test *tests;
    Bind *binds, **bind_end;
    Bind **early_end; /* the variables that the pattern reads are bound up to here */
} Row;

typedef enum MatchKind { MATCH_CLAUSES, MATCH_RECEIVE, MATCH_HANDLERS, MATCH_STATEMENT } MatchKind;

typedef struct Matching {
    MatchKind kind;
    Want want;
    Label *join; /* of MATCH_CLAUSES … HANDLERS */
    bool has_bits;
    const CoreDeaths *deaths;
    uint32_t base;       /* depth before what is matched was pushed */
    uint32_t trace_slot; /* of MATCH_HANDLERS */
} Matching;

/* Code for later: what happens rarely, behind the rest. */
typedef enum ColdKind { COLD_FAIL, COLD_FAIL_VALUE, COLD_FAIL_TOP, COLD_FAIL_VIRTUAL } ColdKind;
typedef struct Cold {
    ColdKind kind;
    Label label;
    Term reason;
    uint32_t slot;
    Place *tuple;
    CoreAt at;
    struct Cold *next;
} Cold;

typedef struct MaybeStub { /* a MAYBE_MATCH that failed: its value goes to the else */
    Label label;
    uint32_t slot;
    struct MaybeStub *next;
} MaybeStub;
typedef struct MaybeFrame {
    MaybeStub *stubs;
    struct MaybeFrame *outer;
} MaybeFrame;

/* Something that goes back to what it was where another alternative starts. */
typedef enum TrailKind {
    TRAIL_PLACE,
    TRAIL_DEAD,
    TRAIL_OWNERS,
    TRAIL_SHAPE,
    TRAIL_DYING
} TrailKind;
typedef struct TrailEntry {
    TrailKind kind;
    union {
        struct {
            Place *place;
            uint32_t slot;
            Fact fact;
            Term known;
        };
        struct {
            CoreVar *var;
            bool was_dead;
        };
        struct {
            uint32_t index, owners;
        };
        struct Dying *dying;
    };
} TrailEntry;

/* A slot that is not read again and has not been killed yet. */
typedef struct Dying {
    uint32_t slot;
    struct Dying *next;
} Dying;

typedef struct Gen {
    CoreModule *core;
    Module *module;
    Emitter *emitter;
    Arena *arena;
    GenerateError *error;
    Live *live;
    CoreFunction *function;
    uint32_t frame; /* parameters and captured values */
    uint32_t depth;
    bool reachable;
    Label *jump_to; /* a jump not written yet, from `jump_depth`; NULL: none */
    uint32_t jump_depth;
    uint32_t entry_label;
    CoreAt at;       /* last line written */
    Label *guard;    /* in a guard: where failing goes; NULL: it raises */
    bool is_looking; /* for a message: what is known of slots must be as at the loop's start */
    Cold *cold;
    MaybeFrame *maybe;
    TrailEntry *trail;
    uint32_t trail_count, trail_capacity;
    uint8_t *shapes;  /* of each slot, the Fact that a pattern relies on */
    uint32_t *owners; /* of each slot, how many variables that live have it */
    Dying *dying;     /* to be killed before the next call */
} Gen;

/* ---- code (generate_code.c) ---- */
COLD void gen_fail(Gen *g, const char *text);
void label_init(Label *label, uint32_t depth, bool keeps_top);
/* `to` takes over the jumps to `from`, which is not placed then. */
void label_move(Gen *g, Label *from, Label *to);
uint32_t label_at(Gen *g, Label *label, uint32_t depth);
void label_place(Gen *g, Label *label);
uint32_t label_here(Gen *g); /* a new label at this place, for handlers and loops */
void gen_line(Gen *g, CoreAt at);
static inline CoreAt core_at(const Core *core)
{
    return (CoreAt){core->line, core->file};
}
/* An instruction was written that pops and pushes so many. */
void gen_depth(Gen *g, uint32_t pops, uint32_t pushes);
void gen_load(Gen *g, uint32_t slot);
void gen_literal(Gen *g, Term literal);
void gen_hole(Gen *g);
void gen_store(Gen *g, uint32_t slot);
void gen_drop(Gen *g, uint32_t count);
void gen_slide(Gen *g, uint32_t count);
void gen_jump(Gen *g, Label *label);
void gen_return(Gen *g);
/* Test instructions "vl", "vnl" … : operands between slot and label, `count` of them. */
void gen_test(Gen *g, Opcode op, uint32_t slot, const uint64_t operands[], uint32_t count,
              Label *label);
void gen_compare(Gen *g, Opcode op, Label *label); /* test_eq … */
/* Instructions whose last operand is a guard label. */
void gen_guarded(Gen *g, Opcode op, uint32_t pops);
uint32_t gen_guard_operand(Gen *g, uint32_t depth);
void gen_op(Gen *g, Opcode op, uint32_t pops, uint32_t pushes); /* no operands */
void gen_op1(Gen *g, Opcode op, uint64_t a, uint32_t pops, uint32_t pushes);
void gen_op2(Gen *g, Opcode op, uint64_t a, uint64_t b, uint32_t pops, uint32_t pushes);
/* The code does not go on behind the instruction just written. */
void gen_stop(Gen *g);
Cold *gen_cold(Gen *g, ColdKind kind, Term reason, CoreAt at, uint32_t depth);
void gen_all_cold(Gen *g, Cold *until);
uint32_t trail_mark(const Gen *g);
void trail_undo(Gen *g, uint32_t mark);
TrailEntry *trail_add(Gen *g, TrailKind kind);

/* ---- the end of variables (generate_live.c) ---- */
void slot_bind(Gen *g, CoreVar *var, uint32_t slot);
void slot_keep(Gen *g, uint32_t slot); /* it outlives its variables */
void var_dies(Gen *g, CoreVar *var);
/* A use that gen_slot or gen_place gave, and that is over now. */
void use_ends(Gen *g, const Core *core);
void uses_end(Gen *g, Core *const cores[], uint32_t count);
/* Slots from `from` on that belong to no variable are not read again. */
void temporaries_die(Gen *g, uint32_t from);
void deaths_on_entry(Gen *g, const CoreDeaths *deaths, uint32_t alternative);
void deaths_after(Gen *g, const CoreDeaths *deaths);
/* A frame ends; `before` is `dying` as it was when it began. */
void slots_dropped(Gen *g, uint32_t from, const Dying *before);
void kill_dying(Gen *g, uint32_t below); /* before a call whose hole is there */

/* ---- expressions (generate_expr.c, generate_build.c, generate_call.c, generate_try.c) ---- */
void gen_expr(Gen *g, Core *core, Want want);
void gen_finish(Gen *g, Want want); /* a value was pushed: what becomes of it */
/* The slot of a value: a variable's own, or one pushed for it. */
uint32_t gen_slot(Gen *g, Core *core);
/* The same for a test that makes something known of the slot: a copy, where a guard's test could
 * take away what patterns know of it. */
uint32_t gen_slot_to_test(Gen *g, Core *core);
uint32_t var_slot(Gen *g, CoreVar *var);
void gen_statement(Gen *g, Core *core);
void gen_body(Gen *g, Core *core, Want want);
void gen_match_expr(Gen *g, Core *core, Want want);
void gen_case(Gen *g, Core *core, Want want);
void gen_maybe(Gen *g, Core *core, Want want);
void gen_receive(Gen *g, Core *core, Want want);
void gen_try(Gen *g, Core *core, Want want);
void gen_catch(Gen *g, Core *core, Want want);
void gen_list(Gen *g, Core *core);
void gen_map(Gen *g, Core *core);
void gen_binary(Gen *g, Core *core);
void gen_record_get(Gen *g, Core *core);
void gen_record_set(Gen *g, Core *core);
void gen_call(Gen *g, Core *core, Want want);
/* The label at which the values of alternatives meet. */
void join_init(Gen *g, Label *join, Want want);
void join_place(Gen *g, Label *join, Want want);

/* ---- conditions (generate_test.c) ---- */
bool core_is_boolean(const Core *core);
/* Falls through where the value is `sense`, jumps to `target` where it is the other boolean. */
void gen_condition(Gen *g, Core *core, bool sense, Label *target);
void gen_guard(Gen *g, Core *guard, Label *fail);

/* ---- patterns (match.c, match_bits.c) ---- */
Place *place_new(Gen *g, PlaceHow how, uint32_t slot);
Place *place_child(Gen *g, Place *parent, PlaceHow how, uint32_t index);
uint32_t place_slot(Gen *g, Place *place);
void place_set_slot(Gen *g, Place *place, uint32_t slot);
void place_set_fact(Gen *g, Place *place, Fact fact, Term known);
Row *row_new(Gen *g, CoreClause *clause, uint32_t index);
void row_add(Gen *g, Row *row, Place *place, CorePattern *pattern);
Test *row_test(const Row *row, const Place *place);
void row_remove(Row *row, const Test *test);
bool pattern_is_unused(const CorePattern *pattern); /* nothing to test, nothing to bind */
/* The first row that matches goes on by `m`; none: `fail`. */
void match_rows(Gen *g, Matching *m, Row **rows, uint32_t count, Label *fail);
/* All rows test the same PLACE_BITS. */
void match_bits(Gen *g, Matching *m, Row **rows, uint32_t count, Place *place, Label *fail);
void bind_early(Gen *g, Row *row);
/* A place for the value of `core`: virtual where it is a tuple that all `clauses` take apart. */
Place *gen_place(Gen *g, Core *core, CorePattern *const patterns[], uint32_t count);
void gen_match_failure(Gen *g, Label *fail, Place *place, Term reason, CoreAt at);

#endif
