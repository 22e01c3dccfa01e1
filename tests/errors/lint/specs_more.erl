-module(specs_more).
-export([a/1, b/1, c/1, d/2]).
-spec a(X :: integer()) -> X.
-spec b(X) -> Y when X :: [Y], is_subtype(Y, atom()).
-spec c(A) -> A; (B) -> C when B :: integer().
-spec d(_, _A) -> _A.
a(X) -> X.
b([X]) -> X.
c(X) -> X.
d(X, _) -> X.
