-module(functions_defined_apart).
-export([a/1, b/0]).
a(1) -> 1.
b() -> a(1).
a(2) -> 2.
c() -> 1.
c() -> 2.
