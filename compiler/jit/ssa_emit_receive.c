/* compiler/jit/ssa_emit_receive.c
 * Messages: looking at the next one, taking it, passing it over. To wait is the interpreter's. */
#include "compiler/jit/ssa_emit.h"

#include "proc/mailbox.h"

#define SAVE_FIELD m_at(R_PROCESS, offsetof(Process, mailbox.save))
#define FLAGS_FIELD m_at(R_PROCESS, offsetof(Process, flags))

/* None is at hand, or it is not prepared: C looks. None at all: the process may be to stop. */
static void slow_peek(Emitter *e, const Slow *slow)
{
    Machine *m = &e->m;
    MachineLabel found = m_label(m);
    m_store_imm(m, WIDTH_U32, e->runtime->live_by_safepoint,
                m_at(R_PROCESS, offsetof(Process, live)));
    m_address(m, R0, slow->node->frame->pc);
    m_store(m, WIDTH_64, R0, m_at(R_PROCESS, offsetof(Process, pc)));
    m_move(m, R1, R_PROCESS);
    emit_c_call(e, (const void *) mailbox_peek, true);
    m_branch_imm(m, M_NE, R0, 0, found);
    m_branch_bits_mem(m, M_NE, WIDTH_U32, FLAGS_FIELD, PROCESS_STOP,
                      emit_exit_plain(e, slow->node));
    m_const(m, R0, (int64_t) TERM_NONE);
    m_jump(m, slow->resume);
    m_bind(m, found);
    m_load(m, WIDTH_64, R0, m_at(R0, offsetof(Message, value)));
    m_jump(m, slow->resume);
}

static void peek(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    Slow *slow = emit_slow(e, slow_peek);
    emit_stores(e, node);
    m_load(m, WIDTH_64, R0, SAVE_FIELD);
    m_load(m, WIDTH_64, R0, m_at(R0, 0));
    m_branch_imm(m, M_EQ, R0, 0, slow->label);
    m_branch_bits_mem(m, M_NE, WIDTH_U32, FLAGS_FIELD, PROCESS_STOP, slow->label);
    m_branch_bits_mem(m, M_EQ, WIDTH_U32, m_at(R0, offsetof(Message, flags)), MESSAGE_PREPARED,
                      slow->label);
    m_load(m, WIDTH_64, R0, m_at(R0, offsetof(Message, value)));
    m_bind(m, slow->resume);
}

/* C does it, and no register is lost. */
static void by_c(Emitter *e, SsaNode *node, const void *function)
{
    Machine *m = &e->m;
    Slow kept = {.node = node, .d = NO_REGISTER};
    emit_living(node, &kept);
    emit_save(e, &kept);
    if (node->count > 0) {
        m_move(m, R2, emit_in(e, ssa_input(node, 0), R2));
    }
    m_move(m, R1, R_PROCESS);
    emit_c_call(e, function, true);
    emit_restore(e, &kept);
}

bool emit_receive(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    switch ((SsaOp) node->op) {
    case SSA_PEEK:
        peek(e, node);
        return true;
    case SSA_TAKE:
        /* When a collection is due, the interpreter sees to it that it comes soon. */
        m_branch_memory_imm(m, M_NE, WIDTH_U8,
                            m_at(R_PROCESS, offsetof(Process, heap.needs_collection)), 0,
                            emit_exit(e, node, e->runtime->exit_interpret));
        by_c(e, node, (const void *) e->runtime->receive_take);
        return true;
    case SSA_PASS:
        m_load(m, WIDTH_64, T0, SAVE_FIELD);
        m_load(m, WIDTH_64, T0, m_at(T0, 0));
        m_add_imm(m, T0, T0, offsetof(Message, next));
        m_store(m, WIDTH_64, T0, SAVE_FIELD);
        return true;
    case SSA_RECEIVE_FROM:
        by_c(e, node, (const void *) mailbox_start_from);
        return true;
    default:
        return false;
    }
}
