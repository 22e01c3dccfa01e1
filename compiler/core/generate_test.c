/* compiler/core/generate_test.c
 * Conditions: boolean expressions as jumps, in guards and elsewhere. In a guard (g->guard) whatever
 * fails, or is no boolean where one is needed, goes to the guard's label. */
#include "compiler/core/generate_internal.h"

bool core_is_boolean(const Core *core)
{
    switch ((CoreKind) core->kind) {
    case CORE_LITERAL:
        return core->literal == ATOM_OF(true) || core->literal == ATOM_OF(false);
    case CORE_TEST:
    case CORE_RECORD_TEST:
    case CORE_ALTERNATIVES:
        return true;
    case CORE_OPERATOR:
        return (core->op >= OP_eq_exact && core->op <= OP_ge) ||
               (core->op >= OP_not && core->op <= OP_xor);
    case CORE_ANDALSO:
    case CORE_ORELSE:
        return core_is_boolean(core->items[core->count - 1]);
    default:
        return false;
    }
}

/* Jumps to `target` where the test just written with `here` as its label does not hold; used when
 * the condition is wanted the other way round. */
static void jump_over(Gen *g, Label *here, Label *target)
{
    gen_jump(g, target);
    label_place(g, here);
}

/* ---- comparisons ---- */

static Opcode test_of(Opcode comparison, bool sense)
{
    switch (comparison) {
    case OP_eq_exact:
        return sense ? OP_test_eq_exact : OP_test_ne_exact;
    case OP_ne_exact:
        return sense ? OP_test_ne_exact : OP_test_eq_exact;
    case OP_eq:
        return sense ? OP_test_eq : OP_test_ne;
    case OP_ne:
        return sense ? OP_test_ne : OP_test_eq;
    case OP_lt:
        return sense ? OP_test_lt : OP_test_ge;
    case OP_le:
        return sense ? OP_test_le : OP_test_gt;
    case OP_gt:
        return sense ? OP_test_gt : OP_test_le;
    default:
        return sense ? OP_test_ge : OP_test_lt;
    }
}

/* A test of one slot that says "=:= literal", for literals that have no other equals by ==. */
static bool literal_test(Gen *g, Opcode comparison, const Core *literal, Opcode *op,
                         uint64_t *operand, uint32_t *operands)
{
    bool is_exact = comparison == OP_eq_exact || comparison == OP_ne_exact;
    if (literal->kind != CORE_LITERAL ||
        (!is_exact && comparison != OP_eq && comparison != OP_ne)) {
        return false;
    }
    Term value = literal->literal;
    *operands = 1;
    if (term_is_atom(value)) {
        *op = OP_test_is_atom;
        *operand = module_atom(g->module, value);
        return true;
    }
    if (term_is_nil(value)) {
        *op = OP_test_nil;
        *operands = 0;
        return true;
    }
    if (!is_exact) {
        return false;
    }
    if (term_is_small(value)) {
        *op = OP_test_is_int;
        *operand = (uint64_t) small_value(value);
    } else {
        *op = OP_test_is_literal;
        *operand = module_literal(g->module, value);
    }
    return true;
}

/* A test instruction on the value of `core`: falls through where it holds as `sense` says. */
static void slot_condition(Gen *g, Core *core, Opcode op, const uint64_t operands[], uint32_t count,
                           bool sense, Label *target)
{
    uint32_t depth = g->depth;
    uint32_t slot = gen_slot_to_test(g, core);
    if (sense) {
        gen_test(g, op, slot, operands, count, target);
    } else {
        Label here;
        label_init(&here, g->depth, false);
        gen_test(g, op, slot, operands, count, &here);
        jump_over(g, &here, target);
    }
    use_ends(g, core);
    gen_drop(g, g->depth - depth);
}

static void comparison_condition(Gen *g, Core *core, bool sense, Label *target)
{
    Opcode op = (Opcode) core->op, test;
    uint64_t operand;
    uint32_t operands;
    bool is_equality = op == OP_eq_exact || op == OP_eq;
    if (g->reachable && literal_test(g, op, core->items[1], &test, &operand, &operands)) {
        slot_condition(g, core->items[0], test, &operand, operands, sense == is_equality, target);
        return;
    }
    if (g->reachable && literal_test(g, op, core->items[0], &test, &operand, &operands)) {
        slot_condition(g, core->items[1], test, &operand, operands, sense == is_equality, target);
        return;
    }
    gen_expr(g, core->items[0], WANT_PUSH);
    gen_expr(g, core->items[1], WANT_PUSH);
    gen_compare(g, test_of(op, sense), target);
}

/* ---- andalso, orelse, not ---- */

/* All items are `each` (true for andalso): falls through. One is not: `target`. */
static void all_condition(Gen *g, Core *core, bool each, Label *target)
{
    for (uint32_t i = 0; i < core->count; i++) {
        gen_condition(g, core->items[i], each, target);
    }
}

/* Falls through as soon as an item is not `each`; all are: `target`. */
static void none_condition(Gen *g, Core *core, bool each, Label *target)
{
    Label out;
    label_init(&out, g->depth, false);
    for (uint32_t i = 0; i + 1 < core->count; i++) {
        gen_condition(g, core->items[i], each, &out);
    }
    gen_condition(g, core->items[core->count - 1], !each, target);
    label_place(g, &out);
}

/* Cannot fail, in a guard: `and` and `or` of such need not evaluate both. */
static bool is_harmless(const Core *core)
{
    if (core->kind == CORE_TEST) {
        return core->items[0]->kind == CORE_VAR;
    }
    if (core->kind == CORE_OPERATOR && core->op >= OP_eq_exact && core->op <= OP_ge) {
        return (core->items[0]->kind == CORE_VAR || core->items[0]->kind == CORE_LITERAL) &&
               (core->items[1]->kind == CORE_VAR || core->items[1]->kind == CORE_LITERAL);
    }
    if (core->kind == CORE_OPERATOR && (core->op == OP_and || core->op == OP_or)) {
        return is_harmless(core->items[0]) && is_harmless(core->items[1]);
    }
    return core->kind == CORE_OPERATOR && core->op == OP_not && is_harmless(core->items[0]);
}

/* Any expression: its value decides. */
static void value_condition(Gen *g, Core *core, bool sense, Label *target)
{
    if (core_is_boolean(core)) {
        gen_expr(g, core, WANT_PUSH);
        gen_depth(g, 1, 0);
        if (g->reachable) {
            emit1(g->emitter, sense ? OP_jump_unless_true : OP_jump_if_true,
                  label_at(g, target, g->depth));
        }
        return;
    }
    uint32_t depth = g->depth;
    Label other, *bad = g->guard;
    if (bad == NULL) { /* the value is kept for {badarg, Value} */
        gen_expr(g, core, WANT_PUSH);
        gen_load(g, g->depth - 1);
        Cold *cold = gen_cold(g, COLD_FAIL_TOP, ATOM_OF(badarg), core_at(core), g->depth - 1);
        bad = &cold->label;
    } else {
        gen_expr(g, core, WANT_PUSH);
    }
    gen_depth(g, 1, 0);
    label_init(&other, g->depth, false);
    if (g->reachable) {
        Label *if_false = sense ? target : &other;
        uint32_t false_id = label_at(g, if_false, g->depth);
        emit2(g->emitter, OP_branch_boolean, false_id, label_at(g, bad, g->depth));
    }
    if (!sense) {
        gen_jump(g, target);
        label_place(g, &other);
    }
    gen_drop(g, g->depth - depth);
}

static void alternatives_condition(Gen *g, Core *core, Label *target)
{
    Label *outer = g->guard, match;
    label_init(&match, g->depth, false);
    for (uint32_t i = 0; i < core->count; i++) {
        bool is_last = i + 1 == core->count;
        Label here, *next = is_last ? target : &here;
        label_init(&here, g->depth, false);
        g->guard = next;
        gen_condition(g, core->items[i], true, next);
        if (!is_last) {
            gen_jump(g, &match);
            label_place(g, &here);
        }
    }
    label_place(g, &match);
    g->guard = outer;
}

static void operator_condition(Gen *g, Core *core, bool sense, Label *target)
{
    if (core->op >= OP_eq_exact && core->op <= OP_ge) {
        comparison_condition(g, core, sense, target);
    } else if (core->op == OP_not && (g->guard != NULL || core_is_boolean(core->items[0]))) {
        gen_condition(g, core->items[0], !sense, target);
    } else if ((core->op == OP_and || core->op == OP_or) && g->guard != NULL &&
               is_harmless(core->items[0]) && is_harmless(core->items[1])) {
        bool each = core->op == OP_and;
        if (sense == each) {
            all_condition(g, core, each, target);
        } else {
            none_condition(g, core, each, target);
        }
    } else {
        value_condition(g, core, sense, target);
    }
}

void gen_condition(Gen *g, Core *core, bool sense, Label *target)
{
    switch ((CoreKind) core->kind) {
    case CORE_LITERAL:
        if (!core_is_boolean(core)) {
            break;
        }
        if ((core->literal == ATOM_OF(true)) != sense) {
            gen_jump(g, target);
        }
        return;
    case CORE_TEST:
        slot_condition(g, core->items[0], (Opcode) core->op, NULL, 0, sense, target);
        return;
    case CORE_RECORD_TEST:
        if (g->reachable) {
            uint64_t operands[2] = {core->record.arity, module_atom(g->module, core->record.name)};
            slot_condition(g, core->record.expr, OP_test_record, operands, 2, sense, target);
        }
        return;
    case CORE_ANDALSO:
    case CORE_ORELSE: {
        bool each = core->kind == CORE_ANDALSO;
        if (sense == each) {
            all_condition(g, core, each, target);
        } else {
            none_condition(g, core, each, target);
        }
        return;
    }
    case CORE_ALTERNATIVES:
        ASSERT(sense);
        alternatives_condition(g, core, target);
        return;
    case CORE_OPERATOR:
        operator_condition(g, core, sense, target);
        return;
    default:
        break;
    }
    value_condition(g, core, sense, target);
}

void gen_guard(Gen *g, Core *guard, Label *fail)
{
    Label *outer = g->guard;
    g->guard = fail;
    gen_condition(g, guard, true, fail);
    g->guard = outer;
}
