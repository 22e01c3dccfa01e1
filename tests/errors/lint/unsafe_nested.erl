-module(unsafe_nested).
-export([a/1, b/1, c/1]).
a(X) -> case X of 1 -> case X of 2 -> Y = 1; _ -> ok end, Y; _ -> ok end.
b(X) -> case X of 1 -> case X of 2 -> Y = 1; _ -> Y = 2 end; _ -> ok end, Y.
c(X) -> case X of 1 -> if X > 1 -> Y = 1; true -> ok end; _ -> Y = 2 end, Y.
