%% Functional arrays: trees of tuples of sixteen, so that shifts and masks find an entry. A part that
%% was never set is not there: in its place stands an integer, and each of its entries reads as the default.
%%
%% The capacity is sixteen to some power; a fixed array fails beyond its size, another one grows.
-module(array).

-compile({no_auto_import, [get/1, size/1]}).

-export([new/0, new/1, new/2, is_array/1, set/3, get/2, size/1, sparse_size/1, default/1, reset/2,
         to_list/1, sparse_to_list/1, from_list/1, from_list/2, to_orddict/1,
         sparse_to_orddict/1, from_orddict/1, from_orddict/2, map/2, sparse_map/2, foldl/3,
         foldr/3, sparse_foldl/3, sparse_foldr/3, fix/1, relax/1, is_fix/1, resize/1, resize/2]).

-export_type([array/0, array/1, array_opts/0, array_indx/0]).

-define(WIDTH, 16).
-define(BITS, 4).

-record(array, {
    size :: non_neg_integer(),
    %% How many entries the tree has room for; 0 for a fixed size.
    max :: non_neg_integer(),
    default,
    %% A leaf, which is a tuple of sixteen entries; {Shift, Subtrees}, a tuple of sixteen trees of
    %% 1 bsl Shift entries each; or, in place of one that is not there, its shift (a leaf's is 0).
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
    Shift = shift(Size - 1, 0),
    #array{size = Size, max = case Fixed of true -> 0; false -> capacity(Shift) end,
           default = Default, tree = Shift}.

%% The smallest shift, from this one on, of a tree that has room for an index.
shift(I, Shift) when I bsr Shift >= ?WIDTH -> shift(I, Shift + ?BITS);
shift(_, Shift) -> Shift.

capacity(Shift) -> ?WIDTH bsl Shift.

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
relax(#array{max = 0, size = Size} = A) -> A#array{max = capacity(shift(Size - 1, 0))};
relax(#array{} = A) -> A.

%% Of another size, or as small as what was set allows.
-spec resize(non_neg_integer(), array(T)) -> array(T).
resize(Size, #array{size = Old, max = Max, tree = Tree} = A) when is_integer(Size), Size >= 0 ->
    if
        Size > Old ->
            Tree1 = grow(Size - 1, Tree, tree_shift(Tree)),
            A#array{size = Size, max = case Max of 0 -> 0; _ -> capacity(tree_shift(Tree1)) end,
                    tree = Tree1};
        Size < Old ->
            A#array{size = Size};
        true ->
            A
    end;
resize(_, _) ->
    erlang:error(badarg).

-spec resize(array(T)) -> array(T).
resize(A) -> resize(sparse_size(A), A).

tree_shift({Shift, _}) -> Shift;
tree_shift(Shift) when is_integer(Shift) -> Shift;
tree_shift(_) -> 0.

%% The tree, whose shift is given, as part of one that has room for the index.
grow(I, Tree, Shift) when I bsr Shift < ?WIDTH -> Tree;
grow(I, Tree, Shift) when is_integer(Tree) -> shift(I, Shift);
grow(I, Tree, Shift) ->
    Node = setelement(1, erlang:make_tuple(?WIDTH, Shift), Tree),
    grow(I, {Shift + ?BITS, Node}, Shift + ?BITS).

%%% Single entries

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
            Tree1 = grow(I, Tree, tree_shift(Tree)),
            A#array{size = I + 1, max = capacity(tree_shift(Tree1)),
                    tree = set_1(I, Value, Tree1, Default)}
    end;
set(_, _, _) ->
    erlang:error(badarg).

set_1(I, Value, {Shift, Subtrees}, Default) ->
    At = (I bsr Shift) + 1,
    Rest = I band ((1 bsl Shift) - 1),
    {Shift, setelement(At, Subtrees, set_1(Rest, Value, element(At, Subtrees), Default))};
set_1(I, Value, Entries, _) when is_tuple(Entries) ->
    setelement(I + 1, Entries, Value);
set_1(I, Value, Shift, Default) ->
    set_1(I, Value, made(Shift, Default), Default).

%% The tree that was not there.
made(0, Default) -> erlang:make_tuple(?WIDTH, Default);
made(Shift, _) -> {Shift, erlang:make_tuple(?WIDTH, Shift - ?BITS)}.

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

get_1(I, {Shift, Subtrees}, Default) ->
    get_1(I band ((1 bsl Shift) - 1), element((I bsr Shift) + 1, Subtrees), Default);
get_1(I, Entries, _) when is_tuple(Entries) -> element(I + 1, Entries);
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
            Shift = shift(Size - 1, 0),
            {Tree, []} = build(Shift, List, Default),
            #array{size = Size, max = capacity(Shift), default = Default, tree = Tree}
    catch
        error:_ -> erlang:error(badarg)
    end;
from_list(_, _) ->
    erlang:error(badarg).

%% A tree of the next entries of a list.
build(Shift, [], _) -> {Shift, []};
build(0, [A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P | List], _) ->
    {{A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P}, List};
build(0, List, Default) ->
    {list_to_tuple(List ++ lists:duplicate(?WIDTH - length(List), Default)), []};
build(Shift, List, Default) ->
    {Subtrees, Rest} = build_parts(?WIDTH, Shift - ?BITS, List, Default, []),
    {{Shift, list_to_tuple(Subtrees)}, Rest}.

build_parts(0, _, List, _, Parts) -> {lists:reverse(Parts), List};
build_parts(N, Shift, List, Default, Parts) ->
    {Part, Rest} = build(Shift, List, Default),
    build_parts(N - 1, Shift, Rest, Default, [Part | Parts]).

%% An array of the {Index, Value} tuples of an ordered list.
-spec from_orddict([{array_indx(), T}]) -> array(T).
from_orddict(Pairs) -> from_orddict(Pairs, undefined).

-spec from_orddict([{array_indx(), T}], term()) -> array(T).
from_orddict(Pairs, Default) when is_list(Pairs) ->
    case last_index(Pairs, -1) of
        -1 ->
            new({default, Default});
        Last ->
            Shift = shift(Last, 0),
            {Tree, []} = build_sparse(Shift, 0, Pairs, Default),
            #array{size = Last + 1, max = capacity(Shift), default = Default, tree = Tree}
    end;
from_orddict(_, _) ->
    erlang:error(badarg).

last_index([{I, _} | Pairs], Last) when is_integer(I), I > Last -> last_index(Pairs, I);
last_index([], Last) -> Last;
last_index(Pairs, _) -> erlang:error({badarg, Pairs}).

%% A tree of the next pairs, as far as their indexes belong to it. From: the index of its first
%% entry.
build_sparse(Shift, From, [{I, _} | _] = Pairs, Default) when I < From + (?WIDTH bsl Shift) ->
    case Shift of
        0 -> sparse_leaf(From, From + ?WIDTH, Pairs, Default, []);
        _ -> sparse_parts(?WIDTH, Shift, From, Pairs, Default, [])
    end;
build_sparse(Shift, _, Pairs, _) -> {Shift, Pairs}.

sparse_parts(0, Shift, _, Pairs, _, Parts) -> {{Shift, list_to_tuple(lists:reverse(Parts))}, Pairs};
sparse_parts(N, Shift, From, Pairs, Default, Parts) ->
    {Part, Rest} = build_sparse(Shift - ?BITS, From, Pairs, Default),
    sparse_parts(N - 1, Shift, From + (1 bsl Shift), Rest, Default, [Part | Parts]).

sparse_leaf(End, End, Pairs, _, Values) -> {list_to_tuple(lists:reverse(Values)), Pairs};
sparse_leaf(I, End, [{I, Value} | Pairs], Default, Values) ->
    sparse_leaf(I + 1, End, Pairs, Default, [Value | Values]);
sparse_leaf(I, End, Pairs, Default, Values) ->
    sparse_leaf(I + 1, End, Pairs, Default, [Default | Values]).

%%% Folding and mapping

%% The fun of each index, value and what it made of those before.
-spec foldl(fun((array_indx(), T, Acc) -> Acc), Acc, array(T)) -> Acc.
foldl(F, Acc, #array{size = Size, default = Default, tree = Tree}) when is_function(F, 3) ->
    foldl_1(Tree, 0, Size, F, Acc, Default);
foldl(_, _, _) ->
    erlang:error(badarg).

%% From: the index of the first entry of a tree; Size: of the whole array.
foldl_1(_, From, Size, _, Acc, _) when From >= Size -> Acc;
foldl_1({Shift, Subtrees}, From, Size, F, Acc, Default) ->
    foldl_parts(1, Subtrees, 1 bsl Shift, From, Size, F, Acc, Default);
foldl_1(Entries, From, Size, F, Acc, _) when is_tuple(Entries) ->
    foldl_leaf(1, min(?WIDTH, Size - From), Entries, From - 1, F, Acc);
foldl_1(none, _, _, _, Acc, _) -> Acc;
foldl_1(Shift, From, Size, F, Acc, Default) ->
    foldl_default(From, min(From + capacity(Shift), Size), F, Acc, Default).

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
foldr_1({Shift, Subtrees}, From, Size, F, Acc, Default) ->
    Last = From + ((?WIDTH - 1) bsl Shift),
    foldr_parts(?WIDTH, Subtrees, 1 bsl Shift, Last, Size, F, Acc, Default);
foldr_1(Entries, From, Size, F, Acc, _) when is_tuple(Entries) ->
    foldr_leaf(min(?WIDTH, Size - From), Entries, From - 1, F, Acc);
foldr_1(none, _, _, _, Acc, _) -> Acc;
foldr_1(Shift, From, Size, F, Acc, Default) ->
    foldr_default(min(From + capacity(Shift), Size) - 1, From, F, Acc, Default).

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

%% A part that is not there has no entries for these.
present({Shift, Subtrees}) ->
    {Shift, list_to_tuple([present(Subtree) || Subtree <- tuple_to_list(Subtrees)])};
present(Leaf) when is_tuple(Leaf) -> Leaf;
present(_) -> none.

%% One more than the last index that has not the default.
-spec sparse_size(array()) -> non_neg_integer().
sparse_size(#array{size = Size, default = Default, tree = Tree}) ->
    last_set(Tree, 0, Size, Default) + 1;
sparse_size(A) ->
    sparse_foldr(fun(_, _, N) -> N end, 0, A). % says what is wrong

%% The last index whose entry is not the default, or -1.
last_set(_, From, Size, _) when From >= Size -> -1;
last_set({Shift, Subtrees}, From, Size, Default) ->
    last_in_parts(?WIDTH, Subtrees, 1 bsl Shift, From, Size, Default);
last_set(Entries, From, Size, Default) when is_tuple(Entries) ->
    last_in_leaf(min(?WIDTH, Size - From), Entries, From, Default);
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
map_1({Shift, Subtrees}, From, Size, F, Default) ->
    Part = 1 bsl Shift,
    {Shift, list_to_tuple(map_parts(tuple_to_list(Subtrees), Part, From, Size, F, Default))};
map_1(Entries, From, Size, F, _) when is_tuple(Entries) ->
    list_to_tuple(map_entries(tuple_to_list(Entries), From, Size, F));
map_1(Shift, From, Size, F, Default) ->
    map_1(made(Shift, Default), From, Size, F, Default).

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
sparse_map_1({Shift, Subtrees}, From, Size, F) ->
    Part = 1 bsl Shift,
    {Shift, list_to_tuple(sparse_map_parts(tuple_to_list(Subtrees), Part, From, Size, F))};
sparse_map_1(Entries, From, Size, F) ->
    list_to_tuple(map_entries(tuple_to_list(Entries), From, Size, F)).

sparse_map_parts([Subtree | Subtrees], Part, From, Size, F) ->
    [sparse_map_1(Subtree, From, Size, F) | sparse_map_parts(Subtrees, Part, From + Part, Size, F)];
sparse_map_parts([], _, _, _, _) -> [].
