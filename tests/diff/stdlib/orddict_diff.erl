%% orddict against OTP's.
-module(orddict_diff).
-include("diff.hrl").

run() ->
    Dicts = [[], [{a, 1}], [{1, x}, {b, [1]}, {c, []}], [{1.0, x}, {2, y}]],
    F1 = fun(X) -> {X} end,
    F2 = fun(K, V) -> K =:= a orelse V =:= x end,
    F3 = fun(K, V, A) -> [{K, V} | A] end,
    Odd = Dicts ++ [a, [x], [{a, 1} | b]],
    Keys = [a, 1, 1.0, c, z, 0],
    [call(orddict, F, [D]) || F <- [to_list, size, is_empty, fetch_keys, from_list], D <- Odd],
    call(orddict, new, []),
    [call(orddict, F, [K, D]) || F <- [is_key, fetch, find, erase, take], K <- Keys, D <- Odd],
    [call(orddict, F, [K, V, D]) || F <- [store, append, append_list, update_counter, update], K <- Keys, V <- [7, [8], F1], D <- Odd],
    [call(orddict, update, [K, F, init, D]) || K <- Keys, F <- [F1, x], D <- Odd],
    [call(orddict, F, [G, D]) || F <- [map, filter], G <- [F2, a], D <- Odd],
    [call(orddict, fold, [G, [], D]) || G <- [F3, a], D <- Odd],
    [call(orddict, merge, [G, A, B]) || G <- [fun(_, X, Y) -> {X, Y} end, a], A <- Odd, B <- Odd],
    times(200, fun() ->
        D = orddict:from_list(some(pick(12), fun() -> {pick(15), pick(5)} end)),
        call(orddict, store, [pick(15), v, D]),
        call(orddict, erase, [pick(15), D]),
        call(orddict, update_counter, [pick(15), 3, D]),
        call(orddict, from_list, [some(pick(12), fun() -> {pick({1, 1.0, 2, a, b}), pick(50)} end)])
    end).
