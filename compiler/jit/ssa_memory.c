/* compiler/jit/ssa_memory.c
 * Which value each slot's memory holds, found forwards over the blocks; where ways meet, what they
 * agree on. At entries memory holds the slots that are read there; a call writes those of its
 * frame; nothing else writes. A phi whose inputs all lie in one slot lies there, too. */
#include "compiler/jit/ssa_lower.h"

/* What is held where a block begins or ends, by slot. */
typedef struct Held {
    SsaSlot *slots;
    uint32_t count;
    bool is_known;
} Held;

typedef struct Memory {
    Ssa *f;
    uint32_t slot_count;
    Held *in, *out; /* by block order */
    /* where we are */
    SsaNode **state; /* by slot */
    uint64_t *set;   /* the slots that hold something */
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

/* ---- the state ---- */

static void hold(Memory *memory, uint32_t slot, SsaNode *value)
{
    uint64_t bit = (uint64_t) 1 << (slot % 64);
    memory->state[slot] = value;
    memory->set[slot / 64] =
        value != NULL ? memory->set[slot / 64] | bit : memory->set[slot / 64] & ~bit;
}

/* The first slot from `slot` on that holds something; slot_count: none. */
static uint32_t next_held(const Memory *memory, uint32_t slot)
{
    uint64_t bits;
    uint32_t w = slot / 64;
    if (slot >= memory->slot_count) {
        return memory->slot_count;
    }
    bits = memory->set[w] & ~(uint64_t) 0 << (slot % 64);
    while (bits == 0) {
        if (++w >= (memory->slot_count + 63) / 64) {
            return memory->slot_count;
        }
        bits = memory->set[w];
    }
    return 64 * w + (uint32_t) __builtin_ctzll(bits);
}

static void forget_all(Memory *memory)
{
    memset(memory->set, 0, (memory->slot_count + 63) / 64 * sizeof *memory->set);
}

static SsaNode *held_now(const Memory *memory, uint32_t slot)
{
    return memory->set[slot / 64] >> (slot % 64) & 1 ? memory->state[slot] : NULL;
}

static void load(Memory *memory, const Held *held)
{
    forget_all(memory);
    for (uint32_t i = 0; i < held->count; i++) {
        hold(memory, held->slots[i].slot, held->slots[i].value);
    }
}

/* Does it differ from what is in `held`? Then that is changed. */
static bool save(Memory *memory, Held *held)
{
    uint32_t count = 0, i = 0;
    bool same = held->is_known;
    for (uint32_t s = next_held(memory, 0); s < memory->slot_count; s = next_held(memory, s + 1)) {
        same &= count < held->count && held->slots[count].slot == s &&
                held->slots[count].value == memory->state[s];
        count++;
    }
    if (same && count == held->count) {
        return false;
    }
    if (count > held->count) {
        held->slots = ARENA_ARRAY(&memory->f->arena, SsaSlot, count);
    }
    held->count = count;
    held->is_known = true;
    for (uint32_t s = next_held(memory, 0); s < memory->slot_count; s = next_held(memory, s + 1)) {
        held->slots[i++] = (SsaSlot){s, memory->state[s]};
    }
    return true;
}

static SsaNode *find(const Held *held, uint32_t slot)
{
    uint32_t low = 0, high = held->count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (held->slots[middle].slot < slot) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < held->count && held->slots[low].slot == slot ? held->slots[low].value : NULL;
}

/* ---- where ways meet ---- */

static bool phi_lies_in(const Memory *memory, const SsaNode *phi, uint32_t slot)
{
    const SsaBlock *block = phi->block;
    for (uint32_t p = 0; p < block->predecessor_count; p++) {
        const Held *out = &memory->out[block->predecessors[p]->order];
        if (out->is_known && !holds(find(out, slot), ssa_input(phi, p))) {
            return false;
        }
    }
    return true;
}

static void meet(Memory *memory, SsaBlock *block)
{
    const Held *first = NULL;
    forget_all(memory);
    for (uint32_t p = 0; p < block->predecessor_count; p++) {
        const Held *out = &memory->out[block->predecessors[p]->order];
        if (!out->is_known) {
            continue;
        }
        if (first == NULL) {
            load(memory, out);
            first = out;
            continue;
        }
        for (uint32_t s = next_held(memory, 0), i = 0; s < memory->slot_count;
             s = next_held(memory, s + 1)) {
            while (i < out->count && out->slots[i].slot < s) {
                i++;
            }
            if (i == out->count || out->slots[i].slot != s ||
                out->slots[i].value != memory->state[s]) {
                hold(memory, s, NULL);
            }
        }
    }
    for (SsaNode *phi = block->first; phi != NULL && phi->op == SSA_PHI; phi = phi->next) {
        for (uint32_t i = 0; first != NULL && i < first->count; i++) {
            uint32_t slot = first->slots[i].slot;
            /* What all hold may be the phi itself, coming back. */
            if ((held_now(memory, slot) == NULL || block->is_loop_header) &&
                phi_lies_in(memory, phi, slot)) {
                hold(memory, slot, phi);
            }
        }
    }
}

static void keep_constants(Memory *memory)
{
    for (uint32_t s = next_held(memory, 0); s < memory->slot_count; s = next_held(memory, s + 1)) {
        if (memory->state[s]->op != SSA_CONST && memory->state[s]->op != SSA_RAW) {
            hold(memory, s, NULL);
        }
    }
}

static void step(Memory *memory, SsaNode *node)
{
    if (node->op == SSA_SLOT) {
        hold(memory, (uint32_t) node->constant, node);
    } else if (ssa_is((SsaOp) node->op, 'K')) {
        for (uint32_t i = 0; i < node->frame->count; i++) {
            hold(memory, node->frame->slots[i].slot, ssa_now(node->frame->slots[i].value));
        }
        if (node->op == SSA_CALL) { /* the callee writes from its frame word on */
            uint32_t s = node->frame->base + (uint32_t) node->constant;
            while ((s = next_held(memory, s)) < memory->slot_count) {
                hold(memory, s, NULL);
            }
        }
        keep_constants(memory);
    }
}

static void note_stores(Memory *memory, SsaNode *node)
{
    uint32_t count = 0;
    node->stores = NULL;
    node->store_count = 0;
    for (uint32_t i = 0; i < node->frame->count; i++) {
        SsaNode *value = ssa_now(node->frame->slots[i].value);
        count += !holds(held_now(memory, node->frame->slots[i].slot), value);
    }
    if (count == 0) {
        return;
    }
    node->stores = ARENA_ARRAY(&memory->f->arena, SsaSlot, count);
    for (uint32_t i = 0; i < node->frame->count; i++) {
        SsaSlot slot = {node->frame->slots[i].slot, ssa_now(node->frame->slots[i].value)};
        if (!holds(held_now(memory, slot.slot), slot.value)) {
            node->stores[node->store_count++] = slot;
        }
    }
}

void lower_memory(Lowering *l)
{
    Ssa *f = l->f;
    Memory memory = {.f = f, .slot_count = f->slot_count};
    bool changed = true;
    memory.state = ARENA_ZEROED(&f->arena, SsaNode *, memory.slot_count);
    memory.set = ARENA_ZEROED(&f->arena, uint64_t, (memory.slot_count + 63) / 64);
    memory.in = ARENA_ZEROED(&f->arena, Held, f->order_count);
    memory.out = ARENA_ZEROED(&f->arena, Held, f->order_count);
    while (changed) {
        changed = false;
        for (uint32_t i = 0; i < f->order_count; i++) {
            meet(&memory, f->order[i]);
            if (!save(&memory, &memory.in[i])) {
                continue;
            }
            changed = true;
            for (SsaNode *node = f->order[i]->first; node != NULL; node = node->next) {
                step(&memory, node);
            }
            save(&memory, &memory.out[i]);
        }
    }
    for (uint32_t i = 0; i < f->order_count; i++) {
        load(&memory, &memory.in[i]);
        for (SsaNode *node = f->order[i]->first; node != NULL; node = node->next) {
            if (node->frame != NULL) {
                note_stores(&memory, node);
            }
            step(&memory, node);
        }
    }
}
