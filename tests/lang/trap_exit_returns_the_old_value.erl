%% process_flag(trap_exit, _) and what changes with it.
-module(trap_exit_returns_the_old_value).
-export([main/0]).

main() ->
    io:format("~w ~w ~w~n", [process_flag(trap_exit, true), process_flag(trap_exit, true), process_flag(trap_exit, false)]),
    io:format("~w~n", [process_info(self(), trap_exit)]),
    process_flag(trap_exit, true),
    P = spawn_link(fun() -> exit({complex, [reason]}) end),
    receive {'EXIT', P, R} -> io:format("~w~n", [R]) end,
    % Messages that look like exit signals are just messages.
    self() ! {'EXIT', self(), fake},
    receive {'EXIT', Me, F} -> io:format("~w ~w~n", [Me =:= self(), F]) end.
