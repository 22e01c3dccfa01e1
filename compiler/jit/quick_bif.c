/* compiler/jit/quick_bif.c
 * Guard built-ins whose common cases are a few instructions: those are written here; the rest, and
 * what fails, calls the built-in out of line. */
#include "compiler/jit/quick_internal.h"
#include "runtime/term/map.h"

typedef struct Operand {
    MachineRegister reg;
    uint32_t kinds;
    uint32_t slot; /* 0: a constant */
    bool is_constant;
    Term constant;
} Operand;

static Operand operand(Quick *q, uint32_t n)
{
    int32_t field = field_s16(q->pc, 24 + 2 * n);
    Operand o = {0};
    if (field < 0) {
        const Known *known;
        o.slot = (uint32_t) -field;
        known = state_find(q, o.slot);
        if (known != NULL && known->is_constant) {
            o.is_constant = true;
            o.constant = known->constant;
        }
        o.kinds = state_kinds(q, o.slot);
        o.reg = state_use(q, o.slot);
    } else {
        o.is_constant = true;
        o.constant = field_u64(q->pc, 4 * (uint32_t) field);
        o.kinds = term_is_small(o.constant) ? IS_SMALL : IS_ANY;
        o.reg = state_temporary(q);
        m_const(&q->m, o.reg, (int64_t) o.constant);
    }
    return o;
}

/* The built-in itself; d is the result and free before. Its operands are those of the instruction:
 * of the registers in which the main line has them a collection here keeps only those of slots. */
static void emit_slow(Quick *q, const Stub *stub)
{
    Machine *m = &q->m;
    MachineMemory reductions = m_at(R_PROCESS, offsetof(Process, reductions));
    MachineRegister act = (MachineRegister) R_ACTIVATION, d = (MachineRegister) stub->d;
    int32_t args = (int32_t) q->runtime->activation_args;
    MachineLabel fails = m_label(m), full = m_label(m);
    quick_stub_writes(q, stub);
    m_lea(m, d, m_at(R_HEAP, 8 * 8));
    m_branch_mem(m, M_UGT, d, m_at(R_PROCESS, offsetof(Process, heap.space.limit)), full);
    quick_stub_gather(q, stub);
    m_store(m, WIDTH_U32, (MachineRegister) R_REDUCTIONS, reductions);
    m_address(m, R0, q->code + q->at[stub->at].offset);
    m_store(m, WIDTH_64, R0, m_at(R_PROCESS, offsetof(Process, pc)));
    m_move(m, R1, R_PROCESS);
    m_lea(m, R2, m_at(act, args));
    quick_c_call(q, stub->function, true);
    m_load(m, WIDTH_S32, (MachineRegister) R_REDUCTIONS, reductions);
    m_branch_imm(m, M_EQ, R0, (int64_t) TERM_NONE, fails);
    m_move(m, d, R0);
    quick_stub_reloads(q, stub);
    m_jump(m, stub->resume);
    m_bind(m, fails);
    if (stub->flags) { /* a guard's label */
        quick_stub_reloads(q, stub);
        m_jump(m, stub->other);
    } else {
        quick_stub_leave(q, stub);
    }
    m_bind(m, full);
    quick_stub_collect(q, stub, 8, stub->label);
}

typedef struct Inline {
    Operand a, b;
    MachineRegister d, t;
    MachineLabel slow; /* the built-in decides, or fails */
    Stub *stub;
    uint32_t result; /* kinds */
} Inline;

static void test_boxed(Quick *q, const Operand *o, MachineRegister t, MachineLabel slow)
{
    if (o->kinds & ~IS_BOXED) {
        m_add_imm(&q->m, t, o->reg, -TAG_BOXED);
        m_branch_bits_imm(&q->m, M_NE, t, TAG_MASK, slow);
    }
}

#define KIND_BITS(kind) ((int64_t) (HEADER(KIND_##kind, 0) & 0xFFFF))

static void test_tuple(Quick *q, const Operand *o, MachineRegister t, MachineLabel slow)
{
    test_boxed(q, o, t, slow);
    if (o->kinds != IS_TUPLE) {
        m_branch_memory_imm(&q->m, M_NE, WIDTH_U16, m_at(o->reg, -TAG_BOXED), KIND_BITS(tuple),
                            slow);
    }
}

static void write_extreme(Quick *q, Inline *i, MachineCondition condition)
{
    Machine *m = &q->m;
    if ((i->a.kinds | i->b.kinds) & ~IS_SMALL) {
        m_or(m, i->t, i->a.reg, i->b.reg);
        m_branch_bits_imm(m, M_NE, i->t, 3, i->slow);
    }
    m_select(m, condition, i->d, i->a.reg, i->b.reg, i->a.reg, i->b.reg);
    i->result = i->a.kinds | i->b.kinds;
}
static void write_max(Quick *q, Inline *i)
{
    write_extreme(q, i, M_GE);
}
static void write_min(Quick *q, Inline *i)
{
    write_extreme(q, i, M_LE);
}

static void write_part(Quick *q, Inline *i, int32_t offset)
{
    if (i->a.kinds != IS_CONS) {
        m_add_imm(&q->m, i->t, i->a.reg, -TAG_CONS);
        m_branch_bits_imm(&q->m, M_NE, i->t, TAG_MASK, i->slow);
    }
    m_load(&q->m, WIDTH_64, i->d, m_at(i->a.reg, offset - TAG_CONS));
}
static void write_hd(Quick *q, Inline *i)
{
    write_part(q, i, 0);
}
static void write_tl(Quick *q, Inline *i)
{
    write_part(q, i, 8);
}

static void write_element(Quick *q, Inline *i)
{
    Machine *m = &q->m;
    test_tuple(q, &i->b, i->t, i->slow);
    if (i->a.is_constant && term_is_small(i->a.constant) && small_value(i->a.constant) > 0 &&
        small_value(i->a.constant) < 1 << 20) {
        int64_t index = small_value(i->a.constant);
        m_branch_memory_imm(m, M_ULT, WIDTH_64, m_at(i->b.reg, -TAG_BOXED),
                            (int64_t) HEADER(KIND_tuple, index), i->slow);
        m_load(m, WIDTH_64, i->d, m_at(i->b.reg, (int32_t) (8 * index) - TAG_BOXED));
        return;
    }
    if (i->a.kinds & ~IS_SMALL) {
        m_branch_bits_imm(m, M_NE, i->a.reg, 3, i->slow);
    }
    m_load(m, WIDTH_64, i->t, m_at(i->b.reg, -TAG_BOXED));
    m_shr_imm(m, i->t, i->t, 16);
    m_shr_imm(m, i->d, i->a.reg, 2);
    m_sub_imm(m, i->d, i->d, 1);
    m_branch(m, M_UGE, i->d, i->t, i->slow);
    m_load(m, WIDTH_64, i->d, m_at_index(i->b.reg, i->d, 3, 8 - TAG_BOXED));
}

static void write_tuple_size(Quick *q, Inline *i)
{
    test_tuple(q, &i->a, i->t, i->slow);
    m_load(&q->m, WIDTH_64, i->d, m_at(i->a.reg, -TAG_BOXED));
    m_shr_imm(&q->m, i->d, i->d, 16);
    m_shl_imm(&q->m, i->d, i->d, 2);
    i->result = IS_SMALL;
}

static void write_map_size(Quick *q, Inline *i)
{
    Machine *m = &q->m;
    test_boxed(q, &i->a, i->t, i->slow);
    m_branch_memory_imm(m, M_NE, WIDTH_U16, m_at(i->a.reg, -TAG_BOXED), KIND_BITS(map), i->slow);
    m_load(m, WIDTH_64, i->d, m_at(i->a.reg, -TAG_BOXED));
    m_shr_imm(m, i->d, i->d, 16);
    m_sub_imm(m, i->d, i->d, 1);
    m_shl_imm(m, i->d, i->d, 2);
    i->result = IS_SMALL;
}

/* Bits of a sub_binary or heap_binary; the others are asked. */
static void write_bit_size(Quick *q, Inline *i)
{
    Machine *m = &q->m;
    MachineLabel sub = m_label(m), done = m_label(m);
    test_boxed(q, &i->a, i->t, i->slow);
    m_load(m, WIDTH_U16, i->t, m_at(i->a.reg, -TAG_BOXED));
    m_branch_imm(m, M_EQ, i->t, KIND_BITS(sub_binary), sub);
    m_branch_imm(m, M_NE, i->t, KIND_BITS(heap_binary), i->slow);
    m_load(m, WIDTH_64, i->d, m_at(i->a.reg, 8 - TAG_BOXED));
    m_shl_imm(m, i->d, i->d, 5);
    m_jump(m, done);
    m_bind(m, sub);
    m_load(m, WIDTH_64, i->d, m_at(i->a.reg, 16 - TAG_BOXED));
    m_shl_imm(m, i->d, i->d, 2);
    m_bind(m, done);
    i->result = IS_SMALL;
}

static void write_byte_size(Quick *q, Inline *i)
{
    write_bit_size(q, i);
    m_add_imm(&q->m, i->d, i->d, 7 << 2);
    m_shr_imm(&q->m, i->d, i->d, 5);
    m_shl_imm(&q->m, i->d, i->d, 2);
}

static void write_abs(Quick *q, Inline *i)
{
    Machine *m = &q->m;
    if (i->a.kinds & ~IS_SMALL) {
        m_branch_bits_imm(m, M_NE, i->a.reg, 3, i->slow);
    }
    m_neg_overflow(m, i->d, i->a.reg, i->slow);
    m_select_imm(m, M_LT, i->d, i->a.reg, 0, i->d, i->a.reg);
    i->result = i->a.kinds & ~IS_SMALL ? IS_NUMBER : IS_INTEGER;
}

static void write_float(Quick *q, Inline *i)
{
    Machine *m = &q->m;
    MachineLabel other = m_label(m), done = m_label(m);
    i->result = IS_FLOAT | IS_BOXED_FLOAT;
    m_branch_bits_imm(m, M_NE, i->a.reg, 3, other);
    m_sar_imm(m, i->t, i->a.reg, 2);
    m_int_to_float(m, F0, i->t);
    m_float_to_bits(m, i->d, F0);
    m_rol_imm(m, i->d, i->d, 4);
    m_add_imm(m, i->d, i->d, 2); /* the magnitude of a small integer always fits */
    m_jump(m, done);
    m_bind(m, other);
    m_const(m, i->t, FLOAT_TAGS);
    m_shr(m, i->t, i->t, i->a.reg);
    m_branch_bits_imm(m, M_EQ, i->t, 1, i->slow);
    m_move(m, i->d, i->a.reg);
    m_bind(m, done);
}

/* Where the magnitude is below 2^60. */
static void write_trunc(Quick *q, Inline *i)
{
    Machine *m = &q->m;
    MachineLabel done = m_label(m), other = m_label(m);
    i->result = IS_INTEGER;
    m_branch_bits_imm(m, M_NE, i->a.reg, 3, other);
    m_move(m, i->d, i->a.reg);
    m_jump(m, done);
    m_bind(m, other);
    m_const(m, i->t, FLOAT_TAGS);
    m_shr(m, i->t, i->t, i->a.reg);
    m_branch_bits_imm(m, M_EQ, i->t, 1, i->slow);
    quick_float_of(q, F0, i->a.reg, i->t);
    m_fabs(m, F1, F0);
    m_fconst(m, F2, 0x1p60);
    m_fbranch(m, M_FNOT_LT, F1, F2, i->slow);
    m_float_to_int(m, i->d, F0);
    m_shl_imm(m, i->d, i->d, 2);
    m_bind(m, done);
}

static const struct {
    const char *name;
    uint32_t arity;
    void (*write)(Quick *q, Inline *i);
} inlines[] = {
    {"max", 2, write_max},
    {"min", 2, write_min},
    {"hd", 1, write_hd},
    {"tl", 1, write_tl},
    {"element", 2, write_element},
    {"tuple_size", 1, write_tuple_size},
    {"map_size", 1, write_map_size},
    {"byte_size", 1, write_byte_size},
    {"bit_size", 1, write_bit_size},
    {"abs", 1, write_abs},
    {"float", 1, write_float},
    {"trunc", 1, write_trunc},
};

static bool is_self(const CodeExport *export)
{
    return export->identity.arity == 0 && strcmp(atom_name(export->identity.function), "self") == 0;
}

bool quick_inline_builtin(Quick *q, const CodeExport *export)
{
    int32_t fails = field_s32(q->pc, 12);
    Inline i = {.result = IS_ANY, .b = {.reg = R_NONE}};
    Machine *m = &q->m;
    size_t n = 0;
    if (export->identity.module != ATOM_erlang) {
        return false;
    }
    if (is_self(export)) {
        i.d = state_temporary(q);
        m_load(m, WIDTH_64, i.d, m_at(R_PROCESS, offsetof(Process, pid)));
        state_define(q, slot_of(q, 4), i.d, IS_OTHER);
        return true;
    }
    while (n < COUNT_OF(inlines) &&
           (inlines[n].arity != export->identity.arity ||
            strcmp(inlines[n].name, atom_name(export->identity.function)) != 0)) {
        n++;
    }
    if (n == COUNT_OF(inlines)) {
        return false;
    }
    i.a = operand(q, 0);
    if (export->identity.arity == 2) {
        i.b = operand(q, 1);
    }
    i.d = state_temporary(q);
    i.t = state_temporary(q);
    i.stub = quick_stub(q, emit_slow);
    i.stub->d = i.d;
    i.stub->function = (const void *) export->bif;
    i.stub->resume = m_label(m);
    i.stub->flags = fails != 0;
    i.stub->other = fails != 0 ? quick_branch_target(q, fails) : UINT32_MAX;
    i.slow = i.stub->label;
    inlines[n].write(q, &i);
    m_bind(m, i.stub->resume);
    q->heap_ready = 0;
    state_define(q, slot_of(q, 4), i.d, i.result);
    return true;
}
