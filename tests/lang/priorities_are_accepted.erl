%% Processes of every priority run and answer.
-module(priorities_are_accepted).
-export([main/0]).

main() ->
    Self = self(),
    [spawn_opt(fun() -> Self ! {Pr, process_info(self(), priority)} end, [{priority, Pr}]) || Pr <- [low, normal, high, max]],
    io:format("~w~n", [[receive {Pr, X} -> X end || Pr <- [low, normal, high, max]]]),
    Low = spawn_opt(fun() -> low(0) end, [{priority, low}]),
    receive after 20 -> ok end,
    Low ! {report, Self},
    io:format("~w~n", [receive {count, N} -> N > 0 end]),
    exit(Low, kill).

low(N) -> receive {report, To} -> To ! {count, N + 1}, low(N) after 0 -> low(N + 1) end.
