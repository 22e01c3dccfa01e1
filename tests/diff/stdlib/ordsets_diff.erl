%% ordsets against OTP's.
-module(ordsets_diff).
-include("diff.hrl").

run() ->
    Sets = [[], [a], [1, 2, 3], [1.0, 3, a], [1, 3, 5, b]],
    Odd = Sets ++ [a, [3, 1], [1 | 2]],
    [call(ordsets, F, [S]) || F <- [is_set, size, is_empty, to_list, from_list], S <- Odd],
    call(ordsets, new, []),
    [call(ordsets, F, [X, S]) || F <- [is_element, add_element, del_element], X <- [1, 1.0, a, 4, b], S <- Sets],
    [call(ordsets, F, [A, B]) || F <- [union, intersection, is_disjoint, subtract, is_subset], A <- Sets, B <- Sets],
    [call(ordsets, F, [L]) || F <- [union, intersection], L <- [[], Sets, tl(Sets), [[a]], a]],
    [call(ordsets, fold, [F, 0, S]) || F <- [fun(_, N) -> N + 1 end, a], S <- Odd],
    [call(ordsets, filter, [F, S]) || F <- [fun is_integer/1, a], S <- Odd],
    times(300, fun() ->
        [A, B, C] = some(3, fun() -> lists:usort(some(pick(15), fun() -> pick({pick(20), float(pick(20))}) end)) end),
        [call(ordsets, F, [A, B]) || F <- [union, intersection, is_disjoint, subtract, is_subset]],
        call(ordsets, union, [[A, B, C]]),
        call(ordsets, intersection, [[A, B, C]])
    end).
