-module(guard_maps).
-export([a/1, b/1]).
a(X) when #{a := 1} == X -> ok.
b(X) when X#{a := Y} == 1 -> ok.
