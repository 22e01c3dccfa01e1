%% One process computing Fibonacci of N: what numeric_4 is compared with.
-module(numeric_1).
-export([run/1, default/0]).

default() -> 39.

run(N) ->
    Self = self(),
    spawn_link(fun() -> Self ! {fib, fib(N)} end),
    receive {fib, F} -> F end.

fib(N) when N < 2 -> N;
fib(N) -> fib(N - 1) + fib(N - 2).
