/* runtime/translate_test.c
 * What jumps, tests of slots, switches and comparisons become. */
#include "runtime/translate_ops.h"

#include <stdlib.h>

#include "runtime/term/mem.h"

/* ---- jumps ---- */

bool op_loop(Translator *t, uint64_t label, Instruction kind)
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

bool op_jump(Translator *t, const Decoded *d)
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

bool leave(Translator *t, uint64_t label, uint32_t field, uint32_t base)
{
    if (t->labels[label].place >= 0) {
        return translate_fail(t, "a test goes back to label %u", (unsigned) label);
    }
    translator_leave_to(t, (uint32_t) label, field, base);
    return true;
}

bool op_branch(Translator *t, const Decoded *d, Instruction kind)
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

bool op_test(Translator *t, const Decoded *d, Instruction kind)
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

bool op_test_term(Translator *t, const Decoded *d, Term term)
{
    if (!need_slot(t, d->v[0], d)) {
        return false;
    }
    materialize_all(t);
    return emit_test_term(t, (uint32_t) d->v[0], term, d->v[2]);
}

bool op_test_arity(Translator *t, const Decoded *d)
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

bool op_switch(Translator *t, const Decoded *d)
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

bool op_compare_test(Translator *t, const Decoded *d)
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

bool op_compare(Translator *t, const Decoded *d, CompareKind which)
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
