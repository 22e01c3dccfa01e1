%% Double-ended queues {Rear, Front}: Rear in reverse order. Neither list is empty while there are
%% two or more elements, so that both ends are at hand.
%%
%% The two ends are alike: what is done at one is a function of the list near it and the list far from
%% it.
-module(queue).

-compile({no_auto_import, [get/1]}).

-export([new/0, is_queue/1, is_empty/1, len/1, to_list/1, from_list/1, member/2]).
-export([in/2, in_r/2, out/1, out_r/1, get/1, get_r/1, peek/1, peek_r/1, drop/1, drop_r/1, reverse/1,
         join/2, split/2, filter/2, filtermap/2, fold/3, any/2, all/2, delete/2, delete_r/2,
         delete_with/2, delete_with_r/2]).
-export([cons/2, head/1, tail/1, snoc/2, last/1, daeh/1, init/1, liat/1, lait/1]).

-export_type([queue/0, queue/1]).

-opaque queue(T) :: {[T], [T]}.
-type queue() :: queue(term()).

-define(IS(Rear, Front), is_list(Rear), is_list(Front)).
-define(BADARG(Args), erlang:error(badarg, Args)).

%% An empty queue.
-spec new() -> queue(none()).
new() -> {[], []}.

%% Whether the term looks like a queue.
-spec is_queue(term()) -> boolean().
is_queue(Term) ->
    case Term of
        {R, F} -> is_list(R) andalso is_list(F);
        _ -> false
    end.

%% Whether there are no items.
-spec is_empty(queue()) -> boolean().
is_empty({R, F}) when ?IS(R, F) -> R =:= [] andalso F =:= [];
is_empty(Q) -> ?BADARG([Q]).

%% How many items there are.
-spec len(queue()) -> non_neg_integer().
len({R, F}) when ?IS(R, F) -> length(F) + length(R);
len(Q) -> ?BADARG([Q]).

%% The items, that in front first.
-spec to_list(queue(T)) -> [T].
to_list({R, F}) when ?IS(R, F) -> F ++ lists:reverse(R);
to_list(Q) -> ?BADARG([Q]).

%% The queue of the items; the first one is in front.
-spec from_list([T]) -> queue(T).
from_list(List) when is_list(List) -> settled([], List);
from_list(List) -> ?BADARG([List]).

%% A queue of any two lists: of an empty one the other is the only one, and is shared out.
settled([], [X, Y]) ->
    {[Y], [X]};
settled([], [_] = F) ->
    {F, []};
settled([], []) ->
    {[], []};
settled([], F0) ->
    {F, R} = shared(F0),
    {R, F};
settled([X, Y], []) ->
    {[X], [Y]};
settled([_] = R, []) ->
    {[], R};
settled(R, []) ->
    shared(R);
settled(R, F) ->
    {R, F}.

%% The first half of a list stays in order; the other, which has one more if need be, is turned round.
shared(List) ->
    {Stays, Goes} = lists:split(length(List) div 2, List),
    {Stays, lists:reverse(Goes)}.

%% Whether an item is equal (=:=) to the term.
-spec member(term(), queue()) -> boolean().
member(X, {R, F}) when ?IS(R, F) -> lists:member(X, F) orelse lists:member(X, R);
member(X, Q) -> ?BADARG([X, Q]).

%%% Ends

%% Near and far list with an element more at the near end. With two there is one in each.
put_near(X, [Y], []) -> {[X], [Y]};
put_near(X, Near, Far) -> {[X | Near], Far}.

%% The element at the near end and what both lists are without it; empty.
take_near([X, Y | Near], Far) ->
    {X, [Y | Near], Far};
take_near([X], Far0) ->
    {Far, Near} = shared(Far0),
    {X, Near, Far};
take_near([], []) ->
    empty;
take_near([], Far) ->
    case lists:reverse(Far) of
        [X] -> {X, [], []};
        [X | Near] -> {X, lists:droplast(Near), [lists:last(Near)]}
    end.

look_near([X | _], _) -> X;
look_near([], Far) -> lists:last(Far).

%% With the item at the rear.
-spec in(E, queue(T)) -> queue(T | E).
in(X, {R, F}) when ?IS(R, F) -> put_near(X, R, F);
in(X, Q) -> ?BADARG([X, Q]).

%% With the item in front.
-spec in_r(E, queue(T)) -> queue(T | E).
in_r(X, {R0, F0}) when ?IS(R0, F0) ->
    {F, R} = put_near(X, F0, R0),
    {R, F};
in_r(X, Q) -> ?BADARG([X, Q]).

%% {{value, Item}, Queue} of the item in front, or {empty, Queue}.
-spec out(queue(T)) -> {{value, T}, queue(T)} | {empty, queue(T)}.
out({R0, F0} = Q) when ?IS(R0, F0) ->
    case take_near(F0, R0) of
        {X, F, R} -> {{value, X}, {R, F}};
        empty -> {empty, Q}
    end;
out(Q) -> ?BADARG([Q]).

%% {{value, Item}, Queue} of the item at the rear, or {empty, Queue}.
-spec out_r(queue(T)) -> {{value, T}, queue(T)} | {empty, queue(T)}.
out_r({R0, F0} = Q) when ?IS(R0, F0) ->
    case take_near(R0, F0) of
        {X, R, F} -> {{value, X}, {R, F}};
        empty -> {empty, Q}
    end;
out_r(Q) -> ?BADARG([Q]).

%% Without the item in front.
-spec drop(queue(T)) -> queue(T).
drop({R0, F0} = Q) when ?IS(R0, F0) ->
    case take_near(F0, R0) of
        {_, F, R} -> {R, F};
        empty -> erlang:error(empty, [Q])
    end;
drop(Q) -> ?BADARG([Q]).

%% Without the item at the rear.
-spec drop_r(queue(T)) -> queue(T).
drop_r({R0, F0} = Q) when ?IS(R0, F0) ->
    case take_near(R0, F0) of
        {_, R, F} -> {R, F};
        empty -> erlang:error(empty, [Q])
    end;
drop_r(Q) -> ?BADARG([Q]).

%% The item in front.
-spec get(queue(T)) -> T.
get({[], []} = Q) -> erlang:error(empty, [Q]);
get({R, F}) when ?IS(R, F) -> look_near(F, R);
get(Q) -> ?BADARG([Q]).

%% The item at the rear.
-spec get_r(queue(T)) -> T.
get_r({[], []} = Q) -> erlang:error(empty, [Q]);
get_r({R, F}) when ?IS(R, F) -> look_near(R, F);
get_r(Q) -> ?BADARG([Q]).

%% {value, Item} of the item in front, or empty.
-spec peek(queue(T)) -> empty | {value, T}.
peek({[], []}) -> empty;
peek({R, F}) when ?IS(R, F) -> {value, look_near(F, R)};
peek(Q) -> ?BADARG([Q]).

%% {value, Item} of the item at the rear, or empty.
-spec peek_r(queue(T)) -> empty | {value, T}.
peek_r({[], []}) -> empty;
peek_r({R, F}) when ?IS(R, F) -> {value, look_near(R, F)};
peek_r(Q) -> ?BADARG([Q]).

%%% Whole queues

%% The items in reverse.
-spec reverse(queue(T)) -> queue(T).
reverse({R, F}) when ?IS(R, F) -> {F, R};
reverse(Q) -> ?BADARG([Q]).

%% The items of both, those of the first in front.
-spec join(queue(A), queue(B)) -> queue(A | B).
join({R1, F1} = A, {R2, F2} = B) when ?IS(R1, F1), ?IS(R2, F2) ->
    if
        B =:= {[], []} -> A;
        A =:= {[], []} -> B;
        true -> {R2, to_list(A) ++ F2}
    end;
join(A, B) -> ?BADARG([A, B]).

%% The first N elements, and the others.
-spec split(non_neg_integer(), queue(T)) -> {queue(T), queue(T)}.
split(N, {R, F} = Q) when is_integer(N), N >= 0, ?IS(R, F) ->
    Front = length(F),
    case Front + length(R) - N of
        _ when N =:= 0 -> {new(), Q};
        _ when N =:= Front -> {settled([], F), settled(R, [])};
        0 -> {Q, new()};
        Left when Left < 0 -> ?BADARG([N, Q]);
        _ when N < Front ->
            {[X | Taken], Rest} = lists:split(N, F),
            {{lists:reverse(Taken), [X]}, {R, Rest}};
        Left ->
            {[X | Taken], Rest} = lists:split(Left, R),
            {{Rest, F}, {[X], lists:reverse(Taken)}}
    end;
split(N, Q) -> ?BADARG([N, Q]).

%% The items for which the fun answers true; it may answer a list of items.
-spec filter(fun((A) -> boolean() | [B]), queue(A)) -> queue(A | B).
filter(P, {R, F0}) when is_function(P, 1), ?IS(R, F0) ->
    F = filter_front(P, F0),
    settled(filter_rear(P, R), F);
filter(P, Q) -> ?BADARG([P, Q]).

filter_front(P, [X | F]) ->
    case P(X) of
        true -> [X | filter_front(P, F)];
        false -> filter_front(P, F);
        Xs when is_list(Xs) -> Xs ++ filter_front(P, F)
    end;
filter_front(_, []) ->
    [].

%% The last element, which is nearest to the front, first.
filter_rear(P, [X | R0]) ->
    R = filter_rear(P, R0),
    case P(X) of
        true -> [X | R];
        false -> R;
        Xs when is_list(Xs) -> lists:reverse(Xs, R)
    end;
filter_rear(_, []) ->
    [].

%% Items for which the fun answers true, or Value where it answers {true, Value}.
-spec filtermap(fun((A) -> boolean() | {true, B}), queue(A)) -> queue(A | B).
filtermap(P, {R, F}) when is_function(P, 1), ?IS(R, F) ->
    changed(fun(Xs) -> lists:filtermap(P, Xs) end, R, F);
filtermap(P, Q) -> ?BADARG([P, Q]).

%% Both lists made into others, from the front on.
changed(Change, R0, F0) ->
    F = Change(F0),
    R = Change(lists:reverse(R0)),
    settled(lists:reverse(R), F).

%% The fun of each item and what it made of those before.
-spec fold(fun((T, Acc) -> Acc), Acc, queue(T)) -> Acc.
fold(Fun, Acc, {R, F}) when is_function(Fun, 2), ?IS(R, F) ->
    lists:foldr(Fun, lists:foldl(Fun, Acc, F), R);
fold(Fun, Acc, Q) -> ?BADARG([Fun, Acc, Q]).

%% Whether the predicate holds for some item.
-spec any(fun((T) -> boolean()), queue(T)) -> boolean().
any(P, {R, F}) when is_function(P, 1), ?IS(R, F) -> lists:any(P, F) orelse lists:any(P, R);
any(P, Q) -> ?BADARG([P, Q]).

%% Whether the predicate holds for every item.
-spec all(fun((T) -> boolean()), queue(T)) -> boolean().
all(P, {R, F}) when is_function(P, 1), ?IS(R, F) -> lists:all(P, F) andalso lists:all(P, R);
all(P, Q) -> ?BADARG([P, Q]).

%%% Deleting

%% Without the first item that is equal.
-spec delete(term(), queue(T)) -> queue(T).
delete(X, {R, F} = Q) when ?IS(R, F) ->
    case lists:member(X, F) of
        true -> settled(R, lists:delete(X, F));
        false ->
            case lists:member(X, R) of
                true -> settled(lists:reverse(lists:delete(X, lists:reverse(R))), F);
                false -> Q
            end
    end;
delete(X, Q) -> ?BADARG([X, Q]).

%% Without the last item that is equal.
-spec delete_r(term(), queue(T)) -> queue(T).
delete_r(X, {R, F}) when ?IS(R, F) -> reverse(delete(X, {F, R}));
delete_r(X, Q) -> ?BADARG([X, Q]).

%% Without the first item for which the predicate holds.
-spec delete_with(fun((T) -> boolean()), queue(T)) -> queue(T).
delete_with(P, {R, F} = Q) when is_function(P, 1), ?IS(R, F) -> delete_front(P, Q);
delete_with(P, Q) -> ?BADARG([P, Q]).

%% Without the last item for which the predicate holds.
-spec delete_with_r(fun((T) -> boolean()), queue(T)) -> queue(T).
delete_with_r(P, {R, F}) when is_function(P, 1), ?IS(R, F) -> reverse(delete_front(P, {F, R}));
delete_with_r(P, Q) -> ?BADARG([P, Q]).

%% Without the first element for which P holds.
delete_front(P, {R, F} = Q) ->
    Other = fun(X) -> case P(X) of true -> false; false -> true end end,
    case lists:splitwith(Other, F) of
        {Before, [_ | After]} ->
            settled(R, Before ++ After);
        {_, []} ->
            case lists:splitwith(Other, lists:reverse(R)) of
                {Before, [_ | After]} -> settled(lists:reverse(Before ++ After), F);
                {_, []} -> Q
            end
    end.

%%% Okasaki's names

%% With the item in front.
-spec cons(E, queue(T)) -> queue(T | E).
cons(X, Q) -> in_r(X, Q).

%% The item in front.
-spec head(queue(T)) -> T.
head({[], []} = Q) -> erlang:error(empty, [Q]);
head({R, F}) when ?IS(R, F) -> look_near(F, R);
head(Q) -> ?BADARG([Q]).

%% Without the item in front.
-spec tail(queue(T)) -> queue(T).
tail(Q) -> drop(Q).

%% With the item at the rear.
-spec snoc(queue(T), E) -> queue(T | E).
snoc(Q, X) -> in(X, Q).

%% The item at the rear.
-spec daeh(queue(T)) -> T.
daeh(Q) -> get_r(Q).

%% The item at the rear.
-spec last(queue(T)) -> T.
last(Q) -> get_r(Q).

%% Without the item at the rear.
-spec liat(queue(T)) -> queue(T).
liat(Q) -> drop_r(Q).

%% Without the item at the rear.
-spec lait(queue(T)) -> queue(T).
lait(Q) -> drop_r(Q).

%% Without the item at the rear.
-spec init(queue(T)) -> queue(T).
init(Q) -> drop_r(Q).
