%% erlang:system_monitor/0,1,2: settings, large heaps, long collections, waiting for busy ports.
-module(system_monitor_tells_of_heaps_and_ports).
-export([main/0]).

main() ->
    settings(),
    heaps(),
    ports().

settings() ->
    Me = self(),
    show([begin
              Result = try erlang:system_monitor(Pid, Options)
                       catch error:Why -> Why
                       end,
              {Options, Result, erlang:system_monitor()}
          end || {Pid, Options} <- [{undefined, []}, {Me, []}, {Me, [{long_gc, 100}]},
                                    {Me, [{long_gc, 100}, {large_heap, 9999}, busy_port, busy_dist_port,
                                          {long_schedule, 10}]},
                                    {Me, [foo]}, {Me, [{long_gc, -1}]}, {Me, [{long_gc, 0}]},
                                    {Me, [{large_heap, 1 bsl 70}]}, {foo, [busy_port]}, {Me, [busy_port | x]},
                                    {Me, [busy_port, busy_port]}, {Me, [{long_gc, a}]}, {undefined, [busy_port]},
                                    {Me, [{long_gc, 5}, {long_gc, 7}]}]]),
    show([{Given, try erlang:system_monitor(Given) catch error:Why -> Why end, erlang:system_monitor()}
          || Given <- [undefined, {Me, [busy_port]}, foo, {Me, foo}, {Me, []}]]),
    %% It ends with the process that was told.
    Other = spawn(fun() -> receive stop -> ok end end),
    Ref = monitor(process, Other),
    undefined = erlang:system_monitor(Other, [busy_port]),
    {Other, [busy_port]} = erlang:system_monitor(),
    Other ! stop,
    receive {'DOWN', Ref, process, _, _} -> ok end,
    undefined = erlang:system_monitor(),
    ok.

show(Results) ->
    Me = self(),
    Hide = fun({P, Options}) when P =:= Me -> {me, Options}; (Other) -> Other end,
    [io:format("~p: ~p, now ~p~n", [case Given of {_, O} when is_pid(element(1, Given)) -> {me, O}; _ -> Given end,
                                   Hide(Before), Hide(Now)])
     || {Given, Before, Now} <- Results].

heaps() ->
    erlang:system_monitor(self(), [{large_heap, 200000}, {long_gc, 1}]),
    Grower = spawn(fun() -> length(grow(300000, [])) end),
    [io:format("~p: ~p~n", [What, [Key || {Key, N} <- Sizes, is_integer(N), N >= 0]])
     || What <- [large_heap, long_gc], {monitor, _, _, Sizes} <- [told(Grower, What)]],
    erlang:system_monitor(undefined),
    ended(Grower).

%% Where every collection is checked it would take minutes of the processor from those that follow.
ended(Pid) ->
    Ref = monitor(process, Pid),
    exit(Pid, kill),
    receive {'DOWN', Ref, process, _, _} -> ok end.

grow(0, List) -> List;
grow(N, List) -> grow(N - 1, [{N} | List]).

told(Pid, What) ->
    receive {monitor, Pid, What, _} = Message -> Message end.

%% What the port talks to never reads and lives until it is killed: it has to be there still when the writer,
%% which may be slow, has filled the port.
ports() ->
    erlang:system_monitor(self(), [busy_port]),
    Main = self(),
    Writer = spawn(fun() ->
                       Sleep = os:find_executable("sleep"),
                       Port = open_port({spawn_executable, Sleep}, [binary, {args, ["600"]}]),
                       Main ! {port, Port, erlang:port_info(Port, os_pid)},
                       write(Port, binary:copy(<<"x">>, 100000))
                   end),
    {Port, Os} = receive {port, P, {os_pid, Number}} -> {P, Number} end,
    {monitor, _, _, Port} = told(Writer, busy_port),
    io:format("waits for the busy port~n"),
    ended(Writer),
    [] = os:cmd("kill " ++ integer_to_list(Os)),
    erlang:system_monitor(undefined).

write(Port, Bytes) ->
    port_command(Port, Bytes),
    write(Port, Bytes).
