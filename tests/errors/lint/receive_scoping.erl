-module(receive_scoping).
-export([a/0, b/1, c/0]).
a() -> receive X -> Y = X after 10 -> Y = 1 end, Y.
b(T) -> receive {T, Z} -> ok; Z -> ok end, Z, T.
c() -> receive {A, B} when A > B -> C = A; D -> C = D end, C, A, D.
