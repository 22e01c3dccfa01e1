-module(crashing).
-on_load(init/0).
-export([f/0]).

init() -> exit(crashed).

f() -> never.
