%% exit/2 with normal, kill, other reasons, trapped or not.
-module(exit_signals_of_each_reason).
-export([main/0]).

main() ->
    [io:format("~w~n", [{Reason, Trap, outcome(Reason, Trap)}]) || Reason <- [normal, kill, other, {a, b}], Trap <- [false, true]],
    process_flag(trap_exit, true),
    exit(self(), normal),
    io:format("~w~n", [receive {'EXIT', P, R} when P =:= self() -> R after 100 -> none end]),
    exit(self(), my_reason),
    io:format("~w~n", [receive {'EXIT', P2, R2} when P2 =:= self() -> R2 after 100 -> none end]).

outcome(Reason, Trap) ->
    Self = self(),
    {Pid, M} = spawn_monitor(fun() ->
        process_flag(trap_exit, Trap),
        Self ! ready,
        receive {'EXIT', _, R} -> exit({trapped, R}); stop -> exit(survived) end
    end),
    receive ready -> ok end,
    exit(Pid, Reason),
    Pid ! stop,
    receive {'DOWN', M, process, Pid, R} -> R end.
