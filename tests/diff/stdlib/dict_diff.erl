%% dict against OTP's: dictionaries are compared as lists, in their own order.
-module(dict_diff).
-include("diff.hrl").

run() ->
    Lists = [[], [{a, 1}], [{1, x}, {2.0, y}, {b, [1]}, {c, []}], [{I, I} || I <- lists:seq(1, 60)]],
    F1 = fun(X) -> {X} end,
    Keys = [a, 1, 2.0, c, 30, z],
    [value({F, L}, fun() -> listed((module(dict)):F(d(L))) end) || F <- [to_list, size, is_empty, fetch_keys], L <- Lists],
    [value({F, K, L}, fun() -> listed((module(dict)):F(K, d(L))) end) || F <- [is_key, fetch, find, erase, take], K <- Keys, L <- Lists],
    [value({F, K, V, L}, fun() -> listed((module(dict)):F(K, V, d(L))) end)
        || F <- [store, append, append_list, update_counter, update], K <- Keys, V <- [7, [8], F1], L <- Lists],
    [value({K, L}, fun() -> listed((module(dict)):update(K, F1, init, d(L))) end) || K <- Keys, L <- Lists],
    [value({F, L}, fun() -> listed((module(dict)):F(fun(K, V) -> K =:= a orelse V =:= x end, d(L))) end) || F <- [map, filter], L <- Lists],
    [value({fold, L}, fun() -> (module(dict)):fold(fun(K, V, A) -> [{K, V} | A] end, [], d(L)) end) || L <- Lists],
    times(300, fun() ->
        D = lists:foldl(fun({store, K}, D) -> dict:store(K, x, D);
                           ({erase, K}, D) -> dict:erase(K, D);
                           ({append, K}, D) -> dict:append(K, 1, dict:erase(K, D))
                        end, dict:new(), some(pick(400), fun() -> {pick({store, store, erase, append}), pick({int(), pick(90), atom(), float(), text_list(), {pick(9)}})} end)),
        value(worked, fun() -> {dict:size(D), dict:to_list(D)} end),
        S = lists:foldl(fun sets:add_element/2, sets:new(), dict:fetch_keys(D)),
        T = lists:foldl(fun sets:del_element/2, S, lists:sublist(dict:fetch_keys(D), pick(100))),
        value(sets, fun() -> [sets:to_list(X) || X <- [S, T, sets:union(S, T), sets:subtract(S, T), sets:intersection(S, T)]] end)
    end),
    [value({merge, A, B}, fun() -> listed((module(dict)):merge(fun(_, X, Y) -> {X, Y} end, d(A), d(B))) end) || A <- Lists, B <- Lists],
    value(new, fun() -> listed((module(dict)):new()) end).

d(L) -> (module(dict)):from_list(L).

listed(T) when is_tuple(T), element(1, T) =:= dict -> (module(dict)):to_list(T);
listed({V, D}) when is_tuple(D) -> {V, listed(D)};
listed(X) -> X.
