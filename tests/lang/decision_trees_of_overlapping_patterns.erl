%% Clauses whose patterns overlap in several columns choose as written.
-module(decision_trees_of_overlapping_patterns).
-export([main/0]).

main() ->
    Vs = [a, b, c, {}, [], 1],
    io:format("~w~n", [[f(X, Y, Z) || X <- Vs, Y <- Vs, Z <- [a, b]]]),
    io:format("~w~n", [[g(T) || T <- [{a, {b, c}}, {a, {b, d}}, {a, {c, c}}, {b, {b, c}}, {a, [b]}, {a, [b, c]}, {x, [b | c]}, {a}, {1, {1, 1}}, {1, {1.0, 1}}]]]),
    io:format("~w~n", [[h(L) || L <- [[], [1], [1, 2], [2, 1], [1, 2, 3], [3, 3, 3], [a, 2, b, 4], [1 | x]]]]).

f(a, _, a) -> 1;
f(_, b, a) -> 2;
f(X, X, _) -> 3;
f(a, b, _) -> 4;
f({}, [], Z) -> {5, Z};
f([], _, Z) when Z =:= b -> 6;
f(_, 1, b) -> 7;
f(1, _, _) -> 8;
f(_, Y, _) when is_atom(Y) -> 9;
f(_, _, _) -> 10.

g({a, {b, c}}) -> abc;
g({a, {b, _}}) -> ab_;
g({_, {X, X}}) -> {same, X};
g({a, {_, _}}) -> a__;
g({b, T}) when tuple_size(T) =:= 2 -> {b, element(2, T)};
g({a, [b]}) -> list1;
g({a, [b | _]}) -> list;
g({K, [_ | T]}) -> {K, T};
g({_}) -> single;
g({1, {1, _}}) -> never;
g(_) -> other.

h([1]) -> one;
h([1, 2]) -> onetwo;
h([X, X | _]) -> {twins, X};
h([1, _, _]) -> starts1;
h([_, 2, _, N]) -> {second2, N};
h([_, _]) -> pair;
h([]) -> nil;
h(_) -> other.
