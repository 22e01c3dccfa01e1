%% gb_trees against OTP's: trees are compared as lists, and by how deep they are.
-module(gb_trees_diff).
-include("diff.hrl").

run() ->
    Lists = [[], [{a, 1}], [{1, x}, {2, y}, {b, z}], [{I, -I} || I <- lists:seq(1, 40)]],
    Keys = [a, 1, 1.0, 20, b, z, 0],
    [value({F, L}, fun() -> show((module(gb_trees)):F(t(L))) end)
        || F <- [size, is_empty, to_list, keys, values, balance, smallest, largest, take_smallest, take_largest], L <- Lists],
    [value({F, K, L}, fun() -> show((module(gb_trees)):F(K, t(L))) end)
        || F <- [lookup, get, is_defined, delete, delete_any, take, take_any], K <- Keys, L <- Lists],
    [value({F, K, L}, fun() -> show((module(gb_trees)):F(K, new, t(L))) end) || F <- [insert, update, enter], K <- Keys, L <- Lists],
    [value({map, L}, fun() -> show((module(gb_trees)):map(fun(K, V) -> {K, V} end, t(L))) end) || L <- Lists],
    [value({iterator, L}, fun() -> all((module(gb_trees)):next((module(gb_trees)):iterator(t(L)))) end) || L <- Lists],
    [value({iterator_from, K, L}, fun() -> all((module(gb_trees)):next((module(gb_trees)):iterator_from(K, t(L)))) end) || K <- Keys, L <- Lists],
    [call(gb_trees, F, [X]) || F <- [size, to_list, keys, smallest, next, is_empty], X <- [a, {0, nil}], {F, X} =/= {next, {0, nil}}],
    times(40, fun() -> grow((module(gb_trees)):empty(), 60) end),
    [value({ascending, N}, fun() -> shape(lists:foldl(fun(I, T) -> (module(gb_trees)):insert(I, I, T) end,
                                                      (module(gb_trees)):empty(), lists:seq(1, N))) end) || N <- [10, 100, 1000]].

t(L) -> (module(gb_trees)):from_orddict(L).

show({_, nil}) -> empty;
show({N, T}) when is_integer(N), tuple_size(T) =:= 4 -> {(module(gb_trees)):to_list({N, T}), shape({N, T})};
show(T) when is_tuple(T) -> list_to_tuple([show(X) || X <- tuple_to_list(T)]);
show(X) -> X.

shape({_, T}) -> depth(T).

depth(nil) -> 0;
depth({_, _, L, R}) -> 1 + max(depth(L), depth(R)).

all(none) -> [];
all({K, V, I}) -> [{K, V} | all((module(gb_trees)):next(I))].

grow(_, 0) -> ok;
grow(T, N) ->
    M = module(gb_trees),
    T1 = case pick(4) of
        0 -> M:delete_any(pick(80), T);
        1 -> M:insert(N + 100, x, T);
        _ -> M:enter(pick(80), N, T)
    end,
    value({grow, N}, fun() -> show(T1) end),
    grow(T1, N - 1).
