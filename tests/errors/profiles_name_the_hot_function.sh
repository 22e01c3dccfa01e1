# --profile prints the most expensive function first, and with a fixed schedule the same every time.
# status: 0
# stdout: hot first
# stdout: the same again
# stdout: stacks
# stdout: callers have the total
# stderr: nowhere/stacks: No such file or directory
cat >work.erl <<'END'
-module(work).
-export([main/0]).
main() ->
    Self = self(),
    spawn(fun() -> Self ! {sum, caller(8)} end),
    cold(20000, 0),
    receive {sum, _} -> ok end.
caller(0) -> 0;
caller(N) -> hot(200000, 0) + caller(N - 1).
hot(0, Sum) -> Sum;
hot(N, Sum) -> hot(N - 1, (Sum + N) band 65535).
cold(0, Sum) -> Sum;
cold(N, Sum) -> cold(N - 1, Sum + N).
END
"$MUSTER" run --profile work.erl 2>profile || exit 1
sed -n 3p profile | grep -q ' work:hot/2$' && echo 'hot first'
awk '$4 == "work:caller/1" && $2 > 50 && $1 < 20 { print "callers have the total" }' profile
"$MUSTER" run --no-smp --profile=stacks work.erl 2>one || exit 2
"$MUSTER" run --no-smp --profile=stacks2 work.erl 2>two || exit 2
cmp one two && cmp stacks stacks2 && echo 'the same again'
grep -q ';work:caller/1;.*work:hot/2 [0-9]*$' stacks && echo 'stacks'
"$MUSTER" run --profile=nowhere/stacks work.erl 2>failed && exit 3
grep -v -e '^profile' -e '^  ' failed >&2
exit 0
