/* compiler/jit/quick_rest.c
 * Loops over binaries: f(<<X, Rest/binary>>, …) -> f(Rest, …).
 *
 * In slot code each round makes Rest a term, which the next one takes apart. Here it is not made:
 * that Rest begins at a position of the binary being matched is all that is kept of it (a *rest*:
 * in its register, and in the slot's memory, is that position), and the next round begins behind
 * the instruction that would take it apart, at a label of its own. The binary itself, parent and
 * end, is in the two other slots of the match, which live on as long as a rest does.
 *
 * At a label to which several ways lead the argument that is matched stays a rest if it is one on
 * all of them (rest_here, found before), with its position in memory.
 *
 * A rest becomes a term where anything but a move wants it: inside the function in line, and where
 * the code is left by C, in the slot's memory. A collection would not find parent and rest: with a
 * rest at hand it is left to the interpreter. */
#include "compiler/jit/quick_internal.h"
#include "runtime/term/bits.h"

static_assert(I_move2 == I_move + 1 && I_move3 == I_move + 2, "they are counted");
enum { REST_REGISTERS = 6, WORDS = 4, BYTE = 8 << 2 };

static uint32_t subject(const Quick *q) /* the argument that is matched */
{
    return (uint32_t) -field_s16(q->code + q->at[0].offset, 6);
}

static uint64_t binary_slots(const Quick *q)
{
    return slot_bit(q->rest_context) | slot_bit(q->rest_context + 2);
}

static uint64_t rests(const Quick *q)
{
    uint64_t found = 0;
    for (uint32_t i = 0; q->rest_context != 0 && i < q->state.count; i++) {
        found |= q->state.known[i].is_rest ? slot_bit(q->state.known[i].slot) : 0;
    }
    return found;
}

/* Wants terms of all rests: others see them, or the binary's slots are lost. */
static bool ends_rests(Instruction i)
{
    return i == I_loop || i == I_receive_next || i == I_receive_peek || i == I_receive_take ||
           i == I_receive_from || i == I_call_bif || (instruction_may[i] & INSTRUCTION_CALLS) != 0;
}

/* Moves, none of them to a slot that the masks do not have. */
static bool only_moves(const Quick *q, uint32_t index)
{
    Instruction i = (Instruction) q->at[index].instruction;
    Code at = q->code + q->at[index].offset;
    if (i != I_move && i != I_move2 && i != I_move3) {
        return false;
    }
    for (uint32_t n = 0; n <= (uint32_t) (i - I_move); n++) {
        if ((uint32_t) -field_s16(at, 4 + 4 * n) >= MASKED_SLOTS) {
            return false;
        }
    }
    return true;
}

typedef struct Way { /* for each instruction: whether anything leads there that was looked at */
    bool *reached;
    bool is_rest; /* on the ways from the instruction at hand */
} Way;

static void follow(Quick *q, uint32_t from, uint32_t to, void *with)
{
    Way *way = with;
    (void) from;
    q->at[to].rest_here = way->is_rest && (!way->reached[to] || q->at[to].rest_here);
    way->reached[to] = true;
}

/* Fills in rest_here, from what quick_rest_before will do. */
static void find_rests(Quick *q)
{
    uint64_t argument = slot_bit(subject(q));
    Way way = {.reached = quick_alloc(q, q->count)};
    memset(way.reached, 0, q->count);
    for (uint32_t now = 0; now < q->count; now++) {
        At *at = &q->at[now];
        Instruction i = (Instruction) at->instruction;
        uint64_t uses, defines;
        at->rest_here = at->rest_here && way.reached[now] && !at->is_place;
        quick_effects(q, now, &uses, &defines);
        way.is_rest = at->rest_here && !(defines & (argument | binary_slots(q))) &&
                      (only_moves(q, now) || !(uses & argument)) && !ends_rests(i);
        quick_targets(q, now, follow, &way);
        way.is_rest |= now == 0;
        if (now + 1 < q->count && !(instruction_may[i] & INSTRUCTION_STOPS)) {
            follow(q, now, now + 1, &way);
        }
    }
}

uint64_t quick_rest_terms(const Quick *q, const At *target, uint64_t live)
{
    ASSERT(!target->rest_here || !slot_is_live(target->live, subject(q)) ||
           (rests(q) & slot_bit(subject(q))));
    return rests(q) & live & ~(target->rest_here ? slot_bit(subject(q)) : 0);
}

void quick_rest_at_label(Quick *q)
{
    const At *at = &q->at[q->now];
    if (at->rest_here && slot_is_live(at->live, subject(q))) {
        state_define(q, subject(q), R_NONE, IS_BITS);
        state_find(q, subject(q))->is_rest = true;
    }
}

void quick_rest_plan(Quick *q)
{
    Code first = q->code + q->at[0].offset;
    uint32_t slot = (uint32_t) -field_s16(first, 4);
    if (q->at[0].instruction != I_bs_start || !q->at[0].is_loop || slot + 2 >= MASKED_SLOTS ||
        subject(q) >= MASKED_SLOTS || (subject(q) >= slot && subject(q) <= slot + 2)) {
        return;
    }
    for (uint32_t i = 1; i < q->count; i++) {
        Code at = q->code + q->at[i].offset;
        if (q->at[i].instruction == I_bs_get_rest && (uint32_t) -field_s16(at, 6) == slot &&
            field_u16(at, 8) == 8) {
            q->rest_context = slot;
        }
    }
    if (q->rest_context != 0) {
        find_rests(q);
    }
}

uint64_t quick_rest_needs(const Quick *q, uint64_t live)
{
    return rests(q) & live ? live | binary_slots(q) : live;
}

void quick_rest_take(Quick *q, Stub *stub, uint64_t live)
{
    uint64_t found = rests(q) & live;
    stub->rest_count = 0;
    stub->rests = found == 0 ? NULL : quick_alloc(q, MASKED_SLOTS * sizeof *stub->rests);
    for (; found != 0; found &= found - 1) {
        stub->rests[stub->rest_count++] = (uint16_t) (__builtin_ctzll(found) + 1);
    }
}

/* C makes the rest in the slot's memory a term. */
static void make_in_memory(Quick *q, uint32_t slot)
{
    Machine *m = &q->m;
    m_move(m, R1, R_PROCESS);
    m_lea(m, R2, slot_memory(q->rest_context));
    m_lea(m, R3, slot_memory(slot));
    quick_c_call(q, (const void *) q->runtime->bs_make_rest, true);
}

void quick_rest_leave(Quick *q, const Stub *stub)
{
    for (uint32_t i = 0; i < stub->rest_count; i++) {
        make_in_memory(q, stub->rests[i]);
    }
}

/* A small part is copied. */
static void emit_small(Quick *q, const Stub *stub)
{
    quick_stub_writes(q, stub);
    make_in_memory(q, stub->flags);
    quick_stub_reloads(q, stub);
    m_load(&q->m, WIDTH_64, (MachineRegister) stub->d, slot_memory(stub->flags));
    m_jump(&q->m, stub->resume);
}

static void make(Quick *q, uint32_t slot)
{
    Machine *m = &q->m;
    MachineRegister position, parent, end, d, t;
    Stub *small;
    state_begin_instruction(q);
    position = state_use(q, slot);
    parent = state_use(q, q->rest_context);
    end = state_use(q, q->rest_context + 2);
    d = state_temporary(q);
    t = state_temporary(q);
    if (q->heap_ready < WORDS) {
        m_lea(m, d, m_at(R_HEAP, 8 * WORDS));
        m_branch_mem(m, M_UGT, d, m_at(R_PROCESS, offsetof(Process, heap.space.limit)),
                     quick_exit(q));
    }
    small = quick_stub(q, emit_small);
    quick_stub_changes(q, small, slot);
    small->flags = (uint16_t) slot;
    small->d = d;
    small->resume = m_label(m);
    m_sub(m, t, end, position);
    m_branch_imm(m, M_LT, t, BINARY_VIEW_BYTES_MIN * BYTE, small->label);
    m_branch_imm(m, M_EQ, position, 0, small->label); /* the whole of it is itself */
    m_store_imm(m, WIDTH_64, (int64_t) HEADER(KIND_sub_binary, 3), m_at(R_HEAP, 0));
    m_shr_imm(m, d, position, 2);
    m_store(m, WIDTH_64, d, m_at(R_HEAP, 8));
    m_shr_imm(m, t, t, 2);
    m_store(m, WIDTH_64, t, m_at(R_HEAP, 16));
    m_store(m, WIDTH_64, parent, m_at(R_HEAP, 24));
    m_lea(m, d, m_at(R_HEAP, TAG_BOXED));
    m_add_imm(m, R_HEAP, R_HEAP, 8 * WORDS);
    m_bind(m, small->resume);
    q->heap_ready = 0;
    for (uint32_t i = 0; i < q->state.count; i++) { /* others are the same rest */
        Known *known = &q->state.known[i];
        if (known->slot == slot ||
            (known->is_rest && known->reg == position && known->slot != subject(q))) {
            known->reg = (uint8_t) d;
            known->is_rest = false;
        }
    }
}

void quick_rest_make(Quick *q, uint64_t live)
{
    bool any = false;
    for (;;) {
        uint64_t left = rests(q) & live;
        if (left == 0) {
            break;
        }
        make(q, (uint32_t) __builtin_ctzll(left) + 1);
        any = true;
    }
    if (any) {
        state_begin_instruction(q);
    }
}

static bool goes_on(const Quick *q)
{
    Instruction i = (Instruction) q->at[q->now].instruction;
    return (i == I_loop && quick_target(q, field_s32(q->pc, 4)) == 0) ||
           quick_calls_itself(q, q->now);
}

void quick_rest_before(Quick *q)
{
    Instruction i = (Instruction) q->at[q->now].instruction;
    uint64_t uses, defines, make_these;
    if (rests(q) == 0) {
        return;
    }
    quick_effects(q, q->now, &uses, &defines);
    make_these = uses;
    if (only_moves(q, q->now)) {
        make_these = 0;
    } else if (goes_on(q)) {
        make_these = (uses | q->at[0].live) & ~slot_bit(subject(q));
    } else if (i == I_jump) {
        const At *target = &q->at[quick_target(q, field_s32(q->pc, 4))];
        make_these |= quick_rest_terms(q, target, target->live);
    } else if (ends_rests(i)) {
        make_these = UINT64_MAX;
    }
    if (defines & binary_slots(q)) {
        make_these = UINT64_MAX;
    }
    quick_rest_make(q, make_these);
}

void quick_rest_label(Quick *q)
{
    uint32_t context = q->rest_context;
    uint64_t live = live_after(q);
    Loop *loop;
    if (q->now != 0 || context == 0) {
        return;
    }
    loop = q->rest_loop = quick_alloc(q, sizeof *loop);
    *loop = (Loop){.label = m_label(&q->m), .count = 3};
    for (uint32_t i = 0; i < 3; i++) {
        static const MachineRegister of_context[] = {R1, R2, R3};
        loop->of[i].slot = (uint16_t) (context + i);
        loop->of[i].reg = (uint8_t) of_context[i];
        loop->of[i].dirty = true;
    }
    quick_loop_choose(q, loop, 0,
                      live & ~(slot_bit(subject(q)) | slot_bit(context) | slot_bit(context + 1) |
                               slot_bit(context + 2)),
                      REST_REGISTERS);
    quick_loop_settle(q, loop, live);
    state_clear(q);
    m_bind(&q->m, loop->label);
    for (uint32_t i = 0; i < loop->count; i++) {
        state_define(q, loop->of[i].slot, (MachineRegister) loop->of[i].reg,
                     i == 0   ? IS_BITS
                     : i <= 2 ? IS_SMALL
                              : IS_ANY);
        state_find(q, loop->of[i].slot)->dirty = loop->of[i].dirty;
    }
    if (slot_is_live(live, subject(q))) {
        state_define(q, subject(q), (MachineRegister) loop->of[1].reg, IS_BITS);
        state_find(q, subject(q))->is_rest = true;
    }
    q->heap_ready = 0;
}

bool quick_rest_back(Quick *q, MachineLabel yields)
{
    uint32_t at_subject = subject(q), position = q->rest_context + 1;
    const Known *known = q->rest_loop != NULL ? state_find(q, at_subject) : NULL;
    Stub *stub;
    if (known == NULL || !known->is_rest) {
        return false;
    }
    state_copy(q, position, at_subject);
    state_find(q, position)->is_rest = false;
    state_forget(q, at_subject);
    quick_loop_settle(q, q->rest_loop,
                      q->at[0].live | (yields != UINT32_MAX ? q->at[q->now].live : 0));
    stub = quick_loop_jump(q, q->rest_loop, 0, yields);
    stub->writes[stub->write_count++] =
        (Write){(uint16_t) at_subject, q->rest_loop->of[1].reg, false, 0};
    stub->rests = quick_alloc(q, sizeof *stub->rests);
    stub->rests[0] = (uint16_t) at_subject;
    stub->rest_count = 1;
    return true;
}
