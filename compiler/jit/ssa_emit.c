/* compiler/jit/ssa_emit.c
 * Operands, exits, ways out to C, moves between blocks, and the function around it all. */
#include "compiler/jit/ssa_emit.h"

#include "runtime/term/mem.h"

/* ---- operands ---- */

static MachineMemory spill_memory(const SsaNode *value)
{
    CHECK(value->spill >= 0);
    return slot_memory(value->spill);
}

MachineRegister emit_in(Emitter *e, SsaNode *value, MachineRegister temporary)
{
    value = ssa_now(value);
    if (value->op == SSA_CONST || value->op == SSA_RAW) {
        m_const(&e->m, temporary, (int64_t) value->constant);
        return temporary;
    }
    if (value->reg != NO_REGISTER) {
        return (MachineRegister) value->reg;
    }
    m_load(&e->m, WIDTH_64, temporary, spill_memory(value));
    return temporary;
}

MachineFloat emit_in_float(Emitter *e, SsaNode *value, MachineFloat temporary)
{
    value = ssa_now(value);
    if (value->reg != NO_REGISTER) {
        return (MachineFloat) value->reg;
    }
    m_fload(&e->m, temporary, spill_memory(value));
    return temporary;
}

MachineRegister emit_out(Emitter *e, const SsaNode *node)
{
    (void) e;
    return node->number != 0 && node->reg != NO_REGISTER ? (MachineRegister) node->reg : T0;
}

MachineFloat emit_out_float(Emitter *e, const SsaNode *node)
{
    (void) e;
    return node->number != 0 && node->reg != NO_REGISTER ? (MachineFloat) node->reg : FT0;
}

void emit_done(Emitter *e, const SsaNode *node)
{
    if (node->number == 0 || node->reg != NO_REGISTER) {
        return;
    }
    if (ssa_rep(node) == REP_FLOAT) {
        m_fstore(&e->m, FT0, spill_memory(node));
    } else {
        m_store(&e->m, WIDTH_64, T0, spill_memory(node));
    }
}

/* ---- frames to memory ---- */

/* Where a value to be stored comes from, as memory; -1: not from memory. */
static int32_t source_slot(const SsaSlot *store)
{
    const SsaNode *value = ssa_now(store->value);
    return is_value(value) && value->reg == NO_REGISTER ? value->spill : -1;
}

static void store_word(Emitter *e, const SsaSlot *store)
{
    SsaNode *value = ssa_now(store->value);
    MachineMemory to = slot_memory((int32_t) store->slot);
    if (ssa_is_built_by_exits(value)) {
        return; /* see build_parts */
    }
    if (value->op == SSA_CONST || value->op == SSA_RAW) {
        m_store_imm(&e->m, WIDTH_64, (int64_t) value->constant, to);
    } else if (ssa_rep(value) == REP_FLOAT) { /* its bits for now */
        m_fstore(&e->m, emit_in_float(e, value, FT0), to);
    } else {
        m_store(&e->m, WIDTH_64, emit_in(e, value, T0), to);
    }
}

/* Does another store still read the slot that this one writes? */
static bool is_read(const SsaSlot *stores, const bool *done, uint32_t count, uint32_t which)
{
    for (uint32_t i = 0; i < count; i++) {
        if (i != which && !done[i] && source_slot(&stores[i]) == (int32_t) stores[which].slot) {
            return true;
        }
    }
    return false;
}

/* All stores as if at once: some read slots that others write. */
static void store_all(Emitter *e, const SsaSlot *stores, uint32_t count)
{
    bool *done, from_memory = false;
    uint32_t left = count;
    for (uint32_t i = 0; i < count && !from_memory; i++) {
        from_memory = source_slot(&stores[i]) >= 0;
    }
    if (!from_memory) { /* mostly: nothing is in the way of anything */
        for (uint32_t i = 0; i < count; i++) {
            store_word(e, &stores[i]);
        }
        return;
    }
    done = ARENA_ZEROED(&e->f->arena, bool, count + 1);
    while (left > 0) {
        bool stored = false;
        for (uint32_t i = 0; i < count; i++) {
            if (!done[i] && !is_read(stores, done, count, i)) {
                store_word(e, &stores[i]);
                done[i] = stored = true;
                left--;
            }
        }
        if (!stored) { /* a ring of slots: keep one, and turn it */
            uint32_t first = 0, at;
            while (done[first]) {
                first++;
            }
            m_load(&e->m, WIDTH_64, T1, slot_memory((int32_t) stores[first].slot));
            for (at = first;;) {
                uint32_t next;
                int32_t from = source_slot(&stores[at]);
                for (next = 0; next < count; next++) {
                    if (!done[next] && (int32_t) stores[next].slot == from) {
                        break;
                    }
                }
                if (from == (int32_t) stores[first].slot) {
                    m_store(&e->m, WIDTH_64, T1, slot_memory((int32_t) stores[at].slot));
                } else {
                    store_word(e, &stores[at]);
                }
                done[at] = true;
                left--;
                if (from == (int32_t) stores[first].slot || next == count) {
                    break;
                }
                at = next;
            }
        }
    }
}

/* The slow way to make a term of the double whose bits are in a slot: C does it in place. */
static void slow_box_slot(Emitter *e, const Slow *slow)
{
    m_lea(&e->m, R2, slot_memory((int32_t) slow->number));
    m_move(&e->m, R1, R_PROCESS);
    emit_c_call(e, slow->function, true);
    m_jump(&e->m, slow->resume);
}

/* Doubles whose bits were stored become terms. All registers but the fixed ones are free. */
static void box_stored(Emitter *e, const SsaSlot *stores, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (ssa_rep(ssa_now(stores[i].value)) == REP_FLOAT) {
            MachineMemory slot = slot_memory((int32_t) stores[i].slot);
            Slow *slow = emit_slow(e, slow_box_slot);
            slow->number = stores[i].slot;
            slow->function = (const void *) e->runtime->box_float;
            m_load(&e->m, WIDTH_64, T0, slot);
            m_rol_imm(&e->m, T0, T0, 4);
            m_add_imm(&e->m, T1, T0, 5);
            m_branch_bits_imm(&e->m, M_NE, T1, 6, slow->label);
            m_add_imm(&e->m, T0, T0, 2);
            m_store(&e->m, WIDTH_64, T0, slot);
            m_bind(&e->m, slow->resume);
        }
    }
}

void emit_stores(Emitter *e, const SsaNode *node)
{
    const PartsPlace *parts = emit_store_parts(e, node);
    store_all(e, node->stores, node->store_count);
    box_stored(e, node->stores, node->store_count);
    emit_build_parts(e, parts, node);
}

/* ---- exits ---- */

struct Exit {
    Exit *next;
    MachineLabel label;
    SsaNode *node;
    uint32_t kind;
    uint32_t words; /* exit_room */
    uint8_t ahead;  /* reductions that were counted and are not yet due */
    bool stored;    /* the frame is in memory */
};

static bool same_stores(const SsaNode *a, const SsaNode *b)
{
    if (a->store_count != b->store_count) {
        return false;
    }
    for (uint32_t i = 0; i < a->store_count; i++) {
        if (a->stores[i].slot != b->stores[i].slot ||
            ssa_now(a->stores[i].value) != ssa_now(b->stores[i].value)) {
            return false;
        }
    }
    return true;
}

static MachineLabel add_exit(Emitter *e, SsaNode *node, uint32_t kind, uint8_t ahead)
{
    Exit *exit = e->exits;
    CHECK(node->frame != NULL);
    if (exit != NULL && exit->kind == kind && !exit->stored && exit->ahead == ahead &&
        exit->node->frame->pc == node->frame->pc && exit->node->frame->base == node->frame->base &&
        same_stores(exit->node, node)) {
        return exit->label;
    }
    exit = ARENA_NEW(&e->f->arena, Exit);
    *exit = (Exit){e->exits, m_label(&e->m), node, kind, 0, ahead, false};
    e->exits = exit;
    return exit->label;
}

MachineLabel emit_exit(Emitter *e, SsaNode *node, uint32_t kind)
{
    return add_exit(e, node, kind, node->ahead);
}

void emit_count(Emitter *e, SsaNode *node, uint32_t kind, bool is_due)
{
    uint8_t ahead = (uint8_t) (node->ahead + node->counts - is_due);
    if (node->counts > 0) {
        m_sub_negative_imm(&e->m, (MachineRegister) R_REDUCTIONS, (MachineRegister) R_REDUCTIONS,
                           node->counts + (int64_t) node->constant, add_exit(e, node, kind, ahead));
    }
}

/* Does the frame have all arguments of the function, which begins at its pc and has its frame at
 * its base? */
static bool has_arguments(const SsaFrame *frame, const Function *function)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < frame->count; i++) {
        uint32_t slot = frame->slots[i].slot;
        count += slot > frame->base && slot <= frame->base + function->arity;
    }
    return count == function->arity;
}

/* The slot code, here or inlined, that the place is of. */
static const SlotCode *code_of(const Emitter *e, const SsaFrame *frame)
{
    for (uint32_t i = 0; frame->base != 0 && i < e->f->inlined_count; i++) {
        const Function *function = e->f->inlined[i]->function;
        Code start = function->owner->code;
        if (frame->pc >= start + function->code_offset && frame->pc < start + function->code_end) {
            return e->f->inlined[i];
        }
    }
    return e->f->code;
}

/* Can the heap be collected at the frame's place, all that its map names being in the frame? Behind
 * a built-in only who comes from there has that (slot_code.h). An inlined function goes on in code
 * of its own, which can be entered where it begins and where it loops. */
static bool is_collected(const Emitter *e, const SsaFrame *frame)
{
    const SlotCode *code = code_of(e, frame);
    const Function *f = code->function;
    uint32_t offset = (uint32_t) (frame->pc - f->owner->code), index;
    if (offset < f->code_offset || offset >= f->code_end) {
        return false;
    }
    index = code->index_of[(offset - f->code_offset) / 4];
    if (index == 0) { /* as where it is called: all arguments */
        return has_arguments(frame, f);
    }
    return (frame->base == 0 || code->at[index - 1].is_loop) &&
           slot_code_safepoint(f, offset) != NULL && code->at[index - 1].behind == NULL;
}

MachineLabel emit_room_exit(Emitter *e, SsaNode *node, uint32_t words)
{
    MachineLabel label;
    if (!is_collected(e, node->frame)) {
        return emit_exit(e, node, e->runtime->exit_interpret);
    }
    label = emit_exit(e, node, e->runtime->exit_room);
    if (e->exits->words < words) { /* it may serve several */
        e->exits->words = words;
    }
    return label;
}

/* Says which guess it was, then leaves as others do. */
struct GuessExit {
    GuessExit *next;
    MachineLabel label, exit;
    Guess *guess;
    const SsaNode *node;
    SsaNode *value; /* NULL: none */
};

MachineLabel emit_guess(Emitter *e, SsaNode *node, SsaNode *value)
{
    GuessExit *exit = e->guess_exits;
    if (node->origin == NULL) {
        return emit_exit(e, node, e->runtime->exit_interpret);
    }
    if (exit != NULL && exit->guess->origin == node->origin &&
        exit->guess->reason == node->reason && exit->guess->slot == node->origin_slot &&
        exit->value == value && exit->node == node) {
        return exit->label;
    }
    exit = ARENA_NEW(&e->f->arena, GuessExit);
    *exit =
        (GuessExit){.next = e->guess_exits, .label = m_label(&e->m), .node = node, .value = value};
    exit->guess = guess_create(&e->guesses, e->f->function, node->origin,
                               (GuessReason) node->reason, node->origin_slot);
    exit->guess->expected = (uint16_t) node->filter.kinds;
    exit->exit = emit_exit(e, node, e->runtime->exit_guess);
    e->guess_exits = exit;
    return exit->label;
}

static void emit_guess_exit(Emitter *e, const GuessExit *exit)
{
    Machine *m = &e->m;
    MachineMemory value =
        m_at((MachineRegister) R_ACTIVATION, (int32_t) e->runtime->activation_args);
    m_bind(m, exit->label);
    if (exit->value != NULL) {
        m_store(m, WIDTH_64, emit_in(e, exit->value, T0), value);
    } else {
        m_store_imm(m, WIDTH_64, (int64_t) TERM_NONE, value);
    }
    m_address(m, T0, exit->guess);
    m_store(m, WIDTH_64, T0,
            m_at((MachineRegister) R_ACTIVATION, (int32_t) e->runtime->activation_guess));
    m_jump(m, exit->exit);
}

MachineLabel emit_exit_plain(Emitter *e, SsaNode *node)
{
    Exit *exit = ARENA_NEW(&e->f->arena, Exit);
    *exit = (Exit){e->exits, m_label(&e->m), node, e->runtime->exit_interpret, 0, 0, true};
    CHECK(node->ahead == 0);
    e->exits = exit;
    return exit->label;
}

/* R0 = how to leave: those reductions are given back that are not yet due, and if there are some
 * then it was too early to yield. */
static void give_back_reductions(Emitter *e, uint32_t kind, uint8_t ahead)
{
    Machine *m = &e->m;
    const MachineRegister reductions = (MachineRegister) R_REDUCTIONS;
    m_const(m, R0, kind);
    if (ahead == 0) {
        return;
    }
    m_add_imm(m, reductions, reductions, ahead);
    if (kind == e->runtime->exit_entry || kind == e->runtime->exit_yield) {
        MachineLabel none = m_label(m);
        m_branch_imm(m, M_LT, reductions, 0, none);
        m_const(m, R0, e->runtime->exit_interpret);
        m_bind(m, none);
    }
}

static void emit_leave(Emitter *e, const Exit *exit)
{
    Machine *m = &e->m;
    const SsaNode *node = exit->node;
    uint32_t kind = exit->kind;
    if (!exit->stored) {
        emit_stores(e, node);
    }
    if (node->frame->base != 0) {
        m_add_imm(m, R_SP, R_SP, -8 * (int64_t) node->frame->base);
    }
    m_address(m, R1, node->frame->pc);
    give_back_reductions(e, kind, exit->ahead);
    if (kind == e->runtime->exit_raised) {
        m_jump_address(m, e->runtime->raise);
        return;
    }
    if (kind == e->runtime->exit_room) {
        m_const(m, R2, exit->words);
    }
    m_jump_address(m, e->runtime->leave);
}

/* ---- C ---- */

void emit_living(const SsaNode *node, Slow *slow)
{
    slow->saved = node->kept & ~R_KEPT_BY_C;
    slow->saved_floats = node->kept_floats;
}

Slow *emit_slow(Emitter *e, void (*emit)(Emitter *e, const Slow *slow))
{
    Slow *slow = ARENA_NEW(&e->f->arena, Slow);
    slow->next = e->slows;
    slow->label = m_label(&e->m);
    slow->resume = m_label(&e->m);
    slow->emit = emit;
    slow->node = e->node;
    if (e->node != NULL) {
        emit_living(e->node, slow);
    }
    e->slows = slow;
    return slow;
}

MachineMemory emit_save_memory(const Emitter *e, uint32_t which)
{
    return m_at((MachineRegister) R_ACTIVATION,
                (int32_t) (e->runtime->activation_saved + 8 * which));
}

void emit_save(Emitter *e, const Slow *slow)
{
    for (uint32_t r = 0; r < 16; r++) {
        if (slow->saved >> r & 1) {
            m_store(&e->m, WIDTH_64, (MachineRegister) r, emit_save_memory(e, r));
        }
        if (slow->saved_floats >> r & 1) {
            m_fstore(&e->m, (MachineFloat) r, emit_save_memory(e, 16 + r));
        }
    }
}

void emit_restore(Emitter *e, const Slow *slow)
{
    for (uint32_t r = 0; r < 16; r++) {
        if ((slow->saved >> r & 1) && r != slow->d) {
            m_load(&e->m, WIDTH_64, (MachineRegister) r, emit_save_memory(e, r));
        }
        if (slow->saved_floats >> r & 1) {
            m_fload(&e->m, (MachineFloat) r, emit_save_memory(e, 16 + r));
        }
    }
}

void emit_c_call(Emitter *e, const void *function, bool builds)
{
    Machine *m = &e->m;
    MachineMemory top = m_at(R_PROCESS, offsetof(Process, heap.space.top));
    m_store(m, WIDTH_64, R_SP, m_at(R_PROCESS, offsetof(Process, frame)));
    if (builds) {
        m_store(m, WIDTH_64, R_HEAP, top);
    }
    m_c_stack(m, m_at((MachineRegister) R_ACTIVATION, (int32_t) e->runtime->activation_c_stack));
    if (function != NULL) {
        m_call_c(m, function);
    } else {
        m_call_c_register(m, R0);
    }
    m_load(m, WIDTH_64, R_SP, m_at(R_PROCESS, offsetof(Process, frame)));
    if (builds) {
        m_load(m, WIDTH_64, R_HEAP, top);
    }
}

/* R1, R2 = a, b, in whichever order that needs. */
void emit_build_by_c(Emitter *e, const Slow *slow, const void *builder)
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
    emit_c_call(e, builder, true);
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

void emit_two_arguments(Emitter *e, MachineRegister a, MachineRegister b)
{
    Machine *m = &e->m;
    if (b != R1) {
        m_move(m, R1, a);
        m_move(m, R2, b);
    } else if (a != R2) {
        m_move(m, R2, b);
        m_move(m, R1, a);
    } else {
        m_move(m, T0, R1);
        m_move(m, R1, R2);
        m_move(m, R2, T0);
    }
}

/* ---- between blocks ---- */

typedef struct Move {
    SsaNode *from, *to;
    bool done;
} Move;

/* Where a value is: registers, float registers, slots, in one space of numbers. */
static int32_t place_of(const SsaNode *value)
{
    if (!is_value(value)) {
        return -1;
    }
    if (value->reg != NO_REGISTER) {
        return (ssa_rep(value) == REP_FLOAT ? 32 : 0) + value->reg;
    }
    return 64 + value->spill;
}

static void move_now(Emitter *e, SsaNode *from, SsaNode *to)
{
    Machine *m = &e->m;
    if (ssa_rep(to) == REP_FLOAT) {
        MachineFloat a = emit_in_float(e, from, FT0);
        if (to->reg != NO_REGISTER) {
            m_fmove(m, (MachineFloat) to->reg, a);
        } else {
            m_fstore(m, a, slot_memory(to->spill));
        }
    } else if (to->reg != NO_REGISTER) {
        m_move(m, (MachineRegister) to->reg, emit_in(e, from, (MachineRegister) to->reg));
    } else if (from->op == SSA_CONST) {
        m_store_imm(m, WIDTH_64, (int64_t) from->constant, slot_memory(to->spill));
    } else {
        m_store(m, WIDTH_64, emit_in(e, from, T0), slot_memory(to->spill));
    }
}

/* Somebody else still wants what lies where `to` goes. */
static bool blocks_another(const Move *moves, uint32_t count, uint32_t which)
{
    int32_t to = place_of(moves[which].to);
    for (uint32_t i = 0; i < count; i++) {
        if (i != which && !moves[i].done && place_of(moves[i].from) == to) {
            return true;
        }
    }
    return false;
}

/* A ring: the first one's target is kept aside, the others follow, the last takes it. */
static void turn_ring(Emitter *e, Move *moves, uint32_t count, uint32_t first, uint32_t *left)
{
    Machine *m = &e->m;
    SsaNode *kept = moves[first].to;
    bool floats = ssa_rep(kept) == REP_FLOAT;
    uint32_t at = first;
    if (floats && kept->reg != NO_REGISTER) {
        m_fmove(m, FT1, (MachineFloat) kept->reg);
    } else if (floats) {
        m_fload(m, FT1, slot_memory(kept->spill));
    } else if (kept->reg != NO_REGISTER) {
        m_move(m, T1, (MachineRegister) kept->reg);
    } else {
        m_load(m, WIDTH_64, T1, slot_memory(kept->spill));
    }
    for (;;) {
        int32_t from = place_of(moves[at].from);
        uint32_t next = 0;
        moves[at].done = true;
        --*left;
        if (from == place_of(kept)) {
            SsaNode *to = moves[at].to;
            if (floats && to->reg != NO_REGISTER) {
                m_fmove(m, (MachineFloat) to->reg, FT1);
            } else if (floats) {
                m_fstore(m, FT1, slot_memory(to->spill));
            } else if (to->reg != NO_REGISTER) {
                m_move(m, (MachineRegister) to->reg, T1);
            } else {
                m_store(m, WIDTH_64, T1, slot_memory(to->spill));
            }
            return;
        }
        move_now(e, moves[at].from, moves[at].to);
        while (next < count && (moves[next].done || place_of(moves[next].to) != from)) {
            next++;
        }
        if (next == count) {
            return;
        }
        at = next;
    }
}

static void emit_phi_moves(Emitter *e, const SsaBlock *from, const SsaBlock *to)
{
    Move *moves;
    uint32_t count = 0, left, which = 0;
    while (to->predecessors[which] != from) {
        which++;
    }
    for (SsaNode *phi = to->first; phi != NULL && phi->op == SSA_PHI; phi = phi->next) {
        count++;
    }
    moves = ARENA_ZEROED(&e->f->arena, Move, count + 1);
    count = 0;
    for (SsaNode *phi = to->first; phi != NULL && phi->op == SSA_PHI; phi = phi->next) {
        SsaNode *input = ssa_input(phi, which);
        if (phi->number != 0 && place_of(input) != place_of(phi)) {
            moves[count++] = (Move){input, phi, false};
        }
    }
    left = count;
    while (left > 0) {
        bool moved = false;
        uint32_t first = 0;
        for (uint32_t i = 0; i < count; i++) {
            if (!moves[i].done && !blocks_another(moves, count, i)) {
                move_now(e, moves[i].from, moves[i].to);
                moves[i].done = moved = true;
                left--;
            }
        }
        while (!moved && moves[first].done) {
            first++;
        }
        if (!moved) {
            turn_ring(e, moves, count, first, &left);
        }
    }
}

/* ---- blocks ---- */

/* MUSTER_DEBUG=exit_stress: whoever may leave does, every few times. A loop's count and what
 * follows a built-in leave for reasons of their own. */
static void stress(Emitter *e, SsaNode *node)
{
    if (*e->runtime->exit_stress && node->frame != NULL && ssa_is((SsaOp) node->op, 'X') &&
        node->op != SSA_COUNT && node->op != SSA_ENTER && node->op != SSA_AGAIN &&
        node->op != SSA_COUNT_AHEAD && node->op != SSA_COLLECT && node->op != SSA_LEAVE) {
        m_memory_sub_negative(
            &e->m, WIDTH_64,
            m_at((MachineRegister) R_ACTIVATION, (int32_t) e->runtime->activation_until_exit), 1,
            emit_exit(e, node, e->runtime->exit_interpret));
    }
}

/* Of the compiled function, none that is inlined? */
static bool is_own(const Emitter *e, Code pc)
{
    const Function *f = e->f->function;
    return pc >= f->owner->code + f->code_offset && pc < f->owner->code + f->code_end;
}

static void emit_node(Emitter *e, SsaNode *node, const SsaBlock *next)
{
    e->node = node;
    if (node->pc != NULL && node->pc != e->marked && is_own(e, node->pc)) {
        e->marked = node->pc;
        m_mark(&e->m, e->marked - e->f->function->owner->code);
    }
    stress(e, node);
    if (emit_integer(e, node) || emit_float(e, node) || emit_data(e, node) || emit_map(e, node) ||
        emit_bits(e, node) || emit_fields(e, node) || emit_receive(e, node) || emit_list(e, node) ||
        emit_control(e, node, next)) {
        return;
    }
    CHECK(!"a node that can be emitted");
}

static void emit_block(Emitter *e, SsaBlock *block, SsaBlock *next)
{
    m_bind(&e->m, block->label);
    if (block->is_entry) {
        emit_entry_check(e, block);
    }
    for (SsaNode *node = block->first; node != NULL; node = node->next) {
        if (node->op == SSA_PHI || ssa_rep(node) == REP_TEST || node->op == SSA_CONST ||
            node->op == SSA_RAW || node->op == SSA_PARTS) {
            continue;
        }
        if (node == block->last && block->successor_count == 1) {
            emit_phi_moves(e, block, block->successors[0]);
        }
        emit_node(e, node, next);
    }
}

/* The interpreter brings the room that slot code needs; registers that found no place need more. */
void emit_entry_check(Emitter *e, SsaBlock *block)
{
    Machine *m = &e->m;
    MachineLabel enough;
    if (e->words <= e->f->function->frame_words) {
        return;
    }
    enough = m_label(m);
    m_lea(m, T0, slot_memory((int32_t) e->words));
    m_branch_mem(m, M_UGE, T0, m_at(R_PROCESS, offsetof(Process, heap.space.limit)), enough);
    m_address(m, R1, block->pc);
    m_const(m, R0, e->runtime->exit_interpret);
    m_jump_address(m, e->runtime->leave);
    m_bind(m, enough);
}

static void emit_function_entry(Emitter *e)
{
    Machine *m = &e->m;
    m_align(m, 16);
    m_bind(m, e->entry);
    m_sub_negative_imm(m, (MachineRegister) R_REDUCTIONS, (MachineRegister) R_REDUCTIONS, 1,
                       e->entry_slow);
    m_bind(m, e->body); /* the interpreter comes here, having asked for slot code's words alone */
    m_lea(m, T0, slot_memory((int32_t) e->words));
    m_branch_mem(m, M_ULT, T0, m_at(R_PROCESS, offsetof(Process, heap.space.limit)), e->entry_slow);
}

/* Slow paths may add exits, exits slow paths. */
static void emit_ends(Emitter *e)
{
    Machine *m = &e->m;
    m_mark(m, -1);
    while (e->exits != NULL || e->slows != NULL || e->guess_exits != NULL) {
        while (e->guess_exits != NULL) {
            const GuessExit *exit = e->guess_exits;
            e->guess_exits = exit->next;
            emit_guess_exit(e, exit);
        }
        Exit *exit = e->exits;
        Slow *slow = e->slows;
        if (exit != NULL) {
            e->exits = exit->next;
            e->node = NULL; /* nothing lives that is to be kept */
            m_bind(m, exit->label);
            emit_leave(e, exit);
        } else {
            e->slows = slow->next;
            e->node = slow->node;
            m_bind(m, slow->label);
            slow->emit(e, slow);
        }
    }
    m_bind(m, e->entry_slow);
    m_address(m, R1, e->f->function->owner->code + e->f->function->code_offset);
    m_const(m, R0, e->runtime->exit_entry);
    m_jump_address(m, e->runtime->leave);
}

static int by_offset(const void *a, const void *b)
{
    const QuickPlace *x = a, *y = b;
    return x->slot_offset < y->slot_offset ? -1 : x->slot_offset > y->slot_offset;
}

static void collect_places(Emitter *e, QuickResult *result)
{
    const Function *function = e->f->function;
    result->places = mem_alloc((e->l->layout_count + 1) * sizeof *result->places);
    for (uint32_t i = 0; i < e->l->layout_count; i++) {
        SsaBlock *block = e->l->layout[i];
        if (block->is_entry) {
            result->places[result->place_count++] = (QuickPlace){
                (uint32_t) (block->pc - function->owner->code), block->entry_depth, block->label};
        }
    }
    qsort(result->places, result->place_count, sizeof *result->places, by_offset);
}

void ssa_emit(Ssa *f, const NativeRuntime *runtime, QuickResult *result)
{
    Lowering l = {.f = f};
    Emitter e = {.l = &l, .f = f, .runtime = runtime};
    l.spill_first = f->frame_words;
    lower_memory(&l);
    lower_registers(&l);
    machine_init(&e.m);
    e.words = l.spill_first + l.spill_count + emit_count_parts(&l);
    e.entry = m_label(&e.m);
    e.body = m_label(&e.m);
    e.entry_slow = m_label(&e.m);
    for (uint32_t i = 0; i < l.layout_count; i++) {
        l.layout[i]->label = m_label(&e.m);
    }
    emit_function_entry(&e);
    for (uint32_t i = 0; i < l.layout_count; i++) {
        emit_block(&e, l.layout[i], i + 1 < l.layout_count ? l.layout[i + 1] : NULL);
    }
    emit_ends(&e);
    memset(result, 0, sizeof *result);
    collect_places(&e, result);
    result->machine = e.m;
    result->entry = e.entry;
    result->body = e.body;
    result->return_points = e.return_points.at;
    result->return_point_count = e.return_points.count;
    result->frame_words = e.words;
    result->guesses = e.guesses;
    if (f->inlined_count > 0) {
        result->inlined = mem_alloc(f->inlined_count * sizeof *result->inlined);
        for (uint32_t i = 0; i < f->inlined_count; i++) {
            result->inlined[i] = f->inlined[i]->function;
        }
        result->inlined_count = f->inlined_count;
    }
    if (f->heir_count > 0) {
        result->heirs = mem_alloc(f->heir_count * sizeof *result->heirs);
        memcpy(result->heirs, f->heirs, f->heir_count * sizeof *result->heirs);
        result->heir_count = f->heir_count;
    }
}
