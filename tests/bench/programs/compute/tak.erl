%% Takeuchi's function: deep recursion with three arguments.
-module(tak).
-export([run/1, default/0]).

default() -> 11.

run(N) -> tak(3 * N, 2 * N, N).

tak(X, Y, Z) when Y >= X -> Z;
tak(X, Y, Z) -> tak(tak(X - 1, Y, Z), tak(Y - 1, Z, X), tak(Z - 1, X, Y)).
