%% halt/0 stops the runtime; what was written before comes out, what follows does not run.
-module(halt_ends_at_once_with_all_output).
-export([main/0]).

main() ->
    spawn(fun() -> receive after infinity -> ok end end),
    [io:format("~w ", [N]) || N <- lists:seq(1, 1000)],
    io:format("~nlast line~n"),
    halt(0),
    io:format("never~n").
