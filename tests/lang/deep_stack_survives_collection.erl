%% A hundred thousand frames with live variables while the heap is collected.
-module(deep_stack_survives_collection).
-export([main/0]).

main() ->
    io:format("~w~n", [deep(100000)]),
    io:format("~w~n", [length(build(300000))]),
    io:format("~w~n", [mixed(20000)]).

deep(0) -> 0;
deep(N) ->
    T = {N, [N, N + 1]},
    R = deep(N - 1),
    {N, [A, B]} = T,
    if N rem 50000 =:= 0 -> erlang:garbage_collect(); true -> ok end,
    (R + A + B) rem 1000003.

build(0) -> [];
build(N) -> B = integer_to_binary(N), [B | build(N - 1)].

mixed(0) -> {0, #{}};
mixed(N) ->
    F = fun(X) -> X + N end,
    {S, M} = mixed(N - 1),
    case N rem 1000 of
        0 -> {S + F(1), M#{N => <<N:32>>}};
        _ -> {S + F(0), M}
    end.
