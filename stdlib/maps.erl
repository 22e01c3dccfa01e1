%% Maps: the functions that take funs, iterators and the rest that is not native.
%%
%% find/2, from_keys/2, from_list/1, get/2, is_key/2, keys/1, merge/2, put/3, remove/2, take/2,
%% update/3 and values/1 are natives. Loops go over what erts_internal:map_next/2 tells of a map, step
%% by step; results are built from a list in one native call, which costs less than a put per
%% association.
-module(maps).

-compile({no_auto_import, [size/1]}).

-export([filter/2, filtermap/2, find/2, fold/3, foreach/2, from_keys/2, from_list/1, get/2, get/3,
         groups_from_list/2, groups_from_list/3, intersect/2, intersect_with/3, is_iterator_valid/1, is_key/2,
         iterator/1, iterator/2, keys/1, map/2, merge/2, merge_with/3, new/0, next/1,
         put/3, remove/2, size/1, take/2, to_list/1, update/3, update_with/3, update_with/4,
         values/1, with/2, without/2]).

-export_type([iterator/0, iterator/2, iterator_order/0, iterator_order/1]).

%% An association and what follows it, or [Position | Map] for what begins there.
-opaque iterator(Key, Value) ::
    {Key, Value, iterator(Key, Value)} | nonempty_improper_list(non_neg_integer(), #{Key => Value}) | none.
-type iterator() :: iterator(term(), term()).
-type iterator_order(Key) :: undefined | ordered | reversed | fun((Key, Key) -> boolean()).
-type iterator_order() :: iterator_order(term()).

%% In the frame of the function that calls it: what is wrong is told by erl_stdlib_errors.
-define(FAIL(Reason, Args), erlang:error(Reason, Args, [{error_info, #{module => erl_stdlib_errors}}])).

%%% Natives

%% {ok, Value} of the key, or error.
-spec find(Key, #{Key => Value}) -> {ok, Value} | error.
find(_, _) -> erlang:nif_error(undef).

%% All the keys, each with the value.
-spec from_keys([Key], Value) -> #{Key => Value}.
from_keys(_, _) -> erlang:nif_error(undef).

%% A map of {Key, Value} tuples; of equal keys the last counts.
-spec from_list([{Key, Value}]) -> #{Key => Value}.
from_list(_) -> erlang:nif_error(undef).

%% The value of the key; without a default it has to be there.
-spec get(Key, #{Key => Value}) -> Value.
get(_, _) -> erlang:nif_error(undef).

%% Whether the key is there.
-spec is_key(term(), map()) -> boolean().
is_key(_, _) -> erlang:nif_error(undef).

%% The keys.
-spec keys(#{Key => term()}) -> [Key].
keys(_) -> erlang:nif_error(undef).

%% Both; of keys in both the second map's values count.
-spec merge(map(), map()) -> map().
merge(_, _) -> erlang:nif_error(undef).

%% With the value under the key.
-spec put(Key, Value, map()) -> #{Key := Value}.
put(_, _, _) -> erlang:nif_error(undef).

%% Without the key.
-spec remove(term(), map()) -> map().
remove(_, _) -> erlang:nif_error(undef).

%% {Value, Map without the key}, or error.
-spec take(Key, #{Key => Value}) -> {Value, map()} | error.
take(_, _) -> erlang:nif_error(undef).

%% With another value under a key, which has to be there.
-spec update(Key, Value, map()) -> #{Key := Value}.
update(_, _, _) -> erlang:nif_error(undef).

%% The values.
-spec values(#{term() => Value}) -> [Value].
values(_) -> erlang:nif_error(undef).

%% The associations as tuples.
-spec to_list(#{Key => Value} | iterator(Key, Value)) -> [{Key, Value}].
to_list(Map) when is_map(Map) -> erts_internal:map_to_list(Map);
to_list(Iterator) ->
    case start(Iterator) of
        error -> ?FAIL({badmap, Iterator}, [Iterator]);
        Chain -> pairs(Chain)
    end.

pairs({K, V, Rest}) -> [{K, V} | pairs(Rest)];
pairs([_ | _] = Rest) -> pairs(next(Rest));
pairs(none) -> [].

%%% Single associations

%% An empty map.
-spec new() -> #{}.
new() -> #{}.

%% How many associations there are.
-spec size(map()) -> non_neg_integer().
size(Map) ->
    try map_size(Map)
    catch error:{badmap, _} -> ?FAIL({badmap, Map}, [Map])
    end.

-spec get(Key, #{Key => Value}, Default) -> Value | Default.
get(Key, Map, Default) when is_map(Map) ->
    case Map of
        #{Key := Value} -> Value;
        #{} -> Default
    end;
get(Key, Map, Default) ->
    ?FAIL({badmap, Map}, [Key, Map, Default]).

%% With what the fun makes of the key's value; Init where the key is not there.
-spec update_with(Key, fun((Value) -> Value), #{Key => Value}) -> #{Key := Value}.
update_with(Key, F, Map) when is_function(F, 1), is_map(Map) ->
    case Map of
        #{Key := Value} -> Map#{Key := F(Value)};
        #{} -> erlang:error({badkey, Key}, [Key, F, Map])
    end;
update_with(Key, F, Map) ->
    ?FAIL(reason(Map), [Key, F, Map]).

-spec update_with(Key, fun((Value) -> Value), Value, #{Key => Value}) -> #{Key := Value}.
update_with(Key, F, Init, Map) when is_function(F, 1), is_map(Map) ->
    case Map of
        #{Key := Value} -> Map#{Key := F(Value)};
        #{} -> Map#{Key => Init}
    end;
update_with(Key, F, Init, Map) ->
    ?FAIL(reason(Map), [Key, F, Init, Map]).

%% Only the associations of these keys.
-spec with([Key], #{Key => Value}) -> #{Key => Value}.
with(Keys, Map) when is_list(Keys), is_map(Map) ->
    maps:from_list(present(Keys, Map));
with(Keys, Map) ->
    ?FAIL(reason(Map), [Keys, Map]).

present([Key | Keys], Map) ->
    case Map of
        #{Key := Value} -> [{Key, Value} | present(Keys, Map)];
        #{} -> present(Keys, Map)
    end;
present([], _) ->
    [].

%% All but the associations of these keys.
-spec without([term()], map()) -> map().
without(Keys, Map) when is_list(Keys), is_map(Map) ->
    remove_all(Keys, Map);
without(Keys, Map) ->
    ?FAIL(reason(Map), [Keys, Map]).

remove_all([Key | Keys], Map) -> remove_all(Keys, maps:remove(Key, Map));
remove_all([], Map) -> Map.

%%% Whole maps, or what an iterator still has

%% The fun of each key, value and what it made of those before.
-spec fold(fun((K, V, Acc) -> Acc), Acc, #{K => V} | iterator(K, V)) -> Acc.
fold(F, Acc, Map) when is_function(F, 3) ->
    case start(Map) of
        error -> ?FAIL({badmap, Map}, [F, Acc, Map]);
        Chain -> fold_chain(F, Acc, Chain)
    end;
fold(F, Acc, Map) ->
    ?FAIL(badarg, [F, Acc, Map]).

fold_chain(F, Acc, {K, V, Rest}) -> fold_chain(F, F(K, V, Acc), Rest);
fold_chain(F, Acc, [_ | _] = Rest) -> fold_chain(F, Acc, next(Rest));
fold_chain(_, Acc, none) -> Acc.

%% Calls the fun with each key and value.
-spec foreach(fun((K, V) -> term()), #{K => V} | iterator(K, V)) -> ok.
foreach(F, Map) when is_function(F, 2) ->
    case start(Map) of
        error -> ?FAIL({badmap, Map}, [F, Map]);
        Chain -> foreach_chain(F, Chain)
    end;
foreach(F, Map) ->
    ?FAIL(badarg, [F, Map]).

foreach_chain(F, {K, V, Rest}) ->
    F(K, V),
    foreach_chain(F, Rest);
foreach_chain(F, [_ | _] = Rest) ->
    foreach_chain(F, next(Rest));
foreach_chain(_, none) ->
    ok.

%% Each key with what the fun makes of it and its value.
-spec map(fun((K, V) -> V1), #{K => V} | iterator(K, V)) -> #{K => V1}.
map(F, Map) when is_function(F, 2) ->
    case start(Map) of
        error -> ?FAIL({badmap, Map}, [F, Map]);
        Chain -> maps:from_list(map_chain(F, Chain))
    end;
map(F, Map) ->
    ?FAIL(badarg, [F, Map]).

map_chain(F, {K, V, Rest}) -> [{K, F(K, V)} | map_chain(F, Rest)];
map_chain(F, [_ | _] = Rest) -> map_chain(F, next(Rest));
map_chain(_, none) -> [].

%% The associations for which the predicate holds.
-spec filter(fun((K, V) -> boolean()), #{K => V} | iterator(K, V)) -> #{K => V}.
filter(F, Map) when is_function(F, 2) ->
    case start(Map) of
        error -> ?FAIL({badmap, Map}, [F, Map]);
        Chain -> maps:from_list(filter_chain(F, Chain))
    end;
filter(F, Map) ->
    ?FAIL(badarg, [F, Map]).

filter_chain(F, {K, V, Rest}) ->
    case F(K, V) of
        true -> [{K, V} | filter_chain(F, Rest)];
        false -> filter_chain(F, Rest)
    end;
filter_chain(F, [_ | _] = Rest) ->
    filter_chain(F, next(Rest));
filter_chain(_, none) ->
    [].

%% Associations for which the fun answers true, or those with Value where it answers {true, Value}.
-spec filtermap(fun((K, V) -> boolean() | {true, V1}), #{K => V} | iterator(K, V)) ->
    #{K => V | V1}.
filtermap(F, Map) when is_function(F, 2) ->
    case start(Map) of
        error -> ?FAIL({badmap, Map}, [F, Map]);
        Chain -> maps:from_list(filtermap_chain(F, Chain))
    end;
filtermap(F, Map) ->
    ?FAIL(badarg, [F, Map]).

filtermap_chain(F, {K, V, Rest}) ->
    case F(K, V) of
        true -> [{K, V} | filtermap_chain(F, Rest)];
        {true, V1} -> [{K, V1} | filtermap_chain(F, Rest)];
        false -> filtermap_chain(F, Rest)
    end;
filtermap_chain(F, [_ | _] = Rest) ->
    filtermap_chain(F, next(Rest));
filtermap_chain(_, none) ->
    [].

%% The elements in lists by the key that the fun gives each.
-spec groups_from_list(fun((T) -> Key), [T]) -> #{Key => [T]}.
groups_from_list(F, List) when is_function(F, 1) ->
    try lists:reverse(List) of
        Reversed -> group(F, Reversed, #{})
    catch
        error:_ -> ?FAIL(badarg, [F, List])
    end;
groups_from_list(F, List) ->
    ?FAIL(badarg, [F, List]).

group(F, [X | T], Groups) ->
    Key = F(X),
    case Groups of
        #{Key := Xs} -> group(F, T, Groups#{Key := [X | Xs]});
        #{} -> group(F, T, Groups#{Key => [X]})
    end;
group(_, [], Groups) ->
    Groups.

-spec groups_from_list(fun((T) -> Key), fun((T) -> Value), [T]) -> #{Key => [Value]}.
groups_from_list(F, Value, List) when is_function(F, 1), is_function(Value, 1) ->
    try lists:reverse(List) of
        Reversed -> group(F, Value, Reversed, #{})
    catch
        error:_ -> ?FAIL(badarg, [F, Value, List])
    end;
groups_from_list(F, Value, List) ->
    ?FAIL(badarg, [F, Value, List]).

group(F, Value, [X | T], Groups) ->
    Key = F(X),
    V = Value(X),
    case Groups of
        #{Key := Vs} -> group(F, Value, T, Groups#{Key := [V | Vs]});
        #{} -> group(F, Value, T, Groups#{Key => [V]})
    end;
group(_, _, [], Groups) ->
    Groups.

%%% Two maps

%% The associations of the second map whose keys are in both.
-spec intersect(#{K => term()}, #{K => V}) -> #{K => V}.
intersect(A, B) when is_map(A), is_map(B) ->
    case map_size(A) =< map_size(B) of
        true -> maps:from_list([{K, map_get(K, B)} || K <- maps:keys(A), is_map_key(K, B)]);
        false -> maps:from_list([Pair || {K, _} = Pair <- to_list(B), is_map_key(K, A)])
    end;
intersect(A, B) ->
    ?FAIL(reason(A, B), [A, B]).

%% What the fun makes of key and both values, of keys that are in both.
-spec intersect_with(fun((K, V1, V2) -> V), #{K => V1}, #{K => V2}) -> #{K => V}.
intersect_with(F, A, B) when is_function(F, 3), is_map(A), is_map(B) ->
    case map_size(A) =< map_size(B) of
        true ->
            maps:from_list([{K, F(K, V, map_get(K, B))} || {K, V} <- to_list(A), is_map_key(K, B)]);
        false ->
            maps:from_list([{K, F(K, map_get(K, A), V)} || {K, V} <- to_list(B), is_map_key(K, A)])
    end;
intersect_with(F, A, B) when is_function(F, 3) ->
    ?FAIL(reason(A, B), [F, A, B]);
intersect_with(F, A, B) ->
    ?FAIL(badarg, [F, A, B]).

%% Both; values of keys in both are what the fun makes of them.
-spec merge_with(fun((K, V1, V2) -> V), #{K => V1}, #{K => V2}) -> #{K => V | V1 | V2}.
merge_with(F, A, B) when is_function(F, 3), is_map(A), is_map(B) ->
    case map_size(A) > map_size(B) of
        true -> merge_with_list(to_list(B), A, fun(K, VB, VA) -> F(K, VA, VB) end);
        false -> merge_with_list(to_list(A), B, F)
    end;
merge_with(F, A, B) when is_function(F, 3) ->
    ?FAIL(reason(A, B), [F, A, B]);
merge_with(F, A, B) ->
    ?FAIL(badarg, [F, A, B]).

%% Puts the associations of the smaller map into the larger one.
merge_with_list([{K, V} | T], Map, F) ->
    case Map of
        #{K := V0} -> merge_with_list(T, Map#{K := F(K, V, V0)}, F);
        #{} -> merge_with_list(T, Map#{K => V}, F)
    end;
merge_with_list([], Map, _) ->
    Map.

%%% Iterators

%% What next/1 takes associations from, in an order if one is given.
-spec iterator(#{Key => Value}) -> iterator(Key, Value).
iterator(Map) when is_map(Map) -> [0 | Map];
iterator(Map) -> ?FAIL({badmap, Map}, [Map]).

-spec iterator(#{Key => Value}, iterator_order(Key)) -> iterator(Key, Value).
iterator(Map, undefined) when is_map(Map) ->
    [0 | Map];
iterator(Map, ordered) when is_map(Map) ->
    chain(lists:sort(fun({A, _}, {B, _}) -> key_precedes(A, B) end, to_list(Map)));
iterator(Map, reversed) when is_map(Map) ->
    chain(lists:sort(fun({A, _}, {B, _}) -> key_precedes(B, A) end, to_list(Map)));
iterator(Map, F) when is_map(Map), is_function(F, 2) ->
    chain(lists:sort(fun({A, _}, {B, _}) -> F(A, B) end, to_list(Map)));
iterator(Map, Order) ->
    ?FAIL(reason(Map), [Map, Order]).

chain([{K, V} | Pairs]) -> {K, V, chain(Pairs)};
chain([]) -> none.

%% {Key, Value, Iterator}, or none at the end.
-spec next(iterator(Key, Value)) -> {Key, Value, iterator(Key, Value)} | none.
next({_, _, _} = Iterator) -> Iterator;
next([Position | Map] = Iterator) when is_integer(Position), is_map(Map) ->
    case erts_internal:map_next(Position, Map) of
        false -> ?FAIL(badarg, [Iterator]);
        Chain -> Chain
    end;
next(none) -> none;
next(Iterator) -> ?FAIL(badarg, [Iterator]).

-spec is_iterator_valid(iterator() | term()) -> boolean().
is_iterator_valid(Iterator) -> not is_map(Iterator) andalso start(Iterator) =/= error.

%% What a loop over a map, or over what an iterator has left, begins with; or error.
start(Map) when is_map(Map) -> erts_internal:map_next(0, Map);
start(Iterator) ->
    case is_chain(Iterator) of
        true -> Iterator;
        false -> error
    end.

is_chain({_, _, Rest}) -> is_chain(Rest);
is_chain([Position | Map]) when is_integer(Position), is_map(Map) -> erts_internal:map_next(Position, Map) =/= false;
is_chain(Rest) -> Rest =:= none.

%% The order of keys within a map: as =<, but an integer precedes the float that equals it.
key_precedes(A, B) when A < B; A =:= B -> true;
key_precedes(A, B) when A == B -> exact_precedes(A, B);
key_precedes(_, _) -> false.

%% For terms that are equal without being the same: the first difference decides.
exact_precedes(A, B) when is_number(A) -> is_integer(A) orelse is_float(B);
exact_precedes([A | As], [B | Bs]) when A =:= B -> exact_precedes(As, Bs);
exact_precedes([A | _], [B | _]) -> exact_precedes(A, B);
exact_precedes(A, B) when is_tuple(A) -> exact_precedes(tuple_to_list(A), tuple_to_list(B));
exact_precedes(A, B) when is_map(A) ->
    exact_precedes([V || {_, V} <- to_list(iterator(A, ordered))],
                   [V || {_, V} <- to_list(iterator(B, ordered))]);
exact_precedes(_, _) -> true.

%%% Helpers

%% A function of maps got a wrong argument: which one?
reason(Map) when is_map(Map) -> badarg;
reason(Map) -> {badmap, Map}.

reason(A, B) when is_map(A) -> reason(B);
reason(A, _) -> {badmap, A}.
