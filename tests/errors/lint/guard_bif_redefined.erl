-module(guard_bif_redefined).
-export([a/1, b/1, is_list/1, c/1]).
a(X) when is_list(X) -> ok.
b(X) when length(X) > 0 -> ok.
is_list(_) -> true.
length(_) -> 1.
c(X) -> length(X).
