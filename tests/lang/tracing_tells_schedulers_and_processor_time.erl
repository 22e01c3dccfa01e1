% The flags scheduler_id, one more element, and cpu_timestamp, of all stamps.
-module(tracing_tells_schedulers_and_processor_time).
-export([main/0]).
main() ->
    P = spawn(fun() -> receive go -> self() ! x, receive x -> ok end end end),
    1 = erlang:trace(P, true, [scheduler_id, send, 'receive']),
    io:format("~p~n", [erlang:trace_info(P, flags)]),
    P ! go,
    [receive {trace, P, send, x, P, N} when is_integer(N) -> ok; {trace, P, 'receive', _, N} when is_integer(N) -> ok end || _ <- [1, 2, 3]],
    Q = spawn(fun() -> receive go -> self() ! x, receive x -> ok end end end),
    1 = erlang:trace(Q, true, [scheduler_id, send, timestamp]),
    Q ! go,
    receive {trace_ts, Q, send, x, Q, M, {_, _, _} = Wall} when is_integer(M) -> io:format("~p~n", [element(1, Wall) > 1000]) end,
    R = spawn(fun() -> receive go -> self() ! x, receive x -> ok end end end),
    1 = erlang:trace(R, true, [send, timestamp]),
    0 = erlang:trace(all, true, [cpu_timestamp]) * 0,
    R ! go,
    receive {trace_ts, R, send, x, R, {_, _, _} = Cpu} -> io:format("~p~n", [element(1, Cpu)]) end,
    0 = erlang:trace(all, false, [cpu_timestamp]) * 0,
    [io:format("~p~n", [try erlang:trace(Which, true, [cpu_timestamp]) catch error:E -> E end]) || Which <- [self(), new, existing, processes]].
