%% -on_load runs once, when the module is loaded; a failing one refuses the module.
-module(on_load_runs_before_the_first_call).
-export([main/0]).

-on_load(init/0).
-export([value/0]).

init() ->
    persistent_term:put(on_load_test, {loaded, 1}),
    ok.

main() ->
    io:format("~w~n", [persistent_term:get(on_load_test)]),
    io:format("~w~n", [value()]).

value() -> element(2, persistent_term:get(on_load_test)).
