-module(block_scoping).
-export([a/1, b/1, c/1]).
a(X) -> begin Y = X, Z = Y end, Z.
b(X) -> {begin Y = X, Y end, Y}.
c(X) -> [begin Y = X end, begin Y = X end], Y.
