/* tests/c/jit/disassembly.h
 * What capstone reads in the code of one instruction of the machine-level IR. */
#ifndef MUSTER_TESTS_JIT_DISASSEMBLY_H
#define MUSTER_TESTS_JIT_DISASSEMBLY_H

#include "compiler/jit/machine.h"

#include <capstone/capstone.h>
#include <stdarg.h>
#include <stdlib.h>

static csh disassembler;

static char disassembly_text[4096];

/* "mnemonic operands; …" of all of the code up to `size`, numbers as capstone writes them. */
static inline const char *disassembly(const uint8_t *bytes, size_t size)
{
    cs_insn *read;
    size_t count = cs_disasm(disassembler, bytes, size, 0, 0, &read), seen = 0, length = 0;
    disassembly_text[0] = 0;
    for (size_t i = 0; i < count; i++) {
        length += (size_t) snprintf(disassembly_text + length, sizeof disassembly_text - length,
                                    "%s%s%s%s", i == 0 ? "" : "; ", read[i].mnemonic,
                                    read[i].op_str[0] == 0 ? "" : " ", read[i].op_str);
        seen += read[i].size;
    }
    cs_free(read, count);
    if (seen != size) {
        snprintf(disassembly_text + length, sizeof disassembly_text - length, " (unreadable)");
    }
    return disassembly_text;
}

static inline const char *disassembly_of(const MachineOptions *options, MachineInstruction i)
{
    static Machine m;
    MachineCode code;
    machine_clear(&m);
    m_label(&m);
    m_append(&m, i);
    m_bind(&m, 0);
    machine_encode(&m, options, &code);
    disassembly(code.bytes, code.instruction_offsets[1]);
    machine_code_finish(&code);
    machine_finish(&m);
    return disassembly_text;
}

/* Reads `i` and compares; `expected` is made as by printf. */
#define EXPECT(i, ...) \
    do { \
        char expected[512]; \
        const char *found = disassembly_of(&options, (i)); \
        snprintf(expected, sizeof expected, __VA_ARGS__); \
        if (strcmp(expected, found) != 0) { \
            printf("%s:%d: ", __FILE__, __LINE__); \
            machine_dump_one(&(i), stdout); \
            printf("\n  expected: %s\n  found:    %s\n", expected, found); \
            fail(); \
        } \
    } while (0)

#endif
