/* compiler/jit/quick_loop.c
 * Loops: calls of a function by itself in tail position, and those of comprehensions and receive.
 *
 * Where a loop begins all needed slots are in memory: the interpreter enters there, and jumps from
 * above lead there. Then some slots are loaded into registers, and behind that is the *loop's
 * label*, where each round comes back with those slots in those registers. A slot that the loop
 * writes need not be in memory there (it is dirty); the stub of a round that has no reductions left
 * writes it.
 *
 * In registers are the slots that the loop reads most before its first call, for that loses all of
 * them. */
#include "compiler/jit/quick_internal.h"

/* Two that C keeps, and those that state_temporary takes last. */
static const MachineRegister registers[LOOP_MOST] = {R9, R10, R7, R6, R5, R4};

static bool loses_registers(Instruction i)
{
    switch (i) {
    case I_call_bif:
    case I_receive_from:
    case I_receive_peek:
    case I_receive_take:
    case I_receive_next:
    case I_receive_wait:
    case I_receive_wait_until:
        return true;
    default:
        return (instruction_may[i] & INSTRUCTION_CALLS) != 0;
    }
}

/* How often each slot is read before the loop that begins at instruction `index` calls anything;
 * the slots that it writes. */
static uint64_t scan_loop(Quick *q, uint32_t index, uint32_t reads[MASKED_SLOTS])
{
    uint64_t written = 0;
    bool counting = true;
    for (uint32_t now = index; now <= q->at[index].last_back; now++) {
        uint64_t uses, defines;
        quick_effects(q, now, &uses, &defines);
        written |= defines;
        for (uint64_t rest = counting ? uses : 0; rest != 0; rest &= rest - 1) {
            reads[__builtin_ctzll(rest)]++;
        }
        counting = counting && !loses_registers((Instruction) q->at[now].instruction);
    }
    return written;
}

void quick_loop_choose(Quick *q, Loop *loop, uint32_t index, uint64_t left, uint32_t most)
{
    uint32_t reads[MASKED_SLOTS] = {0};
    uint64_t written = scan_loop(q, index, reads);
    while (loop->count < most) {
        uint32_t best = 0;
        for (uint32_t i = 1; i < MASKED_SLOTS; i++) {
            if ((left >> i & 1) && (!(left >> best & 1) || reads[i] > reads[best])) {
                best = i;
            }
        }
        if (!(left >> best & 1) || reads[best] == 0) {
            return;
        }
        left &= ~((uint64_t) 1 << best);
        loop->of[loop->count].slot = (uint16_t) (best + 1);
        loop->of[loop->count].reg = (uint8_t) registers[loop->count];
        loop->of[loop->count++].dirty = (written >> best & 1) != 0;
    }
}

void quick_loop_label(Quick *q)
{
    At *at = &q->at[q->now];
    if (!at->is_loop) {
        return;
    }
    at->loop = quick_alloc(q, sizeof *at->loop);
    *at->loop = (Loop){.label = m_label(&q->m)};
    quick_loop_choose(q, at->loop, q->now, at->live, LOOP_MOST);
    for (uint32_t i = 0; i < at->loop->count; i++) {
        MachineRegister reg = (MachineRegister) at->loop->of[i].reg;
        m_load(&q->m, WIDTH_64, reg, slot_memory(at->loop->of[i].slot));
        state_define(q, at->loop->of[i].slot, reg, IS_ANY);
        state_find(q, at->loop->of[i].slot)->dirty = at->loop->of[i].dirty;
    }
    m_bind(&q->m, at->loop->label);
}

/* Memory gets what is needed at `live` but is not the loop's to keep. */
static void flush_others(Quick *q, const Loop *loop, uint64_t live)
{
    bool kept[LOOP_MOST];
    for (uint32_t i = 0; i < loop->count; i++) {
        Known *known = state_find(q, loop->of[i].slot);
        kept[i] = loop->of[i].dirty && known != NULL && known->dirty;
        if (kept[i]) {
            known->dirty = false;
        }
    }
    state_flush(q, live);
    for (uint32_t i = 0; i < loop->count; i++) {
        if (kept[i]) {
            state_find(q, loop->of[i].slot)->dirty = true;
        }
    }
}

/* The loop's slots into its registers. */
static void fill_registers(Quick *q, const Loop *loop)
{
    MachineRegister to[LOOP_MOST], from[LOOP_MOST];
    uint32_t moves = 0;
    for (uint32_t i = 0; i < loop->count; i++) {
        const Known *known = state_find(q, loop->of[i].slot);
        if (known != NULL && known->reg != R_NONE) {
            to[moves] = (MachineRegister) loop->of[i].reg;
            from[moves++] = (MachineRegister) known->reg;
        }
    }
    quick_moves(q, to, from, moves);
    for (uint32_t i = 0; i < loop->count; i++) {
        const Known *known = state_find(q, loop->of[i].slot);
        MachineRegister reg = (MachineRegister) loop->of[i].reg;
        if (known != NULL && known->reg != R_NONE) {
            continue;
        }
        if (known != NULL && known->is_constant) {
            m_const(&q->m, reg, (int64_t) known->constant);
        } else {
            m_load(&q->m, WIDTH_64, reg, slot_memory(loop->of[i].slot));
        }
    }
}

static void emit_yield(Quick *q, const Stub *stub)
{
    quick_stub_writes(q, stub);
    quick_rest_leave(q, stub);
    if (stub->other != UINT32_MAX) {
        m_jump(&q->m, stub->other);
    } else {
        m_const(&q->m, R1, stub->number);
        m_jump(&q->m, q->yield_at);
    }
}

void quick_loop_settle(Quick *q, const Loop *loop, uint64_t live)
{
    flush_others(q, loop, live);
    fill_registers(q, loop);
}

Stub *quick_loop_jump(Quick *q, const Loop *loop, uint32_t at, MachineLabel yields)
{
    Stub *stub = quick_stub(q, emit_yield);
    stub->number = q->at[at].offset - q->function->code_offset;
    stub->other = yields;
    stub->rest_count = stub->write_count = 0;
    stub->writes = quick_alloc(q, (LOOP_MOST + 1) * sizeof *stub->writes);
    for (uint32_t i = 0; i < loop->count; i++) {
        if (loop->of[i].dirty) {
            stub->writes[stub->write_count++] =
                (Write){loop->of[i].slot, loop->of[i].reg, false, 0};
        }
    }
    q->has_yield |= yields == UINT32_MAX;
    m_sub_negative_imm(&q->m, (MachineRegister) R_REDUCTIONS, (MachineRegister) R_REDUCTIONS, 1,
                       stub->label);
    m_jump(&q->m, loop->label);
    q->reachable = false;
    return stub;
}

void quick_loop_back(Quick *q, uint32_t target, MachineLabel yields)
{
    const Loop *loop = q->at[target].loop;
    if (target == 0 && quick_rest_back(q, yields)) {
        return;
    }
    /* At the function's start all arguments are needed: it may be left for its entry. */
    quick_loop_settle(q, loop,
                      q->at[target].live | (yields != UINT32_MAX ? q->at[q->now].live : 0));
    quick_loop_jump(q, loop, target, yields);
}
