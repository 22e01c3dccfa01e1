%% Machines of the old kind: events of all sorts, time-outs, timers, names, status, and how they end.
-module(gen_fsm_does_what_the_manual_says).
-compile([nowarn_deprecated_function, nowarn_export_all]). -behaviour(gen_fsm). -compile(export_all). 
init(X) -> X.
a(E,D) -> io:format("a ~p ~p~n",[an(E),D]), r(E,D).
a(E,_F,D) -> io:format("a sync ~p ~p~n",[an(E),D]), r(E,D).
b(E,D) -> io:format("b ~p ~p~n",[an(E),D]), r(E,D).
handle_event(E,S,D) -> io:format("all ~p ~p ~p~n",[an(E),S,D]), r(E,D).
handle_sync_event(E,_F,S,D) -> io:format("sync all ~p ~p ~p~n",[an(E),S,D]), r(E,D).
handle_info(E,S,D) -> io:format("info ~p ~p ~p~n",[E,S,D]), case E of {r,_} -> r(E,D); _ -> {next_state,S,D} end.
terminate(R,S,D) -> io:format("term ~p ~p ~p~n",[case R of {X,[_|_]} -> X; _ -> R end,S,D]).
code_change(_,S,D,_) -> {ok,S,D}.
r({r,R},_) -> R; r({err,E},_) -> error(E); r(_,D) -> {next_state,a,D}.
an({timeout,R,X}) when is_reference(R) -> {timeout,ref,X}; an(X) -> X.
p(X) -> settled:wait(30), io:format("~p~n",[an2(X)]).
an2(P) when is_pid(P) -> pid; an2({{R,[{_,_,_,_}|_]},C}) -> {an2(R),an2(C)}; an2({'EXIT',{R,[_|_]}}) -> {'EXIT',an2(R)}; an2({'EXIT',P,{R,[_|_]}}) when is_pid(P) -> {'EXIT',pid,an2(R)}; an2({error,{R,[_|_]}}) -> {error,R}; an2(T) when is_tuple(T) -> list_to_tuple([an2(X) || X <- tuple_to_list(T)]); an2(L) when is_list(L) -> [an2(X) || X <- L]; an2(X) -> X.
st(I) -> case gen_fsm:start_link(?MODULE,I,[]) of {ok,P} -> P; X -> X end.
%% OTP 25 leaves a message of what did not start, later ones (and Muster) do not.
failed(R) -> receive {'EXIT', _, _} -> R after 50 -> R end.
fl() -> receive X -> p({got,X}), fl() after 50 -> ok end.
main() -> logger:set_primary_config(level,none), process_flag(trap_exit,true),
 P = st({ok,a,1}), p(P), p(gen_fsm:send_event(P,x)), p(gen_fsm:sync_send_event(P,{r,{reply,hey,b,2}})), p(gen_fsm:send_event(P,{r,{next_state,a,3,10}})), p(z),
 p(gen_fsm:send_all_state_event(P,{r,{next_state,b,4,hibernate}})), p(gen_fsm:sync_send_all_state_event(P,{r,{reply,r,a,5}},1000)), P ! hello, p(i),
 p(gen_fsm:send_event(P,{r,{next_state,b,6}})), p(catch sys:get_state(P)), p(catch sys:replace_state(P,fun({_,D}) -> {a,{D}} end)), p(sys:get_state(P)),
 P2 = st({ok,a,x,5}), p(P2), p(gen_fsm:stop(P2)), p(catch gen_fsm:send_event(P2,x)), p(catch gen_fsm:sync_send_event(P2,x)),
 fl(), p(failed(st({stop,why}))), p(failed(st(ignore))), p(failed(st(bad))), fl(), P3 = st({ok,a,1}),
 p(catch gen_fsm:sync_send_event(P3,{r,{stop,normal,bye,9}})), P4 = st({ok,a,1}), p(catch gen_fsm:sync_send_event(P4,{r,{stop,shutdown,9}})),
 P5 = st({ok,a,1}), p(catch gen_fsm:sync_send_event(P5,{r,{next_state,a,7}},20)), fl(),
 T = st({ok,a,0}), T ! {r,{next_state,a,0}}, 
 F = fun() -> R1 = gen_fsm:start_timer(1,tmo), p(1), R2 = gen_fsm:start_timer(100000,tmo), R3 = gen_fsm:send_event_after(1,ev), timer:sleep(5), p([case gen_fsm:cancel_timer(R) of N when is_integer(N), N > 1000 -> big; X -> X end || R <- [R1,R2,R3,R3]]) end, F(), fl(),
 {ok,N} = gen_fsm:start({local,myfsm},?MODULE,{ok,a,0},[]), p(gen_fsm:start({local,myfsm},?MODULE,{ok,a,0},[])), p(gen_fsm:send_event(myfsm,loc)), p(N),
 p(gen_fsm:send_event({global,nope},x)), p(catch gen_fsm:sync_send_event(nope,x)), p(catch gen_fsm:sync_send_event({global,nope},x)), p(gen_fsm:reply({self(),tag},ans)), fl(),
 {_,_,_,[_,_,_,_,Misc]} = sys:get_status(P), p([case X of {header,H} -> {header,re:replace(H,"<.*>","pid",[{return,list}])}; {data,[{"Status",A},_,L]} -> {A,L}; Y -> Y end || X <- Misc]),
 sys:trace(N,true), p(gen_fsm:send_event(N,x)), N ! info, p(1), p(gen_fsm:send_event(N,{r,{next_state,a,1,1}})), p(gen_fsm:send_all_state_event(N,x)), sys:trace(N,false),
 P ! {r,{stop,normal,over}}, fl(), [begin Q = st({ok,a,1}), p(catch gen_fsm:sync_send_event(Q,X)), fl() end || X <- [{err,oops},{r,foo},{r,{stop,reason,data}},{r,{reply,x,y}},{r,{stop,rr,rep,d}}]],
 Q9 = st({ok,nostate,1}), gen_fsm:send_event(Q9,x), fl(), ok.
