# status: 1
# stderr: application_terminated,short
cat >short.app <<'END'
{application, short, [{vsn, "1"}, {applications, [kernel, stdlib]}, {mod, {short, []}}]}.
END
cat >short.erl <<'END'
-module(short).
-export([start/2, stop/1]).
start(_, _) -> {ok, spawn_link(fun() -> timer:sleep(50), exit(enough) end)}.
stop(_) -> ok.
END
exec "$MUSTER" run --app short -pa .
