%% exit(P, kill) ends a trapping process; its links see killed and can trap that.
-module(kill_is_untrappable_and_spreads_as_killed).
-export([main/0]).

main() ->
    process_flag(trap_exit, true),
    Self = self(),
    P = spawn_link(fun() -> process_flag(trap_exit, true), Self ! ready, receive {'EXIT', _, kill} -> trapped end end),
    receive ready -> ok end,
    exit(P, kill),
    receive {'EXIT', P, R} -> io:format("~w~n", [R]) end,
    % The reason kill coming over a link is an ordinary reason.
    Q = spawn_link(fun() -> exit(kill) end),
    receive {'EXIT', Q, R2} -> io:format("~w~n", [R2]) end,
    T = spawn(fun() ->
        process_flag(trap_exit, true),
        spawn_link(fun() -> exit(kill) end),
        receive {'EXIT', _, R3} -> Self ! {t, R3} end
    end),
    receive {t, R3} -> io:format("~w ~w~n", [R3, is_pid(T)]) end,
    {U, M} = spawn_monitor(fun() -> exit(self(), kill), receive after 5000 -> ok end end),
    receive {'DOWN', M, _, U, R4} -> io:format("~w~n", [R4]) end,
    {V, M2} = spawn_monitor(fun() -> catch exit(self(), normal), survived, receive after 10 -> exit(end_reached) end end),
    receive {'DOWN', M2, _, V, R5} -> io:format("~w~n", [R5]) end.
