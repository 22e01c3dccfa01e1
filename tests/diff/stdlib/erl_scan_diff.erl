%% erl_scan against OTP's: on pieces of Erlang put together at random, whole and in parts, with and
%% without texts, on broken input, and on every short string over a few awkward characters.
-module(erl_scan_diff).
-include("diff.hrl").

run() ->
    [one(X) || X <- fixed()],
    [one(X) || X <- every(4, "a1.\"$\\ \n"), not is_newer(X)],
    [one(X) || X <- every(4, "1#_.eE+a")],
    [one(X) || X <- every(4, "<=>:/-|.+?")],
    times(3000, fun() -> one(piece()) end),
    times(600, fun() -> parts() end),
    [call(erl_scan, format_error, [X]) || X <- [{string, $", "abc"}, {string, $', "a'bc"}, {illegal, atom}, {base, 37}, char, scan, {illegal, character}, foo]],
    [call(erl_scan, F, [T]) || F <- [category, column, end_location, line, location, symbol, text],
        T <- [{atom, 1, foo}, {atom, {1, 2}, foo}, {dot, {1, 2}}, {string, [{text, "\"a\""}, {location, {1, 2}}], "a"}, {'(', 3}]],
    [call(erl_scan, reserved_word, [W]) || W <- ['fun', foo, 'cond', 'let', 'query', 'receive', 'xor', 'of', 1]],
    [call(erl_scan, string, ["a b", A, O]) || {A, O} <- [{0, []}, {a, []}, {{1, 0}, []}, {{0, 1}, []}, {1, x}, {1, [foo]}, {1, return}, {1, text},
        {1, {reserved_word_fun, fun(_) -> true end}}, {1, [{reserved_word_fun, a}]}, {{1, 2}, [return_comments]}]],
    [call(erl_scan, string, [X]) || X <- [a, <<"a">>, [a], [55296], [65534], [65535], [1114112], [16#400]]].

one(X) ->
    call(erl_scan, string, [X]),
    call(erl_scan, string, [X, {3, 5}, [return, text]]),
    value({tokens, X}, fun() -> feed([], [X, eof], {1, 1}) end),
    is_list(X) andalso value({ended, X}, fun() -> ended([], X ++ eof, {1, 1}) end).

%% Text that says itself that it is whole.
ended(C, X, L) ->
    case (module(erl_scan)):tokens(C, X, L) of
        {more, C1} -> {more, ended(C1, [], L)};
        {done, {ok, _, _} = R, Rest} when Rest =/= eof -> [R | ended([], Rest, L)];
        {done, R, Rest} -> {R, Rest}
    end.

%% The same text in pieces of any length.
parts() ->
    X = lists:append(some(1 + pick(4), fun piece/0)),
    is_newer(X) orelse value({parts, X}, fun() -> feed([], cut(X), 1) end).

%% Quotes in a row, other than those of one empty string: OTP 27 takes them for something else.
is_newer(X) -> length([C || C <- X, C =:= $"]) > 2 andalso two_in_row(X).

two_in_row([$", $" | _]) -> true;
two_in_row([_ | T]) -> two_in_row(T);
two_in_row([]) -> false.

cut([]) -> [eof];
cut(X) ->
    N = 1 + pick(5),
    {A, B} = lists:split(min(N, length(X)), X),
    [A | cut(B)].

feed(_, [], _) -> out;
feed(C, [X | T], L) ->
    case (module(erl_scan)):tokens(C, X, L, [text]) of
        {more, C1} -> feed(C1, T, L);
        {done, {error, _, _} = R, _} -> R;
        {done, {eof, _} = R, _} -> R;
        {done, R, eof} -> R;
        {done, R, Rest} -> [R | feed([], [Rest | T], L)]
    end.

piece() ->
    pick({"foo", "Bar", "_x", " ", "  ", "\n", "\n  ", "\t\t", "\t \t", "\r\n", "12", "1_000", "16#fF", "1.5", "1.0e-3", "\"str\"", "\"a\\n\\x{41}b\"",
          "'q a'", "$a", "$\\n", "%c\n", "%% x", ". ", ".\n", "->", "=:=", "<<", ">>", "<-", "||", "#{", "}", "(", ")", ",", ";", "?M", "fun", "case", "end",
          "\"\\^a\"", "$\\x41", "$\\x{3b1}", "$\\101", "..", "...", "::", ":=", "=>", "\"\x{3b1}\"", "é", "a@b", "1.e", "2#12", "\"", "'", "$", "\\", "37#1", "1.0e",
          "`", "@", "\0", "\x{a0}", "16#", "\"\\x{110000}\"", "\"\\xg\"", "when", "+", "-", "1.0e400", "\"ab\ncd\""}).

fixed() ->
    ["", "\"abcdefghijklmnopqrstuvwxyz", "'abcdefghijklmnopqrstuvwxyz", "foo \"abc\n \\x{} ", "a \"\\x{110000}\" ", "\"\\x4", "\"\\x{41", "\"\\^", "$\\^", "$\\^{",
     "'" ++ lists:duplicate(255, $a) ++ "'", "'" ++ lists:duplicate(256, $a) ++ "'", lists:duplicate(300, $a) ++ " b", "A" ++ lists:duplicate(300, $a),
     "a.%c", "a.\n", "\n\n\t \r\n  x", "\t\r \v\f x", "\"\\u\\1\\12\\123\\1234\"", "\"\\8\"", "'a\x{400}b'", "$\x{400}", "% \x{400}\n", "\"a\\\nb\" c", "$\n x", "1_0.0_1e1_0", "1__0",
     "0.0e-400", "00012", "16#_1", "16#1_", "1.0_", "36#zZ", "1#2", "0#1", lists:duplicate(40, 32), lists:duplicate(40, $\t), "\n" ++ lists:duplicate(40, 32), "\n" ++ lists:duplicate(40, $\t), "\x{80}\x{81}", "a\r\rb", "\"\\x{41g}\"",
     [$$, $\\, 16#D800, $a], [$$, $\\, $^, 16#D800, $a], "$\\xg", "$\\x{}a", "$\\x{110000} b", [$", $\\, $^, 16#D800, $", $a], [$', $\\, 16#D800, $']].

every(0, _) -> [[]];
every(N, Alphabet) ->
    Shorter = every(N - 1, Alphabet),
    Shorter ++ [[C | T] || C <- Alphabet, T <- Shorter, length(T) =:= N - 1].
