%% Long integer and float loops whose results are known.
-module(numeric_code_stays_exact_over_many_steps).
-export([main/0]).

main() ->
    io:format("~w~n", [lcg(42, 1000000)]),
    io:format("~w~n", [fib(90)]),
    io:format("~w~n", [fib(300)]),
    io:format("~w~n", [pi_sum(100000, 0.0)]),
    io:format("~w~n", [newton(2.0, 1.0, 20)]),
    io:format("~w~n", [collatz(27, 0)]),
    io:format("~w~n", [logistic(0.3, 1000)]),
    io:format("~w~n", [isqrt(1 bsl 201)]),
    io:format("~w~n", [modexp(7, 560, 561)]).

lcg(S, 0) -> S;
lcg(S, N) -> lcg((S * 6364136223846793005 + 1442695040888963407) band 16#FFFFFFFFFFFFFFFF, N - 1).

fib(N) -> fib(N, 0, 1).
fib(0, A, _) -> A;
fib(N, A, B) -> fib(N - 1, B, A + B).

pi_sum(0, S) -> S * 4;
pi_sum(N, S) -> K = N - 1, pi_sum(K, S + (1 - 2 * (K rem 2)) / (2 * K + 1)).

newton(_, X, 0) -> X;
newton(A, X, N) -> newton(A, (X + A / X) / 2, N - 1).

collatz(1, N) -> N;
collatz(X, N) when X rem 2 =:= 0 -> collatz(X div 2, N + 1);
collatz(X, N) -> collatz(3 * X + 1, N + 1).

logistic(X, 0) -> X;
logistic(X, N) -> logistic(3.9 * X * (1.0 - X), N - 1).

isqrt(N) -> isqrt(N, N).
isqrt(N, X) -> Y = (X + N div X) div 2, if Y >= X -> X; true -> isqrt(N, Y) end.

modexp(_, 0, _) -> 1;
modexp(B, E, M) when E rem 2 =:= 1 -> B * modexp(B, E - 1, M) rem M;
modexp(B, E, M) -> modexp(B * B rem M, E div 2, M).
