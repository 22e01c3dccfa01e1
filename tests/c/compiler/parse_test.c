/* tests/c/compiler/parse_test.c
 * The parser where erl cannot be asked: OTP 27's syntax, limits, and the shape of errors. What epp
 * and Muster read alike is compared in tests/diff/parse. */
#include "tests/c/test.h"

#include <stdio.h>
#include <stdlib.h>

#include "compiler/erl/abstract.h"
#include "compiler/erl/parse.h"
#include "runtime/term/compare.h"

static void start(void)
{
    static bool started;
    if (!started) {
        atoms_init();
        started = true;
    }
}

typedef struct Parsed {
    ErlUnit *unit;
    Diagnostics diagnostics;
} Parsed;

static Parsed parse_sized(const char *text, size_t size_bytes, const ErlParseOptions *options)
{
    start();
    Parsed parsed = {0};
    parsed.unit = erl_parse_text("t.erl", text, size_bytes, options, &parsed.diagnostics);
    return parsed;
}

static void drop(Parsed *parsed)
{
    diagnostics_finish(&parsed->diagnostics);
    erl_unit_destroy(parsed->unit);
}

static Term term_of(ErlUnit *unit, const char *text)
{
    Diagnostics diagnostics = {0};
    Term term = erl_parse_term(unit, "t", text, strlen(text), &diagnostics);
    assert_int_equal(diagnostics.error_count, 0);
    diagnostics_finish(&diagnostics);
    return term;
}

/* The body of the one function in the text, in the abstract format, positions being lines. */
static void assert_body(const char *text, const char *expected)
{
    Parsed parsed = parse_sized(text, strlen(text), NULL);
    if (parsed.diagnostics.error_count != 0) {
        fail_msg("%s: %s", text, parsed.diagnostics.items[0].text);
    }
    const Form *form = parsed.unit->forms[parsed.unit->form_count - 2];
    assert_int_equal(form->kind, FORM_FUNCTION);
    const Node *node = form->function.clauses.items[0]->body.items[0];
    Space *space = erl_unit_space(parsed.unit);
    Term term = node_to_abstract(parsed.unit, space, node, ABSTRACT_LINES);
    if (!term_equal_exact(term, term_of(parsed.unit, expected))) {
        Text printed = {0};
        term_print(&printed, term, 0);
        fail_msg("%s: %s", text, printed.bytes);
    }
    drop(&parsed);
}

static void assert_string_body(const char *text, const char *characters)
{
    Parsed parsed = parse_sized(text, strlen(text), NULL);
    if (parsed.diagnostics.error_count != 0) {
        fail_msg("%s: %s", text, parsed.diagnostics.items[0].text);
    }
    const Form *form = parsed.unit->forms[parsed.unit->form_count - 2];
    const Node *node = form->function.clauses.items[0]->body.items[0];
    assert_int_equal(node->kind, NODE_STRING);
    assert_int_equal(node->string.count, strlen(characters));
    for (uint32_t i = 0; i < node->string.count; i++) {
        assert_int_equal(node->string.characters[i], (unsigned char) characters[i]);
    }
    drop(&parsed);
}

static void assert_first_error(const char *text, uint32_t line, uint32_t column,
                               const char *message)
{
    Parsed parsed = parse_sized(text, strlen(text), NULL);
    assert_true(parsed.diagnostics.error_count > 0);
    assert_string_equal(parsed.diagnostics.items[0].text, message);
    assert_int_equal(parsed.diagnostics.items[0].line, line);
    assert_int_equal(parsed.diagnostics.items[0].column, column);
    drop(&parsed);
}

/* ---- OTP 26 and 27 ---- */

TEST(a_maybe_has_matches_and_else_clauses)
{
    assert_body("f() -> maybe {ok, A} ?= g(), A else E -> E end.",
                "{'maybe',1,[{maybe_match,1,{tuple,1,[{atom,1,ok},{var,1,'A'}]},"
                "{call,1,{atom,1,g},[]}},{var,1,'A'}],"
                "{'else',1,[{clause,1,[{var,1,'E'}],[],[{var,1,'E'}]}]}}");
    assert_first_error("f() -> X ?= g().", 1, 10, "syntax error before: '?='");
}

TEST(maybe_is_an_atom_when_the_feature_is_off)
{
    assert_body("-feature(maybe_expr, disable).\nf() -> {maybe, else}.",
                "{tuple,2,[{atom,2,'maybe'},{atom,2,'else'}]}");
    assert_first_error("f() -> {maybe, else}.", 1, 14, "syntax error before: ','");
}

TEST(a_map_comprehension_has_an_association_and_generators)
{
    assert_body("f(M) -> #{K => V + 1 || K := V <- M, K > 1}.",
                "{mc,1,{map_field_assoc,1,{var,1,'K'},{op,1,'+',{var,1,'V'},{integer,1,1}}},"
                "[{m_generate,1,{map_field_exact,1,{var,1,'K'},{var,1,'V'}},{var,1,'M'}},"
                "{op,1,'>',{var,1,'K'},{integer,1,1}}]}");
    assert_first_error("f(M) -> #{K := V || K := V <- M}.", 1, 18, "syntax error before: '||'");
}

TEST(a_triple_quoted_string_loses_its_indentation_and_last_line_break)
{
    assert_string_body("f() -> \"\"\"\n    a\n      b\\n \"q\"\n\n    c\n    \"\"\".",
                       "a\n  b\\n \"q\"\n\nc");
    assert_string_body("f() -> \"\"\"\n\"\"\".", "");
    assert_string_body("f() -> \"\"\"\"\n \"\"\"\n \"\"\"\".", "\"\"\"");
    assert_string_body("f() -> \"\"\"   \r\n  x\r\n  y\r\n  \"\"\".", "x\r\ny");
}

TEST(a_wrong_triple_quoted_string_says_where)
{
    assert_first_error("f() -> \"\"\"\n  a\n b\n  \"\"\".\n", 3, 1,
                       "bad indentation in triple-quoted string");
    assert_first_error("f() -> \"\"\"a\n  \"\"\".\n", 1, 11,
                       "not white space after start of triple-quoted string");
    assert_first_error("f() -> \"\"\"\n  a\n", 1, 8,
                       "unterminated string starting with \"\\n  a\\n\"");
}

TEST(sigils_are_strings_and_utf8_binaries)
{
    static const char *const binary =
        "{bin,1,[{bin_element,1,{string,1,[97,233,10]},default,[utf8]}]}";
    assert_body("f() -> ~\"a\xC3\xA9\\n\".", binary);
    assert_body("f() -> ~b(a\xC3\xA9\\n).", binary);
    assert_body("f() -> ~B[a\\n].",
                "{bin,1,[{bin_element,1,{string,1,[97,92,110]},default,[utf8]}]}");
    assert_string_body("f() -> ~s{a\\}b}.", "a}b");
    assert_string_body("f() -> ~S/a\\nb/.", "a\\nb");
    assert_string_body("f() -> ~S<a\nb>.", "a\nb");
    assert_string_body("f() -> ~s\"\"\"\n  a\\tb\n  \"\"\".", "a\tb");
    assert_first_error("f() -> ~x\"a\".", 1, 8, "illegal sigil prefix");
    assert_first_error("f() -> ~_\"a\".", 1, 8, "illegal sigil prefix");
    assert_first_error("f() -> ~\"a\"x.", 1, 12, "illegal sigil suffix");
    assert_first_error("f() -> ~s(a)\"b\".", 1, 13,
                       "adjacent string literals without intervening white space");
    assert_first_error("f() -> a ~ b.", 1, 11, "illegal string");
}

TEST(the_release_is_27)
{
    assert_body("f() -> ?OTP_RELEASE.", "{integer,1,27}");
    assert_body("-if(?OTP_RELEASE >= 27).\nf() -> a.\n-else.\nf() -> b.\n-endif.", "{atom,2,a}");
}

/* ---- limits ---- */

static char *repeat(const char *before, const char *piece, size_t count, const char *after,
                    size_t *size_bytes)
{
    size_t piece_size = strlen(piece);
    size_t size = strlen(before) + piece_size * count + strlen(after);
    char *text = malloc(size + 1);
    char *at = stpcpy(text, before);
    for (size_t i = 0; i < count; i++, at += piece_size) {
        memcpy(at, piece, piece_size);
    }
    strcpy(at, after);
    *size_bytes = size;
    return text;
}

static void assert_too_deep(const char *before, const char *piece, size_t count)
{
    size_t size;
    char *text = repeat(before, piece, count, "", &size);
    Parsed parsed = parse_sized(text, size, NULL);
    assert_true(parsed.diagnostics.error_count > 0);
    assert_string_equal(parsed.diagnostics.items[0].text, "nested too deeply");
    drop(&parsed);
    free(text);
}

TEST(ten_million_nested_lists_are_an_error)
{
    assert_too_deep("f() -> ", "[", 10 * 1000 * 1000);
}

TEST(whatever_nests_too_deeply_is_an_error)
{
    skip_where_recursion_is_bounded();
    static const char *const pieces[] = {
        "(",      "{",    "<<",       "begin ",        "fun() -> ",  "case ",    "catch ",
        "- ",     "not ", "#{a => ",  "#r{a = ",       "[a | ",      "[a || ",   "f(",
        "a ++ ",  "a = ", "1 + ",     "a ! ",          "a andalso ", "if a -> ", "try ",
        "maybe ", "m:f(", "X#{a => ", "receive a -> ", "<<a:(",
    };
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        assert_too_deep("f() -> ", pieces[i], 100 * 1000);
    }
    static const char *const types[] = {"[", "{", "fun((", "a | X :: ", "1 + ", "- ", "m:t(", "#{"};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        assert_too_deep("-type t() :: ", types[i], 100 * 1000);
    }
}

TEST(a_nested_form_does_not_keep_the_next_from_being_read)
{
    size_t size;
    char *text = repeat("f() -> ", "[", 100 * 1000, ".\ng() -> ok.\n", &size);
    Parsed parsed = parse_sized(text, size, NULL);
    assert_int_equal(parsed.diagnostics.error_count, 1);
    assert_int_equal(parsed.unit->forms[parsed.unit->form_count - 2]->kind, FORM_FUNCTION);
    drop(&parsed);
    free(text);
}

static void assert_fine(const char *before, const char *piece, size_t count, const char *after)
{
    size_t size;
    char *text = repeat(before, piece, count, after, &size);
    Parsed parsed = parse_sized(text, size, NULL);
    if (parsed.diagnostics.error_count != 0) {
        fail_msg("%s…: %s", piece, parsed.diagnostics.items[0].text);
    }
    drop(&parsed);
    free(text);
}

TEST(long_texts_are_fine)
{
    assert_fine("f() -> [", "1,", 1000 * 1000, "1].");
    assert_fine("f() -> {", "a, ", 100 * 1000, "b}.");
    assert_fine("f() -> ", "\"a\" ", 1000 * 1000, ".");
    assert_fine("f() -> \"", "abcdefgh", 1000 * 1000, "\".");
    assert_fine("f() -> ", "\"a\" ++ ", 10 * 1000, "X.");
    assert_fine("f() -> ", "X + ", 10 * 1000, "X.");
    assert_fine("f() -> ", "g(), ", 100 * 1000, "ok.");
    assert_fine("", "f(X) -> X;\n", 100 * 1000, "f(_) -> ok.");
    assert_fine("f() -> <<", "1:8, ", 100 * 1000, "2>>.");
    assert_fine("-type t() :: ", "a | ", 100 * 1000, "b.");
    assert_fine("f() -> 1", "0", 100 * 1000, ".");
    assert_fine("-define(A, b).\nf() -> [", "?A, ", 100 * 1000, "a].");
}

TEST(macros_that_explode_are_an_error)
{
    Text text = {0};
    text_add_string(&text, "-define(A0, x, x).\n");
    for (int i = 1; i < 60; i++) {
        text_addf(&text, "-define(A%d, ?A%d, ?A%d).\n", i, i - 1, i - 1);
    }
    text_add_string(&text, "f() -> {?A59}.\ng() -> ok.\n");
    Parsed parsed = parse_sized(text.bytes, text.size_bytes, NULL);
    assert_int_equal(parsed.diagnostics.error_count, 1);
    assert_string_equal(parsed.diagnostics.items[0].text, "too many tokens from macro 'A0'");
    drop(&parsed);
    text_finish(&text);
}

TEST(macro_calls_nested_in_arguments_end)
{
    size_t size;
    char *text = repeat("-define(A(X), X).\nf() -> ", "?A(", 15 * 1000, "", &size);
    Parsed parsed = parse_sized(text, size, NULL);
    assert_true(parsed.diagnostics.error_count > 0);
    drop(&parsed);
    free(text);
}

/* ---- errors as printed ---- */

TEST(diagnostics_show_the_line_and_a_caret)
{
    static const char source[] = "-module(m).\nf() -> ok ok.\n\tg( -> ok.\n";
    Parsed parsed = parse_sized(source, strlen(source), NULL);
    Text out = {0};
    diagnostic_at(&parsed.diagnostics, SEVERITY_WARNING, parsed.unit, (Location){1, 2, 0, 0},
                  "function %s is unused", "g/0");
    diagnostics_print(&parsed.diagnostics, "t.erl", source, strlen(source), &out);
    assert_string_equal(out.bytes, "t.erl:2:11: syntax error before: ok\n"
                                   "%    2| f() -> ok ok.\n"
                                   "%     |           ^\n"
                                   "\n"
                                   "t.erl:3:5: syntax error before: '->'\n"
                                   "%    3| \tg( -> ok.\n"
                                   "%     | \t   ^\n"
                                   "\n"
                                   "t.erl:1:2: Warning: function g/0 is unused\n"
                                   "%    1| -module(m).\n"
                                   "%     |  ^\n"
                                   "\n");
    text_finish(&out);
    drop(&parsed);
}

TEST(a_file_that_is_not_there_is_a_diagnostic)
{
    start();
    Diagnostics diagnostics = {0};
    ErlUnit *unit = erl_parse_file("/nowhere/x.erl", NULL, &diagnostics);
    assert_int_equal(diagnostics.error_count, 1);
    assert_string_equal(diagnostics.items[0].text, "no such file or directory");
    assert_int_equal(unit->form_count, 1);
    diagnostics_finish(&diagnostics);
    erl_unit_destroy(unit);
}

/* ---- expressions and terms ---- */

TEST(expressions_need_no_full_stop)
{
    start();
    Diagnostics diagnostics = {0};
    ErlUnit *unit = erl_unit_create();
    NodeList exprs;
    static const char text[] = "X = 1, X + 2";
    assert_true(erl_parse_expressions(unit, "eval", text, strlen(text), &exprs, &diagnostics));
    assert_int_equal(exprs.count, 2);
    assert_int_equal(exprs.items[1]->kind, NODE_BINARY);
    assert_false(erl_parse_expressions(unit, "eval", "1 +", 3, &exprs, &diagnostics));
    assert_string_equal(diagnostics.items[0].text, "syntax error before: ");
    assert_int_equal(diagnostics.items[0].column, 3);
    diagnostics_finish(&diagnostics);
    erl_unit_destroy(unit);
}

TEST(terms_are_read_and_expressions_refused)
{
    start();
    Diagnostics diagnostics = {0};
    ErlUnit *unit = erl_unit_create();
    static const char text[] = "{a, [1, -2.5 | \"x\"], #{b => <<\"c\", 1:4>>}, 36#ZZ}.";
    Term term = erl_parse_term(unit, "t", text, strlen(text), &diagnostics);
    Text printed = {0};
    term_print(&printed, term, 0);
    assert_string_equal(printed.bytes, "{a,[1,-2.5,120],#{b => <<99,1:4>>},1295}");
    text_finish(&printed);
    assert_true(erl_parse_term(unit, "t", "1 + 2.", 6, &diagnostics) == TERM_NONE);
    assert_string_equal(diagnostics.items[0].text, "bad term");
    diagnostics_finish(&diagnostics);
    erl_unit_destroy(unit);
}

/* ---- the abstract format, backwards ---- */

TEST(malformed_forms_are_refused_with_the_part_at_fault)
{
    start();
    static const char *const wrong[] = {
        "[{function,1,f,0,[]}]",
        "[{function,1,f,0,[{clause,1,[],[],[]}]}]",
        "[{function,1,f,1,[{clause,1,[],[],[{atom,1,a}]}]}]",
        "[{function,1,f,0,[{clause,1,[],[],[{atom,1,1}]}]}]",
        "[{function,1,f,0,[{clause,1,[],[],[{op,1,foo,{atom,1,a}}]}]}]",
        "[{function,1,f,0,[{clause,1,[],[],[{string,1,[a]}]}]}]",
        "[{function,1,f,0,[{clause,1,[],[],[{'case',1,{atom,1,a},[]}]}]}]",
        "[{attribute,1,record,{r,[{record_field,1,{var,1,'A'}}]}}]",
        "[{attribute,1,spec,{f,1}}]",
        "[foo]",
        "[{eof,1}|x]",
        "x",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        ErlUnit *unit = erl_unit_create();
        Diagnostics diagnostics = {0};
        Term bad = TERM_NONE;
        ErlUnit *read = forms_from_abstract(term_of(unit, wrong[i]), &diagnostics, &bad);
        if (read != NULL) {
            fail_msg("%s was accepted", wrong[i]);
        }
        assert_true(bad != TERM_NONE);
        diagnostics_finish(&diagnostics);
        erl_unit_destroy(unit);
    }
}

TEST(generated_marks_go_round)
{
    start();
    ErlUnit *unit = erl_unit_create();
    static const char text[] =
        "{call,[{generated,true},{location,{3,4}}],{atom,5,f},[{cons,6,{var,6,'X'},{nil,0}}]}";
    Term term = term_of(unit, text), bad;
    Node *node = node_from_abstract(unit, term, &bad);
    assert_non_null(node);
    assert_int_equal(node->at.anno_flags, ANNO_GENERATED);
    Term again = node_to_abstract(unit, erl_unit_space(unit), node, ABSTRACT_COLUMNS);
    assert_true(term_equal_exact(term, again));
    erl_unit_destroy(unit);
}

TEST(a_deep_term_is_refused)
{
    start();
    ErlUnit *unit = erl_unit_create();
    Space *space = erl_unit_space(unit);
    Term one = term_small(1), node = make_tuple3(space, atom_of("atom"), one, atom_of("a"));
    for (int i = 0; i < 1000 * 1000; i++) {
        node = make_tuple4(space, atom_of("op"), one, atom_of("-"), node);
    }
    Term bad;
    assert_null(node_from_abstract(unit, node, &bad));
    erl_unit_destroy(unit);
}

TEST(errors_in_forms_are_reported)
{
    start();
    ErlUnit *unit = erl_unit_create();
    Diagnostics diagnostics = {0};
    Term bad;
    Term forms = term_of(unit, "[{attribute,1,file,{\"a.erl\",1}},{attribute,1,module,m},"
                               "{error,{{2,3},my_transform,\"no such luck\"}}]");
    ErlUnit *read = forms_from_abstract(forms, &diagnostics, &bad);
    assert_non_null(read);
    assert_int_equal(diagnostics.error_count, 1);
    assert_string_equal(diagnostics.items[0].text, "no such luck");
    assert_string_equal(diagnostics.items[0].file, "a.erl");
    assert_int_equal(diagnostics.items[0].line, 2);
    assert_true(read->module == atom_of("m"));
    assert_int_equal(read->forms[read->form_count - 1]->kind, FORM_EOF);
    diagnostics_finish(&diagnostics);
    erl_unit_destroy(read);
    erl_unit_destroy(unit);
}
