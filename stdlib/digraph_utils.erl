%% Algorithms on directed graphs. All of them rest on one depth-first search that grows trees from
%% given roots, each vertex in one tree only, with its own stack: time and memory are linear.
-module(digraph_utils).

-export([components/1, strong_components/1, cyclic_strong_components/1, condensation/1]).
-export([reachable/2, reachable_neighbours/2, reaching/2, reaching_neighbours/2]).
-export([preorder/1, postorder/1, topsort/1, is_acyclic/1, loop_vertices/1]).
-export([arborescence_root/1, is_arborescence/1, is_tree/1, subgraph/2, subgraph/3]).

-type vertices() :: [digraph:vertex()].

%%% Components

%% The vertices that hang together, whichever way edges lead.
-spec components(digraph:graph()) -> [vertices()].
components(G) -> grow(G, fun neighbours/2, roots(G)).

%% The vertices that can be reached from one another.
-spec strong_components(digraph:graph()) -> [vertices()].
strong_components(G) -> grow(G, fun in/2, lists:reverse(postorder(G))).

%% The strong components that have cycles.
-spec cyclic_strong_components(digraph:graph()) -> [vertices()].
cyclic_strong_components(G) -> [C || C <- strong_components(G), is_cyclic(C, G)].

is_cyclic([V], G) -> lists:member(V, digraph:out_neighbours(G, V));
is_cyclic(_, _) -> true.

%% A vertex for each strong component, an edge where one leads to another.
-spec condensation(digraph:graph()) -> digraph:graph().
condensation(G) ->
    Components = strong_components(G),
    Home = maps:from_list([{V, C} || C <- Components, V <- C]),
    Condensed = digraph:new(types(G)),
    [digraph:add_vertex(Condensed, C) || C <- Components],
    [digraph:add_edge(Condensed, C, Other)
     || C <- Components,
        Other <- lists:usort([map_get(To, Home) || V <- C, To <- digraph:out_neighbours(G, V)]),
        Other =/= C],
    Condensed.

types(G) -> [Type || {Key, Type} <- digraph:info(G), Key =:= cyclicity orelse Key =:= protection].

%%% Reaching

%% What can be reached from some vertices.
-spec reachable(vertices(), digraph:graph()) -> vertices().
reachable(Vertices, G) when is_list(Vertices) -> lists:append(grow(G, fun out/2, Vertices)).

%% The same over at least one edge.
-spec reachable_neighbours(vertices(), digraph:graph()) -> vertices().
reachable_neighbours(Vertices, G) when is_list(Vertices) -> beyond(G, fun out/2, Vertices).

%% From what some vertices can be reached.
-spec reaching(vertices(), digraph:graph()) -> vertices().
reaching(Vertices, G) when is_list(Vertices) -> lists:append(grow(G, fun in/2, Vertices)).

%% The same over at least one edge.
-spec reaching_neighbours(vertices(), digraph:graph()) -> vertices().
reaching_neighbours(Vertices, G) when is_list(Vertices) -> beyond(G, fun in/2, Vertices).

%% The vertices at the end of one step or more.
beyond(G, Next, Vertices) ->
    lists:append(grow(G, Next, lists:append([Next(G, V) || V <- Vertices]))).

%%% Orders

%% The vertices as one comes to them in depth.
-spec preorder(digraph:graph()) -> vertices().
preorder(G) -> lists:append(lists:reverse([lists:reverse(T) || T <- grow(G, fun out/2, roots(G))])).

%% The vertices as one leaves them in depth.
-spec postorder(digraph:graph()) -> vertices().
postorder(G) -> lists:reverse(finished([roots(G)], G, #{}, [])).

%% Each vertex, on the stack as {V} while its successors are looked at, is done after them.
finished([{V} | Stack], G, Seen, Done) -> finished(Stack, G, Seen, [V | Done]);
finished([[V | Siblings] | Stack], G, Seen, Done) when is_map_key(V, Seen) ->
    finished([Siblings | Stack], G, Seen, Done);
finished([[V | Siblings] | Stack], G, Seen, Done) ->
    finished([digraph:out_neighbours(G, V), {V}, Siblings | Stack], G, Seen#{V => []}, Done);
finished([[] | Stack], G, Seen, Done) -> finished(Stack, G, Seen, Done);
finished([], _, _, Done) -> Done.

%% Loops do not hinder an order.
-spec topsort(digraph:graph()) -> vertices() | false.
topsort(G) ->
    Order = lists:reverse(postorder(G)),
    Place = maps:from_list(lists:zip(Order, lists:seq(1, length(Order)))),
    Forward = fun(V) ->
        lists:all(fun(To) -> map_get(V, Place) =< map_get(To, Place) end, out(G, V))
    end,
    lists:all(Forward, Order) andalso Order.

%% Whether it has no cycles.
-spec is_acyclic(digraph:graph()) -> boolean().
is_acyclic(G) -> loop_vertices(G) =:= [] andalso topsort(G) =/= false.

%% The vertices with an edge to themselves.
-spec loop_vertices(digraph:graph()) -> vertices().
loop_vertices(G) -> [V || V <- digraph:vertices(G), is_cyclic([V], G)].

%%% Trees

%% {yes, Root} of a tree whose edges lead from its root, or no.
-spec arborescence_root(digraph:graph()) -> no | {yes, digraph:vertex()}.
arborescence_root(G) ->
    case digraph:no_edges(G) =:= digraph:no_vertices(G) - 1 of
        true -> arborescence_root(digraph:vertices(G), G, []);
        false -> no
    end.

%% One vertex that nothing enters, and one edge into each other, which are then all reached if the
%% graph is connected.
arborescence_root([V | T], G, Roots) ->
    case {digraph:in_degree(G, V), Roots} of
        {1, _} -> arborescence_root(T, G, Roots);
        {0, []} -> arborescence_root(T, G, [V]);
        _ -> no
    end;
arborescence_root([], _, [Root]) -> {yes, Root};
arborescence_root([], _, []) -> no.

%% Whether it is a tree whose edges lead from its root.
-spec is_arborescence(digraph:graph()) -> boolean().
is_arborescence(G) -> arborescence_root(G) =/= no.

%% Whether it is a tree.
-spec is_tree(digraph:graph()) -> boolean().
is_tree(G) ->
    digraph:no_edges(G) =:= digraph:no_vertices(G) - 1 andalso length(components(G)) =:= 1.

%%% Parts

%% The part of a graph that some vertices are.
-spec subgraph(digraph:graph(), vertices()) -> digraph:graph().
subgraph(G, Vertices) -> part(G, Vertices, types(G), true).

-spec subgraph(digraph:graph(), vertices(),
               [{type, inherit | [digraph:d_type()]} | {keep_labels, boolean()}]) ->
          digraph:graph().
subgraph(G, Vertices, Options) ->
    {Types, Labels} = subgraph_options(Options, types(G), G, true),
    part(G, Vertices, Types, Labels).

subgraph_options([{type, inherit} | T], _, G, Labels) -> subgraph_options(T, types(G), G, Labels);
subgraph_options([{type, Types} | T], _, G, Labels) when is_list(Types) ->
    subgraph_options(T, Types, G, Labels);
subgraph_options([{keep_labels, Labels} | T], Types, G, _) when is_boolean(Labels) ->
    subgraph_options(T, Types, G, Labels);
subgraph_options([], Types, _, Labels) -> {Types, Labels};
subgraph_options(_, _, _, _) -> erlang:error(badarg).

part(G, Vertices, Types, Labels) ->
    Part = digraph:new(Types),
    Keep = fun(Label) when Labels -> Label; (_) -> [] end,
    [digraph:add_vertex(Part, V, Keep(Label))
     || Vertex <- Vertices, {V, Label} <- [digraph:vertex(G, Vertex)]],
    [digraph:add_edge(Part, E, V1, V2, Keep(Label))
     || V <- digraph:vertices(Part), Edge <- digraph:out_edges(G, V),
        {E, V1, V2, Label} <- [digraph:edge(G, Edge)]],
    Part.

%%% The search

roots(G) -> digraph:vertices(G).

out(G, V) -> digraph:out_neighbours(G, V).

in(G, V) -> digraph:in_neighbours(G, V).

neighbours(G, V) -> out(G, V) ++ in(G, V).

%% The trees, the last first, each with its vertices the last found first.
grow(G, Next, Roots) -> trees(Roots, G, Next, #{}, []).

trees([V | Roots], G, Next, Seen, Trees) when is_map_key(V, Seen) ->
    trees(Roots, G, Next, Seen, Trees);
trees([V | Roots], G, Next, Seen, Trees) ->
    {Tree, Seen1} = tree([[V]], G, Next, Seen, []),
    trees(Roots, G, Next, Seen1, [Tree | Trees]);
trees([], _, _, _, Trees) -> Trees.

tree([[V | Siblings] | Stack], G, Next, Seen, Tree) when is_map_key(V, Seen) ->
    tree([Siblings | Stack], G, Next, Seen, Tree);
tree([[V | Siblings] | Stack], G, Next, Seen, Tree) ->
    tree([Next(G, V), Siblings | Stack], G, Next, Seen#{V => []}, [V | Tree]);
tree([[] | Stack], G, Next, Seen, Tree) -> tree(Stack, G, Next, Seen, Tree);
tree([], _, _, Seen, Tree) -> {Tree, Seen}.
