%% Four independent processes, each computing Fibonacci of N.
-module(numeric_4).
-export([run/1, default/0]).

default() -> 39.

run(N) ->
    Self = self(),
    [spawn_link(fun() -> Self ! {fib, fib(N)} end) || _ <- [1, 2, 3, 4]],
    lists:sum([receive {fib, F} -> F end || _ <- [1, 2, 3, 4]]).

fib(N) when N < 2 -> N;
fib(N) -> fib(N - 1) + fib(N - 2).
