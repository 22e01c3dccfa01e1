/* compiler/jit/ssa_regs.c
 * Where values live. Code is laid out in a line; a value lives from where it is made to where it is
 * needed last, loops included. Values are taken in the order in which they begin; one for which no
 * register is free goes to memory, or sends one there that is worth less: few uses, deep loops
 * counting more, over a long life.
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

void lower_each_use(SsaNode *node, void (*visit)(SsaNode *value, bool late, void *state),
                    void *state)
{
    bool late = node->op == SSA_BOOLEAN || node->op == SSA_ARITH || node->op == SSA_UNBOX ||
                node->op == SSA_BOX || node->op == SSA_MUL || node->op == SSA_DIV ||
                node->op == SSA_REM || node->op == SSA_SHL || node->op == SSA_SHR ||
                node->op == SSA_MAP_GET || node->op == SSA_ABS || node->op == SSA_BIF ||
                node->op == SSA_MAP_PUT || node->op == SSA_ELEMENT_AT;
    if (node->op == SSA_PHI || ssa_rep(node) == REP_TEST) {
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
    for (uint32_t i = 0; i < node->store_count; i++) {
        SsaNode *value = ssa_now(node->stores[i].value);
        if (is_value(value)) {
            visit(value, true, state);
        }
    }
}

/* ---- liveness ---- */

typedef struct Liveness {
    Lowering *l;
    uint32_t words;
    uint64_t **in; /* by block order */
    uint64_t *live;
    float weight; /* of a use where we are */
    uint32_t position;
} Liveness;

static void number_value(Lowering *l, SsaNode *value)
{
    if (value->number == 0) {
        value->number = ++l->value_count;
        value->from = UINT32_MAX;
        value->to = 0;
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

static void extend(SsaNode *value, uint32_t from, uint32_t to)
{
    value->from = from < value->from ? from : value->from;
    value->to = to > value->to ? to : value->to;
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
    extend(value, value->from, live->position + late);
    value->weight += live->weight;
}

static void extend_set(Liveness *live, const uint64_t *set, uint32_t position)
{
    for (uint32_t w = 0; w < live->words; w++) {
        for (uint64_t bits = set[w]; bits != 0; bits &= bits - 1) {
            extend(live->l->values[64 * w + (uint32_t) __builtin_ctzll(bits)], position, position);
        }
    }
}

static void find_lives(Liveness *live)
{
    Lowering *l = live->l;
    uint32_t position = 0;
    for (uint32_t i = 0; i < l->layout_count; i++) {
        SsaBlock *block = l->layout[i];
        uint32_t start = position;
        live->weight = powf(8, (float) (block->loop_depth < 6 ? block->loop_depth : 6));
        if (block->is_cold) {
            live->weight = 0.01f;
        }
        extend_set(live, live->in[block->order], start);
        position += 2;
        for (SsaNode *node = block->first; node != NULL; node = node->next) {
            node->position = live->position = position;
            if (node->number != 0) {
                /* Phis begin together, at the block's start. */
                uint32_t from = node->op == SSA_PHI ? start : position + 1;
                extend(node, from, from);
                node->weight += live->weight;
            }
            lower_each_use(node, use_at, live);
            for (uint32_t k = 0; k < node->store_count; k++) { /* exits are rare */
                SsaNode *value = ssa_now(node->stores[k].value);
                if (is_value(value) && !ssa_is((SsaOp) node->op, 'K')) {
                    value->weight -= 0.95f * live->weight;
                }
            }
            position += 2;
        }
        live_out(live, block);
        extend_set(live, live->live, position);
        position += 2;
    }
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

/* ---- the scan ---- */

typedef struct Scan {
    Lowering *l;
    SsaNode **active; /* all that have registers and may still live */
    uint32_t active_count;
    uint32_t taken, taken_floats;
} Scan;

static bool in_floats(const SsaNode *value)
{
    return ssa_rep(value) == REP_FLOAT;
}

static void expire(Scan *scan, uint32_t position)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < scan->active_count; i++) {
        SsaNode *value = scan->active[i];
        if (value->to >= position) {
            scan->active[kept++] = value;
        } else if (in_floats(value)) {
            scan->taken_floats &= ~(1u << value->reg);
        } else {
            scan->taken &= ~(1u << value->reg);
        }
    }
    scan->active_count = kept;
}

/* Memory that is nobody else's while the value lives. A slot's value is in its slot. */
static void send_to_memory(Lowering *l, SsaNode *value)
{
    value->reg = NO_REGISTER;
    if (value->op == SSA_SLOT) {
        value->spill = (int32_t) value->constant;
    } else {
        value->spill = (int32_t) (l->spill_first + l->spill_count++);
    }
}

static float worth(const SsaNode *value)
{
    float length = (float) (value->to - value->from + 2);
    return value->weight * (value->op == SSA_SLOT ? 0.5f : 1.0f) / length;
}

static void give(Scan *scan, SsaNode *value, uint32_t reg)
{
    value->reg = (uint8_t) reg;
    *(in_floats(value) ? &scan->taken_floats : &scan->taken) |= 1u << reg;
    scan->active[scan->active_count++] = value;
}

static void allocate(Scan *scan, SsaNode *value)
{
    bool floats = in_floats(value);
    uint32_t free = floats ? LIVING_FLOATS & ~scan->taken_floats : LIVING & ~scan->taken;
    SsaNode *least = value;
    uint32_t victim = UINT32_MAX;
    if (free != 0) {
        uint32_t reg = (uint32_t) __builtin_ctz(free);
        if (value->hint != NULL && value->hint->reg != NO_REGISTER &&
            in_floats(value->hint) == floats && (free >> value->hint->reg & 1)) {
            reg = value->hint->reg;
        }
        give(scan, value, reg);
        return;
    }
    for (uint32_t i = 0; i < scan->active_count; i++) {
        if (in_floats(scan->active[i]) == floats && worth(scan->active[i]) < worth(least)) {
            least = scan->active[i];
            victim = i;
        }
    }
    if (victim == UINT32_MAX) {
        send_to_memory(scan->l, value);
        return;
    }
    {
        uint32_t reg = least->reg;
        scan->active[victim] = scan->active[--scan->active_count];
        send_to_memory(scan->l, least);
        give(scan, value, reg);
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

static int by_start(const void *a, const void *b)
{
    const SsaNode *x = *(SsaNode *const *) a, *y = *(SsaNode *const *) b;
    return x->from != y->from ? (x->from < y->from ? -1 : 1) : x->number < y->number ? -1 : 1;
}

void lower_registers(Lowering *l)
{
    Liveness live = {.l = l};
    Scan scan = {.l = l};
    SsaNode **sorted;
    lay_out(l);
    number_values(l);
    find_live(&live);
    find_lives(&live);
    find_hints(l);
    sorted = ARENA_ZEROED(&l->f->arena, SsaNode *, l->value_count + 1);
    memcpy(sorted, l->values + 1, l->value_count * sizeof *sorted);
    qsort(sorted, l->value_count, sizeof *sorted, by_start);
    scan.active = ARENA_ZEROED(&l->f->arena, SsaNode *, l->value_count + 1);
    for (uint32_t i = 0; i < l->value_count; i++) {
        expire(&scan, sorted[i]->from);
        allocate(&scan, sorted[i]);
    }
    for (uint32_t i = 0; i < l->layout_count; i++) {
        find_kept(&live, l->layout[i]);
    }
}
