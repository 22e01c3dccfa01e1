-module(if_and_guards_scoping).
-export([a/1, b/1]).
a(X) -> if Y > 1 -> X; X > 1, Z < 1 -> ok; true -> Y end.
b(X) when Y > X; X < 1 -> Y.
