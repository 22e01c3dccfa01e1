%% 16 clients call one gen_server, N times together.
-module(server_16_clients).
-export([run/1, default/0]).

default() -> 400000.

run(N) ->
    {ok, Server} = gen_server:start_link(server_gen, 0, []),
    Clients = [spawn_monitor(fun() -> calls(N div 16, Server) end) || _ <- lists:seq(1, 16)],
    [receive {'DOWN', Ref, process, Pid, normal} -> ok end || {Pid, Ref} <- Clients],
    Count = gen_server:call(Server, count),
    gen_server:stop(Server),
    Count.

calls(0, _) -> ok;
calls(N, Server) ->
    ok = gen_server:call(Server, {add, 1}),
    calls(N - 1, Server).
