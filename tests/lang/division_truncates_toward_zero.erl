%% div and rem for all signs, and division by zero.
-module(division_truncates_toward_zero).
-export([main/0]).

main() ->
    [io:format("~w div ~w = ~w, rem ~w~n", [A, B, A div B, A rem B])
     || A <- [7, -7, 1 bsl 70, -(1 bsl 70)], B <- [2, -2, 3, -3, 1 bsl 65, -(1 bsl 65)]],
    io:format("~w~n", [[catch_it(fun() -> id(1) div id(0) end), catch_it(fun() -> id(1) rem id(0) end),
                        catch_it(fun() -> id(1) / id(0) end), catch_it(fun() -> id(1.0) / id(0.0) end),
                        catch_it(fun() -> id(1.0) div id(2) end), catch_it(fun() -> id(1 bsl 80) rem id(0) end)]]),
    io:format("~w~n", [[7 / 2, -7 / 2, 6 / 3, 1 / 3, (1 bsl 70) / (1 bsl 69)]]).

id(X) -> X.

catch_it(F) -> try F() catch C:R -> {C, R} end.
