%% How ~p and its kin break lines: 20,000 random terms, widths from 1 to 120, columns from 1 to 60;
%% records by their fields, funs, deep and long terms.
-module(layout_diff).
-include("diff.hrl").

run() ->
    times(8000, fun() ->
        T = deep_term(),
        Width = width(),
        shown("~*p", [Width, T]),
        shown(pick({"~*.*p", "~*.*tp", "~*.*lp"}), [Width, 1 + pick(60), T]),
        shown(pick({"~*P", "~*tP"}), [Width, T, 1 + pick(25)]),
        shown("abc ~s: ~tp and~n~p~n", [text_of(pick(50)), T, deep_term()])
    end),
    times(4000, fun() ->
        T = record_term(4),
        printed(T, [{column, 1 + pick(40)}, {line_length, width()}, {depth, pick({-1, -1, 1 + pick(20)})},
                    {line_max_chars, pick({-1, 20 + pick(80)})}, {record_print_fun, fun fields/2},
                    {encoding, pick({latin1, utf8, unicode})}, {strings, pick({true, true, false})}]),
        printed(T, fun fields/2)
    end),
    [shown(F, [N, T]) || T <- long(), N <- [10, 20, 40, 79, 80, 81, 120, 400], F <- ["~*p", "~*tp"]],
    [shown("~P", [T, D]) || T <- long(), D <- [0, 1, 2, 3, 5, 10, 30, 100]].

width() -> pick({1 + pick(20), 20 + pick(100), 20 + pick(100), 60 + pick(40), 80}).

shown(Format, Args) ->
    value({Format, Args}, fun() -> lists:flatten(apply(module(io_lib), format, [Format, Args])) end).

printed(T, Options) ->
    value({print, T, [O || O <- options(Options), not is_function(element(2, O))]},
          fun() -> lists:flatten(apply(module(io_lib_pretty), print, [T, Options])) end).

options(Options) when is_list(Options) -> Options;
options(_) -> [].

fields(person, 3) -> [name, age, 'home address'];
fields(point, 2) -> [x, y];
fields(empty, 0) -> [];
fields(tree, 3) -> [value, left, right];
fields(_, _) -> no.

deep_term() ->
    case pick(10) of
        0 -> term(5);
        1 -> [term(3) || _ <- lists:seq(1, pick(30))];
        2 -> [{atom(), term(2)} || _ <- lists:seq(1, 1 + pick(20))];
        3 -> list_to_tuple([atom() | [term(2) || _ <- lists:seq(1, pick(12))]]);
        4 -> maps:from_list([{int(), term(3)} || _ <- lists:seq(1, pick(16))]);
        5 -> maps:from_list([{atom(), maps:from_list([{text_list(), term(2)}])} || _ <- lists:seq(1, 1 + pick(8))]);
        6 -> lists:seq(1, pick(120));
        7 -> nest(1 + pick(30), term(1));
        _ -> term(4)
    end.

nest(0, T) -> T;
nest(N, T) ->
    nest(N - 1, case pick(6) of
        0 -> [T];
        1 -> {T};
        2 -> {atom(), T};
        3 -> #{atom() => T};
        4 -> [int(), T, atom()];
        5 -> {int(), T, text_list()}
    end).

record_term(0) -> term(1);
record_term(N) ->
    case pick(8) of
        0 -> {person, text_list(), int(), record_term(N - 1)};
        1 -> {point, float(), record_term(N - 1)};
        2 -> {empty};
        3 -> {tree, term(1), record_term(N - 1), record_term(N - 1)};
        4 -> {other, record_term(N - 1), atom()};
        5 -> [record_term(N - 1) || _ <- lists:seq(1, pick(6))];
        6 -> #{atom() => record_term(N - 1), int() => record_term(N - 1)};
        7 -> term(2)
    end.

text_of(N) -> [$a + I rem 26 || I <- lists:seq(1, N)].

long() ->
    [lists:seq(1, 3000), [text_of(500)], text_of(1000), list_to_binary(text_of(1000)), <<0:8000>>, <<1:8001>>,
     list_to_tuple(lists:seq(1, 1000)), maps:from_list([{I, I * I} || I <- lists:seq(1, 30)]),
     lists:foldl(fun(I, T) -> {I, T} end, end_, lists:seq(1, 100)),
     lists:foldl(fun(_, T) -> [T] end, [], lists:seq(1, 300)),
     lists:foldl(fun(I, T) -> #{I => T} end, [], lists:seq(1, 60)),
     [[I, text_of(I), {I, <<I>>}] || I <- lists:seq(1, 60)], 1 bsl 3000, -(1 bsl 500), 'a long atom with blanks in it',
     {text_of(100), text_of(100)}, [text_of(70) | text_of(70)], "a" ++ [228, 945, 8364, 128512] ++ text_of(90)].
