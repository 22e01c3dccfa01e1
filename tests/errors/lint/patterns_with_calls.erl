-module(patterns_with_calls).
-export([a/1, b/1, c/1, d/1]).
a(X) -> {ok, length(X)} = X.
b(X) -> [self() | _] = X.
c(X) -> case X of foo:bar() -> ok; fun() -> 1 end -> ok end.
d(X) -> begin Y = 1, Y end = X.
