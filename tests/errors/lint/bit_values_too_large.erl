-module(bit_values_too_large).
-export([a/0, b/0, c/1]).
a() -> <<256, 1:0, 300:8, -129, -1:4>>.
b() -> <<16#12345:16, "abc", 1.0>>.
c(X) -> <<X:16, 70000:16/little>>.
