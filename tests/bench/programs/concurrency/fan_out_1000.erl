%% A message to each of a thousand processes, and an answer from each, N times.
-module(fan_out_1000).
-export([run/1, default/0]).

default() -> 1500.

run(N) ->
    Self = self(),
    Pids = [spawn_link(fun() -> worker(Self) end) || _ <- lists:seq(1, 1000)],
    R = rounds(N, Pids, 0),
    [begin unlink(P), P ! stop end || P <- Pids],
    R.

rounds(0, _, Sum) -> Sum;
rounds(N, Pids, Sum) ->
    lists:foreach(fun(P) -> P ! {work, N} end, Pids),
    rounds(N - 1, Pids, take(1000, Sum)).

take(0, Sum) -> Sum;
take(N, Sum) -> receive {done, X} -> take(N - 1, (Sum + X) band 16#FFFFFFF) end.

worker(To) ->
    receive
        {work, N} -> To ! {done, N * 2}, worker(To);
        stop -> ok
    end.
