%% What supervisors log: progress, starts that fail, children that end, giving up.
-module(supervisor_reports).
-behaviour(supervisor).
-export([init/1, child/1, bridge/1]).
-include("reports.hrl").

init({error, R}) -> error(R);
init(S) -> S.
child({error, R}) -> {error, R};
child({raise, R}) -> error(R);
child({exit, R}) -> exit(R);
child(bad) -> bad;
child(ignore) -> ignore;
child(extra) -> {ok, worker(), extra};
child(stubborn) -> trapping(fun() -> receive never -> ok end end);
child({ends, R}) -> trapping(fun() -> receive {'EXIT', _, _} -> exit(R) end end);
child(_) -> {ok, worker()}.
trapping(F) -> proc_lib:start_link(erlang, apply, [fun() -> process_flag(trap_exit, true), proc_lib:init_ack({ok, self()}), F() end, []]).
worker() -> spawn_link(fun() -> receive R -> exit(R) end end).
bridge(_) -> ok.

spec(Id, A) -> #{id => Id, start => {?MODULE, child, [A]}, shutdown => 50}.
flags(Strategy) -> #{strategy => Strategy, intensity => 1, period => 5}.
start(S) ->
    case supervisor:start_link(?MODULE, S) of
        {ok, P} -> P;
        E -> say("start: ~P~n", [E, 14]), none
    end.
kill(S, Id, R) ->
    {Id, P, _, _} = lists:keyfind(Id, 1, supervisor:which_children(S)),
    Ref = monitor(process, P), P ! R, receive {'DOWN', Ref, _, _, _} -> ok end, settled:wait().
stop(S) -> unlink(S), Ref = monitor(process, S), exit(S, shutdown), receive {'DOWN', Ref, _, _, R} -> R end.

run() ->
    title("init"), start({error, oops}), start(ignore), start(bad), start({ok, bad}), start({ok, {bad, []}}), start({ok, {#{strategy => what}, []}}), start({ok, {#{intensity => -1}, []}}),
    start({ok, {flags(one_for_one), [bad]}}), start({ok, {flags(one_for_one), [#{id => a}]}}), start({ok, {flags(one_for_one), [spec(a, x), spec(a, x)]}}),
    start({ok, {flags(one_for_one), [(spec(a, x))#{restart => often}]}}), start({ok, {flags(one_for_one), [(spec(a, x))#{shutdown => -1}]}}), start({ok, {flags(one_for_one), [(spec(a, x))#{type => bee}]}}),
    start({ok, {flags(one_for_one), [(spec(a, x))#{modules => x}]}}), start({ok, {flags(one_for_one), [(spec(a, x))#{significant => yes}]}}), start({ok, {flags(one_for_one), [(spec(a, x))#{significant => true}]}}),
    title("progress"), A = start({ok, {flags(one_for_one), [spec(a, x), spec(b, extra), spec(c, ignore)]}}),
    title("a child ends"), kill(A, a, oops),
    title("and another"), kill(A, b, again),
    say("~p~n", [receive {'EXIT', A, R} -> R after 5000 -> none end]),
    title("start error"), start({ok, {flags(one_for_one), [spec(a, x), spec(b, {error, no})]}}),
    title("start raises"), start({ok, {flags(one_for_one), [spec(b, {raise, no})]}}),
    title("start exits"), start({ok, {flags(one_for_one), [spec(b, {exit, no})]}}),
    title("start bad"), start({ok, {flags(one_for_one), [spec(b, bad)]}}),
    title("named"), {ok, _} = supervisor:start_link({local, my_sup}, ?MODULE, {ok, {flags(one_for_all), [spec(a, x), spec(b, x)]}}), kill(my_sup, a, oops), stop(whereis(my_sup)),
    title("rest for one"), B = start({ok, {flags(rest_for_one), [spec(a, x), spec(b, x), spec(c, x)]}}), kill(B, b, normal), stop(B),
    title("temporary and transient"), C = start({ok, {flags(one_for_one), [(spec(a, x))#{restart => temporary}, (spec(b, x))#{restart => transient}]}}),
    kill(C, a, oops), kill(C, b, normal), {ok, _} = supervisor:restart_child(C, b), kill(C, b, {shutdown, x}), stop(C),
    title("stubborn"), D = start({ok, {flags(one_for_one), [spec(a, stubborn), spec(b, {ends, other}), spec(c, {ends, shutdown})]}}), say("~p~n", [stop(D)]),
    title("terminate_child"), E = start({ok, {flags(one_for_one), [spec(a, stubborn)]}}), say("~p~n", [supervisor:terminate_child(E, a)]), say("~p~n", [supervisor:restart_child(E, a)]), stop(E),
    title("start_child"), F = start({ok, {flags(one_for_one), []}}), say("~P~n", [supervisor:start_child(F, spec(a, {error, no})), 9]), say("~P~n", [supervisor:start_child(F, spec(a, {raise, no})), 9]), stop(F),
    title("simple"), G = start({ok, {flags(simple_one_for_one), [#{id => s, start => {?MODULE, child, []}, shutdown => 50}]}}),
    {ok, P1} = supervisor:start_child(G, [x]), {ok, _} = supervisor:start_child(G, [stubborn]), say("~P~n", [supervisor:start_child(G, [{error, no}]), 9]),
    P1 ! oops, settled:wait(), say("~p~n", [stop(G)]),
    title("restart fails"), put(n, 0), H = start({ok, {flags(one_for_one), [#{id => a, start => {?MODULE, child, [x]}}]}}),
    sys:replace_state(H, fun(S) -> S end), kill(H, a, oops), kill(H, a, oops), say("~p~n", [receive {'EXIT', H, Q} -> Q after 5000 -> none end]),
    title("old spec"), I = start({ok, {{one_for_one, 1, 5}, [{a, {?MODULE, child, [x]}, permanent, brutal_kill, worker, [?MODULE]}]}}), kill(I, a, oops), stop(I),
    title("auto shutdown"), J = start({ok, {(flags(one_for_one))#{auto_shutdown => any_significant}, [(spec(a, x))#{significant => true, restart => transient}, spec(b, x)]}}), kill(J, a, normal),
    say("~p~n", [receive {'EXIT', J, W} -> W after 5000 -> none end]),
    title("unexpected"), K = start({ok, {flags(one_for_one), []}}), K ! hello, say("~p~n", [supervisor:which_children(K)]), stop(K),
    title("done").
