# One allocation of 500 MB over --max-heap ends the process that asks, and the program with it.
# status: 1
cat >main.erl <<'END'
-module(main).
-export([main/0]).
main() -> length(lists:seq(1, 32000000)), io:format("not reached~n").
END
"$MUSTER" run --max-heap 100M main.erl >out
status=$?
[ -s out ] && exit 7
exit $status
