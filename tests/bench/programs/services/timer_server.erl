%% N timers of module timer, half of which are cancelled; then all others come.
-module(timer_server).
-export([run/1, default/0]).

default() -> 100000.

run(N) ->
    Timers = [begin {ok, T} = timer:send_after(200, {tick, I}), T end || I <- lists:seq(1, N)],
    {Half, _} = lists:split(N div 2, Timers),
    [{ok, cancel} = timer:cancel(T) || T <- Half],
    ticks(N div 2, 0).

ticks(0, Sum) -> Sum;
ticks(Left, Sum) -> receive {tick, I} -> ticks(Left - 1, Sum + I) end.
