/* compiler/jit/quick_fields.c
 * Building bitstrings of fields whose sizes are known (field_code.c). */
#include "compiler/jit/field_code.h"
#include "compiler/jit/quick_internal.h"

static uint32_t operand_slot(const Quick *q, uint32_t operand)
{
    return (uint32_t) -field_s16(q->pc, 24 + 2 * operand);
}

static bool constant_of(void *state, uint32_t operand, Term *value)
{
    return quick_constant_operand(state, operand, value);
}

static uint32_t kinds_of_operand(void *state, uint32_t operand)
{
    return state_kinds(state, operand_slot(state, operand));
}

/* The state does not change. */
static MachineRegister value_of(void *state, uint32_t operand, MachineRegister into)
{
    Quick *q = state;
    uint32_t slot = operand_slot(q, operand);
    const Known *known = state_find(q, slot);
    if (known != NULL && known->reg != R_NONE) {
        return (MachineRegister) known->reg;
    }
    m_load(&q->m, WIDTH_64, into, slot_memory(slot));
    return into;
}

bool quick_build_fields(Quick *q)
{
    const FieldSource source = {&q->m, q, constant_of, kinds_of_operand, value_of};
    Fields fields;
    FieldRegisters r;
    uint32_t words;
    Stub *slow;
    if (!fields_plan(&fields, (const SegmentList *) field_u64(q->pc, 16), &source)) {
        return false;
    }
    words = fields_words(&fields);
    quick_heap(q, words < 16 ? 16 : words);
    if (fields.appends) {
        state_use(q, operand_slot(q, 0));
    }
    r.d = state_temporary(q);
    r.base = state_temporary(q);
    r.gathered = state_temporary(q);
    r.t = state_temporary(q);
    slow = quick_slow_build(q, (const void *) q->runtime->bs_build, r.d);
    fields_build(&source, &fields, &r, slow->label);
    m_bind(&q->m, slow->resume);
    q->heap_ready = 0;
    state_define(q, slot_of(q, 4), r.d, IS_BITS);
    return true;
}
