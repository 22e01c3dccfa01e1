%% <<"abc":Size>> is three integers of one size: an expression that says it runs once, in its place.
-module(sizes_of_strings_are_evaluated_once).
-export([main/0]).

main() ->
    io:format("~w ~w~n", [<<"abc":(next(16))>>, get(n)]),
    io:format("~w ~w~n", [<<(next(1)), "ab":(next(8)), (next(2))>>, get(order)]),
    <<3:16>> = <<3:16, "":(Bound = 42)>>,
    io:format("~w~n", [Bound]),
    io:format("~w~n", [[N || N <- [7, 8], <<"a":N>> =:= <<"a">>, <<"a":(N + 0)>> =:= <<"a">>]]).

next(Value) ->
    put(n, case get(n) of undefined -> 1; N -> N + 1 end),
    put(order, [Value | case get(order) of undefined -> []; Values -> Values end]),
    Value.
