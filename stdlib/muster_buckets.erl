%% What dict and sets are made of: a table of buckets that grows and shrinks by one bucket at a time
%% (linear hashing, after Griswold and Townsend's tables for Icon). Buckets are numbered from 1 as
%% erlang:phash/2 tells; those that hold nothing are not stored.
%%
%% The order of elements is OTP's: it follows from the hash, from when a bucket is split or joined
%% with another one, and from the order within a bucket, which is its owner's affair.
-module(muster_buckets).

-compile(nowarn_deprecated_function).

-export([new/0, is_table/1, size/1, slot/2, bucket/2, put/4, put/5, foldr/3, foldl/3, map/2, filter/2]).

-export_type([table/0, kind/0]).

-compile({no_auto_import, [size/1, put/2]}).

%% What identifies an element: a pair [Key | Value] is known by its key, a plain one by itself.
-type kind() :: pair | plain.
-type slot() :: pos_integer().

%% size: elements; count: buckets; limit: the power of two that hashes are taken of.
-record(buckets, {
    size = 0 :: non_neg_integer(),
    count = 16 :: pos_integer(),
    limit = 16 :: pos_integer(),
    map = #{} :: #{slot() => [term(), ...]}
}).

-define(LEAST, 16).
-define(FULL, 5). % elements a bucket, on average, when a bucket is added
-define(BARE, 3). % when one is taken away

-opaque table() :: #buckets{}.

-spec new() -> table().
new() -> #buckets{}.

-spec is_table(term()) -> boolean().
is_table(#buckets{map = Map}) -> is_map(Map);
is_table(_) -> false.

-spec size(table()) -> non_neg_integer().
size(#buckets{size = Size}) -> Size.

-spec slot(term(), table()) -> slot().
slot(Key, #buckets{count = Count, limit = Limit}) ->
    case erlang:phash(Key, Limit) of
        Hash when Hash > Count -> Hash - Limit div 2;
        Hash -> Hash
    end.

-spec bucket(slot(), table()) -> [term()].
bucket(Slot, #buckets{map = Map}) ->
    case Map of
        #{Slot := Bucket} -> Bucket;
        #{} -> []
    end.

%% The bucket instead of the one there was, which had as many elements.
-spec put(slot(), [term(), ...], table(), same) -> table().
put(Slot, Bucket, #buckets{map = Map} = Table, same) ->
    Table#buckets{map = Map#{Slot := Bucket}}.

%% The bucket that has one more element, or one less.
-spec put(slot(), [term()], table(), more | less, kind()) -> table().
put(Slot, Bucket, #buckets{size = Size, count = Count, map = Map} = Table, more, Kind) ->
    Table1 = Table#buckets{size = Size + 1, map = Map#{Slot => Bucket}},
    case Size + 1 > Count * ?FULL of
        true -> grown(Table1, Kind);
        false -> Table1
    end;
put(Slot, Bucket, #buckets{size = Size, map = Map} = Table, less, _) ->
    shrunk(Table#buckets{size = Size - 1, map = stored(Slot, Bucket, Map)}).

stored(Slot, [], Map) -> maps:remove(Slot, Map);
stored(Slot, Bucket, Map) -> Map#{Slot => Bucket}.

grown(#buckets{count = Limit, limit = Limit} = Table, Kind) ->
    grown(Table#buckets{limit = Limit * 2}, Kind);
grown(#buckets{count = Count, limit = Limit, map = Map} = Table, Kind) ->
    New = Count + 1,
    Old = New - Limit div 2,
    case Map of
        #{Old := Bucket} ->
            {Move, Stay} = lists:partition(fun(X) -> erlang:phash(key(Kind, X), Limit) =:= New end, Bucket),
            Table#buckets{count = New, map = stored(New, Move, stored(Old, Stay, Map))};
        #{} ->
            Table#buckets{count = New}
    end.

key(pair, [Key | _]) -> Key;
key(plain, X) -> X.

shrunk(#buckets{size = Size, count = Count, limit = Limit, map = Map} = Table)
        when Count > ?LEAST, Size < Count * ?BARE ->
    Half = Limit div 2,
    Into = Count - Half,
    Limit1 = case Count - 1 of
        Half -> Half;
        _ -> Limit
    end,
    Map1 = case maps:take(Count, Map) of
        {Bucket, Rest} -> Rest#{Into => maps:get(Into, Rest, []) ++ Bucket};
        error -> Map
    end,
    Table#buckets{count = Count - 1, limit = Limit1, map = Map1};
shrunk(Table) ->
    Table.

%% Over the buckets from the last to the first one.
-spec foldr(fun(([term(), ...], Acc) -> Acc), Acc, table()) -> Acc.
foldr(F, Acc, #buckets{count = Count, map = Map}) -> down(F, Acc, Count, Map).

down(_, Acc, 0, _) -> Acc;
down(F, Acc, Slot, Map) ->
    case Map of
        #{Slot := Bucket} -> down(F, F(Bucket, Acc), Slot - 1, Map);
        #{} -> down(F, Acc, Slot - 1, Map)
    end.

%% From the first to the last one.
-spec foldl(fun(([term(), ...], Acc) -> Acc), Acc, table()) -> Acc.
foldl(F, Acc, #buckets{count = Count, map = Map}) -> up(F, Acc, 1, Count, Map).

up(_, Acc, Slot, Count, _) when Slot > Count -> Acc;
up(F, Acc, Slot, Count, Map) ->
    case Map of
        #{Slot := Bucket} -> up(F, F(Bucket, Acc), Slot + 1, Count, Map);
        #{} -> up(F, Acc, Slot + 1, Count, Map)
    end.

%% Each bucket by another one of as many elements; in order.
-spec map(fun(([term(), ...]) -> [term(), ...]), table()) -> table().
map(F, #buckets{count = Count, map = Map} = Table) ->
    Table#buckets{map = maps:from_list(mapped(F, 1, Count, Map))}.

mapped(_, Slot, Count, _) when Slot > Count -> [];
mapped(F, Slot, Count, Map) ->
    case Map of
        #{Slot := Bucket} -> [{Slot, F(Bucket)} | mapped(F, Slot + 1, Count, Map)];
        #{} -> mapped(F, Slot + 1, Count, Map)
    end.

%% What F leaves of each bucket; in order. At most one bucket is taken away.
-spec filter(fun(([term(), ...]) -> [term()]), table()) -> table().
filter(F, #buckets{count = Count, map = Map} = Table) ->
    Kept = [Left || {_, [_ | _]} = Left <- mapped(F, 1, Count, Map)],
    Size = lists:foldl(fun({_, Bucket}, N) -> N + length(Bucket) end, 0, Kept),
    shrunk(Table#buckets{size = Size, map = maps:from_list(Kept)}).
