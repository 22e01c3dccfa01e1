%% min, max and sort by term order with mixed types.
-module(min_max_and_comparisons_chain).
-export([main/0]).

main() ->
    io:format("~w~n", [[min(1, 2), max(1, 2), min(1, 1.0), max(1, 1.0), min(a, 1), max("a", a), max({}, []), min(<<>>, "x")]]),
    io:format("~w~n", [lists:sort([b, 3, "s", {t}, 1.5, <<"x">>, a, 2, [], #{}])]),
    io:format("~w ~w~n", [lists:max([1, a, "s"]), lists:min([z, 2.5, 3])]),
    io:format("~w~n", [lists:usort([1, 1.0, 1, 2, 2.0, a, a])]),
    io:format("~w~n", [lists:keysort(2, [{a, 3}, {b, 1.0}, {c, 1}, {d, 2}])]).
