%% Doubly recursive Fibonacci: calls, small integers, nothing else.
-module(fib).
-export([run/1, default/0]).

default() -> 39.

run(N) -> fib(N).

fib(N) when N < 2 -> N;
fib(N) -> fib(N - 1) + fib(N - 2).
