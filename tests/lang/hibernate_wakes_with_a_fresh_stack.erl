%% hibernate/3 drops the stack and continues in the given function.
-module(hibernate_wakes_with_a_fresh_stack).
-export([main/0]).

-export([woken/2]).

main() ->
    Self = self(),
    {P, M} = spawn_monitor(fun() -> sleepy(Self, lists:seq(1, 1000)) end),
    receive going -> ok end,
    wait_waiting(P),
    {current_function, F} = process_info(P, current_function),
    io:format("~w~n", [F]),
    P ! {work, 5},
    receive {result, R} -> io:format("~w~n", [R]) end,
    receive {'DOWN', M, _, _, W} -> io:format("~w~n", [W]) end.

sleepy(To, Big) ->
    To ! going,
    try erlang:hibernate(?MODULE, woken, [To, length(Big)]) after To ! never_reached end.

woken(To, N) ->
    receive {work, X} -> To ! {result, X * N} end,
    exit(done).

wait_waiting(P) ->
    case process_info(P, [status, current_function]) of
        [{status, waiting}, {current_function, {erlang, hibernate, 3}}] -> ok;
        _ -> erlang:yield(), wait_waiting(P)
    end.
