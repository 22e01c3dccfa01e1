%% A map of N keys: inserted, counted up, read back, half removed.
-module(map_big).
-export([run/1, default/0]).

default() -> 300000.

run(N) ->
    M = insert(N, #{}),
    M2 = bump(N * 2, N, M),
    Sum = maps:fold(fun(K, V, A) -> (A + K * V) band 16#FFFFFFFF end, 0, M2),
    M3 = remove(N, M2),
    {map_size(M2), Sum, map_size(M3), reads(N, M3, 0)}.

insert(0, M) -> M;
insert(N, M) -> insert(N - 1, M#{N * 7919 => N}).

bump(0, _, M) -> M;
bump(I, N, M) ->
    K = ((I * 31) rem N + 1) * 7919,
    #{K := V} = M,
    bump(I - 1, N, M#{K := V + 1}).

remove(N, M) when N =< 0 -> M;
remove(N, M) -> remove(N - 2, maps:remove(N * 7919, M)).

reads(0, _, Hits) -> Hits;
reads(N, M, Hits) ->
    case M of
        #{} when is_map_key(N * 7919, M) -> reads(N - 1, M, Hits + 1);
        _ -> reads(N - 1, M, Hits)
    end.
