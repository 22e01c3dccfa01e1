-module(patterns_illegal_more).
-export([a/1, b/1, c/1, d/2, e/1, f/1]).
-record(r, {x}).
a(case x of y -> z end) -> ok.
b(X) -> foo(X) = 1.
c(X) -> X#r{x = 1} = X, X#r.x = 1, ok.
d(X, Y) -> #{X => Y} = X, #{X := Z} = Y, Z.
e(#{Y := X}) -> X.
f(#{foo() := X, a := X}) -> X.
foo(_) -> 1.
