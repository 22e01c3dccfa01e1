%% Sets of no particular order. Elements are one if they match.
%%
%% A set of version 2 is a map from its elements to []; one of version 1, the default, is a table of
%% buckets in which each new element comes first. Both may be mixed.
-module(sets).

-compile({no_auto_import, [size/1]}).

-export([new/0, new/1, is_set/1, size/1, is_empty/1, is_equal/2, to_list/1, from_list/1, from_list/2,
         is_element/2, add_element/2, del_element/2, union/2, union/1, intersection/2,
         intersection/1, is_disjoint/2, subtract/2, is_subset/2, fold/3, filter/2, map/2,
         filtermap/2]).

-export_type([set/0, set/1]).

-define(FEW, 8). % so many times less than all: one by one is quicker

-record(set, {table :: muster_buckets:table()}).

-opaque set(T) :: #set{table :: muster_buckets:table()} | #{T => []}.
-type set() :: set(term()).

%% An empty set.
-spec new() -> set(none()).
new() -> #set{table = muster_buckets:new()}.

-spec new([{version, 1..2}]) -> set(none()).
new([{version, 2}]) -> #{};
new(Options) ->
    case proplists:get_value(version, Options, 1) of
        1 -> new();
        2 -> #{}
    end.

%% The set of the elements of a list.
-spec from_list([T]) -> set(T).
from_list(List) -> lists:foldl(fun add_element/2, new(), List).

-spec from_list([T], [{version, 1..2}]) -> set(T).
from_list(List, [{version, 2}]) -> maps:from_keys(List, []);
from_list(List, Options) ->
    case proplists:get_value(version, Options, 1) of
        1 -> from_list(List);
        2 -> maps:from_keys(List, [])
    end.

%% The elements of a list of distinct ones, in a set of the same version as another one.
like(#set{}, List) -> from_list(List);
like(_, List) -> maps:from_keys(List, []).

%% Whether the term looks like a set.
-spec is_set(term()) -> boolean().
is_set(#set{table = Table}) -> muster_buckets:is_table(Table);
is_set(Set) -> is_map(Set).

%% How many elements there are.
-spec size(set()) -> non_neg_integer().
size(#set{table = Table}) -> muster_buckets:size(Table);
size(Map) when is_map(Map) -> map_size(Map).

%% Whether it has no elements.
-spec is_empty(set()) -> boolean().
is_empty(#set{table = Table}) -> muster_buckets:size(Table) =:= 0;
is_empty(Map) when is_map(Map) -> map_size(Map) =:= 0.

%% Whether both have the same elements.
-spec is_equal(set(), set()) -> boolean().
is_equal(#set{} = A, #set{} = B) -> size(A) =:= size(B) andalso is_subset(A, B);
is_equal(A, B) when is_map(A), is_map(B) -> A =:= B;
is_equal(A, B) -> size(A) =:= size(B) andalso is_subset(A, B).

%% The elements as a list.
-spec to_list(set(T)) -> [T].
to_list(#set{} = Set) -> fold(fun(X, List) -> [X | List] end, [], Set);
to_list(Map) when is_map(Map) -> maps:keys(Map).

%% Whether the element is in it.
-spec is_element(term(), set()) -> boolean().
is_element(X, #set{table = Table}) -> holds(X, muster_buckets:bucket(muster_buckets:slot(X, Table), Table));
is_element(X, Map) when is_map(Map) -> is_map_key(X, Map).

%% As lists:member/2 of elements that match.
holds(X, [X | _]) -> true;
holds(X, [_ | Bucket]) -> holds(X, Bucket);
holds(_, []) -> false.

%% With the element.
-spec add_element(E, set(T)) -> set(T | E).
add_element(X, #set{table = Table} = Set) ->
    Slot = muster_buckets:slot(X, Table),
    Bucket = muster_buckets:bucket(Slot, Table),
    case holds(X, Bucket) of
        true -> Set;
        false -> #set{table = muster_buckets:put(Slot, [X | Bucket], Table, more, plain)}
    end;
add_element(X, Map) when is_map(Map) -> Map#{X => []}.

%% Without the element.
-spec del_element(term(), set(T)) -> set(T).
del_element(X, #set{table = Table} = Set) ->
    Slot = muster_buckets:slot(X, Table),
    Bucket = muster_buckets:bucket(Slot, Table),
    case holds(X, Bucket) of
        true -> #set{table = muster_buckets:put(Slot, lists:delete(X, Bucket), Table, less, plain)};
        false -> Set
    end;
del_element(X, Map) when is_map(Map) -> maps:remove(X, Map).

%% What is in any.
-spec union(set(A), set(B)) -> set(A | B).
union(A, B) when is_map(A), is_map(B) -> maps:merge(A, B);
union(A, B) ->
    case size(A) < size(B) of
        true -> fold(fun add_element/2, B, A);
        false -> fold(fun add_element/2, A, B)
    end.

-spec union([set(T)]) -> set(T).
union([A, B | Sets]) -> union([union(A, B) | Sets]);
union([Set]) -> Set;
union([]) -> new().

%% What is in all.
-spec intersection(set(A), set(B)) -> set(A | B).
intersection(A, B) when is_map(A), is_map(B), map_size(A) > map_size(B) -> intersection(B, A);
intersection(A, B) when is_map(A), is_map(B) ->
    {Both, Others} = split(maps:keys(A), B, [], []),
    chosen(A, Both, Others);
intersection(A, B) ->
    case size(A) < size(B) of
        true -> filter(fun(X) -> is_element(X, B) end, A);
        false -> filter(fun(X) -> is_element(X, A) end, B)
    end.

-spec intersection([set(T), ...]) -> set(T).
intersection([A, B | Sets]) -> intersection([intersection(A, B) | Sets]);
intersection([Set]) -> Set.

%% Whether no element is in both.
-spec is_disjoint(set(), set()) -> boolean().
is_disjoint(A, B) ->
    case size(A) < size(B) of
        true -> all(fun(X) -> not is_element(X, B) end, A);
        false -> all(fun(X) -> not is_element(X, A) end, B)
    end.

%% What is in the first and not in the second.
-spec subtract(set(T), set()) -> set(T).
subtract(A, B) when is_map(A), is_map(B) ->
    case map_size(B) < map_size(A) div ?FEW of
        true -> maps:without(maps:keys(B), A);
        false ->
            {Both, Others} = split(maps:keys(A), B, [], []),
            chosen(A, Others, Both)
    end;
subtract(A, B) -> filter(fun(X) -> not is_element(X, B) end, A).

%% Whether all elements of the first are in the second.
%% Which of the elements a map has as keys, and which not.
split([X | Xs], Map, Has, HasNot) when is_map_key(X, Map) -> split(Xs, Map, [X | Has], HasNot);
split([X | Xs], Map, Has, HasNot) -> split(Xs, Map, Has, [X | HasNot]);
split([], _, Has, HasNot) -> {Has, HasNot}.

%% A set less some of its elements: they are taken out if they are few, else the others make a new one.
chosen(Set, _, []) -> Set;
chosen(Set, Chosen, Others) ->
    case length(Others) < map_size(Set) div ?FEW of
        true -> maps:without(Others, Set);
        false -> maps:from_keys(Chosen, [])
    end.

%% Whether all elements of the first are in the second.
-spec is_subset(set(), set()) -> boolean().
is_subset(A, B) -> all(fun(X) -> is_element(X, B) end, A).

%% Whether P holds for all elements; asks until it does not.
all(P, #set{table = Table}) ->
    muster_buckets:all(fun(Bucket) -> lists:all(P, Bucket) end, Table);
all(P, Map) when is_map(Map) ->
    all_left(P, maps:next(maps:iterator(Map)));
all(P, NoSet) ->
    fold(fun(X, All) -> All andalso P(X) end, true, NoSet).

all_left(P, {X, _, Rest}) -> P(X) andalso all_left(P, maps:next(Rest));
all_left(_, none) -> true.

%% The fun of each element and what it made of those before.
-spec fold(fun((T, Acc) -> Acc), Acc, set(T)) -> Acc.
fold(F, Acc, #set{table = Table}) when is_function(F, 2) ->
    muster_buckets:foldr(fun(Bucket, Acc1) -> lists:foldl(F, Acc1, Bucket) end, Acc, Table);
fold(F, Acc, Map) when is_function(F, 2), is_map(Map) -> lists:foldl(F, Acc, maps:keys(Map)).

%% The elements for which the predicate holds.
-spec filter(fun((T) -> boolean()), set(T)) -> set(T).
filter(F, #set{table = Table}) when is_function(F, 1) ->
    #set{table = muster_buckets:filter(fun(Bucket) -> filter_list(F, Bucket, []) end, Table)};
filter(F, Map) when is_function(F, 1), is_map(Map) ->
    maps:from_keys(filter_list(F, maps:keys(Map), []), []).

%% In reverse, which makes the order of a filtered set OTP's.
filter_list(F, [X | List], Kept) ->
    case F(X) of
        true -> filter_list(F, List, [X | Kept]);
        false -> filter_list(F, List, Kept)
    end;
filter_list(_, [], Kept) -> Kept.

%% The set of what a function makes of the elements.
-spec map(fun((A) -> B), set(A)) -> set(B).
map(F, Set) -> like(Set, lists:map(F, to_list(Set))).

%% The elements for which a function answers true, or the value of {true, Value} in their place.
-spec filtermap(fun((A) -> boolean() | {true, B}), set(A)) -> set(A | B).
filtermap(F, Set) -> like(Set, lists:filtermap(F, to_list(Set))).
