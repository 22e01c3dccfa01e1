%% Counters, sums and products that grow from small to big and come back.
-module(integers_cross_the_word_border_in_loops).
-export([main/0]).

main() ->
    io:format("~w~n", [doubles(1, 70, [])]),
    io:format("~w~n", [halves(1 bsl 70, [])]),
    io:format("~w~n", [count((1 bsl 59) - 3, 6, [])]),
    io:format("~w~n", [count((1 bsl 60) - 3, 6, [])]),
    io:format("~w~n", [count((1 bsl 61) - 3, 6, [])]),
    io:format("~w~n", [count((1 bsl 63) - 3, 6, [])]),
    io:format("~w~n", [count(-(1 bsl 61) - 3, 6, [])]),
    io:format("~w~n", [count(-(1 bsl 59) - 3, 6, [])]),
    io:format("~w~n", [lists:foldl(fun(X, A) -> A * X - X end, 3, lists:seq(1, 30))]),
    io:format("~w~n", [[A * B || A <- [1 bsl 30, (1 bsl 31) - 1, -(1 bsl 31), 3037000500], B <- [1 bsl 30, (1 bsl 31) + 1, -(1 bsl 32), 3037000500]]]),
    io:format("~w~n", [[-(X) || X <- [-(1 bsl 59), -(1 bsl 60), -(1 bsl 61), -(1 bsl 63), 1 bsl 61]]]),
    io:format("~w~n", [[abs(X) || X <- [-(1 bsl 59), -(1 bsl 60), -(1 bsl 61), -(1 bsl 63)]]]),
    io:format("~w~n", [[X div -1 || X <- [-(1 bsl 59), -(1 bsl 60), -(1 bsl 61), -(1 bsl 63), 1 bsl 61]]]),
    io:format("~w~n", [[(1 bsl S) - (1 bsl (S - 1)) =:= 1 bsl (S - 1) || S <- lists:seq(55, 68)]]),
    io:format("~w~n", [[(1 bsl A) bsr A || A <- lists:seq(55, 68)]]).

doubles(_, 0, Acc) -> lists:sublist(Acc, 12);
doubles(X, N, Acc) -> doubles(X + X, N - 1, [X | Acc]).

halves(1, Acc) -> lists:sublist(Acc, 3);
halves(X, Acc) -> halves(X div 2, [X | Acc]).

count(_, 0, Acc) -> lists:reverse(Acc);
count(X, N, Acc) -> count(X + 1, N - 1, [X | Acc]).
