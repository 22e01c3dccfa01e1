-module(call_to_number).
-export([a/0, b/1, c/1]).
a() -> 1(2).
b(X) -> X:foo(), foo:X(), X(), (X)(1).
c(X) -> {a, b}(X), "abc"(), [](1).
