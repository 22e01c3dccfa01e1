# status: 0 77
# timeout: 120
# Of a machine that GDB started, a backtrace says which Erlang functions native code belongs to.
command -v gdb >/dev/null || { echo "there is no gdb"; exit 77; }
gdb -batch -ex run --args true >try 2>&1 && grep -q 'exited normally' try || { echo "gdb cannot start programs here"; exit 77; }
cat >deep.erl <<'END'
-module(deep).
-export([main/0]).
main() ->
    spawn(fun() -> timer:sleep(300), os:cmd("kill -USR1 " ++ os:getpid()) end),
    work(0).
work(S) -> work((S + down(50)) band 16#FFFFF).
down(0) -> 0;
down(N) -> 1 + down(N - 1).
END
export ASAN_OPTIONS="$ASAN_OPTIONS:detect_leaks=0" # that needs to trace, too
# It stops at the signal, anywhere: most likely in the loop, if not here then at the next try.
for try in 1 2 3 4 5; do
    gdb -batch -ex run -ex 'thread apply all backtrace' -ex kill --args "$MUSTER" run deep.erl >out 2>&1
    if grep -q 'in deep:down/1' out && grep -q 'in deep:work/1' out; then exit 0; fi
done
grep '^Thread\|^#' out | head -40 >&2
exit 1
