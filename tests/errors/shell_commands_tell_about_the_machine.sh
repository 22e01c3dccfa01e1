# status: 0
# stdout: Current Function
# stdout: demo:wait/0
# stdout: ** Registered procs on node nonode@nohost **
# stdout: demo_process
# stdout: Program counter
# stdout: [{current_function,{demo,wait,0}}]
# stdout: Adds one.
# stdout: {error,function_missing}
cat >demo.erl <<'END'
-module(demo).
-moduledoc "Words.".
-export([main/0, f/1]).
-doc "Adds one.".
f(X) -> X + 1.
wait() -> receive stop -> ok end.
-doc hidden.
main() ->
    {ok, demo} = c:c(demo, [{outdir, "."}]),
    P = spawn(fun() -> register(demo_process, self()), wait(), ok end),
    timer:sleep(50),
    ok = c:i(),
    ok = c:regs(),
    ok = c:bt(P),
    [X, Y, Z] = [list_to_integer(N) || N <- string:lexemes(pid_to_list(P), "<.>")],
    io:format("~p~n", [[I || {current_function, _} = I <- c:i(X, Y, Z)]]),
    ok = c:h(demo, f, 1),
    io:format("~p~n", [c:h(demo, g)]),
    ok = c:help().
END
exec "$MUSTER" run demo.erl
