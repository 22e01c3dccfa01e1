%% What gen_servers log when they end badly.
-module(gen_server_reports).
-behaviour(gen_server).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, handle_continue/2, terminate/2,
         format_status/1]).
-include("reports.hrl").

init({error, R}) -> error(R);
init({exit, R}) -> exit(R);
init({throw, R}) -> throw(R);
init({stop, R}) -> {stop, R};
init(ignore) -> ignore;
init({bad, R}) -> R;
init({label, L}) -> put(some, thing), put('$my', L), {ok, state};
init({continue, S}) -> {ok, S, {continue, go}};
init(S) -> {ok, S}.
handle_call({do, F}, From, S) -> F(From, S).
handle_cast({do, F}, S) -> F(S).
handle_info({do, F}, S) -> F(S);
handle_info(I, S) when S =:= quiet -> {noreply, {S, I}}.
handle_continue(go, F) -> F().
terminate(_, {terminates, F}) -> F();
terminate(_, _) -> ok.
format_status(#{state := {secret, _}} = S) -> S#{state := hidden};
format_status(#{state := {bad_status, _}}) -> error(no);
format_status(S) -> S.

start(A) -> start(A, []).
start(A, O) ->
    case gen_server:start(?MODULE, A, O) of
        {ok, P} -> P;
        E -> say("start: ~p~n", [E]), none
    end.

call(P, F) -> say("call: ~p~n", [answer(catch gen_server:call(P, {do, F}, 1000))]).
answer({'EXIT', {{R, S}, {gen_server, call, _}}}) when is_list(S) -> {exit, R};
answer({'EXIT', {R, {gen_server, call, _}}}) -> {exit, R};
answer(X) -> X.

run() ->
    title("init"),
    [begin title(io_lib:format("~p", [A])), start(A) end
     || A <- [{error, oops}, {exit, gone}, {exit, normal}, {exit, shutdown}, {throw, up}, {stop, no}, {stop, normal}, ignore,
              {bad, what}, {bad, {ok}}, {throw, {ok, fine}}]],
    title("linked init"),
    say("~p~n", [gen_server:start_link(?MODULE, {error, oops}, [])]),
    say("~p~n", [gen_server:start_link({local, named}, ?MODULE, {stop, {shutdown, x}}, [])]),
    otp_flush(), % OTP 25 leaves their exits, later ones (and Muster) do not
    title("error in call"), call(start(s), fun(_, _) -> error(oops) end),
    title("badarg in call"), call(start(s), fun(_, S) -> atom_to_list([S]) end),
    title("exit in call"), call(start(s), fun(_, _) -> exit(leave) end),
    title("exit normal in call"), call(start(s), fun(_, _) -> exit(normal) end),
    title("throw in call"), call(start(s), fun(_, S) -> throw({reply, thrown, S}) end),
    title("bad throw in call"), call(start(s), fun(_, _) -> throw(what) end),
    title("bad return"), call(start(s), fun(_, _) -> what end),
    title("stop in call"), call(start(s), fun(_, S) -> {stop, why, S} end),
    title("stop with reply"), call(start(s), fun(_, S) -> {stop, why, reply, S} end),
    title("stop shutdown"), call(start(s), fun(_, S) -> {stop, shutdown, S} end),
    title("stop {shutdown,_}"), call(start(s), fun(_, S) -> {stop, {shutdown, 1}, S} end),
    title("function clause"), call(start(s), fun(_, x) -> ok end),
    title("undef"), call(start(s), fun(_, _) -> nomodule:nofunction(1, 2) end),
    title("cast"), gen_server:cast(start(s), {do, fun(_) -> error({in, cast}) end}),
    title("info"), start(s) ! {do, fun(_) -> error({in, info}) end},
    title("unexpected info"), start(s) ! {unexpected, message},
    title("continue"), start({continue, fun() -> error(in_continue) end}),
    title("continue bad return"), start({continue, fun() -> bad end}),
    title("named"),
    {ok, N} = gen_server:start({local, my_server}, ?MODULE, s, []),
    gen_server:cast(N, {do, fun(_) -> error(named) end}),
    title("global"),
    {ok, G} = gen_server:start({global, {my, server}}, ?MODULE, s, []),
    gen_server:cast(G, {do, fun(_) -> error(global) end}),
    title("state hidden"), call(start({secret, password}), fun(_, _) -> error(oops) end),
    title("bad status"), call(start({bad_status, x}), fun(_, _) -> error(oops) end),
    title("terminate fails"), call(start({terminates, fun() -> error(in_terminate) end}),
                                   fun(_, S) -> {stop, normal, ok, S} end),
    title("terminate exits"), call(start({terminates, fun() -> exit(other) end}),
                                   fun(_, S) -> {stop, why, S} end),
    title("terminate throws"), call(start({terminates, fun() -> throw(x) end}),
                                    fun(_, S) -> {stop, normal, ok, S} end),
    title("large state"), call(start({state, [{I, "text number " ++ integer_to_list(I), #{k => I}} || I <- lists:seq(1, 30)]}),
                               fun(_, _) -> error({deep, {a, {b, {c, [d, {e, f}]}}}}) end),
    title("dictionary"), call(start({label, x}), fun(_, _) -> error(oops) end),
    title("parent exits"),
    Self = self(),
    Parent = spawn(fun() ->
                           {ok, P} = gen_server:start_link(?MODULE, s, []),
                           sys:replace_state(P, fun(_) -> process_flag(trap_exit, true), s end),
                           Self ! started, receive {die, R} -> exit(R) end
                   end),
    receive started -> ok end, Parent ! {die, bang},
    title("queue"),
    Q = start(quiet), erlang:suspend_process(Q), [Q ! {m, I} || I <- lists:seq(1, 3)],
    spawn(fun() -> catch gen_server:call(Q, {do, fun(_, _) -> error(queued) end}) end), settled:wait(),
    Q ! last, erlang:resume_process(Q),
    title("done").

otp_flush() -> receive M -> [M | otp_flush()] after 50 -> [] end.
