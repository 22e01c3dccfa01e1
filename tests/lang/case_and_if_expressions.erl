%% case and if choose the first clause that fits, and raise when none does.
-module(case_and_if_expressions).
-export([main/0]).

main() ->
    io:format("~w~n", [[classify(X) || X <- [0, 5, -5, a, [1], 100]]]),
    io:format("~w~n", [[sign(X) || X <- [0, 5, -5]]]),
    io:format("~w~n", [try case id(zz) of a -> 1; b -> 2 end catch C:R -> {C, R} end]),
    io:format("~w~n", [try if_none(id(3)) catch C2:R2 -> {C2, R2} end]),
    Y = case id(1) of 1 -> Z = 10, Z + 1; _ -> Z = 20, Z + 2 end,
    io:format("~w ~w~n", [Y, Z]).

classify(X) ->
    case X of
        0 -> zero;
        N when is_integer(N), N > 50 -> large;
        N when is_integer(N), N > 0; N =:= a -> positive_or_a;
        [_ | _] -> list;
        _ -> other
    end.

sign(X) ->
    if
        X > 0 -> plus;
        X < 0 -> minus;
        true -> zero
    end.

if_none(X) -> if X =:= 1 -> a; X =:= 2 -> b end.

id(X) -> X.
