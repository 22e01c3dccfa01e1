/* compiler/jit/ssa_emit_fields.c
 * Building bitstrings: fields of known sizes here (field_code.c), the rest by C.
 *
 * That takes more registers than there are for the moment. Others are lent; what lives in them is
 * in memory meanwhile. */
#include "compiler/jit/field_code.h"
#include "compiler/jit/ssa_emit.h"

enum {
    WORDS_BY_C = 16,
    LENT_MOST = 2,
    LENT = 14 /* where they are kept: no register that lives has that number */
};

typedef struct Lent {
    uint32_t taken;         /* registers that cannot be lent */
    uint8_t reg[LENT_MOST]; /* that are, and in use: kept in memory, in this order */
    uint32_t count;
} Lent;

static MachineMemory lent_memory(const Emitter *e, uint32_t which)
{
    return emit_save_memory(e, LENT + which);
}

/* Registers that the node and its inputs have. */
static uint32_t registers_of(const SsaNode *node)
{
    uint32_t taken = node->number != 0 && node->reg != NO_REGISTER ? 1u << node->reg : 0;
    for (uint32_t i = 0; i < node->count; i++) {
        const SsaNode *input = ssa_input(node, i);
        taken |= is_value(input) && input->reg != NO_REGISTER ? 1u << input->reg : 0;
    }
    return taken;
}

/* One that holds nothing, if there is one. */
static MachineRegister lend(Emitter *e, const SsaNode *node, Lent *lent)
{
    uint32_t free = LIVING & ~lent->taken, idle = free & ~node->kept;
    MachineRegister reg = (MachineRegister) __builtin_ctz(idle != 0 ? idle : free);
    lent->taken |= 1u << reg;
    if (idle == 0) {
        m_store(&e->m, WIDTH_64, reg, lent_memory(e, lent->count));
        lent->reg[lent->count++] = (uint8_t) reg;
    }
    return reg;
}

static void take_back(Emitter *e, const Lent *lent)
{
    for (uint32_t i = 0; i < lent->count; i++) {
        m_load(&e->m, WIDTH_64, (MachineRegister) lent->reg[i], lent_memory(e, i));
    }
}

/* ---- by C ---- */

static void slow_build(Emitter *e, const Slow *slow)
{
    const Lent *lent = (const Lent *) (uintptr_t) slow->number;
    if (lent != NULL) {
        take_back(e, lent);
    }
    emit_build_by_c(e, slow, (const void *) e->runtime->bs_build);
}

/* ---- here ---- */

static bool constant_of(void *state, uint32_t operand, Term *value)
{
    const SsaNode *input = ssa_input(((Emitter *) state)->node, operand);
    *value = input->constant;
    return input->op == SSA_CONST;
}

static uint32_t kinds_of_operand(void *state, uint32_t operand)
{
    return ssa_input(((Emitter *) state)->node, operand)->type.kinds;
}

static MachineRegister value_of(void *state, uint32_t operand, MachineRegister into)
{
    Emitter *e = state;
    return emit_in(e, ssa_input(e->node, operand), into);
}

/* Those of inputs and result leave enough: an append has one register for what it appends to. */
static bool can_lend(const SsaNode *node)
{
    return __builtin_popcount(LIVING & ~registers_of(node)) >= LENT_MOST;
}

static void build_here(Emitter *e, SsaNode *node, const FieldSource *source, const Fields *fields,
                       Slow *slow)
{
    Lent *lent = ARENA_ZEROED(&e->f->arena, Lent, 1);
    FieldRegisters r = {.d = emit_out(e, node), .t = T1};
    lent->taken = registers_of(node);
    r.base = r.d != T0 ? T0 : lend(e, node, lent);
    r.gathered = lend(e, node, lent);
    slow->number = (uint64_t) (uintptr_t) lent;
    fields_build(source, fields, &r, slow->label);
    emit_done(e, node);
    take_back(e, lent);
}

bool emit_fields(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    FieldSource source = {m, e, constant_of, kinds_of_operand, value_of};
    Fields fields;
    Slow *slow;
    uint32_t words = WORDS_BY_C;
    bool here;
    if (node->op != SSA_BITS_BUILD) {
        return false;
    }
    here = fields_plan(&fields, (const SegmentList *) node->constant, &source) && can_lend(node);
    if (here && fields_words(&fields) > words) {
        words = fields_words(&fields);
    }
    slow = emit_slow(e, slow_build);
    slow->d = node->reg;
    slow->other = emit_exit(e, node, e->runtime->exit_interpret);
    m_lea(m, T1, m_at(R_HEAP, 8 * (int32_t) words));
    m_branch_mem(m, M_UGT, T1, m_at(R_PROCESS, offsetof(Process, heap.space.limit)),
                 emit_room_exit(e, node, words));
    if (here) {
        build_here(e, node, &source, &fields, slow);
    } else {
        m_jump(m, slow->label);
    }
    m_bind(m, slow->resume);
    return true;
}
