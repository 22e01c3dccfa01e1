%% One place calls many funs in turn: of one kind for long, then others, then what is none.
-module(calls_of_funs_that_change).
-export([main/0, remote/2]).

main() ->
    Funs = [fun plus/2, fun minus/2, fun(A, B) -> A * B end, fun ?MODULE:remote/2, captured(3, 4)],
    L = lists:seq(1, 3000),
    %% Each for itself, then again in another order, then all in turn.
    io:format("~w~n", [[fold(F, 1, L) || F <- Funs]]),
    io:format("~w~n", [[fold(F, 1, L) || F <- lists:reverse(Funs)]]),
    io:format("~w~n", [in_turn(Funs, Funs, 0, 20000)]),
    io:format("~w~n", [each(captured(1, 2), L)]),
    io:format("~w~n", [[each(captured(A, B), [1, 2]) || A <- [1, 1 bsl 70, 1.5], B <- [2, -7.25]]]),
    io:format("~w~n", [[raised(fun() -> fold(X, 1, [1, 2]) end) || X <- [none, fun plus/1, fun(_) -> 0 end, {a, b}, 17]]]),
    io:format("~w~n", [raised(fun() -> fold(fun plus/2, a, [1]) end)]),
    io:format("~w~n", [raised(fun() -> fold(fun(_, B) -> last(B, B) end, 5, [1, 2]) end)]),
    io:format("~w~n", [made_here(L)]),
    io:format("~w~n", [apply_last(fun plus/2, 3) + apply_last(captured(7, 8), 4)]),
    io:format("~w~n", [lists:sum([apply_last(fun minus/2, I) + apply_last(fun plus/2, I) || I <- L])]),
    io:format("~w~n", [compose([fun(X) -> X + 1 end, fun(X) -> X * 2 end, fun(X) -> X - 3 end], 5000, 1)]).

plus(X) -> X.
plus(A, B) -> (A + B) rem 1000003.
minus(A, B) -> last(B - A, A).
remote(A, B) -> (A bxor B) band 16#FFFFF.
last(X, _) -> X rem 999983.

captured(X, Y) -> fun(A, B) -> (A * X + B * Y) end.

fold(_, Acc, []) -> Acc;
fold(F, Acc, [X | Rest]) -> fold(F, bound(F(X, Acc)), Rest).

bound(X) when is_integer(X) -> X rem 1000000007;
bound(X) -> X.

in_turn(_, _, Acc, 0) -> Acc;
in_turn([], All, Acc, N) -> in_turn(All, All, Acc, N);
in_turn([F | Rest], All, Acc, N) -> in_turn(Rest, All, bound(F(N, Acc)), N - 1).

each(F, L) -> [F(X, X + 1) || X <- L, X rem 997 =:= 1 orelse X =:= 2].

%% The fun is made where it is called, and captures what the loop has.
made_here(L) -> made_here(L, 0).
made_here([], Sum) -> Sum;
made_here([X | Rest], Sum) ->
    F = fun(Y) -> Y * X + Sum end,
    made_here(Rest, bound(F(X) + F(2))).

apply_last(F, X) -> F(X, X + 1).

compose(_, 0, X) -> X;
compose([F | Fs], N, X) -> compose(Fs ++ [F], N - 1, F(X) rem 100003).

raised(F) ->
    try F() catch error:{badfun, X} -> {badfun, X};
                  error:{badarity, {X, Args}} -> {badarity, is_function(X), Args};
                  Class:Reason -> {Class, Reason} end.
