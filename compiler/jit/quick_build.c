/* compiler/jit/quick_build.c
 * Taking terms apart and building them. One check of the heap serves all that a run of instructions
 * builds. */
#include "compiler/jit/quick_internal.h"
#include "runtime/term/map.h"

/* ---- taking apart ---- */

static void load_field(Quick *q, uint32_t to, MachineRegister from, int32_t offset)
{
    MachineRegister d = state_temporary(q);
    m_load(&q->m, WIDTH_64, d, m_at(from, offset));
    state_define(q, to, d, IS_ANY);
}

static void emit_slow_get(Quick *q, const Stub *stub)
{
    MachineLabel none = m_label(&q->m);
    quick_stub_writes(q, stub);
    quick_moves(q, (MachineRegister[]){R1, R2},
                (MachineRegister[]){(MachineRegister) stub->a, (MachineRegister) stub->b}, 2);
    quick_c_call(q, (const void *) map_get, false);
    m_branch_imm(&q->m, M_EQ, R0, (int64_t) TERM_NONE, none);
    m_move(&q->m, (MachineRegister) stub->d, R0);
    quick_stub_reloads(q, stub);
    m_jump(&q->m, stub->resume);
    m_bind(&q->m, none);
    quick_stub_reloads(q, stub);
    m_jump(&q->m, stub->other);
}

/* The value of a key in d, or on at the label `fails` away. Small maps are searched here for a key
 * that is its word. */
static MachineRegister map_value(Quick *q, uint32_t map_slot, MachineRegister key,
                                 uint32_t key_kinds, int32_t fails)
{
    Machine *m = &q->m;
    MachineRegister map = state_use(q, map_slot), d, at, t;
    MachineLabel fail, next = m_label(m);
    Stub *slow;
    bool word = !(key_kinds & ~(IS_SMALL | IS_FLOAT | IS_ATOM | IS_NIL));
    d = state_temporary(q);
    at = state_temporary(q);
    t = state_temporary(q);
    fail = quick_branch_target(q, fails);
    slow = quick_stub(q, emit_slow_get);
    slow->a = map;
    slow->b = key;
    slow->d = d;
    slow->resume = m_label(m);
    slow->other = fail;
    if (key_kinds & (IS_SMALL | IS_FLOAT | IS_ATOM | IS_NIL)) {
        if (!word) {
            m_and_imm(m, t, key, 5);
            m_branch_imm(m, M_EQ, t, 1, slow->label);
        }
        m_branch_memory_imm(m, M_NE, WIDTH_U16, m_at(map, -TAG_BOXED),
                            (int64_t) (HEADER(KIND_map, 0) & 0xFFFF), slow->label);
        m_load(m, WIDTH_U32, at, m_at(map, 2 - TAG_BOXED)); /* words after the header */
        m_load(m, WIDTH_64, t, m_at(map, 8 - TAG_BOXED));   /* the keys */
        m_sub_imm(m, at, at, 1);
        m_bind(m, next);
        m_sub_negative_imm(m, at, at, 1, fail);
        m_branch_mem(m, M_NE, key, m_at_index(t, at, 3, 8 - TAG_BOXED), next);
        m_load(m, WIDTH_64, d, m_at_index(map, at, 3, 16 - TAG_BOXED));
    } else {
        m_jump(m, slow->label);
    }
    m_bind(m, slow->resume);
    return d;
}

static void get_map(Quick *q, Instruction i)
{
    MachineRegister d;
    if (i == I_get_map_const) {
        Term constant = field_u64(q->pc, 12);
        MachineRegister key = state_temporary(q);
        m_const(&q->m, key, (int64_t) constant);
        d = map_value(q, slot_of(q, 6), key,
                      term_is_pointer(constant) ? IS_CONS : IS_SMALL, field_s32(q->pc, 8));
    } else {
        uint32_t key = slot_of(q, 8);
        uint32_t kinds = state_kinds(q, key);
        d = map_value(q, slot_of(q, 6), state_use(q, key), kinds, field_s32(q->pc, 12));
    }
    state_define(q, slot_of(q, 4), d, IS_ANY);
}

void quick_get(Quick *q, Instruction i)
{
    switch (i) {
    case I_get_head:
        load_field(q, slot_of(q, 4), state_use(q, slot_of(q, 6)), -TAG_CONS);
        break;
    case I_get_tail:
        load_field(q, slot_of(q, 4), state_use(q, slot_of(q, 6)), 8 - TAG_CONS);
        break;
    case I_get_list: {
        MachineRegister cell = state_use(q, slot_of(q, 8));
        load_field(q, slot_of(q, 4), cell, -TAG_CONS);
        load_field(q, slot_of(q, 6), cell, 8 - TAG_CONS);
        break;
    }
    case I_get_element:
        load_field(q, slot_of(q, 4), state_use(q, slot_of(q, 6)),
                   8 + 8 * (int32_t) field_u32(q->pc, 8) - TAG_BOXED);
        break;
    case I_get_element2: {
        MachineRegister tuple = state_use(q, slot_of(q, 8));
        load_field(q, slot_of(q, 4), tuple, 8 + 8 * (int32_t) field_u16(q->pc, 10) - TAG_BOXED);
        load_field(q, slot_of(q, 6), tuple, 8 + 8 * (int32_t) field_u16(q->pc, 12) - TAG_BOXED);
        break;
    }
    case I_test_map_key: {
        uint32_t key = slot_of(q, 6);
        uint32_t kinds = state_kinds(q, key);
        map_value(q, slot_of(q, 4), state_use(q, key), kinds, field_s32(q->pc, 8));
        break;
    }
    default:
        get_map(q, i);
    }
}

/* ---- the heap ---- */

enum { RUN_MOST = 128 };

/* Words that the instruction builds; -1: it ends the run. */
static int32_t words_built(Quick *q, uint32_t now)
{
    Code at = q->code + q->at[now].offset;
    switch ((Instruction) q->at[now].instruction) {
    case I_make_cons:
        return 2;
    case I_make_list:
        return 2 * ((int32_t) field_u16(at, 6) - 1);
    case I_make_tuple:
        return (int32_t) field_u16(at, 6) + 1;
    case I_make_fun:
        return (int32_t) field_u16(at, 6) + 2;
    case I_move:
    case I_move2:
    case I_move3:
    case I_const32:
    case I_const64:
    case I_get_head:
    case I_get_tail:
    case I_get_list:
    case I_get_element:
    case I_get_element2:
        return 0;
    default:
        return -1;
    }
}

static void emit_collect(Quick *q, const Stub *stub)
{
    quick_stub_writes(q, stub);
    quick_stub_collect(q, stub, (uint32_t) stub->number, stub->resume);
}

void quick_heap(Quick *q, uint32_t words)
{
    uint32_t total = words;
    MachineRegister end;
    Stub *stub;
    if (q->heap_ready >= words) {
        return;
    }
    for (uint32_t now = q->now + 1; now < q->count && total < RUN_MOST; now++) {
        int32_t more = words_built(q, now);
        if (more < 0 || q->at[now].jumps > 0 || q->at[now].is_place) {
            break;
        }
        total += (uint32_t) more;
    }
    end = state_temporary(q);
    stub = quick_stub(q, emit_collect);
    stub->number = total;
    stub->resume = m_label(&q->m);
    m_lea(&q->m, end, m_at(R_HEAP, 8 * (int32_t) total));
    m_branch_mem(&q->m, M_UGT, end, m_at(R_PROCESS, offsetof(Process, heap.space.limit)),
                 stub->label);
    m_bind(&q->m, stub->resume);
    q->heap_ready = total;
}

/* ---- building ---- */

/* The operand goes to memory at HEAP + offset. */
static void store_slot(Quick *q, uint32_t slot, int32_t offset)
{
    const Known *known = state_find(q, slot);
    if (known != NULL && known->is_constant && known->reg == R_NONE) {
        m_store_imm(&q->m, WIDTH_64, (int64_t) known->constant, m_at(R_HEAP, offset));
        return;
    }
    uint32_t pinned = q->pinned;
    m_store(&q->m, WIDTH_64, state_use(q, slot), m_at(R_HEAP, offset));
    q->pinned = pinned;
}

static void store_operand(Quick *q, uint32_t n, int32_t offset)
{
    int32_t operand = field_s16(q->pc, 24 + 2 * n);
    if (operand < 0) {
        store_slot(q, (uint32_t) -operand, offset);
    } else {
        m_store_imm(&q->m, WIDTH_64, (int64_t) field_u64(q->pc, 4 * (uint32_t) operand),
                    m_at(R_HEAP, offset));
    }
}

static void built(Quick *q, uint32_t slot, uint32_t at_words, uint32_t tag, uint32_t words,
                  uint32_t kinds)
{
    MachineRegister d = state_temporary(q);
    m_lea(&q->m, d, m_at(R_HEAP, (int32_t) (8 * at_words + tag)));
    m_add_imm(&q->m, R_HEAP, R_HEAP, 8 * words);
    q->heap_ready -= words;
    state_define(q, slot, d, kinds);
}

static void list_of(Quick *q)
{
    uint32_t count = field_u16(q->pc, 6) - 1;
    if (count == 0) {
        int32_t operand = field_s16(q->pc, 24);
        if (operand < 0) {
            state_copy(q, slot_of(q, 4), (uint32_t) -operand);
        } else {
            state_define_constant(q, slot_of(q, 4), field_u64(q->pc, 4 * (uint32_t) operand));
        }
        return;
    }
    quick_heap(q, 2 * count);
    /* The first cell first: each points to the one behind it. */
    for (uint32_t n = 0; n < count; n++) {
        store_operand(q, n, (int32_t) (16 * n));
        if (n + 1 < count) {
            MachineRegister next = state_temporary(q);
            m_lea(&q->m, next, m_at(R_HEAP, (int32_t) (16 * (n + 1) + TAG_CONS)));
            m_store(&q->m, WIDTH_64, next, m_at(R_HEAP, (int32_t) (16 * n + 8)));
            q->pinned &= ~(1u << next);
        } else {
            store_operand(q, count, (int32_t) (16 * n + 8));
        }
    }
    built(q, slot_of(q, 4), 0, TAG_CONS, 2 * count, IS_CONS);
}

static void make_object(Quick *q, Instruction i)
{
    uint32_t count = field_u16(q->pc, 6), first = i == I_make_fun ? 2 : 1;
    quick_heap(q, count + first);
    m_store_imm(&q->m, WIDTH_64,
                (int64_t) (i == I_make_fun ? HEADER(KIND_fun, count + 1)
                                           : HEADER(KIND_tuple, count)),
                m_at(R_HEAP, 0));
    if (i == I_make_fun) {
        m_store_imm(&q->m, WIDTH_64, (int64_t) field_u64(q->pc, 16), m_at(R_HEAP, 8));
    }
    for (uint32_t n = 0; n < count; n++) {
        store_operand(q, n, (int32_t) (8 * (n + first)));
    }
    built(q, slot_of(q, 4), 0, TAG_BOXED, count + first, i == I_make_fun ? IS_FUN : IS_TUPLE);
}

/* By C: (process, instruction, operands) -> value, or TERM_NONE: the interpreter raises, or goes
 * where a guard that fails goes. */
static void build_by_c(Quick *q, const void *function, uint32_t kinds)
{
    Machine *m = &q->m;
    int32_t fails = field_s32(q->pc, 12);
    MachineLabel none;
    if (field_u16(q->pc, 6) > q->runtime->args_most) {
        quick_leave(q);
        return;
    }
    quick_heap(q, 16);
    quick_gather(q);
    state_before_c(q);
    m_address(m, R2, q->pc);
    m_store(m, WIDTH_64, R2, m_at(R_PROCESS, offsetof(Process, pc)));
    m_move(m, R1, R_PROCESS);
    m_lea(m, R3,
          m_at((MachineRegister) R_ACTIVATION, (int32_t) q->runtime->activation_args));
    quick_c_call(q, function, true);
    q->heap_ready = 0;
    q->pinned |= 1u << R0;
    none = fails != 0 ? quick_branch_target(q, fails) : quick_exit(q);
    m_branch_imm(m, M_EQ, R0, (int64_t) TERM_NONE, none);
    state_define(q, slot_of(q, 4), R0, kinds);
}

void quick_build(Quick *q, Instruction i)
{
    switch (i) {
    case I_make_cons:
        quick_heap(q, 2);
        store_slot(q, slot_of(q, 6), 0);
        store_slot(q, slot_of(q, 8), 8);
        built(q, slot_of(q, 4), 0, TAG_CONS, 2, IS_CONS);
        break;
    case I_make_list:
        list_of(q);
        break;
    case I_make_tuple:
    case I_make_fun:
        make_object(q, i);
        break;
    case I_bs_build:
        build_by_c(q, (const void *) q->runtime->bs_build, IS_BITS);
        break;
    default:
        build_by_c(q, (const void *) q->runtime->build_map, IS_MAP);
    }
}
