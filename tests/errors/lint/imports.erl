-module(imports).
-import(lists, [map/2, foldl/3, map/2]).
-import(lists2, [foldl/3, reverse/1]).
-import(erlang, [length/1]).
-export([a/1, reverse/1]).
a(L) -> map(fun(X) -> X end, L).
reverse(X) -> X.
