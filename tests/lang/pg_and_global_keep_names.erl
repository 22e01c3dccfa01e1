%% pg: groups, members that come and go, who is told. global: names and locks, on one node.
-module(pg_and_global_keep_names).
-export([main/1, init/1, handle_call/3, loop/0]).
init(X) -> {ok, X}.
handle_call(X, _, S) -> {reply, {X, S}, S}.
loop() -> receive stop -> ok end.
p(X) -> io:format("~p~n", [anon(X)]).
anon(X) when is_pid(X) -> pid;
anon(X) when is_reference(X) -> ref;
anon(X) when is_list(X) -> [anon(Y) || Y <- X];
anon(X) when is_map(X) -> maps:map(fun(_, V) -> anon(V) end, X);
anon(X) when is_tuple(X) -> list_to_tuple([anon(Y) || Y <- tuple_to_list(X)]);
anon(X) -> X.
f() -> settled:wait(), g().
g() -> receive M -> p({got, M}), g() after 0 -> ok end.
main(_) ->
    {ok, _} = pg:start_link(),
    P = spawn(fun loop/0), Q = spawn(fun loop/0),
    p(pg:get_members(g)), p(pg:which_groups()),
    p(pg:monitor_scope()), {Ref, []} = pg:monitor(g),
    p(pg:join(g, P)), p(pg:join(g, [P, Q])), p(pg:join(h, Q)),
    p(length(pg:get_members(g))), p(lists:sort(pg:which_groups())), f(),
    p(pg:leave(g, P)), p(pg:leave(g, P)), p(pg:leave(g, P)), p(pg:get_members(g) =:= [Q]), f(),
    p(pg:demonitor(Ref)), p(pg:demonitor(Ref)),
    Q ! stop, settled:wait(), p(pg:get_members(g)), p(pg:which_groups()), f(),
    p(catch pg:get_members(noscope, g)),
    {ok, S} = pg:start(scope), p(pg:join(scope, x, P)), p(pg:get_local_members(scope, x)), gen_server:stop(S),
    p(global:whereis_name(n)), p(global:register_name(n, P)), p(global:register_name(n, self())), p(global:whereis_name(n) =:= P),
    p(global:re_register_name(n, self())), p(global:send(n, hello) =:= self()), f(),
    p(catch global:send(m, x)), p(global:registered_names()), global:unregister_name(n), p(global:whereis_name(n)),
    p(global:register_name({any, term}, P)), P ! stop, settled:wait(), p(global:whereis_name({any, term})),
    p(gen_server:start_link({global, srv}, ?MODULE, state, [])), p(gen_server:call({global, srv}, x)), p(gen_server:start({global, srv}, ?MODULE, state, [])),
    p(gen_server:cast({global, nosuch}, x)), p(catch gen_server:call({global, nosuch}, x)), p(gen_server:stop({global, srv})), p(global:whereis_name(srv)),
    p(global:trans({res, self()}, fun() -> inside end)), p(global:set_lock({res, a})), p(global:set_lock({res, b}, [node()], 0)), p(global:set_lock({res, a}, [node()], 0)),
    p(global:del_lock({res, a})), p(global:del_lock({res, a})), p(global:set_lock({res, b}, [node()], 0)), p(global:trans({res, c}, fun() -> x end, [node()], 0)).
