%% Ordered dictionaries as general balanced trees (Andersson): no balance is kept in the nodes; when
%% an insertion ends deeper than the size allows, the smallest subtree that is too deep is rebuilt.
%% Deletions need not rebalance.
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

%% A tree of N nodes may be as deep as log2(N * N).
-define(DEPTH_SQUARED(N), N * N).

-spec empty() -> tree(none(), none()).
empty() -> {0, nil}.

-spec is_empty(tree()) -> boolean().
is_empty({0, nil}) -> true;
is_empty(_) -> false.

-spec size(tree()) -> non_neg_integer().
size({Size, _}) when is_integer(Size), Size >= 0 -> Size.

%%% Looking up

-spec lookup(Key, tree(Key, Value)) -> none | {value, Value}.
lookup(Key, {_, T}) -> lookup_1(Key, T).

lookup_1(Key, {K, _, Smaller, _}) when Key < K -> lookup_1(Key, Smaller);
lookup_1(Key, {K, _, _, Bigger}) when Key > K -> lookup_1(Key, Bigger);
lookup_1(_, {_, Value, _, _}) -> {value, Value};
lookup_1(_, nil) -> none.

-spec is_defined(Key, tree(Key, term())) -> boolean().
is_defined(Key, {_, T}) -> is_defined_1(Key, T).

is_defined_1(Key, {K, _, Smaller, _}) when Key < K -> is_defined_1(Key, Smaller);
is_defined_1(Key, {K, _, _, Bigger}) when Key > K -> is_defined_1(Key, Bigger);
is_defined_1(_, {_, _, _, _}) -> true;
is_defined_1(_, nil) -> false.

-spec get(Key, tree(Key, Value)) -> Value.
get(Key, {_, T}) -> get_1(Key, T).

get_1(Key, {K, _, Smaller, _}) when Key < K -> get_1(Key, Smaller);
get_1(Key, {K, _, _, Bigger}) when Key > K -> get_1(Key, Bigger);
get_1(_, {_, Value, _, _}) -> Value.

%%% Inserting

-spec update(Key, Value, tree(Key, Value)) -> tree(Key, Value).
update(Key, Value, {Size, T}) -> {Size, update_1(Key, Value, T)}.

update_1(Key, Value, {K, V, Smaller, Bigger}) when Key < K ->
    {K, V, update_1(Key, Value, Smaller), Bigger};
update_1(Key, Value, {K, V, Smaller, Bigger}) when Key > K ->
    {K, V, Smaller, update_1(Key, Value, Bigger)};
update_1(Key, Value, {_, _, Smaller, Bigger}) ->
    {Key, Value, Smaller, Bigger}.

-spec insert(Key, Value, tree(Key, Value)) -> tree(Key, Value).
insert(Key, Value, {Size, T}) when is_integer(Size) ->
    Size1 = Size + 1,
    {Size1, insert_1(Key, Value, T, ?DEPTH_SQUARED(Size1))}.

%% Room is halved at each level: a new leaf with no room left returns {Node, Height, Count}, no
%% node, and whoever finds its subtree too deep for its count rebuilds it.
insert_1(Key, Value, {K, V, Smaller, Bigger}, Room) when Key < K ->
    case insert_1(Key, Value, Smaller, Room div 2) of
        {Smaller1, Height, Count} ->
            grown({K, V, Smaller1, Bigger}, Height, Count, Bigger);
        Smaller1 -> {K, V, Smaller1, Bigger}
    end;
insert_1(Key, Value, {K, V, Smaller, Bigger}, Room) when Key > K ->
    case insert_1(Key, Value, Bigger, Room div 2) of
        {Bigger1, Height, Count} ->
            grown({K, V, Smaller, Bigger1}, Height, Count, Smaller);
        Bigger1 -> {K, V, Smaller, Bigger1}
    end;
insert_1(Key, Value, nil, 0) -> {{Key, Value, nil, nil}, 1, 1};
insert_1(Key, Value, nil, _) -> {Key, Value, nil, nil};
insert_1(Key, _, _, _) -> erlang:error({key_exists, Key}).

%% Height is two to the power of the height of the grown side.
grown(T, Height1, Count1, Other) ->
    {Height2, Count2} = count(Other),
    Height = 2 * max(Height1, Height2),
    Count = Count1 + Count2 + 1,
    if
        Height > ?DEPTH_SQUARED(Count) -> balance_1(T, Count);
        true -> {T, Height, Count}
    end.

count({_, _, nil, nil}) -> {1, 1};
count({_, _, Smaller, Bigger}) ->
    {Height1, Count1} = count(Smaller),
    {Height2, Count2} = count(Bigger),
    {2 * max(Height1, Height2), Count1 + Count2 + 1};
count(nil) -> {1, 0}.

-spec enter(Key, Value, tree(Key, Value)) -> tree(Key, Value).
enter(Key, Value, T) ->
    case is_defined(Key, T) of
        true -> update(Key, Value, T);
        false -> insert(Key, Value, T)
    end.

-spec balance(tree(Key, Value)) -> tree(Key, Value).
balance({Size, T}) -> {Size, balance_1(T, Size)}.

balance_1(T, Size) -> build(lists:reverse(pairs(T, [])), Size).

pairs({Key, Value, Smaller, Bigger}, Pairs) ->
    pairs(Smaller, [{Key, Value} | pairs(Bigger, Pairs)]);
pairs(nil, Pairs) ->
    Pairs.

%% A balanced tree of pairs in reverse order.
build(Reversed, Size) ->
    {T, []} = build_1(Reversed, Size),
    T.

build_1(Pairs, Size) when Size > 1 ->
    Bigger = (Size - 1) div 2,
    Smaller = Size - 1 - Bigger,
    {TB, [{Key, Value} | Pairs1]} = build_1(Pairs, Bigger),
    {TS, Pairs2} = build_1(Pairs1, Smaller),
    {{Key, Value, TS, TB}, Pairs2};
build_1([{Key, Value} | Pairs], 1) -> {{Key, Value, nil, nil}, Pairs};
build_1(Pairs, 0) -> {nil, Pairs}.

-spec from_orddict([{Key, Value}]) -> tree(Key, Value).
from_orddict(Pairs) ->
    Size = length(Pairs),
    {Size, build(lists:reverse(Pairs), Size)}.

%%% Deleting

-spec delete_any(Key, tree(Key, Value)) -> tree(Key, Value).
delete_any(Key, T) ->
    case is_defined(Key, T) of
        true -> delete(Key, T);
        false -> T
    end.

-spec delete(Key, tree(Key, Value)) -> tree(Key, Value).
delete(Key, {Size, T}) when is_integer(Size), Size >= 0 -> {Size - 1, delete_1(Key, T)}.

delete_1(Key, {K, V, Smaller, Bigger}) when Key < K -> {K, V, delete_1(Key, Smaller), Bigger};
delete_1(Key, {K, V, Smaller, Bigger}) when Key > K -> {K, V, Smaller, delete_1(Key, Bigger)};
delete_1(_, {_, _, Smaller, Bigger}) -> join(Smaller, Bigger).

join(Smaller, nil) -> Smaller;
join(nil, Bigger) -> Bigger;
join(Smaller, Bigger) ->
    {Key, Value, Bigger1} = take_smallest_1(Bigger),
    {Key, Value, Smaller, Bigger1}.

-spec take(Key, tree(Key, Value)) -> {Value, tree(Key, Value)}.
take(Key, {Size, T}) when is_integer(Size), Size >= 0 ->
    {Value, T1} = take_1(Key, T),
    {Value, {Size - 1, T1}}.

take_1(Key, {K, V, Smaller, Bigger}) when Key < K ->
    {Value, Smaller1} = take_1(Key, Smaller),
    {Value, {K, V, Smaller1, Bigger}};
take_1(Key, {K, V, Smaller, Bigger}) when Key > K ->
    {Value, Bigger1} = take_1(Key, Bigger),
    {Value, {K, V, Smaller, Bigger1}};
take_1(_, {_, Value, Smaller, Bigger}) ->
    {Value, join(Smaller, Bigger)}.

-spec take_any(Key, tree(Key, Value)) -> {Value, tree(Key, Value)} | error.
take_any(Key, T) ->
    case is_defined(Key, T) of
        true -> take(Key, T);
        false -> error
    end.

%%% Ends and neighbours

-spec smallest(tree(Key, Value)) -> {Key, Value}.
smallest({_, T}) -> smallest_1(T).

smallest_1({Key, Value, nil, _}) -> {Key, Value};
smallest_1({_, _, Smaller, _}) -> smallest_1(Smaller).

-spec largest(tree(Key, Value)) -> {Key, Value}.
largest({_, T}) -> largest_1(T).

largest_1({Key, Value, _, nil}) -> {Key, Value};
largest_1({_, _, _, Bigger}) -> largest_1(Bigger).

-spec take_smallest(tree(Key, Value)) -> {Key, Value, tree(Key, Value)}.
take_smallest({Size, T}) when is_integer(Size), Size >= 0 ->
    {Key, Value, T1} = take_smallest_1(T),
    {Key, Value, {Size - 1, T1}}.

take_smallest_1({Key, Value, nil, Bigger}) -> {Key, Value, Bigger};
take_smallest_1({Key, Value, Smaller, Bigger}) ->
    {Key1, Value1, Smaller1} = take_smallest_1(Smaller),
    {Key1, Value1, {Key, Value, Smaller1, Bigger}}.

-spec take_largest(tree(Key, Value)) -> {Key, Value, tree(Key, Value)}.
take_largest({Size, T}) when is_integer(Size), Size >= 0 ->
    {Key, Value, T1} = take_largest_1(T),
    {Key, Value, {Size - 1, T1}}.

take_largest_1({Key, Value, Smaller, nil}) -> {Key, Value, Smaller};
take_largest_1({Key, Value, Smaller, Bigger}) ->
    {Key1, Value1, Bigger1} = take_largest_1(Bigger),
    {Key1, Value1, {Key, Value, Smaller, Bigger1}}.

%% The pair with the largest key below Key.
-spec smaller(Key, tree(Key, Value)) -> none | {Key, Value}.
smaller(Key, {_, T}) -> smaller_1(Key, T, none).

smaller_1(Key, {K, _, Smaller, _}, Best) when Key =< K -> smaller_1(Key, Smaller, Best);
smaller_1(Key, {K, V, _, Bigger}, _) -> smaller_1(Key, Bigger, {K, V});
smaller_1(_, nil, Best) -> Best.

%% The pair with the smallest key above Key.
-spec larger(Key, tree(Key, Value)) -> none | {Key, Value}.
larger(Key, {_, T}) -> larger_1(Key, T, none).

larger_1(Key, {K, _, _, Bigger}, Best) when Key >= K -> larger_1(Key, Bigger, Best);
larger_1(Key, {K, V, Smaller, _}, _) -> larger_1(Key, Smaller, {K, V});
larger_1(_, nil, Best) -> Best.

%%% The whole tree

-spec to_list(tree(Key, Value)) -> [{Key, Value}].
to_list({_, T}) -> pairs(T, []).

-spec keys(tree(Key, term())) -> [Key].
keys({_, T}) -> keys(T, []).

keys({Key, _, Smaller, Bigger}, Keys) -> keys(Smaller, [Key | keys(Bigger, Keys)]);
keys(nil, Keys) -> Keys.

-spec values(tree(term(), Value)) -> [Value].
values({_, T}) -> values(T, []).

values({_, Value, Smaller, Bigger}, Values) -> values(Smaller, [Value | values(Bigger, Values)]);
values(nil, Values) -> Values.

-spec map(fun((Key, Value) -> Value1), tree(Key, Value)) -> tree(Key, Value1).
map(F, {Size, T}) when is_function(F, 2) -> {Size, map_1(F, T)}.

map_1(_, nil) -> nil;
map_1(F, {Key, Value, Smaller, Bigger}) ->
    {Key, F(Key, Value), map_1(F, Smaller), map_1(F, Bigger)}.

%%% Iterators: the nodes still to visit, each with one side done

-spec iterator(tree(Key, Value)) -> iter(Key, Value).
iterator(T) -> iterator(T, ordered).

-spec iterator(tree(Key, Value), ordered | reversed) -> iter(Key, Value).
iterator({_, T}, ordered) -> {ordered, left_spine(T, [])};
iterator({_, T}, reversed) -> {reversed, right_spine(T, [])}.

left_spine({_, _, Smaller, _} = T, Nodes) -> left_spine(Smaller, [T | Nodes]);
left_spine(nil, Nodes) -> Nodes.

right_spine({_, _, _, Bigger} = T, Nodes) -> right_spine(Bigger, [T | Nodes]);
right_spine(nil, Nodes) -> Nodes.

-spec iterator_from(Key, tree(Key, Value)) -> iter(Key, Value).
iterator_from(Key, T) -> iterator_from(Key, T, ordered).

-spec iterator_from(Key, tree(Key, Value), ordered | reversed) -> iter(Key, Value).
iterator_from(Key, {_, T}, ordered) -> {ordered, left_spine_from(Key, T, [])};
iterator_from(Key, {_, T}, reversed) -> {reversed, right_spine_from(Key, T, [])}.

left_spine_from(Key, {K, _, _, Bigger}, Nodes) when K < Key -> left_spine_from(Key, Bigger, Nodes);
left_spine_from(Key, {_, _, Smaller, _} = T, Nodes) -> left_spine_from(Key, Smaller, [T | Nodes]);
left_spine_from(_, nil, Nodes) -> Nodes.

right_spine_from(Key, {K, _, Smaller, _}, Nodes) when K > Key ->
    right_spine_from(Key, Smaller, Nodes);
right_spine_from(Key, {_, _, _, Bigger} = T, Nodes) -> right_spine_from(Key, Bigger, [T | Nodes]);
right_spine_from(_, nil, Nodes) -> Nodes.

-spec next(iter(Key, Value)) -> none | {Key, Value, iter(Key, Value)}.
next({ordered, [{Key, Value, _, Bigger} | Nodes]}) ->
    {Key, Value, {ordered, left_spine(Bigger, Nodes)}};
next({reversed, [{Key, Value, Smaller, _} | Nodes]}) ->
    {Key, Value, {reversed, right_spine(Smaller, Nodes)}};
next({_, []}) -> none.
