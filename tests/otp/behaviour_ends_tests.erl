%% Corners of behaviours: what repeated enter calls are told, hibernation around suspension, how stop/3 of
%% proc_lib ends, and whose child a monitored start is.
-module(behaviour_ends_tests).
-include("check.hrl").
-export([init/1, callback_mode/0, handle_event/4, handle_call/3, handle_cast/2, system_terminate/4]).

init({statem, Me}) -> {ok, start, {Me, 0}};
init(trap) ->
    process_flag(trap_exit, true),
    {ok, state};
init(State) -> {ok, State}.

callback_mode() -> [handle_event_function, state_enter].

handle_event(enter, From, wait, {Me, N}) when N < 3 ->
    Me ! {enter, From, N},
    {repeat_state, {Me, N + 1}};
handle_event(enter, From, State, {Me, N}) ->
    Me ! {enter, From, State, N},
    keep_state_and_data;
handle_event(cast, again, _, _) -> repeat_state_and_data;
handle_event(cast, sleep, _, _) -> {keep_state_and_data, [hibernate]};
handle_event(cast, State, _, Data) -> {next_state, State, Data}.

handle_call(sleep, _, S) -> {reply, ok, S, hibernate};
handle_call(M, _, S) -> {reply, M, S}.
handle_cast(_, S) -> {noreply, S}.

next() -> receive M -> M after 2000 -> nothing end.
sleeps(Pid) ->
    otp_check:wait_for(fun() -> {current_function, {erlang, hibernate, 3}} =:= process_info(Pid, current_function) end).

repeated_enter_calls_are_told_the_same_test() ->
    {ok, P} = gen_statem:start_link(?MODULE, {statem, self()}, []),
    ?eq({enter, start, start, 0}, next()),
    gen_statem:cast(P, wait),
    ?eq([{enter, start, 0}, {enter, start, 1}, {enter, start, 2}, {enter, start, wait, 3}],
        [next(), next(), next(), next()]),
    gen_statem:cast(P, again),
    ?eq({enter, wait, wait, 3}, next()),
    gen_statem:stop(P).

suspended_while_hibernating_test() ->
    {ok, M} = gen_statem:start_link(?MODULE, {statem, self()}, []),
    gen_statem:cast(M, sleep),
    {ok, S} = gen_server:start_link(?MODULE, x, []),
    ok = gen_server:call(S, sleep),
    [begin
         sleeps(P),
         ok = sys:suspend(P),
         sleeps(P),
         ok = sys:resume(P),
         sleeps(P),
         ?ok(is_map(#{p => sys:get_state(P)})),
         sleeps(P)
     end || P <- [M, S]],
    otp_check:flush().

%% With start_monitor the starter is the parent, with start nobody is.
parents_test() ->
    otp_check:quiet(fun() ->
        {ok, {P, Ref}} = gen_server:start_monitor(?MODULE, trap, []),
        exit(P, shutdown),
        ?like({'DOWN', Ref, process, P, shutdown}, next()),
        {ok, Q} = gen_server:start(?MODULE, trap, []),
        exit(Q, shutdown),
        ?eq(answer, gen_server:call(Q, answer)),
        gen_server:stop(Q)
    end).

system_terminate(crash, _, _, _) -> error({badmatch, 2});
system_terminate(Reason, _, _, _) -> exit(Reason).

stopping_test() ->
    otp_check:quiet(fun() ->
        Parent = self(),
        Good = fun() ->
                   receive {system, From, Request} -> sys:handle_system_msg(Request, From, Parent, ?MODULE, [], []) end
               end,
        Stop = fun(Fun, Reason, Timeout) ->
                   P = proc_lib:spawn(Fun),
                   try proc_lib:stop(P, Reason, Timeout) catch exit:Why -> {exit, Why} end
               end,
        ?eq(ok, Stop(Good, normal, infinity)),
        ?eq(ok, Stop(Good, own_reason, 1000)),
        ?like({exit, {{badmatch, 2}, _}}, Stop(Good, crash, infinity)),
        ?like({exit, {die, {sys, terminate, [_, normal, 1000]}}},
              Stop(fun() -> receive {system, _, _} -> exit(die) end end, normal, 1000)),
        ?like({exit, {normal, {sys, terminate, [_, own, 1000]}}},
              Stop(fun() -> receive {system, _, _} -> ok end end, own, 1000)),
        ?eq({exit, timeout}, Stop(fun() -> receive {system, _, _} -> timer:sleep(300) end end, normal, 10)),
        ?eq({exit, noproc}, try proc_lib:stop(no_such_name) catch exit:W -> {exit, W} end),
        ?eq([], otp_check:flush())
    end).
