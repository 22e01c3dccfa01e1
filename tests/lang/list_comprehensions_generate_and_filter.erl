%% Generators, filters, nesting, patterns that skip, strings.
-module(list_comprehensions_generate_and_filter).
-export([main/0]).

main() ->
    io:format("~w~n", [[X * X || X <- lists:seq(1, 10), X rem 2 =:= 1]]),
    io:format("~w~n", [[{X, Y} || X <- [1, 2, 3], Y <- [a, b], X =/= 2]]),
    io:format("~w~n", [[{X, Y} || X <- [1, 2, 3], Y <- lists:seq(X, 3)]]),
    io:format("~w~n", [[V || {ok, V} <- [{ok, 1}, error, {ok, 2}, {error, 3}, ok]]]),
    io:format("~w~n", [[X || X <- "abc", X > $a]]),
    io:format("~w~n", [[[Y || Y <- L, Y > 1] || L <- [[1, 2], [3], []]]]),
    io:format("~w~n", [[x || true]]),
    io:format("~w~n", [[x || false]]),
    io:format("~w~n", [[X || X <- [1, a, "s", 2], is_integer(X), X > 1]]),
    io:format("~w~n", [[X || X <- [[1], [], [2]], hd(X) > 0]]),
    X = outer,
    io:format("~w ~w~n", [[X || X <- [inner]], X]),
    io:format("~w~n", [[A + B || {A, B} <- lists:zip([1, 2, 3], [10, 20, 30])]]),
    io:format("~w~n", [try [Z || Z <- id(not_a_list)] catch C1:R1 -> {C1, R1} end]),
    io:format("~w~n", [try [Z || Z <- [1, 2 | id(tail)]] catch C2:R2 -> {C2, R2} end]),
    io:format("~w~n", [try [Z || Z <- [1, 2], id(Z)] catch C3:R3 -> {C3, R3} end]),
    io:format("~w~n", [pythagoras(20)]).

pythagoras(N) ->
    [{A, B, C} || A <- lists:seq(1, N), B <- lists:seq(A, N), C <- lists:seq(B, N), A * A + B * B =:= C * C].

id(X) -> X.
