%% Tuples compare by size, then element by element; lists element by element.
-module(tuple_comparison_by_size_first).
-export([main/0]).

main() ->
    io:format("~w~n", [lists:sort([{2}, {1, 1}, {}, {1}, {a}, {0, 0, 0}, {1.0}, {1, 0}])]),
    io:format("~w~n", [lists:sort([[2], [1, 1], [], [1], [a], [1 | 2], [1, 0]])]),
    io:format("~w~n", [[{1, 2} < {1, 3}, {1, 2} < {2}, [1, 2] < [2], [1] < [1, 2], [1 | 0] < [1], "abc" < "abd"]]),
    io:format("~w~n", [lists:sort([<<1>>, <<>>, <<0:1>>, <<1:1>>, <<0>>, <<255, 0>>, <<255>>, <<127:7>>])]),
    io:format("~w~n", [lists:sort([#{}, #{b => 1}, #{a => 2}, #{a => 1, b => 0}, #{1 => z}, #{1.0 => a}])]).
