-module(comprehension_scoping).
-export([a/1, b/2, c/1, d/2, e/1, f/1]).
a(L) -> [{X, Y} || {X, Y} <- L, Z <- [X], X =:= Y].
b(L, X) -> [X || X <- L, X > 1] ++ [X].
c(L) -> [Y || X <- L, Y <- [X || X <- X]].
d(B, S) -> << <<X:S>> || <<X:S, _:S>> <= B, Y <- [X] >>.
e(L) -> [X || {X, 1} <- L, begin Y = X, Y > 1 end, Y < 3].
f(L) -> [[Y || Y <- X] || X <- L, (fun(Z) -> Z > X end)(1)].
