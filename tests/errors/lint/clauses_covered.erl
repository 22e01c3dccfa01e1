-module(clauses_covered).
-export([a/1, b/2, c/1, d/1]).
a({ok, _}) -> 1; a({ok, x}) -> 2; a(_) -> 3; a({error, _}) -> 4.
b(1, _) -> 1; b(1, 2) -> 2; b(X, Y) -> X + Y; b(3, 4) -> 4; b(5, 6) -> 5.
c(X) -> case X of a -> 1; b -> 2; a -> 3; _ -> 4; c -> 5 end.
d(X) -> receive {X, Y} -> Y; {X, 1} -> 2; Z -> Z; w -> 3 end.
