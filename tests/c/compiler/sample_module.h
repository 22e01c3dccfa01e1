/* tests/c/compiler/sample_module.h
 * Modules to test with: one with everything in it, and random ones. The code need not make sense:
 * these tests are about what holds it. */
#ifndef MUSTER_TESTS_SAMPLE_MODULE_H
#define MUSTER_TESTS_SAMPLE_MODULE_H

#include "compiler/bytecode/external_fun.h"
#include "compiler/bytecode/module.h"
#include "runtime/term/arith.h"
#include "runtime/term/bits.h"
#include "runtime/term/map.h"
#include "runtime/term/mem.h"
#include "tests/c/test.h"

/* Exports for tests, where there is no machine. */
static inline Export *sample_export(Term module, Term function, uint32_t arity)
{
    static struct Known {
        struct Known *next;
        Export export;
    } * known[256];
    struct Known **slot = &known[(module ^ function >> 4 ^ arity) >> 6 & 255];
    for (struct Known *at = *slot; at != NULL; at = at->next) {
        if (at->export.module == module && at->export.function == function &&
            at->export.arity == arity) {
            return &at->export;
        }
    }
    struct Known *added = mem_alloc(sizeof *added);
    *added = (struct Known){*slot, {module, function, arity}};
    *slot = added;
    return &added->export;
}

static inline void sample_init(void)
{
    atoms_init();
    external_fun_export = sample_export;
}

/* A random term of all kinds that literals can be. */
static inline Term sample_term(Space *space, uint64_t *seed, int depth)
{
    static const char *const names[] = {"ok",   "error", "a b",    "",     "\xC3\xA9t\xC3\xA9",
                                        "when", "X",     "it's\n", "[]",   "foo@bar",
                                        "a\\b", "1",     "\x01",   "\x7f", "\xE2\x82\xAC"};
    static const double floats[] = {0.0, -0.0, 1.5, 1e300, -1e-300, 5e-324, 3.141592653589793};
    uint64_t pick = test_random(seed);
    size_t count = (pick >> 32) % 5;
    Term parts[80];
    switch (pick % (depth > 0 ? 13 : 9)) {
    case 0:
        return atom_of(names[(pick >> 16) % COUNT_OF(names)]);
    case 1:
        return term_small((int64_t) test_random(seed) >> (2 + (pick >> 16) % 62));
    case 2: { /* any integer */
        Term big = make_int64(space, (int64_t) test_random(seed));
        for (size_t i = 0; i < count; i++) {
            big = arith_multiply(space, big, make_int64(space, (int64_t) test_random(seed)));
        }
        return big;
    }
    case 3:
        return make_float(space, floats[(pick >> 16) % COUNT_OF(floats)]);
    case 4:
        return TERM_NIL;
    case 5: {
        uint8_t bytes[128];
        size_t bits = (pick >> 16) % 1024;
        for (size_t i = 0; i < sizeof bytes; i++) {
            bytes[i] = (uint8_t) test_random(seed);
        }
        return make_bitstring(space, (Bits){bytes, pick >> 60 & 7, bits > 1000 ? 1000 : bits});
    }
    case 6:
        return make_string_latin1(space, "text \\\"\x80\xFF\n", (pick >> 16) % 10);
    case 7:
        return make_external_fun(space, atom_of(names[(pick >> 16) % COUNT_OF(names)]),
                                 atom_of(names[(pick >> 24) % COUNT_OF(names)]),
                                 (pick >> 40) & 255);
    case 8:
        return make_string_utf8(space, "a\xC3\xA9\xE2\x82\xAC", 6);
    case 9:
    case 10:
        for (size_t i = 0; i < count; i++) {
            parts[i] = sample_term(space, seed, depth - 1);
        }
        return make_list(space, parts, count,
                         pick & 64 ? TERM_NIL : sample_term(space, seed, depth - 1));
    case 11:
        for (size_t i = 0; i < count; i++) {
            parts[i] = sample_term(space, seed, depth - 1);
        }
        return make_tuple(space, parts, count);
    default:
        count = (pick >> 16) % 40; /* both forms of maps */
        for (size_t i = 0; i < 2 * count; i++) {
            parts[i] = sample_term(space, seed, i % 2 == 0 ? 0 : depth - 2);
        }
        return map_from_pairs(space, parts, count);
    }
}

/* One operand of each kind, from the tables of the module. */
static inline uint64_t sample_operand(Module *module, char kind, uint32_t label_count,
                                      uint64_t *seed)
{
    uint64_t pick = test_random(seed);
    switch (kind) {
    case 'l':
        return pick % label_count;
    case 'g':
        return pick % (label_count + 1);
    case 'f':
        return pick % module->function_count;
    case 'i':
        return pick % module->import_count;
    case 'F':
        return pick % module->fun_count;
    case 'a':
        return pick % module->atom_count;
    case 'k':
        return pick % module->literal_count;
    case 's':
        return pick >> (pick & 63);
    default:
        return pick >> 32 >> (pick & 31);
    }
}

static inline void sample_instruction(Module *module, Emitter *emitter, uint32_t label_count,
                                      uint64_t *seed)
{
    Opcode op = (Opcode) (test_random(seed) % OP_COUNT);
    const char *kinds = opcode_info[op].operands;
    size_t count = strlen(kinds);
    if (op == OP_bs_build) {
        Segment segments[4];
        for (size_t i = 0; i < 4; i++) {
            segments[i] = (Segment){(SegmentType) (test_random(seed) % (SEGMENT_LITERAL + 1)),
                                    test_random(seed) % 256, test_random(seed) % 256,
                                    test_random(seed) % module->literal_count};
        }
        emit_bs_build(emitter, segments, test_random(seed) % 5,
                      (uint32_t) sample_operand(module, 'g', label_count, seed));
    } else if (strchr("AIR", kinds[count == 0 ? 0 : count - 1]) != NULL && count > 0) {
        int64_t keys[10];
        uint32_t labels[10];
        char kind = kinds[1] == 'A' ? 'a' : kinds[1] == 'I' ? 's' : 'n';
        for (size_t i = 0; i < 10; i++) {
            keys[i] = (int64_t) sample_operand(module, kind, label_count, seed);
            labels[i] = (uint32_t) sample_operand(module, 'l', label_count, seed);
        }
        emit_switch(emitter, op, test_random(seed) % 1000, labels[0], keys, labels,
                    test_random(seed) % 11);
    } else {
        uint64_t at[4];
        for (size_t i = 0; i < count; i++) {
            at[i] = sample_operand(module, kinds[i], label_count, seed);
        }
        switch (count) {
        case 0:
            emit0(emitter, op);
            break;
        case 1:
            emit1(emitter, op, at[0]);
            break;
        case 2:
            emit2(emitter, op, at[0], at[1]);
            break;
        case 3:
            emit3(emitter, op, at[0], at[1], at[2]);
            break;
        default:
            emit4(emitter, op, at[0], at[1], at[2], at[3]);
        }
    }
}

static inline void sample_function(Module *module, Emitter *emitter, uint32_t function,
                                   uint64_t *seed)
{
    uint32_t label_count = 1 + test_random(seed) % 8, placed = 0;
    emit_begin(emitter, function);
    for (uint32_t i = 0; i < label_count; i++) {
        emit_new_label(emitter);
    }
    for (uint32_t i = 0; i < 30; i++) {
        if (test_random(seed) % 4 == 0 && placed < label_count) {
            emit_label(emitter, placed++);
        }
        if (test_random(seed) % 4 == 0) {
            emit_line(emitter, test_random(seed) % module->file_count, test_random(seed) % 1000);
        }
        sample_instruction(module, emitter, label_count, seed);
    }
    while (placed < label_count) {
        emit_label(emitter, placed++);
    }
    for (uint64_t i = test_random(seed) % 3; i > 0; i--) {
        emit_handler(emitter, (ModuleHandler){test_random(seed) % label_count,
                                              test_random(seed) % label_count,
                                              test_random(seed) % label_count, i});
    }
    emit_end(emitter);
}

/* `size` is a number of functions; literals and the rest are in proportion. */
static inline Module *sample_module(uint64_t seed, uint32_t size)
{
    Module *module = module_create(atom_of(seed % 3 == 0 ? "a module" : "sample"));
    Space *space = arena_space(module->arena);
    char name[32];
    module_file(module, "src/sample.erl");
    module_file(module, "include/\xC3\xA9\"\\.hrl");
    for (uint32_t i = 0; i < size; i++) {
        snprintf(name, sizeof name, i % 3 == 0 ? "-f/%u-fun-" : "f%u", i);
        module_declare(module, atom_of(name), i % 7);
        module->functions[i].is_exported = i % 2;
        module->functions[i].line = i * 10;
        snprintf(name, sizeof name, "atom%u", i);
        module_atom(module, atom_of(name));
        module_import(module, ATOM_erlang, atom_of(name), i % 4);
        module_literal(module, sample_term(space, &seed, 4));
        module_fun(module, i, i % 7);
    }
    module->attributes = sample_term(space, &seed, 4);
    module->compile_info = sample_term(space, &seed, 4);
    module->on_load_function = seed % 2 ? 0 : -1;
    Emitter *emitter = emitter_create(module);
    for (uint32_t i = 0; i < size; i++) {
        sample_function(module, emitter, size - 1 - i, &seed); /* not in their order */
    }
    emitter_destroy(emitter);
    return module;
}

#endif
