%% round, trunc, floor and ceil give big integers where needed.
-module(integer_functions_of_floats_are_exact).
-export([main/0]).

main() ->
    Fs = [1.0e15 + 0.5, 4503599627370497.5, 9007199254740993.0, 1.0e19, -1.0e19, 1.5e300, 2.5, -0.5, 0.5, -1.5, 576460752303423488.0, 1.1529215046068470e18,
          -4611686018427387904.0, 4611686018427387904.0, 9.223372036854775e18],
    [io:format("~w ~w ~w ~w~n", [round(F), trunc(F), floor(F), ceil(F)]) || F <- Fs].
