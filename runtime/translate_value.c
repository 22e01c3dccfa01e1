/* runtime/translate_value.c
 * What arithmetic, building terms and taking them apart become. */
#include "runtime/translate_ops.h"

/* ---- arithmetic ---- */

bool put_guard(Translator *t, uint64_t guard, uint32_t field, uint32_t base)
{
    return guard == 0 || leave(t, guard - 1, field, base);
}

void before_guard(Translator *t, uint64_t guard)
{
    if (guard != 0) {
        materialize_all(t);
    }
}

bool op_arithmetic(Translator *t, const Decoded *d, Instruction kind, bool has_imm, bool commutes)
{
    uint32_t a = t->depth - 2, b = t->depth - 1, x, y = 0, at;
    Term imm = TERM_NONE;
    if (!need(t, 2, d)) {
        return false;
    }
    if (has_imm) {
        if (commutes && t->stack[a].form == FORM_CONST && t->stack[b].form != FORM_CONST) {
            uint32_t swap = a;
            a = b;
            b = swap;
        }
        if (t->stack[b].form == FORM_CONST && term_is_small(t->stack[b].value) &&
            term_fits_imm(t->stack[b].value)) {
            imm = t->stack[b].value;
        } else {
            a = t->depth - 2;
            b = t->depth - 1;
        }
    }
    x = entry_slot(t, a);
    if (imm == TERM_NONE) {
        y = entry_slot(t, b);
    }
    if (d->v[0] != 0) { /* the operands are read first: they need not be in place */
        t->depth -= 2;
        materialize_all(t);
        t->depth += 2;
    }
    emit_safepoint(t, t->code_bytes);
    at = emit_instruction(t, imm == TERM_NONE ? kind : kind + 1, 0);
    put16(t, at + 4, slot_field(t->depth - 2));
    put16(t, at + 6, slot_field(x));
    if (imm == TERM_NONE) {
        put16(t, at + 8, slot_field(y));
    } else {
        put32(t, at + 8, (uint32_t) imm);
    }
    t->depth -= 2;
    if (!put_guard(t, d->v[0], at + 12, at)) {
        return false;
    }
    mark_d(t, at + 4);
    push(t, SLOT_VALUE);
    return true;
}

bool op_unary(Translator *t, const Decoded *d, Instruction kind)
{
    uint32_t x, at;
    if (!need(t, 1, d)) {
        return false;
    }
    x = entry_slot(t, t->depth - 1);
    t->depth--;
    before_guard(t, d->v[0]);
    t->depth++;
    emit_safepoint(t, t->code_bytes);
    t->depth--;
    at = emit_instruction(t, kind, 0);
    put16(t, at + 4, slot_field(t->depth));
    put16(t, at + 6, slot_field(x));
    if (!put_guard(t, d->v[0], at + 8, at)) {
        return false;
    }
    mark_d(t, at + 4);
    push(t, SLOT_VALUE);
    return true;
}

bool op_logic(Translator *t, const Decoded *d, LogicKind which)
{
    uint32_t a, b, at;
    if (!need(t, 2, d)) {
        return false;
    }
    a = entry_slot(t, t->depth - 2);
    b = entry_slot(t, t->depth - 1);
    t->depth -= 2;
    before_guard(t, d->v[0]);
    at = emit_instruction(t, I_logic, 0);
    put16(t, at + 4, slot_field(t->depth));
    put16(t, at + 6, slot_field(a));
    put16(t, at + 8, slot_field(b));
    put16(t, at + 10, which);
    if (!put_guard(t, d->v[0], at + 12, at + 0)) {
        return false;
    }
    mark_d(t, at + 4);
    push(t, SLOT_VALUE);
    return true;
}

/* ---- building ---- */

bool op_nary(Translator *t, const Decoded *d, Instruction kind, uint64_t count, uint64_t guard,
             uint64_t extra, uint8_t result)
{
    uint32_t first, at;
    if (count > UINT16_MAX || !need(t, count, d)) {
        return translate_fail(t, "%s pops more than there is", opcode_info[d->op].name);
    }
    first = t->depth - (uint32_t) count;
    if (guard != 0) {
        t->depth = first;
        materialize_all(t);
        t->depth = first + (uint32_t) count;
    }
    if (opcode_info[d->op].may & MAY_ALLOCATE) {
        emit_safepoint(t, t->code_bytes);
    }
    at = emit_nary(t, kind, first, first, (uint32_t) count, extra, false);
    t->depth = first;
    if (guard != 0) {
        int64_t d_field = t->last_d;
        if (!put_guard(t, guard, at + 12, at)) {
            return false;
        }
        t->last_d = d_field;
    }
    push(t, result);
    if (result == SLOT_TUPLE) {
        t->stack[t->depth - 1].arity = (uint32_t) count;
    }
    return true;
}

bool op_make_cons(Translator *t, const Decoded *d)
{
    uint32_t h, tail, at;
    if (!need(t, 2, d)) {
        return false;
    }
    h = entry_slot(t, t->depth - 2);
    tail = entry_slot(t, t->depth - 1);
    emit_safepoint(t, t->code_bytes);
    at = emit_instruction(t, I_make_cons, 0);
    t->depth -= 2;
    put16(t, at + 4, slot_field(t->depth));
    put16(t, at + 6, slot_field(h));
    put16(t, at + 8, slot_field(tail));
    mark_d(t, at + 4);
    push(t, SLOT_CONS);
    return true;
}

/* ---- taking apart ---- */

bool op_get(Translator *t, const Decoded *d)
{
    uint32_t v = (uint32_t) d->v[0], s, at;
    uint8_t kind = d->op == OP_get_element ? SLOT_TUPLE : SLOT_CONS;
    if (!need_kind(t, v, kind, d)) {
        return false;
    }
    if (d->op == OP_get_element && d->v[1] >= t->stack[v].arity) {
        return translate_fail(t, "get_element: the tuple is not known to have that many elements");
    }
    s = entry_slot(t, v);
    switch (d->op) {
    case OP_get_list:
        at = emit_instruction(t, I_get_list, 0);
        put16(t, at + 4, slot_field(t->depth));
        put16(t, at + 6, slot_field(t->depth + 1));
        put16(t, at + 8, slot_field(s));
        push(t, SLOT_VALUE);
        break;
    case OP_get_element:
        if (t->last >= 0 && t->last_kind == I_get_element && d->v[1] <= UINT16_MAX) {
            uint32_t index;
            int16_t from, to;
            memcpy(&from, t->code + t->last + 6, 2);
            memcpy(&to, t->code + t->last + 4, 2);
            memcpy(&index, t->code + t->last + 8, 4);
            if (from == slot_field(s) && to != from && index <= UINT16_MAX) {
                at = (uint32_t) t->last;
                emit_room(t, instruction_bytes[I_get_element2] - instruction_bytes[I_get_element]);
                put32(t, at, instruction_words[I_get_element2]);
                put16(t, at + 6, slot_field(t->depth));
                put16(t, at + 8, from);
                put16(t, at + 10, (int32_t) index);
                put16(t, at + 12, (int32_t) d->v[1]);
                t->last_kind = I_get_element2;
                mark_d(t, at + 6);
                break;
            }
        }
        at = emit_instruction(t, I_get_element, 0);
        put16(t, at + 4, slot_field(t->depth));
        put16(t, at + 6, slot_field(s));
        put32(t, at + 8, (uint32_t) d->v[1]);
        mark_d(t, at + 4);
        break;
    default:
        at = emit_instruction(t, d->op == OP_get_head ? I_get_head : I_get_tail, 0);
        put16(t, at + 4, slot_field(t->depth));
        put16(t, at + 6, slot_field(s));
        mark_d(t, at + 4);
    }
    push(t, SLOT_VALUE);
    return true;
}

bool op_get_map(Translator *t, const Decoded *d)
{
    uint32_t m, k, at, top = t->depth - 1;
    Term constant = TERM_NONE;
    if (!need(t, 1, d) || d->v[0] >= top || !need_kind(t, d->v[0], SLOT_MAP, d)) {
        return translate_fail(t, "%s: no map below the key", opcode_info[d->op].name);
    }
    if (t->stack[top].form == FORM_CONST && d->op == OP_get_map) {
        constant = t->stack[top].value;
        k = 0;
    } else {
        k = entry_slot(t, top);
    }
    t->depth--;
    materialize_all(t);
    m = entry_slot(t, (uint32_t) d->v[0]);
    if (d->op == OP_test_map_key) {
        at = emit_instruction(t, I_test_map_key, 0);
        put16(t, at + 4, slot_field(m));
        put16(t, at + 6, slot_field(k));
        return leave(t, d->v[1], at + 8, at);
    }
    at = emit_instruction(t, constant != TERM_NONE ? I_get_map_const : I_get_map, 0);
    put16(t, at + 4, slot_field(t->depth));
    put16(t, at + 6, slot_field(m));
    if (constant != TERM_NONE) {
        put64(t, at + 12, constant);
    } else {
        put16(t, at + 8, slot_field(k));
    }
    if (!leave(t, d->v[1], at + (constant != TERM_NONE ? 8 : 12), at)) {
        return false;
    }
    mark_d(t, at + 4);
    push(t, SLOT_VALUE);
    return true;
}
