-module(unused_in_try_and_receive).
-export([a/0, b/0, c/1]).
a() -> try foo() of X -> ok catch C:R:S -> ok end.
b() -> receive {a, X} -> ok; {b, Y} -> Y after 10 -> Z = 1 end.
c(X) -> try Y = X of Z -> 1 after W = 1 end.
foo() -> ok.
