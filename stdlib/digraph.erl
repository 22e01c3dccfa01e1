%% Directed graphs in three tables: vertices {V, Label}, edges {E, V1, V2, Label}, and for each
%% vertex the edges that leave and enter it, {{out, V}, E} and {{in, V}, E}, in order of creation.
%% Searches keep what they have seen in a map and what they have still to do in a list, so that
%% they take time for each vertex and edge once, and no depth.
-module(digraph).

-export([new/0, new/1, delete/1, info/1]).
-export([add_vertex/1, add_vertex/2, add_vertex/3, del_vertex/2, del_vertices/2, vertex/2,
         vertices/1, no_vertices/1, source_vertices/1, sink_vertices/1]).
-export([add_edge/3, add_edge/4, add_edge/5, del_edge/2, del_edges/2, edge/2, edges/1, edges/2,
         no_edges/1, in_edges/2, out_edges/2, in_degree/2, out_degree/2, in_neighbours/2,
         out_neighbours/2]).
-export([del_path/3, get_cycle/2, get_path/3, get_short_cycle/2, get_short_path/3]).

-export_type([graph/0, d_type/0, vertex/0, edge/0, label/0]).

-record(digraph, {vertices :: ets:table(), edges :: ets:table(), neighbours :: ets:table(),
                  cyclic :: boolean()}).

-opaque graph() :: #digraph{}.
-type d_type() :: d_cyclicity() | d_protection().
-type d_cyclicity() :: acyclic | cyclic.
-type d_protection() :: private | protected.
-type vertex() :: term().
-type edge() :: term().
-type label() :: term().
-type add_edge_error() :: {bad_edge, Path :: [vertex()]} | {bad_vertex, vertex()}.

%%% Graphs

%% A graph: cyclic or acyclic, protected or private.
-spec new() -> graph().
new() -> new([]).

-spec new([d_type()]) -> graph().
new(Types) ->
    {Cyclic, Protection} = types(Types, true, protected),
    #digraph{vertices = ets:new(vertices, [set, Protection]),
             edges = ets:new(edges, [set, Protection]),
             neighbours = ets:new(neighbours, [duplicate_bag, Protection]), cyclic = Cyclic}.

types([cyclic | T], _, Protection) -> types(T, true, Protection);
types([acyclic | T], _, Protection) -> types(T, false, Protection);
types([private | T], Cyclic, _) -> types(T, Cyclic, private);
types([protected | T], Cyclic, _) -> types(T, Cyclic, protected);
types([], Cyclic, Protection) -> {Cyclic, Protection};
types(_, _, _) -> erlang:error(badarg).

%% Deletes the graph.
-spec delete(graph()) -> true.
delete(G) ->
    ets:delete(G#digraph.vertices),
    ets:delete(G#digraph.edges),
    ets:delete(G#digraph.neighbours).

%% What is known of the graph.
-spec info(graph()) -> [{cyclicity, d_cyclicity()} | {memory, non_neg_integer()}
                        | {protection, d_protection()}].
info(G) ->
    Tables = [G#digraph.vertices, G#digraph.edges, G#digraph.neighbours],
    Cyclicity = case G#digraph.cyclic of
        true -> cyclic;
        false -> acyclic
    end,
    [{cyclicity, Cyclicity}, {memory, lists:sum([ets:info(T, memory) || T <- Tables])},
     {protection, ets:info(G#digraph.vertices, protection)}].

%%% Vertices

%% Adds or changes a vertex.
-spec add_vertex(graph()) -> vertex().
add_vertex(G) -> add_vertex(G, ['$v' | next(G, '$vid')], []).

-spec add_vertex(graph(), vertex()) -> vertex().
add_vertex(G, V) -> add_vertex(G, V, []).

-spec add_vertex(graph(), vertex(), label()) -> vertex().
add_vertex(G, V, Label) ->
    ets:insert(G#digraph.vertices, {V, Label}),
    V.

%% The next number of that kind; the counters share a table with the neighbours.
next(G, Counter) ->
    N = case ets:lookup(G#digraph.neighbours, Counter) of
        [{_, Next}] -> Next;
        [] -> 0
    end,
    ets:delete(G#digraph.neighbours, Counter),
    ets:insert(G#digraph.neighbours, {Counter, N + 1}),
    N.

%% The label of a vertex, or false.
-spec vertex(graph(), vertex()) -> {vertex(), label()} | false.
vertex(G, V) -> found(ets:lookup(G#digraph.vertices, V)).

found([Object]) -> Object;
found([]) -> false.

%% How many vertices there are.
-spec no_vertices(graph()) -> non_neg_integer().
no_vertices(G) -> ets:info(G#digraph.vertices, size).

%% All vertices.
-spec vertices(graph()) -> [vertex()].
vertices(G) -> ets:select(G#digraph.vertices, [{{'$1', '_'}, [], ['$1']}]).

-spec source_vertices(graph()) -> [vertex()].
source_vertices(G) -> vertices_without(G, in).

-spec sink_vertices(graph()) -> [vertex()].
sink_vertices(G) -> vertices_without(G, out).

vertices_without(G, Direction) ->
    [V || V <- vertices(G), not ets:member(G#digraph.neighbours, {Direction, V})].

%% Deletes a vertex and its edges.
-spec del_vertex(graph(), vertex()) -> true.
del_vertex(G, V) ->
    del_edges(G, edges(G, V)),
    ets:delete(G#digraph.vertices, V).

%% Deletes vertices and their edges.
-spec del_vertices(graph(), [vertex()]) -> true.
del_vertices(G, Vertices) ->
    lists:foreach(fun(V) -> del_vertex(G, V) end, Vertices),
    true.

%%% Edges

%% Adds or changes an edge, unless that makes a cycle where none may be.
-spec add_edge(graph(), vertex(), vertex()) -> edge() | {error, add_edge_error()}.
add_edge(G, V1, V2) -> add_edge(G, V1, V2, []).

-spec add_edge(graph(), vertex(), vertex(), label()) -> edge() | {error, add_edge_error()}.
add_edge(G, V1, V2, Label) -> add_edge(G, ['$e' | next(G, '$eid')], V1, V2, Label).

-spec add_edge(graph(), edge(), vertex(), vertex(), label()) -> edge() | {error, add_edge_error()}.
add_edge(G, E, V1, V2, Label) ->
    case ets:lookup(G#digraph.edges, E) of
        [{_, V1, V2, _}] ->
            ets:insert(G#digraph.edges, {E, V1, V2, Label}),
            E;
        Other ->
            case why_not(G, V1, V2) of
                false when Other =/= [] -> {error, {bad_edge, [V1, V2]}};
                false ->
                    ets:insert(G#digraph.neighbours, [{{out, V1}, E}, {{in, V2}, E}]),
                    ets:insert(G#digraph.edges, {E, V1, V2, Label}),
                    E;
                Reason -> {error, Reason}
            end
    end.

why_not(G, V1, V2) ->
    case {ets:member(G#digraph.vertices, V1), ets:member(G#digraph.vertices, V2)} of
        {false, _} -> {bad_vertex, V1};
        {_, false} -> {bad_vertex, V2};
        _ when G#digraph.cyclic -> false;
        _ when V1 =:= V2 -> {bad_edge, [V1, V2]};
        _ ->
            case get_path(G, V2, V1) of
                false -> false;
                Path -> {bad_edge, Path}
            end
    end.

%% Deletes an edge.
-spec del_edge(graph(), edge()) -> true.
del_edge(G, E) ->
    case ets:lookup(G#digraph.edges, E) of
        [{_, V1, V2, _}] ->
            ets:delete_object(G#digraph.neighbours, {{out, V1}, E}),
            ets:delete_object(G#digraph.neighbours, {{in, V2}, E}),
            ets:delete(G#digraph.edges, E);
        [] -> true
    end.

%% Deletes edges.
-spec del_edges(graph(), [edge()]) -> true.
del_edges(G, Edges) ->
    lists:foreach(fun(E) -> del_edge(G, E) end, Edges),
    true.

%% The vertices and the label of an edge, or false.
-spec edge(graph(), edge()) -> {edge(), vertex(), vertex(), label()} | false.
edge(G, E) -> found(ets:lookup(G#digraph.edges, E)).

%% How many edges there are.
-spec no_edges(graph()) -> non_neg_integer().
no_edges(G) -> ets:info(G#digraph.edges, size).

%% All edges, or those of a vertex.
-spec edges(graph()) -> [edge()].
edges(G) -> ets:select(G#digraph.edges, [{{'$1', '_', '_', '_'}, [], ['$1']}]).

%% A loop both leaves and enters its vertex and is told twice.
-spec edges(graph(), vertex()) -> [edge()].
edges(G, V) -> in_edges(G, V) ++ out_edges(G, V).

%% The edges that lead from a vertex.
-spec out_edges(graph(), vertex()) -> [edge()].
out_edges(G, V) -> [E || {_, E} <- ets:lookup(G#digraph.neighbours, {out, V})].

%% The edges that lead to a vertex.
-spec in_edges(graph(), vertex()) -> [edge()].
in_edges(G, V) -> [E || {_, E} <- ets:lookup(G#digraph.neighbours, {in, V})].

%% How many edges lead from a vertex.
-spec out_degree(graph(), vertex()) -> non_neg_integer().
out_degree(G, V) -> length(ets:lookup(G#digraph.neighbours, {out, V})).

%% How many edges lead to a vertex.
-spec in_degree(graph(), vertex()) -> non_neg_integer().
in_degree(G, V) -> length(ets:lookup(G#digraph.neighbours, {in, V})).

%% The newest first.
-spec out_neighbours(graph(), vertex()) -> [vertex()].
out_neighbours(G, V) -> lists:reverse([target(G, E) || E <- out_edges(G, V)]).

%% The vertices that edges lead from.
-spec in_neighbours(graph(), vertex()) -> [vertex()].
in_neighbours(G, V) -> lists:reverse([source(G, E) || E <- in_edges(G, V)]).

source(G, E) -> ets:lookup_element(G#digraph.edges, E, 2).

target(G, E) -> ets:lookup_element(G#digraph.edges, E, 3).

%%% Paths

%% A path from one vertex to another, or false.
-spec get_path(graph(), vertex(), vertex()) -> [vertex(), ...] | false.
get_path(G, V1, V2) -> deep(out_neighbours(G, V1), [], V2, [V1], #{V1 => []}, G, 1).

%% A loop is a cycle only where there is no longer one.
-spec get_cycle(graph(), vertex()) -> [vertex(), ...] | false.
get_cycle(G, V) ->
    case deep(out_neighbours(G, V), [], V, [V], #{}, G, 2) of
        false ->
            case lists:member(V, out_neighbours(G, V)) of
                true -> [V];
                false -> false
            end;
        Cycle -> Cycle
    end.

%% Depth first: Todo has for each vertex of the path but the first what remains of its neighbours'
%% siblings. The target ends a path of at least Least edges.
deep([Target | _], _, Target, Path, _, _, Least) when Least =:= 1; tl(Path) =/= [] ->
    lists:reverse(Path, [Target]);
deep([Target | Next], Todo, Target, Path, Seen, G, Least) ->
    deep(Next, Todo, Target, Path, Seen, G, Least);
deep([V | Next], Todo, Target, Path, Seen, G, Least) when is_map_key(V, Seen) ->
    deep(Next, Todo, Target, Path, Seen, G, Least);
deep([V | Next], Todo, Target, Path, Seen, G, Least) ->
    deep(out_neighbours(G, V), [Next | Todo], Target, [V | Path], Seen#{V => []}, G, Least);
deep([], [Next | Todo], Target, [_ | Path], Seen, G, Least) ->
    deep(Next, Todo, Target, Path, Seen, G, Least);
deep([], [], _, _, _, _, _) -> false.

%% A shortest path, or false.
-spec get_short_path(graph(), vertex(), vertex()) -> [vertex(), ...] | false.
get_short_path(G, V1, V2) -> wide([V1], [], V2, #{V1 => V1}, G).

%% A shortest cycle through a vertex, or false.
-spec get_short_cycle(graph(), vertex()) -> [vertex(), ...] | false.
get_short_cycle(G, V) -> get_short_path(G, V, V).

%% Breadth first: Came has for each vertex found the one it was found from, for the first itself.
wide([V | Level], Next, Target, Came, G) ->
    case found_from(lists:reverse(out_neighbours(G, V)), V, Target, Next, Came) of
        found -> trace(V, Came, [V, Target]);
        {Next1, Came1} -> wide(Level, Next1, Target, Came1, G)
    end;
wide([], [], _, _, _) -> false;
wide([], Next, Target, Came, G) -> wide(lists:reverse(Next), [], Target, Came, G).

found_from([Target | _], _, Target, _, _) -> found;
found_from([V | T], From, Target, Next, Came) when is_map_key(V, Came) ->
    found_from(T, From, Target, Next, Came);
found_from([V | T], From, Target, Next, Came) ->
    found_from(T, From, Target, [V | Next], Came#{V => From});
found_from([], _, _, Next, Came) -> {Next, Came}.

trace(V, Came, Path) ->
    case map_get(V, Came) of
        V -> Path;
        From -> trace(From, Came, [From | Path])
    end.

%% Deletes edges until no path leads from one vertex to the other.
-spec del_path(graph(), vertex(), vertex()) -> true.
del_path(G, V1, V2) ->
    case get_path(G, V1, V2) of
        false -> true;
        Path ->
            del_steps(G, Path),
            del_path(G, V1, V2)
    end.

del_steps(G, [V1 | [V2 | _] = Path]) ->
    del_edges(G, [E || E <- out_edges(G, V1), target(G, E) =:= V2]),
    del_steps(G, Path);
del_steps(_, [_]) -> true.
