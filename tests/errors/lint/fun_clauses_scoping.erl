-module(fun_clauses_scoping).
-export([a/1, b/1, c/2, d/1]).
a(X) -> F = fun(1) -> Y = X; (Z) -> Y = Z end, F(Y).
b(X) -> fun(X, Y) -> fun(Y) -> {X, Y} end end.
c(X, Y) -> [fun(Z) -> X + Y + Z end || Z <- [X], Z > Y].
d(X) -> F = fun(A) -> G = fun(A, B) -> A + B end, G(A, A) end, F(X), G.
