%% Ordered sets as general balanced trees, as gb_trees has them. A set is {Size, Root}, a node
%% {Element, Smaller, Bigger}, no node nil.
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

%% A tree of N nodes may be as deep as log2(N * N).
-define(DEPTH_SQUARED(N), N * N).

-spec empty() -> set(none()).
empty() -> {0, nil}.

-spec new() -> set(none()).
new() -> empty().

-spec is_empty(set()) -> boolean().
is_empty({0, nil}) -> true;
is_empty(_) -> false.

-spec is_equal(set(), set()) -> boolean().
is_equal({Size, _} = A, {Size, _} = B) -> to_list(A) == to_list(B);
is_equal({_, _}, {_, _}) -> false.

-spec size(set()) -> non_neg_integer().
size({Size, _}) -> Size.

-spec singleton(T) -> set(T).
singleton(X) -> {1, {X, nil, nil}}.

-spec is_element(term(), set()) -> boolean().
is_element(X, S) -> is_member(X, S).

-spec is_member(term(), set()) -> boolean().
is_member(X, {_, T}) -> is_member_1(X, T).

is_member_1(X, {Y, Smaller, _}) when X < Y -> is_member_1(X, Smaller);
is_member_1(X, {Y, _, Bigger}) when X > Y -> is_member_1(X, Bigger);
is_member_1(_, {_, _, _}) -> true;
is_member_1(_, nil) -> false.

%%% Inserting

-spec insert(T, set(T)) -> set(T).
insert(X, {Size, T}) ->
    Size1 = Size + 1,
    {Size1, insert_1(X, T, ?DEPTH_SQUARED(Size1))}.

%% Room is halved at each level: a new leaf with no room left returns {grown, Node, Height, Count},
%% and whoever finds its subtree too deep for its count rebuilds it.
insert_1(X, {Y, Smaller, Bigger}, Room) when X < Y ->
    case insert_1(X, Smaller, Room div 2) of
        {grown, Smaller1, Height, Count} -> grown({Y, Smaller1, Bigger}, Height, Count, Bigger);
        Smaller1 -> {Y, Smaller1, Bigger}
    end;
insert_1(X, {Y, Smaller, Bigger}, Room) when X > Y ->
    case insert_1(X, Bigger, Room div 2) of
        {grown, Bigger1, Height, Count} -> grown({Y, Smaller, Bigger1}, Height, Count, Smaller);
        Bigger1 -> {Y, Smaller, Bigger1}
    end;
insert_1(X, nil, 0) -> {grown, {X, nil, nil}, 1, 1};
insert_1(X, nil, _) -> {X, nil, nil};
insert_1(X, _, _) -> erlang:error({key_exists, X}).

%% Height is two to the power of the height of the grown side.
grown(T, Height1, Count1, Other) ->
    {Height2, Count2} = count(Other),
    Height = 2 * max(Height1, Height2),
    Count = Count1 + Count2 + 1,
    if
        Height > ?DEPTH_SQUARED(Count) -> balance_1(T, Count);
        true -> {grown, T, Height, Count}
    end.

count({_, nil, nil}) -> {1, 1};
count({_, Smaller, Bigger}) ->
    {Height1, Count1} = count(Smaller),
    {Height2, Count2} = count(Bigger),
    {2 * max(Height1, Height2), Count1 + Count2 + 1};
count(nil) -> {1, 0}.

-spec add(T, set(T)) -> set(T).
add(X, S) ->
    case is_member(X, S) of
        true -> S;
        false -> insert(X, S)
    end.

-spec add_element(T, set(T)) -> set(T).
add_element(X, S) -> add(X, S).

-spec balance(set(T)) -> set(T).
balance({Size, T}) -> {Size, balance_1(T, Size)}.

balance_1(T, Size) -> build(lists:reverse(to_list(T, [])), Size).

%% A balanced tree of elements in reverse order.
build(Reversed, Size) ->
    {T, []} = build_1(Reversed, Size),
    T.

build_1(Xs, Size) when Size > 1 ->
    Bigger = (Size - 1) div 2,
    Smaller = Size - 1 - Bigger,
    {TB, [X | Xs1]} = build_1(Xs, Bigger),
    {TS, Xs2} = build_1(Xs1, Smaller),
    {{X, TS, TB}, Xs2};
build_1([X | Xs], 1) -> {{X, nil, nil}, Xs};
build_1(Xs, 0) -> {nil, Xs}.

-spec from_ordset([T]) -> set(T).
from_ordset(List) ->
    Size = length(List),
    from_reversed(lists:reverse(List), Size).

from_reversed(Reversed, Size) -> {Size, build(Reversed, Size)}.

-spec from_list([T]) -> set(T).
from_list(List) -> from_ordset(ordsets:from_list(List)).

-spec to_list(set(T)) -> [T].
to_list({_, T}) -> to_list(T, []).

to_list({X, Smaller, Bigger}, List) -> to_list(Smaller, [X | to_list(Bigger, List)]);
to_list(nil, List) -> List.

%%% Deleting

-spec delete_any(T, set(T)) -> set(T).
delete_any(X, S) ->
    case is_member(X, S) of
        true -> delete(X, S);
        false -> S
    end.

-spec del_element(T, set(T)) -> set(T).
del_element(X, S) -> delete_any(X, S).

-spec delete(T, set(T)) -> set(T).
delete(X, {Size, T}) -> {Size - 1, delete_1(X, T)}.

delete_1(X, {Y, Smaller, Bigger}) when X < Y -> {Y, delete_1(X, Smaller), Bigger};
delete_1(X, {Y, Smaller, Bigger}) when X > Y -> {Y, Smaller, delete_1(X, Bigger)};
delete_1(_, {_, Smaller, Bigger}) -> join(Smaller, Bigger).

join(Smaller, nil) -> Smaller;
join(nil, Bigger) -> Bigger;
join(Smaller, Bigger) ->
    {X, Bigger1} = take_smallest_1(Bigger),
    {X, Smaller, Bigger1}.

%%% Ends and neighbours

-spec smallest(set(T)) -> T.
smallest({_, T}) -> smallest_1(T).

smallest_1({X, nil, _}) -> X;
smallest_1({_, Smaller, _}) -> smallest_1(Smaller).

-spec largest(set(T)) -> T.
largest({_, T}) -> largest_1(T).

largest_1({X, _, nil}) -> X;
largest_1({_, _, Bigger}) -> largest_1(Bigger).

-spec take_smallest(set(T)) -> {T, set(T)}.
take_smallest({Size, T}) ->
    {X, T1} = take_smallest_1(T),
    {X, {Size - 1, T1}}.

take_smallest_1({X, nil, Bigger}) -> {X, Bigger};
take_smallest_1({Y, Smaller, Bigger}) ->
    {X, Smaller1} = take_smallest_1(Smaller),
    {X, {Y, Smaller1, Bigger}}.

-spec take_largest(set(T)) -> {T, set(T)}.
take_largest({Size, T}) ->
    {X, T1} = take_largest_1(T),
    {X, {Size - 1, T1}}.

take_largest_1({X, Smaller, nil}) -> {X, Smaller};
take_largest_1({Y, Smaller, Bigger}) ->
    {X, Bigger1} = take_largest_1(Bigger),
    {X, {Y, Smaller, Bigger1}}.

%% The largest element below X.
-spec smaller(T, set(T)) -> none | {found, T}.
smaller(X, {_, T}) -> smaller_1(X, T, none).

smaller_1(X, {Y, Smaller, _}, Best) when X =< Y -> smaller_1(X, Smaller, Best);
smaller_1(X, {Y, _, Bigger}, _) -> smaller_1(X, Bigger, {found, Y});
smaller_1(_, nil, Best) -> Best.

%% The smallest element above X.
-spec larger(T, set(T)) -> none | {found, T}.
larger(X, {_, T}) -> larger_1(X, T, none).

larger_1(X, {Y, _, Bigger}, Best) when X >= Y -> larger_1(X, Bigger, Best);
larger_1(X, {Y, Smaller, _}, _) -> larger_1(X, Smaller, {found, Y});
larger_1(_, nil, Best) -> Best.

%%% Two sets. Few elements against many: one by one, else both as lists.

%% Whether Small elements are so few against Large that single operations cost less than a merge.
few(Small, Large) when Small < 10 -> Large > 10 * Small;
few(Small, Large) -> Large > Small * depth(Large, 0).

depth(0, D) -> D;
depth(N, D) -> depth(N bsr 1, D + 1).

-spec union(set(A), set(B)) -> set(A | B).
union({N1, T1}, {N2, T2}) when N2 < N1 -> union_1(to_list(T2, []), N2, {N1, T1});
union({N1, T1}, {N2, T2}) -> union_1(to_list(T1, []), N1, {N2, T2}).

union_1(Xs, Small, {Large, T} = S) ->
    case few(Small, Large) of
        true -> lists:foldl(fun add/2, S, Xs);
        false -> merge(Xs, to_list(T, []), [], 0)
    end.

merge([X | Xs], [Y | _] = Ys, Out, N) when X < Y -> merge(Xs, Ys, [X | Out], N + 1);
merge([X | _] = Xs, [Y | Ys], Out, N) when X > Y -> merge(Xs, Ys, [Y | Out], N + 1);
merge([_ | Xs], [Y | Ys], Out, N) -> merge(Xs, Ys, [Y | Out], N + 1);
merge([], Ys, Out, N) -> rest(Ys, Out, N);
merge(Xs, [], Out, N) -> rest(Xs, Out, N).

rest([X | Xs], Out, N) -> rest(Xs, [X | Out], N + 1);
rest([], Out, N) -> from_reversed(Out, N).

-spec union([set(T)]) -> set(T).
union([A, B | Sets]) -> union([union(A, B) | Sets]);
union([S]) -> S;
union([]) -> empty().

-spec intersection(set(T), set(T)) -> set(T).
intersection({N1, T1}, {N2, T2}) when N2 < N1 -> intersection_1(to_list(T2, []), N2, {N1, T1});
intersection({N1, T1}, {N2, T2}) -> intersection_1(to_list(T1, []), N1, {N2, T2}).

intersection_1(Xs, Small, {Large, T}) ->
    case few(Small, Large) of
        true -> from_ordset([X || X <- Xs, is_member_1(X, T)]);
        false -> from_ordset(ordsets:intersection(Xs, to_list(T, [])))
    end.

-spec intersection([set(T), ...]) -> set(T).
intersection([A, B | Sets]) -> intersection([intersection(A, B) | Sets]);
intersection([S]) -> S.

-spec is_disjoint(set(), set()) -> boolean().
is_disjoint({N1, T1}, {N2, T2}) when N1 < N2 -> disjoint(T1, T2);
is_disjoint({_, T1}, {_, T2}) -> disjoint(T2, T1).

disjoint({X, Smaller1, Bigger1}, {Y, Smaller2, Bigger2} = T2) ->
    if
        X < Y -> disjoint({X, Smaller1, nil}, Smaller2) andalso disjoint(Bigger1, T2);
        X > Y -> disjoint({X, nil, Bigger1}, Bigger2) andalso disjoint(Smaller1, T2);
        true -> false
    end;
disjoint(nil, _) -> true;
disjoint(_, nil) -> true.

-spec subtract(set(T), set()) -> set(T).
subtract(A, B) -> difference(A, B).

-spec difference(set(T), set()) -> set(T).
difference({N1, T1} = S, {N2, T2}) ->
    case few(N2, N1) of
        true -> lists:foldl(fun delete_any/2, S, to_list(T2, []));
        false ->
            case few(N1, N2) of
                true -> from_ordset([X || X <- to_list(T1, []), not is_member_1(X, T2)]);
                false -> from_ordset(ordsets:subtract(to_list(T1, []), to_list(T2, [])))
            end
    end.

-spec is_subset(set(), set()) -> boolean().
is_subset({N1, T1}, {N2, T2}) ->
    case few(N1, N2) of
        true -> lists:all(fun(X) -> is_member_1(X, T2) end, to_list(T1, []));
        false -> ordsets:is_subset(to_list(T1, []), to_list(T2, []))
    end.

%%% The whole set

-spec is_set(term()) -> boolean().
is_set({0, nil}) -> true;
is_set({N, {_, _, _}}) when is_integer(N), N >= 0 -> true;
is_set(_) -> false.

-spec fold(fun((T, Acc) -> Acc), Acc, set(T)) -> Acc.
fold(F, Acc, {_, T}) when is_function(F, 2) -> fold_1(F, Acc, T).

fold_1(F, Acc, {X, Smaller, Bigger}) -> fold_1(F, F(X, fold_1(F, Acc, Smaller)), Bigger);
fold_1(_, Acc, _) -> Acc.

-spec filter(fun((T) -> boolean()), set(T)) -> set(T).
filter(F, S) when is_function(F, 1) -> from_ordset([X || X <- to_list(S), F(X)]).

-spec map(fun((A) -> B), set(A)) -> set(B).
map(F, S) when is_function(F, 1) -> from_list([F(X) || X <- to_list(S)]).

-spec filtermap(fun((A) -> boolean() | {true, B}), set(A)) -> set(A | B).
filtermap(F, S) when is_function(F, 1) -> from_list(lists:filtermap(F, to_list(S))).

%%% Iterators: the nodes still to visit, each with one side done

-spec iterator(set(T)) -> iter(T).
iterator(S) -> iterator(S, ordered).

-spec iterator(set(T), ordered | reversed) -> iter(T).
iterator({_, T}, ordered) -> {ordered, left_spine(T, [])};
iterator({_, T}, reversed) -> {reversed, right_spine(T, [])}.

left_spine({_, Smaller, _} = T, Nodes) -> left_spine(Smaller, [T | Nodes]);
left_spine(nil, Nodes) -> Nodes.

right_spine({_, _, Bigger} = T, Nodes) -> right_spine(Bigger, [T | Nodes]);
right_spine(nil, Nodes) -> Nodes.

-spec iterator_from(T, set(T)) -> iter(T).
iterator_from(X, S) -> iterator_from(X, S, ordered).

-spec iterator_from(T, set(T), ordered | reversed) -> iter(T).
iterator_from(X, {_, T}, ordered) -> {ordered, left_spine_from(X, T, [])};
iterator_from(X, {_, T}, reversed) -> {reversed, right_spine_from(X, T, [])}.

left_spine_from(X, {Y, _, Bigger}, Nodes) when Y < X -> left_spine_from(X, Bigger, Nodes);
left_spine_from(X, {_, Smaller, _} = T, Nodes) -> left_spine_from(X, Smaller, [T | Nodes]);
left_spine_from(_, nil, Nodes) -> Nodes.

right_spine_from(X, {Y, Smaller, _}, Nodes) when Y > X -> right_spine_from(X, Smaller, Nodes);
right_spine_from(X, {_, _, Bigger} = T, Nodes) -> right_spine_from(X, Bigger, [T | Nodes]);
right_spine_from(_, nil, Nodes) -> Nodes.

-spec next(iter(T)) -> none | {T, iter(T)}.
next({ordered, [{X, _, Bigger} | Nodes]}) -> {X, {ordered, left_spine(Bigger, Nodes)}};
next({reversed, [{X, Smaller, _} | Nodes]}) -> {X, {reversed, right_spine(Smaller, Nodes)}};
next({_, []}) -> none.
