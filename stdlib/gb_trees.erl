%% Ordered dictionaries as general balanced trees (Andersson): no balance is kept in the nodes; when
%% an insertion ends deeper than the size allows, the smallest subtree that is too deep is rebuilt.
%% Deletions need not rebalance. The work on nodes is native (muster_tree).
%%
%% A tree is {Size, Root}, a node {Key, Value, Smaller, Bigger}, no node nil.
-module(gb_trees).

-compile({no_auto_import, [size/1]}).

-export([empty/0, is_empty/1, size/1, lookup/2, get/2, insert/3, update/3, enter/3, delete/2,
         delete_any/2, take/2, take_any/2, balance/1, is_defined/2, keys/1, values/1, to_list/1,
         from_orddict/1, smallest/1, largest/1, take_smallest/1, take_largest/1, smaller/2,
         larger/2, map/2, iterator/1, iterator/2, iterator_from/2, iterator_from/3, next/1]).

-export_type([tree/0, tree/2, iter/0, iter/2]).

-type node_of(K, V) :: nil | {K, V, node_of(K, V), node_of(K, V)}.
-opaque tree(Key, Value) :: {non_neg_integer(), node_of(Key, Value)}.
-type tree() :: tree(term(), term()).
-opaque iter(Key, Value) :: {ordered | reversed, [node_of(Key, Value)]}.
-type iter() :: iter(term(), term()).

-define(LEAF(Key, Value), {Key, Value, nil, nil}).

%% An empty tree.
-spec empty() -> tree(none(), none()).
empty() -> {0, nil}.

%% Whether there are no entries.
-spec is_empty(tree()) -> boolean().
is_empty({0, nil}) -> true;
is_empty(_) -> false.

%% How many entries there are.
-spec size(tree()) -> non_neg_integer().
size({Size, _}) when is_integer(Size), Size >= 0 -> Size.

%%% One key

%% {value, Value} of the key, or none.
-spec lookup(Key, tree(Key, Value)) -> none | {value, Value}.
lookup(Key, {_, Root}) ->
    case muster_tree:find(Key, Root) of
        {_, Value, _, _} -> {value, Value};
        nil -> none
    end.

%% Whether the key is there.
-spec is_defined(Key, tree(Key, term())) -> boolean().
is_defined(Key, {_, Root}) -> muster_tree:find(Key, Root) =/= nil.

%% The value of the key, which has to be there.
-spec get(Key, tree(Key, Value)) -> Value.
get(Key, {_, Root}) ->
    case muster_tree:find(Key, Root) of
        {_, Value, _, _} -> Value;
        nil -> erlang:error(function_clause, [Key, nil])
    end.

%% With another value under the key, which has to be there.
-spec update(Key, Value, tree(Key, Value)) -> tree(Key, Value).
update(Key, Value, {Size, Root}) ->
    case muster_tree:put(?LEAF(Key, Value), Root) of
        nil -> erlang:error(function_clause, [Key, Value, nil]);
        Root1 -> {Size, Root1}
    end.

%% With the value under the key, which must not be there.
-spec insert(Key, Value, tree(Key, Value)) -> tree(Key, Value).
insert(Key, Value, {Size, Root}) when is_integer(Size) ->
    case muster_tree:insert(?LEAF(Key, Value), Root, Size + 1) of
        nil -> erlang:error({key_exists, Key});
        Root1 -> {Size + 1, Root1}
    end.

%% With the value under the key, there or not.
-spec enter(Key, Value, tree(Key, Value)) -> tree(Key, Value).
enter(Key, Value, {Size, Root}) ->
    Leaf = ?LEAF(Key, Value),
    case muster_tree:enter(Leaf, Root, Size) of
        nil -> {Size + 1, muster_tree:insert(Leaf, Root, Size + 1)};
        Tree -> Tree
    end;
enter(Key, _, Other) ->
    no_tree(Key, Other).

%% Fails, as looking for a key in it does.
no_tree(Key, Other) -> is_defined(Key, Other).

%% Without the key, which has to be there.
-spec delete(Key, tree(Key, Value)) -> tree(Key, Value).
delete(Key, {Size, _} = Tree) when is_integer(Size), Size >= 0 ->
    {_, Rest} = take(Key, Tree),
    Rest.

%% Without the key, if it is there.
-spec delete_any(Key, tree(Key, Value)) -> tree(Key, Value).
delete_any(Key, {Size, Root} = Tree) ->
    case muster_tree:remove(Key, Root) of
        {_, Root1} -> {Size - 1, Root1};
        nil -> Tree
    end;
delete_any(Key, Other) ->
    no_tree(Key, Other).

%% {Value, Tree without the key}, which has to be there.
-spec take(Key, tree(Key, Value)) -> {Value, tree(Key, Value)}.
take(Key, {Size, _} = Tree) when is_integer(Size), Size >= 0 ->
    case take_any(Key, Tree) of
        {_, _} = Taken -> Taken;
        error -> erlang:error(function_clause, [Key, nil])
    end.

%% {Value, Tree without the key}, or error.
-spec take_any(Key, tree(Key, Value)) -> {Value, tree(Key, Value)} | error.
take_any(Key, {Size, Root}) ->
    case muster_tree:remove(Key, Root) of
        {{_, Value, _, _}, Root1} -> {Value, {Size - 1, Root1}};
        nil -> error
    end;
take_any(Key, Other) ->
    no_tree(Key, Other).

%%% Ends and neighbours

%% {Key, Value} of the smallest key.
-spec smallest(tree(Key, Value)) -> {Key, Value}.
smallest({_, Root}) -> pair(muster_tree:edge(smaller, Root)).

%% {Key, Value} of the largest key.
-spec largest(tree(Key, Value)) -> {Key, Value}.
largest({_, Root}) -> pair(muster_tree:edge(bigger, Root)).

%% {Key, Value, Tree} of the smallest key.
-spec take_smallest(tree(Key, Value)) -> {Key, Value, tree(Key, Value)}.
take_smallest({Size, Root}) when is_integer(Size), Size >= 0 -> take_edge(smaller, Size, Root).

%% {Key, Value, Tree} of the largest key.
-spec take_largest(tree(Key, Value)) -> {Key, Value, tree(Key, Value)}.
take_largest({Size, Root}) when is_integer(Size), Size >= 0 -> take_edge(bigger, Size, Root).

take_edge(Side, Size, Root) ->
    {{Key, Value, _, _}, Root1} = muster_tree:remove_edge(Side, Root),
    {Key, Value, {Size - 1, Root1}}.

%% The pair with the largest key below Key.
-spec smaller(Key, tree(Key, Value)) -> none | {Key, Value}.
smaller(Key, {_, Root}) -> pair(muster_tree:beside(smaller, Key, Root)).

%% The pair with the smallest key above Key.
-spec larger(Key, tree(Key, Value)) -> none | {Key, Value}.
larger(Key, {_, Root}) -> pair(muster_tree:beside(bigger, Key, Root)).

pair({Key, Value, _, _}) -> {Key, Value};
pair(nil) -> none.

%%% The whole tree

%% The entries as {Key, Value} tuples, in order.
-spec to_list(tree(Key, Value)) -> [{Key, Value}].
to_list({_, Root}) -> gather(fun pair/1, Root, []).

%% The keys, in order.
-spec keys(tree(Key, term())) -> [Key].
keys({_, Root}) -> gather(fun({Key, _, _, _}) -> Key end, Root, []).

%% The values, in order of their keys.
-spec values(tree(term(), Value)) -> [Value].
values({_, Root}) -> gather(fun({_, Value, _, _}) -> Value end, Root, []).

%% What each node is made into, in order, before Out.
gather(_, nil, Out) -> Out;
gather(Of, {_, _, Smaller, Bigger} = Node, Out) ->
    gather(Of, Smaller, [Of(Node) | gather(Of, Bigger, Out)]).

%% The tree of an ordered list of {Key, Value} tuples.
-spec from_orddict([{Key, Value}]) -> tree(Key, Value).
from_orddict(Pairs) ->
    Size = length(Pairs),
    {Root, []} = grow(Size, Pairs),
    {Size, Root}.

%% A balanced tree of the first Size pairs, and the others. The smaller side has one more, if need be.
grow(0, Pairs) ->
    {nil, Pairs};
grow(Size, Pairs0) ->
    {Smaller, [{Key, Value} | Pairs1]} = grow(Size div 2, Pairs0),
    {Bigger, Pairs} = grow(Size - 1 - Size div 2, Pairs1),
    {{Key, Value, Smaller, Bigger}, Pairs}.

%% As well balanced as can be.
-spec balance(tree(Key, Value)) -> tree(Key, Value).
balance({Size, _} = Tree) ->
    {Root, []} = grow(Size, to_list(Tree)),
    {Size, Root}.

%% Each key with what the fun makes of it and its value.
-spec map(fun((Key, Value) -> Value1), tree(Key, Value)) -> tree(Key, Value1).
map(F, {Size, Root}) when is_function(F, 2) -> {Size, mapped(F, Root)}.

mapped(F, {Key, Value, Smaller, Bigger}) ->
    Value1 = F(Key, Value),
    Smaller1 = mapped(F, Smaller),
    {Key, Value1, Smaller1, mapped(F, Bigger)};
mapped(_, nil) ->
    nil.

%%% Iterators: the nodes still to visit, each with one side done

%% What next/1 takes entries from, in order of the keys.
-spec iterator(tree(Key, Value)) -> iter(Key, Value).
iterator(Tree) -> iterator(Tree, ordered).

-spec iterator(tree(Key, Value), ordered | reversed) -> iter(Key, Value).
iterator({_, Root}, Order) when Order =:= ordered; Order =:= reversed ->
    {Order, ahead(Order, Root, [])}.

%% The same from a key on.
-spec iterator_from(Key, tree(Key, Value)) -> iter(Key, Value).
iterator_from(Key, Tree) -> iterator_from(Key, Tree, ordered).

-spec iterator_from(Key, tree(Key, Value), ordered | reversed) -> iter(Key, Value).
iterator_from(Key, {_, Root}, Order) when Order =:= ordered; Order =:= reversed ->
    {Order, ahead_from(Order, Key, Root, [])}.

%% {Key, Value, Iterator}, or none at the end.
-spec next(iter(Key, Value)) -> none | {Key, Value, iter(Key, Value)}.
next({Order, [{Key, Value, _, _} = Node | Nodes]}) ->
    {Key, Value, {Order, ahead(Order, behind(Order, Node), Nodes)}};
next({_, []}) ->
    none.

%% Down to the first node of a subtree, with those on the way.
ahead(_, nil, Nodes) -> Nodes;
ahead(ordered, {_, _, Smaller, _} = Node, Nodes) -> ahead(ordered, Smaller, [Node | Nodes]);
ahead(reversed, {_, _, _, Bigger} = Node, Nodes) -> ahead(reversed, Bigger, [Node | Nodes]).

%% The side that comes after a node.
behind(ordered, {_, _, _, Bigger}) -> Bigger;
behind(reversed, {_, _, Smaller, _}) -> Smaller.

ahead_from(_, _, nil, Nodes) ->
    Nodes;
ahead_from(Order, Key, {K, _, Smaller, Bigger} = Node, Nodes) ->
    case Order of
        ordered when K < Key -> ahead_from(Order, Key, Bigger, Nodes);
        ordered -> ahead_from(Order, Key, Smaller, [Node | Nodes]);
        reversed when K > Key -> ahead_from(Order, Key, Smaller, Nodes);
        reversed -> ahead_from(Order, Key, Bigger, [Node | Nodes])
    end.
