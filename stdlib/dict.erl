%% Dictionaries of no particular order, over maps. Keys are one if they match.
-module(dict).

-compile({no_auto_import, [size/1]}).

-export([new/0, is_key/2, to_list/1, from_list/1, size/1, is_empty/1, fetch/2, find/2, fetch_keys/1,
         take/2, erase/2, store/3, append/3, append_list/3, update/3, update/4, update_counter/3,
         fold/3, map/2, filter/2, merge/3]).

-export_type([dict/0, dict/2]).

-record(dict, {map :: map()}).

-opaque dict(Key, Value) :: #dict{map :: #{Key => Value}}.
-type dict() :: dict(term(), term()).

-spec new() -> dict().
new() -> #dict{map = #{}}.

-spec is_key(Key, dict(Key, term())) -> boolean().
is_key(Key, #dict{map = Map}) -> is_map_key(Key, Map).

-spec to_list(dict(Key, Value)) -> [{Key, Value}].
to_list(#dict{map = Map}) -> maps:to_list(Map).

-spec from_list([{Key, Value}]) -> dict(Key, Value).
from_list(Pairs) -> from_list(Pairs, #{}).

from_list([{Key, Value} | Pairs], Map) -> from_list(Pairs, Map#{Key => Value});
from_list([], Map) -> #dict{map = Map}.

-spec size(dict()) -> non_neg_integer().
size(#dict{map = Map}) -> map_size(Map).

-spec is_empty(dict()) -> boolean().
is_empty(#dict{map = Map}) -> map_size(Map) =:= 0.

-spec fetch(Key, dict(Key, Value)) -> Value.
fetch(Key, #dict{map = Map} = Dict) ->
    case Map of
        #{Key := Value} -> Value;
        #{} -> erlang:error(badarg, [Key, Dict])
    end.

-spec find(Key, dict(Key, Value)) -> {ok, Value} | error.
find(Key, #dict{map = Map}) -> maps:find(Key, Map).

-spec fetch_keys(dict(Key, term())) -> [Key].
fetch_keys(#dict{map = Map}) -> maps:keys(Map).

-spec take(Key, dict(Key, Value)) -> {Value, dict(Key, Value)} | error.
take(Key, #dict{map = Map}) ->
    case maps:take(Key, Map) of
        {Value, Rest} -> {Value, #dict{map = Rest}};
        error -> error
    end.

-spec erase(Key, dict(Key, Value)) -> dict(Key, Value).
erase(Key, #dict{map = Map}) -> #dict{map = maps:remove(Key, Map)}.

-spec store(Key, Value, dict(Key, Value)) -> dict(Key, Value).
store(Key, Value, #dict{map = Map}) -> #dict{map = Map#{Key => Value}}.

-spec append(Key, Value, dict(Key, [Value])) -> dict(Key, [Value]).
append(Key, New, Dict) -> append_list(Key, [New], Dict).

-spec append_list(Key, [Value], dict(Key, [Value])) -> dict(Key, [Value]).
append_list(Key, New, #dict{map = Map}) ->
    case Map of
        #{Key := Old} -> #dict{map = Map#{Key := Old ++ New}};
        #{} -> #dict{map = Map#{Key => New}}
    end.

-spec update(Key, fun((Value) -> Value), dict(Key, Value)) -> dict(Key, Value).
update(Key, F, #dict{map = Map} = Dict) ->
    case Map of
        #{Key := Value} -> #dict{map = Map#{Key := F(Value)}};
        #{} -> erlang:error(badarg, [Key, F, Dict])
    end.

-spec update(Key, fun((Value) -> Value), Value, dict(Key, Value)) -> dict(Key, Value).
update(Key, F, Init, #dict{map = Map}) ->
    case Map of
        #{Key := Value} -> #dict{map = Map#{Key := F(Value)}};
        #{} -> #dict{map = Map#{Key => Init}}
    end.

-spec update_counter(Key, number(), dict(Key, number())) -> dict(Key, number()).
update_counter(Key, N, #dict{map = Map}) when is_number(N) ->
    case Map of
        #{Key := Value} -> #dict{map = Map#{Key := Value + N}};
        #{} -> #dict{map = Map#{Key => N}}
    end.

-spec fold(fun((Key, Value, Acc) -> Acc), Acc, dict(Key, Value)) -> Acc.
fold(F, Acc, #dict{map = Map}) -> maps:fold(F, Acc, Map).

-spec map(fun((Key, Value) -> Value1), dict(Key, Value)) -> dict(Key, Value1).
map(F, #dict{map = Map}) -> #dict{map = maps:map(F, Map)}.

-spec filter(fun((Key, Value) -> boolean()), dict(Key, Value)) -> dict(Key, Value).
filter(F, #dict{map = Map}) -> #dict{map = maps:filter(F, Map)}.

-spec merge(fun((Key, Value, Value) -> Value), dict(Key, Value), dict(Key, Value)) ->
    dict(Key, Value).
merge(F, #dict{map = A}, #dict{map = B}) -> #dict{map = maps:merge_with(F, A, B)}.
