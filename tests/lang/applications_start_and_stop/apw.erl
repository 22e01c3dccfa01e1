-module(apw).
-export([start/0,loop/0,init/1]).
start() -> {ok,spawn_link(?MODULE,init,[x])}.
init(_) -> register(apw,self()), timer:sleep(10), io:format("worker in ~p env ~p~n",[application:get_application(),application:get_env(a)]), loop().
loop() -> receive {die,R} -> exit(R); _ -> ?MODULE:loop() end.
