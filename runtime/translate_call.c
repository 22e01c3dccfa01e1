/* runtime/translate_call.c
 * What calls, returns and exceptions become. */
#include "runtime/translate_ops.h"

#include "runtime/term/mem.h"

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

bool op_call(Translator *t, const Decoded *d)
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
        if (to_fun) { /* where there is no room for what the fun has captured */
            emit_safepoint(t, t->code_bytes);
        }
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

bool op_call_dynamic(Translator *t, const Decoded *d)
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

bool op_tail_call(Translator *t, const Decoded *d)
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

bool op_return(Translator *t, const Decoded *d)
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

bool op_bif(Translator *t, const Decoded *d)
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

/* ---- exceptions ---- */

bool op_exception(Translator *t, const Decoded *d)
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
