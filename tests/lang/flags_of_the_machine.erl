% erlang:system_flag/2: values before, what is refused, and what the flags do.
-module(flags_of_the_machine).
-export([main/0]).
main() ->
    T = fun(K, V) -> try erlang:system_flag(K, V) catch C:E -> {C, E} end end,
    Limit = erlang:system_flag(outstanding_system_requests_limit, 1),
    [io:format("~p ~p ~p~n", [K, V, T(K, V)])
     || {K, Vs} <- [{outstanding_system_requests_limit, [0, 134217727, 134217728, x]}, {system_logger, [x]},
                    {sequential_tracer, [false, x, get, false]}, {cpu_topology, [x]}, {multi_scheduling, [x]},
                    {scheduler_bind_type, [x]}, {foo, [1]}], V <- Vs],
    io:format("~p~n", [erlang:system_info(outstanding_system_requests_limit)]),
    erlang:system_flag(outstanding_system_requests_limit, Limit),
    Self = self(),
    true = erlang:system_flag(cpu_topology, undefined) =:= erlang:system_info(cpu_topology),
    io:format("~p~n", [erlang:system_flag(sequential_tracer, Self) =:= false]),
    io:format("~p~n", [erlang:system_info(sequential_tracer) =:= {sequential_tracer, Self}]),
    io:format("~p~n", [seq_trace:get_system_tracer() =:= Self]),
    io:format("~p~n", [erlang:system_flag(sequential_tracer, false) =:= Self]),
    erlang:system_flag(system_logger, logger),
    io:format("~p ~p~n", [erlang:system_info(system_logger), erlang:system_flag(system_logger, Self)]),
    P = spawn(fun() -> exit(make_it(fail)) end),
    receive
        {log, error, Format, [P, Reason], #{pid := P, gl := _, time := _, error_logger := #{emulator := true, tag := error}}} ->
            io:format("~s ~p~n", [string:slice(Format, 0, 16), element(1, Reason)])
    end,
    io:format("~p ", [erlang:system_flag(system_logger, undefined) =:= Self]),
    io:format("~p~n", [erlang:system_flag(system_logger, logger)]).
make_it(fail) -> error(on_purpose).
