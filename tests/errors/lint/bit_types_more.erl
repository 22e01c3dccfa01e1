-module(bit_types_more).
-export([a/1, b/1, c/1, d/1, e/1, f/1]).
a(X) -> <<X/integer-integer, X/little-little, X:8/unit:8-unit:8>>.
b(X) -> <<X/big-native>>.
c(X) -> <<X/binary-unit:4, X:2/binary-unit:4, X/bits-unit:1>>.
d(X) -> <<X:4/unit:0>>.
e(X) -> <<X/'utf7', X/"utf8">>.
f(X) -> <<X:8/unit:4-unit:8>>.
