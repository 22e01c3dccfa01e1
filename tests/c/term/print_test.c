/* tests/c/term/print_test.c
 * Terms as ~tw writes them. */
#include "runtime/term/print.h"

#include "runtime/term/arith.h"
#include "runtime/term/atom.h"
#include "runtime/term/bits.h"
#include "runtime/term/code.h"
#include "runtime/term/map.h"
#include "runtime/term/ref.h"
#include "tests/c/test.h"

#include <stdio.h>

static ArenaSpace *arena;
static Space *space;

static void start(void)
{
    atoms_init();
    arena = arena_space_create();
    space = arena_space(arena);
}

static void stop(void)
{
    arena_space_destroy(arena);
}

static void assert_prints(Term t, const char *expected)
{
    Text text = {0};
    term_print(&text, t, 0);
    assert_string_equal(text.bytes, expected);
    assert_int_equal(text.size_bytes, strlen(expected));
    text_finish(&text);
}

TEST(atoms_are_quoted_where_needed)
{
    static const char *const cases[][2] = {
        {"hello", "hello"},
        {"Hello", "'Hello'"},
        {"a b", "'a b'"},
        {"and", "'and'"},
        {"maybe", "maybe"},
        {"else", "else"},
        {"a@b_1", "a@b_1"},
        {"a.b", "'a.b'"},
        {"", "''"},
        {"\n", "'\\n'"},
        {"\001", "'\\001'"},
        {"\033", "'\\e'"},
        {"\177", "'\\d'"},
        {"'", "'\\''"},
        {"\\", "'\\\\'"},
        {"\"", "'\"'"},
        {"\xC3\xA9t", "\xC3\xA9t"},
        {"\xC3\x89", "'\xC3\x89'"},
        {"\xC3\xB7", "'\xC3\xB7'"},
        {"\xCF\x89", "'\xCF\x89'"},
        {"\xC2\x80", "'\\200'"},
        {"_x", "'_x'"},
        {"1a", "'1a'"},
        {"[]", "'[]'"},
    };
    start();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_prints(atom_of(cases[i][0]), cases[i][1]);
    }
    assert_prints(atom_make("a\0b", 3), "'a\\000b'");
    stop();
}

TEST(every_kind_of_term_is_printed)
{
    start();
    Term one = term_small(1), two = term_small(2), a = atom_of("a"), list;
    assert_prints(one, "1");
    assert_prints(term_small(-7), "-7");
    assert_prints(arith_shift_left(space, one, term_small(100)), "1267650600228229401496703205376");
    assert_prints(make_float(space, -1.5), "-1.5");
    assert_prints(make_float(space, 1.0e300), "1.0e300");
    assert_prints(TERM_NIL, "[]");
    list = make_cons(space, one, make_cons(space, two, TERM_NIL));
    assert_prints(list, "[1,2]");
    assert_prints(make_cons(space, a, make_cons(space, list, two)), "[a,[1,2]|2]");
    assert_prints(make_cons(space, one, make_tuple2(space, one, two)), "[1|{1,2}]");
    assert_prints(make_tuple(space, NULL, 0), "{}");
    assert_prints(make_tuple3(space, make_tuple(space, &one, 1), TERM_NIL, a), "{{1},[],a}");
    assert_prints(make_binary(space, "", 0), "<<>>");
    assert_prints(make_binary(space, "abc", 3), "<<97,98,99>>");
    assert_prints(make_bitstring(space, (Bits){(const uint8_t *) "\x01\x02\x18", 0, 21}),
                  "<<1,2,3:5>>");
    assert_prints(make_bitstring(space, (Bits){(const uint8_t *) "\xA0", 0, 3}), "<<5:3>>");
    assert_prints(map_empty(space), "#{}");
    Term pairs[] = {a, one, one, two, list, map_empty(space)};
    assert_prints(map_from_pairs(space, pairs, 3), "#{1 => 2,a => 1,[1,2] => #{}}");
    assert_prints(term_pid(9), "<0.9.0>");
    assert_prints(term_pid(((uint64_t) 3 << 28) | 5), "<0.5.3>");
    assert_prints(term_port(6), "#Port<0.6>");
    assert_prints(make_ref_of(space, 1, 0), "#Ref<0.0.0.1>");
    assert_prints(make_ref_of(space, (uint64_t) 7 << 50 | (uint64_t) 8 << 18 | 9, 0),
                  "#Ref<0.7.8.9>");
    Export export = {.module = atom_of("lists"), .function = atom_of("Map"), .arity = 2};
    Term object[] = {HEADER(KIND_export, 1), (Term) & export};
    assert_prints(term_boxed(object), "fun lists:'Map'/2");
    FunEntry entry = {.module = atom_of("m"), .old_index = 3, .old_uniq = 4000};
    Term fun[] = {HEADER(KIND_fun, 1), (Term) &entry};
    assert_prints(term_boxed(fun), "#Fun<m.3.4000>");
    stop();
}

TEST(identifiers_of_other_nodes_name_the_node_by_number)
{
    start();
    uint32_t ids[] = {10, 20, 30};
    Term node = atom_of("other@host");
    char expected[64];
    snprintf(expected, sizeof expected, "<%u.10.20>", atom_index(node));
    Term pid = make_external(space, EXTERNAL_PID, node, 5, ids, 2);
    assert_prints(pid, expected);
    assert_true(term_is_pid(pid));
    assert_false(term_is_port(pid));
    assert_int_equal(external_creation(pid), 5);
    snprintf(expected, sizeof expected, "#Ref<%u.30.20.10>", atom_index(node));
    Term ref = make_external(space, EXTERNAL_REF, node, 5, ids, 3);
    assert_prints(ref, expected);
    assert_true(term_is_reference(ref));
    stop();
}

TEST(a_limit_cuts_the_text)
{
    start();
    Term list = TERM_NIL;
    for (int i = 0; i < 100; i++) {
        list = make_cons(space, make_tuple2(space, ATOM_ok, map_empty(space)), list);
    }
    Text text = {0};
    text_add_string(&text, "> ");
    term_print(&text, list, 20);
    assert_true(text.size_bytes <= 2 + 20 + 3);
    assert_string_equal(text.bytes + text.size_bytes - 3, "...");
    text_finish(&text);
    term_print(&text, term_small(12345), 5);
    assert_string_equal(text.bytes, "12345");
    text_finish(&text);
    stop();
}

TEST(depth_is_no_danger)
{
    start();
    enum { DEPTH = 1000000 };
    Term deep = TERM_NIL, tuples = TERM_NIL;
    for (int i = 0; i < DEPTH; i++) {
        deep = make_cons(space, deep, TERM_NIL);
        tuples = make_tuple2(space, ATOM_ok, tuples);
    }
    Text text = {0};
    term_print(&text, deep, 0);
    assert_int_equal(text.size_bytes, 2 * DEPTH + 2);
    assert_true(text.bytes[DEPTH] == '[' && text.bytes[DEPTH + 1] == ']');
    text_finish(&text);
    term_print(&text, tuples, 0);
    assert_int_equal(text.size_bytes, 5 * DEPTH + 2);
    text_finish(&text);
    stop();
}

TEST(text_grows)
{
    Text text = {0};
    text_addf(&text, "%d-%s", 5, "x");
    for (int i = 0; i < 1000; i++) {
        text_addf(&text, "%200d", i);
    }
    assert_int_equal(text.size_bytes, 3 + 200 * 1000);
    text_add_code_point(&text, 0x1F600);
    assert_string_equal(text.bytes + 3 + 200 * 1000, "\xF0\x9F\x98\x80");
    text_finish(&text);
    assert_null(text.bytes);
}
