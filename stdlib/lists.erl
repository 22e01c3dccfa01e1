%% Lists: everything OTP's manual describes, most of it plain loops.
%%
%% Sorting by the standard order is native. By a fun it is a stable merge sort over the runs that the
%% input already has. Passes go through the runs in alternating directions, so that no merged run is
%% ever reversed: a pass over descending runs makes ascending ones and the other way round.
-module(lists).

-compile({no_auto_import, [max/2, min/2]}).

-export([all/2, any/2, append/1, append/2, concat/1, delete/2, droplast/1, dropwhile/2,
         duplicate/2, enumerate/1, enumerate/2, enumerate/3, filter/2, filtermap/2, flatlength/1,
         flatmap/2, flatten/1, flatten/2, foldl/3, foldr/3, foreach/2, join/2, keydelete/3,
         keyfind/3, keymap/3, keymember/3, keymerge/3, keyreplace/4, keysearch/3, keysort/2,
         keystore/4, keytake/3, last/1, map/2, mapfoldl/3, mapfoldr/3, max/1, member/2, merge/1,
         merge/2, merge/3, merge3/3, min/1, nth/2, nthtail/2, partition/2, prefix/2, reverse/1,
         reverse/2, rkeymerge/3, rmerge/2, rmerge/3, rmerge3/3, rukeymerge/3, rumerge/2, rumerge/3,
         rumerge3/3, search/2, seq/2, seq/3, sort/1, sort/2, split/2, splitwith/2, sublist/2,
         sublist/3, subtract/2, suffix/2, sum/1, takewhile/2, ukeymerge/3, ukeysort/2, umerge/1,
         umerge/2, umerge/3, umerge3/3, uniq/1, uniq/2, unzip/1, unzip3/1, usort/1, usort/2, zf/2,
         zip/2, zip/3, zip3/3, zip3/4, zipwith/3, zipwith/4, zipwith3/4, zipwith3/5]).

%% In the frame of the function that calls it: what is wrong is told by erl_stdlib_errors.
-define(FAIL(Reason, Args), erlang:error(Reason, Args, [{error_info, #{module => erl_stdlib_errors}}])).

%%% Natives

%% The elements in reverse; Tail stands behind them.
-spec reverse([T], Tail :: [T] | term()) -> [T] | term().
reverse(_, _) -> erlang:nif_error(undef).

%% Whether an element is equal (=:=) to the term.
-spec member(term(), [term()]) -> boolean().
member(_, _) -> erlang:nif_error(undef).

%% The first tuple whose Nth element equals the key.
-spec keyfind(term(), pos_integer(), [term()]) -> tuple() | false.
keyfind(_, _, _) -> erlang:nif_error(undef).

%% Whether there is a tuple whose Nth element equals the key.
-spec keymember(term(), pos_integer(), [term()]) -> boolean().
keymember(_, _, _) -> erlang:nif_error(undef).

%% As keyfind, in {value, Tuple}.
-spec keysearch(term(), pos_integer(), [term()]) -> {value, tuple()} | false.
keysearch(_, _, _) -> erlang:nif_error(undef).

%%% Building and taking apart

%% The lists one after another.
-spec append([T], term()) -> [T] | term().
append(A, B) -> A ++ B.

-spec append([[T]]) -> [T].
append([L]) -> L;
append([H | T]) -> H ++ append(T);
append([]) -> [].

%% Without the first occurrence of each element of the second list.
-spec subtract([T], [T]) -> [T].
subtract(A, B) -> A -- B.

-spec reverse([T]) -> [T].
reverse([] = L) -> L;
reverse([_] = L) -> L;
reverse([A, B]) -> [B, A];
reverse([A, B | L]) -> reverse(L, [B, A]).

%% The text of the items one after another.
-spec concat([atom() | integer() | float() | string()]) -> string().
concat(Things) -> flatmap(fun text_of/1, Things).

text_of(X) when is_integer(X) -> integer_to_list(X);
text_of(X) when is_float(X) -> float_to_list(X);
text_of(X) when is_atom(X) -> atom_to_list(X);
text_of(X) when is_list(X) -> X.

%% N times the term.
-spec duplicate(non_neg_integer(), T) -> [T].
duplicate(N, X) when is_integer(N), N >= 0 -> duplicate(N, X, []).

duplicate(0, _, L) -> L;
duplicate(N, X, L) -> duplicate(N - 1, X, [X | L]).

%% The integers from the first to the last, by an increment.
-spec seq(integer(), integer()) -> [integer()].
seq(First, Last) when is_integer(First), is_integer(Last), First - 1 =< Last ->
    seq_down(Last, First, []).

seq_down(N, First, L) when N >= First -> seq_down(N - 1, First, [N | L]);
seq_down(_, _, L) -> L.

-spec seq(integer(), integer(), integer()) -> [integer()].
seq(First, Last, Step) when is_integer(First), is_integer(Last), is_integer(Step) ->
    if
        Step > 0, First - Step =< Last ->
            N = (Last - First + Step) div Step,
            seq_step(N, Step * (N - 1) + First, Step, []);
        Step < 0, First - Step >= Last ->
            N = (Last - First + Step) div Step,
            seq_step(N, Step * (N - 1) + First, Step, []);
        Step =:= 0, First =:= Last ->
            [First];
        true ->
            ?FAIL(badarg, [First, Last, Step])
    end;
seq(First, Last, Step) ->
    ?FAIL(badarg, [First, Last, Step]).

seq_step(0, _, _, L) -> L;
seq_step(N, X, Step, L) -> seq_step(N - 1, X - Step, Step, [X | L]).

%% The Nth element, counted from 1.
-spec nth(pos_integer(), [T, ...]) -> T.
nth(1, [H | _]) -> H;
nth(N, [_ | T]) when N > 1 -> nth(N - 1, T).

%% What stands behind the first N elements.
-spec nthtail(non_neg_integer(), [T]) -> [T].
nthtail(0, []) -> [];
nthtail(0, [_ | _] = L) -> L;
nthtail(1, [_ | T]) -> T;
nthtail(N, [_ | T]) when N > 1 -> nthtail(N - 1, T).

%% The last element.
-spec last([T, ...]) -> T.
last([H | T]) -> last(H, T).

last(X, []) -> X;
last(_, [H | T]) -> last(H, T).

%% All but the last element.
-spec droplast([T, ...]) -> [T].
droplast([_]) -> [];
droplast([H | T]) -> [H | droplast(T)].

%% So many elements from the start, or from a position.
-spec sublist([T], non_neg_integer()) -> [T].
sublist(List, Len) when is_integer(Len), Len >= 0, is_list(List) -> muster_list:take(List, Len).

-spec sublist([T], pos_integer(), non_neg_integer()) -> [T].
sublist(List, 1, Len) when is_list(List), is_integer(Len), Len >= 0 ->
    muster_list:take(List, Len);
sublist([], Start, _) when is_integer(Start), Start > 1 ->
    [];
sublist([_ | T], Start, Len) when is_integer(Start), Start > 1 ->
    sublist(T, Start - 1, Len).

%% The first N elements, and the others.
-spec split(non_neg_integer(), [T]) -> {[T], [T]}.
split(N, List) when is_integer(N), N >= 0, is_list(List) ->
    case split(N, List, []) of
        {_, _} = Result -> Result;
        short -> erlang:error(badarg, [N, List])
    end;
split(N, List) ->
    erlang:error(badarg, [N, List]).

split(0, L, R) -> {reverse(R, []), L};
split(N, [H | T], R) -> split(N - 1, T, [H | R]);
split(_, [], _) -> short.

%% Whether the second list begins with the first.
-spec prefix([T], [T]) -> boolean().
prefix([X | A], [X | B]) -> prefix(A, B);
prefix([], List) when is_list(List) -> true;
prefix([_ | _], List) when is_list(List) -> false.

%% Whether the second list ends with the first.
-spec suffix([T], [T]) -> boolean().
suffix(Suffix, List) ->
    Drop = length(List) - length(Suffix),
    Drop >= 0 andalso nthtail(Drop, List) =:= Suffix.

%% A list of the elements that are no lists, of all levels; Tail stands behind it.
-spec flatten([term()]) -> [term()].
flatten(List) when is_list(List) -> flatten_to(List, []).

-spec flatten([term()], Tail :: [term()]) -> [term()].
flatten(List, Tail) when is_list(List), is_list(Tail) -> flatten_to(List, Tail).

flatten_to([H | T], Tail) when is_list(H) -> flatten_to(H, flatten_to(T, Tail));
flatten_to([H | T], Tail) -> [H | flatten_to(T, Tail)];
flatten_to([], Tail) -> Tail.

%% How long the list would be when flattened.
-spec flatlength([term()]) -> non_neg_integer().
flatlength(List) -> flatlength(List, 0).

flatlength([H | T], N) when is_list(H) -> flatlength(H, flatlength(T, N));
flatlength([_ | T], N) -> flatlength(T, N + 1);
flatlength([], N) -> N.

%% The separator between each two elements.
-spec join(S, [T]) -> [S | T].
join(_, []) -> [];
join(Sep, [_ | _] = List) -> muster_list:join(Sep, List).

%% Each element with its index, from 1 by 1 unless said otherwise.
-spec enumerate([T]) -> [{integer(), T}].
enumerate(List) when is_list(List) -> number(1, 1, List).

-spec enumerate(integer(), [T]) -> [{integer(), T}].
enumerate(Index, List) when is_integer(Index), is_list(List) -> number(Index, 1, List).

-spec enumerate(integer(), integer(), [T]) -> [{integer(), T}].
enumerate(Index, Step, List) when is_integer(Index), is_integer(Step), is_list(List) ->
    number(Index, Step, List).

number(Index, Step, [H | T]) -> [{Index, H} | number(Index + Step, Step, T)];
number(_, _, []) -> [].

%%% Zipping

-type how() :: fail | trim | {pad, tuple()}.

%% Two lists as a list of pairs; How says what becomes of a longer one.
-spec zip([A], [B]) -> [{A, B}].
zip([A | As], [B | Bs]) -> [{A, B} | zip(As, Bs)];
zip([], []) -> [].

-spec zip([A], [B], how()) -> [{A, B}].
zip([A | As], [B | Bs], How) -> [{A, B} | zip(As, Bs, How)];
zip([], [], fail) -> [];
zip([], [], trim) -> [];
zip([], [], {pad, {_, _}}) -> [];
zip([_ | _], [], trim) -> [];
zip([], [_ | _], trim) -> [];
zip([], [_ | _] = Bs, {pad, {A, _}}) -> [{A, B} || B <- Bs];
zip([_ | _] = As, [], {pad, {_, B}}) -> [{A, B} || A <- As].

%% Three lists as a list of triples.
-spec zip3([A], [B], [C]) -> [{A, B, C}].
zip3([A | As], [B | Bs], [C | Cs]) -> [{A, B, C} | zip3(As, Bs, Cs)];
zip3([], [], []) -> [].

-spec zip3([A], [B], [C], how()) -> [{A, B, C}].
zip3([A | As], [B | Bs], [C | Cs], How) -> [{A, B, C} | zip3(As, Bs, Cs, How)];
zip3([], [], [], fail) -> [];
zip3([], [], [], trim) -> [];
zip3(As, Bs, Cs, trim) when is_list(As), is_list(Bs), is_list(Cs) -> [];
zip3([], [], [], {pad, {_, _, _}}) -> [];
zip3(As, Bs, Cs, {pad, {A, B, C}} = How) when is_list(As), is_list(Bs), is_list(Cs) ->
    {A1, As1} = take_or(As, A),
    {B1, Bs1} = take_or(Bs, B),
    {C1, Cs1} = take_or(Cs, C),
    [{A1, B1, C1} | zip3(As1, Bs1, Cs1, How)].

take_or([H | T], _) -> {H, T};
take_or([], Pad) -> {Pad, []}.

%% A list of pairs as two lists.
-spec unzip([{A, B}]) -> {[A], [B]}.
unzip(List) -> unzip(List, [], []).

unzip([{A, B} | T], As, Bs) -> unzip(T, [A | As], [B | Bs]);
unzip([], As, Bs) -> {reverse(As), reverse(Bs)}.

%% A list of triples as three lists.
-spec unzip3([{A, B, C}]) -> {[A], [B], [C]}.
unzip3(List) -> unzip3(List, [], [], []).

unzip3([{A, B, C} | T], As, Bs, Cs) -> unzip3(T, [A | As], [B | Bs], [C | Cs]);
unzip3([], As, Bs, Cs) -> {reverse(As), reverse(Bs), reverse(Cs)}.

%% What the fun makes of the elements at each place of two lists.
-spec zipwith(fun((A, B) -> T), [A], [B]) -> [T].
zipwith(F, [A | As], [B | Bs]) -> [F(A, B) | zipwith(F, As, Bs)];
zipwith(F, [], []) when is_function(F, 2) -> [].

-spec zipwith(fun((A, B) -> T), [A], [B], how()) -> [T].
zipwith(F, [A | As], [B | Bs], How) -> [F(A, B) | zipwith(F, As, Bs, How)];
zipwith(F, [], [], fail) when is_function(F, 2) -> [];
zipwith(F, [], [], trim) when is_function(F, 2) -> [];
zipwith(F, [], [], {pad, {_, _}}) when is_function(F, 2) -> [];
zipwith(F, [_ | _], [], trim) when is_function(F, 2) -> [];
zipwith(F, [], [_ | _], trim) when is_function(F, 2) -> [];
zipwith(F, [], [_ | _] = Bs, {pad, {A, _}}) -> [F(A, B) || B <- Bs];
zipwith(F, [_ | _] = As, [], {pad, {_, B}}) -> [F(A, B) || A <- As].

%% What the fun makes of the elements at each place of three lists.
-spec zipwith3(fun((A, B, C) -> T), [A], [B], [C]) -> [T].
zipwith3(F, [A | As], [B | Bs], [C | Cs]) -> [F(A, B, C) | zipwith3(F, As, Bs, Cs)];
zipwith3(F, [], [], []) when is_function(F, 3) -> [].

-spec zipwith3(fun((A, B, C) -> T), [A], [B], [C], how()) -> [T].
zipwith3(F, [A | As], [B | Bs], [C | Cs], How) ->
    [F(A, B, C) | zipwith3(F, As, Bs, Cs, How)];
zipwith3(F, [], [], [], fail) when is_function(F, 3) -> [];
zipwith3(F, As, Bs, Cs, trim) when is_function(F, 3), is_list(As), is_list(Bs), is_list(Cs) -> [];
zipwith3(F, [], [], [], {pad, {_, _, _}}) when is_function(F, 3) -> [];
zipwith3(F, As, Bs, Cs, {pad, {A, B, C}} = How) when is_list(As), is_list(Bs), is_list(Cs) ->
    {A1, As1} = take_or(As, A),
    {B1, Bs1} = take_or(Bs, B),
    {C1, Cs1} = take_or(Cs, C),
    [F(A1, B1, C1) | zipwith3(F, As1, Bs1, Cs1, How)].

%%% Deleting, asking

%% Without the first element that matches.
-spec delete(T, [T]) -> [T].
delete(X, List) when is_list(List) -> changed(muster_list:without(X, List), List).

%% The sum of the numbers.
-spec sum([number()]) -> number().
sum(List) -> sum(List, 0).

sum([H | T], Sum) -> sum(T, Sum + H);
sum([], Sum) -> Sum.

%% The smallest element.
-spec min([T, ...]) -> T.
min([H | T]) -> min(T, H).

min([H | T], Min) when H < Min -> min(T, H);
min([_ | T], Min) -> min(T, Min);
min([], Min) -> Min.

%% The greatest element.
-spec max([T, ...]) -> T.
max([H | T]) -> max(T, H).

max([H | T], Max) when H > Max -> max(T, H);
max([_ | T], Max) -> max(T, Max);
max([], Max) -> Max.

%% Without what equals (by a fun: whose value equals that of) an element before it.
-spec uniq([T]) -> [T].
uniq(List) -> uniq_1(List, #{}).

uniq_1([X | T], Seen) ->
    case Seen of
        #{X := _} -> uniq_1(T, Seen);
        #{} -> [X | uniq_1(T, Seen#{X => []})]
    end;
uniq_1([], _) ->
    [].

-spec uniq(fun((T) -> term()), [T]) -> [T].
uniq(F, List) when is_function(F, 1) -> uniq_2(List, F, #{}).

uniq_2([X | T], F, Seen) ->
    Key = F(X),
    case Seen of
        #{Key := _} -> uniq_2(T, F, Seen);
        #{} -> [X | uniq_2(T, F, Seen#{Key => []})]
    end;
uniq_2([], _, _) ->
    [].

%%% Higher-order functions: the fun is checked once, on entry

%% Whether the predicate holds for every element.
-spec all(fun((T) -> boolean()), [T]) -> boolean().
all(F, List) when is_function(F, 1) ->
    case List of
        [H | T] ->
            case F(H) of
                true -> all_1(F, T);
                false -> false
            end;
        [] -> true
    end.

all_1(F, [H | T]) ->
    case F(H) of
        true -> all_1(F, T);
        false -> false
    end;
all_1(_, []) ->
    true.

%% Whether the predicate holds for some element.
-spec any(fun((T) -> boolean()), [T]) -> boolean().
any(F, List) when is_function(F, 1) ->
    case List of
        [H | T] ->
            case F(H) of
                true -> true;
                false -> any_1(F, T)
            end;
        [] -> false
    end.

any_1(F, [H | T]) ->
    case F(H) of
        true -> true;
        false -> any_1(F, T)
    end;
any_1(_, []) ->
    false.

%% What the fun makes of each element.
-spec map(fun((A) -> B), [A]) -> [B].
map(F, List) when is_function(F, 1) ->
    case List of
        [H | T] -> [F(H) | map_1(F, T)];
        [] -> []
    end.

map_1(F, [H | T]) -> [F(H) | map_1(F, T)];
map_1(_, []) -> [].

%% What the fun makes of each element, appended.
-spec flatmap(fun((A) -> [B]), [A]) -> [B].
flatmap(F, List) when is_function(F, 1) -> flatmap_1(F, List).

flatmap_1(F, [H | T]) -> F(H) ++ flatmap_1(F, T);
flatmap_1(_, []) -> [].

%% Calls the fun with each element, in order.
-spec foreach(fun((T) -> term()), [T]) -> ok.
foreach(F, List) when is_function(F, 1) -> foreach_1(F, List).

foreach_1(F, [H | T]) ->
    F(H),
    foreach_1(F, T);
foreach_1(_, []) ->
    ok.

%% The fun of each element and what it made of those before, from the left.
-spec foldl(fun((T, Acc) -> Acc), Acc, [T]) -> Acc.
foldl(F, Acc, List) when is_function(F, 2) ->
    case List of
        [H | T] -> foldl_1(F, F(H, Acc), T);
        [] -> Acc
    end.

foldl_1(F, Acc, [H | T]) -> foldl_1(F, F(H, Acc), T);
foldl_1(_, Acc, []) -> Acc.

%% The fun of each element and what it made of those behind it, from the right.
-spec foldr(fun((T, Acc) -> Acc), Acc, [T]) -> Acc.
foldr(F, Acc, List) when is_function(F, 2) -> foldr_1(F, Acc, List).

foldr_1(F, Acc, [H | T]) -> F(H, foldr_1(F, Acc, T));
foldr_1(_, Acc, []) -> Acc.

%% map and foldl in one pass.
-spec mapfoldl(fun((A, Acc) -> {B, Acc}), Acc, [A]) -> {[B], Acc}.
mapfoldl(F, Acc, List) when is_function(F, 2) -> mapfoldl_1(F, Acc, List).

mapfoldl_1(F, Acc, [H | T]) ->
    {X, Acc1} = F(H, Acc),
    {Xs, Acc2} = mapfoldl_1(F, Acc1, T),
    {[X | Xs], Acc2};
mapfoldl_1(_, Acc, []) ->
    {[], Acc}.

%% map and foldr in one pass.
-spec mapfoldr(fun((A, Acc) -> {B, Acc}), Acc, [A]) -> {[B], Acc}.
mapfoldr(F, Acc, List) when is_function(F, 2) -> mapfoldr_1(F, Acc, List).

mapfoldr_1(F, Acc, [H | T]) ->
    {Xs, Acc1} = mapfoldr_1(F, Acc, T),
    {X, Acc2} = F(H, Acc1),
    {[X | Xs], Acc2};
mapfoldr_1(_, Acc, []) ->
    {[], Acc}.

%% The elements for which the predicate holds.
-spec filter(fun((T) -> boolean()), [T]) -> [T].
filter(F, List) when is_function(F, 1) -> [X || X <- List, F(X)].

%% Elements for which the fun answers true, or Value where it answers {true, Value}.
-spec filtermap(fun((A) -> boolean() | {true, B}), [A]) -> [A | B].
filtermap(F, List) when is_function(F, 1) -> filtermap_1(F, List).

filtermap_1(F, [H | T]) ->
    case F(H) of
        true -> [H | filtermap_1(F, T)];
        {true, X} -> [X | filtermap_1(F, T)];
        false -> filtermap_1(F, T)
    end;
filtermap_1(_, []) ->
    [].

-spec zf(fun((A) -> boolean() | {true, B}), [A]) -> [A | B].
zf(F, List) -> filtermap(F, List).

%% The elements for which the predicate holds, and the others.
-spec partition(fun((T) -> boolean()), [T]) -> {[T], [T]}.
partition(F, List) when is_function(F, 1) -> partition(F, List, [], []).

partition(F, [H | T], Yes, No) ->
    case F(H) of
        true -> partition(F, T, [H | Yes], No);
        false -> partition(F, T, Yes, [H | No])
    end;
partition(_, [], Yes, No) ->
    {reverse(Yes), reverse(No)}.

%% The elements before the first for which the predicate does not hold.
-spec takewhile(fun((T) -> boolean()), [T]) -> [T].
takewhile(F, List) when is_function(F, 1) -> takewhile_1(F, List).

takewhile_1(F, [H | T]) ->
    case F(H) of
        true -> [H | takewhile_1(F, T)];
        false -> []
    end;
takewhile_1(_, []) ->
    [].

%% What is left from the first element for which the predicate does not hold.
-spec dropwhile(fun((T) -> boolean()), [T]) -> [T].
dropwhile(F, List) when is_function(F, 1) -> dropwhile_1(F, List).

dropwhile_1(F, [H | T] = List) ->
    case F(H) of
        true -> dropwhile_1(F, T);
        false -> List
    end;
dropwhile_1(_, []) ->
    [].

%% The elements up to the first for which the predicate does not hold, and the others.
-spec splitwith(fun((T) -> boolean()), [T]) -> {[T], [T]}.
splitwith(F, List) when is_function(F, 1) -> splitwith(F, List, []).

splitwith(F, [H | T] = List, Taken) ->
    case F(H) of
        true -> splitwith(F, T, [H | Taken]);
        false -> {reverse(Taken), List}
    end;
splitwith(_, [], Taken) ->
    {reverse(Taken), []}.

%% {value, Element} of the first element for which the predicate holds.
-spec search(fun((T) -> boolean()), [T]) -> {value, T} | false.
search(F, List) when is_function(F, 1) -> search_1(F, List).

search_1(F, [H | T]) ->
    case F(H) of
        true -> {value, H};
        false -> search_1(F, T)
    end;
search_1(_, []) ->
    false.

%%% Lists of tuples

%% Without the first tuple whose Nth element equals the key.
-spec keydelete(term(), pos_integer(), [T]) -> [T].
keydelete(Key, N, List) when is_integer(N), N > 0 ->
    changed(muster_list:replace_key(Key, N, List, []), List).

%% With the first tuple whose Nth element equals the key replaced.
-spec keyreplace(term(), pos_integer(), [T], tuple()) -> [T].
keyreplace(Key, N, List, New) when is_integer(N), N > 0, is_tuple(New) ->
    changed(muster_list:replace_key(Key, N, List, [New]), List).

%% With the first tuple of that key replaced, or the new one at the end.
-spec keystore(term(), pos_integer(), [T], tuple()) -> [T, ...].
keystore(Key, N, List, New) when is_integer(N), N > 0, is_tuple(New) ->
    case muster_list:replace_key(Key, N, List, [New]) of
        false -> List ++ [New];
        Changed -> Changed
    end.

changed(false, List) -> List;
changed(Changed, _) -> Changed.

%% The first tuple of that key, and the others.
-spec keytake(term(), pos_integer(), [T]) -> {value, tuple(), [T]} | false.
keytake(Key, N, List) when is_integer(N), N > 0 ->
    HasKey = fun(X) when element(N, X) == Key -> false; (_) -> true end,
    case splitwith(HasKey, List) of
        {Before, [Found | After]} -> {value, Found, Before ++ After};
        {_, []} -> false
    end.

%% Each tuple with what the fun makes of its Nth element.
-spec keymap(fun((term()) -> term()), pos_integer(), [tuple()]) -> [tuple()].
keymap(F, N, [H | T]) -> [setelement(N, H, F(element(N, H))) | keymap(F, N, T)];
keymap(F, N, []) when is_integer(N), N >= 1, is_function(F, 1) -> [].

%%% Sorting. Natively, by the standard order; what is equal stays in its order.

%% Sorted; a fun F(A, B) says whether A may stand before B. Equal elements keep their order.
-spec sort([T]) -> [T].
sort(_) -> erlang:nif_error(undef).

%% As sort; of equal elements the first stays.
-spec usort([T]) -> [T].
usort(_) -> erlang:nif_error(undef).

%% Sorted by the Nth elements; equal ones keep their order.
-spec keysort(pos_integer(), [T]) -> [T].
keysort(I, List) when is_integer(I), I > 0 ->
    case List of
        [_, _ | _] -> sorted(muster_sort:keysort(I, List), I, List);
        [_] -> List;
        [] -> []
    end.

%% As keysort; of tuples with equal keys the first stays.
-spec ukeysort(pos_integer(), [T]) -> [T].
ukeysort(I, List) when is_integer(I), I > 0 ->
    case List of
        [_, _ | _] -> sorted(muster_sort:ukeysort(I, List), I, List);
        [_] -> List;
        [] -> []
    end.

sorted(false, I, List) -> foreach(fun(X) -> element(I, X) end, List);
sorted(Sorted, _, _) -> Sorted.

%%% Sorting by a fun: F(A, B) for A =< B

-spec sort(fun((T, T) -> boolean()), [T]) -> [T].
sort(F, []) when is_function(F, 2) -> [];
sort(F, [_] = L) when is_function(F, 2) -> L;
sort(F, [X, Y | L]) ->
    Runs = case F(X, Y) of
        true -> f_run(F, Y, X, [], L, []);
        false -> f_run_down(F, Y, [X], L, [])
    end,
    f_passes_down(F, Runs).

f_runs(F, [X, Y | L], Runs) ->
    case F(X, Y) of
        true -> f_run(F, Y, X, [], L, Runs);
        false -> f_run_down(F, Y, [X], L, Runs)
    end;
f_runs(_, [X], Runs) -> [[X] | Runs];
f_runs(_, [], Runs) -> Runs.

f_run(F, Y, X, R, [Z | L], Runs) ->
    case F(Y, Z) of
        true ->
            f_run(F, Z, Y, [X | R], L, Runs);
        false ->
            case F(X, Z) of
                true -> f_run(F, Y, Z, [X | R], L, Runs);
                false when R =:= [] -> f_run(F, Y, X, [Z], L, Runs);
                false -> f_runs(F, [Z | L], [[Y, X | R] | Runs])
            end
    end;
f_run(_, Y, X, R, [], Runs) ->
    [[Y, X | R] | Runs].

f_run_down(F, X, R, [Y | T] = L, Runs) ->
    case F(X, Y) of
        false -> f_run_down(F, Y, [X | R], T, Runs);
        true when tl(R) =:= [] -> f_run(F, hd(R), X, [], L, Runs);
        true -> f_runs(F, L, [reverse(R, [X]) | Runs])
    end;
f_run_down(_, X, R, [], Runs) ->
    [reverse(R, [X]) | Runs].

%% Descending runs, the last first, into ascending ones in order; and back.
f_passes_down(_, [Run]) -> reverse(Run, []);
f_passes_down(F, Runs) -> f_passes_up(F, f_pass_down(F, Runs, [])).

f_pass_down(F, [[B | Bs], [A | As] | Runs], Out) ->
    f_pass_down(F, Runs, [f_down(F, A, As, B, Bs, []) | Out]);
f_pass_down(_, [Run], Out) -> [reverse(Run, []) | Out];
f_pass_down(_, [], Out) -> Out.

f_passes_up(_, [Run]) -> Run;
f_passes_up(F, Runs) -> f_passes_down(F, f_pass_up(F, Runs, [])).

f_pass_up(F, [[A | As], [B | Bs] | Runs], Out) ->
    f_pass_up(F, Runs, [f_up(F, A, As, B, Bs, []) | Out]);
f_pass_up(_, [Run], Out) -> [reverse(Run, []) | Out];
f_pass_up(_, [], Out) -> Out.

f_up(F, A, As, B, Bs, Out) ->
    case F(A, B) of
        true ->
            case As of
                [A1 | As1] -> f_up(F, A1, As1, B, Bs, [A | Out]);
                [] -> reverse(Bs, [B, A | Out])
            end;
        false ->
            case Bs of
                [B1 | Bs1] -> f_up(F, A, As, B1, Bs1, [B | Out]);
                [] -> reverse(As, [A, B | Out])
            end
    end.

f_down(F, A, As, B, Bs, Out) ->
    case F(A, B) of
        true ->
            case Bs of
                [B1 | Bs1] -> f_down(F, A, As, B1, Bs1, [B | Out]);
                [] -> reverse(As, [A, B | Out])
            end;
        false ->
            case As of
                [A1 | As1] -> f_down(F, A1, As1, B, Bs, [A | Out]);
                [] -> reverse(Bs, [B, A | Out])
            end
    end.

-spec usort(fun((T, T) -> boolean()), [T]) -> [T].
usort(F, List) when is_function(F, 2), is_list(List) ->
    case sort(F, List) of
        [X | T] -> [X | f_unique(F, X, T)];
        [] -> []
    end.

%% The list is sorted, so F(X, Y) holds: X and Y are equal if F(Y, X) holds too.
f_unique(F, X, [Y | T]) ->
    case F(Y, X) of
        true -> f_unique(F, X, T);
        false -> [Y | f_unique(F, Y, T)]
    end;
f_unique(_, _, []) ->
    [].

%%% Merging

%% A comes before B where they are equal. up: both ascending, the result is descending.
up(A, As, B, Bs, Out) when A =< B ->
    case As of
        [A1 | As1] -> up(A1, As1, B, Bs, [A | Out]);
        [] -> reverse(Bs, [B, A | Out])
    end;
up(A, As, B, Bs, Out) ->
    case Bs of
        [B1 | Bs1] -> up(A, As, B1, Bs1, [B | Out]);
        [] -> reverse(As, [A, B | Out])
    end.

%% down: both descending, the result is ascending.
down(A, As, B, Bs, Out) when A =< B ->
    case Bs of
        [B1 | Bs1] -> down(A, As, B1, Bs1, [B | Out]);
        [] -> reverse(As, [A, B | Out])
    end;
down(A, As, B, Bs, Out) ->
    case As of
        [A1 | As1] -> down(A1, As1, B, Bs, [A | Out]);
        [] -> reverse(Bs, [B, A | Out])
    end.

k_up(I, KA, A, As, KB, B, Bs, Out) when KA =< KB ->
    case As of
        [A1 | As1] -> k_up(I, element(I, A1), A1, As1, KB, B, Bs, [A | Out]);
        [] -> reverse(Bs, [B, A | Out])
    end;
k_up(I, KA, A, As, _, B, Bs, Out) ->
    case Bs of
        [B1 | Bs1] -> k_up(I, KA, A, As, element(I, B1), B1, Bs1, [B | Out]);
        [] -> reverse(As, [A, B | Out])
    end.

k_down(I, KA, A, As, KB, B, Bs, Out) when KA =< KB ->
    case Bs of
        [B1 | Bs1] -> k_down(I, KA, A, As, element(I, B1), B1, Bs1, [B | Out]);
        [] -> reverse(As, [A, B | Out])
    end;
k_down(I, _, A, As, KB, B, Bs, Out) ->
    case As of
        [A1 | As1] -> k_down(I, element(I, A1), A1, As1, KB, B, Bs, [A | Out]);
        [] -> reverse(Bs, [B, A | Out])
    end.

%% Sorted lists, merged.
-spec merge([[T]]) -> [T].
merge(Lists) -> merge_all(Lists, fun merge/2).

%% Sorted lists without duplicates, merged; of equal elements one stays.
-spec umerge([[T]]) -> [T].
umerge(Lists) -> merge_all(Lists, fun umerge/2).

%% Merges neighbours until one list is left: the total work is N log (number of lists).
merge_all([], _) -> [];
merge_all([L], _) -> L;
merge_all(Lists, Merge) -> merge_all(merge_pairs(Lists, Merge), Merge).

merge_pairs([A, B | Lists], Merge) -> [Merge(A, B) | merge_pairs(Lists, Merge)];
merge_pairs([A], _) -> [A];
merge_pairs([], _) -> [].

-spec merge([A], [B]) -> [A | B].
merge(L, []) -> L;
merge([], [_ | _] = L) -> L;
merge([A | As], [B | Bs]) -> reverse(up(A, As, B, Bs, []), []).

%% Three sorted lists, merged.
-spec merge3([A], [B], [C]) -> [A | B | C].
merge3(As, [], Cs) -> merge(As, Cs);
merge3(As, Bs, []) -> merge(As, Bs);
merge3(As, Bs, Cs) when is_list(As), is_list(Bs), is_list(Cs) -> merge(merge(As, Bs), Cs).

-spec rmerge([A], [B]) -> [A | B].
rmerge(L, []) -> L;
rmerge([], [_ | _] = L) -> L;
rmerge([A | As], [B | Bs]) -> reverse(down(A, As, B, Bs, []), []).

-spec rmerge3([A], [B], [C]) -> [A | B | C].
rmerge3(As, Bs, Cs) when is_list(As), is_list(Bs), is_list(Cs) ->
    rmerge(rmerge(As, Bs), Cs).

-spec umerge([A], [B]) -> [A | B].
umerge(L, []) when is_list(L) -> L;
umerge([], L) -> L;
umerge([A | As], [B | Bs]) -> reverse(u_up(A, As, B, Bs, []), []).

%% As umerge, three lists.
-spec umerge3([A], [B], [C]) -> [A | B | C].
umerge3(As, [], Cs) -> umerge(As, Cs);
umerge3(As, Bs, []) -> umerge(As, Bs);
umerge3(As, Bs, Cs) when is_list(As), is_list(Bs), is_list(Cs) ->
    umerge(umerge(As, Bs), Cs).

u_up(A, As, B, Bs, Out) when A < B ->
    case As of
        [A1 | As1] -> u_up(A1, As1, B, Bs, [A | Out]);
        [] -> reverse(Bs, [B, A | Out])
    end;
u_up(A, As, B, Bs, Out) ->
    case Bs of
        [B1 | Bs1] when A == B -> u_up(A, As, B1, Bs1, Out);
        [B1 | Bs1] -> u_up(A, As, B1, Bs1, [B | Out]);
        [] when A == B -> reverse(As, [A | Out]);
        [] -> reverse(As, [A, B | Out])
    end.

-spec rumerge([A], [B]) -> [A | B].
rumerge(L, []) -> L;
rumerge([], [_ | _] = L) -> L;
rumerge([A | As], [B | Bs]) -> reverse(u_down(A, As, B, Bs, []), []).

-spec rumerge3([A], [B], [C]) -> [A | B | C].
rumerge3(As, Bs, Cs) when is_list(As), is_list(Bs), is_list(Cs) ->
    rumerge(rumerge(As, Bs), Cs).

u_down(A, As, B, Bs, Out) when A > B ->
    case As of
        [A1 | As1] -> u_down(A1, As1, B, Bs, [A | Out]);
        [] -> reverse(Bs, [B, A | Out])
    end;
u_down(A, As, B, Bs, Out) ->
    case Bs of
        [B1 | Bs1] when A == B -> u_down(A, As, B1, Bs1, Out);
        [B1 | Bs1] -> u_down(A, As, B1, Bs1, [B | Out]);
        [] when A == B -> reverse(As, [A | Out]);
        [] -> reverse(As, [A, B | Out])
    end.

-spec merge(fun((A, B) -> boolean()), [A], [B]) -> [A | B].
merge(F, L, []) when is_function(F, 2) -> L;
merge(F, [], [_ | _] = L) when is_function(F, 2) -> L;
merge(F, [A | As], [B | Bs]) when is_function(F, 2) -> reverse(f_up(F, A, As, B, Bs, []), []).

-spec rmerge(fun((A, B) -> boolean()), [A], [B]) -> [A | B].
rmerge(F, L, []) when is_function(F, 2) -> L;
rmerge(F, [], [_ | _] = L) when is_function(F, 2) -> L;
rmerge(F, [A | As], [B | Bs]) when is_function(F, 2) ->
    reverse(f_down(F, A, As, B, Bs, []), []).

-spec umerge(fun((A, B) -> boolean()), [A], [B]) -> [A | B].
umerge(F, L, []) when is_function(F, 2), is_list(L) -> L;
umerge(F, [], L) when is_function(F, 2) -> L;
umerge(F, [A | As], [B | Bs]) when is_function(F, 2) -> f_umerge(F, A, As, B, Bs, []).

f_umerge(F, A, As, B, Bs, Out) ->
    case F(A, B) of
        true ->
            case F(B, A) of
                true -> f_umerge_skip(F, A, As, Bs, Out);
                false -> f_umerge_next(F, As, B, Bs, [A | Out])
            end;
        false ->
            f_umerge_skip(F, A, As, Bs, [B | Out])
    end.

f_umerge_next(F, [A | As], B, Bs, Out) -> f_umerge(F, A, As, B, Bs, Out);
f_umerge_next(_, [], B, Bs, Out) -> reverse(Out, [B | Bs]).

f_umerge_skip(F, A, As, [B | Bs], Out) -> f_umerge(F, A, As, B, Bs, Out);
f_umerge_skip(_, A, As, [], Out) -> reverse(Out, [A | As]).

-spec rumerge(fun((A, B) -> boolean()), [A], [B]) -> [A | B].
rumerge(F, As, Bs) when is_function(F, 2) -> umerge(fun(A, B) -> F(B, A) end, As, Bs).

%% Two lists that are sorted by their Nth elements, merged.
-spec keymerge(pos_integer(), [A], [B]) -> [A | B].
keymerge(I, As0, Bs0) when is_integer(I), I > 0 ->
    case Bs0 of
        [] -> As0;
        [B | Bs] -> keymerge_into(I, As0, B, Bs)
    end.

keymerge_into(I, [A | As], B, Bs) ->
    reverse(k_up(I, element(I, A), A, As, element(I, B), B, Bs, []), []);
keymerge_into(_, [], B, Bs) -> [B | Bs].

-spec rkeymerge(pos_integer(), [A], [B]) -> [A | B].
rkeymerge(I, [A | As], Bs0) when is_integer(I), I > 0 ->
    case Bs0 of
        [B | Bs] -> reverse(k_down(I, element(I, A), A, As, element(I, B), B, Bs, []), []);
        [] -> [A | As]
    end;
rkeymerge(I, [], Bs) when is_integer(I), I > 0 ->
    case Bs of
        [_ | _] -> Bs;
        [] -> []
    end.

%% As keymerge; of tuples whose keys are equal the first list's stay.
-spec ukeymerge(pos_integer(), [A], [B]) -> [A | B].
ukeymerge(I, As0, Bs0) when is_integer(I), I > 0 ->
    case As0 of
        [] -> Bs0;
        [A | As] -> ukeymerge_into(I, A, As, Bs0)
    end.

ukeymerge_into(I, A, As, [B | Bs]) ->
    ku_merge(I, up, element(I, A), A, As, element(I, B), B, Bs, []);
ukeymerge_into(_, A, As, []) -> [A | As].

-spec rukeymerge(pos_integer(), [A], [B]) -> [A | B].
rukeymerge(I, [A | As], Bs0) when is_integer(I), I > 0 ->
    case Bs0 of
        [B | Bs] -> ku_merge(I, down, element(I, A), A, As, element(I, B), B, Bs, []);
        [] -> [A | As]
    end;
rukeymerge(I, [], Bs) when is_integer(I), I > 0 ->
    case Bs of
        [_ | _] -> Bs;
        [] -> []
    end.

ku_merge(I, Order, KA, A, As, KB, _, Bs, Out) when KA == KB ->
    ku_next_b(I, Order, KA, A, As, Bs, Out);
ku_merge(I, Order, KA, A, As, KB, B, Bs, Out) when (Order =:= up) =:= (KA < KB) ->
    case As of
        [A1 | As1] -> ku_merge(I, Order, element(I, A1), A1, As1, KB, B, Bs, [A | Out]);
        [] -> reverse([A | Out], [B | Bs])
    end;
ku_merge(I, Order, KA, A, As, _, B, Bs, Out) ->
    ku_next_b(I, Order, KA, A, As, Bs, [B | Out]).

ku_next_b(I, Order, KA, A, As, [B | Bs], Out) ->
    ku_merge(I, Order, KA, A, As, element(I, B), B, Bs, Out);
ku_next_b(_, _, _, A, As, [], Out) ->
    reverse(Out, [A | As]).
