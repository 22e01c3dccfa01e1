%% monitor/3 with a tag of one's own.
-module(monitor_with_tag_option).
-export([main/0]).

main() ->
    P = spawn(fun() -> receive stop -> exit(done) end end),
    R = monitor(process, P, [{tag, {my, tag}}]),
    P ! stop,
    receive {{my, tag}, R, process, P, W} -> io:format("~w~n", [W]) end,
    R2 = monitor(process, P, [{tag, again}]),
    receive {again, R2, process, P, W2} -> io:format("~w~n", [W2]) end,
    io:format("~w~n", [try monitor(process, P, [bad]) catch C:E -> {C, E} end]).
