%% A function calls small ones, and on the way itself has them traced.
-module(tracing_begins_in_the_middle).
-export([main/0]).

main() ->
    Self = self(),
    warm(200000, 0),
    Tracer = spawn_link(fun() -> tracer(Self, []) end),
    {Pid, Ref} = spawn_monitor(fun() -> exit({done, steps(Tracer, 5)}) end),
    receive {'DOWN', Ref, process, Pid, Reason} -> io:format("~w~n", [Reason]) end,
    Tracer ! {stop, Self},
    receive {calls, Calls} -> io:format("~w~n", [Calls]) end.

warm(0, Sum) -> Sum;
warm(N, Sum) -> warm(N - 1, (Sum + steps(none, N band 7)) rem 1000).

steps(Tracer, N) ->
    A = small(N),
    begin_to_trace(Tracer),
    B = small(N + 1),
    C = calling(N + 2),
    end_to_trace(Tracer),
    A + B + C + small(N + 3).

small(N) -> N * 3 + 1.
calling(N) -> small(N) + small(N + 10).

begin_to_trace(none) -> ok;
begin_to_trace(Tracer) ->
    1 = erlang:trace(self(), true, [call, {tracer, Tracer}]),
    1 = erlang:trace_pattern({?MODULE, small, 1}, true, [local]),
    1 = erlang:trace_pattern({?MODULE, calling, 1}, true, [local]).

end_to_trace(none) -> ok;
end_to_trace(_) ->
    1 = erlang:trace_pattern({?MODULE, small, 1}, false, [local]),
    1 = erlang:trace_pattern({?MODULE, calling, 1}, false, [local]),
    1 = erlang:trace(self(), false, [call]).

tracer(Parent, Calls) ->
    receive
        {trace, _, call, {_, F, A}} -> tracer(Parent, [{F, A} | Calls]);
        {stop, Parent} -> Parent ! {calls, lists:reverse(Calls)}
    end.
