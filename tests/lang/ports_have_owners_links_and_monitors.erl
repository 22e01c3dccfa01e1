%% Ports and processes: owners, links, monitors, names, and messages that make no sense.
-module(ports_have_owners_links_and_monitors).
-export([main/0]).

main() ->
    each([fun closing/0, fun linking/0, fun exits/0, fun monitors/0, fun names/0, fun owners/0,
          fun nonsense/0, fun information/0, fun data_of_ports/0, fun busy/0]).

each(Tests) ->
    [begin
         {_, Ref} = spawn_monitor(fun() -> process_flag(trap_exit, true), Test() end),
         receive {'DOWN', Ref, _, _, Reason} -> show(ended, Reason) end
     end || Test <- Tests].

show(Label, What) -> io:format("~s: ~0p~n", [Label, plain(What)]).

plain(T) when is_tuple(T) -> list_to_tuple(plain(tuple_to_list(T)));
plain([H | T]) -> [plain(H) | plain(T)];
plain(P) when P =:= self() -> self;
plain(P) when is_pid(P) -> pid;
plain(P) when is_port(P) -> port;
plain(R) when is_reference(R) -> ref;
plain(T) -> T.

cat() -> open_port({spawn, "cat"}, [binary]).

%% The next Count messages, and what else has come by then.
said(Count) -> said(Count, 10000).
said(0, _) -> receive M -> [M | said(0, 0)] after 20 -> [] end;
said(Count, T) -> receive M -> [M | said(Count - 1, T)] after T -> [] end.
said() -> said(1).

caught(F) -> try F() catch Class:Reason -> {Class, Reason} end.

closing() ->
    P = cat(),
    show(close, {port_close(P), said()}),
    show(closed, [caught(F) || F <- [fun() -> port_close(P) end, fun() -> port_command(P, "x") end,
                                     fun() -> erlang:port_info(P) end, fun() -> P ! {self(), close} end,
                                     fun() -> port_connect(P, self()) end,
                                     fun() -> lists:member(P, erlang:ports()) end]]),
    show(nothing_more, said(0)),
    Q = cat(),
    Q ! {self(), close},
    show(close_message, said(2)).

linking() ->
    P = cat(),
    show(linked, {process_info(self(), links), erlang:port_info(P, links)}),
    unlink(P),
    show(unlinked, {process_info(self(), links), erlang:port_info(P, links)}),
    link(P),
    port_close(P),
    show(linked_again, said()),
    link(P),
    show(linked_to_closed, said()),
    process_flag(trap_exit, false),
    show(linked_to_closed, caught(fun() -> link(P) end)),
    R = cat(),
    unlink(R),
    port_close(R),
    show(unlinked_close, said(0)).

exits() ->
    [begin
         P = cat(),
         exit(P, Reason),
         show(exit, {Reason, said()})
     end || Reason <- [foo, normal, kill, {a, [term]}]],
    [begin
         P = cat(),
         {_, M} = spawn_monitor(fun() -> link(P), exit(Reason) end),
         receive {'DOWN', M, _, _, _} -> ok end,
         show(linked_process_ends, {Reason, said(Count), erlang:port_info(P, connected)})
     end || {Reason, Count} <- [{foo, 1}, {normal, 0}]],
    Me = self(),
    [begin
         {_, M} = spawn_monitor(fun() -> P = cat(), Me ! {port, P}, exit(Reason) end),
         receive {port, P} -> ok end,
         receive {'DOWN', M, _, _, _} -> ok end,
         timer:sleep(20),
         show(owner_ends, {Reason, erlang:port_info(P)})
     end || Reason <- [foo, normal]].

monitors() ->
    P = cat(),
    R = monitor(port, P),
    show(monitors, {process_info(self(), monitors), erlang:port_info(P, monitored_by)}),
    R2 = monitor(port, P),
    show(demonitor, demonitor(R2, [flush, info])),
    port_close(P),
    show(down, said(2)),
    show(same, {R =/= R2}),
    monitor(port, P),
    show(down_at_once, said()),
    monitor(port, no_such_name),
    show(down_at_once, said()),
    Q = cat(),
    register(a_port, Q),
    monitor(port, a_port, [{tag, {my, tag}}]),
    port_close(a_port),
    show(down_by_name, said(2)),
    show(wrong, [caught(fun() -> monitor(port, X) end) || X <- [1, "x", {a, b@c}, self()]]).

names() ->
    P = cat(),
    show(unnamed, erlang:port_info(P, registered_name)),
    true = register(some_port, P),
    show(named, {erlang:port_info(P, registered_name), whereis(some_port) =:= P,
                 lists:member(some_port, registered())}),
    show(two_names, caught(fun() -> register(other_name, P) end)),
    some_port ! {self(), {command, "by name"}},
    show(by_name, said()),
    true = unregister(some_port),
    show(unnamed, {erlang:port_info(P, registered_name), whereis(some_port)}),
    true = register(some_port, P),
    port_close(some_port),
    show(gone, {whereis(some_port), said()}),
    show(gone, caught(fun() -> some_port ! {self(), close} end)).

owners() ->
    P = cat(),
    Me = self(),
    Other = spawn(fun() -> Me ! {other, said()} end),
    true = port_connect(P, Other),
    show(connected, {erlang:port_info(P, connected) =:= {connected, Other},
                     lists:sort(element(2, erlang:port_info(P, links))) =:= lists:sort([Me, Other])}),
    port_command(P, "for the other"),
    receive {other, Said} -> show(other, Said) end,
    show(died, said()),
    Q = cat(),
    Third = spawn(fun() -> receive stop -> ok end end),
    Q ! {self(), {connect, Third}},
    show(connect_message, {said(), erlang:port_info(Q, connected) =:= {connected, Third}}),
    Q ! {Third, close},
    show(closed_in_the_name_of, said()),
    show(wrong, [caught(fun() -> port_connect(cat(), X) end) || X <- [a, 1, spawn(fun() -> ok end)]]).

nonsense() ->
    logger:set_primary_config(level, none),
    P = cat(),
    [begin P ! M, show(nonsense, {M, said()}) end
     || M <- [foo, {self(), foo}, {self(), {command}}, {self(), {connect, 1}}, {foo, close}]],
    show(still_there, erlang:port_info(P, name)),
    show(wrong, [caught(F) || F <- [fun() -> port_command(P, foo) end, fun() -> port_command(P, [256]) end,
                                    fun() -> port_command(foo, "x") end, fun() -> port_command(P, "x", [foo]) end,
                                    fun() -> port_command(P, "x", [force]) end,
                                    fun() -> erlang:port_control(P, 1, "x") end,
                                    fun() -> erlang:port_call(P, 1, x) end,
                                    fun() -> erlang:port_info(P, foo) end, fun() -> erlang:port_info(1) end]]).

information() ->
    P = cat(),
    port_command(P, "12345"),
    receive {P, {data, <<"12345">>}} -> ok end,
    Items = [registered_name, connected, links, name, input, output, monitors, monitored_by, queue_size,
             locking, parallelism],
    show(items, [erlang:port_info(P, I) || I <- Items]),
    show(keys, [K || {K, _} <- erlang:port_info(P)]),
    {os_pid, Os} = erlang:port_info(P, os_pid),
    show(os_pid, is_integer(Os)),
    show(listed, {lists:member(P, erlang:ports()), is_port(P), list_to_port(port_to_list(P)) =:= P}),
    port_close(P).

data_of_ports() ->
    P = cat(),
    show(data, [erlang:port_get_data(P), erlang:port_set_data(P, {some, ["term"]}),
                erlang:port_get_data(P), erlang:port_set_data(P, 1), erlang:port_get_data(P)]),
    port_close(P),
    show(data_of_closed, [caught(fun() -> erlang:port_get_data(P) end),
                          caught(fun() -> erlang:port_set_data(P, 1) end)]).

busy() ->
    P = open_port({spawn, "sh -c 'read line; cat >/dev/null'"}, [binary]),
    Data = binary:copy(<<"x">>, 200000),
    true = port_command(P, Data),
    show(busy, erlang:port_command(P, Data, [nosuspend])),
    show(busy, erlang:send(P, {self(), {command, Data}}, [nosuspend])),
    Me = self(),
    spawn(fun() -> port_command(P, Data), Me ! went_on end),
    show(suspended, said()),
    port_close(P),
    show(released, said()).
