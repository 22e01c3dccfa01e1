%% lists against OTP's: every function with wrong arguments, boundary ones and random lists.
-module(lists_diff).
-include("diff.hrl").

run() ->
    wrong(),
    sequences(),
    plain_functions(),
    higher_order(),
    sorting(),
    keys(),
    merging(),
    tuples_and_zips().

lists_() -> [[], [a], [1, 2, 3], [3, 1, 2, 1], [1, 1.0, 2, 2.0], [a | b], [[1], [2, [3]], []], "abc"].

wrong() ->
    Odd = [a, 0, 1, -1, 2.0, [], [x], [1 | 2], {a}, #{}, fun(X) -> X end, fun(X, Y) -> X =< Y end,
           "ab", <<"x">>],
    One = [append, concat, droplast, enumerate, flatlength, flatten, last, max, min, reverse, sort, sum,
           umerge, uniq, unzip, unzip3, usort, merge],
    Two = [append, all, any, delete, dropwhile, duplicate, enumerate, filter, filtermap, flatmap,
           flatten, foreach, join, keysort, map, member, nth, nthtail, partition, prefix, reverse,
           search, seq, sort, split, splitwith, sublist, subtract, suffix, takewhile, ukeysort,
           uniq, usort, zip],
    Three = [foldl, foldr, mapfoldl, mapfoldr, seq, sublist, zip3, zipwith, keydelete, keyfind, keymember,
             keysearch, keytake, keymap, keymerge, ukeymerge, merge, umerge],
    [call(lists, F, [A]) || F <- One, A <- Odd],
    [call(lists, F, [A, B]) || F <- Two, A <- Odd, B <- Odd],
    [call(lists, F, [A, B, C]) || F <- Three, A <- Odd, B <- Odd, C <- Odd, agreed(F, A, B, C)],
    [call(lists, F, [A, B, [{a, 1}, {b, 2}, c, {b, 3}], D])
        || F <- [keyreplace, keystore], A <- [a, b, z], B <- Odd, D <- [{x, y}, a, []]],
    call(lists, zipwith3, [a, [1], [2], [3]]),
    call(lists, zipwith3, [fun(X, Y, Z) -> {X, Y, Z} end, [1], [2], [3, 4]]).

%% Lists that are not sorted, or not lists, have no defined merge: the calls that only fail.
agreed(F, A, B, C) when F =:= merge; F =:= umerge -> is_list(B) andalso is_list(C) andalso is_atom(A);
agreed(F, _, _, _) when F =:= keymerge; F =:= ukeymerge -> false;
agreed(_, _, _, _) -> true.

sequences() ->
    Range = [-3, -2, -1, 0, 1, 2, 3, 5, 10],
    [call(lists, seq, [A, B]) || A <- Range, B <- Range],
    [call(lists, seq, [A, B, C]) || A <- Range, B <- Range, C <- Range],
    [call(lists, sublist, [L, N]) || L <- lists_(), N <- Range],
    [call(lists, sublist, [L, N, M]) || L <- lists_(), N <- Range, M <- Range],
    [call(lists, F, [N, L]) || F <- [nth, nthtail, split, duplicate], L <- lists_(), N <- Range].

plain_functions() ->
    Ls = lists_(),
    [call(lists, F, [L]) || L <- Ls, F <- [reverse, last, droplast, flatten, flatlength, max, min, sum,
                                           concat, append, uniq, enumerate]],
    [call(lists, F, [A, B]) || A <- Ls, B <- Ls, F <- [append, subtract, prefix, suffix, flatten, zip,
                                                      join, delete]],
    call(lists, concat, [[doc, '/', file, '.', 3, 4.5, "x"]]),
    call(lists, enumerate, [10, [a, b]]),
    times(300, fun() ->
        L = some(pick(10), fun() -> term(2) end),
        X = case L of [] -> a; _ -> pick(L) end,
        [call(lists, F, [L]) || F <- [reverse, flatten, max, min, uniq, usort]],
        call(lists, delete, [X, L]),
        call(lists, member, [X, L]),
        call(lists, subtract, [L, some(pick(6), fun() -> pick([x | L]) end)])
    end).

higher_order() ->
    P = fun(X) -> is_integer(X) andalso X rem 2 =:= 0 end,
    Bad = fun(_) -> maybe_ end,
    FM = fun(X) when is_integer(X), X > 2 -> {true, X * 10}; (X) -> X =:= 1 end,
    Ls = [[], [1], [2], [1, 2, 3, 4, 5], [2, 4, 5, 6], [2 | 4], [a, 2, b, 4]],
    [call(lists, F, [G, L]) || F <- [all, any, filter, dropwhile, takewhile, splitwith, partition, search],
                               L <- Ls, G <- [P, Bad]],
    [call(lists, F, [FM, L]) || F <- [filtermap, zf], L <- Ls],
    [call(lists, F, [fun(X) -> {x, X} end, L]) || F <- [map, foreach, flatmap], L <- Ls],
    [call(lists, flatmap, [fun(X) -> [X, X] end, L]) || L <- Ls],
    [call(lists, F, [fun(X, A) -> [X | A] end, [], L]) || F <- [foldl, foldr], L <- Ls],
    [call(lists, F, [fun(X, A) -> {{X, A}, A + 1} end, 0, L]) || F <- [mapfoldl, mapfoldr], L <- Ls],
    [call(lists, uniq, [fun(X) when is_integer(X) -> X rem 3; (X) -> X end, L]) || L <- Ls],
    [call(lists, keymap, [fun(X) -> {X} end, 2, L]) || L <- [[], [{a, b}, {c, d, e}], [{a}], [a]]].

numbers() ->
    some(pick(pick({5, 20, 100})), fun() ->
        case pick(3) of
            0 -> pick(20);
            1 -> pick(20) + pick({0.0, 0.5});
            _ -> pick(1000)
        end
    end).

sorting() ->
    Le = fun(A, B) -> A =< B end,
    Ge = fun(A, B) -> A >= B end,
    Half = fun(A, B) -> trunc(A) div 4 =< trunc(B) div 4 end,
    times(400, fun() ->
        L = numbers(),
        %% Which of 1 and 1.0 comes first is not defined for sort/1.
        call(lists, sort, [[if is_float(X) -> trunc(X) + 0.5; true -> X end || X <- L]]),
        call(lists, usort, [L]),
        [call(lists, F, [G, L]) || F <- [sort, usort], G <- [Le, Ge, Half]]
    end),
    [begin
        call(lists, sort, [lists:seq(1, N)]),
        call(lists, sort, [lists:reverse(lists:seq(1, N))]),
        call(lists, sort, [lists:seq(1, N) ++ lists:reverse(lists:seq(1, N))]),
        call(lists, usort, [[X rem 7 || X <- lists:seq(1, N)]])
     end || N <- lists:seq(0, 70)].

pairs() ->
    L = numbers(),
    [{X, Y, z} || {X, Y} <- lists:zip(L, lists:seq(1, length(L)))].

keys() ->
    times(200, fun() ->
        L = pairs(),
        [call(lists, F, [I, L]) || F <- [keysort, ukeysort], I <- [1, 2, 3, 4]],
        [call(lists, F, [pick(25), I, L]) || F <- [keyfind, keymember, keysearch, keytake, keydelete],
                                            I <- [1, 2, 4]],
        [call(lists, F, [pick(25), I, L, {new, 1}]) || F <- [keyreplace, keystore], I <- [1, 2, 4]]
    end).

merging() ->
    Le = fun(A, B) -> A =< B end,
    Ge = fun(A, B) -> A >= B end,
    times(300, fun() ->
        [A, B, C, D] = some(4, fun() -> lists:usort(numbers()) end),
        [UA, UB, UC, UD] = [lists:usort(X) || X <- [A, B, C, D]],
        [RA, RB, RC] = [lists:reverse(X) || X <- [A, B, C]],
        [RUA, RUB, RUC] = [lists:reverse(X) || X <- [UA, UB, UC]],
        call(lists, merge, [A, B]),
        call(lists, merge, [[A, B, C, D]]),
        call(lists, merge, [[A, B, C]]),
        call(lists, merge3, [A, B, C]),
        call(lists, merge, [Le, A, B]),
        call(lists, merge, [Ge, RA, RB]),
        call(lists, umerge, [UA, UB]),
        call(lists, umerge, [[UA, UB, UC, UD]]),
        call(lists, umerge3, [UA, UB, UC]),
        call(lists, umerge, [Le, UA, UB]),
        call(lists, umerge, [Ge, RUA, RUB]),
        call(lists, rmerge, [RA, RB]),
        call(lists, rmerge3, [RA, RB, RC]),
        call(lists, rumerge, [RUA, RUB]),
        call(lists, rumerge3, [RUA, RUB, RUC]),
        call(lists, rmerge, [Le, RA, RB]),
        call(lists, rumerge, [Le, RUA, RUB]),
        [K, L] = [lists:keysort(1, pairs()) || _ <- [1, 2]],
        [UK, UL] = [lists:ukeysort(1, X) || X <- [K, L]],
        call(lists, keymerge, [1, K, L]),
        call(lists, ukeymerge, [1, UK, UL]),
        call(lists, rkeymerge, [1, lists:reverse(K), lists:reverse(L)]),
        call(lists, rukeymerge, [1, lists:reverse(UK), lists:reverse(UL)])
    end).

tuples_and_zips() ->
    Ls = [[], [1], [1, 2], [a, b, c]],
    [call(lists, zip3, [A, B, C]) || A <- Ls, B <- Ls, C <- Ls],
    [call(lists, zipwith, [fun(X, Y) -> {Y, X} end, A, B]) || A <- Ls, B <- Ls],
    [call(lists, zipwith3, [fun(X, Y, Z) -> {Y, X, Z} end, A, B, C]) || A <- Ls, B <- Ls, C <- Ls],
    call(lists, unzip, [[{a, 1}, {b, 2}]]),
    call(lists, unzip3, [[{a, 1, x}, {b, 2, y}]]).
