/* tests/c/compiler/scan_test.c
 * Tokens and their positions, and where the scanner goes on after an error. */
#include "tests/c/test.h"

#include <string.h>

#include "compiler/erl/parse_internal.h"
#include "compiler/erl/scan.h"
#include "compiler/erl/source.h"
#include "runtime/term/arith.h"

typedef struct Scanned {
    ErlUnit *unit;
    Lexicon lexicon;
    Source source;
    Scanner scanner;
} Scanned;

static void scan_start(Scanned *scanned, const char *text, size_t size_bytes)
{
    static bool started;
    if (!started) {
        atoms_init();
        started = true;
    }
    scanned->unit = erl_unit_create();
    lexicon_init(&scanned->lexicon);
    source_from_bytes(&scanned->source, text, size_bytes, false);
    scanner_init(&scanned->scanner, scanned->unit, &scanned->lexicon, 0, scanned->source.text,
                 scanned->source.size_bytes);
}

static void scan_end(Scanned *scanned)
{
    source_finish(&scanned->source);
    lexicon_finish(&scanned->lexicon);
    erl_unit_destroy(scanned->unit);
}

/* All tokens as messages show them, with spaces between; errors as <line:column text>. */
static void assert_tokens_sized(const char *text, size_t size_bytes, const char *expected)
{
    Scanned scanned;
    Text out = {0};
    Token token;
    TokenKind kind;
    scan_start(&scanned, text, size_bytes);
    text_add_string(&out, "");
    while ((kind = scan_token(&scanned.scanner, &token)) != TOKEN_EOF) {
        text_add_string(&out, out.size_bytes == 0 ? "" : " ");
        if (kind == TOKEN_ERROR) {
            const Scanner *scanner = &scanned.scanner;
            text_addf(&out, "<%u:%u %s>", (unsigned) scanner->error_at.line,
                      (unsigned) scanner->error_at.column, scanner->error_text);
        } else {
            token_print(&out, &token);
        }
    }
    assert_string_equal(out.bytes == NULL ? "" : out.bytes, expected);
    text_finish(&out);
    scan_end(&scanned);
}

static void assert_tokens(const char *text, const char *expected)
{
    assert_tokens_sized(text, strlen(text), expected);
}

TEST(names_are_atoms_variables_and_keywords)
{
    assert_tokens("foo Bar _baz _ case 'end' a@b F1", "foo Bar _baz _ 'case' 'end' a@b F1");
    assert_tokens("\xC3\xA9t\xC3\xA9 \xC3\x89t\xC3\xA9", "\xC3\xA9t\xC3\xA9 \xC3\x89t\xC3\xA9");
}

TEST(the_longest_symbol_is_taken)
{
    assert_tokens("=:==/==<==>=>>>=<<-<=", "'=:=' '=/=' '=<' '==' '>=' '>>' '>=' '<<' '-' '<='");
    assert_tokens("||:=::...->--++?=??", "'||' ':=' '::' '...' '->' '--' '++' '?=' '?' '?'");
    assert_tokens("a.b. c.%d\n..", "a '.' b '.' c '.' '..'");
    assert_tokens("@ ^ & ` \\", "'@' '^' '&' '`' '\\\\'");
}

TEST(numbers_have_bases_and_underscores)
{
    assert_tokens("1_000 16#fF 2#1_01 36#z 1_", "1000 255 5 35 1 _");
    assert_tokens("1.5 1_0.2_5e1_0 2.0E-3 1.e", "1.5 1.025e11 0.002 1 '.' e");
    assert_tokens("123456789012345678901234567890 16#ffffffffffffffffffff",
                  "123456789012345678901234567890 1208925819614629174706175");
}

TEST(wrong_numbers_are_errors_and_scanning_goes_on)
{
    assert_tokens("a 37#11 b", "a <1:3 illegal base '37'> '#' 11 b");
    assert_tokens("16#g 1.0e+ 1.0e999 z",
                  "<1:1 illegal integer> g <1:6 illegal float> <1:12 illegal float> z");
}

TEST(characters_and_escapes)
{
    assert_tokens("$a $\\n $\\s $\\x41 $\\x{e9} $\\101 $\\^a $  $\\d",
                  "$a $\\n $\\s $A $\xC3\xA9 $A "
                  "$\\001 $\\s $\\d");
    assert_tokens("\"a\\tb\\\"c\\\\\" 'it\\'s'", "\"a\\tb\\\"c\\\\\" 'it\\'s'");
    assert_tokens("\"a\\\nb\"", "\"a\\nb\"");
    assert_tokens("$", "<1:1 unterminated character>");
    assert_tokens("\"\\x{110000}\" a", "<1:2 illegal character> <1:12 unterminated string starting "
                                       "with \" a\">");
}

TEST(texts_without_an_end_are_shown_in_part)
{
    assert_tokens("a \"0123456789abcdefghi",
                  "a <1:3 unterminated string starting with \"0123456789abcdef\">");
    assert_tokens("'a\nb", "<1:1 unterminated atom starting with 'a\\nb'>");
}

TEST(strings_side_by_side_need_white_space)
{
    assert_tokens("\"a\" \"b\"", "\"a\" \"b\"");
    assert_tokens("\"a\"\"b\"",
                  "<1:4 adjacent string literals without intervening white space> \"b\"");
}

TEST(names_that_are_too_long_are_errors)
{
    char text[300];
    memset(text, 'a', sizeof text);
    assert_tokens_sized(text, 255, memcpy((char[300]){0}, text, 255));
    assert_tokens_sized(text, 256, "<1:1 illegal atom>");
    text[0] = '\'';
    text[257] = '\'';
    assert_tokens_sized(text, 258, "<1:1 illegal atom>");
}

TEST(positions_count_code_points_and_lines)
{
    Scanned scanned;
    Token token;
    static const char text[] = "\"\xC3\xA9\xE2\x82\xAC\" x\n\ty 'a\nb' z %\xC3\xA9";
    static const uint32_t places[][2] = {{1, 1}, {1, 6}, {2, 2}, {2, 4}, {3, 4}, {3, 8}};
    scan_start(&scanned, text, strlen(text));
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        scan_token(&scanned.scanner, &token);
        assert_int_equal(token.at.line, places[i][0]);
        assert_int_equal(token.at.column, places[i][1]);
    }
    assert_int_equal(token.kind, TOKEN_EOF);
    scan_end(&scanned);
}

TEST(control_characters_are_white_space)
{
    assert_tokens_sized("a\0b\x01\xC2\xA0"
                        "c",
                        7, "a b c");
}

TEST(encodings_are_told_by_a_comment)
{
    assert_tokens("%% coding: latin-1\n\xE9", "\xC3\xA9");
    assert_tokens("#!x\n%% -*- coding: latin-1 -*-\n'\xE9'", "'#' '!' x \xC3\xA9");
    assert_tokens("\n\n%% coding: latin-1\n\xC3\xA9", "\xC3\xA9");
    assert_tokens("\xEF\xBB\xBFx", "x");
}

TEST(a_text_that_is_not_utf8_is_cut)
{
    Source source;
    source_from_bytes(&source,
                      "ab\xFF"
                      "cd",
                      5, false);
    assert_true(source.is_cut);
    assert_int_equal(source.size_bytes, 2);
    source_finish(&source);
}

TEST(equal_names_are_one_variable)
{
    Scanned scanned;
    Token a, b, c;
    scan_start(&scanned, "X Y X", 5);
    scan_token(&scanned.scanner, &a);
    scan_token(&scanned.scanner, &b);
    scan_token(&scanned.scanner, &c);
    assert_int_equal(a.var, c.var);
    assert_int_not_equal(a.var, b.var);
    uint32_t fresh = erl_unit_fresh_variable(scanned.unit, "rec");
    assert_int_not_equal(fresh, erl_unit_fresh_variable(scanned.unit, "rec"));
    scan_end(&scanned);
}
