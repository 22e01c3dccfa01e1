/* tests/c/compiler/core_test.c
 * From source to bytecode: what code must look like, whatever the tests of behaviour say, and that
 * all of it keeps the stack's discipline. Programs that run are in tests/lang. */
#include "tests/c/test.h"

#include <stdio.h>
#include <stdlib.h>

#include "compiler/compile.h"
#include "runtime/term/print.h"
#include "tests/c/compiler/code_check.h"

static void start(void)
{
    static bool started;
    if (!started) {
        atoms_init();
        started = true;
    }
}

/* The assembly of a module with these functions, all exported; free it. NULL: it was refused. */
static char *assembly_of(const char *functions, bool has_no_checks)
{
    start();
    Text source = {0};
    text_add_string(&source, "-module(t).\n-compile([export_all, nowarn_export_all]).\n");
    text_add_string(&source, functions);
    Diagnostics diagnostics = {0};
    CompileOptions options = {.path = "t.erl",
                              .text = source.bytes,
                              .text_bytes = source.size_bytes,
                              .has_no_checks = has_no_checks};
    Module *module = compile_source(&options, &diagnostics);
    char *text = NULL;
    if (module == NULL) {
        Text errors = {0};
        diagnostics_print(&diagnostics, NULL, NULL, 0, &errors);
        printf("%.200s\n", errors.bytes);
        text_finish(&errors);
    } else {
        char error[512] = "";
        if (!check_module(module, error)) {
            printf("%s\nin:\n%s\n", error, functions);
            fail();
        }
        Text out = {0};
        module_disassemble(module, &out);
        text = strdup(out.bytes);
        text_finish(&out);
        module_destroy(module);
    }
    diagnostics_finish(&diagnostics);
    text_finish(&source);
    return text;
}

static uint32_t count_of(const char *text, const char *part)
{
    uint32_t count = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part)) {
        count++;
    }
    return count;
}

/* How often `part` is in the assembly of `functions`. */
static uint32_t occurrences(const char *functions, const char *part)
{
    char *text = assembly_of(functions, false);
    assert_non_null(text);
    uint32_t count = count_of(text, part);
    free(text);
    return count;
}

static void assert_code(const char *functions, const char *expected)
{
    char *text = assembly_of(functions, false);
    assert_non_null(text);
    if (strstr(text, expected) == NULL) {
        printf("expected:\n%s\ngot:\n%s\n", expected, text);
        fail();
    }
    free(text);
}

TEST(a_call_has_its_arguments_in_place)
{
    assert_code("f(X) -> g(X + 1, a), ok.\ng(_, _) -> ok.\n", "    hole\n"
                                                              "    load s0\n"
                                                              "    int 1\n"
                                                              "    add -\n"
                                                              "    atom a\n"
                                                              "    call 2 g/2\n"
                                                              "    drop 1\n"
                                                              "    atom ok\n"
                                                              "    return\n");
}

TEST(a_last_call_is_a_tail_call)
{
    assert_code("f(X) -> g(X).\ng(X) -> m:h(X).\n", "tail_call 1 g/1");
    assert_code("f(X) -> m:h(X).\n", "tail_call_import 1 m:h/1");
    assert_code("f(X) -> X(1).\n", "tail_call_fun 1");
    assert_code("f(X) -> true andalso g(X).\ng(_) -> ok.\n", "tail_call 1 g/1");
}

TEST(a_loop_leaves_parameters_that_stay)
{
    assert_code("f(0, _) -> ok; f(N, S) -> f(N - 1, S).\n", "    load s0\n"
                                                            "    int 1\n"
                                                            "    subtract -\n"
                                                            "    store s0\n"
                                                            "    loop L0\n");
}

TEST(clauses_share_tests)
{
    const char *source = "f({a, 1, X}) -> X; f({a, 2, _}) -> 2; f({b, _, _}) -> 3;\n"
                         "f({c, Y, Y}) -> Y; f([X]) -> X; f([X, Y]) -> {X, Y}; f(_) -> no.\n";
    assert_int_equal(1, occurrences(source, "test_arity"));
    assert_int_equal(1, occurrences(source, "switch_atom"));
    assert_int_equal(1, occurrences(source, "test_cons s0"));
}

TEST(three_alternatives_make_a_switch)
{
    assert_int_equal(1, occurrences("f(a) -> 1; f(b) -> 2; f(c) -> 3.\n", "switch_atom"));
    assert_int_equal(1, occurrences("f(1) -> 1; f(2) -> 2; f(3) -> 3.\n", "switch_int"));
    assert_int_equal(1, occurrences("f({}) -> 1; f({_}) -> 2; f({_, _}) -> 3.\n", "switch_arity"));
    assert_int_equal(0, occurrences("f(a) -> 1; f(b) -> 2.\n", "switch"));
}

TEST(a_record_is_one_test)
{
    assert_int_equal(1, occurrences("-record(r, {a, b}).\nf(#r{a = X}) -> X.\n", "test_record"));
    assert_int_equal(1, occurrences("f({ok, X}) -> X; f(E) -> E.\n", "test_record s0 2 ok"));
}

TEST(binary_clauses_share_their_segments)
{
    const char *source = "f(<<1, R/binary>>) -> R; f(<<2, X, _/binary>>) -> X;\n"
                         "f(<<3, _/bits>>) -> three; f(_) -> none.\n";
    assert_int_equal(1, occurrences(source, "bs_start"));
    assert_int_equal(1, occurrences(source, "switch_int"));
    assert_int_equal(0, occurrences(source, "bs_restore"));
    assert_int_equal(1,
                     occurrences("f(<<\"abc\", 1:4, 2:4, R/bits>>) -> R.\n", "bs_match_literal"));
    assert_int_equal(1, occurrences("f(<<A:16, 1>>) -> A; f(<<A:8, 1>>) -> A.\n", "bs_restore"));
}

TEST(guards_fall_through_without_copies)
{
    Text source = {0};
    for (int i = 0; i < 200; i++) {
        text_addf(&source, "f({a, X}, Y) when X > %d; Y < %d, Y =/= X -> {%d, X};\n", i, i, i);
    }
    text_add_string(&source, "f(_, _) -> none.\n");
    char *text = assembly_of(source.bytes, false);
    assert_non_null(text);
    assert_true(count_of(text, "\n") < 200 * 30);
    free(text);
    text_finish(&source);
}

TEST(constants_become_literals)
{
    assert_code("f() -> {a, [1, 2], #{k => <<\"x\", 5:16>>}, -(3 * 7)}.\n",
                "literal #0 {a,[1,2],#{k => <<120,0,5>>},-21}");
    assert_code("f(X) -> [a, X, b, c].\n", "literal #0 [b,c]");
    assert_code("f() -> 1 bsl 70 - 1.\n", "literal #0 1180591620717411303423");
    assert_code("f(X) -> <<\"ab\", X, 3:4, 4:4>>.\n", "literal #0 <<97,98>>");
    assert_code("f() -> 1 div 0.\n", "int_divide");
}

TEST(functions_inside_are_named_as_erlc_does)
{
    const char *source = "main() -> F = fun(X) -> [fun() -> X + Y end || Y <- X, Z <- Y, Z] end,\n"
                         "    G = fun Foo(0) -> 0; Foo(N) -> Foo(N - 1) end, {F, G}.\n"
                         "main(L) -> [X || X <- L] ++ [fun() -> fun() -> X end end || {X} <- L].\n"
                         "z(B) -> << <<X>> || <<X>> <= B >>.\n";
    static const char *const names[] = {
        "function '-z/1-lbc$^0/2-0-'/2",   "function '-main/1-lc$^3/1-1-'/2",
        "function '-main/1-lc$^0/1-0-'/1", "function '-main/1-fun-2-'/1",
        "function '-main/1-fun-1-'/1",     "function '-main/0-Foo/1-2-'/1",
        "function '-main/0-fun-3-'/1",     "function '-main/0-lc$^0/1-0-'/2",
        "function '-main/0-lc$^1/1-1-'/4", "function '-main/0-fun-2-'/2",
    };
    char *text = assembly_of(source, false);
    assert_non_null(text);
    const char *at = text;
    for (size_t i = 0; i < COUNT_OF(names); i++) { /* and in that order */
        at = strstr(at, names[i]);
        if (at == NULL) {
            printf("missing, or at another place: %s\n%s", names[i], text);
            fail();
        }
    }
    free(text);
}

TEST(a_slot_is_killed_before_a_call_that_may_take_long)
{
    assert_code("f(X) -> Y = g(X), h(Y), g(1).\ng(X) -> X.\nh(_) -> ok.\n", "    load s0\n"
                                                                            "    kill s0\n"
                                                                            "    call 1 g/1\n");
}

TEST(a_receive_starts_behind_what_came_before_its_reference)
{
    const char *call = "f(P) -> R = make_ref(), P ! {self(), R},\n"
                       "    receive {R, X} -> X; {'DOWN', R, _, _, Why} -> exit(Why) end.\n";
    assert_int_equal(1, occurrences(call, "receive_from s1"));
    assert_int_equal(0,
                     occurrences("f(R) -> receive {R, X} -> X; stop -> ok end.\n", "receive_from"));
    assert_int_equal(0, occurrences("f() -> receive {X, X} -> X end.\n", "receive_from"));
}

TEST(a_tuple_that_is_taken_apart_at_once_is_not_made)
{
    assert_int_equal(
        0, occurrences("f(X, Y) -> case {X, Y} of {a, 1} -> 1; {b, _} -> 2; _ -> 3 end.\n",
                       "make_tuple"));
    assert_int_equal(0, occurrences("f(X) -> {A, B} = {X + 1, X + 2}, A * B.\n", "make_tuple"));
}

/* One of everything; what it does is seen when it runs, here that its code is sound. */
TEST(all_constructs_keep_the_discipline)
{
    static const char *const sources[] = {
        "f(X) -> case X of 1 -> A = b, g(); 2 -> A = c; _ -> A = g() end, {A, X}.\ng() -> ok.\n",
        "f(X) -> if X > 1 -> Y = 1; true -> Y = 2 end, Y + X.\n",
        "f(X) -> receive {a, Y} when Y > X -> Z = Y; b -> Z = 1 after X -> Z = 2 end, Z.\n",
        "f(X) -> receive after X -> ok end.\n",
        "f() -> receive X -> X after infinity -> ok end.\n",
        "f(X) -> try X() of {ok, Y} -> Y; E -> {E} catch throw:T -> T; error:R:S -> {R, S};\n"
        "    _:_ when X > 1 -> z after X(1), X(2) end.\n",
        "f(X) -> try A = X(), B = X(), {A, B} catch C:R -> {C, R, X} end.\n",
        "f(X) -> try try X() after X(1) end after try X(2) after X(3) end end.\n",
        "f(X) -> Y = (catch X()), [catch X(Y) | Y].\n",
        "f(X, Y) -> {X, (fun Z(0) -> Y; Z(N) -> Z(N - 1) end)(X), fun(A) -> fun(B) -> {A, B, X} "
        "end end}.\n",
        "f(X, Y) -> maybe {ok, A} ?= X(), {ok, B} ?= Y(A), C = A + B, {C} else {error, E} -> E "
        "end.\n",
        "f(X) -> maybe 1 ?= X, 2 end.\n",
        "f(X) -> [{A, B} || {A, N} <- X, is_atom(A), B <- g(N), g(B)].\ng(_) -> [].\n",
        "f(X) -> << <<A:N, B/float>> || <<N:4, A:N, B/float>> <= X, A > 3 >>.\n",
        "f(X) -> #{K => V + 1 || K := V <- X, V > 1}.\n",
        "f(X, K) -> #{K := A, {K, 1} := {B, _}} = X, X#{a => A, b := B, c => g(), d := 1}.\ng() -> "
        "1.\n",
        "-record(r, {a, b = g(), c}).\nf(R, X) -> R#r{a = X, c = R#r.b}.\ng() -> #r{_ = 1, a = "
        "2}.\n"
        "h(#r{b = B} = R) when R#r.a =:= B; is_record(R, r) -> #r.c.\n",
        "f(<<N, B:N/binary, C:(N * 2)/bits, R/binary>>, N) -> {B, C, R}; f(<<X/utf8, R/bits>>, _) "
        "-> {X, R}.\n",
        "f(<<A:4, B:4>>, {x, <<A, B>>}) -> 1; f(<<A:8>>, {x, <<A>>}) -> 2; f(_, _) -> 3.\n",
        "f(X, Y) when X and (Y or not X) xor (X > Y) -> X; f(X, Y) when not (X < Y andalso X > 1) "
        "-> Y.\n",
        "f(X) -> (X = g(X)) =:= 1 andalso X > 0.\ng(X) -> X.\n",
        "f(X) -> h(Y = X, 2), Y.\nh(_, _) -> ok.\n",
        "f(X) -> case Y = X() of {Z} -> {Y, Z}; _ -> Y end.\n",
        "f(X) -> Z = case X of {A, B} when A > B -> A; [A | _] -> A; \"abc\" -> 3; \"abd\" ++ T -> "
        "T end, Z.\n",
        "f(X) -> begin Y = X, begin Z = Y end end, {Y, Z}.\n",
        "f(X) -> X orelse X(1) orelse exit(X).\n",
        "f([X | T], [X | U]) -> f(T, U); f([], []) -> true; f(_, _) -> false.\n",
        "f(M, F, A) -> {M:F(A), apply(M, F, A), apply(F, A), apply(M, f, [A]), M:f(), fun M:F/1, "
        "fun f/3, fun m:f/3}.\n",
        "f(X) -> X#{}.\ng(X) -> #{} = X.\n",
        "f(X) -> case X of _ when X -> 1; Y when is_integer(Y), Y rem 2 =:= 0 -> 2; 1.0 -> 3 "
        "end.\n",
        "f(X) -> {A, B} = C = X, [A, B, C].\ng({A, _} = {_, B} = [C | _]) -> {A, B, C}.\n",
        "f(X) when X =:= [] -> 1; f(X) when [] == X; X /= a, X =/= 2 -> 2; f(X) when <<X>> == X -> "
        "3.\n",
        "f(X) -> << X:16/little-signed, (X()):X/binary, \"abc\"/utf16, X/utf8, X/float >>.\n",
        "-on_load(f/0).\n-callback z(any()) -> ok.\nf() -> ok.\n",
    };
    for (size_t i = 0; i < COUNT_OF(sources); i++) {
        char *text = assembly_of(sources[i], false);
        if (text == NULL) {
            printf("refused:\n%s\n", sources[i]);
            fail();
        }
        free(text);
    }
}

TEST(what_the_checks_would_refuse_does_no_harm)
{
    static const char *const sources[] = {
        "f() -> X.\n",
        "f() -> g().\n",
        "f(X) -> case X of 1 -> A = 1; 2 -> ok end, A.\n",
        "f(X) -> #nothing{a = X}.\n",
        "f(X) -> {Y = X, Y}.\n",
        "f(X) -> X#{a := f(Y) || true}.\n",
        "f(X) when f(X) -> X; f(X) when m:f(X) -> X.\n",
        "f(<<X/nonsense>>) -> X.\n",
        "f(f(X)) -> X.\n",
        "f(X) -> case X of 1 -> A = 1; 2 -> B = 1 end, case X of {A, B} -> A end.\n",
        "f(X) -> _.\n",
        "f(X) -> try Y = X catch _:_ -> Y end.\n",
    };
    for (size_t i = 0; i < COUNT_OF(sources); i++) {
        start();
        char text[512];
        int size = snprintf(text, sizeof text, "-module(t).\n%s", sources[i]);
        Diagnostics diagnostics = {0};
        CompileOptions options = {
            .path = "t.erl", .text = text, .text_bytes = (size_t) size, .has_no_checks = true};
        module_destroy(compile_source(&options, &diagnostics)); /* refused, or refused on loading */
        diagnostics_finish(&diagnostics);
    }
}

static char *repeated(const char *head, const char *part, int count, const char *tail)
{
    Text text = {0};
    text_add_string(&text, head);
    for (int i = 0; i < count; i++) {
        text_add_string(&text, part);
    }
    text_add_string(&text, tail);
    return text.bytes; /* the test frees it with mem_free */
}

static void assert_compiles(char *functions)
{
    char *text = assembly_of(functions, true);
    assert_non_null(text);
    free(text);
    mem_free(functions);
}

TEST(long_and_deep_programs_compile)
{
    skip_where_recursion_is_bounded();
    assert_compiles(repeated("f(X) -> X", " + X", 15000, ".\n"));
    assert_compiles(repeated("f(X) -> X", " andalso X", 15000, ".\n"));
    assert_compiles(repeated("f(X) -> X", " ++ X", 14000, ".\n"));
    assert_compiles(repeated("f() -> [1", ", 2", 100000, "].\n"));
    assert_compiles(repeated("f(X) -> [X", ", X", 20000, "].\n"));
    assert_compiles(repeated("f() -> ", "f(), ", 20000, "ok.\n"));
    char *cases = repeated("", "case X of 1 -> ", 2000, "X");
    char *whole = repeated("f(X) -> ", cases, 1, "");
    mem_free(cases);
    assert_compiles(repeated(whole, " end", 2000, ".\n"));
    mem_free(whole);
}

TEST(a_function_that_is_too_large_is_refused)
{
    char *source = repeated("f(X) -> {X", ", X", 40000, "}.\n");
    assert_null(assembly_of(source, true));
    mem_free(source);
}

TEST(an_expression_is_a_module)
{
    start();
    Diagnostics diagnostics = {0};
    const char *text = "X = 1, lists:map(fun(Y) -> X + Y end, [1, 2]).";
    Module *module = compile_expression(atom_of("e"), "eval", text, strlen(text), &diagnostics);
    assert_non_null(module);
    assert_true(module->functions[0].is_exported);
    assert_string_equal("run", atom_name(module->functions[0].name));
    module_destroy(module);
    text = "X + ";
    assert_null(compile_expression(atom_of("e"), "eval", text, strlen(text), &diagnostics));
    assert_int_not_equal(0, diagnostics.error_count);
    diagnostics_finish(&diagnostics);
}
