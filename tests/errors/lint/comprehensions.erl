-module(comprehensions).
-export([a/1, b/1, c/1, d/1, e/1]).
a(L) -> [X || X <- L, Y = X], Y.
b(L) -> [X || {X, Y} <- L, (Z = X) > 1], Z.
c(L) -> [{X, Y} || X <- L, Y <- X, X > Z].
d(L) -> [X || X <- (Y = L)], Y.
e(L) -> [A = X || X <- L], A.
