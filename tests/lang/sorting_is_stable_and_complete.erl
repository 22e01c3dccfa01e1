%% lists:sort against insertion sort, keysort stability, many sizes.
-module(sorting_is_stable_and_complete).
-export([main/0]).

main() ->
    [begin
         L = random(N, N * 7 + 1, []),
         true = lists:sort(L) =:= insertion(L, []),
         true = lists:usort(L) =:= unique(lists:sort(L)),
         Tagged = lists:zip(lists:seq(1, N), [X rem 5 || X <- L]),
         true = stable(lists:keysort(2, Tagged)),
         true = lists:sort(fun(A, B) -> A >= B end, L) =:= lists:reverse(lists:sort(L))
     end || N <- lists:seq(0, 60) ++ [200]],
    io:format("all sizes~n"),
    Big = random(100000, 3, []),
    S = lists:sort(Big),
    io:format("~w ~w~n", [length(S), ordered(S)]),
    io:format("~w~n", [ordered(lists:sort(lists:reverse(S)))]),
    io:format("~w~n", [lists:sort([3.0, 1, 2.5, -1.0, 4, 2])]).

random(0, _, L) -> L;
random(N, S, L) -> random(N - 1, (S * 48271) rem 2147483647, [S rem 100 | L]).

insertion([], S) -> S;
insertion([X | R], S) -> insertion(R, insert(X, S)).

insert(X, [Y | R]) when X > Y -> [Y | insert(X, R)];
insert(X, S) -> [X | S].

unique([X, X | R]) -> unique([X | R]);
unique([X | R]) -> [X | unique(R)];
unique([]) -> [].

stable([{I, K}, {J, K} = B | R]) -> I < J andalso stable([B | R]);
stable([{_, K}, {_, K2} = B | R]) -> K < K2 andalso stable([B | R]);
stable(_) -> true.

ordered([A, B | R]) -> A =< B andalso ordered([B | R]);
ordered(_) -> true.
