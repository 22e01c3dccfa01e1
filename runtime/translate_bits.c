/* runtime/translate_bits.c
 * What taking binaries apart and building them becomes. */
#include "runtime/translate_ops.h"

#include "runtime/term/bits.h"
#include "runtime/term/mem.h"

bool op_bs_start(Translator *t, const Decoded *d)
{
    uint32_t at;
    if (!need_slot(t, d->v[0], d)) {
        return false;
    }
    materialize_all(t);
    at = emit_instruction(t, I_bs_start, 0);
    put16(t, at + 4, slot_field(t->depth));
    put16(t, at + 6, slot_field((uint32_t) d->v[0]));
    if (!leave(t, d->v[1], at + 8, at)) {
        return false;
    }
    push(t, SLOT_BITS);
    push(t, SLOT_POSITION);
    push(t, SLOT_END);
    if (t->depth > t->deepest) {
        t->deepest = t->depth;
    }
    return true;
}

bool op_bs_get(Translator *t, const Decoded *d, Instruction kind)
{
    uint32_t size, at, top = t->depth - 1;
    uint64_t unit = d->v[1], flags = d->v[2];
    if (!need(t, 1, d) || !need_context(t, d->v[0], d)) {
        return false;
    }
    if (unit > 256 || flags > 7) {
        return translate_fail(t, "%s: bad unit or flags", opcode_info[d->op].name);
    }
    if (kind == I_bs_get_integer && t->stack[top].form == FORM_CONST &&
        term_is_small(t->stack[top].value) && small_value(t->stack[top].value) >= 0 &&
        (uint64_t) small_value(t->stack[top].value) * unit <= 1 << 16) {
        uint64_t bits = (uint64_t) small_value(t->stack[top].value) * unit;
        t->depth--;
        materialize_all(t);
        if (bits == 8 && !(flags & BITS_SIGNED)) {
            at = emit_instruction(t, I_bs_get_byte, 0);
            if (!leave(t, d->v[3], at + 8, at)) {
                return false;
            }
        } else {
            emit_safepoint(t, t->code_bytes);
            at = emit_instruction(t, I_bs_get_integer_const, 0);
            put32(t, at + 8, (uint32_t) bits);
            put16(t, at + 12, (int32_t) flags);
            if (!leave(t, d->v[3], at + 16, at)) {
                return false;
            }
        }
    } else {
        size = entry_slot(t, top);
        t->depth--;
        materialize_all(t);
        t->depth++;
        emit_safepoint(t, t->code_bytes);
        at = emit_instruction(t, kind, 0);
        put16(t, at + 8, slot_field(size));
        put16(t, at + 10, (int32_t) unit);
        put16(t, at + 12, (int32_t) flags);
        t->depth--;
        if (!leave(t, d->v[3], at + 16, at)) {
            return false;
        }
    }
    put16(t, at + 4, slot_field(t->depth));
    put16(t, at + 6, slot_field((uint32_t) d->v[0]));
    mark_d(t, at + 4);
    push(t, SLOT_VALUE);
    return true;
}

bool op_bs(Translator *t, const Decoded *d)
{
    uint32_t at, slot;
    if (!need_context(t, d->v[0], d)) {
        return false;
    }
    slot = (uint32_t) d->v[0];
    switch (d->op) {
    case OP_bs_get_rest:
        if (d->v[1] > 256 || d->v[1] == 0) {
            return translate_fail(t, "bs_get_rest: bad unit");
        }
        materialize_all(t);
        emit_safepoint(t, t->code_bytes);
        at = emit_instruction(t, I_bs_get_rest, 0);
        put16(t, at + 4, slot_field(t->depth));
        put16(t, at + 6, slot_field(slot));
        put16(t, at + 8, (int32_t) d->v[1]);
        if (!leave(t, d->v[2], at + 12, at)) {
            return false;
        }
        mark_d(t, at + 4);
        push(t, SLOT_VALUE);
        return true;
    case OP_bs_skip: {
        uint32_t size;
        if (!need(t, 1, d) || d->v[1] > 256) {
            return translate_fail(t, "bs_skip: no size, or a bad unit");
        }
        size = entry_slot(t, t->depth - 1);
        t->depth--;
        materialize_all(t);
        at = emit_instruction(t, I_bs_skip, 0);
        put16(t, at + 4, slot_field(slot));
        put16(t, at + 6, slot_field(size));
        put16(t, at + 8, (int32_t) d->v[1]);
        return leave(t, d->v[2], at + 12, at);
    }
    case OP_bs_get_utf8:
    case OP_bs_get_utf16:
    case OP_bs_get_utf32: {
        bool utf8 = d->op == OP_bs_get_utf8;
        materialize_all(t);
        at = emit_instruction(t,
                              utf8                       ? I_bs_get_utf8
                              : d->op == OP_bs_get_utf16 ? I_bs_get_utf16
                                                         : I_bs_get_utf32,
                              0);
        put16(t, at + 4, slot_field(t->depth));
        put16(t, at + 6, slot_field(slot));
        if (!utf8) {
            put16(t, at + 8, (int32_t) (d->v[1] & 7));
        }
        if (!leave(t, d->v[utf8 ? 1 : 2], at + (utf8 ? 8 : 12), at)) {
            return false;
        }
        mark_d(t, at + 4);
        push(t, SLOT_VALUE);
        return true;
    }
    case OP_bs_match_literal:
        if (!term_is_bitstring(t->literals[d->v[1]])) {
            return translate_fail(t, "bs_match_literal: not a bitstring");
        }
        materialize_all(t);
        at = emit_instruction(t, I_bs_match_literal, 0);
        put16(t, at + 4, slot_field(slot));
        put64(t, at + 12, t->literals[d->v[1]]);
        return leave(t, d->v[2], at + 8, at);
    case OP_bs_test_end:
        materialize_all(t);
        at = emit_instruction(t, I_bs_test_end, 0);
        put16(t, at + 4, slot_field(slot));
        return leave(t, d->v[1], at + 8, at);
    case OP_bs_test_unit:
        if (d->v[1] > 256 || d->v[1] == 0) {
            return translate_fail(t, "bs_test_unit: bad unit");
        }
        materialize_all(t);
        at = emit_instruction(t, I_bs_test_unit, 0);
        put16(t, at + 4, slot_field(slot));
        put16(t, at + 6, (int32_t) d->v[1]);
        return leave(t, d->v[2], at + 8, at);
    case OP_bs_position:
        at = emit_instruction(t, I_bs_position, 0);
        put16(t, at + 4, slot_field(t->depth));
        put16(t, at + 6, slot_field(slot));
        push(t, SLOT_POSITION);
        return true;
    default: /* bs_restore */
        if (t->stack[t->depth - 1].kind != SLOT_POSITION || d->v[0] + 2 >= t->depth - 1) {
            return translate_fail(t, "bs_restore: no position on top");
        }
        at = emit_instruction(t, I_bs_restore, 0);
        put16(t, at + 4, slot_field(slot));
        put16(t, at + 6, slot_field(t->depth - 1));
        t->depth--;
        return true;
    }
}

bool op_bs_build(Translator *t, const Decoded *d)
{
    SegmentList *list =
        code_alloc_side(t->loaded, sizeof *list + (d->table_count + 1) * sizeof(Segment));
    const uint8_t *at = d->table;
    uint32_t operands = 0, next, count;
    uint64_t guard = d->v[1];
    Entry *given;
    list->count = d->table_count;
    for (uint32_t i = 0; i < d->table_count; i++) {
        Segment *segment = &list->segments[i];
        uint64_t type = 0, unit = 0, flags = 0, literal = 0;
        code_read_unsigned(&at, t->end, &type);
        code_read_unsigned(&at, t->end, &unit);
        code_read_unsigned(&at, t->end, &flags);
        if (type == SEGMENT_LITERAL) {
            code_read_unsigned(&at, t->end, &literal);
        }
        if (type > SEGMENT_LITERAL || unit > 256 || flags > 127 ||
            (type == SEGMENT_LITERAL &&
             (literal >= t->module->literal_count || !term_is_bitstring(t->literals[literal])))) {
            return translate_fail(t, "bs_build: segment %u is malformed", i);
        }
        *segment =
            (Segment){(SegmentType) type, (uint32_t) unit, (uint32_t) flags, (uint32_t) literal};
        operands += type == SEGMENT_LITERAL ? 0 : (flags & SEGMENT_SIZED) ? 2 : 1;
    }
    if (!need(t, operands, d)) {
        return false;
    }
    /* Literals become operands too: the entries are copied out and pushed again in order. */
    given = mem_alloc((operands + 1) * sizeof *given);
    for (uint32_t i = 0; i < operands; i++) { /* their slots change: they must not depend on them */
        Entry *entry = &t->stack[t->depth - operands + i];
        given[i] = *entry;
        if (entry->form == FORM_SLOT) {
            given[i].form = FORM_ALIAS;
            given[i].value = t->depth - operands + i;
        }
    }
    uint32_t base = t->depth - operands;
    if (guard != 0) {
        t->depth = base;
        materialize_all(t);
    }
    /* Gather above everything, so that an alias to a popped slot is not overwritten. */
    uint32_t total = operands;
    for (uint32_t i = 0; i < list->count; i++) {
        total += list->segments[i].type == SEGMENT_LITERAL;
    }
    t->depth = base + operands;
    emit_safepoint(t, t->code_bytes);
    if (t->depth + total + 8 > t->stack_capacity) {
        t->stack_capacity = (t->depth + total + 8) * 2;
        t->stack = mem_realloc(t->stack, t->stack_capacity * sizeof *t->stack);
    }
    next = 0;
    count = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        Segment *segment = &list->segments[i];
        uint32_t takes = segment->type == SEGMENT_LITERAL   ? 0
                         : (segment->flags & SEGMENT_SIZED) ? 2
                                                            : 1;
        if (takes == 0) {
            t->stack[base + operands + count] = (Entry){
                .form = FORM_CONST, .kind = SLOT_VALUE, .value = t->literals[segment->literal]};
            segment->literal = count++;
        } else {
            segment->literal = count;
            for (; takes > 0; takes--) {
                t->stack[base + operands + count++] = given[next++];
            }
        }
    }
    mem_free(given);
    uint32_t instruction =
        emit_nary(t, I_bs_build, base, base + operands, total, (uint64_t) list, false);
    if (base + operands + total + 4 > t->deepest) {
        t->deepest = base + operands + total + 4;
    }
    t->depth = base;
    if (guard != 0) {
        int64_t d_field = t->last_d;
        if (!put_guard(t, guard, instruction + 12, instruction)) {
            return false;
        }
        t->last_d = d_field;
    }
    push(t, SLOT_VALUE);
    return true;
}
