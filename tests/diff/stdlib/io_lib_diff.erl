%% io_lib against OTP's: control sequences, pretty printing of random terms, quoting, classes of text.
-module(io_lib_diff).
-include("diff.hrl").

run() ->
    formats(),
    scanning(),
    classes(),
    quoting(),
    writing(),
    prompts(),
    pretty(),
    limits().

%% Text in, flat text out.
format(Format, Args) ->
    value({Format, Args}, fun() -> lists:flatten((module(io_lib)):format(Format, Args)) end).

format(Format, Args, Options) ->
    value({Format, Args, Options}, fun() -> lists:flatten((module(io_lib)):format(Format, Args, Options)) end).

flat(F, Args) ->
    value({F, Args}, fun() -> lists:flatten(apply(module(io_lib), F, Args)) end).

formats() ->
    Floats = [0.25, 2.675, 1.0, 1, 123456.789, -0.0, 1.0e22, 1.0e-7, 9999.9999999, 0.05, 0.1, 99999.5,
              5.0e-324, 1.7976931348623157e308, -1.5, 9.5, 0.95, 0.0001, a],
    [format(F, [X]) || X <- Floats,
        F <- ["~f", "~.1f", "~.0f", "~.2f", "~10f", "~-15.2f|", "~e", "~.1e", "~.3e", "~.2e", "~g", "~.1g",
              "~.3g", "~.30f", "~.25e", "~15.4.0g", "~-15.4.0g", "~.10f", "~15e", "~3f", "~1f", "~w", "~p"]],
    [format(F, [X]) || F <- ["~c", "~5c", "~5.3c", "~-5.3cx", "~tc", "~10.3.xc", "~3.5c", "~.3c", "~-4tc|"],
                       X <- [$a, 256, -1, a, 945, 16#110000, "a"]],
    Texts = ["abcdef", abc, <<"abcd">>, [<<"ab">>, $c, "d"], 12, [256], "", <<1:3>>, 'x\x{3b1}', ["\x{3b1}"],
             [a], [[["deep"] | <<"er">>]], <<206, 177>>, <<255>>, "e\x{301}x", [255, 254], {}],
    [format(F, [X]) || X <- Texts,
        F <- ["~s", "~10s", "~-10sx", "~.3s", "~10.3s", "~-10.3sx", "~3.10s", "~3s", "~10.10.-s", "~0s",
              "~ts", "~10ts", "~-10tsx", "~.3ts", "~10.3ts", "~-10.3tsx", "~3ts", "~2.2ts", "~ls", "~5.5s"]],
    [format(F, [X]) || X <- [255, -255, 0, a, 1 bsl 70, 1.0],
        F <- ["~b", "~5b", "~.16b", "~.16B", "~-8.16bx", "~5.10.0b", "~.37b", "~.1b", "~+", "~#", "~.16#",
              "~.16+", "~10.16.-#", "~10.2+", "~.36B", "~B", "~3.16.0B"]],
    [format(F, [X, P]) || X <- [255, -255, 0, a], P <- ["0x", a, <<"q">>, 7, [], [[$a], $b]],
        F <- ["~x", "~.16x", "~.16X", "~10.16.0X", "~-10.16Xy", "~X", "~3.16x"]],
    Terms = [abcdef, [1, 2, 3], "abc", '\x{3b1}', "\x{3b1}", {a, "b", <<"c">>}, #{a => "x"}, "\e\t", <<"\x{3b1}"/utf8>>],
    [format(F, [X]) || X <- Terms,
        F <- ["~w", "~10w", "~-10wx", "~3w", "~.3w", "~10.3w", "~10..*w", "~p", "~10p", "~-10p", "~10.5p",
              "~.5p", "~lp", "~tlp", "~ltp", "~tw", "~tp", "~lw", "~i", "~n", "~~", "~ap", "~", "~1", "~1.", "~1.2.",
              "~1.2.x", "~tb", "~ts", "~q", "a~pb", "~2.3.xw", "~20.10.xw", "~-20.10.xw", "~t", "~l", "~1p", "~0p"]],
    [format(F, A) || {F, A} <- [
        {"~*w", [5, a]}, {"~*w", [-5, a]}, {"~*.*w", [5, 2, a]}, {"~*.*.*w", [8, 5, $x, a]}, {"~w", []},
        {"~w", [1, 2]}, {"abc", []}, {abc, []}, {<<"a~w">>, [1]}, {"~*w", [a, a]}, {"~W", [[a, b, c], 2]},
        {"~P", [[a, b, c], 2]}, {"~W", [[a, b, c], a]}, {"~P", [[a, b, c], -1]}, {"~n~p", [lists:seq(1, 40)]},
        {"abc\t~p", [lists:seq(1, 40)]}, {"abc~tp~p", ["d\n", lists:seq(1, 40)]}, {"~5n", []}, {"~-5n", []},
        {"~3~x", []}, {"~5.2~x", []}, {"~-*w|", [5, a]}, {"~-*w|", [-5, a]}, {"~s~p~s~p", ["ab\n", "x", "y", lists:seq(1, 50)]},
        {"~p~n~p", [lists:seq(1, 40), {lists:seq(1, 40)}]}, {"xyz ~p", [#{a => lists:seq(1, 40)}]}, {12, []},
        {"a", b}, {"\x{3b1}~w", [a]}, {<<"\x{3b1}~w"/utf8>>, [a]}, {"~i~w", [1, 2]}, {"a~ib", [x]}]].

scanning() ->
    Drop = fun(Items) -> [case is_map(I) of true -> maps:remove(maps_order, I); false -> I end || I <- Items] end,
    Cases = [{"a~5.3.xtpb", [x]}, {"~-10w~n~~", [1]}, {"~P~W", [1, 2, 3, 4]}, {"~s", ["a"]}, {"~*s", [-7, "a"]},
             {"~.*f", [3, 1.0]}, {"~..*s", ["q"]}, {"~tlp", [1]}, {"~q", []}, {"~w", []}],
    [begin
        value({scan, F, A}, fun() -> Drop((module(io_lib)):scan_format(F, A)) end),
        value({unscan, F, A}, fun() -> (module(io_lib)):unscan_format((module(io_lib)):scan_format(F, A)) end),
        value({build, F, A}, fun() ->
            lists:flatten((module(io_lib)):build_text((module(io_lib)):scan_format(F, A))) end)
     end || {F, A} <- Cases],
    [call(io_lib, indentation, [S, N]) || S <- ["", "abc", "a\nb", "\t", "ab\tc", ["a", ["\n", "b"]], "\n"], N <- [0, 3, 8]].

classes() ->
    Lists = [[], "abc", [256], [16#D800], [16#110000], [-1], [a], "a\n\t\e", [1, 2], [127], [128], [160], [255],
             ["a", ["b"], []], ["a" | b], a, 1, <<"x">>, [<<"x">>], [[256]], [[16#FFFE]], [16#FFFF], [[[[]]]], "\d", [14]],
    [call(io_lib, F, [L]) || L <- Lists,
        F <- [latin1_char_list, char_list, deep_char_list, deep_latin1_char_list, deep_unicode_char_list,
              printable_list, printable_latin1_list, printable_unicode_list]],
    [call(io_lib, chars_length, [L]) || L <- ["", "abc", ["a", [["b"]], $c], "\r\n", "e\x{301}", [1, [2 | "x"]]]].

quoting() ->
    Atoms = [a, 'A', '', 'a b', 'end', 'and', 'aÿ', 'ÿa', 'a÷', 'x@y', '_x', 'a\n', 'a\'b', '\x{3b1}b', 'a\x{3b1}', 'a1_B',
             '1a', 'not', 'receive', '\\', '\x7f', '\x80', 'ß', '÷', 'Éa', 'a"b'],
    [begin
        flat(F, [A])
     end || A <- Atoms, F <- [write_atom, write_atom_as_latin1, write]],
    [call(io_lib, quote_atom, [A, atom_to_list(A)]) || A <- Atoms],
    Strings = ["", "abc", [0], [1, 7, 8, 9, 10, 11, 12, 13, 27, 127, 128, 159, 160, 255], "a\"b'c\\", [256, 945], "a\x{1f600}", a, [a]],
    [flat(F, [S]) || S <- Strings, F <- [write_string, write_latin1_string, write_unicode_string, write_string_as_latin1]],
    [flat(F, [S, Q]) || S <- Strings, Q <- [$', $"], F <- [write_string, write_latin1_string, write_string_as_latin1]],
    [flat(F, [C]) || C <- [$a, $\s, $\n, 0, 7, 27, 127, 128, 160, 255, 256, 945, $', $", $\\, -1, a],
        F <- [write_char, write_latin1_char, write_unicode_char, write_char_as_latin1]].

writing() ->
    times(600, fun() ->
        T = term(),
        flat(write, [T]),
        [flat(write, [T, D]) || D <- [0, 1, 2, 3, 4, 6, 9]],
        flat(write, [T, [{depth, 1 + pick(20)}, {encoding, pick({latin1, unicode, utf8})}]]),
        flat(print, [T]),
        flat(print, [T, 1 + pick(20), 20 + pick(80), pick(20)])
    end),
    [flat(write, [T, O]) || T <- [a, [1, 2, 3], 'é', '\x{3b1}'], O <- [[], [{depth, 2}], [{chars_limit, 5}], [{encoding, latin1}], a]].

prompts() ->
    [begin
        flat(format_prompt, [P]),
        flat(format_prompt, [P, unicode])
     end || P <- ["a> ", a, <<"b">>, {format, "~w> ", [1]}, {format, "~w", []}, 1, {x}, [a], "\x{3b1}", [x | y]]].

pretty() ->
    times(3000, fun() ->
        T = term(6),
        format("~p", [T]),
        format("~tp", [T]),
        format(pick({"~lp", "~ltp", "~10p", "~20p", "~30p", "~40p", "~60p", "~120p", "~200p", "   ~p", "~80.10p", "~40.30p",
                     "~.20p", "abc def ghi: ~p"}), [T]),
        format("~P", [T, pick(30)]),
        format(pick({"~tP", "~ltP", "~20P", "~50P"}), [T, pick(30)]),
        format("~p and ~P and ~w", [T, T, pick(15), T])
    end),
    times(300, fun() ->
        N = pick(200),
        L = some(N, fun() -> pick({int(), pick(1000), float(), atom(), pick(10)}) end),
        format("~p", [L]),
        format("~p", [list_to_tuple(L)]),
        format("~p", [{atom(), L}]),
        format("~p", [#{atom() => L, atom() => list_to_binary([X band 255 || X <- L, is_integer(X)])}]),
        format("~P", [L, pick(100)]),
        format("~p", [{atom(), [{atom(), L}, list_to_binary(some(N, fun() -> pick(256) end))]}])
    end).

limits() ->
    times(1500, fun() ->
        T = term(5),
        Limit = pick({pick(20), pick(100), pick(400)}),
        format("~p", [T], [{chars_limit, Limit}]),
        format("~w", [T], [{chars_limit, Limit}]),
        format("~tp|~s|~ts|~W", [T, "some text that is long", <<"and more">>, term(3), pick(10)], [{chars_limit, Limit}]),
        format("~0p and ~20s", [T, text_latin1()], [{chars_limit, Limit}])
    end).

text_latin1() -> [C || C <- text_list(), C < 256].
