%% gen_statem: actions, time-outs, postponing, enter calls, both callback modes, odd ends.
-module(gen_statem_does_what_the_manual_says).
-compile(export_all).
-compile(nowarn_export_all).
callback_mode() -> case get(mode) of undefined -> [handle_event_function,state_enter]; M -> M end.
init({mode,M,R}) -> put(mode,M), R;
init(R) -> R.
terminate(R,S,D) -> io:format("terminate ~p ~p ~p~n",[anon(R),S,D]).
handle_event(enter,Old,S,D) -> io:format("enter ~p from ~p ~p~n",[S,Old,D]),
   case D of {enter,R} -> R; _ -> keep_state_and_data end;
handle_event({call,_From},{do,R},_,_) -> R;
handle_event({call,From},{reply,X,Rest},S,D) -> 
   io:format("call ~p in ~p ~p~n",[X,S,D]), {keep_state,D,[{reply,From,X}|Rest]};
handle_event({call,From},{next,NS,Acts},S,D) -> io:format("next ~p -> ~p~n",[S,NS]), {next_state,NS,D,[{reply,From,ok}|Acts]};
handle_event({call,From},{result,R},_S,_D) -> gen_statem:reply(From,ok), R;
handle_event({call,From},get,S,D) -> {keep_state_and_data,[{reply,From,{S,D}}]};
handle_event(cast,{post,X},a,_) -> io:format("postpone ~p~n",[X]), {keep_state_and_data,postpone};
handle_event(T,C,S,D) -> io:format("event ~p ~p in ~p ~p~n",[case T of {call,_} -> call; _ -> T end,C,S,D]), keep_state_and_data.
% state functions
a(T,C,D) -> io:format("a: ~p ~p ~p~n",[case T of {call,_} -> call; _ -> T end,C,D]), case C of {r,R} -> R; _ -> keep_state_and_data end.
b(T,C,D) -> io:format("b: ~p ~p ~p~n",[T,C,D]), {next_state,a,D+1}.
p(X) -> settled:wait(30), io:format("~p~n",[anon(X)]), f().
anon(X) when is_pid(X) -> pid; anon(X) when is_reference(X) -> ref;
anon({_,_,_,[{file,_}|_]}) -> frame; anon({_,_,_,[]}) -> frame;
anon([alias | _]) -> alias;
anon(X) when is_list(X) -> case lists:all(fun(Y) -> anon(Y) =:= frame end,X) andalso X =/= [] of true -> frames; false -> [anon(Y)||Y<-X] end;
anon(X) when is_tuple(X) -> list_to_tuple([anon(Y)||Y<-tuple_to_list(X)]); anon(X) -> X.
f() -> receive M -> io:format("msg ~p~n",[anon(M)]), f() after 0 -> ok end.
c(P,X) -> p(catch gen_statem:call(P,X,5000)).
main(_) ->
  logger:set_primary_config(level,none),
  {module,_} = code:ensure_loaded(gen_statem_pushed), % compiling it takes its time, during which all are at rest
  process_flag(trap_exit,true),
  {ok,P} = gen_statem:start_link(?MODULE,{ok,a,0,[{state_timeout,5,st},{next_event,internal,i1}]},[]), p(P),
  c(P,get), c(P,{reply,x,[{next_event,internal,1},{next_event,cast,2},{state_timeout,0,zero},{{timeout,n},0,nz},{timeout,0,ev}]}),
  c(P,{reply,x,[{timeout,0,ev}]}), c(P,{reply,x,[0]}), c(P,{reply,x,[5]}), c(P,{reply,x,[{timeout,5,ev},{timeout,cancel}]}),
  c(P,{reply,x,[{{timeout,k},600,one},{{timeout,k},update,two}]}), timer:sleep(600), p(wait), p(done),
  c(P,{reply,x,[{{timeout,k},update,two}]}), c(P,{reply,x,[{state_timeout,update,two}]}),
  gen_statem:cast(P,{post,1}), gen_statem:cast(P,{post,2}), gen_statem:cast(P,other), p(x),
  c(P,{next,b,[{next_event,internal,first}]}), c(P,{next,b,[]}), gen_statem:cast(P,{post,3}), c(P,{next,a,[{state_timeout,20,aa}]}), c(P,{next,c,[]}),
  c(P,{result,{repeat_state,9}}), c(P,{result,repeat_state_and_data}), c(P,{result,{keep_state,10}}), c(P,{result,{keep_state,10,hibernate}}), c(P,get),
  c(P,{result,{next_state,c,11}}), c(P,{result,{repeat_state,12,[{next_event,internal,rep}]}}), P ! info, p(x),
  p(sys:get_state(P)), p(sys:replace_state(P,fun({S,D}) -> {S,{r,D}} end)), sys:suspend(P), gen_statem:cast(P,x), p(susp), sys:resume(P), p(res),
  p(catch gen_statem:call(P,{do,keep_state_and_data},10)), 
  R = gen_statem:send_request(P,get), p(gen_statem:receive_response(R,5000)),
  c(P,{result,{stop,normal}}), 
  [begin {ok,Q} = gen_statem:start(?MODULE,{ok,a,0},[]), c(Q,{result,X}), p(is_process_alive(Q)) end || X <- [stop,{stop,because},{stop,shutdown,newdata},{stop_and_reply,normal,[]},{stop_and_reply,bad,[],nd},bad_return,{keep_state,1,[bad_action]},{keep_state,1,{next_event,foo,1}},{next_state,z,{enter,{keep_state,5,postpone}}},{next_state,z,{enter,{next_state,y,6}}},{next_state,z,{enter,{keep_state,5,{state_timeout,2,x}}}},{next_state,z,{enter,{stop,enterstop}}},{keep_state,1,pop_callback_module},{keep_state,1,{timeout,-1,x}}]],
  p(gen_statem:start(?MODULE,ignore,[])), p(gen_statem:start(?MODULE,{stop,x},[])), p(gen_statem:start(?MODULE,bad,[])), p(gen_statem:start_link({local,sm},?MODULE,{ok,a,0},[])), p(gen_statem:start({local,sm},?MODULE,{ok,a,0},[])), 
  p(gen_statem:stop(sm)), p(catch gen_statem:call(sm,x)), p(catch gen_statem:stop(sm)), p(catch gen_statem:cast(sm,x)),
  {ok,F} = gen_statem:start(?MODULE,{mode,state_functions,{ok,a,1}},[]), gen_statem:cast(F,x), gen_statem:cast(F,{r,{next_state,b,7}}), gen_statem:cast(F,y), p(x), p(sys:get_state(F)), gen_statem:cast(F,{r,{keep_state,2,[{push_callback_module,gen_statem_pushed}]}}), gen_statem:cast(F,hello), gen_statem:cast(F,pop), gen_statem:cast(F,after_pop),p(x),
  F ! {timeout,noref,x}, p(x), gen_statem:stop(F,{shutdown,x},1000), p(x),
  p(gen_statem:start(?MODULE,{mode,foo,{ok,a,1}},[])),
  {ok,G} = gen_statem:start(?MODULE,{mode,[state_functions,state_enter],{ok,a,1,[{timeout,3,t}]}},[]), p(x), gen_statem:cast(G,{r,{next_state,b,7,[{{timeout,u},infinity,x},{timeout,0,tt},{next_event,internal,a}]}}), p(x), exit(G,kill), p(x),
  {ok,H} = gen_statem:start(?MODULE,{ok,a,0},[]), gen_statem:cast(H,{post,1}), gen_statem:cast(H,{post,2}), p(x), c(H,{reply,x,[{{timeout,zz},10000,c}]}), c(H,{result,{next_state,b,1,[{next_event,internal,q},bad]}}),
  ok.
