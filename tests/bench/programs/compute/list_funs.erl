%% map, filter, foldl, zip and foreach with funs over lists, N times.
-module(list_funs).
-export([run/1, default/0]).

default() -> 9000.

run(N) ->
    L = lists:seq(1, 1000),
    loop(N, L, 0).

loop(0, _, Sum) -> Sum;
loop(N, L, Sum) ->
    Squares = lists:map(fun(X) -> X * X + N end, L),
    Odd = lists:filter(fun(X) -> X band 1 =:= 1 end, Squares),
    S1 = lists:foldl(fun(X, A) -> X + A end, 0, Odd),
    Pairs = lists:zipwith(fun(A, B) -> A - B end, Squares, L),
    S2 = lists:foldr(fun(X, A) -> X bxor A end, 0, Pairs),
    true = lists:all(fun(X) -> X > 0 end, Squares),
    loop(N - 1, L, (Sum + S1 + S2) band 16#FFFFFFFF).
