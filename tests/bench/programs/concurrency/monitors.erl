%% Starts N monitored processes, a hundred at a time, and waits for each to go down.
-module(monitors).
-export([run/1, default/0]).

default() -> 500000.

run(N) -> rounds(N div 100, 0).

rounds(0, Sum) -> Sum;
rounds(Left, Sum) ->
    Refs = [element(2, spawn_monitor(fun() -> exit(I) end)) || I <- lists:seq(1, 100)],
    rounds(Left - 1, lists:foldl(fun(Ref, S) -> receive {'DOWN', Ref, process, _, I} -> S + I end end, Sum, Refs)).
