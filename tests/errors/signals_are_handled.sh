# status: 0
# stdout: got sighup
# stdout: got sigusr2
# stdout: badarg
cat >s.erl <<'END'
-module(s).
-behaviour(gen_event).
-export([main/0, init/1, handle_event/2, handle_call/2]).
main() ->
    ok = os:set_signal(sighup, handle),
    ok = os:set_signal(sigusr2, handle),
    ok = gen_event:add_handler(erl_signal_server, ?MODULE, self()),
    Pid = os:getpid(),
    os:cmd("kill -HUP " ++ Pid),
    receive sighup -> io:format("got sighup~n") after 5000 -> ok end,
    os:cmd("kill -USR2 " ++ Pid),
    receive sigusr2 -> io:format("got sigusr2~n") after 5000 -> ok end,
    try os:set_signal(sigfoo, handle) catch error:R -> io:format("~p~n", [R]) end.
init(Pid) -> {ok, Pid}.
handle_event(Signal, Pid) -> Pid ! Signal, {ok, Pid}.
handle_call(_, Pid) -> {ok, ok, Pid}.
END
exec "$MUSTER" run s.erl
