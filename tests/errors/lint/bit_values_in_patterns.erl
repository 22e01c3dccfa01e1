-module(bit_values_in_patterns).
-export([a/1, b/1, c/1, d/1]).
a(<<foo, X>>) -> X.
b(<<{a}, X>>) -> X.
c(<<1.5/float, -1, 2 + 3, "abc", $c>>) -> ok.
d(<<(X + 1), Y>>) -> {X, Y}.
