%% maps against OTP's.
-module(maps_diff).
-include("diff.hrl").

run() ->
    Maps = [#{}, #{a => 1}, #{1 => a, 1.0 => b, x => y}, maps:from_list([{I, I} || I <- lists:seq(1, 20)])],
    Odd = [a, [], {}, 1, [{a, 1}], [a], [a | b], "ab"],
    F1 = fun(X) -> {X} end,
    F2 = fun(K, V) -> is_integer(K) andalso is_integer(V) end,
    F3 = fun(K, A, B) -> {K, A, B} end,
    Funs = [F1, F2, F3, a],
    All = Maps ++ Odd,
    [call(maps, F, [A]) || F <- [size, keys, values, from_list, to_list, iterator], A <- All],
    call(maps, new, []),
    [call(maps, F, [K, M]) || F <- [find, get, is_key, remove, take], K <- [a, 1, 1.0, z], M <- All],
    [call(maps, F, [K, v, M]) || F <- [get, put, update], K <- [a, 1, 1.0, z], M <- All],
    [call(maps, F, [A, B]) || F <- [merge, intersect, with, without, from_keys], A <- All, B <- All],
    [call(maps, F, [G, M]) || F <- [filter, filtermap, map, foreach, groups_from_list], G <- Funs, M <- All],
    [call(maps, F, [G, A, B]) || F <- [merge_with, intersect_with], G <- Funs, A <- All, B <- All],
    [call(maps, filtermap, [fun(K, V) when is_integer(K) -> {true, {V}}; (K, _) -> K =:= a end, M])
        || M <- Maps],
    [call(maps, fold, [G, acc, M]) || G <- Funs, M <- All],
    [call(maps, update_with, [K, G, M]) || K <- [a, 1, z], G <- Funs, M <- All],
    [call(maps, update_with, [K, G, init, M]) || K <- [a, 1, z], G <- Funs, M <- All],
    [call(maps, groups_from_list, [G, L]) || G <- [fun(X) -> X rem 2 end, a, F2], L <- [[1, 2, 3, 4], [], a]],
    [call(maps, groups_from_list, [fun(X) -> X rem 3 end, G, L])
        || G <- [F1, a], L <- [[1, 2, 3, 4, 5, 6], [], [1 | 2]]],
    [value({iterate, M}, fun() -> iterate((module(maps)):iterator(M)) end) || M <- Maps],
    [call(maps, next, [X]) || X <- [a, [x | y], {}, 1]],
    times(200, fun() ->
        [A, B] = some(2, fun() -> maps:from_list(some(pick(50), fun() -> {pick(40), term(1)} end)) end),
        call(maps, merge_with, [F3, A, B]),
        call(maps, intersect_with, [F3, A, B]),
        call(maps, intersect, [A, B]),
        call(maps, with, [some(10, fun() -> pick(50) end), A]),
        call(maps, without, [some(10, fun() -> pick(50) end), A]),
        call(maps, filter, [F2, A]),
        call(maps, map, [fun(K, V) -> [K | V] end, A]),
        value({fold, A}, fun() ->
            lists:sort((module(maps)):fold(fun(K, V, Acc) -> [{K, V} | Acc] end, [], A)) end),
        value({iterate, A}, fun() -> lists:sort(iterate((module(maps)):iterator(A))) end)
    end).

iterate(Iterator) ->
    case (module(maps)):next(Iterator) of
        {K, V, Next} -> [{K, V} | iterate(Next)];
        none -> []
    end.
