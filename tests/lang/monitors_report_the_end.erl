%% Monitors by pid: normal, error, noproc, demonitor and its options.
-module(monitors_report_the_end).
-export([main/0]).

main() ->
    {P1, M1} = spawn_monitor(fun() -> exit(bye) end),
    receive {'DOWN', M1, process, P1, R1} -> io:format("~w~n", [R1]) end,
    {P2, M2} = spawn_monitor(fun() -> ok end),
    receive {'DOWN', M2, process, P2, R2} -> io:format("~w~n", [R2]) end,
    M3 = monitor(process, P2),
    receive {'DOWN', M3, process, P2, R3} -> io:format("~w~n", [R3]) end,
    {P4, M4} = spawn_monitor(fun() -> error(broken) end),
    receive {'DOWN', M4, process, P4, {R4, St}} -> io:format("~w ~w~n", [R4, is_list(St)]) end,
    P5 = spawn(fun() -> receive stop -> ok end end),
    M5 = monitor(process, P5), M5b = monitor(process, P5),
    true = demonitor(M5),
    P5 ! stop,
    receive {'DOWN', M5b, process, P5, R5} -> io:format("second monitor: ~w~n", [R5]) end,
    io:format("~w~n", [receive {'DOWN', M5, _, _, _} -> wrong after 20 -> demonitored end]),
    M6 = monitor(process, P5),
    receive after 10 -> ok end,
    io:format("~w~n", [demonitor(M6, [flush])]),
    io:format("~w~n", [receive {'DOWN', M6, _, _, _} -> wrong after 0 -> flushed end]),
    P7 = spawn(fun() -> receive stop -> ok end end),
    M7 = monitor(process, P7),
    io:format("~w ~w~n", [demonitor(M7, [info]), demonitor(M7, [info])]),
    P7 ! stop.
