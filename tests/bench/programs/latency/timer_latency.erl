%% timer_latency.erl: how late is a 1 ms timer while something else goes on?
%%
%%     muster run tests/bench/programs/latency/timer_latency.erl KIND SAMPLES [FIFO]
%%
%% KIND says what disturbs:
%%     quiet      nothing
%%     loop       one process in an endless loop
%%     loops      as many of them as there are schedulers
%%     heap       one process that holds 500 MB of live data and collects it again and again
%%     file       four processes blocked in a read of FIFO, a pipe that nobody writes to
%%
%% A process waits 1 ms again and again and notes how much later than that it ran. One line is
%% printed: the kind, the median, the 99th percentile and the maximum, in microseconds.
-module(timer_latency).
-export([main/1]).

main([Kind, Samples | Rest]) ->
    Ready = disturb(list_to_atom(Kind), Rest),
    [receive {ready, Pid} -> ok end || Pid <- Ready],
    Late = lists:sort(measure(list_to_integer(Samples), [])),
    N = length(Late),
    io:format("~s ~w ~w ~w~n", [Kind, lists:nth(max(1, N div 2), Late), lists:nth(max(1, N * 99 div 100), Late), lists:last(Late)]),
    halt(0, [{flush, true}]).

measure(0, Late) -> Late;
measure(Left, Late) ->
    Start = erlang:monotonic_time(microsecond),
    receive after 1 -> ok end,
    Took = erlang:monotonic_time(microsecond) - Start,
    measure(Left - 1, [Took - 1000 | Late]).

disturb(quiet, _) -> [];
disturb(loop, _) -> disturbers(1, fun() -> loop(0) end);
disturb(loops, _) -> disturbers(erlang:system_info(schedulers_online), fun() -> loop(0) end);
disturb(heap, _) ->
    Self = self(),
    [spawn(fun() ->
         Data = build(12500000, []),
         Self ! {ready, self()},
         collect(Data)
     end)];
disturb(file, [Fifo]) -> disturbers(4, fun() -> file:read_file(Fifo) end).

disturbers(N, Work) ->
    Self = self(),
    [spawn(fun() -> Self ! {ready, self()}, Work() end) || _ <- lists:seq(1, N)].

loop(N) -> loop((N + 1) band 16#FFFFFF).

%% A cons cell and a pair are 40 bytes.
build(0, L) -> L;
build(N, L) -> build(N - 1, [{N, L} | []]).

%% The data stays live across each collection.
collect(Data) ->
    erlang:garbage_collect(),
    [{1, _}] = Data,
    collect(Data).
