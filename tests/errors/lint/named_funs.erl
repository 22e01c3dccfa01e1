-module(named_funs).
-export([a/1, b/1, c/1, d/1]).
a(X) -> fun F(0) -> X; F(N) -> F(N - 1) end.
b(F) -> fun F(0) -> 0; F(N) -> F(N - 1) end.
c(X) -> fun F(_) -> X end, F(1).
d(_) -> fun _() -> ok end, fun F(F) -> F end.
