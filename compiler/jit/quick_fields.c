/* compiler/jit/quick_fields.c
 * Building binaries of fields whose sizes are known: a new one of up to BINARY_HEAP_MAX bytes, or
 * more bytes behind one that ends where its Binary's used bits end (see bitstring_extend). The rest
 * is left to C.
 *
 * Fields are gathered most significant first in a register until a byte ends, then stored. All is
 * tested before anything is written: where a value is not a small integer, or there is no room to
 * append in place, C does the whole instruction. */
#include "compiler/bytecode/module.h"
#include "compiler/jit/quick_internal.h"
#include "runtime/term/bits.h"

enum { FIELDS_MOST = 24, LITERAL_BITS_MOST = 512 };

typedef struct Field {
    SegmentType type;
    bool little, is_constant;
    uint32_t operand, bits;
    Term constant; /* of the operand */
} Field;

typedef struct Fields {
    Field of[FIELDS_MOST];
    uint32_t count;
    uint64_t bits; /* in all */
    bool appends;  /* behind operand 0 */
    uint32_t unit; /* of that */
} Fields;

/* ---- what is to be built ---- */

static bool plan_integer(Quick *q, const Segment *segment, Field *field)
{
    Term size;
    int64_t bits = 8;
    if (segment->flags & SEGMENT_SIZED) {
        if (!quick_constant_operand(q, segment->literal + 1, &size) || !term_is_small(size) ||
            small_value(size) < 0 || small_value(size) > 64) {
            return false;
        }
        bits = small_value(size) * segment->unit;
    }
    field->bits = (uint32_t) bits;
    field->little = (segment->flags & (BITS_LITTLE | BITS_NATIVE)) != 0 && bits > 8;
    field->is_constant = quick_constant_operand(q, segment->literal, &field->constant);
    if (field->is_constant && !term_is_small(field->constant)) {
        return false;
    }
    return bits <= 64 && (!field->little || bits == 16 || bits == 32 || bits == 64);
}

static bool plan_field(Quick *q, const Segment *segment, Field *field)
{
    *field = (Field){.type = segment->type, .operand = segment->literal};
    switch (segment->type) {
    case SEGMENT_INTEGER:
        return plan_integer(q, segment, field);
    case SEGMENT_FLOAT: {
        Term size;
        if (segment->flags & SEGMENT_SIZED &&
            (!quick_constant_operand(q, segment->literal + 1, &size) ||
             size != term_small(64 / (segment->unit != 0 ? segment->unit : 1)))) {
            return false;
        }
        field->bits = 64;
        field->little = (segment->flags & (BITS_LITTLE | BITS_NATIVE)) != 0;
        return !quick_constant_operand(q, segment->literal, &field->constant);
    }
    case SEGMENT_LITERAL:
        field->is_constant = quick_constant_operand(q, segment->literal, &field->constant);
        field->bits = field->is_constant ? (uint32_t) bitstring_bits(field->constant) : 0;
        return field->is_constant && bitstring_bits(field->constant) <= LITERAL_BITS_MOST;
    default:
        return false;
    }
}

static bool plan(Quick *q, Fields *fields)
{
    const SegmentList *list = (const SegmentList *) field_u64(q->pc, 16);
    uint32_t first = 0, gathered = 0; /* as Writer.pending will be */
    const Segment *left = &list->segments[0];
    if (list->count == 0) {
        return false;
    }
    fields->appends =
        list->count > 1 && left->type == SEGMENT_BITS && !(left->flags & SEGMENT_SIZED);
    if (fields->appends) {
        first = 1;
        fields->unit = left->unit;
        if (left->literal != 0 || field_s16(q->pc, 24) >= 0 ||
            (left->unit != 8 && left->unit > 1)) {
            return false;
        }
    }
    if (list->count - first > FIELDS_MOST) {
        return false;
    }
    for (uint32_t i = first; i < list->count; i++) {
        Field *field = &fields->of[fields->count++];
        if (!plan_field(q, &list->segments[i], field) ||
            (field->type != SEGMENT_LITERAL && gathered + field->bits > 64) ||
            ((field->type == SEGMENT_FLOAT || field->little) && gathered != 0)) {
            return false;
        }
        fields->bits += field->bits;
        gathered = (gathered + field->bits) % 64;
        gathered = gathered % 8 == 0 ? 0 : gathered;
    }
    return fields->bits > 0 && fields->bits % 8 == 0 &&
           (fields->appends || fields->bits / 8 <= BINARY_HEAP_MAX);
}

/* ---- writing ---- */

typedef struct Writer {
    Quick *q;
    MachineRegister base, gathered, t;
    int32_t at;       /* bytes from base */
    uint32_t pending; /* bits gathered, no whole number of bytes, under 64 */
    bool in_register; /* they are in `gathered`, else in: */
    uint64_t known;
} Writer;

/* Whole bytes whose values are known. */
static void write_known(Writer *w, uint64_t value, uint32_t bytes)
{
    static const MachineWidth widths[] = {
        [1] = WIDTH_U8, [2] = WIDTH_U16, [4] = WIDTH_U32, [8] = WIDTH_64};
    uint8_t image[8];
    for (uint32_t i = 0; i < bytes; i++) {
        image[i] = (uint8_t) (value >> (8 * (bytes - 1 - i)));
    }
    for (uint32_t at = 0; at < bytes;) {
        uint32_t step = bytes - at >= 8 ? 8 : bytes - at >= 4 ? 4 : bytes - at >= 2 ? 2 : 1;
        uint64_t word = 0;
        memcpy(&word, image + at, step);
        m_store_imm(&w->q->m, widths[step], (int64_t) word, m_at(w->base, w->at));
        w->at += (int32_t) step;
        at += step;
    }
}

/* Whole bytes, the low ones of `value`, the highest first; t is free. */
static void write_register(Writer *w, MachineRegister value, uint32_t bytes)
{
    Machine *m = &w->q->m;
    while (bytes > 0) {
        uint32_t step = bytes >= 8 ? 8 : bytes >= 4 ? 4 : bytes >= 2 ? 2 : 1;
        MachineWidth width = step == 8   ? WIDTH_64
                             : step == 4 ? WIDTH_U32
                             : step == 2 ? WIDTH_U16
                                         : WIDTH_U8;
        MachineRegister from = value;
        if (bytes > step) {
            m_shr_imm(m, w->t, value, 8 * (bytes - step));
            from = w->t;
        }
        if (step > 1) {
            m_swap_bytes(m, width, w->t, from);
            from = w->t;
        }
        m_store(m, width, from, m_at(w->base, w->at));
        w->at += (int32_t) step;
        bytes -= step;
    }
}

static void end_of_field(Writer *w)
{
    if (w->pending % 8 == 0) {
        if (w->in_register) {
            write_register(w, w->gathered, w->pending / 8);
        } else {
            write_known(w, w->known, w->pending / 8);
        }
        w->pending = 0;
        w->in_register = false;
        w->known = 0;
    }
}

static uint64_t mask_of(uint32_t bits)
{
    return bits >= 64 ? UINT64_MAX : ((uint64_t) 1 << bits) - 1;
}

static void add_known(Writer *w, uint64_t value, uint32_t bits)
{
    Machine *m = &w->q->m;
    value &= mask_of(bits);
    if (w->in_register) {
        m_shl_imm(m, w->gathered, w->gathered, bits);
        if (value != 0) {
            m_or_imm(m, w->gathered, w->gathered, (int64_t) value);
        }
    } else {
        w->known = bits >= 64 ? value : w->known << bits | value;
    }
    w->pending += bits;
    end_of_field(w);
}

/* The low bits of `value` (which may be t). */
static void add_register(Writer *w, MachineRegister value, uint32_t bits)
{
    Machine *m = &w->q->m;
    bool alone = w->pending == 0;
    if (alone && bits % 8 == 0) {
        if ((bits & (bits - 1)) != 0 && value == w->t) { /* in several pieces */
            m_move(m, w->gathered, value);
            value = w->gathered;
        }
        write_register(w, value, bits / 8);
        return;
    }
    if (bits < 64) {
        m_and_imm(m, w->t, value, (int64_t) mask_of(bits));
        value = w->t;
    }
    if (alone) {
        m_move(m, w->gathered, value);
    } else if (w->in_register) {
        m_shl_imm(m, w->gathered, w->gathered, bits);
        m_or(m, w->gathered, w->gathered, value);
    } else {
        m_const(m, w->gathered, (int64_t) (w->known << bits));
        m_or(m, w->gathered, w->gathered, value);
    }
    w->in_register = true;
    w->known = 0;
    w->pending += bits;
    end_of_field(w);
}

static void add_literal(Writer *w, Term literal)
{
    Bits bits = bits_of(literal);
    for (size_t at = 0; at < bits.size;) {
        uint32_t room = 64 - w->pending;
        uint32_t count = bits.size - at > room ? room : (uint32_t) (bits.size - at);
        uint64_t value = 0;
        for (uint32_t i = 0; i < count; i++) {
            size_t bit = bits.offset + at + i;
            value = value << 1 | (bits.bytes[bit / 8] >> (7 - bit % 8) & 1);
        }
        add_known(w, value, count);
        at += count;
    }
}

static uint64_t swapped(uint64_t value, uint32_t bits)
{
    return __builtin_bswap64(value << (64 - bits));
}

/* The slot's value: where the state has it, or loaded into `into`. The state does not change. */
static MachineRegister value_of(Quick *q, uint32_t operand, MachineRegister into)
{
    uint32_t slot = (uint32_t) -field_s16(q->pc, 24 + 2 * operand);
    const Known *known = state_find(q, slot);
    if (known != NULL && known->reg != R_NONE) {
        return (MachineRegister) known->reg;
    }
    m_load(&q->m, WIDTH_64, into, slot_memory(slot));
    return into;
}

static void write_field(Writer *w, const Field *field)
{
    Machine *m = &w->q->m;
    MachineRegister value;
    if (field->bits == 0) {
        return;
    }
    if (field->type == SEGMENT_LITERAL) {
        add_literal(w, field->constant);
        return;
    }
    if (field->is_constant) {
        uint64_t number = (uint64_t) small_value(field->constant);
        add_known(w, field->little ? swapped(number, field->bits) : number, field->bits);
        return;
    }
    value = value_of(w->q, field->operand, w->t);
    if (field->type == SEGMENT_FLOAT) {
        m_add_imm(m, w->t, value, -2);
        m_ror_imm(m, w->t, w->t, 4);
    } else {
        m_sar_imm(m, w->t, value, 2);
    }
    if (field->little) {
        MachineWidth width = field->bits == 64   ? WIDTH_64
                             : field->bits == 32 ? WIDTH_U32
                                                 : WIDTH_U16;
        m_store(m, width, w->t, m_at(w->base, w->at));
        w->at += (int32_t) field->bits / 8;
        return;
    }
    add_register(w, w->t, field->bits);
}

/* ---- tests ---- */

static void test_values(Quick *q, const Fields *fields, MachineRegister t, MachineRegister mask,
                        MachineLabel slow)
{
    Machine *m = &q->m;
    for (uint32_t i = 0; i < fields->count; i++) {
        const Field *field = &fields->of[i];
        MachineRegister value;
        uint32_t kinds;
        if (field->is_constant) {
            continue;
        }
        kinds = state_kinds(q, (uint32_t) -field_s16(q->pc, 24 + 2 * field->operand));
        if (field->type == SEGMENT_FLOAT ? kinds == IS_FLOAT : kinds == IS_SMALL) {
            continue;
        }
        value = value_of(q, field->operand, t);
        if (field->type == SEGMENT_FLOAT) {
            quick_test_float(q, value, mask, slow);
        } else {
            m_branch_bits_imm(m, M_NE, value, 3, slow);
        }
    }
}

/* Claims the bits behind the binary in `left`: base = where to write, t = the new size in bits. */
static void claim(Quick *q, const Fields *fields, MachineRegister left, MachineRegister base,
                  MachineRegister binary, MachineRegister t, MachineLabel slow)
{
    Machine *m = &q->m;
    MachineMemory used = m_at(binary, offsetof(Binary, used_bits));
    m_add_imm(m, t, left, -TAG_BOXED);
    m_branch_bits_imm(m, M_NE, t, TAG_MASK, slow);
    m_branch_memory_imm(m, M_NE, WIDTH_U16, m_at(left, -TAG_BOXED),
                        (int64_t) (HEADER(KIND_sub_binary, 0) & 0xFFFF), slow);
    m_load(m, WIDTH_64, base, m_at(left, 24 - TAG_BOXED)); /* the handle */
    m_branch_memory_imm(m, M_NE, WIDTH_U16, m_at(base, -TAG_BOXED),
                        (int64_t) (HEADER(KIND_refc_binary, 0) & 0xFFFF), slow);
    m_load(m, WIDTH_64, binary, m_at(base, 16 - TAG_BOXED));
    /* It may be appended to, and nobody else knows it. */
    m_load(m, WIDTH_64, t, m_at(base, 24 - TAG_BOXED));
    m_branch_mem(m, M_NE, t, m_at(binary, offsetof(Binary, capacity_bytes)), slow);
    m_branch_memory_imm(m, M_NE, WIDTH_64, m_at(binary, offsetof(Binary, references)), 1, slow);
    m_shl_imm(m, t, t, 3);
    m_load(m, WIDTH_64, base, m_at(left, 16 - TAG_BOXED));
    if (fields->unit == 8) {
        m_branch_bits_imm(m, M_NE, base, 7, slow);
    }
    m_add_mem(m, base, base, m_at(left, 8 - TAG_BOXED)); /* its end */
    m_branch_bits_imm(m, M_NE, base, 7, slow);
    m_branch_mem(m, M_NE, base, used, slow);
    m_sub(m, t, t, base);
    m_branch_imm(m, M_LT, t, (int64_t) fields->bits, slow);
    m_add_imm(m, t, base, (int64_t) fields->bits);
    m_store(m, WIDTH_64, t, used);
    m_shr_imm(m, base, base, 3);
    m_add(m, base, base, binary);
    m_add_imm(m, base, base, offsetof(Binary, bytes));
}

static void make_view(Quick *q, const Fields *fields, MachineRegister left, MachineRegister t)
{
    Machine *m = &q->m;
    m_store_imm(m, WIDTH_64, (int64_t) HEADER(KIND_sub_binary, 3), m_at(R_HEAP, 0));
    m_load(m, WIDTH_64, t, m_at(left, 8 - TAG_BOXED));
    m_store(m, WIDTH_64, t, m_at(R_HEAP, 8));
    m_load(m, WIDTH_64, t, m_at(left, 16 - TAG_BOXED));
    m_add_imm(m, t, t, (int64_t) fields->bits);
    m_store(m, WIDTH_64, t, m_at(R_HEAP, 16));
    m_load(m, WIDTH_64, t, m_at(left, 24 - TAG_BOXED));
    m_store(m, WIDTH_64, t, m_at(R_HEAP, 24));
}

bool quick_build_fields(Quick *q)
{
    Machine *m = &q->m;
    Fields fields = {0};
    Writer w = {.q = q};
    MachineRegister d, left = R_NONE;
    uint32_t words;
    Stub *slow;
    if (!plan(q, &fields)) {
        return false;
    }
    words = fields.appends ? 4 : 2 + (uint32_t) (fields.bits / 8 + 7) / 8;
    quick_heap(q, words < 16 ? 16 : words);
    if (fields.appends) {
        left = state_use(q, (uint32_t) -field_s16(q->pc, 24));
    }
    d = state_temporary(q);
    w.base = state_temporary(q);
    w.gathered = state_temporary(q);
    w.t = state_temporary(q);
    slow = quick_slow_build(q, (const void *) q->runtime->bs_build, d);
    test_values(q, &fields, w.t, w.base, slow->label);
    if (fields.appends) {
        claim(q, &fields, left, w.base, w.gathered, w.t, slow->label);
        make_view(q, &fields, left, w.t);
    } else {
        m_store_imm(m, WIDTH_64, (int64_t) HEADER(KIND_heap_binary, words - 1), m_at(R_HEAP, 0));
        m_store_imm(m, WIDTH_64, (int64_t) (fields.bits / 8), m_at(R_HEAP, 8));
        m_store_imm(m, WIDTH_64, 0, m_at(R_HEAP, 8 * (int32_t) (words - 1))); /* padding */
        m_lea(m, w.base, m_at(R_HEAP, 16));
    }
    for (uint32_t i = 0; i < fields.count; i++) {
        write_field(&w, &fields.of[i]);
    }
    m_lea(m, d, m_at(R_HEAP, TAG_BOXED));
    m_add_imm(m, R_HEAP, R_HEAP, 8 * words);
    m_bind(m, slow->resume);
    q->heap_ready = 0;
    state_define(q, slot_of(q, 4), d, IS_BITS);
    return true;
}
