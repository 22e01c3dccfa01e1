%% statistics(scheduler_wall_time) and its flag; statistics(io).
-module(schedulers_tell_how_busy_they_are).
-export([main/0]).

main() ->
    io:format("~p~n", [[try erlang:system_flag(scheduler_wall_time, On) catch error:Why -> Why end
                        || On <- [false, true, foo]]]),
    Before = times(scheduler_wall_time),
    work(3000000, 1),
    After = times(scheduler_wall_time),
    io:format("each in 0..1: ~p~n", [lists:all(fun({I, {B0, T0}}) ->
                                                       {B1, T1} = maps:get(I, After),
                                                       B1 >= B0 andalso T1 > T0 andalso B1 - B0 =< T1 - T0
                                               end, maps:to_list(Before))]),
    Busy = lists:sum([B1 - B0 || {I, {B0, _}} <- maps:to_list(Before), {B1, _} <- [maps:get(I, After)]]),
    io:format("somebody worked: ~p~n", [Busy > 0]),
    Schedulers = erlang:system_info(schedulers),
    io:format("the first are schedulers: ~p~n", [[I || I <- lists:seq(1, Schedulers), not is_map_key(I, After)]]),
    All = times(scheduler_wall_time_all),
    io:format("all are more: ~p~n", [map_size(All) > Schedulers]),
    io:format("~p~n", [erlang:system_flag(scheduler_wall_time, false)]),
    io:format("~p~n", [[statistics(What) || What <- [scheduler_wall_time, scheduler_wall_time_all]]]),
    through_ports().

times(What) ->
    maps:from_list([{I, {Busy, Total}} || {I, Busy, Total} <- statistics(What)]).

work(0, N) -> N;
work(I, N) -> work(I - 1, (N * I) rem 1000003 + 1).

through_ports() ->
    {{input, I0}, {output, O0}} = statistics(io),
    Port = open_port({spawn, "cat"}, [stream]),
    port_command(Port, lists:duplicate(1000, $x)),
    1000 = received(Port, 0),
    {{input, I1}, {output, O1}} = statistics(io),
    io:format("~p ~p~n", [I1 - I0 >= 1000, O1 - O0 >= 1000]).

received(_, N) when N >= 1000 -> N;
received(Port, N) -> receive {Port, {data, Data}} -> received(Port, N + length(Data)) end.
