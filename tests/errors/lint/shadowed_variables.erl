-module(shadowed_variables).
-export([a/1, b/1, c/1, d/2, e/1]).
a(X) -> fun(X) -> X end.
b(X) -> [X || X <- [1, X]].
c(X) -> F = fun F(X) -> F(X) end, F(X).
d(X, Y) -> << <<X>> || <<X:Y>> <= Y >>.
e(X) -> [Y || Y <- X, Y <- Y].
