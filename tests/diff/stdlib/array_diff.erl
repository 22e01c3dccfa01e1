%% array against OTP's: arrays are compared by size, fixedness, default and entries.
-module(array_diff).
-include("diff.hrl").

run() ->
    M = module(array),
    Options = [[], 5, fixed, [fixed], {size, 12}, [{default, x}], [10, {fixed, false}, {default, 0}], [{size, 100}, {default, d}], {fixed, true}, a, [{size, -1}], [{fixed, a}]],
    [value({new, O}, fun() -> show(M:new(O)) end) || O <- Options],
    [value({new, N, O}, fun() -> show(M:new(N, O)) end) || N <- [0, 7, -1, a], O <- Options],
    Lists = [[], [a], [a, undefined, c], lists:seq(1, 9), lists:seq(1, 10), lists:seq(1, 11), lists:seq(1, 120), [undefined, undefined]],
    Arrays = [{L, F} || L <- Lists, F <- [relax, fix]],
    [value({F, A}, fun() -> show(M:F(a(A))) end)
        || F <- [size, sparse_size, default, to_list, sparse_to_list, to_orddict, sparse_to_orddict, fix, relax, is_fix, resize, is_array], A <- Arrays],
    [value({F, I, A}, fun() -> show(M:F(I, a(A))) end) || F <- [get, reset, resize], I <- [0, 1, 2, 9, 10, 11, 99, 150, 2000, -1, x], A <- Arrays],
    [value({set, I, A}, fun() -> show(M:set(I, v, a(A))) end) || I <- [0, 1, 9, 10, 99, 100, 150, 1234, -1, x], A <- Arrays],
    Add = fun(I, V, Acc) -> [{I, V} | Acc] end,
    [value({F, A}, fun() -> show(M:F(Add, [], a(A))) end) || F <- [foldl, foldr, sparse_foldl, sparse_foldr], A <- Arrays],
    [value({F, A}, fun() -> show(M:F(fun(I, V) -> {I, V} end, a(A))) end) || F <- [map, sparse_map], A <- Arrays],
    [value({F, D, X}, fun() -> show(M:F(X, D)) end) || D <- [undefined, q], {F, X} <- [{from_list, [1, 2]}, {from_list, []}, {from_orddict, [{0, a}, {3, b}, {25, c}]},
        {from_orddict, []}, {from_orddict, [{3, a}, {1, b}]}, {from_list, a}, {from_list, [a | b]}, {from_orddict, [x]}, {from_orddict, [{-1, a}]},
        {from_orddict, [{0, a} | b]}, {from_orddict, [{0, a}, {2.0, b}]}, {from_orddict, [{I, I} || I <- lists:seq(0, 15)]},
        {from_orddict, [{I, I} || I <- lists:seq(0, 256)]}, {from_orddict, [{15, a}, {16, b}, {255, c}, {256, d}, {300, e}]}]],
    [value({sparse, N, D}, fun() -> A = M:from_orddict([{I * N, I} || I <- lists:seq(1, 70)], D), {M:size(A), M:sparse_to_orddict(A), M:get(N, A), M:get(N + 1, M:set(N + 1, x, A)), M:sparse_size(M:resize(5 * N, A))} end)
        || N <- [1, 7, 16, 250, 4096, 1 bsl 40], D <- [undefined, q]],
    [call(array, F, [X]) || F <- [is_array, size, to_list, default, is_fix, fix, relax, sparse_size, from_list], X <- [a, {array}, 1]],
    [call(array, F, [a, b]) || F <- [get, map, resize, reset]],
    times(60, fun() -> steps(M:new([{default, pick({undefined, 0})}]), 40) end).

a({L, F}) -> M = module(array), M:F(M:from_list(L)).

show(A) ->
    M = module(array),
    case is_tuple(A) andalso element(1, A) =:= array andalso M:is_array(A) of
        true -> {M:size(A), M:is_fix(A), M:default(A), M:to_list(A), M:sparse_size(A)};
        false -> A
    end.

steps(_, 0) -> ok;
steps(A, N) ->
    M = module(array),
    I = pick(pick({20, 300, 5000})),
    B = case pick(6) of
        0 -> M:reset(I, A);
        1 -> M:resize(M:size(A) + pick(50), A);
        2 -> M:map(fun(_, V) -> V end, A);
        _ -> M:set(I, N, A)
    end,
    value({step, N}, fun() -> {M:size(B), M:sparse_size(B), M:sparse_to_orddict(B)} end),
    steps(B, N - 1).
