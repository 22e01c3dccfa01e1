%% digraph and digraph_utils against OTP's on random graphs. Tables give vertices in an order of
%% their own, so what hangs on it is sorted, or checked for what it promises.
-module(digraph_diff).
-include("diff.hrl").

run() ->
    [times(N, fun() -> graph(Type) end) || {N, Type} <- [{150, []}, {60, [acyclic]}, {10, [private, cyclic]}]],
    [call(digraph, new, [T]) || T <- [[foo], foo, [cyclic | a], [private, 1]]],
    [call(digraph, F, [x]) || F <- [vertices, edges, no_edges, no_vertices, delete, info, add_vertex]],
    [call(digraph_utils, F, [x]) || F <- [components, topsort, is_tree]],
    value(long, fun() ->
        D = module(digraph), G = D:new(),
        [D:add_vertex(G, V) || V <- lists:seq(1, 20000)],
        [D:add_edge(G, V, V + 1) || V <- lists:seq(1, 19999)],
        {length(D:get_path(G, 1, 20000)), length(D:get_short_path(G, 1, 20000)), length((module(digraph_utils)):topsort(G))} end).

graph(Type) ->
    D = module(digraph),
    G = D:new(Type),
    N = 1 + pick(8),
    Vertices = lists:seq(1, N),
    [D:add_vertex(G, V) || V <- Vertices],
    times(pick(2 * N + 2), fun() -> step(D, G, N) end),
    ask(D, G, N),
    asked(module(digraph_utils), D, G, N),
    value(delete, fun() -> D:delete(G) end),
    value(deleted, fun() -> D:vertices(G) end).

step(D, G, N) ->
    {A, B} = {1 + pick(N), 1 + pick(N)},
    E = pick({e1, e2, e3}),
    case pick(24) of
        0 -> value(add, fun() -> D:add_vertex(G) end);
        1 -> value(add, fun() -> D:add_vertex(G, A, pick({x, y})) end);
        2 -> value(add, fun() -> D:add_edge(G, E, A, B, pick({x, y})) end);
        3 -> value(del, fun() -> D:del_edge(G, E) end);
        4 -> value(del, fun() -> D:del_vertex(G, A) end);
        5 -> value(del, fun() -> D:del_path(G, A, B) end);
        6 -> value(del, fun() -> D:del_edges(G, [e1, e2]) end);
        7 -> value(del, fun() -> D:del_vertices(G, [A, nix]) end);
        8 -> value(add, fun() -> D:add_edge(G, A, nix) end);
        _ -> value({A, B}, fun() -> D:add_edge(G, A, B) end)
    end.

ask(D, G, N) ->
    value(all, fun() -> [lists:sort(D:F(G)) || F <- [vertices, edges, source_vertices, sink_vertices]] end),
    value(counts, fun() -> {D:no_vertices(G), D:no_edges(G), lists:keydelete(memory, 1, D:info(G))} end),
    value(edges, fun() -> [D:edge(G, E) || E <- lists:sort(D:edges(G))] end),
    [value({F, V}, fun() -> D:F(G, V) end) || V <- lists:seq(1, N),
        F <- [vertex, in_edges, out_edges, in_degree, out_degree, in_neighbours, out_neighbours, edges, get_cycle, get_short_cycle]],
    [value({F, A, B}, fun() -> D:F(G, A, B) end) || A <- lists:seq(1, N), B <- lists:seq(1, N), F <- [get_path, get_short_path]].

asked(U, D, G, N) ->
    [value(F, fun() -> lists:sort([lists:sort(C) || C <- U:F(G)]) end) || F <- [components, strong_components, cyclic_strong_components]],
    [value({F, Vs}, fun() -> lists:sort(U:F(Vs, G)) end) || F <- [reachable, reachable_neighbours, reaching, reaching_neighbours],
        Vs <- [[], [1], [1 + pick(N), 1 + pick(N)], [1, nix]]],
    [value(F, fun() -> lists:sort(U:F(G)) end) || F <- [preorder, postorder, loop_vertices]],
    [value(F, fun() -> U:F(G) end) || F <- [is_acyclic, is_arborescence, arborescence_root, is_tree]],
    value(topsort, fun() ->
        case U:topsort(G) of
            false -> false;
            Order -> [true = place(A, Order) =< place(B, Order) || E <- D:edges(G), {_, A, B, _} <- [D:edge(G, E)]], lists:sort(Order)
        end end),
    value(condensation, fun() ->
        C = U:condensation(G),
        {lists:sort([lists:sort(V) || V <- D:vertices(C)]), lists:sort([{lists:sort(A), lists:sort(B), L} || E <- D:edges(C), {_, A, B, L} <- [D:edge(C, E)]])} end),
    [value({subgraph, Options}, fun() ->
        S = U:subgraph(G, [1, 2, 3, nix], Options),
        {lists:sort([D:vertex(S, V) || V <- D:vertices(S)]), lists:sort([D:edge(S, E) || E <- D:edges(S)]), lists:keydelete(memory, 1, D:info(S))} end)
        || Options <- [[], [{keep_labels, false}], [{type, inherit}], [{type, [cyclic, private]}], [{type, foo}], [foo], [{keep_labels, 1}]]].

place(X, [X | _]) -> 0;
place(X, [_ | T]) -> 1 + place(X, T).
