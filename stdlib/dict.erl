%% Dictionaries: tables of buckets that hold pairs [Key | Value], each new one at its bucket's end.
%% Keys are one if they match.
-module(dict).

-compile({no_auto_import, [size/1]}).

-export([new/0, is_key/2, to_list/1, from_list/1, size/1, is_empty/1, fetch/2, find/2, fetch_keys/1,
         take/2, erase/2, store/3, append/3, append_list/3, update/3, update/4, update_counter/3,
         fold/3, map/2, filter/2, merge/3]).

-export_type([dict/0, dict/2]).

-record(dict, {table :: muster_buckets:table()}).

-opaque dict(Key, Value) :: #dict{table :: muster_buckets:table() | {Key, Value}}.
-type dict() :: dict(term(), term()).

%% An empty dictionary.
-spec new() -> dict().
new() -> #dict{table = muster_buckets:new()}.

%% Whether the key is there.
-spec is_key(Key, dict(Key, term())) -> boolean().
is_key(Key, Dict) ->
    Table = Dict#dict.table, found(Key, bucket(Key, Table)) =/= none.

%% The entries as {Key, Value} tuples.
-spec to_list(dict(Key, Value)) -> [{Key, Value}].
to_list(Dict) -> fold(fun(Key, Value, List) -> [{Key, Value} | List] end, [], Dict).

%% A dictionary of {Key, Value} tuples.
-spec from_list([{Key, Value}]) -> dict(Key, Value).
from_list(Pairs) ->
    lists:foldl(fun({Key, Value}, Dict) -> store(Key, Value, Dict) end, new(), Pairs).

%% How many entries there are.
-spec size(dict()) -> non_neg_integer().
size(#dict{table = Table}) -> muster_buckets:size(Table).

%% Whether there are no entries.
-spec is_empty(dict()) -> boolean().
is_empty(#dict{table = Table}) -> muster_buckets:size(Table) =:= 0.

%% The value of the key, which has to be there.
-spec fetch(Key, dict(Key, Value)) -> Value.
fetch(Key, Dict) ->
    Table = Dict#dict.table,
    case found(Key, bucket(Key, Table)) of
        [_ | Value] -> Value;
        none -> erlang:error(badarg, [Key, Dict])
    end.

%% {ok, Value} of the key, or error.
-spec find(Key, dict(Key, Value)) -> {ok, Value} | error.
find(Key, Dict) ->
    Table = Dict#dict.table,
    case found(Key, bucket(Key, Table)) of
        [_ | Value] -> {ok, Value};
        none -> error
    end.

%% The keys.
-spec fetch_keys(dict(Key, term())) -> [Key].
fetch_keys(Dict) -> fold(fun(Key, _, Keys) -> [Key | Keys] end, [], Dict).

%% {Value, The others}, or error.
-spec take(Key, dict(Key, Value)) -> {Value, dict(Key, Value)} | error.
take(Key, Dict) ->
    Table = Dict#dict.table,
    case found(Key, bucket(Key, Table)) of
        [_ | Value] -> {Value, erase(Key, Dict)};
        none -> error
    end.

%% Without the key.
-spec erase(Key, dict(Key, Value)) -> dict(Key, Value).
erase(Key, Dict) ->
    Table = Dict#dict.table,
    Slot = muster_buckets:slot(Key, Table),
    Bucket = muster_buckets:bucket(Slot, Table),
    case found(Key, Bucket) of
        none -> Dict;
        _ -> #dict{table = muster_buckets:put(Slot, without(Key, Bucket), Table, less, pair)}
    end.

%% With the value under the key.
-spec store(Key, Value, dict(Key, Value)) -> dict(Key, Value).
store(Key, Value, Dict) -> change(Key, fun(_) -> Value end, Value, Dict).

%% With the value at the end of the key's list.
-spec append(Key, Value, dict(Key, [Value])) -> dict(Key, [Value]).
append(Key, New, Dict) -> change(Key, fun(Old) -> Old ++ [New] end, [New], Dict).

%% With the values at the end of the key's list.
-spec append_list(Key, [Value], dict(Key, [Value])) -> dict(Key, [Value]).
append_list(Key, New, Dict) -> change(Key, fun(Old) -> Old ++ New end, New, Dict).

%% With what the fun makes of the key's value; Initial where it is not there.
-spec update(Key, fun((Value) -> Value), dict(Key, Value)) -> dict(Key, Value).
update(Key, F, Dict) ->
    Table = Dict#dict.table,
    Slot = muster_buckets:slot(Key, Table),
    Bucket = muster_buckets:bucket(Slot, Table),
    case found(Key, Bucket) of
        [_ | _] -> #dict{table = muster_buckets:put(Slot, changed(Key, F, Bucket), Table, same)};
        none -> erlang:error(badarg, [Key, F, Dict])
    end.

-spec update(Key, fun((Value) -> Value), Value, dict(Key, Value)) -> dict(Key, Value).
update(Key, F, Init, Dict) -> change(Key, F, Init, Dict).

%% With the key's number increased.
-spec update_counter(Key, number(), dict(Key, number())) -> dict(Key, number()).
update_counter(Key, N, Dict) when is_number(N) ->
    change(Key, fun(Value) -> Value + N end, N, Dict).

%% The fun of each key, value and what it made of those before.
-spec fold(fun((Key, Value, Acc) -> Acc), Acc, dict(Key, Value)) -> Acc.
fold(F, Acc, Dict) -> fold_table(F, Acc, Dict#dict.table).

fold_table(F, Acc, Table) when is_function(F, 3) ->
    muster_buckets:foldr(fun(Bucket, Acc1) -> fold_bucket(F, Acc1, Bucket) end, Acc, Table).

fold_bucket(F, Acc, [[Key | Value] | Bucket]) -> fold_bucket(F, F(Key, Value, Acc), Bucket);
fold_bucket(_, Acc, []) -> Acc.

%% Each key with what the fun makes of it and its value.
-spec map(fun((Key, Value) -> Value1), dict(Key, Value)) -> dict(Key, Value1).
map(F, Dict) -> #dict{table = map_table(F, Dict#dict.table)}.

map_table(F, Table) when is_function(F, 2) ->
    muster_buckets:map(fun(Bucket) -> [[Key | F(Key, Value)] || [Key | Value] <- Bucket] end, Table).

%% The entries for which the predicate holds.
-spec filter(fun((Key, Value) -> boolean()), dict(Key, Value)) -> dict(Key, Value).
filter(F, Dict) -> #dict{table = filter_table(F, Dict#dict.table)}.

filter_table(F, Table) when is_function(F, 2) ->
    muster_buckets:filter(fun(Bucket) -> filter_bucket(F, Bucket) end, Table).

filter_bucket(F, [[Key | Value] = Pair | Bucket]) ->
    case F(Key, Value) of
        true -> [Pair | filter_bucket(F, Bucket)];
        false -> filter_bucket(F, Bucket)
    end;
filter_bucket(_, []) -> [].

%% The smaller one goes into the larger one.
-spec merge(fun((Key, Value, Value) -> Value), dict(Key, Value), dict(Key, Value)) ->
    dict(Key, Value).
merge(F, DictA, DictB) ->
    case muster_buckets:size(DictA#dict.table) < muster_buckets:size(DictB#dict.table) of
        true ->
            fold(fun(Key, ValueA, Dict) -> change(Key, fun(ValueB) -> F(Key, ValueA, ValueB) end, ValueA, Dict) end,
                 DictB, DictA);
        false ->
            fold(fun(Key, ValueB, Dict) -> change(Key, fun(ValueA) -> F(Key, ValueA, ValueB) end, ValueB, Dict) end,
                 DictA, DictB)
    end.

%%% Buckets

bucket(Key, Table) -> muster_buckets:bucket(muster_buckets:slot(Key, Table), Table).

found(Key, [[Key | _] = Pair | _]) -> Pair;
found(Key, [_ | Bucket]) -> found(Key, Bucket);
found(_, []) -> none.

without(Key, [[Key | _] | Bucket]) -> Bucket;
without(Key, [Pair | Bucket]) -> [Pair | without(Key, Bucket)].

changed(Key, F, [[Key | Value] | Bucket]) -> [[Key | F(Value)] | Bucket];
changed(Key, F, [Pair | Bucket]) -> [Pair | changed(Key, F, Bucket)].

%% F of the value that is there, or Init.
change(Key, F, Init, Dict) ->
    Table = Dict#dict.table,
    Slot = muster_buckets:slot(Key, Table),
    Bucket = muster_buckets:bucket(Slot, Table),
    #dict{table = case found(Key, Bucket) of
        none -> muster_buckets:put(Slot, Bucket ++ [[Key | Init]], Table, more, pair);
        _ -> muster_buckets:put(Slot, changed(Key, F, Bucket), Table, same)
    end}.
