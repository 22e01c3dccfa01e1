-module(unsafe_in_try).
-export([a/0, b/0, c/0, d/0, e/0]).
a() -> try X = 1 of 1 -> X catch _:_ -> X end.
b() -> try X = 1 catch _:_ -> ok end, X.
c() -> try ok of Y -> Y catch _:Z -> Z after ok end, {Y, Z}.
d() -> try A = 1, A after io:format("~p~n", [A]) end.
e() -> try foo() catch error:E:S -> {E, S} after B = 1 end, B.
foo() -> ok.
