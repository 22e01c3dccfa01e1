# The spawn that finds no room raises system_limit; those that live go on.
# status: 0
# stdout: {error,system_limit}
# stdout: still here
cat >main.erl <<'END'
-module(main).
-export([main/0]).
main() ->
    R = try spawn_all(0) catch C:E -> {C, E} end,
    io:format("~p~n", [R]),
    Pid = self(),
    [P ! {ping, Pid} || P <- processes(), P =/= Pid],
    receive pong -> ok end,
    io:format("still here~n").
spawn_all(N) ->
    spawn(fun() -> receive {ping, From} -> From ! pong end end),
    spawn_all(N + 1).
END
exec "$MUSTER" run --max-processes 2000 main.erl
