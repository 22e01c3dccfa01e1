# Without standard input there is its end; without standard output writing fails.
# status: 0
# stdout: eof
# stderr: terminated
cat >closed.erl <<'END'
-module(closed).
-export([main/1]).
main(["in"]) -> io:format("~p~n", [io:get_line("")]);
main(["out"]) -> io:format("first~n"), timer:sleep(50), io:format("second~n").
END
"$MUSTER" run closed.erl in <&- || exit 3
"$MUSTER" run closed.erl out >&- && exit 4
exit 0
