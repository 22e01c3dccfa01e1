-module(on_load_arity).
-on_load(init/1).
-export([init/1]).
init(_) -> ok.
