%% trace_pattern/3 with call_memory, of OTP 26: words that calls of functions allocate.
-module(tracing_measures_the_memory_of_calls).
-export([main/0, list/1, tuples/1, nothing/1, both/1]).

main() ->
    [1 = erlang:trace_pattern({?MODULE, F, 1}, true, [call_memory]) || F <- [list, tuples, nothing]],
    Pid = spawn(fun worker/0),
    erlang:trace(Pid, true, [call]),
    run(Pid, list, 1000),
    run(Pid, nothing, 1000),
    show(Pid, [list, nothing]),
    run(Pid, tuples, 100000),
    show(Pid, [tuples]),
    [1 = erlang:trace_pattern({?MODULE, F, 1}, restart, [call_memory]) || F <- [list, tuples]],
    1 = erlang:trace_pattern({?MODULE, both, 1}, true, [call_memory, call_time, call_count]),
    run(Pid, both, 10),
    show(Pid, [list, tuples, both]),
    {all, All} = erlang:trace_info({?MODULE, both, 1}, all),
    io:format("~p~n", [[case Item of {call_time, [{_, C, _, _}]} -> {call_time, C}; {call_memory, [{_, C, W}]} -> {C, W};
                                     _ -> Item end || Item <- All]]),
    1 = erlang:trace_pattern({?MODULE, list, 1}, false, [call_memory]),
    io:format("~p~n", [erlang:trace_info({?MODULE, list, 1}, call_memory)]).

run(Pid, F, Arg) ->
    Pid ! {run, self(), F, Arg},
    receive {Pid, done} -> ok end.

worker() ->
    receive
        {run, From, F, Arg} ->
            apply(?MODULE, F, [Arg]),
            From ! {self(), done},
            worker()
    end.

show(Pid, Functions) ->
    io:format("~p~n", [[{F, [{C, W} || {P, C, W} <- element(2, erlang:trace_info({?MODULE, F, 1}, call_memory)), P =:= Pid]}
                        || F <- Functions]]).

%% Two words each.
list(0) -> [];
list(N) -> [N | list(N - 1)].

%% Five words each; the last is not one of them.
tuples(0) -> [];
tuples(N) -> [{N, N} | tuples(N - 1)].

nothing(0) -> ok;
nothing(N) -> nothing(N - 1).

both(N) -> {list(N), tuples(N)}.
