-module(map_constructions).
-export([a/1, b/1, c/1, d/0]).
a(X) -> #{X := 1, b => 2}.
b(X) -> #{a => Y, Y => X}.
c(X) -> X#{a => 1, b := Z}#{c => W}.
d() -> #{#{a => 1} => 2, [1] => 3, nope() => 4}.
