-module(import_and_local).
-import(lists, [map/2, sort/1]).
-export([a/1, sort/1, map/2]).
a(L) -> sort(L), map(fun(X) -> X end, L), reverse(L).
sort(L) -> L.
map(F, L) -> {F, L}.
