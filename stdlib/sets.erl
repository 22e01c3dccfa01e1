%% Sets of no particular order. Elements are one if they match.
%%
%% A set of version 2 is a map from its elements to []; one of version 1, the default, is the same
%% with a tag. Both may be mixed; what comes of two sets has the version of the first one.
-module(sets).

-compile({no_auto_import, [size/1]}).

-export([new/0, new/1, is_set/1, size/1, is_empty/1, is_equal/2, to_list/1, from_list/1, from_list/2,
         is_element/2, add_element/2, del_element/2, union/2, union/1, intersection/2,
         intersection/1, is_disjoint/2, subtract/2, is_subset/2, fold/3, filter/2, map/2,
         filtermap/2]).

-export_type([set/0, set/1]).

-record(set, {map :: map()}).

-opaque set(T) :: #set{map :: #{T => []}} | #{T => []}.
-type set() :: set(term()).

-spec new() -> set(none()).
new() -> #set{map = #{}}.

-spec new([{version, 1..2}]) -> set(none()).
new([{version, 2}]) -> #{};
new(Options) -> of_version(proplists:get_value(version, Options, 1), #{}).

of_version(1, Map) -> #set{map = Map};
of_version(2, Map) -> Map.

-spec from_list([T]) -> set(T).
from_list(List) -> #set{map = maps:from_keys(List, [])}.

-spec from_list([T], [{version, 1..2}]) -> set(T).
from_list(List, [{version, 2}]) -> maps:from_keys(List, []);
from_list(List, Options) ->
    of_version(proplists:get_value(version, Options, 1), maps:from_keys(List, [])).

%% The map of a set, and a set like Set of another map.
map_of(#set{map = Map}) -> Map;
map_of(Map) when is_map(Map) -> Map.

like(#set{}, Map) -> #set{map = Map};
like(_, Map) -> Map.

-spec is_set(term()) -> boolean().
is_set(#set{}) -> true;
is_set(Map) when is_map(Map) -> lists:all(fun(Value) -> Value =:= [] end, maps:values(Map));
is_set(_) -> false.

-spec size(set()) -> non_neg_integer().
size(Set) -> map_size(map_of(Set)).

-spec is_empty(set()) -> boolean().
is_empty(Set) -> map_size(map_of(Set)) =:= 0.

-spec is_equal(set(), set()) -> boolean().
is_equal(A, B) -> map_of(A) =:= map_of(B).

-spec to_list(set(T)) -> [T].
to_list(Set) -> maps:keys(map_of(Set)).

-spec is_element(term(), set()) -> boolean().
is_element(X, Set) -> is_map_key(X, map_of(Set)).

-spec add_element(E, set(T)) -> set(T | E).
add_element(X, #set{map = Map}) -> #set{map = Map#{X => []}};
add_element(X, Map) -> Map#{X => []}.

-spec del_element(term(), set(T)) -> set(T).
del_element(X, Set) -> like(Set, maps:remove(X, map_of(Set))).

-spec union(set(A), set(B)) -> set(A | B).
union(A, B) -> like(A, maps:merge(map_of(A), map_of(B))).

-spec union([set(T)]) -> set(T).
union([A, B | Sets]) -> union([union(A, B) | Sets]);
union([Set]) -> Set;
union([]) -> new().

-spec intersection(set(T), set(T)) -> set(T).
intersection(A, B) -> like(A, maps:intersect(map_of(A), map_of(B))).

-spec intersection([set(T), ...]) -> set(T).
intersection([A, B | Sets]) -> intersection([intersection(A, B) | Sets]);
intersection([Set]) -> Set.

-spec is_disjoint(set(), set()) -> boolean().
is_disjoint(A, B) ->
    {Small, Large} = by_size(map_of(A), map_of(B)),
    not lists:any(fun(X) -> is_map_key(X, Large) end, maps:keys(Small)).

by_size(A, B) when map_size(A) =< map_size(B) -> {A, B};
by_size(A, B) -> {B, A}.

-spec subtract(set(T), set()) -> set(T).
subtract(A, B) ->
    {MapA, MapB} = {map_of(A), map_of(B)},
    case map_size(MapB) < map_size(MapA) of
        true -> like(A, maps:without(maps:keys(MapB), MapA));
        false -> like(A, maps:from_keys([X || X <- maps:keys(MapA), not is_map_key(X, MapB)], []))
    end.

-spec is_subset(set(), set()) -> boolean().
is_subset(A, B) ->
    {MapA, MapB} = {map_of(A), map_of(B)},
    map_size(MapA) =< map_size(MapB)
        andalso lists:all(fun(X) -> is_map_key(X, MapB) end, maps:keys(MapA)).

-spec fold(fun((T, Acc) -> Acc), Acc, set(T)) -> Acc.
fold(F, Acc, Set) -> lists:foldl(F, Acc, maps:keys(map_of(Set))).

-spec filter(fun((T) -> boolean()), set(T)) -> set(T).
filter(F, Set) -> like(Set, maps:from_keys(lists:filter(F, maps:keys(map_of(Set))), [])).

-spec map(fun((A) -> B), set(A)) -> set(B).
map(F, Set) -> like(Set, maps:from_keys(lists:map(F, maps:keys(map_of(Set))), [])).

-spec filtermap(fun((A) -> boolean() | {true, B}), set(A)) -> set(A | B).
filtermap(F, Set) -> like(Set, maps:from_keys(lists:filtermap(F, maps:keys(map_of(Set))), [])).
