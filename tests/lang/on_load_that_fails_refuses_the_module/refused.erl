-module(refused).
-on_load(init/0).
-export([f/0]).

init() -> {error, not_today}.

f() -> never.
