%% A module whose on_load does not return ok is not there: calls are undef, others go on.
-module(on_load_that_fails_refuses_the_module).
-export([main/0]).

main() ->
    io:format("~w~n", [try refused:f() catch C:R -> {C, R} end]),
    io:format("~w~n", [try crashing:f() catch C2:R2 -> {C2, R2} end]),
    io:format("~w~n", [erlang:module_loaded(refused)]),
    io:format("~w~n", [accepted:f()]).
