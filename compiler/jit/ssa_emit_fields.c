/* compiler/jit/ssa_emit_fields.c
 * Building bitstrings. */
#include "compiler/jit/ssa_emit.h"

enum { WORDS_BY_C = 16 };

/* All by C: registers that live are kept. */
static void slow_build(Emitter *e, const Slow *slow)
{
    Machine *m = &e->m;
    SsaNode *node = slow->node;
    MachineLabel fails = m_label(m);
    emit_arguments(e, node);
    emit_save(e, slow);
    m_address(m, R2, node->pc);
    m_store(m, WIDTH_64, R2, m_at(R_PROCESS, offsetof(Process, pc)));
    m_move(m, R1, R_PROCESS);
    m_lea(m, R3, m_at((MachineRegister) R_ACTIVATION, (int32_t) e->runtime->activation_args));
    emit_c_call(e, (const void *) e->runtime->bs_build, true);
    if (node->condition == 0) {
        m_branch_imm(m, M_EQ, R0, (int64_t) TERM_NONE, fails);
    }
    m_move(m, emit_out(e, node), R0);
    emit_done(e, node);
    emit_restore(e, slow);
    m_jump(m, slow->resume);
    m_bind(m, fails);
    if (node->condition == 0) {
        emit_restore(e, slow);
        m_jump(m, slow->other);
    }
}

bool emit_fields(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    Slow *slow;
    if (node->op != SSA_BITS_BUILD) {
        return false;
    }
    slow = emit_slow(e, slow_build);
    slow->d = node->reg;
    slow->other = emit_exit(e, node, e->runtime->exit_interpret);
    m_lea(m, T1, m_at(R_HEAP, 8 * WORDS_BY_C));
    m_branch_mem(m, M_UGT, T1, m_at(R_PROCESS, offsetof(Process, heap.space.limit)), slow->other);
    m_jump(m, slow->label);
    m_bind(m, slow->resume);
    return true;
}
