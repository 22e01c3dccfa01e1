/* compiler/core/match_bits.c
 * Patterns of the bit syntax: rows that begin with the same segment get it together. Constant
 * segments are compared as one literal. */
#include "compiler/core/generate_internal.h"

#include "runtime/term/arith.h"
#include "runtime/term/bits.h"
#include "runtime/term/compare.h"

/* Where the size of a row's segment is: a variable that the row binds, or one from outside. */
static uint32_t size_place(Gen *g, const Row *row, const Core *size)
{
    for (const Bind *at = row->binds; at != NULL; at = at->next) {
        if (at->var == size->var) {
            return place_slot(g, at->place);
        }
    }
    return size->var->slot;
}

static uint32_t normal_flags(const CorePatternSegment *segment)
{
    uint32_t flags = segment->flags & (BITS_SIGNED | BITS_LITTLE);
    return segment->flags & BITS_NATIVE ? flags | BITS_LITTLE : flags;
}

static bool is_same_segment(Gen *g, const Row *row_a, const CorePatternSegment *a, const Row *row_b,
                            const CorePatternSegment *b)
{
    if (a->type != b->type || a->unit != b->unit || normal_flags(a) != normal_flags(b) ||
        (a->size == NULL) != (b->size == NULL)) {
        return false;
    }
    if (a->size == NULL) {
        return true;
    }
    if (a->size->kind == CORE_LITERAL && b->size->kind == CORE_LITERAL) {
        return a->size->literal == b->size->literal;
    }
    return a->size->kind == CORE_VAR && b->size->kind == CORE_VAR &&
           size_place(g, row_a, a->size) == size_place(g, row_b, b->size);
}

static uint32_t rows_alike(Gen *g, Row **rows, uint32_t count, const Place *place)
{
    const Test *first = row_test(rows[0], place);
    uint32_t n = 1;
    for (; n < count; n++) {
        const Test *test = row_test(rows[n], place);
        if ((test->segment_count == 0) != (first->segment_count == 0) ||
            (first->segment_count != 0 &&
             !is_same_segment(g, rows[0], first->segments, rows[n], test->segments))) {
            break;
        }
    }
    return n;
}

/* Goes on behind `taken` segments, at a new place; adds what to do with the first one's value. */
static void advance(Gen *g, Row *row, Place *place, Place *next, uint32_t taken, Place *value)
{
    Test *test = row_test(row, place);
    row_remove(row, test);
    Test *rest = ARENA_NEW(g->arena, Test);
    rest->place = next;
    rest->segments = test->segments + taken;
    rest->segment_count = test->segment_count - taken;
    rest->next = row->tests;
    row->tests = rest;
    if (value != NULL) {
        row_add(g, row, value, test->segments[0].value);
    }
}

/* ---- constant segments ---- */

enum { LITERAL_MAX_BITS = 1 << 16 };

/* An integer of known size that fits it: its bits are added. False: it is no such thing. */
static bool add_literal(const CorePatternSegment *segment, uint8_t *bytes, size_t *bits)
{
    const CorePattern *value = segment->value;
    if (segment->type != SEGMENT_INTEGER || value->kind != PATTERN_LITERAL ||
        !term_is_integer(value->literal) || segment->size == NULL ||
        segment->size->kind != CORE_LITERAL || !term_is_small(segment->size->literal) ||
        small_value(segment->size->literal) < 0 ||
        small_value(segment->size->literal) > LITERAL_MAX_BITS) {
        return false;
    }
    size_t size = (size_t) small_value(segment->size->literal) * segment->unit;
    if (*bits + size > LITERAL_MAX_BITS) {
        return false;
    }
    bool is_signed = segment->flags & BITS_SIGNED;
    bool is_negative = integer_is_negative(value->literal);
    size_t length = integer_bit_length(value->literal);
    if (is_signed ? length + 1 > size : is_negative || length > size) {
        return false; /* never equal (or the lowest number there is: left to a comparison) */
    }
    bits_put_integer(bytes, *bits, size, value->literal, segment->flags);
    *bits += size;
    return true;
}

static bool is_same_literal(const CorePatternSegment *a, const CorePatternSegment *b)
{
    return a->type == b->type && a->unit == b->unit && normal_flags(a) == normal_flags(b) &&
           a->size != NULL && b->size != NULL && a->size->kind == CORE_LITERAL &&
           b->size->kind == CORE_LITERAL && a->size->literal == b->size->literal &&
           a->value->kind == PATTERN_LITERAL && b->value->kind == PATTERN_LITERAL &&
           term_equal_exact(a->value->literal, b->value->literal);
}

/* How many segments all rows have in common at the front, and constant. */
static uint32_t common_literals(Row **rows, uint32_t count, const Place *place, uint8_t *bytes,
                                size_t *bits)
{
    const Test *first = row_test(rows[0], place);
    *bits = 0;
    uint32_t n = 0;
    for (; n < first->segment_count; n++) {
        for (uint32_t r = 1; r < count; r++) {
            const Test *test = row_test(rows[r], place);
            if (test->segment_count <= n ||
                !is_same_literal(&first->segments[n], &test->segments[n])) {
                return n;
            }
        }
        if (!add_literal(&first->segments[n], bytes, bits)) {
            return n;
        }
    }
    return n;
}

static bool match_literals(Gen *g, Matching *m, Row **rows, uint32_t count, Place *place,
                           Label *fail)
{
    CorePatternSegment *first = row_test(rows[0], place)->segments;
    if (first->value->kind != PATTERN_LITERAL) {
        return false;
    }
    uint8_t *bytes = mem_alloc_zero(LITERAL_MAX_BITS / 8 + 16);
    size_t bits;
    uint32_t taken = common_literals(rows, count, place, bytes, &bits);
    if (taken != 0 && g->reachable) {
        Term literal = make_bitstring(g->core->space, (Bits){bytes, 0, bits});
        emit3(g->emitter, OP_bs_match_literal, place->slot, module_literal(g->module, literal),
              label_at(g, fail, g->depth));
    }
    mem_free(bytes);
    if (taken == 0) {
        return false;
    }
    Place *next = place_new(g, PLACE_BITS, place->slot);
    for (uint32_t i = 0; i < count; i++) {
        advance(g, rows[i], place, next, taken, NULL);
    }
    match_rows(g, m, rows, count, fail);
    return true;
}

/* ---- one segment ---- */

static bool is_value_needed(Row **rows, uint32_t count, const Place *place)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!pattern_is_unused(row_test(rows[i], place)->segments[0].value)) {
            return true;
        }
    }
    return false;
}

static void get_utf(Gen *g, const CorePatternSegment *segment, uint32_t slot, Label *fail)
{
    if (g->reachable) {
        uint32_t target = label_at(g, fail, g->depth);
        if (segment->type == SEGMENT_UTF8) {
            emit2(g->emitter, OP_bs_get_utf8, slot, target);
        } else {
            emit3(g->emitter, segment->type == SEGMENT_UTF16 ? OP_bs_get_utf16 : OP_bs_get_utf32,
                  slot, normal_flags(segment), target);
        }
    }
    gen_depth(g, 0, 1);
}

/* False: no value was pushed. */
static bool get_rest(Gen *g, const CorePatternSegment *segment, uint32_t slot, bool is_needed,
                     Label *fail)
{
    if (g->reachable && (is_needed || segment->unit != 1)) {
        emit3(g->emitter, is_needed ? OP_bs_get_rest : OP_bs_test_unit, slot, segment->unit,
              label_at(g, fail, g->depth));
    }
    gen_depth(g, 0, is_needed);
    return is_needed;
}

static bool get_sized(Gen *g, Row *row, const CorePatternSegment *segment, uint32_t slot,
                      bool is_needed, Label *fail)
{
    Label *outer_guard = g->guard;
    g->guard = fail;
    bind_early(g, row);
    gen_expr(g, segment->size, WANT_PUSH);
    g->guard = outer_guard;
    gen_depth(g, 1, 0);
    if (g->reachable) {
        uint32_t target = label_at(g, fail, g->depth);
        if (!is_needed) {
            emit3(g->emitter, OP_bs_skip, slot, segment->unit, target);
        } else {
            Opcode op = segment->type == SEGMENT_INTEGER ? OP_bs_get_integer
                        : segment->type == SEGMENT_FLOAT ? OP_bs_get_float
                                                         : OP_bs_get_bits;
            emit4(g->emitter, op, slot, segment->unit, normal_flags(segment), target);
        }
    }
    gen_depth(g, 0, is_needed);
    return is_needed;
}

static bool get_segment(Gen *g, Row *row, const CorePatternSegment *segment, uint32_t slot,
                        bool is_needed, Label *fail)
{
    switch (segment->type) {
    case SEGMENT_UTF8:
    case SEGMENT_UTF16:
    case SEGMENT_UTF32:
        get_utf(g, segment, slot, fail);
        return true;
    default:
        break;
    }
    if (segment->size == NULL) {
        return get_rest(g, segment, slot, is_needed, fail);
    }
    return get_sized(g, row, segment, slot, is_needed, fail);
}

/* All rows begin with the same segment, or all have none left. */
static void match_alike(Gen *g, Matching *m, Row **rows, uint32_t count, Place *place, Label *fail)
{
    const Test *first = row_test(rows[0], place);
    if (first->segment_count == 0) {
        gen_test(g, OP_bs_test_end, place->slot, NULL, 0, fail);
        for (uint32_t i = 0; i < count; i++) {
            row_remove(rows[i], row_test(rows[i], place));
        }
        match_rows(g, m, rows, count, fail);
        return;
    }
    if (match_literals(g, m, rows, count, place, fail)) {
        return;
    }
    const CorePatternSegment *segment = first->segments;
    bool is_rest = segment->type == SEGMENT_BITS && segment->size == NULL;
    bool is_needed = segment->type == SEGMENT_FLOAT || /* not all bits are a number */
                     is_value_needed(rows, count, place);
    Place *value = NULL;
    if (get_segment(g, rows[0], segment, place->slot, is_needed, fail)) {
        value = place_new(g, PLACE_SLOT, g->depth - 1);
    }
    Place *next = place_new(g, PLACE_BITS, place->slot);
    for (uint32_t i = 0; i < count; i++) {
        Test *test = row_test(rows[i], place);
        if (is_rest && test->segment_count == 1) { /* nothing can be left */
            row_remove(rows[i], test);
            if (value != NULL) {
                row_add(g, rows[i], value, test->segments[0].value);
            }
        } else {
            advance(g, rows[i], place, next, 1, value);
        }
    }
    match_rows(g, m, rows, count, fail);
}

void match_bits(Gen *g, Matching *m, Row **rows, uint32_t count, Place *place, Label *fail)
{
    while (g->reachable) {
        uint32_t alike = rows_alike(g, rows, count, place);
        if (alike == count) {
            match_alike(g, m, rows, count, place, fail);
            return;
        }
        uint32_t mark = trail_mark(g);
        gen_op1(g, OP_bs_position, place->slot, 0, 1);
        Label next;
        label_init(&next, g->depth, false);
        match_alike(g, m, rows, alike, place, &next);
        label_place(g, &next);
        trail_undo(g, mark);
        gen_op1(g, OP_bs_restore, place->slot, 1, 0);
        rows += alike;
        count -= alike;
    }
}
