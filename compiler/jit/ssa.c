/* compiler/jit/ssa.c
 * Blocks and nodes: making, linking, ordering. */
#include "compiler/jit/ssa.h"

static const uint8_t reps[SSA_OP_COUNT] = {
#define SSA(name, rep, flags, text) REP_##rep,
#include "compiler/jit/ssa.def"
#undef SSA
};
const char ssa_flags[SSA_OP_COUNT][4] = {
#define SSA(name, rep, flags, text) flags,
#include "compiler/jit/ssa.def"
#undef SSA
};
const char *const ssa_names[SSA_OP_COUNT] = {
#define SSA(name, rep, flags, text) #name,
#include "compiler/jit/ssa.def"
#undef SSA
};

SsaRep ssa_rep(const SsaNode *node)
{
    return node->is_float ? REP_FLOAT : (SsaRep) reps[node->op];
}

void ssa_init(Ssa *f, const Function *function)
{
    *f = (Ssa){.function = function, .result = TYPE_NONE};
    arena_init(&f->arena);
}

void ssa_finish(Ssa *f)
{
    arena_finish(&f->arena);
    *f = (Ssa){0};
}

void *ssa_grow(Ssa *f, void *array, uint32_t count, uint32_t *capacity, size_t size)
{
    void *larger;
    if (count < *capacity) {
        return array;
    }
    *capacity = *capacity == 0 ? 4 : *capacity * 2;
    larger = arena_alloc_zero(&f->arena, *capacity * size);
    if (count > 0) {
        memcpy(larger, array, count * size);
    }
    return larger;
}

SsaBlock *ssa_block(Ssa *f)
{
    SsaBlock *block = ARENA_NEW(&f->arena, SsaBlock);
    f->blocks = ssa_grow(f, f->blocks, f->block_count, &f->block_capacity, sizeof *f->blocks);
    block->id = f->block_count;
    block->order = UINT32_MAX;
    f->blocks[f->block_count++] = block;
    return block;
}

SsaNode *ssa_node(Ssa *f, SsaOp op, uint32_t input_count)
{
    SsaNode *node = ARENA_NEW(&f->arena, SsaNode);
    node->op = (uint8_t) op;
    node->id = ++f->node_count;
    node->count = input_count;
    node->inputs = input_count <= COUNT_OF(node->inline_inputs)
                       ? node->inline_inputs
                       : ARENA_ZEROED(&f->arena, SsaNode *, input_count);
    node->type = TYPE_ANY;
    node->spill = -1;
    node->reg = NO_REGISTER;
    node->slot_from = UINT32_MAX;
    return node;
}

void ssa_append(SsaBlock *block, SsaNode *node)
{
    node->block = block;
    node->previous = block->last;
    node->next = NULL;
    if (block->last != NULL) {
        block->last->next = node;
    } else {
        block->first = node;
    }
    block->last = node;
}

void ssa_insert_before(SsaNode *at, SsaNode *node)
{
    node->block = at->block;
    node->next = at;
    node->previous = at->previous;
    if (at->previous != NULL) {
        at->previous->next = node;
    } else {
        at->block->first = node;
    }
    at->previous = node;
}

void ssa_remove(SsaNode *node)
{
    SsaBlock *block = node->block;
    if (node->previous != NULL) {
        node->previous->next = node->next;
    } else {
        block->first = node->next;
    }
    if (node->next != NULL) {
        node->next->previous = node->previous;
    } else {
        block->last = node->previous;
    }
    node->block = NULL;
}

void ssa_replace(SsaNode *node, SsaNode *by)
{
    by = ssa_now(by);
    CHECK(by != node);
    node->instead = by;
}

void ssa_set_successors(Ssa *f, SsaBlock *block, uint32_t count)
{
    block->successors = ARENA_ZEROED(&f->arena, SsaBlock *, count == 0 ? 1 : count);
    block->successor_count = 0;
}

void ssa_edge(Ssa *f, SsaBlock *from, SsaBlock *to)
{
    from->successors[from->successor_count++] = to;
    to->predecessors = ssa_grow(f, to->predecessors, to->predecessor_count,
                                &to->predecessor_capacity, sizeof *to->predecessors);
    to->predecessors[to->predecessor_count++] = from;
}

void ssa_add_input(Ssa *f, SsaNode *node, SsaNode *input)
{
    uint32_t capacity = node->count <= 2 ? 2 : 2;
    while (capacity < node->count) {
        capacity *= 2;
    }
    if (node->count == capacity) {
        SsaNode **larger = ARENA_ZEROED(&f->arena, SsaNode *, capacity * 2);
        memcpy(larger, node->inputs, node->count * sizeof *larger);
        node->inputs = larger;
    }
    node->inputs[node->count++] = input;
}

static void remove_predecessor(SsaBlock *block, uint32_t which)
{
    for (SsaNode *node = block->first; node != NULL; node = node->next) {
        if (node->op == SSA_PHI) {
            memmove(&node->inputs[which], &node->inputs[which + 1],
                    (node->count - which - 1) * sizeof *node->inputs);
            node->count--;
        }
    }
    memmove(&block->predecessors[which], &block->predecessors[which + 1],
            (block->predecessor_count - which - 1) * sizeof *block->predecessors);
    block->predecessor_count--;
}

void ssa_remove_edge(SsaBlock *from, SsaBlock *to)
{
    for (uint32_t i = 0; i < from->successor_count; i++) {
        if (from->successors[i] == to) {
            memmove(&from->successors[i], &from->successors[i + 1],
                    (from->successor_count - i - 1) * sizeof *from->successors);
            from->successor_count--;
            break;
        }
    }
    for (uint32_t i = 0; i < to->predecessor_count; i++) {
        if (to->predecessors[i] == from) {
            remove_predecessor(to, i);
            return;
        }
    }
    CHECK(!"an edge that is there");
}

SsaFrame *ssa_frame(Ssa *f, Code pc, uint32_t base, uint32_t count)
{
    SsaFrame *frame = arena_alloc_zero(&f->arena, sizeof *frame + count * sizeof frame->slots[0]);
    f->frame_slots += count;
    frame->pc = pc;
    frame->base = base;
    frame->count = count;
    return frame;
}

/* ---- order, dominators, loops ---- */

static void visit_blocks(Ssa *f)
{
    /* A stack of blocks and of how many of their successors were visited. */
    SsaBlock **stack = ARENA_ZEROED(&f->arena, SsaBlock *, f->block_count + 1);
    uint32_t *next = ARENA_ZEROED(&f->arena, uint32_t, f->block_count + 1);
    uint32_t depth = 0, at = f->block_count;
    f->order = ARENA_ZEROED(&f->arena, SsaBlock *, f->block_count + 1);
    for (uint32_t i = 0; i < f->block_count; i++) {
        f->blocks[i]->order = UINT32_MAX;
    }
    /* Entries of the interpreter are roots as the first block is. */
    for (uint32_t root = f->block_count; root-- > 0;) {
        if ((root != 0 && !f->blocks[root]->is_entry) || f->blocks[root]->order != UINT32_MAX) {
            continue;
        }
        stack[depth] = f->blocks[root];
        stack[depth]->order = 0;
        next[depth++] = 0;
        while (depth > 0) {
            SsaBlock *block = stack[depth - 1];
            /* The first successor last, so that it comes first in the order. */
            if (next[depth - 1] < block->successor_count) {
                SsaBlock *successor =
                    block->successors[block->successor_count - 1 - next[depth - 1]++];
                if (successor->order == UINT32_MAX) {
                    successor->order = 0;
                    stack[depth] = successor;
                    next[depth++] = 0;
                }
            } else {
                f->order[--at] = block;
                depth--;
            }
        }
    }
    f->order_count = f->block_count - at;
    memmove(f->order, f->order + at, f->order_count * sizeof *f->order);
    for (uint32_t i = 0; i < f->order_count; i++) {
        f->order[i]->order = i;
    }
}

static SsaBlock *common_dominator(SsaBlock *a, SsaBlock *b)
{
    while (a != b) {
        if (a == NULL || b == NULL) {
            return NULL; /* reached from two entries */
        }
        if (a->order > b->order) {
            a = a->dominator;
        } else {
            b = b->dominator;
        }
    }
    return a;
}

static void find_dominators(Ssa *f)
{
    bool changed = true;
    bool *known = ARENA_ZEROED(&f->arena, bool, f->order_count + 1);
    for (uint32_t i = 0; i < f->order_count; i++) {
        f->order[i]->dominator = NULL;
    }
    while (changed) {
        changed = false;
        for (uint32_t i = 0; i < f->order_count; i++) {
            SsaBlock *block = f->order[i], *dominator = NULL;
            bool first = true;
            if (block->is_entry || block == f->blocks[0]) {
                known[i] = true;
                continue;
            }
            for (uint32_t p = 0; p < block->predecessor_count; p++) {
                SsaBlock *predecessor = block->predecessors[p];
                if (!known[predecessor->order]) {
                    continue;
                }
                dominator = first ? predecessor : common_dominator(dominator, predecessor);
                first = false;
            }
            if (!known[i] || block->dominator != dominator) {
                known[i] = changed = true;
                block->dominator = dominator;
            }
        }
    }
}

/* Numbers the tree of dominators: each block, then what is below it. */
static void number_tree(Ssa *f)
{
    uint32_t next = 0; /* root */
    for (uint32_t i = 0; i < f->order_count; i++) {
        f->order[i]->tree_count = 1;
    }
    for (uint32_t i = f->order_count; i-- > 0;) { /* who is below comes later in the order */
        if (f->order[i]->dominator != NULL) {
            f->order[i]->dominator->tree_count += f->order[i]->tree_count;
        }
    }
    for (uint32_t i = 0; i < f->order_count; i++) {
        SsaBlock *block = f->order[i], *above = block->dominator;
        uint32_t *at = above != NULL ? &above->tree_next : &next;
        block->tree_first = *at;
        block->tree_next = *at + 1;
        *at += block->tree_count;
    }
}

/* A block that dominates a predecessor of its own is a loop's header; who leads there without
 * passing it is inside. */
static void find_loops(Ssa *f)
{
    SsaBlock **work = ARENA_ZEROED(&f->arena, SsaBlock *, f->order_count + 1);
    for (uint32_t i = 0; i < f->order_count; i++) {
        f->order[i]->loop = NULL;
        f->order[i]->loop_depth = 0;
        f->order[i]->is_loop_header = false;
    }
    for (uint32_t i = 0; i < f->order_count; i++) { /* outer ones first */
        SsaBlock *header = f->order[i];
        uint32_t count = 0;
        for (uint32_t p = 0; p < header->predecessor_count; p++) {
            SsaBlock *from = header->predecessors[p];
            if (from->order >= header->order) {
                header->is_loop_header = true;
                if (from != header && from->loop != header) {
                    from->loop = header;
                    work[count++] = from;
                }
            }
        }
        if (!header->is_loop_header) {
            continue;
        }
        while (count > 0) {
            SsaBlock *block = work[--count];
            for (uint32_t p = 0; p < block->predecessor_count; p++) {
                SsaBlock *from = block->predecessors[p];
                if (from != header && from->loop != header && from->order > header->order) {
                    from->loop = header;
                    work[count++] = from;
                }
            }
        }
    }
    /* A header's own loop is the one around it; count from there. */
    for (uint32_t i = 0; i < f->order_count; i++) {
        SsaBlock *block = f->order[i];
        block->loop_depth =
            (block->loop != NULL ? block->loop->loop_depth : 0) + (block->is_loop_header ? 1 : 0);
    }
}

void ssa_order(Ssa *f)
{
    visit_blocks(f);
    for (uint32_t i = 0; i < f->order_count; i++) {
        SsaBlock *block = f->order[i];
        for (uint32_t p = block->predecessor_count; p-- > 0;) {
            if (block->predecessors[p]->order == UINT32_MAX) {
                remove_predecessor(block, p);
            }
        }
    }
    find_dominators(f);
    number_tree(f);
    find_loops(f);
}

/* ---- cleaning ---- */

/* May it be left out when nothing uses it? Not what may leave: that it did not leave is known of
 * all that comes behind it, and may have decided other things. */
static bool may_go(const SsaNode *node)
{
    switch ((SsaOp) node->op) {
    case SSA_NOTHING:
    case SSA_PHI:
    case SSA_SLOT:
    case SSA_RESULT:
    case SSA_CONS:
    case SSA_TUPLE:
    case SSA_PARTS:
    case SSA_MAP:
    case SSA_FUN:
    case SSA_BITS_VIEW:
        return true;
    default:
        return ssa_is((SsaOp) node->op, 'P') && node->frame == NULL;
    }
}

/* Marks what is needed: what has effects, and their inputs. Frames are inputs of nodes that stay.
 */
static void mark(SsaNode **work, uint32_t *count, SsaNode *node)
{
    if (node != NULL && !node->mark) {
        node->mark = true;
        work[(*count)++] = node;
    }
}

bool ssa_comes_before(const SsaNode *node, const SsaNode *at)
{
    if (node->block != at->block) {
        return ssa_dominates(node->block, at->block);
    }
    while (at != NULL && at != node) {
        at = at->previous;
    }
    return at == node;
}

void ssa_clean(Ssa *f)
{
    SsaNode **work = ARENA_ZEROED(&f->arena, SsaNode *, f->node_count + 1);
    uint32_t count = 0;
    f->pass++;
    for (uint32_t i = 0; i < f->order_count; i++) {
        for (SsaNode *node = f->order[i]->first; node != NULL; node = node->next) {
            node->mark = false;
        }
    }
    for (uint32_t i = 0; i < f->order_count; i++) {
        for (SsaNode *node = f->order[i]->first; node != NULL; node = node->next) {
            if (node->instead == NULL && !may_go(node)) {
                mark(work, &count, node);
            }
        }
    }
    while (count > 0) {
        SsaNode *node = work[--count];
        for (uint32_t k = 0; k < node->count; k++) {
            node->inputs[k] = ssa_now(node->inputs[k]);
            mark(work, &count, node->inputs[k]);
        }
        if (!ssa_frame_first(f, node->frame)) {
            continue;
        }
        for (uint32_t k = 0; k < node->frame->count; k++) {
            node->frame->slots[k].value = ssa_now(node->frame->slots[k].value);
            mark(work, &count, node->frame->slots[k].value);
        }
    }
    for (uint32_t i = 0; i < f->order_count; i++) {
        for (SsaNode *node = f->order[i]->first, *next; node != NULL; node = next) {
            next = node->next;
            if (!node->mark) {
                ssa_remove(node);
            }
        }
    }
}
