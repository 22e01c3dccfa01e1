%% = inside of calls, tuples, operators and heads.
-module(match_expressions_inside_expressions).
-export([main/0]).

main() ->
    io:format("~w~n", [{X = 1, Y = 2, X = 1}]),
    io:format("~w~n", [foo(A = 5)]),
    io:format("~w~n", [A]),
    io:format("~w ~w~n", [X, Y]),
    [B, C] = [D = 3, 4],
    io:format("~w~n", [{B, C, D}]),
    E = F = G = {shared},
    io:format("~w~n", [{E, F, G}]),
    case (H = id(7)) of 7 -> io:format("~w~n", [H]) end,
    io:format("~w~n", [try X = id(2) catch error:R -> R end]),
    {ok, V} = I = id({ok, val}),
    io:format("~w ~w~n", [V, I]),
    _ = id(ignored),
    _Unused = id(also),
    io:format("~w~n", [bar([1, 2, 3])]).

foo(X) -> X * 2.

bar([H | T] = L) -> {H, T, L}.

id(X) -> X.
