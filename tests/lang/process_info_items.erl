%% The items of process_info/2 and their shapes.
-module(process_info_items).
-export([main/0]).

main() ->
    Self = self(),
    put(key, val),
    self() ! m1, self() ! m2,
    io:format("~w~n", [process_info(Self, message_queue_len)]),
    io:format("~w~n", [process_info(Self, messages)]),
    io:format("~w~n", [process_info(Self, dictionary)]),
    io:format("~w~n", [process_info(Self, priority)]),
    io:format("~w~n", [process_info(Self, [trap_exit, message_queue_len, registered_name])]),
    P = spawn_link(fun() -> receive stop -> ok end end),
    wait_waiting(P),
    io:format("~w~n", [process_info(P, status)]),
    {links, L} = process_info(P, links),
    io:format("~w~n", [L =:= [Self]]),
    R = monitor(process, P),
    {monitored_by, By} = process_info(P, monitored_by),
    {monitors, Ms} = process_info(Self, monitors),
    io:format("~w ~w~n", [By =:= [Self], Ms =:= [{process, P}]]),
    [begin {I, V} = process_info(Self, I), io:format("~w ~w~n", [I, is_integer(V) andalso V >= 0]) end || I <- [heap_size, total_heap_size, stack_size, reductions, memory]],
    {group_leader, G} = process_info(Self, group_leader),
    io:format("~w~n", [G =:= group_leader()]),
    {current_function, {M, F, A}} = process_info(Self, current_function),
    io:format("~w ~w ~w~n", [M, F, A]),
    io:format("~w~n", [process_info(Self, status)]),
    io:format("~w~n", [is_list(process_info(Self))]),
    io:format("~w~n", [[lists:keymember(K, 1, process_info(Self)) || K <- [status, links, dictionary, trap_exit, heap_size, registered_name]]]),
    P ! stop,
    receive {'DOWN', R, _, _, _} -> ok end,
    io:format("~w ~w~n", [process_info(P), process_info(P, status)]),
    io:format("~w~n", [try process_info(Self, [status, nonsense]) catch C:E -> {C, E} end]).

wait_waiting(P) -> case process_info(P, status) of {status, waiting} -> ok; _ -> erlang:yield(), wait_waiting(P) end.
