-module(unused_imports).
-compile(warn_unused_import).
-import(lists, [map/2, foldl/3]).
-export([a/1]).
a(L) -> map(fun(X) -> X end, L).
