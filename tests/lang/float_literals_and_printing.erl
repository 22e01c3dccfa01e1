%% Floats print as the shortest text that reads back the same.
-module(float_literals_and_printing).
-export([main/0]).

main() ->
    L = [1.0, 0.1, -2.5, 1.0e10, 1.0e22, 1.0e21, 123456789.125, 1.0e-5, 0.001, 1.5e300, 5.0e-324,
         1.7976931348623157e308, 3.141592653589793, 100000.0, 1.0e15, 1.0e16, 9007199254740993.0,
         0.30000000000000004, 1_000.5, 2.0e-10, 4.35, 12345.678e-3],
    [io:format("~w ~p~n", [F, F]) || F <- L],
    io:format("~w~n", [[float_to_list(3.5), float_to_list(3.5, [{decimals, 3}]),
                        float_to_binary(0.1, [short]), float_to_list(2.5, [{scientific, 2}]),
                        float_to_list(1.0, [{decimals, 4}, compact])]]).
