-module(module_twice).
-module(module_twice).
-export([a/0]).
a() -> ok.
