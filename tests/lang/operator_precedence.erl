%% Operators bind as the manual's table says.
-module(operator_precedence).
-export([main/0]).

main() ->
    io:format("~w~n", [[1 + 2 * 3, (1 + 2) * 3, 10 - 5 - 2, 100 div 10 div 2, 2 bsl 1 + 1, 7 band 3 + 1, 1 bor 2 band 2]]),
    io:format("~w~n", [[not true or true, not (true or true), 1 + 1 == 2 andalso 2 > 1, 1 < 2 orelse error(never)]]),
    io:format("~w~n", [[1] ++ [2] ++ [3] -- [3] -- []]),
    io:format("~w~n", [[-1 + 2, - (1 + 2), -2 * 3, bnot 5 band 6, - - 5, not not true]]),
    io:format("~w~n", [catch 1 + 2 =:= 3]),
    io:format("~w~n", [[5 rem 3 * 2, 2 * 5 rem 3, 1.0 / 2 / 2, 7 bxor 2 bor 8, 1 bsl 2 bsl 3]]),
    X = Y = 1 + 2,
    io:format("~w ~w~n", [X, Y]),
    self() ! self() ! nested,
    io:format("~w~n", [[receive M1 -> M1 end, receive M2 -> M2 end]]),
    io:format("~w~n", [true and false or true xor true]),
    io:format("~w~n", [#{a => 1 + 1}#{b => 2 * 2}]),
    io:format("~w~n", [(1 == 1) =/= false]).
