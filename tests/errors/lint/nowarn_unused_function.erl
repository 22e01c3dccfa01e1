-module(nowarn_unused_function).
-export([a/0]).
-compile({nowarn_unused_function, [{c, 0}, {f, 1}]}).
-compile({nowarn_unused_function, {g, 1}}).
a() -> ok.
c() -> d().
d() -> c().
e() -> e().
f(_) -> ok.
g(_) -> h().
h() -> ok.
