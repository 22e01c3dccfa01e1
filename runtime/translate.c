/* runtime/translate.c
 * The pass over one function: states at labels, handlers, decoding. See translate.h; what each
 * instruction becomes is in translate_ops.c. */
#include "runtime/translate.h"

#include "runtime/native.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/term/mem.h"
#include "runtime/term/print.h"
#include "runtime/translate_ops.h"

bool translate_fail(Translator *t, const char *format, ...)
{
    va_list arguments;
    int used;
    if (t->failed) {
        return false;
    }
    t->failed = true;
    used = snprintf(t->error, t->error_bytes, "function %s/%u, offset %u: ",
                    t->function != NULL ? atom_name(t->function->name) : "?",
                    t->function != NULL ? t->function->arity : 0, t->op_offset);
    if (used < 0 || (size_t) used >= t->error_bytes) {
        return false;
    }
    va_start(arguments, format);
    vsnprintf(t->error + used, t->error_bytes - (size_t) used, format, arguments);
    va_end(arguments);
    return false;
}

/* ---- states ---- */

enum { STATES_LEAST = 1024 };

static Entry *state_room(Translator *t, uint32_t count)
{
    Entry *at;
    if (t->entry_block_count == 0 || t->entry_count + count > t->entry_capacity) {
        t->entry_capacity = count > STATES_LEAST ? count : STATES_LEAST;
        t->entry_blocks =
            mem_realloc(t->entry_blocks, (t->entry_block_count + 1) * sizeof *t->entry_blocks);
        if (t->entry_block_count == 0) {
            t->entry_first_capacity = t->entry_capacity;
        }
        t->entry_blocks[t->entry_block_count++] = mem_alloc(t->entry_capacity * sizeof(Entry));
        t->entry_count = 0;
    }
    at = t->entry_blocks[t->entry_block_count - 1] + t->entry_count;
    t->entry_count += count;
    return at;
}

/* Another function begins. */
static void states_forget(Translator *t)
{
    while (t->entry_block_count > 1) {
        mem_free(t->entry_blocks[--t->entry_block_count]);
    }
    t->entry_count = 0;
    t->entry_capacity = t->entry_first_capacity;
}

static void labels_begin(Translator *t, uint32_t count)
{
    if (count >= t->label_capacity) {
        t->label_capacity = 2 * count + 64;
        t->labels = mem_realloc(t->labels, t->label_capacity * sizeof *t->labels);
        t->label_order = mem_realloc(t->label_order, t->label_capacity * sizeof *t->label_order);
    }
    for (uint32_t i = 0; i < count; i++) {
        t->labels[i] = (LabelState){.place = -1, .patches = -1};
        t->label_order[i] = i;
    }
}

static bool kind_is_value(uint8_t kind)
{
    return kind >= SLOT_VALUE && kind <= SLOT_MAP;
}

static Entry merged(Entry a, Entry b)
{
    a.form = FORM_SLOT;
    a.stamp = a.stamp == b.stamp ? a.stamp : 0;
    a.of_message = a.of_message || b.of_message;
    if (a.kind == b.kind) {
        a.arity = a.arity < b.arity ? a.arity : b.arity;
    } else {
        a.kind = kind_is_value(a.kind) && kind_is_value(b.kind) ? SLOT_VALUE : SLOT_NONE;
        a.arity = 0;
    }
    return a;
}

/* The entries as they are now, symbolic ones as the values they stand for, reach `label`. */
void translator_jump_state(Translator *t, uint32_t label)
{
    LabelState *state;
    if (label >= t->function->label_count) {
        translate_fail(t, "no label %u", label);
        return;
    }
    state = &t->labels[label];
    if (!state->reached) {
        if (t->function->labels[label] < t->op_offset) { /* passed by, its code was not made */
            translate_fail(t, "label %u lies in code that nothing reaches", label);
            return;
        }
        state->reached = true;
        state->depth = t->depth;
        state->message = t->message;
        state->entries = state_room(t, t->depth);
        for (uint32_t i = 0; i < t->depth; i++) {
            state->entries[i] = t->stack[i];
            state->entries[i].form = FORM_SLOT;
        }
        return;
    }
    if (state->depth != t->depth) {
        translate_fail(t, "depth %u at label %u, %u from elsewhere", t->depth, label, state->depth);
        return;
    }
    if (state->message != t->message) {
        translate_fail(t, "a message at label %u, none or another from elsewhere", label);
        return;
    }
    for (uint32_t i = 0; i < t->depth; i++) {
        Entry met = merged(state->entries[i], t->stack[i]);
        if (state->place >= 0) { /* its code is made: it must hold here as it did there */
            bool unchanged = state->entries[i].stamp != 0 && kind_is_value(t->stack[i].kind) &&
                             state->entries[i].stamp == t->stack[i].stamp;
            if (!unchanged &&
                (met.kind != state->entries[i].kind || met.arity != state->entries[i].arity)) {
                translate_fail(t, "slot %u is not as label %u needs it", i, label);
            }
        } else {
            state->entries[i] = met;
        }
    }
}

/* A jump from the instruction at `base`, whose field at `field` takes the distance. */
void translator_leave_to(Translator *t, uint32_t label, uint32_t field, uint32_t base)
{
    LabelState *state;
    translator_jump_state(t, label);
    if (t->failed) {
        return;
    }
    state = &t->labels[label];
    if (state->place >= 0) {
        put32(t, field, (uint32_t) (state->place - (int64_t) base));
        return;
    }
    if (t->patch_count == t->patch_capacity) {
        t->patch_capacity = t->patch_capacity * 2 + 32;
        t->patches = mem_realloc(t->patches, t->patch_capacity * sizeof *t->patches);
    }
    t->patches[t->patch_count] = (Patch){field, base, state->patches};
    state->patches = (int32_t) t->patch_count++;
}

static void place_label(Translator *t, uint32_t label)
{
    LabelState *state = &t->labels[label];
    if (t->reachable) {
        materialize_all(t);
        translator_jump_state(t, label);
    }
    if (t->failed || !state->reached) {
        return;
    }
    t->depth = state->depth;
    t->message = state->message;
    memcpy(t->stack, state->entries, state->depth * sizeof(Entry));
    t->reachable = true;
    state->place = t->code_bytes;
    t->last = -1;
    t->last_d = -1;
    for (int32_t i = state->patches; i >= 0; i = t->patches[i].next) {
        put32(t, t->patches[i].field, t->code_bytes - t->patches[i].base);
    }
    if (state->patches < 0) {
        for (uint32_t i = 0; i < t->depth; i++) {
            t->stack[i].stamp = state->entries[i].stamp = ++t->stamp;
        }
    }
    if (state->patches < 0) { /* not jumped to from before: perhaps from behind */
        emit_safepoint(t, t->code_bytes);
        state->has_safepoint = true;
    }
}

/* ---- handlers ---- */

static void begin_handler(Translator *t, const ModuleHandler *handler)
{
    uint32_t depth = t->depth, message = t->message;
    if (handler->depth > t->depth) {
        translate_fail(t, "a handler's depth is over that of its code");
        return;
    }
    for (uint32_t i = 0; i < handler->depth; i++) {
        materialize(t, i);
    }
    if (handler->depth + 3 > t->stack_capacity) {
        translate_fail(t, "too deep");
        return;
    }
    Entry saved[3];
    memcpy(saved, t->stack + handler->depth, sizeof saved);
    t->depth = handler->depth + 3;
    for (uint32_t i = 0; i < 3; i++) {
        t->stack[handler->depth + i] = (Entry){.kind = i == 2 ? SLOT_TRACE : SLOT_VALUE};
    }
    if (t->depth > t->deepest) {
        t->deepest = t->depth;
    }
    t->message = NO_MESSAGE; /* nothing raises while there is one */
    translator_jump_state(t, handler->target_label);
    t->message = message;
    t->depth = depth;
    memcpy(t->stack + handler->depth, saved, sizeof saved);
}

static uint32_t label_offset(const Translator *t, uint32_t label)
{
    return t->function->labels[label];
}

/* Slots below the depth of handlers that cover `offset` must be as their targets expect. */
static void check_handlers(Translator *t, uint32_t offset)
{
    for (uint32_t h = 0; h < t->function->handler_count; h++) {
        const ModuleHandler *handler = &t->function->handlers[h];
        LabelState *state;
        if (offset < label_offset(t, handler->start_label) ||
            offset >= label_offset(t, handler->end_label)) {
            continue;
        }
        state = &t->labels[handler->target_label];
        if (t->depth < handler->depth || !state->reached) {
            translate_fail(t, "not as deep as its handler");
            return;
        }
        for (uint32_t i = 0; i < handler->depth; i++) {
            Entry met;
            if (t->stack[i].form != FORM_SLOT) {
                materialize(t, i);
            }
            met = merged(state->entries[i], t->stack[i]);
            if (state->place >= 0) {
                if (met.kind != state->entries[i].kind || met.arity != state->entries[i].arity) {
                    translate_fail(t, "slot %u is not as its handler needs it", i);
                }
            } else {
                state->entries[i] = met;
            }
        }
    }
}

/* ---- decoding ---- */

static bool skip_numbers(Translator *t, uint64_t count)
{
    uint64_t ignored;
    while (count-- > 0) {
        if (!code_read_unsigned(&t->at, t->end, &ignored)) {
            return false;
        }
    }
    return true;
}

static bool decode(Translator *t, Decoded *d)
{
    const char *operands;
    uint32_t n = 0;
    if (*t->at >= OP_COUNT) {
        return translate_fail(t, "no instruction %u", *t->at);
    }
    d->op = (Opcode) *t->at++;
    for (operands = opcode_info[d->op].operands; *operands != '\0'; operands++) {
        uint64_t value = 0, count = 0;
        bool fine;
        switch (*operands) {
        case 's':
            fine = code_read_signed(&t->at, t->end, (int64_t *) &value);
            break;
        case 'A':
        case 'I':
        case 'R':
            fine = code_read_unsigned(&t->at, t->end, &value) &&
                   code_read_unsigned(&t->at, t->end, &count) && count < UINT32_MAX / 8;
            d->table = t->at;
            d->table_default = (uint32_t) value;
            d->table_count = (uint32_t) count;
            fine = fine && skip_numbers(t, 2 * count);
            break;
        case 'S':
            fine = code_read_unsigned(&t->at, t->end, &count) && count < TRANSLATE_MAX_SLOTS;
            d->table = t->at;
            d->table_count = (uint32_t) count;
            for (uint64_t i = 0; fine && i < count; i++) {
                uint64_t type = 0;
                fine = code_read_unsigned(&t->at, t->end, &type) &&
                       skip_numbers(t, type == SEGMENT_LITERAL ? 3 : 2);
            }
            value = count;
            break;
        default:
            fine = code_read_unsigned(&t->at, t->end, &value);
        }
        if (!fine) {
            return translate_fail(t, "the code ends inside an instruction");
        }
        d->v[n++] = value;
    }
    return true;
}

/* Every operand that names something names something there is. */
static bool check_operands(Translator *t, const Decoded *d)
{
    const Module *m = t->module;
    const char *operands = opcode_info[d->op].operands;
    for (uint32_t n = 0; operands[n] != '\0'; n++) {
        uint64_t value = d->v[n], limit;
        switch (operands[n]) {
        case 'v':
            limit = t->depth;
            break;
        case 'l':
            limit = t->function->label_count;
            break;
        case 'g':
            limit = (uint64_t) t->function->label_count + 1;
            break;
        case 'f':
            limit = m->function_count;
            break;
        case 'i':
            limit = m->import_count;
            break;
        case 'F':
            limit = m->fun_count;
            break;
        case 'a':
            limit = m->atom_count;
            break;
        case 'k':
            limit = m->literal_count;
            break;
        case 'n':
            limit = (uint64_t) 1 << 24;
            break;
        case 's':
            if (!small_fits((int64_t) value)) {
                return translate_fail(t, "%s: number too large", opcode_info[d->op].name);
            }
            continue;
        default:
            continue;
        }
        if (value >= limit) {
            return translate_fail(t, "%s: operand %u is %llu, of %llu", opcode_info[d->op].name, n,
                                  (unsigned long long) value, (unsigned long long) limit);
        }
    }
    return true;
}

static void add_lines(Translator *t, uint32_t offset)
{
    while (t->line_next < t->function->line_count &&
           t->function->lines[t->line_next].offset <= offset) {
        const ModuleLine *line = &t->function->lines[t->line_next++];
        CodeLine *added;
        if (t->line_count > t->line_start && t->lines[t->line_count - 1].offset == t->code_bytes) {
            t->line_count--;
        }
        if (t->line_count == t->line_capacity) {
            t->line_capacity = t->line_capacity * 2 + 16;
            t->lines = mem_realloc(t->lines, t->line_capacity * sizeof *t->lines);
        }
        added = &t->lines[t->line_count++];
        *added = (CodeLine){t->code_bytes, line->file, line->line};
    }
}

/* ---- a function ---- */

static int compare_labels(const void *a, const void *b, void *state)
{
    const uint32_t *labels = ((const Translator *) state)->function->labels;
    uint32_t x = *(const uint32_t *) a, y = *(const uint32_t *) b;
    return labels[x] != labels[y] ? (labels[x] < labels[y] ? -1 : 1) : (x < y ? -1 : x > y);
}

static bool check_tables(Translator *t)
{
    const ModuleFunction *f = t->function;
    if (f->arity > 255 + TRANSLATE_MAX_SLOTS / 2) {
        return translate_fail(t, "too many parameters");
    }
    if ((uint64_t) f->code_start + f->code_size > t->module->code_size) {
        return translate_fail(t, "code outside the module");
    }
    for (uint32_t i = 0; i < f->label_count; i++) {
        if (f->labels[i] > f->code_size) {
            return translate_fail(t, "label %u lies outside the function", i);
        }
    }
    for (uint32_t i = 0; i < f->handler_count; i++) {
        const ModuleHandler *h = &f->handlers[i];
        if (h->start_label >= f->label_count || h->end_label >= f->label_count ||
            h->target_label >= f->label_count || h->depth > TRANSLATE_MAX_SLOTS ||
            f->labels[h->start_label] > f->labels[h->end_label] ||
            f->labels[h->target_label] < f->labels[h->end_label]) {
            return translate_fail(t, "handler %u is malformed", i);
        }
    }
    return true;
}

static bool finish_function(Translator *t)
{
    Function *out = t->out;
    uint32_t most = code_most_frame_words;
    out->frame_words = t->deepest + 4;
    while (most < out->frame_words &&
           !atomic_compare_exchange_weak(&code_most_frame_words, &most, out->frame_words)) {
    }
    out->code_end = t->code_bytes;
    ((CodeHeader *) (t->code + out->code_offset - sizeof(CodeHeader)))->frame_words =
        out->frame_words;
    while (t->handler_count + t->function->handler_count > t->handler_capacity) {
        t->handler_capacity = t->handler_capacity * 2 + 16;
        t->handlers = mem_realloc(t->handlers, t->handler_capacity * sizeof *t->handlers);
    }
    for (uint32_t i = 0; i < t->function->handler_count; i++) {
        const ModuleHandler *handler = &t->function->handlers[i];
        const LabelState *start = &t->labels[handler->start_label];
        const LabelState *end = &t->labels[handler->end_label];
        const LabelState *target = &t->labels[handler->target_label];
        if (start->place < 0 || target->place < 0) {
            continue; /* nothing reaches it */
        }
        t->handlers[t->handler_count++] =
            (Handler){(uint32_t) start->place,
                      end->place < 0 ? (uint32_t) target->place : (uint32_t) end->place,
                      (uint32_t) target->place, handler->depth + 1};
    }
    out->handler_count = t->handler_count - t->handler_start;
    out->safepoint_count = t->safepoint_count - t->safepoint_start;
    out->line_count = t->line_count - t->line_start;
    return true;
}

static bool translate_body(Translator *t)
{
    const ModuleFunction *f = t->function;
    uint32_t next_label = 0;
    t->at = t->module->code + f->code_start;
    t->end = t->at + f->code_size;
    for (;;) {
        uint32_t offset = (uint32_t) (t->at - (t->module->code + f->code_start));
        Decoded d = {0};
        t->op_offset = offset;
        while (next_label < f->label_count && f->labels[t->label_order[next_label]] <= offset) {
            uint32_t label = t->label_order[next_label++];
            if (f->labels[label] != offset) {
                return translate_fail(t, "label %u lies inside an instruction", label);
            }
            place_label(t, label);
        }
        if (t->failed) {
            return false;
        }
        if (t->at == t->end) {
            return t->reachable ? translate_fail(t, "the function's end is reached") : true;
        }
        if (t->reachable) {
            for (uint32_t h = f->handler_count; h-- > 0;) {
                if (label_offset(t, f->handlers[h].start_label) == offset &&
                    label_offset(t, f->handlers[h].end_label) > offset) {
                    begin_handler(t, &f->handlers[h]);
                    if (t->labels[f->handlers[h].start_label].place < 0) {
                        return translate_fail(t, "a handler's start is not reached");
                    }
                }
            }
            if (f->handler_count > 0) {
                check_handlers(t, offset);
            }
            add_lines(t, offset);
        }
        if (t->failed || !decode(t, &d)) {
            return false;
        }
        if (!t->reachable) {
            continue; /* dead code */
        }
        if (t->depth + 4 + d.table_count * 2 >= t->stack_capacity) {
            uint32_t capacity = t->stack_capacity * 2 + d.table_count * 2;
            if (t->depth + 8 >= TRANSLATE_MAX_SLOTS) {
                return translate_fail(t, "over %u slots", TRANSLATE_MAX_SLOTS);
            }
            t->stack = mem_realloc(t->stack, capacity * sizeof *t->stack);
            t->stack_capacity = capacity;
        }
        uint32_t message = t->message;
        if (!check_operands(t, &d) || !check_message(t, &d) || !translate_instruction(t, &d) ||
            t->failed || !check_message_stays(t, &d, message)) {
            return false;
        }
        if (t->depth > t->deepest) {
            t->deepest = t->depth;
        }
        if (opcode_info[d.op].may & MAY_STOP) {
            t->reachable = false;
            t->last = -1;
            t->last_d = -1;
        }
    }
}

static bool translate_function(Translator *t, uint32_t index)
{
    const ModuleFunction *f = &t->module->functions[index];
    Function *out = &t->loaded->functions[index];
    CodeHeader *header;
    bool fine;
    t->function = f;
    t->function_index = index;
    t->out = out;
    t->op_offset = 0;
    if (!check_tables(t)) {
        return false;
    }
    while (t->code_bytes % 8 != 0) {
        emit_room(t, 4);
    }
    emit_room(t, sizeof(CodeHeader));
    header = (CodeHeader *) (t->code + t->code_bytes - sizeof(CodeHeader));
    code_header_init(header, 0, f->arity);
    code_header_count(header);
    header->function = out;
    out->index = index;
    out->module = t->loaded->name;
    out->name = f->name;
    out->arity = f->arity;
    out->owner = t->loaded;
    out->line = f->line;
    out->code_offset = t->code_bytes;

    if (t->stack_capacity < f->arity + 64) {
        t->stack_capacity = f->arity + 256;
        t->stack = mem_realloc(t->stack, t->stack_capacity * sizeof *t->stack);
    }
    t->depth = t->deepest = f->arity;
    t->message = NO_MESSAGE;
    for (uint32_t i = 0; i < f->arity; i++) {
        t->stack[i] = (Entry){.kind = SLOT_VALUE};
    }
    t->reachable = true;
    t->last = t->last_d = -1;
    t->patch_count = t->line_next = 0;
    t->safepoint_start = t->safepoint_count;
    t->handler_start = t->handler_count;
    t->line_start = t->line_count;
    states_forget(t);
    labels_begin(t, f->label_count);
    qsort_r(t->label_order, f->label_count, sizeof *t->label_order, compare_labels, t);
    fine = translate_body(t) && finish_function(t);
    return fine;
}

/* The tables of all functions, in one block that belongs to the module. */
static void place_tables(Translator *t)
{
    size_t handlers = t->handler_count * sizeof *t->handlers;
    size_t safepoints = t->safepoint_count * sizeof *t->safepoints;
    size_t lines = t->line_count * sizeof *t->lines;
    char *at = t->loaded->tables = mem_alloc(handlers + safepoints + lines);
    Handler *handler = (Handler *) at;
    Safepoint *safepoint = (Safepoint *) (at + handlers);
    CodeLine *line = (CodeLine *) (at + handlers + safepoints);
    if (handlers > 0) {
        memcpy(handler, t->handlers, handlers);
    }
    if (safepoints > 0) {
        memcpy(safepoint, t->safepoints, safepoints);
    }
    if (lines > 0) {
        memcpy(line, t->lines, lines);
    }
    for (uint32_t i = 0; i < t->module->function_count; i++) {
        Function *f = &t->loaded->functions[i];
        f->handlers = handler;
        f->safepoints = safepoint;
        f->lines = line;
        handler += f->handler_count;
        safepoint += f->safepoint_count;
        line += f->line_count;
    }
}

bool translate_module(Translator *t)
{
    bool fine = true;
    for (uint32_t i = 0; fine && i < t->module->function_count; i++) {
        fine = translate_function(t, i);
    }
    for (uint32_t i = 0; fine && i < t->call_count; i++) { /* function indices become distances */
        uint32_t field = t->calls_to[i], index;
        memcpy(&index, t->code + field, 4);
        put32(t, field, t->loaded->functions[index].code_offset - (field - 4));
    }
    if (fine) {
        place_tables(t);
        translate_maps(t);
    }
    states_forget(t);
    if (t->entry_block_count > 0) {
        mem_free(t->entry_blocks[0]);
    }
    mem_free(t->entry_blocks);
    mem_free(t->labels);
    mem_free(t->label_order);
    mem_free(t->stack);
    mem_free(t->patches);
    mem_free(t->calls_to);
    mem_free(t->safepoints);
    mem_free(t->handlers);
    mem_free(t->lines);
    return fine;
}
