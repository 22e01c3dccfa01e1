%% Monitoring a registered name: the message names it, and noproc for a free name.
-module(monitors_by_name).
-export([main/0]).

main() ->
    P = spawn(fun() -> receive stop -> exit(stopped) end end),
    register(watched, P),
    R = monitor(process, watched),
    R2 = monitor(process, {watched, node()}),
    watched ! stop,
    receive {'DOWN', R, process, {N1, Node1}, W1} -> io:format("~w ~w ~w~n", [N1, Node1 =:= node(), W1]) end,
    receive {'DOWN', R2, process, {N2, _}, W2} -> io:format("~w ~w~n", [N2, W2]) end,
    R3 = monitor(process, nobody_has_this_name),
    receive {'DOWN', R3, process, {N3, _}, W3} -> io:format("~w ~w~n", [N3, W3]) end,
    Q = spawn(fun() -> receive stop -> ok end end),
    register(second, Q),
    R4 = monitor(process, second),
    unregister(second),
    Q ! stop,
    receive {'DOWN', R4, process, {N4, _}, W4} -> io:format("~w ~w~n", [N4, W4]) end,
    R5 = monitor(process, self()),
    io:format("~w~n", [receive {'DOWN', R5, _, _, _} -> down after 20 -> self_lives end]).
