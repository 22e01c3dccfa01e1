/* compiler/jit/quick_state.c
 * What is known of slots between two instructions; see quick_internal.h. Registers have no table of
 * their own: which are taken follows from the state, which is short. */
#include "compiler/jit/quick_internal.h"

/* Where values may live. R0 last: calls and their results go through it. R8 and R11 are taken. */
static const MachineRegister order[] = {R1, R2, R3, R4, R5, R6, R7, R9, R10, R0};

Known *state_find(Quick *q, uint32_t slot)
{
    for (uint32_t i = 0; i < q->state.count; i++) {
        if (q->state.known[i].slot == slot) {
            return &q->state.known[i];
        }
    }
    return NULL;
}

static void drop(Quick *q, Known *known)
{
    *known = q->state.known[--q->state.count];
}

static void write(Quick *q, Known *known)
{
    if (known->dirty && !(known->is_rest && known->reg == R_NONE)) {
        if (known->reg == R_NONE) {
            m_store_imm(&q->m, WIDTH_64, (int64_t) known->constant, slot_memory(known->slot));
        } else {
            m_store(&q->m, WIDTH_64, (MachineRegister) known->reg, slot_memory(known->slot));
        }
        known->dirty = known->is_rest; /* never quite in memory */
        q->exit = UINT32_MAX; /* an exit made so far would write it from a register of others */
    }
}

/* One to be forgotten, rather none whose register the instruction at hand uses: a stub that loads
 * registers again knows from the state where from. */
static Known *victim(Quick *q)
{
    for (uint32_t tries = 0; tries < STATE_MOST; tries++) {
        Known *known = &q->state.known[q->victim++ % STATE_MOST];
        if (!known->is_rest && (known->reg == R_NONE || !(q->pinned >> known->reg & 1))) {
            return known;
        }
    }
    return &q->state.known[q->victim++ % STATE_MOST]; /* its register is others', too */
}

static Known *add(Quick *q, uint32_t slot)
{
    Known *known;
    if (q->state.count == STATE_MOST) {
        known = victim(q);
        write(q, known);
        q->exit = UINT32_MAX;
        drop(q, known);
    }
    known = &q->state.known[q->state.count++];
    *known = (Known){.slot = (uint16_t) slot, .reg = R_NONE, .kinds = IS_ANY};
    return known;
}

static uint32_t taken(const Quick *q)
{
    uint32_t set = q->pinned;
    for (uint32_t i = 0; i < q->state.count; i++) {
        if (q->state.known[i].reg != R_NONE) {
            set |= 1u << q->state.known[i].reg;
        }
    }
    return set;
}

/* The register holds no slot's value any more. */
static void vacate(Quick *q, MachineRegister reg)
{
    for (uint32_t i = q->state.count; i-- > 0;) {
        Known *known = &q->state.known[i];
        if (known->reg == reg) {
            if (known->is_constant) {
                known->reg = R_NONE;
            } else {
                write(q, known);
                known->reg = R_NONE;
            }
            q->exit = UINT32_MAX;
        }
    }
}

static MachineRegister allocate(Quick *q)
{
    uint32_t set = taken(q);
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        if (!(set >> order[i] & 1)) {
            q->pinned |= 1u << order[i];
            return order[i];
        }
    }
    for (;;) {
        MachineRegister reg = order[q->victim++ % COUNT_OF(order)];
        if (!(q->pinned >> reg & 1)) {
            vacate(q, reg);
            q->pinned |= 1u << reg;
            return reg;
        }
    }
}

MachineRegister state_use(Quick *q, uint32_t slot)
{
    Known *known = state_find(q, slot);
    MachineRegister reg;
    if (known != NULL && known->reg != R_NONE) {
        q->pinned |= 1u << known->reg;
        return (MachineRegister) known->reg;
    }
    reg = allocate(q); /* may change the state */
    known = state_find(q, slot);
    if (known == NULL) {
        known = add(q, slot);
    }
    if (known->is_constant) {
        m_const(&q->m, reg, (int64_t) known->constant);
    } else {
        m_load(&q->m, WIDTH_64, reg, slot_memory(slot));
    }
    known->reg = reg;
    return reg;
}

MachineRegister state_temporary(Quick *q)
{
    return allocate(q);
}

void state_forget(Quick *q, uint32_t slot)
{
    Known *known = state_find(q, slot);
    if (known != NULL) {
        drop(q, known);
    }
}

void state_define(Quick *q, uint32_t slot, MachineRegister reg, uint32_t kinds)
{
    Known *known;
    state_forget(q, slot);
    known = add(q, slot);
    known->reg = reg;
    known->dirty = true;
    known->kinds = (uint16_t) kinds;
}

void state_define_constant(Quick *q, uint32_t slot, Term constant)
{
    Known *known;
    state_forget(q, slot);
    known = add(q, slot);
    known->dirty = true;
    known->is_constant = true;
    known->constant = constant;
    known->kinds = (uint16_t) kinds_of(constant);
    if (known->kinds == IS_TUPLE) {
        known->arity_1 = (uint32_t) tuple_arity(constant) + 1;
    }
}

void state_copy(Quick *q, uint32_t to, uint32_t from)
{
    Known *known = state_find(q, from), copy;
    if (to == from) {
        return;
    }
    if (known == NULL || (known->reg == R_NONE && !known->is_constant)) {
        state_use(q, from);
        known = state_find(q, from);
    }
    copy = *known;
    state_forget(q, to);
    known = add(q, to);
    copy.slot = (uint16_t) to;
    copy.dirty = true;
    *known = copy;
}

uint32_t state_kinds(Quick *q, uint32_t slot)
{
    const Known *known = state_find(q, slot);
    return known != NULL ? known->kinds : IS_ANY;
}

void state_refine(Quick *q, uint32_t slot, uint32_t kinds)
{
    Known *known = state_find(q, slot);
    if (known == NULL) {
        known = add(q, slot);
    }
    known->kinds &= (uint16_t) kinds;
    /* Other slots that hold the same value. */
    for (uint32_t i = 0; known->reg != R_NONE && i < q->state.count; i++) {
        if (q->state.known[i].reg == known->reg) {
            q->state.known[i].kinds &= (uint16_t) kinds;
        }
    }
}

void state_flush(Quick *q, uint64_t live)
{
    for (uint32_t i = q->state.count; i-- > 0;) {
        Known *known = &q->state.known[i];
        if (known->dirty && slot_is_live(live, known->slot)) {
            write(q, known);
        }
    }
}

void state_clear(Quick *q)
{
    q->state.count = 0;
}

uint64_t live_after(const Quick *q)
{
    return q->now + 1 < q->count ? q->at[q->now + 1].live : 0;
}

void state_before_c(Quick *q)
{
    state_flush(q, quick_rest_needs(q, q->at[q->now].live | live_after(q)));
    for (uint32_t i = q->state.count; i-- > 0;) {
        Known *known = &q->state.known[i];
        if (known->reg != R_NONE && !(R_KEPT_BY_C >> known->reg & 1)) {
            if (known->dirty && !known->is_constant && !known->is_rest) {
                drop(q, known); /* dead */
            } else {
                known->reg = R_NONE;
            }
        }
    }
    q->exit = UINT32_MAX;
}

void state_begin_instruction(Quick *q)
{
    q->pinned = 0;
    q->exit = UINT32_MAX;
}

/* What is not needed any more goes. */
void state_end_instruction(Quick *q)
{
    uint64_t live = quick_rest_needs(q, live_after(q));
    for (uint32_t i = q->state.count; i-- > 0;) {
        Known *known = &q->state.known[i];
        if (!slot_is_live(live, known->slot)) {
            drop(q, known);
        }
    }
    q->pinned = 0;
}
