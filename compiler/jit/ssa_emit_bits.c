/* compiler/jit/ssa_emit_bits.c
 * Taking binaries apart. Whole bytes at byte boundaries are read here, and fields of a few bits; C
 * does the rest. Nothing is read outside a field: what lies behind a binary may not be there.
 *
 * Positions and ends are small integers: four times the number, in bits. So a position shifted by
 * BYTE_SHIFT is a number of bytes, and its OFFSET bits say where in the byte it is. */
#include "compiler/jit/ssa_bits.h"
#include "compiler/jit/ssa_emit.h"
#include "runtime/term/bits.h"

enum { BYTE_SHIFT = 5, OFFSET = 7 << 2, BYTE = 8 << 2, WORDS_BY_C = 16, WORDS_OF_VIEW = 4 };
#define KIND_BITS(kind) ((int64_t) (HEADER(KIND_##kind, 0) & 0xFFFF))

/* ---- by C: of the node's inputs, in memory ---- */

typedef Term ByC(Process *p, const Term inputs[], uint64_t word);

static const uint8_t *bytes_of(Term parent)
{
    const Term *object = term_boxed_at(parent);
    return header_kind(object[0]) == KIND_heap_binary ? (const uint8_t *) (object + 2)
                                                      : ((const Binary *) object[2])->bytes;
}

static SsaNode constant_of(uint64_t word)
{
    return (SsaNode){.constant = word};
}

static Term int_by_c(Process *p, const Term inputs[], uint64_t word)
{
    SsaNode node = constant_of(word);
    BitsField field = bits_field(&node);
    return bits_get_integer(&p->heap.space, (const uint8_t *) inputs[0],
                            (uint64_t) small_value(inputs[1]), field.bits, field.flags);
}

static Term utf_by_c(Process *p, const Term inputs[], uint64_t word)
{
    SsaNode node = constant_of(word);
    BitsField field = bits_field(&node);
    uint64_t from = (uint64_t) small_value(inputs[1]);
    Bits bits = {(const uint8_t *) inputs[0] + from / 8, from % 8,
                 (uint64_t) small_value(inputs[2]) - from};
    size_t used = 0;
    int32_t c = field.bits == 8    ? bits_get_utf8(bits, &used)
                : field.bits == 16 ? bits_get_utf16(bits, &used, field.flags)
                                   : bits_get_utf32(bits, &used, field.flags);
    (void) p;
    return term_small(c < 0 ? -1 : (int64_t) c << BITS_UTF_SHIFT | (int64_t) used);
}

static Term get_by_c(Process *p, const Term inputs[], uint64_t word)
{
    SsaNode node = constant_of(word);
    BitsField field = bits_field(&node);
    uint64_t from = (uint64_t) small_value(inputs[1]), size = (uint64_t) small_value(inputs[2]);
    const uint8_t *bytes = bytes_of(inputs[0]);
    Term value;
    if (!field.is_float) {
        value = bits_get_integer(&p->heap.space, bytes, from, size, field.flags);
        return value == TERM_LIMIT ? TERM_NONE : value;
    }
    return size == 16 || size == 32 || size == 64
               ? bits_get_float(&p->heap.space, bytes, from, size, field.flags)
               : TERM_NONE;
}

Term emit_view_by_c(Process *p, const Term inputs[], uint64_t word)
{
    uint64_t from = (uint64_t) small_value(inputs[1]), end = (uint64_t) small_value(inputs[2]);
    (void) word;
    return make_sub_bits(&p->heap.space, inputs[0], from, end - from);
}

static Term literal_by_c(Process *p, const Term inputs[], uint64_t literal)
{
    Bits wanted = bits_of(literal);
    uint64_t from = (uint64_t) small_value(inputs[1]);
    Bits have = {(const uint8_t *) inputs[0] + from / 8, from % 8, wanted.size};
    (void) p;
    return bits_compare(wanted, have) == 0;
}

static void call(Emitter *e, ByC *function, uint64_t word)
{
    Machine *m = &e->m;
    m_move(m, R1, R_PROCESS);
    m_lea(m, R2, m_at((MachineRegister) R_ACTIVATION, (int32_t) e->runtime->activation_args));
    m_const(m, R3, (int64_t) word);
    emit_c_call(e, (const void *) function, true);
}

static void slow_node(Emitter *e, const Slow *slow)
{
    Machine *m = &e->m;
    SsaNode *node = slow->node;
    emit_arguments(e, node);
    emit_save(e, slow);
    call(e, (ByC *) slow->function, node->constant);
    m_move(m, emit_out(e, node), R0);
    emit_done(e, node);
    emit_restore(e, slow);
    m_jump(m, slow->resume);
}

static Slow *by_c(Emitter *e, ByC *function)
{
    Slow *slow = emit_slow(e, slow_node);
    slow->d = e->node->reg;
    slow->function = (const void *) function;
    return slow;
}

static void jump_to(Emitter *e, const Slow *slow)
{
    m_jump(&e->m, slow->label);
    m_bind(&e->m, slow->resume);
}

/* ---- bitstrings ---- */

static void parent(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    MachineRegister value = emit_in(e, ssa_input(node, 0), T0), d = emit_out(e, node);
    MachineLabel whole = m_label(m);
    m_move(m, d, value);
    m_branch_memory_imm(m, M_NE, WIDTH_U16, m_at(d, -TAG_BOXED), KIND_BITS(sub_binary), whole);
    m_load(m, WIDTH_64, d, m_at(d, 24 - TAG_BOXED));
    m_bind(m, whole);
    emit_done(e, node);
}

static void start(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    MachineRegister value = emit_in(e, ssa_input(node, 0), T0);
    MachineLabel whole = m_label(m);
    m_move(m, T1, value);
    m_move(m, T0, T1);
    m_const(m, T1, 0);
    m_branch_memory_imm(m, M_NE, WIDTH_U16, m_at(T0, -TAG_BOXED), KIND_BITS(sub_binary), whole);
    m_load(m, WIDTH_64, T1, m_at(T0, 8 - TAG_BOXED));
    m_shl_imm(m, T1, T1, 2);
    m_bind(m, whole);
    m_move(m, emit_out(e, node), T1);
    emit_done(e, node);
}

static void end(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    MachineRegister value = emit_in(e, ssa_input(node, 0), T0), d = emit_out(e, node);
    MachineLabel part = m_label(m), heap = m_label(m), both = m_label(m);
    m_load(m, WIDTH_U16, T1, m_at(value, -TAG_BOXED));
    m_branch_imm(m, M_EQ, T1, KIND_BITS(sub_binary), part);
    m_branch_imm(m, M_EQ, T1, KIND_BITS(heap_binary), heap);
    m_load(m, WIDTH_64, d, m_at(value, 24 - TAG_BOXED));
    m_shl_imm(m, d, d, BYTE_SHIFT);
    m_jump(m, both);
    m_bind(m, heap);
    m_load(m, WIDTH_64, d, m_at(value, 8 - TAG_BOXED));
    m_shl_imm(m, d, d, BYTE_SHIFT);
    m_jump(m, both);
    m_bind(m, part);
    m_load(m, WIDTH_64, T1, m_at(value, 8 - TAG_BOXED));
    m_add_mem(m, T1, T1, m_at(value, 16 - TAG_BOXED));
    m_shl_imm(m, d, T1, 2);
    m_bind(m, both);
    emit_done(e, node);
}

static void bytes(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    MachineRegister value = emit_in(e, ssa_input(node, 0), T0), d = emit_out(e, node);
    MachineLabel refc = m_label(m), both = m_label(m);
    m_branch_memory_imm(m, M_NE, WIDTH_U16, m_at(value, -TAG_BOXED), KIND_BITS(heap_binary), refc);
    m_lea(m, d, m_at(value, 16 - TAG_BOXED));
    m_jump(m, both);
    m_bind(m, refc);
    m_load(m, WIDTH_64, d, m_at(value, 16 - TAG_BOXED));
    m_add_imm(m, d, d, offsetof(Binary, bytes));
    m_bind(m, both);
    emit_done(e, node);
}

static void view(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    MachineRegister position, last;
    Slow *slow;
    if (node->is_late) { /* only exits make it */
        return;
    }
    slow = by_c(e, emit_view_by_c);
    if (!node->condition) { /* no HEAP before it is for it, too */
        m_lea(m, T1, m_at(R_HEAP, 8 * WORDS_OF_VIEW));
        m_branch_mem(m, M_UGT, T1, m_at(R_PROCESS, offsetof(Process, heap.space.limit)),
                     slow->label);
    }
    position = emit_in(e, ssa_input(node, 1), T0);
    last = emit_in(e, ssa_input(node, 2), T1);
    m_sub(m, T1, last, position);
    m_branch_imm(m, M_LT, T1, BINARY_VIEW_BYTES_MIN * BYTE, slow->label); /* a copy */
    m_branch_imm(m, M_EQ, position, 0, slow->label);                      /* the whole of it */
    m_shr_imm(m, T1, T1, 2);
    m_store(m, WIDTH_64, T1, m_at(R_HEAP, 16));
    m_shr_imm(m, T1, position, 2);
    m_store(m, WIDTH_64, T1, m_at(R_HEAP, 8));
    m_store(m, WIDTH_64, emit_in(e, ssa_input(node, 0), T0), m_at(R_HEAP, 24));
    m_store_imm(m, WIDTH_64, (int64_t) HEADER(KIND_sub_binary, 3), m_at(R_HEAP, 0));
    m_lea(m, emit_out(e, node), m_at(R_HEAP, TAG_BOXED));
    m_add_imm(m, R_HEAP, R_HEAP, 8 * WORDS_OF_VIEW);
    emit_done(e, node);
    m_bind(m, slow->resume);
}

/* ---- integers ---- */

/* d = the whole bytes at T1, as many as there are, the highest first. */
static void load_bytes(Machine *m, MachineRegister d, uint32_t count)
{
    static const MachineWidth widths[] = {[1] = WIDTH_U8, [2] = WIDTH_U16, [4] = WIDTH_U32};
    uint32_t first = count >= 4 ? 4 : count >= 2 ? 2 : 1, rest = count - first;
    uint32_t step = rest == 3 ? 4 : rest; /* of three, one that is known is read again */
    if (count == 8) {
        m_load(m, WIDTH_64, d, m_at(T1, 0));
        m_swap_bytes(m, WIDTH_64, d, d);
        return;
    }
    m_load(m, widths[first], d, m_at(T1, 0));
    if (first > 1) {
        m_swap_bytes(m, widths[first], d, d);
    }
    if (rest == 0) {
        return;
    }
    m_load(m, widths[step], T1, m_at(T1, (int32_t) (count - step)));
    if (step > 1) {
        m_swap_bytes(m, widths[step], T1, T1);
    }
    if (step != rest) {
        m_and_imm(m, T1, T1, 0xFFFFFF);
    }
    m_shl_imm(m, d, d, 8 * rest);
    m_or(m, d, d, T1);
}

static bool is_little(BitsField field)
{
    return (field.flags & (BITS_LITTLE | BITS_NATIVE)) != 0 && field.bits > 8;
}

/* Can a field that begins at bit `offset` of a byte be read here? */
static bool is_read_here(BitsField field, uint32_t offset)
{
    return !is_little(field) || (offset == 0 && (field.bits == 16 || field.bits == 32));
}

/* d = the field, its lowest bit lowest, from bytes of which it has `count`, of which the lowest
 * `below` bits are not its own; as a term. */
static void cut(Machine *m, MachineRegister d, BitsField field, uint32_t count, uint32_t below)
{
    uint32_t above = 8 * count - below - field.bits;
    if (field.flags & BITS_SIGNED) {
        m_shl_imm(m, d, d, 64 - 8 * count + above);
        m_sar_imm(m, d, d, 64 - field.bits);
    } else {
        if (below != 0) {
            m_shr_imm(m, d, d, below);
        }
        if (above != 0) {
            m_and_imm(m, d, d, (int64_t) (((uint64_t) 1 << field.bits) - 1));
        }
    }
    m_shl_imm(m, d, d, 2);
}

/* The field begins at bit `offset` of a byte. */
static void read_field(Emitter *e, SsaNode *node, BitsField field, uint32_t offset)
{
    Machine *m = &e->m;
    MachineRegister from = emit_in(e, ssa_input(node, 0), T0), d = emit_out(e, node);
    uint32_t count = (offset + field.bits + 7) / 8, below = 8 * count - offset - field.bits;
    MachineWidth width = count == 1 ? WIDTH_U8 : count == 2 ? WIDTH_U16 : WIDTH_U32;
    m_shr_imm(m, T1, emit_in(e, ssa_input(node, 1), T1), BYTE_SHIFT);
    if (count == 1 || count == 2 || count == 4) {
        m_load(m, width, d, m_at_index(from, T1, 0, 0));
        if (count > 1 && !is_little(field)) {
            m_swap_bytes(m, width, d, d);
        }
    } else {
        m_add(m, T1, T1, from);
        load_bytes(m, d, count);
    }
    cut(m, d, field, count, below);
}

/* In two bytes: T0 is where, T1 the bit of the first. */
static void slow_two(Emitter *e, const Slow *slow)
{
    MachineRegister d = emit_out(e, slow->node);
    m_load(&e->m, WIDTH_U16, d, m_at(T0, 0));
    m_swap_bytes(&e->m, WIDTH_U16, d, d);
    m_add_imm(&e->m, T1, T1, 48);
    m_jump(&e->m, slow->resume);
}

/* Up to eight bits anywhere. */
static void read_few(Emitter *e, SsaNode *node, BitsField field)
{
    Machine *m = &e->m;
    MachineRegister d = emit_out(e, node), from = emit_in(e, ssa_input(node, 0), T0);
    Slow *two = emit_slow(e, slow_two);
    m_shr_imm(m, T1, emit_in(e, ssa_input(node, 1), T1), BYTE_SHIFT);
    m_add(m, T0, from, T1);
    m_and_imm(m, T1, emit_in(e, ssa_input(node, 1), T1), OFFSET);
    m_shr_imm(m, T1, T1, 2);
    m_branch_imm(m, M_UGT, T1, 8 - field.bits, two->label);
    m_load(m, WIDTH_U8, d, m_at(T0, 0));
    m_add_imm(m, T1, T1, 56);
    m_bind(m, two->resume);
    m_shl(m, d, d, T1);
    if (field.flags & BITS_SIGNED) {
        m_sar_imm(m, d, d, 64 - field.bits);
    } else {
        m_shr_imm(m, d, d, 64 - field.bits);
    }
    m_shl_imm(m, d, d, 2);
}

static void integer(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    BitsField field = bits_field(node);
    Slow *slow;
    if (field.is_placed && is_read_here(field, field.offset)) {
        read_field(e, node, field, field.offset);
        emit_done(e, node);
        return;
    }
    if (field.bits <= 8) {
        read_few(e, node, field);
        emit_done(e, node);
        return;
    }
    slow = by_c(e, int_by_c);
    if (!is_read_here(field, 0)) {
        jump_to(e, slow);
        return;
    }
    m_branch_bits_imm(m, M_NE, emit_in(e, ssa_input(node, 1), T1), OFFSET, slow->label);
    read_field(e, node, field, 0);
    emit_done(e, node);
    m_bind(m, slow->resume);
}

/* ---- wide fields ---- */

/* 64 bits at a byte boundary, here where the result is a word. */
static void read_word(Emitter *e, SsaNode *node, const Slow *slow)
{
    Machine *m = &e->m;
    BitsField field = bits_field(node);
    MachineRegister from;
    m_branch_bits_imm(m, M_NE, emit_in(e, ssa_input(node, 1), T1), OFFSET, slow->label);
    m_shr_imm(m, T1, emit_in(e, ssa_input(node, 1), T1), BYTE_SHIFT);
    from = emit_in(e, ssa_input(node, 0), T0);
    m_add(m, T0, from, T1); /* where the parent is; its bytes: */
    MachineLabel refc = m_label(m), both = m_label(m);
    m_branch_memory_imm(m, M_NE, WIDTH_U16, m_at(from, -TAG_BOXED), KIND_BITS(heap_binary), refc);
    m_load(m, WIDTH_64, T1, m_at(T0, 16 - TAG_BOXED));
    m_jump(m, both);
    m_bind(m, refc);
    m_sub(m, T1, T0, from); /* again the bytes before it */
    m_load(m, WIDTH_64, T0, m_at(from, 16 - TAG_BOXED));
    m_load(m, WIDTH_64, T1, m_at_index(T0, T1, 0, offsetof(Binary, bytes)));
    m_bind(m, both);
    if (!(field.flags & (BITS_LITTLE | BITS_NATIVE))) {
        m_swap_bytes(m, WIDTH_64, T1, T1);
    }
    if (field.is_float) {
        m_rol_imm(m, T1, T1, 4);
        m_add_imm(m, T1, T1, 2);
        m_const(m, T0, FLOAT_TAGS);
        m_shr(m, T0, T0, T1);
        m_branch_bits_imm(m, M_EQ, T0, 1, slow->label);
    } else {
        m_shl_imm(m, T0, T1, 2);
        if (field.flags & BITS_SIGNED) {
            MachineLabel fits = m_label(m);
            m_sar_imm(m, T0, T0, 2);
            m_branch(m, M_EQ, T0, T1, fits);
            m_jump(m, slow->label);
            m_bind(m, fits);
        } else {
            m_shr_imm(m, T0, T1, 61);
            m_branch_imm(m, M_NE, T0, 0, slow->label);
        }
        m_shl_imm(m, T1, T1, 2);
    }
    m_move(m, emit_out(e, node), T1);
    emit_done(e, node);
}

static void get(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    const SsaNode *size = ssa_input(node, 2), *from = ssa_input(node, 0);
    BitsField field = bits_field(node);
    Slow *slow = by_c(e, get_by_c);
    uint32_t words = WORDS_BY_C;
    if (size->op == SSA_CONST) {
        words = field.is_float ? 2 : (uint32_t) small_value(size->constant) / 64 + 3;
        words = words < WORDS_BY_C ? WORDS_BY_C : words;
    }
    m_lea(m, T1, m_at(R_HEAP, 8 * (int32_t) words));
    m_branch_mem(m, M_UGT, T1, m_at(R_PROCESS, offsetof(Process, heap.space.limit)),
                 emit_room_exit(e, node, words));
    if (size->op == SSA_CONST && size->constant == term_small(64) && from->op != SSA_CONST &&
        from->reg != NO_REGISTER) {
        read_word(e, node, slow);
        m_bind(m, slow->resume);
        return;
    }
    jump_to(e, slow);
}

/* ---- characters ---- */

/* T1 = what is left behind the position, less than `bytes` of them: on at `none`. Not where T0
 * holds anything. */
static void require_bytes(Emitter *e, SsaNode *node, uint32_t count, MachineLabel none)
{
    MachineRegister position = emit_in(e, ssa_input(node, 1), T0);
    m_sub(&e->m, T1, emit_in(e, ssa_input(node, 2), T1), position);
    m_branch_imm(&e->m, M_LT, T1, count * BYTE, none);
}

/* T1 = the six bits of the byte `behind` the first one, or on at `other`: it is no later one of a
 * character. */
static void later_byte(Emitter *e, SsaNode *node, int32_t behind, MachineLabel other)
{
    Machine *m = &e->m;
    MachineRegister from;
    m_shr_imm(m, T1, emit_in(e, ssa_input(node, 1), T1), BYTE_SHIFT);
    from = emit_in(e, ssa_input(node, 0), T0);
    m_load(m, WIDTH_U8, T1, m_at_index(from, T1, 0, behind));
    m_xor_imm(m, T1, T1, 0x80);
    m_branch_imm(m, M_UGE, T1, 0x40, other);
}

static void character(Machine *m, MachineRegister d, uint32_t count)
{
    m_shl_imm(m, d, d, BITS_UTF_SHIFT + 2);
    m_or_imm(m, d, d, count * BYTE);
}

/* Of two and three bytes; the rest, and what is none, is C's (`other`). */
static void slow_utf8(Emitter *e, const Slow *slow)
{
    Machine *m = &e->m;
    SsaNode *node = slow->node;
    MachineRegister d = emit_out(e, node);
    MachineLabel three = m_label(m);
    m_branch_imm(m, M_UGE, d, 0xE0, three);
    m_branch_imm(m, M_ULT, d, 0xC2, slow->other);
    require_bytes(e, node, 2, slow->other);
    later_byte(e, node, 1, slow->other);
    m_and_imm(m, d, d, 0x1F);
    m_shl_imm(m, d, d, 6);
    m_or(m, d, d, T1);
    character(m, d, 2);
    m_jump(m, slow->resume);
    m_bind(m, three);
    m_branch_imm(m, M_UGE, d, 0xF0, slow->other);
    require_bytes(e, node, 3, slow->other);
    later_byte(e, node, 1, slow->other);
    m_and_imm(m, d, d, 0xF);
    m_shl_imm(m, d, d, 6);
    m_or(m, d, d, T1);
    later_byte(e, node, 2, slow->other);
    m_shl_imm(m, d, d, 6);
    m_or(m, d, d, T1);
    m_branch_imm(m, M_ULT, d, 0x800, slow->other);
    m_sub_imm(m, T1, d, 0xD800);
    m_branch_imm(m, M_ULT, T1, 0x800, slow->other);
    character(m, d, 3);
    m_jump(m, slow->resume);
}

static void slow_no_character(Emitter *e, const Slow *slow)
{
    m_const(&e->m, emit_out(e, slow->node), (int64_t) term_small(-1));
    emit_done(e, slow->node);
    m_jump(&e->m, slow->other);
}

static void utf(Emitter *e, SsaNode *node)
{
    Machine *m = &e->m;
    MachineRegister d = emit_out(e, node), from;
    Slow *slow = by_c(e, utf_by_c), *more, *none;
    if (bits_field(node).bits != 8) {
        jump_to(e, slow);
        return;
    }
    none = emit_slow(e, slow_no_character);
    none->other = slow->resume;
    require_bytes(e, node, 1, none->label);
    m_branch_bits_imm(m, M_NE, emit_in(e, ssa_input(node, 1), T1), OFFSET, slow->label);
    m_shr_imm(m, T1, emit_in(e, ssa_input(node, 1), T1), BYTE_SHIFT);
    from = emit_in(e, ssa_input(node, 0), T0);
    m_load(m, WIDTH_U8, d, m_at_index(from, T1, 0, 0));
    if (d == T0) { /* the stub would need it */
        m_branch_imm(m, M_UGE, d, 0x80, slow->label);
    } else {
        more = emit_slow(e, slow_utf8);
        more->other = slow->label;
        more->resume = slow->resume;
        m_branch_imm(m, M_UGE, d, 0x80, more->label);
    }
    character(m, d, 1);
    emit_done(e, node);
    m_bind(m, slow->resume);
}

/* ---- tests ---- */

static void slow_literal(Emitter *e, const Slow *slow)
{
    Machine *m = &e->m;
    SsaNode *test = (SsaNode *) (uintptr_t) slow->number;
    MachineLabel taken = m_label(m);
    emit_arguments(e, test);
    emit_save(e, slow);
    call(e, literal_by_c, test->constant);
    m_move(m, T1, R0);
    emit_restore(e, slow);
    m_branch_imm(m, slow->when ? M_NE : M_EQ, T1, 0, taken);
    m_jump(m, slow->resume);
    m_bind(m, taken);
    m_jump(m, slow->other);
}

static void literal(Emitter *e, SsaNode *test, bool when, MachineLabel label)
{
    enum { BYTES_MOST = 16 };
    static const MachineWidth widths[] = {[1] = WIDTH_U8, [2] = WIDTH_U16, [4] = WIDTH_U32};
    Machine *m = &e->m;
    Bits wanted = bits_of(test->constant);
    size_t count = wanted.size / 8;
    MachineRegister from;
    MachineLabel no;
    Slow *slow = emit_slow(e, slow_literal);
    slow->number = (uint64_t) (uintptr_t) test;
    slow->when = when;
    slow->other = label;
    slow->d = NO_REGISTER;
    if (wanted.size % 8 != 0 || wanted.offset != 0 || count > BYTES_MOST) {
        jump_to(e, slow);
        return;
    }
    no = when ? slow->resume : label;
    m_branch_bits_imm(m, M_NE, emit_in(e, ssa_input(test, 1), T1), OFFSET, slow->label);
    m_shr_imm(m, T1, emit_in(e, ssa_input(test, 1), T1), BYTE_SHIFT);
    from = emit_in(e, ssa_input(test, 0), T0);
    for (size_t at = 0; at < count;) {
        size_t step = count - at >= 4 ? 4 : count - at >= 2 ? 2 : 1;
        uint32_t word = 0;
        memcpy(&word, wanted.bytes + at, step);
        m_branch_memory_imm(m, M_NE, widths[step], m_at_index(from, T1, 0, (int32_t) at), word, no);
        at += step;
    }
    if (when) {
        m_jump(m, label);
    }
    m_bind(m, slow->resume);
}

void emit_bits_test(Emitter *e, SsaNode *test, bool when, MachineLabel label)
{
    if (test->op == SSA_IS_LITERAL_AT) {
        literal(e, test, when, label);
    } else {
        m_branch_bits_imm(&e->m, when ? M_EQ : M_NE, emit_in(e, ssa_input(test, 0), T0), OFFSET,
                          label);
    }
}

/* ---- all of them ---- */

bool emit_bits(Emitter *e, SsaNode *node)
{
    switch ((SsaOp) node->op) {
    case SSA_BITS_PARENT:
        parent(e, node);
        return true;
    case SSA_BITS_START:
        start(e, node);
        return true;
    case SSA_BITS_END:
        end(e, node);
        return true;
    case SSA_BITS_BYTES:
        bytes(e, node);
        return true;
    case SSA_BITS_INT:
        integer(e, node);
        return true;
    case SSA_BITS_UTF:
        utf(e, node);
        return true;
    case SSA_BITS_GET:
        get(e, node);
        return true;
    case SSA_BITS_VIEW:
        view(e, node);
        return true;
    case SSA_GUARD_ALIGNED:
        m_branch_bits_imm(&e->m, M_NE, emit_in(e, ssa_input(node, 0), T0), OFFSET,
                          emit_guess(e, node, ssa_input(node, 0)));
        return true;
    default:
        return false;
    }
}
