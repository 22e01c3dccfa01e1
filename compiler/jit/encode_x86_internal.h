/* compiler/jit/encode_x86_internal.h
 * What the files of the x86-64 encoder share. Registers are given by their x86 numbers, but in
 * MachineInstruction and MachineMemory. r11 (R_SCRATCH) and xmm15 (F_SCRATCH) are free between two
 * instructions; what uses them says so or is the encoding of a whole operation. */
#ifndef MUSTER_JIT_ENCODE_X86_INTERNAL_H
#define MUSTER_JIT_ENCODE_X86_INTERNAL_H

#include "compiler/jit/encode.h"

enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R11X = 11, XMM15 = 15 };

/* Condition codes as in Jcc. */
enum {
    CC_O,
    CC_NO,
    CC_B,
    CC_AE,
    CC_E,
    CC_NE,
    CC_BE,
    CC_A,
    CC_S,
    CC_NS,
    CC_P,
    CC_NP,
    CC_L,
    CC_GE,
    CC_LE,
    CC_G
};

enum { ITEM_JUMP = 16 }; /* kinds of layout items; below: a jump on that condition */
enum { FIX_RELATIVE, FIX_TABLE };

/* The eight operations of the first opcode rows: numbers as in `81 /n`. */
enum { ALU_ADD = 0, ALU_OR = 1, ALU_AND = 4, ALU_SUB = 5, ALU_XOR = 6, ALU_CMP = 7 };

/* Parts of an operation's name: its opcode in the low bits (0x0F.. two bytes, 0x0F38.. three). */
enum {
    W = 1 << 24,   /* 64 bits */
    P66 = 1 << 25, /* mandatory prefixes */
    PF2 = 1 << 26,
    PF3 = 1 << 27,
    BYTE_REG = 1 << 28, /* `reg` is a byte register: spl, bpl, sil, dil need a prefix */
    BYTE_RM = 1 << 29,
};

extern const uint8_t x86_numbers[16];       /* of the machine's registers */
extern const uint8_t x86_condition_codes[]; /* of the machine's conditions */
extern const uint8_t x86_width_bits[];

static inline void put8(Encoder *e, uint32_t byte)
{
    e->layout.bytes[e->layout.count++] = (uint8_t) byte;
}
static inline void put32(Encoder *e, uint32_t value)
{
    memcpy(e->layout.bytes + e->layout.count, &value, 4);
    e->layout.count += 4;
}
static inline void put64(Encoder *e, uint64_t value)
{
    memcpy(e->layout.bytes + e->layout.count, &value, 8);
    e->layout.count += 8;
}

static inline bool fits8(int64_t value)
{
    return value == (int8_t) value;
}
static inline bool fits32(int64_t value)
{
    return value == (int32_t) value;
}
static inline bool fits_u32(int64_t value)
{
    return value == (uint32_t) value;
}

/* Prefixes and opcode; need_rex: a byte register that has no name without the prefix. */
void x86_put_opcode(Encoder *e, uint32_t op, uint32_t reg, uint32_t index, uint32_t base,
                    bool need_rex);
/* An instruction on two registers; on a register and memory; on a register and a label's memory. */
void x86_op_rr(Encoder *e, uint32_t op, uint32_t reg, uint32_t rm);
void x86_op_rm(Encoder *e, uint32_t op, uint32_t reg, const MachineMemory *memory);
void x86_op_rlabel(Encoder *e, uint32_t op, uint32_t reg, uint32_t label);

void x86_move(Encoder *e, uint32_t to, uint32_t from);
/* Changes the flags; constant_small does not. */
void x86_constant(Encoder *e, uint32_t to, int64_t value);
void x86_constant_small(Encoder *e, uint32_t to, uint32_t value);
void x86_load(Encoder *e, MachineWidth width, uint32_t to, const MachineMemory *from);
void x86_lea(Encoder *e, uint32_t d, const MachineMemory *memory);
void x86_jump_if(Encoder *e, uint32_t code, uint32_t label);
void x86_move_if(Encoder *e, uint32_t code, uint32_t to, uint32_t from);
/* d = 1 where the condition holds, else 0. */
void x86_set_byte(Encoder *e, uint32_t code, uint32_t d);

/* to op= from; the flags are the operation's. A constant of `size` (W or 0) must fit 32 bits in
 * alu_imm_sized; alu_imm takes any, through r11 where it must be. */
void x86_alu_rr(Encoder *e, uint32_t alu, uint32_t to, uint32_t from);
void x86_alu_rm(Encoder *e, uint32_t alu, uint32_t to, const MachineMemory *from);
void x86_alu_imm_sized(Encoder *e, uint32_t alu, uint32_t to, int64_t value, uint32_t size);
void x86_alu_imm(Encoder *e, uint32_t alu, uint32_t to, int64_t value);

bool x86_memory_uses(const MachineMemory *memory, MachineRegister r);

/* Kinds of operations, for EncoderTarget. */
EncodeOne x86_integer, x86_memory, x86_test, x86_float;

#endif
