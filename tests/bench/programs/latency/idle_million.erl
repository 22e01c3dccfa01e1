%% idle_million.erl: N processes that wait in receive for ever, for the caller to measure.
%%
%% Prints "ready N MICROSECONDS" when all are started and waiting, then waits itself. The caller reads
%% the resident size from /proc and kills the program.
-module(idle_million).
-export([main/1]).

main([Count]) ->
    N = list_to_integer(Count),
    Start = erlang:monotonic_time(microsecond),
    Last = spawn_all(N, none),
    %% The last one answers: by then those before it have been started.
    Last ! {hello, self()},
    receive hello -> ok end,
    Time = erlang:monotonic_time(microsecond) - Start,
    io:format("ready ~w ~w~n", [N, Time]),
    receive never -> ok end.

spawn_all(0, Last) -> Last;
spawn_all(N, _) -> spawn_all(N - 1, spawn(fun idle/0)).

idle() -> receive {hello, From} -> From ! hello, idle(); stop -> ok end.
