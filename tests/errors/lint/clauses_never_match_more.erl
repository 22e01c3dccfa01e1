-module(clauses_never_match_more).
-export([a/1, b/0, c/1, d/1, e/1, f/2]).
a(X) -> if true -> X; X > 1 -> 2 end.
b() -> receive X -> X; 1 -> 2 end.
c(X) -> try X of Y -> Y; 1 -> 2 catch _:_ -> 1; error:foo -> 2 end.
d(X) -> F = fun(Y) -> Y; (1) -> 2 end, F(X).
e(X) -> case {X, 1} of {a, 2} -> 1; {_, _} -> 2; _ -> 3 end.
f(A, B) -> case [A, B] of "00" -> zero; [$1 | _] -> one; "abc" -> three; "" -> none; "a" -> a; _ -> other end.
