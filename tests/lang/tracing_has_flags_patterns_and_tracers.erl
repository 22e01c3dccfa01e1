% erlang:trace/3: flags, match specifications, meta tracing, counting, inheritance; the end of a tracer.
-module(tracing_has_flags_patterns_and_tracers).
-export([main/0, f/1, g/1, h/1, deep/2, cnt/1]).
main() ->
    Self = self(),
    io:format("~p~n", [erlang:trace(self(), true, [send, call])]),
    Self ! hello, lists:seq(1,2),
    receive hello -> ok end,
    io:format("~p~n", [fl([])]),
    erlang:trace(self(), false, [all]),
    %% return_to, arity, timestamps, silent, meta, counts, inheritance
    T = spawn(fun() -> tracer([]) end),
    P = spawn(fun() -> server() end),
    1 = erlang:trace(P, true, [call, return_to, arity, {tracer, T}]),
    [erlang:trace_pattern({?MODULE, X, '_'}, true, [local]) || X <- [f, g, h]],
    call(P, fun() -> f(1) end),
    show(T, P),
    1 = erlang:trace(P, false, [return_to, arity, {tracer, T}]),
    {'EXIT', {badarg, _}} = (catch erlang:trace(P, true, [call])),
    erlang:trace_pattern({?MODULE, g, 1}, [{[0], [], [{message, false}]}, {['$1'], [], [{message, {caller}}, {return_trace}]}], [local]),
    call(P, fun() -> f(1) end),
    call(P, fun() -> g(0) end),
    show(T, P),
    1 = erlang:trace(P, true, [silent, {tracer, T}]),
    call(P, fun() -> f(1) end),
    show(T, P),
    erlang:trace_pattern({?MODULE, f, 1}, [{'_', [], [{silent, false}]}], [local]),
    call(P, fun() -> f(1) end),
    show(T, P),
    erlang:trace(P, false, [all, {tracer, T}]),
    io:format("~p~n", [[erlang:trace_info(P, I) || I <- [flags, tracer]]]),
    erlang:trace_pattern({?MODULE, '_', '_'}, false, [local]),
    io:format("~p~n", [erlang:trace_pattern({?MODULE, g, 1}, [{[1], [], []}], [{meta, T}])]),
    call(P, fun() -> f(1) end), g(2), g(1),
    show(T, P),
    io:format("~p~n", [erlang:trace_info({?MODULE, g, 1}, meta_match_spec)]),
    io:format("~p~n", [erlang:trace_info({?MODULE, g, 1}, traced)]),
    erlang:trace_pattern({?MODULE, g, 1}, false, [meta]),
    1 = erlang:trace_pattern({?MODULE, cnt, 1}, true, [call_count]),
    cnt(10),
    io:format("~p~n", [erlang:trace_info({?MODULE, cnt, 1}, call_count)]),
    erlang:trace_pattern({?MODULE, cnt, 1}, pause, [call_count]), cnt(5),
    io:format("~p~n", [erlang:trace_info({?MODULE, cnt, 1}, call_count)]),
    erlang:trace_pattern({?MODULE, cnt, 1}, restart, [call_count]), cnt(3),
    io:format("~p~n", [erlang:trace_info({?MODULE, cnt, 1}, call_count)]),
    erlang:trace_pattern({?MODULE, cnt, 1}, false, [call_count]),
    io:format("~p~n", [erlang:trace_info({?MODULE, cnt, 1}, call_count)]),
    %% inheritance
    1 = erlang:trace(P, true, [procs, set_on_spawn, {tracer, T}]),
    call(P, fun() -> {Pid, Ref} = spawn_opt(fun() -> receive stop -> ok end end, [link, monitor]), Pid ! stop, ended(Ref), receive after 20 -> ok end end),
    show(T, P),
    1 = erlang:trace(P, false, [all, {tracer, T}]),
    1 = erlang:trace(P, true, [procs, set_on_first_spawn, {tracer, T}]),
    call(P, fun() -> [begin {_, Ref} = spawn_monitor(fun() -> ok end), ended(Ref) end || _ <- [1, 2]], ok end),
    show(T, P),
    1 = erlang:trace(P, false, [all, {tracer, T}]),
    %% messages
    1 = erlang:trace(P, true, [send, 'receive', {tracer, T}]),
    erlang:trace_pattern(send, [{['_', {yes, '_'}], [], []}], []),
    erlang:trace_pattern('receive', [{['_', '_', {mayb, '$1'}], [{'>', '$1', 3}], []}], []),
    io:format("~p~n", [[erlang:trace_info(W, match_spec) || W <- [send, 'receive']]]),
    call(P, fun() -> Self ! {yes, 1}, Self ! {no, 1}, self() ! {mayb, 2}, self() ! {mayb, 4}, ok end),
    show(T, P),
    erlang:trace_pattern(send, true, []), erlang:trace_pattern('receive', true, []),
    io:format("~p~n", [[erlang:trace_info(W, match_spec) || W <- [send, 'receive']]]),
    fl([]),
    1 = erlang:trace(P, false, [all, {tracer, T}]),
    %% deep recursion with a frame for each call
    1 = erlang:trace(P, true, [call, silent, {tracer, T}]),
    erlang:trace_pattern({?MODULE, deep, 2}, [{'_', [], [{exception_trace}]}], [local]),
    call(P, fun() -> deep(20000, fun() -> 0 end) end),
    call(P, fun() -> catch deep(20000, fun() -> throw(x) end) end),
    call(P, fun() -> try deep(2, fun() -> error(x) end) catch _:R:St -> {R, [{F, A} || {_, F, A, _} <- St, F =:= deep]} end end),
    %% anybody may end it, but not begin
    T2 = spawn(fun() -> tracer([]) end),
    {'EXIT', {badarg, _}} = (catch erlang:trace(P, true, [send, {tracer, T2}])),
    io:format("~p~n", [[erlang:trace(P, false, [silent]), erlang:trace_info(P, flags)]]),
    %% exceptions that are caught: where the process goes on
    1 = erlang:trace(P, true, [return_to, {tracer, T}]),
    erlang:trace_pattern({?MODULE, deep, 2}, [{'_', [], [{exception_trace}]}], [local]),
    call(P, fun() -> catch deep(1, fun() -> throw(x) end) end),
    show(T, P),
    %% the tracer ends: so does tracing
    TRef = monitor(process, T), exit(T, kill), ended(TRef), timer:sleep(10),
    call(P, fun() -> g(1) end),
    io:format("~p~n", [[erlang:trace_info(P, I) || I <- [flags, tracer]]]),
    io:format("~p~n", [erlang:trace_info(list_to_pid("<0.0.77>"), flags)]).
ended(Ref) -> receive {'DOWN', Ref, _, _, _} -> ok end.
f(X) -> Y = g(X), Y + 1.
g(X) -> h(X).
h(X) -> X + 1.
cnt(0) -> 0;
cnt(N) -> cnt(N - 1).
deep(0, F) -> F();
deep(N, F) -> 1 + deep(N - 1, F).
server() -> receive {From, F} when is_function(F) -> R = F(), From ! {self(), R}, server(); _ -> server() end.
call(P, F) -> P ! {self(), F}, receive {P, R} -> io:format("result ~p~n", [R]) end.
tracer(L) -> receive {show, Pid} -> Pid ! {shown, lists:reverse(L)}, tracer([]); M -> tracer([M | L]) end.
show(T, P) ->
    R = erlang:trace_delivered(P), receive {trace_delivered, P, R} -> ok end,
    T ! {show, self()}, receive {shown, L} -> [io:format("  ~p~n", [clean(M, P)]) || M <- L] end.
fl(L) -> receive M -> fl([M | L]) after 100 -> lists:reverse(L) end.
clean({trace_ts, P, What, MFA, {A, B, C}}, P) when is_integer(A + B + C) -> {trace_ts, p, What, MFA, stamp};
clean({trace_ts, _, What, MFA, {A, B, C}}, _) when is_integer(A + B + C) -> {trace_ts, other, What, MFA, stamp};
clean(?MODULE, _) -> m;
clean(T, P) when T =:= P -> p;
clean(T, _) when T =:= self() -> self;
clean(T, _) when is_pid(T) -> pid;
clean(T, _) when is_function(T) -> 'fun';
clean(T, P) when is_tuple(T) -> list_to_tuple([clean(X, P) || X <- tuple_to_list(T)]);
clean([H|T], P) -> [clean(H, P)|clean(T, P)];
clean(T, _) -> T.
