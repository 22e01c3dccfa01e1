-module(modules_redefined).
-export([a/0]).
-module(other).
a() -> ok.
