-module(funs_scoping).
-export([a/1, b/1, c/1, d/0]).
a(X) -> F = fun(Y) -> Z = Y, Z end, F(X), Z.
b(X) -> fun(Y) when Y > X -> ok; (W) -> Y end.
c(X) -> fun Name(Y) -> X end.
d() -> fun Name(Name) -> Name end.
