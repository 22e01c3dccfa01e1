/* compiler/jit/field_code.h
 * What both tiers write to build a bitstring of fields whose sizes are known. */
#ifndef MUSTER_JIT_FIELD_CODE_H
#define MUSTER_JIT_FIELD_CODE_H

#include "compiler/bytecode/module.h"
#include "compiler/jit/machine.h"

enum { FIELDS_MOST = 24 };

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
    bool is_loose; /* to which it appends no whole bytes */
    uint32_t unit; /* of that */
} Fields;

/* The operands of the instruction, as the tier knows them. */
typedef struct FieldSource {
    Machine *m;
    void *state;
    bool (*constant)(void *state, uint32_t operand, Term *value);
    uint32_t (*kinds)(void *state, uint32_t operand);
    /* Where it is, or `into`, loaded; may be asked for again. */
    MachineRegister (*value)(void *state, uint32_t operand, MachineRegister into);
} FieldSource;

/* None of them holds an operand. */
typedef struct FieldRegisters {
    MachineRegister d; /* the result */
    MachineRegister base, gathered, t;
} FieldRegisters;

/* False: it is left to C. */
bool fields_plan(Fields *fields, const SegmentList *list, const FieldSource *source);
/* Of the heap. */
uint32_t fields_words(const Fields *fields);
/* Builds it, for which there is room. Where a value is none that can be put here, or there is no
 * room behind what is appended to: on at `slow`, nothing done; the registers are lost. */
void fields_build(const FieldSource *source, const Fields *fields, const FieldRegisters *r,
                  MachineLabel slow);

#endif
