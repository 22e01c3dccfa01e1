# Nobody reads the output any more: the writer fails, and says so; it is not killed by a signal.
# status: 1
# stdout: line 1
# stderr: terminated
cat >endless.erl <<'END'
-module(endless).
-export([main/0]).
main() -> line(1).
line(N) -> io:format("line ~p~n", [N]), line(N + 1).
END
{ "$MUSTER" run endless.erl; echo $? >status; } | head -n 1
exit "$(cat status)"
