/* compiler/jit/ssa_emit_parts.c
 * Tuples for which no room was asked: those that exits build, and those that are wanted as a whole
 * at some place where the code cannot be left. Should the heap be full, there is room elsewhere
 * (space.h). */
#include "compiler/jit/ssa_emit.h"

/* ---- at exits ---- */

/* Where the elements of a tuple are put by: the first in the highest slot, that is in the lowest
 * word, of those below `slot`. */
struct PartsPlace {
    PartsPlace *next; /* what is in it comes first */
    const SsaNode *node;
    uint32_t slot;
};

static const PartsPlace *place_of_parts(const PartsPlace *places, const SsaNode *node)
{
    while (places != NULL && places->node != node) {
        places = places->next;
    }
    return places;
}

/* Adds the tuple behind those that are in it; returns the words that this takes. */
static uint32_t add_parts(Arena *arena, PartsPlace **first, PartsPlace ***last, SsaNode *node,
                          uint32_t slot)
{
    uint32_t words = 0;
    PartsPlace *place;
    if (!ssa_is_built_by_exits(node) || place_of_parts(*first, node) != NULL) {
        return 0;
    }
    for (uint32_t i = 0; i < node->count; i++) {
        words += add_parts(arena, first, last, ssa_input(node, i), slot + words);
    }
    place = ARENA_NEW(arena, PartsPlace);
    *place = (PartsPlace){NULL, node, slot + words};
    **last = place;
    *last = &place->next;
    return words + node->count;
}

static uint32_t find_parts(Arena *arena, const SsaNode *node, uint32_t slot, PartsPlace **first)
{
    PartsPlace **last = first;
    uint32_t words = 0;
    for (uint32_t i = 0; i < node->store_count; i++) {
        words += add_parts(arena, first, &last, ssa_now(node->stores[i].value), slot + words);
    }
    return words;
}

uint32_t emit_count_parts(const Lowering *l)
{
    uint32_t most = 0;
    for (uint32_t i = 0; i < l->layout_count; i++) {
        for (SsaNode *node = l->layout[i]->first; node != NULL; node = node->next) {
            PartsPlace *places = NULL;
            uint32_t words = find_parts(&l->f->arena, node, 0, &places);
            most = words > most ? words : most;
        }
    }
    return most;
}

static MachineMemory part_memory(const PartsPlace *place, uint32_t which)
{
    return slot_memory((int32_t) (place->slot + place->node->count - 1 - which));
}

const PartsPlace *emit_store_parts(Emitter *e, const SsaNode *node)
{
    Machine *m = &e->m;
    PartsPlace *places = NULL;
    find_parts(&e->f->arena, node, e->l->spill_first + e->l->spill_count, &places);
    for (const PartsPlace *place = places; place != NULL; place = place->next) {
        for (uint32_t i = 0; i < place->node->count; i++) {
            SsaNode *part = ssa_input(place->node, i);
            MachineMemory to = part_memory(place, i);
            if (part->op == SSA_CONST) {
                m_store_imm(m, WIDTH_64, (int64_t) part->constant, to);
            } else if (ssa_rep(part) == REP_FLOAT) {
                m_fstore(m, emit_in_float(e, part, FT0), to);
            } else if (!ssa_is_built_by_exits(part)) {
                m_store(m, WIDTH_64, emit_in(e, part, T0), to);
            }
        }
    }
    return places;
}

/* Where the tuple goes once it is built: into the tuples and the slots that have it. */
static void store_built(Emitter *e, const PartsPlace *built, const SsaNode *node)
{
    Machine *m = &e->m;
    for (const PartsPlace *place = built->next; place != NULL; place = place->next) {
        for (uint32_t i = 0; i < place->node->count; i++) {
            if (ssa_input(place->node, i) == built->node) {
                m_store(m, WIDTH_64, R0, part_memory(place, i));
            }
        }
    }
    for (uint32_t i = 0; i < node->store_count; i++) {
        if (ssa_now(node->stores[i].value) == built->node) {
            m_store(m, WIDTH_64, R0, slot_memory((int32_t) node->stores[i].slot));
        }
    }
}

void emit_build_parts(Emitter *e, const PartsPlace *parts, const SsaNode *node)
{
    Machine *m = &e->m;
    for (const PartsPlace *place = parts; place != NULL; place = place->next) {
        bool is_bits = place->node->op == SSA_BITS_VIEW;
        uint64_t floats = 0;
        for (uint32_t i = 0; i < place->node->count; i++) {
            floats |= (uint64_t) (ssa_rep(ssa_input(place->node, i)) == REP_FLOAT) << i;
        }
        m_move(m, R1, R_PROCESS);
        m_lea(m, R2, part_memory(place, 0));
        m_const(m, R3, place->node->count);
        m_const(m, R4, (int64_t) floats);
        emit_c_call(
            e, is_bits ? (const void *) emit_view_by_c : (const void *) e->runtime->build_tuple,
            true);
        store_built(e, place, node);
    }
}

/* ---- in the main line ---- */

static void fill(Emitter *e, SsaNode *node, MachineRegister at, int32_t offset)
{
    Machine *m = &e->m;
    m_store_imm(m, WIDTH_64, (int64_t) HEADER(KIND_tuple, node->count), m_at(at, offset));
    for (uint32_t i = 0; i < node->count; i++) {
        const SsaNode *part = ssa_input(node, i);
        MachineMemory to = m_at(at, offset + 8 + 8 * (int32_t) i);
        if (part->op == SSA_CONST) {
            m_store_imm(m, WIDTH_64, (int64_t) part->constant, to);
        } else {
            m_store(m, WIDTH_64, emit_in(e, ssa_input(node, i), T0), to);
        }
    }
}

/* The heap is full. */
static void slow_tuple(Emitter *e, const Slow *slow)
{
    Machine *m = &e->m;
    SsaNode *node = slow->node;
    emit_save(e, slow);
    m_move(m, R1, R_PROCESS);
    m_const(m, R2, node->count + 1);
    emit_c_call(e, (const void *) e->runtime->make_room, true);
    m_move(m, T1, R0);
    emit_restore(e, slow);
    fill(e, node, T1, 0);
    m_lea(m, emit_out(e, node), m_at(T1, TAG_BOXED));
    emit_done(e, node);
    m_jump(m, slow->resume);
}

void emit_tuple_anywhere(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    int32_t bytes = 8 * ((int32_t) node->count + 1);
    Slow *slow = emit_slow(e, slow_tuple);
    slow->d = NO_REGISTER;
    m_lea(m, T1, m_at(R_HEAP, bytes));
    m_branch_mem(m, M_UGT, T1, m_at(R_PROCESS, offsetof(Process, heap.space.limit)), slow->label);
    fill(e, node, R_HEAP, 0);
    m_lea(m, emit_out(e, node), m_at(R_HEAP, TAG_BOXED));
    m_add_imm(m, R_HEAP, R_HEAP, bytes);
    emit_done(e, node);
    m_bind(m, slow->resume);
}
