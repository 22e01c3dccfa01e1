-module(guard_calls_more).
-export([a/1, b/1, c/1, d/2, e/1]).
a(X) when erlang:is_list(X), erlang:foo(X) -> ok.
b(X) when self() == X, node(X) == node(), spawn(X) -> ok.
c(X) when length(X, 1) -> ok.
d(X, F) when F(X) -> ok.
e(X) when X:foo() -> ok; e(X) when erlang:X() -> ok.
