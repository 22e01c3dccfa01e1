-module(operands_bind_the_same).
-export([a/1, b/1, c/1, d/1, e/1, f/2]).
-record(r, {x, y}).

a({X, Y}) -> {Z = X, Z = Y}.
b([H | T]) -> [Z = H | Z = T].
c(#r{x = X, y = Y}) -> #r{x = A = X, y = A = Y}.
d({M, F}) -> (Z = M):(Z = F)().
e({M, F, Arg}) -> (Z = M):F(Z = Arg).
f(X, Y) -> (Z = X) + (W = Y).
