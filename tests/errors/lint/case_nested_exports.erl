-module(case_nested_exports).
-export([a/1, b/1, c/2, d/1, e/1]).
a(X) -> case X of 1 -> A = 1; 2 -> A = 2 end, case X of A -> A; _ -> B = A end, B.
b(X) -> case X of {A} -> ok; A -> ok end, A.
c(X, Y) -> case X of Y -> Z = 1; _ -> Z = Y end, Z + Q.
d(X) -> case (Y = X) of 1 -> Y; _ -> Y end, Y.
e(X) -> case begin Z = X end of 1 -> ok; W -> W end, Z, W.
