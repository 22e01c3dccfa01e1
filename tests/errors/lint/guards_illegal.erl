-module(guards_illegal).
-export([a/1, b/1, c/1, d/1, e/1, f/1, g/1, h/1, i/1, j/1]).
a(X) when foo(X) -> ok.
b(X) when lists:member(X, [1]) -> ok.
c(X) when X ++ "a" == "ba" -> ok.
d(X) when (Y = X) > 1 -> ok.
e(X) when is_foo(X) -> ok.
f(X) when case X of 1 -> true end -> ok.
g(X) when fun() -> X end -> ok.
h(X) when [Y || Y <- X] == [] -> ok.
i(X) when X ! 1 -> ok.
j(X) when length(X) > 1, erlang:length(X) > 1, element(1, X) == nosuch:f() -> ok.
foo(_) -> true.
