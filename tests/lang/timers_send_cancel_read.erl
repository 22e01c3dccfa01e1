%% send_after, start_timer, cancel_timer and read_timer.
-module(timers_send_cancel_read).
-export([main/0]).

main() ->
    erlang:send_after(5, self(), tick),
    io:format("~w~n", [receive M -> M after 5000 -> none end]),
    R = erlang:start_timer(5, self(), payload),
    io:format("~w~n", [receive {timeout, R, P} -> P after 5000 -> none end]),
    R2 = erlang:send_after(100000, self(), never),
    Left = erlang:read_timer(R2),
    io:format("~w~n", [Left > 90000 andalso Left =< 100000]),
    Left2 = erlang:cancel_timer(R2),
    io:format("~w~n", [Left2 > 90000 andalso Left2 =< 100000]),
    io:format("~w ~w~n", [erlang:cancel_timer(R2), erlang:read_timer(R2)]),
    io:format("~w~n", [erlang:cancel_timer(make_ref())]),
    R3 = erlang:start_timer(0, self(), zero),
    io:format("~w~n", [receive {timeout, R3, Z} -> Z after 5000 -> none end]),
    [erlang:send_after(T, self(), {t, T}) || T <- [600, 200, 400, 1]],
    io:format("~w~n", [[receive {t, T} -> T after 5000 -> none end || _ <- [1, 2, 3, 4]]]),
    register(timed, self()),
    erlang:send_after(1, timed, by_name),
    io:format("~w~n", [receive M2 -> M2 after 5000 -> none end]),
    R4 = erlang:send_after(50000, self(), x),
    io:format("~w~n", [erlang:cancel_timer(R4, [{info, false}])]),
    R5 = erlang:send_after(50000, self(), x),
    ok = erlang:cancel_timer(R5, [{async, true}]),
    io:format("~w~n", [receive {cancel_timer, R5, T5} -> T5 > 0 after 5000 -> none end]),
    io:format("~w~n", [try erlang:send_after(-1, self(), x) catch C:Rs -> {C, Rs} end]).
