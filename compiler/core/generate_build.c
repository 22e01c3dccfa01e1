/* compiler/core/generate_build.c
 * Values put together: lists, maps, binaries, records. */
#include "compiler/core/generate_internal.h"

#include "compiler/erl/ast.h"
#include "runtime/term/compare.h"

/* ---- lists ---- */

enum { LIST_CHUNK = 4000, MAP_CHUNK = 4000 };

/* A list with more elements than a frame should hold: parts, put together with ++. */
static void gen_long_list(Gen *g, Core *core)
{
    uint32_t chunks = (core->count + LIST_CHUNK - 1) / LIST_CHUNK;
    for (uint32_t c = 0; c < chunks; c++) {
        uint32_t from = c * LIST_CHUNK;
        uint32_t to = from + LIST_CHUNK < core->count ? from + LIST_CHUNK : core->count;
        if (c + 1 < chunks) {
            gen_hole(g); /* for the result of ++ */
        }
        for (uint32_t i = from; i < to; i++) {
            gen_expr(g, core->items[i], WANT_PUSH);
        }
        if (c + 1 < chunks) {
            gen_op(g, OP_nil, 0, 1);
        } else {
            gen_expr(g, core->tail, WANT_PUSH);
        }
        gen_op1(g, OP_make_list, to - from, to - from + 1, 1);
    }
    uint32_t append = module_import(g->module, ATOM_OF(erlang), operator_atom(OP_APPEND), 2);
    for (uint32_t c = 1; c < chunks; c++) {
        gen_op2(g, OP_call_import, 2, append, 3, 1);
    }
}

void gen_list(Gen *g, Core *core)
{
    if (core->count > LIST_CHUNK) {
        gen_long_list(g, core);
        return;
    }
    for (uint32_t i = 0; i < core->count; i++) {
        gen_expr(g, core->items[i], WANT_PUSH);
    }
    gen_expr(g, core->tail, WANT_PUSH);
    if (core->count == 1) {
        gen_op(g, OP_make_cons, 2, 1);
    } else if (core->count != 0) {
        gen_op1(g, OP_make_list, core->count, core->count + 1, 1);
    }
}

/* ---- maps ---- */

static void map_step(Gen *g, Core *core, Opcode op, uint32_t count)
{
    if (op == OP_make_map) {
        gen_op1(g, op, count, count * 2, 1);
        return;
    }
    gen_line(g, core_at(core));
    uint32_t pops = count * 2 + 1;
    gen_op2(g, op, count, gen_guard_operand(g, g->depth - pops), pops, 1);
}

static bool is_simple(const Core *core)
{
    return core->kind == CORE_VAR || core->kind == CORE_LITERAL;
}

/* Of an update the first key that is missing is told of, where several literal keys stand in a row
 * the least of them: so they are updated in order. */
static void sort_literal_keys(Core **pairs, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        Core *key = pairs[2 * i], *value = pairs[2 * i + 1];
        uint32_t to = i;
        while (to > 0 && key->kind == CORE_LITERAL && is_simple(value) &&
               pairs[2 * to - 2]->kind == CORE_LITERAL && is_simple(pairs[2 * to - 1]) &&
               term_compare_exact(pairs[2 * to - 2]->literal, key->literal) > 0) {
            pairs[2 * to] = pairs[2 * to - 2];
            pairs[2 * to + 1] = pairs[2 * to - 1];
            to--;
        }
        pairs[2 * to] = key;
        pairs[2 * to + 1] = value;
    }
}

void gen_map(Gen *g, Core *core)
{
    Opcode op = core->map.base == NULL ? OP_make_map
                : core->map.is_exact   ? OP_map_update
                                       : OP_map_put;
    if (core->map.base != NULL) {
        gen_expr(g, core->map.base, WANT_PUSH);
    }
    if (op == OP_map_update) {
        sort_literal_keys(core->map.pairs, core->map.count);
    }
    uint32_t pending = 0;
    for (uint32_t i = 0; i < core->map.count; i++) {
        gen_expr(g, core->map.pairs[2 * i], WANT_PUSH);
        gen_expr(g, core->map.pairs[2 * i + 1], WANT_PUSH);
        if (++pending == MAP_CHUNK) {
            map_step(g, core, op, pending);
            pending = 0;
            op = op == OP_make_map ? OP_map_put : op;
        }
    }
    if (pending != 0 || core->map.count == 0) {
        map_step(g, core, op, pending);
    }
}

/* ---- binaries ---- */

void gen_binary(Gen *g, Core *core)
{
    uint32_t count = core->binary.count, pops = 0;
    Segment *segments = ARENA_ARRAY(g->arena, Segment, count);
    for (uint32_t i = 0; i < count; i++) {
        const CoreSegment *from = &core->binary.segments[i];
        segments[i] = (Segment){from->type, from->unit, from->flags, 0};
        if (from->type == SEGMENT_LITERAL) {
            segments[i].literal = module_literal(g->module, from->value->literal);
            continue;
        }
        gen_expr(g, from->value, WANT_PUSH);
        pops++;
        if (from->size != NULL) {
            gen_expr(g, from->size, WANT_PUSH);
            pops++;
        }
    }
    gen_line(g, core_at(core));
    if (g->reachable) {
        emit_bs_build(g->emitter, segments, count, gen_guard_operand(g, g->depth - pops));
    }
    gen_depth(g, pops, 1);
}

/* ---- records ---- */

static void test_record(Gen *g, Core *core, uint32_t slot)
{
    if (!g->reachable) {
        return;
    }
    Label *fail = g->guard;
    if (fail == NULL) {
        Cold *cold = gen_cold(g, COLD_FAIL_VALUE, ATOM_OF(badrecord), core_at(core), g->depth);
        cold->slot = slot;
        fail = &cold->label;
    }
    uint64_t operands[2] = {core->record.arity, module_atom(g->module, core->record.name)};
    gen_test(g, OP_test_record, slot, operands, 2, fail);
}

void gen_record_get(Gen *g, Core *core)
{
    uint32_t depth = g->depth;
    uint32_t slot = gen_slot_to_test(g, core->record.expr);
    test_record(g, core, slot);
    gen_op2(g, OP_get_element, slot, core->record.index, 0, 1);
    use_ends(g, core->record.expr);
    gen_slide(g, g->depth - 1 - depth);
}

void gen_record_set(Gen *g, Core *core)
{
    struct CoreSet *set = core->record.set;
    uint32_t depth = g->depth, arity = core->record.arity;
    /* For each element the slot of its new value, or CORE_NO_SLOT; literals stay where they are. */
    uint32_t *slots = ARENA_ARRAY(g->arena, uint32_t, arity);
    Core **literals = arena_alloc_zero(g->arena, arity * sizeof literals[0]);
    memset(slots, 0xFF, arity * sizeof slots[0]);
    for (uint32_t i = 0; i < set->count; i++) {
        Core *value = set->values[i];
        literals[set->indices[i]] = value->kind == CORE_LITERAL ? value : NULL;
        if (value->kind != CORE_LITERAL) {
            slots[set->indices[i]] = gen_slot(g, value);
        }
    }
    uint32_t record = gen_slot(g, core->record.expr);
    test_record(g, core, record);
    gen_literal(g, core->record.name);
    for (uint32_t i = 1; i < arity; i++) {
        if (literals[i] != NULL) {
            gen_literal(g, literals[i]->literal);
        } else if (slots[i] != CORE_NO_SLOT) {
            gen_load(g, slots[i]);
        } else {
            gen_op2(g, OP_get_element, record, i, 0, 1);
        }
    }
    gen_op1(g, OP_make_tuple, arity, arity, 1);
    use_ends(g, core->record.expr);
    uses_end(g, set->values, set->count);
    gen_slide(g, g->depth - 1 - depth);
}
