/* compiler/jit/ssa_simplify.c
 * One pass over the blocks in order, several times until nothing changes: values that are the same
 * become one, what a test said is known wherever it was passed, forms are undone (a float that was
 * made a term and taken apart again), phis of one value go.
 *
 * Values may be shared only where no call lies between, for none lives past a call: blocks and the
 * parts of blocks between calls are numbered into *regions* such that within one region no call can
 * come between. */
#include "compiler/jit/ssa_infer.h"

#include "runtime/term/mem.h"

enum { ROUNDS_MOST = 6 };

typedef struct Simplifier {
    Ssa *f;
    SsaNode **table; /* values by hash; chained */
    uint32_t table_mask;
    SsaNode **chain;   /* by id */
    uint32_t *regions; /* by id of a node: where it is */
    uint32_t *entered; /* by block order: the region it begins in */
    uint32_t region_count;
    bool changed;
} Simplifier;

/* ---- regions ---- */

static uint32_t block_calls(const SsaBlock *block)
{
    uint32_t calls = 0;
    for (const SsaNode *node = block->first; node != NULL; node = node->next) {
        calls += ssa_is((SsaOp) node->op, 'K');
    }
    return calls;
}

/* A region's number: of the block (1 + 2 * order) where ways meet, or behind its last call, one
 * more. */
static uint32_t region_of(uint32_t order)
{
    return 1 + 2 * order;
}

/* What the region turned out to be. */
static uint32_t region_now(const uint32_t *instead, uint32_t region)
{
    while (instead[region] != 0) {
        region = instead[region];
    }
    return region;
}

/* Only one region, its own aside, leads into the block where ways meet: then that goes on in it. */
static bool join_region(const SsaBlock *block, const uint32_t *left, uint32_t *instead)
{
    uint32_t own = region_of(block->order), only = 0;
    for (uint32_t p = 0; p < block->predecessor_count; p++) {
        uint32_t from = region_now(instead, left[block->predecessors[p]->order]);
        if (from != own && from != only) {
            if (only != 0) {
                return false;
            }
            only = from;
        }
    }
    if (only != 0) {
        instead[own] = only;
    }
    return only != 0;
}

/* To begin with there is a region wherever ways meet. */
void ssa_find_regions(Ssa *f, uint32_t *entered, uint32_t *left, uint32_t *count)
{
    bool changed = true;
    *count = 2 + 2 * f->order_count;
    uint32_t *instead = mem_alloc_zero((*count + 1) * sizeof *instead);
    for (uint32_t i = 0; i < f->order_count; i++) {
        const SsaBlock *block = f->order[i];
        entered[i] =
            block->predecessor_count == 1 ? left[block->predecessors[0]->order] : region_of(i);
        left[i] = block_calls(block) > 0 ? region_of(i) + 1 : entered[i];
    }
    while (changed) {
        changed = false;
        for (uint32_t i = 0; i < f->order_count; i++) {
            const SsaBlock *block = f->order[i];
            changed |= block->predecessor_count > 1 && instead[region_of(i)] == 0 &&
                       join_region(block, left, instead);
        }
    }
    for (uint32_t i = 0; i < f->order_count; i++) {
        entered[i] = region_now(instead, entered[i]);
        left[i] = region_now(instead, left[i]);
    }
    mem_free(instead);
}

static void number_nodes(Simplifier *s)
{
    Ssa *f = s->f;
    uint32_t *left = ARENA_ZEROED(&f->arena, uint32_t, f->order_count);
    uint32_t fresh;
    ssa_find_regions(f, s->entered, left, &fresh);
    for (uint32_t i = 0; i < f->order_count; i++) {
        SsaBlock *block = f->order[i];
        uint32_t region = s->entered[i], calls = block_calls(block);
        for (SsaNode *node = block->first; node != NULL; node = node->next) {
            if (ssa_is((SsaOp) node->op, 'K')) {
                region = --calls == 0 ? left[i] : ++fresh;
            }
            s->regions[node->id] = region;
        }
    }
}

/* ---- the same values ---- */

/* What a value is a copy of. */
SsaNode *ssa_bare(SsaNode *node)
{
    node = ssa_now(node);
    while (node != NULL && (node->op == SSA_REFINE || node->op == SSA_AFTER ||
                            node->op == SSA_BOUND || node->op == SSA_CHECK)) {
        node = ssa_input(node, 0);
    }
    return node;
}

static uint32_t hash_of(const SsaNode *node)
{
    uint64_t h = node->op * 0x9E3779B97F4A7C15u + node->condition;
    h = (h ^ node->constant) * 0xBF58476D1CE4E5B9u;
    for (uint32_t i = 0; i < node->count; i++) {
        h = (h ^ (h >> 29) ^ ssa_bare(node->inputs[i])->id) * 0x94D049BB133111EBu;
    }
    return (uint32_t) (h >> 32);
}

static bool same_value(const SsaNode *a, const SsaNode *b)
{
    if (a->op != b->op || a->condition != b->condition || a->constant != b->constant ||
        a->count != b->count) {
        return false;
    }
    if ((a->op == SSA_CHECK || a->op == SSA_REFINE) && !type_equal(a->filter, b->filter)) {
        return false;
    }
    if (a->op == SSA_AFTER && a->like != b->like) {
        return false;
    }
    for (uint32_t i = 0; i < a->count; i++) {
        if (ssa_bare(a->inputs[i]) != ssa_bare(b->inputs[i])) {
            return false;
        }
    }
    return true;
}

static bool may_share(const SsaNode *node)
{
    if (node->op == SSA_REFINE || node->op == SSA_AFTER || node->op == SSA_BOUND) {
        return false; /* copies; what they tell is of their place */
    }
    return ssa_is((SsaOp) node->op, 'P');
}

/* Of equal values none of which comes before another (one in each of thousands of clauses) not all
 * are asked. */
enum { OTHERS_MOST = 100 };

static void share(Simplifier *s, SsaNode *node)
{
    uint32_t slot = hash_of(node) & s->table_mask, others = 0;
    for (SsaNode *other = s->table[slot]; other != NULL && others < OTHERS_MOST;
         other = s->chain[other->id], others++) {
        if (other->instead == NULL && other->block != NULL && same_value(node, other) &&
            (s->regions[other->id] == s->regions[node->id] || node->op == SSA_CONST ||
             ssa_rep(node) == REP_TEST) &&
            ssa_dominates(other->block, node->block)) {
            if (ssa_rep(node) == REP_TEST && s->regions[other->id] != s->regions[node->id]) {
                continue;
            }
            ssa_replace(node, other);
            s->changed = true;
            return;
        }
    }
    s->chain[node->id] = s->table[slot];
    s->table[slot] = node;
}

/* ---- what passed tests say ---- */

/* The outcome of `test` at `block`: it decided a branch on the way there, not too far above. */
static int known_outcome(SsaNode *test, const SsaBlock *block)
{
    enum { STEPS_MOST = 200 };
    uint32_t steps = 0;
    for (const SsaBlock *at = block; at->dominator != NULL && steps < STEPS_MOST;
         at = at->dominator, steps++) {
        const SsaBlock *above = at->dominator;
        if (above->last->op == SSA_BRANCH && at->predecessor_count == 1 &&
            at->predecessors[0] == above) {
            SsaNode *decided = ssa_input(above->last, 0);
            bool holds = above->successors[0] == at;
            while (decided->op == SSA_NOT) {
                decided = ssa_input(decided, 0);
                holds = !holds;
            }
            if (decided == test || same_value(decided, test)) {
                return holds;
            }
        }
    }
    return -1;
}

/* ---- one node ---- */

static void rewrite(Simplifier *s, SsaNode *node)
{
    SsaNode *a = node->count > 0 ? ssa_bare(node->inputs[0]) : NULL;
    if (node->op == SSA_UNBOX && a->op == SSA_BOX) {
        ssa_replace(node, ssa_input(a, 0));
        s->changed = true;
    } else if (node->op == SSA_BOX && a->op == SSA_UNBOX && a->condition == 0) {
        ssa_replace(node, ssa_input(a, 0));
        s->changed = true;
    } else if (node->op == SSA_NOT && a->op == SSA_NOT) {
        ssa_replace(node, ssa_input(a, 0));
        s->changed = true;
    } else if (ssa_rep(node) == REP_TERM && node->op != SSA_CONST && node->type.kinds == IS_SMALL &&
               node->type.low == node->type.high && may_share(node) && node->frame == NULL) {
        SsaNode *constant = ssa_node(s->f, SSA_CONST, 0);
        constant->constant = term_small(node->type.low);
        constant->type = node->type;
        ssa_insert_before(node, constant);
        s->regions[constant->id] = s->regions[node->id];
        ssa_replace(node, constant);
        s->changed = true;
    }
}

/* Copies of one value came by several ways, that say different things of it. */
static SsaNode *what_all_say(Simplifier *s, SsaNode *phi, SsaNode *value)
{
    SsaNode *copy = ssa_node(s->f, SSA_REFINE, 1), *behind = phi;
    copy->inputs[0] = value;
    copy->filter = copy->type = phi->type;
    while (behind->op == SSA_PHI) {
        behind = behind->next;
    }
    ssa_insert_before(behind, copy);
    s->regions[copy->id] = s->regions[phi->id];
    return copy;
}

static void one_value_phi(Simplifier *s, SsaNode *phi)
{
    SsaNode *value = NULL;
    bool copies = false;
    for (uint32_t i = 0; i < phi->count; i++) {
        SsaNode *input = ssa_input(phi, i);
        if (ssa_bare(input) == phi || input == value) { /* a copy of itself comes back */
            continue;
        }
        if (value != NULL && ssa_bare(input) != ssa_bare(value)) {
            return;
        }
        copies |= value != NULL;
        value = input;
    }
    if (value != NULL && copies) {
        value = phi->is_float ? ssa_bare(value) : what_all_say(s, phi, ssa_bare(value));
    }
    if (value != NULL) {
        ssa_replace(phi, value);
        s->changed = true;
    }
}

/* Floats stay as they are in frames: the exit makes terms of them. */
static void plain_frame(SsaFrame *frame)
{
    for (uint32_t i = 0; i < frame->count; i++) {
        SsaNode *value = ssa_bare(frame->slots[i].value);
        frame->slots[i].value = value->op == SSA_BOX ? ssa_input(value, 0) : value;
    }
}

static void simplify_end(Simplifier *s, SsaBlock *block)
{
    SsaNode *test;
    int outcome;
    if (block->last->op != SSA_BRANCH) {
        return;
    }
    test = ssa_input(block->last, 0);
    while (test->op == SSA_NOT) {
        SsaBlock *swapped = block->successors[0];
        block->successors[0] = block->successors[1];
        block->successors[1] = swapped;
        test = ssa_input(test, 0);
        block->last->inputs[0] = test;
    }
    outcome = known_outcome(test, block);
    if (outcome >= 0) {
        ssa_remove_edge(block, block->successors[outcome]);
        ssa_remove(block->last);
        ssa_append(block, ssa_node(s->f, SSA_JUMP, 0));
        s->changed = true;
    }
}

static void simplify_block(Simplifier *s, SsaBlock *block)
{
    for (SsaNode *node = block->first; node != NULL; node = node->next) {
        for (uint32_t i = 0; i < node->count; i++) {
            node->inputs[i] = ssa_now(node->inputs[i]);
        }
        if (ssa_frame_first(s->f, node->frame)) {
            plain_frame(node->frame);
        }
        if (node->instead != NULL) {
            continue;
        }
        if (node->op == SSA_PHI) {
            one_value_phi(s, node);
        } else {
            rewrite(s, node);
            if (node->instead == NULL && may_share(node)) {
                share(s, node);
            }
        }
    }
    simplify_end(s, block);
}

void ssa_simplify(Ssa *f)
{
    Simplifier s = {.f = f};
    for (uint32_t round = 0; round < ROUNDS_MOST; round++) {
        uint32_t size = 256, nodes = f->node_count + f->order_count * 8 + 1000;
        while (size < nodes) {
            size *= 2;
        }
        s.table = mem_alloc_zero(size * sizeof *s.table);
        s.table_mask = size - 1;
        s.chain = mem_alloc_zero(2 * nodes * sizeof *s.chain);
        s.regions = mem_alloc_zero(2 * nodes * sizeof *s.regions);
        s.entered = mem_alloc_zero((f->order_count + 1) * sizeof *s.entered);
        s.changed = false;
        f->pass++;
        number_nodes(&s);
        for (uint32_t i = 0; i < f->order_count; i++) {
            simplify_block(&s, f->order[i]);
        }
        mem_free(s.table);
        mem_free(s.chain);
        mem_free(s.regions);
        mem_free(s.entered);
        ssa_order(f);
        ssa_clean(f);
        if (!s.changed) {
            break;
        }
    }
}
