%% timer, pg and sys, as their manuals say.
-module(timer_tests).
-behaviour(gen_server).
-include("check.hrl").
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, code_change/3]).

next() -> receive M -> M after 2000 -> nothing end.
none(Ms) -> receive M -> M after Ms -> nothing end.
%% Microseconds that Fun takes.
took(Fun) ->
    Start = erlang:monotonic_time(microsecond),
    Fun(),
    erlang:monotonic_time(microsecond) - Start.

%% ---- timer ----

once_test() ->
    ?like({ok, _}, timer:send_after(1, a)),
    ?eq(a, next()),
    ?like({ok, _}, timer:send_after(1, self(), b)),
    ?eq(b, next()),
    Me = self(),
    ?like({ok, _}, timer:apply_after(1, erlang, send, [Me, c])),
    ?eq(c, next()),
    ?ok(took(fun() -> {ok, _} = timer:send_after(50, d), d = next() end) >= 50000),
    register(timer_tests_name, self()),
    ?like({ok, _}, timer:send_after(1, timer_tests_name, e)),
    ?eq(e, next()),
    unregister(timer_tests_name),
    ?like({ok, _}, timer:send_after(0, f)),
    ?eq(f, next()).

intervals_test() ->
    {ok, T} = timer:send_interval(5, tick),
    [?eq(tick, next()) || _ <- [1, 2, 3]],
    ?eq({ok, cancel}, timer:cancel(T)),
    otp_check:flush(),
    ?eq(nothing, none(30)),
    Me = self(),
    {ok, A} = timer:apply_interval(5, erlang, send, [Me, tock]),
    [?eq(tock, next()) || _ <- [1, 2]],
    ?eq({ok, cancel}, timer:cancel(A)),
    otp_check:flush().

%% An interval ends with the process that it is for.
intervals_end_test() ->
    {Pid, Ref} = spawn_monitor(fun() -> {ok, _} = timer:send_interval(1, self(), x), receive x -> ok end end),
    receive {'DOWN', Ref, process, Pid, Why} -> ?eq(normal, Why) after 2000 -> error(late) end.

cancelled_test() ->
    {ok, T} = timer:send_after(50, never),
    ?eq({ok, cancel}, timer:cancel(T)),
    ?eq(nothing, none(80)),
    ?eq({error, badarg}, timer:cancel(nonsense)),
    ?eq({error, badarg}, timer:send_after(-1, x)),
    ?eq({error, badarg}, timer:send_after(x, x)),
    ?eq({error, badarg}, timer:send_interval(-5, x)),
    ?eq({error, badarg}, timer:apply_after(1, 2, f, [])),
    ?eq({error, badarg}, timer:exit_after(foo, self(), x)).

ending_test() ->
    Wait = fun() -> receive never -> ok end end,
    {P, R} = spawn_monitor(Wait),
    {ok, _} = timer:kill_after(1, P),
    ?like({'DOWN', R, process, P, killed}, next()),
    {Q, S} = spawn_monitor(Wait),
    {ok, _} = timer:exit_after(1, Q, why),
    ?like({'DOWN', S, process, Q, why}, next()).

units_test() ->
    ?eq({5000, 120000, 7200000, 3723000},
        {timer:seconds(5), timer:minutes(2), timer:hours(2), timer:hms(1, 2, 3)}),
    {Micros, value} = timer:tc(fun() -> timer:sleep(10), value end),
    ?ok(Micros >= 10000),
    {_, [b, a]} = timer:tc(fun lists:reverse/1, [[a, b]]),
    {_, 3} = timer:tc(erlang, '+', [1, 2]),
    ?eq(1500000, timer:now_diff({1, 2, 500000}, {1, 1, 0})),
    ?eq(ok, timer:sleep(0)).

many_test() ->
    N = 2000,
    Timers = [begin {ok, T} = timer:send_after(30 + I rem 7, {many, I}), T end || I <- lists:seq(1, N)],
    [?eq({ok, cancel}, timer:cancel(T)) || {I, T} <- lists:zip(lists:seq(1, N), Timers), I rem 2 =:= 0],
    Got = lists:sort([receive {many, I} -> I after 3000 -> late end || _ <- lists:seq(1, N div 2)]),
    ?eq([I || I <- lists:seq(1, N), I rem 2 =:= 1], Got),
    ?eq(nothing, none(60)).

%% ---- pg ----

groups_test() ->
    {ok, _} = pg:start_link(timer_tests_scope),
    S = timer_tests_scope,
    P = spawn_link(fun() -> receive stop -> ok end end),
    ?eq([], pg:get_members(S, g)),
    ?eq(ok, pg:join(S, g, self())),
    ?eq(ok, pg:join(S, g, [P, P])),
    ?eq(lists:sort([self(), P, P]), lists:sort(pg:get_members(S, g))),
    ?eq(lists:sort([self(), P, P]), lists:sort(pg:get_local_members(S, g))),
    ?eq([g], pg:which_groups(S)),
    ?eq(ok, pg:join(S, {other, 1}, P)),
    ?eq([g, {other, 1}], lists:sort(pg:which_groups(S))),
    ?eq(ok, pg:leave(S, g, P)),
    ?eq(lists:sort([self(), P]), lists:sort(pg:get_members(S, g))),
    ?eq(not_joined, pg:leave(S, nobody, P)),
    P ! stop,
    otp_check:wait_for(fun() -> pg:get_members(S, g) =:= [self()] end),
    ?eq([g], pg:which_groups(S)),
    ?eq(ok, pg:leave(S, g, [self()])),
    ?eq([], pg:which_groups(S)),
    ?raises(error, {nolocal, not_a_pid}, pg:join(S, g, [not_a_pid])).

monitored_groups_test() ->
    {ok, _} = pg:start_link(timer_tests_scope2),
    S = timer_tests_scope2,
    {Ref, #{}} = pg:monitor_scope(S),
    {Ref2, []} = pg:monitor(S, g),
    ok = pg:join(S, g, self()),
    Me = self(),
    Told = [next(), next()],
    ?ok(lists:member({Ref, join, g, [Me]}, Told) andalso lists:member({Ref2, join, g, [Me]}, Told)),
    ok = pg:join(S, h, self()),
    ?eq({Ref, join, h, [Me]}, next()),
    ?eq(ok, pg:demonitor(S, Ref)),
    ok = pg:leave(S, g, self()),
    ?eq({Ref2, leave, g, [Me]}, next()),
    ?eq(ok, pg:demonitor(S, Ref2)),
    ?eq(false, pg:demonitor(S, Ref2)),
    ok = pg:leave(S, h, self()),
    ?eq(nothing, none(20)).

%% ---- sys ----

init(State) -> {ok, State}.
handle_call(Message, _, State) -> {reply, {State, Message}, State}.
handle_cast(_, State) -> {noreply, State}.
handle_info(_, State) -> {noreply, State}.
code_change(Vsn, State, Extra) -> {ok, {Vsn, State, Extra}}.
server(State) -> {ok, P} = gen_server:start_link(?MODULE, State, []), P.

states_test() ->
    P = server(one),
    ?eq(one, sys:get_state(P)),
    ?eq({two, one}, sys:replace_state(P, fun(S) -> {two, S} end)),
    ?eq({two, one}, sys:get_state(P)),
    ?like({status, P, {module, gen_server}, [_, running, _, [], _]}, sys:get_status(P)),
    ?raises(error, {callback_failed, {gen_server, system_replace_state}, {error, bad}},
            sys:replace_state(P, fun(_) -> error(bad) end)),
    ?eq({two, one}, sys:get_state(P)),
    ?eq(ok, sys:terminate(P, normal)),
    otp_check:wait_for(fun() -> not is_process_alive(P) end).

suspended_test() ->
    P = server(s),
    ?eq(ok, sys:suspend(P)),
    ?like({status, P, _, [_, suspended, _, _, _]}, sys:get_status(P)),
    ?raises(exit, {timeout, _}, gen_server:call(P, x, 20)),
    ?eq(ok, sys:change_code(P, ?MODULE, "1", extra)),
    ?eq(ok, sys:resume(P)),
    ?eq({"1", s, extra}, sys:get_state(P)),
    otp_check:flush(),
    ?raises(exit, {noproc, _}, sys:get_state(no_such_process)).

traced_test() ->
    P = server(s),
    ?eq(ok, sys:statistics(P, true)),
    ?eq(ok, sys:log(P, true)),
    _ = gen_server:call(P, a),
    gen_server:cast(P, b),
    _ = gen_server:call(P, c),
    {ok, Statistics} = sys:statistics(P, get),
    ?eq({3, 2}, {proplists:get_value(messages_in, Statistics), proplists:get_value(messages_out, Statistics)}),
    {ok, Log} = sys:log(P, get),
    ?ok(length(Log) >= 3),
    ?eq(ok, sys:log(P, false)),
    ?eq(ok, sys:statistics(P, false)),
    ?eq({ok, no_statistics}, sys:statistics(P, get)),
    Me = self(),
    Fun = fun(N, _, _) when N > 2 -> done;
             (N, Event, _) -> Me ! {event, element(1, Event)}, N + 1
          end,
    ?eq(ok, sys:install(P, {watch, Fun, 1})),
    _ = gen_server:call(P, d),
    ?eq({event, in}, next()),
    ?eq({event, out}, next()),
    ?eq(ok, sys:remove(P, watch)),
    ?eq(ok, sys:no_debug(P)).
