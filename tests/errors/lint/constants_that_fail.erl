-module(constants_that_fail).
-export([a/0, b/0, c/1, d/0]).
a() -> 1 + a.
b() -> 1 / 0, length(a).
c(X) when length(a) > 1 -> X;
c(X) when false -> X;
c(X) when X > 1, false -> X.
d() -> atom_to_list(1), hd([]), a:b(), error(foo), ok.
