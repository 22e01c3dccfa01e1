%% Float literals in heads, comparisons with integers, and as map keys.
-module(floats_in_patterns_guards_and_keys).
-export([main/0]).

main() ->
    io:format("~w~n", [[f(X) || X <- [1.0, 1, 2.5, -2.5, 1.0e10, 10000000000, 0.1, a]]]),
    io:format("~w~n", [[g(X) || X <- [1.0, 1, 1.5, 2, 2.0, -1.0]]]),
    M = #{1.5 => a, 2.0 => b, 2 => c},
    io:format("~w ~w ~w ~w~n", [maps:get(1.5, M), maps:get(2.0, M), maps:get(2, M), maps:find(3.0, M)]),
    io:format("~w~n", [[X || X <- [1, 1.0, 2, 2.0, 3], X == 2]]),
    io:format("~w~n", [lists:member(1.0, [1, 2])]),
    io:format("~w~n", [[1, 2.0] -- [1.0, 2.0]]),
    io:format("~w~n", [lists:keyfind(1.0, 1, [{1, int}, {1.0, float}])]),
    io:format("~w~n", [[A + B || A <- [0.1, 1], B <- [0.2, 2]]]),
    io:format("~w~n", [sum([0.1, 0.2, 0.3, 0.4], 0)]).

f(1.0) -> one; f(2.5) -> two_and_half; f(-2.5) -> minus; f(1.0e10) -> big; f(X) when is_float(X) -> float; f(_) -> other.

g(X) when X == 1 -> eq_one; g(X) when X > 1, X < 2 -> between; g(X) when X >= 2.0 -> two_up; g(_) -> less.

sum([], S) -> S;
sum([X | R], S) -> sum(R, S + X).
