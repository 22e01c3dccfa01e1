/* compiler/jit/ssa_float.c
 * Phis of floats hold doubles: what comes in is unboxed at its end of the edge, who wants a term
 * boxes it. Boxes that nothing needs then go away, so a loop over floats makes none. */
#include "compiler/jit/ssa.h"

static SsaNode *unboxed(Ssa *f, SsaNode *value, SsaBlock *at_end_of)
{
    SsaNode *node, *at;
    value = ssa_now(value);
    if (value->op == SSA_BOX) {
        return ssa_input(value, 0);
    }
    node = ssa_node(f, value->op == SSA_CONST ? SSA_FLOAT_CONST : SSA_UNBOX,
                    value->op == SSA_CONST ? 0 : 1);
    if (value->op == SSA_CONST) {
        double number = float_value(value->constant);
        memcpy(&node->constant, &number, 8);
    } else {
        node->inputs[0] = value;
    }
    at = at_end_of->last;
    if (at->previous != NULL && at->previous->op == SSA_ANCHOR) {
        at = at->previous; /* an anchor stays last: it stands for the loop's beginning */
    }
    ssa_insert_before(at, node);
    return node;
}

static bool has_float_use_or_input(const SsaNode *phi)
{
    for (uint32_t i = 0; i < phi->count; i++) {
        SsaNode *input = ssa_input(phi, i);
        if (input->op == SSA_BOX || (input->op == SSA_PHI && input->is_float)) {
            return true;
        }
    }
    return false;
}

void ssa_float_phis(Ssa *f)
{
    bool changed = true;
    /* Of phis that are floats: those into which a double comes, or another such phi. */
    while (changed) {
        changed = false;
        for (uint32_t i = 0; i < f->order_count; i++) {
            for (SsaNode *phi = f->order[i]->first; phi != NULL && phi->op == SSA_PHI;
                 phi = phi->next) {
                if (!phi->mark_float && type_is(phi->type, IS_ANY_FLOAT) && phi->type.kinds != 0 &&
                    has_float_use_or_input(phi)) {
                    phi->mark_float = changed = true;
                }
            }
        }
    }
    for (uint32_t i = 0; i < f->order_count; i++) {
        SsaBlock *block = f->order[i];
        for (SsaNode *phi = block->first, *next; phi != NULL && phi->op == SSA_PHI; phi = next) {
            SsaNode *number, *box, *behind;
            next = phi->next;
            if (!phi->mark_float) {
                continue;
            }
            number = ssa_node(f, SSA_PHI, 0);
            number->is_float = true;
            number->type = phi->type;
            ssa_insert_before(phi, number);
            box = ssa_node(f, SSA_BOX, 1);
            box->inputs[0] = number;
            box->type = phi->type;
            for (behind = phi; behind->op == SSA_PHI; behind = behind->next) {
            }
            ssa_insert_before(behind, box);
            for (uint32_t k = 0; k < phi->count; k++) {
                ssa_add_input(f, number, ssa_now(phi->inputs[k]));
            }
            ssa_replace(phi, box);
        }
    }
    for (uint32_t i = 0; i < f->order_count; i++) {
        SsaBlock *block = f->order[i];
        for (SsaNode *phi = block->first; phi != NULL && phi->op == SSA_PHI; phi = phi->next) {
            for (uint32_t k = 0; phi->is_float && k < phi->count; k++) {
                phi->inputs[k] = unboxed(f, phi->inputs[k], block->predecessors[k]);
            }
        }
    }
    ssa_clean(f);
}
