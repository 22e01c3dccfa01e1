%% supervisor, as its manual says.
-module(supervisor_tests).
-behaviour(supervisor).
-include("check.hrl").
-export([init/1, child/2, bad_child/1]).

init({run, F}) -> F();
init(S) -> S.

%% Tells who it is; ends as it is told.
child(Pid, Id) ->
    proc_lib:start_link(erlang, apply, [fun() ->
                                                process_flag(trap_exit, true),
                                                Pid ! {started, Id, self()},
                                                proc_lib:init_ack({ok, self()}),
                                                wait(Pid, Id)
                                        end, []]).
wait(Pid, Id) ->
    receive
        {'EXIT', _, {ignore, _}} -> wait(Pid, Id);
        {'EXIT', _, R} -> Pid ! {ended, Id, R}, exit(R);
        {die, R} -> exit(R);
        stubborn -> receive never -> ok end
    end.
bad_child(ignore) -> ignore;
bad_child({ignore_if, T, K}) -> case ets:lookup(T, K) of [] -> ignore; _ -> child(ets:lookup_element(T, K, 2), K) end;
bad_child({error, R}) -> {error, R};
bad_child({raise, R}) -> error(R);
bad_child({exit, R}) -> exit(R);
bad_child({throw, R}) -> throw(R);
bad_child(info) -> {ok, P} = child(self(), info), {ok, P, extra};
bad_child(R) -> R.

spec(Id) -> #{id => Id, start => {?MODULE, child, [self(), Id]}}.
bad(Id, R) -> #{id => Id, start => {?MODULE, bad_child, [R]}}.
flags(S) -> #{strategy => S, intensity => 100, period => 1}.
start(S) -> process_flag(trap_exit, true), {ok, P} = supervisor:start_link(?MODULE, S), P.
start(Strategy, Specs) -> start({ok, {flags(Strategy), Specs}}).
fails(S) -> process_flag(trap_exit, true), R = supervisor:start_link(?MODULE, S), otp_check:flush(), R.
started(Id) -> receive {started, Id, P} -> P after 5000 -> error({not_started, Id}) end.
started() -> settled:wait(), begun().
begun() -> receive {started, Id, _} -> [Id | begun()] after 0 -> [] end.
ended() -> receive {ended, Id, R} -> [{Id, R} | ended()] after 0 -> [] end.
stop(S) -> Ref = monitor(process, S), exit(S, shutdown), receive {'DOWN', Ref, _, _, R} -> otp_check:flush(), R end.
pid(S, Id) -> {Id, P, _, _} = lists:keyfind(Id, 1, supervisor:which_children(S)), P.
ids(S) -> [Id || {Id, _, _, _} <- supervisor:which_children(S)].
alive(S) -> lists:sort([Id || {Id, P, _, _} <- supervisor:which_children(S), is_pid(P)]).
kill(S, Id, R) -> P = pid(S, Id), Ref = monitor(process, P), P ! {die, R}, receive {'DOWN', Ref, _, _, _} -> ok end.

%% ---- starting ----

start_test() ->
    S = start(one_for_one, [spec(a), spec(b)]),
    ?eq([a, b], started()),
    ?eq([b, a], ids(S)),
    ?eq([{specs, 2}, {active, 2}, {supervisors, 0}, {workers, 2}], supervisor:count_children(S)),
    ?eq({?MODULE}, {supervisor:get_callback_module(S)}),
    ?eq(shutdown, stop(S)).

names_test() ->
    process_flag(trap_exit, true),
    {ok, S} = supervisor:start_link({local, sut_named}, ?MODULE, {ok, {flags(one_for_one), []}}),
    ?eq(S, whereis(sut_named)),
    ?eq([], supervisor:which_children(sut_named)),
    ?eq({error, {already_started, S}}, supervisor:start_link({local, sut_named}, ?MODULE, {ok, {flags(one_for_one), []}})),
    stop(S),
    {ok, G} = supervisor:start_link({global, sut_g}, ?MODULE, {ok, {flags(one_for_one), []}}),
    ?eq([], supervisor:which_children({global, sut_g})),
    stop(G),
    ?raises(exit, {noproc, _}, supervisor:which_children(sut_named)).

init_results_test() ->
    ?eq(ignore, fails(ignore)),
    ?eq({error, {bad_return, {?MODULE, init, what}}}, fails(what)),
    ?like({error, {oops, _}}, fails({run, fun() -> error(oops) end})),
    ?eq({error, {supervisor_data, {invalid_type, x}}}, fails({ok, {x, []}})),
    ?eq({error, {supervisor_data, {invalid_strategy, x}}}, fails({ok, {#{strategy => x}, []}})),
    ?eq({error, {supervisor_data, {invalid_intensity, -1}}}, fails({ok, {#{intensity => -1}, []}})),
    ?eq({error, {supervisor_data, {invalid_period, 0}}}, fails({ok, {#{period => 0}, []}})),
    ?eq({error, {supervisor_data, {invalid_auto_shutdown, x}}}, fails({ok, {#{auto_shutdown => x}, []}})),
    ?eq({error, {supervisor_data, {invalid_strategy, x}}}, fails({ok, {{x, 1, 1}, []}})),
    One = fun(Spec) -> fails({ok, {flags(one_for_one), [Spec]}}) end,
    ?eq({error, {start_spec, {invalid_child_spec, x}}}, One(x)),
    ?eq({error, {start_spec, missing_id}}, One(#{start => {a, b, []}})),
    ?eq({error, {start_spec, missing_start}}, One(#{id => a})),
    ?eq({error, {start_spec, {invalid_mfa, x}}}, One(#{id => a, start => x})),
    ?eq({error, {start_spec, {invalid_mfa, {a, b, c}}}}, One(#{id => a, start => {a, b, c}})),
    ?eq({error, {start_spec, {invalid_restart_type, x}}}, One((spec(a))#{restart => x})),
    ?eq({error, {start_spec, {invalid_shutdown, -1}}}, One((spec(a))#{shutdown => -1})),
    ?eq({error, {start_spec, {invalid_child_type, x}}}, One((spec(a))#{type => x})),
    ?eq({error, {start_spec, {invalid_modules, x}}}, One((spec(a))#{modules => x})),
    ?eq({error, {start_spec, {invalid_module, 1}}}, One((spec(a))#{modules => [1]})),
    ?eq({error, {start_spec, {invalid_significant, x}}}, One((spec(a))#{significant => x})),
    ?eq({error, {start_spec, {duplicate_child_name, a}}}, fails({ok, {flags(one_for_one), [spec(a), spec(a)]}})),
    ?like({error, {bad_start_spec, [_, _]}}, fails({ok, {flags(simple_one_for_one), [spec(a), spec(b)]}})),
    ?eq({error, {bad_start_spec, []}}, fails({ok, {flags(simple_one_for_one), []}})).

children_that_do_not_start_test() ->
    Start = fun(R) -> fails({ok, {flags(one_for_one), [spec(a), bad(b, R), spec(c)]}}) end,
    ?like({error, {shutdown, {failed_to_start_child, b, no}}}, Start({error, no})),
    ?like({error, {shutdown, {failed_to_start_child, b, {'EXIT', {no, [_ | _]}}}}}, Start({raise, no})),
    ?like({error, {shutdown, {failed_to_start_child, b, {'EXIT', no}}}}, Start({exit, no})),
    ?like({error, {shutdown, {failed_to_start_child, b, no}}}, Start({throw, no})),
    ?like({error, {shutdown, {failed_to_start_child, b, what}}}, Start(what)),
    ?like({error, {shutdown, {failed_to_start_child, b, {'EXIT', {undef, _}}}}},
          fails({ok, {flags(one_for_one), [#{id => b, start => {nomodule, x, []}}]}})).

failed_start_ends_those_before_test() ->
    process_flag(trap_exit, true),
    {error, _} = supervisor:start_link(?MODULE, {ok, {flags(one_for_one), [spec(a), spec(b), bad(c, {error, no}), spec(d)]}}),
    ?eq([{b, shutdown}, {a, shutdown}], ended()),
    otp_check:flush().

ignored_test() ->
    S = start(one_for_one, [bad(a, ignore), spec(b), (bad(c, ignore))#{restart => temporary}]),
    ?eq([{b, pid(S, b), worker, [?MODULE]}, {a, undefined, worker, [?MODULE]}], supervisor:which_children(S)),
    ?eq([{specs, 2}, {active, 1}, {supervisors, 0}, {workers, 2}], supervisor:count_children(S)),
    stop(S).

%% ---- strategies ----

one_for_one_test() ->
    S = start(one_for_one, [spec(a), spec(b), spec(c)]),
    started(),
    [A, B, C] = [pid(S, Id) || Id <- [a, b, c]],
    kill(S, b, oops),
    ?ok(started(b) =/= B),
    ?eq([], ended()),
    ?eq({A, C}, {pid(S, a), pid(S, c)}),
    stop(S).

one_for_all_test() ->
    S = start(one_for_all, [spec(a), spec(b), spec(c)]),
    started(),
    Before = [pid(S, Id) || Id <- [a, b, c]],
    kill(S, b, oops),
    ?eq([a, b, c], started()),
    ?eq([{c, shutdown}, {a, shutdown}], ended()),
    ?eq([], [P || Id <- [a, b, c], P <- [pid(S, Id)], lists:member(P, Before)]),
    stop(S).

rest_for_one_test() ->
    S = start(rest_for_one, [spec(a), spec(b), spec(c), spec(d)]),
    started(),
    A = pid(S, a),
    kill(S, b, oops),
    ?eq([b, c, d], started()),
    ?eq([{d, shutdown}, {c, shutdown}], ended()),
    ?eq(A, pid(S, a)),
    kill(S, d, oops),
    ?eq([d], started()),
    stop(S).

restart_types_test() ->
    S = start(one_for_one, [(spec(p))#{restart => permanent}, (spec(t))#{restart => transient}, (spec(x))#{restart => temporary}]),
    started(),
    [begin kill(S, p, R), ?eq([p], started()) end || R <- [normal, shutdown, {shutdown, x}, oops]],
    kill(S, t, oops),
    ?eq([t], started()),
    kill(S, t, normal),
    ?eq([], started()),
    ?eq(undefined, pid(S, t)),
    ?like({ok, _}, supervisor:restart_child(S, t)), started(),
    kill(S, t, shutdown),
    ?eq([], started()),
    ?like({ok, _}, supervisor:restart_child(S, t)), started(),
    kill(S, t, {shutdown, y}),
    ?eq([], started()),
    kill(S, x, oops),
    ?eq([], started()),
    ?eq([t, p], ids(S)),
    stop(S).

intensity_test() ->
    S = start({ok, {#{intensity => 2, period => 10}, [spec(a), spec(b)]}}),
    started(),
    kill(S, a, oops), started(a), kill(S, a, oops), started(a),
    Ref = monitor(process, S),
    kill(S, a, oops),
    ?eq(shutdown, receive {'DOWN', Ref, _, _, R} -> R after 5000 -> none end),
    ?eq([{b, shutdown}], ended()),
    otp_check:flush().

intensity_is_for_a_period_test_() ->
    {timeout, 10, fun() ->
        S = start({ok, {#{intensity => 1, period => 1}, [spec(a)]}}),
        started(),
        [begin kill(S, a, oops), started(a), timer:sleep(2100) end || _ <- [1, 2]],
        ?ok(is_process_alive(S)),
        stop(S)
    end}.

zero_intensity_test() ->
    S = start({ok, {#{intensity => 0}, [spec(a)]}}),
    started(),
    Ref = monitor(process, S),
    kill(S, a, oops),
    ?eq(shutdown, receive {'DOWN', Ref, _, _, R} -> R after 5000 -> none end),
    otp_check:flush().

defaults_test() ->
    S = start({ok, {#{}, [spec(a)]}}),
    ?like({ok, #{id := a, restart := permanent, shutdown := 5000, type := worker, modules := [?MODULE], significant := false}},
          supervisor:get_childspec(S, a)),
    stop(S),
    T = start({ok, {#{}, [(spec(b))#{type => supervisor}]}}),
    ?like({ok, #{shutdown := infinity, type := supervisor}}, supervisor:get_childspec(T, b)),
    stop(T).

%% ---- the order of ends ----

shutdown_order_test() ->
    S = start(one_for_one, [spec(a), spec(b), spec(c)]),
    started(),
    exit(S, shutdown),
    otp_check:down(S),
    ?eq([{c, shutdown}, {b, shutdown}, {a, shutdown}], ended()),
    otp_check:flush().

brutal_kill_test() ->
    S = start(one_for_one, [(spec(a))#{shutdown => brutal_kill}]),
    P = started(a),
    Ref = monitor(process, P),
    exit(S, shutdown),
    ?eq(killed, receive {'DOWN', Ref, _, _, R} -> R after 5000 -> none end),
    ?eq([], ended()),
    otp_check:down(S),
    otp_check:flush().

stubborn_test() ->
    S = start(one_for_one, [(spec(a))#{shutdown => 30}]),
    P = started(a),
    P ! stubborn,
    Ref = monitor(process, P),
    exit(S, shutdown),
    ?eq(killed, receive {'DOWN', Ref, _, _, R} -> R after 5000 -> none end),
    otp_check:down(S),
    otp_check:flush().

%% ---- children that come and go ----

dynamic_test() ->
    S = start(one_for_one, []),
    {ok, P} = supervisor:start_child(S, spec(a)),
    ?eq(P, pid(S, a)),
    ?eq({error, {already_started, P}}, supervisor:start_child(S, spec(a))),
    ?eq({error, running}, supervisor:restart_child(S, a)),
    ?eq({error, running}, supervisor:delete_child(S, a)),
    ?eq(ok, supervisor:terminate_child(S, a)),
    ?eq(undefined, pid(S, a)),
    ?eq(ok, supervisor:terminate_child(S, a)),
    ?eq({error, already_present}, supervisor:start_child(S, spec(a))),
    ?like({ok, _}, supervisor:restart_child(S, a)),
    ok = supervisor:terminate_child(S, a),
    ?eq(ok, supervisor:delete_child(S, a)),
    ?eq({error, not_found}, supervisor:delete_child(S, a)),
    ?eq({error, not_found}, supervisor:terminate_child(S, a)),
    ?eq({error, not_found}, supervisor:restart_child(S, a)),
    ?eq({error, not_found}, supervisor:get_childspec(S, a)),
    ?like({ok, _, extra}, supervisor:start_child(S, bad(i, info))),
    ?eq({ok, undefined}, supervisor:start_child(S, bad(n, ignore))),
    ?eq({error, no}, case supervisor:start_child(S, bad(e, {error, no})) of {error, {no, _}} -> {error, no}; {error, no} -> {error, no}; X -> X end),
    ?eq({error, {invalid_child_spec, x}}, supervisor:start_child(S, x)),
    ?eq({error, missing_start}, supervisor:start_child(S, #{id => q})),
    ?eq(false, lists:member(e, ids(S))),
    {ok, T} = supervisor:start_child(S, (spec(t))#{restart => temporary}),
    ?like({ok, #{start := {_, _, undefined}}}, supervisor:get_childspec(S, t)), % arguments are for who may start again
    ?eq(ok, supervisor:terminate_child(S, t)),
    ?eq(false, lists:member(t, ids(S))),
    ?eq(false, is_process_alive(T)),
    stop(S).

old_specs_test() ->
    S = start({ok, {{one_for_one, 5, 10}, [{a, {?MODULE, child, [self(), a]}, permanent, 1000, worker, [?MODULE]},
                                           {b, {?MODULE, child, [self(), b]}, temporary, brutal_kill, supervisor, dynamic}]}}),
    ?eq([a, b], started()),
    ?like({ok, #{id := a, restart := permanent, shutdown := 1000, type := worker}}, supervisor:get_childspec(S, a)),
    ?like({ok, #{id := b, restart := temporary, shutdown := brutal_kill, type := supervisor, modules := dynamic}}, supervisor:get_childspec(S, b)),
    ?eq({error, not_found}, supervisor:get_childspec(S, pid(S, a))),
    ?eq([{specs, 2}, {active, 2}, {supervisors, 1}, {workers, 1}], supervisor:count_children(S)),
    stop(S).

check_childspecs_test() ->
    ?eq(ok, supervisor:check_childspecs([spec(a), spec(b)])),
    ?eq(ok, supervisor:check_childspecs([])),
    ?eq({error, {duplicate_child_name, a}}, supervisor:check_childspecs([spec(a), spec(a)])),
    ?eq({error, missing_start}, supervisor:check_childspecs([#{id => a}])),
    ?eq({error, {badarg, x}}, supervisor:check_childspecs(x)),
    ?eq({error, {bad_combination, [{auto_shutdown, never}, {significant, true}]}},
        supervisor:check_childspecs([(spec(a))#{significant => true, restart => transient}], never)),
    ?eq(ok, supervisor:check_childspecs([(spec(a))#{significant => true, restart => transient}], any_significant)),
    ?eq(ok, supervisor:check_childspecs([(spec(a))#{significant => true, restart => temporary}])),
    ?eq({error, {badarg, y}}, supervisor:check_childspecs([], y)).

%% ---- simple_one_for_one ----

simple_test() ->
    S = start(simple_one_for_one, [#{id => s, start => {?MODULE, child, [self()]}}]),
    ?eq([], supervisor:which_children(S)),
    {ok, A} = supervisor:start_child(S, [a]),
    {ok, B} = supervisor:start_child(S, [b]),
    started(),
    ?eq(lists:sort([{undefined, A, worker, [?MODULE]}, {undefined, B, worker, [?MODULE]}]), lists:sort(supervisor:which_children(S))),
    ?eq([{specs, 1}, {active, 2}, {supervisors, 0}, {workers, 2}], supervisor:count_children(S)),
    A ! {die, oops},
    C = started(a),
    ?ok(is_pid(C)),
    ?eq({error, simple_one_for_one}, supervisor:terminate_child(S, s)),
    ?eq({error, simple_one_for_one}, supervisor:delete_child(S, s)),
    ?eq({error, simple_one_for_one}, supervisor:restart_child(S, s)),
    ?eq(ok, supervisor:terminate_child(S, B)),
    ?eq(ok, supervisor:terminate_child(S, B)),
    ?eq({error, not_found}, supervisor:terminate_child(S, self())),
    ?like({ok, #{id := s}}, supervisor:get_childspec(S, C)),
    ?like({ok, #{id := s}}, supervisor:get_childspec(S, s)),
    ?eq({error, not_found}, supervisor:get_childspec(S, other)),
    ?eq({error, not_found}, supervisor:get_childspec(S, self())),
    ended(),
    exit(S, shutdown),
    otp_check:down(S),
    ?eq([{a, shutdown}], ended()),
    otp_check:flush().

simple_failures_test() ->
    S = start(simple_one_for_one, [#{id => s, start => {?MODULE, bad_child, []}, restart => temporary}]),
    ?eq({error, no}, supervisor:start_child(S, [{error, no}])),
    ?like({error, {'EXIT', {no, _}}}, supervisor:start_child(S, [{raise, no}])),
    ?eq({ok, undefined}, supervisor:start_child(S, [ignore])),
    ?like({ok, _, extra}, supervisor:start_child(S, [info])),
    ?eq(1, length(supervisor:which_children(S))),
    stop(S).

simple_many_test() ->
    S = start(simple_one_for_one, [#{id => s, start => {?MODULE, child, [self()]}, restart => temporary}]),
    All = [begin {ok, P} = supervisor:start_child(S, [N]), P end || N <- lists:seq(1, 300)],
    ?eq(300, proplists:get_value(active, supervisor:count_children(S))),
    [P ! {die, normal} || P <- lists:sublist(All, 100)],
    otp_check:wait_for(fun() -> proplists:get_value(workers, supervisor:count_children(S)) =:= 200 end),
    exit(S, shutdown),
    otp_check:down(S),
    ?eq([], [P || P <- All, is_process_alive(P)]),
    otp_check:flush().

%% ---- significant children ----

auto_shutdown_test() ->
    Sig = fun(Id) -> (spec(Id))#{significant => true, restart => transient} end,
    S = start({ok, {(flags(one_for_one))#{auto_shutdown => any_significant}, [Sig(a), Sig(b), spec(c)]}}),
    started(),
    Ref = monitor(process, S),
    kill(S, c, normal), started(c),
    kill(S, a, oops), started(a),
    ?ok(is_process_alive(S)),
    catch kill(S, b, normal),
    ?eq(shutdown, receive {'DOWN', Ref, _, _, R} -> R after 5000 -> none end),
    ?eq([{c, shutdown}, {a, shutdown}], ended()),
    T = start({ok, {(flags(one_for_one))#{auto_shutdown => all_significant}, [Sig(a), Sig(b), spec(c)]}}),
    started(),
    Ref2 = monitor(process, T),
    kill(T, a, normal),
    ?ok(is_process_alive(T)),
    catch kill(T, b, {shutdown, x}),
    ?eq(shutdown, receive {'DOWN', Ref2, _, _, R2} -> R2 after 5000 -> none end),
    otp_check:flush().

significant_terminated_by_hand_test() ->
    S = start({ok, {(flags(one_for_one))#{auto_shutdown => any_significant}, [(spec(a))#{significant => true, restart => temporary}]}}),
    started(),
    ?eq(ok, supervisor:terminate_child(S, a)),
    settled:wait(),
    ?ok(is_process_alive(S)),
    stop(S).

%% ---- trees ----

tree_test() ->
    Self = self(),
    Leaf = fun(N) -> {ok, {flags(one_for_one), [#{id => {leaf, N}, start => {?MODULE, child, [Self, {leaf, N}]}}]}} end,
    Sub = fun(N) -> #{id => N, start => {supervisor, start_link, [?MODULE, Leaf(N)]}, type => supervisor} end,
    S = start(one_for_all, [Sub(1), Sub(2)]),
    ?eq([{leaf, 1}, {leaf, 2}], started()),
    exit(pid(S, 1), kill),
    ?eq([{leaf, 1}, {leaf, 2}], lists:sort(started())),
    ended(),
    exit(S, shutdown),
    otp_check:down(S),
    ?eq([{{leaf, 2}, shutdown}, {{leaf, 1}, shutdown}], ended()),
    otp_check:flush().

restart_that_fails_is_tried_again_test() ->
    T = ets:new(t, [public]),
    ets:insert(T, {a, self()}),
    S = start(one_for_one, [#{id => a, start => {?MODULE, bad_child, [{ignore_if, T, a}]}}]),
    started(a),
    ?eq([a], alive(S)),
    ets:delete(T, a),
    kill(S, a, oops),
    ?eq([{a, undefined}], [{I, P} || {I, P, _, _} <- supervisor:which_children(S)]),
    stop(S).

code_change_test() ->
    S = start(one_for_one, [spec(a)]),
    started(),
    sys:suspend(S),
    ?eq(ok, sys:change_code(S, supervisor, old, extra)),
    sys:resume(S),
    ?eq([a], alive(S)),
    stop(S).

unexpected_messages_test() ->
    S = start(one_for_one, [spec(a)]),
    S ! whatever,
    ?eq([a], alive(S)),
    stop(S).

simple_supervisor_keeps_to_one_specification_test() ->
    T = ets:new(t, [public]),
    Answer = fun(Specs) -> ets:insert(T, {answer, {ok, {flags(simple_one_for_one), Specs}}}) end,
    Answer([spec(a)]),
    P = start({run, fun() -> ets:lookup_element(T, answer, 2) end}),
    Change = fun() ->
                     ok = sys:suspend(P),
                     Result = sys:change_code(P, supervisor, 1, none),
                     ok = sys:resume(P),
                     Result
             end,
    ?eq(ok, Change()),
    Answer([spec(a), spec(b)]),
    ?like({error, {error, _}}, Change()),
    unlink(P),
    exit(P, shutdown).

reports_of_bridges_test() ->
    Report = #{label => {supervisor, progress},
               report => [{supervisor, {local, b}}, {started, [{pid, self()}, {mfa, {m, init, [[a]]}}]}]},
    Text = fun(Single) ->
                   lists:flatten(supervisor_bridge:format_log(Report, #{single_line => Single, depth => unlimited,
                                                                        chars_limit => unlimited}))
           end,
    Pid = pid_to_list(self()),
    ?eq("Supervisor: {local,b}. Started: pid=" ++ Pid ++ ",mfa={m,init,[[a]]}.", Text(true)),
    ?eq("    supervisor: {local,b}\n    started: [{pid," ++ Pid ++ "},{mfa,{m,init,[[a]]}}]\n", Text(false)).

reports_of_applications_on_a_line_test() ->
    Text = fun(Label, Report) ->
                   lists:flatten(application_controller:format_log(#{label => {application_controller, Label},
                                                                     report => [{application, a} | Report]},
                                                                   #{single_line => true, depth => 10,
                                                                     chars_limit => unlimited}))
           end,
    Long = lists:seq(1, 15),
    ?eq("Application: a. Exited: [1,2,3,4,5,6,7,8,9|...]. Type: [1,2,3,4,5,6,7,8,9|...].",
        Text(exit, [{exited, Long}, {type, Long}])),
    ?eq("Application: a. Started at: [1,2,3,4,5,6,7,8,9|...].", Text(progress, [{started_at, Long}])).
