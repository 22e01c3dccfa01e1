-module(match_fails).
-export([a/0, b/1, c/0]).
a() -> {ok, 1} = {error, 2}.
b(X) -> 1 = 2, X.
c() -> [A] = [], A.
