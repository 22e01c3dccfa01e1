%% The value of each form of try; side effects of after do not change it.
-module(try_returns_values_and_binds_nothing).
-export([main/0]).

main() ->
    A = try 1 + 1 of 2 -> two after ignored end,
    B = try error(x) catch error:x -> handled after ignored end,
    C = try 5 after put(k, v) end,
    io:format("~w ~w ~w ~w~n", [A, B, C, get(k)]),
    D = (try throw(1) catch throw:N -> N + 1 end) + 10,
    io:format("~w~n", [D]),
    E = [try F() catch _:R -> R end || F <- [fun() -> 1 end, fun() -> exit(2) end, fun() -> throw(3) end, fun() -> error(4) end]],
    io:format("~w~n", [E]),
    io:format("~w~n", [try X = 3, X * 2 of Y when Y > 5 -> {big, Y}; Y -> Y catch _:_ -> none end]),
    G = try begin H = id(1), H + 1 end catch _:_ -> 0 end,
    io:format("~w~n", [G]).

id(X) -> X.
