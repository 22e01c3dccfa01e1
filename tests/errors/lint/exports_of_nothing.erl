-module(exports_of_nothing).
-export([]).
-export([a/0, b/1]).
-export([a/0]).
a() -> ok.
