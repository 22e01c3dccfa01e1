%% trace_pattern/3 with call_time: calls and time of each process, paused, restarted, with exceptions.
-module(tracing_measures_the_time_of_calls).
-export([main/0, body/2, tail/2, waits/1, fails/1, outer/1, inner/1]).

main() ->
    [1 = erlang:trace_pattern({?MODULE, F, A}, true, [call_time])
     || {F, A} <- [{body, 2}, {tail, 2}, {waits, 1}, {fails, 1}, {outer, 1}, {inner, 1}]],
    Pid = spawn(fun worker/0),
    erlang:trace(Pid, true, [call]),
    run(Pid, body, [1000, 0]),
    counts(Pid, "a body-recursive function", [{body, 2}, {tail, 2}]),
    run(Pid, tail, [100000, 0]),
    counts(Pid, "a tail-recursive one", [{body, 2}, {tail, 2}]),
    {call_time, [{Pid, 100001, S, Us}]} = erlang:trace_info({?MODULE, tail, 2}, call_time),
    io:format("it took some time: ~p~n", [S * 1000000 + Us > 0]),
    run(Pid, waits, [100]),
    {call_time, [{Pid, 1, WS, WUs}]} = erlang:trace_info({?MODULE, waits, 1}, call_time),
    io:format("waiting takes none: ~p~n", [WS * 1000000 + WUs < 90000]),
    run(Pid, fails, [5]),
    counts(Pid, "exceptions", [{fails, 1}]),
    run(Pid, outer, [200000]),
    {call_time, [{Pid, 1, OS, OUs}]} = erlang:trace_info({?MODULE, outer, 1}, call_time),
    {call_time, [{Pid, 1, IS, IUs}]} = erlang:trace_info({?MODULE, inner, 1}, call_time),
    io:format("the time is that of the inner one: ~p~n", [IS * 1000000 + IUs > OS * 1000000 + OUs]),
    1 = erlang:trace_pattern({?MODULE, body, 2}, pause, [call_time]),
    run(Pid, body, [10, 0]),
    counts(Pid, "paused", [{body, 2}]),
    1 = erlang:trace_pattern({?MODULE, body, 2}, restart, [call_time]),
    counts(Pid, "restarted", [{body, 2}]),
    Second = spawn(fun worker/0),
    erlang:trace(Second, true, [call]),
    run(Pid, body, [10, 0]),
    run(Second, body, [20, 0]),
    {call_time, Both} = erlang:trace_info({?MODULE, body, 2}, call_time),
    io:format("two processes: ~p~n", [lists:sort([C || {_, C, _, _} <- Both])]),
    erlang:trace(Pid, false, [call]),
    run(Pid, body, [10, 0]),
    counts(Pid, "not traced any more", [{body, 2}]),
    {all, All} = erlang:trace_info({?MODULE, inner, 1}, all),
    io:format("~p~n", [[Item || {K, _} = Item <- All, K =:= traced orelse K =:= call_count]]),
    1 = erlang:trace_pattern({?MODULE, body, 2}, false, [call_time]),
    io:format("~p~n", [erlang:trace_info({?MODULE, body, 2}, call_time)]),
    io:format("~p~n", [[try erlang:trace_pattern({?MODULE, body, 2}, Spec, Flags)
                        catch error:Why -> Why
                        end || {Spec, Flags} <- [{pause, [call_time, local]}, {restart, [call_time, call_count]},
                                                 {true, [call_time, foo]}, {foo, [call_time]}]]]).

run(Pid, F, Args) ->
    Pid ! {run, self(), F, Args},
    receive {Pid, done} -> ok end.

worker() ->
    receive
        {run, From, F, Args} ->
            catch apply(?MODULE, F, Args),
            From ! {self(), done},
            worker()
    end.

counts(Pid, What, Functions) ->
    io:format("~s: ~p~n", [What, [{F, [C || {P, C, _, _} <- element(2, erlang:trace_info({?MODULE, F, A}, call_time)),
                                            P =:= Pid]} || {F, A} <- Functions]]).

body(0, Sum) -> [Sum];
body(N, Sum) -> [N | body(N - 1, Sum + N)].

tail(0, Sum) -> Sum;
tail(N, Sum) -> tail(N - 1, (Sum * 3 + N) rem 1000003).

waits(Time) ->
    timer:sleep(Time),
    ok.

fails(0) -> error(enough);
fails(N) -> [fails(N - 1)].

outer(N) -> {inner(N), N}.

inner(N) -> lists:foldl(fun(X, Sum) -> (Sum + X * X) rem 1000003 end, 0, lists:seq(1, N)).
