-module(record_fields_twice).
-export([a/0, b/1, c/1, d/0]).
-record(r, {x, y}).
a() -> #r{x = 1, x = 2}.
b(R) -> R#r{x = 1, x = 2}.
c(#r{x = 1, x = X}) -> X.
d() -> #r{_ = 1, _ = 2}.
