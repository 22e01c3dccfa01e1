%% A gen_server finds N casts in its queue, again and again.
-module(server_queue_drains).
-export([run/1, default/0]).

default() -> 100000.

run(N) ->
    {ok, Server} = gen_server:start_link(server_gen, 0, []),
    Count = rounds(10, N, Server),
    gen_server:stop(Server),
    Count.

rounds(0, _, Server) -> gen_server:call(Server, count, infinity);
rounds(Left, N, Server) ->
    sys:suspend(Server),
    casts(N, Server),
    sys:resume(Server, infinity),
    _ = gen_server:call(Server, count, infinity),
    rounds(Left - 1, N, Server).

casts(0, _) -> ok;
casts(N, Server) ->
    gen_server:cast(Server, {add, 1}),
    casts(N - 1, Server).
