# A process that grows over --max-heap is killed; the program goes on and can tell.
# status: 0
# stdout: killed
# stdout: still here
# stderr:      Context:            maximum heap size reached
# stderr:      Kill:               true
cat >main.erl <<'END'
-module(main).
-export([main/0]).
main() ->
    {Pid, Ref} = spawn_monitor(fun() -> grow([]) end),
    receive {'DOWN', Ref, process, Pid, Reason} -> io:format("~p~n", [Reason]) end,
    io:format("still here~n").
grow(L) -> grow([lists:seq(1, 1000) | L]).
END
exec "$MUSTER" run --max-heap 100M main.erl
