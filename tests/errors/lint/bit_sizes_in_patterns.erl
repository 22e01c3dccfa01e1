-module(bit_sizes_in_patterns).
-export([a/2, b/1, c/1, d/2, e/1]).
a(<<X:N>>, M) -> {X, M}.
b(<<X:(1 + 2), Y:(X * 8), Z:(self())>>) -> {X, Y, Z}.
c(<<X:(length("abc"))>>) -> X.
d(<<X:N/binary>>, N) -> X.
e(<<X:{1}, Y:[]>>) -> {X, Y}.
