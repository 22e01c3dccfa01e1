%% Guard built-ins whose slow case calls C: when the heap is full there, it is collected and the call
%% made again, with the same operands, constants among them.
-module(guard_built_ins_that_collect_before_they_are_called).
-export([main/0]).

main() ->
    L = [{float(N), N bsl 70, {N, N * 0.5}} || N <- lists:seq(1, 3000)],
    io:format("~p~n", [lists:foldl(fun once/2, 0, L)]),
    io:format("~p~n", [[guarded(X) || X <- [0.5, 3, 7.5, 1 bsl 65, -(1 bsl 65), a, {1}]]]),
    io:format("~p~n", [lists:foldl(fun(N, S) -> S + sum(ok, erlang:make_tuple(50, N)) end, 0, lists:seq(1, 200))]).

once({F, Big, T}, Sum) ->
    A = max(F, 3),
    B = min(3.0, F),
    C = max(7, F),
    D = min(Big, 16#FFFFFFFFFFFFFFFFFFFF),
    E = abs(-Big),
    G = element(2, T),
    H = float(Big),
    (Sum + trunc(A) + trunc(B) + trunc(C) + D + E + trunc(G) + trunc(H)) rem 1000000007.

guarded(X) when abs(X) < 4 -> small;
guarded(X) when trunc(X) =:= 7, abs(X) > 6 -> large;
guarded(X) when element(1, X) =:= 1 -> tuple;
guarded(X) when abs(X) > 1 bsl 64 -> low;
guarded(_) -> other.

%% More values at hand than the compiler keeps account of.
sum(K, {A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15, A16, A17, A18, A19, A20, A21, A22, A23, A24, A25,
        B1, B2, B3, B4, B5, B6, B7, B8, B9, B10, B11, B12, B13, B14, B15, B16, B17, B18, B19, B20, B21, B22, B23, B24, B25}) ->
    M = max(A1, B25 + 0.5),
    N = min(A2, B24 - 0.5),
    L = [A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15, A16, A17, A18, A19, A20, A21, A22, A23, A24, A25],
    O = max(B1 + 0.25, A3),
    R = [B1, B2, B3, B4, B5, B6, B7, B8, B9, B10, B11, B12, B13, B14, B15, B16, B17, B18, B19, B20, B21, B22, B23, B24, B25],
    ok = K,
    lists:sum(L) + lists:sum(R) + M + N + O.
