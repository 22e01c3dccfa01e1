%% Calls to a gen_server by a process with N messages that it does not read.
-module(client_with_a_queue).
-export([run/1, default/0]).

default() -> 100000.

run(N) ->
    {ok, Server} = gen_server:start_link(server_gen, 0, []),
    [self() ! {unread, I} || I <- lists:seq(1, N)],
    calls(200000, Server),
    Count = gen_server:call(Server, count),
    gen_server:stop(Server),
    Count.

calls(0, _) -> ok;
calls(N, Server) ->
    ok = gen_server:call(Server, {add, 1}),
    calls(N - 1, Server).
