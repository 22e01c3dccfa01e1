%% erlang:system_monitor/2 of OTP 27: {long_message_queue, {Falls, Reaches}}.
-module(long_message_queues_are_told).
-export([main/0]).

main() ->
    [io:format("~p: ~p~n", [Limits, try erlang:system_monitor(self(), [{long_message_queue, Limits}]), ok
                                    catch error:Why -> Why
                                    end])
     || Limits <- [5, {5, 5}, {6, 5}, {-1, 5}, {0, 0}, {a, 5}, {0, 1}]],
    erlang:system_monitor(self(), [{long_message_queue, {10, 100}}]),
    {Me, [{long_message_queue, {10, 100}}]} = erlang:system_monitor(),
    true = Me =:= self(),
    Pid = spawn(fun loop/0),
    [Pid ! {number, N} || N <- lists:seq(1, 99)],
    Pid ! {how_many, self()},
    receive {queue, N1} -> io:format("~p messages~n", [N1]) end,
    receive {monitor, Pid, long_message_queue, true} -> io:format("it is long~n") end,
    Pid ! {take, 80, self()},
    receive {queue, N2} -> io:format("~p messages~n", [N2]) end,
    receive {monitor, Pid, _, _} = Early -> io:format("early: ~p~n", [Early]) after 0 -> ok end,
    Pid ! {take, 15, self()},
    receive {queue, N3} -> io:format("~p messages~n", [N3]) end,
    receive {monitor, Pid, long_message_queue, false} -> io:format("it is not long any more~n") end,
    erlang:system_monitor(undefined),
    [Pid ! {number, N} || N <- lists:seq(1, 200)],
    Pid ! {take, 200, self()},
    receive {queue, N4} -> io:format("~p messages~n", [N4]) end,
    receive {monitor, Pid, _, _} = Late -> io:format("late: ~p~n", [Late]) after 0 -> ok end.

loop() ->
    receive
        {how_many, To} -> To ! {queue, queue()}, loop();
        {take, N, To} ->
            [receive {number, _} -> ok end || _ <- lists:seq(1, N)],
            To ! {queue, queue()},
            loop()
    end.

queue() ->
    {message_queue_len, N} = process_info(self(), message_queue_len),
    N.
