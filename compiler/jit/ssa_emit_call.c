/* compiler/jit/ssa_emit_call.c
 * Calls and the ends of blocks. At a call all that is needed is in memory and no register is kept;
 * the callee finds R0 = its slot code's entry. All calls go through the callee's header, this
 * function's own, too: there may be newer code, or it may come to be traced. */
#include "compiler/jit/ssa_emit.h"

#include "runtime/term/atom.h"

/* R1, no fun with code of its own, may be one of an exported function. */
static void slow_export_fun(Emitter *e, const Slow *slow)
{
    call_code_export_fun(&e->m, R1, R2, (uint32_t) slow->number, slow->other);
    m_jump(&e->m, slow->resume);
}

/* R0 = the code of the fun in slot `fun_slot`; its captured values go to slots from `first_free`
 * on. What is no fun of so many arguments exits. All of the frame is in memory. */
static void load_fun(Emitter *e, SsaNode *node, int32_t fun_slot, uint32_t count,
                     int32_t first_free)
{
    Machine *m = &e->m;
    const FunRegisters r = {R1, R2, R3, R4, R5, R6};
    MachineLabel exit = emit_exit_plain(e, node);
    Slow *other = emit_slow(e, slow_export_fun);
    other->other = exit;
    other->number = count;
    m_load(m, WIDTH_64, r.fun, slot_memory(fun_slot));
    m_add_imm(m, r.from, r.fun, -TAG_BOXED);
    m_branch_bits_imm(m, M_NE, r.from, TAG_MASK, exit);
    m_branch_memory_imm(m, M_NE, WIDTH_U16, m_at(r.fun, -TAG_BOXED),
                        (int64_t) (HEADER(KIND_fun, 0) & 0xFFFF), other->label);
    call_code_fun(m, &r, count, first_free, exit);
    m_bind(m, other->resume);
}

/* R0 = the code of the function that the slots name; where they hold no atoms, that is told by the
 * interpreter. All of the frame is in memory. */
static void load_named(Emitter *e, SsaNode *node, int32_t module_slot, int32_t function_slot,
                       uint32_t arity)
{
    Machine *m = &e->m;
    MachineLabel exit = emit_exit_plain(e, node);
    m_load(m, WIDTH_64, R1, slot_memory(module_slot));
    m_load(m, WIDTH_64, R2, slot_memory(function_slot));
    m_const(m, R3, arity);
    emit_c_call(e, (const void *) e->runtime->export_named, false);
    m_branch_imm(m, M_EQ, R0, 0, exit);
    m_load(m, WIDTH_64, R0, m_at(R0, offsetof(CodeExport, entry)));
}

/* R0 = the code of what is called: a function, or what a tail call is of, the frame being at
 * `base`.
 */
static void load_callee(Emitter *e, SsaNode *node, Instruction i, int32_t base)
{
    Machine *m = &e->m;
    Code pc = node->frame->pc;
    switch (i) {
    case I_call:
    case I_tail_call:
        m_address(m, R0, pc + field_s32(pc, 4));
        break;
    case I_call_export:
    case I_tail_call_export:
        m_address(m, R0, (const void *) field_u64(pc, 8));
        m_load(m, WIDTH_64, R0, m_at(R0, offsetof(CodeExport, entry)));
        break;
    case I_tail_call_dynamic:
        load_named(e, node, base + (int32_t) field_u16(pc, 4) + 1,
                   base + (int32_t) field_u16(pc, 4) + 2, field_u16(pc, 4));
        break;
    default:
        load_fun(e, node, base + (int32_t) field_u16(pc, 4) + 1, field_u16(pc, 4),
                 base + (int32_t) field_u16(pc, 4) + 1);
    }
}

static void call(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    Instruction i = (Instruction) node->condition;
    Code pc = node->frame->pc, back = node->origin;
    int32_t hole = (int32_t) (node->frame->base + node->constant), below = 8 * (hole - 1);
    emit_stores(e, node);
    switch (i) {
    case I_call_dynamic:
        load_named(e, node, hole - 1, hole, field_u16(pc, 4));
        break;
    case I_call_fun:
        load_fun(e, node, hole, field_u16(pc, 4), hole + (int32_t) field_u16(pc, 4) + 1);
        break;
    default: /* an inlined function's last: its frame is the callee's */
        load_callee(e, node, i, hole);
    }
    if (below != 0) {
        m_lea(m, R_SP, m_at(R_SP, -below));
    }
    m_call_mem(m, m_at(R0, NATIVE_FIELD));
    m_return_point(m, return_points_add(&e->return_points, back));
    if (below != 0) {
        m_lea(m, R_SP, m_at(R_SP, below));
    }
}

static void tail_call(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    int32_t base = (int32_t) node->frame->base;
    emit_stores(e, node);
    load_callee(e, node, (Instruction) node->condition, base);
    if (base != 0) {
        m_lea(m, R_SP, m_at(R_SP, -8 * base));
    }
    m_jump_mem(m, m_at(R0, NATIVE_FIELD));
}

static bool block_calls(const SsaBlock *block)
{
    const SsaNode *node = block->first;
    while (node != NULL && !ssa_is((SsaOp) node->op, 'K')) {
        node = node->next;
    }
    return node != NULL;
}

static const SsaBlock *outermost_loop(const SsaBlock *block)
{
    while (block->loop != NULL) {
        block = block->loop;
    }
    return block->is_loop_header ? block : NULL;
}

/* Is there a call on the way from the function's start back to it? */
static bool calls_since_start(const Ssa *f, const SsaNode *again)
{
    const SsaBlock *loop = outermost_loop(again->block);
    bool calls = loop == NULL;
    for (uint32_t i = 0; i < f->order_count; i++) {
        calls |= outermost_loop(f->order[i]) == loop && block_calls(f->order[i]);
    }
    return calls;
}

/* Back to the function's start; through its header where since it began there may be newer code, or
 * calls of it may have come to be traced: a call can have done that. */
static void again(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    if (calls_since_start(e->f, node)) {
        m_address(m, T0, node->frame->pc);
        m_lea_label(m, T1, e->entry);
        m_branch_mem(m, M_NE, T1, m_at(T0, NATIVE_FIELD),
                     emit_exit(e, node, e->runtime->exit_call));
    }
    emit_count(e, node, e->runtime->exit_entry, true);
}

/* Behind a call, where inlined functions follow: calls of one may have come to be traced. Then
 * there is other code, or none. */
static void current(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    const Function *f = e->f->function;
    m_address(m, T0, f->owner->code + f->code_offset);
    m_lea_label(m, T1, e->entry);
    m_branch_mem(m, M_NE, T1, m_at(T0, NATIVE_FIELD),
                 emit_exit(e, node, e->runtime->exit_interpret));
}

/* ---- built-ins ---- */

void emit_arguments(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    MachineRegister activation = (MachineRegister) R_ACTIVATION;
    for (uint32_t i = 0; i < node->count; i++) {
        SsaNode *value = ssa_input(node, i);
        MachineMemory to = m_at(activation, (int32_t) (e->runtime->activation_args + 8 * i));
        if (value->op == SSA_CONST) {
            m_store_imm(m, WIDTH_64, (int64_t) value->constant, to);
        } else {
            m_store(m, WIDTH_64, emit_in(e, value, T0), to);
        }
    }
}

void emit_builtin(Emitter *e, const SsaNode *node, const CodeExport *export, BifFunction function)
{
    Machine *m = &e->m;
    MachineMemory reductions = m_at(R_PROCESS, offsetof(Process, reductions));
    m_store(m, WIDTH_U32, (MachineRegister) R_REDUCTIONS, reductions);
    m_address(m, R0, node->frame->pc);
    m_store(m, WIDTH_64, R0, m_at(R_PROCESS, offsetof(Process, pc)));
    m_move(m, R1, R_PROCESS);
    m_lea(m, R2, m_at((MachineRegister) R_ACTIVATION, (int32_t) e->runtime->activation_args));
    if (function != NULL) {
        emit_c_call(e, (const void *) function, true);
    } else { /* calls of it may come to be traced */
        m_address(m, R0, export);
        m_load(m, WIDTH_64, R0, m_at(R0, offsetof(CodeExport, bif)));
        emit_c_call(e, NULL, true);
    }
    m_load(m, WIDTH_S32, (MachineRegister) R_REDUCTIONS, reductions);
}

/* The value in R0 is special: an exception, or the interpreter knows what to do. */
static void slow_special(Emitter *e, const Slow *slow)
{
    Machine *m = &e->m;
    m_move(m, R2, R0);
    m_address(m, R1, slow->node->frame->pc);
    m_jump_address(m, e->runtime->special);
}

static void call_bif(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    Slow *special;
    int32_t above = 8 * (int32_t) node->frame->base; /* it may look at the frames */
    emit_arguments(e, node);
    emit_stores(e, node);
    m_sub_imm(m, (MachineRegister) R_REDUCTIONS, (MachineRegister) R_REDUCTIONS, 1);
    m_store_imm(m, WIDTH_U32, e->runtime->live_by_safepoint,
                m_at(R_PROCESS, offsetof(Process, live)));
    if (above != 0) {
        m_lea(m, R_SP, m_at(R_SP, -above));
    }
    emit_builtin(e, node, (const CodeExport *) node->constant, NULL);
    special = emit_slow(e, slow_special);
    /* TERM_NONE or TERM_TRAP: these differ in one bit. */
    m_and_imm(m, T1, R0, ~(int64_t) (TERM_NONE ^ TERM_TRAP));
    m_branch_imm(m, M_EQ, T1, (int64_t) (TERM_NONE & TERM_TRAP), special->label);
    if (above != 0) {
        m_lea(m, R_SP, m_at(R_SP, above));
    }
}

/* What the export of a known built-in has while that is not traced. */
static BifFunction untraced(const Emitter *e, const CodeExport *export)
{
    if (export->identity.module == ATOM_erlang) {
        return e->runtime->list_append;
    }
    if (strcmp(atom_name(export->identity.module), "math") == 0) {
        return e->runtime->math_sqrt;
    }
    return export->identity.arity == 1 ? e->runtime->list_reverse1 : e->runtime->list_reverse2;
}

static void is_builtin(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    const CodeExport *export = (const CodeExport *) node->constant;
    m_address(m, T0, export);
    m_address(m, T1, (const void *) untraced(e, export));
    m_branch_mem(m, M_NE, T1, m_at(T0, offsetof(CodeExport, bif)),
                 emit_exit(e, node, e->runtime->exit_interpret));
}

/* A guard's, which leaves registers alone. As in the interpreter there is room for a few words. */
static void guard_builtin(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    Slow kept = {.node = node, .d = NO_REGISTER};
    m_lea(m, T1, m_at(R_HEAP, 8 * 8));
    m_branch_mem(m, M_UGT, T1, m_at(R_PROCESS, offsetof(Process, heap.space.limit)),
                 emit_room_exit(e, node, 8));
    emit_arguments(e, node);
    emit_living(node, &kept);
    emit_save(e, &kept);
    emit_builtin(e, node, NULL, ((const CodeExport *) node->constant)->bif);
    emit_restore(e, &kept);
    if (node->condition == 0) {
        m_branch_imm(m, M_EQ, R0, (int64_t) TERM_NONE,
                     emit_exit(e, node, e->runtime->exit_interpret));
    }
    m_move(m, emit_out(e, node), R0);
    emit_done(e, node);
}

static void stack_trace(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    Slow kept = {.node = node, .d = NO_REGISTER};
    m_lea(m, T1, m_at(R_HEAP, 8 * 8));
    m_branch_mem(m, M_UGT, T1, m_at(R_PROCESS, offsetof(Process, heap.space.limit)),
                 emit_room_exit(e, node, 8));
    emit_arguments(e, node);
    emit_living(node, &kept);
    emit_save(e, &kept);
    m_move(m, R1, R_PROCESS);
    m_lea(m, R2, m_at((MachineRegister) R_ACTIVATION, (int32_t) e->runtime->activation_args));
    emit_c_call(e, (const void *) e->runtime->build_trace, true);
    emit_restore(e, &kept);
    m_move(m, emit_out(e, node), R0);
    emit_done(e, node);
}

/* ---- switches ---- */

static int by_word(const void *a, const void *b)
{
    const SsaCase *x = a, *y = b;
    return (int64_t) x->word < (int64_t) y->word ? -1 : (int64_t) x->word > (int64_t) y->word;
}

static void search(Emitter *e, const SsaBlock *block, MachineRegister value, const SsaCase *cases,
                   uint32_t count, MachineLabel otherwise)
{
    Machine *m = &e->m;
    if (count <= 4) {
        for (uint32_t i = 0; i < count; i++) {
            m_branch_imm(m, M_EQ, value, (int64_t) cases[i].word,
                         block->successors[cases[i].successor]->label);
        }
        m_jump(m, otherwise);
    } else {
        MachineLabel upper = m_label(m);
        uint32_t half = count / 2;
        m_branch_imm(m, M_GE, value, (int64_t) cases[half].word, upper);
        search(e, block, value, cases, half, otherwise);
        m_bind(m, upper);
        search(e, block, value, cases + half, count - half, otherwise);
    }
}

static bool is_dense(const SsaCase *cases, uint32_t count)
{
    return count >= 6 && term_is_small(cases[0].word) && term_is_small(cases[count - 1].word) &&
           small_value(cases[count - 1].word) - small_value(cases[0].word) < 2 * (int64_t) count;
}

static void dense(Emitter *e, const SsaBlock *block, MachineRegister value, const SsaCase *cases,
                  uint32_t count, MachineLabel otherwise)
{
    Machine *m = &e->m;
    int64_t low = small_value(cases[0].word);
    uint32_t size = (uint32_t) (small_value(cases[count - 1].word) - low + 1), at = 0;
    MachineLabel *labels = ARENA_ZEROED(&e->f->arena, MachineLabel, size);
    for (uint32_t i = 0; i < size; i++) {
        bool here = at < count && small_value(cases[at].word) == low + i;
        labels[i] = here ? block->successors[cases[at++].successor]->label : otherwise;
    }
    /* What is no small integer has bits at the top after the rotation. */
    m_sub_imm(m, T0, value, (int64_t) term_small(low));
    m_ror_imm(m, T0, T0, 2);
    m_branch_imm(m, M_UGE, T0, size, otherwise);
    m_jump_table(m, T0, labels, size);
}

static void emit_switch(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    const SsaBlock *block = node->block;
    const SsaSwitch *cases = (const SsaSwitch *) (uintptr_t) node->constant;
    SsaNode *input = ssa_input(node, 0);
    MachineRegister value = emit_in(e, input, T0);
    MachineLabel otherwise = block->successors[0]->label;
    SsaCase *sorted = ARENA_ZEROED(&e->f->arena, SsaCase, cases->case_count + 1);
    memcpy(sorted, cases->cases, cases->case_count * sizeof *sorted);
    qsort(sorted, cases->case_count, sizeof *sorted, by_word);
    if (cases->by_arity) {
        for (uint32_t i = 0; i < cases->case_count; i++) {
            sorted[i].word = HEADER(KIND_tuple, sorted[i].word);
        }
        if (input->type.kinds != IS_TUPLE) {
            m_add_imm(m, T1, value, -TAG_BOXED);
            m_branch_bits_imm(m, M_NE, T1, TAG_MASK, otherwise);
        }
        m_load(m, WIDTH_64, T0, m_at(value, -TAG_BOXED));
        search(e, block, T0, sorted, cases->case_count, otherwise);
    } else if (is_dense(sorted, cases->case_count)) {
        dense(e, block, value, sorted, cases->case_count, otherwise);
    } else {
        search(e, block, value, sorted, cases->case_count, otherwise);
    }
}

/* ---- ends ---- */

static void branch(Emitter *e, SsaNode *node, const SsaBlock *next)
{
    const SsaBlock *block = node->block;
    SsaNode *test = ssa_input(node, 0);
    if (block->successors[0] == next) {
        emit_test(e, test, false, block->successors[1]->label);
    } else {
        emit_test(e, test, true, block->successors[0]->label);
        if (block->successors[1] != next) {
            m_jump(&e->m, block->successors[1]->label);
        }
    }
}

static void give_back(Emitter *e, SsaNode *node)
{
    m_move(&e->m, R0, emit_in(e, ssa_input(node, 0), R0));
    m_return(&e->m);
}

/* Collect because the last built-in asked for it, then go on behind. */
static void collect(Emitter *e, SsaNode *node)
{
    m_branch_memory_imm(&e->m, M_NE, WIDTH_U8,
                        m_at(R_PROCESS, offsetof(Process, heap.needs_collection)), 0,
                        emit_exit(e, node, e->runtime->exit_collect));
}

bool emit_control(Emitter *e, SsaNode *node, const SsaBlock *next)
{
    Machine *m = &e->m;
    switch ((SsaOp) node->op) {
    case SSA_RESULT:
        if (node->number != 0 && node->reg != NO_REGISTER) {
            m_move(m, (MachineRegister) node->reg, R0);
        } else {
            emit_done(e, node);
        }
        return true;
    case SSA_CALL:
        call(e, node);
        return true;
    case SSA_CALL_BIF:
        call_bif(e, node);
        return true;
    case SSA_TRACE:
        stack_trace(e, node);
        return true;
    case SSA_BIF:
        guard_builtin(e, node);
        return true;
    case SSA_CURRENT:
        current(e, node);
        return true;
    case SSA_COLLECT:
        collect(e, node);
        return true;
    case SSA_IS_BUILTIN:
        is_builtin(e, node);
        return true;
    case SSA_COUNT_BUILTIN:
        m_sub_imm(m, (MachineRegister) R_REDUCTIONS, (MachineRegister) R_REDUCTIONS,
                  (int64_t) node->constant);
        return true;
    case SSA_COUNT:
        emit_count(e, node, e->runtime->exit_yield, true);
        return true;
    case SSA_ENTER:
        emit_count(e, node, e->runtime->exit_entry, true);
        return true;
    case SSA_COUNT_AHEAD:
        emit_count(e, node, e->runtime->exit_interpret, false);
        return true;
    case SSA_AGAIN:
        again(e, node);
        return true;
    case SSA_JUMP:
        if (node->block->successors[0] != next) {
            m_jump(m, node->block->successors[0]->label);
        }
        return true;
    case SSA_BRANCH:
        branch(e, node, next);
        return true;
    case SSA_SWITCH:
        emit_switch(e, node);
        return true;
    case SSA_RETURN:
        give_back(e, node);
        return true;
    case SSA_TAIL_CALL:
        tail_call(e, node);
        return true;
    case SSA_LEAVE:
        m_jump(m, emit_exit(e, node,
                            slot_code_raises(instruction_at(node->frame->pc))
                                ? e->runtime->exit_raised
                                : e->runtime->exit_interpret));
        return true;
    default:
        return false;
    }
}
