/* compiler/jit/encode.h
 * What the encoders share. One is a table of functions, each for a kind of operations (the order of
 * machine.def); encode.c goes through a function's instructions, lays out the tables of jumps and
 * the constants behind the code, and has layout.c put it all together. */
#ifndef MUSTER_JIT_ENCODE_H
#define MUSTER_JIT_ENCODE_H

#include "compiler/jit/layout.h"

typedef struct Encoder {
    Layout layout;
    const MachineOptions *options;
    uint32_t *table_labels; /* where the tables of jumps begin */
    uint64_t *doubles;      /* constants behind the code */
    uint32_t *double_labels;
    uint32_t double_count, double_capacity;
} Encoder;

/* Encodes one instruction of a kind. There is room for `instruction_bytes_max` bytes. */
typedef void EncodeOne(Encoder *e, const MachineInstruction *i);

typedef struct EncoderTarget {
    LayoutTarget layout;
    EncodeOne *move, *integer, *memory, *test, *floats, *control;
    uint32_t instruction_bytes_max;
    uint8_t table_fixup; /* the kind of fixup that 4 bytes of a table of jumps are */
} EncoderTarget;

extern const EncoderTarget encoder_x86, encoder_arm64;

/* The label of a constant that will lie behind the code; equal ones share their place. */
uint32_t encoder_double(Encoder *e, uint64_t bits);
/* Is `target` within `reach` bytes of wherever the code may be put? */
bool encoder_reaches(const Encoder *e, uintptr_t target, int64_t reach);

#endif
