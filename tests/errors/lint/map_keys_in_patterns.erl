-module(map_keys_in_patterns).
-export([a/2, b/1, c/1, d/2]).
a(#{1 + 1 := X}, K) -> #{{K, 1} := Y} = #{}, {X, Y}.
b(#{"key" := X, <<"bin">> := Y, 1.5 := Z}) -> {X, Y, Z}.
c(#{foo() := X}) -> X.
d(M, K) -> #{length(K) := V, lists:sum(K) := W} = M, {V, W}.
foo() -> 1.
