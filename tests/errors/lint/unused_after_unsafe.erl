-module(unused_after_unsafe).
-export([a/1, b/1, c/1]).
a(X) -> case X of 1 -> Y = 1; _ -> ok end.
b(X) -> case X of 1 -> Y = 1; _ -> Y = 2 end.
c(X) -> try Y = X catch _:_ -> ok end.
