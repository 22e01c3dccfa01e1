%% supervisor: strategies, restart types, intensity, dynamic children, significant ones; gen_server
%% calls that fail.
-module(supervisor_does_what_the_manual_says).
-compile(export_all).
-compile(nowarn_export_all).
init({sup, Flags, Children}) -> {ok, {Flags, Children}};
init(ignore) -> ignore;
init({stop, R}) -> {stop, R};
init({worker, Name, S}) -> register(Name, self()), process_flag(trap_exit, maps:get(trap, S, false)), io:format("start ~p~n", [Name]), {ok, S#{name => Name}};
init(S) -> {ok, S}.
handle_call({exit, R}, _, _) -> exit(R);
handle_call({stop, R}, _, S) -> {stop, R, stopping, S};
handle_call({throw, X}, _, _) -> throw(X);
handle_call(late, From, S) -> spawn(fun() -> timer:sleep(10), gen_server:reply(From, late) end), {noreply, S};
handle_call(never, _, S) -> {noreply, S};
handle_call(continue, From, S) -> {noreply, S, {continue, {reply, From}}};
handle_call(timeout, _, S) -> {reply, ok, S, 5};
handle_call(hibernate, _, S) -> {reply, ok, S, hibernate};
handle_call(X, _, S) -> {reply, {X, S}, S}.
handle_cast(X, S) -> io:format("cast ~p~n", [X]), {noreply, S}.
handle_continue({reply, From}, S) -> gen_server:reply(From, continued), {noreply, S}.
handle_info({'EXIT', _, _}, S) -> {noreply, S};
handle_info(X, S) -> io:format("info ~p~n", [X]), {noreply, S}.
terminate(R, #{name := N}) -> io:format("terminate ~p ~p~n", [N, anon(R)]);
terminate(R, _) -> io:format("terminate ~p~n", [anon(R)]).
code_change(_, S, _) -> {ok, S}.
start(Name, S) -> gen_server:start_link(?MODULE, {worker, Name, S}, []).
temp(X) -> {ok, spawn_link(fun() -> receive {die, R} -> exit(R) end end), X}.
%% OTP 25 leaves a message of what did not start, later ones (and Muster) do not.
failed(R) -> receive {'EXIT', _, _} -> R after 50 -> R end.
p(X) -> settled:wait(20), io:format("~p~n", [anon(X)]), f().
f() -> receive M -> io:format("msg ~p~n", [anon(M)]), f() after 0 -> ok end.
anon(X) when is_pid(X) -> pid; anon(X) when is_reference(X) -> ref;
anon({_, _, _, [{file, _} | _]}) -> frame; anon({_, _, _, []}) -> frame; anon({_, _, _, [{error_info, _} | _]}) -> frame;
anon([alias | _]) -> alias;
anon(X) when is_list(X) -> case lists:all(fun(Y) -> anon(Y) =:= frame end, X) andalso X =/= [] of true -> frames; false -> [anon(Y) || Y <- X] end;
anon(X) when is_tuple(X) -> list_to_tuple([anon(Y) || Y <- tuple_to_list(X)]); anon(X) -> X.
w(N) -> w(N, #{}).
w(N, M) -> maps:merge(#{id => N, start => {?MODULE, start, [N, #{}]}}, M).
sup(Flags, Cs) -> supervisor:start_link(?MODULE, {sup, Flags, Cs}).
main(_) ->
    logger:set_primary_config(level, none),
    process_flag(trap_exit, true),
    {ok, A} = gen_server:start_link({local, a}, ?MODULE, #{name => a}, []),
    p(gen_server:call(a, x)), p(gen_server:call(A, late)), p(catch gen_server:call(A, never, 10)), p(gen_server:call(A, continue)),
    p(gen_server:call(A, timeout)), p(gen_server:call(A, hibernate)), p(gen_server:call(A, {throw, {reply, thrown, #{name => b}}})),
    gen_server:cast(a, hello), a ! hello, p(sys:get_state(a)), p(sys:replace_state(a, fun(S) -> S#{k => v} end)),
    p(gen_server:start({local, a}, ?MODULE, x, [])), p(catch gen_server:call(a, {exit, bad})), p(catch gen_server:call(a, x)), p(catch gen_server:call(self(), x)),
    p(gen_server:start(?MODULE, ignore, [])), p(gen_server:start(?MODULE, {stop, r}, [])), p(element(1, element(2, gen_server:start(?MODULE, {worker, 1, #{}}, [])))),
    {ok, B} = gen_server:start(?MODULE, #{name => b}, []), p(catch gen_server:call(B, {stop, shutdown})), p(is_process_alive(B)), p(catch gen_server:stop(B)),
    {ok, {C, R}} = gen_server:start_monitor(?MODULE, #{}, []), gen_server:stop(C, {shutdown, x}, 1000), receive {'DOWN', R, _, _, Why} -> p(Why) end,
    {ok, D} = gen_server:start(?MODULE, #{}, []),
    Q0 = gen_server:reqids_new(), Q1 = gen_server:send_request(D, one, l1, Q0), Q2 = gen_server:send_request(D, two, l2, Q1), 2 = gen_server:reqids_size(Q2),
    {A1, L1, Q3} = gen_server:receive_response(Q2, 1000, true), {A2, L2, Q4} = gen_server:receive_response(Q3, 1000, true), p(lists:sort([{L1, A1}, {L2, A2}])), p(gen_server:receive_response(Q4, 10, true)),
    p(gen_server:multi_call([node()], a, x)), gen_server:stop(D),
    [begin
         io:format("== ~p~n", [Strategy]),
         {ok, S} = sup(#{strategy => Strategy, intensity => 3, period => 60}, [w(s1), w(s2, #{restart => transient}), w(s3, #{restart => temporary})]),
         p([{I, is_pid(P), T} || {I, P, T, _} <- supervisor:which_children(S)]), p(supervisor:count_children(S)),
         gen_server:stop(s1), p([I || {I, P, _, _} <- supervisor:which_children(S), is_pid(P)]),
         gen_server:stop(s2), p([{I, P} || {I, P, _, _} <- supervisor:which_children(S)]), p(supervisor:restart_child(S, s2)), p(supervisor:restart_child(S, s2)), p(supervisor:restart_child(S, s9)),
         exit(whereis(s2), kill), p([I || {I, P, _, _} <- supervisor:which_children(S), is_pid(P)]),
         p(supervisor:terminate_child(S, s1)), p(supervisor:delete_child(S, s1)), p(supervisor:delete_child(S, s1)), p(supervisor:delete_child(S, s2)),
         p(supervisor:start_child(S, w(s4))), p(supervisor:start_child(S, w(s4))), p(supervisor:start_child(S, #{id => bad})), p(supervisor:start_child(S, w(s5, #{start => {nomod, f, []}, restart => temporary}))), p(element(2, supervisor:get_childspec(S, s4))),
         exit(whereis(s4), kill), p(x), exit(whereis(s4), kill), p(x), catch exit(whereis(s4), kill), settled:wait(), p(is_process_alive(S))
     end || Strategy <- [one_for_one, one_for_all, rest_for_one]],
    io:format("== dynamic~n"),
    {ok, S} = sup(#{strategy => simple_one_for_one}, [#{id => t, start => {?MODULE, temp, []}, restart => temporary}]),
    {ok, K, extra} = supervisor:start_child(S, [extra]), p(supervisor:count_children(S)), K ! {die, oops}, settled:wait(), p(supervisor:count_children(S)), p(supervisor:start_child(S, x)), p(supervisor:terminate_child(S, foo)), p(supervisor:restart_child(S, t)), p(supervisor:delete_child(S, t)),
    {ok, K2, _} = supervisor:start_child(S, [y]), p(supervisor:terminate_child(S, K2)), p(supervisor:terminate_child(S, K2)), p(supervisor:which_children(S)), unlink(S), gen_server:stop(S),
    io:format("== significant~n"),
    [begin
         {ok, Z} = sup(#{auto_shutdown => Auto}, [w(z1, #{restart => transient, significant => true}), w(z2, #{restart => transient, significant => true}), w(z3)]),
         gen_server:stop(z1), settled:wait(), p(is_process_alive(Z)), catch gen_server:stop(z2), settled:wait(), p(is_process_alive(Z))
     end || Auto <- [any_significant, all_significant]],
    io:format("== bad~n"),
    [p(failed(sup(F, Cs))) || {F, Cs} <- [{#{strategy => x}, []}, {#{intensity => -1}, []}, {#{period => 0}, []}, {{one_for_one, 1}, []}, {#{}, [#{id => a}]}, {#{}, [w(a), w(a)]}, {#{}, [w(a, #{restart => x})]}, {#{}, [w(a, #{shutdown => -1})]}, {#{}, [w(a, #{type => x})]}, {#{}, [w(a, #{modules => x})]}, {#{}, x}, {#{}, [x]}, {#{strategy => simple_one_for_one}, []}, {#{}, [w(a, #{significant => true})]}, {#{}, [w(a, #{start => x})]}]],
    p(failed(supervisor:start_link(?MODULE, ignore))), p(supervisor:check_childspecs([w(a), {b, {m, f, []}, permanent, 5, worker, [m]}])), p(supervisor:check_childspecs([w(a, #{restart => never})])), p(supervisor:check_childspecs(x)),
    {ok, T} = sup({one_for_one, 1, 5}, [w(k1, #{start => {?MODULE, start, [k1, #{trap => true}]}, shutdown => 5000}), w(k2, #{shutdown => brutal_kill})]), unlink(T), gen_server:stop(T), p(whereis(k1)).
