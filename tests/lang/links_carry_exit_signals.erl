%% A linked process dies with its partner, unless it traps exits.
-module(links_carry_exit_signals).
-export([main/0]).

main() ->
    process_flag(trap_exit, true),
    Self = self(),
    P1 = spawn_link(fun() -> exit(reason1) end),
    io:format("~w~n", [receive {'EXIT', P1, R8} -> R8 end]),
    P2 = spawn_link(fun() -> ok end),
    io:format("~w~n", [receive {'EXIT', P2, R10} -> R10 end]),
    P3 = spawn_link(fun() -> error(oops) end),
    io:format("~w~n", [receive {'EXIT', P3, {R12, [_ | _]}} -> R12 end]),
    P4 = spawn_link(fun() -> throw(ball) end),
    io:format("~w~n", [receive {'EXIT', P4, {R14, _}} -> R14 end]),
    % A chain: the middle does not trap, so the end of the chain reaches us.
    P5 = spawn_link(fun() -> spawn_link(fun() -> exit(chain) end), receive after infinity -> ok end end),
    io:format("~w~n", [receive {'EXIT', P5, R17} -> R17 end]),
    % A normal exit does not kill the linked partner.
    P6 = spawn_link(fun() -> Q = spawn_link(fun() -> ok end), M = monitor(process, Q),
                             receive {'DOWN', M, _, _, W} -> Self ! {alive, W} end end),
    receive {alive, W} -> io:format("alive after ~w~n", [lists:member(W, [normal, noproc])]) end,
    receive {'EXIT', P6, normal} -> ok end,
    P7 = spawn(fun() -> receive after infinity -> ok end end),
    link(P7), link(P7), unlink(P7),
    exit(P7, kill),
    io:format("~w~n", [receive {'EXIT', P7, _} -> signal after 50 -> unlinked end]).
