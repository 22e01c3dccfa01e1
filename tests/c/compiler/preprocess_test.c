/* tests/c/compiler/preprocess_test.c
 * Macros, conditions and includes. Headers come from the test's own reader. */
#include "tests/c/test.h"

#include <stdio.h>
#include <string.h>

#include "compiler/erl/abstract.h"
#include "compiler/erl/parse.h"

static const struct {
    const char *path, *text;
} headers[] = {
    {"a.hrl", "-define(FROM_A, a).\n-include(\"sub/b.hrl\").\na() -> ?FILE.\n"},
    {"sub/b.hrl", "-include(\"c.hrl\").\nb() -> ?LINE.\n"},
    {"sub/c.hrl", "c() -> ok.\n"},
    {"inc/d.hrl", "d() -> ok.\n"},
    {"self.hrl", "-include(\"self.hrl\").\n-include(\"self.hrl\").\ns() -> s.\n"},
    {"open.hrl", "-ifdef(X).\n"},
    {"half.hrl", "h() ->"},
    {"/lib/app-1.0/include/e.hrl", "e() -> ok.\n"},
};

static char *read_header(void *context, const char *path, size_t *size_bytes)
{
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        if (strcmp(headers[i].path, path) == 0) {
            *size_bytes = strlen(headers[i].text);
            return mem_copy_string(headers[i].text);
        }
    }
    return NULL;
}

static char *resolve(void *context, const char *path)
{
    char out[256];
    if (strncmp(path, "app/", 4) != 0) {
        return NULL;
    }
    snprintf(out, sizeof out, "/lib/app-1.0/%s", path + 4);
    return mem_copy_string(out);
}

/* The forms but -file and the end: functions as name=last expression of the first clause, errors as
 * <file:line:column text>. */
static void assert_forms_with(const char *text, const ErlParseOptions *given, const char *expected)
{
    static bool started;
    if (!started) {
        atoms_init();
        started = true;
    }
    ErlParseOptions options = given == NULL ? (ErlParseOptions){0} : *given;
    static const char *const dirs[] = {"inc"};
    options.include_dirs = dirs;
    options.include_dir_count = 1;
    options.read_include = read_header;
    options.include_lib = resolve;
    Diagnostics diagnostics = {0};
    ErlUnit *unit = erl_parse_text("m.erl", text, strlen(text), &options, &diagnostics);
    Text out = {0};
    uint32_t reported = 0;
    for (uint32_t i = 0; i < unit->form_count; i++) {
        const Form *form = unit->forms[i];
        if (form->kind == FORM_FUNCTION) {
            const Clause *clause = form->function.clauses.items[0];
            const Node *node = clause->body.items[clause->body.count - 1];
            Term term = node_to_abstract(unit, erl_unit_space(unit), node, ABSTRACT_COLUMNS);
            text_addf(&out, "%s=", atom_name(form->function.name));
            term_print(&out, tuple_elements(term)[2], 0);
            text_add_string(&out, " ");
        } else if (form->kind == FORM_ERROR || form->kind == FORM_WARNING) {
            const Diagnostic *diagnostic = &diagnostics.items[reported++];
            text_addf(&out, "<%s:%u:%u %s> ", diagnostic->file, (unsigned) diagnostic->line,
                      (unsigned) diagnostic->column, diagnostic->text);
        }
    }
    assert_string_equal(out.bytes == NULL ? "" : out.bytes, expected);
    text_finish(&out);
    diagnostics_finish(&diagnostics);
    erl_unit_destroy(unit);
}

static void assert_forms(const char *text, const char *expected)
{
    assert_forms_with(text, NULL, expected);
}

/* ---- macros ---- */

TEST(macros_are_told_apart_by_arity)
{
    assert_forms("-define(A, 1).\n-define(A(), 2).\n-define(A(X), X).\n"
                 "f() -> ?A.\ng() -> ?A().\nh() -> ?A(3).\ni() -> ?A(1, 2).\n",
                 "f=1 g=2 h=3 <m.erl:7:9 argument mismatch for macro 'A'> ");
}

TEST(arguments_become_text)
{
    assert_forms("-define(S(X), ??X).\nf() -> ?S([a|B] + 'C').\n",
                 "f=[91,32,97,32,124,32,66,32,93,32,43,32,39,67,39] ");
}

TEST(circles_are_found)
{
    assert_forms("-define(A, ?B).\n-define(B, ?A).\nf() -> ?A.\n",
                 "<m.erl:3:9 circular macro 'A'> ");
    assert_forms("-define(A(X), ?B(X)).\n-define(B(X), ?A(X)).\nf() -> ?A(1).\n",
                 "<m.erl:3:9 circular macro 'A/1'> ");
    assert_forms("-define(A(X), X).\nf() -> ?A(?A(?A(7))).\n", "f=7 ");
}

TEST(a_macro_that_grows_by_its_own_argument_is_stopped)
{
    assert_forms("-define(D(X), ?X(X)).\nf() -> ?D(D).\ng() -> 1.\n",
                 "<m.erl:2:11 too many tokens from macro 'D'> g=1 ");
}

TEST(undefined_macros_say_their_arity)
{
    assert_forms("f() -> ?A.\ng() -> ?A(1, 2).\n",
                 "<m.erl:1:9 undefined macro 'A'> <m.erl:2:9 undefined macro 'A/2'> ");
}

TEST(predefined_macros)
{
    assert_forms("-module(m).\nf() -> ?MODULE.\ng() -> ?LINE.\nh() -> ?MACHINE.\n"
                 "i(_, _) -> ?FUNCTION_NAME.\nj([], {a, b}, _) -> ?FUNCTION_ARITY.\n"
                 "k() -> ?MODULE_STRING.\nl() -> ?FEATURE_ENABLED(maybe_expr).\n"
                 "m() -> ?FEATURE_AVAILABLE(nonsense).\n",
                 "f=m g=3 h='BEAM' i=i j=3 k=[109] l=true m=false ");
    assert_forms("-define(LINE, 1).\n", "<m.erl:1:9 redefining predefined macro 'LINE'> ");
}

TEST(macros_of_the_command_line)
{
    static const MacroDefinition macros[] = {{"A", NULL}, {"B", "{1, x}"}, {"C", "\""}};
    ErlParseOptions options = {.macros = macros, .macro_count = 2};
    assert_forms_with("-ifdef(A).\nf() -> ?A.\n-endif.\ng() -> ?B.\n", &options,
                      "f=true g=[{integer,{4,9},1},{atom,{4,9},x}] ");
    options.macro_count = 3;
    assert_forms_with("f() -> 1.\n", &options,
                      "<m.erl:0:0 macro C: unterminated string starting with \"\"> f=1 ");
}

/* ---- conditions ---- */

TEST(conditions_choose_one_part)
{
    assert_forms(
        "-ifdef(A).\nf() -> 1.\n-elif(1 + 1 =:= 2).\nf() -> 2.\n-else.\nf() -> 3.\n-endif.",
        "f=2 ");
    assert_forms("-ifndef(A).\n-ifdef(B).\nf() -> 1.\n-else.\nf() -> 2.\n-endif.\n-else.\n"
                 "f() -> 3.\n-endif.",
                 "f=2 ");
    assert_forms("-if(defined(A) orelse length([1]) > 1).\nf() -> 1.\n-endif.\ng() -> 2.", "g=2 ");
}

TEST(conditions_must_balance)
{
    assert_forms("-endif.\n-ifdef(A).\n-else.\n-else.\n",
                 "<m.erl:1:2 unbalanced '-endif'> <m.erl:4:2 repeated '-else'> "
                 "<m.erl:5:1 unterminated '-else'> ");
    assert_forms("-include(\"open.hrl\").\n-endif.\n",
                 "<open.hrl:2:1 unterminated '-ifdef'> <m.erl:2:2 unbalanced '-endif'> ");
}

TEST(errors_and_warnings_of_the_text)
{
    assert_forms("-error(\"no\").\n-warning({a, 1}).\n",
                 "<m.erl:1:2 -error(\"no\").> <m.erl:2:2 -warning({a,1}).> ");
}

/* ---- files ---- */

TEST(includes_are_found_next_to_the_including_file_and_in_the_folders)
{
    assert_forms("-include(\"a.hrl\").\n-include(\"d.hrl\").\nf() -> ?FROM_A.\n",
                 "c=ok b=2 a=[97,46,104,114,108] d=ok f=a ");
    assert_forms("-include(\"none.hrl\").\nf() -> 1.\n",
                 "<m.erl:1:10 can't find include file \"none.hrl\"> f=1 ");
}

TEST(include_lib_asks_for_the_application)
{
    assert_forms("-include_lib(\"app/include/e.hrl\").\n-include_lib(\"none/x.hrl\").\n",
                 "e=ok <m.erl:2:14 can't find include lib \"none/x.hrl\"> ");
}

TEST(a_circular_include_is_an_error_once)
{
    assert_forms("-include(\"self.hrl\").\nf() -> 1.\n", "<self.hrl:1:10 include too deep> f=1 ");
}

TEST(a_form_ends_with_its_file)
{
    assert_forms("-include(\"half.hrl\").\n1.\nf() -> 1.\n",
                 "<half.hrl:1:5 syntax error before: > <m.erl:2:1 syntax error before: 1> f=1 ");
}

TEST(a_file_attribute_renumbers)
{
    assert_forms("-file(\"x.yrl\", 10).\nf() -> ?LINE.\ng() -> ?FILE.\nh() -> a b.\n",
                 "f=11 g=[120,46,121,114,108] <x.yrl:13:10 syntax error before: b> ");
}

TEST(an_escript_header_is_skipped_where_asked)
{
    ErlParseOptions options = {.skip_shebang = true};
    assert_forms_with("#!/usr/bin/env escript\nf() -> ?LINE.\n", &options, "f=2 ");
}

TEST(features_come_first)
{
    assert_forms("-feature(maybe_expr, disable).\nf() -> maybe.\n-feature(maybe_expr, enable).\n",
                 "f=maybe <m.erl:3:2 feature directive not allowed after exports or record "
                 "definitions> ");
    assert_forms("-feature(x, enable).\n", "<m.erl:1:2 the feature 'x' does not exist.> ");
}
