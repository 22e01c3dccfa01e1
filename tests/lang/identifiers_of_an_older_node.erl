%% Identifiers of an earlier incarnation of this node are not ours.
-module(identifiers_of_an_older_node).
-export([main/0]).

main() ->
    Old = older(self()),
    io:format("~p ~p ~p~n", [Old =:= self(), node(Old) =:= node(), is_pid(Old)]),
    Monitor = erlang:monitor(process, Old),
    receive {'DOWN', Monitor, process, Old, Reason} -> io:format("~p~n", [Reason]) end,
    process_flag(trap_exit, true),
    link(Old),
    receive {'EXIT', Old, Why} -> io:format("~p~n", [Why]) end,
    true = exit(Old, kill),
    io:format("~p~n", [erlang:monitor_node(node(), true)]),
    io:format("alive~n").

%% A pid ends with its creation.
older(Pid) ->
    Bytes = term_to_binary(Pid),
    Before = byte_size(Bytes) - 4,
    <<Head:Before/binary, Creation:32>> = Bytes,
    binary_to_term(<<Head/binary, (Creation + 1):32>>).
