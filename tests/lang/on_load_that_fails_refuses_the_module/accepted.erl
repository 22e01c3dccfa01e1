-module(accepted).
-on_load(init/0).
-export([f/0]).

init() -> ok.

f() -> fine.
