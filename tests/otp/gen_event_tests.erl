%% gen_event, as its manual says.
-module(gen_event_tests).
-behaviour(gen_event).
-include("check.hrl").
-export([init/1, handle_event/2, handle_call/2, handle_info/2, terminate/2, code_change/3]).

init({run, F}) -> F();
init({{swap, Args}, TermResult}) -> {ok, {swapped, Args, TermResult}};
init(S) -> {ok, S}.
handle_event({run, F}, S) -> F(S);
handle_event(E, S) when is_list(S) -> {ok, [{event, E} | S]};
handle_event(_, S) -> {ok, S}.
handle_call({run, F}, S) -> F(S);
handle_call(get, S) -> {ok, S, S}.
handle_info({run, F}, S) -> F(S);
handle_info(I, S) when is_list(S) -> {ok, [{info, I} | S]};
handle_info(_, S) -> {ok, S}.
terminate(Why, {tell, Pid}) -> Pid ! {terminated, Why}, {ended, Why};
terminate(Why, _) -> {ended, Why}.
code_change(Old, S, Extra) -> {ok, {Old, S, Extra}}.

manager() -> {ok, M} = gen_event:start(), M.
with(S) -> M = manager(), ok = gen_event:add_handler(M, ?MODULE, S), M.
seen(M) -> gen_event:call(M, ?MODULE, get).
told() -> receive {terminated, W} -> W after 5000 -> none end.

start_test() ->
    process_flag(trap_exit, true),
    {ok, M} = gen_event:start_link(),
    ?eq([], gen_event:which_handlers(M)),
    ?eq(ok, gen_event:stop(M)),
    {ok, N} = gen_event:start({local, get_named}),
    ?eq(N, whereis(get_named)),
    ?eq({error, {already_started, N}}, gen_event:start({local, get_named})),
    ?eq(ok, gen_event:stop(get_named)),
    {ok, G} = gen_event:start_link({global, get_g}),
    ?eq([], gen_event:which_handlers({global, get_g})),
    ?eq(ok, gen_event:stop({global, get_g})),
    ?eq(false, is_process_alive(G)),
    {ok, {P, Ref}} = gen_event:start_monitor(),
    ?eq(ok, gen_event:stop(P, why, 1000)),
    ?eq(why, receive {'DOWN', Ref, _, _, R} -> R after 5000 -> none end),
    {ok, O} = gen_event:start([{spawn_opt, [{priority, low}]}]),
    ?eq({priority, low}, process_info(O, priority)),
    gen_event:stop(O),
    ?raises(exit, noproc, gen_event:stop(get_named)),
    otp_check:flush(),
    process_flag(trap_exit, false).

handlers_test() ->
    M = manager(),
    ?eq(ok, gen_event:add_handler(M, ?MODULE, [])),
    ?eq([?MODULE], gen_event:which_handlers(M)),
    ?eq({error, ?MODULE}, try gen_event:add_handler(M, ?MODULE, []) of
                              {'EXIT', _} -> no;
                              X -> case X of {error, _} -> {error, ?MODULE}; ok -> {error, ?MODULE} end
                          catch _:_ -> no end),
    gen_event:stop(M),
    N = manager(),
    ?eq(ok, gen_event:add_handler(N, {?MODULE, one}, [])),
    ?eq(ok, gen_event:add_handler(N, {?MODULE, {two}}, [])),
    ?eq([{?MODULE, one}, {?MODULE, {two}}], lists:sort(gen_event:which_handlers(N))),
    ?eq(ok, gen_event:notify(N, e)),
    ?eq([{event, e}], gen_event:call(N, {?MODULE, one}, get)),
    ?eq([{event, e}], gen_event:call(N, {?MODULE, {two}}, get)),
    ?eq({error, bad_module}, gen_event:call(N, {?MODULE, three}, get)),
    ?eq({error, bad_module}, gen_event:call(N, ?MODULE, get)),
    ?eq({ended, bye}, gen_event:delete_handler(N, {?MODULE, one}, bye)),
    ?eq({error, module_not_found}, gen_event:delete_handler(N, {?MODULE, one}, bye)),
    ?eq([{?MODULE, {two}}], gen_event:which_handlers(N)),
    gen_event:stop(N).

init_results_test() ->
    M = manager(),
    Add = fun(F) -> gen_event:add_handler(M, {?MODULE, make_ref()}, {run, F}) end,
    ?eq(ok, Add(fun() -> {ok, s} end)),
    ?eq(ok, Add(fun() -> {ok, s, hibernate} end)),
    ?eq({error, no}, Add(fun() -> {error, no} end)),
    ?eq(what, Add(fun() -> what end)),
    ?eq({'EXIT', gone}, Add(fun() -> exit(gone) end)),
    ?like({'EXIT', {oops, [_ | _]}}, Add(fun() -> error(oops) end)),
    ?like({'EXIT', {undef, _}}, gen_event:add_handler(M, no_such_module, x)),
    ?eq(2, length(gen_event:which_handlers(M))),
    gen_event:stop(M).

events_test() ->
    M = with([]),
    ?eq(ok, gen_event:notify(M, one)),
    ?eq(ok, gen_event:sync_notify(M, two)),
    M ! three,
    ?eq([{info, three}, {event, two}, {event, one}], seen(M)),
    ?raises(error, badarg, gen_event:notify(get_nobody, x)),
    ?eq(ok, gen_event:notify({global, get_nobody}, x)),
    ?raises(exit, _, gen_event:sync_notify(get_nobody, x)),
    gen_event:sync_notify(M, {run, fun(S) -> {ok, S, hibernate} end}),
    ?eq(3, length(seen(M))),
    gen_event:sync_notify(M, {run, fun(_) -> remove_handler end}),
    ?eq([], gen_event:which_handlers(M)),
    gen_event:stop(M).

failures_remove_handlers_test() ->
    Bad = fun(F) ->
                  M = with({tell, self()}),
                  gen_event:sync_notify(M, {run, F}),
                  R = {told(), gen_event:which_handlers(M)},
                  gen_event:stop(M),
                  R
          end,
    ?like({{error, {'EXIT', {oops, [_ | _]}}}, []}, Bad(fun(_) -> error(oops) end)),
    ?eq({{error, {'EXIT', gone}}, []}, Bad(fun(_) -> exit(gone) end)),
    ?eq({{error, what}, []}, Bad(fun(_) -> what end)),
    ?eq({remove_handler, []}, Bad(fun(_) -> remove_handler end)).

calls_test() ->
    M = with([]),
    Call = fun(F) -> gen_event:call(M, ?MODULE, {run, F}) end,
    ?eq(reply, Call(fun(S) -> {ok, reply, S} end)),
    ?eq(reply, Call(fun(S) -> {ok, reply, S, hibernate} end)),
    ?eq([], gen_event:call(M, ?MODULE, get, 1000)),
    ?raises(exit, {timeout, {gen_event, call, [M, ?MODULE, _, 10]}},
            gen_event:call(M, ?MODULE, {run, fun(S) -> timer:sleep(50), {ok, late, S} end}, 10)),
    timer:sleep(80),
    ?eq([], otp_check:flush()),
    ?eq(bye, Call(fun(_) -> {remove_handler, bye} end)),
    ?eq({error, bad_module}, gen_event:call(M, ?MODULE, get)),
    ?eq(ok, gen_event:add_handler(M, ?MODULE, [])),
    ?eq({error, what}, Call(fun(_) -> what end)),
    gen_event:add_handler(M, ?MODULE, []),
    ?like({error, {'EXIT', {oops, _}}}, Call(fun(_) -> error(oops) end)),
    gen_event:add_handler(M, ?MODULE, []),
    ?eq(swapped, Call(fun(S) -> {swap_handler, swapped, args, S, {?MODULE, new}, {swap, x}} end)),
    ?eq({swapped, x, {ended, args}}, gen_event:call(M, {?MODULE, new}, get)),
    gen_event:stop(M).

swap_test() ->
    M = with([]),
    ?eq(ok, gen_event:swap_handler(M, {?MODULE, a1}, {{?MODULE, new}, {swap, a2}})),
    ?eq([{?MODULE, new}], gen_event:which_handlers(M)),
    ?eq({swapped, a2, {ended, a1}}, gen_event:call(M, {?MODULE, new}, get)),
    ?eq(ok, gen_event:swap_handler(M, {{?MODULE, absent}, a1}, {?MODULE, {swap, a3}})),
    ?eq({swapped, a3, error}, gen_event:call(M, ?MODULE, get)),
    gen_event:notify(M, {run, fun({swapped, a3, _} = S) -> {swap_handler, t, S, {?MODULE, third}, {swap, q}};
                                 (S) -> {ok, S} end}),
    ?eq({swapped, q, {ended, t}}, gen_event:call(M, {?MODULE, third}, get)),
    gen_event:stop(M).

supervised_test() ->
    M = manager(),
    ?eq(ok, gen_event:add_sup_handler(M, ?MODULE, [])),
    gen_event:delete_handler(M, ?MODULE, x),
    ?eq({gen_event_EXIT, ?MODULE, normal}, receive A -> A after 5000 -> none end),
    ok = gen_event:add_sup_handler(M, {?MODULE, id}, []),
    gen_event:notify(M, {run, fun(_) -> exit(gone) end}),
    ?eq({gen_event_EXIT, {?MODULE, id}, {'EXIT', gone}}, receive B -> B after 5000 -> none end),
    ok = gen_event:add_sup_handler(M, ?MODULE, []),
    gen_event:notify(M, {run, fun(_) -> remove_handler end}),
    ?eq({gen_event_EXIT, ?MODULE, normal}, receive C -> C after 5000 -> none end),
    ok = gen_event:add_sup_handler(M, ?MODULE, []),
    gen_event:notify(M, {run, fun(_) -> what end}),
    ?eq({gen_event_EXIT, ?MODULE, what}, receive D -> D after 5000 -> none end),
    ok = gen_event:add_sup_handler(M, ?MODULE, []),
    ok = gen_event:swap_sup_handler(M, {?MODULE, a}, {{?MODULE, n}, {swap, b}}),
    ?eq({gen_event_EXIT, ?MODULE, {swapped, {?MODULE, n}, self()}}, receive E -> E after 5000 -> none end),
    %% The end of who added it ends the handler.
    Self = self(),
    P = spawn(fun() -> ok = gen_event:add_sup_handler(M, {?MODULE, of_p}, {tell, Self}), receive die -> exit(bang) end end),
    otp_check:wait_for(fun() -> lists:member({?MODULE, of_p}, gen_event:which_handlers(M)) end),
    P ! die,
    ?eq({stop, bang}, told()),
    gen_event:stop(M),
    otp_check:flush().

stop_test() ->
    M = with({tell, self()}),
    ?eq(ok, gen_event:stop(M)),
    ?eq(stop, told()).

requests_test() ->
    M = with([]),
    R1 = gen_event:send_request(M, ?MODULE, get),
    ?eq({reply, []}, gen_event:receive_response(R1, 1000)),
    R2 = gen_event:send_request(M, {?MODULE, none}, get),
    ?eq({error, bad_module}, gen_event:wait_response(R2, 1000)),
    C = gen_event:send_request(M, ?MODULE, get, l, gen_event:reqids_new()),
    ?like({{reply, []}, l, _}, gen_event:receive_response(C, 1000, true)),
    gen_event:stop(M),
    R3 = gen_event:send_request(M, ?MODULE, get),
    ?eq({error, {noproc, M}}, gen_event:receive_response(R3, 1000)).

sys_test() ->
    M = with([]),
    ?eq([{?MODULE, false, []}], sys:get_state(M)),
    ?eq([{?MODULE, false, new}], sys:replace_state(M, fun({Mod, Id, []}) -> {Mod, Id, new} end)),
    ?eq(new, seen(M)),
    sys:suspend(M),
    ?eq(ok, sys:change_code(M, ?MODULE, old, extra)),
    sys:resume(M),
    ?eq({old, new, extra}, seen(M)),
    ?like({status, M, {module, gen_event}, [_, running, _, [], [{header, "Status for event handler " ++ _} | _]]},
          sys:get_status(M)),
    gen_event:stop(M).

many_handlers_test() ->
    M = manager(),
    [ok = gen_event:add_handler(M, {?MODULE, N}, []) || N <- lists:seq(1, 100)],
    ?eq(100, length(gen_event:which_handlers(M))),
    gen_event:sync_notify(M, e),
    [?eq([{event, e}], gen_event:call(M, {?MODULE, N}, get)) || N <- lists:seq(1, 100)],
    gen_event:stop(M).
