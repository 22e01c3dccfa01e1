-module(keys_of_parallel_maps).
-export([a/1, c/3]).
a(#{} = M) -> #{K := V} = #{k := K} = M, V.
c(#{} = M, K1, K2) -> #{K1 := V1} = #{K2 := V2} = #{k1 := K1, k2 := K2} = M, [V1, V2].
