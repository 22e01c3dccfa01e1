%% One-for-one restarts with a limit, built from links alone.
-module(supervisor_by_hand_restarts_children).
-export([main/0]).

main() ->
    process_flag(trap_exit, true),
    Self = self(),
    Sup = spawn_link(fun() -> process_flag(trap_exit, true), sup([{N, start(N, Self)} || N <- [a, b, c]], 3) end),
    Started = [receive {started, N, P} -> {N, P} end || N <- [a, b, c]],
    io:format("~w~n", [[N || {N, _} <- Started]]),
    exit(element(2, lists:nth(2, Started)), crash),
    {b, B2} = receive {started, b, X} -> {b, X} end,
    io:format("b restarted ~w~n", [B2 =/= element(2, lists:nth(2, Started))]),
    io:format("a same ~w~n", [is_process_alive(element(2, hd(Started)))]),
    exit(B2, crash),
    receive {started, b, B3} -> exit(B3, crash) end,
    receive {started, b, B4} -> exit(B4, crash) end,
    receive {'EXIT', Sup, R} -> io:format("~w~n", [R]) end,
    io:format("~w~n", [is_atom(wait_dead(element(2, hd(Started))))]).

start(Name, To) ->
    spawn_link(fun() -> To ! {started, Name, self()}, receive after infinity -> ok end end).

sup(Children, Left) ->
    receive
        {'EXIT', Pid, _} when Left =:= 0 ->
            _ = Pid,
            exit(shutdown_after_too_many_restarts);
        {'EXIT', Pid, _} ->
            {Name, Pid} = lists:keyfind(Pid, 2, Children),
            To = hd([P || P <- element(2, process_info(self(), links)), not lists:keymember(P, 2, Children)]),
            sup(lists:keyreplace(Name, 1, Children, {Name, start(Name, To)}), Left - 1)
    end.

wait_dead(P) -> M = monitor(process, P), receive {'DOWN', M, _, _, R} -> R end.
