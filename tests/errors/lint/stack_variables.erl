-module(stack_variables).
-export([a/0, b/0, c/0]).
a() -> try x() catch _:_:S -> S, try y() catch _:_:S -> S end end.
b() -> try x() catch C:R:S when is_list(S), C == R -> ok; _:_:_ -> ok end.
c() -> S = 1, try x() catch error:E:S when E == S -> S end.
x() -> 1.
y() -> 2.
