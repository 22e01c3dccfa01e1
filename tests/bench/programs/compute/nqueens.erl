%% Counts the ways to place N queens: lists of small integers, backtracking.
-module(nqueens).
-export([run/1, default/0]).

default() -> 12.

run(N) -> queens(N, lists:seq(1, N), []).

queens(0, _, _) -> 1;
queens(Left, Columns, Placed) -> try_columns(Columns, Left, Columns, Placed, 0).

try_columns([], _, _, _, Sum) -> Sum;
try_columns([C | Rest], Left, Columns, Placed, Sum) ->
    case safe(C, 1, Placed) of
        true -> try_columns(Rest, Left, Columns, Placed, Sum + queens(Left - 1, Columns, [C | Placed]));
        false -> try_columns(Rest, Left, Columns, Placed, Sum)
    end.

safe(_, _, []) -> true;
safe(C, D, [Q | Rest]) -> C =/= Q andalso abs(C - Q) =/= D andalso safe(C, D + 1, Rest).
