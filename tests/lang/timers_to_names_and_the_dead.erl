%% Timers whose receiver is gone, named, or another process; abs times.
-module(timers_to_names_and_the_dead).
-export([main/0]).

main() ->
    {P, M} = spawn_monitor(fun() -> ok end),
    receive {'DOWN', M, _, _, _} -> ok end,
    R = erlang:send_after(1, P, x),
    io:format("~w~n", [is_reference(R)]),
    R2 = erlang:send_after(1, no_such_name_here, x),
    io:format("~w~n", [is_reference(R2)]),
    Self = self(),
    Q = spawn(fun() -> receive {from_timer, X} -> Self ! {relayed, X} end end),
    erlang:send_after(5, Q, {from_timer, 7}),
    io:format("~w~n", [receive {relayed, X} -> X after 5000 -> none end]),
    At = erlang:monotonic_time(millisecond) + 20,
    R3 = erlang:start_timer(At, self(), absolute, [{abs, true}]),
    io:format("~w ~w~n", [receive {timeout, R3, absolute} -> fired after 5000 -> none end, erlang:monotonic_time(millisecond) >= At]),
    R4 = erlang:send_after(At - 100, self(), in_the_past, [{abs, true}]),
    io:format("~w~n", [receive in_the_past -> at_once after 5000 -> none end]),
    io:format("~w~n", [erlang:read_timer(R4)]),
    R5 = erlang:send_after(60000, self(), x),
    spawn(fun() -> Self ! {cancelled, erlang:cancel_timer(R5)} end),
    io:format("~w~n", [receive {cancelled, T} -> is_integer(T) after 5000 -> none end]),
    io:format("~w~n", [receive x -> x after 20 -> never_came end]),
    Many = [erlang:send_after(5 + I rem 7, self(), {many, I}) || I <- lists:seq(1, 2000)],
    io:format("~w~n", [lists:sum([receive {many, I} -> I after 5000 -> 0 end || _ <- Many])]).
