/* runtime/term/term.c
 * The tables of kinds. */
#include "runtime/term/term.h"

const uint8_t kind_raw_words[KIND_COUNT] = {
#define KIND(name, raw) [KIND_##name] = (raw),
    KINDS(KIND)
#undef KIND
};

static_assert(sizeof(Term) == 8 && sizeof(void *) == 8, "a term is one word, as a pointer is");
static_assert(KIND_COUNT <= 0x400, "a header has ten bits for the kind");
