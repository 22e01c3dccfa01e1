-module(unsafe_then_bound).
-export([a/1, b/1, c/1]).
a(X) -> case X of 1 -> Y = 1; _ -> ok end, Y = 2, Y.
b(X) -> case X of 1 -> Y = 1; _ -> ok end, {Y, Y}, Y.
c(X) -> case X of 1 -> Y = 1; _ -> ok end, fun(Y) -> Y end.
