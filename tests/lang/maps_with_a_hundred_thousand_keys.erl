%% Big maps: build, read, update, remove, merge, compare.
-module(maps_with_a_hundred_thousand_keys).
-export([main/0]).

main() ->
    N = 100000,
    M = lists:foldl(fun(I, A) -> A#{I => I * 2} end, #{}, lists:seq(1, N)),
    io:format("~w~n", [map_size(M)]),
    io:format("~w~n", [lists:all(fun(I) -> maps:get(I, M) =:= I * 2 end, lists:seq(1, N))]),
    io:format("~w~n", [[maps:is_key(K, M) || K <- [0, 1, N, N + 1, 1.0, a]]]),
    io:format("~w~n", [maps:fold(fun(K, V, A) -> A + V - K end, 0, M)]),
    M2 = maps:from_list([{I, I * 2} || I <- lists:seq(N, 1, -1)]),
    io:format("~w ~w~n", [M =:= M2, M == M2]),
    M3 = lists:foldl(fun(I, A) -> maps:remove(I, A) end, M, lists:seq(1, N, 2)),
    io:format("~w ~w ~w~n", [map_size(M3), M3 < M, maps:is_key(1, M3)]),
    M4 = M3#{2 := changed},
    io:format("~w ~w~n", [M4 =:= M3, maps:get(2, M4)]),
    M5 = maps:merge(M3, maps:from_list([{I, odd} || I <- lists:seq(1, N, 2)])),
    io:format("~w ~w~n", [map_size(M5), maps:get(99999, M5)]),
    io:format("~w~n", [lists:sort(maps:keys(M)) =:= lists:seq(1, N)]),
    io:format("~w~n", [lists:sum(maps:values(M))]),
    M6 = lists:foldl(fun(I, A) -> maps:remove(I, A) end, M, lists:seq(1, N - 10)),
    io:format("~w~n", [M6]),
    Keys = [{I, integer_to_list(I)} || I <- lists:seq(1, 20000)],
    M7 = maps:from_list([{K, v} || K <- Keys]),
    io:format("~w~n", [lists:all(fun(K) -> map_get(K, M7) =:= v end, Keys)]),
    io:format("~w~n", [map_size(maps:filter(fun(K, _) -> K rem 10 =:= 0 end, M))]),
    #{500 := V500, 77777 := V7} = M,
    io:format("~w ~w~n", [V500, V7]).
