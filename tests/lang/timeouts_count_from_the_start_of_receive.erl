%% Messages that do not match do not restart a timeout.
-module(timeouts_count_from_the_start_of_receive).
-export([main/0]).

main() ->
    Self = self(),
    Noise = spawn(fun() -> noise(Self, 20) end),
    T0 = erlang:monotonic_time(millisecond),
    R = receive wanted -> got after 100 -> timed_out end,
    T = erlang:monotonic_time(millisecond) - T0,
    io:format("~w ~w ~w~n", [R, T >= 100, T < 5000]),
    exit(Noise, kill),
    Q = fun() -> T1 = erlang:monotonic_time(millisecond), receive never -> x after 30 -> ok end, erlang:monotonic_time(millisecond) - T1 >= 30 end,
    io:format("~w~n", [[Q() || _ <- [1, 2, 3]]]).

noise(_, 0) -> ok;
noise(To, N) -> To ! noise, receive after 10 -> noise(To, N - 1) end.
