%% Multiplies N by N integer matrices that are lists of lists.
-module(matrix).
-export([run/1, default/0]).

default() -> 360.

run(N) ->
    A = [[(I * J) rem 17 || J <- lists:seq(1, N)] || I <- lists:seq(1, N)],
    B = [[(I + J) rem 13 || J <- lists:seq(1, N)] || I <- lists:seq(1, N)],
    C = multiply(A, transpose(B)),
    lists:foldl(fun(Row, S) -> lists:sum(Row) + S end, 0, multiply(C, transpose(A))).

multiply(A, Columns) -> [[dot(Row, Column, 0) || Column <- Columns] || Row <- A].

dot([X | Xs], [Y | Ys], Sum) -> dot(Xs, Ys, Sum + X * Y);
dot([], [], Sum) -> Sum.

transpose([[] | _]) -> [];
transpose(Rows) -> [[hd(R) || R <- Rows] | transpose([tl(R) || R <- Rows])].
