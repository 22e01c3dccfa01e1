/* compiler/jit/quick_bits.c
 * Taking binaries apart. Of the three slots of a binary being matched the first holds the parent (a
 * heap_binary or refc_binary), the others position and end as small integers, in bits. Whole bytes
 * at byte boundaries are read here, and fields of a few bits; the rest C does, on the slots in
 * memory. Nothing is read outside the field: what lies behind a binary may not be there. */
#include "compiler/jit/quick_internal.h"
#include "compiler/bytecode/module.h"
#include "runtime/term/bits.h"

enum {
    OFFSET_BITS = 7 << 2, /* of a position: bits in the byte */
    BYTE = 8 << 2,
};
#define KIND_BITS(kind) ((int64_t) (HEADER(KIND_##kind, 0) & 0xFFFF))

typedef struct Context {
    uint32_t slot; /* of the parent; position and end follow */
    MachineRegister parent, position, end;
} Context;

static Context use_context(Quick *q, uint32_t slot)
{
    Context c = {.slot = slot};
    c.parent = state_use(q, slot);
    c.position = state_use(q, slot + 1);
    c.end = state_use(q, slot + 2);
    return c;
}

/* ---- the start ---- */

/* The whole of a heap_binary or refc_binary: a; d parent, b position, spare[0] end. */
static void emit_start_whole(Quick *q, const Stub *stub)
{
    Machine *m = &q->m;
    MachineRegister value = (MachineRegister) stub->a, end = (MachineRegister) stub->spare[0],
                    kind = (MachineRegister) stub->b;
    MachineLabel refc = m_label(m), both = m_label(m);
    m_branch_imm(m, M_EQ, kind, 64, refc);
    m_branch_imm(m, M_NE, kind, 0, stub->other);
    m_load(m, WIDTH_64, end, m_at(value, 8 - TAG_BOXED));
    m_jump(m, both);
    m_bind(m, refc);
    m_load(m, WIDTH_64, end, m_at(value, 24 - TAG_BOXED));
    m_bind(m, both);
    m_shl_imm(m, end, end, 5);
    m_move(m, (MachineRegister) stub->d, value);
    m_const(m, (MachineRegister) stub->b, 0);
    m_jump(m, stub->resume);
}

static void start(Quick *q)
{
    Machine *m = &q->m;
    uint32_t slot = slot_of(q, 6), to = slot_of(q, 4), kinds = state_kinds(q, slot);
    MachineRegister value, parent, position, end;
    MachineLabel fail;
    Stub *whole;
    if (!(kinds & IS_BITS)) {
        quick_jump(q, field_s32(q->pc, 8));
        return;
    }
    value = state_use(q, slot);
    parent = state_temporary(q);
    position = state_temporary(q);
    end = state_temporary(q);
    fail = quick_branch_target_kinds(q, field_s32(q->pc, 8), slot, kinds & ~(uint32_t) IS_BITS);
    whole = quick_stub(q, emit_start_whole);
    whole->a = value;
    whole->d = parent;
    whole->b = position;
    whole->spare[0] = end;
    whole->other = fail;
    whole->resume = m_label(m);
    if (kinds & ~IS_BOXED) {
        m_add_imm(m, parent, value, -TAG_BOXED);
        m_branch_bits_imm(m, M_NE, parent, TAG_MASK, fail);
    }
    m_load(m, WIDTH_U16, position, m_at(value, -TAG_BOXED));
    m_sub_imm(m, position, position, KIND_BITS(heap_binary));
    m_branch_imm(m, M_NE, position, 128, whole->label);
    m_load(m, WIDTH_64, position, m_at(value, 8 - TAG_BOXED));
    m_load(m, WIDTH_64, end, m_at(value, 16 - TAG_BOXED));
    m_load(m, WIDTH_64, parent, m_at(value, 24 - TAG_BOXED));
    m_add(m, end, end, position);
    m_shl_imm(m, end, end, 2);
    m_shl_imm(m, position, position, 2);
    m_bind(m, whole->resume);
    state_refine(q, slot, IS_BITS);
    state_define(q, to, parent, IS_BITS);
    state_define(q, to + 1, position, IS_SMALL);
    state_define(q, to + 2, end, IS_SMALL);
}

/* ---- pieces ---- */

/* On at `fail` unless `bits` are left. */
static void test_left(Quick *q, const Context *c, MachineRegister t, int64_t bits,
                      MachineLabel fail)
{
    m_sub(&q->m, t, c->end, c->position);
    m_branch_imm(&q->m, M_LT, t, bits << 2, fail);
}

/* bytes = where the parent's bytes begin. */
static void load_bytes(Quick *q, const Context *c, MachineRegister bytes)
{
    Machine *m = &q->m;
    MachineLabel refc = m_label(m), both = m_label(m);
    m_lea(m, bytes, m_at(c->parent, 16 - TAG_BOXED));
    m_branch_memory_imm(m, M_EQ, WIDTH_U16, m_at(c->parent, -TAG_BOXED), KIND_BITS(heap_binary),
                        both);
    m_bind(m, refc);
    m_load(m, WIDTH_64, bytes, m_at(c->parent, 16 - TAG_BOXED));
    m_add_imm(m, bytes, bytes, offsetof(Binary, bytes));
    m_bind(m, both);
}

/* The position becomes `bits` more, in a register of its own. */
static void advance(Quick *q, const Context *c, MachineRegister to, int64_t bits)
{
    m_add_imm(&q->m, to, c->position, bits << 2);
    (void) c;
}

/* C does the whole instruction on the slots in memory and answers a value in d, TERM_NONE where it
 * fails; the position in b is loaded again. */
static void emit_by_c(Quick *q, const Stub *stub)
{
    Machine *m = &q->m;
    MachineLabel fails = m_label(m);
    uint32_t slot = (uint32_t) stub->flags;
    quick_stub_writes(q, stub);
    m_move(m, R1, R_PROCESS);
    m_lea(m, R2, slot_memory(slot));
    m_address(m, R3, q->code + q->at[stub->at].offset);
    m_const(m, R4, q->at[stub->at].instruction);
    quick_c_call(q, stub->function, true);
    m_branch_imm(m, M_EQ, R0, (int64_t) TERM_NONE, fails);
    if (stub->d != R_NONE) {
        m_move(m, (MachineRegister) stub->d, R0);
    }
    if (stub->b != R_NONE) {
        /* After the move: R0 may be among these. */
        quick_stub_reloads(q, stub);
        m_load(m, WIDTH_64, (MachineRegister) stub->b, slot_memory(slot + 1));
    } else {
        quick_stub_reloads(q, stub);
    }
    m_jump(m, stub->resume);
    m_bind(m, fails);
    quick_stub_reloads(q, stub);
    m_jump(m, stub->other);
}

static Stub *by_c(Quick *q, const void *function, uint32_t slot, MachineRegister d,
                  MachineRegister position, MachineLabel fail)
{
    Stub *stub = quick_stub(q, emit_by_c);
    stub->function = function;
    stub->flags = (uint16_t) slot;
    stub->d = d;
    stub->b = position;
    stub->other = fail;
    stub->resume = m_label(&q->m);
    quick_stub_changes(q, stub, slot + 1); /* the position */
    return stub;
}

/* ---- integers ---- */

/* d = the field of `size` bits (8, 16, 24, 32 or 64) at `bytes` + `at`, which is a whole number of
 * bytes, extended as the flags say; t is free, and `at` afterwards. */
static void load_field(Quick *q, MachineRegister d, MachineRegister bytes, MachineRegister at,
                       MachineRegister t, uint32_t size, uint32_t flags)
{
    Machine *m = &q->m;
    bool little = flags & (BITS_LITTLE | BITS_NATIVE), is_signed = flags & BITS_SIGNED;
    MachineMemory from = m_at_index(bytes, at, 0, 0), behind = m_at_index(bytes, at, 0, 1);
    switch (size) {
    case 8:
        m_load(m, is_signed ? WIDTH_S8 : WIDTH_U8, d, from);
        break;
    case 16:
        m_load(m, WIDTH_U16, d, from);
        if (!little) {
            m_swap_bytes(m, WIDTH_U16, d, d);
        }
        if (is_signed) {
            m_extend(m, WIDTH_S16, d, d);
        }
        break;
    case 24:
        if (little) {
            behind.disp = 2;
            m_load(m, WIDTH_U16, t, from);
            m_load(m, WIDTH_U8, d, behind);
            m_shl_imm(m, d, d, 16);
        } else {
            m_load(m, WIDTH_U8, t, from);
            m_load(m, WIDTH_U16, d, behind);
            m_swap_bytes(m, WIDTH_U16, d, d);
            m_shl_imm(m, t, t, 16);
        }
        m_or(m, d, d, t);
        if (is_signed) {
            m_shl_imm(m, d, d, 40);
            m_sar_imm(m, d, d, 40);
        }
        break;
    case 32:
        m_load(m, WIDTH_U32, d, from);
        if (!little) {
            m_swap_bytes(m, WIDTH_U32, d, d);
        }
        if (is_signed) {
            m_extend(m, WIDTH_S32, d, d);
        }
        break;
    default:
        m_load(m, WIDTH_64, d, from);
        if (!little) {
            m_swap_bytes(m, WIDTH_64, d, d);
        }
    }
}

static bool is_simple_size(uint32_t size)
{
    return size == 8 || size == 16 || size == 24 || size == 32;
}

static void get_integer(Quick *q, uint32_t size, uint32_t flags, int32_t fails, const void *by)
{
    Machine *m = &q->m;
    uint32_t to = slot_of(q, 4), slot = slot_of(q, 6);
    bool small_field = size < 8 && size > 0 && !(flags & BITS_SIGNED);
    Context c;
    MachineRegister d, position, t, bytes;
    MachineLabel fail;
    Stub *slow;
    if (size > 57) { /* the result may be big */
        quick_heap(q, size / 64 + 3);
        q->heap_ready = 0;
    }
    c = use_context(q, slot);
    d = state_temporary(q);
    position = state_temporary(q);
    t = state_temporary(q);
    bytes = state_temporary(q);
    fail = quick_branch_target(q, fails);
    slow = by_c(q, by, slot, d, position, fail);
    test_left(q, &c, t, size, fail);
    if (is_simple_size(size) || small_field) {
        m_and_imm(m, t, c.position, OFFSET_BITS);
        if (!small_field) {
            m_branch_imm(m, M_NE, t, 0, slow->label);
        } else { /* within one byte? */
            m_branch_imm(m, M_UGT, t, (8 - size) << 2, slow->label);
        }
        load_bytes(q, &c, bytes);
        if (small_field) {
            m_shr_imm(m, position, c.position, 5);
            m_load(m, WIDTH_U8, d, m_at_index(bytes, position, 0, 0));
            /* The field's bits at the top of the byte, then down to the bottom. */
            m_shr_imm(m, t, t, 2);
            m_shl(m, d, d, t);
            m_shr_imm(m, d, d, 8 - size);
            m_and_imm(m, d, d, (1 << size) - 1);
        } else {
            m_shr_imm(m, position, c.position, 5);
            load_field(q, d, bytes, position, t, size, flags);
        }
        m_shl_imm(m, d, d, 2);
        advance(q, &c, position, size);
    } else {
        m_jump(m, slow->label);
    }
    m_bind(m, slow->resume);
    state_define(q, slot + 1, position, IS_SMALL);
    state_define(q, to, d,
                 size <= 57 ? IS_SMALL : IS_INTEGER); /* it may go where the position was */
}

/* ---- others ---- */

static void get_field(Quick *q, uint32_t kinds)
{
    uint32_t to = slot_of(q, 4), slot = slot_of(q, 6);
    int32_t fails = field_s32(q->pc, 16);
    MachineLabel none;
    Machine *m = &q->m;
    quick_heap(q, 16);
    q->heap_ready = 0;
    state_before_c(q);
    m_move(m, R1, R_PROCESS);
    m_lea(m, R2, slot_memory(slot));
    m_address(m, R3, q->pc);
    m_const(m, R4, q->at[q->now].instruction);
    quick_c_call(q, (const void *) q->runtime->bs_get, true);
    state_forget(q, slot + 1);
    q->pinned |= 1u << R0;
    none = quick_branch_target(q, fails);
    m_branch_imm(m, M_EQ, R0, (int64_t) TERM_NONE, none);
    state_define(q, to, R0, kinds);
}

static void get_float(Quick *q)
{
    const Known *size = state_find(q, slot_of(q, 8));
    uint32_t to = slot_of(q, 4), slot = slot_of(q, 6);
    Machine *m = &q->m;
    Context c;
    MachineRegister d, position, t, bytes;
    MachineLabel fail;
    Stub *slow;
    if (size == NULL || !size->is_constant || !term_is_small(size->constant) ||
        small_value(size->constant) * (int64_t) field_u16(q->pc, 10) != 64) {
        get_field(q, IS_FLOAT | IS_BOXED_FLOAT);
        return;
    }
    quick_heap(q, 16);
    q->heap_ready = 0;
    c = use_context(q, slot);
    d = state_temporary(q);
    position = state_temporary(q);
    t = state_temporary(q);
    bytes = state_temporary(q);
    fail = quick_branch_target(q, field_s32(q->pc, 16));
    slow = by_c(q, (const void *) q->runtime->bs_get, slot, d, position, fail);
    test_left(q, &c, t, 64, fail);
    m_branch_bits_imm(m, M_NE, c.position, OFFSET_BITS, slow->label);
    load_bytes(q, &c, bytes);
    m_shr_imm(m, position, c.position, 5);
    load_field(q, d, bytes, position, t, 64, field_u16(q->pc, 12));
    m_rol_imm(m, d, d, 4);
    m_add_imm(m, d, d, 2);
    m_const(m, t, FLOAT_TAGS);
    m_shr(m, t, t, d);
    m_branch_bits_imm(m, M_EQ, t, 1, slow->label);
    advance(q, &c, position, 64);
    m_bind(m, slow->resume);
    state_define(q, slot + 1, position, IS_SMALL);
    state_define(q, to, d, IS_FLOAT | IS_BOXED_FLOAT); /* it may go where the position was */
}

/* The rest in whole bytes, not made a term yet. */
static void late_rest(Quick *q, uint32_t to, uint32_t slot)
{
    Context c = use_context(q, slot);
    MachineRegister t = state_temporary(q);
    MachineLabel fail = quick_branch_target(q, field_s32(q->pc, 12));
    m_sub(&q->m, t, c.end, c.position);
    m_branch_bits_imm(&q->m, M_NE, t, OFFSET_BITS, fail);
    state_copy(q, slot + 1, slot + 2);
    state_define(q, to, c.position, IS_BITS);
    state_find(q, to)->is_rest = true;
}

static void get_rest(Quick *q)
{
    Machine *m = &q->m;
    uint32_t to = slot_of(q, 4), slot = slot_of(q, 6), unit = field_u16(q->pc, 8);
    Context c;
    MachineRegister d, t;
    MachineLabel fail;
    Stub *slow;
    if (slot == q->rest_context && unit == 8 && to < MASKED_SLOTS) {
        late_rest(q, to, slot);
        return;
    }
    quick_heap(q, 16);
    c = use_context(q, slot);
    d = state_temporary(q);
    t = state_temporary(q);
    fail = quick_branch_target(q, field_s32(q->pc, 12));
    slow = by_c(q, (const void *) q->runtime->bs_get_rest, slot, d, R_NONE, fail);
    m_sub(m, t, c.end, c.position);
    if (unit == 8) {
        m_branch_bits_imm(m, M_NE, t, OFFSET_BITS, fail);
    } else if (unit != 1) {
        m_jump(m, slow->label);
    }
    /* A small part is copied, a whole one is itself. */
    m_branch_imm(m, M_LT, t, BINARY_VIEW_BYTES_MIN * BYTE, slow->label);
    m_branch_imm(m, M_EQ, c.position, 0, slow->label);
    m_store_imm(m, WIDTH_64, (int64_t) HEADER(KIND_sub_binary, 3), m_at(R_HEAP, 0));
    m_shr_imm(m, d, c.position, 2);
    m_store(m, WIDTH_64, d, m_at(R_HEAP, 8));
    m_shr_imm(m, t, t, 2);
    m_store(m, WIDTH_64, t, m_at(R_HEAP, 16));
    m_store(m, WIDTH_64, c.parent, m_at(R_HEAP, 24));
    m_lea(m, d, m_at(R_HEAP, TAG_BOXED));
    m_add_imm(m, R_HEAP, R_HEAP, 32);
    m_bind(m, slow->resume);
    q->heap_ready = 0;
    state_copy(q, slot + 1, slot + 2);
    state_define(q, to, d, IS_BITS);
}

static void skip(Quick *q)
{
    Machine *m = &q->m;
    uint32_t slot = slot_of(q, 4), size_slot = slot_of(q, 6), unit = field_u16(q->pc, 8);
    const Known *size = state_find(q, size_slot);
    MachineRegister position, t, bits;
    MachineLabel fail;
    Context c;
    if (size != NULL && size->is_constant && term_is_small(size->constant) &&
        small_value(size->constant) >= 0 && small_value(size->constant) < 1 << 24) {
        int64_t count = small_value(size->constant) * unit;
        c = use_context(q, slot);
        position = state_temporary(q);
        t = state_temporary(q);
        fail = quick_branch_target(q, field_s32(q->pc, 12));
        test_left(q, &c, t, count, fail);
        advance(q, &c, position, count);
    } else {
        uint32_t kinds = state_kinds(q, size_slot);
        c = use_context(q, slot);
        bits = state_use(q, size_slot);
        position = state_temporary(q);
        t = state_temporary(q);
        fail = quick_branch_target(q, field_s32(q->pc, 12));
        if (kinds & ~IS_SMALL) {
            m_branch_bits_imm(m, M_NE, bits, 3, fail);
        }
        m_branch_imm(m, M_LT, bits, 0, fail);
        m_mul_overflow_imm(m, position, bits, unit, fail);
        m_sub(m, t, c.end, c.position);
        m_branch(m, M_UGT, position, t, fail);
        m_add(m, position, position, c.position);
    }
    state_define(q, slot + 1, position, IS_SMALL);
}

/* On at `other` unless the byte at [bytes + at + behind] is a later one of a character: its six
 * bits. */
static void later_byte(Quick *q, MachineRegister to, MachineRegister bytes, MachineRegister at,
                       int32_t behind, MachineLabel other)
{
    m_load(&q->m, WIDTH_U8, to, m_at_index(bytes, at, 0, behind));
    m_xor_imm(&q->m, to, to, 0x80);
    m_branch_imm(&q->m, M_UGE, to, 0x40, other);
}

/* Characters of two and three bytes. d: the first byte, b: its index in the bytes at a, spare[0]:
 * the bits left, shifted by 2, `kind`: the position. What is none goes on at `other`. */
static void emit_utf8(Quick *q, const Stub *stub)
{
    Machine *m = &q->m;
    MachineRegister d = (MachineRegister) stub->d, at = (MachineRegister) stub->b,
                    bytes = (MachineRegister) stub->a, t = (MachineRegister) stub->spare[0],
                    position = (MachineRegister) stub->kind;
    MachineLabel three = m_label(m);
    m_branch_imm(m, M_UGE, d, 0xE0, three);
    m_branch_imm(m, M_ULT, d, 0xC2, stub->other);
    m_branch_imm(m, M_LT, t, 16 << 2, stub->other);
    later_byte(q, t, bytes, at, 1, stub->other);
    m_and_imm(m, d, d, 0x1F);
    m_shl_imm(m, d, d, 6);
    m_or(m, d, d, t);
    m_shl_imm(m, d, d, 2);
    m_add_imm(m, at, position, 16 << 2);
    m_jump(m, stub->resume);
    m_bind(m, three);
    m_branch_imm(m, M_UGE, d, 0xF0, stub->other);
    m_branch_imm(m, M_LT, t, 24 << 2, stub->other);
    later_byte(q, t, bytes, at, 1, stub->other);
    m_and_imm(m, d, d, 0xF);
    m_shl_imm(m, d, d, 6);
    m_or(m, d, d, t);
    later_byte(q, t, bytes, at, 2, stub->other);
    m_shl_imm(m, d, d, 6);
    m_or(m, d, d, t);
    m_branch_imm(m, M_ULT, d, 0x800, stub->other);
    m_sub_imm(m, t, d, 0xD800);
    m_branch_imm(m, M_ULT, t, 0x800, stub->other);
    m_shl_imm(m, d, d, 2);
    m_add_imm(m, at, position, 24 << 2);
    m_jump(m, stub->resume);
}

static void get_utf(Quick *q, Instruction i)
{
    Machine *m = &q->m;
    uint32_t to = slot_of(q, 4), slot = slot_of(q, 6);
    bool utf8 = i == I_bs_get_utf8;
    Context c = use_context(q, slot);
    MachineRegister d = state_temporary(q), position = state_temporary(q), t = state_temporary(q),
                    bytes = state_temporary(q);
    MachineLabel fail = quick_branch_target(q, field_s32(q->pc, utf8 ? 8 : 12));
    Stub *more, *slow = by_c(q, (const void *) q->runtime->bs_utf, slot, d, position, fail);
    if (utf8) { /* one byte */
        test_left(q, &c, t, 8, fail);
        m_branch_bits_imm(m, M_NE, c.position, OFFSET_BITS, slow->label);
        load_bytes(q, &c, bytes);
        m_shr_imm(m, position, c.position, 5);
        m_load(m, WIDTH_U8, d, m_at_index(bytes, position, 0, 0));
        more = quick_stub(q, emit_utf8);
        more->a = bytes;
        more->b = position;
        more->d = d;
        more->spare[0] = t;
        more->kind = c.position;
        more->resume = slow->resume;
        more->other = slow->label;
        m_branch_imm(m, M_UGE, d, 0x80, more->label);
        m_shl_imm(m, d, d, 2);
        advance(q, &c, position, 8);
    } else {
        m_jump(m, slow->label);
    }
    m_bind(m, slow->resume);
    state_define(q, slot + 1, position, IS_SMALL);
    state_define(q, to, d, IS_SMALL); /* it may go where the position was */
}

static void match_literal(Quick *q)
{
    Machine *m = &q->m;
    uint32_t slot = slot_of(q, 4);
    Bits wanted = bits_of(field_u64(q->pc, 12));
    size_t count = wanted.size / 8;
    Context c = use_context(q, slot);
    MachineRegister position = state_temporary(q), t = state_temporary(q),
                    bytes = state_temporary(q);
    MachineLabel fail = quick_branch_target(q, field_s32(q->pc, 8));
    Stub *slow = by_c(q, (const void *) q->runtime->bs_match, slot, R_NONE, position, fail);
    if (wanted.size % 8 == 0 && wanted.offset == 0 && count > 0 && count <= 16) {
        test_left(q, &c, t, (int64_t) wanted.size, fail);
        m_branch_bits_imm(m, M_NE, c.position, OFFSET_BITS, slow->label);
        load_bytes(q, &c, bytes);
        m_shr_imm(m, position, c.position, 5);
        for (size_t at = 0; at < count;) {
            static const MachineWidth widths[] = {[1] = WIDTH_U8, [2] = WIDTH_U16, [4] = WIDTH_U32};
            size_t step = count - at >= 4 ? 4 : count - at >= 2 ? 2 : 1;
            uint32_t word = 0;
            memcpy(&word, wanted.bytes + at, step);
            m_branch_memory_imm(m, M_NE, widths[step], m_at_index(bytes, position, 0, (int32_t) at),
                                word, fail);
            at += step;
        }
        advance(q, &c, position, (int64_t) wanted.size);
    } else {
        m_jump(m, slow->label);
    }
    m_bind(m, slow->resume);
    state_define(q, slot + 1, position, IS_SMALL);
}

static void test_unit(Quick *q)
{
    Machine *m = &q->m;
    uint32_t unit = field_u16(q->pc, 6);
    Context c = use_context(q, slot_of(q, 4));
    MachineRegister t = state_temporary(q), by = state_temporary(q);
    MachineLabel fail = quick_branch_target(q, field_s32(q->pc, 8));
    m_sub(m, t, c.end, c.position);
    if ((unit & (unit - 1)) == 0) {
        m_branch_bits_imm(m, M_NE, t, (unit - 1) << 2, fail);
    } else {
        m_const(m, by, unit << 2);
        m_rem(m, t, t, by);
        m_branch_imm(m, M_NE, t, 0, fail);
    }
}

void quick_bits(Quick *q, Instruction i)
{
    Machine *m = &q->m;
    switch (i) {
    case I_bs_start:
        start(q);
        break;
    case I_bs_get_byte:
        get_integer(q, 8, 0, field_s32(q->pc, 8), (const void *) q->runtime->bs_byte);
        break;
    case I_bs_get_integer_const:
        get_integer(q, field_u32(q->pc, 8), field_u16(q->pc, 12), field_s32(q->pc, 16),
                    (const void *) q->runtime->bs_integer);
        break;
    case I_bs_get_integer:
        get_field(q, IS_INTEGER);
        break;
    case I_bs_get_float:
        get_float(q);
        break;
    case I_bs_get_bits:
        get_field(q, IS_BITS);
        break;
    case I_bs_get_rest:
        get_rest(q);
        break;
    case I_bs_skip:
        skip(q);
        break;
    case I_bs_get_utf8:
    case I_bs_get_utf16:
    case I_bs_get_utf32:
        get_utf(q, i);
        break;
    case I_bs_match_literal:
        match_literal(q);
        break;
    case I_bs_test_end: {
        uint32_t slot = slot_of(q, 4);
        MachineRegister position = state_use(q, slot + 1), end = state_use(q, slot + 2);
        m_branch(m, M_NE, position, end, quick_branch_target(q, field_s32(q->pc, 8)));
        break;
    }
    case I_bs_test_unit:
        test_unit(q);
        break;
    case I_bs_position:
        state_copy(q, slot_of(q, 4), slot_of(q, 6) + 1);
        break;
    default: { /* bs_restore: never behind the end */
        uint32_t slot = slot_of(q, 4);
        MachineRegister wanted = state_use(q, slot_of(q, 6)), end = state_use(q, slot + 2);
        MachineRegister position = state_temporary(q);
        m_select(m, M_LE, position, wanted, end, wanted, end);
        state_define(q, slot + 1, position, IS_SMALL);
    }
    }
}
