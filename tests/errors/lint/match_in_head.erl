-module(match_in_head).
-export([a/1, b/1, c/1]).
a(X = Y) -> X.
b({A, B} = C) -> {A, C}.
c({ok, X} = {ok, _} = Z) -> X.
