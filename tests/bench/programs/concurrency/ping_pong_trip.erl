%% N round trips between two processes.
-module(ping_pong_trip).
-export([run/1, default/0]).

default() -> 1000000.

run(N) ->
    Self = self(),
    Pid = spawn_link(fun() -> pong(Self) end),
    trips(N, Pid).

trips(0, Pid) -> unlink(Pid), Pid ! stop, done;
trips(N, Pid) ->
    Pid ! {ping, N},
    receive {pong, N} -> trips(N - 1, Pid) end.

pong(From) ->
    receive
        {ping, N} -> From ! {pong, N}, pong(From);
        stop -> ok
    end.
