/* compiler/jit/machine.h
 * The machine-level IR: what both tiers of native code write, and the encoders turn into bytes.
 *
 * A Machine is an append-only list of instructions over physical registers with abstract names,
 * labels and memory operands. It is written through the `m_…` functions below, each appending
 * one; `machine_dump` shows it, `machine_encode` makes code for one architecture.
 *
 * Rules that hold for every instruction, so that its writer need not know the architecture:
 *   - All registers are 64 bits wide. A destination may be the same register as any source, unless
 *     said otherwise; sources are read before it is written.
 *   - Nothing changes but the destination. There are no flags between instructions: tests are
 *     fused with their branch. What an encoder needs besides (x86-64: flags, R_SCRATCH, F_SCRATCH;
 *     AArch64: flags, x16, x17, x30, d31) is never an operand.
 *   - Constants are any 64 bits, displacements any 32 bits (signed); the encoder finds the form.
 *   - Nothing is pushed: the stack pointer changes by explicit operations only, calls aside, and
 *     memory on both sides of R_SP is the program's (slots of a frame lie below it).
 *
 *            x86-64   AArch64     C calls
 *   R0       rax      x8          clobber it; the result
 *   R1 … R6  rdi rsi rdx rcx r8 r9   x0 … x5    clobber; arguments
 *   R7       r10      x9          clobber
 *   R8 … R11 rbp r12 r13 r14   x20 … x23    keep
 *   PROCESS  rbx      x19         keep; the process
 *   HEAP     r15      x24         keep; the heap's top
 *   SP       rsp      x28         keep; the frame pointer of the process
 *   F0 … F14 xmm0 …   d0 … d7, d16 … d22   clobber; F0 … F7 arguments, F0 the result
 *
 * A call of Muster's own code pushes its return address at [SP - 8] and moves SP there; `m_return`
 * pops it. On AArch64 that is stores and loads, and sp stays on the C stack all the time. */
#ifndef MUSTER_JIT_MACHINE_H
#define MUSTER_JIT_MACHINE_H

#include "runtime/term/base.h"

#include <stdio.h>

typedef enum MachineOp {
#define MACHINE(name, text) M_##name,
#include "compiler/jit/machine.def"
#undef MACHINE
    M_OP_COUNT
} MachineOp;

/* clang-format off */
typedef enum MachineRegister {
    R0, R1, R2, R3, R4, R5, R6, R7, R8, R9, R10, R11,
    R_PROCESS, R_HEAP, R_SP, R_SCRATCH,
    R_NONE
} MachineRegister;
/* clang-format on */
/* What a C call leaves alone, and registers free for values. */
#define R_KEPT_BY_C (1u << R8 | 1u << R9 | 1u << R10 | 1u << R11)
#define R_FREE ((1u << 12) - 1)

/* clang-format off */
typedef enum MachineFloat {
    F0, F1, F2, F3, F4, F5, F6, F7, F8, F9, F10, F11, F12, F13, F14,
    F_SCRATCH
} MachineFloat;
/* clang-format on */
#define F_FREE ((1u << 15) - 1)

/* What of memory or a register is meant; loads extend to 64 bits. */
typedef enum MachineWidth {
    WIDTH_64,
    WIDTH_U8,
    WIDTH_S8,
    WIDTH_U16,
    WIDTH_S16,
    WIDTH_U32,
    WIDTH_S32
} MachineWidth;

/* A condition's opposite is `condition ^ 1`. */
/* clang-format off */
typedef enum MachineCondition {
    M_EQ, M_NE,
    M_LT, M_GE, M_GT, M_LE,     /* signed */
    M_ULT, M_UGE, M_UGT, M_ULE, /* unsigned */
    /* Of floats: with a NaN all are false but those that say NOT. */
    M_FEQ, M_FNOT_EQ, M_FLT, M_FNOT_LT, M_FLE, M_FNOT_LE, M_FGT, M_FNOT_GT, M_FGE, M_FNOT_GE
} MachineCondition;
/* clang-format on */
static inline MachineCondition machine_opposite(MachineCondition condition)
{
    return (MachineCondition) (condition ^ 1);
}

/* [base + index * 2^scale + disp]; index is never R_SP. base R_NONE: no base; none of both: the
 * address disp. */
typedef struct MachineMemory {
    uint8_t base, index, scale;
    int32_t disp;
} MachineMemory;
static inline MachineMemory m_at(MachineRegister base, int32_t disp)
{
    return (MachineMemory){(uint8_t) base, R_NONE, 0, disp};
}
static inline MachineMemory m_at_index(MachineRegister base, MachineRegister index, uint32_t scale,
                                       int32_t disp)
{
    return (MachineMemory){(uint8_t) base, (uint8_t) index, (uint8_t) scale, disp};
}

typedef uint32_t MachineLabel;

typedef enum MachineForm { FORM_REGISTER, FORM_CONSTANT, FORM_MEMORY } MachineForm;

/* One instruction. Fields that its operation does not name are 0. */
typedef struct MachineInstruction {
    uint8_t op;
    uint8_t form; /* of the second source: b, constant, or memory */
    uint8_t condition;
    uint8_t width;
    uint8_t d, a, b, c, e;
    MachineMemory memory;
    MachineLabel label;
    int64_t constant;
} MachineInstruction;

typedef struct MachineTable {
    uint32_t count;
    MachineLabel *labels;
} MachineTable;

typedef struct Machine {
    MachineInstruction *code;
    uint32_t count, capacity;
    uint32_t label_count;
    MachineTable *tables;
    uint32_t table_count, table_capacity;
} Machine;

void machine_init(Machine *m);
void machine_finish(Machine *m);
/* Empty again; keeps its memory. */
void machine_clear(Machine *m);
/* The text of all instructions, one a line; of one, without its newline. */
void machine_dump(const Machine *m, FILE *out);
void machine_dump_one(const MachineInstruction *i, FILE *out);

/* ---- encoding ---- */

typedef enum MachineTarget { TARGET_NONE, TARGET_X86_64, TARGET_ARM64 } MachineTarget;
#if defined(__x86_64__)
#define TARGET_HERE TARGET_X86_64
#elif defined(__aarch64__)
#define TARGET_HERE TARGET_ARM64
#else
#define TARGET_HERE TARGET_NONE /* there can be no native code */
#endif

/* What a processor has beyond the base of its architecture. */
enum {
    MACHINE_POPCNT = 1, /* x86-64 */
    MACHINE_LZCNT = 2,
    MACHINE_BMI1 = 4, /* tzcnt */
    MACHINE_BMI2 = 8, /* shifts by any register */
    MACHINE_AVX = 16, /* arithmetic on doubles that keeps both operands */
};
uint32_t machine_features_here(void);

typedef struct MachineOptions {
    MachineTarget target;
    uint32_t features;
    /* Where the code may come to lie, for the choice between near and far jumps to addresses.
     * Both 0: unknown, all are far. */
    uintptr_t low, high;
} MachineOptions;

/* A place that must be filled in when it is known where the code lies. */
typedef struct MachineRelocation {
    uint32_t offset; /* of the 4 bytes (x86-64: signed, from their end; AArch64: a B or BL) */
    uintptr_t target;
} MachineRelocation;

/* From `offset` on, the frame's end (the word above its return address) is at `distance` from the
 * stack pointer, or from where that was saved: in register `reg`, or in memory at [reg + disp]. */
typedef enum MachineStackBase { STACK_POINTER, STACK_REGISTER, STACK_MEMORY } MachineStackBase;
typedef struct MachineStackRow {
    uint32_t offset;
    uint8_t base, reg;
    int32_t disp, distance;
} MachineStackRow;

/* The bytes, for any place until placed. */
typedef struct MachineCode {
    uint8_t *bytes;
    size_t size;
    uint32_t *label_offsets;       /* of each label, UINT32_MAX: never bound */
    uint32_t *instruction_offsets; /* where each instruction's bytes begin; one more for the end */
    uint32_t label_count, instruction_count;
    MachineRelocation *relocations;
    uint32_t relocation_count;
    uint32_t *return_points; /* offsets of their markers, in the order of the code */
    uint32_t return_point_count;
    MachineStackRow *stack_rows; /* for debuggers */
    uint32_t stack_row_count;
    MachineTarget target;
} MachineCode;

/* Every label used must be bound. */
void machine_encode(const Machine *m, const MachineOptions *options, MachineCode *code);
/* Copies the code to `to`, from where it will run at `address` (64-byte aligned). `first_point` is
 * added to the payload of each return point. */
void machine_code_place(const MachineCode *code, uint8_t *to, uintptr_t address,
                        uint32_t first_point);
void machine_code_finish(MachineCode *code);

/* Finds stack_rows; the rest of the code is complete. At a label the stack pointer is taken to be
 * at the return address, as it is wherever no call is under way. */
void machine_stack_rows(const Machine *m, MachineCode *code);

/* ---- writing ---- */

/* Appends `i`; returns its index. */
uint32_t m_append(Machine *m, MachineInstruction i);

static inline MachineLabel m_label(Machine *m)
{
    return m->label_count++;
}
static inline void m_bind(Machine *m, MachineLabel label)
{
    m_append(m, (MachineInstruction){.op = M_LABEL, .label = label});
}

#define M_EMIT(...) m_append(m, (MachineInstruction){__VA_ARGS__})

static inline void m_move(Machine *m, MachineRegister d, MachineRegister a)
{
    if (d != a) {
        M_EMIT(.op = M_MOVE, .d = d, .a = a);
    }
}
static inline void m_const(Machine *m, MachineRegister d, int64_t value)
{
    M_EMIT(.op = M_CONST, .d = d, .constant = value);
}
static inline void m_address(Machine *m, MachineRegister d, const void *address)
{
    M_EMIT(.op = M_ADDRESS, .d = d, .constant = (int64_t) (uintptr_t) address);
}
static inline void m_load(Machine *m, MachineWidth width, MachineRegister d, MachineMemory from)
{
    M_EMIT(.op = M_LOAD, .width = width, .d = d, .memory = from);
}
static inline void m_store(Machine *m, MachineWidth width, MachineRegister a, MachineMemory to)
{
    M_EMIT(.op = M_STORE, .width = width, .a = a, .memory = to);
}
static inline void m_store_imm(Machine *m, MachineWidth width, int64_t value, MachineMemory to)
{
    M_EMIT(.op = M_STORE_IMM, .width = width, .constant = value, .memory = to);
}
/* The address itself. */
static inline void m_lea(Machine *m, MachineRegister d, MachineMemory of)
{
    M_EMIT(.op = M_LEA, .d = d, .memory = of);
}
static inline void m_lea_label(Machine *m, MachineRegister d, MachineLabel label)
{
    M_EMIT(.op = M_LEA_LABEL, .d = d, .label = label);
}
/* The low bits of a, extended as `width` says. */
static inline void m_extend(Machine *m, MachineWidth width, MachineRegister d, MachineRegister a)
{
    M_EMIT(.op = M_EXTEND, .width = width, .d = d, .a = a);
}

/* m_add(m, d, a, b), m_add_imm(m, d, a, constant), m_add_mem(m, d, a, memory); and so the others.
 * Memory is 64 bits. Shifts and rotations count modulo 64. */
#define M_BINARY(name, OP) \
    static inline void m_##name(Machine *m, MachineRegister d, MachineRegister a, \
                                MachineRegister b) \
    { \
        M_EMIT(.op = OP, .form = FORM_REGISTER, .d = d, .a = a, .b = b); \
    } \
    static inline void m_##name##_imm(Machine *m, MachineRegister d, MachineRegister a, \
                                      int64_t constant) \
    { \
        M_EMIT(.op = OP, .form = FORM_CONSTANT, .d = d, .a = a, .constant = constant); \
    } \
    static inline void m_##name##_mem(Machine *m, MachineRegister d, MachineRegister a, \
                                      MachineMemory memory) \
    { \
        M_EMIT(.op = OP, .form = FORM_MEMORY, .d = d, .a = a, .memory = memory); \
    }
M_BINARY(add, M_ADD)
M_BINARY(sub, M_SUB)
M_BINARY(and, M_AND)
M_BINARY(or, M_OR)
M_BINARY(xor, M_XOR)
M_BINARY(mul, M_MUL)
M_BINARY(shl, M_SHL)
M_BINARY(shr, M_SHR)
M_BINARY(sar, M_SAR)
M_BINARY(rol, M_ROL)
M_BINARY(ror, M_ROR)
M_BINARY(mul_high, M_MUL_HIGH)
M_BINARY(mul_high_unsigned, M_MUL_HIGH_UNSIGNED)
/* Signed, rounding to zero. b = 0, and the smallest number by -1, must not come here. */
M_BINARY(div, M_DIV)
M_BINARY(rem, M_REM)
#undef M_BINARY

/* d gets the low 64 bits; then, if the true result does not fit 64 bits (signed), on at `label`.
 * _negative instead: if those low 64 bits are negative. */
#define M_BINARY_BRANCH(name, OP) \
    static inline void m_##name(Machine *m, MachineRegister d, MachineRegister a, \
                                MachineRegister b, MachineLabel label) \
    { \
        M_EMIT(.op = OP, .form = FORM_REGISTER, .d = d, .a = a, .b = b, .label = label); \
    } \
    static inline void m_##name##_imm(Machine *m, MachineRegister d, MachineRegister a, \
                                      int64_t constant, MachineLabel label) \
    { \
        M_EMIT(.op = OP, .form = FORM_CONSTANT, .d = d, .a = a, .constant = constant, \
               .label = label); \
    } \
    static inline void m_##name##_mem(Machine *m, MachineRegister d, MachineRegister a, \
                                      MachineMemory memory, MachineLabel label) \
    { \
        M_EMIT(.op = OP, .form = FORM_MEMORY, .d = d, .a = a, .memory = memory, .label = label); \
    }
M_BINARY_BRANCH(add_overflow, M_ADD_OVERFLOW)
M_BINARY_BRANCH(sub_overflow, M_SUB_OVERFLOW)
M_BINARY_BRANCH(mul_overflow, M_MUL_OVERFLOW)
M_BINARY_BRANCH(sub_negative, M_SUB_NEGATIVE)
#undef M_BINARY_BRANCH

static inline void m_neg(Machine *m, MachineRegister d, MachineRegister a)
{
    M_EMIT(.op = M_NEG, .d = d, .a = a);
}
static inline void m_neg_overflow(Machine *m, MachineRegister d, MachineRegister a,
                                  MachineLabel label)
{
    M_EMIT(.op = M_NEG_OVERFLOW, .d = d, .a = a, .label = label);
}
static inline void m_not(Machine *m, MachineRegister d, MachineRegister a)
{
    M_EMIT(.op = M_NOT, .d = d, .a = a);
}

/* memory += constant, of `width` (its sign does not matter). Not atomic between threads. */
static inline void m_memory_add(Machine *m, MachineWidth width, MachineMemory memory,
                                int64_t constant)
{
    M_EMIT(.op = M_MEMORY_ADD, .width = width, .memory = memory, .constant = constant);
}
/* memory -= constant, of 32 or 64 bits; on at `label` if that made it negative. */
static inline void m_memory_sub_negative(Machine *m, MachineWidth width, MachineMemory memory,
                                         int64_t constant, MachineLabel label)
{
    M_EMIT(.op = M_MEMORY_SUB_NEGATIVE, .width = width, .memory = memory, .constant = constant,
           .label = label);
}

/* On at `label` if `a condition b`. */
static inline void m_branch(Machine *m, MachineCondition condition, MachineRegister a,
                            MachineRegister b, MachineLabel label)
{
    M_EMIT(.op = M_BRANCH, .form = FORM_REGISTER, .condition = condition, .a = a, .b = b,
           .label = label);
}
static inline void m_branch_imm(Machine *m, MachineCondition condition, MachineRegister a,
                                int64_t constant, MachineLabel label)
{
    M_EMIT(.op = M_BRANCH, .form = FORM_CONSTANT, .condition = condition, .a = a,
           .constant = constant, .label = label);
}
static inline void m_branch_mem(Machine *m, MachineCondition condition, MachineRegister a,
                                MachineMemory memory, MachineLabel label)
{
    M_EMIT(.op = M_BRANCH, .form = FORM_MEMORY, .condition = condition, .a = a, .memory = memory,
           .label = label);
}
/* If `memory condition constant`; memory is extended as `width` says, the constant is what it is.
 */
static inline void m_branch_memory_imm(Machine *m, MachineCondition condition, MachineWidth width,
                                       MachineMemory memory, int64_t constant, MachineLabel label)
{
    M_EMIT(.op = M_BRANCH_MEMORY, .condition = condition, .width = width, .memory = memory,
           .constant = constant, .label = label);
}
/* M_EQ: if none of the bits is set in a. M_NE: if some are. */
static inline void m_branch_bits(Machine *m, MachineCondition condition, MachineRegister a,
                                 MachineRegister b, MachineLabel label)
{
    M_EMIT(.op = M_BRANCH_BITS, .form = FORM_REGISTER, .condition = condition, .a = a, .b = b,
           .label = label);
}
static inline void m_branch_bits_imm(Machine *m, MachineCondition condition, MachineRegister a,
                                     int64_t bits, MachineLabel label)
{
    M_EMIT(.op = M_BRANCH_BITS, .form = FORM_CONSTANT, .condition = condition, .a = a,
           .constant = bits, .label = label);
}
static inline void m_branch_bits_mem(Machine *m, MachineCondition condition, MachineWidth width,
                                     MachineMemory memory, int64_t bits, MachineLabel label)
{
    M_EMIT(.op = M_BRANCH_BITS_MEMORY, .condition = condition, .width = width, .memory = memory,
           .constant = bits, .label = label);
}
/* d = 1 if `a condition b`, else 0. */
static inline void m_set(Machine *m, MachineCondition condition, MachineRegister d,
                         MachineRegister a, MachineRegister b)
{
    M_EMIT(.op = M_SET, .form = FORM_REGISTER, .condition = condition, .d = d, .a = a, .b = b);
}
static inline void m_set_imm(Machine *m, MachineCondition condition, MachineRegister d,
                             MachineRegister a, int64_t constant)
{
    M_EMIT(.op = M_SET, .form = FORM_CONSTANT, .condition = condition, .d = d, .a = a,
           .constant = constant);
}
/* d = `a condition b` ? yes : no. */
static inline void m_select(Machine *m, MachineCondition condition, MachineRegister d,
                            MachineRegister a, MachineRegister b, MachineRegister yes,
                            MachineRegister no)
{
    M_EMIT(.op = M_SELECT, .form = FORM_REGISTER, .condition = condition, .d = d, .a = a, .b = b,
           .c = yes, .e = no);
}
static inline void m_select_imm(Machine *m, MachineCondition condition, MachineRegister d,
                                MachineRegister a, int64_t constant, MachineRegister yes,
                                MachineRegister no)
{
    M_EMIT(.op = M_SELECT, .form = FORM_CONSTANT, .condition = condition, .d = d, .a = a,
           .constant = constant, .c = yes, .e = no);
}

/* The low 16, 32 or all bytes of a in the other order, zero-extended. */
static inline void m_swap_bytes(Machine *m, MachineWidth width, MachineRegister d,
                                MachineRegister a)
{
    M_EMIT(.op = M_SWAP_BYTES, .width = width, .d = d, .a = a);
}
/* Of 0: 64. */
static inline void m_leading_zeros(Machine *m, MachineRegister d, MachineRegister a)
{
    M_EMIT(.op = M_LEADING_ZEROS, .d = d, .a = a);
}
static inline void m_trailing_zeros(Machine *m, MachineRegister d, MachineRegister a)
{
    M_EMIT(.op = M_TRAILING_ZEROS, .d = d, .a = a);
}
static inline void m_count_ones(Machine *m, MachineRegister d, MachineRegister a)
{
    M_EMIT(.op = M_COUNT_ONES, .d = d, .a = a);
}

/* ---- floats ---- */

static inline void m_fmove(Machine *m, MachineFloat d, MachineFloat a)
{
    if (d != a) {
        M_EMIT(.op = M_FMOVE, .d = d, .a = a);
    }
}
static inline void m_fconst(Machine *m, MachineFloat d, double value)
{
    int64_t bits;
    memcpy(&bits, &value, sizeof bits);
    M_EMIT(.op = M_FCONST, .d = d, .constant = bits);
}
static inline void m_fload(Machine *m, MachineFloat d, MachineMemory from)
{
    M_EMIT(.op = M_FLOAD, .d = d, .memory = from);
}
static inline void m_fstore(Machine *m, MachineFloat a, MachineMemory to)
{
    M_EMIT(.op = M_FSTORE, .a = a, .memory = to);
}
#define M_FLOAT_BINARY(name, OP) \
    static inline void m_##name(Machine *m, MachineFloat d, MachineFloat a, MachineFloat b) \
    { \
        M_EMIT(.op = OP, .d = d, .a = a, .b = b); \
    }
M_FLOAT_BINARY(fadd, M_FADD)
M_FLOAT_BINARY(fsub, M_FSUB)
M_FLOAT_BINARY(fmul, M_FMUL)
M_FLOAT_BINARY(fdiv, M_FDIV)
#undef M_FLOAT_BINARY
static inline void m_fsqrt(Machine *m, MachineFloat d, MachineFloat a)
{
    M_EMIT(.op = M_FSQRT, .d = d, .a = a);
}
static inline void m_fneg(Machine *m, MachineFloat d, MachineFloat a)
{
    M_EMIT(.op = M_FNEG, .d = d, .a = a);
}
static inline void m_fabs(Machine *m, MachineFloat d, MachineFloat a)
{
    M_EMIT(.op = M_FABS, .d = d, .a = a);
}
static inline void m_fbranch(Machine *m, MachineCondition condition, MachineFloat a, MachineFloat b,
                             MachineLabel label)
{
    M_EMIT(.op = M_FBRANCH, .condition = condition, .a = a, .b = b, .label = label);
}
static inline void m_fset(Machine *m, MachineCondition condition, MachineRegister d, MachineFloat a,
                          MachineFloat b)
{
    M_EMIT(.op = M_FSET, .condition = condition, .d = d, .a = a, .b = b);
}
/* Of a signed integer, rounded to nearest. */
static inline void m_int_to_float(Machine *m, MachineFloat d, MachineRegister a)
{
    M_EMIT(.op = M_INT_TO_FLOAT, .d = d, .a = a);
}
/* Towards zero. What does not fit gives some number (test before). */
static inline void m_float_to_int(Machine *m, MachineRegister d, MachineFloat a)
{
    M_EMIT(.op = M_FLOAT_TO_INT, .d = d, .a = a);
}
static inline void m_bits_to_float(Machine *m, MachineFloat d, MachineRegister a)
{
    M_EMIT(.op = M_BITS_TO_FLOAT, .d = d, .a = a);
}
static inline void m_float_to_bits(Machine *m, MachineRegister d, MachineFloat a)
{
    M_EMIT(.op = M_FLOAT_TO_BITS, .d = d, .a = a);
}

/* ---- control ---- */

static inline void m_jump(Machine *m, MachineLabel label)
{
    M_EMIT(.op = M_JUMP, .label = label);
}
static inline void m_jump_register(Machine *m, MachineRegister a)
{
    M_EMIT(.op = M_JUMP_REGISTER, .a = a);
}
static inline void m_jump_mem(Machine *m, MachineMemory memory)
{
    M_EMIT(.op = M_JUMP_MEMORY, .memory = memory);
}
/* To code outside this Machine. */
static inline void m_jump_address(Machine *m, const void *address)
{
    M_EMIT(.op = M_JUMP_ADDRESS, .constant = (int64_t) (uintptr_t) address);
}
/* To labels[a]; a must be below count (unsigned), is destroyed, and is not R_SP. The labels are
 * copied. */
void m_jump_table(Machine *m, MachineRegister a, const MachineLabel labels[], uint32_t count);

static inline void m_call(Machine *m, MachineLabel label)
{
    M_EMIT(.op = M_CALL, .label = label);
}
static inline void m_call_register(Machine *m, MachineRegister a)
{
    M_EMIT(.op = M_CALL_REGISTER, .a = a);
}
static inline void m_call_mem(Machine *m, MachineMemory memory)
{
    M_EMIT(.op = M_CALL_MEMORY, .memory = memory);
}
static inline void m_call_address(Machine *m, const void *address)
{
    M_EMIT(.op = M_CALL_ADDRESS, .constant = (int64_t) (uintptr_t) address);
}
static inline void m_return(Machine *m)
{
    M_EMIT(.op = M_RETURN);
}
/* Right after a call: 32 bits for machine_return_point to read at the return address. */
static inline void m_return_point(Machine *m, uint32_t payload)
{
    M_EMIT(.op = M_RETURN_POINT, .constant = payload);
}
/* The C stack becomes the stack, its pointer loaded from `memory` (8 bytes); move SP to a register
 * that C keeps, or to memory, before, and back after. 16-byte alignment is the caller's.
 * AArch64: nothing, for sp is there all the time. */
static inline void m_c_stack(Machine *m, MachineMemory memory)
{
    M_EMIT(.op = M_C_STACK, .memory = memory);
}
/* Arguments in R1 …, F0 …; result in R0 or F0. */
static inline void m_call_c(Machine *m, const void *function)
{
    M_EMIT(.op = M_CALL_C, .constant = (int64_t) (uintptr_t) function);
}
static inline void m_call_c_register(Machine *m, MachineRegister a)
{
    M_EMIT(.op = M_CALL_C_REGISTER, .a = a);
}

/* The first instruction of code that C calls: saves on the C stack what C wants kept, and leaves
 * the stack pointer in `memory` (aligned for m_c_stack and calls); arguments as for m_call_c. */
static inline void m_enter_from_c(Machine *m, MachineMemory memory)
{
    M_EMIT(.op = M_ENTER_FROM_C, .memory = memory);
}
/* Takes the stack pointer from `memory` and returns R0 to who called the code entered so. */
static inline void m_leave_to_c(Machine *m, MachineMemory memory)
{
    M_EMIT(.op = M_LEAVE_TO_C, .memory = memory);
}

/* The next instruction begins at a multiple of `bytes` (a power of two up to 64). */
static inline void m_align(Machine *m, uint32_t bytes)
{
    M_EMIT(.op = M_ALIGN, .constant = bytes);
}
/* 8 bytes; 4 bytes: how far `label` is from them. */
static inline void m_data(Machine *m, uint64_t bits)
{
    M_EMIT(.op = M_DATA, .constant = (int64_t) bits);
}
static inline void m_data_label(Machine *m, MachineLabel label)
{
    M_EMIT(.op = M_DATA_LABEL, .label = label);
}
/* No code: what follows belongs to place `position` of the source (listings, line tables). */
static inline void m_mark(Machine *m, int64_t position)
{
    M_EMIT(.op = M_MARK, .constant = position);
}
/* Must not be reached: ends the machine. */
static inline void m_stop(Machine *m)
{
    M_EMIT(.op = M_STOP);
}

#undef M_EMIT

/* The payload of the return point at a native return address of this machine; false: there is
 * none. */
bool machine_return_point(const uint8_t *address, uint32_t *payload);

#endif
