%% Tuples and lists that a pattern took apart and a body builds again: the same values as ever.
-module(what_was_matched_is_not_built_again).
-export([main/0, same/1, list/1, tail/1, nested/1, nested/2, aliased/1, twice/2, anonymous/1, floats/1, binary/1]).
-record(r, {a, b, c}).

same({ok, V}) -> {ok, V};
same({error, _} = E) -> E;
same({V, V}) -> {V, V};
same({A, B}) -> {B, A}.

list([A, B, C | T]) -> {[A, B, C | T], [B, C | T], [A, B | T], [new, C | T], [A | [B | [C | T]]]};
list([A]) -> [A];
list("ab" ++ T) -> "ab" ++ T;
list(Other) -> Other.

tail([_, B | T]) -> {[x, B | T], [x, y | T], [B]}.

nested({a, {b, [X | Y]}, "text"}) -> {{b, [X | Y]}, {a, {b, [X | Y]}, "text"}, {a, {b, [Y | X]}, "text"}}.

nested({K, V}, L) ->
    F = fun({K1, V1}) when K1 =:= K -> {K1, V1, {K, V}};
           ({K1, V1}) -> {K1, V1}
        end,
    {[F(P) || P <- L], [{A, B} || {A, B} <- L], lists:map(fun({A, B}) -> {{A, B}, V} end, L)}.

aliased([H | T] = All) -> {All, [H | T], [T | H]}.

twice(X, Y) ->
    {P, Q} = X,
    case Y of
        {P, Z} -> {{P, Q}, {P, Z}, {Q, P}};
        {Q, Z} when Z > Q -> [{Q, Z}, {P, Q}, {Z, Q}];
        [{P, Z} | T] -> try {P, Z} of {A, B} -> {{A, B}, [{P, Z} | T]} catch _:_ -> no end;
        #r{a = A, b = B, c = C} -> {#r{a = A, b = B, c = C}, #r{a = A, c = C}};
        _ -> catch throw({P, Q})
    end.

anonymous({a, _, C}) -> {a, C, C};
anonymous({b, B, C}) -> {b, B, C}.

floats({0.0, X}) -> {0.0, X};
floats({1, X}) -> {1.0, X}.

binary({<<A, R/binary>>, N}) -> {<<A, R/binary>>, N}.

raised(F) -> try F() catch error:{badmatch, {V, W}} -> {badmatch, {V, W}}; C:{V, W} -> {C, {V, W}} end.

ring(0) -> ok;
ring(N) -> receive {From, {message, X}} -> From ! {self(), {message, X}}, ring(N - 1) end.

main() ->
    Show = fun(X) -> io:format("~p~n", [X]) end,
    [Show(same(X)) || X <- [{ok, 1}, {error, 2}, {3, 3}, {4, 5}]],
    [Show(list(X)) || X <- [[1, 2, 3], [1, 2, 3, 4 | 5], [1], "ab", "abc", [], x]],
    Show(tail([1, 2, 3])),
    Show(nested({a, {b, [1 | 2]}, "text"})),
    Show(nested({k, v}, [{k, 1}, {l, 2}])),
    Show(aliased("xyz")),
    [Show(twice({1, 2}, Y)) || Y <- [{1, z}, {2, 3}, [{1, z}, t], {r, 1, 2, 3}, other]],
    [Show(anonymous(X)) || X <- [{a, 1, 2}, {b, 1, 2}]],
    [Show(floats(X)) || X <- [{0.0, a}, {1, a}]],
    Show(binary({<<1, 2, 3>>, 4})),
    Show(raised(fun() -> {ok, _} = same({1, 2}) end)),
    Show(raised(fun() -> throw({1, {2, 3}}) end)),
    P = spawn(fun() -> ring(2) end),
    [begin P ! {self(), {message, N}}, receive {P, {message, M}} -> Show({message, M}) end end || N <- [1, [2]]],
    %% It is the same term, not one like it.
    T = {ok, lists:seq(1, 3)},
    Show(erts_debug:same(T, same(T))),
    L = lists:seq(1, 5),
    {L1, L2, _, L3, _} = list(L),
    Show([erts_debug:same(L, L1), erts_debug:same(tl(L), L2), erts_debug:same(tl(tl(L)), tl(L3))]),
    Pairs = [{1, 2}, {3, 4}],
    Show([erts_debug:same(A, B) || {A, B} <- lists:zip(Pairs, [{X, Y} || {X, Y} <- Pairs])]).
