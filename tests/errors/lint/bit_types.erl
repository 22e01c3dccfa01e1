-module(bit_types).
-export([a/1, b/1, c/1, d/1, e/1, f/1, g/1, h/1]).
a(X) -> <<X/foo>>.
b(X) -> <<X/integer-float>>.
c(X) -> <<X:8/utf8>>.
d(X) -> <<X/unit:8>>.
e(X) -> <<X:32/little-big>>.
f(X) -> <<X:16/float, X:24/float, X:32/float>>.
g(X) -> <<X/utf8-unit:1, X/integer-unit:257, X:4/binary-unit:300>>.
h(X) -> <<X/signed-unsigned, X/bits, X/bytes-integer, X/utf8-little-signed>>.
