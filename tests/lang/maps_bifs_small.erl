%% The maps module and map BIFs on small maps.
-module(maps_bifs_small).
-export([main/0]).

main() ->
    M = #{c => 3, a => 1, b => 2},
    P = fun(X) -> io:format("~w~n", [X]) end,
    P(maps:get(a, M)), P(maps:get(z, M, default)), P(maps:find(b, M)), P(maps:find(z, M)), P(maps:put(d, 4, M)),
    P(maps:update(a, 9, M)), P(maps:remove(a, M)), P(maps:remove(z, M)), P(maps:is_key(a, M)), P(maps:keys(M)), P(maps:values(M)),
    P(maps:to_list(M)), P(maps:from_list([{x, 1}, {y, 2}, {x, 3}])), P(maps:merge(M, #{a => x, z => y})), P(maps:size(M)), P(maps:new()),
    P(maps:map(fun(K, V) -> {K, V} end, M)), P(maps:filter(fun(_, V) -> V > 1 end, M)), P(maps:fold(fun(_, V, A) -> V + A end, 0, M)),
    P(maps:with([a, z], M)), P(maps:without([a, z], M)), P(maps:take(a, M)), P(maps:take(z, M)),
    P(maps:update_with(a, fun(V) -> V * 10 end, M)), P(maps:update_with(q, fun(V) -> V end, init, M)),
    P(maps:from_keys([a, b], v)), P(maps:merge_with(fun(_, A, B) -> A + B end, M, #{a => 10, d => 4})),
    P(maps:intersect(M, #{a => x, q => y})), P(maps:filtermap(fun(_, 1) -> true; (_, 2) -> {true, two}; (_, _) -> false end, M)),
    P(begin {IK, IV, Next} = maps:next(maps:iterator(#{k => v})), {IK, IV, maps:next(Next)} end),
    [P(try F() catch C:R -> {C, R} end)
     || F <- [fun() -> maps:get(z, M) end, fun() -> maps:update(z, 1, M) end, fun() -> maps:get(a, id(x)) end, fun() -> maps:keys(id(x)) end,
              fun() -> maps:from_list(id([a])) end, fun() -> map_size(id([])) end, fun() -> maps:put(a, b, id(c)) end,
              fun() -> map_get(z, M) end, fun() -> is_map_key(a, id(1)) end]].

id(X) -> X.
