-module(exported_variables).
-compile(warn_export_vars).
-export([a/1, b/1, c/1]).
a(X) -> case X of 1 -> Y = 2; _ -> Y = 3 end, Y.
b(X) -> if X -> Y = 1; true -> Y = 2 end, case X of Y -> Y end.
c(X) -> begin Y = X end, Y.
