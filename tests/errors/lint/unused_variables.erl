-module(unused_variables).
-export([a/2, b/1, c/0, d/1, e/1, f/0, g/1]).
a(X, Y) -> ok.
b({X, _Y, Z}) -> Z.
c() -> X = 1, Y = 2, Y.
d(X) -> case X of {A, B} -> A; C -> ok end.
e(X) -> fun(Y, Z) -> Y + X end.
f() -> [1 || X <- [1, 2]].
g(X) -> case X of {A, 1} -> ok; {A, 2} -> ok end.
