/* compiler/jit/quick_call.c
 * Calls, returns, loops, built-ins, receive. At a call every needed slot is in memory and no value
 * stays in a register; the callee finds R0 = its slot code's entry. */
#include "compiler/jit/quick_internal.h"

/* All that the callee, a collection and the way on need is in memory. */
static void settle(Quick *q)
{
    state_flush(q, q->at[q->now].live);
    state_clear(q);
    q->heap_ready = 0;
}

/* The call itself, of the code that R0 names. This function's own goes through its header as others
 * do: there may be better code by then. */
static void call(Quick *q, Code back)
{
    int32_t below = 8 * (frame_info(back)->slots - 1);
    Machine *m = &q->m;
    if (below != 0) {
        m_lea(m, R_SP, m_at(R_SP, -below));
    }
    m_call_mem(m, m_at(R0, NATIVE_FIELD));
    m_return_point(m, return_points_add(&q->return_points, back));
    if (below != 0) {
        m_lea(m, R_SP, m_at(R_SP, below));
    }
    q->pinned = 1u << R0;
    state_define(q, frame_info(back)->slots, R0, IS_ANY);
}

static Code function_at(const Quick *q)
{
    return q->pc + field_s32(q->pc, 4);
}

/* R0 = the code of the fun in the slot; its captured values go to slots from `first_free` on. What
 * is no fun of so many arguments exits. */
static void load_fun(Quick *q, uint32_t fun_slot, uint32_t count, uint32_t first_free)
{
    Machine *m = &q->m;
    MachineRegister fun = state_use(q, fun_slot);
    FunRegisters r = {.fun = fun};
    MachineLabel exit = quick_exit(q), other = m_label(m), done = m_label(m);
    r.entry = state_temporary(q);
    r.left = state_temporary(q);
    r.from = state_temporary(q);
    r.to = state_temporary(q);
    r.value = state_temporary(q);
    state_flush(q, q->at[q->now].live);
    if (state_kinds(q, fun_slot) & ~IS_BOXED) {
        m_add_imm(m, r.from, fun, -TAG_BOXED);
        m_branch_bits_imm(m, M_NE, r.from, TAG_MASK, exit);
    }
    m_branch_memory_imm(m, M_NE, WIDTH_U16, m_at(fun, -TAG_BOXED),
                        (int64_t) (HEADER(KIND_fun, 0) & 0xFFFF), other);
    call_code_fun(m, &r, count, (int32_t) first_free, exit);
    m_jump(m, done);
    m_bind(m, other);
    call_code_export_fun(m, fun, r.entry, count, exit);
    m_bind(m, done);
}

static void call_fun(Quick *q)
{
    uint32_t count = field_u16(q->pc, 4);
    Code back = q->pc + instruction_bytes[I_call_fun];
    uint32_t hole = frame_info(back)->slots;
    load_fun(q, hole, count, hole + count + 1);
    settle(q);
    call(q, back);
}

static void tail_call_fun(Quick *q)
{
    uint32_t count = field_u16(q->pc, 4);
    load_fun(q, count + 1, count, count + 1);
    settle(q);
    m_jump_mem(&q->m, m_at(R0, NATIVE_FIELD));
    q->reachable = false;
}

static void return_value(Quick *q, uint32_t slot)
{
    const Known *known = state_find(q, slot);
    if (known != NULL && known->is_constant) {
        m_const(&q->m, R0, (int64_t) known->constant);
    } else if (known != NULL && known->reg != R_NONE) {
        m_move(&q->m, R0, (MachineRegister) known->reg);
    } else {
        m_load(&q->m, WIDTH_64, R0, slot_memory(slot));
    }
    m_return(&q->m);
    q->reachable = false;
}

/* R0 = the code of the function that the slots name; where they hold no atoms, that is told by the
 * interpreter. */
static void load_named(Quick *q, uint32_t module_slot, uint32_t function_slot, uint32_t arity)
{
    Machine *m = &q->m;
    settle(q);
    m_load(m, WIDTH_64, R1, slot_memory(module_slot));
    m_load(m, WIDTH_64, R2, slot_memory(function_slot));
    m_const(m, R3, arity);
    quick_c_call(q, (const void *) q->runtime->export_named, false);
    m_branch_imm(m, M_EQ, R0, 0, quick_exit(q));
    m_load(m, WIDTH_64, R0, m_at(R0, offsetof(CodeExport, entry)));
}

static void call_dynamic(Quick *q)
{
    Code back = q->pc + instruction_bytes[I_call_dynamic];
    uint32_t hole = frame_info(back)->slots;
    load_named(q, hole - 1, hole, field_u16(q->pc, 4));
    call(q, back);
}

static void tail_call_dynamic(Quick *q)
{
    uint32_t count = field_u16(q->pc, 4);
    load_named(q, count + 1, count + 2, count);
    m_jump_mem(&q->m, m_at(R0, NATIVE_FIELD));
    q->reachable = false;
}

/* ---- built-ins ---- */

/* Operands into the activation's array. All that is needed is in memory. */
void quick_gather(Quick *q)
{
    uint32_t count = field_u16(q->pc, 6);
    for (uint32_t i = 0; i < count; i++) {
        int32_t operand = field_s16(q->pc, 24 + 2 * i);
        MachineMemory to =
            m_at((MachineRegister) R_ACTIVATION, (int32_t) (q->runtime->activation_args + 8 * i));
        if (operand < 0) {
            MachineRegister reg = state_use(q, (uint32_t) -operand);
            m_store(&q->m, WIDTH_64, reg, to);
            q->pinned = 0;
        } else {
            m_store_imm(&q->m, WIDTH_64, (int64_t) field_u64(q->pc, 4 * (uint32_t) operand), to);
        }
    }
}

static void call_builtin(Quick *q, const CodeExport *export)
{
    Machine *m = &q->m;
    MachineMemory reductions = m_at(R_PROCESS, offsetof(Process, reductions));
    quick_gather(q);
    state_before_c(q);
    m_store(m, WIDTH_U32, (MachineRegister) R_REDUCTIONS, reductions);
    m_address(m, R0, q->pc);
    m_store(m, WIDTH_64, R0, m_at(R_PROCESS, offsetof(Process, pc)));
    m_move(m, R1, R_PROCESS);
    m_lea(m, R2, m_at((MachineRegister) R_ACTIVATION, (int32_t) q->runtime->activation_args));
    if (instruction_at(q->pc) == I_bif) {
        quick_c_call(q, (const void *) export->bif, true);
    } else { /* calls of it may come to be traced */
        m_address(m, R0, export);
        m_load(m, WIDTH_64, R0, m_at(R0, offsetof(CodeExport, bif)));
        quick_c_call(q, NULL, true);
    }
    m_load(m, WIDTH_S32, (MachineRegister) R_REDUCTIONS, reductions);
    q->heap_ready = 0;
}

static void guard_builtin(Quick *q)
{
    const CodeExport *export = (const CodeExport *) field_u64(q->pc, 16);
    int32_t fails = field_s32(q->pc, 12);
    MachineLabel none;
    if (quick_inline_builtin(q, export)) {
        return;
    }
    quick_heap(q, 8);
    q->heap_ready = 0;
    call_builtin(q, export);
    q->pinned |= 1u << R0;
    none = fails != 0 ? quick_branch_target(q, fails) : quick_exit(q);
    m_branch_imm(&q->m, M_EQ, R0, (int64_t) TERM_NONE, none);
    state_define(q, slot_of(q, 4), R0, IS_ANY);
}

static void emit_special(Quick *q, const Stub *stub)
{
    m_move(&q->m, R2, R0);
    m_const(&q->m, R1, q->at[stub->at].offset - q->function->code_offset);
    m_jump(&q->m, q->bif_at);
}

static void call_bif(Quick *q)
{
    const CodeExport *export = (const CodeExport *) field_u64(q->pc, 16);
    MachineRegister tag;
    Machine *m = &q->m;
    Stub *special;
    m_sub_imm(m, (MachineRegister) R_REDUCTIONS, (MachineRegister) R_REDUCTIONS, 1);
    m_store_imm(m, WIDTH_U32, q->runtime->live_by_safepoint,
                m_at(R_PROCESS, offsetof(Process, live)));
    call_builtin(q, export);
    q->pinned |= 1u << R0;
    tag = state_temporary(q);
    special = quick_stub(q, emit_special);
    q->has_bif = true;
    /* TERM_NONE or TERM_TRAP: these differ in one bit. */
    m_and_imm(m, tag, R0, ~(int64_t) (TERM_NONE ^ TERM_TRAP));
    m_branch_imm(m, M_EQ, tag, (int64_t) (TERM_NONE & TERM_TRAP), special->label);
    state_define(q, slot_of(q, 4), R0, IS_ANY);
    m_branch_memory_imm(m, M_NE, WIDTH_U8,
                        m_at(R_PROCESS, offsetof(Process, heap.needs_collection)), 0,
                        quick_collect_after(q));
}

void quick_call(Quick *q, Instruction i)
{
    Machine *m = &q->m;
    Code back = q->pc + instruction_bytes[i];
    switch (i) {
    case I_loop:
        quick_loop_back(q, quick_target(q, field_s32(q->pc, 4)), UINT32_MAX);
        break;
    case I_bif:
        guard_builtin(q);
        break;
    case I_call_bif:
        call_bif(q);
        break;
    case I_call:
        settle(q);
        m_address(m, R0, function_at(q));
        call(q, back);
        break;
    case I_call_export:
        settle(q);
        m_address(m, R0, (const void *) field_u64(q->pc, 8));
        m_load(m, WIDTH_64, R0, m_at(R0, offsetof(CodeExport, entry)));
        call(q, back);
        break;
    case I_call_fun:
        call_fun(q);
        break;
    case I_tail_call:
        if (function_at(q) == q->code + q->function->code_offset) {
            quick_loop_back(q, 0, q->entry_slow);
            break;
        }
        settle(q);
        m_address(m, R0, function_at(q));
        m_jump_mem(m, m_at(R0, NATIVE_FIELD));
        q->reachable = false;
        break;
    case I_tail_call_export:
        settle(q);
        m_address(m, R0, (const void *) field_u64(q->pc, 8));
        m_load(m, WIDTH_64, R0, m_at(R0, offsetof(CodeExport, entry)));
        m_jump_mem(m, m_at(R0, NATIVE_FIELD));
        q->reachable = false;
        break;
    case I_tail_call_fun:
        tail_call_fun(q);
        break;
    case I_return:
        return_value(q, slot_of(q, 4));
        break;
    case I_return_const:
        m_const(m, R0, (int64_t) field_u64(q->pc, 8));
        m_return(m);
        q->reachable = false;
        break;
    case I_call_dynamic:
        call_dynamic(q);
        break;
    default: /* tail_call_dynamic */
        tail_call_dynamic(q);
    }
}

/* ---- receive ---- */

/* None left, unless the process is to stop. */
static void emit_no_message(Quick *q, const Stub *stub)
{
    MachineLabel stop = m_label(&q->m);
    m_branch_bits_mem(&q->m, M_NE, WIDTH_U32, m_at(R_PROCESS, offsetof(Process, flags)),
                      PROCESS_STOP, stop);
    m_jump(&q->m, stub->other);
    m_bind(&q->m, stop);
    quick_stub_leave(q, stub);
}

static void receive_peek(Quick *q)
{
    Machine *m = &q->m;
    Stub *none;
    state_before_c(q);
    m_store_imm(m, WIDTH_U32, q->runtime->live_by_safepoint,
                m_at(R_PROCESS, offsetof(Process, live)));
    m_address(m, R0, q->pc);
    m_store(m, WIDTH_64, R0, m_at(R_PROCESS, offsetof(Process, pc)));
    m_move(m, R1, R_PROCESS);
    quick_c_call(q, (const void *) mailbox_peek, true);
    q->heap_ready = 0;
    q->pinned |= 1u << R0;
    none = quick_stub(q, emit_no_message);
    none->other = quick_branch_target(q, field_s32(q->pc, 8));
    m_branch_imm(m, M_EQ, R0, 0, none->label);
    m_load(m, WIDTH_64, R0, m_at(R0, offsetof(Message, value)));
    state_define(q, slot_of(q, 4), R0, IS_ANY);
}

static void simple_call(Quick *q, const void *function, MachineRegister argument)
{
    state_before_c(q);
    if (argument != R_NONE) {
        m_move(&q->m, R2, argument);
    }
    m_move(&q->m, R1, R_PROCESS);
    quick_c_call(q, function, true);
    q->heap_ready = 0;
}

void quick_receive(Quick *q, Instruction i)
{
    Machine *m = &q->m;
    switch (i) {
    case I_receive_from:
        simple_call(q, (const void *) mailbox_start_from, state_use(q, slot_of(q, 4)));
        break;
    case I_receive_peek:
        receive_peek(q);
        break;
    case I_receive_take:
        /* When a collection is due, the interpreter sees to it that it comes soon. */
        m_branch_memory_imm(m, M_NE, WIDTH_U8,
                            m_at(R_PROCESS, offsetof(Process, heap.needs_collection)), 0,
                            quick_exit(q));
        simple_call(q, (const void *) q->runtime->receive_take, R_NONE);
        break;
    case I_receive_next:
        simple_call(q, (const void *) mailbox_next, R_NONE);
        quick_loop_back(q, quick_target(q, field_s32(q->pc, 4)), UINT32_MAX);
        break;
    default: /* they wait */
        quick_leave(q);
    }
}
