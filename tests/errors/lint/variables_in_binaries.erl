-module(variables_in_binaries).
-export([a/1, b/2, c/1, d/1, e/1]).
a(<<S, X:S/binary, _/binary>>) -> X.
b(<<X:S>>, S) -> X.
c(<<X:T, T>>) -> X.
d(B) -> <<N, V:N, R/bits>> = B, {V, R, Q}.
e(B) -> <<A:(B + 1), C:(A * 2)>> = <<1>>, C.
