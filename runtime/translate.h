/* runtime/translate.h
 * From portable bytecode to loaded code, one function at a time: decodes, verifies and makes the
 * stack machine's operands explicit in a single pass.
 *
 * The pass keeps for every slot what is known of it: whether it holds a value, its kind, and
 * whether the value is really in its slot, or is a constant or a copy of another slot that no
 * instruction had to make yet. A state is remembered for every label; where paths meet the states
 * are merged. */
#ifndef MUSTER_RUNTIME_TRANSLATE_H
#define MUSTER_RUNTIME_TRANSLATE_H

#include "runtime/interpret.h"

enum { TRANSLATE_MAX_SLOTS = 32000, NO_MESSAGE = UINT32_MAX, MAPS_SEEN = 256 };

typedef enum SlotKind { /* what the verifier keeps apart */
                        SLOT_NONE,
                        SLOT_VALUE,
                        SLOT_CONS,
                        SLOT_TUPLE, /* of at least `arity` elements */
                        SLOT_MAP,
                        SLOT_BITS,
                        SLOT_POSITION,
                        SLOT_END,
                        SLOT_TRACE,
} SlotKind;

typedef enum SlotForm { FORM_SLOT, FORM_ALIAS, FORM_CONST } SlotForm;

typedef struct Entry {
    uint8_t form, kind;
    bool of_message; /* stored while a message is looked at, below it */
    uint32_t arity;
    uint32_t stamp; /* the same as when a label behind was placed: still that value; 0: unknown */
    uint64_t value; /* FORM_ALIAS: index of the slot; FORM_CONST: the term */
} Entry;

typedef struct LabelState {
    uint32_t offset; /* in the portable code */
    int64_t place;   /* in the loaded code; -1: not yet */
    bool reached;
    bool has_safepoint;
    uint32_t depth;
    uint32_t message; /* as Translator.message */
    Entry *entries;
    int32_t patches; /* newest, index into Translator.patches; -1: none */
} LabelState;

typedef struct Patch {
    uint32_t field, base;
    int32_t next;
} Patch;

typedef struct Translator {
    const Module *module;
    LoadedModule *loaded;
    CodeExport **imports;   /* of the module, in order */
    CodeExport **overrides; /* of each function: the built-in that stands for it, or NULL */
    Term *literals;         /* interned, in order; TERM_NONE: not yet */
    char *error;
    size_t error_bytes;
    bool failed;

    uint8_t *code; /* of the whole module so far */
    uint32_t code_bytes, code_capacity;

    /* the function at hand */
    const ModuleFunction *function;
    Function *out;
    uint32_t function_index;
    Entry *stack;
    uint32_t stack_capacity, depth, deepest;
    uint32_t message; /* the slot of a message that was peeked at and not taken; NO_MESSAGE */
    bool reachable;
    uint32_t stamp; /* last one given */
    LabelState *labels;
    uint32_t *label_order; /* by offset */
    uint32_t label_capacity;
    Patch *patches;
    uint32_t patch_count, patch_capacity;
    Entry **entry_blocks; /* states of labels; the first block serves all functions */
    uint32_t entry_block_count;
    size_t entry_count, entry_capacity, entry_first_capacity; /* of the last block; of the first */
    const uint8_t *at, *end;                                  /* decoding */
    uint32_t op_offset; /* of the instruction at hand, portable */
    int64_t last;       /* loaded instruction emitted last, -1: a label came since */
    Instruction last_kind;
    int64_t last_d; /* its field d, -1: none */
    uint32_t handler_next;
    uint32_t *calls_to; /* fields that hold a function index until the end */
    uint32_t call_count, call_capacity;
    /* of all functions so far, in order; those of the function at hand from …_start on */
    Safepoint *safepoints;
    uint32_t safepoint_start, safepoint_count, safepoint_capacity;
    Handler *handlers;
    uint32_t handler_start, handler_count, handler_capacity;
    CodeLine *lines;
    uint32_t line_start, line_count, line_capacity, line_next;
    uint64_t *maps;
    uint32_t map_words, map_word_capacity;
    uint32_t *map_starts;
    uint32_t map_count, map_capacity;
    uint16_t maps_seen[MAPS_SEEN]; /* index of a map, by its hash; 0: none */
} Translator;

/* Translates all functions into t->code and fills t->loaded->functions. False: t->error says why.
 */
bool translate_module(Translator *t);

/* ---- between translate*.c ---- */
/* Of all functions, whose tables are in place: leaves out of their maps what is not read. */
void translate_maps(Translator *t);
bool translate_fail(Translator *t, const char *format, ...) PRINTF_LIKE(2, 3);
/* One decoded instruction. */
typedef struct Decoded {
    Opcode op;
    uint64_t v[6];
    const uint8_t *table; /* A, I, R, S operands: after the count */
    uint32_t table_default, table_count;
} Decoded;
bool translate_instruction(Translator *t, const Decoded *d);
void translator_leave_to(Translator *t, uint32_t label, uint32_t field, uint32_t base);
void translator_jump_state(Translator *t, uint32_t label);

#endif
