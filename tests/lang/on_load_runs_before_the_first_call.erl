%% -on_load runs once, when the module is loaded; a failing one refuses the module.
-module(on_load_runs_before_the_first_call).
-export([main/0]).

-on_load(init/0).

init() ->
    %% It runs in a process of its own; what it leaves behind here is a registered process.
    register(on_load_was_here, spawn(fun() -> receive {get, From} -> From ! {value, {loaded, 1}} end end)),
    ok.

main() ->
    on_load_was_here ! {get, self()},
    receive {value, V} -> io:format("~w~n", [V]) end.
