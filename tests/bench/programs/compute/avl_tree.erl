%% An AVL tree of N keys, inserted in scrambled order, then looked up: tuples and patterns.
-module(avl_tree).
-export([run/1, default/0]).

default() -> 450000.

run(N) ->
    T = insert_all(N, N, nil),
    {height(T), size(T, 0), lookups(N, N, T, 0)}.

insert_all(0, _, T) -> T;
insert_all(I, N, T) -> insert_all(I - 1, N, insert((I * 7919) rem 1000003, I, T)).

lookups(0, _, _, Sum) -> Sum;
lookups(I, N, T, Sum) -> lookups(I - 1, N, T, (Sum + find((I * 7919) rem 1000003, T)) band 16#FFFFFFF).

find(K, {K, V, _, _, _}) -> V;
find(K, {K2, _, _, L, _}) when K < K2 -> find(K, L);
find(K, {_, _, _, _, R}) -> find(K, R).

insert(K, V, nil) -> {K, V, 1, nil, nil};
insert(K, V, {K, _, H, L, R}) -> {K, V, H, L, R};
insert(K, V, {K2, V2, _, L, R}) when K < K2 -> balance(K2, V2, insert(K, V, L), R);
insert(K, V, {K2, V2, _, L, R}) -> balance(K2, V2, L, insert(K, V, R)).

balance(K, V, L, R) ->
    case height(L) - height(R) of
        2 -> lean_left(K, V, L, R);
        -2 -> lean_right(K, V, L, R);
        _ -> node(K, V, L, R)
    end.

lean_left(K, V, {LK, LV, _, LL, LR}, R) ->
    case height(LL) >= height(LR) of
        true -> node(LK, LV, LL, node(K, V, LR, R));
        false -> {MK, MV, _, ML, MR} = LR, node(MK, MV, node(LK, LV, LL, ML), node(K, V, MR, R))
    end.

lean_right(K, V, L, {RK, RV, _, RL, RR}) ->
    case height(RR) >= height(RL) of
        true -> node(RK, RV, node(K, V, L, RL), RR);
        false -> {MK, MV, _, ML, MR} = RL, node(MK, MV, node(K, V, L, ML), node(RK, RV, MR, RR))
    end.

node(K, V, L, R) -> {K, V, 1 + max(height(L), height(R)), L, R}.

height(nil) -> 0;
height({_, _, H, _, _}) -> H.

size(nil, N) -> N;
size({_, _, _, L, R}, N) -> size(R, size(L, N + 1)).
