%% sofs against OTP's: values are shown with their types.
-module(sofs_diff).
-include("diff.hrl").

run() ->
    Terms = [[], [a], [a, b, a], [{a, 1}, {b, 2}], [{a, [1, 2]}, {b, []}], [[a], [b]], a, {a, b}, [a, [b]], [[]], {[], a}, #{}, [{a, 1, x}, {b, 2, y}], [a | b], [{a, 1}, {a, 2}], "ab", {}, [{a, [{x, y}]}]],
    Types = [[atom], [{atom, atom}], [{atom, [atom]}], [[atom]], atom, {atom, atom}, [x], x, [a, b], [{integer, name}]],
    [sofs(F, [T]) || F <- [from_term, set, relation, a_function, family], T <- Terms],
    [sofs(F, [T, Y]) || F <- [from_term, set, relation, a_function, family], T <- Terms, Y <- Types],
    [sofs(relation, [T, N]) || T <- Terms, N <- [1, 2, 3, 0]],
    [call(sofs, is_type, [Y]) || Y <- Types ++ [1, "a", {}, {[a]}]],
    sofs(empty_set, []),
    Sets = [sofs:from_term(T) || T <- [[], [a], [a, b, c], [1, 2, 3], [b, c, d], [[a], [a, b]], [[], [a]], [[a, b], [b, c], [c, d]], [{a, 1}, {b, 2}, {b, 3}], [{1, a}, {2, b}, {3, b}],
                [{a, b}, {b, c}, {c, a}, {a, a}], [{a, [1, 2]}, {b, []}, {c, [2, 3]}], [{a, [2]}, {c, [3, 4]}, {d, [1]}], [{a, [[1], [1, 2]]}, {b, [[3]]}], [{a, [{x, 1}, {y, 2}]}], [{a, b, c}, {a, c, d}]]]
        ++ [sofs:from_term(a), sofs:from_term({a, [b]})],
    [sofs(F, [S]) || S <- Sets, F <- [to_external, type, to_sets, no_elements, is_set, is_sofs_set, is_empty_set, is_a_function, union, intersection, canonical_relation, partition,
        relation_to_family, domain, range, field, converse, inverse, strict_relation, weak_relation, family_to_relation, union_of_family, intersection_of_family, family_union,
        family_intersection, family_domain, family_range, family_field, relative_product]],
    [sofs(F, [A, B]) || A <- Sets, B <- Sets, F <- [union, intersection, difference, symdiff, symmetric_partition, product, is_subset, is_equal, is_disjoint, image, inverse_image,
        restriction, drestriction, relative_product, relative_product1, composite, family_union, family_intersection, family_difference, constant_function]],
    Funs = [1, 2, 3, {external, fun(X) -> X end}, {external, fun({_, B}) -> B end}, fun(S) -> S end, fun(S) -> sofs:from_term({x, sofs:to_external(S)}) end, a, 0],
    [sofs(F, [G, S]) || S <- Sets, G <- Funs, F <- [projection, substitution, partition, partition_family, family_projection]],
    Specs = [{external, fun(X) -> X =:= a orelse is_tuple(X) end}, fun(S) -> sofs:is_set(S) andalso sofs:no_elements(S) > 1 end, a, fun(_) -> x end],
    [sofs(F, [P, S]) || S <- Sets, P <- Specs, F <- [specification, family_specification]],
    [sofs(F, [G, A, B]) || A <- Sets, B <- Sets, G <- [1, 2, {external, fun({X, _}) -> X end}], F <- [restriction, drestriction, partition]],
    [sofs(extension, [A, B, C]) || A <- Sets, B <- Sets, C <- [sofs:from_term(a), sofs:from_term([1]), sofs:from_term([])]],
    [sofs(join, [A, I, B, J]) || A <- Sets, B <- Sets, I <- [1, 2], J <- [1, 2, 3]],
    [sofs(F, [{A, B}]) || A <- Sets, B <- Sets, F <- [product, from_sets, relative_product]],
    [sofs(F, [[A, B]]) || A <- Sets, B <- Sets, F <- [from_sets, relative_product]],
    [sofs(product, [{A, B, sofs:set([x, y])}]) || A <- Sets, B <- Sets],
    [sofs(multiple_relative_product, [{A, B}, sofs:relation([{a, b}, {b, c}, {c, a}, {a, a}])])
        || A <- Sets, B <- Sets, [T || {'Set', _, {_, _} = T} <- [A, B], T =:= {atom, atom}] =:= [{atom, atom}, {atom, atom}]].

sofs(F, Args) -> value({F, [shown(A) || A <- Args]}, fun() -> shown(apply(module(sofs), F, Args)) end).

shown({'Set', L, T}) -> {set, L, T};
shown({'OrdSet', X, T}) -> {ord, X, T};
shown(T) when is_tuple(T) -> list_to_tuple([shown(X) || X <- tuple_to_list(T)]);
shown([H | T]) -> [shown(H) | shown(T)];
shown(X) -> X.
