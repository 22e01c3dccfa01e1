-module(bit_types_in_patterns).
-export([a/1, b/1, c/1, d/1]).
a(<<X/utf8, Y/utf16-little, Z/utf32>>) -> {X, Y, Z}.
b(<<X:8/utf8, Y/integer-unit:8>>) -> {X, Y}.
c(<<X/bits, Y/binary>>) -> {X, Y}.
d(<<X:32/float, Y:17/float, Z/float>>) -> {X, Y, Z}.
