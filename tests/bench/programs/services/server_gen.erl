%% N calls to a gen_server that counts them.
-module(server_gen).
-behaviour(gen_server).
-export([run/1, default/0, init/1, handle_call/3, handle_cast/2]).

default() -> 500000.

run(N) ->
    {ok, Server} = gen_server:start_link(?MODULE, 0, []),
    calls(N, Server),
    Count = gen_server:call(Server, count),
    gen_server:stop(Server),
    Count.

calls(0, _) -> ok;
calls(N, Server) ->
    ok = gen_server:call(Server, {add, 1}),
    calls(N - 1, Server).

init(Count) -> {ok, Count}.
handle_call({add, N}, _, Count) -> {reply, ok, Count + N};
handle_call(count, _, Count) -> {reply, Count, Count}.
handle_cast({add, N}, Count) -> {noreply, Count + N}.
