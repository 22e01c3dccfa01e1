%% dict against OTP's: dictionaries are compared as sorted lists.
-module(dict_diff).
-include("diff.hrl").

run() ->
    Lists = [[], [{a, 1}], [{1, x}, {2.0, y}, {b, [1]}, {c, []}], [{I, I} || I <- lists:seq(1, 60)]],
    F1 = fun(X) -> {X} end,
    Keys = [a, 1, 2.0, c, 30, z],
    [value({F, L}, fun() -> sorted((module(dict)):F(d(L))) end) || F <- [to_list, size, is_empty, fetch_keys], L <- Lists],
    [value({F, K, L}, fun() -> sorted((module(dict)):F(K, d(L))) end) || F <- [is_key, fetch, find, erase, take], K <- Keys, L <- Lists],
    [value({F, K, V, L}, fun() -> sorted((module(dict)):F(K, V, d(L))) end)
        || F <- [store, append, append_list, update_counter, update], K <- Keys, V <- [7, [8], F1], L <- Lists],
    [value({K, L}, fun() -> sorted((module(dict)):update(K, F1, init, d(L))) end) || K <- Keys, L <- Lists],
    [value({F, L}, fun() -> sorted((module(dict)):F(fun(K, V) -> K =:= a orelse V =:= x end, d(L))) end) || F <- [map, filter], L <- Lists],
    [value({fold, L}, fun() -> lists:sort((module(dict)):fold(fun(K, V, A) -> [{K, V} | A] end, [], d(L))) end) || L <- Lists],
    [value({merge, A, B}, fun() -> sorted((module(dict)):merge(fun(_, X, Y) -> {X, Y} end, d(A), d(B))) end) || A <- Lists, B <- Lists],
    
    value(new, fun() -> sorted((module(dict)):new()) end).

d(L) -> (module(dict)):from_list(L).

sorted({V, D}) when is_tuple(D) -> {V, sorted(D)};
sorted(T) when is_tuple(T), element(1, T) =:= dict -> lists:sort((module(dict)):to_list(T));
sorted(L) when is_list(L) -> try lists:sort(L) catch error:_ -> L end;
sorted(X) -> X.
