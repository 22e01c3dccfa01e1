-module(killed).
-on_load(init/0).
-export([f/0]).

init() ->
    on_load_counter ! {runs, self()},
    receive never -> ok end.

f() -> never.
