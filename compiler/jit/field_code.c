/* compiler/jit/field_code.c
 * Building binaries of fields whose sizes are known: a new one of up to BINARY_HEAP_MAX bytes, or
 * more bytes behind one that ends where its Binary's used bits end (see bitstring_extend). The rest
 * is left to C.
 *
 * Fields are gathered most significant first in a register until a byte ends, then stored. All is
 * tested before anything is written: where a value is not a small integer, or there is no room to
 * append in place, C does the whole instruction. */
#include "compiler/jit/field_code.h"

#include "compiler/jit/kinds.h"
#include "proc/process.h"
#include "runtime/term/bits.h"

enum { LITERAL_BITS_MOST = 512, LOOSE_BITS_MOST = 56 };

/* ---- what is to be built ---- */

static bool plan_integer(const FieldSource *source, const Segment *segment, Field *field)
{
    Term size;
    int64_t bits = 8;
    if (segment->flags & SEGMENT_SIZED) {
        if (!source->constant(source->state, segment->literal + 1, &size) || !term_is_small(size) ||
            small_value(size) < 0 || small_value(size) > 64) {
            return false;
        }
        bits = small_value(size) * segment->unit;
    }
    field->bits = (uint32_t) bits;
    field->little = (segment->flags & (BITS_LITTLE | BITS_NATIVE)) != 0 && bits > 8;
    field->is_constant = source->constant(source->state, segment->literal, &field->constant);
    if (field->is_constant && !term_is_small(field->constant)) {
        return false;
    }
    return bits <= 64 && (!field->little || bits == 16 || bits == 32 || bits == 64);
}

static bool plan_field(const FieldSource *source, const Segment *segment, Field *field)
{
    *field = (Field){.type = segment->type, .operand = segment->literal};
    switch (segment->type) {
    case SEGMENT_INTEGER:
        return plan_integer(source, segment, field);
    case SEGMENT_FLOAT: {
        Term size;
        if (segment->flags & SEGMENT_SIZED &&
            (!source->constant(source->state, segment->literal + 1, &size) ||
             size != term_small(64 / (segment->unit != 0 ? segment->unit : 1)))) {
            return false;
        }
        field->bits = 64;
        field->little = (segment->flags & (BITS_LITTLE | BITS_NATIVE)) != 0;
        return !source->constant(source->state, segment->literal, &field->constant);
    }
    case SEGMENT_LITERAL:
        field->is_constant = source->constant(source->state, segment->literal, &field->constant);
        field->bits = field->is_constant ? (uint32_t) bitstring_bits(field->constant) : 0;
        return field->is_constant && bitstring_bits(field->constant) <= LITERAL_BITS_MOST;
    default:
        return false;
    }
}

bool fields_plan(Fields *fields, const SegmentList *list, const FieldSource *source)
{
    uint32_t first = 0, gathered = 0; /* as Writer.pending will be */
    bool loose = true;                /* all are gathered in one register */
    const Segment *left = &list->segments[0];
    Term constant;
    *fields = (Fields){0};
    if (list->count == 0) {
        return false;
    }
    fields->appends =
        list->count > 1 && left->type == SEGMENT_BITS && !(left->flags & SEGMENT_SIZED);
    if (fields->appends) {
        first = 1;
        fields->unit = left->unit;
        if (left->literal != 0 || source->constant(source->state, 0, &constant) ||
            (left->unit != 8 && left->unit > 1)) {
            return false;
        }
    }
    if (list->count - first > FIELDS_MOST) {
        return false;
    }
    for (uint32_t i = first; i < list->count; i++) {
        Field *field = &fields->of[fields->count++];
        if (!plan_field(source, &list->segments[i], field) ||
            (field->type != SEGMENT_LITERAL && gathered + field->bits > 64) ||
            ((field->type == SEGMENT_FLOAT || field->little) && gathered != 0)) {
            return false;
        }
        fields->bits += field->bits;
        loose &= field->type != SEGMENT_FLOAT && !field->little;
        gathered = (gathered + field->bits) % 64;
        gathered = gathered % 8 == 0 ? 0 : gathered;
    }
    fields->is_loose = fields->bits % 8 != 0;
    if (fields->is_loose) {
        return fields->appends && fields->unit <= 1 && loose && fields->bits <= LOOSE_BITS_MOST;
    }
    return fields->bits > 0 && (fields->appends || fields->bits / 8 <= BINARY_HEAP_MAX);
}

/* ---- writing ---- */

typedef struct Writer {
    const FieldSource *source;
    Machine *m;
    MachineRegister base, gathered, t;
    int32_t at;       /* bytes from base */
    uint32_t pending; /* bits gathered, no whole number of bytes, under 64 */
    bool in_register; /* they are in `gathered`, else in: */
    uint64_t known;
    bool keeps; /* nothing is written before the end */
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
        m_store_imm(w->m, widths[step], (int64_t) word, m_at(w->base, w->at));
        w->at += (int32_t) step;
        at += step;
    }
}

/* Whole bytes, the low ones of `value`, the highest first; t is free. */
static void write_register(Writer *w, MachineRegister value, uint32_t bytes)
{
    Machine *m = w->m;
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
    if (w->pending % 8 == 0 && !w->keeps) {
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
    Machine *m = w->m;
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
    Machine *m = w->m;
    bool alone = w->pending == 0;
    if (alone && bits % 8 == 0 && !w->keeps) {
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

static void write_field(Writer *w, const Field *field)
{
    Machine *m = w->m;
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
    value = w->source->value(w->source->state, field->operand, w->t);
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

static void test_values(const FieldSource *source, const Fields *fields, MachineRegister t,
                        MachineRegister mask, MachineLabel slow)
{
    Machine *m = source->m;
    for (uint32_t i = 0; i < fields->count; i++) {
        const Field *field = &fields->of[i];
        MachineRegister value;
        uint32_t kinds;
        if (field->is_constant) {
            continue;
        }
        kinds = source->kinds(source->state, field->operand);
        if (field->type == SEGMENT_FLOAT ? kinds == IS_FLOAT : kinds == IS_SMALL) {
            continue;
        }
        value = source->value(source->state, field->operand, t);
        if (field->type == SEGMENT_FLOAT) {
            m_const(m, mask, FLOAT_TAGS);
            m_shr(m, mask, mask, value);
            m_branch_bits_imm(m, M_EQ, mask, 1, slow);
        } else {
            m_branch_bits_imm(m, M_NE, value, 3, slow);
        }
    }
}

/* Claims the bits behind the binary in `left`: base = the bit behind it, and `binary` its Binary.
 * Loose ones are written with seven bytes behind them, which are nobody's. */
static void claim(const FieldSource *source, const Fields *fields, MachineRegister left,
                  const FieldRegisters *r, MachineLabel slow)
{
    Machine *m = source->m;
    MachineRegister base = r->base, binary = r->gathered, t = r->t;
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
    if (!fields->is_loose) {
        m_branch_bits_imm(m, M_NE, base, 7, slow);
    }
    m_branch_mem(m, M_NE, base, used, slow);
    m_sub(m, t, t, base);
    m_branch_imm(m, M_LT, t, fields->is_loose ? 64 + 8 : (int64_t) fields->bits, slow);
    m_add_imm(m, t, base, (int64_t) fields->bits);
    m_store(m, WIDTH_64, t, used);
}

static void make_view(const FieldSource *source, const Fields *fields, MachineRegister left,
                      MachineRegister t)
{
    Machine *m = source->m;
    m_store_imm(m, WIDTH_64, (int64_t) HEADER(KIND_sub_binary, 3), m_at(R_HEAP, 0));
    m_load(m, WIDTH_64, t, m_at(left, 8 - TAG_BOXED));
    m_store(m, WIDTH_64, t, m_at(R_HEAP, 8));
    m_load(m, WIDTH_64, t, m_at(left, 16 - TAG_BOXED));
    m_add_imm(m, t, t, (int64_t) fields->bits);
    m_store(m, WIDTH_64, t, m_at(R_HEAP, 16));
    m_load(m, WIDTH_64, t, m_at(left, 24 - TAG_BOXED));
    m_store(m, WIDTH_64, t, m_at(R_HEAP, 24));
}

/* ---- all of it ---- */

uint32_t fields_words(const Fields *fields)
{
    return fields->appends ? 4 : 2 + (uint32_t) (fields->bits / 8 + 7) / 8;
}

/* The bits, gathered, go behind bit `base` of the Binary's bytes, perhaps in the middle of a byte:
 * below what that has, in a word of eight bytes. */
static void write_loose(Writer *w, const FieldRegisters *r, const Fields *fields)
{
    Machine *m = w->m;
    MachineRegister base = r->base, t = r->t, gathered = r->gathered, d = r->d;
    MachineMemory at = m_at(base, offsetof(Binary, bytes));
    m_move(m, d, gathered); /* the Binary */
    for (uint32_t i = 0; i < fields->count; i++) {
        write_field(w, &fields->of[i]);
    }
    if (!w->in_register) {
        m_const(m, gathered, (int64_t) w->known);
    }
    m_shl_imm(m, gathered, gathered, 64 - (int64_t) fields->bits);
    m_and_imm(m, t, base, 7);
    m_shr(m, gathered, gathered, t);
    m_shr_imm(m, base, base, 3);
    m_add(m, base, base, d);
    m_load(m, WIDTH_U8, d, at);
    m_neg(m, t, t);
    m_add_imm(m, t, t, 8); /* its lowest bits, so many, are not kept */
    m_shr(m, d, d, t);
    m_add_imm(m, t, t, 56);
    m_shl(m, d, d, t);
    m_or(m, gathered, gathered, d);
    m_swap_bytes(m, WIDTH_64, gathered, gathered);
    m_store(m, WIDTH_64, gathered, at);
}

void fields_build(const FieldSource *source, const Fields *fields, const FieldRegisters *r,
                  MachineLabel slow)
{
    Machine *m = source->m;
    Writer w = {source, m, r->base, r->gathered, r->t, .keeps = fields->is_loose};
    uint32_t words = fields_words(fields);
    MachineRegister left = R_NONE;
    test_values(source, fields, r->t, r->base, slow);
    if (fields->appends) {
        left = source->value(source->state, 0, r->d);
        claim(source, fields, left, r, slow);
        make_view(source, fields, left, r->t);
    } else {
        m_store_imm(m, WIDTH_64, (int64_t) HEADER(KIND_heap_binary, words - 1), m_at(R_HEAP, 0));
        m_store_imm(m, WIDTH_64, (int64_t) (fields->bits / 8), m_at(R_HEAP, 8));
        m_store_imm(m, WIDTH_64, 0, m_at(R_HEAP, 8 * (int32_t) (words - 1))); /* padding */
        m_lea(m, r->base, m_at(R_HEAP, 16));
    }
    if (fields->is_loose) {
        write_loose(&w, r, fields);
    } else {
        if (fields->appends) {
            m_shr_imm(m, r->base, r->base, 3);
            m_add(m, r->base, r->base, r->gathered);
            m_add_imm(m, r->base, r->base, offsetof(Binary, bytes));
        }
        for (uint32_t i = 0; i < fields->count; i++) {
            write_field(&w, &fields->of[i]);
        }
    }
    m_lea(m, r->d, m_at(R_HEAP, TAG_BOXED));
    m_add_imm(m, R_HEAP, R_HEAP, 8 * words);
}
