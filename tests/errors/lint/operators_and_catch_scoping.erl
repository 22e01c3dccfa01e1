-module(operators_and_catch_scoping).
-export([a/1, b/1, c/1, d/2]).
a(X) -> (Y = X) + Y.
b(X) -> X andalso (Y = X) andalso Y, Y.
c(X) -> (catch Y = X), (catch Z = Y), Z.
d(X, Y) -> not (Z = X) orelse Z, Y ! (W = Z), W.
