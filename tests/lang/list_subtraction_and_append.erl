%% ++ and -- with duplicates, numbers of both types, improper tails and long lists.
-module(list_subtraction_and_append).
-export([main/0]).

main() ->
    io:format("~w~n", [[[1, 2, 1, 3] -- [1], [1, 2, 1] -- [1, 1, 1], [] -- [1], [1] -- [], [1, 1.0, 2] -- [1.0], "hello" -- "ol"]]),
    io:format("~w~n", [[[] ++ a, [1] ++ a, [] ++ [], [1] ++ [2 | 3]]]),
    io:format("~w~n", [lists:seq(1, 10) -- lists:seq(2, 10, 2) -- [4, 6]]),
    L = lists:seq(1, 3000),
    io:format("~w~n", [length(L -- lists:reverse(lists:seq(1, 3000, 3)))]),
    io:format("~w~n", [[a, b] ++ [c] ++ [d, e] =:= [a, b, c, d, e]]),
    io:format("~w~n", [[{1}, {2}] -- [{1.0}]]),
    io:format("~w~n", [[[X] ++ Y || X <- [1, 2], Y <- [[], [3]]]]).
