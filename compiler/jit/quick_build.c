/* compiler/jit/quick_build.c
 * Taking terms apart and building them. One check of the heap serves all that a run of instructions
 * builds. */
#include "compiler/jit/map_keys.h"
#include "compiler/jit/quick_internal.h"
#include "runtime/term/compare.h"
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
    if (stub->b == R_NONE) {
        m_move(&q->m, R1, (MachineRegister) stub->a);
        m_const(&q->m, R2, stub->number);
    } else {
        quick_moves(q, (MachineRegister[]){R1, R2},
                    (MachineRegister[]){(MachineRegister) stub->a, (MachineRegister) stub->b}, 2);
    }
    quick_c_call(q, (const void *) map_get, false);
    m_branch_imm(&q->m, M_EQ, R0, (int64_t) TERM_NONE, none);
    m_move(&q->m, (MachineRegister) stub->d, R0);
    quick_stub_reloads(q, stub);
    m_jump(&q->m, stub->resume);
    m_bind(&q->m, none);
    quick_stub_reloads(q, stub);
    m_jump(&q->m, stub->other);
}

static bool is_word(Term t)
{
    return !term_is_pointer(t);
}

/* at = the index of the key in `keys` of `count` (a register, destroyed: it is `at`), or on at
 * `absent`. `key` R_NONE: the constant. */
static void find_key(Quick *q, MachineRegister keys, MachineRegister at, MachineRegister key,
                     Term constant, MachineLabel absent)
{
    Machine *m = &q->m;
    MachineLabel next = m_label(m);
    MachineMemory place = m_at_index(keys, at, 3, 8 - TAG_BOXED);
    m_bind(m, next);
    m_sub_negative_imm(m, at, at, 1, absent);
    if (key == R_NONE) {
        m_branch_memory_imm(m, M_NE, WIDTH_64, place, (int64_t) constant, next);
    } else {
        m_branch_mem(m, M_NE, key, place, next);
    }
}

/* keys, count = those of a small map; others go on at `other`. */
static void open_small_map(Quick *q, MachineRegister map, bool is_map, MachineRegister keys,
                           MachineRegister count, MachineLabel other)
{
    Machine *m = &q->m;
    if (!is_map) {
        m_add_imm(m, keys, map, -TAG_BOXED);
        m_branch_bits_imm(m, M_NE, keys, TAG_MASK, other);
    }
    m_branch_memory_imm(m, M_NE, WIDTH_U16, m_at(map, -TAG_BOXED),
                        (int64_t) (HEADER(KIND_map, 0) & 0xFFFF), other);
    m_load(m, WIDTH_U32, count, m_at(map, 2 - TAG_BOXED)); /* words after the header */
    m_load(m, WIDTH_64, keys, m_at(map, 8 - TAG_BOXED));
    m_sub_imm(m, count, count, 1);
}

/* The value of a key, or on at the label `fails` away. Small maps are searched here for a key that
 * is its word. key_slot 0: the constant. */
static MachineRegister map_value(Quick *q, uint32_t map_slot, uint32_t key_slot, Term constant,
                                 int32_t fails)
{
    Machine *m = &q->m;
    uint32_t key_kinds = key_slot != 0 ? state_kinds(q, key_slot) : 0;
    uint32_t words = IS_SMALL | IS_FLOAT | IS_ATOM | IS_NIL;
    MachineRegister map = state_use(q, map_slot), key = R_NONE, d, at, t;
    MachineLabel fail;
    Stub *slow;
    if (key_slot != 0) {
        key = state_use(q, key_slot);
    }
    d = state_temporary(q);
    at = state_temporary(q);
    t = state_temporary(q);
    fail = quick_branch_target(q, fails);
    slow = quick_stub(q, emit_slow_get);
    slow->a = map;
    slow->b = key;
    slow->d = d;
    slow->number = (int64_t) constant;
    slow->resume = m_label(m);
    slow->other = fail;
    if (key_slot != 0 ? (key_kinds & words) != 0 : is_word(constant)) {
        if (key_kinds & ~words) {
            m_and_imm(m, t, key, 5);
            m_branch_imm(m, M_EQ, t, 1, slow->label);
        }
        open_small_map(q, map, true, t, at, slow->label);
        find_key(q, t, at, key, constant, fail);
        m_load(m, WIDTH_64, d, m_at_index(map, at, 3, 16 - TAG_BOXED));
    } else {
        m_jump(m, slow->label);
    }
    m_bind(m, slow->resume);
    return d;
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
    case I_test_map_key:
        map_value(q, slot_of(q, 4), slot_of(q, 6), TERM_NONE, field_s32(q->pc, 8));
        break;
    case I_get_map:
        state_define(q, slot_of(q, 4),
                     map_value(q, slot_of(q, 6), slot_of(q, 8), TERM_NONE, field_s32(q->pc, 12)),
                     IS_ANY);
        break;
    default:
        state_define(q, slot_of(q, 4),
                     map_value(q, slot_of(q, 6), 0, field_u64(q->pc, 12), field_s32(q->pc, 8)),
                     IS_ANY);
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
    m_store_imm(
        &q->m, WIDTH_64,
        (int64_t) (i == I_make_fun ? HEADER(KIND_fun, count + 1) : HEADER(KIND_tuple, count)),
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
    m_lea(m, R3, m_at((MachineRegister) R_ACTIVATION, (int32_t) q->runtime->activation_args));
    quick_c_call(q, function, true);
    q->heap_ready = 0;
    q->pinned |= 1u << R0;
    none = fails != 0 ? quick_branch_target(q, fails) : quick_exit(q);
    m_branch_imm(m, M_EQ, R0, (int64_t) TERM_NONE, none);
    state_define(q, slot_of(q, 4), R0, kinds);
}

bool quick_constant_operand(Quick *q, uint32_t n, Term *constant)
{
    int32_t operand = field_s16(q->pc, 24 + 2 * n);
    const Known *known;
    if (operand >= 0) {
        *constant = field_u64(q->pc, 4 * (uint32_t) operand);
        return true;
    }
    known = state_find(q, (uint32_t) -operand);
    if (known != NULL && known->is_constant) {
        *constant = known->constant;
        return true;
    }
    return false;
}

enum { MAP_PAIRS_MOST = 3 };

/* The operands, from slots in memory; then as build_by_c. */
static void emit_slow_put(Quick *q, const Stub *stub)
{
    Machine *m = &q->m;
    MachineRegister act = (MachineRegister) R_ACTIVATION;
    Code at = q->code + q->at[stub->at].offset;
    MachineLabel fails = m_label(m);
    quick_stub_writes(q, stub);
    quick_stub_gather(q, stub);
    m_address(m, R2, at);
    m_store(m, WIDTH_64, R2, m_at(R_PROCESS, offsetof(Process, pc)));
    m_move(m, R1, R_PROCESS);
    m_lea(m, R3, m_at(act, (int32_t) q->runtime->activation_args));
    quick_c_call(q, stub->function, true);
    m_branch_imm(m, M_EQ, R0, (int64_t) TERM_NONE, fails);
    m_move(m, (MachineRegister) stub->d, R0);
    quick_stub_reloads(q, stub);
    m_jump(m, stub->resume);
    m_bind(m, fails);
    if (stub->flags) {
        quick_stub_reloads(q, stub);
        m_jump(m, stub->other);
    } else {
        quick_stub_leave(q, stub);
    }
}

/* The stub in which C builds what the instruction at hand builds, in d. */
Stub *quick_slow_build(Quick *q, const void *function, MachineRegister d)
{
    int32_t fails = field_s32(q->pc, 12);
    Stub *slow = quick_stub(q, emit_slow_put);
    slow->d = d;
    slow->function = function;
    slow->flags = fails != 0;
    slow->other = fails != 0 ? quick_branch_target(q, fails) : UINT32_MAX;
    slow->resume = m_label(&q->m);
    return slow;
}

/* A few constant keys that a small map has: a copy of its values. False: left to C. */
static bool put_map(Quick *q)
{
    Machine *m = &q->m;
    uint32_t pairs = (field_u16(q->pc, 6) - 1) / 2, map_slot, kinds;
    int32_t map_field = field_s16(q->pc, 24);
    Term keys[MAP_PAIRS_MOST];
    MachineRegister map, d, count, t, at[MAP_PAIRS_MOST];
    MachineLabel copy = m_label(m), copied = m_label(m);
    Stub *slow;
    if (pairs == 0 || pairs > MAP_PAIRS_MOST || map_field >= 0) {
        return false;
    }
    for (uint32_t i = 0; i < pairs; i++) {
        if (!quick_constant_operand(q, 1 + 2 * i, &keys[i]) || !is_word(keys[i])) {
            return false;
        }
    }
    quick_heap(q, 2 + MAP_SMALL_MAX);
    map_slot = (uint32_t) -map_field;
    kinds = state_kinds(q, map_slot);
    map = state_use(q, map_slot);
    d = state_temporary(q);
    count = state_temporary(q);
    t = state_temporary(q);
    for (uint32_t i = 0; i < pairs; i++) {
        at[i] = state_temporary(q);
    }
    slow = quick_slow_build(q, (const void *) q->runtime->build_map, d);
    open_small_map(q, map, kinds == IS_MAP, t, count, slow->label);
    for (uint32_t i = 0; i < pairs; i++) {
        m_move(m, at[i], count);
        find_key(q, t, at[i], R_NONE, keys[i], slow->label);
    }
    m_store(m, WIDTH_64, t, m_at(R_HEAP, 8));
    m_load(m, WIDTH_64, t, m_at(map, -TAG_BOXED));
    m_store(m, WIDTH_64, t, m_at(R_HEAP, 0));
    m_lea(m, d, m_at_index(R_HEAP, count, 3, 16)); /* the new top */
    m_bind(m, copy);
    m_sub_negative_imm(m, count, count, 1, copied);
    m_load(m, WIDTH_64, t, m_at_index(map, count, 3, 16 - TAG_BOXED));
    m_store(m, WIDTH_64, t, m_at_index(R_HEAP, count, 3, 16));
    m_jump(m, copy);
    m_bind(m, copied);
    for (uint32_t i = 0; i < pairs; i++) {
        int32_t operand = field_s16(q->pc, 24 + 2 * (2 + 2 * i));
        MachineMemory place = m_at_index(R_HEAP, at[i], 3, 16);
        Term constant;
        if (quick_constant_operand(q, 2 + 2 * i, &constant)) {
            m_store_imm(m, WIDTH_64, (int64_t) constant, place);
            continue;
        }
        const Known *known = state_find(q, (uint32_t) -operand);
        if (known != NULL && known->reg != R_NONE) {
            m_store(m, WIDTH_64, (MachineRegister) known->reg, place);
        } else {
            m_load(m, WIDTH_64, t, slot_memory((uint32_t) -operand));
            m_store(m, WIDTH_64, t, place);
        }
    }
    m_move(m, count, R_HEAP);
    m_move(m, R_HEAP, d);
    m_add_imm(m, d, count, TAG_BOXED);
    m_bind(m, slow->resume);
    q->heap_ready = 0;
    state_define(q, slot_of(q, 4), d, IS_MAP);
    return true;
}

/* All keys known. False: left to C. */
static bool make_map(Quick *q)
{
    Machine *m = &q->m;
    uint32_t pairs = field_u16(q->pc, 6) / 2, order[MAP_KEYS_MOST];
    Term keys[MAP_KEYS_MOST], tuple;
    if (pairs > MAP_KEYS_MOST) {
        return false;
    }
    for (uint32_t i = 0; i < pairs; i++) {
        if (!quick_constant_operand(q, 2 * i, &keys[i])) {
            return false;
        }
    }
    tuple = map_keys_tuple(keys, pairs, order);
    if (tuple == TERM_NONE) {
        return false;
    }
    quick_heap(q, 2 + pairs);
    m_store_imm(m, WIDTH_64, (int64_t) HEADER(KIND_map, pairs + 1), m_at(R_HEAP, 0));
    m_store_imm(m, WIDTH_64, (int64_t) tuple, m_at(R_HEAP, 8));
    for (uint32_t i = 0; i < pairs; i++) {
        store_operand(q, 2 * order[i] + 1, (int32_t) (16 + 8 * i));
    }
    built(q, slot_of(q, 4), 0, TAG_BOXED, 2 + pairs, IS_MAP);
    return true;
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
        if (!quick_build_fields(q)) {
            build_by_c(q, (const void *) q->runtime->bs_build, IS_BITS);
        }
        break;
    case I_make_map:
        if (!make_map(q)) {
            build_by_c(q, (const void *) q->runtime->build_map, IS_MAP);
        }
        break;
    default:
        if (!put_map(q)) {
            build_by_c(q, (const void *) q->runtime->build_map, IS_MAP);
        }
    }
}
