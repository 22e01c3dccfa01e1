-module(nested_unsafe).
-export([a/1, b/1, c/1]).
a(X) -> try case X of 1 -> Y = 1; _ -> ok end, Y catch _:_ -> Y end.
b(X) -> case X of 1 -> try Y = 1 catch _:_ -> ok end, Y; _ -> Y = 2 end, Y.
c(X) -> if X -> case X of true -> Z = 1; _ -> Z = 2 end; true -> Z = 3 end, fun() -> Z end.
