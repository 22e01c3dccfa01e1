%% Starts a thousand processes, sends each a message, takes a thousand answers; until N were started.
-module(spawn_burst).
-export([run/1, default/0]).

default() -> 1000000.

run(N) -> bursts(N div 1000, 0).

bursts(0, Sum) -> Sum;
bursts(Left, Sum) ->
    Self = self(),
    Pids = [spawn(fun() -> receive X -> Self ! X + 1 end end) || _ <- lists:seq(1, 1000)],
    [P ! Left || P <- Pids],
    bursts(Left - 1, answers(1000, Sum)).

answers(0, Sum) -> Sum;
answers(Left, Sum) -> receive X -> answers(Left - 1, (Sum + X) band 16#FFFFFFF) end.
