-module(record_patterns_scoping).
-export([a/1, b/1, c/2, d/1]).
-record(r, {x, y = 1, z}).
a(#r{x = X, y = Y}) -> X.
b(#r{x = X, _ = Y}) -> X.
c(R, V) -> #r{x = V, y = W} = R, W.
d(R) -> R#r{x = Q, y = (P = 1)}, P.
