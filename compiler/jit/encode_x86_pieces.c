/* compiler/jit/encode_x86_pieces.c
 * Single x86-64 instructions, and the small sequences that many operations are made of. */
#include "compiler/jit/encode_x86_internal.h"

const uint8_t x86_numbers[16] = {
    [R0] = RAX,        [R1] = RDI,    [R2] = RSI,   [R3] = RDX,         [R4] = RCX, [R5] = 8,
    [R6] = 9,          [R7] = 10,     [R8] = RBP,   [R9] = 12,          [R10] = 13, [R11] = 14,
    [R_PROCESS] = RBX, [R_HEAP] = 15, [R_SP] = RSP, [R_SCRATCH] = R11X,
};

const uint8_t x86_condition_codes[] = {
    [M_EQ] = CC_E,  [M_NE] = CC_NE, [M_LT] = CC_L,   [M_GE] = CC_GE, [M_GT] = CC_G,
    [M_LE] = CC_LE, [M_ULT] = CC_B, [M_UGE] = CC_AE, [M_UGT] = CC_A, [M_ULE] = CC_BE,
};

const uint8_t x86_width_bits[] = {
    [WIDTH_64] = 64,  [WIDTH_U8] = 8,   [WIDTH_S8] = 8,   [WIDTH_U16] = 16,
    [WIDTH_S16] = 16, [WIDTH_U32] = 32, [WIDTH_S32] = 32,
};

void x86_put_opcode(Encoder *e, uint32_t op, uint32_t reg, uint32_t index, uint32_t base,
                    bool need_rex)
{
    uint32_t rex = (op & W ? 8 : 0) | (reg & 8 ? 4 : 0) | (index & 8 ? 2 : 0) | (base & 8 ? 1 : 0);
    if (op & P66) {
        put8(e, 0x66);
    }
    if (op & PF2) {
        put8(e, 0xF2);
    }
    if (op & PF3) {
        put8(e, 0xF3);
    }
    if (rex != 0 || need_rex || ((op & BYTE_REG) && reg >= 4)) {
        put8(e, 0x40 | rex);
    }
    if (op & 0xFF0000) {
        put8(e, (op >> 16) & 0xFF);
    }
    if (op & 0xFFFF00) {
        put8(e, (op >> 8) & 0xFF);
    }
    put8(e, op & 0xFF);
}

/* Registers by their x86 numbers. */
void x86_op_rr(Encoder *e, uint32_t op, uint32_t reg, uint32_t rm)
{
    x86_put_opcode(e, op, reg, 0, rm, (op & BYTE_RM) && rm >= 4);
    put8(e, 0xC0 | (reg & 7) << 3 | (rm & 7));
}

/* ModRM, SIB and displacement. */
static void put_memory(Encoder *e, uint32_t reg, const MachineMemory *memory)
{
    uint32_t base = memory->base == R_NONE ? RBP : x86_numbers[memory->base];
    uint32_t index = memory->index == R_NONE ? RSP : x86_numbers[memory->index];
    uint32_t mode;
    if (memory->base == R_NONE) {
        mode = 0; /* and a displacement of 32 bits all the same */
    } else if (memory->disp == 0 && (base & 7) != RBP) {
        mode = 0;
    } else {
        mode = fits8(memory->disp) ? 1 : 2;
    }
    if (memory->index == R_NONE && memory->base != R_NONE && (base & 7) != RSP) {
        put8(e, mode << 6 | (reg & 7) << 3 | (base & 7));
    } else {
        put8(e, mode << 6 | (reg & 7) << 3 | RSP);
        put8(e, (uint32_t) memory->scale << 6 | (index & 7) << 3 | (base & 7));
    }
    if (mode == 2 || memory->base == R_NONE) {
        put32(e, (uint32_t) memory->disp);
    } else if (mode == 1) {
        put8(e, (uint8_t) memory->disp);
    }
}

void x86_op_rm(Encoder *e, uint32_t op, uint32_t reg, const MachineMemory *memory)
{
    MachineMemory as_base;
    ASSERT(memory->index != R_SP);
    ASSERT(memory->scale <= 3);
    if (memory->base == R_NONE && memory->scale == 0) { /* shorter, or neither */
        as_base = (MachineMemory){memory->index, R_NONE, 0, memory->disp};
        memory = &as_base;
    }
    x86_put_opcode(e, op, reg, memory->index == R_NONE ? 0 : x86_numbers[memory->index],
                   memory->base == R_NONE ? 0 : x86_numbers[memory->base], false);
    put_memory(e, reg, memory);
}

/* With the memory at a label. */
void x86_op_rlabel(Encoder *e, uint32_t op, uint32_t reg, uint32_t label)
{
    x86_put_opcode(e, op, reg, 0, 0, false);
    put8(e, (reg & 7) << 3 | 5);
    layout_fixup(&e->layout, FIX_RELATIVE, label, UINT32_MAX);
    put32(e, 0);
}

/* ---- small pieces ---- */

void x86_move(Encoder *e, uint32_t to, uint32_t from)
{
    if (to != from) {
        x86_op_rr(e, W | 0x89, from, to);
    }
}

void x86_constant(Encoder *e, uint32_t to, int64_t value)
{
    if (value == 0) {
        x86_op_rr(e, 0x31, to, to);
    } else if (fits_u32(value)) {
        x86_put_opcode(e, 0xB8 | (to & 7), 0, 0, to, false);
        put32(e, (uint32_t) value);
    } else if (fits32(value)) {
        x86_op_rr(e, W | 0xC7, 0, to);
        put32(e, (uint32_t) value);
    } else {
        x86_put_opcode(e, W | 0xB8 | (to & 7), 0, 0, to, false);
        put64(e, (uint64_t) value);
    }
}

/* As constant, but leaves the flags. */
void x86_constant_small(Encoder *e, uint32_t to, uint32_t value)
{
    x86_put_opcode(e, 0xB8 | (to & 7), 0, 0, to, false);
    put32(e, value);
}

void x86_load(Encoder *e, MachineWidth width, uint32_t to, const MachineMemory *from)
{
    static const uint32_t opcodes[] = {
        [WIDTH_64] = W | 0x8B,  [WIDTH_U8] = 0x0FB6,      [WIDTH_S8] = W | 0x0FBE,
        [WIDTH_U16] = 0x0FB7,   [WIDTH_S16] = W | 0x0FBF, [WIDTH_U32] = 0x8B,
        [WIDTH_S32] = W | 0x63,
    };
    x86_op_rm(e, opcodes[width], to, from);
}

void x86_jump_if(Encoder *e, uint32_t code, uint32_t label)
{
    layout_item(&e->layout, (uint8_t) code, label, 0);
}

void x86_alu_rr(Encoder *e, uint32_t alu, uint32_t to, uint32_t from)
{
    x86_op_rr(e, W | (alu << 3 | 3), to, from);
}
void x86_alu_rm(Encoder *e, uint32_t alu, uint32_t to, const MachineMemory *from)
{
    x86_op_rm(e, W | (alu << 3 | 3), to, from);
}
void x86_alu_imm_sized(Encoder *e, uint32_t alu, uint32_t to, int64_t value, uint32_t size)
{
    ASSERT(fits32(value) || (size == 0 && fits_u32(value)));
    if (fits8(value)) {
        x86_op_rr(e, size | 0x83, alu, to);
        put8(e, (uint8_t) value);
    } else if (to == RAX) {
        x86_put_opcode(e, size | (alu << 3 | 5), 0, 0, 0, false);
        put32(e, (uint32_t) value);
    } else {
        x86_op_rr(e, size | 0x81, alu, to);
        put32(e, (uint32_t) value);
    }
}

/* to op= value, through r11 where it must be. The flags are the operation's. */
void x86_alu_imm(Encoder *e, uint32_t alu, uint32_t to, int64_t value)
{
    if (alu == ALU_AND && fits_u32(value)) {
        x86_alu_imm_sized(e, alu, to, fits8((int32_t) value) ? (int32_t) value : value, 0);
    } else if (fits32(value)) {
        x86_alu_imm_sized(e, alu, to, value, W);
    } else {
        x86_constant(e, R11X, value);
        x86_alu_rr(e, alu, to, R11X);
    }
}

bool x86_memory_uses(const MachineMemory *memory, MachineRegister r)
{
    return memory->base == r || memory->index == r;
}

void x86_move_if(Encoder *e, uint32_t code, uint32_t to, uint32_t from)
{
    x86_op_rr(e, W | 0x0F40 | code, to, from);
}

void x86_lea(Encoder *e, uint32_t d, const MachineMemory *memory)
{
    if (memory->index == R_NONE && memory->disp == 0 && memory->base != R_NONE) {
        x86_move(e, d, x86_numbers[memory->base]);
    } else {
        x86_op_rm(e, W | 0x8D, d, memory);
    }
}

void x86_set_byte(Encoder *e, uint32_t code, uint32_t d)
{
    x86_op_rr(e, BYTE_RM | 0x0F90 | code, 0, d);
}
