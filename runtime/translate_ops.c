/* runtime/translate_ops.c
 * What each opcode does to the state and which loaded instruction it becomes. */
#include <stdlib.h>

#include "runtime/term/bits.h"
#include "runtime/term/compare.h"
#include "runtime/term/mem.h"
#include "runtime/translate_emit.h"

static bool is_value(uint8_t kind)
{
    return kind >= SLOT_VALUE && kind <= SLOT_MAP;
}

static void push(Translator *t, uint8_t kind)
{
    t->stack[t->depth++] = (Entry){FORM_SLOT, kind, 0, 0, 0};
}

static void push_const(Translator *t, Term term)
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
    t->stack[t->depth++] = (Entry){FORM_CONST, kind, arity, 0, term};
}

/* The top `count` entries exist and are values. */
static bool need(Translator *t, uint64_t count, const Decoded *d)
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

static bool need_slot(Translator *t, uint64_t slot, const Decoded *d)
{
    return is_value(t->stack[slot].kind) ||
           translate_fail(t, "%s: slot %llu holds no value", opcode_info[d->op].name,
                          (unsigned long long) slot);
}

static bool need_kind(Translator *t, uint64_t slot, uint8_t kind, const Decoded *d)
{
    return t->stack[slot].kind == kind ||
           translate_fail(t, "%s: slot %llu is not known to be of the kind needed",
                          opcode_info[d->op].name, (unsigned long long) slot);
}

static bool need_context(Translator *t, uint64_t slot, const Decoded *d)
{
    return (slot + 2 < t->depth && t->stack[slot].kind == SLOT_BITS &&
            t->stack[slot + 1].kind == SLOT_POSITION && t->stack[slot + 2].kind == SLOT_END) ||
           translate_fail(t, "%s: slot %llu is no binary being matched", opcode_info[d->op].name,
                          (unsigned long long) slot);
}

/* What slot `v` is now known to be, wherever its value really lies. */
static void refine(Translator *t, uint64_t v, uint8_t kind, uint32_t arity)
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

/* Entries that are copies of slot `v` get their own, before `v` changes. */
static void detach(Translator *t, uint64_t v)
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
    t->stack[to] = (Entry){FORM_SLOT, entry.kind, entry.arity, 0, 0};
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
        t->stack[to] = (Entry){FORM_SLOT, entry.kind, entry.arity, 0, 0};
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
            t->stack[i] = (Entry){FORM_SLOT, SLOT_NONE, 0, 0, 0};
        }
        return true;
    }
    detach(t, v);
    t->stack[v] = (Entry){FORM_SLOT, SLOT_NONE, 0, 0, 0};
    return true;
}

/* ---- jumps ---- */

static bool op_loop(Translator *t, uint64_t label, Instruction kind)
{
    uint32_t at;
    if (t->labels[label].place < 0 || !t->labels[label].has_safepoint) {
        return translate_fail(t, "goes back to label %u, which is not before it", (unsigned) label);
    }
    materialize_all(t);
    at = emit_instruction(t, kind, 0);
    if (kind == I_loop) {
        put32(t, at + 8, at - t->out->code_offset);
    }
    translator_leave_to(t, (uint32_t) label, at + 4, at);
    return true;
}

static bool op_jump(Translator *t, const Decoded *d)
{
    uint32_t at;
    materialize_all(t);
    if (t->labels[d->v[0]].place >= 0) {
        return translate_fail(t, "jump goes back");
    }
    at = emit_instruction(t, I_jump, 0);
    translator_leave_to(t, (uint32_t) d->v[0], at + 4, at);
    return true;
}

/* Forward only, so that every way back counts reductions. */
static bool leave(Translator *t, uint64_t label, uint32_t field, uint32_t base)
{
    if (t->labels[label].place >= 0) {
        return translate_fail(t, "a test goes back to label %u", (unsigned) label);
    }
    translator_leave_to(t, (uint32_t) label, field, base);
    return true;
}

static bool op_branch(Translator *t, const Decoded *d, Instruction kind)
{
    uint32_t slot, at;
    if (!need(t, 1, d)) {
        return false;
    }
    slot = entry_slot(t, t->depth - 1);
    t->depth--;
    materialize_all(t);
    at = emit_instruction(t, kind, 0);
    put16(t, at + 4, slot_field(slot));
    return leave(t, d->v[0], at + 8, at) &&
           (kind != I_branch_boolean || leave(t, d->v[1], at + 12, at));
}

static bool op_test(Translator *t, const Decoded *d, Instruction kind)
{
    uint32_t slot, at;
    if (!need_slot(t, d->v[0], d)) {
        return false;
    }
    materialize_all(t);
    slot = entry_slot(t, (uint32_t) d->v[0]);
    at = emit_instruction(t, kind, 0);
    put16(t, at + 4, slot_field(slot));
    return leave(t, d->v[1], at + 8, at);
}

/* a4 … imm8 l12 */
static bool emit_test_word(Translator *t, Instruction kind, uint32_t slot, Term word,
                           uint64_t label)
{
    uint32_t at = emit_instruction(t, kind, 0);
    put16(t, at + 4, slot_field(slot));
    put32(t, at + 8, (uint32_t) word);
    return leave(t, label, at + 12, at);
}

static bool emit_test_term(Translator *t, uint32_t slot, Term term, uint64_t label)
{
    uint32_t at;
    if (!term_is_pointer(term) && term_fits_imm(term)) {
        return emit_test_word(t, I_test_word, slot, term, label);
    }
    at = emit_instruction(t, I_test_literal, 0);
    put16(t, at + 4, slot_field(slot));
    put64(t, at + 12, term);
    return leave(t, label, at + 8, at);
}

static bool op_test_term(Translator *t, const Decoded *d, Term term)
{
    if (!need_slot(t, d->v[0], d)) {
        return false;
    }
    materialize_all(t);
    return emit_test_term(t, (uint32_t) d->v[0], term, d->v[2]);
}

static bool op_test_arity(Translator *t, const Decoded *d)
{
    bool record = d->op == OP_test_record;
    uint32_t at;
    if (!need_slot(t, d->v[0], d) || (record && d->v[1] == 0)) {
        return translate_fail(t, "a record has no elements");
    }
    materialize_all(t);
    at = emit_instruction(t, record ? I_test_record : I_test_arity, 0);
    put16(t, at + 4, slot_field((uint32_t) d->v[0]));
    put32(t, at + 8, (uint32_t) d->v[1]);
    if (record) {
        put32(t, at + 16, (uint32_t) t->module->atoms[d->v[2]]);
    }
    if (!leave(t, d->v[record ? 3 : 2], at + 12, at)) {
        return false;
    }
    refine(t, d->v[0], SLOT_TUPLE, (uint32_t) d->v[1]);
    return true;
}

typedef struct Case {
    int64_t key; /* the word, or the arity */
    uint32_t label;
} Case;

static int compare_cases(const void *a, const void *b)
{
    int64_t x = ((const Case *) a)->key, y = ((const Case *) b)->key;
    return x < y ? -1 : x > y;
}

static bool emit_switch_table(Translator *t, Instruction kind, uint32_t slot,
                              uint32_t default_label, Case *cases, uint32_t count)
{
    uint32_t unique = 0, at, size;
    bool arity = kind == I_switch_arity;
    /* The first of equal keys counts, so sort by key and keep the earliest: qsort is not stable,
     * but equal keys with different labels are refused by the caller. */
    qsort(cases, count, sizeof *cases, compare_cases);
    for (uint32_t i = 0; i < count; i++) {
        if (unique > 0 && cases[unique - 1].key == cases[i].key) {
            return translate_fail(t, "a switch has the same key twice");
        }
        cases[unique++] = cases[i];
    }
    if (!arity && unique >= 4) {
        int64_t range = (cases[unique - 1].key - cases[0].key) / 4 + 1;
        bool small =
            term_is_small((Term) cases[0].key) && term_is_small((Term) cases[unique - 1].key);
        if (small && range <= (int64_t) unique * 3) {
            uint32_t c = 0;
            size = 24 + 4 * (uint32_t) range;
            at = emit_instruction(t, I_switch_dense, size);
            put16(t, at + 4, slot_field(slot));
            put32(t, at + 8, size);
            put32(t, at + 16, (uint32_t) range);
            put32(t, at + 20, (uint32_t) cases[0].key);
            if (!leave(t, default_label, at + 12, at)) {
                return false;
            }
            for (uint32_t i = 0; i < (uint32_t) range; i++) {
                bool hit = cases[c].key == cases[0].key + (int64_t) i * 4;
                if (!leave(t, hit ? cases[c].label : default_label, at + 24 + 4 * i, at)) {
                    return false;
                }
                c += hit;
            }
            return true;
        }
    }
    size = 20 + 8 * unique;
    at = emit_instruction(t, kind, size);
    put16(t, at + 4, slot_field(slot));
    put32(t, at + 8, size);
    put32(t, at + 16, unique);
    if (!leave(t, default_label, at + 12, at)) {
        return false;
    }
    for (uint32_t i = 0; i < unique; i++) {
        put32(t, at + 20 + 8 * i, (uint32_t) cases[i].key);
        if (arity) {
            Entry kept = t->stack[slot];
            t->stack[slot].kind = SLOT_TUPLE;
            t->stack[slot].arity = (uint32_t) cases[i].key;
            if (!leave(t, cases[i].label, at + 24 + 8 * i, at)) {
                return false;
            }
            t->stack[slot] = kept;
        } else if (!leave(t, cases[i].label, at + 24 + 8 * i, at)) {
            return false;
        }
    }
    return true;
}

static bool op_switch(Translator *t, const Decoded *d)
{
    const uint8_t *at = d->table;
    Case *cases;
    uint32_t count = 0;
    bool fine = true;
    if (!need_slot(t, d->v[0], d)) {
        return false;
    }
    if (d->table_default >= t->function->label_count) {
        return translate_fail(t, "no label %u", d->table_default);
    }
    materialize_all(t);
    cases = mem_alloc((d->table_count + 1) * sizeof *cases);
    for (uint32_t i = 0; fine && i < d->table_count; i++) {
        uint64_t key = 0, label = 0;
        int64_t number = 0;
        if (d->op == OP_switch_int) {
            fine = code_read_signed(&at, t->end, &number) && small_fits(number);
        } else {
            fine = code_read_unsigned(&at, t->end, &key);
        }
        fine = fine && code_read_unsigned(&at, t->end, &label) && label < t->function->label_count;
        if (!fine) {
            translate_fail(t, "a switch names what is not there");
        } else if (d->op == OP_switch_atom) {
            fine = key < t->module->atom_count ||
                   translate_fail(t, "no atom %llu", (unsigned long long) key);
            cases[count].key = fine ? (int64_t) t->module->atoms[key] : 0;
            cases[count++].label = (uint32_t) label;
        } else if (d->op == OP_switch_arity) {
            fine = key < 1 << 24 || translate_fail(t, "arity too large");
            cases[count].key = (int64_t) key;
            cases[count++].label = (uint32_t) label;
        } else if (term_fits_imm(term_small(number))) {
            cases[count].key = (int64_t) term_small(number);
            cases[count++].label = (uint32_t) label;
        } else { /* a large number: tested by itself, `skip` over the jump where it differs */
            uint32_t test = emit_instruction(t, I_test_literal, 0), jump;
            put16(t, test + 4, slot_field((uint32_t) d->v[0]));
            put64(t, test + 12, term_small(number));
            jump = emit_instruction(t, I_jump, 0);
            fine = leave(t, label, jump + 4, jump);
            put32(t, test + 8, t->code_bytes - test);
        }
    }
    fine = fine && emit_switch_table(t, d->op == OP_switch_arity ? I_switch_arity : I_switch_word,
                                     (uint32_t) d->v[0], d->table_default, cases, count);
    mem_free(cases);
    return fine;
}

/* ---- comparisons ---- */

static bool op_compare_test(Translator *t, const Decoded *d)
{
    uint32_t a = t->depth - 2, b = t->depth - 1, at, x, y;
    Opcode op = d->op;
    Instruction kind;
    const Entry *constant = NULL;
    if (!need(t, 2, d)) {
        return false;
    }
    if (t->stack[b].form == FORM_CONST) {
        constant = &t->stack[b];
    } else if (t->stack[a].form == FORM_CONST) { /* turn it round */
        static const uint8_t turned[][2] = {{OP_test_lt, OP_test_gt},
                                            {OP_test_gt, OP_test_lt},
                                            {OP_test_le, OP_test_ge},
                                            {OP_test_ge, OP_test_le}};
        constant = &t->stack[a];
        for (size_t i = 0; i < COUNT_OF(turned); i++) {
            if (op == turned[i][0]) {
                op = (Opcode) turned[i][1];
                break;
            }
        }
        uint32_t swap = a;
        a = b;
        b = swap;
    }
    if (constant != NULL) {
        Term term = constant->value;
        bool small = term_is_small(term) && term_fits_imm(term);
        bool plain =
            !term_is_pointer(term) && !term_is_immediate_float(term) && term_fits_imm(term);
        bool word_only = plain && !term_is_small(term); /* == means =:= */
        Instruction imm = I_COUNT;
        switch (op) {
        case OP_test_lt:
            imm = small ? I_test_lt_imm : I_COUNT;
            break;
        case OP_test_ge:
            imm = small ? I_test_ge_imm : I_COUNT;
            break;
        case OP_test_gt:
            imm = small ? I_test_gt_imm : I_COUNT;
            break;
        case OP_test_le:
            imm = small ? I_test_le_imm : I_COUNT;
            break;
        case OP_test_eq_exact:
            imm = plain ? I_test_word : I_COUNT;
            break;
        case OP_test_ne_exact:
            imm = plain ? I_test_not_word : I_COUNT;
            break;
        case OP_test_eq:
            imm = word_only ? I_test_word : I_COUNT;
            break;
        case OP_test_ne:
            imm = word_only ? I_test_not_word : I_COUNT;
            break;
        default:
            break;
        }
        if (imm != I_COUNT) {
            x = entry_slot(t, a);
            t->depth -= 2;
            materialize_all(t);
            return emit_test_word(t, imm, x, term, d->v[0]);
        }
    }
    x = entry_slot(t, a);
    y = entry_slot(t, b);
    t->depth -= 2;
    materialize_all(t);
    switch (op) {
    case OP_test_eq_exact:
        kind = I_test_eq_exact;
        break;
    case OP_test_ne_exact:
        kind = I_test_ne_exact;
        break;
    case OP_test_eq:
        kind = I_test_eq;
        break;
    case OP_test_ne:
        kind = I_test_ne;
        break;
    case OP_test_lt:
    case OP_test_gt:
        kind = I_test_lt;
        break;
    default:
        kind = I_test_ge;
        break;
    }
    at = emit_instruction(t, kind, 0);
    if (op == OP_test_gt || op == OP_test_le) {
        uint32_t swap = x;
        x = y;
        y = swap;
    }
    put16(t, at + 4, slot_field(x));
    put16(t, at + 6, slot_field(y));
    return leave(t, d->v[0], at + 8, at);
}

static bool op_compare(Translator *t, const Decoded *d, CompareKind which)
{
    uint32_t a, b, at;
    if (!need(t, 2, d)) {
        return false;
    }
    a = entry_slot(t, t->depth - 2);
    b = entry_slot(t, t->depth - 1);
    t->depth -= 2;
    at = emit_instruction(t, I_compare, 0);
    put16(t, at + 4, slot_field(t->depth));
    put16(t, at + 6, slot_field(a));
    put16(t, at + 8, slot_field(b));
    put16(t, at + 10, which);
    mark_d(t, at + 4);
    push(t, SLOT_VALUE);
    return true;
}

/* ---- arithmetic ---- */

/* Puts the guard's label, or 0, in the field at `field`. */
static bool put_guard(Translator *t, uint64_t guard, uint32_t field, uint32_t base)
{
    return guard == 0 || leave(t, guard - 1, field, base);
}

/* Before an instruction with a guard label: what a jump leaves must be in place. */
static void before_guard(Translator *t, uint64_t guard)
{
    if (guard != 0) {
        materialize_all(t);
    }
}

static bool op_arithmetic(Translator *t, const Decoded *d, Instruction kind, bool has_imm,
                          bool commutes)
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

static bool op_unary(Translator *t, const Decoded *d, Instruction kind)
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

static bool op_logic(Translator *t, const Decoded *d, LogicKind which)
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

static bool op_nary(Translator *t, const Decoded *d, Instruction kind, uint64_t count,
                    uint64_t guard, uint64_t extra, uint8_t result)
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

static bool op_make_cons(Translator *t, const Decoded *d)
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

static bool op_get(Translator *t, const Decoded *d)
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

static bool op_get_map(Translator *t, const Decoded *d)
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

/* ---- calls ---- */

static void materialize_from(Translator *t, uint32_t first)
{
    for (uint32_t i = first; i < t->depth; i++) {
        materialize(t, i);
    }
}

static bool need_hole(Translator *t, uint32_t hole, const Decoded *d)
{
    if (t->stack[hole].kind != SLOT_NONE || t->stack[hole].form != FORM_SLOT) {
        return translate_fail(t, "%s: no hole below the arguments", opcode_info[d->op].name);
    }
    return true;
}

static bool op_call(Translator *t, const Decoded *d)
{
    uint64_t n = d->v[0];
    bool to_fun = d->op == OP_call_fun;
    CodeExport *export = d->op == OP_call_import ? t->imports[d->v[1]] : NULL;
    uint32_t hole, at;
    if (n + 1 > t->depth || !need(t, n, d)) {
        return translate_fail(t, "%s pops more than there is", opcode_info[d->op].name);
    }
    hole = t->depth - (uint32_t) n - 1;
    if (to_fun ? !need_slot(t, hole, d) : !need_hole(t, hole, d)) {
        return false;
    }
    if (d->op == OP_call && t->module->functions[d->v[1]].arity != n) {
        return translate_fail(t, "call: the function has another arity");
    }
    if (d->op == OP_call && t->overrides[d->v[1]] != NULL) {
        export = t->overrides[d->v[1]];
    }
    if (export != NULL && export->identity.arity != n) {
        return translate_fail(t, "call_import: the import has another arity");
    }
    if (code_export_is_direct(export)) {
        at = emit_nary(t, I_call_bif, hole, hole + 1, (uint32_t) n, (uint64_t) export, true);
        put_info(t, t->code_bytes - (uint32_t) sizeof(FrameInfo), hole);
        t->last = t->last_d = -1;
        t->depth = hole;
        push(t, SLOT_VALUE);
        emit_safepoint(t, t->code_bytes);
        return true;
    }
    materialize_from(t, to_fun ? hole : hole + 1);
    if (export != NULL) {
        at = emit_instruction(t, I_call_export, 0);
        put64(t, at + 8, (uint64_t) export);
        put_info(t, at + 16, hole);
    } else {
        at = emit_instruction(t, to_fun ? I_call_fun : I_call, 0);
        put_info(t, at + 8, hole);
        if (to_fun) {
            put16(t, at + 4, (int32_t) (uint16_t) n);
        } else {
            put32(t, at + 4, (uint32_t) d->v[1]);
            if (t->call_count == t->call_capacity) {
                t->call_capacity = t->call_capacity * 2 + 64;
                t->calls_to = mem_realloc(t->calls_to, t->call_capacity * sizeof *t->calls_to);
            }
            t->calls_to[t->call_count++] = at + 4;
        }
    }
    t->last = t->last_d = -1;
    t->depth = hole;
    push(t, SLOT_VALUE);
    return true;
}

static bool op_call_dynamic(Translator *t, const Decoded *d)
{
    uint64_t n = d->v[0];
    uint32_t module, at;
    if (n > 255 || n + 2 > t->depth || !need(t, n + 2, d)) {
        return translate_fail(t, "call_dynamic pops more than there is");
    }
    module = t->depth - (uint32_t) n - 2;
    materialize_from(t, module);
    at = emit_instruction(t, I_call_dynamic, 0);
    put16(t, at + 4, (int32_t) n);
    /* The callee's frame word replaces the function name; the module is not needed any more. */
    t->stack[module].kind = SLOT_NONE;
    put_info(t, at + 8, module + 1);
    t->last = t->last_d = -1;
    emit_move(t, module, module + 1);
    t->depth = module;
    push(t, SLOT_VALUE);
    return true;
}

/* Built-ins that go on elsewhere for good: a loop through them must not grow the stack. */
static bool leaves_its_caller(const CodeExport *export)
{
    return export->identity.module == ATOM_erlang &&
           (export->identity.function == ATOM_apply || export->identity.function == ATOM_hibernate);
}

/* A built-in in tail position: called from this frame, which stays in stack traces, as in OTP. */
static bool op_last_bif(Translator *t, CodeExport *export, uint32_t count)
{
    uint32_t hole = t->depth - count, at;
    if (t->depth + 2 > t->deepest) {
        t->deepest = t->depth + 2;
    }
    emit_nary(t, I_call_bif, hole, hole, count, (uint64_t) export, true);
    put_info(t, t->code_bytes - (uint32_t) sizeof(FrameInfo), hole);
    t->last = t->last_d = -1;
    t->depth = hole;
    push(t, SLOT_VALUE);
    emit_safepoint(t, t->code_bytes);
    at = emit_instruction(t, I_return, 0);
    put16(t, at + 4, slot_field(hole));
    t->depth = hole;
    return true;
}

static bool op_tail_call(Translator *t, const Decoded *d)
{
    uint64_t n = d->v[0];
    uint32_t count = (uint32_t) n, at;
    uint32_t inline_sources[64];
    uint32_t *sources;
    uint32_t extra = d->op == OP_tail_call_fun ? 1 : d->op == OP_tail_call_dynamic ? 2 : 0;
    if (n + extra > t->depth || n > UINT16_MAX || !need(t, n + extra, d)) {
        return translate_fail(t, "%s pops more than there is", opcode_info[d->op].name);
    }
    if ((d->op == OP_tail_call && t->module->functions[d->v[1]].arity != n) ||
        (d->op == OP_tail_call_import && t->imports[d->v[1]]->identity.arity != n)) {
        return translate_fail(t, "%s: another arity is needed", opcode_info[d->op].name);
    }
    {
        CodeExport *export = d->op == OP_tail_call_import ? t->imports[d->v[1]]
                             : d->op == OP_tail_call      ? t->overrides[d->v[1]]
                                                          : NULL;
        if (code_export_is_direct(export) && !leaves_its_caller(export)) {
            return op_last_bif(t, export, count);
        }
    }
    sources = count + 2 <= 64 ? inline_sources : mem_alloc((count + 2) * sizeof *sources);
    for (uint32_t i = 0; i < count; i++) {
        sources[i] = t->depth - count + i;
    }
    for (uint32_t i = 0; i < extra; i++) {
        sources[count + i] = t->depth - count - extra + i;
    }
    if (count + extra + 1 > t->deepest) {
        t->deepest = count + extra + 1;
    }
    emit_tail_moves(t, sources, count + extra);
    if (sources != inline_sources) {
        mem_free(sources);
    }
    switch (d->op) {
    case OP_tail_call:
        if (t->overrides[d->v[1]] != NULL) {
            at = emit_instruction(t, I_tail_call_export, 0);
            put64(t, at + 8, (uint64_t) t->overrides[d->v[1]]);
            break;
        }
        at = emit_instruction(t, I_tail_call, 0);
        put32(t, at + 4, (uint32_t) d->v[1]);
        if (t->call_count == t->call_capacity) {
            t->call_capacity = t->call_capacity * 2 + 64;
            t->calls_to = mem_realloc(t->calls_to, t->call_capacity * sizeof *t->calls_to);
        }
        t->calls_to[t->call_count++] = at + 4;
        break;
    case OP_tail_call_import:
        at = emit_instruction(t, I_tail_call_export, 0);
        put64(t, at + 8, (uint64_t) t->imports[d->v[1]]);
        break;
    default:
        at = emit_instruction(t, d->op == OP_tail_call_fun ? I_tail_call_fun : I_tail_call_dynamic,
                              0);
        put16(t, at + 4, (int32_t) (uint16_t) n);
    }
    t->depth -= count + extra;
    return true;
}

static bool op_return(Translator *t, const Decoded *d)
{
    uint32_t at, slot;
    if (!need(t, 1, d)) {
        return false;
    }
    if (t->stack[t->depth - 1].form == FORM_CONST) {
        at = emit_instruction(t, I_return_const, 0);
        put64(t, at + 8, t->stack[t->depth - 1].value);
    } else {
        slot = entry_slot(t, t->depth - 1);
        at = emit_instruction(t, I_return, 0);
        put16(t, at + 4, slot_field(slot));
    }
    t->depth--;
    return true;
}

static bool op_bif(Translator *t, const Decoded *d)
{
    CodeExport *export = t->imports[d->v[1]];
    if (export->bif == NULL || !(export->bif_flags & BIF_GUARD)) {
        return translate_fail(t, "bif: %s:%s/%u is no guard built-in",
                              atom_name(export->identity.module),
                              atom_name(export->identity.function), export->identity.arity);
    }
    if (export->identity.arity != d->v[0]) {
        return translate_fail(t, "bif: another arity is needed");
    }
    return op_nary(t, d, I_bif, d->v[0], d->v[2], (uint64_t) export, SLOT_VALUE);
}

/* ---- exceptions, receive ---- */

static bool op_exception(Translator *t, const Decoded *d)
{
    uint32_t at, slot;
    switch (d->op) {
    case OP_fail_value:
        if (!need(t, 1, d)) {
            return false;
        }
        slot = entry_slot(t, t->depth - 1);
        at = emit_instruction(t, I_fail_value, 0);
        put16(t, at + 4, slot_field(slot));
        put32(t, at + 8, (uint32_t) t->module->atoms[d->v[0]]);
        t->depth--;
        return true;
    case OP_fail:
        at = emit_instruction(t, I_fail, 0);
        put32(t, at + 4, (uint32_t) t->module->atoms[d->v[0]]);
        return true;
    case OP_fail_function_clause:
        for (uint32_t i = 0; i < t->function->arity; i++) {
            if (i >= t->depth || !is_value(t->stack[i].kind) || t->stack[i].form != FORM_SLOT) {
                return translate_fail(t, "fail_function_clause: parameter %u is gone", i);
            }
        }
        emit_instruction(t, I_fail_function_clause, 0);
        return true;
    case OP_raise: {
        uint32_t a, b, c;
        if (t->depth < 3 || t->stack[t->depth - 1].kind != SLOT_TRACE ||
            !is_value(t->stack[t->depth - 2].kind) || !is_value(t->stack[t->depth - 3].kind)) {
            return translate_fail(t, "raise: class, reason and trace are needed");
        }
        a = entry_slot(t, t->depth - 3);
        b = entry_slot(t, t->depth - 2);
        c = entry_slot(t, t->depth - 1);
        at = emit_instruction(t, I_raise, 0);
        put16(t, at + 4, slot_field(a));
        put16(t, at + 6, slot_field(b));
        put16(t, at + 8, slot_field(c));
        t->depth -= 3;
        return true;
    }
    default: /* build_trace */
        if (t->depth < 1 || t->stack[t->depth - 1].kind != SLOT_TRACE) {
            return translate_fail(t, "build_trace: no trace on top");
        }
        slot = entry_slot(t, t->depth - 1);
        emit_safepoint(t, t->code_bytes);
        at = emit_instruction(t, I_build_trace, 0);
        put16(t, at + 4, slot_field(t->depth - 1));
        put16(t, at + 6, slot_field(slot));
        t->depth--;
        push(t, SLOT_VALUE);
        return true;
    }
}

static bool op_receive(Translator *t, const Decoded *d)
{
    uint32_t at;
    switch (d->op) {
    case OP_receive_from:
        if (!need_slot(t, d->v[0], d)) {
            return false;
        }
        at = emit_instruction(t, I_receive_from, 0);
        put16(t, at + 4, slot_field(entry_slot(t, (uint32_t) d->v[0])));
        return true;
    case OP_receive_peek:
        materialize_all(t);
        emit_safepoint(t, t->code_bytes);
        at = emit_instruction(t, I_receive_peek, 0);
        put16(t, at + 4, slot_field(t->depth));
        put32(t, at + 12, at - t->out->code_offset);
        if (!leave(t, d->v[0], at + 8, at)) {
            return false;
        }
        push(t, SLOT_VALUE);
        return true;
    case OP_receive_take:
        emit_instruction(t, I_receive_take, 0);
        return true;
    case OP_receive_next:
        if (t->depth < 1) {
            return translate_fail(t, "receive_next: no message");
        }
        t->depth--;
        return op_loop(t, d->v[0], I_receive_next);
    case OP_receive_wait:
        return op_loop(t, d->v[0], I_receive_wait);
    default: /* receive_wait_until */
        if (!need_slot(t, d->v[0], d)) {
            return false;
        }
        materialize_all(t);
        if (t->labels[d->v[1]].place < 0 || !t->labels[d->v[1]].has_safepoint) {
            return translate_fail(t, "receive_wait_until: its label is not before it");
        }
        at = emit_instruction(t, I_receive_wait_until, 0);
        put16(t, at + 4, slot_field((uint32_t) d->v[0]));
        translator_leave_to(t, (uint32_t) d->v[1], at + 8, at);
        return true;
    }
}

/* ---- binaries ---- */

static bool op_bs_start(Translator *t, const Decoded *d)
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

static bool op_bs_get(Translator *t, const Decoded *d, Instruction kind)
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

static bool op_bs(Translator *t, const Decoded *d)
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

static bool op_bs_build(Translator *t, const Decoded *d)
{
    SegmentList *list = code_alloc_side(t->loaded, sizeof *list + (d->table_count + 1) *
                                                                      sizeof(Segment));
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
            t->stack[base + operands + count] =
                (Entry){FORM_CONST, SLOT_VALUE, 0, 0, t->literals[segment->literal]};
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
