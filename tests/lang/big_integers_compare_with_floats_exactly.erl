%% Comparison between integers and floats does not lose precision.
-module(big_integers_compare_with_floats_exactly).
-export([main/0]).

main() ->
    Pairs = [{1 bsl 53, 9007199254740992.0}, {(1 bsl 53) + 1, 9007199254740992.0}, {(1 bsl 62) + 1, 4611686018427387904.0},
             {(1 bsl 62) - 1, 4611686018427387904.0}, {1 bsl 200, 1.0e60}, {1 bsl 200, 1.0e61}, {-(1 bsl 200), -1.0e60},
             {1 bsl 1100, 1.0e308}, {-(1 bsl 1100), -1.0e308}, {0, 5.0e-324}, {-1, -0.5}, {3, 3.5}],
    [io:format("~w ~w ~w ~w ~w~n", [A < B, A > B, A == B, B < A, lists:max([A, B]) =:= A]) || {A, B} <- Pairs].
