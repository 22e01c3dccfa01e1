-module(variables_in_maps).
-export([a/1, b/2, c/2, d/1]).
a(#{a := X, b := X}) -> ok.
b(#{K := V}, K) -> V.
c(K, M) -> #{K := V, V := W} = M, W.
d(M) -> #{{a, X} := V} = M, {V, X}.
