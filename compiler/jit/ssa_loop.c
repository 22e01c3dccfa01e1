/* compiler/jit/ssa_loop.c
 * What is the same in every round of a loop is done before it, once. What may leave leaves then
 * from there: the anchor before the loop says with which slots. That can be where the loop would
 * not have come to; so only checks of kinds and plain arithmetic are moved, whose failing is rare.
 */
#include "compiler/jit/ssa.h"

/* The block before the loop, which ends in an anchor and a jump; NULL: there is none. */
static SsaBlock *block_before(const SsaBlock *header)
{
    SsaBlock *before = NULL;
    for (uint32_t i = 0; i < header->predecessor_count; i++) {
        SsaBlock *from = header->predecessors[i];
        if (from->order < header->order) {
            if (before != NULL) {
                return NULL;
            }
            before = from;
        }
    }
    if (before == NULL || before->last->op != SSA_JUMP || before->last->previous == NULL ||
        before->last->previous->op != SSA_ANCHOR) {
        return NULL;
    }
    return before;
}

static bool may_move(const SsaNode *node)
{
    switch ((SsaOp) node->op) {
    case SSA_FLOAT_CONST:
    case SSA_TO_FLOAT:
    case SSA_CHECK:
    case SSA_GUARD_ALIGNED:
    case SSA_ADD:
    case SSA_SUB:
    case SSA_MUL:
    case SSA_BAND:
    case SSA_BOR:
    case SSA_BXOR:
    case SSA_FNEG:
    case SSA_FABS:
        return true;
    case SSA_IS_BUILTIN: /* who has calls of it traced does so at a call, or while this waits */
        return true;
    case SSA_GUARD_FUN: /* not where another was tried first */
        return node->condition == 0;
    case SSA_UNBOX: /* without its exit it relies on a test inside, unless the kind is known */
        return node->frame != NULL || type_is(ssa_input(node, 0)->type, IS_ANY_FLOAT);
    case SSA_BITS_PARENT:
    case SSA_BITS_START:
    case SSA_BITS_END:
    case SSA_BITS_BYTES:
        return ssa_input(node, 0)->type.kinds == IS_BITS;
    case SSA_HEAD:
    case SSA_TAIL:
        return ssa_input(node, 0)->type.kinds == IS_CONS;
    case SSA_ELEMENT:
        return ssa_input(node, 0)->type.kinds == IS_TUPLE &&
               ssa_input(node, 0)->type.arity_1 > node->constant + 1;
    default:
        return false;
    }
}

static bool is_the_same(const SsaNode *node, const SsaBlock *header)
{
    for (uint32_t i = 0; i < node->count; i++) {
        const SsaNode *input = ssa_input(node, i);
        if (input->op != SSA_CONST && ssa_is_inside(input->block, header)) {
            return false;
        }
    }
    return true;
}

static void move_constants(SsaNode *node, SsaNode *anchor)
{
    for (uint32_t i = 0; i < node->count; i++) {
        SsaNode *input = ssa_input(node, i);
        if (input->op == SSA_CONST && !ssa_dominates(input->block, anchor->block)) {
            ssa_remove(input);
            ssa_insert_before(anchor, input);
        }
    }
}

void ssa_loops(Ssa *f)
{
    uint32_t *entered = ARENA_ZEROED(&f->arena, uint32_t, f->order_count);
    uint32_t *left = ARENA_ZEROED(&f->arena, uint32_t, f->order_count), count;
    ssa_find_regions(f, entered, left, &count);
    /* Inner loops first: what leaves one may leave the next. */
    for (uint32_t i = f->order_count; i-- > 0;) {
        SsaBlock *header = f->order[i], *before;
        if (!header->is_loop_header || (before = block_before(header)) == NULL ||
            left[before->order] != entered[header->order]) {
            continue;
        }
        for (uint32_t k = i; k < f->order_count; k++) {
            SsaBlock *block = f->order[k];
            if (!ssa_is_inside(block, header) || entered[k] != entered[header->order]) {
                continue;
            }
            for (SsaNode *node = block->first, *next; node != NULL; node = next) {
                next = node->next;
                if (node->instead == NULL && may_move(node) && is_the_same(node, header)) {
                    SsaNode *anchor = before->last->previous;
                    move_constants(node, anchor);
                    if (next != NULL && next->block != block) {
                        next = node->next;
                    }
                    ssa_remove(node);
                    ssa_insert_before(anchor, node);
                    if (node->frame != NULL) {
                        node->frame = anchor->frame;
                    }
                }
            }
        }
    }
}
