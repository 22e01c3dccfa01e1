-module(unbound_in_arguments).
-export([a/0, b/0, c/0, d/0]).
a() -> foo(X = 1, X).
b() -> {Y = 1, Y}.
c() -> [Z = 1, Z].
d() -> (A = 1) + A.
foo(_, _) -> ok.
