/* compiler/jit/ssa_emit_list.c
 * lists:reverse/1 and /2, and '++': the cells of one list are made anew in front of a term.
 *
 * Short lists are done in place, with one check of the heap for the longest of them; whatever is
 * left over (long lists, a full heap) C does from the start. Neither ends the life of a value. So
 * short means shorter than what takes a reduction of its own. */
#include "compiler/jit/ssa_emit.h"

enum { SHORT_MOST = 15, SHORT_BYTES = SHORT_MOST * 2 * 8 };

/* Where the heap's top would be behind the longest short list: T1's place, which is none of a
 * value.
 */
static MachineMemory short_end(const Emitter *e)
{
    return emit_save_memory(e, T1);
}

/* As the call of the built-in in slot code; what it does not do by itself (fail, take long) the
 * interpreter does once more. */
static void by_c(Emitter *e, const Slow *slow)
{
    Machine *m = &e->m;
    SsaNode *node = slow->node;
    emit_arguments(e, node);
    emit_save(e, slow);
    emit_builtin(e, node, NULL,
                 node->condition ? e->runtime->list_append : e->runtime->list_reverse2);
    emit_restore(e, slow);
    m_and_imm(m, T1, R0, ~(int64_t) (TERM_NONE ^ TERM_TRAP));
    m_branch_imm(m, M_EQ, T1, (int64_t) (TERM_NONE & TERM_TRAP), slow->other);
    m_move(m, emit_out(e, node), R0);
    emit_done(e, node);
}

/* Some cells may have been made. */
static void slow_list(Emitter *e, const Slow *slow)
{
    m_load(&e->m, WIDTH_64, R_HEAP, short_end(e));
    m_sub_imm(&e->m, R_HEAP, R_HEAP, SHORT_BYTES);
    by_c(e, slow);
    m_jump(&e->m, slow->resume);
}

/* One cell for each of the list in T0, its tail `result` if they are reversed, else the next. On at
 * slow->label if they are too many. */
static void copy_cells(Emitter *e, MachineRegister result, bool in_order, const Slow *slow)
{
    Machine *m = &e->m;
    MachineLabel again = m_label(m), end = m_label(m);
    m_sub_imm(m, T1, T0, TAG_CONS);
    m_branch_bits_imm(m, M_NE, T1, TAG_MASK, end);
    m_bind(m, again);
    m_branch_mem(m, M_EQ, R_HEAP, short_end(e), slow->label);
    m_load(m, WIDTH_64, T1, m_at(T0, -TAG_CONS));
    m_load(m, WIDTH_64, T0, m_at(T0, 8 - TAG_CONS));
    m_store(m, WIDTH_64, T1, m_at(R_HEAP, 0));
    if (in_order) {
        m_lea(m, T1, m_at(R_HEAP, 16 + TAG_CONS));
        m_store(m, WIDTH_64, T1, m_at(R_HEAP, 8));
    } else {
        m_store(m, WIDTH_64, result, m_at(R_HEAP, 8));
        m_lea(m, result, m_at(R_HEAP, TAG_CONS));
    }
    m_add_imm(m, R_HEAP, R_HEAP, 16);
    m_sub_imm(m, T1, T0, TAG_CONS);
    m_branch_bits_imm(m, M_EQ, T1, TAG_MASK, again);
    m_bind(m, end);
    m_branch_imm(m, M_NE, T0, (int64_t) TERM_NIL, slow->label);
}

static void take(Emitter *e, MachineRegister to, SsaNode *value)
{
    m_move(&e->m, to, emit_in(e, value, to));
}

static void list_onto(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    SsaNode *list = ssa_input(node, 0), *tail = ssa_input(node, 1);
    MachineRegister result = emit_out(e, node);
    Slow *slow, here = {.node = node, .d = NO_REGISTER};
    MachineLabel fails = emit_exit(e, node, e->runtime->exit_interpret);
    if (result == T0) { /* it lives in memory */
        here.other = fails;
        emit_living(node, &here);
        by_c(e, &here);
        return;
    }
    slow = emit_slow(e, slow_list);
    slow->other = fails;
    slow->d = NO_REGISTER;
    m_lea(m, T1, m_at(R_HEAP, SHORT_BYTES));
    m_store(m, WIDTH_64, T1, short_end(e));
    m_branch_mem(m, M_UGT, T1, m_at(R_PROCESS, offsetof(Process, heap.space.limit)), slow->label);
    take(e, T0, list);
    if (node->condition) {
        MachineLabel some = m_label(m), end = m_label(m);
        m_branch_imm(m, M_NE, T0, (int64_t) TERM_NIL, some);
        take(e, result, tail);
        m_jump(m, end);
        m_bind(m, some);
        m_lea(m, result, m_at(R_HEAP, TAG_CONS));
        copy_cells(e, result, true, slow);
        m_store(m, WIDTH_64, emit_in(e, tail, T1), m_at(R_HEAP, -8));
        m_bind(m, end);
    } else {
        take(e, result, tail);
        copy_cells(e, result, false, slow);
    }
    m_bind(m, slow->resume);
}

bool emit_list(Emitter *e, SsaNode *node)
{
    if (node->op != SSA_LIST_ONTO) {
        return false;
    }
    list_onto(e, node);
    return true;
}
