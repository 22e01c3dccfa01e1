%% Double-ended queues {Rear, Front}: Rear in reverse order. Neither list is empty while there are
%% two or more elements, so that both ends are at hand.
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

-spec new() -> queue(none()).
new() -> {[], []}.

-spec is_queue(term()) -> boolean().
is_queue({R, F}) when is_list(R), is_list(F) -> true;
is_queue(_) -> false.

-spec is_empty(queue()) -> boolean().
is_empty({[], []}) -> true;
is_empty({R, F}) when is_list(R), is_list(F) -> false;
is_empty(Q) -> erlang:error(badarg, [Q]).

-spec len(queue()) -> non_neg_integer().
len({R, F}) when is_list(R), is_list(F) -> length(R) + length(F);
len(Q) -> erlang:error(badarg, [Q]).

-spec to_list(queue(T)) -> [T].
to_list({R, F}) when is_list(R), is_list(F) -> F ++ lists:reverse(R, []);
to_list(Q) -> erlang:error(badarg, [Q]).

-spec from_list([T]) -> queue(T).
from_list(List) when is_list(List) -> front_to_queue(List);
from_list(List) -> erlang:error(badarg, [List]).

%% Half of a list given in order goes to the other side.
front_to_queue([]) -> {[], []};
front_to_queue([_] = F) -> {F, []};
front_to_queue([X, Y]) -> {[Y], [X]};
front_to_queue(List) ->
    {F, R} = lists:split(length(List) div 2, List),
    {lists:reverse(R, []), F}.

%% The same for a list in reverse order.
rear_to_queue([]) -> {[], []};
rear_to_queue([_] = R) -> {[], R};
rear_to_queue([X, Y]) -> {[X], [Y]};
rear_to_queue(List) ->
    {R, F} = lists:split(length(List) div 2, List),
    {R, lists:reverse(F, [])}.

-spec member(term(), queue()) -> boolean().
member(X, {R, F}) when is_list(R), is_list(F) -> lists:member(X, R) orelse lists:member(X, F);
member(X, Q) -> erlang:error(badarg, [X, Q]).

%%% Ends

-spec in(E, queue(T)) -> queue(T | E).
in(X, {[_] = R, []}) -> {[X], R};
in(X, {R, F}) when is_list(R), is_list(F) -> {[X | R], F};
in(X, Q) -> erlang:error(badarg, [X, Q]).

-spec in_r(E, queue(T)) -> queue(T | E).
in_r(X, {[], [_] = F}) -> {F, [X]};
in_r(X, {R, F}) when is_list(R), is_list(F) -> {R, [X | F]};
in_r(X, Q) -> erlang:error(badarg, [X, Q]).

-spec out(queue(T)) -> {{value, T}, queue(T)} | {empty, queue(T)}.
out({[], []} = Q) -> {empty, Q};
out({[X], []}) -> {{value, X}, {[], []}};
out({[Y | R], []}) ->
    [X | F] = lists:reverse(R, []),
    {{value, X}, {[Y], F}};
out({R, [X]}) when is_list(R) -> {{value, X}, rear_to_queue(R)};
out({R, [X | F]}) when is_list(R) -> {{value, X}, {R, F}};
out(Q) -> erlang:error(badarg, [Q]).

-spec out_r(queue(T)) -> {{value, T}, queue(T)} | {empty, queue(T)}.
out_r({[], []} = Q) -> {empty, Q};
out_r({[], [X]}) -> {{value, X}, {[], []}};
out_r({[], [Y | F]}) ->
    [X | R] = lists:reverse(F, []),
    {{value, X}, {R, [Y]}};
out_r({[X], F}) when is_list(F) -> {{value, X}, front_to_queue(F)};
out_r({[X | R], F}) when is_list(F) -> {{value, X}, {R, F}};
out_r(Q) -> erlang:error(badarg, [Q]).

-spec get(queue(T)) -> T.
get({[], []} = Q) -> erlang:error(empty, [Q]);
get({R, F}) when is_list(R), is_list(F) -> first(R, F);
get(Q) -> erlang:error(badarg, [Q]).

first(_, [X | _]) -> X;
first([X], []) -> X;
first(R, []) -> lists:last(R).

-spec get_r(queue(T)) -> T.
get_r({[], []} = Q) -> erlang:error(empty, [Q]);
get_r({R, F}) when is_list(R), is_list(F) -> first(F, R);
get_r(Q) -> erlang:error(badarg, [Q]).

-spec peek(queue(T)) -> empty | {value, T}.
peek({[], []}) -> empty;
peek({R, F}) when is_list(R), is_list(F) -> {value, first(R, F)};
peek(Q) -> erlang:error(badarg, [Q]).

-spec peek_r(queue(T)) -> empty | {value, T}.
peek_r({[], []}) -> empty;
peek_r({R, F}) when is_list(R), is_list(F) -> {value, first(F, R)};
peek_r(Q) -> erlang:error(badarg, [Q]).

-spec drop(queue(T)) -> queue(T).
drop({[], []} = Q) -> erlang:error(empty, [Q]);
drop({R, F} = Q) when is_list(R), is_list(F) ->
    {{value, _}, Rest} = out(Q),
    Rest;
drop(Q) -> erlang:error(badarg, [Q]).

-spec drop_r(queue(T)) -> queue(T).
drop_r({[], []} = Q) -> erlang:error(empty, [Q]);
drop_r({R, F} = Q) when is_list(R), is_list(F) ->
    {{value, _}, Rest} = out_r(Q),
    Rest;
drop_r(Q) -> erlang:error(badarg, [Q]).

%%% Whole queues

-spec reverse(queue(T)) -> queue(T).
reverse({R, F}) when is_list(R), is_list(F) -> {F, R};
reverse(Q) -> erlang:error(badarg, [Q]).

-spec join(queue(A), queue(B)) -> queue(A | B).
join({R, F} = Q, {[], []}) when is_list(R), is_list(F) -> Q;
join({[], []}, {R, F} = Q) when is_list(R), is_list(F) -> Q;
join({R1, F1}, {R2, F2}) when is_list(R1), is_list(F1), is_list(R2), is_list(F2) ->
    {R2, F1 ++ lists:reverse(R1, F2)};
join(Q1, Q2) -> erlang:error(badarg, [Q1, Q2]).

-spec split(non_neg_integer(), queue(T)) -> {queue(T), queue(T)}.
split(0, {R, F} = Q) when is_list(R), is_list(F) -> {{[], []}, Q};
split(N, {R, F} = Q) when is_integer(N), N >= 1, is_list(R), is_list(F) ->
    Front = length(F),
    if
        N < Front ->
            [X | Rest] = F,
            split_front(N - 1, Rest, R, X, []);
        N > Front ->
            case length(R) - (N - Front) of
                Left when Left < 0 -> erlang:error(badarg, [N, Q]);
                Left -> split_rear(Left, R, F)
            end;
        true ->
            {front_to_queue(F), rear_to_queue(R)}
    end;
split(N, Q) -> erlang:error(badarg, [N, Q]).

split_front(0, F, R, First, Taken) -> {{Taken, [First]}, {R, F}};
split_front(N, [X | F], R, First, Taken) -> split_front(N - 1, F, R, First, [X | Taken]).

split_rear(0, R, F) -> {{R, F}, {[], []}};
split_rear(N, [X | R], F) -> split_rear_1(N - 1, R, F, X, []).

split_rear_1(0, R, F, Last, Taken) -> {{R, F}, {[Last], Taken}};
split_rear_1(N, [X | R], F, Last, Taken) -> split_rear_1(N - 1, R, F, Last, [X | Taken]).

%% A queue of any two halves.
rear_and_front([], F) -> front_to_queue(F);
rear_and_front(R, []) -> rear_to_queue(R);
rear_and_front(R, F) -> {R, F}.

-spec filter(fun((A) -> boolean() | [B]), queue(A)) -> queue(A | B).
filter(P, {R0, F0}) when is_function(P, 1), is_list(R0), is_list(F0) ->
    F = filter_front(P, F0),
    R = filter_rear(P, R0),
    rear_and_front(R, F);
filter(P, Q) -> erlang:error(badarg, [P, Q]).

filter_front(P, [X | Xs]) ->
    case P(X) of
        true -> [X | filter_front(P, Xs)];
        [] -> filter_front(P, Xs);
        false -> filter_front(P, Xs);
        List when is_list(List) -> List ++ filter_front(P, Xs)
    end;
filter_front(_, []) -> [].

%% From the front on: the last element of the list first.
filter_rear(P, [X | Xs]) ->
    Rest = filter_rear(P, Xs),
    case P(X) of
        true -> [X | Rest];
        [] -> Rest;
        false -> Rest;
        List when is_list(List) -> lists:reverse(List, Rest)
    end;
filter_rear(_, []) -> [].

-spec filtermap(fun((A) -> boolean() | {true, B}), queue(A)) -> queue(A | B).
filtermap(F, {R, Fr}) when is_function(F, 1), is_list(R), is_list(Fr) ->
    Front = lists:filtermap(F, Fr),
    rear_and_front(filtermap_rear(F, R), Front);
filtermap(F, Q) -> erlang:error(badarg, [F, Q]).

filtermap_rear(F, [X | Xs]) ->
    Rest = filtermap_rear(F, Xs),
    case F(X) of
        true -> [X | Rest];
        {true, Y} -> [Y | Rest];
        false -> Rest
    end;
filtermap_rear(_, []) -> [].

-spec fold(fun((T, Acc) -> Acc), Acc, queue(T)) -> Acc.
fold(F, Acc, {R, Fr}) when is_function(F, 2), is_list(R), is_list(Fr) ->
    lists:foldr(F, lists:foldl(F, Acc, Fr), R);
fold(F, Acc, Q) -> erlang:error(badarg, [F, Acc, Q]).

-spec any(fun((T) -> boolean()), queue(T)) -> boolean().
any(P, {R, F}) when is_function(P, 1), is_list(R), is_list(F) ->
    lists:any(P, F) orelse lists:any(P, R);
any(P, Q) -> erlang:error(badarg, [P, Q]).

-spec all(fun((T) -> boolean()), queue(T)) -> boolean().
all(P, {R, F}) when is_function(P, 1), is_list(R), is_list(F) ->
    lists:all(P, F) andalso lists:all(P, R);
all(P, Q) -> erlang:error(badarg, [P, Q]).

%%% Deleting

-spec delete(term(), queue(T)) -> queue(T).
delete(X, {R, F} = Q) when is_list(R), is_list(F) -> delete_if(fun(Y) -> Y =:= X end, Q);
delete(X, Q) -> erlang:error(badarg, [X, Q]).

-spec delete_r(term(), queue(T)) -> queue(T).
delete_r(X, {R, F} = Q) when is_list(R), is_list(F) ->
    reverse(delete_if(fun(Y) -> Y =:= X end, reverse(Q)));
delete_r(X, Q) -> erlang:error(badarg, [X, Q]).

-spec delete_with(fun((T) -> boolean()), queue(T)) -> queue(T).
delete_with(P, {R, F} = Q) when is_function(P, 1), is_list(R), is_list(F) -> delete_if(P, Q);
delete_with(P, Q) -> erlang:error(badarg, [P, Q]).

-spec delete_with_r(fun((T) -> boolean()), queue(T)) -> queue(T).
delete_with_r(P, {R, F} = Q) when is_function(P, 1), is_list(R), is_list(F) ->
    reverse(delete_if(P, reverse(Q)));
delete_with_r(P, Q) -> erlang:error(badarg, [P, Q]).

%% The first element for which P holds, looking from the front.
delete_if(P, {R, F} = Q) ->
    case delete_front(P, F) of
        false ->
            case delete_rear(P, R) of
                false -> Q;
                [] -> front_to_queue(F);
                R1 -> rear_and_front(R1, F)
            end;
        [] -> rear_to_queue(R);
        F1 -> rear_and_front(R, F1)
    end.

delete_front(P, [X | Xs]) ->
    case P(X) of
        true -> Xs;
        false ->
            case delete_front(P, Xs) of
                false -> false;
                Rest -> [X | Rest]
            end
    end;
delete_front(_, []) -> false.

delete_rear(P, [X | Xs]) ->
    case delete_rear(P, Xs) of
        false ->
            case P(X) of
                true -> Xs;
                false -> false
            end;
        Rest -> [X | Rest]
    end;
delete_rear(_, []) -> false.

%%% Okasaki's names

-spec cons(E, queue(T)) -> queue(T | E).
cons(X, Q) -> in_r(X, Q).

-spec head(queue(T)) -> T.
head({[], []} = Q) -> erlang:error(empty, [Q]);
head({R, F}) when is_list(R), is_list(F) -> first(R, F);
head(Q) -> erlang:error(badarg, [Q]).

-spec tail(queue(T)) -> queue(T).
tail(Q) -> drop(Q).

-spec snoc(queue(T), E) -> queue(T | E).
snoc(Q, X) -> in(X, Q).

-spec daeh(queue(T)) -> T.
daeh(Q) -> get_r(Q).

-spec last(queue(T)) -> T.
last(Q) -> get_r(Q).

-spec liat(queue(T)) -> queue(T).
liat(Q) -> drop_r(Q).

-spec lait(queue(T)) -> queue(T).
lait(Q) -> drop_r(Q).

-spec init(queue(T)) -> queue(T).
init(Q) -> drop_r(Q).
