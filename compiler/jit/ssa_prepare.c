/* compiler/jit/ssa_prepare.c
 * The last form before machine code: copies name what they are copies of, checks have no value,
 * boxes are made where they are wanted, one check of the heap serves all that a block builds. */
#include "compiler/jit/ssa.h"
#include "compiler/jit/ssa_bits.h"

/* Funs that were checked to be some are then no longer known to be. */
static void keep_types_of_funs(Ssa *f)
{
    for (uint32_t i = 0; i < f->order_count; i++) {
        for (SsaNode *node = f->order[i]->first; node != NULL; node = node->next) {
            if (node->op == SSA_IS_FUN_OF || node->op == SSA_GUARD_FUN) {
                node->filter = ssa_input(node, 0)->type;
            }
        }
    }
}

static void drop_copies(Ssa *f)
{
    for (uint32_t i = 0; i < f->order_count; i++) {
        for (SsaNode *node = f->order[i]->first; node != NULL; node = node->next) {
            if (node->op == SSA_CHECK && !ssa_is_sure(node)) {
                SsaNode *guard = ssa_node(f, SSA_GUARD_TYPE, 1);
                guard->inputs[0] = ssa_input(node, 0);
                guard->filter = node->filter;
                guard->frame = node->frame;
                guard->origin = node->origin;
                guard->reason = node->reason;
                guard->origin_slot = node->origin_slot;
                ssa_insert_before(node, guard);
            }
            if (node->op == SSA_CHECK || node->op == SSA_REFINE || node->op == SSA_AFTER ||
                node->op == SSA_BOUND) {
                ssa_replace(node, ssa_input(node, 0));
            }
        }
    }
}

/* ---- checks of floats ---- */

/* What makes a double of the value, in the block, before anything happens that cannot be undone. */
static SsaNode *unboxed_later(const SsaNode *guard)
{
    for (SsaNode *at = guard->next; at != NULL && !ssa_has_effect(at); at = at->next) {
        if (at->op == SSA_UNBOX && at->frame == NULL && at->condition == 0 &&
            ssa_input(at, 0) == ssa_input(guard, 0)) {
            return at;
        }
    }
    return NULL;
}

/* Who makes a double of a value sees whether it is a float. */
static void join_float_checks(Ssa *f)
{
    for (uint32_t i = 0; i < f->order_count; i++) {
        for (SsaNode *node = f->order[i]->first, *next; node != NULL; node = next) {
            bool is_float =
                node->op == SSA_GUARD_TYPE && type_is(node->filter, IS_ANY_FLOAT) &&
                (ssa_input(node, 0)->type.kinds & IS_ANY_FLOAT & ~node->filter.kinds) == 0;
            SsaNode *unbox = is_float ? unboxed_later(node) : NULL;
            next = node->next;
            if (unbox != NULL) {
                next = next == unbox ? unbox->next : next;
                ssa_remove(unbox);
                ssa_insert_before(node, unbox);
                unbox->frame = node->frame;
                unbox->pc = node->pc;
                unbox->origin = node->origin;
                unbox->reason = node->reason;
                unbox->origin_slot = node->origin_slot;
                ssa_remove(node);
            }
        }
    }
}

static void drop_anchors(Ssa *f)
{
    for (uint32_t i = 0; i < f->order_count; i++) {
        for (SsaNode *node = f->order[i]->first, *next; node != NULL; node = next) {
            next = node->next;
            if (node->op == SSA_ANCHOR) {
                ssa_remove(node);
            }
        }
    }
}

/* ---- boxes ---- */

/* A copy of the box right before `user`, or, for a phi, before the end of where the value comes
 * from. */
static SsaNode *box_for(Ssa *f, SsaNode *box, SsaNode *at)
{
    SsaNode *node = ssa_node(f, SSA_BOX, 1);
    node->inputs[0] = ssa_input(box, 0);
    node->type = box->type;
    ssa_insert_before(at, node);
    return node;
}

static void sink_boxes(Ssa *f)
{
    for (uint32_t i = 0; i < f->order_count; i++) {
        SsaBlock *block = f->order[i];
        for (SsaNode *node = block->first; node != NULL; node = node->next) {
            for (uint32_t k = 0; k < node->count; k++) {
                SsaNode *input = ssa_input(node, k);
                SsaBlock *to = node->op == SSA_PHI ? block->predecessors[k] : block;
                if (input->op == SSA_BOX && input->block != to) {
                    node->inputs[k] = box_for(f, input, node->op == SSA_PHI ? to->last : node);
                }
            }
        }
    }
}

/* ---- the heap ---- */

static void join_heap_checks(Ssa *f)
{
    for (uint32_t i = 0; i < f->order_count; i++) {
        SsaNode *first = NULL;
        for (SsaNode *node = f->order[i]->first, *next; node != NULL; node = next) {
            next = node->next;
            if (ssa_is((SsaOp) node->op, 'K') || node->op == SSA_ARITH || node->op == SSA_BIF ||
                node->op == SSA_LIST_ONTO || node->op == SSA_TRACE || node->op == SSA_MAP_PUT ||
                node->op == SSA_BITS_GET || node->op == SSA_BITS_BUILD) {
                first = NULL; /* it builds, too, or is a call */
            } else if (node->op == SSA_BOX && first != NULL) {
                first->constant += 2; /* C may make one between the check and what it is for */
            } else if (node->op == SSA_BITS_VIEW && !node->condition && !node->is_late &&
                       first != NULL) {
                first->constant += BITS_VIEW_WORDS; /* as well */
                node->condition = 1;
            } else if (node->op == SSA_TUPLE && node->condition == TUPLE_ANYWHERE &&
                       first != NULL) {
                first->constant += node->count + 1;
                node->condition = 0;
            } else if (node->op == SSA_HEAP && first != NULL) {
                first->constant += node->constant;
                ssa_remove(node);
            } else if (node->op == SSA_HEAP) {
                first = node;
            }
        }
    }
}

/* ---- what is inlined behind calls ---- */

static bool enters_ahead(const SsaBlock *block)
{
    bool ahead = false;
    for (uint32_t i = 0; i < block->successor_count; i++) {
        ahead |= block->successors[i]->mark;
    }
    return ahead;
}

/* Does an inlined function begin on a way from the node (NULL: from what follows the block) on,
 * before the next call? Behind that it is asked again. */
static bool enters_from(const SsaBlock *block, const SsaNode *node)
{
    for (; node != NULL; node = node->next) {
        if (node->op == SSA_ENTER || node->op == SSA_CALL || node->op == SSA_CALL_BIF) {
            return node->op == SSA_ENTER;
        }
    }
    return enters_ahead(block);
}

/* Behind a call it matters whether the code is still current where inlined functions begin. */
static void drop_current(Ssa *f)
{
    bool changed = f->inlined_count > 0;
    for (uint32_t i = 0; i < f->order_count; i++) {
        f->order[i]->mark = false;
    }
    while (changed) {
        changed = false;
        for (uint32_t i = f->order_count; i-- > 0;) {
            SsaBlock *block = f->order[i];
            if (!block->mark && enters_from(block, block->first)) {
                block->mark = changed = true;
            }
        }
    }
    for (uint32_t i = 0; i < f->order_count; i++) {
        for (SsaNode *node = f->order[i]->first, *next; node != NULL; node = next) {
            next = node->next;
            if (node->op == SSA_CURRENT && !enters_from(f->order[i], next)) {
                ssa_remove(node);
            }
        }
    }
}

/* ---- lists ---- */

static void replace_predecessor(SsaBlock *block, const SsaBlock *from, SsaBlock *by)
{
    uint32_t which = 0;
    while (block->predecessors[which] != from) {
        which++;
    }
    block->predecessors[which] = by;
}

/* Is there nothing but that test in the block? */
static bool is_test_alone(const SsaBlock *block, const SsaNode *test)
{
    for (const SsaNode *node = block->first; node != block->last; node = node->next) {
        if (node != test) {
            return false;
        }
    }
    return test->block == block;
}

static bool asks_for_end(const SsaNode *test)
{
    return (test->op == SSA_IS_WORD && test->constant == TERM_NIL) ||
           (test->op == SSA_IS_KIND && test->constant == IS_NIL);
}

/* The block that `block` leads to, past such as are empty; NULL: other ways lead there, too. */
static SsaBlock *only_successor(SsaBlock *block)
{
    while (block->predecessor_count == 1 && block->first->op == SSA_JUMP) {
        block = block->successors[0];
    }
    return block->predecessor_count == 1 ? block : NULL;
}

/* Who asks for [] first, then for a cell, asks in the other order: most lists have more cells than
 * ends. */
static void ask_for_cells_first(SsaBlock *block)
{
    SsaBlock *then, *end, *cell, *neither;
    SsaNode *is_end, *is_cell;
    if (block->last->op != SSA_BRANCH || (then = only_successor(block->successors[1])) == NULL ||
        then->last->op != SSA_BRANCH) {
        return;
    }
    end = block->successors[0];
    cell = then->successors[0];
    neither = then->successors[1];
    is_end = ssa_input(block->last, 0);
    is_cell = ssa_input(then->last, 0);
    if (!asks_for_end(is_end) || is_cell->op != SSA_IS_KIND || is_cell->constant != IS_CONS ||
        ssa_input(is_end, 0) != ssa_input(is_cell, 0) || !is_test_alone(then, is_cell) ||
        end == cell || end == neither || cell == neither) {
        return;
    }
    ssa_remove(is_cell);
    ssa_insert_before(block->last, is_cell);
    block->last->inputs[0] = is_cell;
    then->last->inputs[0] = is_end;
    block->successors[0] = cell;
    then->successors[0] = end;
    replace_predecessor(end, block, then);
    replace_predecessor(cell, then, block);
}

/* ---- reductions ---- */

/* Those of built-ins are counted with the one that follows at once. */
static void join_counts(Ssa *f)
{
    for (uint32_t i = 0; i < f->order_count; i++) {
        for (SsaNode *node = f->order[i]->first, *next; node != NULL; node = next) {
            next = node->next;
            if (node->op == SSA_COUNT_BUILTIN && next != NULL && next->counts > 0 &&
                (next->op == SSA_COUNT || next->op == SSA_ENTER)) {
                next->constant += node->constant;
                ssa_remove(node);
            }
        }
    }
}

/* ---- loads ---- */

static bool is_load(const SsaNode *node)
{
    return node->op == SSA_HEAD || node->op == SSA_TAIL || node->op == SSA_ELEMENT ||
           node->op == SSA_CAPTURED;
}

static bool is_part_of(const SsaNode *node, SsaNode *value)
{
    value = ssa_now(value);
    for (uint32_t k = 0; ssa_is_built_by_exits(value) && k < value->count; k++) {
        if (is_part_of(node, value->inputs[k])) {
            return true;
        }
    }
    return value == node;
}

/* Its tests are made where they are asked for; what exits write is wanted there. */
static bool wants(const SsaNode *user, const SsaNode *node)
{
    for (uint32_t k = 0; k < user->count; k++) {
        const SsaNode *input = ssa_input(user, k);
        if (input == node || (ssa_rep(input) == REP_TEST && wants(input, node))) {
            return true;
        }
    }
    for (uint32_t k = 0; user->frame != NULL && k < user->frame->count; k++) {
        if (is_part_of(node, user->frame->slots[k].value)) {
            return true;
        }
    }
    return false;
}

/* Terms do not change: what is taken out of one is taken where it is wanted first, for a pattern
 * takes out all that it names at once, and there are not so many registers. Not far: a term may
 * need one itself for that. */
static void load_later(SsaNode *node)
{
    enum { STEPS_MOST = 120 };
    SsaNode *at = node->next;
    for (uint32_t steps = 0; at != NULL && steps < STEPS_MOST && !wants(at, node); steps++) {
        at = at->next;
    }
    if (at != NULL && at != node->next && at->op != SSA_PHI && wants(at, node)) {
        ssa_remove(node);
        ssa_insert_before(at, node);
    }
}

static void sink_loads(Ssa *f)
{
    for (uint32_t i = 0; i < f->order_count; i++) {
        SsaBlock *block = f->order[i];
        for (SsaNode *node = block->last, *previous; node != NULL; node = previous) {
            previous = node->previous;
            if (is_load(node)) {
                load_later(node);
            }
        }
    }
}

void ssa_prepare(Ssa *f)
{
    ssa_sink(f);
    ssa_restart(f);
    drop_current(f);
    sink_boxes(f);
    drop_anchors(f);
    keep_types_of_funs(f);
    drop_copies(f);
    ssa_clean(f);
    ssa_bits_prepare(f);
    join_float_checks(f);
    join_counts(f);
    sink_loads(f);
    join_heap_checks(f);
    for (uint32_t i = 0; i < f->order_count; i++) {
        ask_for_cells_first(f->order[i]);
    }
    for (uint32_t i = 0; i < f->order_count; i++) {
        SsaBlock *block = f->order[i];
        block->is_cold = block->last->op == SSA_LEAVE;
    }
    /* What leads to cold blocks alone is cold. */
    for (uint32_t i = f->order_count; i-- > 0;) {
        SsaBlock *block = f->order[i];
        bool cold = block->successor_count > 0;
        for (uint32_t k = 0; k < block->successor_count; k++) {
            cold &= block->successors[k]->is_cold;
        }
        block->is_cold |= cold;
    }
}
