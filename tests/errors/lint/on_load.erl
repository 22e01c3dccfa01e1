-module(on_load).
-on_load(init/0).
-on_load(other/1).
-export([a/0]).
a() -> ok.
