-module(sizes_in_heads_of_funs).
-export([f/2, g/1, h/2, bin/1]).
f(A, B) -> fun(<<A:B>>, <<Q:A>>) -> foo end.
g(A) -> fun(<<A:8, C:A>>, D) -> C end.
h(N, L) -> [X || <<N:4, X:N>> <= L] ++ [Y || <<Y:N>> <= L].
bin(Z) ->
    case Z of true -> U = 2; false -> true end,
    case Z of true -> X = 2; false -> X = 3 end,
    case Z of true -> Y = 3; false -> 4 end,
    [B || <<U:U>> <- X, <<B:Y>> <- Z].
