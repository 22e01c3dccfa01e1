%% A gen_server owns a table: N writes are calls, ten times as many reads are not.
-module(ets_owner).
-behaviour(gen_server).
-export([run/1, default/0, init/1, handle_call/3, handle_cast/2]).

default() -> 100000.

run(N) ->
    {ok, Server} = gen_server:start_link(?MODULE, [], []),
    Sum = work(N, gen_server:call(Server, table), Server, 0),
    gen_server:stop(Server),
    Sum.

work(0, _, _, Sum) -> Sum;
work(N, Table, Server, Sum) ->
    ok = gen_server:call(Server, {put, N rem 1000, N}),
    work(N - 1, Table, Server, reads(10, N, Table, Sum)).

reads(0, _, _, Sum) -> Sum;
reads(Left, N, Table, Sum) ->
    case ets:lookup(Table, (N + Left) rem 1000) of
        [{_, Value}] -> reads(Left - 1, N, Table, Sum + Value);
        [] -> reads(Left - 1, N, Table, Sum)
    end.

init([]) -> {ok, ets:new(table, [protected, {read_concurrency, true}])}.
handle_call(table, _, Table) -> {reply, Table, Table};
handle_call({put, Key, Value}, _, Table) ->
    ets:insert(Table, {Key, Value}),
    {reply, ok, Table}.
handle_cast(_, Table) -> {noreply, Table}.
