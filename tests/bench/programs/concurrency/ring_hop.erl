%% N hops of one token around a ring of a thousand processes.
-module(ring_hop).
-export([run/1, default/0]).

default() -> 2000000.

run(N) ->
    Self = self(),
    First = lists:foldl(fun(_, Next) -> spawn_link(fun() -> hop(Next, Self) end) end, Self, lists:seq(2, 1000)),
    First ! N,
    around(First, Self).

around(First, Self) ->
    receive
        0 -> finish(First);
        N -> First ! N - 1, around(First, Self)
    end.

finish(First) ->
    First ! stop,
    wait().

wait() -> receive stop -> done; _ -> wait() end.

hop(Next, Origin) ->
    receive
        stop -> Next ! stop;
        0 -> Origin ! 0, hop(Next, Origin);
        N -> Next ! N - 1, hop(Next, Origin)
    end.
