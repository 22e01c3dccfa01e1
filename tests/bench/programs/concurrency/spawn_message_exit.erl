%% Starts a process that sends one message and ends; waits for it; N times.
-module(spawn_message_exit).
-export([run/1, default/0]).

default() -> 600000.

run(0) -> done;
run(N) ->
    Self = self(),
    spawn(fun() -> Self ! {here, N} end),
    receive {here, N} -> run(N - 1) end.
