%% spawn/1,3, spawn_link, spawn_monitor and spawn_opt with their results.
-module(spawn_family_returns_and_runs).
-export([main/0]).

-export([report/2]).

report(To, X) -> To ! {report, X}.

main() ->
    S = self(),
    P1 = spawn(?MODULE, report, [S, mfa]), io:format("~w ~w~n", [is_pid(P1), get_report()]),
    _ = spawn(fun() -> report(S, a_fun) end), io:format("~w~n", [get_report()]),
    _ = spawn_link(?MODULE, report, [S, linked]), io:format("~w~n", [get_report()]),
    {P2, R2} = spawn_monitor(?MODULE, report, [S, monitored]), io:format("~w~n", [get_report()]),
    receive {'DOWN', R2, process, P2, Why} -> io:format("~w~n", [Why]) end,
    P3 = spawn_opt(fun() -> report(S, opt) end, [link, {priority, high}, {min_heap_size, 1000}, {fullsweep_after, 5}]),
    io:format("~w ~w~n", [is_pid(P3), get_report()]),
    {P4, R4} = spawn_opt(?MODULE, report, [S, opt_mfa], [monitor]), io:format("~w~n", [get_report()]),
    receive {'DOWN', R4, process, P4, Why4} -> io:format("~w~n", [Why4]) end,
    {_, R5} = spawn_opt(fun() -> exit(bye) end, [monitor, {message_queue_data, off_heap}]),
    receive {'DOWN', R5, process, _, Why5} -> io:format("~w~n", [Why5]) end,
    Bad = [fun() -> spawn(a, b, c) end, fun() -> spawn(1, b, []) end,
           fun() -> spawn_opt(fun() -> x end, [nonsense]) end, fun() -> spawn_opt(fun() -> x end, [{priority, huge}]) end, fun() -> spawn_link(not_fun) end],
    [io:format("~w~n", [try F() catch C:R -> {C, R} end]) || F <- Bad].

get_report() -> receive {report, X} -> X after 5000 -> nothing end.
