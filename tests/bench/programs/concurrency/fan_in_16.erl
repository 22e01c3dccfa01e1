%% Sixteen processes send N messages in all to one receiver.
-module(fan_in_16).
-export([run/1, default/0]).

default() -> 3000000.

run(N) ->
    Self = self(),
    Each = N div 16,
    [spawn_link(fun() -> sender(Each, Self) end) || _ <- lists:seq(1, 16)],
    take(Each * 16, 0).

sender(0, _) -> ok;
sender(N, To) -> To ! {msg, N}, sender(N - 1, To).

take(0, Sum) -> Sum;
take(N, Sum) -> receive {msg, X} -> take(N - 1, (Sum + X) band 16#FFFFFFF) end.
