/* compiler/jit/encode_x86_test.c
 * Comparing: what sets the flags, and the branches, bytes and choices made of them; arithmetic on
 * memory, whose flags are used as well. */
#include "compiler/jit/encode_x86_internal.h"

/* ---- comparing ---- */

/* Flags of a - second source. */
static void compare(Encoder *e, const MachineInstruction *i)
{
    uint32_t a = x86_numbers[i->a];
    switch ((MachineForm) i->form) {
    case FORM_REGISTER:
        x86_alu_rr(e, ALU_CMP, a, x86_numbers[i->b]);
        break;
    case FORM_CONSTANT:
        if (i->constant == 0) { /* carry and overflow are clear, as after a comparison with 0 */
            x86_op_rr(e, W | 0x85, a, a);
        } else {
            x86_alu_imm(e, ALU_CMP, a, i->constant);
        }
        break;
    case FORM_MEMORY:
        x86_alu_rm(e, ALU_CMP, a, &i->memory);
        break;
    }
}
static bool width_is_signed(MachineWidth width)
{
    return width == WIDTH_S8 || width == WIDTH_S16 || width == WIDTH_S32;
}

/* `memory op= value` of `bits` bits, value as an immediate of up to 32 bits. */
static void memory_alu_imm(Encoder *e, uint32_t alu, uint32_t bits, const MachineMemory *memory,
                           int64_t value)
{
    uint32_t size = bits == 64 ? W : bits == 16 ? P66 : 0;
    if (bits == 8) {
        x86_op_rm(e, 0x80, alu, memory);
        put8(e, (uint8_t) value);
        return;
    }
    if (bits == 16) {
        value = (int16_t) value;
    } else if (bits == 32) {
        value = (int32_t) value;
    }
    ASSERT(fits32(value));
    x86_op_rm(e, size | (fits8(value) ? 0x83 : 0x81), alu, memory);
    if (fits8(value)) {
        put8(e, (uint8_t) value);
    } else if (bits == 16) {
        put8(e, (uint8_t) value);
        put8(e, (uint8_t) (value >> 8));
    } else {
        put32(e, (uint32_t) value);
    }
}

static bool condition_is_unsigned(MachineCondition condition)
{
    return condition >= M_ULT && condition <= M_ULE;
}

static bool condition_is_signed(MachineCondition condition)
{
    return condition >= M_LT && condition <= M_LE;
}

/* A narrow value compared with a constant that it cannot have: what comes out? */
static void branch_memory_beyond(Encoder *e, const MachineInstruction *i)
{
    MachineCondition condition = (MachineCondition) i->condition;
    bool is_signed = width_is_signed((MachineWidth) i->width);
    bool less; /* value < constant, for all values */
    if (condition == M_EQ || condition == M_NE) {
        if (condition == M_NE) {
            x86_jump_if(e, ITEM_JUMP, i->label);
        }
        return;
    }
    if (condition_is_unsigned(condition) && is_signed) {
        /* The constant is between the values that are not negative and those that are. */
        bool below = condition == M_ULT || condition == M_ULE;
        memory_alu_imm(e, ALU_CMP, x86_width_bits[i->width], &i->memory, 0);
        x86_jump_if(e, below ? CC_GE : CC_L, i->label);
        return;
    }
    less = condition_is_unsigned(condition) ? true : i->constant > 0;
    if (less ==
        (condition == M_LT || condition == M_LE || condition == M_ULT || condition == M_ULE)) {
        x86_jump_if(e, ITEM_JUMP, i->label);
    }
}

static void branch_memory(Encoder *e, const MachineInstruction *i)
{
    MachineCondition condition = (MachineCondition) i->condition;
    MachineWidth width = (MachineWidth) i->width;
    uint32_t bits = x86_width_bits[width];
    if (bits == 64 && !fits32(i->constant)) {
        x86_constant(e, R11X, i->constant);
        x86_op_rm(e, W | 0x39, R11X, &i->memory);
    } else if (bits < 64 &&
               (width_is_signed(width) ? i->constant < -((int64_t) 1 << (bits - 1)) ||
                                             i->constant >= (int64_t) 1 << (bits - 1)
                                       : i->constant < 0 || i->constant >= (int64_t) 1 << bits)) {
        branch_memory_beyond(e, i);
        return;
    } else {
        memory_alu_imm(e, ALU_CMP, bits, &i->memory, i->constant);
        if (bits < 64 && !width_is_signed(width) && condition_is_signed(condition)) {
            condition = (MachineCondition) (condition - M_LT + M_ULT);
        }
    }
    x86_jump_if(e, x86_condition_codes[condition], i->label);
}

/* Sets the zero flag, or the carry flag the other way round. Returns the code for "some are set".
 */
static uint32_t test_bits(Encoder *e, uint32_t a, uint64_t bits)
{
    if (bits <= 0xFF) {
        if (a == RAX) {
            put8(e, 0xA8);
        } else {
            x86_op_rr(e, BYTE_RM | 0xF6, 0, a);
        }
        put8(e, (uint32_t) bits);
    } else if (fits_u32((int64_t) bits) || fits32((int64_t) bits)) {
        uint32_t size = fits_u32((int64_t) bits) ? 0 : W;
        if (a == RAX) {
            x86_put_opcode(e, size | 0xA9, 0, 0, 0, false);
        } else {
            x86_op_rr(e, size | 0xF7, 0, a);
        }
        put32(e, (uint32_t) bits);
    } else if ((bits & (bits - 1)) == 0) {
        x86_op_rr(e, W | 0x0FBA, 4, a);
        put8(e, (uint32_t) __builtin_ctzll(bits));
        return CC_B;
    } else {
        x86_constant(e, R11X, (int64_t) bits);
        x86_op_rr(e, W | 0x85, R11X, a);
    }
    return CC_NE;
}

static void branch_bits(Encoder *e, const MachineInstruction *i)
{
    uint32_t code = CC_NE;
    if (i->form == FORM_REGISTER) {
        x86_op_rr(e, W | 0x85, x86_numbers[i->b], x86_numbers[i->a]);
    } else {
        code = test_bits(e, x86_numbers[i->a], (uint64_t) i->constant);
    }
    x86_jump_if(e, i->condition == M_NE ? code : code ^ 1, i->label);
}

static void branch_bits_memory(Encoder *e, const MachineInstruction *i)
{
    MachineWidth width = (MachineWidth) i->width;
    uint32_t size = x86_width_bits[width];
    uint64_t bits = (uint64_t) i->constant;
    MachineMemory memory = i->memory;
    if (size < 64) {
        uint64_t own = ((uint64_t) 1 << size) - 1;
        /* Bits above are all as the sign. */
        bits = (bits & ~own) != 0 && width_is_signed(width)
                   ? (bits & own) | (uint64_t) 1 << (size - 1)
                   : bits & own;
    }
    for (uint32_t byte = 0; byte < 8; byte++) { /* all in one byte? */
        if ((bits & ~((uint64_t) 0xFF << 8 * byte)) == 0 && memory.disp <= INT32_MAX - 8) {
            memory.disp += (int32_t) byte;
            x86_op_rm(e, 0xF6, 0, &memory);
            put8(e, (uint8_t) (bits >> 8 * byte));
            x86_jump_if(e, i->condition == M_NE ? CC_NE : CC_E, i->label);
            return;
        }
    }
    if (size == 16) {
        x86_load(e, WIDTH_U16, R11X, &memory);
        x86_jump_if(e, (i->condition == M_NE) == (test_bits(e, R11X, bits) == CC_NE) ? CC_NE : CC_E,
                    i->label);
        return;
    }
    if (size == 32 || fits_u32((int64_t) bits)) {
        x86_op_rm(e, 0xF7, 0, &memory);
        put32(e, (uint32_t) bits);
    } else if (fits32((int64_t) bits)) {
        x86_op_rm(e, W | 0xF7, 0, &memory);
        put32(e, (uint32_t) bits);
    } else {
        x86_constant(e, R11X, (int64_t) bits);
        x86_op_rm(e, W | 0x85, R11X, &memory);
    }
    x86_jump_if(e, i->condition == M_NE ? CC_NE : CC_E, i->label);
}

static void set(Encoder *e, const MachineInstruction *i)
{
    uint32_t code = x86_condition_codes[i->condition], d = x86_numbers[i->d];
    if (d != x86_numbers[i->a] && (i->form != FORM_REGISTER || d != x86_numbers[i->b])) {
        x86_constant(e, d, 0);
        compare(e, i);
        x86_set_byte(e, code, d);
        return;
    }
    compare(e, i);
    x86_set_byte(e, code, R11X);
    x86_op_rr(e, BYTE_RM | 0x0FB6, d, R11X);
}

static void select(Encoder *e, const MachineInstruction *i)
{
    uint32_t code = x86_condition_codes[i->condition];
    uint32_t d = x86_numbers[i->d], yes = x86_numbers[i->c], no = x86_numbers[i->e];
    compare(e, i);
    if (yes == no) {
        x86_move(e, d, yes);
    } else if (d == yes) {
        x86_move_if(e, code ^ 1, d, no);
    } else {
        x86_move(e, d, no);
        x86_move_if(e, code, d, yes);
    }
}
void x86_memory(Encoder *e, const MachineInstruction *i)
{
    uint32_t bits = x86_width_bits[i->width];
    uint32_t number = i->op == M_MEMORY_ADD ? ALU_ADD : ALU_SUB;
    if (bits == 64 && !fits32(i->constant)) {
        x86_constant(e, R11X, i->constant);
        x86_op_rm(e, W | (number << 3 | 1), R11X, &i->memory);
    } else {
        memory_alu_imm(e, number, bits, &i->memory, i->constant);
    }
    if (i->op == M_MEMORY_SUB_NEGATIVE) {
        ASSERT(bits >= 32);
        x86_jump_if(e, CC_S, i->label);
    }
}

void x86_test(Encoder *e, const MachineInstruction *i)
{
    switch ((MachineOp) i->op) {
    case M_BRANCH:
        compare(e, i);
        x86_jump_if(e, x86_condition_codes[i->condition], i->label);
        break;
    case M_BRANCH_MEMORY:
        branch_memory(e, i);
        break;
    case M_BRANCH_BITS:
        branch_bits(e, i);
        break;
    case M_BRANCH_BITS_MEMORY:
        branch_bits_memory(e, i);
        break;
    case M_SET:
        set(e, i);
        break;
    case M_SELECT:
        select(e, i);
        break;
    default:
        CHECK(!"no test");
    }
}
