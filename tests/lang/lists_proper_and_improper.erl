%% Building and taking apart lists.
-module(lists_proper_and_improper).
-export([main/0]).

main() ->
    io:format("~w ~w ~w~n", [[1, 2 | 3], [1 | [2 | []]], [[]]]),
    io:format("~p ~p~n", [[a | b], ["ab" | "cd"]]),
    [H | T] = [1, 2, 3],
    io:format("~w ~w ~w ~w~n", [H, T, hd([1 | 2]), tl([1 | 2])]),
    io:format("~w ~w~n", [[1, 2] ++ [3], [1, 2] ++ 3]),
    io:format("~w~n", [[1, 2, 3, 2, 1] -- [2, 1]]),
    io:format("~w~n", [[1] ++ [2] ++ [3] -- [1] -- [2]]),
    io:format("~w~n", [[try F() catch C:R -> {C, R} end
                        || F <- [fun() -> hd(id([])) end, fun() -> tl(id([])) end, fun() -> length(id([1 | 2])) end,
                                 fun() -> id(a) ++ [1] end, fun() -> [1 | id(2)] -- [1] end, fun() -> hd(id(x)) end,
                                 fun() -> [1, 2 | id(c)] ++ [] end, fun() -> length(id(5)) end]]]),
    io:format("~w~n", [length(lists:seq(1, 1000))]).

id(X) -> X.
