%% Non-tail recursion needs no stack limit but memory.
-module(recursion_a_million_deep).
-export([main/0]).

main() ->
    io:format("~w~n", [sum(1000000)]),
    io:format("~w~n", [length(build(1000000))]),
    io:format("~w~n", [depth(nest(1000000, []), 0)]),
    io:format("~w~n", [try deep_throw(300000) catch bottom -> caught_at_top end]).

sum(0) -> 0;
sum(N) -> N + sum(N - 1).

build(0) -> [];
build(N) -> [N | build(N - 1)].

nest(0, Acc) -> Acc;
nest(N, Acc) -> nest(N - 1, [Acc]).

depth([], D) -> D;
depth([X], D) -> depth(X, D + 1).

deep_throw(0) -> throw(bottom);
deep_throw(N) -> 1 + deep_throw(N - 1).
