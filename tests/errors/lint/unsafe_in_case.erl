-module(unsafe_in_case).
-export([a/1, b/1, c/1, d/1]).
a(X) -> case X of 1 -> Y = 2; _ -> ok end, Y.
b(X) -> case X of 1 -> Y = 2; _ -> Y = 3 end, Y.
c(X) -> case X of {A, 1} -> A; {B, 2} -> B end, {A, B}.
d(X) -> case X of {A, 1} -> A; {A, 2} -> A end, {A}.
