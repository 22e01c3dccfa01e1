/* compiler/jit/ssa_join.c
 * Values that had best be in one place: a phi and what comes into it, so that nothing is moved
 * where ways meet. Those that never live at the same time are joined to a unit, most frequent ways
 * first; a unit takes a register as one value would (ssa_regs.c). */
#include "compiler/jit/ssa_lower.h"

#include <stdlib.h>

enum { SPANS_MOST = 2000 }; /* of one unit: comparing takes as long as there are spans */

typedef struct Wish {
    SsaNode *phi, *input;
    float weight;
    uint32_t order;
} Wish;

SsaUnit *lower_unit(const Lowering *l, const SsaNode *value)
{
    SsaUnit *unit = &l->units[value->number];
    while (unit->into != NULL) {
        unit = unit->into;
    }
    return unit;
}

static bool meet(const SsaUnit *a, const SsaUnit *b)
{
    for (uint32_t i = 0, k = 0; i < a->span_count && k < b->span_count;) {
        if (a->spans[i].to < b->spans[k].from) {
            i++;
        } else if (b->spans[k].to < a->spans[i].from) {
            k++;
        } else {
            return true;
        }
    }
    return false;
}

/* In order; neighbours become one. */
static void merge_spans(Lowering *l, SsaUnit *unit, const SsaUnit *other)
{
    uint32_t count = 0, i = 0, k = 0;
    SsaSpan *spans = ARENA_ZEROED(&l->f->arena, SsaSpan, unit->span_count + other->span_count + 1);
    while (i < unit->span_count || k < other->span_count) {
        bool first = k == other->span_count ||
                     (i < unit->span_count && unit->spans[i].from < other->spans[k].from);
        SsaSpan next = first ? unit->spans[i++] : other->spans[k++];
        if (count > 0 && spans[count - 1].to + 1 == next.from) {
            spans[count - 1].to = next.to;
        } else {
            spans[count++] = next;
        }
    }
    unit->spans = spans;
    unit->span_count = count;
}

static void join(Lowering *l, const SsaNode *a, const SsaNode *b)
{
    SsaUnit *unit = lower_unit(l, a), *other = lower_unit(l, b);
    if (unit == other || ssa_rep(a) != ssa_rep(b) ||
        unit->span_count + other->span_count > SPANS_MOST || meet(unit, other)) {
        return;
    }
    merge_spans(l, unit, other);
    other->into = unit;
    unit->last->joined = other->first;
    unit->last = other->last;
}

/* By weight; then what is computed before what is read from memory or comes from a call, for that
 * is moved anyway; then as in the code. */
static int by_weight(const void *a, const void *b)
{
    const Wish *x = a, *y = b;
    return x->weight != y->weight ? (x->weight > y->weight ? -1 : 1) : x->order < y->order ? -1 : 1;
}

static bool is_read(const SsaNode *value)
{
    return value->op == SSA_SLOT || value->op == SSA_RESULT;
}

static uint32_t add_wishes(Lowering *l, Wish *wishes)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < l->layout_count; i++) {
        const SsaBlock *block = l->layout[i];
        for (SsaNode *phi = block->first; phi != NULL && phi->op == SSA_PHI; phi = phi->next) {
            for (uint32_t p = 0; phi->number != 0 && p < phi->count; p++) {
                SsaNode *input = ssa_input(phi, p);
                if (!is_value(input)) {
                    continue;
                }
                if (wishes != NULL) {
                    float weight = lower_weight(block->predecessors[p]);
                    wishes[count] = (Wish){phi, input, is_read(input) ? weight / 2 : weight, count};
                }
                count++;
            }
        }
    }
    return count;
}

void lower_join(Lowering *l)
{
    uint32_t count = add_wishes(l, NULL);
    Wish *wishes = ARENA_ZEROED(&l->f->arena, Wish, count + 1);
    l->units = ARENA_ZEROED(&l->f->arena, SsaUnit, l->value_count + 1);
    for (uint32_t i = 1; i <= l->value_count; i++) {
        SsaNode *value = l->values[i];
        value->joined = NULL;
        l->units[i] = (SsaUnit){
            .first = value, .last = value, .spans = value->spans, .span_count = value->span_count};
    }
    add_wishes(l, wishes);
    qsort(wishes, count, sizeof *wishes, by_weight);
    for (uint32_t i = 0; i < count; i++) {
        join(l, wishes[i].phi, wishes[i].input);
    }
}
