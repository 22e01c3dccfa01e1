-module(myapp).
-behaviour(application).
-export([start/2,stop/1,prep_stop/1,init/1,run/0]).
start(T,A) -> io:format("start ~p ~p ~p~n",[T,A,application:get_application()]),
  case application:get_env(myapp,how) of {ok,fail} -> {error,failed}; {ok,crash} -> error(crashed); _ ->
  supervisor:start_link({local,mysup},?MODULE,[]) end.
stop(S) -> io:format("stop ~p~n",[S]).
prep_stop(S) -> io:format("prep_stop ~p~n",[S]), S.
init(_) -> {ok,{#{},[#{id=>w,start=>{apw,start,[]}}]}}.
run() -> ok.
