-module(patterns_illegal).
-export([a/1, b/1, c/1, d/1, e/1, f/1, g/1, h/1]).
a(foo()) -> ok.
b(X + 1) -> X.
c("abc" ++ X) -> X.
d(1 + 2) -> ok.
e(X ++ "abc") -> X.
f({fun() -> ok end}) -> ok.
g([Y || Y <- X]) -> X.
h(<<X/binary, Y/binary>>) -> {X, Y}.
