%% What dict and sets are made of: a table of buckets that grows and shrinks by one bucket at a time
%% (linear hashing, after Griswold and Townsend's tables for Icon). Buckets are numbered from 1 as
%% erlang:phash/2 tells. They are the leaves of a tree of tuples of 16, as high as their number needs;
%% what has never been needed, or is no more, is [] there, so that equal tables have equal trees.
%%
%% The order of elements is OTP's: it follows from the hash, from when a bucket is split or joined
%% with another one, and from the order within a bucket, which is its owner's affair.
-module(muster_buckets).

-compile(nowarn_deprecated_function).

-export([new/0, is_table/1, size/1, slot/2, bucket/2, put/4, put/5, foldr/3, foldl/3, all/2, map/2, filter/2]).

-export_type([table/0, kind/0]).

-compile({no_auto_import, [size/1, put/2]}).

%% What identifies an element: a pair [Key | Value] is known by its key, a plain one by itself.
-type kind() :: pair | plain.
-type slot() :: pos_integer().
-type tree() :: tuple().

-define(WIDTH, 16).
-define(BITS, 4).
-define(NOTHING, {[], [], [], [], [], [], [], [], [], [], [], [], [], [], [], []}).
%% Where in a tuple something is that has this number, counted from 0.
-define(AT(I), (I) band (?WIDTH - 1) + 1).

%% size: elements; count: buckets; limit: the power of two that hashes are taken of; shift: what is
%% left to shift a bucket's number by at the root of the tree, 0 where the root holds buckets.
-record(buckets, {
    size = 0 :: non_neg_integer(),
    count = 16 :: pos_integer(),
    limit = 16 :: pos_integer(),
    shift = 0 :: non_neg_integer(),
    tree = ?NOTHING :: tree()
}).

-define(LEAST, 16).
-define(FULL, 5). % elements a bucket, on average, when a bucket is added
-define(BARE, 3). % when one is taken away

-opaque table() :: #buckets{}.

-spec new() -> table().
new() -> #buckets{}.

-spec is_table(term()) -> boolean().
is_table(#buckets{tree = Tree}) -> is_tuple(Tree);
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
bucket(Slot, #buckets{shift = Shift, tree = Tree}) -> leaf(Slot - 1, Shift, Tree).

leaf(I, 0, Tree) -> element(?AT(I), Tree);
leaf(I, Shift, Tree) -> leaf(I, Shift - ?BITS, element(?AT(I bsr Shift), Tree)).

with_leaf(I, 0, Tree, Bucket) ->
    setelement(?AT(I), Tree, Bucket);
with_leaf(I, Shift, Tree, Bucket) ->
    At = ?AT(I bsr Shift),
    Part = case element(At, Tree) of
        [] -> ?NOTHING;
        There -> There
    end,
    setelement(At, Tree, with_leaf(I, Shift - ?BITS, Part, Bucket)).

%% Without the last leaf, and without what it alone needed.
without_leaf(I, Shift, Tree) when I band (1 bsl Shift - 1) =:= 0 ->
    setelement(?AT(I bsr Shift), Tree, []);
without_leaf(I, Shift, Tree) ->
    At = ?AT(I bsr Shift),
    setelement(At, Tree, without_leaf(I, Shift - ?BITS, element(At, Tree))).

%% The bucket instead of the one there was, which had as many elements.
-spec put(slot(), [term(), ...], table(), same) -> table().
put(Slot, Bucket, #buckets{shift = Shift, tree = Tree} = Table, same) ->
    Table#buckets{tree = with_leaf(Slot - 1, Shift, Tree, Bucket)}.

%% The bucket that has one more element, or one less.
-spec put(slot(), [term()], table(), more | less, kind()) -> table().
put(Slot, Bucket, #buckets{size = Size, count = Count, shift = Shift, tree = Tree} = Table, more, Kind) ->
    Table1 = Table#buckets{size = Size + 1, tree = with_leaf(Slot - 1, Shift, Tree, Bucket)},
    case Size + 1 > Count * ?FULL of
        true -> grown(Table1, Kind);
        false -> Table1
    end;
put(Slot, Bucket, #buckets{size = Size, shift = Shift, tree = Tree} = Table, less, _) ->
    shrunk(Table#buckets{size = Size - 1, tree = with_leaf(Slot - 1, Shift, Tree, Bucket)}).

grown(#buckets{count = Limit, limit = Limit} = Table, Kind) ->
    grown(Table#buckets{limit = Limit * 2}, Kind);
grown(#buckets{count = Count, shift = Shift, tree = Tree} = Table, Kind)
        when Count =:= ?WIDTH bsl Shift ->
    grown(Table#buckets{shift = Shift + ?BITS, tree = setelement(1, ?NOTHING, Tree)}, Kind);
grown(#buckets{count = Count, limit = Limit, shift = Shift, tree = Tree} = Table, Kind) ->
    New = Count + 1,
    Old = New - Limit div 2,
    {Move, Stay} = split(leaf(Old - 1, Shift, Tree), Kind, Limit, New),
    Table#buckets{count = New,
                  tree = with_leaf(New - 1, Shift, with_leaf(Old - 1, Shift, Tree, Stay), Move)}.

split([], _, _, _) -> {[], []};
split(Bucket, Kind, Limit, New) ->
    lists:partition(fun(X) -> erlang:phash(key(Kind, X), Limit) =:= New end, Bucket).

key(pair, [Key | _]) -> Key;
key(plain, X) -> X.

shrunk(#buckets{size = Size, count = Count, limit = Limit, shift = Shift, tree = Tree} = Table)
        when Count > ?LEAST, Size < Count * ?BARE ->
    Half = Limit div 2,
    Into = Count - Half - 1,
    Limit1 = case Count - 1 of
        Half -> Half;
        _ -> Limit
    end,
    Joined = leaf(Into, Shift, Tree) ++ leaf(Count - 1, Shift, Tree),
    Tree1 = without_leaf(Count - 1, Shift, with_leaf(Into, Shift, Tree, Joined)),
    lowered(Table#buckets{count = Count - 1, limit = Limit1, tree = Tree1});
shrunk(Table) ->
    Table.

%% Where all that is left has room in the first part of the tree, that is the tree.
lowered(#buckets{count = Count, shift = Shift, tree = Tree} = Table)
        when Shift > 0, Count =:= 1 bsl Shift ->
    Table#buckets{shift = Shift - ?BITS, tree = element(1, Tree)};
lowered(Table) ->
    Table.

%% Over the buckets that hold something, from the last to the first one.
-spec foldr(fun(([term(), ...], Acc) -> Acc), Acc, table()) -> Acc.
foldr(F, Acc, #buckets{shift = Shift, tree = Tree}) -> down(F, Acc, ?WIDTH, Tree, Shift).

down(_, Acc, 0, _, _) -> Acc;
down(F, Acc, At, Tree, Shift) ->
    case element(At, Tree) of
        [] -> down(F, Acc, At - 1, Tree, Shift);
        Bucket when Shift =:= 0 -> down(F, F(Bucket, Acc), At - 1, Tree, Shift);
        Part -> down(F, down(F, Acc, ?WIDTH, Part, Shift - ?BITS), At - 1, Tree, Shift)
    end.

%% From the first to the last one.
-spec foldl(fun(([term(), ...], Acc) -> Acc), Acc, table()) -> Acc.
foldl(F, Acc, #buckets{shift = Shift, tree = Tree}) -> up(F, Acc, 1, Tree, Shift).

up(_, Acc, At, _, _) when At > ?WIDTH -> Acc;
up(F, Acc, At, Tree, Shift) ->
    case element(At, Tree) of
        [] -> up(F, Acc, At + 1, Tree, Shift);
        Bucket when Shift =:= 0 -> up(F, F(Bucket, Acc), At + 1, Tree, Shift);
        Part -> up(F, up(F, Acc, 1, Part, Shift - ?BITS), At + 1, Tree, Shift)
    end.

%% Whether P holds for all buckets that hold something; asks until it does not, from the last one on.
-spec all(fun(([term(), ...]) -> boolean()), table()) -> boolean().
all(P, #buckets{shift = Shift, tree = Tree}) -> all_down(P, ?WIDTH, Tree, Shift).

all_down(_, 0, _, _) -> true;
all_down(P, At, Tree, Shift) ->
    Holds = case element(At, Tree) of
        [] -> true;
        Bucket when Shift =:= 0 -> P(Bucket);
        Part -> all_down(P, ?WIDTH, Part, Shift - ?BITS)
    end,
    Holds andalso all_down(P, At - 1, Tree, Shift).

%% Each bucket by another one of as many elements; in order.
-spec map(fun(([term(), ...]) -> [term(), ...]), table()) -> table().
map(F, #buckets{shift = Shift, tree = Tree} = Table) -> Table#buckets{tree = mapped(F, Tree, Shift)}.

mapped(F, Tree, Shift) -> list_to_tuple(mapped_list(F, tuple_to_list(Tree), Shift)).

mapped_list(F, [[] | Rest], Shift) -> [[] | mapped_list(F, Rest, Shift)];
mapped_list(F, [Bucket | Rest], 0) -> [F(Bucket) | mapped_list(F, Rest, 0)];
mapped_list(F, [Part | Rest], Shift) -> [mapped(F, Part, Shift - ?BITS) | mapped_list(F, Rest, Shift)];
mapped_list(_, [], _) -> [].

%% What F leaves of each bucket; in order. At most one bucket is taken away.
-spec filter(fun(([term(), ...]) -> [term()]), table()) -> table().
filter(F, Table) ->
    Kept = map(F, Table),
    shrunk(Kept#buckets{size = foldl(fun(Bucket, N) -> N + length(Bucket) end, 0, Kept)}).
