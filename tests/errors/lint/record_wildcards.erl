-module(record_wildcards).
-export([a/0, b/1, c/1]).
-record(r, {x, y}).
a() -> #r{x = 1, y = 2, _ = 3}.
b(R) -> R#r{_ = 1}.
c(#r{_ = X}) -> X.
