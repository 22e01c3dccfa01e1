-module(maybe_scoping).
-feature(maybe_expr, enable).
-export([a/1, b/1, c/1]).
a(X) -> maybe {ok, Y} ?= X, Y end.
b(X) -> maybe {ok, Y} ?= X, Z = Y else _ -> ok end, {Y, Z}.
c(X) -> maybe {ok, Y} ?= X else {error, Z} -> Y; W -> ok end.
