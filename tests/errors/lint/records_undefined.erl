-module(records_undefined).
-export([a/0, b/1, c/1, d/1, e/0, f/1]).
-record(r, {x, y = 1, z :: integer()}).
a() -> #nosuch{}.
b(R) -> R#nosuch.x.
c(#nosuch{x = X}) -> X.
d(R) -> R#r{w = 1}.
e() -> #r{x = 1, w = 2}.
f(R) -> {R#r.w, #r.w, #nosuch.w}.
