-module(constant_guards).
-export([a/1, b/1, c/1, d/1, e/1]).
a(X) when true -> X; a(_) -> 1.
b(X) when false -> X; b(X) -> X.
c(X) -> if true -> X; false -> 1; true -> 2 end.
d(X) when 1 < 2, is_atom(foo) -> X; d(_) -> 2.
e(X) -> case X of 1 when 1 > 2 -> a; 2 when a == a -> b; _ -> c end.
