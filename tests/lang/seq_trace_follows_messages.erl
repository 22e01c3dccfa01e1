%% Tokens go with messages, exits and spawned processes; what they do is told to the system's tracer.
-module(seq_trace_follows_messages).
-export([main/1]).

main(_) ->
    io:format("~p~n", [[seq_trace:get_system_tracer(), seq_trace:get_token(), seq_trace:get_token(label)]]),
    Tests = [tokens, passing, timestamps, received_without, labels, print, exits, spawned, names, restored, reset, calls, match_specs],
    [begin
         seq_trace:reset_trace(),
         Tracer = spawn_link(fun() -> tracer([]) end),
         seq_trace:set_system_tracer(Tracer),
         io:format("~p:~n", [Test]),
         try test(Test)
         after
             seq_trace:set_token([]),
             timer:sleep(100),
             Tracer ! {stop, self()},
             receive {Tracer, Events} -> [io:format("    ~p~n", [event(E)]) || E <- Events] end,
             clear_names()
         end
     end || Test <- Tests],
    io:format("~p~n", [[erlang:seq_trace_info(X) || X <- [label, send, serial, 'receive', print, timestamp]]]),
    io:format("~p~n", [[try F() catch error:R -> R end ||
                           F <- [fun() -> seq_trace:set_token(nonsense, true) end, fun() -> seq_trace:set_token(send, 1) end,
                                 fun() -> seq_trace:set_token(serial, 1) end,
                                 fun() -> seq_trace:get_token(nonsense) end, fun() -> seq_trace:set_system_tracer(foo) end,
                                 fun() -> seq_trace:set_token({1, 2}) end, fun() -> erlang:seq_trace_info(1) end,
                                 fun() -> is_pid(seq_trace:set_system_tracer(false)) end]]]),
    io:format("~p~n", [seq_trace:get_system_tracer()]).

tracer(Events) ->
    receive
        {stop, From} -> From ! {self(), lists:reverse(Events)};
        Event -> tracer([Event | Events])
    end.

%% Processes are numbered as they come.
shown(Pid) when is_pid(Pid) ->
    case get({pid, Pid}) of
        undefined ->
            N = case get(pids) of undefined -> 1; Last -> Last + 1 end,
            put(pids, N),
            put({pid, Pid}, N),
            {p, N};
        N -> {p, N}
    end;
shown(Ref) when is_reference(Ref) -> ref;
shown(Tuple) when is_tuple(Tuple) -> list_to_tuple([shown(E) || E <- tuple_to_list(Tuple)]);
shown([H | T]) -> [shown(H) | shown(T)];
shown(Fun) when is_function(Fun) -> 'fun';
shown(Other) -> Other.

%% Times are not always the same.
event({seq_trace, Label, Event, {M, S, U}}) when is_integer(M), is_integer(S), is_integer(U) ->
    {seq_trace, Label, shown(Event), time};
event({seq_trace, Label, Event, {At, N}}) when is_integer(At), is_integer(N) -> {seq_trace, Label, shown(Event), strict};
event({seq_trace, Label, Event, At}) when is_integer(At) -> {seq_trace, Label, shown(Event), monotonic};
event(Event) -> shown(Event).

clear_names() -> [erase(K) || {K, _} <- get(), K =:= pids orelse element(1, K) =:= pid].

%% Printing is messages, too.
out(Format, Args) ->
    seq_trace:set_token([]),
    io:format(Format, Args).

all(Label) ->
    seq_trace:set_token(label, Label),
    seq_trace:set_token(send, true),
    seq_trace:set_token('receive', true),
    seq_trace:set_token(print, true).

test(tokens) ->
    R1 = seq_trace:set_token(label, 17),
    R2 = seq_trace:get_token(),
    R3 = [seq_trace:set_token(F, true) || F <- [send, 'receive', print, timestamp, monotonic_timestamp, strict_monotonic_timestamp]],
    R4 = seq_trace:get_token(),
    R5 = [seq_trace:get_token(X) || X <- [label, serial, send, 'receive', print, timestamp, monotonic_timestamp, strict_monotonic_timestamp]],
    R6 = [seq_trace:set_token(F, false) || F <- [send, print, timestamp]],
    R7 = [seq_trace:set_token(serial, {3, 5}), seq_trace:get_token(serial), seq_trace:set_token(serial, {0, 0}), seq_trace:set_token(label, foo)],
    R8 = seq_trace:get_token(),
    R9 = seq_trace:set_token([]),
    R10 = [seq_trace:get_token(), seq_trace:set_token([])],
    Show = [R1, shown(R2), R3, shown(R4), R5, R6, R7, shown(R8), shown(R9), R10],
    [out("  ~w~n", [S]) || S <- Show];
test(passing) ->
    Echo = spawn(fun() -> echo(3) end),
    Relay = spawn(fun() -> receive {From, M} -> Echo ! {From, {relayed, M}} end end),
    all(1),
    Echo ! {self(), one},
    receive {Echo, one} -> ok end,
    Relay ! {self(), two},
    receive {Echo, {relayed, two}} -> ok end,
    R = seq_trace:get_token(),
    self() ! me,
    receive me -> ok end,
    R1 = seq_trace:get_token(),
    out("  ~w~n", [shown({R, R1, Echo})]);
test(timestamps) ->
    Echo = spawn(fun() -> echo(3) end),
    [begin
         seq_trace:reset_trace(),
         seq_trace:set_token([]),
         seq_trace:set_token(label, Kind),
         seq_trace:set_token(print, true),
         seq_trace:set_token(Kind, true),
         seq_trace:print(now)
     end || Kind <- [timestamp, monotonic_timestamp, strict_monotonic_timestamp]],
    seq_trace:set_token([]),
    exit(Echo, kill);
test(received_without) ->
    Self = self(),
    Parent = spawn(fun() -> receive go -> Self ! with end end),
    Plain = spawn(fun() -> receive go -> Self ! without end end),
    {Victim, M} = spawn_monitor(fun() -> receive end_of_it -> ok end end),
    Plain ! go,
    all(2),
    receive without -> ok end,
    R1 = seq_trace:get_token(),
    all(3),
    Parent ! go,
    receive with -> ok end,
    R2 = seq_trace:get_token(),
    all(4),
    erlang:send_after(1, self(), timeout),
    receive timeout -> ok end,
    R3 = seq_trace:get_token(),
    all(5),
    receive after 1 -> ok end,
    R4 = seq_trace:get_token(),
    all(6),
    Victim ! end_of_it,
    receive {'DOWN', M, _, _, _} -> ok end,
    R5 = seq_trace:get_token(),
    out("  ~w~n", [shown([R1, R2, R3, R4, R5])]);
test(labels) ->
    Echo = spawn(fun() -> echo(2) end),
    Label = {a, "label", #{any => [any, 1 bsl 70, <<"kind">>, binary:copy(<<"x">>, 100)]}},
    all(Label),
    Echo ! {self(), one},
    receive {Echo, one} -> ok end,
    erlang:garbage_collect(),
    Echo ! {self(), two},
    receive {Echo, two} -> ok end,
    {label, L} = seq_trace:get_token(label),
    out("  ~w~n", [L =:= Label]);
test(print) ->
    all(7),
    ok = seq_trace:print({some, info}),
    ok = seq_trace:print(7, seven),
    ok = seq_trace:print(8, eight),
    seq_trace:set_token(print, false),
    ok = seq_trace:print(nothing),
    seq_trace:set_token([]),
    ok = seq_trace:print(nothing),
    out("  ~w~n", [[erlang:seq_trace_print(x), erlang:seq_trace_print(1, x)]]);
test(exits) ->
    process_flag(trap_exit, true),
    Victim = spawn(fun() -> receive never -> ok end end),
    Linked = spawn_link(fun() -> receive {stop, Why} -> exit(Why) end end),
    all(9),
    exit(Victim, bad),
    Linked ! {stop, because},
    receive {'EXIT', Linked, because} -> ok end,
    R = seq_trace:get_token(),
    exit(self(), {to, me}),
    receive {'EXIT', _, {to, me}} -> ok end,
    process_flag(trap_exit, false),
    R1 = seq_trace:get_token(),
    out("  ~w~n", [shown({R, R1})]);
test(spawned) ->
    Self = self(),
    seq_trace:set_token(label, 10),
    Child = spawn(fun() -> Self ! {self(), seq_trace:get_token(label), seq_trace:get_token(send)} end),
    receive {Child, Label, Send} -> ok end,
    R = [Label, Send, element(4, seq_trace:get_token()) =:= Child],
    seq_trace:set_token(label, 11),
    {Child2, M} = spawn_opt(fun() -> Self ! {self(), seq_trace:get_token(label)} end, [link, monitor]),
    receive {Child2, Label2} -> ok end,
    receive {'DOWN', M, _, _, _} -> ok end,
    R2 = [Label2, element(4, seq_trace:get_token()) =:= Child2],
    out("  ~w~n", [[R, R2]]);
test(names) ->
    {Dead, Monitor} = spawn_monitor(fun() -> ok end),
    receive {'DOWN', Monitor, _, _, _} -> ok end,
    register(seq_echo, spawn(fun() -> echo(3) end)),
    all(11),
    seq_echo ! {self(), by_name},
    receive {_, by_name} -> ok end,
    {seq_echo, node()} ! {self(), by_node},
    receive {_, by_node} -> ok end,
    A = alias(),
    A ! to_alias,
    receive to_alias -> ok end,
    unalias(A),
    {'EXIT', _} = (catch none_such ! x),
    Dead ! {ignored, by, the_dead},
    seq_echo ! {self(), stop},
    receive {_, stop} -> ok end;
test(restored) ->
    all(12),
    Token = seq_trace:get_token(),
    R1 = seq_trace:set_token({7, new, 5, self(), 4}),
    R2 = seq_trace:get_token(),
    self() ! x,
    receive x -> ok end,
    R3 = seq_trace:set_token(Token),
    R4 = seq_trace:get_token(),
    out("  ~w~n", [shown([Token, R1, R2, R3, R4])]);
test(reset) ->
    Echo = spawn(fun() -> receive go -> echo(1) end end),
    all(13),
    Echo ! {self(), one},
    seq_trace:reset_trace(),
    R1 = seq_trace:get_token(),
    Echo ! go,
    receive {Echo, one} -> ok end,
    R2 = seq_trace:get_token(),
    out("  ~w~n", [[R1, R2]]);
test(calls) ->
    Server = spawn(fun() -> server(0) end),
    all(14),
    R = [gen:call(Server, '$gen_call', {add, N}) || N <- [1, 2, 3]],
    R0 = seq_trace:get_token(),
    seq_trace:set_token([]),
    exit(Server, kill),
    out("  ~w ~w~n", [R, shown(R0)]);

test(match_specs) ->
    Self = self(),
    Tracer = spawn(fun() -> receive {trace, Self, call, _, Message} -> Self ! {traced, Message} end end),
    1 = erlang:trace(Self, true, [call, {tracer, Tracer}]),
    Body = [{set_seq_token, label, 99}, {set_seq_token, send, true}, {set_seq_token, nonsense, 1},
            {message, {{{is_seq_trace}, {get_seq_token}}}}],
    1 = erlang:trace_pattern({?MODULE, traced, 1}, [{'_', [], Body}], [local]),
    traced(x),
    R = seq_trace:get_token(),
    R2 = process_info(self(), sequential_trace_token),
    receive {traced, {Has, Token}} -> ok end,
    erlang:trace(Self, false, [all]),
    out("  ~w~n", [shown([Has, Token, R, R2])]).

traced(X) -> X.

server(N) ->
    receive {'$gen_call', From, {add, M}} -> gen:reply(From, N + M), server(N + M) end.

echo(0) -> ok;
echo(N) -> receive {From, M} -> From ! {self(), M}, echo(N - 1) end.
