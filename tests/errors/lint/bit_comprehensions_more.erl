-module(bit_comprehensions_more).
-export([a/1, b/1, c/2]).
a(B) -> << <<(X + Y)>> || <<X>> <= B, Z <- [1] >>.
b(B) -> [X || <<X:8, Y:X>> <= B].
c(B, X) -> << <<X:Y>> || <<X, Y>> <= B, <<X>> <= Y >>.
