-module(functions_unused).
-export([a/0]).
a() -> b().
b() -> ok.
c() -> d().
d() -> c().
e() -> e().
f(_) -> ok.
