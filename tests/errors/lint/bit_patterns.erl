-module(bit_patterns).
-export([a/1, b/1, c/1, d/1, e/1, f/1, g/1]).
a(<<X/binary, Y>>) -> {X, Y}.
b(<<X:Y, Y>>) -> {X, Y}.
c(<<Y, X:Y>>) -> {X, Y}.
d(<<"abc":3, X>>) -> X.
e(<<"abc"/utf8, X>>) -> X.
f(<<X:(foo()), Y>>) -> {X, Y}.
g(<<X:a, Y:1.0, Z:(-1)>>) -> {X, Y, Z}.
foo() -> 1.
