/* tests/c/compiler/assemble_test.c
 * The assembler reads what the disassembler writes, and says what is wrong with what people write.
 */
#include <stdio.h>

#include "tests/c/compiler/sample_module.h"

#include "compiler/asm/assemble.h"
#include "runtime/term/print.h"

TEST(text_says_the_same_as_the_file)
{
    sample_init();
    for (uint64_t seed = 1; seed <= 300; seed++) {
        Module *module = sample_module(seed, 1 + seed % 20);
        Text text = {0};
        module_disassemble(module, &text);
        AssembleError error;
        Module *again = assemble(text.bytes, text.size_bytes, &error);
        if (again == NULL) {
            fail_msg("seed %u: %u:%u: %s\n%s", (unsigned) seed, error.line, error.column,
                     error.text, text.bytes);
        }
        size_t size, again_size;
        uint8_t *bytes = module_write(module, &size);
        uint8_t *again_bytes = module_write(again, &again_size);
        assert_int_equal(size, again_size);
        assert_memory_equal(bytes, again_bytes, size);
        Text again_text = {0};
        module_disassemble(again, &again_text);
        assert_string_equal(text.bytes, again_text.bytes);
        mem_free(bytes);
        mem_free(again_bytes);
        text_finish(&text);
        text_finish(&again_text);
        module_destroy(module);
        module_destroy(again);
    }
}

static Module *assemble_string(const char *text, AssembleError *error)
{
    return assemble(text, strlen(text), error);
}

TEST(text_by_hand_needs_no_tables)
{
    sample_init();
    AssembleError error;
    Module *module = assemble_string("% A list's length.\n"
                                     "module len\n"
                                     "function len/1 exported\n"
                                     "    load s0\n"
                                     "    int 0\n"
                                     "    tail_call 2 len/2   % forward\n"
                                     "end\n"
                                     "function len/2\n"
                                     "L0: test_cons s0 L1\n"
                                     "    get_tail s0\n"
                                     "    load s1\n"
                                     "    int 1\n"
                                     "    add -\n"
                                     "    store s1\n"
                                     "    store s0\n"
                                     "    loop L0\n"
                                     "L1: test_nil s0 L2\n"
                                     "    load s1\n"
                                     "    return\n"
                                     "L2: hole\n"
                                     "    literal {\"no\nlist\",\n [#{a => 1.5}|<<1,2:4>>]}\n"
                                     "    atom 'it''s'\n"
                                     "end\n",
                                     &error);
    assert_null(module); /* a string may not run over lines */
    assert_int_equal(error.line, 21);
    module = assemble_string("module len\n"
                             "function len/1 exported\n"
                             "    load s0\n"
                             "    int 0\n"
                             "    tail_call 2 len/2   % forward\n"
                             "end\n"
                             "function len/2\n"
                             "L0: test_cons s0 L1\n"
                             "L1: hole\n"
                             "    literal {\"list\",\n [#{a => 1.5}|<<1,2:4>>]}\n"
                             "    atom ok\n"
                             "    call_import 2 lists:foo/2\n"
                             "    switch_int s0 else L1 [-1 -> L0, 70000000000 -> L1]\n"
                             "    bs_build [integer unit 8 flags sized+signed,\n"
                             "              literal unit 1 flags 0 <<\"abc\">>] L0\n"
                             "end",
                             &error);
    assert_non_null(module);
    assert_int_equal(module->function_count, 2);
    assert_int_equal(module->literal_count, 2);
    assert_int_equal(module->atom_count, 1);
    assert_int_equal(module->import_count, 1);
    assert_true(module->functions[0].is_exported);
    assert_int_equal(module->code[6], 1); /* function 1 */
    Text text = {0};
    module_disassemble(module, &text);
    Module *again = assemble(text.bytes, text.size_bytes, &error);
    assert_non_null(again);
    text_finish(&text);
    module_destroy(again);
    module_destroy(module);
}

TEST(errors_say_where_and_what_was_expected)
{
    static const struct {
        const char *text;
        uint32_t line, column;
        const char *message;
    } cases[] = {
        {"", 1, 1, "expected `module`, found the end of the text"},
        {"modul x", 1, 1, "expected `module`, found `modul`"},
        {"module X", 1, 8, "expected an atom, found `X`"},
        {"module m x", 1, 10, "expected the end of the line, found `x`"},
        {"module m\n\nfoo", 3, 1,
         "expected `function`, or another word that begins a line, found `foo`"},
        {"module m\nfunction f\nend", 2, 11, "expected `/`, found the end of the line"},
        {"module m\nfunction f/256\nend", 2, 12, "expected an arity of 0 to 255, found `256`"},
        {"module m\nfunction f/0\nend\nfunction f/0\nend", 4, 10, "function f/0 is already there"},
        {"module m\nfunction f/0\n  jump L1\nend", 3, 8, "label L1 is nowhere in this function"},
        {"module m\nfunction f/0\nL1:\nL1:\nend", 4, 1, "label L1 is already placed"},
        {"module m\nfunction f/0\n  jump L99999\nend", 3, 8, "expected a label, found `L99999`"},
        {"module m\nfunction f/0\n  jmp L1\nend", 3, 3,
         "expected an instruction, a label or `end`, found `jmp`"},
        {"module m\nfunction f/0\n  load L1\nend", 3, 8, "expected a slot such as s0, found `L1`"},
        {"module m\nfunction f/0\n  load\nend", 3, 7,
         "expected a slot such as s0, found the end of the line"},
        {"module m\nfunction f/0\n  call 1 g/1\nend", 3, 10, "there is no function g/1"},
        {"module m\nfunction f/0\n  nil nil\nend", 3, 7,
         "expected the end of the line, found `nil`"},
        {"module m\nfunction f/0\n  nil", 3, 6,
         "expected an instruction, a label or `end`, found the end of the text"},
        {"module m\nfunction f/0\n  literal [1,2\nend", 4, 1,
         "expected `,`, `|` or `]`, found `end`"},
        {"module m\nattributes {a,\xC3\xA9 b}", 2, 17, "expected `,` or `}`, found `b`"},
        {"module m\natoms ok 'a", 2, 10, "the closing ' is missing"},
        {"module m\natoms ok ok", 2, 10, "the atom is already there"},
        {"module m\nliteral #1 ok", 2, 9, "expected #0, found `#1`"},
        {"module m\nfile ok", 2, 6, "expected a string, found `ok`"},
        {"module m\nattributes 1.0e999", 2, 12, "not a float"},
        {"module m\nattributes \"\xFF\"", 2, 12, "a bad character between the quotes"},
        {"module m\nattributes $", 2, 12, "a character that means nothing here"},
        {"module m\nfunction f/0\n  line 3 file 1\nend", 3, 15,
         "expected the number of a file above, found `1`"},
        {"module m\nfunction f/0\n  switch_int s0 else L1 [1 => L1]\nL1:\nend", 3, 28,
         "expected `->`, found `=>`"},
    };
    sample_init();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        AssembleError error = {0};
        assert_null(assemble_string(cases[i].text, &error));
        assert_string_equal(error.text, cases[i].message);
        assert_int_equal(error.line, cases[i].line);
        assert_int_equal(error.column, cases[i].column);
    }
}

TEST(any_text_is_read_or_refused)
{
    sample_init();
    uint64_t seed = 7;
    Module *module = sample_module(8, 6);
    Text text = {0};
    module_disassemble(module, &text);
    char *copy = mem_alloc(text.size_bytes);
    static const char letters[] = "\n L0s#-[]{}<>|=:,'\"\\%x\xC3\xFF";
    for (int round = 0; round < 1500; round++) {
        memcpy(copy, text.bytes, text.size_bytes);
        for (int i = 0; i < 3; i++) {
            uint64_t pick = test_random(&seed);
            copy[(pick >> 8) % text.size_bytes] = letters[(pick & 255) % (sizeof letters - 1)];
        }
        AssembleError error;
        module_destroy(assemble(copy, text.size_bytes - test_random(&seed) % 50, &error));
    }
    mem_free(copy);
    text_finish(&text);
    module_destroy(module);
}

TEST(ten_million_nested_lists_are_a_term)
{
    enum { LEVELS = 10000000 };
    sample_init();
    char *text = mem_alloc(2 * LEVELS + 64);
    int size = snprintf(text, 64, "module m\nattributes ");
    memset(text + size, '[', LEVELS);
    memset(text + size + LEVELS, ']', LEVELS);
    AssembleError error;
    Module *module = assemble(text, (size_t) size + 2 * LEVELS, &error);
    assert_non_null(module);
    module_destroy(module);
    assert_null(assemble(text, (size_t) size + LEVELS, &error));
    mem_free(text);
}
