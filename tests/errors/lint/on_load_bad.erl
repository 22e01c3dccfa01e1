-module(on_load_bad).
-on_load(foo).
-export([init/0]).
init() -> ok.
