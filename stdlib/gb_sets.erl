%% Ordered sets as general balanced trees, as gb_trees has them. A set is {Size, Root}, a node
%% {Element, Smaller, Bigger}, no node nil; the work on nodes is native (muster_tree).
%%
%% Two sets of similar size are merged as lists in linear time; a much smaller one goes into the
%% other element by element.
-module(gb_sets).

-compile({no_auto_import, [size/1]}).

-export([empty/0, new/0, is_empty/1, is_equal/2, size/1, singleton/1, is_member/2, is_element/2,
         insert/2, add/2, add_element/2, delete/2, delete_any/2, del_element/2, balance/1, union/2,
         union/1, intersection/2, intersection/1, is_disjoint/2, difference/2, subtract/2,
         is_subset/2, is_set/1, fold/3, filter/2, map/2, filtermap/2, to_list/1, from_list/1,
         from_ordset/1, smallest/1, largest/1, take_smallest/1, take_largest/1, smaller/2,
         larger/2, iterator/1, iterator/2, iterator_from/2, iterator_from/3, next/1]).

-export_type([set/0, set/1, iter/0, iter/1]).

-type node_of(T) :: nil | {T, node_of(T), node_of(T)}.
-opaque set(T) :: {non_neg_integer(), node_of(T)}.
-type set() :: set(term()).
-opaque iter(T) :: {ordered | reversed, [node_of(T)]}.
-type iter() :: iter(term()).

-define(LEAF(X), {X, nil, nil}).

%% An empty set.
-spec empty() -> set(none()).
empty() -> {0, nil}.

%% An empty set.
-spec new() -> set(none()).
new() -> empty().

%% The set of the one element.
-spec singleton(T) -> set(T).
singleton(X) -> {1, ?LEAF(X)}.

%% Whether it has no elements.
-spec is_empty(set()) -> boolean().
is_empty({0, nil}) -> true;
is_empty(_) -> false.

%% How many elements there are.
-spec size(set()) -> non_neg_integer().
size({Size, _}) -> Size.

%% Whether both have the same elements.
-spec is_equal(set(), set()) -> boolean().
is_equal({Size, _} = A, {Size, _} = B) -> to_list(A) == to_list(B);
is_equal({_, _}, {_, _}) -> false.

%%% One element

%% Whether the element is in it.
-spec is_element(term(), set()) -> boolean().
is_element(X, S) -> is_member(X, S).

%% Whether the element is in it.
-spec is_member(term(), set()) -> boolean().
is_member(X, {_, Root}) -> muster_tree:find(X, Root) =/= nil.

%% With the element, which must not be there.
-spec insert(T, set(T)) -> set(T).
insert(X, {Size, Root}) ->
    case muster_tree:insert(?LEAF(X), Root, Size + 1) of
        nil -> erlang:error({key_exists, X});
        Root1 -> {Size + 1, Root1}
    end.

%% With the element.
-spec add_element(T, set(T)) -> set(T).
add_element(X, S) -> add(X, S).

%% With the element; it may be there.
-spec add(T, set(T)) -> set(T).
add(X, {Size, Root} = S) ->
    case muster_tree:insert(?LEAF(X), Root, Size + 1) of
        nil -> S;
        Root1 -> {Size + 1, Root1}
    end;
add(X, Other) ->
    is_member(X, Other).

%% Without the element, which has to be there.
-spec delete(T, set(T)) -> set(T).
delete(X, {Size, Root}) ->
    case muster_tree:remove(X, Root) of
        {_, Root1} -> {Size - 1, Root1};
        nil -> erlang:error(function_clause, [X, nil])
    end.

%% Without the element.
-spec del_element(T, set(T)) -> set(T).
del_element(X, S) -> delete_any(X, S).

%% Without the element, if it is there.
-spec delete_any(T, set(T)) -> set(T).
delete_any(X, {Size, Root} = S) ->
    case muster_tree:remove(X, Root) of
        {_, Root1} -> {Size - 1, Root1};
        nil -> S
    end;
delete_any(X, Other) ->
    is_member(X, Other).

%%% Ends and neighbours

%% The smallest element.
-spec smallest(set(T)) -> T.
smallest({_, Root}) -> element(1, muster_tree:edge(smaller, Root)).

%% The largest element.
-spec largest(set(T)) -> T.
largest({_, Root}) -> element(1, muster_tree:edge(bigger, Root)).

%% The smallest element, and the others.
-spec take_smallest(set(T)) -> {T, set(T)}.
take_smallest({Size, Root}) -> taken(Size, muster_tree:remove_edge(smaller, Root)).

%% The largest element, and the others.
-spec take_largest(set(T)) -> {T, set(T)}.
take_largest({Size, Root}) -> taken(Size, muster_tree:remove_edge(bigger, Root)).

taken(Size, {{X, _, _}, Root}) -> {X, {Size - 1, Root}}.

%% The largest element below X.
-spec smaller(T, set(T)) -> none | {found, T}.
smaller(X, {_, Root}) -> found(muster_tree:beside(smaller, X, Root)).

%% The smallest element above X.
-spec larger(T, set(T)) -> none | {found, T}.
larger(X, {_, Root}) -> found(muster_tree:beside(bigger, X, Root)).

found({X, _, _}) -> {found, X};
found(nil) -> none.

%%% From and to lists

%% The set of the elements of a list.
-spec from_list([T]) -> set(T).
from_list(List) -> from_ordset(ordsets:from_list(List)).

%% The set of the elements of an ordered list without duplicates.
-spec from_ordset([T]) -> set(T).
from_ordset(List) -> of_size(length(List), List).

of_size(Size, List) ->
    {Root, []} = grow(Size, List),
    {Size, Root}.

%% A balanced tree of the first Size elements, and the others. The smaller side has one more, if
%% need be.
grow(0, Xs) ->
    {nil, Xs};
grow(Size, Xs0) ->
    {Smaller, [X | Xs1]} = grow(Size div 2, Xs0),
    {Bigger, Xs} = grow(Size - 1 - Size div 2, Xs1),
    {{X, Smaller, Bigger}, Xs}.

%% As well balanced as can be.
-spec balance(set(T)) -> set(T).
balance({Size, Root}) -> of_size(Size, to_list(Root, [])).

%% The elements as a list.
-spec to_list(set(T)) -> [T].
to_list({_, Root}) -> to_list(Root, []).

to_list(nil, Out) -> Out;
to_list({X, Smaller, Bigger}, Out) -> to_list(Smaller, [X | to_list(Bigger, Out)]).

%%% Two sets. Few elements against many: one by one, else both as lists.

%% Whether Small elements are so few against Large that single operations cost less than a merge.
few(Small, Large) when Small < 10 -> Large > 10 * Small;
few(Small, Large) -> Large > Small * depth(Large, 0).

depth(0, D) -> D;
depth(N, D) -> depth(N bsr 1, D + 1).

%% What is in any.
-spec union(set(A), set(B)) -> set(A | B).
union({N1, T1}, {N2, T2}) when N2 < N1 -> union_1(to_list(T2, []), N2, {N1, T1});
union({N1, T1}, {N2, T2}) -> union_1(to_list(T1, []), N1, {N2, T2}).

%% Of equal ones that of the large set stays.
union_1(Xs, Small, {Large, T} = S) ->
    case few(Small, Large) of
        true -> lists:foldl(fun add/2, S, Xs);
        false -> from_ordset(lists:umerge(to_list(T, []), Xs))
    end.

-spec union([set(T)]) -> set(T).
union([A, B | Sets]) -> union([union(A, B) | Sets]);
union([S]) -> S;
union([]) -> empty().

%% What is in all.
-spec intersection(set(T), set(T)) -> set(T).
intersection({N1, T1}, {N2, T2}) when N2 < N1 -> intersection_1(to_list(T2, []), N2, {N1, T1});
intersection({N1, T1}, {N2, T2}) -> intersection_1(to_list(T1, []), N1, {N2, T2}).

intersection_1(Xs, Small, {Large, T}) ->
    case few(Small, Large) of
        true -> from_ordset([X || X <- Xs, muster_tree:find(X, T) =/= nil]);
        false -> from_ordset(ordsets:intersection(Xs, to_list(T, [])))
    end.

-spec intersection([set(T), ...]) -> set(T).
intersection([A, B | Sets]) -> intersection([intersection(A, B) | Sets]);
intersection([S]) -> S.

%% Whether no element is in both.
-spec is_disjoint(set(), set()) -> boolean().
is_disjoint({N1, _} = A, {N2, _} = B) when N1 > N2 -> is_disjoint(B, A);
is_disjoint({_, T1}, {_, T2}) -> are_apart(T1, T2).

are_apart(nil, _) -> true;
are_apart({X, Smaller, Larger}, T2) ->
    muster_tree:find(X, T2) =:= nil andalso are_apart(Smaller, T2) andalso are_apart(Larger, T2).

%% What is in the first and not in the second.
-spec subtract(set(T), set()) -> set(T).
subtract(A, B) -> difference(A, B).

%% What is in the first and not in the second.
-spec difference(set(T), set()) -> set(T).
difference({N1, T1} = S, {N2, T2}) ->
    case few(N2, N1) of
        true -> lists:foldl(fun delete_any/2, S, to_list(T2, []));
        false ->
            case few(N1, N2) of
                true -> from_ordset([X || X <- to_list(T1, []), muster_tree:find(X, T2) =:= nil]);
                false -> from_ordset(ordsets:subtract(to_list(T1, []), to_list(T2, [])))
            end
    end.

%% Whether all elements of the first are in the second.
-spec is_subset(set(), set()) -> boolean().
is_subset({N1, T1}, {N2, T2}) ->
    case few(N1, N2) of
        true -> lists:all(fun(X) -> muster_tree:find(X, T2) =/= nil end, to_list(T1, []));
        false -> ordsets:is_subset(to_list(T1, []), to_list(T2, []))
    end.

%%% The whole set

%% Whether the term looks like a set.
-spec is_set(term()) -> boolean().
is_set({0, nil}) -> true;
is_set({N, {_, _, _}}) when is_integer(N), N >= 0 -> true;
is_set(_) -> false.

%% The fun of each element and what it made of those before.
-spec fold(fun((T, Acc) -> Acc), Acc, set(T)) -> Acc.
fold(F, Acc, {_, T}) when is_function(F, 2) -> fold_1(F, Acc, T).

fold_1(F, Acc, {X, Smaller, Bigger}) -> fold_1(F, F(X, fold_1(F, Acc, Smaller)), Bigger);
fold_1(_, Acc, _) -> Acc.

%% The elements for which the predicate holds.
-spec filter(fun((T) -> boolean()), set(T)) -> set(T).
filter(F, S) when is_function(F, 1) -> from_ordset([X || X <- to_list(S), F(X)]).

%% The set of what a function makes of the elements.
-spec map(fun((A) -> B), set(A)) -> set(B).
map(F, S) when is_function(F, 1) -> from_list([F(X) || X <- to_list(S)]).

%% The elements for which a function answers true, or the value of {true, Value} in their place.
-spec filtermap(fun((A) -> boolean() | {true, B}), set(A)) -> set(A | B).
filtermap(F, S) when is_function(F, 1) -> from_list(lists:filtermap(F, to_list(S))).

%%% Iterators: the nodes still to visit, each with one side done

%% What next/1 takes elements from, in order.
-spec iterator(set(T)) -> iter(T).
iterator(S) -> iterator(S, ordered).

-spec iterator(set(T), ordered | reversed) -> iter(T).
iterator({_, Root}, Order) when Order =:= ordered; Order =:= reversed ->
    {Order, ahead(Order, Root, [])}.

%% The same from an element on.
-spec iterator_from(T, set(T)) -> iter(T).
iterator_from(X, S) -> iterator_from(X, S, ordered).

-spec iterator_from(T, set(T), ordered | reversed) -> iter(T).
iterator_from(X, {_, Root}, Order) when Order =:= ordered; Order =:= reversed ->
    {Order, ahead_from(Order, X, Root, [])}.

%% {Element, Iterator}, or none at the end.
-spec next(iter(T)) -> none | {T, iter(T)}.
next({Order, [{X, _, _} = Node | Nodes]}) ->
    {X, {Order, ahead(Order, behind(Order, Node), Nodes)}};
next({_, []}) ->
    none.

%% Down to the first node of a subtree, with those on the way.
ahead(_, nil, Nodes) -> Nodes;
ahead(ordered, {_, Smaller, _} = Node, Nodes) -> ahead(ordered, Smaller, [Node | Nodes]);
ahead(reversed, {_, _, Bigger} = Node, Nodes) -> ahead(reversed, Bigger, [Node | Nodes]).

%% The side that comes after a node.
behind(ordered, {_, _, Bigger}) -> Bigger;
behind(reversed, {_, Smaller, _}) -> Smaller.

ahead_from(_, _, nil, Nodes) ->
    Nodes;
ahead_from(Order, X, {Y, Smaller, Bigger} = Node, Nodes) ->
    case Order of
        ordered when Y < X -> ahead_from(Order, X, Bigger, Nodes);
        ordered -> ahead_from(Order, X, Smaller, [Node | Nodes]);
        reversed when Y > X -> ahead_from(Order, X, Smaller, Nodes);
        reversed -> ahead_from(Order, X, Bigger, [Node | Nodes])
    end.
