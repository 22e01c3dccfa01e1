%% A whole program: a cache process with a limit, hits and misses, and a slow source.
-module(program_lru_cache_process).
-export([main/0]).

main() ->
    Cache = spawn(fun() -> cache(3, [], 0, 0) end),
    io:format("~w~n", [[get(Cache, K) || K <- [a, b, c, a, d, b, a, a, c, d]]]),
    Cache ! {stats, self()},
    receive {stats, H, M, Keys} -> io:format("hits ~w misses ~w keys ~w~n", [H, M, Keys]) end.

get(Cache, K) -> Cache ! {get, K, self()}, receive {value, K, V} -> V end.

cache(Limit, Items, Hits, Misses) ->
    receive
        {get, K, From} ->
            case lists:keytake(K, 1, Items) of
                {value, {K, V}, Rest} ->
                    From ! {value, K, V},
                    cache(Limit, [{K, V} | Rest], Hits + 1, Misses);
                false ->
                    V = {loaded, K, Misses},
                    From ! {value, K, V},
                    cache(Limit, lists:sublist([{K, V} | Items], Limit), Hits, Misses + 1)
            end;
        {stats, From} -> From ! {stats, Hits, Misses, [K || {K, _} <- Items]}
    end.
