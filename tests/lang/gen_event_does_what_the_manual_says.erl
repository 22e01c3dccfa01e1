%% gen_event: handlers with ids, supervised ones, swaps, failures.
-module(gen_event_does_what_the_manual_says).
-compile(export_all).
-compile(nowarn_export_all).
-behaviour(gen_event).
init({error,X}) -> {error,X};
init(crash) -> error(crash);
init({A,{left,R}}) -> io:format("init swap ~p~n",[{A,R}]), {ok,{swapped,A,R}};
init({A,error}) -> io:format("init swap error ~p~n",[A]), {ok,{swapped,A}};
init({hib,S}) -> {ok,S,hibernate};
init(X) -> {ok,X}.
handle_event(remove,_) -> remove_handler;
handle_event({swap,To},S) -> {swap_handler,args1,S,To,args2};
handle_event(bad,_) -> bad_value;
handle_event(crash,_) -> error(crash);
handle_event(E,S) -> io:format("event ~p ~p~n",[E,S]), {ok,[E|case S of _ when is_list(S) -> S; _ -> [S] end]}.
handle_call({remove,R},_) -> {remove_handler,R};
handle_call({swap,To},S) -> {swap_handler,swapping,args1,S,To,args2};
handle_call(bad,_) -> bad_value;
handle_call(crash,_) -> error(crash);
handle_call(get,S) -> {ok,S,S}.
handle_info(I,S) -> io:format("info ~p~n",[anon(I)]), {ok,S}.
terminate(swapme,S) -> {left,S};
terminate(args1,S) -> io:format("term args1 ~p~n",[S]), {left,S};
terminate(R,S) -> io:format("terminate ~p ~p~n",[anon(R),S]), {term,R,S}.
f() -> receive M -> io:format("msg ~p~n",[anon(M)]), f() after 0 -> ok end.
p(X) -> settled:wait(), io:format("~p~n",[anon(X)]), f().
anon(X) when is_pid(X) -> pid; anon(X) when is_reference(X) -> ref;
anon({_,_,_,[{file,_}|_]}) -> frame; anon({_,_,_,[]}) -> frame; anon({_,_,_,[{error_info,_}|_]}) -> frame;
anon([alias | _]) -> alias;
anon(X) when is_list(X) -> case lists:all(fun(Y) -> anon(Y) =:= frame end,X) andalso X =/= [] of true -> frames; false -> [anon(Y)||Y<-X] end;
anon(X) when is_tuple(X) -> list_to_tuple([anon(Y)||Y<-tuple_to_list(X)]); anon(X) -> X.
main(_) ->
  logger:set_primary_config(level,none),
  process_flag(trap_exit,true),
  {ok,E} = gen_event:start_link({local,em}), 
  p(gen_event:add_handler(em,gen_event_does_what_the_manual_says,[])), p(gen_event:add_handler(em,gen_event_does_what_the_manual_says,[])), p(gen_event:add_handler(E,{gen_event_does_what_the_manual_says,1},st)),
  p(gen_event:which_handlers(em)), p(gen_event:notify(em,a)), p(gen_event:sync_notify(em,b)), p(gen_event:call(em,gen_event_does_what_the_manual_says,get)), p(gen_event:call(em,{gen_event_does_what_the_manual_says,1},get)),
  p(gen_event:call(em,{gen_event_does_what_the_manual_says,2},get)), p(gen_event:call(em,{gen_event_does_what_the_manual_says,1},{remove,bye})), p(gen_event:which_handlers(em)),
  p(gen_event:add_sup_handler(em,{gen_event_does_what_the_manual_says,2},x)), p(gen_event:delete_handler(em,{gen_event_does_what_the_manual_says,2},why)), p(gen_event:delete_handler(em,{gen_event_does_what_the_manual_says,2},why)),
  p(gen_event:add_sup_handler(em,{gen_event_does_what_the_manual_says,3},x)), p(gen_event:call(em,{gen_event_does_what_the_manual_says,3},crash)), p(gen_event:which_handlers(em)),
  p(gen_event:add_sup_handler(em,{gen_event_does_what_the_manual_says,3},x)), p(gen_event:call(em,{gen_event_does_what_the_manual_says,3},bad)), 
  p(gen_event:add_sup_handler(em,{gen_event_does_what_the_manual_says,3},x)), p(gen_event:delete_handler(em,gen_event_does_what_the_manual_says,bye)), p(gen_event:notify(em,bad)), 
  p(gen_event:add_sup_handler(em,{gen_event_does_what_the_manual_says,3},x)), p(gen_event:notify(em,crash)), 
  p(gen_event:add_sup_handler(em,{gen_event_does_what_the_manual_says,3},x)), p(gen_event:notify(em,remove)), 
  p(gen_event:add_sup_handler(em,{gen_event_does_what_the_manual_says,4},x)), p(gen_event:swap_handler(em,{{gen_event_does_what_the_manual_says,4},swapme},{{gen_event_does_what_the_manual_says,5},newargs})), p(gen_event:which_handlers(em)), p(gen_event:call(em,{gen_event_does_what_the_manual_says,5},get)),
  p(gen_event:swap_handler(em,{{gen_event_does_what_the_manual_says,nope},swapme},{{gen_event_does_what_the_manual_says,6},newargs})), p(gen_event:swap_sup_handler(em,{{gen_event_does_what_the_manual_says,6},swapme},{{gen_event_does_what_the_manual_says,7},newargs})),
  p(gen_event:call(em,{gen_event_does_what_the_manual_says,7},{swap,{gen_event_does_what_the_manual_says,8}})), p(gen_event:which_handlers(em)),
  p(gen_event:notify(em,{swap,{gen_event_does_what_the_manual_says,9}})), p(gen_event:which_handlers(em)),
  p(gen_event:add_handler(em,gen_event_does_what_the_manual_says,{error,x})), p(gen_event:add_handler(em,gen_event_does_what_the_manual_says,crash)), p(gen_event:add_handler(em,nomod,crash)), em ! hello, p(x),
  p(catch gen_event:call(nomgr,gen_event_does_what_the_manual_says,get)), p(catch gen_event:notify(nomgr,gen_event_does_what_the_manual_says)), p(catch gen_event:which_handlers(nomgr)),
  Me = self(), P = spawn(fun() -> gen_event:add_sup_handler(em,{gen_event_does_what_the_manual_says,sup},s), Me ! added, receive stop -> exit(gone) end end), receive added -> ok end, p(gen_event:which_handlers(em)), P ! stop, settled:wait(), p(gen_event:which_handlers(em)),
  p(sys:get_state(em)), p(sys:replace_state(em,fun({M,I,_}) -> {M,I,new} end)), p(gen_event:start({local,em})),
  R = gen_event:send_request(em,{gen_event_does_what_the_manual_says,9},get), p(gen_event:receive_response(R,5000)), p(element(1,sys:get_status(em))),
  p(gen_event:add_handler(em,{gen_event_does_what_the_manual_says,hib},{hib,z})), p(gen_event:call(em,{gen_event_does_what_the_manual_says,hib},get)),
  p(gen_event:stop(em)), p(whereis(em)), p(catch gen_event:stop(em)).
