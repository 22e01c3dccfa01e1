-module(import_overrides_bif).
-import(foo, [link/1, max/2]).
-export([a/0]).
a() -> link(x), max(1, 2).
