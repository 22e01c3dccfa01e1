%% sets (both versions), ordsets, gb_sets and gb_trees: every function with typical, boundary and wrong arguments.
-module(sweep_sets_diff).
-include("sweep.hrl").

contents() -> [[], [a], [b, a, c], [1, 2.5, 3], [1, 1.0], lists:seq(1, 20), "hello", [{x, 1}, [], #{}], [2, 4, 6]].

samples_of(elements) -> contents();
samples_of(set1) -> [sets:from_list(L, [{version, 1}]) || L <- contents()];
samples_of(set2) -> [sets:from_list(L, [{version, 2}]) || L <- contents()];
samples_of(ordset) -> [ordsets:from_list(L) || L <- contents()];
samples_of(gb_set) -> [gb_sets:from_list(L) || L <- contents()];
samples_of(gb_nonempty) -> tl(samples_of(gb_set));
samples_of({list_of, Type}) ->
    S = samples(Type),
    [[], [hd(tl(S))], lists:sublist(S, 2), lists:sublist(S, 2, 3), tl(S), lists:sublist(S, 6, 1) ++ lists:sublist(S, 9, 1)];
samples_of(tree) -> [gb_trees:from_orddict(L) || L <- [[], [{a, 1}], [{a, 1}, {b, 2}, {c, 3}], [{K, K} || K <- lists:seq(1, 33)], [{1, x}, {z, y}]]];
samples_of(orddict) -> [[], [{a, 1}], [{a, 1}, {b, 2}], [{K, K} || K <- lists:seq(1, 20)]];



samples_of(version) -> [[], [{version, 1}], [{version, 2}], [{version, 3}], [x]].

run() ->
    Common = fun(Type) -> [
        {add_element, [key, Type]}, {del_element, [key, Type]}, {filter, [pred, Type]}, {fold, [fold2, list, Type]}, {from_list, [elements]},
        {intersection, [{list_of, Type}]}, {intersection, [Type, Type]}, {is_disjoint, [Type, Type]}, {is_element, [key, Type]}, {is_empty, [Type]},
        {is_set, [Type]}, {is_subset, [Type, Type]}, {new, []}, {size, [Type]}, {subtract, [Type, Type]}, {to_list, [Type]}, {union, [{list_of, Type}]},
        {union, [Type, Type]}] end,
    sweep(sets, Common(set1)),
    sweep(sets, Common(set2)),
    sweep(sets, [{from_list, [elements, version]}, {new, [version]}, {union, [set1, set2]}, {union, [set2, set1]}, {intersection, [set1, set2]}, {subtract, [set2, set1]},
        {is_subset, [set1, set2]}, {is_disjoint, [set1, set2]}]),
    sweep(ordsets, Common(ordset)),
    sweep(gb_sets, Common(gb_set)),
    sweep(gb_sets, [
        {add, [key, gb_set]}, {balance, [gb_set]}, {delete, [key, gb_set]}, {delete_any, [key, gb_set]}, {difference, [gb_set, gb_set]}, {empty, []},
        {from_ordset, [ordset]}, {insert, [key, gb_set]}, {is_member, [key, gb_set]}, {largest, [gb_nonempty]}, {singleton, [key]}, {smallest, [gb_nonempty]}, {take_largest, [gb_nonempty]}, {take_smallest, [gb_nonempty]}]),
    sweep(gb_trees, [
        {balance, [tree]}, {delete, [key, tree]}, {delete_any, [key, tree]}, {empty, []}, {enter, [key, term, tree]}, {from_orddict, [orddict]}, {get, [key, tree]},
        {insert, [key, term, tree]}, {is_defined, [key, tree]}, {is_empty, [tree]}, {keys, [tree]}, {largest, [tree]},
        {lookup, [key, tree]}, {map, [map_fun, tree]}, {size, [tree]}, {smallest, [tree]}, {take, [key, tree]}, {take_any, [key, tree]},
        {take_largest, [tree]}, {take_smallest, [tree]}, {to_list, [tree]}, {update, [key, term, tree]}, {values, [tree]}]),
    grown(),
    iterators().

%% What iterators give; how they look is their own affair.
iterators() ->
    [value({from, K, S}, fun() -> elements(gb_sets, gb_sets:iterator_from(K, S)) end) || K <- samples(key), S <- samples_of(gb_set)],
    [value({from, K, T}, fun() -> elements(gb_trees, gb_trees:iterator_from(K, T)) end) || K <- samples(key), T <- samples_of(tree)],
    [value({all, S}, fun() -> elements(gb_sets, gb_sets:iterator(S)) end) || S <- samples_of(gb_set)],
    [value({all, T}, fun() -> elements(gb_trees, gb_trees:iterator(T)) end) || T <- samples_of(tree)].

elements(M, I) ->
    case M:next(I) of
        {X, I1} -> [X | elements(M, I1)];
        {K, V, I1} -> [{K, V} | elements(M, I1)];
        none -> []
    end.

%% Trees that many insertions and removals have made.
grown() ->
    times(60, fun() ->
        N = 1 + pick(40),
        {S, T} = grow(N, gb_sets:new(), gb_trees:empty()),
        value({grown, N}, fun() -> {gb_sets:to_list(S), gb_trees:to_list(T)} end)
    end).

grow(0, S, T) -> {S, T};
grow(N, S, T) ->
    K = pick(30),
    case pick(3) of
        0 -> grow(N - 1, gb_sets:del_element(K, S), gb_trees:delete_any(K, T));
        _ -> grow(N - 1, gb_sets:add(K, S), gb_trees:enter(K, N, T))
    end.
