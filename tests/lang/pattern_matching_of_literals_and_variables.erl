%% Matching with =, in case, with repeated variables and aliases.
-module(pattern_matching_of_literals_and_variables).
-export([main/0]).

main() ->
    {A, B} = {1, 2},
    {A, C} = {1, 3},
    io:format("~w ~w ~w~n", [A, B, C]),
    io:format("~w~n", [try {A, _} = id({2, x}) catch Cl:R -> {Cl, R} end]),
    X = Y = id(7),
    io:format("~w ~w~n", [X, Y]),
    {P, Q} = T = {Q2 = 5, [P2 | _] = [6, 7]},
    io:format("~w ~w ~w ~w ~w~n", [P, Q, T, Q2, P2]),
    [io:format("~w -> ~w~n", [V, f(V)])
     || V <- [1, 1.0, a, "str", "string", {x, x}, {x, y}, [1, 2, 3], [1], [], -5, 1 bsl 80, {nested, {a, [b, {c}]}}, $a, {1.0, 2}]].

f(1) -> one;
f(1.0) -> float_one;
f(a) -> atom;
f("str") -> exactly_str;
f("str" ++ Rest) -> {prefix, Rest};
f({X, X}) -> {same, X};
f({nested, {a, [B, {C}]} = Inner}) -> {B, C, Inner};
f([A, _, C]) -> {three, A, C};
f([_] = L) -> {single, L};
f([]) -> nil;
f(-5) -> minus_five;
f(16#1_0000_0000_0000_0000_0000) -> big;
f($a) -> char_a;
f({1.0, N}) -> {float_first, N};
f(_) -> other.

id(X) -> X.
