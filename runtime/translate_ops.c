/* runtime/translate_ops.c
 * What each opcode does to the state and which loaded instruction it becomes: what all share, the
 * instructions of the stack, and the switch over all of them. */
#include "runtime/translate_ops.h"

void push_const(Translator *t, Term term)
{
    uint8_t kind = SLOT_VALUE;
    uint32_t arity = 0;
    if (term_is_cons(term)) {
        kind = SLOT_CONS;
    } else if (term_is_tuple(term)) {
        kind = SLOT_TUPLE;
        arity = (uint32_t) tuple_arity(term);
    } else if (term_is_map(term)) {
        kind = SLOT_MAP;
    }
    t->stack[t->depth++] = (Entry){.form = FORM_CONST, .kind = kind, .arity = arity, .value = term};
}

bool need(Translator *t, uint64_t count, const Decoded *d)
{
    if (count > t->depth) {
        return translate_fail(t, "%s pops more than there is", opcode_info[d->op].name);
    }
    for (uint32_t i = t->depth - (uint32_t) count; i < t->depth; i++) {
        if (!is_value(t->stack[i].kind)) {
            return translate_fail(t, "%s: slot %u holds no value", opcode_info[d->op].name, i);
        }
    }
    return true;
}

bool need_slot(Translator *t, uint64_t slot, const Decoded *d)
{
    return is_value(t->stack[slot].kind) ||
           translate_fail(t, "%s: slot %llu holds no value", opcode_info[d->op].name,
                          (unsigned long long) slot);
}

bool need_kind(Translator *t, uint64_t slot, uint8_t kind, const Decoded *d)
{
    return t->stack[slot].kind == kind ||
           translate_fail(t, "%s: slot %llu is not known to be of the kind needed",
                          opcode_info[d->op].name, (unsigned long long) slot);
}

bool need_context(Translator *t, uint64_t slot, const Decoded *d)
{
    return (slot + 2 < t->depth && t->stack[slot].kind == SLOT_BITS &&
            t->stack[slot + 1].kind == SLOT_POSITION && t->stack[slot + 2].kind == SLOT_END) ||
           translate_fail(t, "%s: slot %llu is no binary being matched", opcode_info[d->op].name,
                          (unsigned long long) slot);
}

void refine(Translator *t, uint64_t v, uint8_t kind, uint32_t arity)
{
    Entry *entry = &t->stack[v];
    for (;;) {
        if (entry->kind != SLOT_TUPLE || kind != SLOT_TUPLE || entry->arity < arity) {
            entry->kind = kind;
            entry->arity = arity;
        }
        if (entry->form != FORM_ALIAS) {
            return;
        }
        entry = &t->stack[entry->value];
    }
}

void detach(Translator *t, uint64_t v)
{
    for (uint32_t i = (uint32_t) v + 1; i < t->depth; i++) {
        if (t->stack[i].form == FORM_ALIAS && t->stack[i].value == v) {
            materialize(t, i);
        }
    }
}

/* Moves the value of the entry at `from` (on top, about to be popped) to slot `to`. */
static void move_down(Translator *t, uint32_t to, uint32_t from)
{
    Entry *entry = &t->stack[from];
    if (entry->form == FORM_CONST) {
        emit_const(t, to, entry->value);
    } else if (entry->form == FORM_ALIAS) {
        emit_move(t, to, (uint32_t) entry->value);
    } else {
        int16_t field = 0;
        if (t->last >= 0 && t->last_d >= 0) {
            memcpy(&field, t->code + t->last_d, 2);
        }
        if (field == slot_field(from)) {
            put16(t, (uint32_t) t->last_d,
                  slot_field(to)); /* it was made just now: make it there */
        } else {
            emit_move(t, to, from);
        }
    }
}

/* ---- the stack ---- */

static bool op_store(Translator *t, const Decoded *d)
{
    uint32_t to = (uint32_t) d->v[0], from = t->depth - 1;
    Entry entry;
    if (t->depth == 0 || to >= from) {
        return translate_fail(t, "store: no such slot below the top");
    }
    entry = t->stack[from];
    if (!is_value(entry.kind) && entry.kind != SLOT_TRACE) {
        return translate_fail(t, "store: no value on top");
    }
    if (t->stack[to].kind >= SLOT_BITS && t->stack[to].kind <= SLOT_END) {
        return translate_fail(t, "store: slot %u belongs to a binary being matched", to);
    }
    detach(t, to);
    if (entry.form == FORM_ALIAS && entry.value == to) { /* itself */
        t->depth--;
        return true;
    }
    if (t->stack[from].form == FORM_ALIAS && t->stack[from].value == to) {
        t->depth--;
        return true;
    }
    move_down(t, to, from);
    t->stack[to] = (Entry){.kind = entry.kind, .arity = entry.arity};
    t->depth--;
    return true;
}

static bool op_slide(Translator *t, const Decoded *d)
{
    uint64_t n = d->v[0];
    uint32_t from = t->depth - 1, to;
    Entry entry;
    if (n >= t->depth) {
        return translate_fail(t, "slide: not that many slots");
    }
    to = from - (uint32_t) n;
    entry = t->stack[from];
    if (!is_value(entry.kind) && entry.kind != SLOT_TRACE) {
        return translate_fail(t, "slide: no value on top");
    }
    if (n == 0) {
        return true;
    }
    if (entry.form == FORM_ALIAS && entry.value < to) { /* stays a copy of what lies deeper */
        t->stack[to] = entry;
    } else if (entry.form == FORM_CONST) {
        t->stack[to] = entry;
    } else {
        if (entry.form != FORM_ALIAS || entry.value != to) {
            move_down(t, to, from);
        }
        t->stack[to] = (Entry){.kind = entry.kind, .arity = entry.arity};
    }
    t->depth = to + 1;
    return true;
}

static bool op_kill(Translator *t, const Decoded *d)
{
    uint32_t v = (uint32_t) d->v[0];
    if (t->stack[v].kind >= SLOT_BITS && t->stack[v].kind <= SLOT_END) {
        uint32_t first = v - (uint32_t) (t->stack[v].kind - SLOT_BITS);
        if (first + 2 >= t->depth) {
            return translate_fail(t, "kill: not a whole binary being matched");
        }
        for (uint32_t i = first; i < first + 3; i++) {
            t->stack[i] = (Entry){.kind = SLOT_NONE};
        }
        return true;
    }
    detach(t, v);
    t->stack[v] = (Entry){.kind = SLOT_NONE};
    return true;
}

/* ---- the switch ---- */

bool translate_instruction(Translator *t, const Decoded *d)
{
    const Module *m = t->module;
    switch (d->op) {
    case OP_load: {
        Entry entry = t->stack[d->v[0]];
        if (!is_value(entry.kind) && entry.kind != SLOT_TRACE) {
            return translate_fail(t, "load: slot %u holds no value", (unsigned) d->v[0]);
        }
        if (entry.form == FORM_SLOT) {
            entry.form = FORM_ALIAS;
            entry.value = d->v[0];
        }
        t->stack[t->depth++] = entry;
        return true;
    }
    case OP_literal:
        push_const(t, t->literals[d->v[0]]);
        return true;
    case OP_int:
        push_const(t, term_small((int64_t) d->v[0]));
        return true;
    case OP_atom:
        push_const(t, m->atoms[d->v[0]]);
        return true;
    case OP_nil:
        push_const(t, TERM_NIL);
        return true;
    case OP_hole:
        push(t, SLOT_NONE);
        return true;
    case OP_store:
        return op_store(t, d);
    case OP_kill:
        return op_kill(t, d);
    case OP_drop:
        if (d->v[0] > t->depth) {
            return translate_fail(t, "drop: not that many slots");
        }
        t->depth -= (uint32_t) d->v[0];
        return true;
    case OP_slide:
        return op_slide(t, d);
    case OP_jump:
        return op_jump(t, d);
    case OP_loop:
        return op_loop(t, d->v[0], I_loop);
    case OP_jump_unless_true:
        return op_branch(t, d, I_unless_true);
    case OP_jump_if_true:
        return op_branch(t, d, I_if_true);
    case OP_branch_boolean:
        return op_branch(t, d, I_branch_boolean);
    case OP_switch_atom:
    case OP_switch_int:
    case OP_switch_arity:
        return op_switch(t, d);
#define TEST(name) \
    case OP_test_##name: \
        return op_test(t, d, I_test_##name);
        TEST(integer)
        TEST(float)
        TEST(number)
        TEST(atom)
        TEST(boolean)
        TEST(list)
        TEST(nil)
        TEST(binary)
        TEST(bitstring)
        TEST(function)
        TEST(pid)
        TEST(port)
        TEST(reference)
#undef TEST
    case OP_test_cons:
        if (!op_test(t, d, I_test_cons)) {
            return false;
        }
        refine(t, d->v[0], SLOT_CONS, 0);
        return true;
    case OP_test_tuple:
        if (!op_test(t, d, I_test_tuple)) {
            return false;
        }
        refine(t, d->v[0], SLOT_TUPLE, 0);
        return true;
    case OP_test_map:
        if (!op_test(t, d, I_test_map)) {
            return false;
        }
        refine(t, d->v[0], SLOT_MAP, 0);
        return true;
    case OP_test_arity:
    case OP_test_record:
        return op_test_arity(t, d);
    case OP_test_is_atom:
        return op_test_term(t, d, m->atoms[d->v[1]]);
    case OP_test_is_int:
        return op_test_term(t, d, term_small((int64_t) d->v[1]));
    case OP_test_is_literal:
        return op_test_term(t, d, t->literals[d->v[1]]);
    case OP_test_eq_exact:
    case OP_test_ne_exact:
    case OP_test_eq:
    case OP_test_ne:
    case OP_test_lt:
    case OP_test_le:
    case OP_test_gt:
    case OP_test_ge:
        return op_compare_test(t, d);
    case OP_eq_exact:
        return op_compare(t, d, COMPARE_EQ_EXACT);
    case OP_ne_exact:
        return op_compare(t, d, COMPARE_NE_EXACT);
    case OP_eq:
        return op_compare(t, d, COMPARE_EQ);
    case OP_ne:
        return op_compare(t, d, COMPARE_NE);
    case OP_lt:
        return op_compare(t, d, COMPARE_LT);
    case OP_le:
        return op_compare(t, d, COMPARE_LE);
    case OP_gt:
        return op_compare(t, d, COMPARE_GT);
    case OP_ge:
        return op_compare(t, d, COMPARE_GE);
    case OP_get_head:
    case OP_get_tail:
    case OP_get_list:
    case OP_get_element:
        return op_get(t, d);
    case OP_get_map:
    case OP_test_map_key:
        return op_get_map(t, d);
    case OP_make_cons:
        return op_make_cons(t, d);
    case OP_make_list:
        return op_nary(t, d, I_make_list, d->v[0] + 1, 0, 0, d->v[0] > 0 ? SLOT_CONS : SLOT_VALUE);
    case OP_make_tuple:
        return op_nary(t, d, I_make_tuple, d->v[0], 0, 0, SLOT_TUPLE);
    case OP_make_map:
        return op_nary(t, d, I_make_map, 2 * d->v[0], 0, 0, SLOT_MAP);
    case OP_map_put:
        return op_nary(t, d, I_map_put, 2 * d->v[0] + 1, d->v[1], 0, SLOT_MAP);
    case OP_map_update:
        return op_nary(t, d, I_map_update, 2 * d->v[0] + 1, d->v[1], 0, SLOT_MAP);
    case OP_make_fun: {
        const ModuleFun *fun = &m->funs[d->v[0]];
        if (fun->free_count != d->v[1]) {
            return translate_fail(t, "make_fun: another number of captured values");
        }
        return op_nary(t, d, I_make_fun, d->v[1], 0, (uint64_t) t->loaded->funs[d->v[0]],
                       SLOT_VALUE);
    }
    case OP_add:
        return op_arithmetic(t, d, I_add, true, true);
    case OP_subtract:
        return op_arithmetic(t, d, I_subtract, true, false);
    case OP_multiply:
        return op_arithmetic(t, d, I_multiply, true, true);
    case OP_divide:
        return op_arithmetic(t, d, I_divide, false, false);
    case OP_int_divide:
        return op_arithmetic(t, d, I_int_divide, true, false);
    case OP_remainder:
        return op_arithmetic(t, d, I_remainder, true, false);
    case OP_bit_and:
        return op_arithmetic(t, d, I_bit_and, true, true);
    case OP_bit_or:
        return op_arithmetic(t, d, I_bit_or, true, true);
    case OP_bit_xor:
        return op_arithmetic(t, d, I_bit_xor, true, true);
    case OP_shift_left:
        return op_arithmetic(t, d, I_shift_left, true, false);
    case OP_shift_right:
        return op_arithmetic(t, d, I_shift_right, true, false);
    case OP_negate:
        return op_unary(t, d, I_negate);
    case OP_bit_not:
        return op_unary(t, d, I_bit_not);
    case OP_not:
        return op_unary(t, d, I_not);
    case OP_and:
        return op_logic(t, d, LOGIC_AND);
    case OP_or:
        return op_logic(t, d, LOGIC_OR);
    case OP_xor:
        return op_logic(t, d, LOGIC_XOR);
    case OP_bif:
        return op_bif(t, d);
    case OP_call:
    case OP_call_import:
    case OP_call_fun:
        return op_call(t, d);
    case OP_call_dynamic:
        return op_call_dynamic(t, d);
    case OP_tail_call:
    case OP_tail_call_import:
    case OP_tail_call_fun:
    case OP_tail_call_dynamic:
        return op_tail_call(t, d);
    case OP_return:
        return op_return(t, d);
    case OP_fail_value:
    case OP_fail:
    case OP_fail_function_clause:
    case OP_raise:
    case OP_build_trace:
        return op_exception(t, d);
    case OP_receive_from:
    case OP_receive_peek:
    case OP_receive_take:
    case OP_receive_next:
    case OP_receive_wait:
    case OP_receive_wait_until:
        return op_receive(t, d);
    case OP_bs_start:
        return op_bs_start(t, d);
    case OP_bs_get_integer:
        return op_bs_get(t, d, I_bs_get_integer);
    case OP_bs_get_float:
        return op_bs_get(t, d, I_bs_get_float);
    case OP_bs_get_bits:
        return op_bs_get(t, d, I_bs_get_bits);
    case OP_bs_get_rest:
    case OP_bs_skip:
    case OP_bs_get_utf8:
    case OP_bs_get_utf16:
    case OP_bs_get_utf32:
    case OP_bs_match_literal:
    case OP_bs_test_end:
    case OP_bs_test_unit:
    case OP_bs_position:
    case OP_bs_restore:
        return op_bs(t, d);
    case OP_bs_build:
        return op_bs_build(t, d);
    case OP_COUNT:
        break;
    }
    return translate_fail(t, "no such instruction");
}
