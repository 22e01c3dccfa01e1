/* runtime/term/instruction.h
 * Slot code: what the loader makes of portable bytecode, the interpreter runs and the native
 * compilers read. The table of instructions, and access to their fields.
 *
 * Frames grow down. fp[0] is the frame word: the return address; slot i is fp[-i]; parameters come
 * first, from slot 1. A callee's frame word lies in a slot of its caller, so that arguments are
 * pushed straight into their places and the result replaces the frame word. The 8 bytes before a
 * return address (FrameInfo) say how far up the caller's frame is and which of its slots hold
 * terms. */
#ifndef MUSTER_TERM_INSTRUCTION_H
#define MUSTER_TERM_INSTRUCTION_H

#include "runtime/term/term.h"

typedef enum Instruction {
#define INSTRUCTION(name, bytes, fields, may) I_##name,
#include "runtime/term/instructions.def"
#undef INSTRUCTION
    I_COUNT
} Instruction;

enum { /* instruction_may */
       INSTRUCTION_STOPS = 1,
       INSTRUCTION_COLLECTS = 2,
       INSTRUCTION_RAISES = 4,
       INSTRUCTION_CALLS = 8,
};
extern const uint8_t instruction_bytes[I_COUNT]; /* 0: it says itself, see instruction_size */
extern const char *const instruction_names[I_COUNT];
extern const char *const instruction_fields[I_COUNT];
extern const uint8_t instruction_may[I_COUNT];
/* The dispatch word of each instruction: what its first 4 bytes are. Set by the interpreter, once,
 * before any code is loaded. */
extern uint32_t instruction_words[I_COUNT];
void instructions_set_words(const uint32_t words[I_COUNT]);

/* Instructions are bytes, aligned to 4. */
typedef const uint8_t *Code;

/* ---- fields, by their offset ---- */

typedef struct __attribute__((packed, may_alias)) Packed64 {
    uint64_t value;
} Packed64;
typedef int16_t __attribute__((may_alias)) Field16;
typedef int32_t __attribute__((may_alias)) Field32;

static inline int32_t field_s16(Code at, uint32_t offset)
{
    return *(const Field16 *) (at + offset);
}
static inline uint32_t field_u16(Code at, uint32_t offset)
{
    return (uint16_t) field_s16(at, offset);
}
static inline int32_t field_s32(Code at, uint32_t offset)
{
    return *(const Field32 *) (at + offset);
}
static inline uint32_t field_u32(Code at, uint32_t offset)
{
    return (uint32_t) field_s32(at, offset);
}
static inline uint64_t field_u64(Code at, uint32_t offset)
{
    return ((const Packed64 *) (at + offset))->value;
}
static inline Term field_imm(Code at, uint32_t offset)
{
    return (Term) (int64_t) field_s32(at, offset);
}

/* What stands at `at`; I_COUNT: no instruction (a bug). */
Instruction instruction_at(Code at);
static inline uint32_t instruction_size(Instruction i, Code at)
{
    return instruction_bytes[i] != 0 ? instruction_bytes[i] : field_u32(at, 8);
}

typedef enum CompareKind {
    COMPARE_EQ_EXACT,
    COMPARE_NE_EXACT,
    COMPARE_EQ,
    COMPARE_NE,
    COMPARE_LT,
    COMPARE_LE,
    COMPARE_GT,
    COMPARE_GE
} CompareKind;
typedef enum LogicKind { LOGIC_AND, LOGIC_OR, LOGIC_XOR } LogicKind;

/* ---- what surrounds instructions ---- */

/* Before the first instruction of every function and stub.
 *
 * `native` can always be called by native code once the machine is set up for it: the function's
 * own code, or the stub that leaves native code to interpret it. It is written by whoever compiled
 * the function (one store with release) and read plainly.
 *
 * `countdown` is the interpreter's: above 0: so many entries and loops until the function is hot;
 * counted down by relaxed stores, which may lose counts. 0: it is hot: look at `native`, or ask for
 * it. Below 0: nothing to do (asked for, or never). */
typedef struct CodeHeader {
    uint32_t frame_words;
    uint32_t arity;
    struct Function *function; /* NULL: a stub */
    const void *native;
    int32_t countdown;
    uint32_t traced; /* not 0: calls are told of (runtime/trace.h); then `native` is the stub, and
                        `countdown` stays 0 */
} CodeHeader;
static_assert(sizeof(CodeHeader) == 32, "code relies on it");
static inline CodeHeader *code_header(Code entry)
{
    return (CodeHeader *) (entry - sizeof(CodeHeader));
}

/* No header's frame_words is more. */
extern _Atomic(uint32_t) code_most_frame_words;

typedef struct FrameInfo {
    uint16_t slots; /* the callee's fp is the caller's less so many slots */
    uint16_t map;   /* 0: all slots between hold terms; else which (index into the module's maps) */
    uint32_t back;  /* bytes from the return point back to the function's start */
} FrameInfo;
static inline const FrameInfo *frame_info(Code return_point)
{
    return (const FrameInfo *) (return_point - sizeof(FrameInfo));
}

#endif
