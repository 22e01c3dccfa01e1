/* compiler/jit/ssa_restart.c
 * Where the interpreter goes on after an exit. Between two effects (calls, counted reductions)
 * nothing is lost by doing all again: whatever leaves there may leave at the place where the first
 * of it would, mostly a loop's start. So values on the way need not be kept for exits, exits share
 * their code, and few floats are checked to be finite (ssa_finite.c).
 *
 * A PLACE names such a place: the function's start, that of each loop. */
#include "compiler/bytecode/module.h"
#include "compiler/jit/ssa.h"

/* Does it append to a bitstring, if that can be, in place? Done again it would copy all of it. */
static bool appends(const SsaNode *node)
{
    const SegmentList *list = (const SegmentList *) (uintptr_t) node->constant;
    return list->count > 0 && list->segments[0].type == SEGMENT_BITS;
}

/* Behind it, what came before cannot be done again. */
bool ssa_has_effect(const SsaNode *node)
{
    switch ((SsaOp) node->op) {
    case SSA_BITS_BUILD:
        return appends(node);
    case SSA_COUNT:
    case SSA_AGAIN:
    case SSA_ENTER:
    case SSA_COUNT_BUILTIN:
    case SSA_TAKE:
    case SSA_PASS:
    case SSA_RECEIVE_FROM:
    case SSA_LIST_ONTO: /* may be long */
    case SSA_COLLECT:   /* collects at its own place */
        return true;
    default:
        return ssa_is((SsaOp) node->op, 'K');
    }
}

/* Does it leave for its own place alone? */
static bool leaves_there(const SsaNode *node)
{
    return ssa_has_effect(node) || node->op == SSA_LEAVE || node->op == SSA_TAIL_CALL ||
           node->op == SSA_CURRENT || node->op == SSA_ANCHOR || node->op == SSA_PLACE;
}

/* ---- counting built-ins ---- */

/* The reductions of built-ins that nobody yields for are counted together, as late as can be: right
 * before the next effect, or before a place at which they must have been counted. */
static void count_later(SsaBlock *block)
{
    SsaNode *counter = NULL;
    for (SsaNode *node = block->first, *next; node != NULL; node = next) {
        next = node->next;
        if (node->op == SSA_COUNT_BUILTIN) {
            ssa_remove(node);
            counter = counter == NULL ? node : counter;
            counter->constant += counter != node ? node->constant : 0;
        } else if (counter != NULL &&
                   (ssa_has_effect(node) || leaves_there(node) || node == block->last)) {
            ssa_insert_before(node, counter);
            counter = NULL;
        }
    }
}

/* ---- places ---- */

/* Where all ways to the block would go on; NULL: not at one place. */
static SsaFrame *place_before(const SsaBlock *block, SsaFrame *const *left)
{
    SsaFrame *place = NULL;
    for (uint32_t p = 0; p < block->predecessor_count; p++) {
        const SsaBlock *from = block->predecessors[p];
        if (from->order >= block->order || left[from->order] == NULL ||
            (p > 0 && left[from->order] != place)) {
            return NULL;
        }
        place = left[from->order];
    }
    return place;
}

void ssa_restart(Ssa *f)
{
    SsaFrame **left = ARENA_ZEROED(&f->arena, SsaFrame *, f->order_count + 1);
    for (uint32_t i = 0; i < f->order_count; i++) {
        SsaBlock *block = f->order[i];
        SsaFrame *place = place_before(block, left);
        count_later(block);
        for (SsaNode *node = block->first, *next; node != NULL; node = next) {
            next = node->next;
            node->pc = node->frame != NULL ? node->frame->pc : NULL;
            if (node->op == SSA_PLACE || node->op == SSA_CURRENT) {
                place = node->frame;
            } else if (ssa_has_effect(node)) {
                place = node->op == SSA_ENTER ? node->frame : NULL;
            } else if (node->frame != NULL && !leaves_there(node)) {
                place = place != NULL ? place : node->frame;
                node->frame = place;
            }
            if (node->op == SSA_PLACE) {
                ssa_remove(node);
            }
        }
        left[i] = place;
        ssa_check_finite(f, block);
    }
    ssa_count(f, left);
}
