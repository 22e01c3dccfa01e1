-module(unbound_variables).
-export([a/0, b/1, c/2, d/0, e/1, f/0, g/0]).
a() -> X.
b(Y) -> Y + Z.
c(A, B) -> foo(A, C, B, C).
d() -> X = 1, Y = X + W, Y.
e(F) -> fun(G) -> G + H + F end.
f() -> _.
g() -> [X || X <- Y, Z > X].
foo(_, _, _, _) -> ok.
