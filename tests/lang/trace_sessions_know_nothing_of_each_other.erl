% Module trace: sessions with tracers of their own, beside erlang:trace/3; how they end.
-module(trace_sessions_know_nothing_of_each_other).
-export([main/0, f/1, g/1]).
main() ->
    Self = self(),
    [A, B] = [spawn_link(fun() -> tracer(N) end) || N <- [a, b]],
    put(tracers, [A, B]),
    S1 = {R, {one, Id}} = trace:session_create(one, A, []),
    true = is_reference(R), true = is_integer(Id),
    S2 = trace:session_create(two, B, []),
    P = spawn_link(fun worker/0),
    io:format("~p~n", [{trace:process(S1, P, true, [call]), trace:process(S2, P, true, [call, send, arity])}]),
    1 = trace:function(S1, {?MODULE, f, 1}, [{'_', [], [{return_trace}]}], [local]),
    1 = trace:function(S2, {?MODULE, f, 1}, true, [local]),
    1 = trace:function(S2, {?MODULE, g, 1}, true, [global]),
    io:format("~p~n", [[ [N || {N, _} <- trace:session_info(W)] || W <- [{?MODULE,f,1},{?MODULE,g,1},{lists,map,2}, P, self()]]]),
    do(P, fun() -> f(1), ?MODULE:g(2) end),
    sync(P), 
    io:format("destroy ~p~n", [trace:session_destroy(S1)]),
    do(P, fun() -> f(1), ?MODULE:g(2) end),
    sync(P),
    io:format("again ~p~n", [trace:session_destroy(S1)]),
    {'EXIT', {badarg, [{trace, process, [_, P, true, [call]], _} | _]}} = (catch trace:process(S1, P, true, [call])),
    % default beside
    erlang:trace(P, true, [call]), erlang:trace_pattern({?MODULE, f, 1}, [{['$1'],[{'>','$1',0}],[{return_trace}]}], [local]),
    do(P, fun() -> f(3) end), sync(P),
    receive {trace, _, _, _} = T1 -> io:format("default ~p~n", [setelement(2,T1,p)]) end,
    receive {trace, _, _, _,_} = T2 -> io:format("default ~p~n", [setelement(2,T2,p)]) end,
    io:format("~p~n", [{trace:info(S2, P, flags), erlang:trace_info(P, flags)}]),
    trace:session_destroy(S2),
    io:format("~p~n", [erlang:trace_info(P, flags)]),
    erlang:trace(P, false, [all]),
    erlang:trace_pattern({?MODULE, f, 1}, false, [local]),
    Q = spawn(fun() -> S3 = trace:session_create(three, A, []), trace:process(S3, P, true, [call]), trace:function(S3, {?MODULE, f, 1}, true, [local]), Self ! go, receive stop -> S3 end end),
    receive go -> ok end,
    do(P, fun() -> f(4) end), sync(P),
    io:format("~p~n", [[N || {N,_} <- trace:session_info(all)]]),
    M = monitor(process, Q), Q ! stop, receive {'DOWN', M, _, _, _} -> ok end,
    do(P, fun() -> f(5) end), sync(P),
    gone(),
    %% counting in two sessions
    S5 = trace:session_create(c1, A, []), S6 = trace:session_create(c2, A, []),
    [trace:process(S, P, true, [call]) || S <- [S5, S6]],
    [trace:function(S, {?MODULE, f, 1}, true, [call_count, call_time, call_memory]) || S <- [S5, S6]],
    do(P, fun() -> f(5), f(6) end),
    trace:function(S5, {?MODULE, f, 1}, restart, [call_count, call_time]),
    do(P, fun() -> f(7) end),
    io:format("~p~n", [[trace:info(S, {?MODULE, f, 1}, call_count) || S <- [S5, S6]]]),
    io:format("~p~n", [[[N || {_, N, _, _} <- element(2, trace:info(S, {?MODULE, f, 1}, call_time))] || S <- [S5, S6]]]),
    %% the tracer ends
    unlink(B), S7 = trace:session_create(c3, B, []), trace:process(S7, P, true, [send]),
    exit(B, kill), do(P, fun() -> self() ! x, receive x -> ok end end), 
    {'EXIT', {badarg, _}} = (catch trace:process(S7, P, true, [call])),
    io:format("~p~n", [[element(1, element(2, catch trace:session_create(X, Y, Z))) || {X, Y, Z} <- [{1, A, []}, {a, foo, []}, {a, A, [x]}, {a, B, []}]]]),
    true = is_tuple(S5) andalso is_tuple(S6). % until here they were kept
gone() -> case trace:session_info(all) of [] -> ok; _ -> timer:sleep(5), gone() end. % the handle was collected
f(X) -> X + 1.
g(X) -> X + 2.
worker() -> receive {From, F} -> F(), From ! done, worker() end.
do(P, F) -> P ! {self(), F}, receive done -> ok end.
%% What the tracers got is printed when it is asked for, one tracer after the other: as they run at once, there is no
%% other order.
tracer(N) ->
    receive {print, From, Ref} -> print(N), From ! Ref end,
    tracer(N).
print(N) ->
    receive
        X when element(1, X) =:= trace ->
            io:format("~p: ~p~n", [N, setelement(2, case X of {trace, _, send, done, _} -> {trace, p, send, done}; _ -> X end, p)]),
            print(N)
    after 0 -> ok
    end.
sync(P) ->
    R = trace:delivered(P),
    receive {trace_delivered, P, R} -> ok end,
    [begin Tracer ! {print, self(), R}, receive R -> ok end end || Tracer <- get(tracers)].
