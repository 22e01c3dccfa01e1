%% link/1 to a process that is gone.
-module(link_to_dead_process_gives_noproc).
-export([main/0]).

main() ->
    {P, M} = spawn_monitor(fun() -> ok end),
    receive {'DOWN', M, _, _, _} -> ok end,
    process_flag(trap_exit, true),
    io:format("~w~n", [link(P)]),
    io:format("~w~n", [receive {'EXIT', P, R} -> R after 5000 -> nothing end]),
    Self = self(),
    {_, M2} = spawn_monitor(fun() -> link(P), receive after infinity -> ok end end),
    io:format("~w~n", [receive {'DOWN', M2, _, _, {R2, [{_, F, _, _} | _]}} -> {R2, F} after 5000 -> alive end]),
    spawn(fun() -> Self ! {linked, try link(P) catch C:E -> {C, E} end} end),
    io:format("~w~n", [receive {linked, L} -> L end]),
    io:format("~w~n", [unlink(P)]),
    io:format("~w~n", [link(self())]),
    io:format("~w~n", [process_info(self(), links)]).
