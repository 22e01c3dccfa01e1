%% A hundred pairs of processes play ping-pong at once, N round trips in all.
-module(many_pairs).
-export([run/1, default/0]).

default() -> 2000000.

run(N) ->
    Self = self(),
    [spawn_link(fun() -> pair(N div 100, Self) end) || _ <- lists:seq(1, 100)],
    lists:sum([receive {played, K} -> K end || _ <- lists:seq(1, 100)]).

pair(N, Boss) ->
    Self = self(),
    Pid = spawn_link(fun() -> pong(Self) end),
    trips(N, Pid),
    unlink(Pid),
    Pid ! stop,
    Boss ! {played, N}.

trips(0, _) -> ok;
trips(N, Pid) -> Pid ! {ping, N}, receive {pong, N} -> trips(N - 1, Pid) end.

pong(From) ->
    receive
        {ping, N} -> From ! {pong, N}, pong(From);
        stop -> ok
    end.
