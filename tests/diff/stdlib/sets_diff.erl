%% sets, versions 1 and 2, against OTP's: sets are compared as sorted lists.
-module(sets_diff).
-include("diff.hrl").

run() ->
    Lists = [[], [a], [1, 2.0, b], lists:seq(3, 50), [x, y, 1, 3]],
    Versions = [1, 2],
    [value({F, L, V}, fun() -> sorted((module(sets)):F(s(L, V))) end) || F <- [size, is_empty, to_list, is_set], L <- Lists, V <- Versions],
    [value({F, X, L, V}, fun() -> sorted((module(sets)):F(X, s(L, V))) end)
        || F <- [is_element, add_element, del_element], X <- [1, 2.0, a, z], L <- Lists, V <- Versions],
    [value({F, A, B, V, W}, fun() -> sorted((module(sets)):F(s(A, V), s(B, W))) end)
        || F <- [union, intersection, is_disjoint, subtract, is_subset], A <- Lists, B <- Lists, V <- Versions, W <- Versions],
    [value({F, V}, fun() -> sorted((module(sets)):F([s(L, V) || L <- Ls])) end) || F <- [union, intersection], V <- Versions, Ls <- [[], Lists, tl(Lists)]],
    [value({F, L, V}, fun() -> sorted((module(sets)):F(fun is_integer/1, s(L, V))) end) || F <- [filter], L <- Lists, V <- Versions],
    [value({fold, L, V}, fun() -> (module(sets)):fold(fun(_, N) -> N + 1 end, 0, s(L, V)) end) || L <- Lists, V <- Versions],
    [call(sets, is_set, [X]) || X <- [a, [], {a}, 1]],
    [value({new, O}, fun() -> sorted((module(sets)):new(O)) end) || O <- [[], [{version, 1}], [{version, 2}], a]],
    [call(sets, F, [X]) || F <- [size, to_list], X <- [a, [a | b], 1]],
    call(sets, from_list, [[a, b, a], [{version, 2}]]),
    call(sets, new, [[{version, 2}]]).

s(L, V) -> (module(sets)):from_list(L, [{version, V}]).

sorted(S) when is_map(S) -> lists:sort((module(sets)):to_list(S));
sorted(S) when is_tuple(S) -> lists:sort((module(sets)):to_list(S));
sorted(L) when is_list(L) -> lists:sort(L);
sorted(X) -> X.
