%% After unlink no exit message from that link can arrive.
-module(unlink_removes_pending_signals).
-export([main/0]).

main() ->
    process_flag(trap_exit, true),
    Results = [begin
                   P = spawn_link(fun() -> ok end),
                   wait_dead(P, I),
                   unlink(P),
                   receive {'EXIT', P, _} -> was_already_in_the_mailbox after 0 -> none end
               end || I <- lists:seq(1, 50)],
    io:format("~w~n", [length(Results)]),
    Q = spawn_link(fun() -> receive go -> exit(late) end end),
    unlink(Q),
    M = monitor(process, Q),
    Q ! go,
    receive {'DOWN', M, _, _, R} -> io:format("~w~n", [R]) end,
    io:format("~w~n", [receive {'EXIT', Q, _} -> wrong after 20 -> silent end]).

wait_dead(P, I) when I rem 2 =:= 0 -> case is_process_alive(P) of true -> erlang:yield(), wait_dead(P, I); false -> ok end;
wait_dead(_, _) -> ok.
