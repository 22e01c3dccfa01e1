-module(functions_undefined).
-export([a/0, b/1, missing/0, missing/3]).
a() -> nosuch(), nosuch(1), fun nosuch/2, other:fine().
b(X) when X > 1 -> c(X), d:c(X).
c(1) -> ok.
