%% Catching from deep recursion, with after at every level, and in loops.
-module(exceptions_unwind_through_many_frames).
-export([main/0]).

main() ->
    io:format("~w~n", [catch deep(100000)]),
    io:format("~w~n", [loop(100000, 0)]),
    put(n, 0),
    _ = (catch afters(1000)),
    io:format("~w~n", [get(n)]),
    io:format("~w~n", [rethrow(50)]),
    io:format("~w~n", [try lists:map(fun(X) -> if X > 5 -> throw({found, X}); true -> X end end, lists:seq(1, 10)) catch T -> T end]),
    io:format("~w~n", [try lists:foldl(fun(X, A) -> A / X end, 10, [2, 0]) catch error:badarith -> badarith end]).

deep(0) -> throw(bottom);
deep(N) -> deep(N - 1) + 1.

loop(0, Sum) -> Sum;
loop(N, Sum) ->
    V = try throw(N) catch throw:X when X rem 2 =:= 0 -> 2; throw:_ -> 1 end,
    loop(N - 1, Sum + V).

afters(0) -> error(stop);
afters(N) -> try afters(N - 1) after put(n, get(n) + 1) end.

rethrow(0) -> try throw(0) catch throw:N -> N end;
rethrow(N) -> try rethrow(N - 1) of V -> throw({V, N}) catch throw:{V, _} -> V; throw:V -> V end.
