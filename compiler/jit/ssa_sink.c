/* compiler/jit/ssa_sink.c
 * Tuples are built where they are wanted. One that only exits want is not built at all before one
 * is taken: it becomes PARTS, which the exit builds. One that ssa_parts.c put in the place of a phi
 * is built right before who wants it as a whole, which is outside the loop. */
#include "compiler/jit/ssa.h"
#include "compiler/jit/ssa_bits.h"

/* Those that are built instead of a tuple. */
typedef struct Built {
    SsaNode **nodes;
    uint32_t count, capacity;
} Built;

typedef struct Sinker {
    Ssa *f;
    SsaNode **tuples; /* all that there were; each knows its place here as its `position` */
    uint32_t count, capacity;
    Built *built; /* the same */
} Sinker;

/* A tuple that is not built where it stands? */
static bool is_ours(const SsaNode *node)
{
    return node->op == SSA_TUPLE && node->mark;
}

static bool is_copy(const SsaNode *node)
{
    return node->op == SSA_REFINE || node->op == SSA_AFTER || node->op == SSA_BOUND ||
           (node->op == SSA_CHECK && ssa_is_sure(node));
}

static void collect(Sinker *s)
{
    for (uint32_t i = 0; i < s->f->order_count; i++) {
        for (SsaNode *node = s->f->order[i]->first; node != NULL; node = node->next) {
            node->mark = false;
            if (node->op == SSA_TUPLE &&
                (node->condition == TUPLE_ANYWHERE || node->count <= PARTS_MOST)) {
                s->tuples = ssa_grow(s->f, s->tuples, s->count, &s->capacity, sizeof *s->tuples);
                node->mark = true;
                node->position = s->count;
                s->tuples[s->count++] = node;
            }
        }
    }
}

/* ---- who is wanted ---- */

/* `value` is wanted as a whole: what has its place on the heap is built there. True: that is new.
 */
static bool wanted(SsaNode *value)
{
    SsaNode *tuple = ssa_bare(value);
    bool changed = false;
    if (!is_ours(tuple)) {
        return false;
    }
    if (tuple->condition != TUPLE_ANYWHERE) {
        tuple->mark = false;
        return true;
    }
    for (uint32_t k = 0; k < tuple->count; k++) {
        changed |= wanted(tuple->inputs[k]);
    }
    return changed;
}

static bool keep_wanted_by(SsaNode *node)
{
    bool changed = false;
    for (uint32_t k = 0; k < node->count && !is_copy(node) && !is_ours(node); k++) {
        changed |= wanted(node->inputs[k]);
    }
    for (uint32_t k = 0; ssa_fills_frame(node) && k < node->frame->count; k++) {
        changed |= wanted(node->frame->slots[k].value);
    }
    return changed;
}

static void keep_wanted(Ssa *f)
{
    bool changed = true;
    while (changed) {
        changed = false;
        for (uint32_t i = 0; i < f->order_count; i++) {
            for (SsaNode *node = f->order[i]->first; node != NULL; node = node->next) {
                changed |= keep_wanted_by(node);
            }
        }
    }
}

/* ---- building it there ---- */

/* The tuple, which is ours and may be built anywhere, as a whole at that place. */
static SsaNode *built_at(Sinker *s, const SsaNode *tuple, SsaNode *at)
{
    Built *built = &s->built[tuple->position];
    SsaNode *node;
    for (uint32_t i = 0; i < built->count; i++) {
        if (ssa_comes_before(built->nodes[i], at)) {
            return built->nodes[i];
        }
    }
    node = ssa_node(s->f, SSA_TUPLE, tuple->count);
    node->condition = TUPLE_ANYWHERE;
    node->constant = tuple->constant;
    node->type = tuple->type;
    for (uint32_t k = 0; k < tuple->count; k++) {
        const SsaNode *part = ssa_bare(tuple->inputs[k]);
        node->inputs[k] = is_ours(part) ? built_at(s, part, at) : ssa_input(tuple, k);
    }
    ssa_insert_before(at, node);
    built->nodes = ssa_grow(s->f, built->nodes, built->count, &built->capacity, sizeof node);
    return built->nodes[built->count++] = node;
}

static SsaNode *end_of(const SsaBlock *block)
{
    SsaNode *end = block->last;
    return end->previous != NULL && end->previous->op == SSA_ANCHOR ? end->previous : end;
}

/* Others may have the same frame. */
static SsaFrame *own_frame(Ssa *f, const SsaFrame *frame)
{
    SsaFrame *own = ssa_frame(f, frame->pc, frame->base, frame->count);
    memcpy(own->slots, frame->slots, frame->count * sizeof frame->slots[0]);
    return own;
}

static void build_for(Sinker *s, SsaNode *node)
{
    bool is_own = false;
    for (uint32_t k = 0; k < node->count && !is_copy(node) && !is_ours(node); k++) {
        const SsaNode *tuple = ssa_bare(node->inputs[k]);
        if (is_ours(tuple)) {
            SsaNode *at = node->op == SSA_PHI ? end_of(node->block->predecessors[k]) : node;
            node->inputs[k] = built_at(s, tuple, at);
        }
    }
    for (uint32_t k = 0; ssa_fills_frame(node) && k < node->frame->count; k++) {
        const SsaNode *tuple = ssa_bare(node->frame->slots[k].value);
        if (is_ours(tuple)) {
            node->frame = is_own ? node->frame : own_frame(s->f, node->frame);
            is_own = true;
            node->frame->slots[k].value = built_at(s, tuple, node);
        }
    }
}

/* What is left is wanted by exits alone. Floats stay as they are. */
static void leave_to_exits(SsaNode *tuple)
{
    tuple->op = SSA_PARTS;
    for (uint32_t k = 0; k < tuple->count; k++) {
        const SsaNode *part = ssa_bare(tuple->inputs[k]);
        if (part->op == SSA_BOX) {
            tuple->inputs[k] = ssa_input(part, 0);
        }
    }
}

/* ---- the heap ---- */

static uint32_t words_of(const SsaNode *node)
{
    switch ((SsaOp) node->op) {
    case SSA_CONS:
        return 2;
    case SSA_TUPLE:
        return node->condition == TUPLE_ANYWHERE ? 0 : node->count + 1;
    case SSA_MAP:
    case SSA_FUN:
        return node->count + 2;
    case SSA_BITS_VIEW:
        return node->condition ? BITS_VIEW_WORDS : 0;
    default:
        return 0;
    }
}

/* Room is asked for what is still built. */
static void ask_for_less(SsaBlock *block)
{
    uint64_t words = 0;
    for (SsaNode *node = block->last, *previous; node != NULL; node = previous) {
        previous = node->previous;
        words += words_of(node);
        if (node->op == SSA_HEAP) {
            node->constant = words;
            if (words == 0) {
                ssa_remove(node);
            }
            words = 0;
        }
    }
}

void ssa_sink(Ssa *f)
{
    Sinker s = {.f = f};
    collect(&s);
    s.built = ARENA_ZEROED(&f->arena, Built, s.count + 1);
    keep_wanted(f);
    for (uint32_t i = 0; i < f->order_count; i++) {
        for (SsaNode *node = f->order[i]->first; node != NULL; node = node->next) {
            build_for(&s, node);
        }
    }
    for (uint32_t i = 0; i < s.count; i++) {
        if (is_ours(s.tuples[i])) {
            leave_to_exits(s.tuples[i]);
        }
    }
    for (uint32_t i = 0; i < f->order_count; i++) {
        ask_for_less(f->order[i]);
    }
    ssa_clean(f);
}
