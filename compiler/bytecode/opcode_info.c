/* compiler/bytecode/opcode_info.c
 * The opcode table as data, and the numbers that code is made of. */
#include "compiler/bytecode/module.h"

/* The words of the table's `may` column. */
enum {
    CALL = MAY_CALL,
    ALLOCATE = MAY_ALLOCATE,
    RAISE = MAY_RAISE,
    YIELD = MAY_YIELD,
    STOP = MAY_STOP,
    JUMP = MAY_JUMP,
};

const OpcodeInfo opcode_info[OP_COUNT] = {
#define OPCODE(name, operands, pops, pushes, may, doc) {#name, operands, doc, pops, pushes, may},
#include "runtime/term/opcodes.def"
#undef OPCODE
};

static_assert(OP_COUNT <= 128, "an opcode is one byte, and one byte of LEB128 besides");

bool code_read_unsigned(const uint8_t **at, const uint8_t *end, uint64_t *out)
{
    const uint8_t *from = *at;
    uint64_t value = 0;
    for (unsigned shift = 0; from < end; shift += 7) {
        uint8_t byte = *from++;
        if (shift == 63 && byte > 1) {
            return false; /* over 64 bits */
        }
        value |= (uint64_t) (byte & 0x7F) << shift;
        if (byte < 0x80) {
            /* One number has one form: without this, code could say the same in many ways. */
            if (byte == 0 && shift > 0) {
                return false;
            }
            *at = from;
            *out = value;
            return true;
        }
    }
    return false;
}

bool code_read_signed(const uint8_t **at, const uint8_t *end, int64_t *out)
{
    uint64_t zigzag;
    if (!code_read_unsigned(at, end, &zigzag)) {
        return false;
    }
    *out = (int64_t) (zigzag >> 1) ^ -(int64_t) (zigzag & 1);
    return true;
}
