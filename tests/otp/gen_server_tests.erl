%% gen_server, as its manual says.
-module(gen_server_tests).
-behaviour(gen_server).
-include("check.hrl").
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, handle_continue/2, terminate/2,
         code_change/3]).

%% ---- a server that does what it is told ----

init({run, F}) -> F();
init(S) -> {ok, S}.
handle_call({run, F}, From, S) -> F(From, S);
handle_call(get, _, S) -> {reply, S, S};
handle_call({set, New}, _, S) -> {reply, S, New};
handle_call(never, _, S) -> {noreply, S}.
handle_cast({run, F}, S) -> F(S);
handle_cast(M, S) -> {noreply, [{cast, M} | S]}.
handle_info({run, F}, S) -> F(S);
handle_info(M, S) when is_list(S) -> {noreply, [{info, M} | S]};
handle_info(M, S) -> {noreply, {M, S}}.
handle_continue({run, F}, S) -> F(S);
handle_continue(M, S) -> {noreply, [{continue, M} | S]}.
terminate(R, {tell, Pid}) -> Pid ! {terminated, self(), R};
terminate(_, _) -> ok.
code_change(Old, S, Extra) -> {ok, {Old, S, Extra}}.

start(S) -> start(S, []).
start(S, O) -> {ok, P} = gen_server:start(?MODULE, S, O), P.
run(P, F) -> gen_server:call(P, {run, F}).
state(P) -> sys:get_state(P).
stop(P) -> gen_server:stop(P).

%% ---- starting ----

start_test() ->
    {ok, P} = gen_server:start(?MODULE, s, []),
    ?ok(is_process_alive(P)),
    ?eq(s, state(P)),
    ?eq({links, []}, process_info(P, links)),
    ?eq(ok, stop(P)),
    ?eq(false, is_process_alive(P)).

start_link_test() ->
    process_flag(trap_exit, true),
    {ok, P} = gen_server:start_link(?MODULE, s, []),
    ?eq({links, [self()]}, process_info(P, links)),
    ?eq({error, {already_started, P}}, begin
                                           true = register(gst_link, P),
                                           gen_server:start_link({local, gst_link}, ?MODULE, s, [])
                                       end),
    exit(P, shutdown),
    ?eq({'EXIT', P, shutdown}, receive {'EXIT', P, _} = X -> X after 5000 -> none end),
    process_flag(trap_exit, false).

start_monitor_test() ->
    {ok, {P, Ref}} = gen_server:start_monitor(?MODULE, s, []),
    ?ok(is_reference(Ref)),
    stop(P),
    ?eq({'DOWN', Ref, process, P, normal}, receive D -> D after 5000 -> none end),
    ?eq({error, no}, gen_server:start_monitor(?MODULE, {run, fun() -> {stop, no} end}, [])),
    ?eq([], otp_check:flush()),
    {ok, {Q, Ref2}} = gen_server:start_monitor({local, gst_mon}, ?MODULE, s, []),
    ?eq(Q, whereis(gst_mon)),
    ?eq({error, {already_started, Q}}, gen_server:start_monitor({local, gst_mon}, ?MODULE, s, [])),
    demonitor(Ref2, [flush]),
    stop(Q).

init_results_test() ->
    process_flag(trap_exit, true),
    Start = fun(F) -> gen_server:start(?MODULE, {run, F}, []) end,
    ?eq(ignore, Start(fun() -> ignore end)),
    ?eq({error, no}, Start(fun() -> {stop, no} end)),
    ?eq({error, normal}, Start(fun() -> {stop, normal} end)),
    ?eq({error, gone}, Start(fun() -> exit(gone) end)),
    ?like({error, {oops, [_ | _]}}, Start(fun() -> error(oops) end)),
    ?eq({error, {bad_return_value, what}}, Start(fun() -> what end)),
    ?eq({error, {bad_return_value, thrown}}, Start(fun() -> throw(thrown) end)),
    [?eq({error, {bad_return_value, {ok, s, Bad}}}, Start(fun() -> {ok, s, Bad} end))
     || Bad <- [bad, -1, 1.0, {continue}, {continue, a, b}, {timeout, 1}, []]],
    ?like({ok, _}, Start(fun() -> throw({ok, s}) end)),
    ?like({ok, _}, Start(fun() -> {ok, s, 1000} end)),
    ?like({ok, _}, Start(fun() -> {ok, s, hibernate} end)),
    ?like({ok, _}, Start(fun() -> {ok, s, infinity} end)),
    ?like({error, {undef, _}}, gen_server:start(no_such_module, x, [])),
    ?eq({error, timeout}, gen_server:start(?MODULE, {run, fun() -> timer:sleep(infinity) end},
                                           [{timeout, 20}])),
    ?eq(ignore, gen_server:start_link(?MODULE, {run, fun() -> ignore end}, [])),
    ?eq({error, no}, gen_server:start_link(?MODULE, {run, fun() -> {stop, no} end}, [])),
    otp_check:flush(),
    process_flag(trap_exit, false).

names_test() ->
    {ok, P} = gen_server:start({local, gst_named}, ?MODULE, s, []),
    ?eq(P, whereis(gst_named)),
    ?eq(s, gen_server:call(gst_named, get)),
    ?eq(s, gen_server:call({gst_named, node()}, get)),
    ?eq({error, {already_started, P}}, gen_server:start({local, gst_named}, ?MODULE, s, [])),
    stop(gst_named),
    ?eq(undefined, whereis(gst_named)),
    {ok, G} = gen_server:start({global, {gst, 1}}, ?MODULE, s, []),
    ?eq(G, global:whereis_name({gst, 1})),
    ?eq(s, gen_server:call({global, {gst, 1}}, get)),
    ?eq(ok, gen_server:cast({global, {gst, 1}}, x)),
    ?eq({error, {already_started, G}}, gen_server:start({global, {gst, 1}}, ?MODULE, s, [])),
    ?eq(ok, gen_server:stop({global, {gst, 1}})),
    {ok, V} = gen_server:start({via, global, gst_via}, ?MODULE, s, []),
    ?eq(s, gen_server:call({via, global, gst_via}, get)),
    ?eq({error, {already_started, V}}, gen_server:start({via, global, gst_via}, ?MODULE, s, [])),
    ?eq(ok, gen_server:stop({via, global, gst_via})),
    %% A name that is taken by the init that fails is free again.
    ?eq({error, no}, gen_server:start({local, gst_fails}, ?MODULE, {run, fun() -> {stop, no} end}, [])),
    ?eq(undefined, whereis(gst_fails)),
    ?eq({error, no}, gen_server:start({global, gst_fails}, ?MODULE, {run, fun() -> {stop, no} end}, [])),
    ?eq(undefined, global:whereis_name(gst_fails)).

options_test() ->
    {ok, P} = gen_server:start(?MODULE, s, [{spawn_opt, [{priority, high}, {min_heap_size, 5000}]}]),
    ?eq({priority, high}, process_info(P, priority)),
    stop(P),
    {ok, Q} = gen_server:start(?MODULE, s, [{debug, [log]}]),
    gen_server:call(Q, get),
    ?like({ok, [_ | _]}, sys:log(Q, get)),
    stop(Q),
    {ok, R} = gen_server:start(?MODULE, s, [{hibernate_after, 10}]),
    otp_check:wait_for(fun() ->
                               process_info(R, current_function)
                                   =:= {current_function, {erlang, hibernate, 3}}
                                   orelse process_info(R, status) =:= {status, waiting}
                       end),
    ?eq(s, gen_server:call(R, get)),
    stop(R),
    ?eq({proc_lib, init_p, 5}, begin
                                   T = start(s),
                                   {initial_call, C} = process_info(T, initial_call),
                                   stop(T),
                                   C
                               end).

dictionary_test() ->
    P = start(s),
    {dictionary, D} = process_info(P, dictionary),
    ?eq({?MODULE, init, 1}, proplists:get_value('$initial_call', D)),
    ?ok(lists:member(hd(proplists:get_value('$ancestors', D)), [self(), whereis_name()])),
    ?eq({?MODULE, init, ['Argument__1']}, proc_lib:initial_call(P)),
    ?eq({?MODULE, init, 1}, proc_lib:translate_initial_call(P)),
    stop(P).

whereis_name() ->
    case process_info(self(), registered_name) of
        {registered_name, N} -> N;
        [] -> none
    end.

%% ---- calls ----

call_test() ->
    P = start(s),
    ?eq(s, gen_server:call(P, get)),
    ?eq(s, gen_server:call(P, {set, t})),
    ?eq(t, gen_server:call(P, get, infinity)),
    ?eq(t, gen_server:call(P, get, 100)),
    ?eq(hello, run(P, fun(From, S) -> gen_server:reply(From, hello), {noreply, S} end)),
    ?eq(later, run(P, fun(From, S) ->
                              spawn(fun() -> timer:sleep(20), gen_server:reply(From, later) end),
                              {noreply, S}
                      end)),
    ?eq(thrown, run(P, fun(_, S) -> throw({reply, thrown, S}) end)),
    ?eq({from, true}, run(P, fun({Pid, _}, S) -> {reply, {from, is_pid(Pid)}, S} end)),
    ?eq(hib, run(P, fun(_, S) -> {reply, hib, S, hibernate} end)),
    ?eq(t, gen_server:call(P, get)),
    stop(P).

call_fails_test() ->
    P = start(s),
    ?raises(exit, {timeout, {gen_server, call, [P, never, 10]}}, gen_server:call(P, never, 10)),
    ?raises(exit, {noproc, {gen_server, call, [gst_nobody, x]}}, gen_server:call(gst_nobody, x)),
    ?raises(exit, {noproc, {gen_server, call, [gst_nobody, x, 50]}}, gen_server:call(gst_nobody, x, 50)),
    ?raises(exit, {noproc, {gen_server, call, [{global, gst_nobody}, x]}},
            gen_server:call({global, gst_nobody}, x)),
    ?raises(exit, {{undef, [{gst_no_registry, whereis_name, [n], _} | _]},
                   {gen_server, call, [{via, gst_no_registry, n}, x]}},
            gen_server:call({via, gst_no_registry, n}, x)),
    ?raises(exit, {noproc, {gen_server, call, [{via, global, gst_nobody}, x]}},
            gen_server:call({via, global, gst_nobody}, x)),
    ?raises(exit, {{nodedown, gst@nowhere}, {gen_server, call, [{a, gst@nowhere}, x]}},
            gen_server:call({a, gst@nowhere}, x)),
    ?raises(exit, {calling_self, {gen_server, call, [_, x]}}, gen_server:call(self(), x)),
    ?raises(_, _, gen_server:call(P, x, -1)),
    ?raises(_, _, gen_server:call(P, x, soon)),
    stop(P),
    ?raises(exit, {noproc, _}, gen_server:call(P, get)).

exits_in_calls_test() ->
    Exit = fun(F) ->
                   P = start(s),
                   R = try run(P, F) catch exit:{Reason, {gen_server, call, _}} -> {exit, Reason} end,
                   otp_check:wait_for(fun() -> not is_process_alive(P) end),
                   R
           end,
    ?eq({exit, why}, Exit(fun(_, S) -> {stop, why, S} end)),
    ?eq({exit, normal}, Exit(fun(_, S) -> {stop, normal, S} end)),
    ?eq({exit, shutdown}, Exit(fun(_, S) -> {stop, shutdown, S} end)),
    ?eq(bye, Exit(fun(_, S) -> {stop, why, bye, S} end)),
    ?eq({exit, leave}, Exit(fun(_, _) -> exit(leave) end)),
    ?like({exit, {oops, [{_, _, _, _} | _]}}, Exit(fun(_, _) -> error(oops) end)),
    ?eq({exit, {bad_return_value, up}}, Exit(fun(_, _) -> throw(up) end)),
    ?eq({exit, {bad_return_value, {what}}}, Exit(fun(_, _) -> {what} end)),
    ?eq({exit, {bad_return_value, {reply, r, s, bad}}}, Exit(fun(_, _) -> {reply, r, s, bad} end)),
    ?eq({exit, {bad_return_value, {noreply, s, -1}}}, Exit(fun(_, _) -> {noreply, s, -1} end)),
    ?eq({exit, killed}, Exit(fun(_, S) -> exit(self(), kill), timer:sleep(100), {noreply, S} end)),
    ?like({exit, {function_clause, _}}, Exit(fun(_, x) -> ok end)).

late_answers_do_not_come_test() ->
    P = start(s),
    ?raises(exit, {timeout, _},
            gen_server:call(P, {run, fun(_, S) -> timer:sleep(40), {reply, late, S} end}, 10)),
    timer:sleep(60),
    ?eq([], otp_check:flush()),
    stop(P).

%% ---- casts, messages, time-outs, continue ----

cast_test() ->
    P = start([]),
    ?eq(ok, gen_server:cast(P, one)),
    ?eq(ok, gen_server:cast(P, two)),
    ?eq([{cast, two}, {cast, one}], state(P)),
    ?eq(ok, gen_server:cast(gst_nobody, x)),
    ?eq(ok, gen_server:cast({global, gst_nobody}, x)),
    ?eq(ok, gen_server:cast({via, global, gst_nobody}, x)),
    ?eq(ok, gen_server:cast({a, gst@nowhere}, x)),
    ?eq(ok, gen_server:abcast(gst_nobody, x) =:= abcast andalso ok),
    stop(P),
    ?eq(ok, gen_server:cast(P, x)).

abcast_test() ->
    {ok, P} = gen_server:start({local, gst_ab}, ?MODULE, [], []),
    ?eq(abcast, gen_server:abcast(gst_ab, m)),
    ?eq(abcast, gen_server:abcast([node()], gst_ab, n)),
    ?eq([{cast, n}, {cast, m}], state(P)),
    ?eq({[{node(), [{cast, n}, {cast, m}]}], []}, gen_server:multi_call(gst_ab, get)),
    ?eq({[{node(), [{cast, n}, {cast, m}]}], []}, gen_server:multi_call([node()], gst_ab, get)),
    ?eq({[{node(), [{cast, n}, {cast, m}]}], []}, gen_server:multi_call([node()], gst_ab, get, 1000)),
    ?eq({[], [node()]}, gen_server:multi_call([node()], gst_nobody, get, 1000)),
    ?eq({[], [node()]}, gen_server:multi_call([node()], gst_ab, never, 20)),
    stop(P).

info_test() ->
    P = start([]),
    P ! one,
    P ! {two, 2},
    ?eq([{info, {two, 2}}, {info, one}], state(P)),
    stop(P).

timeout_test() ->
    P = start([]),
    run(P, fun(_, S) -> {reply, ok, S, 10} end),
    otp_check:wait_for(fun() -> sys:get_state(P) =:= [{info, timeout}] end),
    %% Any message ends the waiting.
    run(P, fun(_, _) -> {reply, ok, [], 150} end),
    ?eq([], gen_server:call(P, get)),
    timer:sleep(200),
    ?eq([], state(P)),
    gen_server:cast(P, {run, fun(S) -> {noreply, S, 0} end}),
    otp_check:wait_for(fun() -> sys:get_state(P) =:= [{info, timeout}] end),
    P ! {run, fun(_) -> {noreply, [], 5} end},
    otp_check:wait_for(fun() -> sys:get_state(P) =:= [{info, timeout}] end),
    ?ok(true),
    stop(P).

init_timeout_test() ->
    P = start({run, fun() -> {ok, [], 10} end}),
    timer:sleep(40),
    ?eq([{info, timeout}], state(P)),
    stop(P).

continue_test() ->
    P = start({run, fun() -> {ok, [], {continue, first}} end}),
    ?eq([{continue, first}], gen_server:call(P, get)),
    ?eq(ok, run(P, fun(_, S) -> {reply, ok, S, {continue, second}} end)),
    ?eq([{continue, second}, {continue, first}], gen_server:call(P, get)),
    gen_server:cast(P, {run, fun(S) -> {noreply, S, {continue, third}} end}),
    ?eq(3, length(gen_server:call(P, get))),
    gen_server:cast(P, {run, fun(_) ->
                                     {noreply, [], {continue, {run, fun(S) -> {noreply, S, {continue, last}} end}}}
                             end}),
    ?eq([{continue, last}], gen_server:call(P, get)),
    %% It comes before what waits already.
    erlang:suspend_process(P),
    P ! {run, fun(S) -> {noreply, S, {continue, before}} end},
    P ! message,
    erlang:resume_process(P),
    ?eq([{info, message}, {continue, before}, {continue, last}], gen_server:call(P, get)),
    stop(P).

hibernate_test() ->
    P = start([]),
    run(P, fun(_, S) -> {reply, ok, S, hibernate} end),
    otp_check:wait_for(fun() -> process_info(P, status) =:= {status, waiting} end),
    ?eq([], gen_server:call(P, get)),
    gen_server:cast(P, {run, fun(S) -> {noreply, S, hibernate} end}),
    P ! x,
    ?eq([{info, x}], gen_server:call(P, get)),
    stop(P).

%% ---- the end ----

terminate_test() ->
    Self = self(),
    End = fun(F) ->
                  P = start({tell, Self}),
                  F(P),
                  receive {terminated, P, R} -> {R, otp_check:down(P)} after 5000 -> none end
          end,
    ?like({normal, R} when R =:= normal; R =:= noproc, End(fun stop/1)),
    ?like({why, R} when R =:= why; R =:= noproc, End(fun(P) -> catch gen_server:stop(P, why, 1000) end)),
    ?like({shutdown, _}, End(fun(P) -> gen_server:stop(P, shutdown, infinity) end)),
    ?like({leave, _}, End(fun(P) -> gen_server:cast(P, {run, fun(_) -> exit(leave) end}) end)),
    ?like({{oops, [_ | _]}, _}, End(fun(P) -> gen_server:cast(P, {run, fun(_) -> error(oops) end}) end)),
    ?like({{bad_return_value, x}, _}, End(fun(P) -> gen_server:cast(P, {run, fun(_) -> x end}) end)),
    ?like({done, _}, End(fun(P) -> gen_server:cast(P, {run, fun(S) -> {stop, done, S} end}) end)).

terminate_is_not_called_without_trap_exit_test() ->
    P = start({tell, self()}),
    exit(P, bang),
    ?eq(none, receive {terminated, P, _} -> some after 50 -> none end).

a_parent_ends_test() ->
    Self = self(),
    Parent = spawn(fun() ->
                           {ok, P} = gen_server:start_link(?MODULE, {tell, Self}, []),
                           run(P, fun(_, S) -> process_flag(trap_exit, true), {reply, ok, S} end),
                           Self ! {server, P},
                           receive {die, R} -> exit(R) end
                   end),
    P = receive {server, X} -> X end,
    Parent ! {die, shutdown},
    ?eq(shutdown, receive {terminated, P, R} -> R after 5000 -> none end).

exits_of_others_are_messages_test() ->
    P = start([]),
    run(P, fun(_, S) ->
                   process_flag(trap_exit, true),
                   spawn_link(fun() -> exit(other) end),
                   {reply, ok, S}
           end),
    otp_check:wait_for(fun() -> sys:get_state(P) =/= [] end),
    ?like([{info, {'EXIT', _, other}}], state(P)),
    stop(P).

stop_test() ->
    ?raises(exit, noproc, gen_server:stop(gst_nobody)),
    P = start(s),
    ?eq(ok, gen_server:stop(P)),
    ?raises(exit, noproc, gen_server:stop(P)),
    Q = start(s),
    run(Q, fun(_, S) -> {reply, ok, S} end),
    gen_server:cast(Q, {run, fun(S) -> timer:sleep(100), {noreply, S} end}),
    ?raises(exit, timeout, gen_server:stop(Q, normal, 10)),
    otp_check:wait_for(fun() -> not is_process_alive(Q) end).

%% ---- requests ----

send_request_test() ->
    P = start(s),
    R1 = gen_server:send_request(P, get),
    ?ok(is_reference(R1)),
    ?eq({reply, s}, gen_server:receive_response(R1, 1000)),
    R2 = gen_server:send_request(P, get),
    ?eq({reply, s}, gen_server:wait_response(R2, infinity)),
    R3 = gen_server:send_request(P, never),
    ?eq(timeout, gen_server:wait_response(R3, 10)),
    ?eq(timeout, gen_server:receive_response(R3, 10)),
    R4 = gen_server:send_request(P, get),
    Message = receive M -> M after 5000 -> none end,
    ?eq({reply, s}, gen_server:check_response(Message, R4)),
    R5 = gen_server:send_request(P, never),
    ?eq(no_reply, gen_server:check_response(other, R5)),
    ?eq(timeout, gen_server:receive_response(R5, {abs, erlang:monotonic_time(millisecond) + 10})),
    R6 = gen_server:send_request(P, {run, fun(_, S) -> {stop, shutdown, S} end}),
    ?eq({error, {shutdown, P}}, gen_server:receive_response(R6, 1000)),
    R7 = gen_server:send_request(P, get),
    ?eq({error, {noproc, P}}, gen_server:receive_response(R7, 1000)),
    R8 = gen_server:send_request(gst_nobody, get),
    ?like({error, {noproc, _}}, gen_server:receive_response(R8, 1000)),
    ?eq([], otp_check:flush()).

request_ids_test() ->
    P = start(s),
    C0 = gen_server:reqids_new(),
    ?eq(0, gen_server:reqids_size(C0)),
    ?eq([], gen_server:reqids_to_list(C0)),
    ?eq(no_request, gen_server:receive_response(C0, 10, true)),
    ?eq(no_request, gen_server:wait_response(C0, 10, true)),
    ?eq(no_request, gen_server:check_response(x, C0, true)),
    C1 = gen_server:send_request(P, get, a, C0),
    C2 = gen_server:send_request(P, {set, t}, b, C1),
    ?eq(2, gen_server:reqids_size(C2)),
    ?eq([a, b], lists:sort([L || {_, L} <- gen_server:reqids_to_list(C2)])),
    {{reply, s}, L1, C3} = gen_server:receive_response(C2, 1000, true),
    {{reply, s}, L2, C4} = gen_server:receive_response(C3, 1000, true),
    ?eq([a, b], lists:sort([L1, L2])),
    ?eq(0, gen_server:reqids_size(C4)),
    ?eq(no_request, gen_server:receive_response(C4, 1000, true)),
    C5 = gen_server:send_request(P, get, c, C4),
    {{reply, t}, c, C6} = gen_server:wait_response(C5, 1000, false),
    ?eq(1, gen_server:reqids_size(C6)),
    R = gen_server:send_request(P, never),
    C7 = gen_server:reqids_add(R, d, gen_server:reqids_new()),
    ?eq([{R, d}], gen_server:reqids_to_list(C7)),
    ?raises(error, badarg, gen_server:reqids_add(R, e, C7)),
    ?raises(error, badarg, gen_server:reqids_add(R, e, not_a_collection)),
    ?raises(error, badarg, gen_server:reqids_size(x)),
    ?raises(error, badarg, gen_server:reqids_to_list(x)),
    ?eq(no_reply, gen_server:check_response(other, C7, true)),
    ?eq(timeout, gen_server:receive_response(C7, 10, true)),
    C8 = gen_server:send_request(P, {run, fun(_, S) -> {stop, shutdown, S} end}, e, gen_server:reqids_new()),
    ?like({{error, {shutdown, P}}, e, _}, gen_server:receive_response(C8, 1000, true)),
    ?eq([], otp_check:flush()).

%% ---- sys ----

sys_test() ->
    P = start([]),
    ?eq(ok, sys:suspend(P)),
    P ! while_suspended,
    ?raises(exit, {timeout, _}, gen_server:call(P, get, 20)),
    ?eq([], sys:get_state(P)),
    ?eq(replaced, sys:replace_state(P, fun([]) -> replaced end)),
    ?eq(ok, sys:change_code(P, ?MODULE, old, extra)),
    ?eq({old, replaced, extra}, sys:get_state(P)),
    ?eq(ok, sys:resume(P)),
    otp_check:wait_for(fun() -> is_tuple(sys:get_state(P)) end),
    ?like({status, P, {module, gen_server}, [_, running, _, [], [{header, "Status for generic server " ++ _} | _]]},
          sys:get_status(P)),
    ?eq(ok, sys:terminate(P, shutdown)),
    ?like(R when R =:= shutdown; R =:= noproc, otp_check:down(P)).

sys_state_fails_test() ->
    P = start(s),
    ?raises(error, {callback_failed, {gen_server, system_replace_state}, {error, {badmatch, s}}},
            sys:replace_state(P, fun(S) -> x = S end)),
    ?eq(s, sys:get_state(P)),
    stop(P).

enter_loop_test() ->
    Self = self(),
    P = proc_lib:spawn_link(fun() ->
                                    register(gst_loop, self()),
                                    Self ! ready,
                                    gen_server:enter_loop(?MODULE, [], [], {local, gst_loop})
                            end),
    receive ready -> ok end,
    ?eq([], gen_server:call(gst_loop, get)),
    unlink(P),
    ?eq(ok, gen_server:stop(gst_loop)),
    Q = proc_lib:spawn(fun() -> gen_server:enter_loop(?MODULE, [], [], 10) end),
    otp_check:wait_for(fun() -> sys:get_state(Q) =:= [{info, timeout}] end),
    stop(Q),
    ?eq(process_not_registered,
        otp_check:down(proc_lib:spawn(fun() ->
                                              timer:sleep(20),
                                              gen_server:enter_loop(?MODULE, [], [], {local, gst_x})
                                      end))),
    ?eq(process_was_not_started_by_proc_lib,
        otp_check:down(spawn(fun() ->
                                     timer:sleep(20),
                                     gen_server:enter_loop(?MODULE, [], [])
                             end))).

%% ---- many ----

many_calls_test() ->
    P = start(0),
    Add = fun(_, N) -> {reply, N, N + 1} end,
    ?eq(lists:seq(0, 499), [run(P, Add) || _ <- lists:seq(1, 500)]),
    Self = self(),
    [spawn_link(fun() -> Self ! {got, [run(P, Add) || _ <- lists:seq(1, 100)]} end) || _ <- lists:seq(1, 10)],
    All = lists:append([receive {got, L} -> L end || _ <- lists:seq(1, 10)]),
    ?eq(lists:seq(500, 1499), lists:sort(All)),
    stop(P).
