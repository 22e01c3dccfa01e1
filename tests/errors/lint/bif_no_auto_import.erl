-module(bif_no_auto_import).
-compile({no_auto_import, [length/1, link/1]}).
-import(foo, [link/1]).
-export([a/0, length/1]).
a() -> length([1]), link(x).
length(_) -> 1.
