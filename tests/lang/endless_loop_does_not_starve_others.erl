%% Pre-emption: a spinning process and a long built-in leave time for the rest.
-module(endless_loop_does_not_starve_others).
-export([main/0]).

main() ->
    Spinners = [spawn(fun() -> spin(0) end) || _ <- lists:seq(1, 8)],
    Self = self(),
    P = spawn(fun() -> Self ! {sum, lists:sum(lists:seq(1, 1000))} end),
    io:format("~w ~w~n", [is_pid(P), receive {sum, S} -> S end]),
    io:format("~w~n", [[receive after 1 -> I end || I <- [1, 2, 3]]]),
    [exit(Sp, kill) || Sp <- Spinners],
    Refs = [monitor(process, Sp) || Sp <- Spinners],
    io:format("~w~n", [length([receive {'DOWN', R, _, _, _} -> ok end || R <- Refs])]).

spin(N) -> spin(N + 1).
