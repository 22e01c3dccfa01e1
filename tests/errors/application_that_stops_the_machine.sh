# One of an application's own processes, all of which are killed at its end, may ask for the end of the machine.
# status: 0
# stdout: stopped
mkdir -p app
cat >app/quits.app <<'END2'
{application, quits, [{vsn, "1"}, {modules, []}, {applications, [kernel, stdlib]}, {mod, {quits, []}}]}.
END2
cat >app/quits.erl <<'END2'
-module(quits).
-behaviour(application).
-behaviour(supervisor).
-export([start/2, stop/1, init/1, quit/0]).
start(_, _) -> supervisor:start_link(?MODULE, []).
stop(_) -> io:format("stopped~n").
init([]) -> {ok, {#{}, [#{id => quit, start => {?MODULE, quit, []}, restart => temporary}]}}.
quit() ->
    {ok, spawn_link(fun() -> spawn(fun() -> timer:sleep(10), init:stop() end), receive x -> ok end end)}.
END2
exec timeout 60 "$MUSTER" run --app quits -pa app
