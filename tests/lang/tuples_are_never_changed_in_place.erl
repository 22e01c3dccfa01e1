%% setelement chains and record updates leave every older version intact.
-module(tuples_are_never_changed_in_place).
-export([main/0]).

main() ->
    T = {a, b, c},
    T2 = setelement(1, T, x),
    T3 = setelement(2, setelement(3, T2, z), y),
    io:format("~w ~w ~w~n", [T, T2, T3]),
    io:format("~w~n", [loop(5, erlang:make_tuple(5, 0), [])]),
    io:format("~w ~w~n", [lit(1), lit(2)]),
    io:format("~w~n", [lit(3)]),
    Self = self(),
    spawn(fun() -> Self ! setelement(1, T, other) end),
    io:format("~w ~w~n", [receive X -> X end, T]).

loop(0, _, Vs) -> lists:reverse(Vs);
loop(N, T, Vs) -> T2 = setelement(N, T, N), loop(N - 1, T2, [T2 | Vs]).

lit(N) -> setelement(2, {literal, 0, [1, 2]}, N).
