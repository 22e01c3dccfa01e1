%% What gen_statems log when they end badly.
-module(gen_statem_reports).
-behaviour(gen_statem).
-export([init/1, callback_mode/0, handle_event/4, terminate/3, format_status/1]).
-include("reports.hrl").

callback_mode() -> case get(mode) of undefined -> [handle_event_function]; M -> M end.
init({F}) -> F();
init(S) -> {ok, start, S}.
handle_event({call, From}, {do, F}, S, D) -> F(From, S, D);
handle_event(enter, _, {enter, F}, _) -> F();
handle_event(enter, _, _, _) -> keep_state_and_data;
handle_event(_, {do, F}, S, D) -> F(S, D);
handle_event(internal, F, _, _) when is_function(F) -> F();
handle_event(_, queue, _, _) -> {keep_state_and_data, [postpone]}.
terminate(_, _, {terminates, F}) -> F();
terminate(_, _, _) -> ok.
format_status(#{data := {secret, _}} = S) -> S#{data := hidden, state := {also, hidden}};
format_status(S) -> S.

start(A) ->
    case gen_statem:start(?MODULE, A, []) of
        {ok, P} -> P;
        E -> say("start: ~p~n", [E]), none
    end.
call(P, F) -> say("call: ~p~n", [answer(catch gen_statem:call(P, {do, F}, 1000))]).
answer({'EXIT', {{R, S}, {gen_statem, call, _}}}) when is_list(S) -> {exit, R};
answer({'EXIT', {R, {gen_statem, call, _}}}) -> {exit, R};
answer(X) -> X.

run() ->
    title("init error"), start({fun() -> error(oops) end}),
    title("init exit"), start({fun() -> exit(gone) end}),
    title("init stop"), start({fun() -> {stop, no} end}),
    title("init bad"), start({fun() -> bad end}),
    title("init throw"), start({fun() -> throw({ok, a, b, bad_action}) end}),
    title("init ignore"), start({fun() -> ignore end}),
    title("init action"), start({fun() -> {ok, a, b, [{bad, action}]} end}),
    title("init internal"), start({fun() -> {ok, a, b, [{next_event, internal, fun() -> error(internal) end}]} end}),
    title("bad mode"), start({fun() -> put(mode, bad_mode), {ok, a, b} end}),
    title("error"), call(start(d), fun(_, _, _) -> error(oops) end),
    title("exit"), call(start(d), fun(_, _, _) -> exit(leave) end),
    title("throw"), call(start(d), fun(_, _, _) -> throw(bad_thing) end),
    title("bad return"), call(start(d), fun(_, _, _) -> {what} end),
    title("bad actions"), call(start(d), fun(_, _, D) -> {next_state, s, D, [{unknown, 1}]} end),
    title("bad reply"), call(start(d), fun(_, _, _) -> {keep_state_and_data, [{reply, nobody, x}]} end),
    title("bad timeout"), call(start(d), fun(_, _, _) -> {keep_state_and_data, [{state_timeout, -1, x}]} end),
    title("stop"), call(start(d), fun(_, _, _) -> {stop, why} end),
    title("stop data"), call(start(d), fun(_, _, _) -> {stop, why, other} end),
    title("stop and reply"), call(start(d), fun(F, _, _) -> {stop_and_reply, why, [{reply, F, bye}]} end),
    title("stop normal"), call(start(d), fun(_, _, _) -> stop end),
    title("stop shutdown"), call(start(d), fun(_, _, _) -> {stop, {shutdown, x}} end),
    title("enter"), call(start({fun() -> put(mode, [handle_event_function, state_enter]), {ok, a, d} end}),
                         fun(_, _, D) -> {next_state, {enter, fun() -> error(entering) end}, D} end),
    title("enter bad"), call(start({fun() -> put(mode, [handle_event_function, state_enter]), {ok, a, d} end}),
                         fun(_, _, D) -> {next_state, {enter, fun() -> {keep_state_and_data, [postpone]} end}, D} end),
    title("cast"), gen_statem:cast(start(d), {do, fun(_, _) -> error(cast) end}),
    title("info"), start(d) ! {do, fun(_, _) -> error(info) end},
    title("timeout"), O = start(d), call(O, fun(F, _, D) -> {keep_state, D, [{reply, F, ok}, {{timeout, n}, 1, {do, fun(_, _) -> error(timeout) end}}]} end), ended(O),
    title("unknown event"), start(d) ! unknown_event,
    title("postponed"),
    P = start(d), P ! queue, gen_statem:cast(P, queue), P ! {do, fun(_, _) -> error(postponed) end},
    title("queue"),
    Q = start(d), erlang:suspend_process(Q), Q ! {do, fun(_, _) -> error(queued) end}, Q ! later, gen_statem:cast(Q, after_it), erlang:resume_process(Q),
    title("timeouts open"),
    T = start(d), call(T, fun(F, _, D) -> {keep_state, D, [{reply, F, ok}, {{timeout, n}, 5000, x}, {state_timeout, 4000, y}]} end), T ! {do, fun(_, _) -> error(with_timeouts) end},
    title("named"), {ok, N} = gen_statem:start({local, my_machine}, ?MODULE, d, []), gen_statem:cast(N, {do, fun(_, _) -> error(named) end}),
    title("hidden"), call(start({secret, x}), fun(_, _, _) -> error(oops) end),
    title("terminate"), call(start({terminates, fun() -> error(in_terminate) end}), fun(_, _, _) -> stop end),
    title("terminate exit"), call(start({terminates, fun() -> exit(other) end}), fun(_, _, _) -> {stop, why} end),
    title("done").
