%% N calls to a server loop written by hand as gen_server does it: monitor, reference, reply, demonitor.
-module(server_calls).
-export([run/1, default/0]).

default() -> 700000.

run(N) ->
    Pid = spawn_link(fun() -> server(#{count => 0}) end),
    calls(N, Pid),
    {reply, Count} = call(Pid, count),
    unlink(Pid),
    Pid ! stop,
    Count.

calls(0, _) -> ok;
calls(N, Pid) -> {reply, ok} = call(Pid, {add, 1}), calls(N - 1, Pid).

call(Pid, Request) ->
    Ref = monitor(process, Pid),
    Pid ! {'$call', {self(), Ref}, Request},
    receive
        {Ref, Reply} -> demonitor(Ref, [flush]), {reply, Reply};
        {'DOWN', Ref, _, _, Reason} -> exit(Reason)
    after 5000 -> exit(timeout)
    end.

server(State) ->
    receive
        {'$call', {From, Ref}, Request} ->
            {Reply, State2} = handle(Request, State),
            From ! {Ref, Reply},
            server(State2);
        stop -> ok
    end.

handle({add, N}, #{count := C} = S) -> {ok, S#{count := C + N}};
handle(count, #{count := C} = S) -> {C, S}.
