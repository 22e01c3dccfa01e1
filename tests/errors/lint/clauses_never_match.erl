-module(clauses_never_match).
-export([a/1, b/1, c/1, d/2, e/1]).
a(_) -> 1;
a(2) -> 2.
b(X) -> case X of Y -> Y; 2 -> 3 end.
c(X) -> case 1 of 2 -> X; 1 -> ok end.
d(X, Y) -> 1;
d(1, 2) -> 2.
e(X) when true -> X;
e(1) -> 2.
