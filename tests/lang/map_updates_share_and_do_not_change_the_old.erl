%% Persistence: versions of small and big maps stay as they were.
-module(map_updates_share_and_do_not_change_the_old).
-export([main/0]).

main() ->
    Small = #{a => 1, b => 2},
    S2 = Small#{a := 10, c => 3},
    S3 = S2#{a := 100},
    io:format("~w ~w ~w~n", [Small, S2, S3]),
    Big = maps:from_list([{I, 0} || I <- lists:seq(1, 1000)]),
    Versions = versions(100, Big, []),
    io:format("~w~n", [lists:all(fun({N, M}) -> lists:sum(maps:values(M)) =:= N end, Versions)]),
    io:format("~w~n", [lists:sum(maps:values(Big))]),
    Same = Big#{1 := 0},
    io:format("~w~n", [Same =:= Big]),
    Removed = lists:foldl(fun(I, M) -> maps:remove(I, M) end, Big, lists:seq(1, 1000, 2)),
    io:format("~w ~w~n", [map_size(Removed), map_size(Big)]).

versions(0, _, Vs) -> Vs;
versions(N, M, Vs) ->
    #{N := V} = M,
    M2 = M#{N := V + 1},
    versions(N - 1, M2, [{101 - N, M2} | Vs]).
