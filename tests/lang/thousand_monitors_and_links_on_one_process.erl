%% Many monitors and links to one process all fire, once each.
-module(thousand_monitors_and_links_on_one_process).
-export([main/0]).

main() ->
    process_flag(trap_exit, true),
    Self = self(),
    Target = spawn(fun() -> receive die -> exit(the_end) end end),
    Refs = [monitor(process, Target) || _ <- lists:seq(1, 1000)],
    Watchers = [spawn(fun() -> link(Target), R = monitor(process, Target), Self ! linked, receive {'DOWN', R, _, _, W} -> Self ! {wrong, W} end end) || _ <- lists:seq(1, 500)],
    [receive linked -> ok end || _ <- Watchers],
    WRefs = [monitor(process, W) || W <- Watchers],
    Target ! die,
    io:format("~w~n", [lists:usort([receive {'DOWN', R, process, Target, W} -> W end || R <- Refs])]),
    io:format("~w~n", [lists:usort([receive {'DOWN', R, process, _, W} -> W end || R <- WRefs])]),
    io:format("~w~n", [receive {wrong, W} -> W; {'DOWN', _, _, _, _} -> twice after 20 -> nothing_more end]).
