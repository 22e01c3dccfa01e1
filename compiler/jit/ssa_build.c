/* compiler/jit/ssa_build.c
 * The walk: blocks, states, moves, arithmetic, building terms. See ssa_build.h. */
#include "compiler/jit/ssa_build.h"

#include "compiler/jit/map_keys.h"
#include "runtime/term/atom.h"

/* What there is to write at all exits: some 400 variables that are alive at as many places. */
enum { FRAME_SLOTS_MOST = 200000 };

/* ---- values ---- */

SsaNode *build_use(Builder *b, uint32_t slot)
{
    SsaNode *value = ssa_now(b->state[b->context->base + slot]);
    CHECK(value != NULL);
    return value;
}

void build_set(SsaNode **state, uint32_t slot, SsaNode *value)
{
    state[slot] = value;
    value->slot_from = slot < value->slot_from ? slot : value->slot_from;
    value->slot_to = slot > value->slot_to ? slot : value->slot_to;
}

void build_define(Builder *b, uint32_t slot, SsaNode *value)
{
    build_set(b->state, b->context->base + slot, value);
}

SsaNode *build_node(Builder *b, SsaOp op, SsaNode *a, SsaNode *c)
{
    SsaNode *node = ssa_node(b->f, op, (a != NULL) + (c != NULL));
    if (a != NULL) {
        node->inputs[0] = a;
    }
    if (c != NULL) {
        node->inputs[1] = c;
    }
    ssa_append(b->block, node);
    return node;
}

SsaNode *build_constant(Builder *b, Term value)
{
    SsaNode *node = build_node(b, SSA_CONST, NULL, NULL);
    node->constant = value;
    node->type = type_of_term(value);
    return node;
}

SsaNode *build_operand(Builder *b, uint32_t i)
{
    int32_t operand = field_s16(b->pc, 24 + 2 * i);
    return operand < 0 ? build_use(b, (uint32_t) -operand)
                       : build_constant(b, field_u64(b->pc, 4 * (uint32_t) operand));
}

/* Slots of `set`, below `limit`, of a frame at `base`, behind the `count` that there are. */
static uint32_t add_slots(Builder *b, uint32_t count, const uint64_t *set, uint32_t limit,
                          uint32_t base)
{
    for (uint32_t w = 0; w < (limit + 63) / 64; w++) {
        uint64_t bits = w == 0 ? set[0] & ~(uint64_t) 1 : set[w];
        for (; bits != 0; bits &= bits - 1) {
            uint32_t slot = 64 * w + (uint32_t) __builtin_ctzll(bits);
            if (slot < limit) {
                b->slots[count++] = base + slot;
            }
        }
    }
    return count;
}

/* What is needed of the frames above that of `at`. */
static uint32_t add_above(Builder *b, const Context *at)
{
    const Context *outer = at->outer;
    uint32_t count;
    if (outer == NULL) {
        return 0;
    }
    count = add_above(b, outer);
    if (at->is_tail) {
        return count;
    }
    count =
        add_slots(b, count, outer->code->at[at->call].live, at->base - outer->base, outer->base);
    b->slots[count++] = at->base;
    return count;
}

uint32_t build_needed(Builder *b, const uint64_t *needed)
{
    return add_slots(b, add_above(b, b->context), needed, b->context->code->slot_count,
                     b->context->base);
}

SsaFrame *build_frame_of(Builder *b, uint32_t index, const uint64_t *needed)
{
    uint32_t count = build_needed(b, needed);
    SsaFrame *frame =
        ssa_frame(b->f, slot_code_pc(b->context->code, index), b->context->base, count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t slot = b->slots[i];
        CHECK(b->state[slot] != NULL);
        frame->slots[i] = (SsaSlot){slot, ssa_now(b->state[slot])};
    }
    return frame;
}

SsaFrame *build_frame_at(Builder *b, uint32_t index)
{
    return build_frame_of(b, index, b->context->code->at[index].live);
}

SsaFrame *build_frame_at_entry(Builder *b)
{
    const SlotCode *code = b->context->code;
    uint64_t *needed = ARENA_ZEROED(&b->f->arena, uint64_t, code->live_words);
    for (uint32_t slot = 1; slot <= code->function->arity; slot++) {
        needed[slot / 64] |= (uint64_t) 1 << (slot % 64);
    }
    return build_frame_of(b, 0, needed);
}

SsaFrame *build_frame(Builder *b)
{
    if (b->frame == NULL) {
        b->frame = build_frame_at(b, b->now);
    }
    return b->frame;
}

void build_substitute(Builder *b, SsaNode *value, SsaNode *instead)
{
    uint32_t from = value->slot_from, to = value->slot_to;
    for (uint32_t slot = from; slot <= to && slot < b->slot_count; slot++) {
        if (b->state[slot] == value) {
            build_set(b->state, slot, instead);
        }
    }
}

SsaNode *build_refine(Builder *b, SsaNode *value, Type filter)
{
    SsaNode *node;
    if (value->op == SSA_CONST) {
        return value;
    }
    node = build_node(b, SSA_REFINE, value, NULL);
    node->filter = filter;
    build_substitute(b, value, node);
    return node;
}

void build_after(Builder *b, SsaNode *by)
{
    for (uint32_t i = 0; i < by->count; i++) {
        SsaNode *value = ssa_input(by, i), *after;
        if (value->op != SSA_CONST && by->frame != NULL) {
            after = build_node(b, SSA_AFTER, value, NULL);
            after->like = by;
            build_substitute(b, value, after);
        }
    }
}

/* ---- what a test says ---- */

static void learn_kinds(Builder *b, SsaNode *value, uint32_t kinds)
{
    if (kinds != IS_ANY) {
        build_refine(b, value, type_of_kinds(kinds));
    }
}

static void learn_word(Builder *b, SsaNode *test, bool holds)
{
    SsaNode *value = ssa_input(test, 0);
    if (value->op == SSA_CONST) {
        return;
    }
    if (holds) {
        build_substitute(b, value, build_constant(b, test->constant));
    } else if (test->constant == TERM_NIL) {
        learn_kinds(b, value, IS_ANY & ~IS_NIL);
    }
}

static void learn_order(Builder *b, SsaNode *test, bool holds)
{
    SsaNode *values[2] = {ssa_input(test, 0), ssa_input(test, 1)};
    static const uint8_t turned[] = {
        [M_EQ] = M_EQ, [M_NE] = M_NE, [M_LT] = M_GT, [M_GE] = M_LE, [M_GT] = M_LT, [M_LE] = M_GE};
    uint32_t condition = holds ? test->condition : test->condition ^ 1u;
    for (uint32_t i = 0; i < 2 && test->frame != NULL; i++) {
        if (values[i]->op != SSA_CONST) {
            SsaNode *after = build_node(b, SSA_AFTER, values[i], NULL);
            after->like = test;
            build_substitute(b, values[i], after);
            values[i] = after;
        }
    }
    for (uint32_t i = 0; i < 2; i++) {
        if (values[i]->op != SSA_CONST && condition != M_NE) {
            SsaNode *bound = build_node(b, SSA_BOUND, values[i], values[1 - i]);
            bound->condition = (uint8_t) (i == 0 ? condition : turned[condition]);
            build_substitute(b, values[i], bound);
        }
    }
}

void build_learn(Builder *b, SsaNode *test, bool holds)
{
    SsaNode *value = test->count > 0 ? ssa_input(test, 0) : NULL;
    Type type;
    switch ((SsaOp) test->op) {
    case SSA_NOT:
        build_learn(b, value, !holds);
        break;
    case SSA_IS_KIND:
        learn_kinds(b, value,
                    holds ? (uint32_t) test->constant : IS_ANY & ~(uint32_t) test->constant);
        break;
    case SSA_IS_WORD:
        learn_word(b, test, holds);
        break;
    case SSA_IS_BOOLEAN:
        if (holds) {
            learn_kinds(b, value, IS_ATOM);
        }
        break;
    case SSA_IS_ARITY:
        if (holds) {
            type = type_of_kinds(IS_TUPLE);
            type.arity_1 = test->constant < UINT16_MAX ? (uint16_t) (test->constant + 1) : 0;
            build_refine(b, value, type);
        }
        break;
    case SSA_IS_ORDER:
    case SSA_IS_INT:
        learn_order(b, test, holds);
        break;
    default:
        break;
    }
}

/* ---- blocks ---- */

static SsaNode **take_state(Builder *b)
{
    SsaNode **state = (SsaNode **) b->free;
    if (state == NULL) {
        return ARENA_ARRAY(&b->f->arena, SsaNode *, b->slot_count);
    }
    b->free = (SsaNode ***) state[0];
    return state;
}

static void drop_state(Builder *b, SsaNode **state)
{
    state[0] = (SsaNode *) b->free;
    b->free = (SsaNode ***) state;
}

SsaNode **build_state(Builder *b)
{
    return memset(take_state(b), 0, b->slot_count * sizeof(SsaNode *));
}

SsaNode **build_copy_state(Builder *b, SsaNode *const *state)
{
    return memcpy(take_state(b), state, b->slot_count * sizeof(SsaNode *));
}

static void add_edge(Builder *b, Place *place, SsaBlock *from, SsaNode **state)
{
    if (place->edge_count == place->edge_capacity) {
        Edge *larger;
        place->edge_capacity = place->edge_capacity == 0 ? 2 : 2 * place->edge_capacity;
        larger = ARENA_ZEROED(&b->f->arena, Edge, place->edge_capacity);
        if (place->edge_count > 0) {
            memcpy(larger, place->edges, place->edge_count * sizeof *larger);
        }
        place->edges = larger;
    }
    place->edges[place->edge_count++] = (Edge){from, state};
}

static void end_by_jump(Builder *b, SsaBlock *block)
{
    ssa_append(block, ssa_node(b->f, SSA_JUMP, 0));
    ssa_set_successors(b->f, block, 1);
}

void build_go_to_place(Builder *b, Place *place)
{
    end_by_jump(b, b->block);
    add_edge(b, place, b->block, b->state);
    b->block = NULL;
}

/* The way that the builder is on goes on at instruction `target`. */
static void go_to(Builder *b, uint32_t target)
{
    Place *place = &b->context->places[target];
    end_by_jump(b, b->block);
    if (place->block != NULL) { /* a loop, going back */
        ssa_edge(b->f, b->block, place->block);
        CHECK(place->phis != NULL);
        for (uint32_t slot = 0; slot < b->slot_count; slot++) {
            if (place->phis[slot] != NULL) {
                CHECK(b->state[slot] != NULL);
                ssa_add_input(b->f, place->phis[slot], ssa_now(b->state[slot]));
            }
        }
        drop_state(b, b->state);
    } else {
        add_edge(b, place, b->block, b->state);
    }
    b->block = NULL;
}

void build_jump(Builder *b, int32_t distance)
{
    go_to(b, slot_code_target(b->context->code, b->now, distance));
}

void build_again(Builder *b)
{
    Context *context = b->context;
    while (b->context->outer != NULL) {
        b->context = b->context->outer;
    }
    build_node(b, SSA_AGAIN, NULL, NULL)->frame = build_frame_at_entry(b);
    go_to(b, 0);
    b->context = context;
}

void build_inlined_again(Builder *b)
{
    build_node(b, SSA_ENTER, NULL, NULL)->frame = build_frame_at_entry(b);
    go_to(b, 0);
}

SsaBlock *build_split(Builder *b, SsaNode *test, SsaNode ***other_state)
{
    SsaBlock *yes = ssa_block(b->f), *no = ssa_block(b->f), *from = b->block;
    build_node(b, SSA_BRANCH, test, NULL);
    ssa_set_successors(b->f, from, 2);
    ssa_edge(b->f, from, yes);
    ssa_edge(b->f, from, no);
    b->block = yes;
    *other_state = build_copy_state(b, b->state);
    return no;
}

void build_branch(Builder *b, SsaNode *test, int32_t distance)
{
    SsaNode **state = b->state, **other_state;
    SsaBlock *no = build_split(b, test, &other_state), *yes = b->block;
    b->block = no;
    b->state = other_state;
    build_learn(b, test, false);
    build_jump(b, distance);
    b->block = yes;
    b->state = state;
    build_learn(b, test, true);
}

void build_guard(Builder *b, SsaNode *test)
{
    build_node(b, SSA_GUARD, test, NULL)->frame = build_frame(b);
    build_learn(b, test, true);
}

void build_leave(Builder *b)
{
    build_node(b, SSA_LEAVE, NULL, NULL)->frame = build_frame(b);
    ssa_set_successors(b->f, b->block, 0);
    b->block->is_cold = true;
    b->block = NULL;
}

void build_refuse(Builder *b)
{
    b->f->refused = instruction_names[b->context->code->at[b->now].instruction];
    build_leave(b);
}

static void add_anchor(Builder *b, uint32_t index)
{
    build_node(b, SSA_ANCHOR, NULL, NULL)->frame = build_frame_at(b, index);
}

/* A block in which the interpreter enters at instruction `index`. */
static void add_entry(Builder *b, uint32_t index)
{
    SlotCode *code = b->context->code;
    const SlotInstruction *at = &code->at[index];
    SsaBlock *block;
    SsaNode **state;
    if (b->context->outer != NULL) {
        return; /* who is inlined is not entered */
    }
    block = ssa_block(b->f);
    state = ARENA_ZEROED(&b->f->arena, SsaNode *, b->slot_count);
    block->is_entry = true;
    block->entry_depth = at->depth;
    block->pc = slot_code_pc(code, index);
    for (uint32_t slot = 1; slot < b->context->code->slot_count; slot++) {
        if (slot_code_is_live(at, slot)) {
            build_set(state, slot, ssa_node(b->f, SSA_SLOT, 0));
            state[slot]->constant = slot;
            ssa_append(block, state[slot]);
        }
    }
    b->block = block;
    b->state = state;
    add_anchor(b, index);
    go_to(b, index);
}

/* A slot that is needed holds nothing on a way here, which the loader rules out (slot_code.h).
 * Should it be wrong the function is refused, and goes on in the tier it is in; what is answered
 * only keeps the builder on its feet. */
static SsaNode *no_value(Builder *b, SsaBlock *block)
{
    ASSERT(!"a needed slot has a value on all ways");
    b->f->refused = "a slot has no value where ways meet";
    SsaNode *node = ssa_node(b->f, SSA_SLOT, 0);
    ssa_append(block, node);
    return node;
}

/* The state of `block` from those of all ways to it, which become its edges. A loop's has a phi for
 * every slot, those of frames above an inlined function's, too: behind calls they are read anew. */
static void merge(Builder *b, Place *place, SsaBlock *block, const SlotInstruction *at, bool loop)
{
    uint32_t count;
    b->state = build_state(b);
    for (uint32_t i = 0; i < place->edge_count; i++) {
        ssa_edge(b->f, place->edges[i].from, block);
    }
    count = build_needed(b, at->live);
    for (uint32_t n = 0; n < count; n++) {
        uint32_t slot = b->slots[n];
        bool same = !loop;
        SsaNode *value;
        value = ssa_now(place->edges[0].state[slot]);
        for (uint32_t i = 1; i < place->edge_count; i++) {
            same &= ssa_now(place->edges[i].state[slot]) == value;
        }
        if (same) {
            build_set(b->state, slot, value != NULL ? value : no_value(b, block));
            continue;
        }
        value = ssa_node(b->f, SSA_PHI, 0);
        value->constant = slot;
        ssa_append(block, value);
        for (uint32_t i = 0; i < place->edge_count; i++) {
            SsaNode *input = ssa_now(place->edges[i].state[slot]);
            ssa_add_input(b->f, value, input != NULL ? input : no_value(b, block));
        }
        build_set(b->state, slot, value);
        if (loop) {
            place->phis[slot] = value;
        }
    }
    for (uint32_t i = 0; i < place->edge_count; i++) {
        drop_state(b, place->edges[i].state);
    }
    place->edge_count = 0;
}

void build_meet(Builder *b, Place *place, const SlotInstruction *at)
{
    b->block = place->block = ssa_block(b->f);
    merge(b, place, b->block, at, false);
}

/* One block before the loop, in which all ways to it meet, the interpreter's among them. */
static void begin_loop(Builder *b, Place *place)
{
    const SlotInstruction *at = &b->context->code->at[b->now];
    b->block = ssa_block(b->f);
    b->block->pc = slot_code_pc(b->context->code, b->now);
    b->block->base = b->context->base;
    merge(b, place, b->block, at, false);
    add_anchor(b, b->now);
    go_to(b, b->now);
}

static void add_place(Builder *b)
{
    build_node(b, SSA_PLACE, NULL, NULL)->frame = build_frame_at(b, b->now);
}

/* Instruction `now` begins a block. */
static void begin_block(Builder *b)
{
    const SlotInstruction *at = &b->context->code->at[b->now];
    Place *place = &b->context->places[b->now];
    if (b->block != NULL) {
        go_to(b, b->now);
    }
    if (at->is_handler || (at->is_loop && b->now != 0 && place->edge_count > 0)) {
        add_entry(b, b->now);
    }
    if (at->is_loop && place->edge_count > 0) {
        begin_loop(b, place);
    }
    if (place->edge_count == 0) {
        return;
    }
    if (at->is_loop) {
        place->phis = ARENA_ZEROED(&b->f->arena, SsaNode *, b->slot_count);
    }
    place->block = ssa_block(b->f);
    if (b->context->outer == NULL || at->is_loop) { /* what was seen there */
        place->block->pc = slot_code_pc(b->context->code, b->now);
        place->block->base = b->context->base;
    }
    merge(b, place, place->block, at, at->is_loop);
    b->block = place->block;
    if (at->is_loop) {
        add_place(b);
    }
}

/* ---- instructions ---- */

static void moves(Builder *b, uint32_t pairs)
{
    for (uint32_t i = 0; i < pairs; i++) {
        build_define(b, build_slot(b, 4 + 4 * i), build_use(b, build_slot(b, 6 + 4 * i)));
    }
}

static const struct {
    uint8_t instruction, arith;
} ariths[] = {
    {I_add, ARITH_ADD},
    {I_subtract, ARITH_SUBTRACT},
    {I_multiply, ARITH_MULTIPLY},
    {I_int_divide, ARITH_DIV},
    {I_remainder, ARITH_REM},
    {I_bit_and, ARITH_BAND},
    {I_bit_or, ARITH_BOR},
    {I_bit_xor, ARITH_BXOR},
    {I_shift_left, ARITH_SHIFT_LEFT},
    {I_shift_right, ARITH_SHIFT_RIGHT},
};

SsaNode *build_arithmetic(Builder *b, SsaArith which, SsaNode *left, SsaNode *right)
{
    SsaNode *node;
    build_frame(b);
    node = build_node(b, SSA_ARITH, left, right);
    node->condition = (uint8_t) which;
    node->frame = build_frame(b);
    build_seen(b, node);
    build_after(b, node);
    return node;
}

static bool arithmetic(Builder *b, Instruction i)
{
    SsaNode *left, *right;
    uint32_t which = UINT32_MAX;
    bool immediate = false;
    for (size_t k = 0; k < COUNT_OF(ariths); k++) {
        if (i == ariths[k].instruction || i == ariths[k].instruction + 1u) {
            which = ariths[k].arith;
            immediate = i != ariths[k].instruction;
        }
    }
    if (i == I_divide) {
        which = ARITH_DIVIDE;
    } else if (i == I_negate) {
        which = ARITH_NEGATE;
    } else if (i == I_bit_not) {
        which = ARITH_BNOT;
    }
    if (which == UINT32_MAX) {
        return false;
    }
    left = build_use(b, build_slot(b, 6));
    right = i == I_negate || i == I_bit_not ? NULL
            : immediate                     ? build_constant(b, field_imm(b->pc, 8))
                                            : build_use(b, build_slot(b, 8));
    build_define(b, build_slot(b, 4), build_arithmetic(b, (SsaArith) which, left, right));
    return true;
}

void build_seen(Builder *b, SsaNode *node)
{
    node->seen[0] = (uint16_t) ssa_failed(b->f, b->pc, GUESS_LEFT, 0);
    node->seen[1] = (uint16_t) ssa_failed(b->f, b->pc, GUESS_RIGHT, 0);
    node->is_careful = b->f->input->is_careful;
    node->no_guess = node->is_careful || ssa_failed(b->f, b->pc, GUESS_RESULT, 0) != 0;
}

static void guard_boolean(Builder *b, SsaNode *value)
{
    build_guard(b, build_node(b, SSA_IS_BOOLEAN, value, NULL));
}

static void boolean_not(Builder *b)
{
    SsaNode *value = build_use(b, build_slot(b, 6)), *test;
    guard_boolean(b, value);
    test = build_node(b, SSA_IS_WORD, build_use(b, build_slot(b, 6)), NULL);
    test->constant = ATOM_false;
    build_define(b, build_slot(b, 4), build_node(b, SSA_BOOLEAN, test, NULL));
}

/* true and false differ in one bit. */
static void boolean_logic(Builder *b)
{
    uint32_t which = field_u16(b->pc, 10);
    bool true_has_it = (ATOM_true & ~ATOM_false) != 0;
    SsaNode *left, *right, *node;
    guard_boolean(b, build_use(b, build_slot(b, 6)));
    guard_boolean(b, build_use(b, build_slot(b, 8)));
    left = build_use(b, build_slot(b, 6));
    right = build_use(b, build_slot(b, 8));
    if (which == LOGIC_XOR) {
        node = build_node(b, SSA_NOT, build_node(b, SSA_IS_SAME, left, right), NULL);
        node = build_node(b, SSA_BOOLEAN, node, NULL);
    } else {
        node = build_node(b, (which == LOGIC_AND) == true_has_it ? SSA_BAND : SSA_BOR, left, right);
    }
    build_define(b, build_slot(b, 4), node);
}

void build_heap(Builder *b, uint32_t words)
{
    SsaNode *heap = build_node(b, SSA_HEAP, NULL, NULL);
    heap->constant = words;
    heap->frame = build_frame(b);
}

static void make_list(Builder *b)
{
    uint32_t count = field_u16(b->pc, 6) - 1u;
    SsaNode *list;
    build_heap(b, 2 * count);
    list = build_operand(b, count);
    for (uint32_t i = count; i-- > 0;) {
        list = build_node(b, SSA_CONS, build_operand(b, i), list);
    }
    build_define(b, build_slot(b, 4), list);
}

static void make_tuple(Builder *b, SsaOp op)
{
    uint32_t count = field_u16(b->pc, 6);
    SsaNode *node = ssa_node(b->f, op, count);
    build_heap(b, count + (op == SSA_FUN ? 2 : 1));
    for (uint32_t i = 0; i < count; i++) {
        node->inputs[i] = build_operand(b, i);
    }
    node->constant = op == SSA_FUN ? field_u64(b->pc, 16) : count;
    ssa_append(b->block, node);
    build_define(b, build_slot(b, 4), node);
}

static void make_map(Builder *b)
{
    uint32_t count = field_u16(b->pc, 6) / 2, order[MAP_KEYS_MOST];
    Term keys[MAP_KEYS_MOST] = {0}, tuple;
    SsaNode *node;
    for (uint32_t i = 0; i < count; i++) {
        SsaNode *key = build_operand(b, 2 * i);
        if (i == MAP_KEYS_MOST || key->op != SSA_CONST) {
            build_map_of_all(b);
            return;
        }
        keys[i] = key->constant;
    }
    tuple = map_keys_tuple(keys, count, order);
    if (tuple == TERM_NONE) {
        build_map_of_all(b);
        return;
    }
    build_heap(b, count + 2);
    node = ssa_node(b->f, SSA_MAP, count);
    for (uint32_t i = 0; i < count; i++) {
        node->inputs[i] = build_operand(b, 2 * order[i] + 1);
    }
    node->constant = tuple;
    ssa_append(b->block, node);
    build_define(b, build_slot(b, 4), node);
}

static SsaNode *element(Builder *b, SsaNode *tuple, uint32_t index)
{
    SsaNode *node = build_node(b, SSA_ELEMENT, tuple, NULL);
    node->constant = index;
    return node;
}

static void take_apart(Builder *b, Instruction i)
{
    SsaNode *value = build_use(b, build_slot(b, i == I_get_list || i == I_get_element2 ? 8 : 6));
    SsaNode *first, *second;
    switch (i) {
    case I_get_head:
        build_define(b, build_slot(b, 4), build_node(b, SSA_HEAD, value, NULL));
        break;
    case I_get_tail:
        build_define(b, build_slot(b, 4), build_node(b, SSA_TAIL, value, NULL));
        break;
    case I_get_list:
        first = build_node(b, SSA_HEAD, value, NULL);
        second = build_node(b, SSA_TAIL, value, NULL);
        build_define(b, build_slot(b, 4), first);
        build_define(b, build_slot(b, 6), second);
        break;
    case I_get_element:
        build_define(b, build_slot(b, 4), element(b, value, field_u32(b->pc, 8)));
        break;
    default:
        first = element(b, value, field_u16(b->pc, 10));
        second = element(b, value, field_u16(b->pc, 12));
        build_define(b, build_slot(b, 4), first);
        build_define(b, build_slot(b, 6), second);
    }
}

/* C looks at the frames above: not in an inlined function (ssa_build_inline.c, is_plain). */
static void build_trace(Builder *b)
{
    SsaNode *node;
    build_frame(b);
    node = build_node(b, SSA_TRACE, build_use(b, build_slot(b, 6)), NULL);
    node->frame = build_frame(b);
    build_define(b, build_slot(b, 4), node);
}

static void instruction(Builder *b, Instruction i)
{
    switch (i) {
    case I_move:
        moves(b, 1);
        break;
    case I_move2:
        moves(b, 2);
        break;
    case I_move3:
        moves(b, 3);
        break;
    case I_const32:
        build_define(b, build_slot(b, 4), build_constant(b, field_imm(b->pc, 8)));
        break;
    case I_const64:
        build_define(b, build_slot(b, 4), build_constant(b, field_u64(b->pc, 8)));
        break;
    case I_jump:
        build_jump(b, field_s32(b->pc, 4));
        break;
    case I_get_head:
    case I_get_tail:
    case I_get_list:
    case I_get_element:
    case I_get_element2:
        take_apart(b, i);
        break;
    case I_make_cons:
        build_heap(b, 2);
        build_define(b, build_slot(b, 4),
                     build_node(b, SSA_CONS, build_use(b, build_slot(b, 6)),
                                build_use(b, build_slot(b, 8))));
        break;
    case I_make_list:
        make_list(b);
        break;
    case I_make_tuple:
        make_tuple(b, SSA_TUPLE);
        break;
    case I_make_fun:
        make_tuple(b, SSA_FUN);
        break;
    case I_make_map:
        make_map(b);
        break;
    case I_map_put:
    case I_map_update:
        build_map_put(b);
        break;
    case I_not:
        boolean_not(b);
        break;
    case I_logic:
        boolean_logic(b);
        break;
    case I_switch_word:
    case I_switch_dense:
    case I_switch_arity:
        build_switch(b, i);
        break;
    case I_loop:
    case I_bif:
    case I_call_bif:
    case I_call:
    case I_call_export:
    case I_call_fun:
    case I_call_dynamic:
    case I_tail_call:
    case I_tail_call_export:
    case I_tail_call_fun:
    case I_tail_call_dynamic:
    case I_return:
    case I_return_const:
    case I_receive_from:
    case I_receive_peek:
    case I_receive_take:
    case I_receive_next:
    case I_receive_wait:
    case I_receive_wait_until:
        build_call(b, i);
        break;
    case I_fail_value:
    case I_fail:
    case I_fail_function_clause:
    case I_raise: /* what follows is the interpreter's, up to where it enters again */
        build_leave(b);
        break;
    case I_build_trace:
        build_trace(b);
        break;
    default:
        if (!arithmetic(b, i) && !build_bits(b, i)) {
            build_test(b, i);
        }
    }
}

bool build_has_room(const Builder *b)
{
    return b->f->frame_slots < FRAME_SLOTS_MOST / 2;
}

void build_walk(Builder *b)
{
    SlotCode *code = b->context->code;
    for (b->now = 0; b->now < code->count && b->f->refused == NULL; b->now++) {
        b->pc = slot_code_pc(code, b->now);
        b->frame = NULL;
        if (code->at[b->now].starts_block) {
            begin_block(b);
        }
        if (b->block != NULL) {
            instruction(b, (Instruction) code->at[b->now].instruction);
        }
        if (b->f->frame_slots > FRAME_SLOTS_MOST) { /* see build_has_room */
            b->f->refused = "it is too large";
        }
    }
}

void build_find_again(SlotCode *code)
{
    for (uint32_t n = 0; n < code->count && !code->at[0].is_loop; n++) {
        Instruction i = (Instruction) code->at[n].instruction;
        if (i == I_tail_call && build_callee(i, slot_code_pc(code, n)) == code->function) {
            code->at[0].is_loop = true;
            code->at[0].depth = code->function->arity + 1;
        }
    }
}

void ssa_build(Ssa *f, const OptimiserInput *input)
{
    Context context = {0};
    Builder b = {.f = f, .input = input, .context = &context};
    SsaBlock *entry;
    f->input = input;
    f->code = ARENA_NEW(&f->arena, SlotCode);
    if (!slot_code_decode(f->code, f->function, &f->arena)) {
        f->refused = "it is too large";
        return;
    }
    build_find_again(f->code);
    context.code = f->code;
    context.places = ARENA_ZEROED(&f->arena, Place, f->code->count);
    f->frame_words = f->function->frame_words;
    b.slot_count = f->code->slot_count + build_inline_slots(f->code);
    f->slot_count = f->code->slot_count;
    entry = ssa_block(f);
    entry->pc = slot_code_pc(f->code, 0);
    b.block = entry;
    b.state = build_state(&b);
    b.slots = ARENA_ARRAY(&f->arena, uint32_t, b.slot_count);
    b.values = ARENA_ARRAY(&f->arena, SsaNode *, b.slot_count);
    for (uint32_t slot = 1; slot <= f->function->arity; slot++) {
        build_set(b.state, slot, ssa_node(f, SSA_SLOT, 0));
        b.state[slot]->constant = slot;
        ssa_append(entry, b.state[slot]);
    }
    build_node(&b, SSA_PLACE, NULL, NULL)->frame = build_frame_at_entry(&b);
    build_walk(&b);
    if (f->refused == NULL) {
        ssa_order(f);
        ssa_clean(f);
    }
}
