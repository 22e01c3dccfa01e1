/* tests/c/compiler/module_file_test.c
 * Modules as files: what was written is read; what is damaged or hostile is refused, and how. */
#include <stdio.h>
#include <time.h>

#include "tests/c/compiler/sample_module.h"

#include "compiler/bytecode/file_format.h"
#include "runtime/term/compare.h"

#include <stdlib.h>
#include <zlib.h>

/* As hostile files would: the checksum is right. */
static void make_checksum(uint8_t *bytes, size_t size)
{
    uint32_t length = (uint32_t) size;
    memcpy(bytes + 16, &length, 4);
    uint32_t crc = (uint32_t) crc32(0, bytes + FILE_CRC_FROM, (uInt) (size - FILE_CRC_FROM));
    memcpy(bytes + 12, &crc, 4);
}

static void assert_same_module(const Module *a, const Module *b)
{
    assert_true(a->name == b->name);
    assert_int_equal(a->literal_count, b->literal_count);
    for (uint32_t i = 0; i < a->literal_count; i++) {
        assert_true(term_equal_exact(a->literals[i], b->literals[i]));
    }
    assert_int_equal(a->import_count, b->import_count);
    assert_int_equal(a->function_count, b->function_count);
    for (uint32_t i = 0; i < a->function_count; i++) {
        const ModuleFunction *f = &a->functions[i], *g = &b->functions[i];
        assert_true(f->name == g->name);
        assert_int_equal(f->arity, g->arity);
        assert_int_equal(f->line, g->line);
        assert_int_equal(f->is_exported, g->is_exported);
        assert_int_equal(f->code_size, g->code_size);
        assert_memory_equal(a->code + f->code_start, b->code + g->code_start, f->code_size);
        assert_int_equal(f->label_count, g->label_count);
        assert_memory_equal(f->labels, g->labels, f->label_count * sizeof *f->labels);
        assert_int_equal(f->handler_count, g->handler_count);
        assert_true(f->handler_count == 0 ||
                    memcmp(f->handlers, g->handlers, f->handler_count * sizeof *f->handlers) == 0);
        assert_int_equal(f->line_count, g->line_count);
        assert_true(f->line_count == 0 ||
                    memcmp(f->lines, g->lines, f->line_count * sizeof *f->lines) == 0);
    }
    assert_int_equal(a->fun_count, b->fun_count);
    assert_int_equal(a->file_count, b->file_count);
    for (uint32_t i = 0; i < a->file_count; i++) {
        assert_true(term_equal_exact(a->files[i], b->files[i]));
    }
    assert_true(term_equal_exact(a->attributes, b->attributes));
    assert_true(term_equal_exact(a->compile_info, b->compile_info));
    assert_int_equal(a->on_load_function, b->on_load_function);
}

TEST(what_is_written_is_read)
{
    sample_init();
    for (uint64_t seed = 1; seed <= 300; seed++) {
        size_t size, again_size;
        char error[256];
        Module *module = sample_module(seed, 1 + seed % 20);
        uint8_t *bytes = module_write(module, &size);
        assert_true(bytes_are_module(bytes, size));
        Module *read = module_read(bytes, size, error, sizeof error);
        if (read == NULL) {
            fail_msg("%s", error);
        }
        assert_same_module(module, read);
        module_set_digest(module);
        assert_memory_equal(module->digest, read->digest, 16);
        uint8_t *again = module_write(read, &again_size);
        assert_int_equal(size, again_size);
        assert_memory_equal(bytes, again, size);
        mem_free(bytes);
        mem_free(again);
        module_destroy(module);
        module_destroy(read);
    }
}

TEST(the_same_module_gives_the_same_bytes)
{
    sample_init();
    size_t sizes[2];
    uint8_t *bytes[2];
    for (int i = 0; i < 2; i++) {
        hash_seed = i == 0 ? 0 : 12345; /* big maps then walk in another order */
        Module *module = sample_module(77, 30);
        bytes[i] = module_write(module, &sizes[i]);
        module_destroy(module);
    }
    hash_seed = 0;
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(bytes[0], bytes[1], sizes[0]);
    mem_free(bytes[0]);
    mem_free(bytes[1]);
}

TEST(the_digest_is_of_what_the_module_does)
{
    sample_init();
    Module *module = sample_module(5, 5);
    uint8_t digest[16];
    module_set_digest(module);
    memcpy(digest, module->digest, 16);
    module->functions[0].line++;
    module->compile_info = make_cons(arena_space(module->arena), ATOM_ok, TERM_NIL);
    module_file(module, "other.erl");
    module_set_digest(module);
    assert_memory_equal(digest, module->digest, 16);
    module->functions[0].is_exported ^= 1;
    module_set_digest(module);
    assert_memory_not_equal(digest, module->digest, 16);
    module_destroy(module);
}

TEST(a_cut_file_is_refused)
{
    sample_init();
    char error[256];
    size_t size;
    Module *module = sample_module(3, 3);
    uint8_t *bytes = module_write(module, &size);
    for (size_t cut = 0; cut < size; cut++) {
        uint8_t *copy = malloc(cut + 1); /* so that the sanitizer sees each byte too far */
        memcpy(copy, bytes, cut);
        uint8_t *exact = realloc(copy, cut == 0 ? 1 : cut);
        assert_null(module_read(exact, cut, error, sizeof error));
        assert_true(error[0] != '\0');
        if (cut > FILE_HEADER_BYTES) {
            make_checksum(exact, cut); /* and where its header says that this is all */
            assert_null(module_read(exact, cut, error, sizeof error));
            assert_non_null(strstr(error, "section"));
        }
        free(exact);
    }
    mem_free(bytes);
    module_destroy(module);
}

TEST(a_flipped_bit_is_refused)
{
    sample_init();
    char error[256];
    size_t size;
    Module *module = sample_module(4, 2);
    uint8_t *bytes = module_write(module, &size);
    for (size_t bit = 0; bit < size * 8; bit++) {
        bytes[bit / 8] ^= (uint8_t) (1 << bit % 8);
        assert_null(module_read(bytes, size, error, sizeof error));
        bytes[bit / 8] ^= (uint8_t) (1 << bit % 8);
    }
    bytes[size / 2] ^= 1;
    assert_null(module_read(bytes, size, error, sizeof error));
    assert_non_null(strstr(error, "the checksum is wrong: the file is damaged"));
    bytes[size / 2] ^= 1;
    bytes[8]++;
    assert_null(module_read(bytes, size, error, sizeof error));
    assert_non_null(strstr(error, "version 2 of the format"));
    assert_null(module_read((const uint8_t *) "FOR1", 4, error, sizeof error));
    assert_non_null(strstr(error, "not a module of Muster"));
    mem_free(bytes);
    module_destroy(module);
}

TEST(hostile_files_are_read_or_refused_but_harm_nothing)
{
    sample_init();
    char error[256];
    uint64_t seed = 99;
    unsigned accepted = 0;
    for (uint64_t which = 0; which < 20; which++) {
        size_t size;
        Module *module = sample_module(which, 1 + which % 5);
        uint8_t *bytes = module_write(module, &size);
        uint8_t *copy = mem_alloc(size);
        for (int round = 0; round < 500; round++) {
            memcpy(copy, bytes, size);
            for (uint64_t flips = 1 + test_random(&seed) % 3; flips > 0; flips--) {
                uint64_t pick = test_random(&seed);
                copy[FILE_HEADER_BYTES + (pick >> 8) % (size - FILE_HEADER_BYTES)] = (uint8_t) pick;
            }
            make_checksum(copy, size);
            Module *read = module_read(copy, size, error, sizeof error);
            if (read != NULL) {
                size_t again_size;
                mem_free(module_write(read, &again_size));
                accepted++;
            }
            module_destroy(read);
        }
        mem_free(copy);
        mem_free(bytes);
        module_destroy(module);
    }
    assert_true(accepted > 100); /* most of a file is code, which is the loader's to judge */
}

/* Ten million lists, tuples and maps in each other: no recursion, and memory in proportion. */
TEST(literals_nest_to_any_depth)
{
    enum { LEVELS = 10000000 };
    sample_init();
    for (int kind = 0; kind < 4; kind++) {
        Module *module = module_create(atom_of("deep"));
        Space *space = arena_space(module->arena);
        int levels = kind == 3 ? LEVELS / 50 : LEVELS / 2; /* small tables make maps slow */
        Term t = TERM_NIL;
        for (int i = 0; i < levels; i++) {
            t = kind == 0   ? make_cons(space, t, TERM_NIL)
                : kind == 1 ? make_cons(space, ATOM_ok, t)
                : kind == 2 ? make_tuple2(space, t, ATOM_ok)
                            : map_from_pairs(space, (Term[]){ATOM_ok, t}, 1);
        }
        module->attributes = t;
        size_t size;
        char error[256];
        uint8_t *bytes = module_write(module, &size);
        Module *read = module_read(bytes, size, error, sizeof error);
        assert_non_null(read);
        assert_true(term_equal_exact(read->attributes, t));
        mem_free(bytes);
        module_destroy(module);
        module_destroy(read);
    }
}

TEST(reading_takes_little_time)
{
    sample_init();
    char error[256];
    size_t size;
    Module *module = sample_module(11, 60); /* about what 500 lines of Erlang make */
    uint8_t *bytes = module_write(module, &size);
    struct timespec from, to;
    enum { ROUNDS = 200 };
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (int i = 0; i < ROUNDS; i++) {
        module_destroy(module_read(bytes, size, error, sizeof error));
    }
    clock_gettime(CLOCK_MONOTONIC, &to);
    double us = ((double) (to.tv_sec - from.tv_sec) * 1e9 + (double) (to.tv_nsec - from.tv_nsec)) /
                ROUNDS / 1e3;
    print_message("module of %zu bytes read in %.1f us\n", size, us);
    mem_free(bytes);
    module_destroy(module);
}
