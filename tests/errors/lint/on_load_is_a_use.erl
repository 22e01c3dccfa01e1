-module(on_load_is_a_use).
-on_load(init/0).
-export([a/0]).
a() -> ok.
init() -> helper().
helper() -> ok.
