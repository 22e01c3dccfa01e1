# Reductions count alike wherever code runs: with one scheduler a program's processes take turns in the
# same order whether it is interpreted, native from the first call on, or compiled while it runs, by
# whichever tier.
# status: 0
# stdout: the same in 6 ways
cat >turns.erl <<'END'
-module(turns).
-export([main/0]).

main() ->
    Self = self(),
    Pids = [spawn(fun() -> work(I, Self) end) || I <- lists:seq(1, 12)],
    Log = collect(length(Pids), []),
    io:format("~w ~w~n", [length(Log), erlang:phash2(Log)]),
    io:format("~w~n", [lists:sublist(Log, 60)]),
    {reductions, R} = process_info(self(), reductions),
    io:format("~w~n", [R]).

collect(0, Log) -> lists:reverse(Log);
collect(N, Log) ->
    receive
        {done, I, Sum} -> collect(N - 1, [{I, Sum} | Log]);
        X -> collect(N, [X | Log])
    end.

work(I, To) ->
    Sum = steps(40, I, To, 0),
    To ! {done, I, Sum}.

steps(0, _, _, Sum) -> Sum;
steps(N, I, To, Sum) ->
    To ! {I, N},
    Part = case (I + N) rem 10 of
        0 -> fib(15 + I rem 4);
        1 -> length([X || X <- lists:seq(1, 500 * I), X rem 3 =:= 0]);
        2 -> lists:foldl(fun(X, A) -> (A * 31 + X) band 16#FFFFFFF end, I, lists:seq(1, 900));
        3 -> byte_size(<< <<(X + N):16>> || X <- lists:seq(1, 300) >>);
        4 -> maps:size(lists:foldl(fun(X, M) -> M#{X rem 40 => X} end, #{}, lists:seq(1, 400)));
        5 -> try deep(200, N) catch throw:V -> V end;
        6 -> round(floats(2000, 1.0));
        7 -> rows(600, I, 0);
        8 -> leaves(tree(9, N));
        9 -> pairs(700, N, [])
    end,
    steps(N - 1, I, To, Sum + Part).

fib(N) when N < 2 -> N;
fib(N) -> fib(N - 1) + fib(N - 2).

deep(0, N) -> throw(N);
deep(D, N) -> 1 + deep(D - 1, N).

%% Small functions in a row, some on some ways alone, some that call others.
rows(0, _, Sum) -> Sum;
rows(N, K, Sum) -> rows(N - 1, K, (Sum + one(N, K) + other(N) + if N band 3 =:= 0 -> one(K, N); true -> 1 end) band 16#FFFFF).

one(A, B) when A > B -> other(A) - B;
one(A, B) -> A + B.

other(A) when A band 1 =:= 0 -> A;
other(A) -> third(A) + 1.

third(A) -> A * 2.

tree(0, K) -> K;
tree(D, K) -> {tree(D - 1, K + D), D, tree(D - 1, K - D)}.

leaves({A, D, B}) -> leaves(A) + leaves(B) + D;
leaves(K) -> K band 15.

pairs(0, _, L) -> length(L);
pairs(N, K, L) -> pairs(N - 1, K, [third(other(N)) + hd([K | L]) rem 7 | L]).

floats(0, X) -> X;
floats(N, X) -> floats(N - 1, X * 1.0001 + 0.5 / N).
END
"$MUSTER" run --no-smp --no-jit turns.erl >a || exit 1
"$MUSTER" run --no-smp --jit-threshold 1 turns.erl >b || exit 1
"$MUSTER" run --no-smp --jit-threshold 50 turns.erl >c || exit 1
"$MUSTER" run --no-smp turns.erl >d || exit 1
"$MUSTER" run --no-smp --jit=optimised --jit-threshold 1 turns.erl >e || exit 1
"$MUSTER" run --no-smp --jit=quick turns.erl >f || exit 1
for other in b c d e f; do
    cmp a $other || { diff a $other; exit 1; }
done
[ -s a ] && echo 'the same in 6 ways'
