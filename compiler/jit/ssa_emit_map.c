/* compiler/jit/ssa_emit_map.c
 * Maps. Of small ones, whose keys are a tuple that they share, known keys are looked up and
 * replaced here; all else is C's. */
#include "compiler/jit/ssa_emit.h"
#include "runtime/term/map.h"

#define MAP_BITS ((int64_t) (HEADER(KIND_map, 0) & 0xFFFF))
enum {
    PAIRS_MOST = 3, /* that are put here */
    LENT = 15       /* where a register is kept that a map in memory has meanwhile */
};

/* ---- looking up ---- */

static void slow_map_get(Emitter *e, const Slow *slow)
{
    SsaNode *node = slow->node;
    emit_save(e, slow);
    emit_two_arguments(e, emit_in(e, ssa_input(node, 0), T0), emit_in(e, ssa_input(node, 1), T1));
    emit_c_call(e, (const void *) map_get, false);
    m_move(&e->m, emit_out(e, node), R0);
    emit_done(e, node);
    emit_restore(e, slow);
    m_jump(&e->m, slow->resume);
}

static void slow_absent(Emitter *e, const Slow *slow)
{
    m_const(&e->m, emit_out(e, slow->node), (int64_t) TERM_NONE);
    emit_done(e, slow->node);
    m_jump(&e->m, slow->other);
}

/* Small maps are searched here for keys that are words; what else there is goes to C. */
static void map_value(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    SsaNode *key = ssa_input(node, 1);
    MachineRegister map, word = key->op == SSA_CONST ? R_NONE : (MachineRegister) key->reg;
    MachineLabel next = m_label(m);
    MachineMemory place = m_at_index(T0, T1, 3, 8 - TAG_BOXED);
    Slow *slow = emit_slow(e, slow_map_get), *absent;
    slow->d = node->reg;
    if (key->op == SSA_CONST ? term_is_pointer(key->constant) : key->reg == NO_REGISTER) {
        m_jump(m, slow->label);
        m_bind(m, slow->resume);
        return;
    }
    absent = emit_slow(e, slow_absent);
    absent->other = slow->resume;
    if (word != R_NONE &&
        (key->type.kinds & ~(uint32_t) (IS_SMALL | IS_FLOAT | IS_ATOM | IS_NIL))) {
        m_and_imm(m, T1, word, 5);
        m_branch_imm(m, M_EQ, T1, 1, slow->label);
    }
    map = emit_in(e, ssa_input(node, 0), T0);
    m_branch_memory_imm(m, M_NE, WIDTH_U16, m_at(map, -TAG_BOXED), MAP_BITS, slow->label);
    m_load(m, WIDTH_U32, T1, m_at(map, 2 - TAG_BOXED)); /* words after the header */
    m_load(m, WIDTH_64, T0, m_at(map, 8 - TAG_BOXED));
    m_sub_imm(m, T1, T1, 1);
    m_bind(m, next);
    m_sub_negative_imm(m, T1, T1, 1, absent->label);
    if (word == R_NONE) {
        m_branch_memory_imm(m, M_NE, WIDTH_64, place, (int64_t) key->constant, next);
    } else {
        m_branch_mem(m, M_NE, word, place, next);
    }
    map = emit_in(e, ssa_input(node, 0), T0); /* its keys may have taken its register */
    m_load(m, WIDTH_64, emit_out(e, node), m_at_index(map, T1, 3, 16 - TAG_BOXED));
    emit_done(e, node);
    m_bind(m, absent->resume);
    m_bind(m, slow->resume);
}

/* ---- putting ---- */

static void slow_put(Emitter *e, const Slow *slow)
{
    if (slow->a != NO_REGISTER && (slow->node->kept >> slow->a & 1)) {
        m_load(&e->m, WIDTH_64, (MachineRegister) slow->a, emit_save_memory(e, LENT));
    }
    emit_build_by_c(e, slow, (const void *) e->runtime->build_map);
}

/* Is it a few known keys, which are words? */
static bool is_simple_put(const SsaNode *node)
{
    const SsaNode *map = ssa_input(node, 0);
    if (node->constant != 0 || node->count < 3 || node->count > 1 + 2 * PAIRS_MOST ||
        map->op == SSA_CONST) {
        return false;
    }
    for (uint32_t i = 1; i < node->count; i += 2) {
        const SsaNode *key = ssa_input(node, i);
        if (key->op != SSA_CONST || term_is_pointer(key->constant)) {
            return false;
        }
    }
    return true;
}

/* A register that neither the node nor its inputs have. */
static MachineRegister register_to_lend(const SsaNode *node)
{
    uint32_t taken = node->number != 0 && node->reg != NO_REGISTER ? 1u << node->reg : 0;
    for (uint32_t i = 0; i < node->count; i++) {
        const SsaNode *input = ssa_input(node, i);
        taken |= is_value(input) && input->reg != NO_REGISTER ? 1u << input->reg : 0;
    }
    /* One that holds nothing, if there is one. */
    return (MachineRegister) __builtin_ctz(
        LIVING & ~taken & ~node->kept ? LIVING & ~taken & ~node->kept : LIVING & ~taken);
}

/* A copy of the map's values, those of its keys replaced; places are kept in memory meanwhile. */
static void put_here(Emitter *e, SsaNode *node, MachineRegister map, MachineLabel slow)
{
    Machine *m = &e->m;
    SsaNode *input = ssa_input(node, 0);
    MachineLabel copy = m_label(m), copied = m_label(m);
    if (input->type.kinds != IS_MAP) {
        m_add_imm(m, T1, map, -TAG_BOXED);
        m_branch_bits_imm(m, M_NE, T1, TAG_MASK, slow);
    }
    m_branch_memory_imm(m, M_NE, WIDTH_U16, m_at(map, -TAG_BOXED), MAP_BITS, slow);
    m_load(m, WIDTH_64, T0, m_at(map, 8 - TAG_BOXED));
    for (uint32_t i = 1; i < node->count; i += 2) {
        MachineLabel next = m_label(m);
        m_load(m, WIDTH_U32, T1, m_at(map, 2 - TAG_BOXED));
        m_sub_imm(m, T1, T1, 1);
        m_bind(m, next);
        m_sub_negative_imm(m, T1, T1, 1, slow);
        m_branch_memory_imm(m, M_NE, WIDTH_64, m_at_index(T0, T1, 3, 8 - TAG_BOXED),
                            (int64_t) ssa_input(node, i)->constant, next);
        m_store(m, WIDTH_64, T1, emit_save_memory(e, i));
    }
    m_store(m, WIDTH_64, T0, m_at(R_HEAP, 8));
    m_load(m, WIDTH_64, T0, m_at(map, -TAG_BOXED));
    m_store(m, WIDTH_64, T0, m_at(R_HEAP, 0));
    m_load(m, WIDTH_U32, T1, m_at(map, 2 - TAG_BOXED));
    m_sub_imm(m, T1, T1, 1);
    m_bind(m, copy);
    m_sub_negative_imm(m, T1, T1, 1, copied);
    m_load(m, WIDTH_64, T0, m_at_index(map, T1, 3, 16 - TAG_BOXED));
    m_store(m, WIDTH_64, T0, m_at_index(R_HEAP, T1, 3, 16));
    m_jump(m, copy);
    m_bind(m, copied);
    for (uint32_t i = 1; i < node->count; i += 2) {
        SsaNode *value = ssa_input(node, i + 1);
        m_load(m, WIDTH_64, T1, emit_save_memory(e, i));
        if (value->op == SSA_CONST) {
            m_store_imm(m, WIDTH_64, (int64_t) value->constant, m_at_index(R_HEAP, T1, 3, 16));
        } else {
            m_store(m, WIDTH_64, emit_in(e, value, T0), m_at_index(R_HEAP, T1, 3, 16));
        }
    }
    m_load(m, WIDTH_U32, T1, m_at(map, 2 - TAG_BOXED));
    m_lea(m, emit_out(e, node), m_at(R_HEAP, TAG_BOXED));
    emit_done(e, node);
    m_lea(m, R_HEAP, m_at_index(R_HEAP, T1, 3, 8));
}

static void put(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    bool simple = is_simple_put(node);
    Slow *slow = emit_slow(e, slow_put);
    slow->d = node->reg;
    slow->other = emit_exit(e, node, e->runtime->exit_interpret);
    m_lea(m, T1, m_at(R_HEAP, 8 * (2 + MAP_SMALL_MAX)));
    m_branch_mem(m, M_UGT, T1, m_at(R_PROCESS, offsetof(Process, heap.space.limit)),
                 emit_room_exit(e, node, 2 + MAP_SMALL_MAX));
    slow->a = NO_REGISTER;
    if (simple && ssa_input(node, 0)->reg != NO_REGISTER) {
        put_here(e, node, (MachineRegister) ssa_input(node, 0)->reg, slow->label);
    } else if (simple) {
        MachineRegister lent = register_to_lend(node);
        bool in_use = node->kept >> lent & 1;
        slow->a = (uint8_t) lent;
        if (in_use) {
            m_store(m, WIDTH_64, lent, emit_save_memory(e, LENT));
        }
        m_load(m, WIDTH_64, lent, slot_memory(ssa_input(node, 0)->spill));
        put_here(e, node, lent, slow->label);
        if (in_use) {
            m_load(m, WIDTH_64, lent, emit_save_memory(e, LENT));
        }
    } else {
        m_jump(m, slow->label);
    }
    m_bind(m, slow->resume);
}

bool emit_map(Emitter *e, SsaNode *node)
{
    switch ((SsaOp) node->op) {
    case SSA_MAP_GET:
        map_value(e, node);
        return true;
    case SSA_MAP_PUT:
        put(e, node);
        return true;
    default:
        return false;
    }
}
