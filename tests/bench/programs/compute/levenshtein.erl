%% Edit distance of two strings of N characters, row by row.
-module(levenshtein).
-export([run/1, default/0]).

default() -> 5000.

run(N) -> distance(string(N, 1), string(N, 2)).

string(0, _) -> [];
string(N, S) -> [$a + S rem 26 | string(N - 1, (S * 16807) rem 2147483647)].

distance(A, B) -> rows(A, B, lists:seq(0, length(B)), 1).

rows([], _, Row, _) -> lists:last(Row);
rows([C | Rest], B, [Diagonal | Above], I) ->
    rows(Rest, B, [I | row(C, B, Diagonal, Above, I)], I + 1).

row(_, [], _, [], _) -> [];
row(C, [C | Bs], Diagonal, [Up | Above], _) -> [Diagonal | row(C, Bs, Up, Above, Diagonal)];
row(C, [_ | Bs], Diagonal, [Up | Above], Left) ->
    D = 1 + min(Diagonal, min(Up, Left)),
    [D | row(C, Bs, Up, Above, D)].
