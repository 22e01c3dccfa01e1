%% A name is free again when its process has ended; registering twice fails.
-module(registered_names_come_and_go).
-export([main/0]).

main() ->
    Names = [list_to_atom("proc_" ++ integer_to_list(I)) || I <- lists:seq(1, 200)],
    Pids = [begin P = spawn(fun() -> receive stop -> ok end end), register(N, P), P end || N <- Names],
    io:format("~w~n", [lists:all(fun({N, P}) -> whereis(N) =:= P end, lists:zip(Names, Pids))]),
    io:format("~w~n", [length([N || N <- registered(), lists:member(N, Names)])]),
    Refs = [monitor(process, P) || P <- Pids],
    [N ! stop || N <- Names],
    [receive {'DOWN', R, _, _, _} -> ok end || R <- Refs],
    io:format("~w~n", [lists:usort([whereis(N) || N <- Names])]),
    [register(N, spawn(fun() -> receive after infinity -> ok end end)) || N <- Names],
    io:format("~w~n", [lists:all(fun(N) -> is_pid(whereis(N)) end, Names)]),
    io:format("~w~n", [process_info(whereis(proc_7), registered_name)]),
    [exit(whereis(N), kill) || N <- Names],
    io:format("~w~n", [try register(proc_1, 5) catch C:R -> {C, R} end]).
