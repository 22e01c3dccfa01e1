-module(pattern_variables_twice).
-export([a/2, b/1, c/1, d/1]).
a(X, X) -> ok.
b({X, X}) -> ok.
c(X) -> {Y, Y} = X.
d([_A, _A]) -> ok.
