%% digraph, digraph_utils and sofs: every function with typical, boundary and wrong arguments. A graph
%% is made anew for each call: a function of this module builds it from its vertices and edges.
-module(sweep_graphs_diff).
-include("sweep.hrl").

graphs() ->
    [{[], []}, {[a], []}, {[a, b, c], [{a, b}, {b, c}]}, {[a, b, c], [{a, b}, {b, c}, {c, a}]}, {[a, b, c, d], [{a, b}, {a, c}, {b, d}, {c, d}]}, {[a], [{a, a}]},
     {lists:seq(1, 8), [{1, 2}, {2, 3}, {3, 1}, {4, 5}, {5, 6}, {6, 4}, {3, 4}, {7, 8}, {7, 8}]}, {[x, y, 1, "s"], [{x, y}, {y, "s"}, {1, x}]}].

samples_of(set) -> [sofs:from_term(T) || T <- [[], [a], [a, b, c], [1, 2, 3], [[a], [b, c]], [[], [a]]]];
samples_of(relation) -> [sofs:relation(T) || T <- [[], [{a, 1}, {b, 2}], [{a, b}, {b, c}, {c, a}], [{1, a}, {2, b}, {3, b}]]];
samples_of(family) -> [sofs:family(T) || T <- [[], [{a, [1, 2]}, {b, []}], [{a, [1]}, {b, [2, 3]}, {c, [1, 3]}]]];
samples_of(any_set) -> samples_of(set) ++ samples_of(relation) ++ samples_of(family);
samples_of(anything) -> samples_of(any_set) ++ [sofs:from_term(a), sofs:from_term({a, [b]})];
samples_of(set_of_sets) -> [sofs:from_term(T) || T <- [[[a], [b, c]], [[]], [[1, 2], [2, 3], [3]]]];
samples_of(external) -> [[], [a], [{a, 1}, {b, 2}], [{a, [1]}, {b, []}], [[a], [b]], a, {a, [b]}, [{a, 1, x}], [{a, 1}, {a, 2}], [a, [b]]];
samples_of(type) -> [[atom], atom, [{atom, atom}], [{atom, [atom]}], [[atom]], {atom, [atom]}, [x], '_', [{x, y, z}]];
samples_of(set_fun) -> [1, 2, {external, fun(X) -> X end}, {external, fun({A, _}) -> A; (A) -> A end}, fun(S) -> S end];
samples_of(set_pred) -> [{external, fun(X) -> X =/= a end}, fun(S) -> sofs:is_set(S) end].

run() ->
    G1 = [edges, info, no_edges, no_vertices, sink_vertices, source_vertices, vertices, delete],
    [graph(digraph, F, G, []) || F <- G1, G <- graphs()],
    G2 = [add_vertex, del_edge, del_edges, del_vertex, del_vertices, edge, edges, get_cycle, get_short_cycle, in_degree, in_edges, in_neighbours, out_degree, out_edges, out_neighbours, vertex],
    Args = [a, b, z, 1, [], [a, b], ['$e' | 0], [a | b], "s"],
    [graph(digraph, F, G, [A]) || F <- G2, G <- graphs(), A <- Args],
    G3 = [add_edge, add_vertex, del_path, get_path, get_short_path],
    [graph(digraph, F, G, [A, B]) || F <- G3, G <- graphs(), A <- [a, b, 1, z], B <- [a, c, 4, d, label]],
    [graph(digraph, add_edge, G, [A, B, L]) || G <- graphs(), A <- [a, 1, z], B <- [b, 2, z], L <- [label, []]],
    [graph(digraph, add_edge, G, [E, A, B, L]) || G <- graphs(), E <- [e, ['$e' | 0]], A <- [a, 1, z], B <- [b, 2, z], L <- [label]],
    [value({new, T}, fun() -> G = digraph:new(T), [lists:sort([I || {K, _} = I <- digraph:info(G), K =/= memory]), acyclic(G)] end) || T <- [[], [acyclic], [cyclic], [private], [protected], [acyclic, private], [x], x]],
    U1 = [arborescence_root, components, condensation, cyclic_strong_components, is_acyclic, is_arborescence, is_tree, loop_vertices, postorder, preorder, strong_components, topsort],
    [graph(digraph_utils, F, G, []) || F <- U1, G <- graphs()],
    U2 = [reachable, reachable_neighbours, reaching, reaching_neighbours],
    [reach(F, G, Vs) || F <- U2, G <- graphs(), Vs <- [[], [a], [b, c], [1, 7], [z]]],
    [graph(digraph_utils, subgraph, G, [Vs]) || G <- graphs(), Vs <- [[], [a, b], [1, 2, 3], [z]]],
    %% Which edge of a cycle an acyclic subgraph does without follows from the order in a hash table.
    [graph(digraph_utils, subgraph, G, [Vs, O]) || G <- graphs(), O <- [[], [{keep_labels, false}], [x]], Vs <- [[a, b], [1, 2, 3]]],
    [graph(digraph_utils, subgraph, G, [Vs, [{type, [acyclic]}]]) || G <- graphs(), Vs <- [[a, b], [1, 2], [4, 5, 7]]],
    sweep(sofs, [
        {a_function, [external]}, {a_function, [external, type]}, {canonical_relation, [set_of_sets]}, {composite, [relation, relation]}, {constant_function, [set, anything]}, {converse, [relation]}, {difference, [any_set, any_set]},
        {domain, [relation]}, {drestriction, [relation, set]}, {drestriction, [{fixed, set_fun}, any_set, any_set], 60}, {empty_set, []}, {extension, [relation, set, {fixed, anything}]}, {family, [external]}, {family, [external, type]},
        {family_difference, [family, family]}, {family_domain, [family]}, {family_field, [family]}, {family_intersection, [family]}, {family_intersection, [family, family]}, {family_projection, [set_fun, family]}, {family_range, [family]},
        {family_specification, [set_pred, family]}, {family_to_relation, [family]}, {family_union, [family]}, {family_union, [family, family]}, {fam2rel, [family]}, {field, [relation]}, {from_external, [external, type], 40},
        {from_sets, [{one, [[sofs:set([a]), sofs:set([b])], [], {sofs:set([a]), sofs:from_term(x)}, [sofs:set([a]), sofs:relation([{a, b}])]]}]}, {from_term, [external]}, {from_term, [external, type], 60}, {image, [relation, set]},
        {intersection, [set_of_sets]}, {intersection, [any_set, any_set]}, {intersection_of_family, [family]}, {inverse, [relation]}, {inverse_image, [relation, set]}, {is_a_function, [relation]}, {is_disjoint, [any_set, any_set]},
        {is_empty_set, [anything]}, {is_equal, [anything, anything], 60}, {is_set, [anything]}, {is_sofs_set, [anything]}, {is_subset, [any_set, any_set]}, {is_type, [type]}, {join, [relation, {one, [1, 2]}, relation, {one, [1, 2, 3]}], 60},
        {multiple_relative_product, [{one, [{sofs:relation([{a, b}]), sofs:relation([{a, c}])}]}, relation]}, {no_elements, [any_set]}, {partition, [set_of_sets]}, {partition, [{fixed, set_fun}, any_set]}, {partition, [{fixed, set_fun}, any_set, any_set], 60},
        {partition_family, [set_fun, any_set]}, {product, [{one, [{sofs:set([a]), sofs:set([b, c])}, {}, {sofs:set([a])}]}]}, {product, [set, set]}, {projection, [set_fun, any_set]}, {range, [relation]}, {rel2fam, [relation]},
        {relation, [external]}, {relation, [external, type]}, {relation, [external, {one, [1, 2, 3]}]}, {relation_to_family, [relation]}, {relative_product, [{one, [[sofs:relation([{a, b}]), sofs:relation([{a, c}])], [], {sofs:relation([{a, 1}])}]}]},
        {relative_product, [relation, relation]}, {relative_product1, [relation, relation]}, {restriction, [relation, set]}, {restriction, [{fixed, {one, [1, 2, {external, fun(X) -> X end}]}}, any_set, any_set], 60}, {set, [external]}, {set, [external, type]},
        {specification, [set_pred, any_set]}, {strict_relation, [relation]}, {substitution, [set_fun, any_set]}, {symdiff, [any_set, any_set]}, {symmetric_partition, [any_set, any_set]}, {to_external, [anything]}, {to_sets, [any_set]},
        {type, [anything]}, {union, [set_of_sets]}, {union, [any_set, any_set]}, {union_of_family, [family]}, {weak_relation, [relation]}]),
    [value({to_digraph, F}, fun() -> shown_graph(sofs:family_to_digraph(F)) end) || F <- samples_of(family)],
    [value({to_digraph, F, T}, fun() -> shown_graph(sofs:family_to_digraph(F, T)) end) || F <- samples_of(family), T <- [[], [acyclic], [x]]],
    [value({from_digraph, G}, fun() -> sofs:digraph_to_family(build(G)) end) || G <- graphs(), length(element(1, G)) < 8].

graph(M, F, G, Args) ->
    value({M, F, G, Args}, fun() ->
        D = build(G),
        R = apply(M, F, [D | Args]),
        {case is_graph(R) of true when F =:= condensation -> lists:sort([lists:sort(V) || V <- digraph:vertices(R)]); true -> shown_graph(R); false -> sorted(F, R) end, case F of delete -> deleted; _ -> shown_graph(D) end}
    end).

reach(F, G, Vs) -> value({F, Vs, G}, fun() -> lists:sort(digraph_utils:F(Vs, build(G))) end).

build({Vs, Es}) ->
    D = digraph:new(),
    [digraph:add_vertex(D, V) || V <- Vs],
    [digraph:add_edge(D, A, B) || {A, B} <- Es],
    D.

is_graph(R) -> is_tuple(R) andalso tuple_size(R) > 1 andalso element(1, R) =:= digraph.

shown_graph(D) -> {lists:sort([digraph:vertex(D, V) || V <- digraph:vertices(D)]), lists:sort([digraph:edge(D, E) || E <- digraph:edges(D)])}.

acyclic(G) ->
    A = digraph:add_vertex(G), B = digraph:add_vertex(G),
    [digraph:add_edge(G, A, B), digraph:add_edge(G, B, A), digraph:add_edge(G, A, A)].

%% The order in which vertices come out of a table is the table's affair.
sorted(F, R) when F =:= get_path; F =:= get_short_path; F =:= topsort; F =:= get_cycle; F =:= get_short_cycle -> R;
sorted(info, R) -> [I || {K, _} = I <- lists:sort(R), K =/= memory];
sorted(F, R) when F =:= components; F =:= strong_components; F =:= cyclic_strong_components -> lists:sort([lists:sort(C) || C <- R]);
sorted(_, R) when is_list(R), length(R) > 1 -> try lists:sort(R) catch _:_ -> R end;
sorted(_, R) -> R.
