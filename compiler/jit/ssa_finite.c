/* compiler/jit/ssa_finite.c
 * Erlang's floats are finite: what is not leaves, and the interpreter raises. Where several nodes
 * of a block leave for the same place, with no effect between them, not each needs a check:
 *
 * - What is not finite stays so through sums, products and roots, and as what is divided: of floats
 *   that are made of each other only the last is checked.
 * - Who makes a term of it finds an exponent that no usual float has; the rest is out of the way.
 * - Of what is finite a quotient by a whole number is, unless that is 0, which is asked instead; so
 *   are those by constants that are not below 1, and products with such that are not above it.
 * - Of what is left the sum is checked. (That it is not finite, though all of it is, takes numbers
 *   near the largest there are: then the interpreter does what is to be done.) */
#include "compiler/jit/ssa.h"

static bool makes_finite(const SsaNode *node)
{
    switch ((SsaOp) node->op) {
    case SSA_FADD:
    case SSA_FSUB:
    case SSA_FMUL:
    case SSA_FDIV:
    case SSA_FSQRT:
        return node->frame != NULL;
    default:
        return false;
    }
}

/* Not finite if `operand` is not. */
static bool passes_on(const SsaNode *node, const SsaNode *operand)
{
    for (uint32_t i = 0; i < (node->op == SSA_FDIV ? 1 : node->count); i++) {
        if (ssa_input(node, i) == operand) {
            return true;
        }
    }
    return false;
}

/* Does it do nothing with a float that is not finite but pass it on? */
static bool is_blind(const SsaNode *node)
{
    switch ((SsaOp) node->op) {
    case SSA_FADD:
    case SSA_FSUB:
    case SSA_FMUL:
    case SSA_FDIV:
    case SSA_FSQRT:
    case SSA_FNEG:
    case SSA_FABS:
    case SSA_TO_FLOAT:
    case SSA_UNBOX:
    case SSA_BOX:
    case SSA_ADD:
    case SSA_SUB:
    case SSA_MUL:
    case SSA_HEAP:
    case SSA_CHECK:
    case SSA_IS_BUILTIN:
    case SSA_CONS:
    case SSA_TUPLE:
    case SSA_PARTS:
    case SSA_HEAD:
    case SSA_TAIL:
    case SSA_ELEMENT:
    case SSA_REFINE:
    case SSA_AFTER:
    case SSA_BOUND:
    case SSA_CONST:
    case SSA_FLOAT_CONST:
        return true;
    default:
        return false;
    }
}

/* Some node behind it, in the block, is checked and not finite if this one is not, and all between
 * leave for the same place. */
static bool is_checked_later(const SsaNode *node)
{
    for (const SsaNode *at = node->next; at != NULL && !ssa_has_effect(at); at = at->next) {
        if (at->frame != NULL && at->frame != node->frame) {
            return false;
        }
        if (makes_finite(at) && passes_on(at, node)) {
            return true;
        }
    }
    return false;
}

static bool is_used_in(const SsaNode *box)
{
    for (const SsaNode *at = box->next; at != NULL; at = at->next) {
        for (uint32_t k = 0; at->op != SSA_PHI && k < at->count; k++) {
            if (ssa_now(at->inputs[k]) == box) {
                return true;
            }
        }
    }
    return false;
}

/* The node that makes a term of it, in the block, and may check it. */
static SsaNode *box_later(const SsaNode *node)
{
    for (SsaNode *at = node->next; at != NULL && is_blind(at); at = at->next) {
        if (at->frame != NULL && at->frame != node->frame) {
            return NULL;
        }
        if (at->op == SSA_BOX && ssa_input(at, 0) == node && is_used_in(at)) {
            return at;
        }
    }
    return NULL;
}

static void not_here(SsaNode *node)
{
    node->no_overflow = true;
    node->frame = NULL;
}

/* ---- what is no larger than what it is made of ---- */

/* A float of `block` whose own check is elsewhere may be none yet; all that come from terms are. */
static bool is_finite_in(const SsaNode *value, const SsaBlock *block)
{
    return value->block != block || value->frame != NULL || value->op == SSA_FLOAT_CONST ||
           value->op == SSA_TO_FLOAT || value->op == SSA_UNBOX || value->op == SSA_PHI;
}

/* Leaves where the node would, if the whole number is 0. */
static void check_not_zero(Ssa *f, SsaNode *node, SsaNode *whole)
{
    SsaNode *zero = ssa_node(f, SSA_CONST, 0), *test = ssa_node(f, SSA_IS_INT, 2);
    SsaNode *guard = ssa_node(f, SSA_GUARD, 1);
    zero->constant = term_small(0);
    zero->type = type_of_term(zero->constant);
    test->condition = M_NE;
    test->inputs[0] = whole;
    test->inputs[1] = zero;
    guard->inputs[0] = test;
    guard->frame = node->frame;
    guard->pc = node->pc;
    ssa_insert_before(node, zero);
    ssa_insert_before(node, test);
    ssa_insert_before(node, guard);
}

static double constant_of(const SsaNode *node)
{
    double value;
    memcpy(&value, &node->constant, 8);
    return value < 0 ? -value : value;
}

static void check_factor(Ssa *f, SsaNode *node)
{
    SsaNode *a = ssa_input(node, 0), *b = ssa_input(node, 1);
    if (node->op == SSA_FMUL && a->op == SSA_FLOAT_CONST) {
        a = b;
        b = ssa_input(node, 0);
    }
    if (!is_finite_in(a, node->block)) {
        return;
    }
    if (node->op == SSA_FDIV && b->op == SSA_TO_FLOAT) {
        check_not_zero(f, node, ssa_input(b, 0));
        not_here(node);
    } else if (b->op == SSA_FLOAT_CONST &&
               (node->op == SSA_FDIV ? constant_of(b) >= 1 : constant_of(b) <= 1)) {
        not_here(node);
    }
}

/* ---- sums ---- */

/* Nodes that are checked, and leave for one place. */
enum { SUM_MOST = 16 };
typedef struct Sum {
    SsaNode *nodes[SUM_MOST];
    uint32_t count;
} Sum;

static SsaNode *added(Ssa *f, SsaNode *a, SsaNode *b, SsaNode *at)
{
    SsaNode *node = ssa_node(f, SSA_FADD, 2);
    node->inputs[0] = a;
    node->inputs[1] = b;
    node->no_overflow = true;
    ssa_insert_before(at, node);
    return node;
}

/* All of them are checked right before `at`. */
static void end_sum(Ssa *f, Sum *sum, SsaNode *at)
{
    SsaNode *total = sum->nodes[0];
    SsaFrame *frame = sum->count > 0 ? total->frame : NULL;
    for (uint32_t i = 1; i < sum->count; i++) {
        total = added(f, total, sum->nodes[i], at);
    }
    for (uint32_t i = 0; i < sum->count && sum->count > 1; i++) {
        not_here(sum->nodes[i]);
    }
    if (sum->count > 1) {
        total->frame = frame;
        total->no_overflow = false;
    }
    sum->count = 0;
}

static void check_sums(Ssa *f, SsaBlock *block)
{
    Sum sum = {.count = 0};
    for (SsaNode *node = block->first; node != NULL; node = node->next) {
        if (node->op == SSA_PHI) {
            continue;
        }
        if (!is_blind(node) || sum.count == SUM_MOST ||
            (sum.count > 0 && node->frame != NULL && node->frame != sum.nodes[0]->frame)) {
            end_sum(f, &sum, node);
        }
        if (makes_finite(node)) {
            sum.nodes[sum.count++] = node;
        }
    }
}

void ssa_check_finite(Ssa *f, SsaBlock *block)
{
    for (SsaNode *node = block->first; node != NULL; node = node->next) {
        if (makes_finite(node) && is_checked_later(node)) {
            node->no_overflow = true;
        }
    }
    for (SsaNode *node = block->first; node != NULL; node = node->next) {
        if (makes_finite(node) && node->no_overflow) {
            not_here(node);
        }
    }
    for (SsaNode *node = block->first; node != NULL; node = node->next) {
        SsaNode *box = makes_finite(node) ? box_later(node) : NULL;
        if (box != NULL) {
            box->frame = node->frame;
            not_here(node);
        }
    }
    for (SsaNode *node = block->first; node != NULL; node = node->next) {
        if ((node->op == SSA_FDIV || node->op == SSA_FMUL) && node->frame != NULL) {
            check_factor(f, node);
        }
    }
    check_sums(f, block);
}
