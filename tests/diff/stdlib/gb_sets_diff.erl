%% gb_sets against OTP's: sets are compared as lists.
-module(gb_sets_diff).
-include("diff.hrl").

run() ->
    Lists = [[], [a], [1, 2, b], lists:seq(1, 40), [x, y, z], lists:seq(30, 45), [40]],
    [value({F, L}, fun() -> show((module(gb_sets)):F(s(L))) end)
        || F <- [size, is_empty, to_list, balance, smallest, largest, take_smallest, take_largest, is_set], L <- Lists],
    [value({F, X, L}, fun() -> show((module(gb_sets)):F(X, s(L))) end)
        || F <- [is_member, is_element, insert, add, add_element, delete, delete_any, del_element], X <- [a, 1, 1.0, 20, q], L <- Lists],
    [value({F, A, B}, fun() -> show((module(gb_sets)):F(s(A), s(B))) end)
        || F <- [union, intersection, is_disjoint, difference, subtract, is_subset], A <- Lists, B <- Lists],
    [value({F, Ls}, fun() -> show((module(gb_sets)):F([s(L) || L <- Ls])) end) || F <- [union, intersection], Ls <- [[], Lists, tl(Lists)]],
    [value({filter, L}, fun() -> show((module(gb_sets)):filter(fun is_integer/1, s(L))) end) || L <- Lists],
    [value({fold, L}, fun() -> (module(gb_sets)):fold(fun(X, A) -> [X | A] end, [], s(L)) end) || L <- Lists],
    [value({iterator, L}, fun() -> all((module(gb_sets)):next((module(gb_sets)):iterator(s(L)))) end) || L <- Lists],
    [value({iterator_from, X, L}, fun() -> all((module(gb_sets)):next((module(gb_sets)):iterator_from(X, s(L)))) end) || X <- [0, 2, 20, b], L <- Lists],
    [call(gb_sets, F, [X]) || F <- [is_set, size, to_list, from_list, is_empty], X <- [a, 1, {0, nil}, {1, x}]],
    value(singleton, fun() -> show((module(gb_sets)):singleton(x)) end),
    times(300, fun() ->
        [A, B] = some(2, fun() -> some(pick(pick({5, 60})), fun() -> pick(60) end) end),
        [value({F, A, B}, fun() -> show((module(gb_sets)):F(s(A), s(B))) end)
            || F <- [union, intersection, is_disjoint, difference, is_subset]],
        value({adds, A}, fun() -> show(lists:foldl(fun(X, S) -> (module(gb_sets)):add(X, S) end, s(B), A)) end),
        value({dels, A}, fun() -> show(lists:foldl(fun(X, S) -> (module(gb_sets)):del_element(X, S) end, s(B), A)) end)
    end).

s(L) -> (module(gb_sets)):from_list(L).

show({N, T}) when is_integer(N), is_tuple(T); T =:= nil -> {N, (module(gb_sets)):to_list({N, T})};
show({X, {N, _} = S}) when is_integer(N) -> {X, show(S)};
show(X) -> X.

all(none) -> [];
all({X, I}) -> [X | all((module(gb_sets)):next(I))].
