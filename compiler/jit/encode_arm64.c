/* compiler/jit/encode_arm64.c
 * AArch64. Three-address instructions of 4 bytes; what does not fit one (constants, displacements)
 * goes through x16, x17 and x30: return addresses lie on the process stack, so x30 is free. sp
 * stays on the C stack, since it must be aligned to 16 bytes wherever memory is addressed by it;
 * the process stack has x28.
 *
 * A call pushes its return address and then is a bl (for the processor's prediction of returns):
 * adr x17, after; str x17, [x28, -8]!; bl target. */
#include "compiler/jit/encode.h"

enum { X16 = 16, X17 = 17, X28 = 28, X29 = 29, X30 = 30, XZR = 31, D31 = 31 };

static const uint8_t numbers[16] = {
    [R0] = 8,         [R1] = 0,      [R2] = 1,     [R3] = 2,          [R4] = 3,   [R5] = 4,
    [R6] = 5,         [R7] = 9,      [R8] = 20,    [R9] = 21,         [R10] = 22, [R11] = 23,
    [R_PROCESS] = 19, [R_HEAP] = 24, [R_SP] = X28, [R_SCRATCH] = X16,
};

/* F0 … F7 are d0 … d7, F8 … d16 …: C wants d8 … d15 kept. */
static uint32_t float_number(uint32_t f)
{
    return f < 8 ? f : f == F_SCRATCH ? D31 : f + 8;
}

enum {
    CC_EQ,
    CC_NE,
    CC_HS,
    CC_LO,
    CC_MI,
    CC_PL,
    CC_VS,
    CC_VC,
    CC_HI,
    CC_LS,
    CC_GE,
    CC_LT,
    CC_GT,
    CC_LE
};

/* With a NaN N and Z are clear, C and V set: of a condition and its opposite always the right one
 * holds. */
static const uint8_t condition_codes[] = {
    [M_EQ] = CC_EQ,  [M_NE] = CC_NE,      [M_LT] = CC_LT,  [M_GE] = CC_GE,
    [M_GT] = CC_GT,  [M_LE] = CC_LE,      [M_ULT] = CC_LO, [M_UGE] = CC_HS,
    [M_UGT] = CC_HI, [M_ULE] = CC_LS,     [M_FEQ] = CC_EQ, [M_FNOT_EQ] = CC_NE,
    [M_FLT] = CC_MI, [M_FNOT_LT] = CC_PL, [M_FLE] = CC_LS, [M_FNOT_LE] = CC_HI,
    [M_FGT] = CC_GT, [M_FNOT_GT] = CC_LE, [M_FGE] = CC_GE, [M_FNOT_GE] = CC_LT,
};

/* Items: detail is the branch with its distance empty. */
enum { ITEM_B, ITEM_19, ITEM_14 };
enum { FIX_BL, FIX_FAR, FIX_TABLE };

static inline void put(Encoder *e, uint32_t word)
{
    memcpy(e->layout.bytes + e->layout.count, &word, 4);
    e->layout.count += 4;
}

/* ---- constants ---- */

/* The bits N, immr, imms (from bit 10) of a logical operation's constant; false: it has no such
 * form, which is a run of ones, rotated, repeated every 2, 4, … 64 bits. */
static bool logical_constant(uint64_t value, uint32_t *bits)
{
    uint32_t size = 64, ones, rotation;
    uint64_t mask, part;
    if (value == 0 || value == UINT64_MAX) {
        return false;
    }
    while (size > 2) {
        uint32_t half = size / 2;
        uint64_t half_mask = ((uint64_t) 1 << half) - 1;
        if ((value & half_mask) != ((value >> half) & half_mask)) {
            break;
        }
        size = half;
    }
    mask = size == 64 ? UINT64_MAX : ((uint64_t) 1 << size) - 1;
    part = value & mask;
    ones = (uint32_t) __builtin_popcountll(part);
    for (rotation = 0; rotation < size; rotation++) {
        uint64_t run = ones == 64 ? UINT64_MAX : ((uint64_t) 1 << ones) - 1;
        uint64_t rotated =
            rotation == 0 ? run : ((run >> rotation) | (run << (size - rotation))) & mask;
        if (rotated == part) {
            *bits = (size == 64 ? 1u << 22 : 0) | rotation << 16 |
                    ((~(2 * size - 1) & 0x3F) | (ones - 1)) << 10;
            return true;
        }
    }
    return false;
}

static void move(Encoder *e, uint32_t d, uint32_t a)
{
    if (d != a) {
        put(e, 0xAA0003E0 | a << 16 | d); /* orr d, xzr, a */
    }
}

static void constant(Encoder *e, uint32_t d, int64_t value)
{
    uint64_t bits = (uint64_t) value;
    uint32_t zeros = 0, ones = 0, logical;
    bool begun = false, inverted;
    if (value == 0 || value == -1) {
        put(e, (value == 0 ? 0xD2800000 : 0x92800000) | d); /* movz, movn */
        return;
    }
    for (uint32_t i = 0; i < 64; i += 16) {
        zeros += ((bits >> i) & 0xFFFF) == 0;
        ones += ((bits >> i) & 0xFFFF) == 0xFFFF;
    }
    if (zeros < 3 && ones < 3 && logical_constant(bits, &logical)) {
        put(e, 0xB20003E0 | logical | d); /* orr d, xzr, constant */
        return;
    }
    inverted = ones > zeros;
    for (uint32_t i = 0; i < 4; i++) {
        uint32_t part = (bits >> 16 * i) & 0xFFFF;
        if (part == (inverted ? 0xFFFF : 0) && !(i == 3 && !begun)) {
            continue;
        }
        if (begun) {
            put(e, 0xF2800000 | i << 21 | part << 5 | d); /* movk */
        } else if (inverted) {
            put(e, 0x92800000 | i << 21 | (~part & 0xFFFF) << 5 | d); /* movn */
        } else {
            put(e, 0xD2800000 | i << 21 | part << 5 | d); /* movz */
        }
        begun = true;
    }
}

/* ---- memory ---- */

/* [base + offset], in bytes, or [base + x16] if by_index. */
typedef struct Address {
    uint32_t base;
    int32_t offset;
    bool by_index;
} Address;

static bool offset_fits(int32_t offset, uint32_t size_log)
{
    return (offset >= 0 && (offset & ((1 << size_log) - 1)) == 0 && offset >> size_log <= 4095) ||
           (offset >= -256 && offset <= 255);
}

/* Uses x16, and x17 for a moment. */
static Address address(Encoder *e, const MachineMemory *memory, uint32_t size_log)
{
    Address a = {0};
    ASSERT(memory->index != R_SP);
    if (memory->base == R_NONE) {
        constant(e, X16, memory->disp);
        a.base = X16;
        if (memory->index != R_NONE) {
            put(e, 0x8B000000 | (uint32_t) numbers[memory->index] << 16 |
                       (uint32_t) memory->scale << 10 | X16 << 5 | X16);
        }
        return a;
    }
    a.base = numbers[memory->base];
    if (memory->index != R_NONE) {
        put(e, 0x8B000000 | (uint32_t) numbers[memory->index] << 16 |
                   (uint32_t) memory->scale << 10 | a.base << 5 | X16);
        a.base = X16;
    }
    if (offset_fits(memory->disp, size_log)) {
        a.offset = memory->disp;
    } else if (a.base == X16) {
        constant(e, X17, memory->disp);
        put(e, 0x8B000000 | X17 << 16 | X16 << 5 | X16);
    } else {
        constant(e, X16, memory->disp);
        a.by_index = true;
    }
    return a;
}

/* Loads and stores: `op` is the instruction with an unsigned scaled offset, empty. */
static void access(Encoder *e, uint32_t op, uint32_t size_log, uint32_t r, Address a)
{
    if (a.by_index) { /* [base, x16] */
        put(e, (op & ~(1u << 24)) | 1u << 21 | X16 << 16 | 3u << 13 | 1u << 11 | a.base << 5 | r);
    } else if (a.offset >= 0 && (a.offset & ((1 << size_log) - 1)) == 0) {
        put(e, op | (uint32_t) (a.offset >> size_log) << 10 | a.base << 5 | r);
    } else { /* not scaled */
        put(e, (op & ~(1u << 24)) | ((uint32_t) a.offset & 0x1FF) << 12 | a.base << 5 | r);
    }
}

static const uint8_t width_logs[] = {
    [WIDTH_64] = 3,  [WIDTH_U8] = 0,  [WIDTH_S8] = 0,  [WIDTH_U16] = 1,
    [WIDTH_S16] = 1, [WIDTH_U32] = 2, [WIDTH_S32] = 2,
};
static const uint32_t load_ops[] = {
    [WIDTH_64] = 0xF9400000,  [WIDTH_U8] = 0x39400000,  [WIDTH_S8] = 0x39800000,
    [WIDTH_U16] = 0x79400000, [WIDTH_S16] = 0x79800000, [WIDTH_U32] = 0xB9400000,
    [WIDTH_S32] = 0xB9800000,
};
static const uint32_t store_ops[4] = {0x39000000, 0x79000000, 0xB9000000, 0xF9000000};

static void load(Encoder *e, MachineWidth width, uint32_t to, const MachineMemory *memory)
{
    uint32_t log = width_logs[width];
    access(e, load_ops[width], log, to, address(e, memory, log));
}

static void store(Encoder *e, MachineWidth width, uint32_t from, const MachineMemory *memory)
{
    uint32_t log = width_logs[width];
    access(e, store_ops[log], log, from, address(e, memory, log));
}

/* ---- sums and logic ---- */

enum {
    OP_ADD = 0x8B000000,
    OP_SUB = 0xCB000000,
    OP_AND = 0x8A000000,
    OP_OR = 0xAA000000,
    OP_XOR = 0xCA000000,
    OP_TST = 0xEA000000,
    SET_FLAGS = 0x20000000,
};

static void op3(Encoder *e, uint32_t op, uint32_t d, uint32_t a, uint32_t b)
{
    put(e, op | b << 16 | a << 5 | d);
}

/* The second source in a register: its own, or x16. */
static uint32_t second(Encoder *e, const MachineInstruction *i)
{
    switch ((MachineForm) i->form) {
    case FORM_REGISTER:
        return numbers[i->b];
    case FORM_CONSTANT:
        if (i->constant == 0) {
            return XZR;
        }
        constant(e, X16, i->constant);
        break;
    case FORM_MEMORY:
        load(e, WIDTH_64, X16, &i->memory);
        break;
    }
    return X16;
}

/* d = a + value or a - value, perhaps with flags (subtracting a number is adding its opposite for
 * the flags as well, 0 and the smallest aside, which have no such form). False: it needs a
 * register. */
static bool sum_constant(Encoder *e, bool subtract, bool flags, uint32_t d, uint32_t a,
                         int64_t value)
{
    uint64_t size = (uint64_t) value;
    if (value < 0) {
        size = -size;
        subtract = !subtract;
    }
    if (size > 0xFFFFFF || (size > 0xFFF && (size & 0xFFF) != 0)) {
        return false;
    }
    put(e, (subtract ? 0xD1000000 : 0x91000000) | (flags ? SET_FLAGS : 0) |
               (size > 0xFFF ? 1u << 22 | (uint32_t) (size >> 12) << 10 : (uint32_t) size << 10) |
               a << 5 | d);
    return true;
}

static void sum(Encoder *e, bool subtract, bool flags, const MachineInstruction *i)
{
    uint32_t d = numbers[i->d], a = numbers[i->a];
    if (i->form == FORM_CONSTANT && sum_constant(e, subtract, flags, d, a, i->constant)) {
        return;
    }
    op3(e, (subtract ? OP_SUB : OP_ADD) | (flags ? SET_FLAGS : 0), d, a, second(e, i));
}

static void logic(Encoder *e, uint32_t op, const MachineInstruction *i)
{
    uint32_t d = numbers[i->d], a = numbers[i->a], bits;
    if (i->form == FORM_CONSTANT && logical_constant((uint64_t) i->constant, &bits)) {
        put(e, (op ^ 0x18000000) | bits | a << 5 | d);
        return;
    }
    op3(e, op, d, a, second(e, i));
}

static void shift(Encoder *e, const MachineInstruction *i)
{
    static const uint32_t by_register[] = {0x9AC02000, 0x9AC02400, 0x9AC02800, 0x9AC02C00,
                                           0x9AC02C00};
    uint32_t d = numbers[i->d], a = numbers[i->a], b;
    if (i->form == FORM_CONSTANT) {
        uint32_t count = (uint32_t) i->constant & 63;
        if (i->op == M_ROL) {
            count = -count & 63;
        }
        switch ((MachineOp) i->op) {
        case M_SHL:
            put(e, 0xD3400000 | (-count & 63) << 16 | (63 - count) << 10 | a << 5 | d);
            break;
        case M_SHR:
            put(e, 0xD3400000 | count << 16 | 63 << 10 | a << 5 | d);
            break;
        case M_SAR:
            put(e, 0x93400000 | count << 16 | 63 << 10 | a << 5 | d);
            break;
        default: /* extr d, a, a, count */
            put(e, 0x93C00000 | a << 16 | count << 10 | a << 5 | d);
        }
        return;
    }
    b = second(e, i);
    if (i->op == M_ROL) {
        op3(e, OP_SUB, X17, XZR, b);
        b = X17;
    }
    op3(e, by_register[i->op - M_SHL], d, a, b);
}

/* ---- branches ---- */

static void jump(Encoder *e, uint32_t label)
{
    layout_item(&e->layout, ITEM_B, label, 0x14000000);
}
static void jump_if(Encoder *e, uint32_t code, uint32_t label)
{
    layout_item(&e->layout, ITEM_19, label, 0x54000000 | code);
}

static void product(Encoder *e, const MachineInstruction *i)
{
    uint32_t d = numbers[i->d], a = numbers[i->a], b;
    uint64_t factor = (uint64_t) i->constant;
    if (i->op == M_MUL && i->form == FORM_CONSTANT && factor != 0 && (factor & (factor - 1)) == 0) {
        MachineInstruction by = *i;
        by.op = M_SHL;
        by.constant = __builtin_ctzll(factor);
        shift(e, &by);
        return;
    }
    b = second(e, i);
    switch ((MachineOp) i->op) {
    case M_MUL:
        op3(e, 0x9B007C00, d, a, b);
        break;
    case M_MUL_HIGH:
        op3(e, 0x9B407C00, d, a, b);
        break;
    case M_MUL_HIGH_UNSIGNED:
        op3(e, 0x9BC07C00, d, a, b);
        break;
    case M_DIV:
        op3(e, 0x9AC00C00, d, a, b);
        break;
    case M_REM:
        op3(e, 0x9AC00C00, X17, a, b);
        put(e, 0x9B008000 | b << 16 | a << 10 | X17 << 5 | d); /* msub: a - x17 * b */
        break;
    default: /* all fits if the high half is the sign of the low one */
        op3(e, 0x9B407C00, X17, a, b);
        op3(e, 0x9B007C00, d, a, b);
        put(e, 0xEB800000 | d << 16 | 63 << 10 | X17 << 5 | XZR); /* cmp x17, d asr 63 */
        jump_if(e, CC_NE, i->label);
    }
}

/* ---- comparing ---- */

static void compare_constant(Encoder *e, uint32_t a, int64_t value, uint32_t scratch)
{
    if (!sum_constant(e, true, true, XZR, a, value)) {
        constant(e, scratch, value);
        op3(e, OP_SUB | SET_FLAGS, XZR, a, scratch);
    }
}

static void compare(Encoder *e, const MachineInstruction *i)
{
    if (i->form == FORM_CONSTANT) {
        compare_constant(e, numbers[i->a], i->constant, X16);
    } else {
        op3(e, OP_SUB | SET_FLAGS, XZR, numbers[i->a], second(e, i));
    }
}

/* The zero flag: a and value have no bit in common. */
static void test_bits(Encoder *e, uint32_t a, uint64_t value, uint32_t scratch)
{
    uint32_t bits;
    if (logical_constant(value, &bits)) {
        put(e, 0xF2000000 | bits | a << 5 | XZR);
    } else {
        constant(e, scratch, (int64_t) value);
        op3(e, OP_TST, XZR, a, scratch);
    }
}

static void branch_if_zero(Encoder *e, bool zero, uint32_t a, uint32_t label)
{
    layout_item(&e->layout, ITEM_19, label, (zero ? 0xB4000000 : 0xB5000000) | a);
}

/* On if `a and value` is zero (or is not). */
static void branch_bits_of(Encoder *e, bool zero, uint32_t a, uint64_t value, uint32_t scratch,
                           uint32_t label)
{
    if (value != 0 && (value & (value - 1)) == 0) {
        uint32_t bit = (uint32_t) __builtin_ctzll(value);
        layout_item(&e->layout, ITEM_14, label,
                    (zero ? 0x36000000 : 0x37000000) | (bit & 32) << 26 | (bit & 31) << 19 | a);
        return;
    }
    test_bits(e, a, value, scratch);
    jump_if(e, zero ? CC_EQ : CC_NE, label);
}

static void branch(Encoder *e, const MachineInstruction *i)
{
    uint32_t a = numbers[i->a];
    if (i->form == FORM_CONSTANT && i->constant == 0 && i->condition <= M_NE) {
        branch_if_zero(e, i->condition == M_EQ, a, i->label);
        return;
    }
    if (i->form == FORM_CONSTANT && i->constant == 0 &&
        (i->condition == M_LT || i->condition == M_GE)) {
        branch_bits_of(e, i->condition == M_GE, a, (uint64_t) 1 << 63, X16, i->label);
        return;
    }
    compare(e, i);
    jump_if(e, condition_codes[i->condition], i->label);
}

static void encode_test(Encoder *e, const MachineInstruction *i)
{
    uint32_t code = condition_codes[i->condition];
    bool zero = i->condition == M_EQ;
    switch ((MachineOp) i->op) {
    case M_BRANCH:
        branch(e, i);
        break;
    case M_BRANCH_MEMORY:
        load(e, (MachineWidth) i->width, X17, &i->memory);
        if (i->constant == 0 && i->condition <= M_NE) {
            branch_if_zero(e, zero, X17, i->label);
        } else {
            compare_constant(e, X17, i->constant, X16);
            jump_if(e, code, i->label);
        }
        break;
    case M_BRANCH_BITS:
        if (i->form == FORM_CONSTANT) {
            branch_bits_of(e, zero, numbers[i->a], (uint64_t) i->constant, X16, i->label);
        } else {
            op3(e, OP_TST, XZR, numbers[i->a], second(e, i));
            jump_if(e, code, i->label);
        }
        break;
    case M_BRANCH_BITS_MEMORY:
        load(e, (MachineWidth) i->width, X17, &i->memory);
        branch_bits_of(e, zero, X17, (uint64_t) i->constant, X16, i->label);
        break;
    case M_SET:
        compare(e, i);
        put(e, 0x9A9F07E0 | (code ^ 1) << 12 | numbers[i->d]); /* cset */
        break;
    case M_SELECT:
        compare(e, i);
        put(e, 0x9A800000 | (uint32_t) numbers[i->e] << 16 | code << 12 |
                   (uint32_t) numbers[i->c] << 5 | numbers[i->d]);
        break;
    default:
        CHECK(!"no test");
    }
}

/* ---- by kind of operation ---- */

/* d = the address. */
static void lea(Encoder *e, uint32_t d, const MachineMemory *memory)
{
    uint32_t base;
    if (memory->base == R_NONE) {
        constant(e, X16, memory->disp);
        if (memory->index != R_NONE) {
            put(e, OP_ADD | (uint32_t) numbers[memory->index] << 16 |
                       (uint32_t) memory->scale << 10 | X16 << 5 | X16);
        }
        move(e, d, X16);
        return;
    }
    base = numbers[memory->base];
    if (memory->index != R_NONE) {
        uint32_t to = memory->disp == 0 ? d : X16;
        put(e, OP_ADD | (uint32_t) numbers[memory->index] << 16 | (uint32_t) memory->scale << 10 |
                   base << 5 | to);
        base = to;
    }
    if (memory->disp == 0) {
        move(e, d, base);
    } else if (!sum_constant(e, false, false, d, base, memory->disp)) {
        constant(e, X17, memory->disp);
        op3(e, OP_ADD, d, base, X17);
    }
}

/* d = the address of a label, wherever in the code: adr x16, here; x17 = the distance; their sum.
 */
static void lea_label(Encoder *e, uint32_t d, uint32_t label)
{
    layout_fixup(&e->layout, FIX_FAR, label, UINT32_MAX);
    put(e, 0x10000000 | X16);
    put(e, 0xD2800000 | X17);                      /* movz x17, low */
    put(e, 0xF2A00000 | X17);                      /* movk x17, high, lsl 16 */
    put(e, 0x8B20C000 | X17 << 16 | X16 << 5 | d); /* add d, x16, w17, sxtw */
}

static void extend(Encoder *e, MachineWidth width, uint32_t d, uint32_t a)
{
    static const uint32_t ops[] = {
        [WIDTH_U8] = 0x53001C00,  [WIDTH_S8] = 0x93401C00,  [WIDTH_U16] = 0x53003C00,
        [WIDTH_S16] = 0x93403C00, [WIDTH_U32] = 0xD3407C00, [WIDTH_S32] = 0x93407C00,
    };
    if (width == WIDTH_64) {
        move(e, d, a);
    } else {
        put(e, ops[width] | a << 5 | d);
    }
}

static void encode_move(Encoder *e, const MachineInstruction *i)
{
    uint32_t d = numbers[i->d], a = numbers[i->a];
    switch ((MachineOp) i->op) {
    case M_MOVE:
        move(e, d, a);
        break;
    case M_CONST:
    case M_ADDRESS:
        constant(e, d, i->constant);
        break;
    case M_LOAD:
        load(e, (MachineWidth) i->width, d, &i->memory);
        break;
    case M_STORE:
        store(e, (MachineWidth) i->width, a, &i->memory);
        break;
    case M_STORE_IMM: {
        uint32_t log = width_logs[i->width], from = XZR;
        Address to = address(e, &i->memory, log);
        if (i->constant != 0) {
            from = X17;
            constant(e, X17, i->constant);
        }
        access(e, store_ops[log], log, from, to);
        break;
    }
    case M_LEA:
        lea(e, d, &i->memory);
        break;
    case M_LEA_LABEL:
        lea_label(e, d, i->label);
        break;
    case M_EXTEND:
        extend(e, (MachineWidth) i->width, d, a);
        break;
    default:
        CHECK(!"no move");
    }
}

static void swap_bytes(Encoder *e, MachineWidth width, uint32_t d, uint32_t a)
{
    switch (width_logs[width]) {
    case 1:
        put(e, 0x5AC00400 | a << 5 | d);
        extend(e, WIDTH_U16, d, d);
        break;
    case 2:
        put(e, 0x5AC00800 | a << 5 | d);
        break;
    default:
        ASSERT(width == WIDTH_64);
        put(e, 0xDAC00C00 | a << 5 | d);
    }
}

static void encode_integer(Encoder *e, const MachineInstruction *i)
{
    uint32_t d = numbers[i->d], a = numbers[i->a];
    switch ((MachineOp) i->op) {
    case M_ADD:
    case M_SUB:
        sum(e, i->op == M_SUB, false, i);
        break;
    case M_AND:
        logic(e, OP_AND, i);
        break;
    case M_OR:
        logic(e, OP_OR, i);
        break;
    case M_XOR:
        logic(e, OP_XOR, i);
        break;
    case M_SHL:
    case M_SHR:
    case M_SAR:
    case M_ROL:
    case M_ROR:
        shift(e, i);
        break;
    case M_MUL:
    case M_MUL_HIGH:
    case M_MUL_HIGH_UNSIGNED:
    case M_DIV:
    case M_REM:
    case M_MUL_OVERFLOW:
        product(e, i);
        break;
    case M_NEG:
    case M_NEG_OVERFLOW:
        op3(e, OP_SUB | (i->op == M_NEG_OVERFLOW ? SET_FLAGS : 0), d, XZR, a);
        if (i->op == M_NEG_OVERFLOW) {
            jump_if(e, CC_VS, i->label);
        }
        break;
    case M_NOT:
        op3(e, 0xAA200000, d, XZR, a);
        break;
    case M_ADD_OVERFLOW:
    case M_SUB_OVERFLOW:
        sum(e, i->op == M_SUB_OVERFLOW, true, i);
        jump_if(e, CC_VS, i->label);
        break;
    case M_SUB_NEGATIVE:
        sum(e, true, true, i);
        jump_if(e, CC_MI, i->label);
        break;
    case M_SWAP_BYTES:
        swap_bytes(e, (MachineWidth) i->width, d, a);
        break;
    case M_LEADING_ZEROS:
        put(e, 0xDAC01000 | a << 5 | d);
        break;
    case M_TRAILING_ZEROS:
        put(e, 0xDAC00000 | a << 5 | X17); /* rbit */
        put(e, 0xDAC01000 | X17 << 5 | d);
        break;
    case M_COUNT_ONES:
        put(e, 0x9E670000 | a << 5 | D31);   /* fmov d31, a */
        put(e, 0x0E205800 | D31 << 5 | D31); /* cnt v31.8b, v31.8b */
        put(e, 0x0E31B800 | D31 << 5 | D31); /* addv b31, v31.8b */
        put(e, 0x9E660000 | D31 << 5 | d);   /* fmov d, d31 */
        break;
    default:
        CHECK(!"no operation on integers");
    }
}

static void encode_memory(Encoder *e, const MachineInstruction *i)
{
    bool subtract = i->op == M_MEMORY_SUB_NEGATIVE;
    uint32_t log = width_logs[i->width];
    Address a = address(e, &i->memory, log);
    uint32_t flags = subtract ? SET_FLAGS : 0;
    access(e, load_ops[i->width], log, X17, a);
    if (!sum_constant(e, subtract, subtract && log == 3, X17, X17, i->constant)) {
        constant(e, X30, i->constant);
        op3(e, (subtract ? OP_SUB : OP_ADD) | (log == 3 ? flags : 0), X17, X17, X30);
    }
    access(e, store_ops[log], log, X17, a);
    if (subtract && log == 3) {
        jump_if(e, CC_MI, i->label);
    } else if (subtract) {
        ASSERT(log == 2);
        branch_bits_of(e, false, X17, (uint64_t) 1 << 31, X16, i->label);
    }
}

static void encode_float(Encoder *e, const MachineInstruction *i)
{
    uint32_t fd = float_number(i->d & 15), fa = float_number(i->a & 15);
    uint32_t fb = float_number(i->b & 15);
    uint32_t d = numbers[i->d & 15], a = numbers[i->a & 15];
    switch ((MachineOp) i->op) {
    case M_FMOVE:
        put(e, 0x1E604000 | fa << 5 | fd);
        break;
    case M_FCONST:
        if (i->constant == 0) {
            put(e, 0x9E670000 | XZR << 5 | fd);
        } else {
            constant(e, X16, i->constant);
            put(e, 0x9E670000 | X16 << 5 | fd);
        }
        break;
    case M_FLOAD:
        access(e, 0xFD400000, 3, fd, address(e, &i->memory, 3));
        break;
    case M_FSTORE:
        access(e, 0xFD000000, 3, fa, address(e, &i->memory, 3));
        break;
    case M_FADD:
        op3(e, 0x1E602800, fd, fa, fb);
        break;
    case M_FSUB:
        op3(e, 0x1E603800, fd, fa, fb);
        break;
    case M_FMUL:
        op3(e, 0x1E600800, fd, fa, fb);
        break;
    case M_FDIV:
        op3(e, 0x1E601800, fd, fa, fb);
        break;
    case M_FSQRT:
        put(e, 0x1E61C000 | fa << 5 | fd);
        break;
    case M_FNEG:
        put(e, 0x1E614000 | fa << 5 | fd);
        break;
    case M_FABS:
        put(e, 0x1E60C000 | fa << 5 | fd);
        break;
    case M_FBRANCH:
        put(e, 0x1E602000 | fb << 16 | fa << 5);
        jump_if(e, condition_codes[i->condition], i->label);
        break;
    case M_FSET:
        put(e, 0x1E602000 | fb << 16 | fa << 5);
        put(e, 0x9A9F07E0 | (uint32_t) (condition_codes[i->condition] ^ 1) << 12 | d);
        break;
    case M_INT_TO_FLOAT:
        put(e, 0x9E620000 | a << 5 | fd);
        break;
    case M_FLOAT_TO_INT:
        put(e, 0x9E780000 | fa << 5 | d);
        break;
    case M_BITS_TO_FLOAT:
        put(e, 0x9E670000 | a << 5 | fd);
        break;
    case M_FLOAT_TO_BITS:
        put(e, 0x9E660000 | fa << 5 | d);
        break;
    default:
        CHECK(!"no operation on floats");
    }
}

/* ---- control ---- */

static bool is_near(const Encoder *e, uintptr_t target)
{
    return (target & 3) == 0 && encoder_reaches(e, target, ((int64_t) 1 << 27) - 64);
}

static void go_address(Encoder *e, bool link, int64_t target)
{
    if (is_near(e, (uintptr_t) target)) {
        layout_relocation(&e->layout, (uintptr_t) target);
        put(e, link ? 0x94000000 : 0x14000000);
    } else {
        put(e, (link ? 0xD63F0000 : 0xD61F0000) | X16 << 5);
    }
}

/* x16 = the target, where it is not near. */
static void far_address(Encoder *e, int64_t target)
{
    if (!is_near(e, (uintptr_t) target)) {
        constant(e, X16, target);
    }
}

/* Before the instruction of a call: the address behind it is pushed. */
static void push_return(Encoder *e)
{
    put(e, 0x10000060 | X17);            /* adr x17, 12 */
    put(e, 0xF81F8C00 | X28 << 5 | X17); /* str x17, [x28, -8]! */
}

static void enter_from_c(Encoder *e, const MachineMemory *memory)
{
    Address to;
    put(e, 0xA9BA7BFD);                     /* stp x29, x30, [sp, -96]! */
    for (uint32_t r = 19; r < 29; r += 2) { /* stp r, r + 1, [sp, 16 …] */
        put(e, 0xA9000000 | (r - 19 + 2) << 15 | (r + 1) << 10 | 31 << 5 | r);
    }
    put(e, 0x910003FD); /* mov x29, sp */
    to = address(e, memory, 3);
    put(e, 0x910003E0 | X17); /* mov x17, sp */
    access(e, store_ops[3], 3, X17, to);
}

static void leave_to_c(Encoder *e, const MachineMemory *memory)
{
    load(e, WIDTH_64, X17, memory);
    put(e, 0x9100001F | X17 << 5); /* mov sp, x17 */
    move(e, 0, numbers[R0]);
    for (uint32_t r = 19; r < 29; r += 2) {
        put(e, 0xA9400000 | (r - 19 + 2) << 15 | (r + 1) << 10 | 31 << 5 | r);
    }
    put(e, 0xA8C67BFD); /* ldp x29, x30, [sp], 96 */
    put(e, 0xD65F03C0);
}

static void encode_control(Encoder *e, const MachineInstruction *i)
{
    uint32_t a = numbers[i->a];
    switch ((MachineOp) i->op) {
    case M_JUMP:
        jump(e, i->label);
        break;
    case M_JUMP_REGISTER:
        put(e, 0xD61F0000 | a << 5);
        break;
    case M_JUMP_MEMORY:
        load(e, WIDTH_64, X16, &i->memory);
        put(e, 0xD61F0000 | X16 << 5);
        break;
    case M_JUMP_ADDRESS:
        far_address(e, i->constant);
        go_address(e, false, i->constant);
        break;
    case M_JUMP_TABLE:
        lea_label(e, X16, e->table_labels[i->constant]);
        put(e, 0xB8A07800 | a << 16 | X16 << 5 | X17); /* ldrsw x17, [x16, a, lsl 2] */
        op3(e, OP_ADD, X16, X16, X17);
        put(e, 0xD61F0000 | X16 << 5);
        break;
    case M_CALL:
        push_return(e);
        layout_fixup(&e->layout, FIX_BL, i->label, UINT32_MAX);
        put(e, 0x94000000);
        break;
    case M_CALL_REGISTER:
        push_return(e);
        put(e, 0xD63F0000 | a << 5);
        break;
    case M_CALL_MEMORY:
        load(e, WIDTH_64, X16, &i->memory);
        push_return(e);
        put(e, 0xD63F0000 | X16 << 5);
        break;
    case M_CALL_ADDRESS:
        far_address(e, i->constant);
        push_return(e);
        go_address(e, true, i->constant);
        break;
    case M_RETURN:
        put(e, 0xF8408400 | X28 << 5 | X30); /* ldr x30, [x28], 8 */
        put(e, 0xD65F03C0);
        break;
    case M_RETURN_POINT:
        layout_point(&e->layout);
        put(e, 0xD280001F | ((uint32_t) i->constant & 0xFFFF) << 5);
        put(e, 0xD280001F | ((uint32_t) i->constant >> 16) << 5);
        break;
    case M_C_STACK:
        break;
    case M_CALL_C:
        far_address(e, i->constant);
        go_address(e, true, i->constant);
        move(e, numbers[R0], 0);
        break;
    case M_CALL_C_REGISTER:
        put(e, 0xD63F0000 | a << 5);
        move(e, numbers[R0], 0);
        break;
    case M_ENTER_FROM_C:
        enter_from_c(e, &i->memory);
        break;
    case M_LEAVE_TO_C:
        leave_to_c(e, &i->memory);
        break;
    case M_LABEL:
        layout_bind(&e->layout, i->label);
        break;
    case M_ALIGN:
        layout_item(&e->layout, LAYOUT_ALIGN, (uint32_t) i->constant, 0);
        break;
    case M_DATA:
        put(e, (uint32_t) i->constant);
        put(e, (uint32_t) ((uint64_t) i->constant >> 32));
        break;
    case M_DATA_LABEL:
        layout_fixup(&e->layout, FIX_TABLE, i->label, UINT32_MAX);
        put(e, 0);
        break;
    case M_MARK:
        break;
    case M_STOP:
        put(e, 0xD4200020); /* brk 1 */
        break;
    default:
        CHECK(!"no control");
    }
}

/* ---- for layout.c ---- */

static uint32_t item_size(const LayoutItem *item)
{
    return item->is_long ? 8 : 4;
}

static bool item_reaches(const LayoutItem *item, int64_t distance)
{
    int64_t reach = item->kind == ITEM_14 ? 1 << 15 : item->kind == ITEM_19 ? 1 << 20 : 1 << 27;
    return distance >= -reach && distance < reach;
}

static void item_write(const LayoutItem *item, uint8_t *to, int64_t distance)
{
    uint32_t word = item->detail, part = (uint32_t) (distance / 4);
    if (item->is_long) {
        /* The opposite over the jump: conditions and tests have theirs by one bit. */
        uint32_t jump_on = 0x14000000 | ((part - 1) & 0x03FFFFFF);
        word ^= (word & 0xFF000000) == 0x54000000 ? 1 : 1 << 24;
        word |= 2 << 5;
        memcpy(to, &word, 4);
        memcpy(to + 4, &jump_on, 4);
        return;
    }
    word |= item->kind == ITEM_B    ? part & 0x03FFFFFF
            : item->kind == ITEM_19 ? (part & 0x7FFFF) << 5
                                    : (part & 0x3FFF) << 5;
    memcpy(to, &word, 4);
}

static void fix(uint8_t kind, uint8_t *at, int64_t distance)
{
    uint32_t words[3];
    switch (kind) {
    case FIX_BL:
        words[0] = 0x94000000 | ((uint32_t) (distance / 4) & 0x03FFFFFF);
        memcpy(at, words, 4);
        break;
    case FIX_FAR:
        memcpy(words, at, 12);
        words[1] |= ((uint32_t) distance & 0xFFFF) << 5;
        words[2] |= ((uint32_t) distance >> 16) << 5;
        memcpy(at, words, 12);
        break;
    default:
        words[0] = (uint32_t) distance;
        memcpy(at, words, 4);
    }
}

static void fill(uint8_t *to, uint32_t size)
{
    static const uint32_t nop = 0xD503201F;
    ASSERT(size % 4 == 0);
    for (uint32_t i = 0; i < size; i += 4) {
        memcpy(to + i, &nop, 4);
    }
}

const EncoderTarget encoder_arm64 = {
    .layout = {item_size, item_reaches, item_write, fix, fill},
    .move = encode_move,
    .integer = encode_integer,
    .memory = encode_memory,
    .test = encode_test,
    .floats = encode_float,
    .control = encode_control,
    .instruction_bytes_max = 160,
    .table_fixup = FIX_TABLE,
};
