# Native code is counted, shown and left out as asked; wrong values are told.
# status: 0
# stdout: fib(20) = 6765
# stdout: quick:
# stdout: call fib/1 in s
# stdout: ret
# stdout: line 5: fib/1 is inlined
# stdout: 1.0e6
# stdout: 1. quick code
# stdout: line 4: add/2 is inlined
# stdout: line 5, add: its left operand is small; wrong
# stdout: seen where it begins, line 3: s1 cons s2 small
# stdout: none was compiled
# stdout: some were compiled
# stderr: --jit-threshold 0: a number from 1 to
# stderr: --jit-cache 5: a size of at least 64K is needed
# stderr: there is no function nothing
cat >fib.erl <<'END'
-module(fib).
-export([main/0]).
main() -> io:format("fib(20) = ~w~n", [fib(20)]).
fib(N) when N < 2 -> N;
fib(N) -> fib(N - 1) + fib(N - 2).
END
"$MUSTER" run --jit-threshold 1 --jit-stats fib.erl 2>stats || exit 1
"$MUSTER" jit fib.erl fib/1 || exit 1
cat >sums.erl <<'END'
-module(sums).
-export([main/0, sum/2]). main() -> sum(lists:duplicate(300000, 1), 0), sum(lists:duplicate(1000000, 1.0), 0).
sum([], A) -> A;
sum([H | T], A) -> sum(T, add(H, A)).
add(X, Y) -> X + Y.
END
"$MUSTER" jit --jit-threshold 1 --run "sums:main()" sums.erl sum/2 || exit 1
"$MUSTER" jit --jit-threshold 1 --run "sums:main()" sums.erl add/2 || exit 1
"$MUSTER" jit --ir fib.erl | grep -q 'return point' || exit 1
"$MUSTER" run --no-jit --jit-stats fib.erl 2>none || exit 1
grep -q -e 'jit: none' none && echo 'none was compiled'
grep -q -e 'jit: [1-9]' -e 'jit: none' stats && echo 'some were compiled'
"$MUSTER" run --jit-cache 64K --jit-threshold 1 fib.erl || exit 1
"$MUSTER" run --jit-threshold 0 fib.erl && exit 1
"$MUSTER" run --jit-cache 5 fib.erl && exit 1
"$MUSTER" jit fib.erl nothing && exit 1
exit 0
