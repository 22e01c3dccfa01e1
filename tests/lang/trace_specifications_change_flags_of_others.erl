%% {enable_trace, …}, {disable_trace, …} and {trace, …} in match specifications: of the process itself and of others.
-module(trace_specifications_change_flags_of_others).
-export([main/0, f/1]).

main() ->
    Specs = [{[{disable_trace, call}], []},
             {[{disable_trace, call}, {return_trace}], []},
             {[{silent, true}], []},
             {[{trace, [call], [procs]}], []},
             {[{trace, [], [arity]}], []},
             {[{enable_trace, arity}], [procs]},
             {[{message, [{disable_trace, {self}, call}]}], []},
             {[{message, [{enable_trace, nobody, call}]}], []},
             {[{message, [{trace, {self}, [call], [procs]}]}], []},
             {[{message, [{enable_trace, foo}]}], []},
             {[{message, [{trace, [foo], [call]}]}], []},
             {[{message, [{trace, [call | foo], []}]}], []},
             {[{message, [{disable_trace, 5, call}]}], []}],
    [try itself(Actions, Flags)
     catch error:badarg -> io:format("~p: badarg~n", [Actions])
     end || {Actions, Flags} <- Specs],
    another().

itself(Actions, Flags) ->
    io:format("~p:~n", [Actions]),
    {Pid, Ref} = spawn_monitor(fun() -> receive go -> ok end, [?MODULE:f(N) || N <- [1, 2, 3]] end),
    erlang:trace(Pid, true, [call | Flags]),
    erlang:trace_pattern({?MODULE, f, 1}, [{[1], [], Actions}, {'_', [], []}], [global]),
    Pid ! go,
    receive {'DOWN', Ref, process, _, _} -> ok end,
    told(Pid).

%% One process makes another one traced, and not, by its name.
another() ->
    io:format("another one:~n"),
    First = spawn(fun() -> receive go -> ok end, ?MODULE:f(on), receive again -> ok end, ?MODULE:f(off), receive stop -> ok end end),
    Second = spawn(fun waits/0),
    register(second, Second),
    erlang:trace(First, true, [call]),
    erlang:trace_pattern({?MODULE, f, 1}, [{[on], [], [{enable_trace, second, call}]}, {[off], [], [{disable_trace, Second, call}]},
                                           {'_', [], []}], [global]),
    call(Second, before),
    First ! go,
    receive {trace, First, call, {_, f, [on]}} -> ok end,
    flags_become(Second, [call]),
    {tracer, Me} = erlang:trace_info(Second, tracer),
    true = Me =:= self(),
    call(Second, between),
    First ! again,
    flags_become(Second, []),
    call(Second, behind),
    told(Second).

waits() -> receive {f, From, X} -> ?MODULE:f(X), From ! done, waits() end.

call(Pid, X) ->
    Pid ! {f, self(), X},
    receive done -> ok end.

flags_become(Pid, Flags) ->
    case erlang:trace_info(Pid, flags) of
        {flags, Flags} -> ok;
        _ -> timer:sleep(1), flags_become(Pid, Flags)
    end.

told(Pid) ->
    Ref = erlang:trace_delivered(Pid),
    receive {trace_delivered, Pid, Ref} -> ok end,
    told_so_far(Pid).

told_so_far(Pid) ->
    receive
        {trace, Pid, exit, normal} -> told_so_far(Pid);
        {trace, Pid, What, About} -> io:format("  ~p ~p~n", [What, About]), told_so_far(Pid);
        {trace, Pid, What, About, More} -> io:format("  ~p ~p ~p~n", [What, About, More]), told_so_far(Pid)
    after 0 -> ok
    end.

f(X) -> X.
