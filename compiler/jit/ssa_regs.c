/* compiler/jit/ssa_regs.c
 * Where values live. Code is laid out in a line; in each block a value lives from where it is made,
 * or the block's start, to where it is needed last, or the block's end: a span. Those that are
 * worth most, much used (deep loops counting more) for short spans, choose first; one whose spans
 * meet others in all registers goes to memory.
 *
 * Positions: two for each node, 2n and 2n + 1. Inputs are needed up to 2n, or (late) 2n + 1; the
 * result begins at 2n + 1, so it may take the register of an input that ends. */
#include "compiler/jit/ssa_lower.h"

#include <math.h>
#include <stdlib.h>

/* ---- layout ---- */

static bool is_inside(const SsaBlock *block, const SsaBlock *header)
{
    for (const SsaBlock *at = block; at != NULL; at = at->loop) {
        if (at == header) {
            return true;
        }
    }
    return false;
}

static const SsaBlock *innermost(const SsaBlock *block)
{
    return block->is_loop_header ? block : block->loop;
}

/* The block that had best follow: not yet placed, not cold, in the same loop if there is one. */
static SsaBlock *best_successor(SsaBlock *block)
{
    SsaBlock *best = NULL;
    const SsaBlock *loop = innermost(block);
    for (uint32_t i = 0; i < block->successor_count; i++) {
        SsaBlock *next = block->successors[i];
        if (next->mark || next->is_cold) {
            continue;
        }
        if (best == NULL || (loop != NULL && !is_inside(best, loop) && is_inside(next, loop))) {
            best = next;
        }
    }
    return best;
}

static void place(Lowering *l, SsaBlock *block)
{
    block->mark = true;
    l->layout[l->layout_count++] = block;
}

static void lay_out(Lowering *l)
{
    Ssa *f = l->f;
    l->layout = ARENA_ZEROED(&f->arena, SsaBlock *, f->order_count + 1);
    for (uint32_t i = 0; i < f->order_count; i++) {
        f->order[i]->mark = false;
    }
    for (int cold = 0; cold <= 1; cold++) {
        for (uint32_t i = 0; i < f->order_count; i++) {
            SsaBlock *block = f->order[i];
            if (block->mark ||
                (block->is_cold && !cold && block != f->blocks[0])) { /* it comes first */
                continue;
            }
            if (block->is_entry && !cold && block->predecessor_count == 0 &&
                block != f->blocks[0]) {
                block->is_cold = true; /* rare: entered by the interpreter */
                continue;
            }
            for (; block != NULL; block = best_successor(block)) {
                place(l, block);
            }
        }
    }
}

/* ---- uses ---- */

static void visit_test(SsaNode *test, bool late, void (*visit)(SsaNode *, bool, void *),
                       void *state)
{
    for (uint32_t i = 0; i < test->count; i++) {
        SsaNode *input = ssa_input(test, i);
        if (ssa_rep(input) == REP_TEST) {
            visit_test(input, late, visit, state);
        } else if (is_value(input)) {
            visit(input, late, state);
        }
    }
}

static void visit_stored(SsaNode *value, void (*visit)(SsaNode *, void *), void *state)
{
    value = ssa_now(value);
    for (uint32_t i = 0; ssa_is_built_by_exits(value) && i < value->count; i++) {
        visit_stored(value->inputs[i], visit, state);
    }
    if (is_value(value)) {
        visit(value, state);
    }
}

void lower_each_stored(SsaNode *node, void (*visit)(SsaNode *value, void *state), void *state)
{
    for (uint32_t i = 0; i < node->store_count; i++) {
        visit_stored(node->stores[i].value, visit, state);
    }
}

typedef struct LateVisit {
    void (*visit)(SsaNode *value, bool late, void *state);
    void *state;
} LateVisit;

static void visit_late(SsaNode *value, void *state)
{
    const LateVisit *late = state;
    late->visit(value, true, late->state);
}

void lower_each_use(SsaNode *node, void (*visit)(SsaNode *value, bool late, void *state),
                    void *state)
{
    bool late = node->op == SSA_BOOLEAN || node->op == SSA_ARITH || node->op == SSA_UNBOX ||
                node->op == SSA_BOX || node->op == SSA_MUL || node->op == SSA_DIV ||
                node->op == SSA_REM || node->op == SSA_SHL || node->op == SSA_SHR ||
                node->op == SSA_MAP_GET || node->op == SSA_ABS || node->op == SSA_BIF ||
                node->op == SSA_TRACE || node->op == SSA_MAP_PUT || node->op == SSA_ELEMENT_AT ||
                node->op == SSA_LIST_ONTO || node->op == SSA_BITS_UTF ||
                node->op == SSA_BITS_BUILD ||
                (node->op == SSA_TUPLE && node->condition == TUPLE_ANYWHERE);
    if (node->op == SSA_PHI || node->op == SSA_PARTS || ssa_rep(node) == REP_TEST) {
        return;
    }
    for (uint32_t i = 0; i < node->count; i++) {
        SsaNode *input = ssa_input(node, i);
        if (ssa_rep(input) == REP_TEST) {
            visit_test(input, late, visit, state);
        } else if (is_value(input)) {
            visit(input, late, state);
        }
    }
    lower_each_stored(node, visit_late, &(LateVisit){visit, state});
}

/* ---- liveness ---- */

typedef struct Liveness {
    Lowering *l;
    uint32_t words;
    uint64_t **in; /* by block order */
    uint64_t *live;
    float weight; /* of a use where we are */
    uint32_t position, block_start;
} Liveness;

static void number_value(Lowering *l, SsaNode *value)
{
    if (value->number == 0) {
        value->number = ++l->value_count;
        value->spans = NULL;
        value->span_count = value->span_capacity = 0;
        value->weight = 0;
        value->hint = NULL;
        value->reg = NO_REGISTER;
        value->spill = -1;
    }
}

static void number_use(SsaNode *value, bool late, void *state)
{
    (void) late;
    number_value(state, value);
}

/* Values that something needs in a register get numbers. A slot that memory holds anyway, and only
 * exits need, gets none. */
static void number_values(Lowering *l)
{
    for (uint32_t i = 0; i < l->layout_count; i++) {
        for (SsaNode *node = l->layout[i]->first; node != NULL; node = node->next) {
            node->number = 0;
        }
    }
    for (uint32_t i = 0; i < l->layout_count; i++) {
        for (SsaNode *node = l->layout[i]->first; node != NULL; node = node->next) {
            lower_each_use(node, number_use, l);
            for (uint32_t k = 0; node->op == SSA_PHI && k < node->count; k++) {
                if (is_value(ssa_input(node, k))) {
                    number_value(l, ssa_input(node, k));
                }
            }
            if (node->op != SSA_SLOT && node->op != SSA_RESULT && is_value(node)) {
                number_value(l, node);
            }
        }
    }
    l->values = ARENA_ZEROED(&l->f->arena, SsaNode *, l->value_count + 1);
    for (uint32_t i = 0; i < l->layout_count; i++) {
        for (SsaNode *node = l->layout[i]->first; node != NULL; node = node->next) {
            if (node->number != 0) {
                l->values[node->number] = node;
            }
        }
    }
}

static void extend(Liveness *live, SsaNode *value, uint32_t from, uint32_t to)
{
    SsaSpan *last = value->span_count > 0 ? &value->spans[value->span_count - 1] : NULL;
    if (last != NULL && last->to >= live->block_start) {
        last->from = from < last->from ? from : last->from;
        last->to = to > last->to ? to : last->to;
        return;
    }
    value->spans = ssa_grow(live->l->f, value->spans, value->span_count, &value->span_capacity,
                            sizeof *value->spans);
    value->spans[value->span_count++] = (SsaSpan){from, to};
}

static void live_use(SsaNode *value, bool late, void *state)
{
    Liveness *live = state;
    (void) late;
    live->live[value->number / 64] |= (uint64_t) 1 << (value->number % 64);
}

static void end_here(Liveness *live, const SsaNode *node)
{
    live->live[node->number / 64] &= ~((uint64_t) 1 << (node->number % 64));
}

/* What lives at the end of the block: what its successors need, and gives them for their phis. */
static void live_out(Liveness *live, SsaBlock *block)
{
    memset(live->live, 0, live->words * sizeof *live->live);
    for (uint32_t s = 0; s < block->successor_count; s++) {
        SsaBlock *next = block->successors[s];
        const uint64_t *in = live->in[next->order];
        for (uint32_t w = 0; w < live->words; w++) {
            live->live[w] |= in[w];
        }
        bool has_phi = next->first != NULL && next->first->op == SSA_PHI;
        for (uint32_t p = 0; has_phi && p < next->predecessor_count; p++) {
            for (SsaNode *phi = next->first;
                 next->predecessors[p] == block && phi != NULL && phi->op == SSA_PHI;
                 phi = phi->next) {
                if (phi->number != 0 && is_value(ssa_input(phi, p))) {
                    live_use(ssa_input(phi, p), false, live);
                }
            }
        }
    }
}

static void walk_back(Liveness *live, SsaBlock *block)
{
    live_out(live, block);
    for (SsaNode *node = block->last; node != NULL; node = node->previous) {
        if (node->number != 0) {
            end_here(live, node);
        }
        lower_each_use(node, live_use, live);
    }
}

static void find_live(Liveness *live)
{
    Ssa *f = live->l->f;
    bool changed = true;
    live->words = live->l->value_count / 64 + 1;
    live->live = ARENA_ZEROED(&f->arena, uint64_t, live->words);
    live->in = ARENA_ZEROED(&f->arena, uint64_t *, f->order_count);
    for (uint32_t i = 0; i < f->order_count; i++) {
        live->in[i] = ARENA_ZEROED(&f->arena, uint64_t, live->words);
    }
    while (changed) {
        changed = false;
        for (uint32_t i = f->order_count; i-- > 0;) {
            walk_back(live, f->order[i]);
            if (memcmp(live->in[i], live->live, live->words * sizeof *live->live) != 0) {
                memcpy(live->in[i], live->live, live->words * sizeof *live->live);
                changed = true;
            }
        }
    }
}

static void use_at(SsaNode *value, bool late, void *state)
{
    Liveness *live = state;
    extend(live, value, live->position, live->position + late);
    value->weight += live->weight;
}

static void extend_set(Liveness *live, const uint64_t *set, uint32_t position)
{
    for (uint32_t w = 0; w < live->words; w++) {
        for (uint64_t bits = set[w]; bits != 0; bits &= bits - 1) {
            extend(live, live->l->values[64 * w + (uint32_t) __builtin_ctzll(bits)], position,
                   position);
        }
    }
}

/* Exits are rare. */
static void count_less(SsaNode *value, void *state)
{
    const Liveness *live = state;
    value->weight -= 0.95f * live->weight;
}

float lower_weight(const SsaBlock *block)
{
    return block->is_cold ? 0.01f
                          : powf(8, (float) (block->loop_depth < 6 ? block->loop_depth : 6));
}

static void find_lives(Liveness *live)
{
    Lowering *l = live->l;
    uint32_t position = 0;
    for (uint32_t i = 0; i < l->layout_count; i++) {
        SsaBlock *block = l->layout[i];
        uint32_t start = live->block_start = position;
        live->weight = lower_weight(block);
        extend_set(live, live->in[block->order], start);
        position += 2;
        for (SsaNode *node = block->first; node != NULL; node = node->next) {
            node->position = live->position = position;
            if (node->number != 0) {
                /* Phis begin together, at the block's start. */
                uint32_t from = node->op == SSA_PHI ? start : position + 1;
                extend(live, node, from, from);
                node->weight += live->weight;
            }
            lower_each_use(node, use_at, live);
            if (!ssa_is((SsaOp) node->op, 'K')) {
                lower_each_stored(node, count_less, live);
            }
            position += 2;
        }
        live_out(live, block);
        extend_set(live, live->live, position);
        position += 2;
    }
    l->position_count = position;
}

/* A phi and what comes into it had best be in one register. */
static void find_hints(Lowering *l)
{
    for (uint32_t i = 0; i < l->layout_count; i++) {
        for (SsaNode *node = l->layout[i]->first; node != NULL; node = node->next) {
            for (uint32_t k = 0; node->op == SSA_PHI && node->number != 0 && k < node->count; k++) {
                SsaNode *input = ssa_input(node, k);
                if (is_value(input)) {
                    input->hint = input->hint == NULL ? node : input->hint;
                    node->hint = node->hint == NULL ? input : node->hint;
                }
            }
        }
    }
}

/* ---- the choice ---- */

enum { REGISTERS = 16 };

/* Who lives where: for each register the positions at which some value has it. */
typedef struct Choice {
    Lowering *l;
    uint64_t *taken[2][REGISTERS]; /* general ones, floats */
} Choice;

static bool in_floats(const SsaNode *value)
{
    return ssa_rep(value) == REP_FLOAT;
}

/* Memory that is nobody else's while the unit lives. A slot's value is in its slot. */
static void send_to_memory(Lowering *l, SsaUnit *unit, SsaNode *value)
{
    value->reg = NO_REGISTER;
    if (value->op == SSA_SLOT) {
        value->spill = (int32_t) value->constant;
        return;
    }
    if (unit->spill < 0) {
        unit->spill = (int32_t) (l->spill_first + l->spill_count++);
    }
    value->spill = unit->spill;
}

static void find_worth(SsaUnit *unit)
{
    uint32_t length = 2;
    unit->worth = 0;
    unit->spill = -1;
    for (const SsaNode *value = unit->first; value != NULL; value = value->joined) {
        unit->worth += value->weight * (value->op == SSA_SLOT ? 0.5f : 1.0f);
    }
    for (uint32_t i = 0; i < unit->span_count; i++) {
        length += unit->spans[i].to - unit->spans[i].from + 1;
    }
    unit->worth /= (float) length;
}

/* The bits of a word, the number of which is `word`, that belong to the span. */
static uint64_t bits_of(const SsaSpan *span, uint32_t word)
{
    uint64_t bits = ~(uint64_t) 0;
    if (span->from / 64 == word) {
        bits <<= span->from % 64;
    }
    if (span->to / 64 == word) {
        bits &= ~(uint64_t) 0 >> (63 - span->to % 64);
    }
    return bits;
}

static bool is_free(const uint64_t *taken, const SsaSpan *spans, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t w = spans[i].from / 64; w <= spans[i].to / 64; w++) {
            if (taken[w] & bits_of(&spans[i], w)) {
                return false;
            }
        }
    }
    return true;
}

static void take(uint64_t *taken, const SsaSpan *spans, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t w = spans[i].from / 64; w <= spans[i].to / 64; w++) {
            taken[w] |= bits_of(&spans[i], w);
        }
    }
}

/* A register that is free all over the spans, that of a hint of `first` or the values joined to it
 * if there is one; NO_REGISTER: none. */
static uint8_t find_register(const Choice *choice, const SsaNode *first, const SsaSpan *spans,
                             uint32_t count, bool is_alone)
{
    bool floats = in_floats(first);
    uint64_t *const *taken = choice->taken[floats];
    for (const SsaNode *value = first; value != NULL; value = is_alone ? NULL : value->joined) {
        const SsaNode *hint = value->hint;
        if (hint != NULL && hint->reg != NO_REGISTER && in_floats(hint) == floats &&
            is_free(taken[hint->reg], spans, count)) {
            return hint->reg;
        }
    }
    for (uint32_t free = floats ? LIVING_FLOATS : LIVING; free != 0; free &= free - 1) {
        uint32_t reg = (uint32_t) __builtin_ctz(free);
        if (is_free(taken[reg], spans, count)) {
            return (uint8_t) reg;
        }
    }
    return NO_REGISTER;
}

/* One register for all; if there is none, each for itself. */
static void allocate(Choice *choice, SsaUnit *unit)
{
    bool floats = in_floats(unit->first);
    uint8_t reg = find_register(choice, unit->first, unit->spans, unit->span_count, false);
    if (reg != NO_REGISTER) {
        take(choice->taken[floats][reg], unit->spans, unit->span_count);
    }
    for (SsaNode *value = unit->first; value != NULL; value = value->joined) {
        value->reg = reg;
        if (reg == NO_REGISTER && unit->first != unit->last) {
            value->reg = find_register(choice, value, value->spans, value->span_count, true);
            if (value->reg != NO_REGISTER) {
                take(choice->taken[floats][value->reg], value->spans, value->span_count);
            }
        }
        if (value->reg == NO_REGISTER) {
            send_to_memory(choice->l, unit, value);
        }
    }
}

static int by_worth(const void *a, const void *b)
{
    const SsaUnit *x = *(SsaUnit *const *) a, *y = *(SsaUnit *const *) b;
    return x->worth != y->worth                  ? (x->worth > y->worth ? -1 : 1)
           : x->first->number < y->first->number ? -1
                                                 : 1;
}

static void choose(Lowering *l)
{
    Choice choice = {.l = l};
    uint32_t words = l->position_count / 64 + 1, count = 0;
    SsaUnit **sorted = ARENA_ZEROED(&l->f->arena, SsaUnit *, l->value_count + 1);
    for (uint32_t kind = 0; kind < 2; kind++) {
        for (uint32_t reg = 0; reg < REGISTERS; reg++) {
            choice.taken[kind][reg] = ARENA_ZEROED(&l->f->arena, uint64_t, words);
        }
    }
    for (uint32_t i = 1; i <= l->value_count; i++) {
        if (l->units[i].into == NULL) {
            find_worth(&l->units[i]);
            sorted[count++] = &l->units[i];
        }
    }
    qsort(sorted, count, sizeof *sorted, by_worth);
    for (uint32_t i = 0; i < count; i++) {
        allocate(&choice, sorted[i]);
    }
}

/* ---- what is kept during calls of C ---- */

static void keep(SsaNode *node, const SsaNode *value)
{
    if (value->reg != NO_REGISTER && value != node) {
        *(in_floats(value) ? &node->kept_floats : &node->kept) |= 1u << value->reg;
    }
}

static void keep_late(SsaNode *value, bool late, void *state)
{
    if (late) {
        keep(state, value);
    }
}

/* Exactly: what lives behind the node, and what its exits write. */
static void find_kept(Liveness *live, SsaBlock *block)
{
    live_out(live, block);
    for (SsaNode *node = block->last; node != NULL; node = node->previous) {
        node->kept = node->kept_floats = 0;
        for (uint32_t w = 0; w < live->words; w++) {
            for (uint64_t bits = live->live[w]; bits != 0; bits &= bits - 1) {
                keep(node, live->l->values[64 * w + (uint32_t) __builtin_ctzll(bits)]);
            }
        }
        lower_each_use(node, keep_late, node);
        if (node->number != 0) {
            end_here(live, node);
        }
        lower_each_use(node, live_use, live);
    }
}

void lower_registers(Lowering *l)
{
    Liveness live = {.l = l};
    lay_out(l);
    number_values(l);
    find_live(&live);
    find_lives(&live);
    find_hints(l);
    lower_join(l);
    choose(l);
    for (uint32_t i = 0; i < l->layout_count; i++) {
        find_kept(&live, l->layout[i]);
    }
}
