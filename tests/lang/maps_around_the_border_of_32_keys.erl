%% Growing and shrinking over the change of representation.
-module(maps_around_the_border_of_32_keys).
-export([main/0]).

main() ->
    [begin
         M = maps:from_list([{{k, I}, I} || I <- lists:seq(1, N)]),
         N = map_size(M),
         true = lists:sort(maps:keys(M)) =:= [{k, I} || I <- lists:seq(1, N)],
         true = lists:all(fun(I) -> maps:get({k, I}, M) =:= I end, lists:seq(1, N)),
         M1 = maps:remove({k, 1}, M),
         true = (N =:= 0) orelse map_size(M1) =:= N - 1,
         true = (N =:= 0) orelse M1#{{k, 1} => 1} =:= M,
         M2 = M#{extra => x},
         true = maps:remove(extra, M2) =:= M,
         true = M2 > M,
         true = binary_to_term(term_to_binary(M)) =:= M,
         true = maps:from_list(lists:reverse(maps:to_list(M))) =:= M,
         true = lists:sum(maps:values(M)) =:= N * (N + 1) div 2
     end || N <- lists:seq(0, 70)],
    io:format("0 to 70 keys~n"),
    M33 = maps:from_list([{I, I} || I <- lists:seq(1, 33)]),
    M5 = lists:foldl(fun maps:remove/2, M33, lists:seq(1, 28)),
    io:format("~w ~w~n", [M5, M5 =:= #{29 => 29, 30 => 30, 31 => 31, 32 => 32, 33 => 33}]),
    io:format("~w~n", [#{M5 => found}]),
    #{M5 := F} = #{#{29 => 29, 30 => 30, 31 => 31, 32 => 32, 33 => 33} => found},
    io:format("~w~n", [F]).
