%% What a process sent before it asks has arrived when the answer is given: an exit signal that ends
%% a process, whether it waits, runs or has just begun; and one that does not end it.
-module(is_process_alive_comes_after_signals_sent_before).
-export([main/0]).

main() ->
    [io:format("~p ~p~n", [What, lists:usort([asked(Start, Signal) || _ <- lists:seq(1, 300)])])
     || {What, Start, Signal} <- [{waits, fun waiting/0, kill}, {runs, fun running/0, kill},
                                  {begins, fun beginning/0, kill}, {waits, fun waiting/0, other},
                                  {traps, fun trapping/0, other}, {traps, fun trapping/0, kill},
                                  {waits, fun waiting/0, normal}, {runs, fun running/0, normal},
                                  {linked, fun linked/0, other}, {waits_twice, fun woken/0, kill}]].

asked(Start, Signal) ->
    Pid = Start(),
    Before = is_process_alive(Pid),
    exit(Pid, Signal),
    After = is_process_alive(Pid),
    unlink(Pid),
    exit(Pid, kill),
    {Before, After, is_process_alive(Pid)}.

ready(F) -> ready(F, false).

ready(F, Traps) ->
    Self = self(),
    Pid = spawn(fun() -> process_flag(trap_exit, Traps), Self ! {ready, self()}, F() end),
    receive {ready, Pid} -> Pid end.

wait() -> receive stop -> ok end.

run() -> run().

waiting() ->
    Pid = ready(fun wait/0),
    {status, _} = process_info(Pid, status),
    Pid.

running() -> ready(fun run/0).

beginning() -> spawn(fun wait/0).

trapping() -> ready(fun() -> receive never -> ok end end, true).

linked() ->
    process_flag(trap_exit, true),
    Pid = waiting(),
    link(Pid),
    Pid.

woken() ->
    Pid = waiting(),
    Pid ! something,
    Pid.
