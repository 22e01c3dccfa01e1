%% A server by hand: state, calls with monitors, casts, crash and restart.
-module(server_loop_with_calls_and_casts).
-export([main/0]).

main() ->
    S = start(),
    ok = call(S, {put, a, 1}),
    cast(S, {put, b, 2}),
    io:format("~w ~w ~w~n", [call(S, {get, a}), call(S, {get, b}), call(S, {get, c})]),
    io:format("~w~n", [call(S, size)]),
    io:format("~w~n", [try call(S, crash) catch exit:R -> element(1, R) end]),
    io:format("~w~n", [try call(S, size) catch exit:R2 -> R2 end]),
    S2 = start(),
    io:format("~w~n", [call(S2, size)]),
    cast(S2, stop),
    M = monitor(process, S2),
    io:format("~w~n", [receive {'DOWN', M, _, _, R3} -> lists:member(R3, [normal, noproc]) end]).

start() -> spawn(fun() -> loop(#{}) end).

call(Pid, Request) ->
    Ref = monitor(process, Pid),
    Pid ! {call, self(), Ref, Request},
    receive
        {Ref, Reply} -> demonitor(Ref, [flush]), Reply;
        {'DOWN', Ref, process, Pid, Reason} -> exit(Reason)
    after 5000 -> exit(timeout)
    end.

cast(Pid, Request) -> Pid ! {cast, Request}, ok.

loop(State) ->
    receive
        {call, From, Ref, Request} ->
            {Reply, State2} = handle(Request, State),
            From ! {Ref, Reply},
            loop(State2);
        {cast, stop} -> ok;
        {cast, Request} -> {_, State2} = handle(Request, State), loop(State2)
    end.

handle({put, K, V}, S) -> {ok, S#{K => V}};
handle({get, K}, S) -> {maps:get(K, S, undefined), S};
handle(size, S) -> {maps:size(S), S};
handle(crash, _) -> error(crashed).
