-module(try_scoping_more).
-export([a/1, b/1, c/1, d/1]).
a(X) -> try Y = X, Y of Y -> Z = 1 catch A:B -> {A, B, Y} after Z end.
b(X) -> try foo(X) catch throw:T when T > X -> U = T, U; error:_ -> U = 1 end, U.
c(X) -> try Q = foo(X) of R -> {Q, R} after io:format("~p", [Q]) end, Q.
d(X) -> X1 = try foo(X) catch _:_ -> X2 = 1 end, X1 + X2.
foo(X) -> X.
