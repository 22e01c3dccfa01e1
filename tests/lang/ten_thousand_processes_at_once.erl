%% Spawn many, talk to all, and see them gone.
-module(ten_thousand_processes_at_once).
-export([main/0]).

main() ->
    N = 10000,
    Self = self(),
    Before = erlang:system_info(process_count),
    Pids = [spawn(fun() -> receive {add, X} -> Self ! {sum, X + I} end end) || I <- lists:seq(1, N)],
    io:format("~w~n", [erlang:system_info(process_count) - Before >= N]),
    io:format("~w~n", [length(lists:usort(Pids))]),
    io:format("~w~n", [lists:all(fun is_process_alive/1, Pids)]),
    [P ! {add, 1} || P <- Pids],
    io:format("~w~n", [lists:sum([receive {sum, S} -> S end || _ <- Pids])]),
    [begin M = monitor(process, P), receive {'DOWN', M, _, _, _} -> ok end end || P <- Pids],
    io:format("~w~n", [lists:any(fun is_process_alive/1, Pids)]),
    io:format("~w~n", [lists:member(Self, processes())]).
