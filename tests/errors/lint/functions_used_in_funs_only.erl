-module(functions_used_in_funs_only).
-export([a/0, b/0]).
a() -> fun c/0.
b() -> fun ?MODULE:d/0, [e() || _ <- [1]], fun() -> f() end.
c() -> 1.
d() -> 2.
e() -> 3.
f() -> 4.
