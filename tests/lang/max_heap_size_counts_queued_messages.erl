%% Messages in the queue are part of a heap's size, and of what max_heap_size limits, unless they are kept
%% off the heap.
-module(max_heap_size_counts_queued_messages).
-export([main/0]).

main() ->
    [io:format("~p ~p: ~p~n", [Where, Kill, end_of(Where, Kill)]) || Where <- [on_heap, off_heap], Kill <- [true, false]],
    io:format("~p~n", [grows(on_heap)]).

end_of(Where, Kill) ->
    Limit = #{size => 3000, kill => Kill, error_logger => false},
    {Pid, Ref} = spawn_opt(fun wait/0, [monitor, {max_heap_size, Limit}, {message_queue_data, Where}]),
    [Pid ! lists:duplicate(N, N) || N <- lists:seq(1, 100)],
    _ = process_info(Pid, messages),
    garbage_collect(Pid),
    receive {'DOWN', Ref, process, Pid, Why} -> Why
    after 600 -> exit(Pid, kill), alive
    end.

wait() -> receive never -> ok after 10000 -> ok end.

grows(Where) ->
    Pid = spawn_opt(fun wait/0, [{message_queue_data, Where}]),
    {total_heap_size, Before} = process_info(Pid, total_heap_size),
    [Pid ! lists:duplicate(N, N) || N <- lists:seq(1, 100)],
    _ = process_info(Pid, messages),
    {total_heap_size, After} = process_info(Pid, total_heap_size),
    exit(Pid, kill),
    After > Before + 5000.
