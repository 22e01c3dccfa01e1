/* compiler/jit/ssa_memory.c
 * Which value each slot's memory holds, found forwards over the blocks; where ways meet, what they
 * agree on. At entries memory holds the slots that are read there; a call writes those of its
 * frame; nothing else writes. A phi whose inputs all lie in one slot lies there, too. */
#include "compiler/jit/ssa_lower.h"

typedef struct Memory {
    Ssa *f;
    uint32_t slots;
    SsaNode ***in, ***out; /* by block order, then slot; NULL: not yet seen */
} Memory;

/* Does memory that holds `held` hold `value`, as a term? */
static bool holds(const SsaNode *held, const SsaNode *value)
{
    if (held == value || held == NULL) {
        return held != NULL;
    }
    if (held->op == SSA_CONST && value->op == SSA_CONST) {
        return held->constant == value->constant;
    }
    return value->op == SSA_UNBOX && value->condition == 0 && ssa_now(value->inputs[0]) == held;
}

static bool phi_lies_in(Memory *memory, const SsaNode *phi, uint32_t slot)
{
    const SsaBlock *block = phi->block;
    for (uint32_t p = 0; p < block->predecessor_count; p++) {
        SsaNode **out = memory->out[block->predecessors[p]->order];
        if (out != NULL && !holds(out[slot], ssa_input(phi, p))) {
            return false;
        }
    }
    return true;
}

static void meet(Memory *memory, SsaBlock *block, SsaNode **state)
{
    bool first = true;
    memset(state, 0, memory->slots * sizeof *state);
    for (uint32_t p = 0; p < block->predecessor_count; p++) {
        SsaNode **out = memory->out[block->predecessors[p]->order];
        if (out == NULL) {
            continue;
        }
        for (uint32_t slot = 0; slot < memory->slots; slot++) {
            state[slot] = first || state[slot] == out[slot] ? out[slot] : NULL;
        }
        first = false;
    }
    for (SsaNode *phi = block->first; phi != NULL && phi->op == SSA_PHI; phi = phi->next) {
        for (uint32_t slot = 1; slot < memory->slots; slot++) {
            /* What all hold may be the phi itself, coming back. */
            if ((state[slot] == NULL || block->is_loop_header) && phi_lies_in(memory, phi, slot)) {
                state[slot] = phi;
            }
        }
    }
}

static void keep_constants(Memory *memory, SsaNode **state)
{
    for (uint32_t slot = 0; slot < memory->slots; slot++) {
        if (state[slot] != NULL && state[slot]->op != SSA_CONST && state[slot]->op != SSA_RAW) {
            state[slot] = NULL;
        }
    }
}

static void step(Memory *memory, SsaNode *node, SsaNode **state)
{
    if (node->op == SSA_SLOT) {
        state[node->constant] = node;
    } else if (ssa_is((SsaOp) node->op, 'K')) {
        for (uint32_t i = 0; i < node->frame->count; i++) {
            state[node->frame->slots[i].slot] = ssa_now(node->frame->slots[i].value);
        }
        if (node->op == SSA_CALL) { /* the callee writes from its frame word on */
            for (uint32_t slot = node->frame->base + (uint32_t) node->constant;
                 slot < memory->slots; slot++) {
                state[slot] = NULL;
            }
        }
        keep_constants(memory, state);
    }
}

static bool equal(Memory *memory, SsaNode **a, SsaNode **b)
{
    return memcmp(a, b, memory->slots * sizeof *a) == 0;
}

static void note_stores(Ssa *f, SsaNode *node, SsaNode **state)
{
    uint32_t count = 0;
    node->stores = NULL;
    node->store_count = 0;
    for (uint32_t i = 0; i < node->frame->count; i++) {
        SsaNode *value = ssa_now(node->frame->slots[i].value);
        count += !holds(state[node->frame->slots[i].slot], value);
    }
    if (count == 0) {
        return;
    }
    node->stores = ARENA_ZEROED(&f->arena, SsaSlot, count);
    for (uint32_t i = 0; i < node->frame->count; i++) {
        SsaSlot slot = {node->frame->slots[i].slot, ssa_now(node->frame->slots[i].value)};
        if (!holds(state[slot.slot], slot.value)) {
            node->stores[node->store_count++] = slot;
        }
    }
}

void lower_memory(Lowering *l)
{
    Ssa *f = l->f;
    Memory memory = {.f = f, .slots = f->slot_count};
    SsaNode **state = ARENA_ZEROED(&f->arena, SsaNode *, memory.slots);
    bool changed = true;
    memory.in = ARENA_ZEROED(&f->arena, SsaNode **, f->order_count);
    memory.out = ARENA_ZEROED(&f->arena, SsaNode **, f->order_count);
    while (changed) {
        changed = false;
        for (uint32_t i = 0; i < f->order_count; i++) {
            meet(&memory, f->order[i], state);
            if (memory.in[i] == NULL) {
                memory.in[i] = ARENA_ZEROED(&f->arena, SsaNode *, memory.slots);
                memory.out[i] = ARENA_ZEROED(&f->arena, SsaNode *, memory.slots);
                changed = true;
            } else if (equal(&memory, state, memory.in[i])) {
                continue;
            }
            changed = true;
            memcpy(memory.in[i], state, memory.slots * sizeof *state);
            for (SsaNode *node = f->order[i]->first; node != NULL; node = node->next) {
                step(&memory, node, state);
            }
            memcpy(memory.out[i], state, memory.slots * sizeof *state);
        }
    }
    for (uint32_t i = 0; i < f->order_count; i++) {
        memcpy(state, memory.in[i], memory.slots * sizeof *state);
        for (SsaNode *node = f->order[i]->first; node != NULL; node = node->next) {
            if (node->frame != NULL) {
                note_stores(f, node, state);
            }
            step(&memory, node, state);
        }
    }
}
