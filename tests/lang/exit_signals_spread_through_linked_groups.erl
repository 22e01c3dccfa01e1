%% A chain, a star and a ring of linked processes die together with one reason.
-module(exit_signals_spread_through_linked_groups).
-export([main/0]).

main() ->
    process_flag(trap_exit, true),
    Chain = spawn_link(fun() -> chain(1000) end),
    receive {'EXIT', Chain, R1} -> io:format("chain ~w~n", [R1]) end,
    Self = self(),
    Hub = spawn_link(fun() ->
        Spokes = [spawn_link(fun() -> receive never -> ok end end) || _ <- lists:seq(1, 100)],
        Self ! {spokes, Spokes},
        receive crash -> exit(hub_crashed) end
    end),
    Spokes = receive {spokes, L} -> L end,
    Refs = [monitor(process, P) || P <- Spokes],
    Hub ! crash,
    Reasons = [receive {'DOWN', Ref, _, _, R} -> R end || Ref <- Refs],
    io:format("star ~w ~w~n", [lists:usort(Reasons), length(Reasons)]),
    receive {'EXIT', Hub, R2} -> io:format("hub ~w~n", [R2]) end,
    Trapper = spawn(fun() ->
        process_flag(trap_exit, true),
        spawn_link(fun() -> exit(stopped_here) end),
        receive {'EXIT', _, R} -> Self ! {trapper, R} end
    end),
    receive {trapper, R3} -> io:format("trapper ~w ~w~n", [R3, is_pid(Trapper)]) end.

chain(0) -> exit(end_of_chain);
chain(N) -> spawn_link(fun() -> chain(N - 1) end), receive after infinity -> ok end.
