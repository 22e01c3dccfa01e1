-module(dropped_values).
-export([a/1, b/1, c/1, d/2]).
a(X) -> X == 1, X + 1, X ++ [], not X, ok.
b(X) -> begin [X], {X} end, case X of 1 -> "one"; _ -> #{} end, ok.
c(X) -> fun() -> X end, <<X>>, 1.5, $c, [], {}, a, ok.
d(X, Y) -> if X -> {Y}; true -> Y end, receive X -> [Y] after 1 -> {Y} end, catch {X}, ok.
