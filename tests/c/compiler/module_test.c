/* tests/c/compiler/module_test.c
 * Tables that hold each entry once, and the emitter. */
#include <stdio.h>

#include "tests/c/compiler/sample_module.h"

#include "runtime/term/compare.h"

TEST(an_entry_is_in_its_table_once)
{
    sample_init();
    Module *module = module_create(atom_of("m"));
    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < 1000; i++) {
            char name[16];
            snprintf(name, sizeof name, "n%u", i);
            assert_int_equal(module_atom(module, atom_of(name)), i);
            assert_int_equal(module_import(module, atom_of(name), ATOM_ok, i % 3), i);
            assert_int_equal(module_literal(module, term_small(i * 7)), i);
        }
    }
    assert_int_equal(module->atom_count, 1000);
    assert_int_equal(module->import_count, 1000);
    assert_int_equal(module->literal_count, 1000);
    assert_int_equal(module_import(module, ATOM_ok, ATOM_ok, 0), 1000);
    assert_int_equal(module_import(module, ATOM_ok, ATOM_ok, 1), 1001);
    assert_int_equal(module_file(module, "a.erl"), 0);
    assert_int_equal(module_file(module, "b.hrl"), 1);
    assert_int_equal(module_file(module, "a.erl"), 0);
    module_destroy(module);
}

TEST(equal_literals_are_shared_and_equal_looking_ones_are_not)
{
    sample_init();
    Module *module = module_create(atom_of("m"));
    ArenaSpace *arena = arena_space_create();
    Space *space = arena_space(arena);
    for (int round = 0; round < 3; round++) {
        Term list = make_cons(space, ATOM_ok, make_string_latin1(space, "abc", 3));
        assert_int_equal(module_literal(module, list), 0);
        assert_int_equal(module_literal(module, make_tuple2(space, list, term_small(1))), 1);
        assert_int_equal(module_literal(module, make_tuple2(space, list, make_float(space, 1.0))),
                         2);
        assert_int_equal(module_literal(module, make_float(space, 0.0)), 3);
        assert_int_equal(module_literal(module, make_float(space, -0.0)), 4);
        assert_int_equal(module_literal(module, make_float(space, 1e300)), 5);
    }
    arena_space_destroy(arena); /* they were copied */
    assert_int_equal(small_value(cons_head(cons_tail(module->literals[0]))), 'a');
    module_destroy(module);
}

TEST(code_numbers_have_one_form)
{
    static const uint8_t padded[] = {0x80, 0x00}, cut[] = {0xFF},
                         large[] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02};
    uint64_t value;
    const uint8_t *at = padded;
    assert_false(code_read_unsigned(&at, padded + 2, &value));
    at = cut;
    assert_false(code_read_unsigned(&at, cut + 1, &value));
    at = large;
    assert_false(code_read_unsigned(&at, large + 10, &value));
    at = large;
    assert_false(code_read_unsigned(&at, large, &value));
}

TEST(emitted_numbers_are_read_back)
{
    sample_init();
    uint64_t seed = 1;
    Module *module = module_create(atom_of("m"));
    module_declare(module, atom_of("f"), 0);
    Emitter *emitter = emitter_create(module);
    emit_begin(emitter, 0);
    for (int i = 0; i < 1000; i++) {
        uint64_t value = test_random(&seed) >> (test_random(&seed) & 63);
        uint32_t start = module->code_size;
        emit1(emitter, i % 2 ? OP_int : OP_load, value);
        const uint8_t *at = module->code + start + 1, *end = module->code + module->code_size;
        uint64_t plain;
        int64_t number;
        if (i % 2) {
            assert_true(code_read_signed(&at, end, &number));
            assert_true((uint64_t) number == value);
        } else {
            assert_true(code_read_unsigned(&at, end, &plain));
            assert_true(plain == value);
        }
        assert_ptr_equal(at, end);
    }
    emit_end(emitter);
    emitter_destroy(emitter);
    module_destroy(module);
}

TEST(lines_are_kept_where_they_change)
{
    sample_init();
    Module *module = module_create(atom_of("m"));
    module_declare(module, atom_of("f"), 0);
    Emitter *emitter = emitter_create(module);
    emit_begin(emitter, 0);
    emit_line(emitter, 0, 1); /* nothing comes from it */
    emit_line(emitter, 0, 2);
    emit0(emitter, OP_nil);
    emit_line(emitter, 0, 2); /* the same */
    emit0(emitter, OP_nil);
    emit_line(emitter, 0, 3);
    emit_line(emitter, 0, 2); /* back to the same, with nothing between */
    emit0(emitter, OP_nil);
    emit_line(emitter, 0, 4);
    emit0(emitter, OP_return);
    emit_line(emitter, 0, 5); /* nothing comes from it */
    emit_end(emitter);
    const ModuleFunction *f = &module->functions[0];
    assert_int_equal(f->code_size, 4);
    assert_int_equal(f->line_count, 2);
    assert_int_equal(f->lines[0].offset, 0);
    assert_int_equal(f->lines[0].line, 2);
    assert_int_equal(f->lines[1].offset, 3);
    assert_int_equal(f->lines[1].line, 4);
    emitter_destroy(emitter);
    module_destroy(module);
}

TEST(labels_that_are_not_placed_are_at_the_end)
{
    sample_init();
    Module *module = module_create(atom_of("m"));
    module_declare(module, atom_of("f"), 0);
    Emitter *emitter = emitter_create(module);
    emit_begin(emitter, 0);
    emit_new_label(emitter);
    uint32_t used = emit_new_label(emitter);
    emit1(emitter, OP_jump, used);
    emit_label(emitter, used);
    emit0(emitter, OP_nil);
    emit_end(emitter);
    assert_int_equal(module->functions[0].label_count, 2);
    assert_int_equal(module->functions[0].labels[0], 3);
    assert_int_equal(module->functions[0].labels[used], 2);
    emitter_destroy(emitter);
    module_destroy(module);
}
