%% Calls that are counted, or told, where a process gives way to others.
-module(calls_are_counted_over_slices).
-export([main/0, loop/1, even/1, odd/1, deep/1]).

main() ->
    1 = erlang:trace_pattern({?MODULE, loop, 1}, true, [call_count]),
    1 = erlang:trace_pattern({?MODULE, even, 1}, true, [call_count]),
    1 = erlang:trace_pattern({?MODULE, deep, 1}, true, [call_count]),
    io:format("~p ~p ~p~n", [loop(100000), even(100000), deep(100000)]),
    [io:format("~p ~p~n", [F, erlang:trace_info({?MODULE, F, 1}, call_count)]) || F <- [loop, even, deep]],
    3 = lists:sum([erlang:trace_pattern({?MODULE, F, 1}, false, [call_count]) || F <- [loop, even, deep]]),
    Self = self(),
    Tracer = spawn(fun() -> count(0) end),
    P = spawn(fun() -> receive go -> Self ! {done, loop(20000)} end end),
    1 = erlang:trace_pattern({?MODULE, loop, 1}, true, [local]),
    1 = erlang:trace(P, true, [call, {tracer, Tracer}]),
    P ! go,
    receive {done, 0} -> ok end,
    Delivered = erlang:trace_delivered(P),
    receive {trace_delivered, P, Delivered} -> ok end,
    Tracer ! {told, self()},
    receive {told, N} -> io:format("told ~p~n", [N]) end.

count(N) ->
    receive
        {trace, _, call, {?MODULE, loop, [_]}} -> count(N + 1);
        {told, To} -> To ! {told, N}
    end.

loop(0) -> 0;
loop(N) -> loop(N - 1).

even(0) -> true;
even(N) -> odd(N - 1).
odd(0) -> false;
odd(N) -> even(N - 1).

deep(0) -> 0;
deep(N) -> 1 + deep(N - 1).
