-module(match_operator_scoping).
-export([a/0, b/1, c/1, d/1, e/1]).
a() -> X = X.
b(X) -> {Y, Y} = {X, Z}, Y.
c(X) -> [A, B | A] = X, {B}.
d(X) -> Y = Z = X, Z.
e(X) -> {A, {A}} = X.
