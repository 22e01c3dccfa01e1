%% process_flag for each flag, and flags inherited or not.
-module(process_flags_return_old_values).
-export([main/0]).

main() ->
    io:format("~w~n", [process_flag(priority, high)]),
    io:format("~w~n", [process_flag(priority, normal)]),
    Old = process_flag(min_heap_size, 5000),
    io:format("~w~n", [is_integer(Old)]),
    io:format("~w~n", [process_flag(min_heap_size, Old) >= 5000]),
    F = process_flag(fullsweep_after, 10),
    io:format("~w ~w~n", [is_integer(F), process_flag(fullsweep_after, F)]),
    io:format("~w ~w~n", [process_flag(message_queue_data, off_heap), process_flag(message_queue_data, on_heap)]),
    io:format("~w~n", [process_flag(save_calls, 0)]),
    io:format("~w~n", [is_map(process_flag(max_heap_size, 0))]),
    process_flag(trap_exit, true),
    Self = self(),
    spawn(fun() -> Self ! {child, process_info(self(), trap_exit), process_info(self(), priority)} end),
    receive {child, T, P} -> io:format("~w ~w~n", [T, P]) end.
