%% gen_statem, as its manual says.
-module(gen_statem_tests).
-behaviour(gen_statem).
-include("check.hrl").
-export([init/1, callback_mode/0, handle_event/4, terminate/3, code_change/4]).
-export([off/3, on/3]).

%% ---- a machine that does what it is told, and notes what it sees ----

callback_mode() -> case get(mode) of undefined -> handle_event_function; M -> M end.
init({run, F}) -> F();
init(S) -> {ok, S, []}.
handle_event(enter, Old, S, D) ->
    case get(enter) of
        undefined -> {keep_state, [{enter, Old, S} | D]};
        F -> F(Old, S, D)
    end;
handle_event({call, From}, {run, F}, S, D) -> F(From, S, D);
handle_event({call, From}, get, S, D) -> {keep_state_and_data, {reply, From, {S, lists:reverse(D)}}};
handle_event({call, _}, never, _, _) -> keep_state_and_data;
handle_event(_, {run, F}, S, D) -> F(S, D);
handle_event(Type, Content, _, D) -> {keep_state, [{Type, Content} | D]}.
terminate(R, S, {tell, Pid}) -> Pid ! {terminated, R, S};
terminate(_, _, _) -> ok.
code_change(Old, S, D, Extra) -> {ok, {Old, S}, {D, Extra}}.

%% State functions.
off({call, From}, push, D) -> {next_state, on, D, [{reply, From, on}]};
off(enter, Old, D) -> {keep_state, [{off, Old} | D]};
off({call, From}, get, D) -> {keep_state_and_data, [{reply, From, {off, D}}]}.
on({call, From}, push, D) -> {next_state, off, D, {reply, From, off}};
on(enter, Old, D) -> {keep_state, [{on, Old} | D]};
on(state_timeout, T, D) -> {next_state, off, [T | D]};
on({call, From}, get, D) -> {keep_state_and_data, [{reply, From, {on, D}}]}.

start(S) -> {ok, P} = gen_statem:start(?MODULE, S, []), P.
run(P, F) -> gen_statem:call(P, {run, F}).
%% Does it, and answers ok.
act(P, Result, Actions) ->
    run(P, fun(From, _, D) ->
                   case Result of
                       keep -> {keep_state, D, [{reply, From, ok} | Actions]};
                       {next, S} -> {next_state, S, D, [{reply, From, ok} | Actions]};
                       repeat -> {repeat_state, D, [{reply, From, ok} | Actions]}
                   end
           end).
get(P, _) -> gen_statem:call(P, get).
seen(P) -> element(2, get(P, x)).
state(P) -> element(1, get(P, x)).
stop(P) -> gen_statem:stop(P).

%% ---- starting ----

start_test() ->
    process_flag(trap_exit, true),
    Start = fun(F) -> gen_statem:start(?MODULE, {run, F}, []) end,
    ?eq(ignore, Start(fun() -> ignore end)),
    ?eq({error, no}, Start(fun() -> {stop, no} end)),
    ?eq({error, gone}, Start(fun() -> exit(gone) end)),
    ?eq({error, oops}, Start(fun() -> error(oops) end)),
    ?eq({error, {bad_return_from_init, what}}, Start(fun() -> what end)),
    ?like({ok, _}, Start(fun() -> {ok, a, b} end)),
    ?like({ok, _}, Start(fun() -> {ok, a, b, []} end)),
    ?like({ok, _}, Start(fun() -> throw({ok, a, b}) end)),
    ?eq({error, timeout}, gen_statem:start(?MODULE, {run, fun() -> timer:sleep(infinity) end}, [{timeout, 20}])),
    {ok, P} = gen_statem:start_link({local, gsm_named}, ?MODULE, a, []),
    ?eq(P, whereis(gsm_named)),
    ?eq({a, []}, gen_statem:call(gsm_named, get)),
    ?eq({error, {already_started, P}}, gen_statem:start({local, gsm_named}, ?MODULE, a, [])),
    ?eq(ok, gen_statem:stop(gsm_named)),
    {ok, G} = gen_statem:start({global, gsm_g}, ?MODULE, a, []),
    ?eq({a, []}, gen_statem:call({global, gsm_g}, get)),
    ?eq(ok, gen_statem:stop({global, gsm_g})),
    ?eq(false, is_process_alive(G)),
    {ok, V} = gen_statem:start({via, global, gsm_v}, ?MODULE, a, []),
    ?eq({a, []}, gen_statem:call({via, global, gsm_v}, get)),
    ?eq(ok, gen_statem:cast({via, global, gsm_v}, x)),
    stop(V),
    {ok, {M, Ref}} = gen_statem:start_monitor(?MODULE, a, []),
    stop(M),
    ?eq(normal, receive {'DOWN', Ref, process, M, R} -> R after 5000 -> none end),
    otp_check:flush(),
    process_flag(trap_exit, false).

init_actions_test() ->
    P = start({run, fun() -> {ok, a, [], [{next_event, internal, one}, {next_event, cast, two}]} end}),
    ?eq([{internal, one}, {cast, two}], seen(P)),
    stop(P),
    Q = start({run, fun() -> {ok, a, [], {timeout, 5, t}} end}),
    timer:sleep(30),
    ?eq([{timeout, t}], seen(Q)),
    stop(Q),
    R = start({run, fun() -> {ok, a, [], 5} end}),
    timer:sleep(30),
    ?eq([{timeout, 5}], seen(R)),
    stop(R).

%% ---- modes ----

state_functions_test() ->
    P = start({run, fun() -> put(mode, state_functions), {ok, off, []} end}),
    ?eq(on, gen_statem:call(P, push)),
    ?eq(off, gen_statem:call(P, push)),
    ?eq({off, []}, gen_statem:call(P, get)),
    stop(P).

state_functions_with_enter_test() ->
    P = start({run, fun() -> put(mode, [state_functions, state_enter]), {ok, off, []} end}),
    ?eq({off, [{off, off}]}, gen_statem:call(P, get)),
    ?eq(on, gen_statem:call(P, push)),
    ?eq({on, [{on, off}, {off, off}]}, gen_statem:call(P, get)),
    stop(P).

enter_calls_test() ->
    P = start({run, fun() -> put(mode, [handle_event_function, state_enter]), {ok, a, []} end}),
    ?eq([{enter, a, a}], seen(P)),
    act(P, keep, []),
    ?eq(1, length(seen(P))),
    act(P, {next, b}, []),
    ?eq([{enter, a, a}, {enter, a, b}], seen(P)),
    act(P, {next, b}, []),
    ?eq(2, length(seen(P))),
    act(P, repeat, []),
    ?eq([{enter, a, a}, {enter, a, b}, {enter, b, b}], seen(P)),
    stop(P).

enter_actions_test() ->
    P = start({run, fun() ->
                            put(mode, [handle_event_function, state_enter]),
                            put(enter, fun(_, b, D) -> {keep_state, D, [{state_timeout, 5, in_b}]};
                                          (_, _, _) -> keep_state_and_data
                                       end),
                            {ok, a, []}
                    end}),
    act(P, {next, b}, []),
    timer:sleep(30),
    ?eq([{state_timeout, in_b}], seen(P)),
    stop(P).

%% ---- results ----

results_test() ->
    P = start(a),
    R = fun(F) -> run(P, F) end,
    ?eq(1, R(fun(F, _, D) -> {next_state, b, [x | D], [{reply, F, 1}]} end)),
    ?eq({b, [x]}, get(P, x)),
    ?eq(2, R(fun(F, _, _) -> {keep_state, [y], {reply, F, 2}} end)),
    ?eq({b, [y]}, get(P, x)),
    ?eq(3, R(fun(F, _, _) -> {keep_state_and_data, [{reply, F, 3}]} end)),
    ?eq(4, R(fun(F, _, D) -> {repeat_state, [z | D], [{reply, F, 4}]} end)),
    ?eq({b, [y, z]}, get(P, x)),
    ?eq(5, R(fun(F, _, _) -> {repeat_state_and_data, [{reply, F, 5}]} end)),
    ?eq(6, R(fun(F, _, D) -> throw({keep_state, D, {reply, F, 6}}) end)),
    ?eq(7, R(fun(F, _, _) -> gen_statem:reply(F, 7), keep_state_and_data end)),
    ?eq(8, R(fun(F, _, _) -> gen_statem:reply([{reply, F, 8}]), keep_state_and_data end)),
    ?eq(9, R(fun(F, _, _) -> gen_statem:reply({reply, F, 9}), keep_state_and_data end)),
    stop(P).

stops_test() ->
    Stop = fun(F) ->
                   P = start(a),
                   Ref = monitor(process, P),
                   A = try run(P, F) catch exit:{R, {gen_statem, call, _}} -> {exit, R} end,
                   receive {'DOWN', Ref, _, _, Reason} -> {A, Reason} after 5000 -> none end
           end,
    ?eq({{exit, normal}, normal}, Stop(fun(_, _, _) -> stop end)),
    ?eq({{exit, why}, why}, Stop(fun(_, _, _) -> {stop, why} end)),
    ?eq({{exit, why}, why}, Stop(fun(_, _, D) -> {stop, why, D} end)),
    ?eq({bye, why}, Stop(fun(F, _, _) -> {stop_and_reply, why, [{reply, F, bye}]} end)),
    ?eq({bye, shutdown}, Stop(fun(F, _, D) -> {stop_and_reply, shutdown, {reply, F, bye}, D} end)),
    ?eq({{exit, gone}, gone}, Stop(fun(_, _, _) -> exit(gone) end)),
    ?like({{exit, {oops, [_ | _]}}, {oops, [_ | _]}}, Stop(fun(_, _, _) -> error(oops) end)),
    ?like({{exit, {{bad_return_from_state_function, x}, [_ | _]}}, _}, Stop(fun(_, _, _) -> x end)),
    ?like({{exit, {{bad_return_from_state_function, up}, [_ | _]}}, _}, Stop(fun(_, _, _) -> throw(up) end)),
    ?like({{exit, {{bad_action_from_state_function, {odd, 1}}, [_ | _]}}, _},
          Stop(fun(_, _, _) -> {keep_state_and_data, [{odd, 1}]} end)),
    ?like({{exit, {{bad_action_from_state_function, {next_event, odd, 1}}, [_ | _]}}, _},
          Stop(fun(_, _, _) -> {keep_state_and_data, [{next_event, odd, 1}]} end)),
    ?like({{exit, {function_clause, _}}, _}, Stop(fun(_, b, _) -> x end)).

terminate_test() ->
    P = start({run, fun() -> {ok, here, {tell, starter()}} end}),
    stop(P),
    ?eq({terminated, normal, here}, receive {terminated, _, _} = M -> M after 5000 -> none end).

starter() -> hd([P || P <- get('$ancestors'), is_pid(P)]).

%% ---- calls ----

calls_test() ->
    P = start(a),
    ?eq({a, []}, gen_statem:call(P, get, infinity)),
    ?eq({a, []}, gen_statem:call(P, get, 1000)),
    ?eq({a, []}, gen_statem:call(P, get, {clean_timeout, 1000})),
    ?eq({a, []}, gen_statem:call(P, get, {dirty_timeout, 1000})),
    ?raises(exit, {timeout, {gen_statem, call, [P, never, 10]}}, gen_statem:call(P, never, 10)),
    ?raises(exit, {timeout, {gen_statem, call, [P, never, {clean_timeout, 10}]}},
            gen_statem:call(P, never, {clean_timeout, 10})),
    ?raises(exit, {noproc, {gen_statem, call, [gsm_nobody, x, infinity]}}, gen_statem:call(gsm_nobody, x)),
    ?eq(ok, gen_statem:cast(gsm_nobody, x)),
    ?eq(ok, gen_statem:cast({global, gsm_nobody}, x)),
    gen_statem:cast(P, c1),
    P ! i1,
    ?eq([{cast, c1}, {info, i1}], seen(P)),
    stop(P),
    ?raises(exit, {noproc, _}, gen_statem:call(P, get)).

requests_test() ->
    P = start(a),
    R1 = gen_statem:send_request(P, get),
    ?eq({reply, {a, []}}, gen_statem:receive_response(R1, 1000)),
    R2 = gen_statem:send_request(P, get),
    ?eq({reply, {a, []}}, gen_statem:wait_response(R2)),
    R3 = gen_statem:send_request(P, never),
    ?eq(timeout, gen_statem:wait_response(R3, 10)),
    ?eq(timeout, gen_statem:receive_response(R3, 10)),
    C = gen_statem:send_request(P, get, label, gen_statem:reqids_new()),
    ?eq(1, gen_statem:reqids_size(C)),
    ?like({{reply, {a, []}}, label, _}, gen_statem:receive_response(C, 1000, true)),
    R4 = gen_statem:send_request(P, {run, fun(_, _, _) -> {stop, shutdown} end}),
    ?eq({error, {shutdown, P}}, gen_statem:receive_response(R4)).

%% ---- events ----

next_events_test() ->
    P = start(a),
    act(P, keep, [{next_event, internal, 1}, {next_event, cast, 2}, {next_event, info, 3}, {next_event, timeout, 4},
                  {next_event, {timeout, n}, 5}, {next_event, state_timeout, 6}]),
    ?eq([{internal, 1}, {cast, 2}, {info, 3}, {timeout, 4}, {{timeout, n}, 5}, {state_timeout, 6}], seen(P)),
    stop(P).

%% What is inserted comes before what waits.
next_events_come_first_test() ->
    P = start(a),
    erlang:suspend_process(P),
    gen_statem:cast(P, {run, fun(_, D) -> {keep_state, D, [{next_event, internal, first}]} end}),
    P ! second,
    erlang:resume_process(P),
    ?eq([{internal, first}, {info, second}], seen(P)),
    stop(P).

postpone_test() ->
    P = start({run, fun() -> {ok, closed, []} end}),
    Open = fun(opened, D) -> {keep_state, [opened | D]};
              (_, _) -> {keep_state_and_data, [postpone]}
           end,
    gen_statem:cast(P, {run, Open}),
    P ! other,
    ?eq([{info, other}], seen(P)),
    act(P, keep, []),
    ?eq([{info, other}], seen(P)),
    act(P, {next, opened}, []),
    ?eq([{info, other}, opened], seen(P)),
    stop(P).

postponed_in_order_test() ->
    P = start(closed),
    Keep = fun(N) -> {run, fun(open, D) -> {keep_state, [N | D]};
                              (_, _) -> {keep_state_and_data, [{postpone, true}]}
                           end}
           end,
    [gen_statem:cast(P, Keep(N)) || N <- lists:seq(1, 5)],
    act(P, {next, still_closed}, []),
    ?eq([], seen(P)),
    act(P, {next, open}, [{next_event, internal, x}]),
    ?eq([{internal, x}, 1, 2, 3, 4, 5], seen(P)),
    stop(P).

postpone_false_test() ->
    P = start(a),
    gen_statem:cast(P, {run, fun(_, D) -> {next_state, b, [once | D], [postpone, {postpone, false}]} end}),
    ?eq({b, [once]}, get(P, x)),
    stop(P).

%% ---- time-outs ----

event_timeout_test() ->
    P = start(a),
    act(P, keep, [{timeout, 10, t}]),
    timer:sleep(40),
    ?eq([{timeout, t}], seen(P)),
    %% Any event ends it.
    act(P, keep, [{timeout, 150, u}]),
    P ! x,
    timer:sleep(200),
    ?eq([{timeout, t}, {info, x}], seen(P)),
    act(P, keep, [{timeout, 0, now}]),
    ?eq([{timeout, t}, {info, x}, {timeout, now}], seen(P)),
    act(P, keep, [{timeout, infinity, never}]),
    act(P, keep, [5]),
    timer:sleep(30),
    ?eq({timeout, 5}, lists:last(seen(P))),
    stop(P).

state_timeout_test() ->
    P = start(a),
    act(P, keep, [{state_timeout, 150, t}]),
    P ! x,
    timer:sleep(200),
    ?eq([{info, x}, {state_timeout, t}], seen(P)),
    %% Another state ends it.
    act(P, keep, [{state_timeout, 150, u}]),
    act(P, {next, b}, []),
    timer:sleep(200),
    ?eq(2, length(seen(P))),
    %% One that is set on the way into the state stays.
    act(P, {next, c}, [{state_timeout, 10, v}]),
    timer:sleep(40),
    ?eq({state_timeout, v}, lists:last(seen(P))),
    act(P, keep, [{state_timeout, 150, w}]),
    act(P, keep, [{state_timeout, cancel}]),
    timer:sleep(200),
    ?eq({state_timeout, v}, lists:last(seen(P))),
    act(P, keep, [{state_timeout, 150, w}]),
    act(P, keep, [{state_timeout, update, changed}]),
    timer:sleep(200),
    ?eq({state_timeout, changed}, lists:last(seen(P))),
    act(P, keep, [{state_timeout, 0, zero}]),
    ?eq({state_timeout, zero}, lists:last(seen(P))),
    act(P, keep, [{state_timeout, update, none_there}]),
    ?eq({state_timeout, none_there}, lists:last(seen(P))),
    stop(P).

generic_timeouts_test() ->
    P = start(a),
    act(P, keep, [{{timeout, one}, 10, 1}, {{timeout, two}, 25, 2}, {{timeout, three}, 5000, 3}]),
    act(P, {next, b}, []),
    timer:sleep(60),
    ?eq([{{timeout, one}, 1}, {{timeout, two}, 2}], seen(P)),
    act(P, keep, [{{timeout, three}, cancel}]),
    act(P, keep, [{{timeout, four}, 10, 4}, {{timeout, four}, 20, 44}]),
    timer:sleep(50),
    ?eq([{{timeout, one}, 1}, {{timeout, two}, 2}, {{timeout, four}, 44}], seen(P)),
    act(P, keep, [{{timeout, abs}, erlang:monotonic_time(millisecond) + 10, a, [{abs, true}]}]),
    timer:sleep(40),
    ?eq({{timeout, abs}, a}, lists:last(seen(P))),
    act(P, keep, [{{timeout, zero}, 0, z1}, {{timeout, zero2}, 0, z2}]),
    ?eq([{{timeout, zero}, z1}, {{timeout, zero2}, z2}], lists:nthtail(length(seen(P)) - 2, seen(P))),
    stop(P).

zero_timeouts_come_before_what_waits_test() ->
    P = start(a),
    erlang:suspend_process(P),
    gen_statem:cast(P, {run, fun(_, D) -> {keep_state, D, [{{timeout, n}, 0, now}, {next_event, internal, i}]} end}),
    P ! later,
    erlang:resume_process(P),
    timer:sleep(20),
    [First | _] = seen(P),
    ?eq({internal, i}, First),
    ?ok(lists:member({{timeout, n}, now}, seen(P))),
    stop(P).

hibernate_test() ->
    P = start(a),
    act(P, keep, [hibernate]),
    ?eq({a, []}, get(P, x)),
    act(P, keep, [{hibernate, true}]),
    P ! x,
    ?eq([{info, x}], seen(P)),
    stop(P).

%% ---- other modules ----

change_module_test() ->
    P = start(off),
    act(P, keep, [{change_callback_module, gen_statem_tests}]),
    ?eq({off, []}, get(P, x)),
    act(P, keep, [{push_callback_module, gen_statem_tests}]),
    act(P, keep, [pop_callback_module]),
    ?eq({off, []}, get(P, x)),
    stop(P).

%% ---- sys ----

sys_test() ->
    P = start(a),
    ?eq({a, []}, sys:get_state(P)),
    ?eq({b, [x]}, sys:replace_state(P, fun({a, []}) -> {b, [x]} end)),
    ?eq({b, [x]}, get(P, x)),
    sys:suspend(P),
    P ! held,
    ?eq({b, [x]}, sys:get_state(P)),
    ?eq(ok, sys:change_code(P, ?MODULE, v1, e)),
    ?eq({{v1, b}, {[x], e}}, sys:get_state(P)),
    sys:replace_state(P, fun(_) -> {c, []} end),
    sys:resume(P),
    ?eq({c, [{info, held}]}, get(P, x)),
    ?like({status, P, {module, gen_statem}, [_, running, _, _, [{header, "Status for state machine " ++ _} | _]]},
          sys:get_status(P)),
    sys:log(P, true),
    P ! y,
    ?eq([{info, held}, {info, y}], seen(P)),
    {ok, Log} = sys:log(P, get),
    ?ok(length(Log) > 0),
    sys:no_debug(P),
    stop(P).

enter_loop_test() ->
    Self = self(),
    P = proc_lib:spawn(fun() -> Self ! up, gen_statem:enter_loop(?MODULE, [], a, []) end),
    receive up -> ok end,
    ?eq({a, []}, get(P, x)),
    stop(P),
    Q = proc_lib:spawn(fun() ->
                               register(gsm_loop, self()),
                               Self ! up,
                               gen_statem:enter_loop(?MODULE, [], a, [], {local, gsm_loop}, [{timeout, 5, t}])
                       end),
    receive up -> ok end,
    timer:sleep(40),
    ?eq([{timeout, t}], seen(Q)),
    stop(gsm_loop).

timeouts_of_100_kinds_test() ->
    P = start(a),
    act(P, keep, [{{timeout, N}, N rem 10, N} || N <- lists:seq(1, 100)]),
    timer:sleep(60),
    ?eq([{{timeout, N}, N} || N <- lists:seq(1, 100)], lists:sort(seen(P))),
    stop(P).
