%% alias/0,1, unalias/1 and monitors that are aliases.
-module(aliases_deactivate).
-export([main/0]).

main() ->
    A = alias(),
    A ! one,
    io:format("~w~n", [receive one -> got_one after 5000 -> nothing end]),
    io:format("~w~n", [unalias(A)]),
    A ! two,
    io:format("~w~n", [receive two -> got_two after 50 -> dropped end]),
    io:format("~w~n", [unalias(A)]),
    B = alias([reply]),
    B ! first, B ! second,
    io:format("~w~n", [receive first -> first after 5000 -> nothing end]),
    io:format("~w~n", [receive second -> second after 50 -> only_once end]),
    S = spawn(fun Loop() -> receive {ask, From, X} -> From ! {From, X * 2}, Loop(); die -> exit(died) end end),
    M1 = monitor(process, S, [{alias, reply_demonitor}]),
    S ! {ask, M1, 21},
    receive {M1, V} -> io:format("~w~n", [V]) end,
    io:format("~w~n", [demonitor(M1, [info])]),
    M2 = monitor(process, S, [{alias, explicit_unalias}]),
    S ! {ask, M2, 5}, S ! {ask, M2, 6},
    io:format("~w~n", [[receive {M2, W} -> W end || _ <- [1, 2]]]),
    io:format("~w~n", [unalias(M2)]),
    S ! {ask, M2, 7},
    io:format("~w~n", [receive {M2, W2} -> W2 after 50 -> unaliased end]),
    M3 = monitor(process, S, [{alias, demonitor}]),
    true = demonitor(M3),
    S ! {ask, M3, 8},
    io:format("~w~n", [receive {M3, W3} -> W3 after 50 -> demonitored end]),
    S ! die,
    receive {'DOWN', M2, process, S, Why} -> io:format("~w~n", [Why]) end.
