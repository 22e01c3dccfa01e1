%% Millions of live words survive explicit and implicit collections, young and old.
-module(garbage_collect_and_big_live_data).
-export([main/0]).

main() ->
    T = tree(17),
    io:format("~w~n", [sum(T)]),
    churn(200, T),
    io:format("~w~n", [sum(T)]),
    true = erlang:garbage_collect(),
    io:format("~w~n", [sum(T)]),
    L = lists:seq(1, 300000),
    M = maps:from_list([{I, {I, [I]}} || I <- lists:seq(1, 20000)]),
    true = erlang:garbage_collect(self()),
    io:format("~w ~w~n", [lists:sum(L), lists:sum([I || {I, [I]} <- maps:values(M)])]),
    P = spawn(fun() -> X = lists:seq(1, 100000), receive {sum, To} -> To ! {s, lists:sum(X)} end end),
    io:format("~w~n", [erlang:garbage_collect(P)]),
    P ! {sum, self()},
    io:format("~w~n", [receive {s, S} -> S end]),
    {D, Mon} = spawn_monitor(fun() -> ok end),
    receive {'DOWN', Mon, _, _, _} -> ok end,
    io:format("~w~n", [erlang:garbage_collect(D)]).

tree(0) -> 1;
tree(N) -> {N, tree(N - 1), [tree(N - 1)]}.

sum(1) -> 1;
sum({N, L, [R]}) -> N + sum(L) + sum(R).

churn(0, _) -> ok;
churn(N, T) -> _ = lists:map(fun(X) -> {X, X} end, lists:seq(1, 10000)), churn(N - 1, T).
