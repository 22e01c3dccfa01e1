%% main([N]): what a gen_server weighs that has N casts in its queue, in bytes.
-module(queued_memory).
-export([main/1]).

main([N]) ->
    {ok, Server} = gen_server:start_link(server_gen, 0, []),
    sys:suspend(Server),
    [gen_server:cast(Server, {add, I}) || I <- lists:seq(1, list_to_integer(N))],
    timer:sleep(100),
    erlang:garbage_collect(),
    {memory, Memory} = process_info(Server, memory),
    io:format("~w~n", [Memory]).
