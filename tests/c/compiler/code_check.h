/* tests/c/compiler/code_check.h
 * A second opinion on bytecode, independent of the loader's verifier: walks each function once and
 * keeps the depth and the kind of every slot. */
#include "compiler/bytecode/module.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct CheckState {
    bool is_known;
    uint32_t depth;
    char *kinds; /* n none, v value, b bits, p position, e end, t trace */
} CheckState;

typedef struct Check {
    const Module *module;
    const ModuleFunction *function;
    CheckState *labels;
    CheckState now;
    bool is_reachable, has_failed;
    uint32_t offset;
    char *error;
} Check;

static char kinds_now[65536];

static void check_fail(Check *c, const char *format, ...)
{
    if (c->has_failed) {
        return;
    }
    c->has_failed = true;
    char text[200];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    snprintf(c->error, 400, "%s/%u at %u: %s", atom_name(c->function->name), c->function->arity,
             c->offset, text);
}

static void check_push(Check *c, char kind)
{
    if (c->now.depth >= 32000) {
        check_fail(c, "too deep");
        return;
    }
    c->now.kinds[c->now.depth++] = kind;
}

static char check_pop(Check *c)
{
    if (c->now.depth == 0) {
        check_fail(c, "nothing to pop");
        return 'v';
    }
    return c->now.kinds[--c->now.depth];
}

static void check_pop_kind(Check *c, char kind)
{
    char got = check_pop(c);
    if (got != kind) {
        check_fail(c, "pops %c where %c is", kind, got);
    }
}

static void check_slot(Check *c, uint64_t slot, char kind)
{
    if (slot >= c->now.depth || c->now.kinds[slot] != kind) {
        check_fail(c, "slot %u is not %c", (unsigned) slot, kind);
    }
}

static void check_goto(Check *c, uint64_t label, bool is_back)
{
    if (label >= c->function->label_count) {
        check_fail(c, "no label %u", (unsigned) label);
        return;
    }
    if ((c->function->labels[label] <= c->offset) != is_back) {
        check_fail(c, "a jump the wrong way");
        return;
    }
    CheckState *to = &c->labels[label];
    if (!to->is_known) {
        to->is_known = true;
        to->depth = c->now.depth;
        to->kinds = malloc(c->now.depth + 1);
        memcpy(to->kinds, c->now.kinds, c->now.depth);
        return;
    }
    if (to->depth != c->now.depth) {
        check_fail(c, "label %u has depth %u, not %u", (unsigned) label, to->depth, c->now.depth);
        return;
    }
    for (uint32_t i = 0; i < to->depth; i++) {
        if (to->kinds[i] != c->now.kinds[i]) {
            if (is_back && to->kinds[i] != 'n') {
                check_fail(c, "slot %u differs at the loop", i);
            }
            to->kinds[i] = 'n';
        }
    }
}

/* The handler whose range starts here gets what there is at the start, at least. */
static void check_range_start(Check *c)
{
    for (uint32_t i = 0; i < c->function->handler_count && c->is_reachable; i++) {
        const ModuleHandler *h = &c->function->handlers[i];
        if (c->function->labels[h->start_label] != c->offset || c->now.depth != h->depth) {
            continue;
        }
        memcpy(c->now.kinds + h->depth, "vvt", 3);
        c->now.depth = h->depth + 3;
        check_goto(c, h->target_label, false);
        c->now.depth = h->depth;
    }
}

/* Before the instruction at the offset: labels there, handlers that start or end. */
static void check_labels(Check *c)
{
    for (uint32_t i = 0; i < c->function->label_count; i++) {
        CheckState *label = &c->labels[i];
        if (c->function->labels[i] != c->offset) {
            continue;
        }
        if (label->is_known && c->is_reachable) {
            uint32_t offset = c->offset;
            c->offset = offset == 0 ? 0 : offset - 1;
            check_goto(c, i, false);
            c->offset = offset;
        }
        if (label->is_known) {
            c->is_reachable = true;
            c->now.depth = label->depth;
            memcpy(c->now.kinds, label->kinds, label->depth);
        } else if (c->is_reachable) { /* a loop's */
            label->is_known = true;
            label->depth = c->now.depth;
            label->kinds = malloc(c->now.depth + 1);
            memcpy(label->kinds, c->now.kinds, c->now.depth);
        }
    }
}

/* An exception here may go to the innermost handler around. */
static void check_handlers(Check *c)
{
    for (uint32_t i = 0; i < c->function->handler_count; i++) {
        const ModuleHandler *h = &c->function->handlers[i];
        uint32_t start = c->function->labels[h->start_label];
        uint32_t end = c->function->labels[h->end_label];
        if (c->offset < start || c->offset >= end) {
            continue;
        }
        if (c->now.depth < h->depth) {
            check_fail(c, "above its handler's depth");
            return;
        }
        uint32_t depth = c->now.depth;
        char saved[3];
        memcpy(saved, c->now.kinds + h->depth, 3);
        memcpy(c->now.kinds + h->depth, "vvt", 3);
        c->now.depth = h->depth + 3;
        check_goto(c, h->target_label, false);
        c->now.depth = depth;
        memcpy(c->now.kinds + h->depth, saved, 3);
        return;
    }
}

static void check_bits(Check *c, uint64_t slot)
{
    check_slot(c, slot, 'b');
    check_slot(c, slot + 1, 'p');
    check_slot(c, slot + 2, 'e');
}

static uint64_t check_number(Check *c, const uint8_t **at, const uint8_t *end)
{
    uint64_t value = 0;
    if (!code_read_unsigned(at, end, &value)) {
        check_fail(c, "code ends in an instruction");
    }
    return value;
}

static void check_instruction(Check *c, const uint8_t **at, const uint8_t *end)
{
    Opcode op = (Opcode) * (*at)++;
    if (op >= OP_COUNT) {
        check_fail(c, "no opcode %d", op);
        return;
    }
    const OpcodeInfo *info = &opcode_info[op];
    uint64_t v[8];
    uint32_t n = 0, table = 0, segments_pop = 0;
    uint64_t labels[8], *table_labels = NULL;
    uint32_t label_count = 0;
    uint64_t count = 0;
    for (const char *o = info->operands; *o != 0 && !c->has_failed; o++) {
        if (*o == 'A' || *o == 'I' || *o == 'R') {
            labels[label_count++] = check_number(c, at, end);
            table = (uint32_t) check_number(c, at, end);
            table_labels = malloc((table + 1) * sizeof table_labels[0]);
            for (uint32_t i = 0; i < table; i++) {
                check_number(c, at, end);
                table_labels[i] = check_number(c, at, end);
            }
            continue;
        }
        if (*o == 'S') {
            uint32_t segments = (uint32_t) check_number(c, at, end);
            for (uint32_t i = 0; i < segments; i++) {
                uint64_t type = check_number(c, at, end);
                check_number(c, at, end);
                uint64_t flags = check_number(c, at, end);
                if (type == SEGMENT_LITERAL) {
                    check_number(c, at, end);
                } else {
                    segments_pop += flags & SEGMENT_SIZED ? 2 : 1;
                }
            }
            continue;
        }
        v[n] = check_number(c, at, end);
        if (*o == 'n') {
            count = v[n];
        } else if (*o == 'l') {
            labels[label_count++] = v[n];
        } else if (*o == 'g' && v[n] != 0) {
            labels[label_count++] = v[n] - 1;
        }
        n++;
    }
    if (c->has_failed || !c->is_reachable) {
        free(table_labels);
        return;
    }
    if (info->may & (MAY_RAISE | MAY_CALL)) {
        check_handlers(c);
    }
    const char *name = info->name;
    bool is_bits = strncmp(name, "bs_", 3) == 0 && op != OP_bs_start && op != OP_bs_build;
    if (is_bits) {
        check_bits(c, v[0]);
    } else if (info->operands[0] == 'v' && op != OP_store && op != OP_load && op != OP_kill) {
        check_slot(c, v[0], 'v');
    }
    uint32_t pops = info->pops >= 0              ? (uint32_t) info->pops
                    : info->pops == POPS_N       ? (uint32_t) count
                    : info->pops == POPS_N1      ? (uint32_t) count + 1
                    : info->pops == POPS_N2      ? (uint32_t) count + 2
                    : info->pops == POPS_2N      ? (uint32_t) count * 2
                    : info->pops == POPS_2N1     ? (uint32_t) count * 2 + 1
                                                 : segments_pop;
    char top = c->now.depth > 0 ? c->now.kinds[c->now.depth - 1] : 'n';
    switch (op) {
    case OP_drop:
        for (uint32_t i = 0; i < pops; i++) {
            check_pop(c);
        }
        break;
    case OP_slide:
        check_pop_kind(c, 'v');
        for (uint32_t i = 0; i + 1 < pops; i++) {
            check_pop(c);
        }
        break;
    case OP_call:
    case OP_call_import:
        for (uint32_t i = 0; i + 1 < pops; i++) {
            check_pop_kind(c, 'v');
        }
        check_pop_kind(c, 'n');
        break;
    case OP_raise:
        check_pop_kind(c, 't');
        check_pop_kind(c, 'v');
        check_pop_kind(c, 'v');
        break;
    case OP_build_trace: check_pop_kind(c, 't'); break;
    case OP_bs_restore: check_pop_kind(c, 'p'); break;
    default:
        for (uint32_t i = 0; i < pops; i++) {
            check_pop_kind(c, 'v');
        }
    }
    bool is_back = op == OP_loop || op == OP_receive_next || op == OP_receive_wait ||
                   op == OP_receive_wait_until;
    for (uint32_t i = 0; i < label_count; i++) {
        check_goto(c, labels[i], is_back);
    }
    for (uint32_t i = 0; i < table; i++) {
        check_goto(c, table_labels[i], false);
    }
    free(table_labels);
    switch (op) {
    case OP_store:
        if (v[0] >= c->now.depth) {
            check_fail(c, "store above the stack");
        } else {
            c->now.kinds[v[0]] = top;
        }
        break;
    case OP_load:
        if (v[0] >= c->now.depth || c->now.kinds[v[0]] == 'n') {
            check_fail(c, "load of slot %u, which holds nothing", (unsigned) v[0]);
        } else {
            check_push(c, c->now.kinds[v[0]]);
        }
        break;
    case OP_kill:
        if (v[0] >= c->now.depth) {
            check_fail(c, "kill above the stack");
        } else {
            c->now.kinds[v[0]] = 'n';
        }
        break;
    case OP_hole: check_push(c, 'n'); break;
    case OP_bs_start:
        check_push(c, 'b');
        check_push(c, 'p');
        check_push(c, 'e');
        break;
    case OP_bs_position: check_push(c, 'p'); break;
    default:
        for (int i = 0; i < info->pushes; i++) {
            check_push(c, 'v');
        }
    }
    if ((op == OP_tail_call || op == OP_call) && v[1] < c->module->function_count &&
        c->module->functions[v[1]].arity != v[0]) {
        check_fail(c, "call with %u arguments of a function of %u", (unsigned) v[0],
                   c->module->functions[v[1]].arity);
    }
    if (op == OP_make_fun && c->module->funs[v[0]].free_count != v[1]) {
        check_fail(c, "fun with the wrong number of captured values");
    }
    if (info->may & MAY_STOP) {
        c->is_reachable = false;
    }
}

static bool check_function(const Module *module, const ModuleFunction *function, char *error)
{
    Check check = {.module = module, .function = function, .error = error, .is_reachable = true};
    check.labels = calloc(function->label_count + 1, sizeof check.labels[0]);
    check.now.kinds = kinds_now;
    check.now.depth = function->arity;
    memset(kinds_now, 'v', function->arity);
    const uint8_t *start = module->code + function->code_start, *at = start;
    const uint8_t *end = start + function->code_size;
    /* labels by offset would be faster; functions of tests are small */
    while (at < end && !check.has_failed) {
        check.offset = (uint32_t) (at - start);
        check_labels(&check);
        check_range_start(&check);
        if (!check.is_reachable) {
            check_fail(&check, "code that nothing reaches");
            break;
        }
        check_instruction(&check, &at, end);
    }
    check.offset = function->code_size;
    if (!check.has_failed && check.is_reachable) {
        check_fail(&check, "code runs off the end");
    }
    for (uint32_t i = 0; i < function->label_count; i++) {
        free(check.labels[i].kinds);
    }
    free(check.labels);
    return !check.has_failed;
}

static bool check_module(const Module *module, char error[512])
{
    for (uint32_t i = 0; i < module->function_count; i++) {
        if (!check_function(module, &module->functions[i], error)) {
            return false;
        }
    }
    return true;
}
