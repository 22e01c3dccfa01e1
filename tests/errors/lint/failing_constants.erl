-module(failing_constants).
-export([a/0, b/0, c/1]).
a() -> 1 + a, 2 * "x", {} - 1, 1 div 0, 5 rem 0, 1 bsl a, not 1, - a, bnot 1.5, ok.
b() -> hd([]), tl([]), length(a), element(3, {1, 2}), tuple_size([]), atom_to_list("a"), ok.
c(X) -> {a, X} = {b, X}, [] = {X}, 1 = 2, "a" = "b".
