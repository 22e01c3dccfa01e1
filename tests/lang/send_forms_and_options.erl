%% ! chains, erlang:send/2,3, send to names and tuples, and what they return.
-module(send_forms_and_options).
-export([main/0]).

main() ->
    Self = self(),
    register(me, Self),
    io:format("~w~n", [[Self ! 1, me ! 2, {me, node()} ! 3, erlang:send(Self, 4), erlang:send(me, 5), erlang:send(Self, 6, [nosuspend]), erlang:send(me, 7, [noconnect]), erlang:send_nosuspend(Self, 8)]]),
    io:format("~w~n", [[receive X -> X end || _ <- lists:seq(1, 8)]]),
    io:format("~w~n", [{nobody, node()} ! lost]),
    io:format("~w~n", [[try F() catch C:R -> {C, R} end || F <- [fun() -> nobody ! x end, fun() -> 5 ! x end, fun() -> "s" ! x end, fun() -> erlang:send(nobody, x) end, fun() -> {a} ! x end]]]),
    P = spawn(fun() -> ok end),
    wait_gone(P),
    io:format("~w~n", [P ! to_the_dead]).

wait_gone(P) -> case is_process_alive(P) of true -> erlang:yield(), wait_gone(P); false -> ok end.
