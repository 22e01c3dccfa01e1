-module(unsafe_in_if_and_receive).
-export([a/1, b/1, c/0, d/1, e/0]).
a(X) -> if X > 1 -> Y = 2; true -> ok end, Y.
b(X) -> if X > 1 -> Y = 2; true -> Y = ok end, Y.
c() -> receive {a, Z} -> Z; b -> ok end, Z.
d(T) -> receive {a, Z} -> Z after T -> Z = 1 end, Z.
e() -> receive after V = 10 -> ok end, V.
