-module(functions_redefined).
-export([a/0, a/0, b/0]).
a() -> ok.
b() -> ok.
a() -> again.
a(_) -> unused.
