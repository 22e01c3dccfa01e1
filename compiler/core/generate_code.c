/* compiler/core/generate_code.c
 * Writing instructions: depth, labels and their landings, lines, what is put off. */
#include "compiler/core/generate_internal.h"

#include <stdio.h>

void gen_fail(Gen *g, const char *text)
{
    if (g->error->text[0] == 0) {
        g->error->at = g->at.line != 0 ? g->at : g->function->at;
        snprintf(g->error->text, sizeof g->error->text, "%s", text);
    }
}

/* Depth means nothing where the code is not reached, or was refused. */
void gen_depth(Gen *g, uint32_t pops, uint32_t pushes)
{
    ASSERT(g->depth >= pops || !g->reachable || g->error->text[0] != 0);
    g->depth = (g->depth >= pops ? g->depth - pops : 0) + pushes;
    if (UNLIKELY(g->depth > SLOTS_MAX)) {
        if (g->reachable) {
            gen_fail(g, "function is too large: it needs more than 30000 slots");
        }
        g->depth = SLOTS_MAX;
    }
}

/* ---- labels ---- */

void label_init(Label *label, uint32_t depth, bool keeps_top)
{
    *label = (Label){depth, keeps_top, NULL};
}

void label_move(Gen *g, Label *from, Label *to)
{
    *to = *from;
    if (g->jump_to == from) {
        g->jump_to = to;
    }
}

static LabelEntry *label_entry(Gen *g, Label *label, uint32_t depth)
{
    LabelEntry **at = &label->entries;
    while (*at != NULL && (*at)->depth > depth) {
        at = &(*at)->next;
    }
    if (*at == NULL || (*at)->depth != depth) {
        LabelEntry *entry = arena_alloc(g->arena, sizeof *entry);
        *entry = (LabelEntry){depth, emit_new_label(g->emitter), *at};
        *at = entry;
    }
    return *at;
}

uint32_t label_at(Gen *g, Label *label, uint32_t depth)
{
    if (depth < label->depth) {
        gen_fail(g, "internal error: a jump from above its label");
        depth = label->depth;
    }
    return label_entry(g, label, depth)->id;
}

static void write_jump(Gen *g)
{
    if (g->jump_to != NULL) {
        emit1(g->emitter, OP_jump, label_at(g, g->jump_to, g->jump_depth));
        g->jump_to = NULL;
    }
}

void gen_jump(Gen *g, Label *label)
{
    if (g->reachable) {
        g->jump_to = label;
        g->jump_depth = g->depth;
        g->reachable = false;
    }
}

/* From the depth at hand to that of an entry or the label. */
static void descend(Gen *g, const Label *label, uint32_t depth)
{
    if (g->depth > depth) {
        uint32_t count = g->depth - depth;
        if (label->keeps_top) {
            gen_slide(g, count);
        } else {
            gen_drop(g, count);
        }
    }
}

void label_place(Gen *g, Label *label)
{
    if (g->jump_to == label) {
        g->jump_to = NULL;
        g->reachable = true;
        g->depth = g->jump_depth;
    }
    if (g->reachable && label->entries != NULL && label->entries->depth > g->depth) {
        gen_jump(g, label);
    }
    write_jump(g);
    LabelEntry *entry = label->entries;
    if (!g->reachable && entry != NULL) {
        g->reachable = true;
        g->depth = entry->depth;
    }
    if (!g->reachable) {
        g->depth = label->depth;
        return;
    }
    for (; entry != NULL; entry = entry->next) {
        descend(g, label, entry->depth);
        emit_label(g->emitter, entry->id);
    }
    descend(g, label, label->depth);
}

uint32_t label_here(Gen *g)
{
    write_jump(g);
    uint32_t id = emit_new_label(g->emitter);
    emit_label(g->emitter, id);
    return id;
}

void gen_line(Gen *g, CoreAt at)
{
    if (g->reachable && at.line != 0 && (at.line != g->at.line || at.file != g->at.file)) {
        emit_line(g->emitter, at.file, at.line);
        g->at = at;
    }
}

/* ---- instructions ---- */

void gen_op(Gen *g, Opcode op, uint32_t pops, uint32_t pushes)
{
    if (g->reachable) {
        emit0(g->emitter, op);
    }
    gen_depth(g, pops, pushes);
}

void gen_op1(Gen *g, Opcode op, uint64_t a, uint32_t pops, uint32_t pushes)
{
    if (g->reachable) {
        emit1(g->emitter, op, a);
    }
    gen_depth(g, pops, pushes);
}

void gen_op2(Gen *g, Opcode op, uint64_t a, uint64_t b, uint32_t pops, uint32_t pushes)
{
    if (g->reachable) {
        emit2(g->emitter, op, a, b);
    }
    gen_depth(g, pops, pushes);
}

void gen_stop(Gen *g)
{
    g->reachable = false;
}

void gen_load(Gen *g, uint32_t slot)
{
    gen_op1(g, OP_load, slot, 0, 1);
}

void gen_literal(Gen *g, Term literal)
{
    if (term_is_small(literal)) {
        gen_op1(g, OP_int, (uint64_t) small_value(literal), 0, 1);
    } else if (term_is_nil(literal)) {
        gen_op(g, OP_nil, 0, 1);
    } else if (!g->reachable) {
        gen_depth(g, 0, 1);
    } else if (term_is_atom(literal)) {
        gen_op1(g, OP_atom, module_atom(g->module, literal), 0, 1);
    } else {
        gen_op1(g, OP_literal, module_literal(g->module, literal), 0, 1);
    }
}

void gen_hole(Gen *g)
{
    gen_op(g, OP_hole, 0, 1);
}

void gen_store(Gen *g, uint32_t slot)
{
    gen_op1(g, OP_store, slot, 1, 0);
}

void gen_drop(Gen *g, uint32_t count)
{
    if (count != 0) {
        gen_op1(g, OP_drop, count, count, 0);
    }
}

void gen_slide(Gen *g, uint32_t count)
{
    if (count != 0) {
        gen_op1(g, OP_slide, count, count + 1, 1);
    }
}

void gen_return(Gen *g)
{
    gen_op(g, OP_return, 1, 0);
    gen_stop(g);
}

void gen_test(Gen *g, Opcode op, uint32_t slot, const uint64_t operands[], uint32_t count,
              Label *label)
{
    if (!g->reachable) {
        return;
    }
    uint32_t target = label_at(g, label, g->depth);
    if (count == 0) {
        emit2(g->emitter, op, slot, target);
    } else if (count == 1) {
        emit3(g->emitter, op, slot, operands[0], target);
    } else {
        emit4(g->emitter, op, slot, operands[0], operands[1], target);
    }
}

void gen_compare(Gen *g, Opcode op, Label *label)
{
    gen_depth(g, 2, 0);
    if (g->reachable) {
        emit1(g->emitter, op, label_at(g, label, g->depth));
    }
}

uint32_t gen_guard_operand(Gen *g, uint32_t depth)
{
    return g->guard == NULL || !g->reachable ? 0 : label_at(g, g->guard, depth) + 1;
}

void gen_guarded(Gen *g, Opcode op, uint32_t pops)
{
    gen_op1(g, op, gen_guard_operand(g, g->depth - pops), pops, 1);
}

/* ---- what is put off ---- */

Cold *gen_cold(Gen *g, ColdKind kind, Term reason, CoreAt at, uint32_t depth)
{
    Cold *cold = ARENA_NEW(g->arena, Cold);
    cold->kind = kind;
    cold->reason = reason;
    cold->at = at;
    cold->next = g->cold;
    label_init(&cold->label, depth, kind == COLD_FAIL_TOP);
    g->cold = cold;
    return cold;
}

static void write_cold(Gen *g, Cold *cold)
{
    label_place(g, &cold->label);
    if (!g->reachable) {
        return;
    }
    gen_line(g, cold->at);
    uint32_t reason = module_atom(g->module, cold->reason);
    if (cold->kind == COLD_FAIL) {
        gen_op1(g, OP_fail, reason, 0, 0);
    } else {
        if (cold->kind == COLD_FAIL_VALUE) {
            gen_load(g, cold->slot);
        } else if (cold->kind == COLD_FAIL_VIRTUAL) {
            for (uint32_t i = 0; i < cold->tuple->index; i++) {
                gen_load(g, cold->tuple->elements[i]->slot);
            }
            gen_op1(g, OP_make_tuple, cold->tuple->index, cold->tuple->index, 1);
        }
        gen_op1(g, OP_fail_value, reason, 1, 0);
    }
    gen_stop(g);
}

void gen_all_cold(Gen *g, Cold *until)
{
    uint32_t depth = g->depth;
    while (g->cold != until) {
        Cold *cold = g->cold;
        g->cold = cold->next;
        if (cold->label.entries != NULL || g->jump_to == &cold->label) {
            write_cold(g, cold);
        }
    }
    g->depth = depth;
}

/* ---- the trail ---- */

uint32_t trail_mark(const Gen *g)
{
    return g->trail_count;
}

TrailEntry *trail_add(Gen *g, TrailKind kind)
{
    if (g->trail_count == g->trail_capacity) {
        g->trail_capacity = g->trail_capacity * 2 + 64;
        g->trail = mem_realloc(g->trail, g->trail_capacity * sizeof g->trail[0]);
    }
    TrailEntry *entry = &g->trail[g->trail_count++];
    entry->kind = kind;
    return entry;
}

void trail_undo(Gen *g, uint32_t mark)
{
    while (g->trail_count > mark) {
        TrailEntry *entry = &g->trail[--g->trail_count];
        if (entry->kind == TRAIL_PLACE) {
            entry->place->slot = entry->slot;
            entry->place->fact = entry->fact;
            entry->place->known = entry->known;
        } else if (entry->kind == TRAIL_DEAD) {
            entry->var->is_dead = entry->was_dead;
        } else if (entry->kind == TRAIL_OWNERS) {
            g->owners[entry->index] = entry->owners;
        } else if (entry->kind == TRAIL_SHAPE) {
            g->shapes[entry->index] = (uint8_t) entry->owners;
        } else {
            g->dying = entry->dying;
        }
    }
}
