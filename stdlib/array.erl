%% Functional arrays: trees of ten-tuples. A part that was never set is not there: in its place stands
%% the number of entries it would have, and each of them reads as the default.
%%
%% The capacity is ten to some power; a fixed array fails beyond its size, another one grows.
-module(array).

-compile({no_auto_import, [get/1, size/1]}).

-export([new/0, new/1, new/2, is_array/1, set/3, get/2, size/1, sparse_size/1, default/1, reset/2,
         to_list/1, sparse_to_list/1, from_list/1, from_list/2, to_orddict/1,
         sparse_to_orddict/1, from_orddict/1, from_orddict/2, map/2, sparse_map/2, foldl/3,
         foldr/3, sparse_foldl/3, sparse_foldr/3, fix/1, relax/1, is_fix/1, resize/1, resize/2]).

-export_type([array/0, array/1, array_opts/0, array_indx/0]).

-define(WIDTH, 10).

-record(array, {
    size :: non_neg_integer(),
    %% How many entries the tree has room for; 0 for a fixed size.
    max :: non_neg_integer(),
    default,
    %% A tuple of ten entries or subtrees, or the capacity of a tree that is not there.
    tree
}).

-opaque array(T) :: #array{default :: T}.
-type array() :: array(term()).
-type array_indx() :: non_neg_integer().
-type array_opt() :: {fixed, boolean()} | fixed | {default, term()} | {size, non_neg_integer()}
    | non_neg_integer().
-type array_opts() :: array_opt() | [array_opt()].

%%% Making

%% An empty array: of a size, with a default.
-spec new() -> array().
new() -> new([]).

-spec new(array_opts()) -> array().
new(Options) -> make(options(Options, {0, false, undefined})).

-spec new(non_neg_integer(), array_opts()) -> array().
new(Size, Options) when is_integer(Size), Size >= 0 ->
    make(options(Options, {Size, true, undefined}));
new(_, _) ->
    erlang:error(badarg).

options([fixed | Options], {Size, _, Default}) when is_list(Options) -> options(Options, {Size, true, Default});
options([{fixed, Fixed} | Options], {Size, _, Default}) when is_boolean(Fixed), is_list(Options) ->
    options(Options, {Size, Fixed, Default});
options([{default, Default} | Options], {Size, Fixed, _}) when is_list(Options) ->
    options(Options, {Size, Fixed, Default});
options([{size, Size} | Options], {_, _, Default})
        when is_integer(Size), Size >= 0, is_list(Options) ->
    options(Options, {Size, true, Default});
options([Size | Options], {_, _, Default})
        when is_integer(Size), Size >= 0, is_list(Options) ->
    options(Options, {Size, true, Default});
options([], Result) -> Result;
options(Option, Result) when not is_list(Option) -> options([Option], Result);
options(_, _) -> erlang:error(badarg).

make({Size, Fixed, Default}) ->
    Capacity = capacity(Size - 1, ?WIDTH),
    #array{size = Size, max = case Fixed of true -> 0; false -> Capacity end, default = Default,
           tree = Capacity}.

%% The smallest capacity that has room for an index.
capacity(I, Capacity) when I >= Capacity -> capacity(I, Capacity * ?WIDTH);
capacity(_, Capacity) -> Capacity.

%% Whether the term looks like an array.
-spec is_array(term()) -> boolean().
is_array(#array{size = Size, max = Max}) when is_integer(Size), is_integer(Max) -> true;
is_array(_) -> false.

%% How many indexes there are.
-spec size(array()) -> non_neg_integer().
size(#array{size = Size}) -> Size;
size(_) -> erlang:error(badarg).

%% The value of what was not set.
-spec default(array(T)) -> T.
default(#array{default = Default}) -> Default;
default(_) -> erlang:error(badarg).

%% Of fixed size from now on.
-spec fix(array(T)) -> array(T).
fix(#array{} = A) -> A#array{max = 0}.

%% Whether its size is fixed.
-spec is_fix(array()) -> boolean().
is_fix(#array{max = Max}) -> Max =:= 0.

%% Growing from now on.
-spec relax(array(T)) -> array(T).
relax(#array{max = 0, size = Size} = A) -> A#array{max = capacity(Size - 1, ?WIDTH)};
relax(#array{} = A) -> A.

%% Of another size, or as small as what was set allows.
-spec resize(non_neg_integer(), array(T)) -> array(T).
resize(Size, #array{size = Old, max = Max, tree = Tree} = A) when is_integer(Size), Size >= 0 ->
    if
        Size > Old ->
            {Tree1, Capacity} = grow(Size - 1, Tree, capacity_of(A)),
            A#array{size = Size, max = case Max of 0 -> 0; _ -> Capacity end, tree = Tree1};
        Size < Old ->
            A#array{size = Size};
        true ->
            A
    end;
resize(_, _) ->
    erlang:error(badarg).

-spec resize(array(T)) -> array(T).
resize(A) -> resize(sparse_size(A), A).

%% A tree of ten entries has a capacity of ten; each level multiplies it.
capacity_of(#array{tree = Tree}) -> tree_capacity(Tree).

tree_capacity(Capacity) when is_integer(Capacity) -> Capacity;
tree_capacity({leaf, _}) -> ?WIDTH;
tree_capacity({Capacity, _}) -> Capacity.

grow(I, Tree, Capacity) when I < Capacity -> {Tree, Capacity};
grow(I, Tree, Capacity) when is_integer(Tree) ->
    Capacity1 = capacity(I, Capacity),
    {Capacity1, Capacity1};
grow(I, Tree, Capacity) ->
    Node = setelement(1, erlang:make_tuple(?WIDTH, Capacity), Tree),
    grow(I, {Capacity * ?WIDTH, Node}, Capacity * ?WIDTH).

%%% Single entries. A tree is its capacity, {leaf, TenEntries} or {Capacity, TenSubtrees}.

%% With a value at an index.
-spec set(array_indx(), T, array(T)) -> array(T).
set(I, Value, #array{size = Size, max = Max, default = Default, tree = Tree} = A)
        when is_integer(I), I >= 0 ->
    if
        I < Size ->
            A#array{tree = set_1(I, Value, Tree, Default)};
        Max =:= 0 ->
            erlang:error(badarg);
        I < Max ->
            A#array{size = I + 1, tree = set_1(I, Value, Tree, Default)};
        true ->
            {Tree1, Capacity} = grow(I, Tree, Max),
            A#array{size = I + 1, max = Capacity, tree = set_1(I, Value, Tree1, Default)}
    end;
set(_, _, _) ->
    erlang:error(badarg).

set_1(I, Value, {leaf, Entries}, _) -> {leaf, setelement(I + 1, Entries, Value)};
set_1(I, Value, {Capacity, Subtrees}, Default) ->
    Part = Capacity div ?WIDTH,
    At = I div Part + 1,
    {Capacity, setelement(At, Subtrees, set_1(I rem Part, Value, element(At, Subtrees), Default))};
set_1(I, Value, ?WIDTH, Default) ->
    {leaf, setelement(I + 1, erlang:make_tuple(?WIDTH, Default), Value)};
set_1(I, Value, Capacity, Default) ->
    set_1(I, Value, {Capacity, erlang:make_tuple(?WIDTH, Capacity div ?WIDTH)}, Default).

%% The value at an index, counted from 0.
-spec get(array_indx(), array(T)) -> T.
get(I, #array{size = Size, max = Max, default = Default, tree = Tree}) when is_integer(I), I >= 0 ->
    if
        I < Size -> get_1(I, Tree, Default);
        Max > 0 -> Default;
        true -> erlang:error(badarg)
    end;
get(_, _) ->
    erlang:error(badarg).

get_1(I, {leaf, Entries}, _) -> element(I + 1, Entries);
get_1(I, {Capacity, Subtrees}, Default) ->
    Part = Capacity div ?WIDTH,
    get_1(I rem Part, element(I div Part + 1, Subtrees), Default);
get_1(_, _, Default) -> Default.

%% With the default at an index.
-spec reset(array_indx(), array(T)) -> array(T).
reset(I, #array{size = Size, max = Max, default = Default, tree = Tree} = A)
        when is_integer(I), I >= 0 ->
    if
        I < Size ->
            case get_1(I, Tree, Default) of
                Default -> A;
                _ -> A#array{tree = set_1(I, Default, Tree, Default)}
            end;
        Max > 0 -> A;
        true -> erlang:error(badarg)
    end;
reset(_, _) ->
    erlang:error(badarg).

%%% Lists

%% All values.
-spec to_list(array(T)) -> [T].
to_list(#array{} = A) -> foldr(fun(_, Value, List) -> [Value | List] end, [], A);
to_list(_) -> erlang:error(badarg).

%% The values that are not the default.
-spec sparse_to_list(array(T)) -> [T].
sparse_to_list(#array{} = A) -> sparse_foldr(fun(_, Value, List) -> [Value | List] end, [], A);
sparse_to_list(_) -> erlang:error(badarg).

%% All values as {Index, Value}.
-spec to_orddict(array(T)) -> [{array_indx(), T}].
to_orddict(#array{} = A) -> foldr(fun(I, Value, List) -> [{I, Value} | List] end, [], A);
to_orddict(_) -> erlang:error(badarg).

%% {Index, Value} of those that are not the default.
-spec sparse_to_orddict(array(T)) -> [{array_indx(), T}].
sparse_to_orddict(#array{} = A) ->
    sparse_foldr(fun(I, Value, List) -> [{I, Value} | List] end, [], A);
sparse_to_orddict(_) -> erlang:error(badarg).

%% An array of the values of a list.
-spec from_list([T]) -> array(T).
from_list(List) -> from_list(List, undefined).

-spec from_list([T], term()) -> array(T).
from_list([], Default) -> new({default, Default});
from_list(List, Default) when is_list(List) ->
    try length(List) of
        Size ->
            Capacity = capacity(Size - 1, ?WIDTH),
            {Tree, []} = build(Capacity, List, Default),
            #array{size = Size, max = Capacity, default = Default, tree = Tree}
    catch
        error:_ -> erlang:error(badarg)
    end;
from_list(_, _) ->
    erlang:error(badarg).

%% A tree of the next entries of a list.
build(Capacity, [], _) -> {Capacity, []};
build(?WIDTH, [A, B, C, D, E, F, G, H, I, J | List], _) ->
    {{leaf, {A, B, C, D, E, F, G, H, I, J}}, List};
build(?WIDTH, List, Default) ->
    {{leaf, list_to_tuple(List ++ lists:duplicate(?WIDTH - length(List), Default))}, []};
build(Capacity, List, Default) ->
    {Subtrees, Rest} = build_parts(?WIDTH, Capacity div ?WIDTH, List, Default, []),
    {{Capacity, list_to_tuple(Subtrees)}, Rest}.

build_parts(0, _, List, _, Parts) -> {lists:reverse(Parts), List};
build_parts(N, Capacity, List, Default, Parts) ->
    {Part, Rest} = build(Capacity, List, Default),
    build_parts(N - 1, Capacity, Rest, Default, [Part | Parts]).

%% An array of the {Index, Value} tuples of an ordered list.
-spec from_orddict([{array_indx(), T}]) -> array(T).
from_orddict(Pairs) -> from_orddict(Pairs, undefined).

-spec from_orddict([{array_indx(), T}], term()) -> array(T).
from_orddict(Pairs, Default) when is_list(Pairs) ->
    set_pairs(Pairs, -1, new({default, Default}));
from_orddict(_, _) ->
    erlang:error(badarg).

set_pairs([{I, Value} | Pairs], Last, A) when is_integer(I), I > Last ->
    set_pairs(Pairs, I, set(I, Value, A));
set_pairs([], _, A) -> A;
set_pairs(Pairs, _, _) -> erlang:error({badarg, Pairs}).

%%% Folding and mapping

%% The fun of each index, value and what it made of those before.
-spec foldl(fun((array_indx(), T, Acc) -> Acc), Acc, array(T)) -> Acc.
foldl(F, Acc, #array{size = Size, default = Default, tree = Tree}) when is_function(F, 3) ->
    foldl_1(Tree, 0, Size, F, Acc, Default);
foldl(_, _, _) ->
    erlang:error(badarg).

%% From: the index of the first entry of a tree; Size: of the whole array.
foldl_1(_, From, Size, _, Acc, _) when From >= Size -> Acc;
foldl_1({leaf, Entries}, From, Size, F, Acc, _) ->
    foldl_leaf(1, min(?WIDTH, Size - From), Entries, From - 1, F, Acc);
foldl_1({Capacity, Subtrees}, From, Size, F, Acc, Default) ->
    foldl_parts(1, Subtrees, Capacity div ?WIDTH, From, Size, F, Acc, Default);
foldl_1(Capacity, From, Size, F, Acc, Default) ->
    foldl_default(From, min(From + Capacity, Size), F, Acc, Default).

foldl_leaf(At, Last, Entries, Base, F, Acc) when At =< Last ->
    foldl_leaf(At + 1, Last, Entries, Base, F, F(Base + At, element(At, Entries), Acc));
foldl_leaf(_, _, _, _, _, Acc) -> Acc.

foldl_parts(At, Subtrees, Part, From, Size, F, Acc, Default) when At =< ?WIDTH ->
    Acc1 = foldl_1(element(At, Subtrees), From, Size, F, Acc, Default),
    foldl_parts(At + 1, Subtrees, Part, From + Part, Size, F, Acc1, Default);
foldl_parts(_, _, _, _, _, _, Acc, _) -> Acc.

foldl_default(I, End, F, Acc, Default) when I < End ->
    foldl_default(I + 1, End, F, F(I, Default, Acc), Default);
foldl_default(_, _, _, Acc, _) -> Acc.

%% The fun of each index, value and what it made of those behind.
-spec foldr(fun((array_indx(), T, Acc) -> Acc), Acc, array(T)) -> Acc.
foldr(F, Acc, #array{size = Size, default = Default, tree = Tree}) when is_function(F, 3) ->
    foldr_1(Tree, 0, Size, F, Acc, Default);
foldr(_, _, _) ->
    erlang:error(badarg).

foldr_1(_, From, Size, _, Acc, _) when From >= Size -> Acc;
foldr_1({leaf, Entries}, From, Size, F, Acc, _) ->
    foldr_leaf(min(?WIDTH, Size - From), Entries, From - 1, F, Acc);
foldr_1({Capacity, Subtrees}, From, Size, F, Acc, Default) ->
    Part = Capacity div ?WIDTH,
    foldr_parts(?WIDTH, Subtrees, Part, From + Capacity - Part, Size, F, Acc, Default);
foldr_1(Capacity, From, Size, F, Acc, Default) ->
    foldr_default(min(From + Capacity, Size) - 1, From, F, Acc, Default).

foldr_leaf(At, Entries, Base, F, Acc) when At > 0 ->
    foldr_leaf(At - 1, Entries, Base, F, F(Base + At, element(At, Entries), Acc));
foldr_leaf(_, _, _, _, Acc) -> Acc.

foldr_parts(At, Subtrees, Part, From, Size, F, Acc, Default) when At > 0 ->
    Acc1 = foldr_1(element(At, Subtrees), From, Size, F, Acc, Default),
    foldr_parts(At - 1, Subtrees, Part, From - Part, Size, F, Acc1, Default);
foldr_parts(_, _, _, _, _, _, Acc, _) -> Acc.

foldr_default(I, From, F, Acc, Default) when I >= From ->
    foldr_default(I - 1, From, F, F(I, Default, Acc), Default);
foldr_default(_, _, _, Acc, _) -> Acc.

%% The sparse ones leave out entries that have the default value; parts that are not there at once.
-spec sparse_foldl(fun((array_indx(), T, Acc) -> Acc), Acc, array(T)) -> Acc.
sparse_foldl(F, Acc, #array{size = Size, default = Default, tree = Tree}) when is_function(F, 3) ->
    foldl_1(present(Tree), 0, Size, unless_default(F, Default), Acc, Default);
sparse_foldl(_, _, _) ->
    erlang:error(badarg).

%% As foldr, without those that have the default.
-spec sparse_foldr(fun((array_indx(), T, Acc) -> Acc), Acc, array(T)) -> Acc.
sparse_foldr(F, Acc, #array{size = Size, default = Default, tree = Tree}) when is_function(F, 3) ->
    foldr_1(present(Tree), 0, Size, unless_default(F, Default), Acc, Default);
sparse_foldr(_, _, _) ->
    erlang:error(badarg).

unless_default(F, Default) ->
    fun
        (_, Value, Acc) when Value =:= Default -> Acc;
        (I, Value, Acc) -> F(I, Value, Acc)
    end.

%% A part that is not there is a leaf of no entries for these.
present({Capacity, Subtrees}) when is_integer(Capacity) ->
    {Capacity, list_to_tuple([present(Subtree) || Subtree <- tuple_to_list(Subtrees)])};
present({leaf, _} = Leaf) -> Leaf;
present(_) -> 0.

%% One more than the last index that has not the default.
-spec sparse_size(array()) -> non_neg_integer().
sparse_size(#array{size = Size, default = Default, tree = Tree}) ->
    last_set(Tree, 0, Size, Default) + 1;
sparse_size(A) ->
    sparse_foldr(fun(_, _, N) -> N end, 0, A). % says what is wrong

%% The last index whose entry is not the default, or -1.
last_set(_, From, Size, _) when From >= Size -> -1;
last_set({leaf, Entries}, From, Size, Default) ->
    last_in_leaf(min(?WIDTH, Size - From), Entries, From, Default);
last_set({Capacity, Subtrees}, From, Size, Default) ->
    last_in_parts(?WIDTH, Subtrees, Capacity div ?WIDTH, From, Size, Default);
last_set(_, _, _, _) -> -1.

last_in_leaf(0, _, _, _) -> -1;
last_in_leaf(At, Entries, From, Default) when element(At, Entries) =:= Default ->
    last_in_leaf(At - 1, Entries, From, Default);
last_in_leaf(At, _, From, _) -> From + At - 1.

last_in_parts(0, _, _, _, _, _) -> -1;
last_in_parts(At, Subtrees, Part, From, Size, Default) ->
    case last_set(element(At, Subtrees), From + (At - 1) * Part, Size, Default) of
        -1 -> last_in_parts(At - 1, Subtrees, Part, From, Size, Default);
        I -> I
    end.

%% Each index with what the fun makes of it and its value.
-spec map(fun((array_indx(), A) -> B), array(A)) -> array(B).
map(F, #array{size = Size, default = Default, tree = Tree} = A) when is_function(F, 2) ->
    A#array{tree = map_1(Tree, 0, Size, F, Default)};
map(_, _) ->
    erlang:error(badarg).

map_1(Tree, From, Size, _, _) when From >= Size -> Tree;
map_1({leaf, Entries}, From, Size, F, _) ->
    {leaf, list_to_tuple(map_entries(tuple_to_list(Entries), From, Size, F))};
map_1({Capacity, Subtrees}, From, Size, F, Default) ->
    Part = Capacity div ?WIDTH,
    {Capacity, list_to_tuple(map_parts(tuple_to_list(Subtrees), Part, From, Size, F, Default))};
map_1(?WIDTH, From, Size, F, Default) ->
    map_1({leaf, erlang:make_tuple(?WIDTH, Default)}, From, Size, F, Default);
map_1(Capacity, From, Size, F, Default) ->
    map_1({Capacity, erlang:make_tuple(?WIDTH, Capacity div ?WIDTH)}, From, Size, F, Default).

map_entries([Value | Values], I, Size, F) when I < Size ->
    [F(I, Value) | map_entries(Values, I + 1, Size, F)];
map_entries(Values, _, _, _) -> Values.

map_parts([Subtree | Subtrees], Part, From, Size, F, Default) ->
    [map_1(Subtree, From, Size, F, Default)
     | map_parts(Subtrees, Part, From + Part, Size, F, Default)];
map_parts([], _, _, _, _, _) -> [].

%% As map, without those that have the default.
-spec sparse_map(fun((array_indx(), A) -> B), array(A)) -> array(A | B).
sparse_map(F, #array{size = Size, default = Default, tree = Tree} = A) when is_function(F, 2) ->
    Set = fun
        (_, Value) when Value =:= Default -> Default;
        (I, Value) -> F(I, Value)
    end,
    A#array{tree = sparse_map_1(Tree, 0, Size, Set)};
sparse_map(_, _) ->
    erlang:error(badarg).

sparse_map_1(Tree, From, Size, _) when is_integer(Tree); From >= Size -> Tree;
sparse_map_1({leaf, Entries}, From, Size, F) ->
    {leaf, list_to_tuple(map_entries(tuple_to_list(Entries), From, Size, F))};
sparse_map_1({Capacity, Subtrees}, From, Size, F) ->
    Part = Capacity div ?WIDTH,
    {Capacity, list_to_tuple(sparse_map_parts(tuple_to_list(Subtrees), Part, From, Size, F))}.

sparse_map_parts([Subtree | Subtrees], Part, From, Size, F) ->
    [sparse_map_1(Subtree, From, Size, F) | sparse_map_parts(Subtrees, Part, From + Part, Size, F)];
sparse_map_parts([], _, _, _, _) -> [].
