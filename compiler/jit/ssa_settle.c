/* compiler/jit/ssa_settle.c
 * After types are found, the code becomes what they say: arithmetic that of one kind of number,
 * with checks where the types do not promise it; comparisons those of integers or doubles; branches
 * that go one way only jumps. */
#include "compiler/jit/ssa_infer.h"

#include "runtime/term/arith.h"

typedef struct Settler {
    Ssa *f;
    SsaNode *at; /* new nodes come before this one */
    SsaFrame *frame;
    Code origin; /* of guesses */
    uint32_t slot;
} Settler;

static SsaNode *add(Settler *s, SsaOp op, SsaNode *a, SsaNode *b)
{
    SsaNode *node = ssa_node(s->f, op, (a != NULL) + (b != NULL));
    if (a != NULL) {
        node->inputs[0] = a;
    }
    if (b != NULL) {
        node->inputs[1] = b;
    }
    ssa_insert_before(s->at, node);
    return node;
}

/* `node` leaves where a guess is wrong. */
static void set_guess(const Settler *s, SsaNode *node, GuessReason reason)
{
    node->frame = s->frame;
    node->origin = s->origin;
    node->reason = (uint8_t) reason;
    node->origin_slot = (uint16_t) s->slot;
}

static SsaNode *check(Settler *s, SsaNode *value, Type filter, GuessReason reason)
{
    SsaNode *node;
    Type type = value->op == SSA_CONST ? type_of_term(value->constant) : value->type;
    if (type_is(type, filter.kinds) && type_equal(type_meet(type, filter), type)) {
        return value;
    }
    node = add(s, SSA_CHECK, value, NULL);
    node->filter = filter;
    set_guess(s, node, reason);
    node->type = type_meet(type, filter);
    return node;
}

static SsaNode *float_constant(Settler *s, double value)
{
    SsaNode *node = add(s, SSA_FLOAT_CONST, NULL, NULL);
    memcpy(&node->constant, &value, 8);
    return node;
}

/* Guarded to be a float, or (`or_small`) a small integer. */
static SsaNode *as_float(Settler *s, SsaNode *value, GuessReason reason, bool or_small)
{
    SsaNode *node;
    if (value->op == SSA_CONST && term_is_small(value->constant)) {
        return float_constant(s, (double) small_value(value->constant));
    }
    if (value->op == SSA_CONST && term_is_float(value->constant)) {
        return float_constant(s, float_value(value->constant));
    }
    if (value->op == SSA_BOX) {
        return ssa_input(value, 0);
    }
    if (value->type.kinds == IS_SMALL) {
        return add(s, SSA_TO_FLOAT, value, NULL);
    }
    node = add(s, SSA_UNBOX, value, NULL);
    if (!type_is(value->type, IS_ANY_FLOAT)) {
        set_guess(s, node, reason);
        node->condition = or_small && (value->type.kinds & IS_SMALL);
    }
    return node;
}

/* ---- arithmetic ---- */

static SsaOp small_op(SsaArith which)
{
    static const uint8_t ops[] = {
        [ARITH_ADD] = SSA_ADD,         [ARITH_SUBTRACT] = SSA_SUB, [ARITH_MULTIPLY] = SSA_MUL,
        [ARITH_ABS] = SSA_ABS,         [ARITH_MIN] = SSA_MIN,      [ARITH_MAX] = SSA_MAX,
        [ARITH_DIV] = SSA_DIV,         [ARITH_REM] = SSA_REM,      [ARITH_BAND] = SSA_BAND,
        [ARITH_BOR] = SSA_BOR,         [ARITH_BXOR] = SSA_BXOR,    [ARITH_SHIFT_LEFT] = SSA_SHL,
        [ARITH_SHIFT_RIGHT] = SSA_SHR, [ARITH_NEGATE] = SSA_NEG,   [ARITH_BNOT] = SSA_BNOT,
    };
    return (SsaOp) ops[which];
}

static void settle_small(Settler *s, SsaNode *node)
{
    SsaNode *a = check(s, ssa_input(node, 0), type_of_kinds(IS_SMALL), GUESS_LEFT);
    SsaNode *b = NULL, *result;
    bool fits;
    if (node->count > 1) {
        b = check(s, ssa_input(node, 1), type_of_kinds(IS_SMALL), GUESS_RIGHT);
    }
    result = add(s, small_op((SsaArith) node->condition), a, b);
    result->type =
        infer_small((SsaArith) node->condition, a->type, b != NULL ? b->type : a->type, &fits);
    result->no_overflow = fits;
    if (!fits) {
        set_guess(s, result, GUESS_RESULT);
    }
    ssa_replace(node, result);
}

/* Two small integers would not give a float: one is checked to be one. */
static SsaNode *float_operand(Settler *s, SsaNode *node, uint32_t which)
{
    SsaNode *value = ssa_input(node, which);
    GuessReason reason = which == 0 ? GUESS_LEFT : GUESS_RIGHT;
    bool is_float = !infer_gives_float((SsaArith) node->condition) && infer_is_float(node, which);
    return as_float(s, value, reason, !is_float);
}

static void settle_float(Settler *s, SsaNode *node)
{
    static const uint8_t ops[] = {
        [ARITH_ADD] = SSA_FADD,    [ARITH_SUBTRACT] = SSA_FSUB, [ARITH_MULTIPLY] = SSA_FMUL,
        [ARITH_DIVIDE] = SSA_FDIV, [ARITH_NEGATE] = SSA_FNEG,   [ARITH_ABS] = SSA_FABS,
        [ARITH_SQRT] = SSA_FSQRT};
    SsaNode *a = float_operand(s, node, 0), *result;
    SsaNode *b = node->count > 1 ? float_operand(s, node, 1) : NULL;
    result = add(s, (SsaOp) ops[node->condition], a, b);
    result->frame =
        node->condition == ARITH_NEGATE || node->condition == ARITH_ABS ? NULL : s->frame;
    result = add(s, SSA_BOX, result, NULL);
    result->type = type_of_kinds(IS_ANY_FLOAT);
    ssa_replace(node, result);
}

static void settle_arith(Settler *s, SsaNode *node)
{
    Type a = ssa_input(node, 0)->type;
    Type b = node->count > 1 ? ssa_input(node, 1)->type : a;
    switch (infer_mode(node, a, b)) {
    case MODE_SMALL:
        settle_small(s, node);
        break;
    case MODE_FLOAT:
        settle_float(s, node);
        break;
    default:
        break;
    }
}

/* ---- comparisons ---- */

static const uint8_t float_conditions[] = {[M_EQ] = M_FEQ, [M_NE] = M_FNOT_EQ, [M_LT] = M_FLT,
                                           [M_GE] = M_FGE, [M_GT] = M_FGT,     [M_LE] = M_FLE};

/* Integers that are doubles exactly: compared as numbers, both ways are the same. */
static bool is_exact(const SsaNode *value)
{
    return value->type.kinds == IS_SMALL && value->type.low >= -((int64_t) 1 << 53) &&
           value->type.high <= (int64_t) 1 << 53;
}

static SsaNode *expect_beside(Settler *s, const SsaNode *node, uint32_t which)
{
    uint32_t kinds = infer_beside(node, which);
    return kinds != 0 ? check(s, ssa_input(node, which), type_of_kinds(kinds),
                              which == 0 ? GUESS_LEFT : GUESS_RIGHT)
                      : ssa_input(node, which);
}

static void settle_order(Settler *s, SsaNode *node)
{
    SsaNode *a = ssa_input(node, 0), *b = ssa_input(node, 1), *result = NULL;
    uint32_t condition = node->op == SSA_IS_ORDER ? node->condition : M_EQ;
    a = expect_beside(s, node, 0);
    b = expect_beside(s, node, 1);
    if (type_is(a->type, IS_SMALL) && type_is(b->type, IS_SMALL)) {
        result = add(s, SSA_IS_INT, a, b);
        result->condition = (uint8_t) condition;
    } else if (node->op == SSA_IS_EQUAL) {
        if (type_is(a->type, IS_ANY_FLOAT) && type_is(b->type, IS_ANY_FLOAT)) {
            SsaNode *left = as_float(s, a, GUESS_LEFT, true);
            result = add(s, SSA_IS_SAME_DOUBLE, left, as_float(s, b, GUESS_RIGHT, true));
        }
    } else if ((type_is(a->type, IS_ANY_FLOAT) || is_exact(a)) &&
               (type_is(b->type, IS_ANY_FLOAT) || is_exact(b))) {
        a = as_float(s, a, GUESS_LEFT, true);
        b = as_float(s, b, GUESS_RIGHT, true);
        result = add(s, SSA_IS_DOUBLE, a, b);
        result->condition = float_conditions[condition];
    } else if (a != ssa_input(node, 0) || b != ssa_input(node, 1)) {
        node->inputs[0] = a;
        node->inputs[1] = b;
    }
    if (result != NULL) {
        ssa_replace(node, result);
    }
    node->frame = NULL;
}

/* Equality with what is one word, always, is that of words. */
static void settle_equal(Settler *s, SsaNode *node)
{
    const uint32_t words = IS_SMALL | IS_ATOM | IS_NIL;
    SsaNode *a = ssa_input(node, 0), *b = ssa_input(node, 1);
    if (node->op == SSA_IS_EQUAL && (type_is(a->type, words) || type_is(b->type, words))) {
        ssa_replace(node, add(s, SSA_IS_SAME, a, b));
        node->frame = NULL;
        return;
    }
    settle_order(s, node);
}

/* ---- ends ---- */

static void settle_branch(Ssa *f, SsaBlock *block)
{
    int outcome = infer_test(ssa_input(block->last, 0));
    if (outcome < 0) {
        return;
    }
    ssa_remove_edge(block, block->successors[outcome]);
    ssa_remove(block->last);
    ssa_append(block, ssa_node(f, SSA_JUMP, 0));
}

static void settle_guard(Settler *s, SsaNode *node)
{
    (void) s;
    if (infer_test(ssa_input(node, 0)) == 1) {
        ssa_remove(node);
    }
}

/* ---- where loops begin ---- */

static SsaNode *anchor_of(SsaBlock *block)
{
    SsaNode *anchor = block->last->previous;
    return anchor != NULL && anchor->op == SSA_ANCHOR ? anchor : NULL;
}

/* What comes into a loop is checked to be what its phis expect. */
static void settle_loop(Settler *s, SsaBlock *header)
{
    for (uint32_t i = 0; i < header->predecessor_count; i++) {
        SsaNode *anchor = anchor_of(header->predecessors[i]);
        if (header->predecessors[i]->order >= header->order || anchor == NULL) {
            continue;
        }
        s->at = anchor;
        s->frame = anchor->frame;
        s->origin = header->pc;
        for (SsaNode *phi = header->first; phi != NULL && phi->op == SSA_PHI; phi = phi->next) {
            if (phi->expected != 0) {
                s->slot = (uint32_t) phi->constant;
                phi->inputs[i] =
                    check(s, ssa_now(phi->inputs[i]), type_of_kinds(phi->expected), GUESS_LOOP);
            }
        }
    }
}

/* What the interpreter brings is checked to be what was found to come by the other ways. */
static void settle_entry(Settler *s, SsaBlock *entry)
{
    SsaBlock *to = entry->successors[0];
    SsaNode *anchor = anchor_of(entry);
    s->at = anchor;
    s->frame = anchor->frame;
    s->origin = to->pc;
    for (SsaNode *phi = to->first; phi != NULL && phi->op == SSA_PHI; phi = phi->next) {
        for (uint32_t i = 0; i < phi->count; i++) {
            if (to->predecessors[i] == entry && phi->type.kinds != 0) {
                s->slot = (uint32_t) phi->constant;
                phi->inputs[i] = check(s, ssa_now(phi->inputs[i]), phi->type, GUESS_ENTRY);
            }
        }
    }
}

static void settle_node(Settler *s, SsaNode *node)
{
    s->at = node;
    s->frame = node->frame;
    s->origin = node->frame != NULL ? node->frame->pc : NULL;
    s->slot = 0;
    switch ((SsaOp) node->op) {
    case SSA_ARITH:
        settle_arith(s, node);
        break;
    case SSA_IS_ORDER:
    case SSA_IS_LIKE:
        settle_order(s, node);
        break;
    case SSA_IS_EQUAL:
        settle_equal(s, node);
        break;
    case SSA_GUARD:
        settle_guard(s, node);
        break;
    case SSA_REFINE:
    case SSA_BOUND:
    case SSA_PHI:
        break;
    default:
        break;
    }
}

void infer_settle(Ssa *f)
{
    Settler s = {.f = f};
    for (uint32_t i = 0; i < f->order_count; i++) {
        SsaBlock *block = f->order[i];
        if (!block->reachable) {
            continue;
        }
        if (block->is_loop_header) {
            settle_loop(&s, block);
        }
        if (block->is_entry) {
            settle_entry(&s, block);
        }
    }
    for (uint32_t i = 0; i < f->order_count; i++) {
        SsaBlock *block = f->order[i];
        if (!block->reachable) {
            continue;
        }
        for (SsaNode *node = block->first, *next; node != NULL; node = next) {
            next = node->next;
            settle_node(&s, node);
        }
        if (block->last->op == SSA_BRANCH) {
            settle_branch(f, block);
        }
    }
    ssa_order(f);
    ssa_clean(f);
}
