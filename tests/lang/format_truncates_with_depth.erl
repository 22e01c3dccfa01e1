%% ~P and ~W cut terms at a depth; ~W of improper and deep terms.
-module(format_truncates_with_depth).
-export([main/0]).

main() ->
    T = {a, [1, 2, 3, 4, 5, 6, 7], {b, {c, {d, {e}}}}, "string", #{k => [1, 2, 3]}},
    [io:format("~W~n~P~n", [T, D, T, D]) || D <- [1, 2, 3, 5, 8, 20]],
    io:format("~W ~W~n", [[a, b | c], 2, [a | b], 5]),
    io:format("~P~n", [lists:seq(1, 100), 12]).
