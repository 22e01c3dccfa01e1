# status: 0 77
# timeout: 120
# With --jit-perf a profile by perf says which Erlang functions native code belongs to.
command -v perf >/dev/null || { echo "there is no perf"; exit 77; }
perf record -o try true >/dev/null 2>&1 || { echo "perf cannot record here"; exit 77; }
cat >deep.erl <<'END'
-module(deep).
-export([main/0]).
main() ->
    io:format("~s~n", [os:getpid()]),
    work(300000, 0).
work(0, S) -> S;
work(N, S) -> work(N - 1, (S + down(50)) band 16#FFFFF).
down(0) -> 0;
down(N) -> 1 + down(N - 1).
END
for try in 1 2 3; do
    perf record -o profile -F 997 "$MUSTER" run --jit-perf deep.erl >out 2>err
    pid=$(grep -x '[0-9]*' out)
    perf report -i profile --stdio >report 2>/dev/null
    rm -f "/tmp/perf-$pid.map"
    if grep -q 'deep:down/1' report; then exit 0; fi
done
cat err >&2
grep -v '^#' report | head -20 >&2
exit 1
