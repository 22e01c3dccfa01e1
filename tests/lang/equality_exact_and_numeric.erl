%% == compares numbers by value, =:= by type too, deep inside of terms.
-module(equality_exact_and_numeric).
-export([main/0]).

main() ->
    Pairs = [{1, 1.0}, {1, 1}, {[1], [1.0]}, {{1, a}, {1.0, a}}, {#{1 => 2}, #{1 => 2.0}}, {#{1 => a}, #{1.0 => a}},
             {1 bsl 70, (1 bsl 70) * 1.0}, {(1 bsl 70) + 1, (1 bsl 70) * 1.0}, {"abc", [97, 98, 99]}, {<<"a">>, <<97>>},
             {a, "a"}, {[], {}}, {9007199254740993, 9007199254740992.0}, {9007199254740992, 9007199254740992.0}],
    [io:format("~w ~w: == ~w, =:= ~w, /= ~w, =/= ~w~n", [A, B, A == B, A =:= B, A /= B, A =/= B]) || {A, B} <- Pairs].
