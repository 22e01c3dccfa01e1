/* runtime/term/instruction.c: the tables of instruction.h. */
#include "runtime/term/instruction.h"

#define STOPS INSTRUCTION_STOPS
#define COLLECTS INSTRUCTION_COLLECTS
#define RAISES INSTRUCTION_RAISES
#define CALLS INSTRUCTION_CALLS

const uint8_t instruction_bytes[I_COUNT] = {
#define INSTRUCTION(name, bytes, fields, may) bytes,
#include "runtime/term/instructions.def"
#undef INSTRUCTION
};
const char *const instruction_names[I_COUNT] = {
#define INSTRUCTION(name, bytes, fields, may) #name,
#include "runtime/term/instructions.def"
#undef INSTRUCTION
};
const char *const instruction_fields[I_COUNT] = {
#define INSTRUCTION(name, bytes, fields, may) fields,
#include "runtime/term/instructions.def"
#undef INSTRUCTION
};
const uint8_t instruction_may[I_COUNT] = {
#define INSTRUCTION(name, bytes, fields, may) may,
#include "runtime/term/instructions.def"
#undef INSTRUCTION
};
uint32_t instruction_words[I_COUNT];
_Atomic(uint32_t) code_most_frame_words;

/* From words back to instructions: open addressing; a slot holds the instruction's number + 1. */
enum { WORD_SLOTS = 512 };
static_assert(I_COUNT < WORD_SLOTS / 2 && I_COUNT < 255, "instruction_at's table");
static uint8_t by_word[WORD_SLOTS];

static uint32_t word_slot(uint32_t word)
{
    return (word * 0x9E3779B1u) >> 23;
}

void instructions_set_words(const uint32_t words[I_COUNT])
{
    memset(by_word, 0, sizeof by_word);
    for (uint32_t i = 0; i < I_COUNT; i++) {
        uint32_t slot = word_slot(words[i]);
        instruction_words[i] = words[i];
        for (; by_word[slot] != 0; slot = (slot + 1) % WORD_SLOTS) {
            CHECK(instruction_words[by_word[slot] - 1] !=
                  words[i]); /* each has a place of its own */
        }
        by_word[slot] = (uint8_t) (i + 1);
    }
}

Instruction instruction_at(Code at)
{
    uint32_t word = field_u32(at, 0);
    for (uint32_t slot = word_slot(word); by_word[slot] != 0; slot = (slot + 1) % WORD_SLOTS) {
        if (instruction_words[by_word[slot] - 1] == word) {
            return (Instruction) (by_word[slot] - 1);
        }
    }
    return I_COUNT;
}
