-module(maps_wrong).
-export([a/1, b/0, c/1]).
a(M) -> #{a := 1}, M#{a := 1, b => 2}.
b() -> #{a => 1, a => 2}.
c(M) -> #{a := X} = M#{b => Y}, X.
