%% erlang:system_info/1 and statistics/1 give values of the right kind.
-module(system_info_has_the_usual_items).
-export([main/0]).

main() ->
    io:format("~w~n", [[is_integer(erlang:system_info(I)) || I <- [schedulers, schedulers_online, process_count, process_limit, wordsize, atom_limit, atom_count, port_limit]]]),
    io:format("~w~n", [erlang:system_info(wordsize)]),
    io:format("~p~n", [erlang:system_info(machine)]),
    io:format("~w~n", [lists:member(erlang:system_info(endian), [little, big])]),
    io:format("~w~n", [[is_list(erlang:system_info(I)) || I <- [otp_release, version, system_version, system_architecture]]]),
    io:format("~w~n", [is_boolean(erlang:system_info(smp_support))]),
    io:format("~w~n", [erlang:system_info(schedulers) >= erlang:system_info(schedulers_online)]),
    {R, _} = statistics(reductions),
    io:format("~w~n", [R > 0]),
    {{input, In}, {output, Out}} = statistics(io),
    io:format("~w~n", [is_integer(In) and is_integer(Out)]),
    {G, Wd, _} = statistics(garbage_collection),
    io:format("~w~n", [is_integer(G) and is_integer(Wd)]),
    io:format("~w~n", [is_integer(statistics(run_queue))]),
    io:format("~w~n", [[is_integer(erlang:memory(K)) || K <- [total, processes, binary, atom]]]),
    io:format("~w~n", [try erlang:system_info(no_such_item) catch C:E -> {C, E} end]),
    io:format("~w ~w~n", [node(), is_alive()]).
