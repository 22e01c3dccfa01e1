%% string against OTP's. Results that mix lists and binaries are compared as text: how a rest is
%% nested is not told by the manual.
-module(string_diff).
-include("diff.hrl").

run() ->
    documented(),
    old(),
    random().

%% Flat lists and binaries in: the result must be the same term. Else the same text.
string(F, [S | _] = Args) ->
    case is_binary(S) orelse (is_list(S) andalso lists:all(fun is_integer/1, S)) of
        true -> call(string, F, Args);
        false -> value({F, Args}, fun() -> flat(apply(module(string), F, Args)) end)
    end.

flat(T) when is_tuple(T) -> list_to_tuple([flat(X) || X <- tuple_to_list(T)]);
flat(X) -> text_of(X).

text_of(X) ->
    try unicode:characters_to_list(X) catch error:_ -> X end.

strings() ->
    ["", "abc", "  ab cd  ", <<>>, <<"abc">>, <<"  ab\tcd \n">>, "a\r\nb\n", [$a, $e, 769, $x], <<"åäö"/utf8>>, "ABCdef", "aaa", <<"aaa">>,
     [16#1F468, 16#200D, 16#1F469, $a], "ß", "hello world hello", <<"hello world hello">>, "..x..", "x\r\n\r\n", "12ab", "å", [97, 778, 98]].

mixed() -> [["ab", <<"cd ">>, "e"], [[], <<>>], [[["x"]], <<" y ">>], [" a", "b "], [<<"ab">> | <<"c">>]].

bad() -> [a, 1, <<255>>, [a], [<<255>>, "a"], {}, <<"ab", 255>>].

documented() ->
    All = strings() ++ bad(),
    Every = All ++ mixed(),
    One = [is_empty, length, to_graphemes, reverse, uppercase, lowercase, titlecase, casefold, trim, chomp,
           to_integer, to_float, next_codepoint, next_grapheme],
    [string(F, [S]) || F <- One, S <- Every, is_list(S) orelse is_binary(S) orelse F =/= titlecase, S =/= [<<255>>, "a"] orelse (F =/= trim andalso F =/= chomp)],
    Patterns = ["", "a", <<"b">>, "ab", " ", "\n", "\r\n", "x", [769], "hello", <<"lo">>, [$e, 769], "aa"],
    [string(F, [S, P]) || F <- [prefix, find, split], S <- strings() ++ mixed(), P <- Patterns],
    [string(F, [S, P, D]) || F <- [find, split], S <- strings() ++ mixed(), P <- Patterns, D <- [leading, trailing]],
    [string(replace, [S, P, "NEW", D]) || S <- strings(), P <- Patterns, D <- [leading, trailing, all]],
    Sets = ["", " ", "ab", "\r\n", ["\r\n"], ["\r\n", $\n], [[$e, 769]], "xl."],
    [string(F, [S, Set]) || F <- [lexemes, take], S <- strings() ++ mixed(), Set <- Sets],
    [string(trim, [S, D, Set]) || S <- strings() ++ mixed(), D <- [leading, trailing, both], Set <- Sets],
    [string(trim, [S, D]) || S <- strings(), D <- [leading, trailing, both, x]],
    [string(take, [S, Set, C, D]) || S <- strings(), Set <- Sets, C <- [true, false], D <- [leading, trailing]],
    [string(nth_lexeme, [S, N, Set]) || S <- strings(), N <- [1, 2, 3, 0], Set <- tl(Sets)],
    [string(slice, [S, N]) || S <- strings() ++ mixed(), N <- [0, 1, 2, 5, -1, a]],
    [string(slice, [S, N, M]) || S <- strings() ++ mixed(), N <- [0, 1, 2, 9], M <- [0, 1, 2, 9, infinity, -1, x]],
    [string(pad, [S, N, D, C]) || S <- strings(), N <- [0, 3, 6, 7, -1, x], D <- [leading, trailing, both, x], C <- [$x, [$e, 769]]],
    [string(equal, [A, B]) || A <- strings(), B <- strings() ++ mixed()],
    [string(equal, [A, B, C]) || A <- strings(), B <- strings(), C <- [true, false]],
    [string(equal, [A, B, C, N]) || A <- strings(), B <- strings(), C <- [true, false], N <- [none, nfc, nfd, nfkc, nfkd]],
    [string(F, [S]) || F <- [to_integer, to_float], S <- ["1", "-1", "+1x", "1.5", "1,5", "-1.5e3x", "1.5e", "1.5e+", "1.", ".5", "", "x", <<"12x">>,
        <<"1.5x">>, "1e5", "1.0e999", ["1", <<"2">>], "--1", "0001", "1_000", "99999999999999999999", " 1"]].

old() ->
    Ss = ["", "abc", "  ab  cd  ", "abcabc", "a.b..c", <<"abc">>, a],
    [call(string, F, [S]) || F <- [len, words, strip, to_upper, to_lower, list_to_float, list_to_integer], S <- Ss ++ [$a, $A, $é]],
    [call(string, F, [S, T]) || F <- [concat, str, rstr, span, cspan, tokens], S <- Ss, T <- ["", "a", "bc", " .", "abc"]],
    [call(string, F, [S, C]) || F <- [chr, rchr, words], S <- Ss, C <- [$a, $c, $., x]],
    [call(string, F, [S, N]) || F <- [substr, copies, left, right, centre, sub_word, sub_string], S <- Ss, N <- [0, 1, 2, 3, 4, 5, 10, -1, a]],
    [call(string, F, [S, N, M]) || F <- [substr, sub_string], S <- Ss, N <- [0, 1, 2, 4, 5], M <- [0, 1, 3, 9, -1]],
    [call(string, F, [S, N, $.]) || F <- [left, right, centre, sub_word], S <- Ss, N <- [0, 2, 5, 8]],
    [call(string, strip, [S, D]) || S <- Ss, D <- [left, right, both, x]],
    [call(string, strip, [S, D, $a]) || S <- Ss, D <- [left, right, both]],
    [call(string, chars, [C, N]) || C <- [$x, a], N <- [0, 3, -1, a]],
    [call(string, chars, [$x, 2, T]) || T <- ["", "yz"]],
    [call(string, join, [L, S]) || L <- [[], ["a"], ["a", "b", "c"], a], S <- ["", ", ", x]].

random() ->
    times(2000, fun() ->
        L = some(pick(15), fun() -> pick({$a, $b, $c, $\s, $\n, 228, 769, 945, 16#1F600, 16#1F1E6, 16#1F1E7, $a, $b}) end),
        S = pick({L, unicode:characters_to_binary(L)}),
        P = some(1 + pick(2), fun() -> pick({$a, $b, $\s, $\n, 228, 769}) end),
        Set = some(1 + pick(3), fun() -> pick({$a, $b, $\s, "\r\n", 228, [$a, 769]}) end),
        [string(F, [S, P, D]) || F <- [find, split], D <- [leading, trailing]],
        string(split, [S, P, all]),
        string(prefix, [S, P]),
        string(lexemes, [S, Set]),
        [string(trim, [S, D, Set]) || D <- [leading, trailing, both]],
        [string(take, [S, Set, C, D]) || C <- [true, false], D <- [leading, trailing]],
        string(slice, [S, pick(6)]),
        string(slice, [S, pick(6), pick(6)]),
        [string(F, [S]) || F <- [length, to_graphemes, reverse, uppercase, titlecase, casefold]]
    end).
