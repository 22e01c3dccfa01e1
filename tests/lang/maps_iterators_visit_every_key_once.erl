%% maps:iterator/1, next/1, fold, and iteration of big maps.
-module(maps_iterators_visit_every_key_once).
-export([main/0]).

main() ->
    [begin
         M = maps:from_list([{I, I * I} || I <- lists:seq(1, N)]),
         L = walk(maps:next(maps:iterator(M)), []),
         true = lists:sort(L) =:= [{I, I * I} || I <- lists:seq(1, N)],
         true = lists:sort(maps:to_list(M)) =:= lists:sort(L),
         true = maps:fold(fun(K, V, A) -> A + K + V end, 0, M) =:= lists:sum([K + V || {K, V} <- L]),
         ok = maps:foreach(fun(K, V) -> V = K * K end, M)
     end || N <- [0, 1, 2, 10, 32, 33, 100, 1000, 5000]],
    io:format("all sizes~n"),
    io:format("~w~n", [walk(maps:next(maps:iterator(#{a => 1, b => 2})), [])]),
    io:format("~w~n", [maps:next(maps:iterator(#{}))]).

walk(none, Acc) -> lists:reverse(Acc);
walk({K, V, I}, Acc) -> walk(maps:next(I), [{K, V} | Acc]).
